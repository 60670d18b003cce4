/* services.c - which services make up the Intune connector.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/services.h"

#include <string.h>

#include "common/base/text.h"
#include "common/cim/cim.h"

#define CONTROL_SERVICE "EventLog"

enum {
    SCEP = 1 << FEATURE_SCEP,
    PFX_CREATE = 1 << FEATURE_PFX_CREATE,
    PFX_IMPORT = 1 << FEATURE_PFX_IMPORT,
    REVOCATION = 1 << FEATURE_REVOCATION,
};

/* Names seen in the field and in "Use the Certificate Connector with DigiCert"; Microsoft has no
 * list of them. The last two of the unified ones come from a single source each, and which features
 * a service serves is told by its name alone: confirm on a real server. */
static const struct known_service {
    const char *name;
    enum service_kind kind;
    unsigned features;
    bool always;
} known_services[] = {
    {"PFXCertificateConnectorSvc", SERVICE_UNIFIED, SCEP | PFX_IMPORT, true},
    {"PkiCreateConnectorSvc", SERVICE_UNIFIED, SCEP | PFX_CREATE, false},
    {"PfxCreateLegacyConnectorSvc", SERVICE_UNIFIED, PFX_CREATE, false},
    {"PkiRevokeConnectorSvc", SERVICE_UNIFIED, REVOCATION, false},
    {"PKIConnectorSvc", SERVICE_UNIFIED, SCEP | PFX_CREATE | REVOCATION, false},
    {"PKICertificateConnectorSvc", SERVICE_UNIFIED, SCEP | PFX_CREATE | REVOCATION, false},
    {"PkcsCreateLegacyConnectorSvc", SERVICE_UNIFIED, PFX_CREATE, false},
    {"NDESConnectorSvc", SERVICE_LEGACY, 0, true},
    {"AzureADConnectAgentUpdater", SERVICE_UPDATER, 0, false},
};

/* Display names of services whose names we do not know; the legacy one is "Intune Connector
 * Service" under more than one name. */
static const char *const display_patterns[] = {"%Intune%Connector%", "%Connector%Intune%"};

/* Other connectors of Intune: for Active Directory (offline domain join) and Exchange. */
static const char *const foreign_words[] = {"ODJ", "Active Directory", "Exchange"};

const char *connector_feature_name(enum feature feature)
{
    static const char *const names[FEATURE_COUNT] = {
        [FEATURE_SCEP] = "EnableSCEP",
        [FEATURE_PFX_CREATE] = "EnablePFxCreate",
        [FEATURE_PFX_IMPORT] = "EnablePFxImport",
        [FEATURE_REVOCATION] = "EnableRevocation",
    };

    return names[feature];
}

void connector_services_query(const struct text_list *named, struct buffer *wql)
{
    buffer_add_text(wql, "SELECT Name,DisplayName,State,StartMode,StartName,ExitCode,"
                         "ServiceSpecificExitCode,PathName FROM Win32_Service WHERE "
                         "Name='" CONTROL_SERVICE "'");
    for (size_t i = 0; i < named->count; i++) {
        buffer_add_text(wql, " OR Name=");
        cim_quote(wql, named->items[i]);
    }
    for (size_t i = 0; i < COUNT_OF(known_services); i++)
        buffer_addf(wql, " OR Name='%s'", known_services[i].name);
    for (size_t i = 0; i < COUNT_OF(display_patterns); i++)
        buffer_addf(wql, " OR DisplayName LIKE '%s'", display_patterns[i]);
}

static bool holds(const struct service *service, const char *word)
{
    return text_find(service->name, strlen(service->name), word) ||
           text_find(service->display, strlen(service->display), word);
}

/* Tells what a service of the connector is by its name, or by words in it. What words alone tell is
 * not enough to say that it must run. */
static void classify(struct service *service)
{
    for (size_t i = 0; i < COUNT_OF(known_services); i++) {
        if (!text_equal(service->name, known_services[i].name))
            continue;
        service->kind = known_services[i].kind;
        service->features = known_services[i].features;
        service->always = known_services[i].always;
        return;
    }
    for (size_t i = 0; i < COUNT_OF(foreign_words); i++)
        if (holds(service, foreign_words[i]))
            return;
    if (!holds(service, "Connector") || !holds(service, "Intune"))
        return;
    if (holds(service, "NDES") || text_equal(service->display, "Intune Connector Service")) {
        service->kind = SERVICE_LEGACY;
        service->always = true;
        return;
    }
    service->kind = SERVICE_UNIFIED;
    service->features = (holds(service, "Revoke") ? (unsigned)REVOCATION : 0) |
                        (holds(service, "Create") ? (unsigned)PFX_CREATE : 0);
}

