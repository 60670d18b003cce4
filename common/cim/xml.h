/* xml.h - reads XML from strangers: no DTD, no entities, no network, bounded.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_CIM_XML_H
#define NDES_CIM_XML_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "common/base/text.h"

/* Has libxml2 allocate by memory.h, and write nothing to standard error; comes before xml_read().
 */
void xml_watch_memory(void);

/* Parses a document; comments are left out. Returns NULL if it is not well-formed, has a DOCTYPE,
 * is nested deeper than 32, has a tag of more than 4 KiB, or more than 40,000 elements and
 * attributes. Free it by xmlFreeDoc(). */
xmlDoc *xml_read(const char *bytes, size_t length);

/* The first element below `parent` (NULL is fine) with that local name, and that namespace unless
 * it is NULL. NULL if there is none. */
xmlNode *xml_child(xmlNode *parent, const char *namespace, const char *name);

/* The next element from `node` on, itself included. */
xmlNode *xml_element(xmlNode *node);

bool xml_is(const xmlNode *node, const char *namespace, const char *name);

/* Copies the text below a node without the white space around it, cut at `size`; "" if there is no
 * node. Returns false if it was cut. */
bool xml_text(xmlNode *node, char *target, size_t size);

/* The same as a malloc()ed string; NULL if memory ran out. */
char *xml_text_copy(xmlNode *node);

/* Copies an attribute, whatever its namespace. Returns false if there is none or it does not fit.
 */
bool xml_attribute(xmlNode *node, const char *name, char *target, size_t size);

#endif
