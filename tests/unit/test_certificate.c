/* test_certificate.c - tests of common/pki/certificate.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/pki/certificate.h"
#include "make_certificate.h"

#define DAY INT64_C(86400)

static EVP_PKEY *rsa;
static EVP_PKEY *ec;

static int make_keys(void **state)
{
    (void)state;
    rsa = make_rsa_key(2048);
    ec = make_ec_key();
    return 0;
}

static int free_keys(void **state)
{
    (void)state;
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(ec);
    return 0;
}

/* Facts of a certificate made by the recipe, through its encoding as in real life. */
static struct certificate facts_of(const struct recipe *recipe)
{
    X509 *made = make_certificate(recipe);
    struct bytes der = make_der(made);
    const unsigned char *next = der.data;
    X509 *x509 = d2i_X509(NULL, &next, (long)der.length);
    struct certificate facts;

    assert_non_null(x509);
    assert_true(certificate_read(x509, &facts));
    assert_int_equal(ERR_peek_error(), 0);
    X509_free(x509);
    free_bytes(der);
    X509_free(made);
    return facts;
}

static void set_long_serial(X509 *x509)
{
    BIGNUM *number = NULL;

    assert_true(BN_hex2bn(&number, "6100000003AB54CDE98A1B2C3D000000000003"));
    assert_non_null(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)));
    BN_free(number);
}

static void test_identity(void **state)
{
    X509 *ca = make_certificate(
        &(struct recipe){.name = "Issuing CA", .key = rsa, .ca = true, .serial = 7});
    X509 *ra = make_certificate(&(struct recipe){.name = "NDES01-MSCEP-RA",
                                                 .key = rsa,
                                                 .issuer = ca,
                                                 .issuer_key = rsa,
                                                 .adjust = set_long_serial});
    struct certificate facts;
    unsigned char digest[32];
    char hex[65];

    (void)state;
    assert_true(certificate_read(ca, &facts));
    assert_true(facts.is_ca);
    assert_true(facts.self_issued);
    assert_string_equal(facts.serial, "07");
    assert_true(certificate_read(ra, &facts));
    assert_string_equal(facts.subject, "CN=NDES01-MSCEP-RA");
    assert_string_equal(facts.common_name, "NDES01-MSCEP-RA");
    assert_string_equal(facts.issuer, "CN=Issuing CA");
    assert_string_equal(facts.serial, "6100000003ab54cde98a1b2c3d000000000003");
    assert_false(facts.is_ca);
    assert_false(facts.self_issued);
    assert_int_equal(facts.validity.not_before, MADE_FROM);
    assert_int_equal(facts.validity.not_after, MADE_UNTIL);
    assert_true(X509_digest(ra, EVP_sha256(), digest, NULL));
    for (size_t i = 0; i < sizeof(digest); i++)
        text_format(hex + 2 * i, 3, "%02x", digest[i]);
    assert_string_equal(facts.fingerprint, hex);
    X509_free(ra);
    X509_free(ca);
}

static void set_negative_serial(X509 *x509)
{
    ASN1_INTEGER_set(X509_get_serialNumber(x509), -500);
}

static void set_endless_serial(X509 *x509)
{
    BIGNUM *number = BN_new();

    assert_true(BN_set_bit(number, 4000));
    assert_non_null(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)));
    BN_free(number);
}

static void test_odd_serials(void **state)
{
    struct certificate facts = facts_of(&(struct recipe){.key = ec, .adjust = set_negative_serial});

    (void)state;
    assert_string_equal(facts.serial, "-01f4");
    facts = facts_of(&(struct recipe){.key = ec, .adjust = set_endless_serial});
    assert_int_equal(strlen(facts.serial), sizeof(facts.serial) - 1);
}

static void add_name(X509 *x509, const char *type, int kind, const char *value, int length, int set)
{
    assert_true(X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), type, kind,
                                           (const unsigned char *)value, length, -1, set));
}

