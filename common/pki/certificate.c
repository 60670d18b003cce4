/* certificate.c - an X.509 certificate as plain facts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/pki/certificate.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/text.h"

#define OID_REQUEST_AGENT "1.3.6.1.4.1.311.20.2.1"
#define OID_CLIENT_AUTHENTICATION "1.3.6.1.5.5.7.3.2"
#define OID_TEMPLATE_V1 "1.3.6.1.4.1.311.20.2"
#define OID_TEMPLATE_V2 "1.3.6.1.4.1.311.21.7"

/* A text member of the facts while it is filled; what does not fit is left out. */
struct field {
    char *text;
    size_t size;
    size_t length;
};

static bool field_full(const struct field *field)
{
    return field->length + 1 >= field->size;
}

static void field_add_char(struct field *field, char character)
{
    if (field_full(field))
        return;
    field->text[field->length++] = character ? character : ' ';
    field->text[field->length] = '\0';
}

static void field_add_text(struct field *field, const char *text)
{
    for (; *text; text++)
        field_add_char(field, *text);
}

static void field_add_hex(struct field *field, const unsigned char *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < length && !field_full(field); i++) {
        field_add_char(field, digits[bytes[i] >> 4]);
        field_add_char(field, digits[bytes[i] & 15]);
    }
}

/* RFC 2253 section 2.4. */
static bool needs_escape(const unsigned char *bytes, int index, int length)
{
    if (bytes[index] == ' ')
        return index == 0 || index == length - 1;
    if (bytes[index] == '#')
        return index == 0;
    return bytes[index] && strchr(",+\"\\<>;", bytes[index]);
}

/* Adds a string of the certificate as UTF-8, or its raw bytes if it does not convert. */
static void field_add_string(struct field *field, const ASN1_STRING *string, bool escape)
{
    unsigned char *utf8 = NULL;
    int length = ASN1_STRING_to_UTF8(&utf8, string);
    const unsigned char *bytes = utf8;

    if (length < 0) {
        bytes = ASN1_STRING_get0_data(string);
        length = ASN1_STRING_length(string);
    }
    for (int i = 0; i < length && !field_full(field); i++) {
        if (escape && needs_escape(bytes, i, length))
            field_add_char(field, '\\');
        field_add_char(field, (char)bytes[i]);
    }
    OPENSSL_free(utf8);
}

static void read_name(const X509_NAME *name, char *target, size_t size)
{
    struct field field = {target, size, 0};
    int last_set = -1;

    for (int i = X509_NAME_entry_count(name) - 1; i >= 0 && !field_full(&field); i--) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
        const ASN1_OBJECT *type = X509_NAME_ENTRY_get_object(entry);
        int set = X509_NAME_ENTRY_set(entry);
        int nid = OBJ_obj2nid(type);
        char oid[80];

        if (last_set != -1)
            field_add_char(&field, set == last_set ? '+' : ',');
        last_set = set;
        if (nid == NID_undef && OBJ_obj2txt(oid, sizeof(oid), type, 1) < 0)
            oid[0] = '\0';
        field_add_text(&field, nid == NID_undef ? oid : OBJ_nid2sn(nid));
        field_add_char(&field, '=');
        field_add_string(&field, X509_NAME_ENTRY_get_data(entry), true);
    }
}

/* The last CN is the most specific one: names run from the directory's root to the leaf. */
static void read_common_name(const X509_NAME *name, struct certificate *facts)
{
    struct field field = {facts->common_name, sizeof(facts->common_name), 0};
    int last = -1;

    for (int i = 0; i < X509_NAME_entry_count(name); i++)
        if (OBJ_obj2nid(X509_NAME_ENTRY_get_object(X509_NAME_get_entry(name, i))) == NID_commonName)
            last = i;
    if (last >= 0)
        field_add_string(&field, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last)), false);
    if (!field.length)
        text_copy(facts->common_name, sizeof(facts->common_name), facts->subject);
}

static void read_identity(const X509 *x509, struct certificate *facts)
{
    const X509_NAME *subject = X509_get_subject_name(x509);
    const X509_NAME *issuer = X509_get_issuer_name(x509);
    const ASN1_INTEGER *number = X509_get0_serialNumber(x509);
    struct field serial = {facts->serial, sizeof(facts->serial), 0};
    struct field fingerprint = {facts->fingerprint, sizeof(facts->fingerprint), 0};
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;

    read_name(subject, facts->subject, sizeof(facts->subject));
    read_name(issuer, facts->issuer, sizeof(facts->issuer));
    read_common_name(subject, facts);
    facts->self_issued = X509_NAME_cmp(subject, issuer) == 0;
    if (ASN1_STRING_type(number) == V_ASN1_NEG_INTEGER)
        field_add_char(&serial, '-');
    field_add_hex(&serial, ASN1_STRING_get0_data(number), (size_t)ASN1_STRING_length(number));
    if (X509_digest(x509, EVP_sha256(), digest, &length))
        field_add_hex(&fingerprint, digest, length);
}

