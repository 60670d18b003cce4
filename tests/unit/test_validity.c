/* test_validity.c - tests of common/pki/validity.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/err.h>
#include <string.h>

#include "common/base/text.h"
#include "common/pki/certificate.h"
#include "common/pki/validity.h"
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

static void test_read(void **state)
{
    const struct recipe recipes[] = {
        {.key = rsa},
        {.key = ec, .version_1 = true},
        {.key = ec, .ca = true, .serial = -500},
        {.key = rsa, .pss = true, .serial = INT64_C(0x6100000003ab54c)},
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
    struct bytes der = make(&(struct recipe){.key = ec, .adjust = make_far_dates});
    struct validity validity = {0};

    (void)state;
    assert_true(reads(der, &validity));
    assert_int_equal(validity.not_before, INT64_C(-631152000));
    assert_int_equal(validity.not_after, INT64_C(253402300799));
    free_bytes(der);
}

static void test_broken_dates(void **state)
{
    void (*const adjust[])(X509 *) = {make_broken_start, make_broken_end};
    struct validity validity = {.not_before = 7};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(adjust); i++) {
        struct bytes der = make(&(struct recipe){.key = ec, .adjust = adjust[i]});

        assert_false(reads(der, &validity));
        assert_int_equal(validity.not_before, 7);
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
    assert_false(validity_read(NULL, 0, &validity));
    for (size_t length = 0; length < whole.length; length++) {
        struct bytes cut = make_bytes(whole.data, length);

        assert_false(reads(cut, &validity));
        free_bytes(cut);
    }
    free_bytes(whole);
}

/* Where the dates of make()'s certificates end. */
static size_t end_of_dates(struct bytes der)
{
    const char *last = text_find((const char *)der.data, der.length, "280101000000Z");

    assert_non_null(last);
    return (size_t)(last - (const char *)der.data) + strlen("280101000000Z");
}

static void set_length(struct bytes der, size_t at, size_t length)
{
    assert_int_equal(der.data[at + 1], 0x82); /* in two bytes */
    der.data[at + 2] = (unsigned char)(length >> 8);
    der.data[at + 3] = (unsigned char)length;
}

/* The two outer elements are as long as what is left of them, so that it is the inner ones that are
 * cut. */
static void test_cut_inside(void **state)
{
    struct bytes whole = make(&(struct recipe){.key = rsa});
    size_t end = end_of_dates(whole);
    struct validity validity;

    (void)state;
    for (size_t length = 8; length < end + 10; length++) {
        struct bytes cut = make_bytes(whole.data, length);

        set_length(cut, 0, length - 4);
        set_length(cut, 4, length - 8);
        assert_int_equal(reads(cut, &validity), length >= end);
        free_bytes(cut);
    }
    free_bytes(whole);
}

/* Every bit in turn is turned over. What both read they read alike; what OpenSSL reads, and we do
 * not, is an issuer whose tag says that it is not constructed. */
static void test_damaged(void **state)
{
    struct bytes der = make(&(struct recipe){.key = ec});
    size_t both = 0;
    size_t refused = 0;

    (void)state;
    for (size_t bit = 0; bit < 8 * der.length; bit++) {
        const unsigned char *next = der.data;
        struct validity validity;
        struct certificate facts;
        X509 *x509;
        bool read;
        bool parsed;

        der.data[bit / 8] ^= (unsigned char)(1 << bit % 8);
        read = reads(der, &validity);
        x509 = d2i_X509(NULL, &next, (long)der.length);
        parsed = x509 && certificate_read(x509, &facts);
        if (read && parsed) {
            assert_int_equal(validity.not_before, facts.validity.not_before);
            assert_int_equal(validity.not_after, facts.validity.not_after);
        }
        both += read && parsed;
        refused += !read && parsed;
        X509_free(x509);
        ERR_clear_error();
        der.data[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    assert_true(both > der.length);
    assert_in_range(refused, 0, 1);
    free_bytes(der);
}

/* Nothing is asked of what comes behind the dates: here the subject is none. */
static void test_broken_behind(void **state)
{
    struct bytes der = make(&(struct recipe){.key = ec});
    const unsigned char *next = der.data;
    struct validity validity;

    (void)state;
    der.data[end_of_dates(der)] = V_ASN1_CONSTRUCTED | V_ASN1_SET;
    assert_null(d2i_X509(NULL, &next, (long)der.length));
    ERR_clear_error();
    assert_true(reads(der, &validity));
    assert_int_equal(validity.not_after, MADE_UNTIL);
    free_bytes(der);
}

/* A third date: the two outer elements and the dates grow by it. */
static void test_more_dates(void **state)
{
    static const char more[] = "\x17\x0d"
                               "290101000000Z";
    struct bytes whole = make(&(struct recipe){.key = rsa});
    size_t end = end_of_dates(whole);
    struct bytes der = make_joined(make_joined(make_bytes(whole.data, end), make_bytes(more, 15)),
                                   make_bytes(whole.data + end, whole.length - end));
    struct validity validity;

    (void)state;
    set_length(der, 0, der.length - 4);
    set_length(der, 4, (size_t)(der.data[6] << 8 | der.data[7]) + 15);
    assert_true(reads(whole, &validity));
    assert_int_equal(der.data[end - 31], 30); /* the length of the dates */
    der.data[end - 31] += 15;
    assert_false(reads(der, &validity));
    free_bytes(whole);
    free_bytes(der);
}

/* BER: an end instead of a length. DER has it nowhere (X.690 section 10.1). */
static void test_endless(void **state)
{
    struct bytes whole = make(&(struct recipe){.key = rsa});
    struct bytes ber = make_joined(
        make_joined(make_bytes("\x30\x80", 2), make_bytes(whole.data + 4, whole.length - 4)),
        make_bytes("\0\0", 2));
    const unsigned char *next = ber.data;
    X509 *x509 = d2i_X509(NULL, &next, (long)ber.length);
    struct validity validity;

    (void)state;
    assert_non_null(x509);
    assert_false(reads(ber, &validity));
    X509_free(x509);
    free_bytes(ber);
    free_bytes(whole);
}

static void test_others(void **state)
{
    static const char words[] = "no certificate";
    X509 *ca = make_certificate(&(struct recipe){.key = ec, .ca = true});
    struct bytes others[] = {
        make_bytes(words, sizeof words),
        make_bytes("\x30\x84\xff\xff\xff\xff\x30\x82", 8), /* a length that lies */
        make_bytes("\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff", 10),
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
    ASN1_TIME *broken = ASN1_UTCTIME_new();
    int64_t seconds = 7;

    (void)state;
    assert_false(validity_time(NULL, &seconds));
    assert_int_equal(seconds, 7);
    assert_true(ASN1_STRING_set(broken, "281399000000Z", -1));
    assert_false(validity_time(broken, &seconds));
    assert_int_equal(seconds, 7);
    ASN1_TIME_free(broken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),         cmocka_unit_test(test_far_dates),
        cmocka_unit_test(test_broken_dates), cmocka_unit_test(test_trailing),
        cmocka_unit_test(test_cut),          cmocka_unit_test(test_cut_inside),
        cmocka_unit_test(test_damaged),      cmocka_unit_test(test_broken_behind),
        cmocka_unit_test(test_more_dates),   cmocka_unit_test(test_endless),
        cmocka_unit_test(test_others),       cmocka_unit_test(test_time),
    };

    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