/* Empties the subject first. */
static void restart_name(X509 *x509)
{
    X509_NAME *name = X509_NAME_new();

    assert_true(X509_set_subject_name(x509, name));
    X509_NAME_free(name);
}

static void name_of_a_directory(X509 *x509)
{
    restart_name(x509);
    add_name(x509, "DC", V_ASN1_IA5STRING, "test", -1, 0);
    add_name(x509, "DC", V_ASN1_IA5STRING, "lab", -1, 0);
    add_name(x509, "CN", V_ASN1_UTF8STRING, "Users", -1, 0);
    add_name(x509, "CN", V_ASN1_UTF8STRING, " Doe, \"J\" ", -1, 0);
    add_name(x509, "1.2.3.4", V_ASN1_UTF8STRING, "#1", -1, -1);
}

static void name_with_nul(X509 *x509)
{
    restart_name(x509);
    add_name(x509, "CN", V_ASN1_UTF8STRING, "good\0.evil|x\n", 13, 0);
}

static void name_of_bits(X509 *x509)
{
    restart_name(x509);
    add_name(x509, "x500UniqueIdentifier", V_ASN1_BIT_STRING, "a\0b\xe9", 4, 0);
}

static void name_of_wide_characters(X509 *x509)
{
    restart_name(x509);
    add_name(x509, "CN", V_ASN1_BMPSTRING, "\0R\0A\0\xfc", 6, 0);
}

static void name_without_cn(X509 *x509)
{
    restart_name(x509);
    add_name(x509, "O", V_ASN1_UTF8STRING, "Works", -1, 0);
}

static void name_that_is_empty(X509 *x509)
{
    restart_name(x509);
}

static void name_that_is_long(X509 *x509)
{
    char *text = malloc(20000);

    assert_non_null(text);
    memset(text, 'R', 20000);
    restart_name(x509);
    add_name(x509, "CN", V_ASN1_UTF8STRING, text, 20000, 0);
    free(text);
}

static void test_names(void **state)
{
    struct certificate facts;

    (void)state;
    facts = facts_of(&(struct recipe){.key = ec, .adjust = name_of_a_directory});
    assert_string_equal(facts.subject,
                        "CN=\\ Doe\\, \\\"J\\\"\\ +1.2.3.4=\\#1,CN=Users,DC=lab,DC=test");
    assert_string_equal(facts.common_name, " Doe, \"J\" ");
    facts = facts_of(&(struct recipe){.key = ec, .adjust = name_with_nul});
    assert_string_equal(facts.common_name, "good .evil|x\n");
    assert_string_equal(facts.subject, "CN=good .evil|x\n");
    facts = facts_of(&(struct recipe){.key = ec, .adjust = name_of_bits});
    assert_string_equal(facts.subject, "x500UniqueIdentifier=a b\xe9");
    facts = facts_of(&(struct recipe){.key = ec, .adjust = name_of_wide_characters});
    assert_string_equal(facts.common_name, "RA\xc3\xbc");
    facts = facts_of(&(struct recipe){.key = ec, .adjust = name_without_cn});
    assert_string_equal(facts.common_name, "O=Works");
    facts = facts_of(&(struct recipe){.key = ec, .adjust = name_that_is_empty});
    assert_string_equal(facts.common_name, "");
    assert_string_equal(facts.subject, "");
    facts = facts_of(&(struct recipe){.key = ec, .adjust = name_that_is_long});
    assert_int_equal(strlen(facts.subject), sizeof(facts.subject) - 1);
    assert_int_equal(strlen(facts.common_name), sizeof(facts.common_name) - 1);
}