static void read_key(const X509 *x509, struct certificate *facts)
{
    EVP_PKEY *key = X509_get0_pubkey(x509);
    int type = key ? EVP_PKEY_get_base_id(key) : EVP_PKEY_NONE;

    if (type == EVP_PKEY_RSA || type == EVP_PKEY_RSA_PSS)
        facts->key_type = KEY_RSA;
    else if (type == EVP_PKEY_EC)
        facts->key_type = KEY_EC;
    if (key)
        facts->key_bits = EVP_PKEY_get_bits(key);
}

static void read_signature(const X509 *x509, struct certificate *facts)
{
    int nid = X509_get_signature_nid(x509);
    int digest = NID_undef;

    if (nid == NID_undef)
        OBJ_obj2txt(facts->signature, sizeof(facts->signature),
                    X509_get0_tbs_sigalg(x509)->algorithm, 1);
    else
        text_copy(facts->signature, sizeof(facts->signature), OBJ_nid2ln(nid));
    if (!OBJ_find_sigid_algs(nid, &digest, NULL))
        digest = NID_undef;
    if (nid == NID_rsassaPss)
        facts->signature_kind = SIGNATURE_PSS;
    else if (digest == NID_sha1)
        facts->signature_kind = SIGNATURE_SHA1;
    else if (digest == NID_md5 || digest == NID_md4 || digest == NID_md2)
        facts->signature_kind = SIGNATURE_MD5;
}

static void read_usage(const X509 *x509, struct certificate *facts)
{
    BASIC_CONSTRAINTS *constraints = X509_get_ext_d2i(x509, NID_basic_constraints, NULL, NULL);
    ASN1_BIT_STRING *usage = X509_get_ext_d2i(x509, NID_key_usage, NULL, NULL);
    EXTENDED_KEY_USAGE *extended = X509_get_ext_d2i(x509, NID_ext_key_usage, NULL, NULL);

    facts->is_ca = constraints ? constraints->ca != 0
                               : facts->self_issued && X509_get_version(x509) == X509_VERSION_1;
    facts->has_key_usage = X509_get_ext_by_NID(x509, NID_key_usage, -1) >= 0;
    for (int bit = 0; usage && bit <= 8; bit++)
        if (ASN1_BIT_STRING_get_bit(usage, bit))
            facts->key_usage |= 1U << bit;
    facts->has_extended_key_usage = X509_get_ext_by_NID(x509, NID_ext_key_usage, -1) >= 0;
    for (int i = 0; extended && i < sk_ASN1_OBJECT_num(extended); i++) {
        char oid[80];

        if (OBJ_obj2txt(oid, sizeof(oid), sk_ASN1_OBJECT_value(extended, i), 1) <= 0)
            continue;
        if (strcmp(oid, OID_REQUEST_AGENT) == 0)
            facts->request_agent = true;
        else if (strcmp(oid, OID_CLIENT_AUTHENTICATION) == 0)
            facts->client_authentication = true;
    }
    BASIC_CONSTRAINTS_free(constraints);
    ASN1_BIT_STRING_free(usage);
    EXTENDED_KEY_USAGE_free(extended);
}

/* The content of the first extension of that kind, NULL if there is none. Owned by `x509`. */
static const ASN1_OCTET_STRING *find_extension(const X509 *x509, const char *oid)
{
    ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
    int index = object ? X509_get_ext_by_OBJ(x509, object, -1) : -1;

    ASN1_OBJECT_free(object);
    return index < 0 ? NULL : X509_EXTENSION_get_data(X509_get_ext(x509, index));
}

/* Microsoft writes a BMPString; other CAs that imitate the extension take the type they like. */
static void read_template_name(const X509 *x509, struct certificate *facts)
{
    const ASN1_OCTET_STRING *content = find_extension(x509, OID_TEMPLATE_V1);
    struct field field = {facts->template_name, sizeof(facts->template_name), 0};
    const unsigned char *bytes;
    ASN1_TYPE *value;
    int type;

    if (!content)
        return;
    bytes = ASN1_STRING_get0_data(content);
    value = d2i_ASN1_TYPE(NULL, &bytes, ASN1_STRING_length(content));
    type = value ? ASN1_TYPE_get(value) : V_ASN1_UNDEF;
    if (type == V_ASN1_BMPSTRING || type == V_ASN1_UTF8STRING || type == V_ASN1_IA5STRING ||
        type == V_ASN1_PRINTABLESTRING)
        field_add_string(&field, value->value.asn1_string, false);
    ASN1_TYPE_free(value);
}

