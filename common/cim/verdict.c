/* verdict.c - what a problem of the CIM room means, as findings.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/verdict.h"

#include "common/base/text.h"

static const struct {
    enum finding_id id;
    const char *text;
} meanings[] = {
    [CIM_FINE] = {NDES_WINRM_FAULT, "fine"},
    [CIM_NO_NAME] = {NDES_NET_DNS, "the name does not resolve"},
    [CIM_REFUSED] = {NDES_WINRM_REFUSED, "no connection"},
    [CIM_TLS] = {NDES_WINRM_TLS, "TLS failed"},
    [CIM_TIMEOUT] = {NDES_WINRM_TIMEOUT, "no answer in time"},
    [CIM_BROKEN] = {NDES_WINRM_BROKEN, "the talk broke off"},
    [CIM_TOO_LARGE] = {NDES_WINRM_TOOLARGE, "too large an answer"},
    [CIM_SETTINGS] = {NDES_WINRM_SETTINGS, "nothing was asked"},
    [CIM_NO_SERVICE] = {NDES_WINRM_MISSING, "no WinRM answers"},
    [CIM_NO_SCHEME] = {NDES_WINRM_SCHEME, "no common way to sign in"},
    [CIM_NO_TICKET] = {NDES_WINRM_TICKET, "no ticket"},
    [CIM_LOGON] = {NDES_WINRM_LOGON, "sign-in refused"},
    [CIM_LOGON_LOCKED] = {NDES_WINRM_LOCKED, "the account cannot sign in"},
    [CIM_CLOCK] = {NDES_WINRM_CLOCK, "the clocks differ"},
    [CIM_SPN] = {NDES_WINRM_SPN, "the service name does not fit"},
    [CIM_UNENCRYPTED] = {NDES_WINRM_UNENCRYPTED, "the server wants encrypted messages"},
    [CIM_DENIED] = {NDES_CIM_DENIED, "access denied"},
    [CIM_NO_NAMESPACE] = {NDES_CIM_NAMESPACE, "the namespace is not installed"},
    [CIM_NO_CLASS] = {NDES_CIM_CLASS, "the class is not known"},
    [CIM_NO_INSTANCE] = {NDES_CIM_CLASS, "there is no such object"},
    [CIM_QUOTA] = {NDES_WINRM_QUOTA, "the server is busy"},
    [CIM_BUSY] = {NDES_WINRM_TIMEOUT, "the server itself timed out"},
    [CIM_FAULT] = {NDES_WINRM_FAULT, "fault"},
    [CIM_MALFORMED] = {NDES_WINRM_FAULT, "an answer that is none"},
};

void cim_problem_text(const struct cim_problem *problem, char *target, size_t size)
{
    text_format(target, size, "%s%s%s%s", meanings[problem->trouble].text,
                problem->detail[0] ? " (" : "", problem->detail, problem->detail[0] ? ")" : "");
}

void cim_judge_problem(struct report *report, const char *what, const struct cim_problem *problem)
{
    enum finding_id id = meanings[problem->trouble].id;
    char text[480];

    if (problem->trouble == CIM_FINE)
        return;
    cim_problem_text(problem, text, sizeof text);
    if (report_has(report, id))
        report_note(report, 1, "%s: %s, too", what, text);
    else
        report_find(report, id, "%s: %s", what, text);
}

void cim_judge_time(struct report *report, const struct cim_cost *cost, bool broke_off,
                    const struct metric_kind *kind, const struct range *warning,
                    const struct range *critical)
{
    enum state state = threshold_state(cost->seconds, warning, critical);

    report_metric(report, kind, cost->seconds, warning, critical);
    if (state != STATE_OK && !broke_off)
        report_find_as(report, state, NDES_WINRM_SLOW, "%d requests took %.3f s, wanted %s",
                       cost->requests, cost->seconds,
                       state == STATE_CRITICAL ? critical->text : warning->text);
}

void cim_keep_trace(void *data, const char *what, double seconds, size_t bytes,
                    const struct cim_problem *problem)
{
    char outcome[120] = "answered";

    if (problem->trouble != CIM_FINE)
        cim_problem_text(problem, outcome, sizeof outcome);
    trace_add(data, "%.3f s, %zu bytes, %s: %s", seconds, bytes, outcome, what);
}

void cim_note_cost(struct report *report, const struct cim_cost *cost)
{
    report_note(report, 2, "asked %s: %ld connection(s), %d requests (%d to sign in) in %.3f s; %s",
                cost->peer[0] ? cost->peer : "nobody", cost->connections, cost->requests,
                cost->legs, cost->seconds, cost->method[0] ? cost->method : "not signed in");
    if (cost->product[0])
        report_note(report, 3, "the server is %s", cost->product);
    if (cost->has_clock)
        report_note(report, 2, "the server's clock is %lld s %s ours",
                    (long long)(cost->clock_ahead < 0 ? -cost->clock_ahead : cost->clock_ahead),
                    cost->clock_ahead < 0 ? "behind" : "ahead of");
}
