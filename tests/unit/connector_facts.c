/* connector_facts.c - the facts that the tests of check_ndes_connector's judge start from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/text.h"
#include "connector_facts.h"
#include "judging.h"

struct connector_options options;
struct connector_facts facts;

void set_service(size_t index, const char *state, const char *start_mode, int64_t exit_code)
{
    struct service *service = &facts.services.services[index];

    text_copy(service->state, sizeof service->state, state);
    text_copy(service->start_mode, sizeof service->start_mode, start_mode);
    service->exit_code = exit_code;
}

static void add_service(const char *name, const char *display, enum service_kind kind,
                        unsigned features)
{
    struct service *service = &facts.services.services[facts.services.count++];

    *service = (struct service){.kind = kind, .visibility = VISIBILITY_SHOWN, .features = features};
    service->always = !features || (features & 1U << FEATURE_PFX_IMPORT);
    text_copy(service->name, sizeof service->name, name);
    text_copy(service->display, sizeof service->display, display);
    text_copy(service->account, sizeof service->account, "LocalSystem");
    text_copy(service->path, sizeof service->path, "C:\\connector.exe");
    set_service(facts.services.count - 1, "Running", "Auto", 0);
}

static void add_services(void)
{
    const unsigned scep = 1U << FEATURE_SCEP;
    const unsigned create = 1U << FEATURE_PFX_CREATE;

    add_service("PFXCertificateConnectorSvc", "PFX Certificate Connector for Microsoft Intune",
                SERVICE_UNIFIED, scep | 1U << FEATURE_PFX_IMPORT);
    add_service("PkiCreateConnectorSvc", "PFX Create Certificate Connector for Microsoft Intune",
                SERVICE_UNIFIED, scep | create);
    add_service("PfxCreateLegacyConnectorSvc", "PFX Create Legacy Connector for Microsoft Intune",
                SERVICE_UNIFIED, create);
    add_service("PkiRevokeConnectorSvc", "PFX Revoke Certificate Connector for Microsoft Intune",
                SERVICE_UNIFIED, 1U << FEATURE_REVOCATION);
    add_service("AzureADConnectAgentUpdater", "Microsoft Azure AD Connect Agent Updater",
                SERVICE_UPDATER, 0);
    facts.services.control_seen = true;
}

static const char releases[] = "6.2406.0.2002 2026-10-01\n6.2406.0.1001 2024-09-19\n"
                               "6.2301.1.0 2023-02-15\n";

static void set_options(void)
{
    options = (struct connector_options){0};
    set_standards(connector_options_groups, &options);
    assert_int_equal(connector_releases_parse(releases, sizeof releases - 1, &options.releases), 0);
}

int start_healthy(void **state)
{
    set_options();
    facts = (struct connector_facts){.now = NOW, .server_now = NOW, .statistics = {.seconds = 0.5}};
    for (int part = 0; part < PART_COUNT; part++)
        facts.looked[part] = true;
    add_services();
    facts.version =
        (struct version_facts){.source = VERSION_UNINSTALL, .keys = 30, .names_read = 1};
    text_copy(facts.version.text, sizeof facts.version.text, "6.2406.0.2002");
    text_copy(facts.version.key, sizeof facts.version.key, "{8C1F}");
    facts.heartbeat = (struct heartbeat_facts){.value = HEARTBEAT_KNOWN, .time = NOW - 12 * MINUTE};
    facts.certificate.value = CERTIFICATE_READ;
    text_copy(facts.certificate.thumbprint, sizeof facts.certificate.thumbprint,
              "00112233445566778899AABBCCDDEEFF00112233");
    facts.certificate.certificate = (struct certificate){
        .subject = "CN=8f1e",
        .issuer = "CN=Microsoft Intune ImportPFX Connector CA",
        .serial = "0c",
        .validity.not_before = NOW - 53 * DAY,
        .validity.not_after = NOW + 312 * DAY,
        .has_extended_key_usage = true,
        .client_authentication = true,
    };
    log_events(5000, 4, 10 * MINUTE, "sent");
    return start_report(state);
}

void remove_connector(void)
{
    facts.services.count = 0;
    facts.version = (struct version_facts){.keys = 30, .names_read = 4};
    facts.heartbeat = (struct heartbeat_facts){0};
    facts.certificate = (struct certificate_facts){0};
    facts.events = (struct events_facts){0};
    facts.problems[PART_EVENTS] = (struct problem){.kind = PROBLEM_NO_INSTANCE};
}

void make_legacy(void)
{
    remove_connector();
    add_service("NDESConnectorSvc", "Intune Connector Service", SERVICE_LEGACY, 0);
    facts.version.source = VERSION_UNINSTALL;
    text_copy(facts.version.text, sizeof facts.version.text, "6.2008.60.607");
    facts.events.legacy = true;
    facts.problems[PART_EVENTS] = (struct problem){0};
}

void log_events(int id, size_t count, int64_t ago, const char *message)
{
    bool legacy = facts.events.legacy;

    for (size_t i = 0; i < count; i++)
        connector_event_count(&facts.events.tally,
                              legacy ? connector_legacy_events : connector_unified_events,
                              legacy ? connector_legacy_event_count : connector_unified_event_count,
                              id, NOW - ago, message);
}

void judge_anew(void)
{
    restart_report();
    connector_judge(&options, &facts, &judged);
}
