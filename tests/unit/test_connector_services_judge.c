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
        {0, "is stopped, start type Auto, account LocalSystem"},
        {1077, "exit code 1077: never started since the last boot"},
        {1069, "exit code 1069: its account could not log on"},
        {1053, "exit code 1053: it did not respond in time"},
        {1066, ", its own error 42"},
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
    assert_note("[OK] service PkiCreateConnectorSvc does not run, start type Manual");
    facts.services.services[CREATE].named = true;
    judge_anew();
    assert_only(NDES_CONN_STOPPED, STATE_CRITICAL, "start type Manual");
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
    assert_note("[OK] service PkiRevokeConnectorSvc does not run yet");
    set_service(CREATE, "Stopped", "Disabled", 1077);
    judge_anew();
    assert_only(NDES_CONN_DISABLED, STATE_CRITICAL, "PkiCreateConnectorSvc");
    set_service(CREATE, "Running", "Auto", 0);
    facts.host.uptime = 600;
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_CONN_PENDING, STATE_WARNING,
                   "service PFXCertificateConnectorSvc (PFX Certificate Connector for Microsoft "
                   "Intune) is in state Start Pending");
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
    assert_note("[OK] service PkiCreateConnectorSvc does not run, its feature is switched off");
    assert_note("EnablePFxCreate is off");
    set_service(CREATE, "Stopped", "Disabled", 0);
    judge_anew();
    assert_findings(0);
    facts.services.features[FEATURE_SCEP] = FEATURE_UNKNOWN;
    judge_anew();
    assert_only(NDES_CONN_DISABLED, STATE_CRITICAL,
                "service PkiCreateConnectorSvc (PFX Create Certificate Connector for Microsoft "
                "Intune) is disabled");
    facts.services.features[FEATURE_SCEP] = FEATURE_ON;
    judge_anew();
    assert_only(NDES_CONN_DISABLED, STATE_CRITICAL, "PkiCreateConnectorSvc");
    assert_note("EnableSCEP is on");
    facts.services.features[FEATURE_SCEP] = FEATURE_OFF;
    facts.services.services[CREATE].named = true;
    judge_anew();
    assert_only(NDES_CONN_DISABLED, STATE_CRITICAL, "PkiCreateConnectorSvc");
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
    judge_anew();
    assert_only(NDES_CONN_MISSING, STATE_CRITICAL,
                "EnableRevocation is on, but there is no service for it");
    facts.services.control_seen = false;
    judge_anew();
    assert_only(NDES_CONN_MISSING, STATE_UNKNOWN, "EnableRevocation");
    facts.services.features[FEATURE_REVOCATION] = FEATURE_UNKNOWN;
    facts.services.feature_problem =
        (struct cim_problem){.trouble = CIM_DENIED, .detail = "registry key X"};
    judge_anew();
    assert_only(NDES_CIM_DENIED, STATE_UNKNOWN, "switches of the features: access denied");
}

/* Nothing to be seen: not there, hidden, or the account sees no service at all. */
static void test_absent(void **state)
{
    (void)state;
    remove_connector();
    judge_anew();
    assert_only(NDES_CONN_MISSING, STATE_UNKNOWN,
                "no Intune connector on this host, or its services are hidden");
    assert_note("version: no connector is installed");
    assert_note("heartbeat: this connector keeps none");
    assert_note("events: the connector's log is not there either");
    assert_false(has_metric("services_running"));
    facts.services.control_seen = false;
    judge_anew();
    assert_only(NDES_CIM_RIGHTS, STATE_UNKNOWN, "not even EventLog");
    facts.services.control_seen = true;
    facts.problems[PART_SERVICES] = (struct cim_problem){.trouble = CIM_DENIED};
    facts.problems[PART_EVENTS] = (struct cim_problem){0};
    options.skip[PART_VERSION] = options.skip[PART_HEARTBEAT] = options.skip[PART_EVENTS] = true;
    facts.looked[PART_VERSION] = facts.looked[PART_HEARTBEAT] = facts.looked[PART_EVENTS] = false;
    judge_anew();
    assert_only(NDES_CIM_DENIED, STATE_UNKNOWN, "services: access denied");
    facts.looked[PART_VERSION] = true; /* then nobody knows whether it is not there */
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_CONN_DATA, STATE_UNKNOWN, "the version was not found");
}

static void test_named(void **state)
{
    (void)state;
    options.services = (struct text_list){{"Gone"}, 1};
    facts.services.count = 1;
    facts.services.services[0] = (struct service){.kind = SERVICE_UNIFIED, .named = true};
    text_copy(facts.services.services[0].name, 80, "Gone");
    judge_anew();
    assert_finding(NDES_CONN_MISSING, STATE_CRITICAL, "there is no service Gone on this host");
    assert_findings(1);
    assert_true(metric_of("services_running")->value == 0);
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
    assert_note("of the old connector does not run: Stopped");
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
    assert_note("not looked at: services (--skip)");
    assert_false(has_metric("services_running"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start_healthy, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_running),    TEST(test_stopped),  TEST(test_manual),
        TEST(test_grace),      TEST(test_features), TEST(test_features_without_service),
        TEST(test_absent),     TEST(test_named),    TEST(test_leftover),
        TEST(test_not_looked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
