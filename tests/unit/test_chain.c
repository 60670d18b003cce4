/* test_chain.c - tests of common/pki/chain.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/err.h>

#include "common/base/text.h"
#include "common/pki/chain.h"
#include "make_certificate.h"

#define YEAR INT64_C(31536000)

static EVP_PKEY *root_key;
static EVP_PKEY *old_key;
static EVP_PKEY *new_key;
static EVP_PKEY *ra_key;

static int make_keys(void **state)
{
    (void)state;
    root_key = make_ec_key();
    old_key = make_ec_key();
    new_key = make_ec_key();
    ra_key = make_ec_key();
    return 0;
}

static int free_keys(void **state)
{
    (void)state;
    EVP_PKEY_free(root_key);
    EVP_PKEY_free(old_key);
    EVP_PKEY_free(new_key);
    EVP_PKEY_free(ra_key);
    return 0;
}

static X509 *make_root(const char *name, EVP_PKEY *key, int64_t from)
{
    return make_certificate(&(struct recipe){.name = name, .key = key, .ca = true, .from = from});
}

static X509 *make_sub(const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key,
                      int64_t from)
{
    return make_certificate(&(struct recipe){.name = name,
                                             .key = key,
                                             .issuer = issuer,
                                             .issuer_key = issuer_key,
                                             .ca = true,
                                             .from = from});
}

static X509 *make_ra(X509 *issuer, EVP_PKEY *issuer_key)
{
    return make_certificate(&(struct recipe){
        .name = "RA", .key = ra_key, .issuer = issuer, .issuer_key = issuer_key, .serial = 99});
}

/* Takes over the certificates. */
static struct bundle bundle_of(size_t count, X509 *const *x509)
{
    struct bundle bundle = {.count = count};

    for (size_t i = 0; i < count; i++) {
        bundle.x509[i] = x509[i];
        assert_true(certificate_read(x509[i], &bundle.facts[i]));
    }
    return bundle;
}

#define BUNDLE(...)                                                                                \
    bundle_of(sizeof((X509 *[]){__VA_ARGS__}) / sizeof(X509 *), (X509 *[]){__VA_ARGS__})

static const struct bundle nothing;

static void test_is_issuer(void **state)
{
    X509 *ca = make_root("CA", old_key, 0);
    X509 *impostor = make_root("CA", new_key, 0);
    X509 *other = make_root("Other", old_key, 0);
    X509 *ra = make_ra(ca, old_key);

    (void)state;
    assert_true(chain_is_issuer(ca, ra));
    assert_true(chain_is_issuer(ca, ca));
    assert_false(chain_is_issuer(impostor, ra));
    assert_false(chain_is_issuer(other, ra));
    assert_false(chain_is_issuer(ra, ca));
    assert_false(chain_is_issuer(ra, ra));
    assert_int_equal(ERR_peek_error(), 0);
    X509_free(ra);
    X509_free(other);
    X509_free(impostor);
    X509_free(ca);
}

static void test_is_issuer_by_algorithm(void **state)
{
    EVP_PKEY *rsa = make_rsa_key(1024);
    const struct recipe kinds[] = {
        {.key = rsa, .ca = true},
        {.key = rsa, .ca = true, .pss = true},
        {.key = rsa, .ca = true, .digest = EVP_sha1()},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        X509 *ca = make_certificate(&kinds[i]);

        assert_true(chain_is_issuer(ca, ca));
        X509_free(ca);
    }
    EVP_PKEY_free(rsa);
}

/* Two generations that only their signatures tell apart. */
static void test_is_issuer_without_key_ids(void **state)
{
    X509 *old = make_certificate(
        &(struct recipe){.name = "CA", .key = old_key, .ca = true, .no_key_ids = true});
    X509 *new = make_certificate(
        &(struct recipe){.name = "CA", .key = new_key, .ca = true, .no_key_ids = true});
    X509 *ra = make_certificate(
        &(struct recipe){.key = ra_key, .issuer = old, .issuer_key = old_key, .no_key_ids = true});
    struct bundle forward = BUNDLE(old, new);
    struct bundle backward = {.count = 2, .x509 = {new, old}};

    (void)state;
    backward.facts[0] = forward.facts[1];
    backward.facts[1] = forward.facts[0];
    assert_true(chain_is_issuer(old, ra));
    assert_false(chain_is_issuer(new, ra));
    assert_int_equal(chain_find_issuer(&forward, ra), 0);
    assert_int_equal(chain_find_issuer(&backward, ra), 1);
    assert_null(chain_verify(ra, &nothing, &forward));
    assert_null(chain_verify(ra, &nothing, &backward));
    X509_free(ra);
    bundle_free(&forward);
}

