/* judge.c - turns what the pool does into findings; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/apppool/apppool.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/cim/service.h"
#include "common/cim/verdict.h"

/* As clock_span(), but says of the first minute what it is. */
static void span_text(int64_t seconds, char *target, size_t size)
{
    if (seconds < 60)
        text_copy(target, size, "less than a minute");
    else
        clock_span(seconds, target, size);
}

/* True if the service runs, or if it is not known that it does not. */
static bool judge_service(const char *name, const struct service_facts *service,
                          struct report *report)
{
    bool starting = text_equal(service->state, "Start Pending");
    char end[120];

    if (!service->seen || !service->state[0])
        return true;
    if (text_equal(service->state, "Running")) {
        report_note(report, 1, "[OK] service %s: running", name);
        return true;
    }
    service_exit_text(service->exit_code, service->specific_code, end, sizeof end);
    report_find_as(report, starting ? STATE_WARNING : STATE_CRITICAL, NDES_IIS_STOPPED,
                   "service %s is in state %s" DETAIL " (start mode %s%s)", name, service->state,
                   service->start_mode[0] ? service->start_mode : "unknown", end);
    return false;
}

/* W3SVC needs WAS: if WAS is down, nothing is said of what follows from that. */
static bool judge_services(const struct apppool_facts *facts, struct report *report)
{
    const struct source_facts *about = &facts->sources[SOURCE_SERVICES];
    char problem[400];

    if (about->problem.kind != PROBLEM_NONE) {
        cim_problem_text(&about->problem, problem, sizeof problem);
        if (!problem_is_fatal(about->problem.kind))
            report_note(report, 1, "not available: %s: %s", apppool_source_name(SOURCE_SERVICES),
                        problem);
    } else if (!facts->was.seen || !facts->w3svc.seen) {
        report_note(
            report, 1,
            "not available: service %s%s%s: the account needs the right to query it (sc sdset)%s",
            facts->was.seen ? "" : "WAS", facts->was.seen || facts->w3svc.seen ? "" : " and ",
            facts->w3svc.seen ? "" : "W3SVC", about->control ? "; or IIS is not installed" : "");
    }
    return judge_service("WAS", &facts->was, report) &&
           judge_service("W3SVC", &facts->w3svc, report);
}

static void judge_pending(const struct apppool_options *options, const struct apppool_facts *facts,
                          enum pool_state state, struct report *report)
{
    const struct history_facts *history = &facts->history;
    int64_t age = facts->now - history->pending_since;
    char span[32];

    if (!history->known || history->problem[0]) {
        report_find(report, NDES_POOL_PENDING,
                    "pool %s is %s" DETAIL "; for how long is not known (%s)", options->pool,
                    apppool_state_name(state),
                    options->state_file ? "the state file cannot be used" : "no --state-file");
        return;
    }
    span_text(age, span, sizeof span);
    if (age >= options->pending_time)
        report_find(report, NDES_POOL_PENDING, "pool %s has been %s for %s", options->pool,
                    apppool_state_name(state), span);
    else
        report_note(report, 1, "pool %s has been %s for %s: within --pending-time", options->pool,
                    apppool_state_name(state), span);
}

/* "pool SCEP running as NDESTEST\svc-ndes, 1 worker, up 3 days" */
static void summarise(const struct apppool_options *options, const struct apppool_facts *facts,
                      enum pool_state state, struct report *report)
{
    const struct counter_facts *counters = &facts->counters;
    struct buffer line;
    char text[256];

    buffer_init(&line, 600);
    buffer_addf(&line, "pool %s %s", options->pool, apppool_state_name(state));
    apppool_identity_text(&facts->identity, text, sizeof text);
    if (text[0])
        buffer_addf(&line, " as %s", text);
    if (counters->workers >= 0 && state == POOL_RUNNING)
        buffer_addf(&line, ", %lld worker%s", (long long)counters->workers,
                    text_plural(counters->workers));
    else if (state == POOL_IDLE)
        buffer_add_text(&line, ", no worker needed yet");
    if (counters->uptime >= 0 && (state == POOL_RUNNING || state == POOL_IDLE)) {
        span_text(counters->uptime, text, sizeof text);
        buffer_addf(&line, ", up %s", text);
    }
    report_summary(report, "%s", buffer_text(&line));
    if (state == POOL_RUNNING || state == POOL_IDLE)
        report_note(report, 1, "[OK] %s", buffer_text(&line));
    buffer_free(&line);
}

