/* http.h - one HTTP client session: a kept connection, byte caps, timings and TLS facts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_HTTP_HTTP_H
#define NDES_HTTP_HTTP_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/buffer.h"
#include "common/base/clock.h"
#include "common/net/route.h"
#include "common/net/tls.h"

enum { HTTP_BODY_MAXIMUM = 256 * 1024, HTTP_HEADER_MAXIMUM = 64 * 1024, HTTP_EXTRA_HEADERS = 16 };

/* How to connect; strings are not owned, NULL where not wanted. */
struct http_settings {
    struct net_route route; /* Host and SNI are the URL's, whatever address is connected to */
    struct net_tls tls;
    const char *proxy;      /* NULL: none, whatever the environment says */
    const char *user_agent; /* NULL: the suite's own */
    const char *headers[HTTP_EXTRA_HEADERS];
    size_t header_count;
    bool follow_redirects;
};

enum http_outcome {
    HTTP_NOT_ASKED,
    HTTP_ANSWERED,      /* a complete HTTP response */
    HTTP_NO_NAME,       /* the host or proxy name does not resolve */
    HTTP_NO_CONNECTION, /* refused, no route */
    HTTP_PROXY,         /* the proxy refuses to connect */
    HTTP_TIMEOUT,       /* the deadline passed; see `phase` */
    HTTP_TLS_EXPIRED,   /* server certificate not valid at this time */
    HTTP_TLS_NAME,      /* server certificate is for another name */
    HTTP_TLS_CHAIN,     /* server certificate not trusted */
    HTTP_TLS_CLIENT,    /* the server wants a client certificate, or refused ours */
    HTTP_TLS_HANDSHAKE, /* any other TLS failure */
    HTTP_TOO_LARGE,     /* header or body over the cap */
    HTTP_BROKEN,        /* no HTTP, or cut off */
    HTTP_SETTINGS,      /* a local file or option is unusable: the server was not asked */
};

enum http_phase { PHASE_NAME, PHASE_CONNECT, PHASE_TLS, PHASE_WAIT, PHASE_TRANSFER };

/* What the 401's WWW-Authenticate headers offered; bits. */
enum http_auth { AUTH_BASIC = 1, AUTH_DIGEST = 2, AUTH_NTLM = 4, AUTH_NEGOTIATE = 8 };

/* Seconds, each phase alone; a phase that did not happen is 0. */
struct http_times {
    double name;
    double connect;
    double tls;
    double wait; /* from the request to the first byte of the answer */
    double transfer;
    double total;
};

struct http_response {
    enum http_outcome outcome;
    enum http_phase phase; /* how far it came, unless HTTP_ANSWERED */
    char detail[256];      /* why, mostly in libcurl's words, unless HTTP_ANSWERED */
    int status;            /* 0 if there was no status line */
    char reason[128];
    char server[128]; /* Server header */
    char via[128];
    char content_type[128];
    char location[512];
    unsigned auth_offers;     /* enum http_auth bits */
    struct buffer challenges; /* values of the WWW-Authenticate headers, a line each */
    bool has_date;            /* there was a Date header */
    int64_t clock_ahead;      /* seconds that the server's clock is ahead of ours */
    struct buffer body;
    char peer_address[64];
    struct http_times times;
};

/* What the TLS handshake showed; filled even when verification failed. */
struct http_tls {
    char protocol[16];
    char cipher[64];
    X509 *certificate; /* the server's own, NULL if none was seen; owned by the session */
};

struct http_session;

/* Prepares a session. `settings` and `deadline` must outlive it. Returns NULL and a line in `error`
 * if libcurl can't be initialised. */
struct http_session *http_open(const struct http_settings *settings,
                               const struct deadline *deadline, char *error, size_t error_size);
void http_close(struct http_session *session);

/* Sign in with the request; NULL strings with AUTH_NEGOTIATE take the ticket cache. */
struct http_login {
    enum http_auth scheme; /* AUTH_NTLM or AUTH_NEGOTIATE */
    const char *user;      /* [DOMAIN\]user */
    const char *password;
};

/* GETs a URL within the session's deadline. `body_maximum` 0 means HTTP_BODY_MAXIMUM. The response
 * is always filled and must be given to http_response_free(). */
void http_get(struct http_session *session, const char *url, size_t body_maximum,
              struct http_response *response);

/* The same for a page that costs something: if the connection breaks it is not asked for again, and
 * the outcome is HTTP_BROKEN. `login` may be NULL. */
void http_get_once(struct http_session *session, const char *url, const struct http_login *login,
                   struct http_response *response);
void http_response_free(struct http_response *response);

/* A message to POST. Strings are not owned. */
struct http_message {
    const char *content_type;
    const char *authorization; /* value of the header, NULL for none */
    const void *body;
    size_t length;
};

/* POSTs a message; the rest is as with http_get(). All messages of a session go over its one TCP
 * connection, for they may have signed it in: if it breaks, the outcome is HTTP_BROKEN. */
void http_post(struct http_session *session, const char *url, const struct http_message *message,
               size_t body_maximum, struct http_response *response);

/* The facts of the session's TLS handshake, with the first server certificate that was seen; valid
 * until http_close(). */
const struct http_tls *http_tls(const struct http_session *session);

/* TCP connections opened so far. */
long http_connections(const struct http_session *session);

#endif
