/* test_crl.c - tests of common/pki/crl.h.
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
#include "common/pki/crl.h"
#include "common/pki/crl_fetch.h"
#include "make_certificate.h"

enum { SERIAL = 4711 };

static EVP_PKEY *key;
static EVP_PKEY *other_key;
static X509 *ca;
static X509 *other_ca;
static X509 *ra;

static int make_material(void **state)
{
    (void)state;
    key = make_ec_key();
    other_key = make_ec_key();
    ca = make_certificate(&(struct recipe){.name = "CA", .key = key, .ca = true});
    other_ca = make_certificate(&(struct recipe){.name = "Other", .key = other_key, .ca = true});
    ra = make_certificate(&(struct recipe){
        .name = "RA", .key = key, .issuer = ca, .issuer_key = key, .serial = SERIAL});
    return 0;
}

static int free_material(void **state)
{
    (void)state;
    X509_free(ra);
    X509_free(other_ca);
    X509_free(ca);
    EVP_PKEY_free(other_key);
    EVP_PKEY_free(key);
    return 0;
}

/* Reads and frees the bytes, into facts full of rubbish. */
static struct crl read_bytes(struct bytes bytes)
{
    struct crl crl;

    memset(&crl, 0x55, sizeof(crl));
    text_copy(crl.url, sizeof(crl.url), "http://kept");
    crl_read(bytes.data, bytes.length, ra, ca, &crl);
    assert_int_equal(ERR_peek_error(), 0);
    assert_string_equal(crl.url, "http://kept");
    if (crl.outcome != CRL_READ) {
        assert_string_not_equal(crl.detail, "");
        assert_false(crl.revoked);
        assert_int_equal(crl.entries, 0);
    }
    free_bytes(bytes);
    return crl;
}

static void assert_good(const struct crl *crl, int64_t this_update, int64_t next_update)
{
    assert_int_equal(crl->outcome, CRL_READ);
    assert_string_equal(crl->detail, "");
    assert_int_equal(crl->this_update, this_update);
    assert_true(crl->has_next_update);
    assert_int_equal(crl->next_update, next_update);
    assert_false(crl->revoked);
    assert_string_equal(crl->reason, "");
}

static void test_good(void **state)
{
    struct crl crl = read_bytes(make_crl(&(struct crl_recipe){.issuer = ca, .key = key}));

    (void)state;
    assert_good(&crl, MADE_FROM, MADE_UNTIL);
    assert_int_equal(crl.entries, 0);
    crl = read_bytes(make_crl_pem(&(struct crl_recipe){.issuer = ca, .key = key}));
    assert_good(&crl, MADE_FROM, MADE_UNTIL);
    crl = read_bytes(
        make_joined(make_crl(&(struct crl_recipe){.issuer = ca, .key = key}), make_bytes("\n", 1)));
    assert_good(&crl, MADE_FROM, MADE_UNTIL);
    crl =
        read_bytes(make_crl(&(struct crl_recipe){.issuer = ca, .key = key, .revoked = SERIAL + 1}));
    assert_good(&crl, MADE_FROM, MADE_UNTIL);
    assert_int_equal(crl.entries, 1);
}

/* The dates are facts: whether they are over is for a judge to say. */
static void test_dates(void **state)
{
    struct crl crl = read_bytes(make_crl(
        &(struct crl_recipe){.issuer = ca, .key = key, .this_update = 1000, .next_update = 2000}));

    (void)state;
    assert_good(&crl, 1000, 2000);
    crl = read_bytes(make_crl(&(struct crl_recipe){.issuer = ca, .key = key, .next_update = -1}));
    assert_int_equal(crl.outcome, CRL_READ);
    assert_false(crl.has_next_update);
    assert_int_equal(crl.next_update, 0);
}

