/* test_connector_judge.c - tests of what is said of heartbeat, certificate and the whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "connector_facts.h"
#include "judging.h"

static void test_healthy(void **state)
{
    (void)state;
    judge_anew();
    assert_findings(0);
    assert_string_equal(
        judged.summary,
        "4 services running, last check-in 12 minutes ago, certificate expires in 312 days");
    assert_true(metric_of("time")->value == 0.5L);
    assert_true(metric_of("heartbeat_age")->value == 720);
    assert_string_equal(metric_of("heartbeat_age")->warning.text, "14400");
    assert_string_equal(metric_of("heartbeat_age")->critical.text, "86400");
    assert_true(metric_of("certificate_days")->value == 312);
    assert_string_equal(metric_of("certificate_days")->warning.text, "21:");
    assert_note("[OK] last check-in 12 minutes ago (2026-11-22 23:48 UTC)");
    assert_note("[OK] client certificate of 'CN=Microsoft Intune ImportPFX Connector CA': expires "
                "in 312 days (2027-10-01");
    assert_note("SHA-1 00112233445566778899AABBCCDDEEFF00112233");
}

static void test_stale(void **state)
{
    (void)state;
    facts.heartbeat.time = NOW - 4 * HOUR;
    judge_anew();
    assert_findings(0);
    facts.heartbeat.time--;
    judge_anew();
    assert_only(NDES_CONN_STALE, STATE_WARNING,
                "last check-in 4 hours ago (2026-11-22 19:59 UTC; wanted at most 4 hours)");
    facts.heartbeat.time = NOW - 24 * HOUR - 1;
    text_copy(facts.heartbeat.issues, sizeof facts.heartbeat.issues, "proxy says 407");
    judge_anew();
    assert_only(NDES_CONN_STALE, STATE_CRITICAL, "wanted at most 24 hours): proxy says 407");
}

static void test_ranges_in_seconds(void **state)
{
    static const char *const cases[][2] = {
        {"1:4", "3600:14400"}, {"@0:4", "@14400"}, {"~:4", "~:14400"},
        {"0.5:", "1800:"},     {"0:", "0:"},       {"@~:2", "@~:7200"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        options.heartbeat_warning = range_of(cases[i][0]);
        judge_anew();
        assert_string_equal(metric_of("heartbeat_age")->warning.text, cases[i][1]);
    }
    options.heartbeat_warning.set = false;
    judge_anew();
    assert_false(metric_of("heartbeat_age")->warning.set);
}

/* Its time is told by the server's clock. */
static void test_server_clock(void **state)
{
    (void)state;
    facts.server_now = NOW + 5 * HOUR;
    facts.heartbeat.time = NOW + 5 * HOUR - 6 * MINUTE;
    judge_anew();
    assert_findings(0);
    assert_true(metric_of("heartbeat_age")->value == 360);
    facts.heartbeat.time = facts.server_now + 600;
    judge_anew();
    assert_findings(0);
    assert_true(metric_of("heartbeat_age")->value == 0);
    facts.heartbeat.time++;
    text_copy(facts.heartbeat.text, sizeof facts.heartbeat.text, "soon");
    judge_anew();
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN, "LastConnectionTime 'soon' is 10 minutes in the");
    assert_false(has_metric("heartbeat_age"));
}

static void test_strange_heartbeat(void **state)
{
    (void)state;
    text_copy(facts.heartbeat.text, sizeof facts.heartbeat.text, "22 Nov");
    facts.heartbeat.guessed = true;
    judge_anew();
    assert_findings(0);
    assert_note("check-in time '22 Nov' is ambiguous");
    facts.heartbeat.value = HEARTBEAT_STRANGE;
    judge_anew();
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN, "LastConnectionTime '22 Nov' is not a time");
}

/* Without a heartbeat in the registry an event 5000 is proof enough. */
static void test_no_heartbeat(void **state)
{
    (void)state;
    facts.heartbeat.value = HEARTBEAT_ABSENT;
    judge_anew();
    assert_findings(0);
    assert_note(
        "[OK] last check-in 10 minutes ago by event 5000, as there is no LastConnectionTime");
    assert_true(metric_of("heartbeat_age")->value == 600);
    assert_non_null(strstr(judged.summary, ", last check-in 10 minutes ago,"));
    facts.events.tally = (struct event_tally){0};
    log_events(5000, 1, 4 * HOUR + 1, "sent");
    judge_anew();
    assert_only(NDES_CONN_STALE, STATE_WARNING,
                "last check-in 4 hours ago by event 5000, as there is no LastConnectionTime "
                "(2026-11-22 19:59 UTC; wanted at most 4 hours)");
    facts.events.tally = (struct event_tally){0};
    options.event_window = 7 * DAY;
    log_events(5000, 1, 6 * DAY, "sent");
    judge_anew();
    assert_only(NDES_CONN_STALE, STATE_CRITICAL, "6 days ago");
    facts.events.tally.truncated = true; /* there may be newer ones */
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_CONN_DATA, STATE_UNKNOWN, "no LastConnectionTime");
    assert_finding(NDES_CONN_DATA, STATE_UNKNOWN, "more than 2048 events");
    assert_false(has_metric("heartbeat_age"));
    facts.events.tally = (struct event_tally){0};
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_CONN_DATA, STATE_UNKNOWN, "the connector has never checked in");
    assert_finding(NDES_CONN_STALE, STATE_WARNING, "no event 5000");
    facts.looked[PART_EVENTS] = false;
    text_copy(facts.heartbeat.issues, sizeof facts.heartbeat.issues, "no way out");
    judge_anew();
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN, "elsewhere: no way out");
    facts.looked[PART_SERVICES] = false; /* then it may be there as well as not */
    judge_anew();
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN, "no LastConnectionTime");
}

