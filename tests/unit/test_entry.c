/* test_entry.c - tests of entries: growing lists, values by name, numbers and times.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "common/ldap/entry.h"

static struct directory_entries entries;

static int start(void **state)
{
    (void)state;
    entries = (struct directory_entries){0};
    return 0;
}

static int end(void **state)
{
    (void)state;
    directory_entries_free(&entries);
    return 0;
}

static struct directory_entry *add_entry(void)
{
    struct directory_entry *entry = directory_entries_add(&entries, "CN=x,DC=example,DC=com");

    assert_non_null(entry);
    return entry;
}

/* One attribute with one value. */
static const struct directory_entry *entry_of(const char *name, const char *value)
{
    struct directory_entry *entry = add_entry();
    struct directory_attribute *attribute = directory_entry_add(&entries, entry, name);

    assert_non_null(attribute);
    assert_true(directory_attribute_add(&entries, attribute, value, strlen(value)));
    return entry;
}

static void test_lists_grow(void **state)
{
    struct directory_entry *entry;
    struct directory_attribute *attribute;
    char text[16];

    (void)state;
    for (int i = 0; i < 37; i++)
        add_entry();
    assert_int_equal(entries.count, 37);
    entry = &entries.entries[36];
    assert_string_equal(entry->dn, "CN=x,DC=example,DC=com");
    for (int i = 0; i < 37; i++) {
        text_format(text, sizeof text, "name%d", i);
        attribute = directory_entry_add(&entries, entry, text);
        assert_non_null(attribute);
        for (int value = 0; value < i; value++) {
            text_format(text, sizeof text, "%d", value);
            assert_true(directory_attribute_add(&entries, attribute, text, strlen(text)));
        }
    }
    assert_int_equal(entry->count, 37);
    for (int i = 0; i < 37; i++) {
        text_format(text, sizeof text, "NAME%d", i);
        assert_int_equal(entry_attribute(entry, text)->count, i);
    }
    assert_true(entry_has_text(entry, "name36", "35"));
    assert_false(entry_has_text(entry, "name36", "36"));
    assert_string_equal(entry_text(entry, "name2"), "0");
    assert_string_equal(entry_text(entry, "name0"), "");
    assert_null(entry_value(entry, "name0"));
}

static void test_maximum(void **state)
{
    struct directory_attribute *attribute;
    char name[16];

    (void)state;
    for (int i = 0; i < DIRECTORY_ENTRIES_MAXIMUM; i++)
        add_entry();
    assert_null(directory_entries_add(&entries, "CN=y"));
    attribute = directory_entry_add(&entries, &entries.entries[0], "a");
    for (int i = 0; i < DIRECTORY_VALUES_MAXIMUM; i++)
        assert_true(directory_attribute_add(&entries, attribute, "", 0));
    assert_false(directory_attribute_add(&entries, attribute, "", 0));
    for (int i = 0; i < DIRECTORY_ATTRIBUTES_MAXIMUM; i++) {
        text_format(name, sizeof name, "a%d", i);
        assert_non_null(directory_entry_add(&entries, &entries.entries[1], name));
    }
    assert_null(directory_entry_add(&entries, &entries.entries[1], "b"));
    assert_non_null(directory_entry_add(&entries, &entries.entries[1], "A0")); /* is there */
}

/* Names and empty values take memory, too. */
static void test_memory(void **state)
{
    static char much[DIRECTORY_BYTES_MAXIMUM];
    struct directory_entry *entry = add_entry();
    struct directory_attribute *attribute = directory_entry_add(&entries, entry, "a");
    size_t left;

    (void)state;
    assert_true(entries.bytes > strlen(entry->dn));
    left = DIRECTORY_BYTES_MAXIMUM - entries.bytes;
    assert_false(directory_attribute_add(&entries, attribute, much, left));
    assert_true(directory_attribute_add(&entries, attribute, much,
                                        left - 2 * sizeof(struct directory_value)));
    assert_true(directory_attribute_add(&entries, attribute, "", 0));
    assert_int_equal(entries.bytes, DIRECTORY_BYTES_MAXIMUM);
    assert_false(directory_attribute_add(&entries, attribute, "", 0));
    assert_null(directory_entry_add(&entries, entry, "b"));
    assert_null(directory_entries_add(&entries, "CN=y"));
}

/* A server sends an attribute that has too many values twice: empty, and in part. */
static void test_parts(void **state)
{
    struct directory_entry *entry = add_entry();
    struct directory_attribute *attribute = directory_entry_add(&entries, entry, "member");

    (void)state;
    assert_false(attribute->partial);
    attribute = directory_entry_add(&entries, entry, "member;range=0-1499");
    assert_true(directory_attribute_add(&entries, attribute, "x", 1));
    assert_int_equal(entry->count, 1);
    assert_true(entry_attribute(entry, "member")->partial);
    assert_string_equal(entry_text(entry, "member"), "x");
}

static void test_options_of_attributes(void **state)
{
    struct directory_entry *entry = add_entry();

    (void)state;
    assert_false(directory_entry_add(&entries, entry, "certificate;binary")->partial);
    assert_true(directory_entry_add(&entries, entry, "member;range=0-1499")->partial);
    assert_false(directory_entry_add(&entries, entry, "tail;range=1500-*")->partial);
    assert_non_null(entry_attribute(entry, "certificate"));
    assert_non_null(entry_attribute(entry, "Member"));
    assert_non_null(entry_attribute(entry, "tail"));
    assert_null(entry_attribute(entry, "member;range=0-1499"));
}

