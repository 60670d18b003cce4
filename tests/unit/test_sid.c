/* test_sid.c - tests of SIDs, GUIDs and tokens.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/directory/access.h"
#include "common/directory/token.h"

static struct sid sid_of(const char *text)
{
    struct sid sid;

    assert_true(sid_parse(text, &sid));
    return sid;
}

static void assert_text(const struct sid *sid, const char *expected)
{
    char text[SID_TEXT_SIZE];

    sid_text(sid, text, sizeof(text));
    assert_string_equal(text, expected);
}

/* Each as text and back. */
static void test_texts(void **state)
{
    static const char *const texts[] = {
        "S-1-0-0",
        "S-1-1-0",
        "S-1-5-32-544",
        "S-1-5-21-1004336348-1177238915-682003330-512",
        "S-1-4294967295-4294967295",
        "S-1-0x000100000000-1",
        "S-1-0xffffffffffff-0",
        "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15",
        "S-1-0xffffffffffff-4294967295-4294967295-4294967295-4294967295-4294967295-4294967295-"
        "4294967295-4294967295-4294967295-4294967295-4294967295-4294967295-4294967295-4294967295-"
        "4294967295",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct sid sid = sid_of(texts[i]), again;

        assert_text(&sid, texts[i]);
        assert_true(sid_read(sid.bytes, sid.length, &again));
        assert_true(sid_equal(&sid, &again));
    }
    assert_text(&(struct sid){.length = 0}, "none");
}

static void test_wrong_texts(void **state)
{
    static const char *const texts[] = {
        "",
        "S",
        "S-1",
        "S-1-",
        "S-1-5",
        "S-1-5-",
        "S-1--5",
        "S-2-5-18",
        "S-1-5-18 ",
        " S-1-5-18",
        "S-1-5-18-",
        "S-1-5-+18",
        "S-1-5--18",
        "S-1-5-0x12",
        "S-1-5-4294967296",
        "S-1-5-99999999999",
        "S-1-4294967296-1",
        "S-1-0x-1",
        "S-1-0x0001000000000-1",
        "S-1-0x00010000000g-1",
        "S-1-5-21-a",
        "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16",
        "DOMAIN\\svc",
    };
    struct sid sid;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        assert_false(sid_parse(texts[i], &sid));
        assert_int_equal(sid.length, 0);
    }
}

/* Of a copy that a sanitizer guards to the byte. */
static bool reads(const unsigned char *bytes, size_t length)
{
    unsigned char *copy = malloc(length ? length : 1);
    struct sid sid;
    bool read;

    assert_non_null(copy);
    if (length)
        memcpy(copy, bytes, length);
    read = sid_read(copy, length, &sid);
    assert_true(read == (sid_extent(copy, length) == length && length > 0));
    assert_int_equal(sid.length, read ? length : 0);
    free(copy);
    return read;
}

static void test_bytes(void **state)
{
    static const unsigned char system[] = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};
    unsigned char bytes[2048] = {1, 15, 0, 0, 0, 0, 0, 5};
    struct sid sid;

    (void)state;
    assert_true(sid_read(system, sizeof(system), &sid));
    assert_text(&sid, "S-1-5-18");
    assert_true(sid_equal(&sid, sid_known(SID_SYSTEM)));
    for (size_t length = 0; length < 100; length++)
        assert_int_equal(reads(bytes, length), length == SID_BYTES_MAXIMUM);
    bytes[1] = 255;
    assert_false(reads(bytes, 8 + 4 * 255));
    bytes[1] = 16;
    assert_false(reads(bytes, 8 + 4 * 16));
    bytes[1] = 0; /* valid, though its text is not read back */
    assert_true(reads(bytes, 8));
    assert_true(sid_read(bytes, 8, &sid));
    assert_text(&sid, "S-1-5");
    bytes[0] = 2;
    assert_false(reads(bytes, 8));
}

static void test_compare(void **state)
{
    struct sid none = {.length = 0}, a = sid_of("S-1-5-18"), b = sid_of("S-1-5-19");

    (void)state;
    assert_true(sid_equal(&a, &a));
    assert_false(sid_equal(&a, &b));
    assert_false(sid_equal(&a, &none));
    assert_false(sid_equal(&none, &none));
    b = sid_of("S-1-5-18-0");
    assert_false(sid_equal(&a, &b));
}

static void assert_name(const char *text, const char *expected)
{
    struct sid sid = sid_of(text);
    const char *name = sid_name(&sid);

    if (!expected)
        assert_null(name);
    else
        assert_string_equal(name, expected);
}

