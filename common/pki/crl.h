/* crl.h - certificate revocation lists, read as facts; crl_fetch.h fetches them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PKI_CRL_H
#define NDES_PKI_CRL_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum crl_outcome {
    CRL_NOT_CHECKED, /* the certificate names no HTTP distribution point */
    CRL_READ,        /* parsed and signed by the issuer: the facts below are valid */
    CRL_UNREACHABLE, /* no distribution point answered with a list */
    CRL_UNREADABLE,  /* the answer is no CRL */
    CRL_FOREIGN,     /* a CRL, but of another issuer, or not a complete one for such certificates */
};

struct crl {
    enum crl_outcome outcome;
    char url[512];       /* of the answer, or of the last attempt */
    char detail[256];    /* why not, for every outcome but CRL_READ; a noun phrase */
    int64_t this_update; /* seconds since 1970, UTC */
    bool has_next_update;
    int64_t next_update;
    bool revoked;       /* the certificate's serial number is on the list */
    int64_t revoked_at; /* 0 if unreadable */
    char reason[64];    /* RFC 5280 reason, such as keyCompromise; "" if the list gives none */
    size_t entries;
};

/* Evaluates the bytes of a CRL (DER or PEM) for `subject`; `issuer` must be the CA certificate that
 * signed `subject`. Sets everything but `url`, which it neither reads nor writes. An entry with the
 * reason removeFromCRL does not count as revoked. The caller bounds `length`. */
void crl_read(const void *bytes, size_t length, X509 *subject, X509 *issuer, struct crl *crl);

#endif
