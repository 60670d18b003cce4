/* validity.h - from when until when a certificate is valid (RFC 5280 section 4.1.2.5).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PKI_VALIDITY_H
#define NDES_PKI_VALIDITY_H

#include <openssl/asn1.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Seconds since 1970, UTC. */
struct validity {
    int64_t not_before;
    int64_t not_after;
};

/* Converts a date of a certificate or CRL to seconds since 1970, UTC. Returns false and leaves
 * `*seconds` alone if it is absent (`time` is NULL) or can't be read. */
bool validity_time(const ASN1_TIME *time, int64_t *seconds);

/* Reads the validity of a certificate in DER, and steps over all else without looking whether it
 * is sound: OpenSSL would also decode the public key, which costs more than all the rest of a check
 * that wants the dates (tests/bench/README.md). What follows the certificate is ignored. Returns
 * false and leaves `*validity` alone if the bytes are no certificate as far as the dates, or are
 * cut off, or the dates can't be read. */
bool validity_read(const unsigned char *der, size_t length, struct validity *validity);

#endif
