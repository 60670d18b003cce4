/* test_connector_services_judge.c - tests of what is said of the connector's services.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/text.h"
#include "connector_facts.h"
#include "judging.h"

static void test_running(void **state)
{
    (void)state;
    judge_anew();
    assert_findings(0);
    assert_note("[OK] service PFXCertificateConnectorSvc (PFX Certificate Connector for Microsoft "
                "Intune) runs as LocalSystem");
    assert_note("auto-update: service AzureADConnectAgentUpdater is in state Running");
    assert_true(metric_of("services_running")->value == 4);
}

static void test_stopped(void **state)
{
    static const struct {
        int64_t code;
        const char *part;
    } cases[] = {
        {0, "is stopped (PFX Certificate Connector for Microsoft Intune), start type Auto, account "
            "LocalSystem"},
        {1077, "exit code 1077: not started since the last boot"},
        {1069, "exit code 1069: its account could not log on"},
        {1053, "exit code 1053: it did not respond in time"},
        {1066, ", service-specific error 42"},
        {5, ", exit code 5"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        set_service(CORE, "Stopped", "Auto", cases[i].code);
        facts.services.services[CORE].specific_exit_code = 42;
        judge_anew();
        assert_only(NDES_CONN_STOPPED, STATE_CRITICAL, cases[i].part);
        assert_true(metric_of("services_running")->value == 3);
    }
    set_service(CORE, "Stop Pending", "Auto", 0);
    judge_anew();
    assert_only(NDES_CONN_STOPPED, STATE_WARNING, "is in state Stop Pending");
    set_service(CORE, "Paused", "Auto", 0);
    judge_anew();
    assert_only(NDES_CONN_STOPPED, STATE_WARNING, "is in state Paused");
    set_service(CORE, "Unknown", "Auto", 0);
    judge_anew();
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN, "is in state 'Unknown'");
}

static void test_manual(void **state)
{
    (void)state;
    set_service(CREATE, "Stopped", "Manual", 1077);
    judge_anew();
    assert_findings(0);
    assert_note("[OK] service PkiCreateConnectorSvc is not running, start type Manual");
    facts.services.features[FEATURE_SCEP] = FEATURE_UNKNOWN;
    facts.services.features[FEATURE_PFX_CREATE] = FEATURE_OFF;
    judge_anew();
    assert_findings(0);
    facts.services.features[FEATURE_PFX_CREATE] = FEATURE_ON;
    judge_anew();
    assert_only(NDES_CONN_STOPPED, STATE_CRITICAL, "PkiCreateConnectorSvc");
    facts.services.features[FEATURE_PFX_CREATE] = FEATURE_UNKNOWN;
    facts.services.services[CREATE].named = true;
    judge_anew();
    assert_only(NDES_CONN_STOPPED, STATE_CRITICAL, "start type Manual");
    facts.services.services[CREATE].named = false;
    set_service(CREATE, "Running", "Manual", 0);
    set_service(CORE, "Stopped", "Manual", 0); /* it must run, whatever is switched on */
    judge_anew();
    assert_only(NDES_CONN_STOPPED, STATE_CRITICAL, "PFXCertificateConnectorSvc");
}

/* Soon after a boot services may be on their way. */
static void test_grace(void **state)
{
    (void)state;
    facts.host = (struct host_facts){.has_uptime = true, .uptime = 599};
    set_service(CORE, "Start Pending", "Auto", 0);
    set_service(REVOKE, "Stopped", "Auto", 1077);
    judge_anew();
    assert_findings(0);
    assert_note("[OK] service PFXCertificateConnectorSvc is starting");
    assert_note("[OK] service PkiRevokeConnectorSvc is not running yet");
    set_service(CREATE, "Stopped", "Disabled", 1077);
    facts.services.features[FEATURE_SCEP] = FEATURE_ON;
    judge_anew();
    assert_only(NDES_CONN_DISABLED, STATE_CRITICAL, "PkiCreateConnectorSvc");
    set_service(CREATE, "Running", "Auto", 0);
    facts.host.uptime = 600;
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_CONN_PENDING, STATE_WARNING,
                   "service PFXCertificateConnectorSvc is in state Start Pending (PFX Certificate "
                   "Connector for Microsoft Intune)");
    assert_finding(NDES_CONN_STOPPED, STATE_CRITICAL, "PkiRevokeConnectorSvc");
    facts.host.has_uptime = false;
    facts.host.uptime = 0;
    judge_anew();
    assert_findings(2);
}

