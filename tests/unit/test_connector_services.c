/* test_connector_services.c - tests of which services make up the connector.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "plugins/connector/services.h"

static struct cim_rows rows;
static struct service services[SERVICES_MAXIMUM];
static bool control_seen;

static int free_rows(void **state)
{
    (void)state;
    cim_rows_free(&rows);
    return 0;
}

static struct cim_row *add(const char *name, const char *display, const char *state)
{
    struct cim_row *row = cim_rows_add(&rows);

    assert_non_null(row);
    assert_true(cim_row_add(row, "Name", name));
    assert_true(cim_row_add(row, "DisplayName", display));
    assert_true(cim_row_add(row, "State", state));
    assert_true(cim_row_add(row, "StartMode", "Auto"));
    return row;
}

static void test_query(void **state)
{
    const struct text_list none = {{0}, 0};
    const struct text_list named = {{"A'svc", "B\\svc"}, 2};
    struct buffer wql;

    (void)state;
    buffer_init(&wql, 8192);
    connector_services_query(&none, &wql);
    assert_non_null(strstr(buffer_text(&wql), "SELECT Name,DisplayName,State,"));
    assert_non_null(strstr(buffer_text(&wql), "WHERE Name='EventLog' OR Name='PFX"));
    assert_non_null(strstr(buffer_text(&wql), " OR Name='NDESConnectorSvc'"));
    assert_non_null(strstr(buffer_text(&wql), " OR DisplayName LIKE '%Intune%Connector%'"));
    buffer_reset(&wql);
    connector_services_query(&named, &wql);
    assert_non_null(
        strstr(buffer_text(&wql), "WHERE Name='EventLog' OR Name='A\\'svc' OR Name='B\\\\svc'"));
    assert_non_null(strstr(buffer_text(&wql), " OR Name='PFXCertificateConnectorSvc'"));
    buffer_free(&wql);
}

static void test_read(void **state)
{
    const struct text_list none = {{0}, 0};
    struct cim_row *row = add("pfxCERTIFICATEconnectorSvc", "PFX", "Running");

    (void)state;
    assert_true(cim_row_add(row, "StartName", "LocalSystem"));
    assert_true(cim_row_add(row, "PathName", "C:\\x.exe"));
    assert_true(cim_row_add(row, "ExitCode", "1066"));
    assert_true(cim_row_add(row, "ServiceSpecificExitCode", "7"));
    assert_int_equal(connector_services_read(&none, &rows, services, &control_seen), 1);
    assert_false(control_seen);
    assert_int_equal(services[0].kind, SERVICE_UNIFIED);
    assert_true(services[0].visibility == VISIBILITY_SHOWN && services[0].always &&
                !services[0].named);
    assert_string_equal(services[0].start_mode, "Auto");
    assert_string_equal(services[0].account, "LocalSystem");
    assert_string_equal(services[0].path, "C:\\x.exe");
    assert_true(services[0].exit_code == 1066 && services[0].specific_exit_code == 7);
    assert_true(connector_service_runs(&services[0]));
    add("eventlog", "Windows Event Log", "Running");
    assert_int_equal(connector_services_read(&none, &rows, services, &control_seen), 1);
    assert_true(control_seen);
}

/* Services that we do not know by name are told by words. */
static void test_words(void **state)
{
    static const struct {
        const char *name;
        const char *display;
        int kind; /* enum service_kind */
        unsigned features;
        bool always;
    } cases[] = {
        {"PfxRevoke2Svc", "PFX Revoke Connector for Microsoft Intune", SERVICE_UNIFIED,
         1U << FEATURE_REVOCATION, false},
        {"PkcsCreate2Svc", "PKCS Create Connector for Microsoft Intune", SERVICE_UNIFIED,
         1U << FEATURE_PFX_CREATE, false},
        {"IntuneScepConnectorSvc", "SCEP", SERVICE_UNIFIED, 0, false},
        {"IntuneNDESConnector", "Connector of Intune", SERVICE_LEGACY, 0, true},
        {"IntuneSvc", "Intune Connector Service", SERVICE_LEGACY, 0, true},
        {"NDESConnectorSvc", "x", SERVICE_LEGACY, 0, true},
        {"ODJConnectorSvc", "Intune ODJConnector Service", SERVICE_FOREIGN, 0, false},
        {"X", "Intune Connector for Active Directory", SERVICE_FOREIGN, 0, false},
        {"X", "Microsoft Intune Exchange Connector", SERVICE_FOREIGN, 0, false},
        {"WAPCSvc", "Microsoft Entra private network connector", SERVICE_FOREIGN, 0, false},
        {"IntuneManagementExtension", "Microsoft Intune Management Extension", SERVICE_FOREIGN, 0,
         false},
        {"AzureADConnectAgentUpdater", "Updater", SERVICE_UPDATER, 0, false},
    };
    const struct text_list none = {{0}, 0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t count;

        add(cases[i].name, cases[i].display, "Running");
        count = connector_services_read(&none, &rows, services, &control_seen);
        cim_rows_free(&rows);
        if (count != (cases[i].kind != SERVICE_FOREIGN) ||
            (count &&
             ((int)services[0].kind != cases[i].kind || services[0].features != cases[i].features ||
              services[0].always != cases[i].always)))
            fail_msg("%s, %s", cases[i].name, cases[i].display);
    }
}

