/* make_certificate.c - certificates, bundles and CRLs for the tests, made when they run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "make_certificate.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(bool worked, const char *what)
{
    if (worked)
        return;
    fprintf(stderr, "test material: %s failed\n", what);
    abort();
}

EVP_PKEY *make_ec_key(void)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");

    must(key != NULL, "EC key");
    return key;
}

EVP_PKEY *make_rsa_key(unsigned bits)
{
    EVP_PKEY *key = EVP_RSA_gen(bits);

    must(key != NULL, "RSA key");
    return key;
}

void make_far_dates(X509 *x509)
{
    must(ASN1_TIME_set_string(X509_getm_notBefore(x509), "19500101000000Z") &&
             ASN1_TIME_set_string(X509_getm_notAfter(x509), "99991231235959Z"),
         "far dates");
}

void make_broken_start(X509 *x509)
{
    must(ASN1_STRING_set(X509_getm_notBefore(x509), "281399000000Z", -1), "broken date");
}

void make_broken_end(X509 *x509)
{
    must(ASN1_STRING_set(X509_getm_notAfter(x509), "281399000000Z", -1), "broken date");
}

void make_extension(X509 *x509, const char *oid, const void *bytes, int length)
{
    ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
    ASN1_OCTET_STRING *content = ASN1_OCTET_STRING_new();
    X509_EXTENSION *extension;

    must(object && content && ASN1_OCTET_STRING_set(content, bytes, length), "content");
    extension = X509_EXTENSION_create_by_OBJ(NULL, object, 0, content);
    must(extension && X509_add_ext(x509, extension, -1), "extension");
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(content);
    ASN1_OBJECT_free(object);
}

static void add_extension(X509V3_CTX *context, X509 *x509, int nid, const char *words)
{
    X509_EXTENSION *extension;

    if (!words)
        return;
    extension = X509V3_EXT_conf_nid(NULL, context, nid, words);
    must(extension && X509_add_ext(x509, extension, -1), words);
    X509_EXTENSION_free(extension);
}

static void add_extensions(X509 *x509, X509 *issuer, const struct recipe *recipe)
{
    X509V3_CTX context;

    X509V3_set_ctx(&context, issuer, x509, NULL, NULL, 0);
    add_extension(&context, x509, NID_basic_constraints, recipe->ca ? "critical,CA:TRUE" : NULL);
    add_extension(&context, x509, NID_key_usage, recipe->usage);
    add_extension(&context, x509, NID_ext_key_usage, recipe->extended);
    add_extension(&context, x509, NID_crl_distribution_points, recipe->crl_points);
    if (recipe->no_key_ids)
        return;
    add_extension(&context, x509, NID_subject_key_identifier, "hash");
    add_extension(&context, x509, NID_authority_key_identifier, "keyid:always");
}

static void sign(X509 *x509, const struct recipe *recipe)
{
    EVP_PKEY *key = recipe->issuer ? recipe->issuer_key : recipe->key;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *key_context;

    must(context && EVP_DigestSignInit(context, &key_context,
                                       recipe->digest ? recipe->digest : EVP_sha256(), NULL, key),
         "signature");
    if (recipe->pss)
        must(EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING) > 0 &&
                 EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, 32) > 0,
             "padding");
    must(X509_sign_ctx(x509, context) > 0, "signature");
    EVP_MD_CTX_free(context);
}

X509 *make_certificate(const struct recipe *recipe)
{
    const char *name = recipe->name ? recipe->name : "test";
    X509 *x509 = X509_new();
    X509 *issuer = recipe->issuer ? recipe->issuer : x509;

    must(x509 && X509_set_version(x509, recipe->version_1 ? X509_VERSION_1 : X509_VERSION_3) &&
             X509_set_pubkey(x509, recipe->key) &&
             ASN1_INTEGER_set(X509_get_serialNumber(x509), recipe->serial ? recipe->serial : 1),
         "certificate");
    must(ASN1_TIME_set(X509_getm_notBefore(x509), recipe->from ? recipe->from : MADE_FROM) &&
             ASN1_TIME_set(X509_getm_notAfter(x509), recipe->until ? recipe->until : MADE_UNTIL),
         "dates");
    must(X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8,
                                    (const unsigned char *)name, -1, -1, 0),
         "name");
    must(X509_set_issuer_name(x509, X509_get_subject_name(issuer)), "issuer");
    if (!recipe->version_1)
        add_extensions(x509, issuer, recipe);
    if (recipe->adjust)
        recipe->adjust(x509);
    sign(x509, recipe);
    return x509;
}

struct bytes make_bytes(const void *data, size_t length)
{
    struct bytes bytes = {malloc(length ? length : 1), length};

    must(bytes.data != NULL, "memory");
    memcpy(bytes.data, data, length);
    return bytes;
}

struct bytes make_joined(struct bytes a, struct bytes b)
{
    struct bytes bytes = {malloc(a.length + b.length), a.length + b.length};

    must(bytes.data != NULL, "memory");
    memcpy(bytes.data, a.data, a.length);
    memcpy(bytes.data + a.length, b.data, b.length);
    free_bytes(a);
    free_bytes(b);
    return bytes;
}

void free_bytes(struct bytes bytes)
{
    free(bytes.data);
}

/* Takes over what an i2d function allocated. */
static struct bytes from_der(unsigned char *der, int length)
{
    struct bytes bytes;

