/* store_blob.c - a certificate as the Windows registry keeps it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/pki/store_blob.h"

#include <stdint.h>

enum { HEADER_BYTES = 12, CERTIFICATE_PROPERTY = 32 };

static uint32_t read_u32(const unsigned char *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

bool store_blob_certificate(const void *blob, size_t size, const unsigned char **der,
                            size_t *length)
{
    const unsigned char *at = blob;
    bool found = false;

    while (size >= HEADER_BYTES) {
        uint32_t id = read_u32(at);
        uint32_t bytes = read_u32(at + 8);

        at += HEADER_BYTES;
        size -= HEADER_BYTES;
        if (bytes > size)
            return false;
        if (id == CERTIFICATE_PROPERTY && !found) {
            *der = at;
            *length = bytes;
            found = true;
        }
        at += bytes;
        size -= bytes;
    }
    return found && size == 0;
}