static void test_keys_and_signatures(void **state)
{
    EVP_PKEY *weak = make_rsa_key(1024);
    struct certificate facts = facts_of(&(struct recipe){.key = rsa});
    char text[16];

    (void)state;
    assert_int_equal(facts.key_type, KEY_RSA);
    assert_int_equal(facts.key_bits, 2048);
    assert_string_equal(facts.signature, "sha256WithRSAEncryption");
    assert_int_equal(facts.signature_kind, SIGNATURE_GOOD);
    certificate_key_text(&facts, text, sizeof(text));
    assert_string_equal(text, "RSA 2048");
    facts = facts_of(&(struct recipe){.key = weak, .digest = EVP_sha1()});
    assert_int_equal(facts.key_bits, 1024);
    assert_int_equal(facts.signature_kind, SIGNATURE_SHA1);
    assert_string_equal(facts.signature, "sha1WithRSAEncryption");
    facts = facts_of(&(struct recipe){.key = rsa, .digest = EVP_md5()});
    assert_int_equal(facts.signature_kind, SIGNATURE_MD5);
    facts = facts_of(&(struct recipe){.key = rsa, .pss = true});
    assert_int_equal(facts.signature_kind, SIGNATURE_PSS);
    assert_string_equal(facts.signature, "rsassaPss");
    facts = facts_of(&(struct recipe){.key = ec, .digest = EVP_sha1()});
    assert_int_equal(facts.signature_kind, SIGNATURE_SHA1);
    assert_int_equal(facts.key_type, KEY_EC);
    certificate_key_text(&facts, text, sizeof(text));
    assert_string_equal(text, "EC 256");
    EVP_PKEY_free(weak);
}

static void test_other_key(void **state)
{
    EVP_PKEY *other = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    X509 *ca = make_certificate(&(struct recipe){.key = ec, .ca = true});
    struct certificate facts =
        facts_of(&(struct recipe){.key = other, .issuer = ca, .issuer_key = ec});
    char text[16];

    (void)state;
    assert_int_equal(facts.key_type, KEY_OTHER);
    assert_int_equal(facts.signature_kind, SIGNATURE_GOOD);
    certificate_key_text(&facts, text, sizeof(text));
    assert_string_equal(text, "other");
    X509_free(ca);
    EVP_PKEY_free(other);
}

/* ecdsa-with-SHA256, made a number that nobody has assigned. */
static void test_unknown_signature(void **state)
{
    static const char known[] = "\x2a\x86\x48\xce\x3d\x04\x03\x02";
    X509 *made = make_certificate(&(struct recipe){.key = ec});
    struct bytes der = make_der(made);
    const unsigned char *next = der.data;
    struct certificate facts;
    X509 *x509;

    (void)state;
    for (size_t i = 0; i + 8 <= der.length; i++)
        if (memcmp(der.data + i, known, 8) == 0)
            der.data[i + 7] = 0x7f;
    x509 = d2i_X509(NULL, &next, (long)der.length);
    assert_non_null(x509);
    assert_true(certificate_read(x509, &facts));
    assert_int_equal(ERR_peek_error(), 0);
    assert_string_equal(facts.signature, "1.2.840.10045.4.3.127");
    assert_int_equal(facts.signature_kind, SIGNATURE_GOOD);
    X509_free(x509);
    X509_free(made);
    free_bytes(der);
}

static enum certificate_role role_of(const char *usage)
{
    struct certificate facts = facts_of(&(struct recipe){.key = ec, .usage = usage});

    assert_int_equal(facts.has_key_usage, usage != NULL);
    return certificate_role(&facts);
}

static void add_broken_usages(X509 *x509)
{
    make_extension(x509, "2.5.29.15", "\x03\x7f\x05", 3);
    make_extension(x509, "2.5.29.37", "\x30\x84\xff\xff\xff\xff", 6);
    make_extension(x509, "2.5.29.19", "\x30\x03\x01\x01", 4);
}

static void add_second_usage(X509 *x509)
{
    make_extension(x509, "2.5.29.15", "\x03\x02\x05\xa0", 4);
}

static void add_no_ca(X509 *x509)
{
    make_extension(x509, "2.5.29.19", "\x30\x00", 2);
}

