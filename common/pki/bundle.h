/* bundle.h - a set of certificates from one source: DER, PEM or degenerate PKCS#7.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PKI_BUNDLE_H
#define NDES_PKI_BUNDLE_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/pki/certificate.h"

enum { BUNDLE_MAXIMUM = 32 };

enum bundle_form { BUNDLE_DER, BUNDLE_PEM, BUNDLE_PKCS7 };

struct bundle {
    enum bundle_form form;
    size_t count;
    size_t dropped;                           /* certificates beyond BUNDLE_MAXIMUM */
    X509 *x509[BUNDLE_MAXIMUM];               /* owned; in the order of the source */
    struct certificate facts[BUNDLE_MAXIMUM]; /* of the same index, as far as `count` */
};

/* Recognises the form from the bytes, not from a claimed content type. PKCS#7 may have no, an empty
 * or a one-byte eContent; a BER encoding is accepted where OpenSSL does. PEM may hold CERTIFICATE
 * and PKCS7 blocks, in any mix, with other blocks and text around them. Whatever follows the one
 * certificate or PKCS#7 of a DER source is ignored: SCEP clients do so, too. One
 * certificate with unreadable dates spoils the whole. The caller bounds `length`. Returns NULL, or
 * what is wrong (static text, a noun phrase); then the bundle is empty.
 */
const char *bundle_parse(const void *bytes, size_t length, struct bundle *bundle);

/* Frees the certificates and empties the bundle. */
void bundle_free(struct bundle *bundle);

#endif
