/* failure.c - how a request ended, and why there is no answer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>

#include "common/base/text.h"
#include "common/http/transfer.h"

/* How far the request came. libcurl leaves CONNECT_TIME at 0 until TLS is done, so the handshake is
 * watched instead; on a kept connection only the last two moments are recorded. */
static enum http_phase reached_phase(const struct transfer *transfer)
{
    CURL *easy = transfer->easy;

    if (transfer_time(easy, CURLINFO_STARTTRANSFER_TIME_T) > 0)
        return PHASE_TRANSFER;
    if (transfer_time(easy, CURLINFO_PRETRANSFER_TIME_T) > 0)
        return PHASE_WAIT;
    if (transfer->session->watch.started)
        return PHASE_TLS;
    return transfer_time(easy, CURLINFO_NAMELOOKUP_TIME_T) > 0 ? PHASE_CONNECT : PHASE_NAME;
}

/* True if the operating system gave up on the connection before our deadline did. */
static bool connect_timed_out(CURL *easy)
{
    long system_error = 0;

    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &system_error);
    return system_error == ETIMEDOUT;
}

/* The status by which the proxy refused to CONNECT, 0 if it did not. */
static int proxy_refusal(CURL *easy)
{
    long status = 0;

    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &status);
    return status / 100 == 2 ? 0 : (int)status;
}

static enum http_outcome outcome_of(const struct transfer *transfer)
{
    const struct tls_watch *watch = &transfer->session->watch;

    if (transfer->too_large)
        return HTTP_TOO_LARGE;
    if (transfer->closed || transfer->malformed)
        return HTTP_BROKEN;
    if (transfer->code != CURLE_OK && proxy_refusal(transfer->easy))
        return HTTP_PROXY;
    switch (transfer->code) {
    case CURLE_OK:
    case CURLE_TOO_MANY_REDIRECTS: /* the last redirect is the answer */
        return HTTP_ANSWERED;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return HTTP_NO_NAME;
    case CURLE_COULDNT_CONNECT:
        return connect_timed_out(transfer->easy) ? HTTP_TIMEOUT : HTTP_NO_CONNECTION;
    case CURLE_OPERATION_TIMEDOUT:
        return HTTP_TIMEOUT;
    case CURLE_PEER_FAILED_VERIFICATION:
        return tls_watch_outcome(watch, true);
    case CURLE_SSL_CONNECT_ERROR:
        return tls_watch_outcome(watch, watch->verify_error != X509_V_OK);
    case CURLE_ABORTED_BY_CALLBACK: /* by on_request() */
        return HTTP_BROKEN;
    case CURLE_FILESIZE_EXCEEDED:
    case CURLE_OUT_OF_MEMORY: /* libcurl's answer to a header line without end */
        return HTTP_TOO_LARGE;
    case CURLE_URL_MALFORMAT:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER:
    case CURLE_INTERFACE_FAILED:
    case CURLE_FAILED_INIT:
    case CURLE_NOT_BUILT_IN:
        return HTTP_SETTINGS;
    case CURLE_PROXY:
        return HTTP_PROXY;
    default:
        /* With TLS 1.3 a missing client certificate shows only after the handshake. */
        return watch->alert ? tls_watch_outcome(watch, false) : HTTP_BROKEN;
    }
}

/* Says why there is no answer: in libcurl's words, unless ours are clearer. */
static void describe(const struct transfer *transfer)
{
    char *detail = transfer->response->detail;
    size_t size = sizeof transfer->response->detail;

    if (transfer->response->outcome == HTTP_PROXY && proxy_refusal(transfer->easy))
        text_format(detail, size, "the proxy answered HTTP %d to CONNECT",
                    proxy_refusal(transfer->easy));
    else if (transfer->closed)
        text_copy(detail, size, "the server closed the connection and ended the sign-in");
    else if (transfer->malformed)
        text_copy(detail, size, "the first header line of the answer starts with whitespace");
    else if (transfer->code == CURLE_BAD_FUNCTION_ARGUMENT) /* libcurl's word for both */
        text_copy(
            detail, size,
            "a header line of the answer has no colon, or the first one starts with whitespace");
    else if (transfer->code == CURLE_ABORTED_BY_CALLBACK)
        text_copy(detail, size,
                  "the connection was cut after signing in; not retried, as that could use up a "
                  "second password");
    else
        text_copy(detail, size,
                  transfer->error[0] ? transfer->error : curl_easy_strerror(transfer->code));
}

void failure_read(const struct transfer *transfer)
{
    struct http_response *response = transfer->response;

    response->outcome = outcome_of(transfer);
    if (response->outcome == HTTP_ANSWERED)
        return;
    response->phase = reached_phase(transfer);
    describe(transfer);
}
