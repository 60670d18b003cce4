/* tls_watch.h - looks over libcurl's shoulder at the TLS handshake (libcurl built on OpenSSL).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_HTTP_TLS_WATCH_H
#define NDES_HTTP_TLS_WATCH_H

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <stdbool.h>

#include "common/http/http.h"

struct tls_watch {
    struct http_tls facts;
    bool started;                   /* a handshake has begun */
    int verify_error;               /* first X509_V_ERR_* of the handshake, X509_V_OK if none */
    int verify_depth;               /* of that error; 0 is the server's own certificate */
    bool client_certificate_wanted; /* the server asked for one and we have none */
    int alert;                      /* TLS alert that the server sent, 0 if none */
};

/* A CURLOPT_SSL_CTX_FUNCTION whose CURLOPT_SSL_CTX_DATA is a struct tls_watch. It only watches:
 * whether a certificate is accepted stays libcurl's and OpenSSL's decision. */
CURLcode tls_watch_install(CURL *easy, void *ssl_ctx, void *watch);

/* Before each request: forgets all but the facts, which hold for the session. */
void tls_watch_begin(struct tls_watch *watch);

void tls_watch_free(struct tls_watch *watch);

/* Names a failed handshake: one of the HTTP_TLS_* outcomes. `verification_failed` tells that
 * libcurl gave the server's certificate as the reason. */
enum http_outcome tls_watch_outcome(const struct tls_watch *watch, bool verification_failed);

#endif
