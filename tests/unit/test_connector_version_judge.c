/* test_connector_version_judge.c - tests of what is said of the connector's version.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "connector_facts.h"
#include "judging.h"

static void judge_version_of(const char *text)
{
    text_copy(facts.version.text, sizeof facts.version.text, text);
    judge_anew();
}

static void set_server_clock(int64_t seconds)
{
    facts.server_now = facts.heartbeat.time = seconds;
}

static void test_newest(void **state)
{
    (void)state;
    judge_version_of("6.2406.0.2002");
    assert_findings(0);
    assert_true(metric_of("version_age_days")->value == 0);
    assert_note("version 6.2406.0.2002 from Uninstall key {8C1F}, found after reading 1 of 30 "
                "keys; --version-key='{8C1F}' avoids that");
    judge_version_of("6.2701.0.0");
    assert_findings(0);
    assert_true(metric_of("version_age_days")->value == 0);
    assert_note("version 6.2701.0.0 is newer than the table of releases, which ends at "
                "6.2406.0.2002");
}

/* 6.2406.0.2002 appeared on 2026-10-01: from that day on its predecessors grow old. */
static void test_age(void **state)
{
    int64_t date = clock_from_utc(2026, 10, 1, 0, 0, 0);

    (void)state;
    judge_version_of("6.2406.0.1001");
    assert_findings(0);
    assert_true(metric_of("version_age_days")->value == 53);
    assert_note("version 6.2406.0.1001 was superseded by 6.2406.0.2002 on 2026-10-01");
    set_server_clock(date - 2 * DAY); /* a table from the future */
    judge_version_of("6.2406.0.1001");
    assert_true(metric_of("version_age_days")->value == 0);
    facts.certificate.certificate.validity.not_after = date + 900 * DAY;
    set_server_clock(date + 184 * DAY - 1);
    judge_anew();
    assert_findings(0);
    set_server_clock(date + 184 * DAY);
    judge_anew();
    assert_only(NDES_CONN_OUTDATED, STATE_WARNING,
                "version 6.2406.0.1001 was superseded by 6.2406.0.2002 on 2026-10-01, 184 days "
                "ago: supported for 183, working for 548");
    set_server_clock(date + 549 * DAY - 1);
    judge_anew();
    assert_only(NDES_CONN_OUTDATED, STATE_WARNING, "548 days ago");
    set_server_clock(date + 549 * DAY);
    judge_anew();
    assert_only(NDES_CONN_OUTDATED, STATE_CRITICAL, "549 days ago: the limit is 548");
    judge_version_of("6.2406.0.1500"); /* between two rows */
    assert_only(NDES_CONN_OUTDATED, STATE_CRITICAL, "superseded by 6.2406.0.2002");
}

static void test_minimum(void **state)
{
    (void)state;
    options.minimum_version = "6.2406.0.2002";
    judge_anew();
    assert_findings(0);
    judge_version_of("6.2406.0.1001");
    assert_only(NDES_CONN_OUTDATED, STATE_WARNING,
                "version 6.2406.0.1001, wanted 6.2406.0.2002 or later");
}

static void test_strong_mapping(void **state)
{
    (void)state;
    judge_version_of("6.2301.1.0");
    assert_findings(2);
    assert_finding(NDES_CONN_SID, STATE_WARNING,
                   "version 6.2301.1.0, strong mapping needs 6.2406.0.1001 or later");
    assert_finding(NDES_CONN_OUTDATED, STATE_CRITICAL, "superseded by 6.2406.0.1001 on 2024-09-19");
}

static void test_no_table(void **state)
{
    (void)state;
    options.releases.count = 0;
    judge_anew();
    assert_findings(0);
    assert_note("age of version 6.2406.0.2002 not known: no table of releases");
    assert_false(has_metric("version_age_days"));
}

static void test_sources(void **state)
{
    (void)state;
    facts.version.source = VERSION_FILE;
    facts.version.names_read = 4;
    text_copy(facts.version.key, sizeof facts.version.key, "C:\\connector.exe");
    judge_anew();
    assert_findings(0);
    assert_note("version 6.2406.0.2002 from file C:\\connector.exe, after reading 4 of 30 keys");
    facts.version.source = VERSION_UNINSTALL;
    facts.version.names_read = 0;
    judge_anew();
    assert_note("version 6.2406.0.2002 from Uninstall key C:");
    facts.version.source = VERSION_NONE;
    facts.version.names_read = 4;
    judge_anew();
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN, "version not found in 4 of 30 keys");
    facts.version.file_problem = (struct problem){.kind = PROBLEM_NO_CLASS};
    judge_anew();
    assert_only(
        NDES_CONN_DATA, STATE_UNKNOWN,
        "name the key with --version-key. The program file does not show it either: unknown class");
    options.version_key = "{X}";
    judge_anew();
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN, "Uninstall key '{X}' has no DisplayVersion");
}

static void test_problems(void **state)
{
    (void)state;
    judge_version_of("six");
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN, "version 'six' is not a valid version");
    facts.problems[PART_VERSION] =
        (struct problem){.kind = PROBLEM_DENIED, .detail = "registry key HKLM\\X"};
    judge_anew();
    assert_only(NDES_CIM_DENIED, STATE_UNKNOWN, "version: access denied (registry key HKLM\\X)");
    facts.looked[PART_VERSION] = false;
    judge_anew();
    assert_findings(0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start_healthy, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_newest),   TEST(test_age),     TEST(test_minimum),  TEST(test_strong_mapping),
        TEST(test_no_table), TEST(test_sources), TEST(test_problems),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
