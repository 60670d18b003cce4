/* check_ndes_apppool_judge.c - turns what the pool does into findings; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/check_ndes_apppool.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/cim/verdict.h"

/* Exit codes of a stopped service (winerror.h). */
enum { EXIT_SERVICE_SPECIFIC = 1066, EXIT_NEVER_STARTED = 1077 };

static void exit_text(const struct service_facts *service, char *target, size_t size)
{
    if (!service->has_exit_code)
        text_copy(target, size, "exit code unknown");
    else if (service->exit_code == EXIT_NEVER_STARTED)
        text_copy(target, size, "exit code 1077: not started since the last boot");
    else if (service->exit_code == EXIT_SERVICE_SPECIFIC)
        text_format(target, size, "exit code 1066: its own code %lld",
                    (long long)service->specific_code);
    else
        text_format(target, size, "exit code %lld", (long long)service->exit_code);
}

/* True if the service runs, or if it is not known that it does not. */
static bool judge_service(const char *name, const struct service_facts *service,
                          struct report *report)
{
    bool starting = text_equal(service->state, "Start Pending");
    char code[80];

    if (!service->seen || !service->state[0])
        return true;
    if (text_equal(service->state, "Running")) {
        report_note(report, 1, "[OK] service %s: running", name);
        return true;
    }
    exit_text(service, code, sizeof code);
    report_find_as(report, starting ? STATE_WARNING : STATE_CRITICAL, NDES_IIS_STOPPED,
                   "service %s is in state %s (start mode %s, %s)", name, service->state,
                   service->start_mode[0] ? service->start_mode : "unknown", code);
    return false;
}

/* W3SVC needs WAS: if WAS is down, nothing is said of what follows from that. */
bool judge_services(const struct check_facts *facts, struct report *report)
{
    const struct source_facts *about = &facts->sources[SOURCE_SERVICES];
    char problem[400];

    if (about->problem.trouble != CIM_FINE) {
        cim_problem_text(&about->problem, problem, sizeof problem);
        report_note(report, 1, "not seen: %s: %s", source_name(SOURCE_SERVICES), problem);
    } else if (!facts->was.seen || !facts->w3svc.seen) {
        report_note(
            report, 1,
            "not seen: service %s%s%s: the account needs the right to query it (sc "
            "sdset)%s",
            facts->was.seen ? "" : "WAS", facts->was.seen || facts->w3svc.seen ? "" : " and ",
            facts->w3svc.seen ? "" : "W3SVC", about->control ? "; or IIS is not installed" : "");
    }
    return judge_service("WAS", &facts->was, report) &&
           judge_service("W3SVC", &facts->w3svc, report);
}

static bool log_was_read(const struct check_facts *facts)
{
    const struct source_facts *log = &facts->sources[SOURCE_EVENTS];

    return log->asked && log->problem.trouble == CIM_FINE;
}

/* The newest event of one of these kinds in the window, EVENT_COUNT if there is none. */
static enum pool_event newest_of(const struct check_facts *facts, const enum pool_event *kinds,
                                 size_t count)
{
    enum pool_event newest = EVENT_COUNT;

    for (size_t i = 0; i < count; i++)
        if (facts->events[kinds[i]].count &&
            (newest == EVENT_COUNT ||
             facts->events[kinds[i]].newest > facts->events[newest].newest))
            newest = kinds[i];
    return newest;
}

static enum pool_event identity_event(const struct check_facts *facts)
{
    static const enum pool_event kinds[] = {EVENT_IDENTITY, EVENT_IDENTITY_START,
                                            EVENT_IDENTITY_DISABLED};

    return newest_of(facts, kinds, COUNT_OF(kinds));
}

/* Events that tell why a pool was switched off; with its general event, too. */
static enum pool_event disabling_event(const struct check_facts *facts)
{
    static const enum pool_event kinds[] = {EVENT_IDENTITY, EVENT_IDENTITY_START,
                                            EVENT_IDENTITY_DISABLED, EVENT_RAPID_FAIL,
                                            EVENT_DISABLED};

    return newest_of(facts, kinds, COUNT_OF(kinds));
}

/* "event 5021 at 2026-11-22 23:10 UTC" */
static void event_text(const struct check_facts *facts, enum pool_event kind, char *target,
                       size_t size)
{
    char when[32];

    clock_format(facts->events[kind].newest, when, sizeof when);
    text_format(target, size, "WAS event %d at %s", pool_event_ids[kind], when);
}

/* What is known of why a pool is stopped if no event tells. */
static void note_no_cause(const struct check_options *options, const struct check_facts *facts,
                          struct report *report)
{
    const struct source_facts *log = &facts->sources[SOURCE_EVENTS];
    char text[400];

