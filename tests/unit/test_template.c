/* test_template.c - tests of what an entry tells of a certificate template.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "common/directory/access.h"
#include "common/directory/template.h"

#define DAY INT64_C(86400)

static struct directory_entries entries;
static struct certificate_template facts;

static int start(void **state)
{
    (void)state;
    entries = (struct directory_entries){0};
    facts = (struct certificate_template){0};
    assert_non_null(directory_entries_add(&entries, "CN=NDESDevice"));
    return 0;
}

static int end(void **state)
{
    (void)state;
    template_free(&facts);
    directory_entries_free(&entries);
    return 0;
}

static void set_bytes(const char *name, const void *bytes, size_t length)
{
    struct directory_attribute *attribute =
        directory_entry_add(&entries, &entries.entries[0], name);

    assert_non_null(attribute);
    assert_true(directory_attribute_add(&entries, attribute, bytes, length));
}

static void set(const char *name, const char *value)
{
    set_bytes(name, value, strlen(value));
}

static void read_it(void)
{
    template_free(&facts);
    template_read(&entries.entries[0], &facts);
}

/* The values of MS-CRTD section 3, but for the names. */
static void test_whole(void **state)
{
    static const unsigned char year[] = {0x00, 0x40, 0x39, 0x87, 0x2e, 0xe1, 0xfe, 0xff};

    (void)state;
    set("cn", "NDESDevice");
    set("displayName", "NDES Device");
    set("revision", "100");
    set("msPKI-Template-Minor-Revision", "7");
    set("msPKI-Template-Schema-Version", "4");
    set("msPKI-Cert-Template-OID", "1.3.6.1.4.1.311.21.8.1.2.3");
    set("msPKI-Certificate-Name-Flag", "-1509949439");
    set("msPKI-Enrollment-Flag", "524290");
    set("msPKI-RA-Signature", "2");
    set("msPKI-Minimal-Key-Size", "4096");
    set_bytes("pKIKeyUsage", "\xa0\x00", 2);
    set_bytes("pKIExpirationPeriod", year, sizeof year);
    set("pKIExtendedKeyUsage", "1.3.6.1.5.5.7.3.2");
    set("msPKI-Certificate-Application-Policy", "1.3.6.1.5.5.7.3.1");
    read_it();
    assert_string_equal(facts.cn, "NDESDevice");
    assert_string_equal(facts.display_name, "NDES Device");
    assert_true(facts.has_schema);
    assert_int_equal(facts.schema, 4);
    assert_true(facts.has_revision);
    assert_int_equal(facts.revision, 100);
    assert_true(facts.has_minor);
    assert_int_equal(facts.minor, 7);
    assert_true(facts.has_signatures && facts.has_key_bits && facts.has_validity);
    assert_false(facts.ekus_hidden); /* all are shown */
    assert_false(facts.hidden);
    assert_true(facts.has_name_flags);
    assert_int_equal(facts.name_flags, 0xa6000001);
    assert_true(facts.has_enrollment_flags);
    assert_int_equal(facts.enrollment_flags,
                     TEMPLATE_PEND_ALL_REQUESTS | TEMPLATE_NO_SECURITY_EXTENSION);
    assert_int_equal(facts.signatures, 2);
    assert_int_equal(facts.key_bits, 4096);
    assert_true(facts.has_key_usage);
    assert_int_equal(facts.key_usage, TEMPLATE_DIGITAL_SIGNATURE | TEMPLATE_KEY_ENCIPHERMENT);
    assert_int_equal(facts.validity, 365 * DAY);
    assert_int_equal(facts.eku_count, 2);
    assert_true(template_has_eku(&facts, "1.3.6.1.5.5.7.3.2"));
    assert_true(template_has_eku(&facts, "1.3.6.1.5.5.7.3.1"));
    assert_false(template_has_eku(&facts, "1.3.6.1.5.5.7.3"));
    assert_false(facts.has_descriptor);
}

