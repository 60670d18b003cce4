/* crl_fetch.c - gets CRLs from HTTP distribution points, each once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/pki/crl_fetch.h"

#include <string.h>

#include "common/base/text.h"

/* Asks one distribution point. Returns true if it gave bytes. */
static bool ask(struct http_session *session, const char *url, X509 *subject, X509 *issuer,
                struct crl_cache *cache, struct crl *crl)
{
    const struct http_response *answer = &cache->answer;
    bool answered;

    if (strcmp(cache->url, url) != 0) {
        http_response_free(&cache->answer);
        http_get(session, url, CRL_BYTES_MAXIMUM, &cache->answer);
        text_copy(cache->url, sizeof cache->url, url);
    }
    answered = answer->outcome == HTTP_ANSWERED && answer->status == 200;
    if (answered)
        crl_read(buffer_text(&answer->body), answer->body.length, subject, issuer, crl);
    else
        crl->outcome = CRL_UNREACHABLE;
    text_copy(crl->url, sizeof crl->url, url);
    if (answer->outcome == HTTP_TOO_LARGE)
        text_format(crl->detail, sizeof crl->detail, "larger than %d MiB, not read",
                    CRL_BYTES_MAXIMUM / (1024 * 1024));
    else if (answer->outcome != HTTP_ANSWERED)
        text_copy(crl->detail, sizeof crl->detail, answer->detail);
    else if (!answered)
        text_format(crl->detail, sizeof crl->detail, "HTTP %d", answer->status);
    return answered;
}

void crl_fetch(struct http_session *session, const struct certificate *facts, X509 *subject,
               X509 *issuer, struct crl_cache *cache, struct crl *crl)
{
    *crl = (struct crl){.outcome = CRL_NOT_CHECKED};
    for (int i = 0; i < facts->crl_url_count; i++)
        if (ask(session, facts->crl_urls[i], subject, issuer, cache, crl))
            return;
}
