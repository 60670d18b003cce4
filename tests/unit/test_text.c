/* test_text.c - tests of common/base/text.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"

static void assert_slice(struct slice slice, const char *expected)
{
    assert_int_equal(slice.length, strlen(expected));
    assert_memory_equal(slice.text, expected, slice.length);
}

static void test_trim(void **state)
{
    (void)state;
    assert_slice(slice_trim(slice_of(" \t\r\n a b \n")), "a b");
    assert_slice(slice_trim(slice_of(" \t\r\n")), "");
    assert_slice(slice_trim(slice_of("")), "");
    assert_slice(slice_trim(slice_of("a")), "a");
}

static void test_pieces(void **state)
{
    struct slice rest = slice_of(",a,,b;c");
    struct slice piece;
    static const char *const expected[] = {"", "a", "", "b", "c"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        assert_true(slice_next(&rest, ",;", &piece));
        assert_slice(piece, expected[i]);
    }
    assert_false(slice_next(&rest, ",;", &piece));
    rest = slice_of("a,");
    assert_true(slice_next(&rest, ",", &piece));
    assert_true(slice_next(&rest, ",", &piece));
    assert_slice(piece, "");
    assert_false(slice_next(&rest, ",", &piece));
    rest = (struct slice){"a\0b,c", 5};
    assert_true(slice_next(&rest, ",", &piece));
    assert_int_equal(piece.length, 3); /* a NUL separates nothing */
}

static void test_compare(void **state)
{
    (void)state;
    assert_true(text_equal("Renewal", "rENEWAL"));
    assert_false(text_equal("Renewal", "Renewals"));
    assert_false(text_equal("", "a"));
    assert_true(text_equal("", ""));
    assert_false(text_equal("[", "{")); /* letters only */
    assert_true(text_starts("Microsoft-IIS/10.0", "microsoft-iis"));
    assert_false(text_starts("Micro", "Microsoft"));
    assert_true(text_starts("anything", ""));
    assert_true(slice_is((struct slice){"AESx", 3}, "aes"));
}

static void test_find(void **state)
{
    const char *haystack = "one <B> two </b>";

    (void)state;
    assert_ptr_equal(text_find(haystack, strlen(haystack), "<b>"), haystack + 4);
    assert_ptr_equal(text_find(haystack, strlen(haystack), "</B>"), haystack + 12);
    assert_null(text_find(haystack, 15, "</B>"));
    assert_ptr_equal(text_find(haystack, 0, ""), haystack);
    assert_null(text_find("", 0, "a"));
    assert_non_null(text_find("a\0b", 3, "b"));
}

static void test_copy(void **state)
{
    char target[4];
    char *copy;

    (void)state;
    text_copy(target, sizeof target, "abcdef");
    assert_string_equal(target, "abc");
    text_copy(target, sizeof target, "abc");
    assert_string_equal(target, "abc");
    text_copy(target, 1, "abc");
    assert_string_equal(target, "");
    text_copy_bytes(target, sizeof target, "xyz", 2);
    assert_string_equal(target, "xy");
    text_format(target, sizeof target, "%d", 12345);
    assert_string_equal(target, "123");
    copy = text_duplicate("abc");
    assert_string_equal(copy, "abc");
    free(copy);
    copy = text_duplicate_bytes("abc", 0);
    assert_string_equal(copy, "");
    free(copy);
}

static void test_integer(void **state)
{
    static const struct {
        const char *text;
        int64_t expected;
    } good[] = {
        {"0", 0},
        {"-0", 0},
        {"007", 7},
        {"-12", -12},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
    };
    static const char *const bad[] = {"",
                                      "-",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1x",
                                      "0x1",
                                      "1.0",
                                      "1e1",
                                      "--1",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999999999999999999999"};
    int64_t value;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(text_integer(good[i].text, INT64_MIN, INT64_MAX, &value));
        assert_int_equal(value, good[i].expected);
    }
    value = 42;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(text_integer(bad[i], INT64_MIN, INT64_MAX, &value));
    assert_false(text_integer("4", 5, 10, &value));
    assert_false(text_integer("11", 5, 10, &value));
    assert_int_equal(value, 42);
    assert_true(text_integer("5", 5, 10, &value));
    assert_true(text_integer("10", 5, 10, &value));
}

static void assert_printable(const char *text, size_t length, size_t limit, const char *expected)
{
    struct buffer buffer;

    buffer_init(&buffer, 10000);
    buffer_add_text(&buffer, "before:");
    text_add_printable(&buffer, text, length, limit);
    assert_string_equal(buffer_text(&buffer) + strlen("before:"), expected);
    buffer_free(&buffer);
}

static void test_printable(void **state)
{
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"plain text", "plain text"},
        {"a | b=1;2", "a b=1;2"},
        {"a\r\nb\tc\x1b[31md\x7f.", "a b c [31md ."},
        {"  a    b", "a b"},
        {"Gr\xc3\xbc\xc3\x9f"
         "e",
         "Gr??e"},
        {"\xe2\x82\xac\xf0\x9f\x98\x80", "??"},
        {"Gr\xfc\xdf"
         "e",
         "Gr??e"},     /* Latin-1 */
        {"\xc3", "?"}, /* cut in the middle */
        {"a\xff\xfe"
         "b",
         "a??b"},                /* never legal */
        {"\xed\xa0\x80!", "?!"}, /* surrogate */
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_printable(cases[i].text, strlen(cases[i].text), 100, cases[i].expected);
    assert_printable("a\0b", 3, 100, "a b");
}

static void test_printable_limit(void **state)
{
    (void)state;
    assert_printable("1234567890", 10, 10, "1234567890");
    assert_printable("12345678901", 11, 10, "1234567...");
    assert_printable("12345678901", 11, 3, "...");
    assert_printable("123", 3, 3, "123");
    assert_printable("", 0, 0, "");
    assert_printable("\n\n\n\n\n\n\n\n12", 10, 9, "12");
}

/* Whatever the bytes and the limit: printable ASCII within the limit. */
static void test_printable_promise(void **state)
{
    char bytes[64];
    unsigned seed = 1;

    (void)state;
    for (int round = 0; round < 2000; round++) {
        struct buffer buffer;
        size_t limit = (size_t)(round % 70);
        size_t length = (size_t)(round % 64);

        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1103515245U + 12345U;
            bytes[i] = (char)(seed >> 16);
        }
        buffer_init(&buffer, 1000);
        text_add_printable(&buffer, bytes, length, limit);
        assert_true(buffer.length <= limit);
        for (size_t i = 0; i < buffer.length; i++)
            assert_true(buffer.data[i] >= ' ' && buffer.data[i] < 0x7f && buffer.data[i] != '|');
        buffer_free(&buffer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trim),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_compare),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_copy),
        cmocka_unit_test(test_integer),
        cmocka_unit_test(test_printable),
        cmocka_unit_test(test_printable_limit),
        cmocka_unit_test(test_printable_promise),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
