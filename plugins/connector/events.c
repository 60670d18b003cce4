/* events.c - which events of the connector mean what, and how many there were.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/events.h"

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
