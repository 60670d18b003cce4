/* test_bundle.c - tests of common/pki/bundle.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/pki/bundle.h"
#include "make_certificate.h"

static EVP_PKEY *key;
static X509 *ca;
static X509 *signing;
static X509 *encryption;

static int make_material(void **state)
{
    (void)state;
    key = make_ec_key();
    ca = make_certificate(&(struct recipe){.name = "CA", .key = key, .ca = true});
    signing = make_certificate(&(struct recipe){.name = "Signing",
                                                .key = key,
                                                .issuer = ca,
                                                .issuer_key = key,
                                                .usage = "digitalSignature"});
    encryption = make_certificate(&(struct recipe){.name = "Encryption",
                                                   .key = key,
                                                   .issuer = ca,
                                                   .issuer_key = key,
                                                   .usage = "keyEncipherment"});
    return 0;
}

static int free_material(void **state)
{
    (void)state;
    X509_free(encryption);
    X509_free(signing);
    X509_free(ca);
    EVP_PKEY_free(key);
    return 0;
}

/* Parses and frees the bytes; the error queue must stay empty whatever they are. */
static const char *parse(struct bytes bytes, struct bundle *bundle)
{
    const char *wrong = bundle_parse(bytes.data, bytes.length, bundle);

    assert_int_equal(ERR_peek_error(), 0);
    if (wrong)
        assert_int_equal(bundle->count, 0);
    free_bytes(bytes);
    return wrong;
}

/* Asserts a form and the common names in their order, then frees the bundle. */
static void assert_names(struct bundle *bundle, enum bundle_form form, const char *names)
{
    char found[200] = "";

    for (size_t i = 0; i < bundle->count; i++) {
        size_t length = strlen(found);

        text_format(found + length, sizeof(found) - length, "%s%s", i ? " " : "",
                    bundle->facts[i].common_name);
    }
    assert_int_equal(bundle->form, form);
    assert_int_equal(bundle->dropped, 0);
    assert_string_equal(found, names);
    bundle_free(bundle);
    assert_int_equal(bundle->count, 0);
}

static void test_der(void **state)
{
    struct bundle bundle;

    (void)state;
    assert_null(parse(make_der(ca), &bundle));
    assert_names(&bundle, BUNDLE_DER, "CA");
    assert_null(parse(make_joined(make_der(ca), make_bytes("\n", 1)), &bundle));
    assert_names(&bundle, BUNDLE_DER, "CA");
    assert_null(parse(make_joined(make_der(ca), make_bytes("\0garbage", 8)), &bundle));
    assert_names(&bundle, BUNDLE_DER, "CA");
}

static void test_pkcs7(void **state)
{
    X509 *const orders[][3] = {
        {ca, signing, encryption}, {ca, encryption, signing}, {signing, ca, encryption},
        {signing, encryption, ca}, {encryption, ca, signing}, {encryption, signing, ca},
    };
    static const char *const names[] = {
        "CA Signing Encryption", "CA Encryption Signing", "Signing CA Encryption",
        "Signing Encryption CA", "Encryption CA Signing", "Encryption Signing CA",
    };
    const enum made_content contents[] = {CONTENT_ABSENT, CONTENT_EMPTY, CONTENT_ZERO};
    struct bundle bundle;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        for (size_t j = 0; j < COUNT_OF(contents); j++) {
            assert_null(parse(make_pkcs7(orders[i], 3, contents[j]), &bundle));
            assert_int_equal(certificate_role(&bundle.facts[0]), orders[i][0] == ca ? ROLE_CA
                                                                 : orders[i][0] == signing
                                                                     ? ROLE_RA_SIGNING
                                                                     : ROLE_RA_ENCRYPTION);
            assert_names(&bundle, BUNDLE_PKCS7, names[i]);
        }
    }
    assert_null(parse(make_joined(make_pkcs7(orders[0], 3, CONTENT_ABSENT), make_bytes("\r\n", 2)),
                      &bundle));
    assert_names(&bundle, BUNDLE_PKCS7, names[0]);
}

/* The outer lengths as BER writers leave them: indefinite. */
static void test_ber(void **state)
{
    static const char head[] =
        "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80"
        "\x02\x01\x01\x31\x00\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
        "\x01\x00\x00\xa0\x80";
    static const char tail[] = "\0\0\x31\0\0\0\0\0\0"; /* and one more NUL: the string's own */
    struct bundle bundle;
    struct bytes bytes = make_joined(make_bytes(head, sizeof(head) - 1), make_der(ca));

    (void)state;
    bytes = make_joined(make_joined(bytes, make_der(signing)), make_bytes(tail, sizeof(tail)));
    assert_null(parse(bytes, &bundle));
    assert_names(&bundle, BUNDLE_PKCS7, "CA Signing");
}

