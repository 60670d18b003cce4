/* events.h - what the connector's event log says of requests and health.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PLUGINS_CONNECTOR_EVENTS_H
#define NDES_PLUGINS_CONNECTOR_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/buffer.h"

enum { EVENT_KINDS_MAXIMUM = 24 };

/* What an event means to the check. */
enum event_meaning {
    EVENT_FAILED_REQUEST,
    EVENT_HEALTH_SENT,    /* a heartbeat arrived */
    EVENT_HEALTH_RETRIED, /* one attempt failed */
    EVENT_HEALTH_FAILED,
    EVENT_RENEWAL_FAILED, /* of the client certificate */
    EVENT_REMARK,         /* worth a note */
    EVENT_MEANINGS,
};

/* Which IDs, what they mean, and how people call them. Microsoft "Certificate Connector for
 * Microsoft Intune", section logging; legacy: "Troubleshoot the Intune certificate connector". */
struct event_kind {
    int id;
    enum event_meaning meaning;
    const char *name;
};

extern const struct event_kind connector_unified_events[];
extern const size_t connector_unified_event_count;
extern const struct event_kind connector_legacy_events[];
extern const size_t connector_legacy_event_count;

/* The events of one meaning. */
struct event_group {
    size_t count;
    int64_t newest; /* seconds since 1970, if count */
    char message[300];
};

struct event_tally {
    size_t counts[EVENT_KINDS_MAXIMUM]; /* by index of the table of kinds */
    struct event_group groups[EVENT_MEANINGS];
    bool truncated; /* there were more */
};

/* Counts an event; one whose ID is not in the table is ignored. */
void connector_event_count(struct event_tally *tally, const struct event_kind *kinds,
                           size_t kind_count, int64_t id, int64_t time, const char *message);

/* Appends "4001 x5, 4007 x2" for the events of one meaning. */
void connector_event_list(const struct event_tally *tally, const struct event_kind *kinds,
                          size_t kind_count, enum event_meaning meaning, struct buffer *line);

#endif
