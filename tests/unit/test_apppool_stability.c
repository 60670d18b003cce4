/* test_apppool_stability.c - tests of check_ndes_apppool's judge: crashes and recycles.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "apppool_facts.h"
#include "common/base/text.h"
#include "judging.h"

static void test_recent_failures(void **state)
{
    (void)state;
    judge_anew();
    assert_findings(0);
    assert_note("[OK] 0 worker process failures that rapid-fail protection counts now");
    facts.counters.recent_failures = 1;
    judge_anew();
    assert_only(NDES_POOL_CRASHING, STATE_WARNING,
                "pool SCEP: 1 worker process failure that rapid-fail protection counts now, wanted "
                "at most 0");
    facts.counters.recent_failures = 2;
    judge_anew();
    assert_only(NDES_POOL_CRASHING, STATE_WARNING, "2 worker process failures");
    facts.counters.recent_failures = 3;
    judge_anew();
    assert_only(NDES_POOL_CRASHING, STATE_CRITICAL, "counts now, wanted at most 2");
    assert_true(metric_of("recent_failures")->value == 3);
    assert_string_equal(metric_of("recent_failures")->critical.text, "2");
    options.failures_warning = options.failures_critical = range_of("~:");
    judge_anew();
    assert_findings(0);
}

static void test_pending_pool_crashes(void **state)
{
    (void)state;
    tell(SOURCE_COUNTERS, 1);
    tell(SOURCE_METABASE, 1);
    facts.counters.recent_failures = 4;
    judge_anew();
    assert_finding(NDES_POOL_CRASHING, STATE_CRITICAL, "4 worker process failures");
    assert_finding(NDES_POOL_PENDING, STATE_WARNING, "starting");
    assert_findings(2);
    assert_false(has_note("recycles per hour")); /* no state file: said already */
}

/* Without counters the events take their place. */
static void test_events(void **state)
{
    (void)state;
    hide(SOURCE_COUNTERS);
    judge_anew();
    assert_findings(0);
    assert_note("worker process failures: not available"); /* the log may be hidden, too */
    assert_false(has_metric("events"));
    facts.sources[SOURCE_EVENTS].rows = 1; /* of another pool */
    judge_anew();
    assert_note("[OK] 0 worker process failures in 60 minutes, by WAS events");
    assert_true(metric_of("events")->value == 0);
    log_event(EVENT_CRASHED, 60);
    log_event(EVENT_NO_PING, 60);
    judge_anew();
    assert_only(NDES_POOL_CRASHING, STATE_WARNING,
                "2 worker process failures in 60 minutes, by WAS events");
    log_event(EVENT_BROKEN, 60);
    judge_anew();
    assert_only(NDES_POOL_CRASHING, STATE_CRITICAL,
                "3 worker process failures in 60 minutes, by WAS events");
    assert_true(metric_of("events")->value == 3);
    fail_source(SOURCE_EVENTS, PROBLEM_DENIED);
    judge_anew();
    assert_findings(0);
    assert_note("worker process failures: not available");
    facts.sources[SOURCE_EVENTS] = (struct source_facts){0};
    judge_anew();
    assert_note("worker process failures: not available");
}

/* Events count beside the counters, but only those of the last hour. */
static void test_most_failures(void **state)
{
    (void)state;
    facts.sources[SOURCE_EVENTS].rows = 20;
    facts.events[EVENT_CRASHED] =
        (struct event_facts){.count = 20, .last_hour = 20, .newest = NOW - 60};
    judge_anew();
    assert_only(
        NDES_POOL_CRASHING, STATE_CRITICAL,
        "pool SCEP: 20 worker process failures in 60 minutes, by WAS events, wanted at most 2");
    options.event_window = 300;
    judge_anew();
    assert_only(NDES_POOL_CRASHING, STATE_CRITICAL, "20 worker process failures in 5 minutes");
    options.event_window = 7 * 86400;
    facts.events[EVENT_CRASHED].last_hour = 1;
    judge_anew();
    assert_only(NDES_POOL_CRASHING, STATE_WARNING, "1 worker process failure in 60 minutes, by");
    assert_true(metric_of("events")->value == 20);
    facts.counters.recent_failures = 1;
    judge_anew();
    assert_only(NDES_POOL_CRASHING, STATE_WARNING, "1 worker process failure that rapid-fail");
    facts.counters.recent_failures = 0;
    facts.events[EVENT_CRASHED].last_hour = 0;
    judge_anew();
    assert_findings(0);
}

