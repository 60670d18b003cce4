/* xml.c - reads XML from strangers: no DTD, no entities, no network, bounded.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/SAX2.h>
#include <libxml/xmlerror.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/secret.h"

enum {
    TAG_MAXIMUM = 4096, /* bytes of a start tag: each attribute is compared with all others of it */
    /* Elements, attributes and namespace declarations: the tree takes up to 300 bytes for each. An
     * answer as large as we ask for (SOAP_ENVELOPE_MAXIMUM) has half as many. */
    PIECES_MAXIMUM = 40000,
    DEPTH_MAXIMUM = 32, /* each prefix is looked for in all namespaces around it; SOAP needs 10 */
};

/* Bytes up to the `>` that ends the tag at `at`, TAG_MAXIMUM + 1 if there are more. */
static size_t tag_length(const char *at, const char *end)
{
    char quote = 0;
    size_t length = 0;

    for (; at < end && length <= TAG_MAXIMUM; at++, length++) {
        if (quote)
            quote = *at == quote ? 0 : quote;
        else if (*at == '"' || *at == '\'')
            quote = *at;
        else if (*at == '>')
            break;
    }
    return length;
}

/* What is no tag: a comment, a CDATA section or a processing instruction. Returns its end, NULL if
 * there is none here. */
static const char *skip_section(const char *at, const char *end)
{
    static const char *const sections[][2] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};

    for (size_t i = 0; i < COUNT_OF(sections); i++) {
        size_t length = strlen(sections[i][0]);

        if ((size_t)(end - at) > length && memcmp(at, sections[i][0], length) == 0) {
            const char *close = text_find(at + length, (size_t)(end - at) - length, sections[i][1]);

            return close ? close : end;
        }
    }
    return NULL;
}

static bool has_short_tags(const char *bytes, size_t length)
{
    const char *end = bytes + length;

    for (const char *at = bytes; (at = memchr(at, '<', (size_t)(end - at))) != NULL;) {
        const char *section_end = skip_section(at, end);
        size_t tag = section_end ? 0 : tag_length(at, end);

        if (tag > TAG_MAXIMUM)
            return false;
        at = section_end ? section_end : at + (tag ? tag : 1);
        if (at >= end)
            break;
    }
    return true;
}

/* Called for a DOCTYPE, before anything in it is read. */
static void refuse_doctype(void *parser, const xmlChar *name, const xmlChar *public_id,
                           const xmlChar *system_id)
{
    (void)name, (void)public_id, (void)system_id;
    xmlStopParser(parser);
}

/* Called for a start tag: what the tree would take is counted before it is taken. */
static void count_element(void *data, const xmlChar *name, const xmlChar *prefix,
                          const xmlChar *uri, int namespace_count, const xmlChar **namespaces,
                          int attribute_count, int defaulted, const xmlChar **attributes)
{
    xmlParserCtxt *parser = data;
    int *left = parser->_private;

    *left -= 1 + namespace_count + attribute_count;
    if (*left < 0 || parser->nameNr > DEPTH_MAXIMUM)
        xmlStopParser(parser);
    else
        xmlSAX2StartElementNs(data, name, prefix, uri, namespace_count, namespaces, attribute_count,
                              defaulted, attributes);
}

static void say_nothing(void *context, const char *format, ...)
{
    (void)context, (void)format;
}

void xml_watch_memory(void)
{
    xmlMemSetup(free, memory_get, memory_resize, text_duplicate);
    xmlSetGenericErrorFunc(NULL, say_nothing); /* of errors that XML_PARSE_NOERROR does not stop */
}

xmlDoc *xml_read(const char *bytes, size_t length)
{
    bool usable = length <= INT_MAX && has_short_tags(bytes, length);
    xmlParserCtxt *parser = usable ? xmlNewParserCtxt() : NULL;
    xmlDoc *document;
    int left = PIECES_MAXIMUM;

    if (!parser)
        return NULL;
    parser->_private = &left;
    parser->sax->internalSubset = refuse_doctype;
    parser->sax->startElementNs = count_element;
    parser->sax->comment = NULL; /* these say nothing, and would be pieces of the tree, too */
    parser->sax->processingInstruction = NULL;
    /* UTF-8, as we ask for, whatever it says: has_short_tags() has read it as such. */
    document = xmlCtxtReadMemory(parser, bytes, (int)length, NULL, "UTF-8",
                                 XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                     XML_PARSE_NOCDATA | XML_PARSE_IGNORE_ENC);
    if (document && (!parser->wellFormed || parser->disableSAX)) {
        xmlFreeDoc(document);
        document = NULL;
    }
    xmlFreeParserCtxt(parser);
    return document;
}

bool xml_is(const xmlNode *node, const char *namespace, const char *name)
{
    return node->type == XML_ELEMENT_NODE && xmlStrEqual(node->name, (const xmlChar *)name) &&
           (!namespace || (node->ns && xmlStrEqual(node->ns->href, (const xmlChar *)namespace)));
}

xmlNode *xml_child(xmlNode *parent, const char *namespace, const char *name)
{
    for (xmlNode *node = parent ? parent->children : NULL; node; node = node->next)
        if (xml_is(node, namespace, name))
            return node;
    return NULL;
}

xmlNode *xml_element(xmlNode *node)
{
    while (node && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

bool xml_text(xmlNode *node, char *target, size_t size)
{
    xmlChar *content = node ? xmlNodeGetContent(node) : NULL;
    struct slice text;

    target[0] = '\0';
    if (!content)
        return true;
    text = slice_trim(slice_of((char *)content));
    text_copy_bytes(target, size, text.text, text.length);
    xmlFree(content);
    return text.length < size;
}

char *xml_text_copy(xmlNode *node)
{
    xmlChar *content = xmlNodeGetContent(node);
    struct slice text;
    char *copy;

    if (!content)
        return text_duplicate("");
    text = slice_trim(slice_of((char *)content));
    copy = text_duplicate_bytes(text.text, text.length);
    secret_wipe(content, slice_of((char *)content).length);
    xmlFree(content);
    return copy;
}

bool xml_attribute(xmlNode *node, const char *name, char *target, size_t size)
{
    for (xmlAttr *attribute = node->properties; attribute; attribute = attribute->next)
        if (xmlStrEqual(attribute->name, (const xmlChar *)name))
            return xml_text((xmlNode *)attribute, target, size);
    return false;
}