    if (!log->asked) {
        report_note(report, 1, "cause not looked up: --event-window=0");
    } else if (log->problem.trouble != CIM_FINE) {
        report_note(report, 1, "cause not looked up: the System log cannot be read");
    } else {
        clock_span(options->event_window, text, sizeof text);
        report_note(report, 1,
                    "no WAS event about the pool's end in %s; an older one, or a log that the "
                    "account may not read (Event Log Readers), would not be seen",
                    text);
    }
}

static void judge_stopped(const struct check_options *options, const struct check_facts *facts,
                          struct report *report)
{
    enum pool_event invalid = identity_event(facts);
    bool by_event = facts->events[EVENT_RAPID_FAIL].count > 0;
    char event[64];
    char account[256];

    identity_text(&facts->identity, account, sizeof account);
    if (invalid != EVENT_COUNT) {
        event_text(facts, invalid, event, sizeof event);
        report_find(report, NDES_POOL_IDENTITY,
                    "pool %s is stopped: its identity %s%sis invalid: password expired or changed, "
                    "or account locked or disabled (%s)",
                    options->pool, account, account[0] ? " " : "", event);
    } else if (by_event) {
        event_text(facts, EVENT_RAPID_FAIL, event, sizeof event);
        report_find(report, NDES_POOL_RAPIDFAIL,
                    "pool %s is stopped: rapid-fail protection switched it off (%s)", options->pool,
                    event);
    } else if (facts->counters.recent_failures > 0) {
        report_find(report, NDES_POOL_RAPIDFAIL,
                    "pool %s is stopped after %lld worker process failure(s)", options->pool,
                    (long long)facts->counters.recent_failures);
    } else if (facts->has_auto_start && !facts->auto_start) {
        report_find_as(report, STATE_WARNING, NDES_POOL_STOPPED,
                       "pool %s is stopped, and not meant to start by itself (autoStart off)",
                       options->pool);
    } else {
        report_find(report, NDES_POOL_STOPPED, "pool %s is stopped", options->pool);
    }
    if (invalid == EVENT_COUNT && !by_event)
        note_no_cause(options, facts, report);
}

static void judge_pending(const struct check_options *options, const struct check_facts *facts,
                          enum pool_state state, struct report *report)
{
    const struct history_facts *history = &facts->history;
    int64_t age = facts->now - history->pending_since;
    char span[32];

    if (!history->known || history->problem[0]) {
        report_find(report, NDES_POOL_PENDING, "pool %s is %s; for how long is unknown (%s)",
                    options->pool, pool_state_name(state),
                    options->state_file ? "the state file is unusable" : "no --state-file");
        return;
    }
    clock_span(age, span, sizeof span);
    if (age >= options->pending_time)
        report_find(report, NDES_POOL_PENDING, "pool %s is %s for %s", options->pool,
                    pool_state_name(state), span);
    else
        report_note(report, 1, "pool %s is %s since %s: within --pending-time", options->pool,
                    pool_state_name(state), span);
}

/* What the log holds against a pool that is up again. */
static void note_mended(const struct check_facts *facts, struct report *report)
{
    enum pool_event kind = disabling_event(facts);
    char event[64];

    if (kind == EVENT_COUNT)
        return;
    event_text(facts, kind, event, sizeof event);
    report_note(report, 1, "[OK] the pool was %s (%s); that has been mended since",
                kind == EVENT_RAPID_FAIL || kind == EVENT_DISABLED ? "switched off by IIS"
                                                                   : "without a valid identity",
                event);
}

/* "pool SCEP running as NDESTEST\svc-ndes, 1 worker, up 3 days" */
static void summarise(const struct check_options *options, const struct check_facts *facts,
                      enum pool_state state, struct report *report)
{
    const struct counter_facts *counters = &facts->counters;
    struct buffer line;
    char text[256];

    buffer_init(&line, 600);
    buffer_addf(&line, "pool %s %s", options->pool, pool_state_name(state));
    identity_text(&facts->identity, text, sizeof text);
    if (text[0])
        buffer_addf(&line, " as %s", text);
    if (counters->workers >= 0 && state == POOL_RUNNING)
        buffer_addf(&line, ", %lld worker%s", (long long)counters->workers,
                    counters->workers == 1 ? "" : "s");
    else if (state == POOL_IDLE)
        buffer_add_text(&line, ", no worker needed yet");
    if (counters->uptime >= 0 && (state == POOL_RUNNING || state == POOL_IDLE)) {
        clock_span(counters->uptime, text, sizeof text);
        buffer_addf(&line, ", up %s", text);
    }
    report_summary(report, "%s", buffer_text(&line));
    if (state == POOL_RUNNING || state == POOL_IDLE)
        report_note(report, 1, "[OK] %s", buffer_text(&line));
    buffer_free(&line);
}

