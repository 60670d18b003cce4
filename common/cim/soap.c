/* soap.c - the requests of WS-Management as text (DSP0226, MS-WSMV).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/soap.h"

#include <inttypes.h>
#include <libxml/xmlstring.h>
#include <sys/random.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/cim/names.h"

#define WMI "http://schemas.microsoft.com/wbem/wsman/1/wmi/"
#define ANONYMOUS "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"

/* Windows refuses an event query with more than about 20 conditions in one expression. */
enum { SELECT_IDS_MAXIMUM = 16 };

/* Appends text as XML character data or attribute value. What XML 1.0 cannot hold, control
 * characters and bytes that are no UTF-8, makes the request unusable rather than another one. */
static void add_escaped(struct buffer *xml, const char *text)
{
    if (!xmlCheckUTF8((const unsigned char *)text))
        xml->overflowed = true;
    for (; *text; text++) {
        switch (*text) {
        case '&':
            buffer_add_text(xml, "&amp;");
            break;
        case '<':
            buffer_add_text(xml, "&lt;");
            break;
        case '>':
            buffer_add_text(xml, "&gt;");
            break;
        case '"':
            buffer_add_text(xml, "&quot;");
            break;
        default:
            if ((unsigned char)*text < 0x20)
                xml->overflowed = true;
            buffer_add_char(xml, *text);
        }
    }
}

/* A random UUID (RFC 4122 section 4.4). */
static void make_message_id(char *target, size_t size)
{
    unsigned char b[16] = {0};

    /* Starting OpenSSL's generator would cost more than all requests; an ID is no secret, and one
     * that repeats would only weaken the check that the answer fits. */
    if (getrandom(b, sizeof b, GRND_NONBLOCK) < 0)
        b[15] = (unsigned char)clock_monotonic_ms();
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    text_format(target, size,
                "uuid:%02X%02X%02X%02X-%02X%02X-%02X%02X-%02X%02X-%02X%02X%02X%02X%02X%02X", b[0],
                b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
                b[14], b[15]);
}

/* Begins an envelope up to the end of the header's common part; action is URI and name. */
static void open_header(struct soap_context *soap, const char *resource, const char *action,
                        const char *name, struct buffer *xml)
{
    make_message_id(soap->message_id, sizeof soap->message_id);
    buffer_add_text(xml, "<s:Envelope xmlns:s=\"" NS_SOAP "\" xmlns:a=\"" NS_ADDRESSING "\" "
                         "xmlns:n=\"" NS_ENUMERATION "\" "
                         "xmlns:e=\"" NS_EVENTING "\" "
                         "xmlns:w=\"" NS_WSMAN "\" "
                         "xmlns:p=\"" NS_MICROSOFT "\">"
                         "<s:Header><a:To>");
    add_escaped(xml, soap->to);
    buffer_add_text(xml, "</a:To><w:ResourceURI s:mustUnderstand=\"true\">");
    add_escaped(xml, resource);
    buffer_add_text(xml,
                    "</w:ResourceURI><a:ReplyTo><a:Address s:mustUnderstand=\"true\">" ANONYMOUS
                    "</a:Address></a:ReplyTo><a:Action s:mustUnderstand=\"true\">");
    add_escaped(xml, action);
    buffer_addf(xml, "/%s</a:Action>", name);
    buffer_addf(xml,
                "<w:MaxEnvelopeSize s:mustUnderstand=\"true\">%d</w:MaxEnvelopeSize>"
                "<a:MessageID>%s</a:MessageID>"
                "<w:Locale xml:lang=\"en-US\" s:mustUnderstand=\"false\"/>"
                "<p:DataLocale xml:lang=\"en-US\" s:mustUnderstand=\"false\"/>"
                "<w:OperationTimeout>PT%" PRId64 ".%03dS</w:OperationTimeout>",
                (int)SOAP_ENVELOPE_MAXIMUM, soap->message_id, soap->timeout_ms / 1000,
                (int)(soap->timeout_ms % 1000));
}

static void close_header(struct buffer *xml)
{
    buffer_add_text(xml, "</s:Header><s:Body>");
}

static bool close_body(struct buffer *xml)
{
    buffer_add_text(xml, "</s:Body></s:Envelope>");
    return !xml->overflowed;
}

void soap_namespace_uri(const char *namespace, char *target, size_t size)
{
    text_format(target, size, WMI "%s/*", namespace);
}

bool soap_identify(struct buffer *request)
{
    return buffer_add_text(request,
                           "<s:Envelope xmlns:s=\"" NS_SOAP "\" xmlns:i=\"" NS_IDENTITY "\">"
                           "<s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>");
}

bool soap_enumerate(struct soap_context *soap, const char *resource, const char *wql,
                    struct buffer *request)
{
    open_header(soap, resource, NS_ENUMERATION, "Enumerate", request);
    close_header(request);
    buffer_addf(request,
                "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>%d</w:MaxElements>"
                "<w:Filter Dialect=\"http://schemas.microsoft.com/wbem/wsman/1/WQL\">",
                (int)SOAP_ELEMENTS_MAXIMUM);
    add_escaped(request, wql);
    buffer_add_text(request, "</w:Filter></n:Enumerate>");
    return close_body(request);
}

