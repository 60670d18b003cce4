/* reply.h - the answers of WS-Management: rows, method output, events and faults.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_CIM_REPLY_H
#define NDES_CIM_REPLY_H

#include <libxml/tree.h>

#include "common/cim/cim.h"

struct soap_reply {
    xmlDoc *document; /* owned */
    xmlNode *body;
};

/* Parses an envelope and checks that it answers `message_id`, if it says what it answers. A fault
 * is a failure, too: its innermost code decides (DSP0226 section 14; MS-WSMV 3.1.4.1.13), never its
 * text, which may be in any language. On failure returns false and fills `problem`; there is
 * nothing to free then. */
bool reply_read(const char *bytes, size_t length, const char *message_id, struct soap_reply *reply,
                struct problem *problem);
void reply_free(struct soap_reply *reply);

/* Where an enumeration stands. */
struct reply_page {
    char context[1024];    /* of the next Pull */
    char identifier[1024]; /* of a subscription, for Unsubscribe */
    size_t items;          /* in this answer */
    bool ended;            /* there is no next Pull */
};

/* Reads the answer to Enumerate or Pull, `name` is that of its element: EnumerateResponse or
 * PullResponse. Both shapes of rows (an element of the class, or a
 * fragment) are the same here. Appends to `rows`. Returns false with a problem if it is no such
 * answer or too much. */
bool reply_rows(const struct soap_reply *reply, const char *name, struct cim_rows *rows,
                struct reply_page *page, struct problem *problem);

/* Adds the output parameters of a method to `output`. */
bool reply_output(const struct soap_reply *reply, const char *method, struct cim_row *output,
                  struct problem *problem);

/* Writes vendor and version of the answer to Identify. */
void reply_identity(const struct soap_reply *reply, char *target, size_t size);

/* Reads the answer to Subscribe: context and identifier. */
bool reply_subscription(const struct soap_reply *reply, struct reply_page *page,
                        struct problem *problem);

/* Reads the answer to a Pull of events; appends to `events`. An item that is no event is skipped.
 */
bool reply_events(const struct soap_reply *reply, struct cim_events *events,
                  struct reply_page *page, struct problem *problem);

#endif
