/* connection.h - the options that say which HTTP server to ask.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_ENDPOINT_CONNECTION_H
#define NDES_ENDPOINT_CONNECTION_H

#include "common/http/http.h"
#include "common/endpoint/route.h"
#include "common/options/types.h"

#define CONNECTION_DEFAULT_PLACE "/certsrv/mscep/mscep.dll"

enum { PORT_HTTP = 80, PORT_HTTPS = 443 };

/* What an URL is completed with, by the service that is asked. */
struct connection_defaults {
    const char *path;
    int64_t port;
    int64_t tls_port;
};
extern const struct connection_defaults connection_scep;

struct connection_options {
    const char *host;        /* -H: name or address, may carry :port, IPv6 in brackets or bare */
    bool tls;                /* -S */
    int64_t port;            /* -p, 0: the default */
    const char *path_or_url; /* -u: path or full URL */
    struct text_list headers;
    struct route_options route;
    struct http_settings http; /* the rest goes straight in; completed by connection_resolve() */
    char server[256];          /* the URL's host; by connection_resolve() */
};

/* Which SCEP server: -H -S -p -u -x -A -k --follow-redirects */
struct option_group connection_server_group(struct connection_options *options);

/* Returns NULL, or what is in the path or URL that no URL can hold, to go behind its quotation. */
const char *connection_url_problem(const char *text);

/* Checks and completes `options->http` (headers, family, TLS, certificate files): what connecting
 * needs when the URL comes from elsewhere. On failure returns false and writes a usage error. */
bool connection_settings(struct connection_options *options, char *error, size_t error_size);

/* Builds the URL without a final query, such as https://ndes.example.com/certsrv/mscep/mscep.dll,
 * and completes `options->server` and `options->http` (headers, family, TLS). -p without -S and
 * without a URL means http; port 443 implies nothing. Checks: either -H or a full URL, not both;
 * http or https; no user name, fragment, query, blank or control character in it; port 1 to 65535;
 * readable certificate files. On failure returns false and writes a usage error into `error`. */
bool connection_resolve(struct connection_options *options,
                        const struct connection_defaults *defaults, char *url, size_t url_size,
                        char *error, size_t error_size);

#endif