static struct service read_service(const struct cim_row *row)
{
    struct service service = {.visibility = VISIBILITY_SHOWN};

    text_copy(service.name, sizeof service.name, cim_text_or_empty(row, "Name"));
    text_copy(service.display, sizeof service.display, cim_text_or_empty(row, "DisplayName"));
    text_copy(service.state, sizeof service.state, cim_text_or_empty(row, "State"));
    text_copy(service.start_mode, sizeof service.start_mode, cim_text_or_empty(row, "StartMode"));
    text_copy(service.account, sizeof service.account, cim_text_or_empty(row, "StartName"));
    text_copy(service.path, sizeof service.path, cim_text_or_empty(row, "PathName"));
    cim_number(row, "ExitCode", &service.exit_code);
    cim_number(row, "ServiceSpecificExitCode", &service.specific_exit_code);
    classify(&service);
    return service;
}

static bool is_named(const struct text_list *named, const char *name)
{
    for (size_t i = 0; i < named->count; i++)
        if (text_equal(named->items[i], name))
            return true;
    return false;
}

struct service connector_service_of_name(const char *name)
{
    struct service service = {0};

    text_copy(service.name, sizeof service.name, name);
    classify(&service);
    return service;
}

size_t connector_services_read(const struct text_list *named, const struct cim_rows *rows,
                               struct service services[SERVICES_MAXIMUM], bool *control_seen)
{
    size_t count = 0;

    *control_seen = cim_rows_find(rows, "Name", CONTROL_SERVICE) != NULL;
    for (size_t i = 0; i < named->count; i++) {
        const struct cim_row *row = cim_rows_find(rows, "Name", named->items[i]);

        services[count] = row ? read_service(row) : connector_service_of_name(named->items[i]);
        services[count++].named = true;
    }
    for (size_t i = 0; i < rows->count && count < SERVICES_MAXIMUM; i++) {
        struct service service = read_service(&rows->rows[i]);

        if (service.kind != SERVICE_FOREIGN && !is_named(named, service.name))
            services[count++] = service;
    }
    return count;
}

const char *connector_services_candidate(unsigned features, size_t *at)
{
    while (*at < COUNT_OF(known_services)) {
        const struct known_service *known = &known_services[(*at)++];

        if (features ? known->features & features : known->always)
            return known->name;
    }
    return NULL;
}

static bool any_named(const struct service *services, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (services[i].named)
            return true;
    return false;
}

bool connector_service_counts(const struct service *service, const struct service *services,
                              size_t count)
{
    return service->named || (service->kind != SERVICE_UPDATER && !any_named(services, count));
}

bool connector_service_runs(const struct service *service)
{
    return text_equal(service->state, "Running");
}

unsigned connector_services_served(const struct service *services, size_t count)
{
    unsigned served = 0;

    for (size_t i = 0; i < count; i++)
        served |= services[i].features;
    return served;
}

unsigned connector_services_open_features(const struct service *services, size_t count)
{
    unsigned stopped = 0;
    bool unified = false;

    if (any_named(services, count))
        return 0;
    for (size_t i = 0; i < count; i++) {
        const struct service *service = &services[i];

        unified = unified || service->kind == SERVICE_UNIFIED;
        if (!service->always && !connector_service_runs(service))
            stopped |= service->features;
    }
    return unified ? stopped |
                         (~connector_services_served(services, count) & ((1U << FEATURE_COUNT) - 1))
                   : 0;
}

void connector_service_executable(const struct service *service, char *path, size_t size)
{
    const char *start = service->path;
    const char *end;

    if (*start == '"') {
        start++;
        end = strchr(start, '"');
    } else {
        end = text_find(start, strlen(start), ".exe");
        end = end ? end + strlen(".exe") : strchr(start, ' ');
    }
    text_copy_bytes(path, size, start, end ? (size_t)(end - start) : strlen(start));
}
