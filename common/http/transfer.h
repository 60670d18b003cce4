/* transfer.h - one request of a session and its answer, on libcurl; for the files of this room
 * alone. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_HTTP_TRANSFER_H
#define NDES_HTTP_TRANSFER_H

#include <curl/curl.h>

#include "common/http/http.h"
#include "common/http/tls_watch.h"

struct http_session {
    CURLM *multi;  /* keeps the connections and resolved names */
    CURLSH *share; /* keeps the TLS sessions */
    CURL *model;   /* has the settings; never used for a request itself */
    const struct deadline *deadline;
    struct curl_slist *headers;
    struct curl_slist *connect_to;
    struct tls_watch watch;
    long connections;
    bool connected; /* for messages: there has been the one connection */
};

struct transfer {
    struct http_session *session;
    struct http_response *response;
    CURL *easy;
    CURLcode code; /* how it ended */
    size_t header_bytes;
    bool after_status; /* the next line is the first one of a header */
    bool malformed;    /* the header is none */
    bool too_large;
    int port;    /* local port of the connection that a request is pinned to, 0 before it is sent */
    bool closed; /* the one connection for messages is gone */
    char error[CURL_ERROR_SIZE];
};

/* Starts a response and the request for it. Returns false if there is no time left, or no memory:
 * then the response is complete. Else transfer_end() is due. */
bool transfer_begin(struct transfer *transfer, struct http_session *session, const char *url,
                    size_t body_maximum, struct http_response *response);

/* Makes the request that is set up and fills the response. */
void transfer_perform(struct transfer *transfer);

void transfer_end(struct transfer *transfer);

/* Fills in what the answer's header says, and the times. */
void response_read(CURL *easy, struct http_response *response);

/* Seconds by libcurl's clock of a request. */
double transfer_time(CURL *easy, CURLINFO which);

/* Says how a request ended, and why and where if without an answer. */
void failure_read(const struct transfer *transfer);

#endif
