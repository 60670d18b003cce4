/* transfer.c - one request of a session and its answer, on libcurl.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/http/transfer.h"

#include <string.h>

#include "common/base/text.h"

enum { CHALLENGES_MAXIMUM = HTTP_HEADER_MAXIMUM };

static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
    struct transfer *transfer = data;

    if (buffer_add(&transfer->response->body, bytes, size * count))
        return size * count;
    transfer->too_large = true;
    return 0;
}

/* The reason phrase is the one thing that libcurl does not hand out. */
static void read_status_line(const char *line, size_t length, struct http_response *response)
{
    struct slice rest = {line, length};
    struct slice piece;

    response->reason[0] = '\0';
    if (slice_next(&rest, " ", &piece) && slice_next(&rest, " ", &piece) && rest.text) {
        rest = slice_trim(rest);
        text_copy_bytes(response->reason, sizeof response->reason, rest.text, rest.length);
    }
}

/* The first line of a header must not begin with white space (RFC 9112 section 2.2). What libcurl
 * makes of such a line differs from release to release: an error, the end of a header of the answer
 * before, or a header of its own. */
static bool is_malformed(const struct transfer *transfer, const char *line, size_t length)
{
    return transfer->after_status && length && (line[0] == ' ' || line[0] == '\t');
}

static size_t on_header(char *line, size_t size, size_t count, void *data)
{
    struct transfer *transfer = data;
    size_t length = size * count;

    transfer->header_bytes += length;
    if (transfer->header_bytes > HTTP_HEADER_MAXIMUM) {
        transfer->too_large = true;
        return 0;
    }
    transfer->malformed = is_malformed(transfer, line, length);
    if (transfer->malformed)
        return 0;
    transfer->after_status = length > 5 && !memcmp(line, "HTTP/", 5);
    if (transfer->after_status) {
        read_status_line(line, length, transfer->response);
        buffer_reset(&transfer->response->body); /* a sign-in leg or redirect came before */
    }
    return length;
}

/* A fresh handle for each request: with one that was used before, libcurl before 8.1 takes a first
 * header line that begins with a blank for the next line of a header it has freed long ago. */
static CURL *make_handle(struct transfer *transfer, const char *url, int64_t left)
{
    CURL *easy = curl_easy_duphandle(transfer->session->model);

    if (!easy)
        return NULL;
    curl_easy_setopt(easy, CURLOPT_SHARE, transfer->session->share);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)left);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)left);
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)transfer->response->body.maximum);
    return easy;
}

bool transfer_begin(struct transfer *transfer, struct http_session *session, const char *url,
                    size_t body_maximum, struct http_response *response)
{
    int64_t left = deadline_left_ms(session->deadline);

    *transfer = (struct transfer){.session = session, .response = response};
    *response = (struct http_response){0};
    buffer_init(&response->body, body_maximum ? body_maximum : HTTP_BODY_MAXIMUM);
    buffer_init(&response->challenges, CHALLENGES_MAXIMUM);
    if (left <= 0) {
        response->outcome = HTTP_TIMEOUT;
        response->phase = PHASE_WAIT;
        text_copy(response->detail, sizeof response->detail, "no time left for this request");
        return false;
    }
    transfer->easy = make_handle(transfer, url, left);
    if (!transfer->easy) {
        response->outcome = HTTP_SETTINGS;
        text_copy(response->detail, sizeof response->detail, "out of memory");
    }
    return transfer->easy != NULL;
}

/* Works on the one request of the session until it has ended. */
static CURLcode run(CURLM *multi, CURL *easy)
{
    CURLMcode failure = curl_multi_add_handle(multi, easy);
    const CURLMsg *message;
    CURLcode code;
    int running = 1;
    int more;

    while (failure == CURLM_OK && running) {
        failure = curl_multi_perform(multi, &running);
        if (failure == CURLM_OK && running)
            failure = curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    message = curl_multi_info_read(multi, &more);
    code = message ? message->data.result : CURLE_FAILED_INIT;
    curl_multi_remove_handle(multi, easy);
    return code;
}

void transfer_perform(struct transfer *transfer)
{
    struct http_session *session = transfer->session;
    long new_connections = 0;

    tls_watch_begin(&session->watch);
    transfer->code = run(session->multi, transfer->easy);
    curl_easy_getinfo(transfer->easy, CURLINFO_NUM_CONNECTS, &new_connections);
    session->connections += new_connections;
    response_read(transfer->easy, transfer->response);
    failure_read(transfer);
}

void transfer_end(struct transfer *transfer)
{
    curl_easy_cleanup(transfer->easy);
    transfer->easy = NULL;
}
