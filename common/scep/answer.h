/* answer.h - what an HTTP outcome means for a SCEP server, as findings.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_SCEP_ANSWER_H
#define NDES_SCEP_ANSWER_H

#include <stdbool.h>

#include "common/http/http.h"
#include "common/report/report.h"
#include "common/scep/cacert.h"

/* Reports why `step` (GetCACaps ...) got no HTTP answer: name, connection, TLS, time, bytes.
 * Returns true if there is a complete answer, whatever its status. */
bool answer_arrived(struct report *report, const char *step, const char *url,
                    const struct http_response *response);

/* Reports a status by which the server refuses a request: 3xx, 4xx, 5xx and other surprises. The
 * same finding for a second step becomes a note. Does nothing for 200. */
void answer_judge_status(struct report *report, const char *step,
                         const struct http_response *response);

/* "HTTP 503 Service Unavailable from Microsoft-HTTPAPI/2.0". */
void answer_text(const struct http_response *response, char *target, size_t size);

/* Adds what a request took: at -vv status and time, at -vvv phases and headers. */
void answer_note(struct report *report, const char *step, const struct http_response *response);

/* Reports an answer to GetCACert that holds no certificates; `problem` are bundle_parse()'s words.
 */
void answer_judge_cacert(struct report *report, enum cacert_verdict verdict, const char *problem,
                         const struct http_response *response);

#endif