/* What is hidden is not there. */
static void test_hidden(void **state)
{
    static const char *const each[] = {"revision", "msPKI-Certificate-Name-Flag", "pKIKeyUsage",
                                       "pKIExpirationPeriod"};

    (void)state;
    set("cn", "NDESDevice");
    read_it();
    assert_true(facts.hidden);
    assert_false(facts.has_name_flags);
    assert_false(facts.has_enrollment_flags);
    assert_false(facts.has_key_usage);
    assert_true(facts.has_schema);
    assert_int_equal(facts.schema, 1);
    assert_false(facts.has_revision || facts.has_minor || facts.has_signatures);
    assert_false(facts.has_key_bits || facts.has_validity);
    assert_int_equal(facts.validity, 0);
    assert_int_equal(facts.eku_count, 0);
    for (size_t i = 0; i < COUNT_OF(each); i++) {
        end(NULL);
        start(NULL);
        set(each[i], "1");
        read_it();
        assert_false(facts.hidden);
    }
}

/* Version 1 is what shows nothing of a later one. */
static void test_version(void **state)
{
    static const char *const later[] = {"msPKI-Template-Minor-Revision", "msPKI-Cert-Template-OID",
                                        "msPKI-Certificate-Application-Policy"};

    (void)state;
    set("msPKI-Certificate-Name-Flag", "1"); /* which version 1 has, too */
    set("msPKI-RA-Signature", "0");
    set("msPKI-Minimal-Key-Size", "1024");
    read_it();
    assert_true(facts.has_schema);
    assert_int_equal(facts.schema, 1);
    set("msPKI-Template-Schema-Version", "1");
    set("msPKI-Cert-Template-OID", "1.3.6.1.4.1.311.21.8.1.2.3");
    read_it();
    assert_true(facts.has_schema);
    assert_int_equal(facts.schema, 1);
    for (size_t i = 0; i < COUNT_OF(later); i++) {
        end(NULL);
        start(NULL);
        set(later[i], "1");
        read_it();
        assert_false(facts.has_schema);
        assert_int_equal(facts.schema, 2);
    }
}

/* Flags that are no number are not shown, rather than clear. */
static void test_flags(void **state)
{
    static const char *const wrong[] = {"one", "", "4294967296", "-2147483649"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        end(NULL);
        start(NULL);
        set("msPKI-Certificate-Name-Flag", wrong[i]);
        set("msPKI-Enrollment-Flag", wrong[i]);
        read_it();
        assert_false(facts.has_name_flags);
        assert_false(facts.has_enrollment_flags);
        assert_int_equal(facts.name_flags, 0);
    }
    end(NULL);
    start(NULL);
    set("msPKI-Certificate-Name-Flag", "4294967295");
    read_it();
    assert_int_equal(facts.name_flags, 0xffffffff);
}

static void test_key_usage(void **state)
{
    (void)state;
    set_bytes("pKIKeyUsage", "", 0);
    read_it();
    assert_false(facts.has_key_usage);
    assert_int_equal(facts.key_usage, 0);
    end(NULL);
    start(NULL);
    set_bytes("pKIKeyUsage", "\x86", 1);
    read_it();
    assert_int_equal(facts.key_usage, 0x86);
}

