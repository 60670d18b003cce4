/* facts.c - what follows from the facts alone: for collecting and for judging.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

const char *connector_part_name(enum part part)
{
    static const char *const names[PART_COUNT] = {
        [PART_SERVICES] = "services",   [PART_VERSION] = "version",
        [PART_HEARTBEAT] = "heartbeat", [PART_CERTIFICATE] = "client certificate",
        [PART_EVENTS] = "events",
    };

    return names[part];
}

bool connector_has_services(const struct services_facts *services, enum service_kind kind)
{
    for (size_t i = 0; i < services->count; i++)
        if (services->services[i].kind == kind &&
            (services->services[i].visibility == VISIBILITY_SHOWN ||
             services->services[i].visibility == VISIBILITY_HIDDEN))
            return true;
    return false;
}

size_t connector_running_services(const struct services_facts *services)
{
    size_t running = 0;

    for (size_t i = 0; i < services->count; i++)
        running +=
            connector_service_counts(&services->services[i], services->services, services->count) &&
            connector_service_runs(&services->services[i]);
    return running;
}

bool connector_nothing_shown(const struct services_facts *services)
{
    for (size_t i = 0; i < services->count; i++)
        if (services->services[i].visibility == VISIBILITY_SHOWN)
            return false;
    return !services->control_seen;
}

bool connector_is_absent(const struct connector_facts *facts)
{
    return facts->looked[PART_SERVICES] && facts->problems[PART_SERVICES].kind == PROBLEM_NONE &&
           !connector_nothing_shown(&facts->services) &&
           !connector_has_services(&facts->services, SERVICE_UNIFIED) &&
           !connector_has_services(&facts->services, SERVICE_LEGACY);
}

bool connector_events_complete(const struct connector_facts *facts)
{
    return facts->looked[PART_EVENTS] && facts->problems[PART_EVENTS].kind == PROBLEM_NONE &&
           !facts->events.tally.truncated;
}

int64_t connector_age(const struct connector_facts *facts, int64_t time)
{
    return time < facts->server_now ? facts->server_now - time : 0; /* clocks differ a little */
}

bool connector_heartbeat_is_ahead(const struct connector_facts *facts)
{
    return facts->heartbeat.time > facts->server_now + HEARTBEAT_AHEAD_MAXIMUM;
}

bool connector_heartbeat_is_fresh(const struct connector_options *options,
                                  const struct connector_facts *facts)
{
    double hours = (double)connector_age(facts, facts->heartbeat.time) / SECONDS_PER_HOUR;

    return facts->looked[PART_HEARTBEAT] && facts->heartbeat.value == HEARTBEAT_KNOWN &&
           !connector_heartbeat_is_ahead(facts) &&
           threshold_state(hours, &options->heartbeat_warning, &options->heartbeat_critical) ==
               STATE_OK;
}

bool connector_last_check_in(const struct connector_facts *facts, int64_t *time)
{
    const struct event_group *sent = &facts->events.tally.groups[EVENT_HEALTH_SENT];
    bool is_known = facts->heartbeat.value == HEARTBEAT_KNOWN;

    *time = is_known ? facts->heartbeat.time : sent->newest;
    return facts->looked[PART_HEARTBEAT] &&
           (is_known || (facts->heartbeat.value == HEARTBEAT_ABSENT && sent->count &&
                         connector_events_complete(facts)));
}
