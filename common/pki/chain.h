/* chain.h - who issued whom, and does a chain verify.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PKI_CHAIN_H
#define NDES_PKI_CHAIN_H

#include <stdbool.h>

#include "common/pki/bundle.h"

/* True if `issuer` signed `subject`: names, key identifiers and the signature itself agree. */
bool chain_is_issuer(X509 *issuer, X509 *subject);

/* The index of the CA certificate in `bundle` that signed `subject` and has the latest notBefore,
 * or -1. A self-signed certificate may be its own issuer. */
int chain_find_issuer(const struct bundle *bundle, X509 *subject);

/* The index of the newest issuing CA, -1 without any CA: the CA certificate with the latest
 * notBefore among those whose name no differently named CA certificate states as its issuer. Those
 * named are the upper chain, and names decide because a renewed root has not signed anything yet.
 * If all are named (CAs that certified each other), the newest of all. */
int chain_newest_ca(const struct bundle *bundle);

/* Verifies `subject` up to any CA certificate of `anchors`, which need not be self-signed, using CA
 * certificates of `bundle` in between. Validity dates and revocation are not judged (other findings
 * do that); signature algorithms neither. Returns NULL if it verifies, else the reason (static text
 * of OpenSSL). */
const char *chain_verify(X509 *subject, const struct bundle *bundle, const struct bundle *anchors);

#endif
