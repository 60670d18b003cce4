/* collect_events.c - reads and counts the events of the connector.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

#include "common/base/text.h"

/* Event 1000 is not asked for: the installer of an update logs "component not installed" under it.
 */
const struct event_kind connector_unified_events[] = {
    {4001, EVENT_FAILED_REQUEST, "SCEP request not issued"},
    {4002, EVENT_FAILED_REQUEST, "SCEP result not uploaded"},
    {4005, EVENT_FAILED_REQUEST, "SCEP challenge not verified"},
    {4007, EVENT_FAILED_REQUEST, "SCEP issuing failed"},
    {4010, EVENT_FAILED_REQUEST, "SCEP notification not saved"},
    {1001, EVENT_FAILED_REQUEST, "PKCS request failed"},
    {1201, EVENT_FAILED_REQUEST, "PKCS re-encryption failed"},
    {2001, EVENT_FAILED_REQUEST, "PKCS import failed"},
    {3001, EVENT_FAILED_REQUEST, "revocation failed"},
    {5000, EVENT_HEALTH_SENT, "health message sent"},
    {5001, EVENT_HEALTH_RETRIED, "attempt to send a health message failed"},
    {5002, EVENT_HEALTH_FAILED, "health message not sent"},
};
const size_t connector_unified_event_count = COUNT_OF(connector_unified_events);

const struct event_kind connector_legacy_events[] = {
    {10102, EVENT_RENEWAL_FAILED, "renewal of the client certificate failed"},
    {10301, EVENT_REMARK, "retry"},
    {10302, EVENT_FAILED_REQUEST, ""},
    {20102, EVENT_FAILED_REQUEST, ""},
    {20202, EVENT_FAILED_REQUEST, ""},
    {20302, EVENT_FAILED_REQUEST, ""},
    {20402, EVENT_FAILED_REQUEST, ""},
    {20501, EVENT_FAILED_REQUEST, ""},
    {20502, EVENT_FAILED_REQUEST, ""},
    {20602, EVENT_FAILED_REQUEST, ""},
};
const size_t connector_legacy_event_count = COUNT_OF(connector_legacy_events);

void connector_event_count(struct event_tally *tally, const struct event_kind *kinds,
                           size_t kind_count, int64_t id, int64_t time, const char *message)
{
    for (size_t i = 0; i < kind_count; i++) {
        struct event_group *group = &tally->groups[kinds[i].meaning];

        if (kinds[i].id != id)
            continue;
        tally->counts[i]++;
        if (!group->count++ || time >= group->newest) {
            group->newest = time;
            text_copy(group->message, sizeof group->message, message);
        }
        return;
    }
}

void connector_event_list(const struct event_tally *tally, const struct event_kind *kinds,
                          size_t kind_count, enum event_meaning meaning, struct buffer *line)
{
    const char *comma = "";

    for (size_t i = 0; i < kind_count; i++) {
        if (!tally->counts[i] || kinds[i].meaning != meaning)
            continue;
        buffer_addf(line, "%s%d x%zu", comma, kinds[i].id, tally->counts[i]);
        comma = ", ";
    }
}

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
