/* test_apppool_visibility.c - tests of check_ndes_apppool: what is missing, hidden, or the wrong
 * account. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "apppool_facts.h"
#include "common/base/text.h"
#include "judging.h"

static void pools_without_ours(void)
{
    facts.sources[SOURCE_POOLS].has_pool = false;
}

static void no_instance(void)
{
    hide(SOURCE_COUNTERS);
    facts.sources[SOURCE_COUNTERS].control = true;
}

static void test_missing(void **state)
{
    (void)state;
    no_instance();
    hide(SOURCE_METABASE);
    pools_without_ours();
    text_copy(facts.pools[1], sizeof facts.pools[1], "NDES");
    options.identity = "NDESTEST\\svc-ndes";
    judge_anew();
    assert_only(NDES_POOL_MISSING, STATE_UNKNOWN,
                "no application pool SCEP; there are: DefaultAppPool, NDES");
    assert_false(has_metric("state"));
    facts.pool_count = 8;
    for (int i = 2; i < NAMES_MAXIMUM; i++)
        text_format(facts.pools[i], sizeof facts.pools[i], "P%d", i);
    judge_anew();
    assert_only(NDES_POOL_MISSING, STATE_UNKNOWN, "DefaultAppPool, NDES, P2, P3, P4 and 3 more");
    fail_source(SOURCE_METABASE, PROBLEM_NO_NAMESPACE);
    fail_source(SOURCE_COUNTERS, PROBLEM_DENIED);
    judge_anew();
    assert_only(NDES_POOL_MISSING, STATE_UNKNOWN, "there are: ");
    options.pool = "NDES"; /* its applications tell the right name */
    judge_anew();
    assert_only(NDES_POOL_MISSING, STATE_UNKNOWN, "no application pool NDES");
    assert_note("application /CertSrv/mscep of site 'Default Web Site' runs in pool SCEP");
}

/* Without the list of pools. */
static void test_missing_elsewhere(void **state)
{
    (void)state;
    no_instance();
    hide(SOURCE_METABASE);
    fail_source(SOURCE_POOLS, PROBLEM_NO_NAMESPACE);
    judge_anew();
    assert_only(NDES_POOL_MISSING, STATE_UNKNOWN,
                "neither in the IIS 6 metabase nor among the counters");
    fail_source(SOURCE_METABASE, PROBLEM_NO_NAMESPACE);
    judge_anew();
    assert_only(NDES_POOL_MISSING, STATE_UNKNOWN, "it does not exist or was never started");
    /* a list that shows nothing is hidden, not empty */
    hide(SOURCE_POOLS);
    judge_anew();
    assert_only(NDES_POOL_MISSING, STATE_UNKNOWN, "it does not exist or was never started");
}

/* A list that broke off may lack it. */
static void test_cut_list(void **state)
{
    (void)state;
    fail_source(SOURCE_COUNTERS, PROBLEM_DENIED);
    hide(SOURCE_METABASE);
    pools_without_ours();
    facts.sources[SOURCE_POOLS].problem.kind = PROBLEM_BUSY;
    judge_anew();
    assert_findings(1);
    assert_non_null(finding_of(NDES_WINRM_TIMEOUT, 0));
}

/* A pool that another source knows is not missing. */
static void test_not_missing(void **state)
{
    (void)state;
    pools_without_ours();
    judge_anew();
    assert_findings(0);
    assert_note("not available: pools (root/webadministration): no such pool");
    set_healthy();
    no_instance();
    hide(SOURCE_METABASE);
    fail_source(SOURCE_METHOD, PROBLEM_DENIED);
    judge_anew();
    assert_only(NDES_CIM_DENIED, STATE_UNKNOWN,
                "state of pool SCEP not available: ApplicationPool.GetState: access denied");
    assert_note("or: ApplicationPool.GetState needs Execute Methods");
    tell(SOURCE_METHOD, 4);
    judge_anew();
    assert_findings(1);
    assert_non_null(finding_of(NDES_CIM_RIGHTS, 0));
}

