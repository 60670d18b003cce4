/* judge_events.c - what WAS wrote about the pool into the System log; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/apppool/apppool.h"

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/cim/verdict.h"

/* An event that says in general what another one said exactly comes within so many seconds of it;
 * and the uptime may be so wrong, being rounded and read in another request than the events. */
enum { SAME_CAUSE = 60, UPTIME_TOLERANCE = 5 };

/* The newest event that tells why the pool was switched off, EVENT_COUNT if there is none. */
static enum pool_event newest_cause(const struct apppool_facts *facts)
{
    static const struct {
        enum pool_event kind;
        int64_t margin; /* so much newer it must be than an exact one */
    } kinds[] = {{EVENT_IDENTITY, 0},
                 {EVENT_IDENTITY_DISABLED, 0},
                 {EVENT_RAPID_FAIL, 0},
                 {EVENT_NO_WORKER, SAME_CAUSE},
                 {EVENT_DISABLED, SAME_CAUSE}};
    enum pool_event newest = EVENT_COUNT;

    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const struct event_facts *event = &facts->events[kinds[i].kind];

        if (event->count && (newest == EVENT_COUNT ||
                             event->newest > facts->events[newest].newest + kinds[i].margin))
            newest = kinds[i].kind;
    }
    return newest;
}

static bool is_identity(enum pool_event kind)
{
    return kind == EVENT_IDENTITY || kind == EVENT_IDENTITY_DISABLED;
}

/* "WAS event 5021 at 2026-11-22 23:10 UTC"; "" for none */
static void event_text(const struct apppool_facts *facts, enum pool_event kind, char *target,
                       size_t size)
{
    char when[32];

    target[0] = '\0';
    if (kind == EVENT_COUNT)
        return;
    clock_format(facts->events[kind].newest, when, sizeof when);
    text_format(target, size, "WAS event %d at %s", apppool_event_ids[kind], when);
}

/* What is known of why a pool is stopped if no event tells. */
static void note_no_cause(const struct apppool_options *options, const struct apppool_facts *facts,
                          struct report *report)
{
    const struct source_facts *log = &facts->sources[SOURCE_EVENTS];
    char span[32];

    if (!options->event_window) {
        report_note(report, 1, "cause not looked up: --event-window=0");
    } else if (!log->asked || log->problem.kind != PROBLEM_NONE) {
        report_note(report, 1, "cause not looked up: the System log cannot be read");
    } else {
        clock_span(options->event_window, span, sizeof span);
        report_note(report, 1, "no WAS event of the last %s says why the pool stopped", span);
    }
}

/* "identity NDESTEST\svc-ndes" */
static void name_identity(const struct apppool_facts *facts, char *target, size_t size)
{
    char account[256];

    apppool_identity_text(&facts->identity, account, sizeof account);
    text_format(target, size, "identity%s%s", account[0] ? " " : "", account);
}

void apppool_judge_stopped(const struct apppool_options *options, const struct apppool_facts *facts,
                           struct report *report)
{
    enum pool_event cause = newest_cause(facts);
    int64_t failures = facts->counters.recent_failures;
    char identity[280];
    char event[64];

    name_identity(facts, identity, sizeof identity);
    event_text(facts, cause, event, sizeof event);
    if (is_identity(cause))
        report_find(report, NDES_POOL_IDENTITY,
                    "pool %s is stopped: its %s is invalid" DETAIL
                    ": password expired or changed, or account locked or disabled (%s)",
                    options->pool, identity, event);
    else if (cause == EVENT_RAPID_FAIL)
        report_find(report, NDES_POOL_RAPIDFAIL,
                    "pool %s is stopped: rapid-fail protection disabled it" DETAIL " (%s)",
                    options->pool, event);
    else if (cause == EVENT_NO_WORKER)
        report_find(report, NDES_POOL_STOPPED,
                    "pool %s is stopped: no worker process could be created" DETAIL " (%s)",
                    options->pool, event);
    else if (failures > 0)
        report_find(report, NDES_POOL_RAPIDFAIL, "pool %s is stopped after %lld %s", options->pool,
                    (long long)failures, apppool_failures_word(failures));
    else if (cause == EVENT_DISABLED)
        report_find(report, NDES_POOL_STOPPED,
                    "pool %s is stopped: IIS disabled it as a worker process did not start" DETAIL
                    " (%s)",
                    options->pool, event);
    else if (facts->has_auto_start && !facts->auto_start)
        report_find_as(report, STATE_WARNING, NDES_POOL_STOPPED,
                       "pool %s is stopped, and does not start by itself" DETAIL " (autoStart off)",
                       options->pool);
    else
        report_find(report, NDES_POOL_STOPPED, "pool %s is stopped", options->pool);
    if (cause == EVENT_COUNT)
        note_no_cause(options, facts, report);
}

/* The pool was not started anew since the event, as far as is known. */
static bool is_since_start(const struct apppool_facts *facts, enum pool_event kind)
{
    int64_t uptime = facts->counters.uptime;

    return uptime < 0 ||
           facts->events[kind].newest >= facts->server_now - uptime - UPTIME_TOLERANCE;
}

/* An invalid identity comes to light only when a worker process is needed. */
void apppool_judge_started(const struct apppool_options *options, const struct apppool_facts *facts,
                           enum pool_state state, struct report *report)
{
    enum pool_event kind = newest_cause(facts);
    int64_t workers = facts->counters.workers;
    const char *what = "disabled by IIS";
    char identity[280];
    char event[64];

    if (kind == EVENT_COUNT)
        return;
    if (is_identity(kind))
        what = "without a valid identity";
    else if (kind == EVENT_NO_WORKER)
        what = "without a worker process";
    name_identity(facts, identity, sizeof identity);
    event_text(facts, kind, event, sizeof event);
    if (workers > 0)
        report_note(report, 1,
                    "[OK] the pool was %s (%s); fixed since: a worker process is running", what,
                    event);
    else if (state == POOL_IDLE && is_identity(kind) && is_since_start(facts, kind))
        report_find_as(report, STATE_WARNING, NDES_POOL_IDENTITY,
                       "pool %s is idle, and its %s is invalid" DETAIL
                       " (%s): the next request will fail and disable it",
                       options->pool, identity, event);
    else
        report_note(report, 1,
                    "the pool was %s (%s); it is started, but no worker process has proved yet "
                    "that it is fixed",
                    what, event);
}

void apppool_note_log(const struct apppool_facts *facts, struct report *report)
{
    const struct source_facts *log = &facts->sources[SOURCE_EVENTS];
    char problem[400];

    if (!log->asked || problem_is_fatal(log->problem.kind))
        return;
    if (log->problem.kind != PROBLEM_NONE) {
        cim_problem_text(&log->problem, problem, sizeof problem);
        report_note(report, 1, "not available: %s: %s", apppool_source_name(SOURCE_EVENTS),
                    problem);
    } else if (!log->rows) {
        report_note(report, 1,
                    "no WAS event found; it is not certain that the account may read the System "
                    "log (Event Log Readers)");
    }
    if (facts->events_truncated)
        report_find(report, NDES_WINRM_TOOLARGE,
                    "more than %d WAS events in --event-window" DETAIL
                    ", of which the newest were not read: use a shorter one",
                    CIM_EVENTS_MAXIMUM);
    for (size_t i = 0; i < EVENT_COUNT; i++)
        if (facts->events[i].count)
            report_note(report, 2, "System log: %zu of WAS event %d", facts->events[i].count,
                        apppool_event_ids[i]);
}
