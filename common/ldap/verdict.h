/* verdict.h - what a problem of the directory room means, as findings.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_LDAP_VERDICT_H
#define NDES_LDAP_VERDICT_H

#include "common/ldap/session.h"
#include "common/report/report.h"
#include "common/report/trace.h"

/* Reports why something could not be looked at; see report_problem(). */
void directory_judge_problem(struct report *report, const char *what,
                             const struct problem *problem);

/* The findings that directory_judge_problem() and directory_judge_time() can make. */
#define DIRECTORY_FINDINGS                                                                         \
    NDES_NET_DNS, NDES_LDAP_REFUSED, NDES_LDAP_TLS, NDES_LDAP_TIMEOUT, NDES_LDAP_SLOW,             \
        NDES_LDAP_BROKEN, NDES_LDAP_TOOLARGE, NDES_LDAP_SETTINGS, NDES_LDAP_MISSING,               \
        NDES_LDAP_TICKET, NDES_LDAP_LOGON, NDES_LDAP_LOCKED, NDES_LDAP_CLOCK, NDES_LDAP_SPN,       \
        NDES_LDAP_UNPROTECTED, NDES_LDAP_DENIED, NDES_LDAP_BASE, NDES_LDAP_HIDDEN,                 \
        NDES_LDAP_REFERRAL, NDES_LDAP_LIMIT, NDES_LDAP_FAULT

/* One line for -v instead of a finding: "no such base (...)". */
void directory_problem_text(const struct problem *problem, char *target, size_t size);

/* Adds the seconds of all requests as a metric of that kind, and reports if they are over a limit;
 * not for a run that broke off, whose problem is told already. Ranges that are not set never
 * alert. */
void directory_judge_time(struct report *report, const struct directory_statistics *statistics,
                          bool broke_off, const struct metric_kind *kind,
                          const struct range *warning, const struct range *critical);

/* A directory_trace that keeps a line for each request in a struct trace, its `data`. */
void directory_keep_trace(void *data, const char *what, double seconds, size_t entries,
                          const struct problem *problem);

/* Adds what the session cost: at -vv server, searches and how it signed in; at -v servers that were
 * passed over. */
void directory_note_statistics(struct report *report,
                               const struct directory_statistics *statistics);

#endif
