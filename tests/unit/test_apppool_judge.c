/* test_apppool_judge.c - tests of check_ndes_apppool's judge: what the pool does, and IIS.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "apppool_facts.h"
#include "common/base/text.h"
#include "judging.h"

static void test_healthy(void **state)
{
    (void)state;
    judge_anew();
    assert_findings(0);
    assert_string_equal(judged.summary,
                        "pool SCEP running as NDESTEST\\svc-ndes, 1 worker, up 3 days");
    assert_note("[OK] service WAS: running");
    assert_note("[OK] service W3SVC: running");
    assert_note("[OK] application /CertSrv/mscep runs in pool SCEP");
    assert_note("[OK] application /CertSrv/mscep_admin runs in pool SCEP");
    assert_note("counters (APPPOOLWAS): Running (3)");
    assert_note("IIS 6 metabase (root/MicrosoftIISv2): Started (2)");
    assert_false(has_note("disagree"));
    assert_false(has_note("not seen"));
    assert_false(has_note("mended"));
    assert_true(metric_of("state")->value == 3);
    assert_true(metric_of("uptime")->value == 3 * 86400);
    assert_true(metric_of("workers")->value == 1);
    assert_false(has_metric("events"));
    assert_note("no WAS event found; it is not certain that the account may read the System log");
    facts.counters.workers = 2;
    judge_anew();
    assert_string_equal(judged.summary,
                        "pool SCEP running as NDESTEST\\svc-ndes, 2 workers, up 3 days");
}

/* Each source has a table of its own; what it does not know is unseen. */
static void test_tables(void **state)
{
    static const struct {
        enum source source;
        enum pool_state states[9]; /* of the numbers from 0 on */
    } tables[] = {
        {SOURCE_COUNTERS,
         {POOL_UNSEEN, POOL_STARTING, POOL_IDLE, POOL_RUNNING, POOL_STOPPING, POOL_STOPPED,
          POOL_STOPPING, POOL_STOPPING, POOL_UNSEEN}},
        {SOURCE_METABASE,
         {POOL_UNSEEN, POOL_STARTING, POOL_RUNNING, POOL_STOPPING, POOL_STOPPED, POOL_UNSEEN,
          POOL_UNSEEN, POOL_UNSEEN, POOL_UNSEEN}},
        {SOURCE_METHOD,
         {POOL_STARTING, POOL_RUNNING, POOL_STOPPING, POOL_STOPPED, POOL_UNSEEN, POOL_UNSEEN,
          POOL_UNSEEN, POOL_UNSEEN, POOL_UNSEEN}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        for (int number = 0; number < 9; number++)
            assert_int_equal(apppool_state_of(tables[i].source, number), tables[i].states[number]);
        assert_int_equal(apppool_state_of(tables[i].source, -1), POOL_UNSEEN);
        assert_int_equal(apppool_state_of(tables[i].source, INT64_MAX), POOL_UNSEEN);
    }
    assert_int_equal(apppool_state_of(SOURCE_POOLS, 1), POOL_UNSEEN);
    assert_string_equal(apppool_state_word(SOURCE_COUNTERS, 6), "Shutdown Pending");
    assert_string_equal(apppool_state_word(SOURCE_METHOD, 9), "unknown");
}

/* Idle is as good as running, and only the counters know of it. */
static void test_idle(void **state)
{
    (void)state;
    tell(SOURCE_COUNTERS, 2);
    facts.counters.workers = 0;
    judge_anew();
    assert_findings(0);
    assert_string_equal(judged.summary, "pool SCEP idle as NDESTEST\\svc-ndes, no worker needed "
                                        "yet, up 3 days");
    assert_true(metric_of("state")->value == 2);
    assert_false(has_note("disagree"));
}

/* A pool that was never started has no counters: another source tells. */
static void test_no_instance(void **state)
{
    (void)state;
    hide(SOURCE_COUNTERS);
    facts.sources[SOURCE_COUNTERS].control = true;
    judge_anew();
    assert_findings(0);
    assert_string_equal(judged.summary, "pool SCEP running as NDESTEST\\svc-ndes");
    assert_note("not available: counters (APPPOOLWAS): no such pool");
    assert_false(has_metric("uptime"));
    assert_false(has_metric("workers"));
    assert_false(has_metric("recycles"));
}

static void test_one_source(void **state)
{
    (void)state;
    for (int only = 0; only < STATE_SOURCES; only++) {
        set_healthy();
        for (int i = 0; i < STATE_SOURCES; i++)
            if (i != only)
                fail_source((enum source)i, PROBLEM_DENIED);
        if (only == SOURCE_METHOD)
            tell(SOURCE_METHOD, 1);
        judge_anew();
        assert_findings(0);
        assert_true(metric_of("state")->value == 3);
        assert_note("not available: ");
        assert_note("access denied (0x8)");
    }
}

static void test_pending(void **state)
{
    (void)state;
    tell(SOURCE_COUNTERS, 1);
    tell(SOURCE_METABASE, 1);
    judge_anew();
    assert_only(NDES_POOL_PENDING, STATE_WARNING,
                "pool SCEP is starting; for how long is not known (no --state-file)");
    assert_true(metric_of("state")->value == 1);
    options.state_file = "/state";
    facts.history.known = true;
    facts.history.pending_since = NOW - 299;
    judge_anew();
    assert_findings(0);
    assert_note("pool SCEP has been starting for 4 minutes: within --pending-time");
    facts.history.pending_since = NOW - 59;
    judge_anew();
    assert_note("pool SCEP has been starting for less than a minute: within");
    facts.history.pending_since = NOW - 60;
    judge_anew();
    assert_note("pool SCEP has been starting for 1 minute: within");
    facts.history.pending_since = NOW - 300;
    judge_anew();
    assert_only(NDES_POOL_PENDING, STATE_WARNING, "pool SCEP has been starting for 5 minutes");
    tell(SOURCE_COUNTERS, 6);
    judge_anew();
    assert_only(NDES_POOL_PENDING, STATE_WARNING, "pool SCEP has been stopping for 5 minutes");
    text_copy(facts.history.problem, sizeof facts.history.problem, "cannot write");
    judge_anew();
    assert_finding(NDES_POOL_PENDING, STATE_WARNING, "(the state file cannot be used)");
    assert_finding(NDES_POOL_STATE, STATE_UNKNOWN, "cannot write");
    assert_findings(2);
}

/* The graver of two, and both are told. */
static void test_disagreement(void **state)
{
    static const struct {
        int counters;
        int metabase;
        enum pool_state merged;
    } cases[] = {{3, 4, POOL_STOPPED},  {5, 2, POOL_STOPPED},  {3, 3, POOL_STOPPING},
                 {3, 1, POOL_STARTING}, {1, 3, POOL_STOPPING}, {4, 4, POOL_STOPPED},
                 {2, 4, POOL_STOPPED}};
    enum source origin;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tell(SOURCE_COUNTERS, cases[i].counters);
        tell(SOURCE_METABASE, cases[i].metabase);
        assert_int_equal(apppool_state_merged(&facts, &origin), cases[i].merged);
        judge_anew();
        assert_findings(1);
        assert_note("the sources disagree: ");
    }
    tell(SOURCE_COUNTERS, 3);
    judge_anew();
    assert_note("the sources disagree: IIS 6 metabase (root/MicrosoftIISv2) says Stopped, counters "
                "(APPPOOLWAS) says Running");
}

