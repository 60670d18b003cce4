/* reply.c - the answers of WS-Management: rows, method output, events and faults.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/reply.h"

#include "common/base/secret.h"
#include "common/cim/event.h"
#include "common/cim/fault.h"
#include "common/cim/names.h"
#include "common/cim/xml.h"

static bool malformed(struct problem *problem, const char *detail)
{
    return problem_set(problem, PROBLEM_MALFORMED, "%s", detail);
}

static bool too_many(struct problem *problem)
{
    return problem_set(problem, PROBLEM_TOO_LARGE, "more rows or values than this check accepts");
}

/* An answer refers to its request; old servers leave that out. */
static bool answers(xmlNode *envelope, const char *message_id)
{
    xmlNode *relates =
        xml_child(xml_child(envelope, NS_SOAP, "Header"), NS_ADDRESSING, "RelatesTo");
    char id[128];

    return !relates || (xml_text(relates, id, sizeof id) && text_equal(id, message_id));
}

static bool read_envelope(xmlNode *envelope, const char *message_id, struct soap_reply *reply,
                          struct problem *problem)
{
    xmlNode *fault;

    if (!envelope || !xml_is(envelope, NS_SOAP, "Envelope"))
        return malformed(problem, "the answer is XML, but not a SOAP 1.2 envelope");
    reply->body = xml_child(envelope, NS_SOAP, "Body");
    if (!reply->body)
        return malformed(problem, "the answer is an envelope without a body");
    if (!answers(envelope, message_id))
        return malformed(problem, "the answer belongs to another request");
    fault = xml_child(reply->body, NS_SOAP, "Fault");
    if (fault)
        fault_read(fault, problem);
    return !fault;
}

bool reply_read(const char *bytes, size_t length, const char *message_id, struct soap_reply *reply,
                struct problem *problem)
{
    *reply = (struct soap_reply){.document = xml_read(bytes, length)};
    if (!reply->document)
        return malformed(
            problem, "the answer is not well-formed XML, or has a DOCTYPE or too many elements");
    if (read_envelope(xmlDocGetRootElement(reply->document), message_id, reply, problem))
        return true;
    reply_free(reply);
    return false;
}

void reply_free(struct soap_reply *reply)
{
    xmlFreeDoc(reply->document);
    *reply = (struct soap_reply){0};
}

static bool is_nil(xmlNode *node)
{
    char nil[8];

    return xml_attribute(node, "nil", nil, sizeof nil) &&
           (text_equal(nil, "true") || text_equal(nil, "1"));
}

/* A date or an interval is wrapped in an element of its own. */
static bool is_wrapper(xmlNode *node)
{
    return xml_is(node, NULL, "Datetime") || xml_is(node, NULL, "Interval");
}

/* Passwords that came along, in an embedded object perhaps, are not kept. */
static bool is_secret(const char *name)
{
    static const char *const endings[] = {"Password", "Pass"};
    size_t length = slice_of(name).length;

    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        size_t ending = slice_of(endings[i]).length;

        if (length >= ending && text_equal(name + length - ending, endings[i]))
            return true;
    }
    return false;
}

static bool add_text(struct cim_row *row, const char *name, xmlNode *value)
{
    char *text = xml_text_copy(value);
    bool added = text && cim_row_add(row, name, text);

    secret_free(text);
    return added;
}

/* The properties of an embedded object, one level deep, become Name.Property. */
static bool add_object(struct cim_row *row, const char *name, xmlNode *object)
{
    char full[300];

    for (xmlNode *node = xml_element(object->children); node; node = xml_element(node->next)) {
        text_format(full, sizeof full, "%s.%s", name, (const char *)node->name);
        if (is_secret(full))
            continue;
        if (is_nil(node) ? !cim_row_add(row, full, NULL) : !add_text(row, full, node))
            return false;
    }
    return true;
}

/* Adds what one element says. Returns false if the row has no room. */
static bool add_property(struct cim_row *row, xmlNode *node)
{
    const char *name = (const char *)node->name;
    xmlNode *inner = xml_element(node->children);

    if (is_secret(name))
        return true;
    if (is_nil(node))
        return cim_row_add(row, name, NULL);
    if (!inner)
        return add_text(row, name, node);
    return is_wrapper(inner) ? add_text(row, name, inner) : add_object(row, name, node);
}

