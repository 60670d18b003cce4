/* authority.h - takes HOST[:PORT] apart and writes it into a URL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_NET_AUTHORITY_H
#define NDES_NET_AUTHORITY_H

#include "common/base/text.h"

enum { HOST_BYTES = 254, PORT_MAXIMUM = 65535 };

enum host_kind { HOST_NAME, HOST_IPV4, HOST_IPV6 };

struct authority {
    char host[HOST_BYTES]; /* IPv6 without brackets */
    enum host_kind kind;
    int64_t port; /* 0 if none was given */
};

/* Parses a host name or an address with an optional port: `ndes.example.com:8443`, `192.0.2.1`,
 * `[2001:db8::1]:443`, and without a port also `2001:db8::1` or `fe80::1%eth0` (in a URL the zone
 * is written `[fe80::1%25eth0]`, which is fine, too). Returns NULL, or
 * what is wrong with it (static text). */
const char *authority_parse(struct slice text, struct authority *authority);

/* Appends `host[:port]` as a URL needs it; port 0 is left out. */
void authority_write(const struct authority *authority, int64_t port, struct buffer *url);

#endif