static void test_roles(void **state)
{
    struct certificate facts;

    (void)state;
    assert_int_equal(role_of("critical,digitalSignature"), ROLE_RA_SIGNING);
    assert_int_equal(role_of("keyEncipherment"), ROLE_RA_ENCRYPTION);
    assert_int_equal(role_of("digitalSignature,keyEncipherment"), ROLE_RA_BOTH);
    assert_int_equal(role_of(NULL), ROLE_RA_BOTH);
    assert_int_equal(role_of("dataEncipherment,decipherOnly"), ROLE_OTHER);
    facts = facts_of(
        &(struct recipe){.key = ec, .ca = true, .usage = "digitalSignature,keyCertSign,cRLSign"});
    assert_int_equal(certificate_role(&facts), ROLE_CA);
    assert_int_equal(facts.key_usage,
                     KEY_USAGE_DIGITAL_SIGNATURE | KEY_USAGE_CERTIFICATE_SIGN | 1 << 6);
    facts = facts_of(&(struct recipe){.key = ec, .usage = "decipherOnly"});
    assert_int_equal(facts.key_usage, 1 << 8);
    facts = facts_of(&(struct recipe){.key = ec, .adjust = add_broken_usages});
    assert_true(facts.has_key_usage);
    assert_true(facts.has_extended_key_usage);
    assert_false(facts.request_agent);
    assert_int_equal(certificate_role(&facts), ROLE_OTHER);
    facts = facts_of(
        &(struct recipe){.key = ec, .usage = "digitalSignature", .adjust = add_second_usage});
    assert_int_equal(certificate_role(&facts), ROLE_OTHER);
}

/* Version 1 knows no basicConstraints: whoever issued himself there is a root. */
static void test_version_1(void **state)
{
    X509 *root = make_certificate(&(struct recipe){.name = "Root", .key = ec, .version_1 = true});
    struct certificate facts = facts_of(&(struct recipe){.key = ec, .version_1 = true});

    (void)state;
    assert_true(facts.is_ca);
    assert_true(facts.self_issued);
    assert_int_equal(certificate_role(&facts), ROLE_CA);
    facts = facts_of(&(struct recipe){
        .name = "RA", .key = ec, .issuer = root, .issuer_key = ec, .version_1 = true});
    assert_false(facts.is_ca);
    assert_int_equal(certificate_role(&facts), ROLE_RA_BOTH);
    facts = facts_of(&(struct recipe){.key = ec}); /* version 3 would have said so */
    assert_true(facts.self_issued);
    assert_false(facts.is_ca);
    facts = facts_of(&(struct recipe){.key = ec, .adjust = add_no_ca});
    assert_false(facts.is_ca);
    X509_free(root);
}

static void test_request_agent(void **state)
{
    struct certificate facts = facts_of(&(struct recipe){.key = ec});

    (void)state;
    assert_false(facts.has_extended_key_usage);
    assert_false(facts.request_agent);
    facts = facts_of(&(struct recipe){.key = ec, .extended = "serverAuth,1.3.6.1.4.1.311.20.2.1"});
    assert_true(facts.has_extended_key_usage);
    assert_true(facts.request_agent);
    assert_false(facts.client_authentication);
    facts = facts_of(&(struct recipe){.key = ec, .extended = "serverAuth,clientAuth"});
    assert_true(facts.client_authentication);
    assert_false(facts.request_agent);
    facts = facts_of(&(struct recipe){.key = ec, .extended = "1.3.6.1.4.1.311.20.2.11"});
    assert_true(facts.has_extended_key_usage);
    assert_false(facts.request_agent);
}

/* The raw bytes of a template extension, for an adjust function, which takes no argument. */
static const char *template_bytes;
static int template_length;

static void add_template_v1(X509 *x509)
{
    make_extension(x509, "1.3.6.1.4.1.311.20.2", template_bytes, template_length);
}

static void add_template_v2(X509 *x509)
{
    make_extension(x509, "1.3.6.1.4.1.311.21.7", template_bytes, template_length);
}