static void test_ekus(void **state)
{
    struct directory_attribute *attribute;
    char oid[80];

    (void)state;
    read_it();
    assert_true(facts.ekus_hidden); /* or none: that is not known */
    assert_false(template_allows_logon(&facts));
    facts.ekus_hidden = false;
    assert_true(template_allows_logon(&facts)); /* none allows every one */
    attribute = directory_entry_add(&entries, &entries.entries[0], "pKIExtendedKeyUsage");
    for (int i = 0; i < TEMPLATE_EKUS_MAXIMUM + 3; i++) {
        text_format(oid, sizeof oid, "1.2.%d", i / 2); /* each twice */
        assert_true(directory_attribute_add(&entries, attribute, oid, strlen(oid)));
    }
    read_it();
    assert_int_equal(facts.eku_count, TEMPLATE_EKUS_MAXIMUM / 2 + 2);
    assert_false(template_allows_logon(&facts));
    attribute =
        directory_entry_add(&entries, &entries.entries[0], "msPKI-Certificate-Application-Policy");
    for (int i = 0; i < TEMPLATE_EKUS_MAXIMUM; i++) {
        text_format(oid, sizeof oid, "1.3.%d", i);
        assert_true(directory_attribute_add(&entries, attribute, oid, strlen(oid)));
    }
    read_it();
    assert_int_equal(facts.eku_count, TEMPLATE_EKUS_MAXIMUM);
}

/* What does not fit counts as hidden: one of them may allow logon. */
static void test_too_many_ekus(void **state)
{
    struct directory_attribute *attribute;
    char oid[80];

    (void)state;
    attribute = directory_entry_add(&entries, &entries.entries[0], "pKIExtendedKeyUsage");
    for (int i = 0; i <= TEMPLATE_EKUS_MAXIMUM; i++) {
        read_it(); /* a template of version 1 hides nothing */
        assert_int_equal(facts.eku_count, i);
        assert_false(i && facts.ekus_hidden);
        text_format(oid, sizeof oid, "1.2.%d", i);
        assert_true(directory_attribute_add(&entries, attribute, oid, strlen(oid)));
    }
    read_it();
    assert_true(facts.ekus_hidden);
}

static void test_logon(void **state)
{
    static const char *const logon[] = {"1.3.6.1.5.5.7.3.2", "1.3.6.1.4.1.311.20.2.2",
                                        "1.3.6.1.5.2.3.4", "2.5.29.37.0"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(logon); i++) {
        end(NULL);
        start(NULL);
        set("pKIExtendedKeyUsage", "1.3.6.1.5.5.8.2.2");
        set("msPKI-Certificate-Application-Policy", logon[i]);
        read_it();
        assert_true(template_allows_logon(&facts));
    }
}

static void test_descriptor(void **state)
{
    /* owner at 0x14, a DACL without an ACE: the empty list */
    static const unsigned char empty[] = {
        0x01, 0x00, 0x04, 0x80, 0x14, 0, 0, 0, 0,  0, 0, 0, 0,    0, 0, 0, 0x20, 0, 0, 0,
        0x01, 0x01, 0,    0,    0,    0, 0, 5, 18, 0, 0, 0, 0x02, 0, 8, 0, 0,    0, 0, 0};

    (void)state;
    set_bytes("nTSecurityDescriptor", empty, sizeof empty);
    read_it();
    assert_true(facts.has_descriptor);
    assert_null(facts.descriptor_problem);
    assert_int_equal(facts.descriptor.dacl, DACL_PRESENT);
    assert_true(sid_equal(&facts.descriptor.owner, sid_known(SID_SYSTEM)));
    end(NULL);
    start(NULL);
    set_bytes("nTSecurityDescriptor", empty, sizeof empty - 1);
    read_it();
    assert_true(facts.has_descriptor);
    assert_non_null(facts.descriptor_problem);
}