static void test_pem(void **state)
{
    static const char bom[] = "\xef\xbb\xbf";
    static const char prose[] = "0 s:CN=CA, as openssl s_client tells\nDEAR READER\n";
    static const char stranger[] = "-----BEGIN RSA PRIVATE KEY-----\n"
                                   "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"
                                   "AAAA\n-----END RSA PRIVATE KEY-----\n";
    X509 *const both[] = {signing, encryption};
    struct bundle bundle;
    struct bytes bytes;

    (void)state;
    assert_null(parse(make_pem(ca), &bundle));
    assert_names(&bundle, BUNDLE_PEM, "CA");
    bytes = make_joined(make_bytes(bom, 3), make_pem(ca));
    assert_null(parse(make_joined(bytes, make_pem(signing)), &bundle));
    assert_names(&bundle, BUNDLE_PEM, "CA Signing");
    bytes = make_joined(make_bytes(prose, strlen(prose)), make_pem(encryption));
    bytes = make_joined(bytes, make_bytes(stranger, strlen(stranger)));
    assert_null(parse(make_joined(bytes, make_pem(signing)), &bundle));
    assert_names(&bundle, BUNDLE_PEM, "Encryption Signing");
    assert_null(parse(make_pkcs7_pem(both, 2), &bundle));
    assert_names(&bundle, BUNDLE_PEM, "Signing Encryption");
    assert_null(parse(make_joined(make_pkcs7_pem(both, 2), make_pem(ca)), &bundle));
    assert_names(&bundle, BUNDLE_PEM, "Signing Encryption CA");
}

static void assert_wrong(const void *data, size_t length, const char *expected)
{
    struct bundle bundle;
    const char *wrong = parse(make_bytes(data, length), &bundle);

    assert_non_null(wrong);
    assert_string_equal(wrong, expected);
}

#define ASSERT_WRONG(data, expected) assert_wrong(data, sizeof(data) - 1, expected)

static void test_garbage(void **state)
{
    static const char neither[] = "neither a certificate nor PKCS#7";
    static const char data_only[] = "\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
    static const char signed_nothing[] = "\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
    struct bundle bundle;

    (void)state;
    assert_string_equal(bundle_parse(NULL, 0, &bundle), "no data");
    ASSERT_WRONG("", "no data");
    ASSERT_WRONG("\0", neither);
    ASSERT_WRONG("<html><title>Sign in</title></html>", neither);
    ASSERT_WRONG("0", neither);
    ASSERT_WRONG("\x30\x00", neither);
    ASSERT_WRONG("\x30\x80", neither);
    ASSERT_WRONG("\x30\x84\xff\xff\xff\xff", neither);
    ASSERT_WRONG("\x30\x84\x7f\xff\xff\xff\x30", neither);
    ASSERT_WRONG("\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff\x06\x01\x01", neither);
    ASSERT_WRONG(data_only, "PKCS#7 that is not signed data");
    ASSERT_WRONG(signed_nothing, "PKCS#7 without certificates");
    assert_non_null(parse(make_pkcs7(NULL, 0, CONTENT_EMPTY), &bundle));
    ASSERT_WRONG("-----BEGIN ", "PEM without certificates");
    ASSERT_WRONG("-----BEGIN X-----\nAAAA\n-----END X-----\n", "PEM without certificates");
    ASSERT_WRONG("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", neither);
    ASSERT_WRONG("-----BEGIN CERTIFICATE-----\n%%%%\n-----END CERTIFICATE-----\n",
                 "a damaged PEM block");
    ASSERT_WRONG("-----BEGIN CERTIFICATE-----\nAAAA\n", "a damaged PEM block");
}

/* A bundle that ends in damage is damaged: the certificate lost could be the RA's. */
static void test_damaged_end(void **state)
{
    static const char damage[] = "-----BEGIN CERTIFICATE-----\nMIIB\n";
    struct bundle bundle;

    (void)state;
    assert_string_equal(
        parse(make_joined(make_pem(ca), make_bytes(damage, strlen(damage))), &bundle),
        "a damaged PEM block");
}

static void test_nesting(void **state)
{
    enum { DEPTH = 100000 };
    char *bytes = malloc(2 * DEPTH);

    (void)state;
    assert_non_null(bytes);
    for (int i = 0; i < DEPTH; i++)
        memcpy(bytes + 2 * i, "\x30\x80", 2);
    assert_wrong(bytes, 2 * DEPTH, "neither a certificate nor PKCS#7");
    free(bytes);
}

/* PKCS#7 in PKCS#7 in PKCS#7: the one structure that OpenSSL itself descends into. */
static void test_nested_pkcs7(void **state)
{
    static const char layer[] =
        "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80"
        "\x02\x01\x01\x31\x00";
    enum { DEPTH = 10000, SIZE = sizeof(layer) - 1 };
    char *bytes = malloc(DEPTH * SIZE);

    (void)state;
    assert_non_null(bytes);
    for (int i = 0; i < DEPTH; i++)
        memcpy(bytes + SIZE * i, layer, SIZE);
    assert_wrong(bytes, DEPTH * SIZE, "neither a certificate nor PKCS#7");
    free(bytes);
}