static void test_names(void **state)
{
    (void)state;
    assert_name("S-1-1-0", "Everyone");
    assert_name("S-1-3-4", "OWNER RIGHTS");
    assert_name("S-1-5-9", "ENTERPRISE DOMAIN CONTROLLERS");
    assert_name("S-1-5-11", "Authenticated Users");
    assert_name("S-1-5-32-544", "BUILTIN\\Administrators");
    assert_name("S-1-5-32-554", "BUILTIN\\Pre-Windows 2000 Compatible Access");
    assert_name("S-1-5-32-574", "BUILTIN\\Certificate Service DCOM Access");
    assert_name("S-1-5-32-511", NULL);
    assert_name("S-1-5-21-1-2-3-512", "Domain Admins");
    assert_name("S-1-5-21-1-2-3-527", "Enterprise Key Admins");
    assert_name("S-1-5-21-1-2-3-1105", NULL);
    assert_name("S-1-5-21-1-2-512", NULL);
    assert_name("S-1-5-32-512", NULL);
    assert_null(sid_name(&(struct sid){.length = 0}));
    for (int known = 0; known < KNOWN_SID_COUNT; known++) {
        const struct sid *sid = sid_known((enum known_sid)known);
        struct sid again;

        assert_true(sid_read(sid->bytes, sid->length, &again));
        assert_non_null(sid_name(sid));
    }
}

static void test_domains(void **state)
{
    struct sid domain = sid_of("S-1-5-21-1-2-3"), other = sid_of("S-1-5-21-1-2-4-512");
    struct sid longest = sid_of("S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15"), group, none;
    uint32_t rid;

    (void)state;
    assert_false(sid_is_domain(&domain));
    assert_true(sid_with_rid(&domain, 4294967295U, &group));
    assert_text(&group, "S-1-5-21-1-2-3-4294967295");
    assert_true(sid_is_domain(&group));
    assert_true(sid_rid(&group, &rid));
    assert_true(rid == 4294967295U);
    assert_false(sid_same_domain(&group, &other));
    other = sid_of("S-1-5-21-1-2-3-512");
    assert_true(sid_same_domain(&group, &other));
    assert_false(sid_same_domain(&group, sid_known(SID_EVERYONE)));
    assert_false(sid_is_domain(sid_known(SID_BUILTIN_USERS)));
    assert_false(sid_with_rid(&longest, 1, &none));
    assert_int_equal(none.length, 0);
    assert_false(sid_with_rid(&none, 1, &group));
    assert_false(sid_rid(&none, &rid));
    assert_false(sid_is_domain(&none));
}

static void test_guids(void **state)
{
    static const char *const wrong[] = {
        "",
        "0e10c968-78fb-11d2-90d4-00c04f79dc5",
        "0e10c968-78fb-11d2-90d4-00c04f79dc555",
        "{0e10c968-78fb-11d2-90d4-00c04f79dc55}",
        "0e10c96878fb11d290d400c04f79dc55",
        "0e10c968-78fb-11d2-90d4-00c04f79dcg5",
        "0e10c968-78fb-11d2-90d4_00c04f79dc55",
        "0e10c968-78fb-11d2-90d4-",
    };
    char text[GUID_TEXT_SIZE];
    struct guid guid;

    (void)state;
    assert_true(guid_parse("0E10C968-78fb-11d2-90d4-00c04f79dc55", &guid));
    assert_true(guid_equal(&guid, &GUID_ENROLL));
    assert_false(guid_equal(&guid, &GUID_AUTOENROLL));
    guid_text(&GUID_AUTOENROLL, text, sizeof(text));
    assert_string_equal(text, "a05b8cc2-17bc-4802-a710-e7c15ab866a2");
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(guid_parse(wrong[i], &guid));
    assert_true(guid_equal(&guid, &GUID_ENROLL));
}

static void test_token(void **state)
{
    struct sid domain = sid_of("S-1-5-21-1-2-3"), none = {.length = 0}, sid;
    struct token token;

    (void)state;
    token_init(&token);
    assert_true(token.complete);
    assert_false(token_has(&token, sid_known(SID_EVERYONE)));
    for (uint32_t rid = 0; rid < TOKEN_SIDS_MAXIMUM; rid++) {
        assert_true(sid_with_rid(&domain, rid, &sid));
        assert_true(token_add(&token, &sid));
    }
    assert_int_equal(token.count, TOKEN_SIDS_MAXIMUM);
    assert_true(token_add(&token, &sid)); /* is there already */
    assert_true(token_has(&token, &sid));
    assert_true(token.complete);
    assert_false(token_add(&token, sid_known(SID_EVERYONE)));
    assert_false(token.complete);
    assert_int_equal(token.count, TOKEN_SIDS_MAXIMUM);
    token_free(&token);
    assert_true(token.complete && !token.count);
    assert_false(token_add(&token, &none));
    assert_false(token.complete);
    assert_false(token_has(&token, &none));
    token_free(&token);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts), cmocka_unit_test(test_wrong_texts),
        cmocka_unit_test(test_bytes), cmocka_unit_test(test_compare),
        cmocka_unit_test(test_names), cmocka_unit_test(test_domains),
        cmocka_unit_test(test_guids), cmocka_unit_test(test_token),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