static struct certificate facts_with_template(void (*add)(X509 *), const char *bytes, int length)
{
    template_bytes = bytes;
    template_length = length;
    return facts_of(&(struct recipe){.key = ec, .adjust = add});
}

#define TEMPLATE(add, bytes) facts_with_template(add, bytes, sizeof(bytes) - 1)

static void test_template_name(void **state)
{
    struct certificate facts = TEMPLATE(add_template_v1, "\x1e\x08\0C\0E\0P\0E");

    (void)state;
    assert_string_equal(facts.template_name, "CEPE");
    assert_string_equal(facts.template_oid, "");
    facts = TEMPLATE(add_template_v1, "\x0c\x05W\xc3\xbc\0b");
    assert_string_equal(facts.template_name, "W\xc3\xbc b");
    facts = TEMPLATE(add_template_v1, "\x16\x03Web");
    assert_string_equal(facts.template_name, "Web");
    facts = TEMPLATE(add_template_v1, "\x1e\x03\0Cx"); /* half a character */
    assert_string_equal(facts.template_name, "");
    facts = TEMPLATE(add_template_v1, "\x1e\x7f\0C"); /* longer than the extension */
    assert_string_equal(facts.template_name, "");
    facts = TEMPLATE(add_template_v1, "\x30\x03\x16\x01x"); /* no string */
    assert_string_equal(facts.template_name, "");
    facts = TEMPLATE(add_template_v1, "");
    assert_string_equal(facts.template_name, "");
}

static void test_template_oid(void **state)
{
    struct certificate facts = TEMPLATE(
        add_template_v2, "\x30\x0f\x06\x07\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x64\x02\x01\x04");

    (void)state;
    assert_string_equal(facts.template_oid, "1.3.6.1.4.1.311");
    assert_string_equal(facts.template_name, "");
    facts = TEMPLATE(add_template_v2, "\x30\x03\x06\x01\x2a"); /* without versions */
    assert_string_equal(facts.template_oid, "1.2");
    facts = TEMPLATE(add_template_v2, "\x30\x03\x06\x02\x2a\x03"); /* OID beyond the sequence */
    assert_string_equal(facts.template_oid, "");
    facts = TEMPLATE(add_template_v2, "\x30\x84\x7f\xff\xff\xff\x06\x01\x2a");
    assert_string_equal(facts.template_oid, "");
    facts = TEMPLATE(add_template_v2, "\x31\x03\x06\x01\x2a");
    assert_string_equal(facts.template_oid, "");
    facts = TEMPLATE(add_template_v2, "\x30\x02\x06\x00");
    assert_string_equal(facts.template_oid, "");
    facts = TEMPLATE(add_template_v2, "");
    assert_string_equal(facts.template_oid, "");
}

static void add_url_with_nul(X509 *x509)
{
    static const char bytes[] = "\x30\x15\x30\x13\xa0\x11\xa0\x0f\x86\x0dhttp://a\0.b/c";

    make_extension(x509, "2.5.29.31", bytes, sizeof(bytes) - 1);
}

static void add_long_url(X509 *x509)
{
    char url[1100] = "URI:http://a/";
    X509_EXTENSION *extension;

    memset(url + strlen(url), 'x', sizeof(url) - strlen(url) - 1);
    extension = X509V3_EXT_conf_nid(NULL, NULL, NID_crl_distribution_points, url);
    assert_non_null(extension);
    assert_true(X509_add_ext(x509, extension, -1));
    X509_EXTENSION_free(extension);
}

static void add_indirect_point(X509 *x509)
{
    /* fullName http://x and a cRLIssuer: somebody else signs that list. */
    static const char bytes[] = "\x30\x21\x30\x1f\xa0\x0c\xa0\x0a\x86\x08http://x"
                                "\xa2\x0f\xa4\x0d\x30\x0b\x31\x09\x30\x07\x06\x03\x55\x04\x03\x0c"
                                "\x00";

    make_extension(x509, "2.5.29.31", bytes, sizeof(bytes) - 1);
}