static bool add_properties(struct cim_row *row, xmlNode *element)
{
    for (xmlNode *node = xml_element(element->children); node; node = xml_element(node->next))
        if (!add_property(row, node))
            return false;
    return true;
}

/* Finds the response and its items, and reads where the enumeration stands. */
static bool read_page(const struct soap_reply *reply, const char *name, struct reply_page *page,
                      xmlNode **items, struct problem *problem)
{
    xmlNode *response = xml_child(reply->body, NS_ENUMERATION, name);

    if (!response)
        return problem_set(problem, PROBLEM_MALFORMED, "the answer is not of type %s", name);
    *items = xml_child(response, NULL, "Items");
    page->items = 0;
    page->ended = xml_child(response, NULL, "EndOfSequence") != NULL;
    if (!xml_text(xml_child(response, NS_ENUMERATION, "EnumerationContext"), page->context,
                  sizeof page->context))
        return malformed(problem, "the enumeration's context is too long");
    if (!page->ended && !page->context[0])
        return malformed(problem, "the enumeration has neither a context nor an end");
    return true;
}

bool reply_rows(const struct soap_reply *reply, const char *name, struct cim_rows *rows,
                struct reply_page *page, struct problem *problem)
{
    xmlNode *items;

    if (!read_page(reply, name, page, &items, problem))
        return false;
    for (xmlNode *node = items ? xml_element(items->children) : NULL; node;
         node = xml_element(node->next)) {
        struct cim_row *row = cim_rows_add(rows);

        if (!row || !add_properties(row, node))
            return too_many(problem);
        page->items++;
    }
    return true;
}

bool reply_output(const struct soap_reply *reply, const char *method, struct cim_row *output,
                  struct problem *problem)
{
    char name[160];
    xmlNode *element;

    text_format(name, sizeof name, "%s_OUTPUT", method);
    element = xml_child(reply->body, NULL, name);
    if (!element)
        return problem_set(problem, PROBLEM_MALFORMED, "the answer is not of type %s", name);
    return add_properties(output, element) || too_many(problem);
}

void reply_identity(const struct soap_reply *reply, char *target, size_t size)
{
    xmlNode *response = xml_child(reply->body, NULL, "IdentifyResponse");
    char vendor[80];
    char version[80];

    xml_text(xml_child(response, NULL, "ProductVendor"), vendor, sizeof vendor);
    xml_text(xml_child(response, NULL, "ProductVersion"), version, sizeof version);
    text_format(target, size, "%s%s%s", vendor, vendor[0] && version[0] ? ", " : "", version);
}

bool reply_subscription(const struct soap_reply *reply, struct reply_page *page,
                        struct problem *problem)
{
    xmlNode *response = xml_child(reply->body, NS_EVENTING, "SubscribeResponse");
    xmlNode *manager = xml_child(response, NS_EVENTING, "SubscriptionManager");
    xmlNode *reference = xml_child(manager, NS_ADDRESSING, "ReferenceProperties");

    if (!response)
        return malformed(problem, "the answer is not of type SubscribeResponse");
    if (!reference)
        reference = xml_child(manager, NS_ADDRESSING, "ReferenceParameters");
    *page = (struct reply_page){0};
    if (!xml_text(xml_child(response, NS_ENUMERATION, "EnumerationContext"), page->context,
                  sizeof page->context) ||
        !page->context[0])
        return malformed(problem, "the subscription has no usable context");
    if (!xml_text(xml_child(reference, NS_EVENTING, "Identifier"), page->identifier,
                  sizeof page->identifier))
        return malformed(problem, "the subscription's identifier is too long");
    return true;
}

bool reply_events(const struct soap_reply *reply, struct cim_events *events,
                  struct reply_page *page, struct problem *problem)
{
    xmlNode *items;

    if (!read_page(reply, "PullResponse", page, &items, problem))
        return false;
    for (xmlNode *node = items ? xml_element(items->children) : NULL; node;
         node = xml_element(node->next)) {
        page->items++;
        if (!event_read(node, events))
            return too_many(problem);
    }
    return true;
}