/* Whether no EKU is no EKU: single attributes are hidden by ACEs for them, and by nothing else. */
static void test_hidden_ekus(void **state)
{
    static const struct {
        unsigned char type, flags, mask;
        const char *object;
        bool hides;
    } cases[] = {
        {ACE_DENIED_OBJECT, 0, RIGHT_RP, "18976af6-3b9e-11d2-90cc-00c04fd91ab1", true},
        {ACE_ALLOWED_OBJECT, 0, RIGHT_RP, "ea1dddc4-60ff-416e-8cc0-17cee534bce7", true},
        {ACE_ALLOWED_OBJECT, 0, RIGHT_WP, "ea1dddc4-60ff-416e-8cc0-17cee534bce7", false},
        {ACE_DENIED_OBJECT, ACE_INHERIT_ONLY, RIGHT_RP, "18976af6-3b9e-11d2-90cc-00c04fd91ab1",
         false},
        {ACE_ALLOWED_OBJECT, 0, RIGHT_RP, "0e10c968-78fb-11d2-90d4-00c04f79dc55", false},
        {ACE_ALLOWED_OBJECT, 0, RIGHT_RP, "a05b8cc2-17bc-4802-a710-e7c15ab866a2", false},
    };
    unsigned char bytes[68] = {
        1, 0, 4, 0x80, [16] = 20, [20] = 2, [22] = 48, [24] = 1, [30] = 40, [36] = 1};
    struct guid object;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(guid_parse(cases[i].object, &object));
        bytes[28] = cases[i].type;
        bytes[29] = cases[i].flags;
        bytes[32] = cases[i].mask;
        memcpy(bytes + 40, object.bytes, sizeof object.bytes);
        memcpy(bytes + 56, sid_known(SID_EVERYONE)->bytes, 12);
        end(NULL);
        start(NULL);
        set_bytes("nTSecurityDescriptor", bytes, sizeof bytes);
        read_it();
        assert_null(facts.descriptor_problem);
        assert_int_equal(facts.ekus_hidden, cases[i].hides);
        assert_int_equal(template_allows_everything(&facts), !cases[i].hides);
        set("msPKI-Template-Schema-Version", "2");
        set("pKIExtendedKeyUsage", "2.5.29.37.0");
        read_it();
        assert_int_equal(facts.ekus_hidden, cases[i].hides); /* the other one may have more */
        assert_true(template_allows_everything(&facts));
    }
    end(NULL);
    start(NULL);
    set("pKIExtendedKeyUsage", "1.3.6.1.5.5.8.2.2");
    read_it();
    assert_false(facts.ekus_hidden); /* version 1 has no other */
    set("msPKI-Template-Schema-Version", "2");
    read_it();
    assert_true(facts.ekus_hidden); /* without the permissions nothing is known */
    set_bytes("nTSecurityDescriptor", bytes, 3);
    read_it();
    assert_true(facts.ekus_hidden);
}

static void test_periods(void **state)
{
    static const unsigned char weeks[] = {0x00, 0x80, 0xa6, 0x0a, 0xff, 0xde, 0xff, 0xff};
    static const unsigned char nothing[8] = {0};
    static const unsigned char forward[8] = {1};
    static const unsigned char least[8] = {0, 0, 0, 0, 0, 0, 0, 0x80};
    static const unsigned char longest[8] = {1, 0, 0, 0, 0, 0, 0, 0x80};
    static const unsigned char tick[8] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    int64_t seconds = 7;

    (void)state;
    assert_true(template_period(weeks, sizeof weeks, &seconds));
    assert_int_equal(seconds, 42 * DAY);
    assert_true(template_period(nothing, sizeof nothing, &seconds));
    assert_int_equal(seconds, 0);
    assert_true(template_period(longest, sizeof longest, &seconds));
    assert_true(seconds == INT64_MAX / 10000000);
    assert_true(template_period(tick, sizeof tick, &seconds));
    assert_int_equal(seconds, 0);
    seconds = 7;
    assert_false(template_period(forward, sizeof forward, &seconds));
    assert_false(template_period(least, sizeof least, &seconds));
    assert_false(template_period(weeks, 7, &seconds));
    assert_false(template_period(weeks, 0, &seconds));
    assert_int_equal(seconds, 7);
    set_bytes("pKIExpirationPeriod", forward, sizeof forward);
    read_it();
    assert_int_equal(facts.validity, 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_whole),   TEST(test_hidden),      TEST(test_key_usage),  TEST(test_flags),
        TEST(test_version), TEST(test_hidden_ekus), TEST(test_ekus),       TEST(test_too_many_ekus),
        TEST(test_logon),   TEST(test_periods),     TEST(test_descriptor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