static void test_unreadable_dates(void **state)
{
    struct bytes bytes = make_crl(&(struct crl_recipe){.issuer = ca, .key = key});
    const unsigned char *next = bytes.data;
    X509_CRL *list = d2i_X509_CRL(NULL, &next, (long)bytes.length);
    unsigned char *der = NULL;
    struct crl crl;
    int length;

    (void)state;
    free_bytes(bytes);
    assert_non_null(list);
    assert_true(
        ASN1_STRING_set((ASN1_STRING *)X509_CRL_get0_nextUpdate(list), "991399000000Z", -1));
    assert_true(X509_CRL_sign(list, key, EVP_sha256()) > 0);
    length = i2d_X509_CRL(list, &der);
    crl = read_bytes(make_bytes(der, (size_t)length));
    assert_int_equal(crl.outcome, CRL_UNREADABLE);
    assert_string_equal(crl.detail, "a revocation list with unreadable dates");
    OPENSSL_free(der);
    X509_CRL_free(list);
}

static void test_revoked(void **state)
{
    static const struct {
        int code;
        const char *name;
    } reasons[] = {
        {-1, ""},
        {0, "unspecified"},
        {1, "keyCompromise"},
        {2, "cACompromise"},
        {3, "affiliationChanged"},
        {4, "superseded"},
        {5, "cessationOfOperation"},
        {6, "certificateHold"},
        {7, "unknown reason"},
        {9, "privilegeWithdrawn"},
        {10, "aACompromise"},
        {11, "unknown reason"},
        {100000, "unknown reason"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
        struct crl crl = read_bytes(make_crl(&(struct crl_recipe){
            .issuer = ca, .key = key, .revoked = SERIAL, .reason = reasons[i].code}));

        assert_int_equal(crl.outcome, CRL_READ);
        assert_true(crl.revoked);
        assert_int_equal(crl.revoked_at, MADE_FROM);
        assert_string_equal(crl.reason, reasons[i].name);
        assert_int_equal(crl.entries, 1);
    }
}

static void test_removed(void **state)
{
    struct crl crl = read_bytes(
        make_crl(&(struct crl_recipe){.issuer = ca, .key = key, .revoked = SERIAL, .reason = 8}));

    (void)state;
    assert_good(&crl, MADE_FROM, MADE_UNTIL);
    assert_int_equal(crl.entries, 1);
}

static void test_foreign(void **state)
{
    struct crl crl =
        read_bytes(make_crl(&(struct crl_recipe){.issuer = other_ca, .key = other_key}));

    (void)state;
    assert_int_equal(crl.outcome, CRL_FOREIGN);
    assert_string_equal(crl.detail, "a revocation list of another CA");
    crl = read_bytes(
        make_crl(&(struct crl_recipe){.issuer = ca, .key = other_key, .revoked = SERIAL}));
    assert_int_equal(crl.outcome, CRL_FOREIGN);
    assert_string_equal(crl.detail, "a revocation list not signed with this CA certificate's key");
}

/* A list that does not speak of all RA certificates proves nothing if one is not on it. */
static void test_partial(void **state)
{
    static const char *const partial[] = {
        "onlyCA:TRUE",
        "onlyAA:TRUE",
        "indirectCRL:TRUE",
        "onlysomereasons:keyCompromise",
        "fullname:URI:http://ca/crl,onlyCA:TRUE",
    };
    static const char *const complete[] = {
        "onlyuser:TRUE",
        "onlyCA:FALSE",
        "fullname:URI:http://ca/crl",
        "fullname:URI:http://ca/crl,onlyuser:TRUE",
    };
    struct crl_recipe recipe = {.issuer = ca, .key = key, .revoked = SERIAL, .reason = 1};
    struct crl crl;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(partial); i++) {
        recipe.scope = partial[i];
        crl = read_bytes(make_crl(&recipe));
        if (crl.outcome != CRL_FOREIGN)
            fail_msg("%s: outcome %d", partial[i], (int)crl.outcome);
        assert_string_equal(
            crl.detail, "a revocation list that does not cover RA certificates (delta, CA only)");
    }
    for (size_t i = 0; i < COUNT_OF(complete); i++) {
        recipe.scope = complete[i];
        crl = read_bytes(make_crl(&recipe));
        if (crl.outcome != CRL_READ || !crl.revoked)
            fail_msg("%s: outcome %d", complete[i], (int)crl.outcome);
    }
    recipe.delta = true;
    recipe.scope = NULL;
    assert_int_equal(read_bytes(make_crl(&recipe)).outcome, CRL_FOREIGN);
    recipe.key = other_key; /* whose list it is matters more */
    crl = read_bytes(make_crl(&recipe));
    assert_string_equal(crl.detail, "a revocation list not signed with this CA certificate's key");
}

