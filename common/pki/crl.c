/* crl.c - certificate revocation lists, read as facts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/pki/crl.h"

#include <limits.h>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "common/base/text.h"
#include "common/pki/certificate.h"

/* What X509_CRL_get0_by_cert() found. */
enum { LOOKUP_ABSENT, LOOKUP_REVOKED, LOOKUP_REMOVED };

/* Without this OpenSSL would ask the terminal for the passphrase of an encrypted PEM block. */
static int no_passphrase(char *target, int size, int writing, void *data)
{
    (void)target;
    (void)size;
    (void)writing;
    (void)data;
    return -1;
}

static X509_CRL *parse(const void *bytes, size_t length)
{
    const unsigned char *next = bytes;
    X509_CRL *list;
    BIO *bio;

    if (!length || length > INT_MAX)
        return NULL;
    list = d2i_X509_CRL(NULL, &next, (long)length);
    if (list)
        return list;
    bio = BIO_new_mem_buf(bytes, (int)length);
    if (bio)
        list = PEM_read_bio_X509_CRL(bio, NULL, no_passphrase, NULL);
    BIO_free(bio);
    return list;
}

/* RFC 5280 section 5.3.1. */
static void read_reason(const X509_REVOKED *entry, struct crl *crl)
{
    static const char *const names[] = {
        "unspecified",   "keyCompromise",        "cACompromise",    "affiliationChanged",
        "superseded",    "cessationOfOperation", "certificateHold", NULL,
        "removeFromCRL", "privilegeWithdrawn",   "aACompromise",
    };
    ASN1_ENUMERATED *code = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
    int64_t number;

    if (code && ASN1_ENUMERATED_get_int64(&number, code)) {
        if (number >= 0 && number < (int64_t)COUNT_OF(names) && names[number])
            text_copy(crl->reason, sizeof(crl->reason), names[number]);
        else
            text_copy(crl->reason, sizeof(crl->reason), "unknown reason");
    }
    ASN1_ENUMERATED_free(code);
}

static void fail(struct crl *crl, enum crl_outcome outcome, const char *detail)
{
    crl->outcome = outcome;
    text_copy(crl->detail, sizeof(crl->detail), detail);
}

/* Fills the facts from a list that the issuer signed. */
static void read_facts(X509_CRL *list, X509 *subject, struct crl *crl)
{
    int entries = sk_X509_REVOKED_num(X509_CRL_get_REVOKED(list));
    const ASN1_TIME *next = X509_CRL_get0_nextUpdate(list);
    X509_REVOKED *entry = NULL;

    if (!validity_time(X509_CRL_get0_lastUpdate(list), &crl->this_update) ||
        (next && !validity_time(next, &crl->next_update))) {
        fail(crl, CRL_UNREADABLE, "a revocation list with unreadable dates");
        return;
    }
    crl->outcome = CRL_READ;
    crl->has_next_update = next != NULL;
    crl->entries = entries > 0 ? (size_t)entries : 0;
    if (X509_CRL_get0_by_cert(list, &entry, subject) != LOOKUP_REVOKED)
        return;
    crl->revoked = true;
    validity_time(X509_REVOKED_get0_revocationDate(entry), &crl->revoked_at);
    read_reason(entry, crl);
}

/* Sets every member but `url` to nothing. */
static void reset(struct crl *crl)
{
    crl->outcome = CRL_NOT_CHECKED;
    crl->detail[0] = '\0';
    crl->this_update = 0;
    crl->has_next_update = false;
    crl->next_update = 0;
    crl->revoked = false;
    crl->revoked_at = 0;
    crl->reason[0] = '\0';
    crl->entries = 0;
}

/* True if the list is complete for end-entity certificates: no delta, and no distribution point
 * that leaves certificates or reasons out (RFC 5280 sections 5.2.4 and 5.2.5). */
static bool covers_end_entities(X509_CRL *list)
{
    ISSUING_DIST_POINT *scope =
        X509_CRL_get_ext_d2i(list, NID_issuing_distribution_point, NULL, NULL);
    bool unread = !scope && X509_CRL_get_ext_by_NID(list, NID_issuing_distribution_point, -1) >= 0;
    bool partial = unread || X509_CRL_get_ext_by_NID(list, NID_delta_crl, -1) >= 0;

    if (scope)
        partial = partial || scope->onlyCA > 0 || scope->onlyattr > 0 || scope->indirectCRL > 0 ||
                  scope->onlysomereasons;
    ISSUING_DIST_POINT_free(scope);
    return !partial;
}

void crl_read(const void *bytes, size_t length, X509 *subject, X509 *issuer, struct crl *crl)
{
    X509_CRL *list = parse(bytes, length);
    EVP_PKEY *key = X509_get0_pubkey(issuer);

    reset(crl);
    if (!list)
        fail(crl, CRL_UNREADABLE, length ? "not a revocation list" : "no data");
    else if (X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(issuer)) != 0)
        fail(crl, CRL_FOREIGN, "a revocation list of another CA");
    else if (!key || X509_CRL_verify(list, key) != 1)
        fail(crl, CRL_FOREIGN, "a revocation list not signed with this CA certificate's key");
    else if (!covers_end_entities(list))
        fail(crl, CRL_FOREIGN,
             "a revocation list that does not cover RA certificates (delta, CA only)");
    else
        read_facts(list, subject, crl);
    X509_CRL_free(list);
    ERR_clear_error();
}
