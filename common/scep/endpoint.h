/* endpoint.h - the URLs of a SCEP server.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_SCEP_ENDPOINT_H
#define NDES_SCEP_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>

enum { SCEP_LONG_MAXIMUM = 64 * 1024, SCEP_URL_MAXIMUM = SCEP_LONG_MAXIMUM + 2048 };

/* Writes `BASE?operation=OPERATION&message=ca` (RFC 8894 section 4.1). NDES ignores the message of
 * GetCACaps and GetCACert, but old servers insist on there being one. Returns false if it does not
 * fit. */
bool scep_url(const char *base, const char *operation, char *url, size_t size);

/* GetCACaps with its message padded until the URL has `length` bytes: as long as a real request
 * with a CSR, but harmless. `url` must have room for it. */
bool scep_long_url(const char *base, size_t length, char *url, size_t size);

/* Replaces the path of `base` by `path`: for the admin page on the same server. A directory gets
 * its final slash, as IIS would redirect there and NTLM signs in a connection, not a session.
 * Returns false if `path` has no slash at all, or the URL does not fit. */
bool scep_admin_url(const char *base, const char *path, char *url, size_t size);

#endif