static void test_certificate_days(void **state)
{
    struct certificate *certificate = &facts.certificate.certificate;

    (void)state;
    certificate->validity.not_after = NOW + 21 * DAY;
    judge_anew();
    assert_findings(0);
    certificate->validity.not_after--;
    judge_anew();
    assert_only(NDES_CONN_CERT, STATE_WARNING,
                "client certificate expires in 20 days (2026-12-13 23:59 UTC; wanted 21:)");
    certificate->validity.not_after = NOW + 7 * DAY - 1;
    judge_anew();
    assert_only(NDES_CONN_CERT, STATE_CRITICAL,
                "expires in 6 days (2026-11-29 23:59 UTC; wanted 7:");
    certificate->validity.not_after = NOW; /* the last second */
    judge_anew();
    assert_only(NDES_CONN_CERT, STATE_CRITICAL, "expires in 0 minutes");
    certificate->validity.not_after--;
    judge_anew();
    assert_only(NDES_CONN_CERT, STATE_CRITICAL, "expired 0 minutes ago");
    certificate->validity.not_after = NOW - 2 * DAY;
    judge_anew();
    assert_only(NDES_CONN_CERT, STATE_CRITICAL, "client certificate expired 2 days ago");
    assert_true(metric_of("certificate_days")->value == -2);
    certificate->validity.not_after = NOW + 300 * DAY;
    certificate->validity.not_before = NOW + 1;
    judge_anew();
    assert_only(NDES_CONN_CERT, STATE_CRITICAL, "is not valid before 2026-11-23 00:00 UTC");
}

/* It is the server that uses it. */
static void test_certificate_clock(void **state)
{
    struct certificate *certificate = &facts.certificate.certificate;

    (void)state;
    certificate->validity.not_after = NOW + 20 * DAY;
    facts.server_now = NOW - 2 * DAY;
    facts.heartbeat.time = facts.server_now;
    judge_anew();
    assert_findings(0);
    assert_true(metric_of("certificate_days")->value == 22);
    assert_note("expires in 22 days");
    assert_non_null(strstr(judged.summary, "certificate expires in 22 days"));
    certificate->validity.not_after = NOW + DAY;
    facts.server_now = facts.heartbeat.time = NOW + 2 * DAY;
    judge_anew();
    assert_only(NDES_CONN_CERT, STATE_CRITICAL, "client certificate expired 24 hours ago");
    certificate->validity.not_after = NOW + 300 * DAY;
    certificate->validity.not_before = NOW + DAY;
    judge_anew();
    assert_findings(0);
}

static void test_certificate_percent(void **state)
{
    (void)state;
    assert_null(limit_parse("90%", &options.cert_warning));
    assert_null(limit_parse("10%", &options.cert_critical));
    judge_anew();
    assert_only(NDES_CONN_CERT, STATE_WARNING, "wanted 90%");
    assert_false(metric_of("certificate_days")->warning.set);
    assert_false(metric_of("certificate_days")->critical.set);
}

static void test_certificate_usage(void **state)
{
    (void)state;
    facts.certificate.certificate.client_authentication = false;
    judge_anew();
    assert_only(NDES_CONN_CERT, STATE_WARNING, "lacks EKU Client Authentication");
    assert_false(has_note("[OK] client certificate"));
    facts.certificate.certificate.has_extended_key_usage = false; /* then it is good for all */
    judge_anew();
    assert_findings(0);
}