static void test_find_issuer(void **state)
{
    X509 *old = make_root("CA", old_key, MADE_FROM - 5 * YEAR);
    X509 *renewed = make_root("CA", old_key, MADE_FROM - YEAR); /* with the same key */
    X509 *new = make_root("CA", new_key, MADE_FROM);
    X509 *ra_of_old = make_ra(old, old_key);
    X509 *ra_of_new = make_ra(new, new_key);
    X509 *stranger = make_ra(ra_of_old, ra_key);
    struct bundle bundle = BUNDLE(ra_of_old, old, renewed, new, ra_of_new);

    (void)state;
    assert_int_equal(chain_find_issuer(&bundle, ra_of_old), 2);
    assert_int_equal(chain_find_issuer(&bundle, ra_of_new), 3);
    assert_int_equal(chain_find_issuer(&bundle, new), 3);
    assert_int_equal(chain_find_issuer(&bundle, stranger), -1); /* its issuer is no CA */
    assert_int_equal(chain_find_issuer(&nothing, ra_of_old), -1);
    assert_int_equal(chain_newest_ca(&bundle), 3);
    X509_free(stranger);
    bundle_free(&bundle);
}

static void test_newest_ca(void **state)
{
    X509 *root = make_root("Root", root_key, MADE_FROM);
    X509 *renewed = make_root("Root", new_key, MADE_FROM + YEAR); /* has not issued anything yet */
    X509 *policy = make_sub("Policy", new_key, root, root_key, MADE_FROM);
    X509 *issuing = make_sub("Issuing", old_key, policy, new_key, MADE_FROM - YEAR);
    X509 *ra = make_ra(issuing, old_key);
    struct bundle bundle = BUNDLE(ra, root, renewed, issuing, policy);
    struct bundle without = {.count = 1, .x509 = {ra}};

    (void)state;
    without.facts[0] = bundle.facts[0];
    assert_int_equal(chain_newest_ca(&bundle), 3);
    assert_int_equal(chain_newest_ca(&without), -1);
    assert_int_equal(chain_newest_ca(&nothing), -1);
    bundle_free(&bundle);
}

/* The upper chain comes in any place and is younger; the old generation is there, too. */
static void test_newest_of_two_generations_below_a_root(void **state)
{
    X509 *root = make_root("Root", root_key, MADE_FROM + YEAR);
    X509 *old = make_sub("CA", old_key, root, root_key, MADE_FROM - YEAR);
    X509 *new = make_sub("CA", new_key, root, root_key, MADE_FROM);
    X509 *cross = make_sub("CA", new_key, old, old_key, MADE_FROM - 1); /* AD CS: old signs new */
    struct bundle bundle = BUNDLE(new, root, cross, old);

    (void)state;
    assert_int_equal(chain_newest_ca(&bundle), 0);
    bundle_free(&bundle);
}

static void test_newest_of_cas_that_certified_each_other(void **state)
{
    X509 *a = make_root("A", old_key, 0);
    X509 *b = make_sub("B", new_key, a, old_key, MADE_FROM + 5);
    X509 *a_by_b = make_sub("A", old_key, b, new_key, MADE_FROM + 9);
    struct bundle bundle = BUNDLE(a, b, a_by_b);

    (void)state;
    assert_int_equal(chain_newest_ca(&bundle), 2);
    bundle_free(&bundle);
}

static void assert_reason(const char *reason)
{
    assert_non_null(reason);
    assert_string_equal(reason, "unable to get local issuer certificate");
    assert_int_equal(ERR_peek_error(), 0);
}

static void test_verify(void **state)
{
    X509 *root = make_root("Root", root_key, 0);
    X509 *issuing = make_sub("Issuing", old_key, root, root_key, 0);
    X509 *ra = make_ra(issuing, old_key);
    struct bundle roots = BUNDLE(root);
    struct bundle others = BUNDLE(make_root("Root", new_key, 0));
    struct bundle answer = BUNDLE(ra, issuing);

    (void)state;
    assert_null(chain_verify(ra, &answer, &roots));
    assert_null(chain_verify(ra, &answer, &answer)); /* the issuing CA is anchor enough */
    assert_null(chain_verify(ra, &nothing, &answer));
    assert_null(chain_verify(issuing, &nothing, &roots));
    assert_null(chain_verify(root, &nothing, &roots));
    assert_reason(chain_verify(ra, &nothing, &roots));
    assert_reason(chain_verify(ra, &answer, &others));
    assert_reason(chain_verify(ra, &answer, &nothing));
    assert_reason(chain_verify(ra, &nothing, &nothing));
    bundle_free(&answer);
    bundle_free(&others);
    bundle_free(&roots);
}