static void assert_unreadable(const char *bytes, size_t length, const char *detail)
{
    struct crl crl = read_bytes(make_bytes(bytes, length));

    assert_int_equal(crl.outcome, CRL_UNREADABLE);
    assert_string_equal(crl.detail, detail);
}

static void test_garbage(void **state)
{
    static const char html[] = "<html>this is not a revocation list</html>";
    static const char lie[] = "\x30\x84\x7f\xff\xff\xff\x30\x84\x7f\xff\xff\xff";
    static const char locked[] = "-----BEGIN X509 CRL-----\n"
                                 "Proc-Type: 4,ENCRYPTED\n"
                                 "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
                                 "MAAwADAAMAAwADAAMAAwAA==\n"
                                 "-----END X509 CRL-----\n";
    struct bytes der = make_der(ca);
    struct crl crl = {.url = ""};

    (void)state;
    assert_unreadable("", 0, "no data");
    assert_unreadable("\0", 1, "not a revocation list");
    assert_unreadable(html, strlen(html), "not a revocation list");
    assert_unreadable(lie, sizeof(lie) - 1, "not a revocation list");
    assert_unreadable(locked, strlen(locked), "not a revocation list"); /* and no prompt */
    assert_unreadable((const char *)der.data, der.length, "not a revocation list");
    free_bytes(der);
    crl_read(NULL, 0, ra, ca, &crl);
    assert_int_equal(crl.outcome, CRL_UNREADABLE);
}

static void test_nesting(void **state)
{
    enum { DEPTH = 100000 };
    char *bytes = malloc(2 * DEPTH);

    (void)state;
    assert_non_null(bytes);
    for (int i = 0; i < DEPTH; i++)
        memcpy(bytes + 2 * i, "\x30\x80", 2);
    assert_unreadable(bytes, 2 * DEPTH, "not a revocation list");
    free(bytes);
}

static void test_truncation(void **state)
{
    struct bytes whole =
        make_crl(&(struct crl_recipe){.issuer = ca, .key = key, .revoked = SERIAL});

    (void)state;
    for (size_t length = 0; length < whole.length; length++)
        assert_int_equal(read_bytes(make_bytes(whole.data, length)).outcome, CRL_UNREADABLE);
    free_bytes(whole);
}

/* Damage at any place: never a clean list. */
static void test_flipped_bytes(void **state)
{
    struct bytes whole =
        make_crl(&(struct crl_recipe){.issuer = ca, .key = key, .revoked = SERIAL});

    (void)state;
    for (size_t i = 0; i < whole.length; i++) {
        struct bytes damaged = make_bytes(whole.data, whole.length);

        damaged.data[i] ^= 0x01;
        assert_int_not_equal(read_bytes(damaged).outcome, CRL_READ);
    }
    free_bytes(whole);
}

/* What the network says, in the place of common/http. */
static struct {
    const char *url; /* the one that has a list */
    enum http_outcome outcome;
    int status;
    struct bytes body;
    int asked;
} network;

void http_get(struct http_session *session, const char *url, size_t body_maximum,
              struct http_response *response)
{
    bool known = strcmp(url, network.url) == 0;