/* Whether a path of the options is mapped to the pool by any site. */
static bool is_mapped(const struct check_options *options, const struct check_facts *facts,
                      const char *path, size_t *found)
{
    bool mapped = false;

    *found = 0;
    for (size_t i = 0; i < facts->application_count; i++) {
        if (!text_equal(facts->applications[i].path, path))
            continue;
        ++*found;
        mapped = mapped || text_equal(facts->applications[i].pool, options->pool);
    }
    return mapped;
}

static void judge_mapping(const struct check_options *options, const struct check_facts *facts,
                          const char *path, struct report *report)
{
    bool missing;
    size_t found;

    if (is_mapped(options, facts, path, &found)) {
        report_note(report, 1, "[OK] application %s runs in pool %s", path, options->pool);
        return;
    }
    if (!found)
        report_note(report, 1, "application %s: there is none", path);
    missing = report_has(report, NDES_POOL_MISSING);
    for (size_t i = 0; i < facts->application_count; i++) {
        const struct application_facts *application = &facts->applications[i];

        if (!text_equal(application->path, path))
            continue;
        if (missing) /* the name of the pool is wrong, not the application: a hint */
            report_note(report, 1, "application %s of site '%s' runs in pool %s", path,
                        application->site, application->pool);
        else
            report_find(report, NDES_POOL_MAPPING,
                        "application %s of site '%s' runs in pool %s, wanted %s", path,
                        application->site, application->pool, options->pool);
    }
}

void judge_applications(const struct check_options *options, const struct check_facts *facts,
                        struct report *report)
{
    const struct source_facts *about = &facts->sources[SOURCE_APPLICATIONS];
    char problem[400] = "nothing is shown";

    if (!about->asked || !about->control) {
        if (!about->asked)
            about = &facts->sources[SOURCE_POOLS];
        if (about->problem.trouble != CIM_FINE)
            cim_problem_text(&about->problem, problem, sizeof problem);
        report_note(report, 1, "not seen: %s: %s", source_name(SOURCE_APPLICATIONS), problem);
        return;
    }
    for (size_t i = 0; i < options->applications.count; i++)
        judge_mapping(options, facts, options->applications.items[i], report);
}

/* The pool's state, and what follows from it. */
static void judge_pool(const struct check_options *options, const struct check_facts *facts,
                       struct report *report)
{
    enum source teller = SOURCE_COUNTERS;
    enum pool_state state = pool_state_merged(facts, &teller);

    if (state == POOL_UNSEEN) {
        judge_sight(options, facts, report);
        return;
    }
    summarise(options, facts, state, report);
    if (state == POOL_STOPPED) {
        judge_stopped(options, facts, report);
        return; /* crashes have been named as the cause, or matter no more */
    }
    if (pool_state_is_pending(state))
        judge_pending(options, facts, state, report);
    else
        note_mended(facts, report);
    judge_stability(options, facts, report);
}

/* With IIS down the pool cannot be up: only its state is told, as a note. */
static void note_pool(const struct check_options *options, const struct check_facts *facts,
                      struct report *report)
{
    enum source teller;
    enum pool_state state = pool_state_merged(facts, &teller);

    report_note(report, 1, "pool %s: %s; not judged while IIS is down", options->pool,
                pool_state_name(state));
}

static void note_log(const struct check_facts *facts, struct report *report)
{
    const struct source_facts *log = &facts->sources[SOURCE_EVENTS];
    char problem[400];

    if (log->asked && log->problem.trouble != CIM_FINE) {
        cim_problem_text(&log->problem, problem, sizeof problem);
        report_note(report, 1, "not seen: %s: %s", source_name(SOURCE_EVENTS), problem);
        return;
    }
    for (size_t i = 0; log_was_read(facts) && i < EVENT_COUNT; i++)
        if (facts->events[i].count)
            report_note(report, 2, "System log: %zu of WAS event %d", facts->events[i].count,
                        pool_event_ids[i]);
}

void judge(const struct check_options *options, const struct check_facts *facts,
           struct report *report)
{
    cim_judge_time(report, &facts->cost, facts->fatal.trouble != CIM_FINE,
                   &check_metrics[METRIC_TIME], &options->warning, &options->critical);
    if (facts->fatal.trouble != CIM_FINE) {
        cim_judge_problem(report, options->winrm.url, &facts->fatal);
    } else {
        bool up = judge_services(facts, report);

        if (up)
            judge_pool(options, facts, report);
        else
            note_pool(options, facts, report);
        if (!report_has(report, NDES_POOL_MISSING) &&
            (up || facts->identity.type != IDENTITY_UNSEEN))
            judge_identity(options, facts, report);
        judge_applications(options, facts, report);
        note_sight(facts, report);
        note_log(facts, report);
        if (facts->history.problem[0])
            report_find(report, NDES_POOL_STATE, "%s", facts->history.problem);
        add_metrics(options, facts, report);
    }
    trace_note(&facts->trace, report);
    cim_note_cost(report, &facts->cost);
}