/* The only CA of that name did not sign it, and no key identifier tells. */
static void test_verify_needs_the_signature(void **state)
{
    const struct recipe ca = {.name = "Root", .key = root_key, .ca = true, .no_key_ids = true};
    const struct recipe other = {.name = "Root", .key = new_key, .ca = true, .no_key_ids = true};
    X509 *root = make_certificate(&ca);
    X509 *ra = make_certificate(&(struct recipe){
        .key = ra_key, .issuer = root, .issuer_key = root_key, .no_key_ids = true});
    struct bundle roots = BUNDLE(root);
    struct bundle others = BUNDLE(make_certificate(&other));

    (void)state;
    assert_null(chain_verify(ra, &nothing, &roots));
    assert_null(chain_verify(ra, &others, &roots));
    assert_string_equal(chain_verify(ra, &nothing, &others), "certificate signature failure");
    assert_non_null(chain_verify(ra, &roots, &others));
    assert_int_equal(ERR_peek_error(), 0);
    X509_free(ra);
    bundle_free(&others);
    bundle_free(&roots);
}

/* An RA certificate among the anchors is none. */
static void test_verify_needs_ca_anchor(void **state)
{
    struct bundle anchors = BUNDLE(make_ra(NULL, NULL));
    X509 *below = make_ra(anchors.x509[0], ra_key);

    (void)state;
    assert_non_null(chain_verify(anchors.x509[0], &nothing, &anchors));
    assert_non_null(chain_verify(below, &nothing, &anchors));
    X509_free(below);
    bundle_free(&anchors);
}

static void test_verify_ignores_dates_and_algorithms(void **state)
{
    EVP_PKEY *weak = make_rsa_key(1024);
    X509 *root = make_certificate(&(struct recipe){
        .name = "Root", .key = weak, .ca = true, .from = 1, .until = 2, .digest = EVP_md5()});
    X509 *ra = make_certificate(&(struct recipe){.key = weak,
                                                 .issuer = root,
                                                 .issuer_key = weak,
                                                 .from = 3,
                                                 .until = 4,
                                                 .digest = EVP_sha1()});
    X509 *pss = make_certificate(
        &(struct recipe){.key = weak, .issuer = root, .issuer_key = weak, .pss = true});
    struct bundle roots = BUNDLE(root);

    (void)state;
    assert_null(chain_verify(ra, &nothing, &roots));
    assert_null(chain_verify(pss, &nothing, &roots));
    X509_free(pss);
    X509_free(ra);
    bundle_free(&roots);
    EVP_PKEY_free(weak);
}

static void add_unknown_critical(X509 *x509)
{
    X509_EXTENSION *extension;

    make_extension(x509, "1.2.3.4.5", "\x05\x00", 2);
    extension = X509_get_ext(x509, X509_get_ext_count(x509) - 1);
    assert_true(X509_EXTENSION_set_critical(extension, 1));
}

static void test_verify_tells_other_reasons(void **state)
{
    X509 *root = make_root("Root", root_key, 0);
    X509 *ra = make_certificate(&(struct recipe){
        .key = ra_key, .issuer = root, .issuer_key = root_key, .adjust = add_unknown_critical});
    struct bundle roots = BUNDLE(root);

    (void)state;
    assert_string_equal(chain_verify(ra, &nothing, &roots), "unhandled critical extension");
    X509_free(ra);
    bundle_free(&roots);
}

/* Everybody issued everybody: the search must end. */
static void test_verify_in_a_circle(void **state)
{
    X509 *a = make_root("A", old_key, 0);
    X509 *b = make_sub("B", new_key, a, old_key, 0);
    X509 *a_by_b = make_sub("A", old_key, b, new_key, 0);
    X509 *ra = make_ra(a, old_key);
    struct bundle bundle = BUNDLE(b, a_by_b);

    (void)state;
    assert_non_null(chain_verify(ra, &bundle, &nothing));
    assert_null(chain_verify(ra, &bundle, &bundle));
    X509_free(ra);
    X509_free(a);
    bundle_free(&bundle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_is_issuer),
        cmocka_unit_test(test_is_issuer_by_algorithm),
        cmocka_unit_test(test_is_issuer_without_key_ids),
        cmocka_unit_test(test_find_issuer),
        cmocka_unit_test(test_newest_ca),
        cmocka_unit_test(test_newest_of_two_generations_below_a_root),
        cmocka_unit_test(test_newest_of_cas_that_certified_each_other),
        cmocka_unit_test(test_verify),
        cmocka_unit_test(test_verify_needs_the_signature),
        cmocka_unit_test(test_verify_needs_ca_anchor),
        cmocka_unit_test(test_verify_ignores_dates_and_algorithms),
        cmocka_unit_test(test_verify_tells_other_reasons),
        cmocka_unit_test(test_verify_in_a_circle),
    };

    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
