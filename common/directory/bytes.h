/* bytes.h - little-endian numbers of the wire.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_DIRECTORY_BYTES_H
#define NDES_DIRECTORY_BYTES_H

#include <stdint.h>

/* The caller has checked that the bytes are there. */
static inline uint16_t bytes_u16(const unsigned char *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static inline uint32_t bytes_u32(const unsigned char *bytes)
{
    return bytes_u16(bytes) | (uint32_t)bytes_u16(bytes + 2) << 16;
}

#endif