static void assert_no_prefix_parses(struct bytes whole)
{
    for (size_t length = 0; length < whole.length; length++) {
        struct bundle bundle;

        assert_non_null(parse(make_bytes(whole.data, length), &bundle));
    }
    free_bytes(whole);
}

static void test_truncation(void **state)
{
    X509 *const all[] = {ca, signing, encryption};

    (void)state;
    assert_no_prefix_parses(make_pkcs7(all, 3, CONTENT_ABSENT));
    assert_no_prefix_parses(make_der(ca));
}

/* A PEM bundle that is cut between two blocks can't be told from a shorter one. */
static void test_truncated_pem(void **state)
{
    struct bytes one = make_pem(ca);
    struct bytes two = make_joined(make_pem(ca), make_pem(signing));

    (void)state;
    for (size_t length = 0; length < two.length - 1; length++) {
        struct bundle bundle;
        const char *wrong = parse(make_bytes(two.data, length), &bundle);

        if (length < one.length - 1)
            assert_non_null(wrong);
        assert_true(bundle.count <= 1);
        bundle_free(&bundle);
    }
    free_bytes(one);
    free_bytes(two);
}

static void test_maximum(void **state)
{
    enum { SURPLUS = 3 };
    X509 *many[BUNDLE_MAXIMUM + SURPLUS];
    struct bytes pem = make_pem(signing);
    struct bundle bundle;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(many); i++)
        many[i] = make_certificate(&(struct recipe){.key = key, .serial = (long)i + 1});
    assert_null(parse(make_pkcs7(many, BUNDLE_MAXIMUM, CONTENT_ABSENT), &bundle));
    assert_int_equal(bundle.count, BUNDLE_MAXIMUM);
    assert_int_equal(bundle.dropped, 0);
    bundle_free(&bundle);
    assert_null(parse(make_pkcs7(many, COUNT_OF(many), CONTENT_ABSENT), &bundle));
    assert_int_equal(bundle.count, BUNDLE_MAXIMUM);
    assert_int_equal(bundle.dropped, SURPLUS);
    assert_string_equal(bundle.facts[BUNDLE_MAXIMUM - 1].serial, "20");
    bundle_free(&bundle);
    pem = make_joined(pem, make_pkcs7_pem(many, BUNDLE_MAXIMUM));
    assert_null(parse(pem, &bundle));
    assert_int_equal(bundle.count, BUNDLE_MAXIMUM);
    assert_int_equal(bundle.dropped, 1);
    bundle_free(&bundle);
    for (size_t i = 0; i < COUNT_OF(many); i++)
        X509_free(many[i]);
}

static void test_bad_certificate_among_good_ones(void **state)
{
    X509 *bad = make_certificate(&(struct recipe){.key = key, .adjust = make_broken_end});
    X509 *const all[] = {ca, bad, signing};
    struct bundle bundle;

    (void)state;
    assert_string_equal(parse(make_pkcs7(all, 3, CONTENT_ABSENT), &bundle),
                        "a certificate with unreadable dates");
    X509_free(bad);
}

static void test_name_of_no_utf8(void **state)
{
    X509 *x509 = make_certificate(&(struct recipe){.name = "XYZXYZ", .key = key});
    X509 *const all[] = {x509, ca};
    struct bytes der = make_der(x509);
    struct bytes pkcs7 = make_pkcs7(all, 2, CONTENT_ABSENT);
    struct bundle bundle;

    (void)state;
    memcpy((char *)text_find((char *)der.data, der.length, "XYZXYZ"), "\xe9\xff\xc0\x80-Z", 6);
    memcpy((char *)text_find((char *)pkcs7.data, pkcs7.length, "XYZXYZ"), "\xe9\xff\xc0\x80-Z", 6);
    assert_string_equal(parse(der, &bundle), "a certificate with a name that is not valid UTF-8");
    assert_string_equal(parse(pkcs7, &bundle), "a certificate with a name that is not valid UTF-8");
    X509_free(x509);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_der),
        cmocka_unit_test(test_pkcs7),
        cmocka_unit_test(test_ber),
        cmocka_unit_test(test_pem),
        cmocka_unit_test(test_garbage),
        cmocka_unit_test(test_damaged_end),
        cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_nested_pkcs7),
        cmocka_unit_test(test_truncation),
        cmocka_unit_test(test_truncated_pem),
        cmocka_unit_test(test_maximum),
        cmocka_unit_test(test_bad_certificate_among_good_ones),
        cmocka_unit_test(test_name_of_no_utf8),
    };

    return cmocka_run_group_tests(tests, make_material, free_material);
}