bool soap_pull(struct soap_context *soap, const char *resource, const char *context,
               struct buffer *request)
{
    open_header(soap, resource, NS_ENUMERATION, "Pull", request);
    close_header(request);
    buffer_add_text(request, "<n:Pull><n:EnumerationContext>");
    add_escaped(request, context);
    buffer_addf(request, "</n:EnumerationContext><n:MaxElements>%d</n:MaxElements></n:Pull>",
                (int)SOAP_ELEMENTS_MAXIMUM);
    return close_body(request);
}

bool soap_release(struct soap_context *soap, const char *resource, const char *context,
                  struct buffer *request)
{
    open_header(soap, resource, NS_ENUMERATION, "Release", request);
    close_header(request);
    buffer_add_text(request, "<n:Release><n:EnumerationContext>");
    add_escaped(request, context);
    buffer_add_text(request, "</n:EnumerationContext></n:Release>");
    return close_body(request);
}

bool soap_invoke(struct soap_context *soap, const struct cim_method *method, struct buffer *request)
{
    char resource[400];

    text_format(resource, sizeof resource, WMI "%s/%s", method->namespace, method->class_name);
    open_header(soap, resource, resource, method->name, request);
    if (method->key_count)
        buffer_add_text(request, "<w:SelectorSet>");
    for (size_t i = 0; i < method->key_count; i++) {
        buffer_addf(request, "<w:Selector Name=\"%s\">", method->keys[i].name);
        add_escaped(request, method->keys[i].value);
        buffer_add_text(request, "</w:Selector>");
    }
    if (method->key_count)
        buffer_add_text(request, "</w:SelectorSet>");
    close_header(request);
    /* The prefix is bound anew: this p is the class. */
    buffer_addf(request, "<p:%s_INPUT xmlns:p=\"%s\">", method->name, resource);
    for (size_t i = 0; i < method->argument_count; i++) {
        buffer_addf(request, "<p:%s>", method->arguments[i].name);
        add_escaped(request, method->arguments[i].value);
        buffer_addf(request, "</p:%s>", method->arguments[i].name);
    }
    buffer_addf(request, "</p:%s_INPUT>", method->name);
    return close_body(request);
}

/* One Select with `count` of the IDs, in the event log's own subset of XPath 1.0. */
static void add_select(const struct cim_event_query *query, const char *channel, const int *ids,
                       size_t count, struct buffer *xml)
{
    buffer_add_text(xml, "<Select Path=\"");
    add_escaped(xml, channel);
    buffer_add_text(xml, "\">*[System[(");
    for (size_t i = 0; i < count; i++)
        buffer_addf(xml, "%sEventID=%d", i ? " or " : "", ids[i]);
    buffer_addf(xml, ") and TimeCreated[timediff(@SystemTime) &lt;= %" PRId64 "]]]</Select>",
                query->window * 1000);
}

static void add_event_query(const struct cim_event_query *query, struct buffer *xml)
{
    for (size_t i = 0; i < COUNT_OF(query->channels) && query->channels[i]; i++) {
        for (size_t at = 0; at < query->id_count; at += SELECT_IDS_MAXIMUM) {
            size_t left = query->id_count - at;

            add_select(query, query->channels[i], query->ids + at,
                       left < SELECT_IDS_MAXIMUM ? left : SELECT_IDS_MAXIMUM, xml);
        }
    }
}

bool soap_subscribe(struct soap_context *soap, const struct cim_event_query *query,
                    struct buffer *request)
{
    open_header(soap, SOAP_EVENT_LOG, NS_EVENTING, "Subscribe", request);
    buffer_add_text(request, "<w:OptionSet>"
                             "<w:Option Name=\"SubscriptionName\">ndes-monitoring</w:Option>"
                             "<w:Option Name=\"ContentFormat\">RenderedText</w:Option>"
                             "<w:Option Name=\"ReadExistingEvents\">true</w:Option>"
                             "</w:OptionSet>");
    close_header(request);
    buffer_add_text(request, "<e:Subscribe>"
                             "<e:Delivery Mode=\"http://schemas.dmtf.org/wbem/wsman/1/wsman/Pull\">"
                             "<w:ContentEncoding>UTF-8</w:ContentEncoding></e:Delivery>"
                             "<e:Expires>PT60.000S</e:Expires>"
                             "<w:Filter Dialect=\"http://schemas.microsoft.com/win/2004/08/events/"
                             "eventquery\"><QueryList><Query Id=\"0\">");
    add_event_query(query, request);
    buffer_add_text(request,
                    "</Query></QueryList></w:Filter>"
                    "<w:Bookmark>http://schemas.dmtf.org/wbem/wsman/1/wsman/bookmark/earliest"
                    "</w:Bookmark></e:Subscribe>");
    return close_body(request);
}

bool soap_unsubscribe(struct soap_context *soap, const char *identifier, struct buffer *request)
{
    open_header(soap, SOAP_EVENT_LOG, NS_EVENTING, "Unsubscribe", request);
    buffer_add_text(request, "<e:Identifier>");
    add_escaped(request, identifier);
    buffer_add_text(request, "</e:Identifier>");
    close_header(request);
    buffer_add_text(request, "<e:Unsubscribe/>");
    return close_body(request);
}