/* Which finding stands for a state that nothing tells. */
static void test_blind(void **state)
{
    static const struct {
        enum problem_kind counters;
        enum problem_kind metabase;
        enum problem_kind pools;
        enum finding_id expected;
        const char *part;
    } cases[] = {
        {PROBLEM_NONE, PROBLEM_NO_NAMESPACE, PROBLEM_NO_NAMESPACE, NDES_CIM_RIGHTS,
         "needs the group Performance Monitor Users"},
        {PROBLEM_NONE, PROBLEM_NONE, PROBLEM_NONE, NDES_CIM_RIGHTS, "Performance Monitor Users"},
        {PROBLEM_NO_CLASS, PROBLEM_NO_NAMESPACE, PROBLEM_NO_NAMESPACE, NDES_CIM_NAMESPACE,
         "IIS 6 metabase"},
        {PROBLEM_NO_CLASS, PROBLEM_NONE, PROBLEM_NO_NAMESPACE, NDES_CIM_RIGHTS, "IIS 6 metabase"},
        {PROBLEM_NO_CLASS, PROBLEM_NO_CLASS, PROBLEM_NO_CLASS, NDES_CIM_CLASS, "counters"},
        {PROBLEM_DENIED, PROBLEM_NO_NAMESPACE, PROBLEM_NO_NAMESPACE, NDES_CIM_DENIED, "counters"},
        {PROBLEM_NO_CLASS, PROBLEM_DENIED, PROBLEM_NONE, NDES_CIM_DENIED, "IIS 6 metabase"},
        {PROBLEM_NONE, PROBLEM_NO_NAMESPACE, PROBLEM_DENIED, NDES_CIM_DENIED,
         "pools (root/webadministration)"},
        {PROBLEM_NONE, PROBLEM_QUOTA, PROBLEM_DENIED, NDES_WINRM_QUOTA, "IIS 6 metabase"},
        {PROBLEM_FAULT, PROBLEM_NONE, PROBLEM_NONE, NDES_WINRM_FAULT, "counters"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        fail_source(SOURCE_COUNTERS, cases[i].counters);
        fail_source(SOURCE_METABASE, cases[i].metabase);
        fail_source(SOURCE_POOLS, cases[i].pools);
        judge_anew();
        assert_only(cases[i].expected, STATE_UNKNOWN, cases[i].part);
        assert_note("not available: ");
        assert_note("any of these is enough: counters (APPPOOLWAS) needs the group Performance "
                    "Monitor Users");
    }
}

/* A row without a state, or with one that nobody knows, is no visibility of it. */
static void test_strange_state(void **state)
{
    (void)state;
    tell(SOURCE_COUNTERS, 99);
    judge_anew();
    assert_findings(0);
    tell(SOURCE_METABASE, 0);
    judge_anew();
    assert_findings(1);
    assert_non_null(finding_of(NDES_CIM_RIGHTS, 0));
}

static void test_accounts(void **state)
{
    static const struct {
        const char *seen;
        const char *wanted;
        bool matches;
    } cases[] = {
        {"NDESTEST\\svc-ndes", "NDESTEST\\svc-ndes", true},
        {"NDESTEST\\svc-ndes", "ndestest\\SVC-NDES", true},
        {"NDESTEST\\svc-ndes", "OTHER\\svc-ndes", false},
        {"NDESTEST\\svc-ndes", "NDESTEST\\svc", false},
        {"NDESTEST\\svc-ndes", "svc-ndes", true},
        {"NDESTEST\\svc-ndes", "svc-ndes@ndes.test", true},
        {"NDESTEST\\svc-ndes", "other@ndes.test", false},
        {"svc-ndes@ndes.test", "SVC-NDES@NDES.TEST", true},
        {"svc-ndes@ndes.test", "svc-ndes@other.test", false},
        {"svc-ndes", "NDESTEST\\svc-ndes", true},
        {"NDESTEST\\gmsa-ndes$", "NDESTEST\\gmsa-ndes", true},
        {"NDESTEST\\gmsa-ndes", "NDESTEST\\gmsa-ndes$", true},
        {"NDESTEST\\gmsa-ndes$", "gmsa-ndes$@ndes.test", true},
        {"NDESTEST\\gmsa-ndes$", "NDESTEST\\other$", false},
        {"NDESTEST\\$", "NDESTEST\\", false},
        {"EXAMPLE\\svc", "example.com\\svc", true},
        {"example.com\\svc", "EXAMPLE\\svc", true},
        {"example.com\\svc", "svc@example.com", true},
        {"example.com\\svc", "svc@example.org", false},
        {"EXAMPLE\\other", "example.com\\svc", false},
        {".\\svc", "EXAMPLE\\svc", false},
        {".\\svc", ".\\SVC", true},
        {"NDESTEST\\svc-ndes", "ApplicationPoolIdentity", false},
        {"NT AUTHORITY\\NETWORK SERVICE", "NetworkService", true},
        {"NT AUTHORITY\\SYSTEM", "LocalSystem", true},
        {"IIS APPPOOL\\SCEP", "applicationpoolidentity", true},
        {"IIS APPPOOL\\Other", "ApplicationPoolIdentity", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct identity_facts identity = {.type = IDENTITY_SPECIFIC_USER};

        text_copy(identity.user, sizeof identity.user, cases[i].seen);
        if (apppool_identity_matches(&identity, "SCEP", cases[i].wanted) != cases[i].matches)
            fail_msg("%s is wanted as %s", cases[i].seen, cases[i].wanted);
    }
}

static void test_built_in_accounts(void **state)
{
    static const char *const names[] = {
        [IDENTITY_LOCAL_SYSTEM] = "LocalSystem",
        [IDENTITY_LOCAL_SERVICE] = "LocalService",
        [IDENTITY_NETWORK_SERVICE] = "NetworkService",
        [IDENTITY_SPECIFIC_USER] = "NDESTEST\\svc-ndes",
        [IDENTITY_POOL] = "ApplicationPoolIdentity",
    };
    char text[64];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        facts.identity.type = (enum identity_type)i;
        apppool_identity_text(&facts.identity, text, sizeof text);
        assert_string_equal(text, names[i]);
        for (size_t j = 0; j < COUNT_OF(names); j++)
            assert_int_equal(apppool_identity_matches(&facts.identity, "SCEP", names[j]), i == j);
    }
    assert_true(apppool_identity_matches(&facts.identity, "SCEP", "iis apppool\\scep"));
    facts.identity.type = IDENTITY_UNSEEN;
    apppool_identity_text(&facts.identity, text, sizeof text);
    assert_string_equal(text, "");
}

static void test_identity(void **state)
{
    (void)state;
    judge_anew();
    assert_note("identity: NDESTEST\\svc-ndes");
    options.identity = "svc-ndes@ndes.test";
    judge_anew();
    assert_findings(0);
    assert_note("[OK] identity: NDESTEST\\svc-ndes");
    options.identity = "NDESTEST\\svc-other";
    judge_anew();
    assert_only(NDES_POOL_WRONGID, STATE_WARNING,
                "pool SCEP runs as NDESTEST\\svc-ndes, wanted NDESTEST\\svc-other");
    text_copy(facts.w3svc.state, sizeof facts.w3svc.state, "Stopped");
    judge_anew();
    assert_finding(NDES_POOL_WRONGID, STATE_WARNING, "wanted");
    assert_findings(2);
    facts.identity.type = IDENTITY_UNSEEN;
    judge_anew(); /* IIS is down: that alone is the matter */
    assert_only(NDES_IIS_STOPPED, STATE_CRITICAL, "W3SVC");
}

/* An identity that was asked for and not seen is UNKNOWN, by the nearest reason. */
static void test_identity_unseen(void **state)
{
    (void)state;
    fail_source(SOURCE_METABASE, PROBLEM_NO_NAMESPACE);
    judge_anew();
    assert_findings(0);
    assert_false(has_note("identity:"));
    options.identity = "svc-ndes";
    fail_source(SOURCE_POOLS, PROBLEM_NO_NAMESPACE);
    judge_anew();
    assert_only(NDES_CIM_NAMESPACE, STATE_UNKNOWN, "identity of the pool (--identity): ");
    fail_source(SOURCE_POOLS, PROBLEM_DENIED);
    judge_anew();
    assert_only(NDES_CIM_DENIED, STATE_UNKNOWN, "identity of the pool (--identity): ");
    fail_source(SOURCE_MODEL, PROBLEM_FAULT);
    judge_anew();
    assert_only(NDES_WINRM_FAULT, STATE_UNKNOWN, "identity of the pool (--identity): ");
    hide(SOURCE_METABASE);
    hide(SOURCE_POOLS);
    facts.sources[SOURCE_MODEL] = (struct source_facts){0};
    judge_anew();
    assert_only(NDES_CIM_RIGHTS, STATE_UNKNOWN, "needs read access to the IIS configuration");
}

#define JUDGING(test) cmocka_unit_test_setup_teardown(test, start_healthy, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JUDGING(test_missing),  JUDGING(test_missing_elsewhere),
        JUDGING(test_cut_list), JUDGING(test_not_missing),
        JUDGING(test_blind),    JUDGING(test_strange_state),
        JUDGING(test_accounts), JUDGING(test_built_in_accounts),
        JUDGING(test_identity), JUDGING(test_identity_unseen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