/* What the counters call starting or stopping is neither if another source says started. */
static void test_pending_counters(void **state)
{
    static const int pending[] = {1, 4, 6, 7};
    enum source origin = SOURCE_COUNTERS;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(pending); i++) {
        tell(SOURCE_COUNTERS, pending[i]);
        judge_anew();
        assert_findings(0);
        assert_note("the sources disagree: IIS 6 metabase (root/MicrosoftIISv2) says Started");
        assert_int_equal(apppool_state_merged(&facts, &origin), POOL_RUNNING);
        assert_int_equal(origin, SOURCE_METABASE);
    }
    facts.counters.workers = 0;
    assert_int_equal(apppool_state_merged(&facts, &origin), POOL_IDLE);
    facts.sources[SOURCE_METABASE] = (struct source_facts){0};
    assert_int_equal(apppool_state_merged(&facts, &origin), POOL_STOPPING);
    tell(SOURCE_METHOD, 1);
    assert_int_equal(apppool_state_merged(&facts, &origin), POOL_IDLE);
    assert_int_equal(origin, SOURCE_METHOD);
}

static void set_service(struct service_facts *service, const char *name)
{
    text_copy(service->state, sizeof service->state, name);
}

/* With IIS down nothing is said of the pool, which cannot be up. */
static void test_services(void **state)
{
    (void)state;
    stop_pool();
    set_service(&facts.was, "Stopped");
    set_service(&facts.w3svc, "Stopped");
    facts.was.exit_code = 1077;
    judge_anew();
    assert_only(NDES_IIS_STOPPED, STATE_CRITICAL,
                "service WAS is in state Stopped (start mode Auto, exit code 1077: not started "
                "since the last boot)");
    assert_note("pool SCEP: stopped; not checked while IIS is down");
    set_service(&facts.was, "Running");
    facts.w3svc.exit_code = 1066;
    facts.w3svc.specific_code = 42;
    text_copy(facts.w3svc.start_mode, sizeof facts.w3svc.start_mode, "Disabled");
    judge_anew();
    assert_only(
        NDES_IIS_STOPPED, STATE_CRITICAL,
        "service W3SVC is in state Stopped (start mode Disabled, service-specific error 42)");
    facts.w3svc.exit_code = 5;
    facts.w3svc.start_mode[0] = '\0';
    judge_anew();
    assert_only(NDES_IIS_STOPPED, STATE_CRITICAL, "(start mode unknown, exit code 5)");
    facts.w3svc.exit_code = 0;
    judge_anew();
    assert_only(NDES_IIS_STOPPED, STATE_CRITICAL, "Stopped (start mode unknown)");
    set_service(&facts.w3svc, "Start Pending");
    judge_anew();
    assert_only(NDES_IIS_STOPPED, STATE_WARNING, "service W3SVC is in state Start Pending");
    set_service(&facts.w3svc, "Paused");
    judge_anew();
    assert_only(NDES_IIS_STOPPED, STATE_CRITICAL, "Paused");
}

