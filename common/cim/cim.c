/* cim.c - what is the same whatever the backend.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/cim.h"

#include <stdlib.h>

bool cim_is_fatal(enum cim_trouble trouble)
{
    return trouble != CIM_FINE && trouble < CIM_DENIED;
}

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

void cim_events_free(struct cim_events *events)
{
    for (size_t i = 0; i < events->count; i++) {
        free(events->events[i].provider);
        free(events->events[i].channel);
        free(events->events[i].message);
    }
    free(events->events);
    *events = (struct cim_events){0};
}
