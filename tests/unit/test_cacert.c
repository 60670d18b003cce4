/* test_cacert.c - tests of common/scep/cacert.h: reading an answer, choosing the pair in use.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "common/pki/chain.h"
#include "common/scep/cacert.h"
#include "make_certificate.h"

enum { NOW = 1000000, DAY = 86400 };

#define SIGN .has_key_usage = true, .key_usage = KEY_USAGE_DIGITAL_SIGNATURE
#define ENCRYPT .has_key_usage = true, .key_usage = KEY_USAGE_KEY_ENCIPHERMENT
#define BOTH                                                                                       \
    .has_key_usage = true, .key_usage = KEY_USAGE_DIGITAL_SIGNATURE | KEY_USAGE_KEY_ENCIPHERMENT
#define AGENT .has_extended_key_usage = true, .request_agent = true
#define CURRENT .validity.not_before = NOW - 10 * DAY, .validity.not_after = NOW + 10 * DAY
#define OLDER .validity.not_before = NOW - 20 * DAY, .validity.not_after = NOW + 5 * DAY
#define EXPIRED .validity.not_before = NOW - 20 * DAY, .validity.not_after = NOW - 1
#define FUTURE .validity.not_before = NOW + 1, .validity.not_after = NOW + 20 * DAY

static const struct certificate ca = {.is_ca = true, BOTH, CURRENT};
static const struct certificate sign = {SIGN, AGENT, CURRENT};
static const struct certificate encrypt = {ENCRYPT, AGENT, CURRENT};
static const struct certificate both = {BOTH, AGENT, CURRENT};
static const struct certificate sign_older = {SIGN, AGENT, OLDER};
static const struct certificate encrypt_older = {ENCRYPT, AGENT, OLDER};
static const struct certificate sign_expired = {SIGN, AGENT, EXPIRED};
static const struct certificate encrypt_expired = {ENCRYPT, AGENT, EXPIRED};
static const struct certificate both_older = {BOTH, AGENT, OLDER};
static const struct certificate sign_future = {SIGN, AGENT, FUTURE};
static const struct certificate encrypt_future = {ENCRYPT, AGENT, FUTURE};
static const struct certificate no_usage = {AGENT, CURRENT};
static const struct certificate no_job = {.has_key_usage = true, AGENT, CURRENT};
static const struct certificate tls_server = {BOTH, .has_extended_key_usage = true, CURRENT};
static const struct certificate sign_no_agent = {SIGN, .validity.not_before = NOW - DAY,
                                                 .validity.not_after = NOW + 100 * DAY};
static const struct certificate both_no_agent = {BOTH, .validity.not_before = NOW - DAY,
                                                 .validity.not_after = NOW + 100 * DAY};

enum { MOST = 5 };

struct choice {
    const char *name;
    const struct certificate *certificates[MOST];
    int signing; /* expected */
    int encryption;
};

static const struct choice choices[] = {
    {"nothing", {NULL}, -1, -1},
    {"a CA alone", {&ca}, -1, -1},
    {"as installed", {&ca, &sign, &encrypt}, 1, 2},
    {"another order", {&encrypt, &ca, &sign}, 2, 0},
    {"combined", {&ca, &both}, 1, 1},
    {"no key usage: both", {&no_usage, &ca}, 0, 0},
    {"no job", {&ca, &no_job}, -1, -1},
    {"signing only", {&ca, &sign}, 1, -1},
    {"encryption only", {&ca, &encrypt}, -1, 1},
    {"two generations", {&ca, &sign_older, &encrypt_older, &sign, &encrypt}, 3, 4},
    {"two generations, the newer first", {&sign, &encrypt, &sign_older, &encrypt_older}, 0, 1},
    {"two generations, mixed", {&sign, &encrypt_older, &sign_older, &encrypt}, 0, 3},
    {"an expired one left", {&sign_expired, &encrypt_expired, &sign_older, &encrypt_older}, 2, 3},
    {"an expired one behind", {&sign_older, &encrypt_older, &sign_expired, &encrypt_expired}, 0, 1},
    {"only one renewed", {&sign, &encrypt_expired, &sign_expired}, 0, 1},
    {"all expired", {&ca, &sign_expired, &encrypt_expired}, 1, 2},
    {"the next one not valid yet", {&sign_future, &encrypt_future, &sign, &encrypt}, 2, 3},
    {"only not valid yet", {&sign_future, &encrypt_future}, 0, 1},
    {"not yet before expired", {&sign_expired, &sign_future}, 1, -1},
    {"a newer combined beside separate", {&sign_older, &encrypt_older, &both}, 2, 2},
    {"newer separate beside combined", {&both_older, &sign, &encrypt}, 1, 2},
    {"combined beside newer signing", {&both_older, &sign}, 1, 0},
    {"a TLS server certificate beside", {&tls_server, &sign, &encrypt}, 1, 2},
    {"the EKU before the date", {&sign_no_agent, &sign_older}, 1, -1},
    {"the EKU before validity", {&sign_no_agent, &sign_expired}, 1, -1},
    {"the EKU before validity, the other order", {&sign_expired, &sign_no_agent}, 0, -1},
    {"the EKU, though not yet valid", {&sign_no_agent, &sign_future}, 1, -1},
    {"an expired pair beside a web server's",
     {&both_no_agent, &sign_expired, &encrypt_expired},
     1,
     2},
    {"of two with the EKU the valid one", {&sign_expired, &sign_no_agent, &sign_older}, 2, -1},
    {"no EKU at all", {&sign_no_agent, &ca}, 0, -1},
};