static void set_history(int64_t span, int64_t failures, int64_t recycles)
{
    options.state_file = "/state";
    facts.history = (struct history_facts){.known = true,
                                           .has_counts = true,
                                           .span = span,
                                           .failures = failures,
                                           .recycles = recycles};
}

/* Failures that IIS no longer calls recent. */
static void test_new_failures(void **state)
{
    (void)state;
    set_history(3600, 0, 0);
    judge_anew();
    assert_findings(0);
    assert_note("[OK] 0 worker process failures that rapid-fail protection counts now");
    set_history(3600, 2, 0);
    judge_anew();
    assert_only(NDES_POOL_CRASHING, STATE_WARNING,
                "2 worker process failures in 60 minutes, by the counters");
    assert_true(metric_of("new_failures")->value == 2);
    facts.counters.recent_failures = 3;
    judge_anew();
    assert_only(NDES_POOL_CRASHING, STATE_CRITICAL,
                "3 worker process failures that rapid-fail protection counts");
}

static void test_recycles(void **state)
{
    static const struct {
        int64_t span;
        int64_t recycles;
        int expected; /* enum state */
        const char *part;
    } cases[] = {
        {300, 1, STATE_OK, "[OK] 1 recycle in 5 minutes"},
        {300, 4, STATE_OK, "[OK] 4 recycles in 5 minutes"},
        {300, 5, STATE_WARNING,
         "pool SCEP: 5.0 recycles per hour (5 in 5 minutes), wanted at most 4"},
        {3600, 12, STATE_WARNING, "12.0 recycles per hour (12 in 60 minutes), wanted at most 4"},
        {3600, 13, STATE_CRITICAL, "13.0 recycles per hour (13 in 60 minutes), wanted at most 12"},
        {7200, 13, STATE_WARNING, "6.5 recycles per hour (13 in 2 hours), wanted at most 4"},
        {86400, 24, STATE_OK, "[OK] 24 recycles in 24 hours"},
    };

    (void)state;
    judge_anew();
    assert_note("recycles per hour: not checked without --state-file");
    options.state_file = "/state";
    judge_anew();
    assert_false(has_note("recycles per hour")); /* no counters were written down */
    facts.history.known = true;
    judge_anew();
    assert_note("recycles per hour: available from the next run on");
    text_copy(facts.history.problem, sizeof facts.history.problem, "cannot write");
    judge_anew();
    assert_false(has_note("recycles per hour"));
    assert_false(has_metric("recycles_per_hour"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_history(cases[i].span, 0, cases[i].recycles);
        judge_anew();
        if (cases[i].expected == STATE_OK) {
            assert_findings(0);
            assert_note(cases[i].part);
        } else {
            assert_only(NDES_POOL_CRASHING, (enum state)cases[i].expected, cases[i].part);
        }
    }
    assert_true(metric_of("recycles_per_hour")->value == 1);
    assert_true(metric_of("recycles")->value == 7);
    assert_int_equal(metric_of("recycles")->kind->unit, UNIT_COUNTER);
}

/* What has happened to a pool that is stopped is no news. */
static void test_stopped(void **state)
{
    (void)state;
    stop_pool();
    set_history(3600, 5, 20);
    judge_anew();
    assert_only(NDES_POOL_STOPPED, STATE_CRITICAL, "stopped");
    assert_true(has_metric("recycles_per_hour"));
}

#define JUDGING(test) cmocka_unit_test_setup_teardown(test, start_healthy, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JUDGING(test_recent_failures), JUDGING(test_pending_pool_crashes),
        JUDGING(test_events),          JUDGING(test_new_failures),
        JUDGING(test_recycles),        JUDGING(test_stopped),
        JUDGING(test_most_failures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
