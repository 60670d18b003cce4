/* bundle.c - a set of certificates from one source: DER, PEM or degenerate PKCS#7.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/pki/bundle.h"

#include <limits.h>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <string.h>

#include "common/base/text.h"

static const char out_of_memory[] = "more than fits in memory";

/* The facts are 100 KiB, which need not be written for three certificates. */
static void empty(struct bundle *bundle)
{
    memset(bundle, 0, offsetof(struct bundle, facts));
}

/* Takes over `x509`, also when it fails or there is no room. Returns NULL, or what is wrong. */
static const char *add_certificate(struct bundle *bundle, X509 *x509)
{
    if (bundle->count == BUNDLE_MAXIMUM) {
        bundle->dropped++;
        X509_free(x509);
        return NULL;
    }
    if (!certificate_read(x509, &bundle->facts[bundle->count])) {
        X509_free(x509);
        return "a certificate with unreadable dates";
    }
    bundle->x509[bundle->count++] = x509;
    return NULL;
}

static const char *add_pkcs7(struct bundle *bundle, const PKCS7 *pkcs7)
{
    const STACK_OF(X509) * certificates;
    const char *wrong = NULL;

    if (!PKCS7_type_is_signed(pkcs7))
        return "PKCS#7 that is not signed data";
    certificates = pkcs7->d.sign ? pkcs7->d.sign->cert : NULL;
    if (sk_X509_num(certificates) <= 0)
        return "PKCS#7 without certificates";
    for (int i = 0; i < sk_X509_num(certificates) && !wrong; i++) {
        X509 *x509 = sk_X509_value(certificates, i);

        X509_up_ref(x509);
        wrong = add_certificate(bundle, x509);
    }
    return wrong;
}

/* Why nothing could be parsed. OpenSSL refuses a whole certificate for one bad byte in a name,
 * which other programs accept, so the operator would look in vain for other damage. */
static const char *parse_error(void)
{
    const char *wrong = "neither a certificate nor PKCS#7";
    unsigned long code;

    while ((code = ERR_get_error()) != 0)
        if (ERR_GET_LIB(code) == ERR_LIB_ASN1 && ERR_GET_REASON(code) == ASN1_R_INVALID_UTF8STRING)
            wrong = "a certificate with a name that is not valid UTF-8";
    return wrong;
}

/* One certificate or PKCS#7. Sets `form` to what it was. */
static const char *add_der(struct bundle *bundle, const unsigned char *bytes, long length,
                           enum bundle_form *form)
{
    const unsigned char *start = bytes;
    X509 *x509 = d2i_X509(NULL, &bytes, length);
    const char *wrong;
    PKCS7 *pkcs7;

    if (x509) {
        *form = BUNDLE_DER;
        return add_certificate(bundle, x509);
    }
    bytes = start;
    pkcs7 = d2i_PKCS7(NULL, &bytes, length);
    if (!pkcs7)
        return parse_error();
    *form = BUNDLE_PKCS7;
    wrong = add_pkcs7(bundle, pkcs7);
    PKCS7_free(pkcs7);
    return wrong;
}

/* TRUSTED is OpenSSL's own: a certificate with something behind it. */
static bool is_wanted_block(const char *label)
{
    static const char *const wanted[] = {
        PEM_STRING_X509,  PEM_STRING_X509_OLD,     PEM_STRING_X509_TRUSTED,
        PEM_STRING_PKCS7, PEM_STRING_PKCS7_SIGNED, PEM_STRING_CMS,
    };

    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        if (strcmp(label, wanted[i]) == 0)
            return true;
    return false;
}

/* Reads the blocks by hand: OpenSSL's readers of a certain type would ask the terminal for the
 * passphrase of an encrypted block. */
static const char *add_pem(struct bundle *bundle, const char *text, int length)
{
    BIO *bio = BIO_new_mem_buf(text, length);
    enum bundle_form form; /* of the block */
    const char *wrong = bio ? NULL : out_of_memory;
    unsigned char *data;
    char *label;
    char *header;
    long size;

    ERR_clear_error();
    while (!wrong && PEM_read_bio(bio, &label, &header, &data, &size)) {
        if (is_wanted_block(label))
            wrong = add_der(bundle, data, size, &form);
        OPENSSL_free(label);
        OPENSSL_free(header);
        OPENSSL_clear_free(data, (size_t)size); /* the file may hold a private key, too */
        ERR_clear_error();
    }
    if (!wrong && ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
        wrong = "a damaged PEM block";
    else if (!wrong && !bundle->count)
        wrong = "PEM without certificates";
    BIO_free(bio);
    return wrong;
}

/* The first byte tells DER, but explanatory text before PEM may start with the same: `0`. */
static const char *add_any(struct bundle *bundle, const char *bytes, size_t length)
{
    const char *wrong = "neither a certificate nor PKCS#7";
    const char *pem;

    if (!length)
        return "no data";
    if (length > INT_MAX)
        return out_of_memory;
    if (bytes[0] == 0x30)
        wrong = add_der(bundle, (const unsigned char *)bytes, (long)length, &bundle->form);
    if (!wrong)
        return NULL;
    pem = text_find(bytes, length, "-----BEGIN ");
    if (!pem)
        return wrong;
    bundle_free(bundle);
    bundle->form = BUNDLE_PEM;
    return add_pem(bundle, pem, (int)(length - (size_t)(pem - bytes)));
}

const char *bundle_parse(const void *bytes, size_t length, struct bundle *bundle)
{
    const char *wrong;

    empty(bundle);
    ERR_clear_error();
    wrong = add_any(bundle, bytes, length);
    if (wrong)
        bundle_free(bundle);
    ERR_clear_error();
    return wrong;
}

void bundle_free(struct bundle *bundle)
{
    for (size_t i = 0; i < bundle->count; i++)
        X509_free(bundle->x509[i]);
    empty(bundle);
}