static void test_certificate_absent(void **state)
{
    (void)state;
    facts.certificate.value = CERTIFICATE_NOT_NAMED;
    judge_anew();
    assert_findings(0);
    assert_note("client certificate: the connector names none");
    assert_false(has_metric("certificate_days"));
    facts.services.features[FEATURE_PFX_IMPORT] = FEATURE_UNKNOWN;
    facts.services.features[FEATURE_PFX_CREATE] = FEATURE_OFF;
    judge_anew();
    assert_findings(0);
    facts.services.feature_problem = (struct problem){.kind = PROBLEM_QUOTA};
    facts.looked[PART_SERVICES] = false; /* whose judge would say it */
    judge_anew();
    assert_only(NDES_WINRM_QUOTA, STATE_UNKNOWN, "feature settings: ");
    facts.looked[PART_SERVICES] = true;
    facts.services.feature_problem = (struct problem){0};
    facts.services.features[FEATURE_PFX_CREATE] = FEATURE_ON;
    judge_anew();
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN,
                "no EncryptionCertThumbprint: the connector names no client certificate, though "
                "EnablePFxCreate is enabled");
    facts.services.features[FEATURE_PFX_IMPORT] = FEATURE_ON;
    judge_anew();
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN, "though EnablePFxImport is enabled");
    facts.certificate.value = CERTIFICATE_BAD_NAME;
    judge_anew();
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN, "EncryptionCertThumbprint '0011");
    facts.certificate.value = CERTIFICATE_NOT_IN_STORE;
    judge_anew();
    assert_only(NDES_CONN_CERT, STATE_CRITICAL, "is not in the store LocalMachine\\My");
    facts.certificate.value = CERTIFICATE_UNREADABLE;
    judge_anew();
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN, "client certificate in the store cannot be read");
}

/* One part that cannot be looked at hides none of the others; one cause is told once. */
static void test_denied(void **state)
{
    const struct problem denied = {.kind = PROBLEM_DENIED, .detail = "registry key HKLM\\K"};

    (void)state;
    facts.problems[PART_HEARTBEAT] = facts.problems[PART_CERTIFICATE] = denied;
    set_service(CORE, "Stopped", "Auto", 0);
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_CONN_STOPPED, STATE_CRITICAL, "PFXCertificateConnectorSvc");
    assert_finding(NDES_CIM_DENIED, STATE_UNKNOWN,
                   "heartbeat: access denied (registry key HKLM\\K)");
    assert_note("client certificate: also access denied (registry key HKLM\\K)");
}

/* What was seen before the connection broke counts. */
static void test_fatal(void **state)
{
    (void)state;
    for (int part = PART_VERSION; part < PART_COUNT; part++)
        facts.looked[part] = false;
    facts.fatal = (struct problem){.kind = PROBLEM_TIMEOUT, .detail = "10 s"};
    facts.fatal_part = PART_VERSION;
    facts.version.source = VERSION_NONE;
    facts.certificate.value = CERTIFICATE_NOT_NAMED;
    options.warning = range_of("0.1");
    set_service(CORE, "Stopped", "Auto", 0);
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_WINRM_TIMEOUT, STATE_CRITICAL, ": no answer in time (10 s)");
    assert_note("the connection ended while asking for: version");
    assert_finding(NDES_CONN_STOPPED, STATE_CRITICAL, "PFXCertificateConnectorSvc");
    assert_string_equal(judged.summary, "3 services running");
}

/* What is left by --skip does not exist: nothing was seen that could be good. */
static void test_nothing_to_check(void **state)
{
    (void)state;
    make_legacy();
    for (int part = 0; part < PART_COUNT; part++)
        facts.looked[part] = !(options.skip[part] = part != PART_HEARTBEAT);
    facts.version.source = VERSION_NONE;
    judge_anew();
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN, "nothing was checked");
}

static void test_time(void **state)
{
    (void)state;
    options.warning = range_of("0.4");
    facts.statistics.requests = 12;
    judge_anew();
    assert_only(NDES_WINRM_SLOW, STATE_WARNING, "12 requests took 0.500 s, wanted at most 0.4 s");
    options.critical = range_of("0.45");
    judge_anew();
    assert_only(NDES_WINRM_SLOW, STATE_CRITICAL, "wanted at most 0.45 s");
}

/* The old connector: the version alone says what to do. */
static void test_legacy(void **state)
{
    (void)state;
    make_legacy();
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_CONN_OUTDATED, STATE_CRITICAL, "version 6.2008.60.607");
    assert_finding(NDES_CONN_SID, STATE_WARNING, "version 6.2008.60.607");
    assert_note("heartbeat: this connector does not record one in the registry");
    assert_true(metric_of("services_running")->value == 1);
}

static void test_skip_all_but_one(void **state)
{
    (void)state;
    for (int part = 0; part < PART_COUNT; part++)
        options.skip[part] = part != PART_CERTIFICATE;
    for (int part = 0; part < PART_COUNT; part++)
        facts.looked[part] = part == PART_CERTIFICATE;
    facts.version.source = VERSION_NONE;
    judge_anew();
    assert_findings(0);
    assert_string_equal(judged.summary, "certificate expires in 312 days");
    assert_note("not checked: events (--skip)");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start_healthy, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_healthy),
        TEST(test_stale),
        TEST(test_ranges_in_seconds),
        TEST(test_server_clock),
        TEST(test_strange_heartbeat),
        TEST(test_no_heartbeat),
        TEST(test_certificate_days),
        TEST(test_certificate_clock),
        TEST(test_certificate_percent),
        TEST(test_certificate_usage),
        TEST(test_certificate_absent),
        TEST(test_denied),
        TEST(test_fatal),
        TEST(test_nothing_to_check),
        TEST(test_time),
        TEST(test_legacy),
        TEST(test_skip_all_but_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
