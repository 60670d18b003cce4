/* test_connector_events.c - tests of how events are counted, and of what is said of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "connector_facts.h"
#include "judging.h"

static void forget_events(void)
{
    facts.events.tally = (struct event_tally){0};
}

static void test_count(void **state)
{
    struct event_tally tally = {0};
    const struct event_group *failed = &tally.groups[EVENT_FAILED_REQUEST];
    struct buffer line;

    (void)state;
    assert_true(connector_unified_event_count <= EVENT_KINDS_MAXIMUM);
    assert_true(connector_legacy_event_count <= EVENT_KINDS_MAXIMUM);
    connector_event_count(&tally, connector_unified_events, connector_unified_event_count, 4007,
                          200, "second");
    connector_event_count(&tally, connector_unified_events, connector_unified_event_count, 4001,
                          100, "first");
    connector_event_count(&tally, connector_unified_events, connector_unified_event_count, 4001,
                          300, "third");
    connector_event_count(&tally, connector_unified_events, connector_unified_event_count, 1000,
                          400, "component not installed");
    connector_event_count(&tally, connector_unified_events, connector_unified_event_count, 5000,
                          400, "sent");
    assert_int_equal(failed->count, 3);
    assert_true(failed->newest == 300);
    assert_string_equal(failed->message, "third");
    assert_int_equal(tally.groups[EVENT_HEALTH_SENT].count, 1);
    buffer_init(&line, 100);
    connector_event_list(&tally, connector_unified_events, connector_unified_event_count,
                         EVENT_FAILED_REQUEST, &line);
    assert_string_equal(buffer_text(&line), "4001 x2, 4007 x1");
    buffer_free(&line);
}

/* The installer's noise is not even asked for. */
static void test_no_event_1000(void **state)
{
    (void)state;
    for (size_t i = 0; i < connector_unified_event_count; i++)
        assert_true(connector_unified_events[i].id != 1000);
}

static void test_failures(void **state)
{
    (void)state;
    judge_anew();
    assert_findings(0);
    assert_note("[OK] no failed request was logged in 4 hours");
    assert_true(metric_of("failures")->value == 0);
    assert_string_equal(metric_of("failures")->warning.text, "0");
    log_events(4001, 1, 12 * MINUTE, "denied");
    judge_anew();
    assert_only(
        NDES_CONN_REQUESTS, STATE_WARNING,
        "1 failed request in 4 hours: 4001 x1 (wanted at most 0); newest 12 minutes ago: denied");
    log_events(4007, 9, 3 * HOUR, "");
    judge_anew();
    assert_only(NDES_CONN_REQUESTS, STATE_WARNING,
                "10 failed requests in 4 hours: 4001 x1, 4007 x9 (wanted at most 0)");
    log_events(1001, 1, MINUTE, "");
    judge_anew();
    assert_only(NDES_CONN_REQUESTS, STATE_CRITICAL, "(wanted at most 10); newest 1 minute ago");
    assert_true(metric_of("failures")->value == 11);
    options.failures_warning = options.failures_critical = range_of("20");
    judge_anew();
    assert_findings(0);
    assert_note("[OK] 11 failed requests in 4 hours: 4001 x1");
    forget_events();
    options.failures_warning = range_of("1:"); /* whoever wants that gets it */
    judge_anew();
    assert_only(NDES_CONN_REQUESTS, STATE_WARNING, "0 failed requests in 4 hours (wanted 1:)");
}

static void test_health(void **state)
{
    (void)state;
    judge_anew();
    assert_note("[OK] 4 health messages reached Intune in 4 hours");
    log_events(5001, 3, 20 * MINUTE, "attempt");
    log_events(5002, 1, 15 * MINUTE, "proxy");
    judge_anew();
    assert_findings(0);
    assert_note("1 health message did not reach Intune in 4 hours (event 5002), but others since");
    assert_note("3 attempts to send a health message failed (event 5001)");
    assert_true(metric_of("health_failures")->value == 1);
    log_events(5002, 1, 5 * MINUTE, "proxy wants a password");
    judge_anew();
    assert_only(NDES_CONN_STALE, STATE_WARNING,
                "2 health messages did not reach Intune in 4 hours (event 5002), none since; "
                "newest 5 minutes ago: proxy wants a password");
    log_events(5000, 1, 5 * MINUTE, "sent"); /* in the same second: it got through */
    judge_anew();
    assert_findings(0);
    log_events(5002, 1, 5 * MINUTE - 1, "proxy"); /* the second after */
    judge_anew();
    assert_only(NDES_CONN_STALE, STATE_WARNING, "3 health messages did not reach");
    forget_events();
    log_events(5000, 1, 5 * MINUTE, "sent");
    log_events(5001, 1, 5 * MINUTE, "attempt");
    judge_anew();
    assert_note("[OK] 1 health message reached Intune in 4 hours");
    assert_note("1 attempt to send a health message failed (event 5001)");
    forget_events();
    log_events(5002, 1, 5 * MINUTE, "");
    judge_anew();
    assert_only(NDES_CONN_STALE, STATE_WARNING, "1 health message did not reach");
    log_events(5002, 1, 5 * MINUTE, "");
    facts.heartbeat.time = NOW - 30 * HOUR; /* says the same, and more */
    judge_anew();
    assert_only(NDES_CONN_STALE, STATE_CRITICAL, "last check-in 30 hours ago");
    assert_note("2 health messages did not reach Intune");
    forget_events();
    judge_anew();
    assert_only(NDES_CONN_STALE, STATE_CRITICAL, "last check-in 30 hours ago");
    assert_note("no event 5000 (health message sent) in 4 hours");
}