static void test_binary(void **state)
{
    struct directory_entry *entry = add_entry();
    struct directory_attribute *attribute = directory_entry_add(&entries, entry, "a");

    (void)state;
    assert_true(directory_attribute_add(&entries, attribute, "ab\0cd", 5));
    assert_int_equal(entry_value(entry, "a")->length, 5);
    assert_memory_equal(entry_value(entry, "a")->bytes, "ab\0cd", 6);
    assert_string_equal(entry_text(entry, "a"), "ab");
    assert_false(entry_has_text(entry, "a", "ab"));
    assert_false(entry_has_text(entry, "b", "ab"));
}

static void test_integers(void **state)
{
    int64_t value = 7;

    (void)state;
    assert_true(entry_integer(entry_of("n", "-9223372036854775808"), "n", &value));
    assert_true(value == INT64_MIN);
    assert_true(entry_integer(entry_of("n", "42"), "N", &value));
    assert_int_equal(value, 42);
    assert_false(entry_integer(entry_of("n", "42 "), "n", &value));
    assert_false(entry_integer(entry_of("n", ""), "n", &value));
    assert_false(entry_integer(entry_of("n", "9223372036854775808"), "n", &value));
    assert_false(entry_integer(entry_of("n", "1"), "m", &value));
    assert_int_equal(value, 42);
}

static void assert_flags(const char *text, uint32_t expected)
{
    uint32_t flags = 7;

    assert_true(entry_flags(entry_of("f", text), "f", &flags));
    assert_int_equal(flags, expected);
}

static void assert_no_flags(const char *text)
{
    uint32_t flags = 7;

    assert_false(entry_flags(entry_of("f", text), "f", &flags));
    assert_int_equal(flags, 0);
}

/* The directory writes 32 flags as a signed number. */
static void test_flags(void **state)
{
    uint32_t flags = 7;

    (void)state;
    assert_flags("-2147483648", 0x80000000);
    assert_flags("-1509949440", 0xa6000000);
    assert_flags("-1", 0xffffffff);
    assert_flags("4294967295", 0xffffffff);
    assert_flags("1", 1);
    assert_no_flags("4294967296");
    assert_no_flags("-2147483649");
    assert_no_flags("0x1");
    assert_false(entry_flags(entry_of("f", "1"), "g", &flags));
    assert_int_equal(flags, 0);
}

static void test_filetimes(void **state)
{
    int64_t at = 7;

    (void)state;
    assert_int_equal(entry_filetime(entry_of("t", "0"), "t", &at), FILETIME_ZERO);
    assert_int_equal(entry_filetime(entry_of("t", "9223372036854775807"), "t", &at),
                     FILETIME_NEVER);
    assert_int_equal(entry_filetime(entry_of("t", "-1"), "t", &at), FILETIME_ABSENT);
    assert_int_equal(entry_filetime(entry_of("t", "soon"), "t", &at), FILETIME_ABSENT);
    assert_int_equal(entry_filetime(entry_of("t", "1"), "u", &at), FILETIME_ABSENT);
    assert_int_equal(at, 7);
    assert_int_equal(entry_filetime(entry_of("t", "116444736000000000"), "t", &at), FILETIME_SET);
    assert_int_equal(at, 0);
    assert_int_equal(entry_filetime(entry_of("t", "133000000000000000"), "t", &at), FILETIME_SET);
    assert_int_equal(at, 1655526400);
    assert_int_equal(entry_filetime(entry_of("t", "9223372036854775806"), "t", &at), FILETIME_SET);
    assert_int_equal(entry_filetime(entry_of("t", "1"), "t", &at), FILETIME_SET);
    assert_int_equal(at, -11644473600);
}

static void test_generalized_times(void **state)
{
    static const char *const wrong[] = {
        "",
        "2026112518475",
        "20261125184756",
        "20261125184756.0",
        "20261125184756.0Zx",
        "20261125184756+0100",
        "20261325184756Z",
        "20260025184756Z",
        "20261100184756Z",
        "20261132184756Z",
        "20261125244756Z",
        "20261125186056Z",
        "20261125184761Z",
        "2026112518475xZ",
        "-0261125184756Z",
    };
    int64_t at = 7;

    (void)state;
    assert_true(generalized_time("19700101000000.0Z", &at));
    assert_int_equal(at, 0);
    assert_true(generalized_time("20261125184756.0Z", &at));
    assert_int_equal(at, 1795632476);
    assert_true(generalized_time("20261125184756Z", &at));
    assert_true(generalized_time("20261125184760,25Z", &at));
    assert_int_equal(at, 1795632480);
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        if (generalized_time(wrong[i], &at))
            fail_msg("took '%s'", wrong[i]);
    assert_int_equal(at, 1795632480);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_lists_grow),
        TEST(test_maximum),
        TEST(test_memory),
        TEST(test_parts),
        TEST(test_options_of_attributes),
        TEST(test_binary),
        TEST(test_integers),
        TEST(test_flags),
        TEST(test_filetimes),
        TEST(test_generalized_times),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
