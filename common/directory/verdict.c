/* verdict.c - what a problem of the directory room means, as findings.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/directory/verdict.h"

#include "common/base/text.h"

static const struct {
    enum finding_id id;
    const char *text;
} meanings[] = {
    [DIRECTORY_FINE] = {NDES_LDAP_FAULT, "fine"},
    [DIRECTORY_NO_NAME] = {NDES_NET_DNS, "the name does not resolve"},
    [DIRECTORY_REFUSED] = {NDES_LDAP_REFUSED, "no connection"},
    [DIRECTORY_TLS] = {NDES_LDAP_TLS, "TLS failed"},
    [DIRECTORY_TIMEOUT] = {NDES_LDAP_TIMEOUT, "no answer in time"},
    [DIRECTORY_BROKEN] = {NDES_LDAP_BROKEN, "the connection was cut, or speaks no LDAP"},
    [DIRECTORY_TOO_LARGE] = {NDES_LDAP_TOOLARGE, "too large an answer"},
    [DIRECTORY_SETTINGS] = {NDES_LDAP_SETTINGS, "nothing was asked"},
    [DIRECTORY_NO_SERVICE] = {NDES_LDAP_MISSING, "no Active Directory answers"},
    [DIRECTORY_NO_TICKET] = {NDES_LDAP_TICKET, "no ticket"},
    [DIRECTORY_LOGON] = {NDES_LDAP_LOGON, "sign-in refused"},
    [DIRECTORY_LOGON_LOCKED] = {NDES_LDAP_LOCKED, "the account cannot sign in"},
    [DIRECTORY_CLOCK] = {NDES_LDAP_CLOCK, "the clocks differ"},
    [DIRECTORY_SPN] = {NDES_LDAP_SPN, "no ticket that the server takes"},
    [DIRECTORY_UNPROTECTED] = {NDES_LDAP_UNPROTECTED, "the server wants a protected bind"},
    [DIRECTORY_DENIED] = {NDES_LDAP_DENIED, "the search is not allowed"},
    [DIRECTORY_NO_BASE] = {NDES_LDAP_BASE, "there is no such object to begin at"},
    [DIRECTORY_HIDDEN] = {NDES_LDAP_HIDDEN, "not shown to the monitoring account"},
    [DIRECTORY_REFERRAL] = {NDES_LDAP_REFERRAL, "another server has it"},
    [DIRECTORY_LIMIT] = {NDES_LDAP_LIMIT, "the server gave up"},
    [DIRECTORY_FAULT] = {NDES_LDAP_FAULT, "fault"},
};

void directory_problem_text(const struct directory_problem *problem, char *target, size_t size)
{
    text_format(target, size, "%s%s%s%s", meanings[problem->trouble].text,
                problem->detail[0] ? " (" : "", problem->detail, problem->detail[0] ? ")" : "");
}

void directory_judge_problem(struct report *report, const char *what,
                             const struct directory_problem *problem)
{
    enum finding_id id = meanings[problem->trouble].id;
    char text[480];

    if (problem->trouble == DIRECTORY_FINE)
        return;
    directory_problem_text(problem, text, sizeof text);
    if (report_has(report, id))
        report_note(report, 1, "%s: %s, too", what, text);
    else
        report_find(report, id, "%s: %s", what, text);
}

void directory_judge_time(struct report *report, const struct directory_cost *cost, bool broke_off,
                          const struct metric_kind *kind, const struct range *warning,
                          const struct range *critical)
{
    enum state state = threshold_state(cost->seconds, warning, critical);

    report_metric(report, kind, cost->seconds, warning, critical);
    if (state != STATE_OK && !broke_off)
        report_find_as(report, state, NDES_LDAP_SLOW, "%s: %d searches took %.3f s, wanted %s",
                       cost->server[0] ? cost->server : "nobody", cost->searches, cost->seconds,
                       state == STATE_CRITICAL ? critical->text : warning->text);
}

void directory_keep_trace(void *data, const char *what, double seconds, size_t entries,
                          const struct directory_problem *problem)
{
    char outcome[120] = "answered";

    if (problem->trouble != DIRECTORY_FINE)
        directory_problem_text(problem, outcome, sizeof outcome);
    trace_add(data, "%.3f s, %zu entries, %s: %s", seconds, entries, outcome, what);
}

void directory_note_cost(struct report *report, const struct directory_cost *cost)
{
    if (cost->passed[0])
        report_note(report, 1, "passed over: %s", cost->passed);
    report_note(report, 2, "asked %s (%s): %d connection(s), %d searches in %.3f s; %s",
                cost->server[0] ? cost->server : "nobody",
                cost->peer[0] ? cost->peer : "no address", cost->connections, cost->searches,
                cost->seconds, cost->method[0] ? cost->method : "not signed in");
}
