/* crl_fetch.h - gets CRLs from HTTP distribution points, each once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PKI_CRL_FETCH_H
#define NDES_PKI_CRL_FETCH_H

#include "common/http/http.h"
#include "common/pki/certificate.h"
#include "common/pki/crl.h"

enum { CRL_BYTES_MAXIMUM = 4 * 1024 * 1024 };

/* The last list that was fetched; start with {0}, end with http_response_free(&cache.answer). */
struct crl_cache {
    char url[512];
    struct http_response answer;
};

/* Asks the distribution points of `subject` one after the other until one gives bytes, and
 * evaluates them; `facts` are those of `subject`, `issuer` is the CA certificate that signed it.
 * Both RA certificates mostly name the same list, so the last one is kept in `cache`. Without HTTP
 * distribution points `crl` stays CRL_NOT_CHECKED. */
void crl_fetch(struct http_session *session, const struct certificate *facts, X509 *subject,
               X509 *issuer, struct crl_cache *cache, struct crl *crl);

#endif
