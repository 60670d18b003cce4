/* cim.c - what is the same whatever the backend.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/cim.h"

#include <stdlib.h>

#include "common/base/memory.h"
#include "common/base/text.h"

void cim_quote(struct buffer *wql, const char *text)
{
    buffer_add_char(wql, '\'');
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            buffer_add_char(wql, '\\');
        buffer_add_char(wql, *text);
    }
    buffer_add_char(wql, '\'');
}

static void free_event(struct cim_event *event)
{
    free(event->provider);
    free(event->channel);
    free(event->message);
    free(event->data);
}

struct cim_event *cim_events_add(struct cim_events *events, const struct cim_event *event)
{
    struct cim_event *grown;
    struct cim_event copy = *event;

    if (events->count == CIM_EVENTS_MAXIMUM) {
        events->truncated = true;
        return NULL;
    }
    grown = memory_resize(events->events, (events->count + 1) * sizeof *grown);
    if (!grown)
        return NULL;
    events->events = grown;
    copy.provider = text_duplicate(event->provider);
    copy.channel = text_duplicate(event->channel);
    copy.message = text_duplicate(event->message);
    copy.data = text_duplicate(event->data);
    if (!copy.provider || !copy.channel || !copy.message || !copy.data) {
        free_event(&copy);
        return NULL;
    }
    grown[events->count] = copy;
    return &grown[events->count++];
}

void cim_events_free(struct cim_events *events)
{
    for (size_t i = 0; i < events->count; i++)
        free_event(&events->events[i]);
    free(events->events);
    *events = (struct cim_events){0};
}