static void test_choices(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(choices); i++) {
        struct certificate certificates[MOST];
        size_t count = 0;
        struct ra_pair pair;

        while (count < MOST && choices[i].certificates[count]) {
            certificates[count] = *choices[i].certificates[count];
            count++;
        }
        pair = ra_pair_choose(certificates, count, NOW);
        if (pair.signing != choices[i].signing || pair.encryption != choices[i].encryption)
            fail_msg("%s: %d and %d, expected %d and %d", choices[i].name, pair.signing,
                     pair.encryption, choices[i].signing, choices[i].encryption);
    }
}

/* The first and the last second belong to the validity. */
static void test_edges(void **state)
{
    const struct certificate pair[] = {
        {SIGN, .validity.not_before = 100, .validity.not_after = 200},
        {SIGN, .validity.not_before = 150, .validity.not_after = 250}};

    (void)state;
    assert_int_equal(ra_pair_choose(pair, 2, 149).signing, 0);
    assert_int_equal(ra_pair_choose(pair, 2, 150).signing, 1);
    assert_int_equal(ra_pair_choose(pair, 2, 250).signing, 1);
    assert_int_equal(ra_pair_choose(pair, 1, 200).signing, 0);
}

static enum cacert_verdict read_bytes(const void *bytes, size_t length, size_t *count)
{
    struct buffer body;
    struct bundle bundle;
    const char *problem = "untouched";
    enum cacert_verdict verdict;

    buffer_init(&body, 100000);
    buffer_add(&body, bytes, length);
    verdict = cacert_read(&body, &bundle, &problem);
    assert_int_equal(verdict == CACERT_GOOD, problem == NULL);
    assert_int_equal(verdict == CACERT_GOOD, bundle.count > 0);
    if (count)
        *count = bundle.count;
    bundle_free(&bundle);
    buffer_free(&body);
    return verdict;
}

static void test_certificates(void **state)
{
    EVP_PKEY *key = make_ec_key();
    X509 *x509[] = {make_certificate(&(struct recipe){.name = "CA", .key = key, .ca = true}),
                    make_certificate(&(struct recipe){.name = "RA", .key = key})};
    struct bytes der = make_der(x509[0]);
    struct bytes pkcs7 = make_pkcs7(x509, 2, CONTENT_EMPTY);
    size_t count;

    (void)state;
    assert_int_equal(read_bytes(der.data, der.length, &count), CACERT_GOOD);
    assert_int_equal(count, 1);
    assert_int_equal(read_bytes(pkcs7.data, pkcs7.length, &count), CACERT_GOOD);
    assert_int_equal(count, 2);
    assert_int_equal(read_bytes(pkcs7.data, pkcs7.length / 2, NULL), CACERT_INVALID);
    free_bytes(pkcs7);
    free_bytes(der);
    X509_free(x509[0]);
    X509_free(x509[1]);
    EVP_PKEY_free(key);
}

/* A root of version 1 beside the pair is no RA certificate, though it has no key usage. */
static void test_version_1_root(void **state)
{
    EVP_PKEY *key = make_ec_key();
    X509 *root = make_certificate(&(struct recipe){.name = "Root", .key = key, .version_1 = true});
    X509 *ra = make_certificate(&(struct recipe){
        .name = "RA", .key = key, .issuer = root, .issuer_key = key, .no_key_ids = true});
    struct bytes bytes = make_pkcs7((X509 *[]){root, ra}, 2, CONTENT_ABSENT);
    struct bundle bundle;
    struct ra_pair pair;

    (void)state;
    assert_null(bundle_parse(bytes.data, bytes.length, &bundle));
    assert_int_equal(bundle.count, 2);
    pair = ra_pair_choose(bundle.facts, bundle.count, MADE_FROM + 1);
    assert_int_equal(pair.signing, pair.encryption);
    assert_string_equal(bundle.facts[pair.signing].common_name, "RA");
    assert_int_equal(chain_find_issuer(&bundle, bundle.x509[pair.signing]),
                     chain_newest_ca(&bundle));
    assert_int_equal(chain_newest_ca(&bundle), 1 - pair.signing);
    assert_null(chain_verify(bundle.x509[pair.signing], &bundle, &bundle));
    bundle_free(&bundle);
    free_bytes(bytes);
    X509_free(ra);
    X509_free(root);
    EVP_PKEY_free(key);
}

static void test_no_certificates(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        enum cacert_verdict expected;
    } cases[] = {
        {"", 0, CACERT_BLANK},
        {" \r\n\t", 4, CACERT_BLANK},
        {"<html><body>Sign in</body></html>", 33, CACERT_HTML},
        {"\n\n  <!DOCTYPE html>", 19, CACERT_HTML},
        {"\xff\xfe<\0h\0", 6, CACERT_HTML},
        {"Not found", 9, CACERT_INVALID},
        {"\0\0\0\0", 4, CACERT_INVALID},
        {"\x30\x82\xff\xff", 4, CACERT_INVALID},
        {"-----BEGIN CERTIFICATE-----\n", 28, CACERT_INVALID},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(read_bytes(cases[i].bytes, cases[i].length, NULL), cases[i].expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_choices),         cmocka_unit_test(test_edges),
        cmocka_unit_test(test_certificates),    cmocka_unit_test(test_version_1_root),
        cmocka_unit_test(test_no_certificates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
