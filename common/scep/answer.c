/* answer.c - what an HTTP outcome means for a SCEP server, as findings.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/scep/answer.h"

#include "common/base/text.h"

static const char *phase_text(enum http_phase phase)
{
    static const char *const texts[] = {
        [PHASE_NAME] = "while the name was being resolved",
        [PHASE_CONNECT] = "while the TCP connection was being made",
        [PHASE_TLS] = "in the TLS handshake",
        [PHASE_WAIT] = "after the request was sent",
        [PHASE_TRANSFER] = "in the middle of the answer",
    };

    return texts[phase];
}

static void find_timeout(struct report *report, const char *step,
                         const struct http_response *response)
{
    if (response->phase <= PHASE_CONNECT)
        report_find(report, NDES_HTTP_TIMEOUT, "%s: time ran out %s" DETAIL " (%s)", step,
                    phase_text(response->phase), response->detail);
    else
        report_find(report, NDES_HTTP_TIMEOUT, "%s: %s stopped answering %s" DETAIL " (%s)", step,
                    response->peer_address, phase_text(response->phase), response->detail);
}

bool answer_arrived(struct report *report, const char *step, const char *url,
                    const struct http_response *response)
{
    const char *detail = response->detail;

    switch (response->outcome) {
    case HTTP_ANSWERED:
        return true;
    case HTTP_NOT_ASKED:
        return false;
    case HTTP_NO_NAME:
        report_find(report, NDES_NET_DNS, "%s" DETAIL " (%s)", detail, url);
        return false;
    case HTTP_NO_CONNECTION:
        report_find(report, NDES_NET_REFUSED, "%s" DETAIL " (%s)", detail, url);
        return false;
    case HTTP_PROXY:
        report_find(report, NDES_NET_PROXY, "%s" DETAIL " (%s)", detail, url);
        return false;
    case HTTP_TIMEOUT:
        find_timeout(report, step, response);
        return false;
    case HTTP_TLS_EXPIRED:
        report_find(report, NDES_TLS_EXPIRED, "TLS certificate is not valid now" DETAIL ": %s (%s)",
                    detail, url);
        return false;
    case HTTP_TLS_NAME:
        report_find(report, NDES_TLS_NAME, "%s" DETAIL " (%s)", detail, url);
        return false;
    case HTTP_TLS_CHAIN:
        report_find(report, NDES_TLS_CHAIN, "%s" DETAIL " (%s)", detail, url);
        return false;
    case HTTP_TLS_CLIENT:
        report_find(report, NDES_TLS_CLIENT,
                    "the server requires a client certificate, or refuses ours" DETAIL ": %s (%s)",
                    detail, url);
        return false;
    case HTTP_TLS_HANDSHAKE:
        report_find(report, NDES_TLS_HANDSHAKE, "the TLS handshake failed" DETAIL ": %s (%s)",
                    detail, url);
        return false;
    case HTTP_TOO_LARGE:
        report_find(report, NDES_HTTP_TOOLARGE,
                    "%s: answer over %d KiB" DETAIL " (or headers over %d KiB)", step,
                    (int)(response->body.maximum / 1024), HTTP_HEADER_MAXIMUM / 1024);
        return false;
    case HTTP_BROKEN:
        report_find(report, NDES_HTTP_BROKEN, "%s: %s", step, detail);
        return false;
    case HTTP_SETTINGS:
        report_find(report, NDES_HTTP_SETTINGS, "%s: no request was sent: %s", step, detail);
        return false;
    }
    return false;
}

void answer_text(const struct http_response *response, char *target, size_t size)
{
    text_format(target, size, "HTTP %d%s%s%s%s", response->status, response->reason[0] ? " " : "",
                response->reason, response->server[0] ? " from " : "", response->server);
}

static enum finding_id finding_of_status(int status)
{
    if (status >= 300 && status < 400)
        return NDES_HTTP_REDIRECT;
    switch (status) {
    case 403:
        return NDES_HTTP_403;
    case 404:
        return NDES_HTTP_404;
    case 500:
        return NDES_HTTP_500;
    case 502:
        return NDES_HTTP_502;
    case 503:
        return NDES_HTTP_503;
    case 504:
        return NDES_HTTP_504;
    default:
        return NDES_HTTP_STATUS;
    }
}

void answer_judge_status(struct report *report, const char *step,
                         const struct http_response *response)
{
    enum finding_id id = finding_of_status(response->status);
    char text[320];

    if (response->status == 200)
        return;
    answer_text(response, text, sizeof text);
    if (report_has(report, id))
        report_note(report, 1, "%s: also %s", step, text);
    else if (id == NDES_HTTP_REDIRECT)
        report_find(report, id, "%s: %s" DETAIL "%s%s", step, text,
                    response->location[0] ? ", to " : "", response->location);
    else
        report_find(report, id, "%s: %s", step, text);
}

void answer_note(struct report *report, const char *step, const struct http_response *response)
{
    const struct http_times *times = &response->times;

    report_note(report, 2, "%s: HTTP %d in %.3f s", step, response->status, times->total);
    report_note(report, 3,
                "%s: from %s: name %.6f, connect %.6f, TLS %.6f, wait %.6f, transfer %.6f s; type "
                "'%s', Server '%s', Via '%s', Location '%s'",
                step, response->peer_address, times->name, times->connect, times->tls, times->wait,
                times->transfer, response->content_type, response->server, response->via,
                response->location);
}

void answer_judge_cacert(struct report *report, enum cacert_verdict verdict, const char *problem,
                         const struct http_response *response)
{
    switch (verdict) {
    case CACERT_GOOD:
        return;
    case CACERT_BLANK:
        report_find(report, NDES_HTTP_BLANK, "GetCACert: HTTP 200 with an empty body");
        return;
    case CACERT_HTML:
        report_find(report, NDES_HTTP_HTML,
                    "GetCACert: a web page instead of certificates" DETAIL " (%zu bytes, %s)",
                    response->body.length,
                    response->content_type[0] ? response->content_type : "no content type");
        return;
    case CACERT_INVALID:
        report_find(report, NDES_CACERT_INVALID, "GetCACert: %s" DETAIL " (%zu bytes of %s)",
                    problem, response->body.length,
                    response->content_type[0] ? response->content_type : "no type");
        return;
    }
}
