/* test_apppool_events.c - tests of check_ndes_apppool's judge: what WAS events tell of the pool.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "apppool_facts.h"
#include "common/base/text.h"
#include "judging.h"

static void test_stopped(void **state)
{
    (void)state;
    stop_pool();
    judge_anew();
    assert_only(NDES_POOL_STOPPED, STATE_CRITICAL, "pool SCEP is stopped");
    assert_note("no WAS event of the last 60 minutes says why the pool stopped");
    assert_true(metric_of("state")->value == 0);
    facts.counters.recent_failures = 3;
    judge_anew();
    assert_only(NDES_POOL_RAPIDFAIL, STATE_CRITICAL, "stopped after 3 worker process failures");
    log_event(EVENT_RAPID_FAIL, 600);
    judge_anew();
    assert_only(NDES_POOL_RAPIDFAIL, STATE_CRITICAL,
                "disabled it (WAS event 5002 at 2026-11-22 23:50 UTC)");
    assert_false(has_note("no WAS event"));
}

static void test_invalid_identity(void **state)
{
    static const enum pool_event kinds[] = {EVENT_IDENTITY, EVENT_IDENTITY_DISABLED};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        set_healthy();
        stop_pool();
        log_event(kinds[i], 60);
        facts.counters.recent_failures = 1;
        facts.auto_start = false;
        judge_anew();
        assert_only(NDES_POOL_IDENTITY, STATE_CRITICAL, "NDESTEST\\svc-ndes is invalid");
    }
    log_event(EVENT_IDENTITY, 120);
    judge_anew();
    assert_only(NDES_POOL_IDENTITY, STATE_CRITICAL, "(WAS event 5057 at 2026-11-22 23:59 UTC)");
    facts.identity.type = IDENTITY_UNSEEN;
    judge_anew();
    assert_only(NDES_POOL_IDENTITY, STATE_CRITICAL, "its identity is invalid");
}

static void test_auto_start_off(void **state)
{
    (void)state;
    stop_pool();
    facts.auto_start = false;
    judge_anew();
    assert_only(NDES_POOL_STOPPED, STATE_WARNING, "(autoStart off)");
    log_event(EVENT_RAPID_FAIL, 60);
    judge_anew();
    assert_only(NDES_POOL_RAPIDFAIL, STATE_CRITICAL, "rapid-fail");
}

/* Why the cause of a stopped pool is not known. */
static void test_no_events(void **state)
{
    (void)state;
    stop_pool();
    fail_source(SOURCE_EVENTS, PROBLEM_DENIED);
    judge_anew();
    assert_only(NDES_POOL_STOPPED, STATE_CRITICAL, "pool SCEP is stopped");
    assert_note("cause not looked up: the System log cannot be read");
    assert_false(has_metric("events"));
    facts.sources[SOURCE_EVENTS] = (struct source_facts){0};
    judge_anew();
    assert_note("cause not looked up: the System log cannot be read");
    options.event_window = 0;
    judge_anew();
    assert_note("cause not looked up: --event-window=0");
    options.event_window = 3600;
    set_healthy();
    fail_source(SOURCE_EVENTS, PROBLEM_DENIED);
    judge_anew();
    assert_findings(0);
    assert_note("not available: events (System log): access denied");
}

/* Those that were not read are the newest: nothing is known of the last minutes. */
static void test_too_many(void **state)
{
    (void)state;
    log_event(EVENT_IDENTITY_DISABLED, 1800);
    facts.events_truncated = true;
    judge_anew();
    assert_only(NDES_WINRM_TOOLARGE, STATE_UNKNOWN,
                "more than 2048 WAS events in --event-window, of which the newest were not read");
    assert_note("System log: 1 of WAS event 5057");
}

static void test_mended(void **state)
{
    (void)state;
    log_event(EVENT_IDENTITY_DISABLED, 1800);
    judge_anew();
    assert_findings(0);
    assert_note("[OK] the pool was without a valid identity (WAS event 5057 at 2026-11-22 23:30 "
                "UTC); fixed since: a worker process is running");
    assert_note("System log: 1 of WAS event 5057");
    assert_false(has_note("not proven"));
    log_event(EVENT_RAPID_FAIL, 600);
    judge_anew();
    assert_findings(0);
    assert_note("[OK] the pool was disabled by IIS (WAS event 5002");
    assert_true(metric_of("events")->value == 2);
}