/* Silence means something only if there is no fresh heartbeat either. */
static void test_silence(void **state)
{
    (void)state;
    forget_events();
    judge_anew();
    assert_findings(0);
    assert_note("no event 5000 (health message sent) in 4 hours");
    facts.looked[PART_HEARTBEAT] = false;
    options.skip[PART_HEARTBEAT] = true;
    judge_anew();
    assert_only(NDES_CONN_STALE, STATE_WARNING,
                "no health message reached Intune in 4 hours (no event 5000)");
    options.event_window = HOUR - 1;
    judge_anew();
    assert_findings(0);
    options.event_window = HOUR;
    facts.events.tally.truncated = true;
    judge_anew();
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN, "more than 2048 events in --event-window");
}

/* What was not read to its end is not counted, and no silence is made of it. */
static void test_incomplete(void **state)
{
    (void)state;
    facts.events.tally.truncated = true;
    judge_anew();
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN, "more than 2048 events in --event-window");
    assert_false(has_metric("failures"));
    assert_false(has_metric("health_failures"));
    assert_false(has_note("no failure of a request"));
    assert_non_null(strstr(judged.summary, ", not all events read"));
    assert_null(strstr(judged.summary, "failed request"));
    log_events(5002, 1, MINUTE, "later ones may have got through");
    judge_anew();
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN, "of which the newest were not read");
    log_events(4001, 1, MINUTE, "");
    judge_anew();
    assert_only(NDES_CONN_REQUESTS, STATE_WARNING, "at least 1 failed request in 4 hours");
    assert_note("not all events were read: use a shorter --event-window");
    options.failures_warning = range_of("5");
    judge_anew();
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN, "more than 2048 events");
    assert_note("at least 1 failed request in 4 hours: 4001 x1");
    assert_false(has_note("[OK] 1 failure of"));
    facts.events.tally.truncated = false;
    judge_anew();
    assert_note("[OK] 1 failed request in 4 hours: 4001 x1");
    assert_non_null(strstr(judged.summary, ", 1 failed request"));
    facts.problems[PART_EVENTS] = (struct problem){.kind = PROBLEM_DENIED};
    judge_anew();
    assert_null(strstr(judged.summary, "failed request"));
}

static void test_legacy(void **state)
{
    (void)state;
    make_legacy();
    options.skip[PART_VERSION] = true;
    facts.looked[PART_VERSION] = false;
    judge_anew();
    assert_findings(0);
    assert_note("read the log of the old connector");
    assert_false(has_metric("health_failures"));
    log_events(20102, 2, HOUR, "failed");
    log_events(10102, 1, 2 * HOUR, "renewal failed");
    log_events(10301, 1, 2 * HOUR, "again");
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_CONN_REQUESTS, STATE_WARNING, "2 failed requests in 4 hours: 20102 x2");
    assert_finding(NDES_CONN_CERT, STATE_WARNING,
                   "could not renew its certificate (event 10102); newest 2 hours ago: renewal");
    assert_note("event 10301 x1; newest 2 hours ago: again");
}

static void test_problems(void **state)
{
    (void)state;
    facts.problems[PART_EVENTS] = (struct problem){.kind = PROBLEM_DENIED};
    judge_anew();
    assert_only(NDES_CIM_DENIED, STATE_UNKNOWN, "events: access denied");
    assert_false(has_metric("failures"));
    facts.problems[PART_EVENTS] = (struct problem){.kind = PROBLEM_NO_INSTANCE};
    judge_anew();
    assert_only(NDES_CIM_CLASS, STATE_UNKNOWN, "events: no such object");
    facts.looked[PART_EVENTS] = false;
    judge_anew();
    assert_findings(0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start_healthy, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_count), cmocka_unit_test(test_no_event_1000),
        TEST(test_failures),          TEST(test_health),
        TEST(test_silence),           TEST(test_legacy),
        TEST(test_problems),          TEST(test_incomplete),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