/* Whether a path of the options is mapped to the pool by any site. */
static bool is_mapped(const struct apppool_options *options, const struct apppool_facts *facts,
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

static void judge_mapping(const struct apppool_options *options, const struct apppool_facts *facts,
                          const char *path, struct report *report)
{
    bool missing;
    size_t found;

    if (is_mapped(options, facts, path, &found)) {
        report_note(report, 1, "[OK] application %s runs in pool %s", path, options->pool);
        return;
    }
    if (!found)
        report_note(report, 1, "application %s does not exist", path);
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

static void judge_applications(const struct apppool_options *options,
                               const struct apppool_facts *facts, struct report *report)
{
    const struct source_facts *about = &facts->sources[SOURCE_APPLICATIONS];
    char problem[400] = "nothing is visible";

    if (!about->control || about->problem.kind != PROBLEM_NONE) {
        if (facts->fatal.kind != PROBLEM_NONE)
            return;
        if (!about->asked)
            about = &facts->sources[SOURCE_POOLS];
        if (about->problem.kind != PROBLEM_NONE)
            cim_problem_text(&about->problem, problem, sizeof problem);
        report_note(report, 1, "not available: %s: %s", apppool_source_name(SOURCE_APPLICATIONS),
                    problem);
        return;
    }
    for (size_t i = 0; i < options->applications.count; i++)
        judge_mapping(options, facts, options->applications.items[i], report);
}

/* The pool's state, and what follows from it. */
static void judge_pool(const struct apppool_options *options, const struct apppool_facts *facts,
                       struct report *report)
{
    enum source origin = SOURCE_COUNTERS;
    enum pool_state state = apppool_state_merged(facts, &origin);

    if (state == POOL_UNSEEN) {
        if (facts->fatal.kind == PROBLEM_NONE)
            apppool_judge_visibility(options, facts, report);
        return;
    }
    summarise(options, facts, state, report);
    if (state == POOL_STOPPED) {
        apppool_judge_stopped(options, facts, report);
        return; /* crashes have been named as the cause, or matter no more */
    }
    if (apppool_state_is_pending(state))
        judge_pending(options, facts, state, report);
    else
        apppool_judge_started(options, facts, state, report);
    apppool_judge_stability(options, facts, report);
}

/* With IIS down the pool cannot be up: only its state is told, as a note. */
static void note_pool(const struct apppool_options *options, const struct apppool_facts *facts,
                      struct report *report)
{
    enum source origin;
    enum pool_state state = apppool_state_merged(facts, &origin);

    report_note(report, 1, "pool %s: %s; not checked while IIS is down", options->pool,
                apppool_state_name(state));
}

static void judge_history(const struct history_facts *history, struct report *report)
{
    if (history->problem[0])
        report_find(report, NDES_POOL_STATE, "%s", history->problem);
}

/* What was seen counts even if the connection was lost; what was not is then no wonder. */
void apppool_judge(const struct apppool_options *options, const struct apppool_facts *facts,
                   struct report *report)
{
    bool broke_off = facts->fatal.kind != PROBLEM_NONE;
    bool up;

    cim_judge_time(report, &facts->statistics, broke_off, &apppool_metrics[METRIC_TIME],
                   &options->warning, &options->critical);
    up = judge_services(facts, report);
    if (up)
        judge_pool(options, facts, report);
    else
        note_pool(options, facts, report);
    if (!report_has(report, NDES_POOL_MISSING) &&
        (facts->identity.type != IDENTITY_UNSEEN || (up && !broke_off)))
        apppool_judge_identity(options, facts, report);
    judge_applications(options, facts, report);
    apppool_note_visibility(facts, report);
    apppool_note_log(facts, report);
    judge_history(&facts->history, report);
    cim_judge_problem(report, options->winrm.url, &facts->fatal);
    apppool_add_metrics(options, facts, report);
    trace_note(&facts->trace, report);
    cim_note_clock(report, &facts->clock_problem);
    cim_note_statistics(report, &facts->statistics);
}
