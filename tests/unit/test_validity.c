/* test_validity.c - tests of common/pki/validity.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/err.h>

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

static struct bytes make(const struct recipe *recipe)
{
    X509 *x509 = make_certificate(recipe);
    struct bytes der = make_der(x509);

    X509_free(x509);
    return der;
}

static bool reads(struct bytes der, struct validity *validity)
{
    bool read = validity_read(der.data, der.length, validity);

    assert_int_equal(ERR_peek_error(), 0);
    return read;
}

static void set_long_serial(X509 *x509)
{
    BIGNUM *number = NULL;

    assert_true(BN_hex2bn(&number, "6100000003AB54CDE98A1B2C3D000000000003"));
    assert_non_null(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)));
    BN_free(number);
}

static void set_negative_serial(X509 *x509)
{
    ASN1_INTEGER_set(X509_get_serialNumber(x509), -500);
}

/* UTCTime as far as it goes, then GeneralizedTime (RFC 5280 section 4.1.2.5). */
static void set_far_dates(X509 *x509)
{
    assert_true(ASN1_TIME_set_string(X509_getm_notBefore(x509), "19500101000000Z"));
    assert_true(ASN1_TIME_set_string(X509_getm_notAfter(x509), "99991231235959Z"));
}

static void break_start(X509 *x509)
{
    assert_true(ASN1_STRING_set(X509_getm_notBefore(x509), "281399000000Z", -1));
}

static void break_end(X509 *x509)
{
    assert_true(ASN1_STRING_set(X509_getm_notAfter(x509), "281399000000Z", -1));
}

static void test_read(void **state)
{
    const struct recipe recipes[] = {
        {.key = rsa},
        {.key = ec, .version_1 = true},
        {.key = ec, .ca = true, .adjust = set_long_serial},
        {.key = rsa, .pss = true, .adjust = set_negative_serial},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(recipes); i++) {
        struct bytes der = make(&recipes[i]);
        struct validity validity = {0};

        assert_true(reads(der, &validity));
        assert_int_equal(validity.not_before, MADE_FROM);
        assert_int_equal(validity.not_after, MADE_UNTIL);
        free_bytes(der);
    }
}

static void test_far_dates(void **state)
{
    struct bytes der = make(&(struct recipe){.key = ec, .adjust = set_far_dates});
    struct validity validity = {0};

    (void)state;
    assert_true(reads(der, &validity));
    assert_int_equal(validity.not_before, INT64_C(-631152000));
    assert_int_equal(validity.not_after, INT64_C(253402300799));
    free_bytes(der);
}

static void test_broken_dates(void **state)
{
    void (*const adjust[])(X509 *) = {break_start, break_end};
    struct validity validity;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(adjust); i++) {
        struct bytes der = make(&(struct recipe){.key = ec, .adjust = adjust[i]});

        assert_false(reads(der, &validity));
        free_bytes(der);
    }
}

static void test_trailing(void **state)
{
    struct bytes der = make_joined(make(&(struct recipe){.key = ec}), make_bytes("more", 4));
    struct validity validity = {0};

    (void)state;
    assert_true(reads(der, &validity));
    assert_int_equal(validity.not_after, MADE_UNTIL);
    free_bytes(der);
}

static void test_cut(void **state)
{
    struct bytes whole = make(&(struct recipe){.key = ec});
    struct validity validity;

    (void)state;
    for (size_t length = 0; length < whole.length; length++) {
        struct bytes cut = make_bytes(whole.data, length);

        assert_false(reads(cut, &validity));
        free_bytes(cut);
    }
    free_bytes(whole);
}

/* Each byte set to what it must not be: whatever is still read is what OpenSSL reads. */
static void test_damaged(void **state)
{
    struct bytes der = make(&(struct recipe){.key = ec});
    size_t both = 0;
    size_t neither = 0;

    (void)state;
    for (size_t at = 0; at < der.length; at++) {
        for (int bit = 0; bit < 8; bit++) {
            const unsigned char *next = der.data;
            struct validity validity;
            struct certificate facts;
            X509 *x509;
            bool read;
            bool parsed;

            der.data[at] ^= (unsigned char)(1 << bit);
            read = reads(der, &validity);
            x509 = d2i_X509(NULL, &next, (long)der.length);
            parsed = x509 && certificate_read(x509, &facts);
            if (read && parsed) {
                assert_int_equal(validity.not_before, facts.validity.not_before);
                assert_int_equal(validity.not_after, facts.validity.not_after);
            }
            both += read && parsed;
            neither += !read && !parsed;
            X509_free(x509);
            ERR_clear_error();
            der.data[at] ^= (unsigned char)(1 << bit);
        }
    }
    assert_true(both > der.length);
    assert_true(neither > der.length / 4);
    free_bytes(der);
}

static void test_others(void **state)
{
    static const char words[] = "no certificate";
    X509 *ca = make_certificate(&(struct recipe){.key = ec, .ca = true});
    struct bytes others[] = {
        make_bytes(words, sizeof words),
        make_bytes("", 0),
        make_bytes("\x30\x80\x00\x00", 4),                          /* BER without a length */
        make_bytes("\x30\x84\xff\xff\xff\xff\x30\x82\xff\xff", 10), /* lengths that lie */
        make_pem(ca),
        make_pkcs7(&ca, 1, CONTENT_ABSENT),
        make_crl(&(struct crl_recipe){.issuer = ca, .key = ec}),
    };
    struct validity validity;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        assert_false(reads(others[i], &validity));
        free_bytes(others[i]);
    }
    X509_free(ca);
}

static void test_time(void **state)
{
    int64_t seconds = 7;

    (void)state;
    assert_false(validity_time(NULL, &seconds));
    assert_int_equal(seconds, 7);
}

static void test_percent_left(void **state)
{
    struct validity validity = {.not_before = 1000, .not_after = 1000 + 100 * DAY};

    (void)state;
    assert_true(validity_percent_left(&validity, 0) == 100);
    assert_true(validity_percent_left(&validity, 1000) == 100);
    assert_true(validity_percent_left(&validity, 1000 + 75 * DAY) == 25);
    assert_true(validity_percent_left(&validity, 1000 + 100 * DAY) == 0);
    assert_true(validity_percent_left(&validity, 1000 + 200 * DAY) == 0);
    validity.not_before = validity.not_after;
    assert_true(validity_percent_left(&validity, 1000) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),         cmocka_unit_test(test_far_dates),
        cmocka_unit_test(test_broken_dates), cmocka_unit_test(test_trailing),
        cmocka_unit_test(test_cut),          cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_others),       cmocka_unit_test(test_time),
        cmocka_unit_test(test_percent_left),
    };

    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
