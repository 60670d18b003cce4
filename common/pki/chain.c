/* chain.c - who issued whom, and does a chain verify.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/pki/chain.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

bool chain_is_issuer(X509 *issuer, X509 *subject)
{
    EVP_PKEY *key = X509_get0_pubkey(issuer);
    bool issued =
        key && X509_check_issued(issuer, subject) == X509_V_OK && X509_verify(subject, key) == 1;

    ERR_clear_error();
    return issued;
}

int chain_find_issuer(const struct bundle *bundle, X509 *subject)
{
    int found = -1;

    for (int i = 0; i < (int)bundle->count; i++) {
        const struct certificate *ca = &bundle->facts[i];

        if (ca->is_ca &&
            (found < 0 || ca->validity.not_before > bundle->facts[found].validity.not_before) &&
            chain_is_issuer(bundle->x509[i], subject))
            found = i;
    }
    return found;
}

/* True if a CA certificate of another name says that it was issued by the one at `index`. */
static bool is_upper(const struct bundle *bundle, int index)
{
    const X509_NAME *name = X509_get_subject_name(bundle->x509[index]);

    for (size_t i = 0; i < bundle->count; i++)
        if (bundle->facts[i].is_ca &&
            X509_NAME_cmp(X509_get_issuer_name(bundle->x509[i]), name) == 0 &&
            X509_NAME_cmp(X509_get_subject_name(bundle->x509[i]), name) != 0)
            return true;
    return false;
}

int chain_newest_ca(const struct bundle *bundle)
{
    int newest = -1;
    bool newest_is_upper = false;

    for (int i = 0; i < (int)bundle->count; i++) {
        bool upper;

        if (!bundle->facts[i].is_ca)
            continue;
        upper = is_upper(bundle, i);
        if (newest < 0 || (newest_is_upper && !upper) ||
            (newest_is_upper == upper &&
             bundle->facts[i].validity.not_before > bundle->facts[newest].validity.not_before)) {
            newest = i;
            newest_is_upper = upper;
        }
    }
    ERR_clear_error();
    return newest;
}

/* OpenSSL by itself asks only names and key identifiers, and then sticks to the first that fits: of
 * two CA generations without key identifiers that may be the wrong one. */
static int check_issued(X509_STORE_CTX *context, X509 *subject, X509 *issuer)
{
    (void)context;
    return chain_is_issuer(issuer, subject);
}

/* True if CA certificates of one name are two or more. */
static bool has_namesakes(const struct bundle *some, const struct bundle *others)
{
    for (size_t i = 0; i < some->count; i++)
        for (size_t j = 0; some->facts[i].is_ca && j < others->count; j++)
            if (others->facts[j].is_ca &&
                X509_NAME_cmp(X509_get_subject_name(some->x509[i]),
                              X509_get_subject_name(others->x509[j])) == 0 &&
                X509_cmp(some->x509[i], others->x509[j]) != 0)
                return true;
    return false;
}

static bool add_anchors(X509_STORE *store, const struct bundle *anchors)
{
    for (size_t i = 0; i < anchors->count; i++)
        if (anchors->facts[i].is_ca && !X509_STORE_add_cert(store, anchors->x509[i]))
            return false;
    return true;
}

/* The certificates stay owned by the bundle. */
static bool add_between(STACK_OF(X509) * between, const struct bundle *bundle)
{
    for (size_t i = 0; i < bundle->count; i++)
        if (bundle->facts[i].is_ca && !sk_X509_push(between, bundle->x509[i]))
            return false;
    return true;
}

const char *chain_verify(X509 *subject, const struct bundle *bundle, const struct bundle *anchors)
{
    const char *reason = X509_verify_cert_error_string(X509_V_ERR_OUT_OF_MEM);
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    STACK_OF(X509) *between = sk_X509_new_null();

    /* Where no other fits OpenSSL's choice is right, and it checks the signature once anyhow. */
    if (store && (has_namesakes(bundle, bundle) || has_namesakes(bundle, anchors) ||
                  has_namesakes(anchors, anchors)))
        X509_STORE_set_check_issued(store, check_issued);
    if (store && context && between && add_anchors(store, anchors) &&
        add_between(between, bundle) && X509_STORE_CTX_init(context, store, subject, between)) {
        X509_STORE_CTX_set_flags(context, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
        X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(context), 0);
        reason = X509_verify_cert(context) == 1
                     ? NULL
                     : X509_verify_cert_error_string(X509_STORE_CTX_get_error(context));
    }
    sk_X509_free(between);
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    ERR_clear_error();
    return reason;
}