/* Services that are hidden are no services that are stopped. */
static void test_hidden_services(void **state)
{
    (void)state;
    facts.was = facts.w3svc = (struct service_facts){0};
    judge_anew();
    assert_findings(0);
    assert_note("not available: service WAS and W3SVC: the account needs the right to query it (sc "
                "sdset); or IIS is not installed");
    facts.sources[SOURCE_SERVICES].control = false;
    judge_anew();
    assert_findings(0);
    assert_false(has_note("or IIS is not installed"));
    fail_source(SOURCE_SERVICES, PROBLEM_DENIED);
    judge_anew();
    assert_findings(0);
    assert_note("not available: services (Win32_Service): access denied (0x8)");
    set_healthy();
    facts.w3svc.seen = false;
    judge_anew();
    assert_findings(0);
    assert_note("not available: service W3SVC: ");
}

static void test_applications(void **state)
{
    (void)state;
    text_copy(facts.applications[1].pool, sizeof facts.applications[1].pool, "DefaultAppPool");
    judge_anew();
    assert_only(NDES_POOL_MAPPING, STATE_WARNING,
                "application /CertSrv/mscep_admin of site 'Default Web Site' runs in pool "
                "DefaultAppPool, wanted SCEP");
    facts.application_count = 1;
    judge_anew();
    assert_findings(0);
    assert_note("application /CertSrv/mscep_admin does not exist");
    facts.applications[1] = facts.applications[0];
    text_copy(facts.applications[1].pool, sizeof facts.applications[1].pool, "Other");
    facts.application_count = 2;
    judge_anew(); /* a second site that is not ours */
    assert_findings(0);
    facts.application_count = 1; /* a list that broke off may lack the right one */
    facts.applications[0] = facts.applications[1];
    facts.sources[SOURCE_APPLICATIONS].problem.kind = PROBLEM_BUSY;
    judge_anew();
    assert_findings(0);
    assert_note(
        "not available: applications (root/webadministration): the server itself timed out");
    hide(SOURCE_APPLICATIONS);
    judge_anew();
    assert_findings(0);
    assert_note("not available: applications (root/webadministration): nothing is visible");
    fail_source(SOURCE_POOLS, PROBLEM_NO_NAMESPACE);
    facts.sources[SOURCE_APPLICATIONS] = (struct source_facts){0};
    judge_anew();
    assert_findings(0);
    assert_note(
        "not available: applications (root/webadministration): the namespace is not installed");
}

