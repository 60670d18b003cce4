/* guid.h - a GUID in the bytes of the wire.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_DIRECTORY_GUID_H
#define NDES_DIRECTORY_GUID_H

#include <stdbool.h>
#include <stddef.h>

enum { GUID_BYTES = 16, GUID_TEXT_SIZE = 37 };

/* As in descriptors and in attributes such as schemaIDGUID: the first three fields little-endian,
 * the last eight bytes in order (MS-DTYP 2.3.4.2). */
struct guid {
    unsigned char bytes[GUID_BYTES];
};

/* Reads all of "0e10c968-78fb-11d2-90d4-00c04f79dc55", in either case, without braces. Returns
 * false, and leaves `*guid` alone, if the text is anything else. */
bool guid_parse(const char *text, struct guid *guid);

/* Writes it in lower case; `target` has GUID_TEXT_SIZE bytes or more, or the text is cut. */
void guid_text(const struct guid *guid, char *target, size_t size);

bool guid_equal(const struct guid *a, const struct guid *b);

#endif