/* A service whose features are all off need not run; if one is not known it must. */
static void test_features(void **state)
{
    (void)state;
    set_service(CREATE, "Stopped", "Auto", 0);
    facts.services.features[FEATURE_SCEP] = FEATURE_OFF;
    facts.services.features[FEATURE_PFX_CREATE] = FEATURE_OFF;
    judge_anew();
    assert_findings(0);
    assert_note("[OK] service PkiCreateConnectorSvc is not running; its feature is disabled");
    assert_note("EnablePFxCreate is off");
    set_service(CREATE, "Stopped", "Disabled", 0);
    judge_anew();
    assert_findings(0);
    facts.services.features[FEATURE_SCEP] = FEATURE_UNKNOWN; /* nobody saw that it has to run */
    judge_anew();
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN,
                "service PkiCreateConnectorSvc is disabled, and whether it must run is not known "
                "(PFX Create Certificate Connector for Microsoft Intune; EnableSCEP)");
    facts.services.services[CREATE].features = 0; /* known by words alone */
    judge_anew();
    assert_only(NDES_CONN_DATA, STATE_UNKNOWN, "what it serves)");
    facts.services.services[CREATE].features = 1U << FEATURE_SCEP | 1U << FEATURE_PFX_CREATE;
    facts.services.features[FEATURE_SCEP] = FEATURE_ON;
    judge_anew();
    assert_only(NDES_CONN_DISABLED, STATE_CRITICAL, "PkiCreateConnectorSvc");
    assert_note("EnableSCEP is on");
    facts.services.features[FEATURE_SCEP] = FEATURE_OFF;
    facts.services.services[CREATE].named = true;
    judge_anew();
    assert_only(NDES_CONN_DISABLED, STATE_CRITICAL, "PkiCreateConnectorSvc");
    facts.services.services[CREATE].named = false;
    set_service(CREATE, "Running", "Auto", 0);
    set_service(CORE, "Stopped", "Auto", 0); /* that one must run, whatever is off */
    for (int i = 0; i < FEATURE_COUNT; i++)
        facts.services.features[i] = FEATURE_OFF;
    judge_anew();
    assert_only(NDES_CONN_STOPPED, STATE_CRITICAL, "PFXCertificateConnectorSvc");
}

static void test_features_without_service(void **state)
{
    (void)state;
    facts.services.services[REVOKE] = facts.services.services[UPDATER];
    facts.services.count--;
    facts.services.features[FEATURE_REVOCATION] = FEATURE_OFF;
    judge_anew();
    assert_findings(0);
    facts.services.features[FEATURE_REVOCATION] = FEATURE_UNKNOWN;
    judge_anew();
    assert_findings(0);
    facts.services.features[FEATURE_REVOCATION] = FEATURE_ON;
    facts.services.feature_visibility[FEATURE_REVOCATION] = VISIBILITY_ABSENT;
    judge_anew();
    assert_only(NDES_CONN_MISSING, STATE_CRITICAL,
                "EnableRevocation is enabled, but its service does not exist");
    facts.services.feature_visibility[FEATURE_REVOCATION] = VISIBILITY_UNSURE;
    facts.services.visibility_problem =
        (struct problem){.kind = PROBLEM_DENIED, .detail = "registry key X"};
    judge_anew();
    assert_only(NDES_CIM_RIGHTS, STATE_UNKNOWN,
                "EnableRevocation is enabled, but no service for it is visible; whether one exists "
                "is not known: access denied (registry key X)");
    facts.services.features[FEATURE_REVOCATION] = FEATURE_UNKNOWN;
    facts.services.feature_problem =
        (struct problem){.kind = PROBLEM_DENIED, .detail = "registry key X"};
    judge_anew();
    assert_only(NDES_CIM_DENIED, STATE_UNKNOWN, "feature settings: access denied");
}

