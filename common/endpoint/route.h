/* route.h - the options that say how to connect, to whatever server.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_ENDPOINT_ROUTE_H
#define NDES_ENDPOINT_ROUTE_H

#include "common/net/authority.h"
#include "common/net/route.h"
#include "common/net/tls.h"
#include "common/options/options.h"

struct route_options {
    struct net_route route;
    struct net_tls tls; /* completed by route_resolve() */
    char *passphrase;   /* from --passphrase-file; owned */
};

void route_options_free(struct route_options *options);

/* -I -4 -6 --source-address -J -K --passphrase-file --ca-cert --insecure --tls-min */
struct option_group route_group(struct route_options *options);

/* Checks that the files can be read, and completes `options->tls`. On failure returns false and
 * writes a usage error. */
bool route_resolve(struct route_options *options, char *error, size_t error_size);

/* Checks that -I, or else the server if it is an address, goes with -4 and -6. On failure returns
 * false and writes a usage error. */
bool route_check_address(const struct route_options *options, const struct authority *server,
                         char *error, size_t error_size);

/* Checks that a file (or a directory of CA certificates, if allowed) can be read; NULL is fine. On
 * failure returns false and writes a usage error that names the option. */
bool route_check_file(const char *option, const char *path, bool or_directory, char *error,
                      size_t error_size);

/* A value for a message: what holds an @ is not quoted, as a password may be before it. */
const char *route_shown(const char *value);

#endif
