/* verdict.c - what a problem of the CIM room means, as findings.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/verdict.h"

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/report/meaning.h"

static const struct meaning meanings[PROBLEM_KIND_COUNT] = {
    [PROBLEM_NONE] = {NDES_WINRM_FAULT, "fine"},
    [PROBLEM_NO_NAME] = {NDES_NET_DNS, "the name does not resolve"},
    [PROBLEM_REFUSED] = {NDES_WINRM_REFUSED, "no connection"},
    [PROBLEM_TLS] = {NDES_WINRM_TLS, "TLS failed"},
    [PROBLEM_TIMEOUT] = {NDES_WINRM_TIMEOUT, "no answer in time"},
    [PROBLEM_BROKEN] = {NDES_WINRM_BROKEN, "connection lost"},
    [PROBLEM_TOO_LARGE] = {NDES_WINRM_TOOLARGE, "answer too large"},
    [PROBLEM_SETTINGS] = {NDES_WINRM_SETTINGS, "no request was sent"},
    [PROBLEM_NO_SERVICE] = {NDES_WINRM_MISSING, "no WinRM on this port"},
    [PROBLEM_NO_SCHEME] = {NDES_WINRM_SCHEME, "no sign-in method in common"},
    [PROBLEM_NO_TICKET] = {NDES_WINRM_TICKET, "no ticket"},
    [PROBLEM_LOGON] = {NDES_WINRM_LOGON, "sign-in refused"},
    [PROBLEM_LOGON_LOCKED] = {NDES_WINRM_LOCKED, "the account cannot sign in"},
    [PROBLEM_CLOCK] = {NDES_WINRM_CLOCK, "the clocks differ"},
    [PROBLEM_SPN] = {NDES_WINRM_SPN, "the service principal name does not match"},
    [PROBLEM_UNPROTECTED] = {NDES_WINRM_UNENCRYPTED, "the server requires encrypted messages"},
    [PROBLEM_IN_CLEAR] = {NDES_WINRM_BROKEN, "unencrypted answer to an encrypted request, ignored"},
    [PROBLEM_DENIED] = {NDES_CIM_DENIED, "access denied"},
    [PROBLEM_NO_NAMESPACE] = {NDES_CIM_NAMESPACE, "the namespace is not installed"},
    [PROBLEM_NO_CLASS] = {NDES_CIM_CLASS, "unknown class"},
    [PROBLEM_NO_INSTANCE] = {NDES_CIM_CLASS, "no such object"},
    [PROBLEM_QUOTA] = {NDES_WINRM_QUOTA, "the server is busy"},
    [PROBLEM_BUSY] = {NDES_WINRM_TIMEOUT, "the server itself timed out"},
    [PROBLEM_FAULT] = {NDES_WINRM_FAULT, "fault"},
    [PROBLEM_MALFORMED] = {NDES_WINRM_FAULT, "an unusable answer"},
};

void cim_problem_text(const struct problem *problem, char *target, size_t size)
{
    meaning_text(meanings, problem, target, size);
}

void cim_judge_problem(struct report *report, const char *what, const struct problem *problem)
{
    report_problem(report, meanings, what, problem);
}

void cim_judge_time(struct report *report, const struct cim_statistics *statistics, bool broke_off,
                    const struct metric_kind *kind, const struct range *warning,
                    const struct range *critical)
{
    enum state state = threshold_state(statistics->seconds, warning, critical);
    char wanted[80];

    threshold_wanted(state, warning, critical, wanted, sizeof wanted);
    report_metric(report, kind, statistics->seconds, warning, critical);
    if (state != STATE_OK && !broke_off)
        report_find_as(report, state, NDES_WINRM_SLOW, "%d request%s took %.3f s, wanted %s s",
                       statistics->requests, text_plural(statistics->requests), statistics->seconds,
                       wanted);
}

void cim_keep_trace(void *data, const char *what, double seconds, size_t bytes,
                    const struct problem *problem)
{
    char outcome[120] = "answered";

    if (problem->kind != PROBLEM_NONE)
        cim_problem_text(problem, outcome, sizeof outcome);
    trace_add(data, "%.3f s, %zu bytes, %s: %s", seconds, bytes, outcome, what);
}

void cim_note_clock(struct report *report, const struct problem *problem)
{
    char text[480];

    if (problem->kind == PROBLEM_NONE || problem_is_fatal(problem->kind))
        return;
    cim_problem_text(problem, text, sizeof text);
    report_note(report, 1, "the server's clock is not available, using ours: %s", text);
}

void cim_note_statistics(struct report *report, const struct cim_statistics *statistics)
{
    char offset[48];

    report_note(report, 2, "asked %s: %ld connection%s, %d request%s (%d to sign in) in %.3f s; %s",
                statistics->peer[0] ? statistics->peer : "no server", statistics->connections,
                text_plural(statistics->connections), statistics->requests,
                text_plural(statistics->requests), statistics->legs, statistics->seconds,
                statistics->method[0] ? statistics->method : "not signed in");
    if (statistics->product[0])
        report_note(report, 3, "the server is %s", statistics->product);
    clock_offset(statistics->clock_ahead, offset, sizeof offset);
    if (statistics->has_clock)
        report_note(report, 2, "the server's clock is %s", offset);
}