/* One of a feature that is on, and one that --service names. */
static void test_hidden(void **state)
{
    struct service *service = &facts.services.services[REVOKE];

    (void)state;
    facts.services.features[FEATURE_REVOCATION] = FEATURE_ON;
    facts.services.feature_visibility[FEATURE_REVOCATION] = VISIBILITY_HIDDEN;
    *service = connector_service_of_name("PkiRevokeConnectorSvc");
    service->visibility = VISIBILITY_HIDDEN;
    judge_anew();
    assert_only(NDES_CIM_RIGHTS, STATE_UNKNOWN,
                "service PkiRevokeConnectorSvc exists but is hidden: the account needs the right "
                "to query its status");
    assert_true(metric_of("services_running")->value == 3);
    remove_connector();
    facts.services.features[FEATURE_REVOCATION] = FEATURE_NOT_ASKED;
    facts.services.count = 1;
    facts.services.services[0] = connector_service_of_name("PFXCertificateConnectorSvc");
    facts.services.services[0].visibility = VISIBILITY_HIDDEN;
    judge_anew();
    assert_false(connector_is_absent(&facts));
    assert_finding(NDES_CIM_RIGHTS, STATE_UNKNOWN, "PFXCertificateConnectorSvc exists");
    assert_null(finding_of(NDES_CONN_MISSING, 0));
}

/* Nothing to be seen: not there, hidden, or the account sees no service at all. */
static void test_absent(void **state)
{
    (void)state;
    remove_connector();
    judge_anew();
    assert_only(NDES_CONN_MISSING, STATE_UNKNOWN,
                "no Intune connector on this host, or it is hidden from this account");
    assert_note("version: no connector is installed");
    assert_note("heartbeat: this connector does not record one");
    assert_note("events: the connector's log does not exist either");
    assert_false(has_metric("services_running"));
    options.skip[PART_SERVICES] = true; /* that there is none is said all the same */
    judge_anew();
    assert_only(NDES_CONN_MISSING, STATE_UNKNOWN, "no Intune connector on this host");
    options.skip[PART_SERVICES] = false;
    facts.services.control_seen = false;
    judge_anew();
    assert_finding(NDES_CIM_RIGHTS, STATE_UNKNOWN, "not even EventLog");
    assert_finding(NDES_CONN_DATA, STATE_UNKNOWN, "version not found");
    assert_null(finding_of(NDES_CONN_MISSING, 0));
    options.skip[PART_SERVICES] = true; /* because of that, perhaps */
    judge_anew();
    assert_null(finding_of(NDES_CIM_RIGHTS, 0));
    options.skip[PART_SERVICES] = false;
    facts.services.control_seen = true;
    facts.problems[PART_SERVICES] = (struct problem){.kind = PROBLEM_DENIED};
    facts.problems[PART_EVENTS] = (struct problem){0};
    options.skip[PART_VERSION] = options.skip[PART_HEARTBEAT] = options.skip[PART_EVENTS] = true;
    facts.looked[PART_VERSION] = facts.looked[PART_HEARTBEAT] = facts.looked[PART_EVENTS] = false;
    judge_anew();
    assert_only(NDES_CIM_DENIED, STATE_UNKNOWN, "services: access denied");
    facts.looked[PART_VERSION] = true; /* then nobody knows whether it is not there */
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_CONN_DATA, STATE_UNKNOWN, "version not found");
}

static void test_named(void **state)
{
    (void)state;
    options.services = (struct text_list){{"Gone"}, 1};
    facts.services.services[UPDATER] = connector_service_of_name("Gone");
    facts.services.services[UPDATER].named = true;
    facts.services.services[UPDATER].visibility = VISIBILITY_ABSENT;
    set_service(REVOKE, "Stopped", "Auto", 0); /* is not named: does not count */
    judge_anew();
    assert_only(NDES_CONN_MISSING, STATE_CRITICAL, "service Gone does not exist on this host");
    assert_true(metric_of("services_running")->value == 0);
    facts.services.services[UPDATER].visibility = VISIBILITY_HIDDEN;
    judge_anew();
    assert_only(NDES_CIM_RIGHTS, STATE_UNKNOWN, "service Gone exists but is hidden");
    facts.services.services[UPDATER].visibility = VISIBILITY_UNSURE;
    judge_anew();
    assert_only(
        NDES_CIM_RIGHTS, STATE_UNKNOWN,
        "service Gone is not visible; whether it exists is not known: the registry was not asked");
    facts.services.services[CORE].named = true;
    facts.services.services[UPDATER].named = false;
    facts.services.features[FEATURE_REVOCATION] = FEATURE_ON; /* asked for the certificate's sake */
    facts.services.services[REVOKE].features = 0;
    judge_anew();
    assert_findings(0);
    assert_true(metric_of("services_running")->value == 1);
    assert_string_equal(
        judged.summary,
        "1 service running, last check-in 12 minutes ago, certificate expires in 312 days");
}