static void test_crl_points(void **state)
{
    struct certificate facts = facts_of(&(struct recipe){.key = ec});

    (void)state;
    assert_int_equal(facts.crl_url_count, 0);
    assert_false(facts.crl_elsewhere);
    facts = facts_of(&(struct recipe){.key = ec,
                                      .crl_points = "URI:http://a/1.crl,URI:ldap:///CN=x,"
                                                    "URI:HTTPS://b/2.crl"});
    assert_int_equal(facts.crl_url_count, 2);
    assert_string_equal(facts.crl_urls[0], "http://a/1.crl");
    assert_string_equal(facts.crl_urls[1], "HTTPS://b/2.crl");
    assert_true(facts.crl_elsewhere);
    facts = facts_of(&(struct recipe){
        .key = ec,
        .crl_points = "URI:http://1,URI:http://2,URI:http://3,URI:http://4,URI:http://5"});
    assert_int_equal(facts.crl_url_count, CERTIFICATE_CRL_URLS_MAXIMUM);
    assert_string_equal(facts.crl_urls[3], "http://4");
    assert_false(facts.crl_elsewhere);
    facts = facts_of(&(struct recipe){.key = ec, .crl_points = "DNS:host,URI:http://"});
    assert_int_equal(facts.crl_url_count, 0);
    assert_true(facts.crl_elsewhere);
}

static void test_odd_crl_points(void **state)
{
    void (*const odd[])(X509 *) = {add_url_with_nul, add_long_url, add_indirect_point};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        struct certificate facts = facts_of(&(struct recipe){.key = ec, .adjust = odd[i]});

        assert_int_equal(facts.crl_url_count, 0);
        assert_true(facts.crl_elsewhere);
    }
}

static void test_dates(void **state)
{
    struct certificate facts = facts_of(&(struct recipe){.key = ec, .adjust = make_far_dates});
    X509 *broken = make_certificate(&(struct recipe){.key = ec, .adjust = make_broken_end});

    (void)state;
    assert_int_equal(facts.validity.not_before, INT64_C(-631152000));
    assert_int_equal(facts.validity.not_after, INT64_C(253402300799));
    assert_false(certificate_read(broken, &facts));
    assert_int_equal(ERR_peek_error(), 0);
    assert_string_equal(facts.common_name, "test");
    X509_free(broken);
}

static void test_broken_dates(void **state)
{
    void (*const adjust[])(X509 *) = {make_broken_start, make_broken_end};
    ASN1_TIME *time = ASN1_UTCTIME_new();
    struct validity validity;
    int64_t seconds = 7;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(adjust); i++) {
        X509 *broken = make_certificate(&(struct recipe){.key = ec, .adjust = adjust[i]});

        assert_false(validity_read(broken, &validity));
        X509_free(broken);
    }
    assert_true(ASN1_STRING_set(time, "281399000000Z", -1));
    assert_false(validity_time(time, &seconds));
    assert_false(validity_time(NULL, &seconds));
    assert_int_equal(seconds, 7);
    assert_int_equal(ERR_peek_error(), 0);
    ASN1_TIME_free(time);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identity),      cmocka_unit_test(test_odd_serials),
        cmocka_unit_test(test_names),         cmocka_unit_test(test_keys_and_signatures),
        cmocka_unit_test(test_other_key),     cmocka_unit_test(test_unknown_signature),
        cmocka_unit_test(test_roles),         cmocka_unit_test(test_request_agent),
        cmocka_unit_test(test_template_name), cmocka_unit_test(test_template_oid),
        cmocka_unit_test(test_crl_points),    cmocka_unit_test(test_odd_crl_points),
        cmocka_unit_test(test_version_1),     cmocka_unit_test(test_dates),
        cmocka_unit_test(test_broken_dates),
    };

    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