/* SEQUENCE { templateID OBJECT IDENTIFIER, majorVersion, minorVersion }: there is no name in it. */
static void read_template_oid(const X509 *x509, struct certificate *facts)
{
    const ASN1_OCTET_STRING *content = find_extension(x509, OID_TEMPLATE_V2);
    const unsigned char *bytes;
    ASN1_OBJECT *oid;
    long length;
    int tag;
    int class;

    if (!content)
        return;
    bytes = ASN1_STRING_get0_data(content);
    if (ASN1_get_object(&bytes, &length, &tag, &class, ASN1_STRING_length(content)) & 0x80)
        return;
    if (tag != V_ASN1_SEQUENCE || class != V_ASN1_UNIVERSAL)
        return;
    oid = d2i_ASN1_OBJECT(NULL, &bytes, length);
    if (oid && OBJ_obj2txt(facts->template_oid, sizeof(facts->template_oid), oid, 1) < 0)
        facts->template_oid[0] = '\0';
    ASN1_OBJECT_free(oid);
}

/* A cut or cleaned URL would name something else, so only whole and printable ones are taken. */
static bool is_http_url(const ASN1_STRING *uri)
{
    const char *text = (const char *)ASN1_STRING_get0_data(uri);
    size_t length = (size_t)ASN1_STRING_length(uri);

    if (length >= sizeof(((struct certificate *)NULL)->crl_urls[0]))
        return false;
    for (size_t i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return false;
    return (length > 7 && slice_is((struct slice){text, 7}, "http://")) ||
           (length > 8 && slice_is((struct slice){text, 8}, "https://"));
}

/* Takes one alternative address of a distribution point. */
static void read_crl_address(const GENERAL_NAME *address, struct certificate *facts)
{
    int type;
    const ASN1_STRING *uri = GENERAL_NAME_get0_value(address, &type);

    if (type != GEN_URI || !is_http_url(uri)) {
        facts->crl_elsewhere = true;
        return;
    }
    if (facts->crl_url_count == CERTIFICATE_CRL_URLS_MAXIMUM)
        return;
    text_copy_bytes(facts->crl_urls[facts->crl_url_count], sizeof(facts->crl_urls[0]),
                    (const char *)ASN1_STRING_get0_data(uri), (size_t)ASN1_STRING_length(uri));
    facts->crl_url_count++;
}

static void read_crl_points(const X509 *x509, struct certificate *facts)
{
    CRL_DIST_POINTS *points = X509_get_ext_d2i(x509, NID_crl_distribution_points, NULL, NULL);

    for (int i = 0; points && i < sk_DIST_POINT_num(points); i++) {
        const DIST_POINT *point = sk_DIST_POINT_value(points, i);

        if (!point->distpoint || point->distpoint->type != 0 || point->CRLissuer) {
            facts->crl_elsewhere = true;
            continue;
        }
        for (int j = 0; j < sk_GENERAL_NAME_num(point->distpoint->name.fullname); j++)
            read_crl_address(sk_GENERAL_NAME_value(point->distpoint->name.fullname, j), facts);
    }
    CRL_DIST_POINTS_free(points);
}

bool validity_time(const ASN1_TIME *time, int64_t *seconds)
{
    struct tm utc;

    if (!time || !ASN1_TIME_to_tm(time, &utc)) { /* OpenSSL takes NULL for the present time */
        ERR_clear_error();
        return false;
    }
    *seconds = clock_from_utc(utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
                              utc.tm_min, utc.tm_sec);
    return true;
}

bool validity_read(const X509 *x509, struct validity *validity)
{
    return validity_time(X509_get0_notBefore(x509), &validity->not_before) &&
           validity_time(X509_get0_notAfter(x509), &validity->not_after);
}

bool certificate_read(const X509 *x509, struct certificate *facts)
{
    bool dated;

    *facts = (struct certificate){0};
    read_identity(x509, facts);
    read_key(x509, facts);
    read_signature(x509, facts);
    read_usage(x509, facts);
    read_template_name(x509, facts);
    read_template_oid(x509, facts);
    read_crl_points(x509, facts);
    dated = validity_read(x509, &facts->validity);
    ERR_clear_error();
    return dated;
}

enum certificate_role certificate_role(const struct certificate *facts)
{
    bool signs = !facts->has_key_usage || facts->key_usage & KEY_USAGE_DIGITAL_SIGNATURE;
    bool encrypts = !facts->has_key_usage || facts->key_usage & KEY_USAGE_KEY_ENCIPHERMENT;

    if (facts->is_ca)
        return ROLE_CA;
    if (signs && encrypts)
        return ROLE_RA_BOTH;
    if (signs)
        return ROLE_RA_SIGNING;
    return encrypts ? ROLE_RA_ENCRYPTION : ROLE_OTHER;
}

void certificate_key_text(const struct certificate *facts, char *target, size_t size)
{
    if (facts->key_type == KEY_OTHER)
        text_copy(target, size, "other");
    else
        text_format(target, size, "%s %d", facts->key_type == KEY_RSA ? "RSA" : "EC",
                    facts->key_bits);
}
