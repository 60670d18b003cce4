/* event.c - an event of the Windows event log from its XML.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/event.h"

#include <stdlib.h>

#include "common/cim/names.h"
#include "common/cim/xml.h"

enum { FIELD_BYTES = 64, NAME_BYTES = 256, MESSAGE_MAXIMUM = 2048, ID_MAXIMUM = 65535 };

static int64_t number_of(xmlNode *node, int64_t maximum)
{
    char text[FIELD_BYTES];
    int64_t number = 0;

    if (xml_text(node, text, sizeof text))
        text_integer(text, 0, maximum, &number);
    return number;
}

/* Joins the values of EventData or UserData. */
static void join_data(xmlNode *data, char separator, struct buffer *joined)
{
    char text[MESSAGE_MAXIMUM];

    for (xmlNode *node = data ? xml_element(data->children) : NULL; node;
         node = xml_element(node->next)) {
        xml_text(node, text, sizeof text); /* cut is good enough */
        if (text[0] && joined->length)
            buffer_add_char(joined, separator);
        if (text[0] && joined->length < joined->maximum)
            buffer_addf(joined, "%.*s", (int)(joined->maximum - joined->length), text);
    }
}

static void read_data(xmlNode *event, char separator, struct buffer *joined)
{
    join_data(xml_child(event, NS_EVENT, "EventData"), separator, joined);
    if (!joined->length)
        join_data(xml_child(event, NS_EVENT, "UserData"), separator, joined);
}

static void read_message(xmlNode *event, struct buffer *message)
{
    char text[MESSAGE_MAXIMUM];

    xml_text(xml_child(xml_child(event, NS_EVENT, "RenderingInfo"), NS_EVENT, "Message"), text,
             sizeof text);
    buffer_add_text(message, text);
    if (!text[0])
        read_data(event, ' ', message);
}

/* Appends an event. Returns false if memory ran out. */
static bool add_event(xmlNode *element, struct cim_events *events)
{
    xmlNode *system = xml_child(element, NS_EVENT, "System");
    xmlNode *created = xml_child(system, NS_EVENT, "TimeCreated");
    xmlNode *named = xml_child(system, NS_EVENT, "Provider");
    struct cim_event event = {.id = number_of(xml_child(system, NS_EVENT, "EventID"), ID_MAXIMUM),
                              .level = (int)number_of(xml_child(system, NS_EVENT, "Level"), 255)};
    char time[FIELD_BYTES] = "";
    char provider[NAME_BYTES] = "";
    char channel[NAME_BYTES];
    struct buffer message;
    struct buffer data;
    bool added;

    if (created && xml_attribute(created, "SystemTime", time, sizeof time))
        cim_parse_time(time, &event.time);
    if (named)
        xml_attribute(named, "Name", provider, sizeof provider);
    xml_text(xml_child(system, NS_EVENT, "Channel"), channel, sizeof channel);
    buffer_init(&message, MESSAGE_MAXIMUM);
    buffer_init(&data, MESSAGE_MAXIMUM);
    read_message(element, &message);
    read_data(element, '\n', &data);
    event.provider = provider;
    event.channel = channel;
    event.message = (char *)buffer_text(&message);
    event.data = (char *)buffer_text(&data);
    added = cim_events_add(events, &event) || events->truncated;
    buffer_free(&message);
    buffer_free(&data);
    return added;
}

/* The Event element: the item itself, or its child. */
static xmlNode *find_event(xmlNode *item)
{
    return xml_is(item, NS_EVENT, "Event") ? item : xml_child(item, NS_EVENT, "Event");
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
