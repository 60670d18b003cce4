/* judge_stability.c - crashes and recycles of the pool; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/apppool/apppool.h"

#include "common/base/clock.h"
#include "common/base/text.h"

const char *apppool_failures_word(int64_t count)
{
    return count == 1 ? "worker process failure" : "worker process failures";
}

/* Worker processes that failed, by the events of the last hour: a longer window is for the cause of
 * an end, and would keep an alarm up for as long. */
static int64_t failure_events(const struct apppool_facts *facts)
{
    return (int64_t)(facts->events[EVENT_CRASHED].last_hour +
                     facts->events[EVENT_NO_PING].last_hour +
                     facts->events[EVENT_BROKEN].last_hour);
}

/* The most that any source tells, and in `when` which one and of what time; -1 if none does. */
static int64_t most_failures(const struct apppool_options *options,
                             const struct apppool_facts *facts, char *when, size_t size)
{
    const struct history_facts *history = &facts->history;
    int64_t most = facts->counters.recent_failures;
    char span[32];

    text_copy(when, size, "that rapid-fail protection counts now");
    if (history->has_counts && history->failures > most) {
        most = history->failures;
        clock_span(history->span, span, sizeof span);
        text_format(when, size, "in %s, by the counters", span);
    }
    if (apppool_log_was_read(facts) && failure_events(facts) > most) {
        most = failure_events(facts);
        clock_span(options->event_window < SECONDS_PER_HOUR ? options->event_window
                                                            : SECONDS_PER_HOUR,
                   span, sizeof span);
        text_format(when, size, "in %s, by WAS events", span);
    }
    return most;
}

static void judge_failures(const struct apppool_options *options, const struct apppool_facts *facts,
                           struct report *report)
{
    char when[64];
    int64_t failures = most_failures(options, facts, when, sizeof when);
    enum state state =
        threshold_state(failures, &options->failures_warning, &options->failures_critical);
    char wanted[80];

    threshold_wanted(state, &options->failures_warning, &options->failures_critical, wanted,
                     sizeof wanted);
    if (failures < 0)
        report_note(report, 1, "worker process failures: not available");
    else if (state == STATE_OK)
        report_note(report, 1, "[OK] %lld %s %s", (long long)failures,
                    apppool_failures_word(failures), when);
    else
        report_find_as(report, state, NDES_POOL_CRASHING, "pool %s: %lld %s %s, wanted %s",
                       options->pool, (long long)failures, apppool_failures_word(failures), when,
                       wanted);
}

/* Less than an hour counts as one, so that one recycle between two runs is no storm. */
static double recycles_per_hour(const struct history_facts *history)
{
    int64_t span = history->span > SECONDS_PER_HOUR ? history->span : SECONDS_PER_HOUR;

    return (double)history->recycles * SECONDS_PER_HOUR / (double)span;
}

static void judge_recycles(const struct apppool_options *options,
                           const struct history_facts *history, struct report *report)
{
    double rate = recycles_per_hour(history);
    enum state state =
        threshold_state(rate, &options->recycles_warning, &options->recycles_critical);
    char wanted[80];
    char span[32];

    threshold_wanted(state, &options->recycles_warning, &options->recycles_critical, wanted,
                     sizeof wanted);
    clock_span(history->span, span, sizeof span);
    if (state == STATE_OK)
        report_note(report, 1, "[OK] %lld recycle%s in %s", (long long)history->recycles,
                    text_plural(history->recycles), span);
    else
        report_find_as(report, state, NDES_POOL_CRASHING,
                       "pool %s: %.1f recycles per hour" DETAIL " (%lld in %s), wanted %s",
                       options->pool, rate, (long long)history->recycles, span, wanted);
}

void apppool_judge_stability(const struct apppool_options *options,
                             const struct apppool_facts *facts, struct report *report)
{
    const struct history_facts *history = &facts->history;

    judge_failures(options, facts, report);
    if (history->has_counts)
        judge_recycles(options, history, report);
    else if (!options->state_file && !report_has(report, NDES_POOL_PENDING))
        report_note(report, 1, "recycles per hour: not checked without --state-file");
    else if (history->known && !history->problem[0] && facts->counters.recycles >= 0)
        report_note(report, 1, "recycles per hour: available from the next run on");
}

static void add_count(struct report *report, enum metric_id id, int64_t value,
                      const struct range *warning, const struct range *critical)
{
    if (value >= 0)
        report_metric(report, &apppool_metrics[id], value, warning, critical);
}

/* 0 to 4: the numbers are an API. */
static int64_t state_number(enum pool_state state)
{
    static const int64_t numbers[] = {[POOL_UNSEEN] = -1, [POOL_STOPPED] = 0, [POOL_STARTING] = 1,
                                      [POOL_IDLE] = 2,    [POOL_RUNNING] = 3, [POOL_STOPPING] = 4};

    return numbers[state];
}

void apppool_add_metrics(const struct apppool_options *options, const struct apppool_facts *facts,
                         struct report *report)
{
    const struct counter_facts *counters = &facts->counters;
    const struct history_facts *history = &facts->history;
    size_t events = 0;
    enum source origin;

    add_count(report, METRIC_STATE, state_number(apppool_state_merged(facts, &origin)), NULL, NULL);
    add_count(report, METRIC_UPTIME, counters->uptime, NULL, NULL);
    add_count(report, METRIC_WORKERS, counters->workers, NULL, NULL);
    add_count(report, METRIC_RECENT_FAILURES, counters->recent_failures, &options->failures_warning,
              &options->failures_critical);
    if (history->has_counts)
        add_count(report, METRIC_NEW_FAILURES, history->failures, &options->failures_warning,
                  &options->failures_critical);
    add_count(report, METRIC_RECYCLES, counters->recycles, NULL, NULL);
    if (history->has_counts)
        report_metric(report, &apppool_metrics[METRIC_RECYCLES_PER_HOUR],
                      recycles_per_hour(history), &options->recycles_warning,
                      &options->recycles_critical);
    for (size_t i = 0; i < EVENT_COUNT; i++)
        events += facts->events[i].count;
    if (apppool_log_was_read(facts))
        add_count(report, METRIC_EVENTS, (int64_t)events, NULL, NULL);
}