/* The newest event tells why; the general ones add nothing to an exact one of the same minute. */
static void test_newest_cause(void **state)
{
    static const struct {
        enum pool_event older;
        int64_t older_ago;
        enum pool_event newer;
        int64_t newer_ago;
        enum finding_id expected;
        const char *part;
    } cases[] = {
        {EVENT_IDENTITY, 3000, EVENT_RAPID_FAIL, 60, NDES_POOL_RAPIDFAIL, "event 5002"},
        {EVENT_RAPID_FAIL, 3000, EVENT_IDENTITY, 60, NDES_POOL_IDENTITY, "event 5021"},
        {EVENT_RAPID_FAIL, 120, EVENT_DISABLED, 60, NDES_POOL_RAPIDFAIL, "event 5002"},
        {EVENT_RAPID_FAIL, 121, EVENT_DISABLED, 60, NDES_POOL_STOPPED, "event 5059"},
        {EVENT_IDENTITY_DISABLED, 62, EVENT_DISABLED, 60, NDES_POOL_IDENTITY, "event 5057"},
        {EVENT_IDENTITY, 62, EVENT_NO_WORKER, 60, NDES_POOL_IDENTITY, "event 5021"},
        {EVENT_IDENTITY, 3000, EVENT_NO_WORKER, 60, NDES_POOL_STOPPED,
         "no worker process could be created (WAS event 5022"},
        {EVENT_NO_WORKER, 62, EVENT_DISABLED, 60, NDES_POOL_STOPPED, "event 5022"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        set_healthy();
        stop_pool();
        facts.auto_start = false;
        log_event(cases[i].older, cases[i].older_ago);
        log_event(cases[i].newer, cases[i].newer_ago);
        judge_anew();
        assert_only(cases[i].expected, STATE_CRITICAL, cases[i].part);
        assert_false(has_note("no WAS event"));
    }
}

/* With no exact event the counters know more than the general one. */
static void test_general_event(void **state)
{
    (void)state;
    stop_pool();
    log_event(EVENT_DISABLED, 60);
    judge_anew();
    assert_only(NDES_POOL_STOPPED, STATE_CRITICAL,
                "IIS disabled it as a worker process did not start (WAS event 5059");
    facts.counters.recent_failures = 1;
    judge_anew();
    assert_only(NDES_POOL_RAPIDFAIL, STATE_CRITICAL, "stopped after 1 worker process failure");
    log_event(EVENT_NO_WORKER, 60);
    judge_anew();
    assert_only(NDES_POOL_STOPPED, STATE_CRITICAL, "no worker process could be created");
}

/* Nothing is mended before a worker process runs. */
static void test_idle_identity(void **state)
{
    (void)state;
    tell(SOURCE_COUNTERS, 2);
    facts.counters.workers = 0;
    facts.counters.uptime = 1800;
    log_event(EVENT_IDENTITY, 1805); /* the uptime is not that exact */
    judge_anew();
    assert_only(NDES_POOL_IDENTITY, STATE_WARNING,
                "pool SCEP is idle, and its identity NDESTEST\\svc-ndes is invalid (WAS event 5021 "
                "at 2026-11-22 23:29 UTC): the next request will fail and disable it");
    log_event(EVENT_IDENTITY, 1806); /* started anew since */
    judge_anew();
    assert_findings(0);
    assert_note("no worker process has proved yet that it is fixed");
    assert_false(has_note("[OK] the pool was"));
    facts.counters.uptime = -1;
    judge_anew();
    assert_only(NDES_POOL_IDENTITY, STATE_WARNING, "the next request will fail");
    tell(SOURCE_COUNTERS, 3); /* one ran, and has ended for want of requests */
    judge_anew();
    assert_findings(0);
    assert_note("the pool was without a valid identity");
    facts.counters.workers = -1; /* only the metabase tells */
    judge_anew();
    assert_findings(0);
    assert_note("the pool was without a valid identity");
    facts.counters.workers = 0;
    log_event(EVENT_NO_WORKER, 60);
    judge_anew();
    assert_findings(0);
    assert_note("the pool was without a worker process (WAS event 5022");
}

/* Events have the server's time, not ours. */
static void test_server_clock(void **state)
{
    (void)state;
    tell(SOURCE_COUNTERS, 2);
    facts.counters.workers = 0;
    facts.counters.uptime = 1800;
    log_event(EVENT_IDENTITY, 600);
    facts.server_now = NOW + 3600;
    judge_anew();
    assert_findings(0);
}

#define JUDGING(test) cmocka_unit_test_setup_teardown(test, start_healthy, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JUDGING(test_stopped),      JUDGING(test_invalid_identity), JUDGING(test_auto_start_off),
        JUDGING(test_no_events),    JUDGING(test_mended),           JUDGING(test_too_many),
        JUDGING(test_newest_cause), JUDGING(test_general_event),    JUDGING(test_idle_identity),
        JUDGING(test_server_clock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
