/* verdict.c - what a problem of the directory room means, as findings.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/ldap/verdict.h"

#include "common/base/text.h"
#include "common/report/meaning.h"

static const struct meaning meanings[PROBLEM_KIND_COUNT] = {
    [PROBLEM_NONE] = {NDES_LDAP_FAULT, "fine"},
    [PROBLEM_NO_NAME] = {NDES_NET_DNS, "the name does not resolve"},
    [PROBLEM_REFUSED] = {NDES_LDAP_REFUSED, "no connection"},
    [PROBLEM_TLS] = {NDES_LDAP_TLS, "TLS failed"},
    [PROBLEM_TIMEOUT] = {NDES_LDAP_TIMEOUT, "no answer in time"},
    [PROBLEM_BROKEN] = {NDES_LDAP_BROKEN, "connection lost"},
    [PROBLEM_TOO_LARGE] = {NDES_LDAP_TOOLARGE, "answer too large"},
    [PROBLEM_SETTINGS] = {NDES_LDAP_SETTINGS, "no request was sent"},
    [PROBLEM_NO_SERVICE] = {NDES_LDAP_MISSING, "no Active Directory on this port"},
    [PROBLEM_NO_TICKET] = {NDES_LDAP_TICKET, "no ticket"},
    [PROBLEM_LOGON] = {NDES_LDAP_LOGON, "sign-in refused"},
    [PROBLEM_LOGON_LOCKED] = {NDES_LDAP_LOCKED, "the account cannot sign in"},
    [PROBLEM_CLOCK] = {NDES_LDAP_CLOCK, "the clocks differ"},
    [PROBLEM_SPN] = {NDES_LDAP_SPN, "no ticket that the server accepts"},
    [PROBLEM_UNPROTECTED] = {NDES_LDAP_UNPROTECTED, "the server requires a protected bind"},
    [PROBLEM_DENIED] = {NDES_LDAP_DENIED, "the search is not allowed"},
    [PROBLEM_NO_BASE] = {NDES_LDAP_BASE, "the search base does not exist"},
    [PROBLEM_HIDDEN] = {NDES_LDAP_HIDDEN, "not visible to the monitoring account"},
    [PROBLEM_REFERRAL] = {NDES_LDAP_REFERRAL, "held by another server"},
    [PROBLEM_LIMIT] = {NDES_LDAP_LIMIT, "the server reached one of its limits"},
    [PROBLEM_FAULT] = {NDES_LDAP_FAULT, "fault"},
};

void directory_problem_text(const struct problem *problem, char *target, size_t size)
{
    meaning_text(meanings, problem, target, size);
}

void directory_judge_problem(struct report *report, const char *what, const struct problem *problem)
{
    report_problem(report, meanings, what, problem);
}

void directory_judge_time(struct report *report, const struct directory_statistics *statistics,
                          bool broke_off, const struct metric_kind *kind,
                          const struct range *warning, const struct range *critical)
{
    enum state state = threshold_state(statistics->seconds, warning, critical);
    char wanted[80];

    threshold_wanted(state, warning, critical, wanted, sizeof wanted);
    report_metric(report, kind, statistics->seconds, warning, critical);
    if (state != STATE_OK && !broke_off)
        report_find_as(report, state, NDES_LDAP_SLOW, "%s: %d search%s took %.3f s, wanted %s s",
                       statistics->server[0] ? statistics->server : "no server",
                       statistics->searches, statistics->searches == 1 ? "" : "es",
                       statistics->seconds, wanted);
}

void directory_keep_trace(void *data, const char *what, double seconds, size_t entries,
                          const struct problem *problem)
{
    char outcome[120] = "answered";

    if (problem->kind != PROBLEM_NONE)
        directory_problem_text(problem, outcome, sizeof outcome);
    trace_add(data, "%.3f s, %zu %s, %s: %s", seconds, entries, entries == 1 ? "entry" : "entries",
              outcome, what);
}

void directory_note_statistics(struct report *report, const struct directory_statistics *statistics)
{
    if (statistics->passed[0])
        report_note(report, 1, "skipped: %s", statistics->passed);
    report_note(report, 2, "asked %s (%s): %d connection%s, %d search%s in %.3f s; %s",
                statistics->server[0] ? statistics->server : "no server",
                statistics->peer[0] ? statistics->peer : "no address", statistics->connections,
                text_plural(statistics->connections), statistics->searches,
                statistics->searches == 1 ? "" : "es", statistics->seconds,
                statistics->method[0] ? statistics->method : "not signed in");
}
