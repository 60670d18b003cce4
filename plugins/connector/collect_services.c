/* collect_services.c - asks which services of the connector there are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

#include "common/base/text.h"

#define SERVICES_KEY "SYSTEM\\CurrentControlSet\\Services"

void connector_collect_feature(struct cim_session *session, struct services_facts *services,
                               enum feature feature, struct problem *problem)
{
    struct problem failure = {0};
    int64_t value = 0;
    enum registry_outcome outcome;

    if (services->features[feature] != FEATURE_NOT_ASKED)
        return;
    outcome =
        registry_dword(session, CONNECTOR_KEY, connector_feature_name(feature), &value, &failure);
    services->features[feature] = outcome != REGISTRY_FOUND ? FEATURE_UNKNOWN
                                  : value                   ? FEATURE_ON
                                                            : FEATURE_OFF;
    if (!registry_failed(outcome, CONNECTOR_KEY, &failure))
        return;
    services->feature_problem = failure;
    if (problem_is_fatal(failure.kind))
        *problem = failure;
}

/* The switches of the features that decide something. */
static void collect_features(struct cim_session *session, struct services_facts *services,
                             struct problem *problem)
{
    unsigned open = connector_services_open_features(services->services, services->count);

    for (int i = 0; i < FEATURE_COUNT && !problem_is_fatal(problem->kind); i++)
        if (open & 1U << i)
            connector_collect_feature(session, services, (enum feature)i, problem);
}

/* Tells a service that is hidden from one that is not there. */
static enum visibility look_up(struct cim_session *session, struct services_facts *services,
                               const char *name, struct problem *problem)
{
    struct problem failure = {0};
    enum registry_outcome outcome;
    int64_t start;
    char key[256];

    text_format(key, sizeof key, "%s\\%s", SERVICES_KEY, name);
    outcome = registry_dword(session, key, "Start", &start, &failure);
    if (registry_failed(outcome, key, &failure)) {
        services->visibility_problem = failure;
        if (problem_is_fatal(failure.kind))
            *problem = failure;
        return VISIBILITY_UNSURE;
    }
    return outcome == REGISTRY_NO_KEY ? VISIBILITY_ABSENT : VISIBILITY_HIDDEN;
}

/* Looks for a hidden service that could serve the features (0: that must run anyway), and adds it.
 */
static enum visibility find_hidden(struct cim_session *session, struct services_facts *services,
                                   unsigned features, struct problem *problem)
{
    enum visibility visibility = VISIBILITY_ABSENT;
    const char *name;
    size_t at = 0;

    while (visibility == VISIBILITY_ABSENT && services->count < SERVICES_MAXIMUM &&
           (name = connector_services_candidate(features, &at)) != NULL) {
        visibility = look_up(session, services, name, problem);
        if (visibility == VISIBILITY_HIDDEN) {
            struct service *service = &services->services[services->count++];

            *service = connector_service_of_name(name);
            service->visibility = VISIBILITY_HIDDEN;
        }
    }
    return visibility;
}

/* What should be there and is not shown: named services, and one for each feature that is on. */
static void collect_missing(struct cim_session *session, struct services_facts *services,
                            struct problem *problem)
{
    size_t count = services->count;

    for (size_t i = 0; i < count && !problem_is_fatal(problem->kind); i++)
        if (services->services[i].visibility == VISIBILITY_UNSURE)
            services->services[i].visibility =
                look_up(session, services, services->services[i].name, problem);
    for (int i = 0; i < FEATURE_COUNT && !problem_is_fatal(problem->kind); i++)
        if (services->features[i] == FEATURE_ON &&
            !(connector_services_served(services->services, services->count) & 1U << i))
            services->feature_visibility[i] = find_hidden(session, services, 1U << i, problem);
}

static bool wants_uptime(const struct services_facts *services)
{
    for (size_t i = 0; i < services->count; i++) {
        const struct service *service = &services->services[i];

        if (connector_service_counts(service, services->services, services->count) &&
            service->visibility == VISIBILITY_SHOWN && !connector_service_runs(service) &&
            (text_equal(service->start_mode, "Auto") ||
             text_equal(service->state, "Start Pending")))
            return true;
    }
    return false;
}

/* What decides whether a service that does not run, or is not shown, is a fault. */
static void collect_reasons(struct cim_session *session, struct connector_facts *facts,
                            struct problem *problem)
{
    struct services_facts *services = &facts->services;
    struct problem failure = {0};

    collect_features(session, services, problem);
    if (!connector_nothing_shown(services))
        collect_missing(session, services, problem);
    if (wants_uptime(services) && !problem_is_fatal(problem->kind))
        connector_collect_host(session, &facts->host, &failure);
    if (problem_is_fatal(failure.kind))
        *problem = failure;
}

void connector_collect_services(const struct connector_options *options,
                                struct cim_session *session, struct connector_facts *facts,
                                struct problem *problem)
{
    struct services_facts *services = &facts->services;
    struct buffer wql;
    struct cim_rows rows = {0};

    buffer_init(&wql, 8192);
    connector_services_query(&options->services, &wql);
    if (cim_query(session, "root/cimv2", buffer_text(&wql), &rows, problem)) {
        facts->looked[PART_SERVICES] = true;
        services->count = connector_services_read(&options->services, &rows, services->services,
                                                  &services->control_seen);
        if (connector_is_absent(facts))
            find_hidden(session, services, 0, problem);
        if (!options->skip[PART_SERVICES] && !problem_is_fatal(problem->kind))
            collect_reasons(session, facts, problem);
    }
    cim_rows_free(&rows);
    buffer_free(&wql);
}