    assert_null(session);
    assert_int_equal(body_maximum, CRL_BYTES_MAXIMUM);
    network.asked++;
    *response = (struct http_response){.outcome = known ? network.outcome : HTTP_ANSWERED,
                                       .status = known ? network.status : 404};
    buffer_init(&response->body, body_maximum);
    if (response->outcome != HTTP_ANSWERED)
        text_copy(response->detail, sizeof response->detail, "no route");
    else if (known)
        buffer_add(&response->body, network.body.data, network.body.length);
}

void http_response_free(struct http_response *response)
{
    buffer_free(&response->body);
}

static void start_network(enum http_outcome outcome, int status)
{
    network.url = "http://a/crl";
    network.outcome = outcome;
    network.status = status;
    network.body =
        make_crl(&(struct crl_recipe){.issuer = ca, .key = key, .revoked = SERIAL, .reason = -1});
    network.asked = 0;
}

static const struct certificate two_points = {.crl_urls = {"http://none/crl", "http://a/crl"},
                                              .crl_url_count = 2};
static const struct certificate one_point = {.crl_urls = {"http://a/crl"}, .crl_url_count = 1};
static const struct certificate no_point = {.crl_elsewhere = true};

/* The list of both RA certificates is fetched once, and read for each. */
static void test_fetched_once(void **state)
{
    X509 *other = make_certificate(
        &(struct recipe){.key = key, .issuer = ca, .issuer_key = key, .serial = 9});
    struct crl_cache cache = {0};
    struct crl crl;

    (void)state;
    start_network(HTTP_ANSWERED, 200);
    crl_fetch(NULL, &two_points, ra, ca, &cache, &crl);
    assert_int_equal(crl.outcome, CRL_READ);
    assert_string_equal(crl.url, "http://a/crl");
    assert_string_equal(crl.detail, "");
    assert_true(crl.revoked);
    assert_int_equal(network.asked, 2);
    crl_fetch(NULL, &one_point, other, ca, &cache, &crl);
    assert_int_equal(crl.outcome, CRL_READ);
    assert_string_equal(crl.url, "http://a/crl");
    assert_false(crl.revoked);
    assert_int_equal(network.asked, 2);
    crl_fetch(NULL, &one_point, ra, other_ca, &cache, &crl);
    assert_int_equal(crl.outcome, CRL_FOREIGN);
    assert_int_equal(network.asked, 2);
    crl_fetch(NULL, &no_point, ra, ca, &cache, &crl);
    assert_int_equal(crl.outcome, CRL_NOT_CHECKED);
    assert_int_equal(network.asked, 2);
    http_response_free(&cache.answer);
    free_bytes(network.body);
    X509_free(other);
}

static void test_not_fetched(void **state)
{
    struct crl_cache cache = {0};
    struct crl crl;

    (void)state;
    start_network(HTTP_NO_CONNECTION, 0);
    for (int i = 0; i < 2; i++) { /* nor is a failure asked for twice */
        crl_fetch(NULL, &one_point, ra, ca, &cache, &crl);
        assert_int_equal(crl.outcome, CRL_UNREACHABLE);
        assert_string_equal(crl.url, "http://a/crl");
        assert_string_equal(crl.detail, "no route");
        assert_int_equal(network.asked, 1);
    }
    http_response_free(&cache.answer);
    cache = (struct crl_cache){0};
    network.outcome = HTTP_ANSWERED;
    network.status = 503;
    crl_fetch(NULL, &two_points, ra, ca, &cache, &crl);
    assert_int_equal(crl.outcome, CRL_UNREACHABLE);
    assert_string_equal(crl.detail, "HTTP 503");
    http_response_free(&cache.answer);
    free_bytes(network.body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_unreadable_dates),
        cmocka_unit_test(test_revoked),
        cmocka_unit_test(test_removed),
        cmocka_unit_test(test_foreign),
        cmocka_unit_test(test_partial),
        cmocka_unit_test(test_garbage),
        cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_truncation),
        cmocka_unit_test(test_flipped_bytes),
        cmocka_unit_test(test_fetched_once),
        cmocka_unit_test(test_not_fetched),
    };

    return cmocka_run_group_tests(tests, make_material, free_material);
}
