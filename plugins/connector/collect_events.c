/* collect_events.c - reads and counts the events of the connector.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

#include "common/base/text.h"

/* Counts what was read, and how far. */
static void take(const struct cim_events *events, const struct event_kind *kinds, size_t kind_count,
                 struct event_tally *tally)
{
    for (size_t i = 0; i < events->count; i++)
        connector_event_count(tally, kinds, kind_count, events->events[i].id,
                              events->events[i].time, events->events[i].message);
    tally->truncated = events->truncated;
}

static void list_ids(const struct event_kind *kinds, size_t kind_count,
                     int ids[EVENT_KINDS_MAXIMUM])
{
    for (size_t i = 0; i < kind_count; i++)
        ids[i] = kinds[i].id;
}

/* Both logs of the connector. */
static void read_unified(const struct connector_options *options, struct cim_session *session,
                         struct events_facts *facts, struct problem *problem)
{
    int ids[EVENT_KINDS_MAXIMUM];
    const struct cim_event_query query = {
        .channels = {"Microsoft-Intune-CertificateConnectors/Admin",
                     "Microsoft-Intune-CertificateConnectors/Operational"},
        .ids = ids,
        .id_count = connector_unified_event_count,
        .window = options->event_window,
    };
    struct cim_events events = {0};

    list_ids(connector_unified_events, connector_unified_event_count, ids);
    cim_events(session, &query, &events, problem);
    take(&events, connector_unified_events, connector_unified_event_count, &facts->tally);
    cim_events_free(&events);
}

/* The classic log of the old connector. */
static void read_legacy(const struct connector_options *options, struct cim_session *session,
                        int64_t now, struct events_facts *facts, struct problem *problem)
{
    int ids[EVENT_KINDS_MAXIMUM];
    const struct cim_log_query query = {
        .log = "Microsoft Intune Connector",
        .ids = ids,
        .id_count = connector_legacy_event_count,
        .since = now - options->event_window,
    };
    struct cim_events events = {0};

    facts->legacy = true;
    *problem = (struct problem){0};
    list_ids(connector_legacy_events, connector_legacy_event_count, ids);
    cim_log_events(session, &query, &events, problem);
    take(&events, connector_legacy_events, connector_legacy_event_count, &facts->tally);
    cim_events_free(&events);
}

void connector_collect_events(const struct connector_options *options, struct cim_session *session,
                              struct connector_facts *facts, struct problem *problem)
{
    read_unified(options, session, &facts->events, problem);
    if (problem->kind == PROBLEM_NO_INSTANCE &&
        connector_has_services(&facts->services, SERVICE_LEGACY))
        read_legacy(options, session, facts->server_now, &facts->events, problem);
}