/* The updater, if it is named. */
static void test_named_updater(void **state)
{
    (void)state;
    options.services = (struct text_list){{"AzureADConnectAgentUpdater"}, 1};
    facts.services.services[UPDATER].named = true;
    set_service(UPDATER, "Stopped", "Manual", 0);
    judge_anew();
    assert_only(NDES_CONN_STOPPED, STATE_CRITICAL, "AzureADConnectAgentUpdater");
}

static void start_pending(int64_t seconds)
{
    set_service(CORE, "Start Pending", "Auto", 0);
    facts.pending.since[CORE] = NOW - seconds;
    judge_anew();
}

/* How long is told by the state file; by our clock. */
static void test_pending(void **state)
{
    size_t count = facts.services.count;

    (void)state;
    options.pending_time = 5 * MINUTE;
    facts.server_now = NOW + HOUR;
    facts.heartbeat.time = facts.server_now;
    start_pending(0);
    assert_only(NDES_CONN_PENDING, STATE_WARNING, "; for how long is not known (no --state-file)");
    options.state_file = "/x";
    text_copy(facts.pending.problem, sizeof facts.pending.problem, "cannot use state file /x: no");
    start_pending(0);
    assert_finding(NDES_CONN_PENDING, STATE_WARNING,
                   "for how long is not known (the state file cannot be used)");
    assert_finding(NDES_CONN_STATE, STATE_UNKNOWN, "cannot use state file /x: no");
    set_service(CORE, "Running", "Auto", 0);
    judge_anew();
    assert_only(NDES_CONN_STATE, STATE_UNKNOWN, "cannot use state file /x: no");
    facts.services.count = 0; /* nothing of the connector is seen */
    judge_anew();
    assert_finding(NDES_CONN_STATE, STATE_UNKNOWN, "cannot use state file /x: no");
    facts.services.count = count;
    facts.pending.problem[0] = '\0';
    facts.pending.known = true;
    start_pending(5 * MINUTE - 1);
    assert_findings(0);
    assert_note("[OK] service PFXCertificateConnectorSvc is in state Start Pending, for 4 minutes");
    start_pending(5 * MINUTE);
    assert_only(NDES_CONN_PENDING, STATE_WARNING,
                "has been in state Start Pending for 5 minutes (allowed: less than 5 minutes)");
    options.pending_time = 0;
    start_pending(0);
    assert_only(NDES_CONN_PENDING, STATE_WARNING, "Start Pending for 0");
}

/* What an upgrade leaves of the old connector. */
static void test_leftover(void **state)
{
    struct service *service = &facts.services.services[facts.services.count++];

    (void)state;
    *service = facts.services.services[CORE];
    service->kind = SERVICE_LEGACY;
    set_service(facts.services.count - 1, "Stopped", "Disabled", 0);
    judge_anew();
    assert_findings(0);
    assert_note("of the old connector is not running: Stopped");
    service->named = true;
    judge_anew();
    assert_only(NDES_CONN_DISABLED, STATE_CRITICAL, "is disabled");
}

static void test_not_looked(void **state)
{
    (void)state;
    facts.looked[PART_SERVICES] = false;
    options.skip[PART_SERVICES] = true;
    judge_anew();
    assert_findings(0);
    assert_note("not checked: services (--skip)");
    assert_false(has_metric("services_running"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start_healthy, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_running),    TEST(test_stopped),  TEST(test_manual),
        TEST(test_grace),      TEST(test_features), TEST(test_features_without_service),
        TEST(test_absent),     TEST(test_named),    TEST(test_leftover),
        TEST(test_not_looked), TEST(test_hidden),   TEST(test_named_updater),
        TEST(test_pending),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
