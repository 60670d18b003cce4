/* check_ndes_apppool_stability.c - crashes and recycles of the pool; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/check_ndes_apppool.h"

#include "common/base/clock.h"
#include "common/base/text.h"

/* Worker processes that failed, by the events in the window. */
static size_t failure_events(const struct check_facts *facts)
{
    return facts->events[EVENT_CRASHED].count + facts->events[EVENT_NO_PING].count +
           facts->events[EVENT_BROKEN].count;
}

static void judge_failures(const struct check_options *options, int64_t failures, const char *when,
                           struct report *report)
{
    enum state state =
        threshold_state(failures, &options->failures_warning, &options->failures_critical);
    const char *wanted =
        state == STATE_CRITICAL ? options->failures_critical.text : options->failures_warning.text;

    if (state == STATE_OK)
        report_note(report, 1, "[OK] %lld worker process failure(s) %s", (long long)failures, when);
    else
        report_find_as(report, state, NDES_POOL_CRASHING,
                       "pool %s: %lld worker process failure(s) %s, wanted %s", options->pool,
                       (long long)failures, when, wanted);
}

/* Less than an hour counts as one, so that one recycle between two runs is no storm. */
static double recycles_per_hour(const struct history_facts *history)
{
    int64_t span = history->span > SECONDS_PER_HOUR ? history->span : SECONDS_PER_HOUR;

    return (double)history->recycles * SECONDS_PER_HOUR / (double)span;
}

static void judge_recycles(const struct check_options *options, const struct history_facts *history,
                           struct report *report)
{
    double rate = recycles_per_hour(history);
    enum state state =
        threshold_state(rate, &options->recycles_warning, &options->recycles_critical);
    const char *wanted =
        state == STATE_CRITICAL ? options->recycles_critical.text : options->recycles_warning.text;
    char span[32];

    clock_span(history->span, span, sizeof span);
    if (state == STATE_OK)
        report_note(report, 1, "[OK] %lld recycle(s) in %s", (long long)history->recycles, span);
    else
        report_find_as(report, state, NDES_POOL_CRASHING,
                       "pool %s: %.1f recycles per hour (%lld in %s), wanted %s", options->pool,
                       rate, (long long)history->recycles, span, wanted);
}

/* The graver of the failures that IIS calls recent and those since a sample in the state file. */
static void judge_all_failures(const struct check_options *options, const struct check_facts *facts,
                               struct report *report)
{
    const struct history_facts *history = &facts->history;
    int64_t recent = facts->counters.recent_failures;
    char when[64];
    char span[32];

    if (history->has_counts && history->failures > recent) {
        clock_span(history->span, span, sizeof span);
        text_format(when, sizeof when, "in %s", span);
        judge_failures(options, history->failures, when, report);
    } else if (recent >= 0) {
        judge_failures(options, recent, "of late", report);
    } else if (facts->sources[SOURCE_EVENTS].asked &&
               facts->sources[SOURCE_EVENTS].problem.trouble == CIM_FINE) {
        clock_span(options->event_window, span, sizeof span);
        text_format(when, sizeof when, "by the events of %s", span);
        judge_failures(options, (int64_t)failure_events(facts), when, report);
    } else {
        report_note(report, 1, "worker process failures: not seen");
    }
}

void judge_stability(const struct check_options *options, const struct check_facts *facts,
                     struct report *report)
{
    judge_all_failures(options, facts, report);
    if (facts->history.has_counts)
        judge_recycles(options, &facts->history, report);
    else if (!options->state_file)
        report_note(report, 1, "recycles per hour: not judged without --state-file");
    else if (facts->counters.recycles >= 0)
        report_note(report, 1, "recycles per hour: known from the next run on");
}

static void add_count(struct report *report, enum metric_id id, int64_t value,
                      const struct range *warning, const struct range *critical)
{
    if (value >= 0)
        report_metric(report, &check_metrics[id], value, warning, critical);
}

/* 0 to 4: the numbers are an API. */
static int64_t state_number(enum pool_state state)
{
    static const int64_t numbers[] = {[POOL_UNSEEN] = -1, [POOL_STOPPED] = 0, [POOL_STARTING] = 1,
                                      [POOL_IDLE] = 2,    [POOL_RUNNING] = 3, [POOL_STOPPING] = 4};

    return numbers[state];
}

void add_metrics(const struct check_options *options, const struct check_facts *facts,
                 struct report *report)
{
    const struct counter_facts *counters = &facts->counters;
    const struct history_facts *history = &facts->history;
    const struct source_facts *log = &facts->sources[SOURCE_EVENTS];
    size_t events = 0;
    enum source teller;

    add_count(report, METRIC_STATE, state_number(pool_state_merged(facts, &teller)), NULL, NULL);
    add_count(report, METRIC_UPTIME, counters->uptime, NULL, NULL);
    add_count(report, METRIC_WORKERS, counters->workers, NULL, NULL);
    add_count(report, METRIC_RECENT_FAILURES, counters->recent_failures, &options->failures_warning,
              &options->failures_critical);
    if (history->has_counts)
        add_count(report, METRIC_NEW_FAILURES, history->failures, &options->failures_warning,
                  &options->failures_critical);
    add_count(report, METRIC_RECYCLES, counters->recycles, NULL, NULL);
    if (history->has_counts)
        report_metric(report, &check_metrics[METRIC_RECYCLES_PER_HOUR], recycles_per_hour(history),
                      &options->recycles_warning, &options->recycles_critical);
    for (size_t i = 0; i < EVENT_COUNT; i++)
        events += facts->events[i].count;
    if (log->asked && log->problem.trouble == CIM_FINE)
        add_count(report, METRIC_EVENTS, (int64_t)events, NULL, NULL);
}