static void test_named(void **state)
{
    const struct text_list named = {{"Gone", "Spooler", "AzureADConnectAgentUpdater"}, 3};

    (void)state;
    add("spooler", "Print Spooler", "Stopped");
    add("AzureADConnectAgentUpdater", "Updater", "Running");
    add("PFXCertificateConnectorSvc", "PFX", "Running");
    add("PkiRevokeConnectorSvc", "PFX", "Stopped");
    assert_int_equal(connector_services_read(&named, &rows, services, &control_seen), 5);
    assert_string_equal(services[0].name, "Gone");
    assert_int_equal(services[0].visibility, VISIBILITY_UNSURE);
    assert_true(services[1].visibility == VISIBILITY_SHOWN && services[1].named);
    assert_int_equal(services[1].kind, SERVICE_FOREIGN); /* its program is not the connector's */
    assert_int_equal(services[2].kind, SERVICE_UPDATER);
    assert_true(services[2].named);
    assert_string_equal(services[3].name, "PFXCertificateConnectorSvc");
    assert_int_equal(services[3].kind, SERVICE_UNIFIED);
    assert_false(services[3].named);
    assert_int_equal(connector_services_open_features(services, 5), 0);
    assert_true(connector_service_counts(&services[0], services, 5));
    assert_true(connector_service_counts(&services[2], services, 5));
    assert_false(connector_service_counts(&services[4], services, 5));
    services[2].named = false;
    assert_true(connector_service_counts(&services[4], services + 3, 2));
    assert_false(connector_service_counts(&services[2], services + 2, 3));
}

static void test_candidates(void **state)
{
    static const char *const always[] = {"PFXCertificateConnectorSvc", "NDESConnectorSvc"};
    static const char *const revoking[] = {"PkiRevokeConnectorSvc", "PKIConnectorSvc",
                                           "PKICertificateConnectorSvc"};
    struct service service = connector_service_of_name("pkirevokeconnectorsvc");
    size_t at = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(always); i++)
        assert_string_equal(connector_services_candidate(0, &at), always[i]);
    assert_null(connector_services_candidate(0, &at));
    at = 0;
    for (size_t i = 0; i < COUNT_OF(revoking); i++)
        assert_string_equal(connector_services_candidate(1U << FEATURE_REVOCATION, &at),
                            revoking[i]);
    assert_null(connector_services_candidate(1U << FEATURE_REVOCATION, &at));
    assert_int_equal(service.kind, SERVICE_UNIFIED);
    assert_int_equal(service.visibility, VISIBILITY_UNSURE);
    assert_int_equal(connector_services_served(&service, 1), 1 << FEATURE_REVOCATION);
}

static void test_many(void **state)
{
    const struct text_list none = {{0}, 0};

    (void)state;
    for (size_t i = 0; i <= SERVICES_MAXIMUM; i++)
        add("XSvc", "Connector X for Intune", "Running");
    assert_int_equal(connector_services_read(&none, &rows, services, &control_seen),
                     SERVICES_MAXIMUM);
}

static void test_open_features(void **state)
{
    const struct text_list none = {{0}, 0};
    size_t count;

    (void)state;
    add("PFXCertificateConnectorSvc", "", "Running");
    add("PkiCreateConnectorSvc", "", "Running");
    add("PkiRevokeConnectorSvc", "", "Running");
    count = connector_services_read(&none, &rows, services, &control_seen);
    assert_int_equal(connector_services_open_features(services, count), 0);
    text_copy(services[2].state, sizeof services[2].state, "Stopped");
    assert_int_equal(connector_services_open_features(services, count), 1 << FEATURE_REVOCATION);
    text_copy(services[0].state, sizeof services[0].state, "Stopped"); /* must run anyway */
    assert_int_equal(connector_services_open_features(services, count), 1 << FEATURE_REVOCATION);
    assert_int_equal(connector_services_open_features(services, 1),
                     1 << FEATURE_REVOCATION | 1 << FEATURE_PFX_CREATE);
    assert_int_equal(connector_services_open_features(services, 0), 0);
    services[0].kind = SERVICE_LEGACY;
    assert_int_equal(connector_services_open_features(services, 1), 0);
    assert_string_equal(connector_feature_name(FEATURE_PFX_IMPORT), "EnablePFxImport");
}

static void test_executable(void **state)
{
    static const char *const cases[][2] = {
        {"\"C:\\Program Files\\x y\\a.exe\" -k", "C:\\Program Files\\x y\\a.exe"},
        {"\"C:\\open", "C:\\open"},
        {"C:\\Program Files\\a.EXE -k b", "C:\\Program Files\\a.EXE"},
        {"C:\\a.com -k", "C:\\a.com"},
        {"C:\\a.com", "C:\\a.com"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct service service = {0};
        char path[64];

        text_copy(service.path, sizeof service.path, cases[i][0]);
        connector_service_executable(&service, path, sizeof path);
        assert_string_equal(path, cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_query),
        cmocka_unit_test_teardown(test_read, free_rows),
        cmocka_unit_test_teardown(test_words, free_rows),
        cmocka_unit_test_teardown(test_named, free_rows),
        cmocka_unit_test(test_candidates),
        cmocka_unit_test_teardown(test_many, free_rows),
        cmocka_unit_test_teardown(test_open_features, free_rows),
        cmocka_unit_test(test_executable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
