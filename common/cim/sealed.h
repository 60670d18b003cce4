/* sealed.h - the framing of encrypted WS-Management messages (MS-WSMV 2.2.9.1).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_CIM_SEALED_H
#define NDES_CIM_SEALED_H

#include "common/base/text.h"

enum sealed_protocol { SEALED_SPNEGO, SEALED_KERBEROS };

/* The Content-Type header that goes with the framing. Static text. */
const char *sealed_content_type(enum sealed_protocol protocol);

/* The parts of a message. */
struct sealed_message {
    size_t text_length; /* of the plain text, padding included */
    struct slice token; /* header and ciphertext, which stand together */
    size_t header_length;
};

/* Frames a message whose parts are given. Returns false if `framed` has no room. */
bool sealed_write(enum sealed_protocol protocol, const struct sealed_message *message,
                  struct buffer *framed);

/* True if an answer of this Content-Type claims to be sealed. */
bool sealed_is(const char *content_type);

/* Takes a framed message apart, by lengths and never by searching the ciphertext; the parts point
 * into it. Returns NULL, or what is wrong (static text). */
const char *sealed_read(const char *framed, size_t length, struct sealed_message *message);

#endif
