/* fuzz_crl.c - any bytes as a CRL: as they are, and signed by the right CA so that all of it is
 * read. SPDX-License-Identifier: GPL-3.0-or-later */
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/pki/crl.h"
#include "tests/unit/make_certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

static enum crl_outcome read_list(const uint8_t *data, size_t size, X509 *ca, X509 *ra)
{
    struct crl crl;

    crl_read(data, size, ra, ca, &crl);
    require(ERR_peek_error() == 0);
    require(crl.outcome == CRL_READ || crl.outcome == CRL_UNREADABLE || crl.outcome == CRL_FOREIGN);
    require((crl.outcome == CRL_READ) == !crl.detail[0]);
    require(memchr(crl.reason, '\0', sizeof(crl.reason)) != NULL);
    require(!crl.revoked || crl.entries);
    return crl.outcome;
}

/* No fuzzer guesses a signature. */
static void read_signed(const uint8_t *data, size_t size, X509 *ca, X509 *ra, EVP_PKEY *key)
{
    const unsigned char *next = data;
    X509_CRL *list = d2i_X509_CRL(NULL, &next, (long)size);
    unsigned char *der = NULL;
    int length;

    if (list && X509_CRL_set_issuer_name(list, X509_get_subject_name(ca)) &&
        X509_CRL_sign(list, key, EVP_sha256()) > 0) {
        length = i2d_X509_CRL(list, &der);
        if (length > 0)
            read_list(der, (size_t)length, ca, ra);
        OPENSSL_free(der);
    }
    X509_CRL_free(list);
    ERR_clear_error();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static EVP_PKEY *key;
    static X509 *ca;
    static X509 *ra; /* serial number 1: easily met */

    if (!key) {
        key = make_ec_key();
        ca = make_certificate(&(struct recipe){.name = "CA", .key = key, .ca = true});
        ra = make_certificate(&(struct recipe){.key = key, .issuer = ca, .issuer_key = key});
    }
    read_list(data, size, ca, ra);
    read_signed(data, size, ca, ra, key);
    return 0;
}