    must(length > 0, "DER");
    bytes = make_bytes(der, (size_t)length);
    OPENSSL_free(der);
    return bytes;
}

static struct bytes to_pem(const char *label, struct bytes der)
{
    BIO *bio = BIO_new(BIO_s_mem());
    struct bytes bytes;
    char *text;
    long length;

    must(bio && PEM_write_bio(bio, label, "", der.data, (long)der.length), "PEM");
    length = BIO_get_mem_data(bio, &text);
    bytes = make_bytes(text, (size_t)length);
    BIO_free(bio);
    free_bytes(der);
    return bytes;
}

struct bytes make_der(X509 *x509)
{
    unsigned char *der = NULL;
    int length = i2d_X509(x509, &der);

    return from_der(der, length);
}

struct bytes make_pem(X509 *x509)
{
    return to_pem(PEM_STRING_X509, make_der(x509));
}

struct bytes make_pkcs7(X509 *const *x509, size_t count, enum made_content content)
{
    PKCS7 *pkcs7 = PKCS7_new();
    unsigned char *der = NULL;
    PKCS7 *inner;
    int length;

    must(pkcs7 && PKCS7_set_type(pkcs7, NID_pkcs7_signed) &&
             PKCS7_content_new(pkcs7, NID_pkcs7_data),
         "PKCS#7");
    inner = pkcs7->d.sign->contents;
    if (content == CONTENT_ABSENT) {
        ASN1_OCTET_STRING_free(inner->d.data);
        inner->d.data = NULL;
    } else if (content == CONTENT_ZERO) {
        must(ASN1_OCTET_STRING_set(inner->d.data, (const unsigned char *)"", 1), "content");
    }
    for (size_t i = 0; i < count; i++)
        must(PKCS7_add_certificate(pkcs7, x509[i]), "PKCS#7");
    length = i2d_PKCS7(pkcs7, &der);
    PKCS7_free(pkcs7);
    return from_der(der, length);
}

struct bytes make_pkcs7_pem(X509 *const *x509, size_t count)
{
    return to_pem(PEM_STRING_PKCS7, make_pkcs7(x509, count, CONTENT_ABSENT));
}

static void add_revoked(X509_CRL *list, const struct crl_recipe *recipe)
{
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_INTEGER *serial = ASN1_INTEGER_new();
    ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();
    ASN1_TIME *date = ASN1_TIME_set(NULL, MADE_FROM);

    must(entry && serial && reason && date && ASN1_INTEGER_set(serial, recipe->revoked) &&
             X509_REVOKED_set_serialNumber(entry, serial) &&
             X509_REVOKED_set_revocationDate(entry, date),
         "entry");
    if (recipe->reason >= 0)
        must(ASN1_ENUMERATED_set(reason, recipe->reason) &&
                 X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0, 0),
             "reason");
    must(X509_CRL_add0_revoked(list, entry), "entry");
    ASN1_TIME_free(date);
    ASN1_ENUMERATED_free(reason);
    ASN1_INTEGER_free(serial);
}

/* Says of what the list is not complete. */
static void add_scope(X509_CRL *list, const struct crl_recipe *recipe)
{
    ASN1_INTEGER *base = ASN1_INTEGER_new();
    X509_EXTENSION *scope = NULL;

    must(base && ASN1_INTEGER_set(base, 1), "base number");
    if (recipe->delta)
        must(X509_CRL_add1_ext_i2d(list, NID_delta_crl, base, 1, 0), "delta");
    if (recipe->scope) {
        scope = X509V3_EXT_conf_nid(NULL, NULL, NID_issuing_distribution_point, recipe->scope);
        must(scope && X509_CRL_add_ext(list, scope, -1), recipe->scope);
    }
    X509_EXTENSION_free(scope);
    ASN1_INTEGER_free(base);
}

struct bytes make_crl(const struct crl_recipe *recipe)
{
    X509_CRL *list = X509_CRL_new();
    ASN1_TIME *from = ASN1_TIME_set(NULL, recipe->this_update ? recipe->this_update : MADE_FROM);
    ASN1_TIME *until = ASN1_TIME_set(NULL, recipe->next_update ? recipe->next_update : MADE_UNTIL);
    unsigned char *der = NULL;
    int length;

    must(list && from && until && X509_CRL_set_version(list, X509_CRL_VERSION_2) &&
             X509_CRL_set_issuer_name(list, X509_get_subject_name(recipe->issuer)) &&
             X509_CRL_set1_lastUpdate(list, from),
         "CRL");
    if (recipe->next_update != -1)
        must(X509_CRL_set1_nextUpdate(list, until), "CRL");
    if (recipe->revoked)
        add_revoked(list, recipe);
    add_scope(list, recipe);
    must(X509_CRL_sign(list, recipe->key, EVP_sha256()) > 0, "CRL signature");
    length = i2d_X509_CRL(list, &der);
    ASN1_TIME_free(from);
    ASN1_TIME_free(until);
    X509_CRL_free(list);
    return from_der(der, length);
}

struct bytes make_crl_pem(const struct crl_recipe *recipe)
{
    return to_pem(PEM_STRING_X509_CRL, make_crl(recipe));
}
