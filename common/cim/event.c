/* event.c - an event of the Windows event log from its XML.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/event.h"

#include <stdlib.h>

#include "common/cim/xml.h"

#define EVENT "http://schemas.microsoft.com/win/2004/08/events/event"

enum { FIELD_BYTES = 64, NAME_BYTES = 256, MESSAGE_MAXIMUM = 2048, ID_MAXIMUM = 65535 };

static int64_t number_of(xmlNode *node, int64_t maximum)
{
    char text[FIELD_BYTES];
    int64_t number = 0;

    if (xml_text(node, text, sizeof text))
        text_integer(text, 0, maximum, &number);
    return number;
}

/* Joins the values of EventData or UserData by blanks, for events without a rendered message. */
static void join_data(xmlNode *data, struct buffer *joined)
{
    char text[MESSAGE_MAXIMUM];

    for (xmlNode *node = data ? xml_element(data->children) : NULL; node;
         node = xml_element(node->next)) {
        xml_text(node, text, sizeof text); /* cut is good enough */
        if (text[0] && joined->length + 1 < joined->maximum)
            buffer_addf(joined, "%s%.*s", joined->length ? " " : "",
                        (int)(joined->maximum - joined->length - 1), text);
    }
}

static void read_message(xmlNode *event, struct buffer *message)
{
    char text[MESSAGE_MAXIMUM];
    xmlNode *rendering = xml_child(event, EVENT, "RenderingInfo");

    xml_text(xml_child(rendering, EVENT, "Message"), text, sizeof text);
    buffer_add_text(message, text);
    if (!text[0])
        join_data(xml_child(event, EVENT, "EventData"), message);
    if (!message->length)
        join_data(xml_child(event, EVENT, "UserData"), message);
}

static void read_name(xmlNode *node, const char *attribute, char *target, size_t size)
{
    target[0] = '\0';
    if (node && attribute)
        xml_attribute(node, attribute, target, size);
    else
        xml_text(node, target, size);
}

/* Appends an event. Returns false if memory ran out. */
static bool add_event(xmlNode *event, struct cim_events *events)
{
    xmlNode *system = xml_child(event, EVENT, "System");
    struct cim_event *grown = realloc(events->events, (events->count + 1) * sizeof *events->events);
    struct cim_event *added;
    struct buffer message;
    char time[FIELD_BYTES];
    char name[NAME_BYTES];

    if (!grown)
        return false;
    events->events = grown;
    added = &grown[events->count];
    *added = (struct cim_event){.id = number_of(xml_child(system, EVENT, "EventID"), ID_MAXIMUM),
                                .level = (int)number_of(xml_child(system, EVENT, "Level"), 255)};
    read_name(xml_child(system, EVENT, "TimeCreated"), "SystemTime", time, sizeof time);
    cim_parse_time(time, &added->time);
    read_name(xml_child(system, EVENT, "Provider"), "Name", name, sizeof name);
    added->provider = text_duplicate(name);
    read_name(xml_child(system, EVENT, "Channel"), NULL, name, sizeof name);
    added->channel = text_duplicate(name);
    buffer_init(&message, MESSAGE_MAXIMUM);
    read_message(event, &message);
    added->message = text_duplicate(buffer_text(&message));
    buffer_free(&message);
    events->count++;
    return added->provider && added->channel && added->message;
}

/* The Event element: the item itself, or its child. */
static xmlNode *find_event(xmlNode *item)
{
    return xml_is(item, EVENT, "Event") ? item : xml_child(item, EVENT, "Event");
}

bool event_read(xmlNode *item, struct cim_events *events)
{
    xmlNode *event = find_event(item);
    xmlDoc *inner;
    char *text;
    bool fine = true;

    if (event)
        return add_event(event, events);
    text = xml_text_copy(item);
    if (!text)
        return false;
    inner = text[0] == '<' ? xml_read(text, slice_of(text).length) : NULL;
    event = inner ? find_event(xmlDocGetRootElement(inner)) : NULL;
    if (event)
        fine = add_event(event, events);
    xmlFreeDoc(inner);
    free(text);
    return fine;
}