static void test_time(void **state)
{
    (void)state;
    options.warning = range_of("0.2");
    judge_anew();
    assert_only(NDES_WINRM_SLOW, STATE_WARNING, "8 requests took 0.250 s, wanted at most 0.2 s");
    options.critical = range_of("0.24");
    judge_anew();
    assert_only(NDES_WINRM_SLOW, STATE_CRITICAL, "wanted at most 0.24 s");
    assert_string_equal(metric_of("time")->critical.text, "0.24");
}

/* A server that answers nothing: that alone is told, and of each thing not seen nothing more. */
static void test_fatal(void **state)
{
    (void)state;
    facts = (struct apppool_facts){.now = NOW,
                                   .counters = {-1, -1, -1, -1, -1},
                                   .identity = {.type = IDENTITY_UNSEEN},
                                   .statistics = {.seconds = 0.25, .requests = 1}};
    options.identity = "NDESTEST\\svc-ndes";
    options.warning = range_of("0.1");
    facts.fatal = (struct problem){.kind = PROBLEM_REFUSED, .detail = "refused"};
    facts.sources[SOURCE_SERVICES] = (struct source_facts){.asked = true, .problem = facts.fatal};
    text_copy(facts.trace.lines[0], sizeof facts.trace.lines[0], "a request");
    facts.trace.count = 1;
    judge_anew();
    assert_only(NDES_WINRM_REFUSED, STATE_CRITICAL, "http://ndes.example.com:5985/wsman: ");
    assert_note("a request");
    assert_true(has_metric("time"));
    assert_false(has_metric("state"));
    assert_false(has_note("not seen"));
}

/* What was seen before the connection was lost counts, too. */
static void test_broke_off(void **state)
{
    (void)state;
    stop_pool();
    facts.fatal = (struct problem){.kind = PROBLEM_TIMEOUT};
    facts.sources[SOURCE_POOLS] = (struct source_facts){.asked = true, .problem = facts.fatal};
    facts.sources[SOURCE_APPLICATIONS] = (struct source_facts){0};
    facts.sources[SOURCE_EVENTS] = (struct source_facts){0};
    facts.application_count = 0;
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_POOL_STOPPED, STATE_CRITICAL, "pool SCEP is stopped");
    assert_finding(NDES_WINRM_TIMEOUT, STATE_CRITICAL, "no answer in time");
    assert_note("cause not looked up: the System log cannot be read");
    assert_false(has_note("not seen"));
    assert_true(metric_of("state")->value == 0);
    set_service(&facts.w3svc, "Stopped");
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_IIS_STOPPED, STATE_CRITICAL, "W3SVC");
    set_service(&facts.w3svc, "Running");
    facts.sources[SOURCE_COUNTERS] = facts.sources[SOURCE_POOLS];
    facts.sources[SOURCE_METABASE] = (struct source_facts){0};
    judge_anew(); /* no state was seen: nobody wonders why */
    assert_only(NDES_WINRM_TIMEOUT, STATE_CRITICAL, "no answer in time");
}

#define JUDGING(test) cmocka_unit_test_setup_teardown(test, start_healthy, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JUDGING(test_healthy),     JUDGING(test_tables),          JUDGING(test_idle),
        JUDGING(test_no_instance), JUDGING(test_one_source),

        JUDGING(test_pending),     JUDGING(test_disagreement),    JUDGING(test_pending_counters),

        JUDGING(test_services),    JUDGING(test_hidden_services), JUDGING(test_applications),
        JUDGING(test_time),        JUDGING(test_fatal),           JUDGING(test_broke_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
