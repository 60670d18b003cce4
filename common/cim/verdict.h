/* verdict.h - what a problem of the CIM room means, as findings.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_CIM_VERDICT_H
#define NDES_CIM_VERDICT_H

#include "common/cim/cim.h"
#include "common/report/report.h"
#include "common/report/trace.h"

/* Reports why something could not be looked at; see report_problem(). */
void cim_judge_problem(struct report *report, const char *what, const struct problem *problem);

/* The findings that cim_judge_problem() can make, for a plugin's list of findings. */
#define CIM_FINDINGS                                                                               \
    NDES_NET_DNS, NDES_WINRM_REFUSED, NDES_WINRM_TLS, NDES_WINRM_TIMEOUT, NDES_WINRM_BROKEN,       \
        NDES_WINRM_TOOLARGE, NDES_WINRM_SETTINGS, NDES_WINRM_MISSING, NDES_WINRM_SCHEME,           \
        NDES_WINRM_TICKET, NDES_WINRM_LOGON, NDES_WINRM_LOCKED, NDES_WINRM_CLOCK, NDES_WINRM_SPN,  \
        NDES_WINRM_UNENCRYPTED, NDES_WINRM_QUOTA, NDES_WINRM_FAULT, NDES_CIM_DENIED,               \
        NDES_CIM_NAMESPACE, NDES_CIM_CLASS, NDES_CIM_RIGHTS

/* One line for -v instead of a finding: "access denied (0x80041003)". */
void cim_problem_text(const struct problem *problem, char *target, size_t size);

/* Adds the seconds of all requests as a metric of that kind, and reports if they are over a limit;
 * not for a run that broke off, whose problem is told already. Ranges that are not set never alert.
 */
void cim_judge_time(struct report *report, const struct cim_statistics *statistics, bool broke_off,
                    const struct metric_kind *kind, const struct range *warning,
                    const struct range *critical);

/* A cim_trace that keeps a line for each request in a struct trace, its `data`. */
void cim_keep_trace(void *data, const char *what, double seconds, size_t bytes,
                    const struct problem *problem);

/* Adds a line for -v if the server's clock could not be learned. */
void cim_note_clock(struct report *report, const struct problem *problem);

/* Adds what the session cost: at -vv connections, requests and how it signed in. */
void cim_note_statistics(struct report *report, const struct cim_statistics *statistics);

#endif
