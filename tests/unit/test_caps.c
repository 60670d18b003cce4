/* test_caps.c - tests of common/scep/caps.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/scep/caps.h"

/* Parses a copy that is allocated to the byte: a sanitizer sees each read beyond the end. */
static struct scep_caps parse_bytes(const char *bytes, size_t length)
{
    char *copy = malloc(length ? length : 1);
    struct scep_caps caps;

    memcpy(copy, bytes, length);
    scep_caps_parse(copy, length, &caps);
    free(copy);
    return caps;
}

static struct scep_caps parse(const char *text)
{
    return parse_bytes(text, strlen(text));
}

static bool has(const struct scep_caps *caps, const char *word)
{
    return scep_caps_has(caps, word, strlen(word));
}

static void test_line_ends(void **state)
{
    static const char *const texts[] = {
        "POSTPKIOperation\nRenewal\nSHA-512\n",
        "POSTPKIOperation\r\nRenewal\r\nSHA-512\r\n",
        "POSTPKIOperation\rRenewal\rSHA-512",
        "POSTPKIOperation\n\n\r\nRenewal\rSHA-512\n\n",
        "  POSTPKIOperation \t\n\tRenewal\nSHA-512 ",
        "\xef\xbb\xbf\nPOSTPKIOperation\nRenewal\nSHA-512",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct scep_caps caps = parse(texts[i]);

        assert_int_equal(caps.verdict, CAPS_LISTED);
        assert_int_equal(caps.count, i < 5 ? 3 : 4);
        assert_true(has(&caps, "POSTPKIOperation"));
        assert_true(has(&caps, "Renewal"));
        assert_true(has(&caps, "SHA-512"));
        assert_false(has(&caps, "AES"));
    }
}

static void test_words(void **state)
{
    struct scep_caps caps = parse("postpkioperation\nFrobnicate\naes");
    struct buffer text;

    (void)state;
    assert_int_equal(caps.verdict, CAPS_LISTED);
    assert_true(has(&caps, "POSTPKIOperation"));
    assert_true(has(&caps, "AES"));
    assert_true(has(&caps, "FROBNICATE"));
    assert_false(has(&caps, "AE"));
    assert_false(has(&caps, ""));
    buffer_init(&text, 100);
    scep_caps_text(&caps, &text);
    assert_string_equal(buffer_text(&text), "postpkioperation, Frobnicate, aes");
    buffer_free(&text);
}

/* As Windows Server 2016 to 2022 answers. */
static void test_ndes(void **state)
{
    struct scep_caps caps = parse("POSTPKIOperation\nRenewal\nSHA-512\nSHA-256\nSHA-1\nDES3\n");
    struct buffer text;

    (void)state;
    assert_int_equal(caps.count, 6);
    buffer_init(&text, 100);
    scep_caps_text(&caps, &text);
    assert_string_equal(buffer_text(&text),
                        "POSTPKIOperation, Renewal, SHA-512, SHA-256, SHA-1, DES3");
    buffer_free(&text);
}

static void test_verdicts(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        enum scep_caps_verdict verdict;
    } cases[] = {
        {"", 0, CAPS_BLANK},
        {" \r\n\t\n ", 6, CAPS_BLANK},
        {"<html><body>Sign in</body></html>", 33, CAPS_HTML},
        {"\r\n  <!DOCTYPE html>\n<html>", 27, CAPS_HTML},
        {"\xef\xbb\xbf<html>", 9, CAPS_HTML},
        {"\xff\xfe<\0h\0t\0", 8, CAPS_HTML},
        {"<\0h\0t\0m\0l\0", 10, CAPS_HTML},
        {"Frobnicate", 10, CAPS_OTHER},
        {"AES, SHA-256", 12, CAPS_OTHER},
        {"{\"error\": \"not found\"}", 22, CAPS_OTHER},
        {"\0\0\0\0", 4, CAPS_OTHER},
        {"\x30\x82\x0b\xb8\x06\x09\x2a\x86\x48\x86\xf7", 11, CAPS_OTHER},
        {"A\0E\0S\0\n\0", 8, CAPS_OTHER},
        {"\xef\xbb\xbf", 3, CAPS_OTHER},
        {"AES", 3, CAPS_LISTED},
        {"garbage\0\nAES", 12, CAPS_LISTED},
        {"<html>\nAES\n</html>", 18, CAPS_HTML}, /* a page about words is a page */
        {"\n <p>\r\nPOSTPKIOperation\r\n", 26, CAPS_HTML},
        {"\xef\xbb\xbf<pre>\nRenewal\n", 17, CAPS_HTML},
        {"AES\n<html>", 10, CAPS_LISTED},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct scep_caps caps = parse_bytes(cases[i].bytes, cases[i].length);

        if (caps.verdict != cases[i].verdict)
            fail_msg("case %zu: %d, expected %d", i, (int)caps.verdict, (int)cases[i].verdict);
    }
}

static void test_many_lines(void **state)
{
    struct buffer text;
    struct scep_caps caps;

    (void)state;
    buffer_init(&text, 1024 * 1024);
    buffer_add_text(&text, "AES\n");
    for (int i = 0; i < 10000; i++)
        buffer_addf(&text, "Word-%d\n", i);
    caps = parse_bytes(text.data, text.length);
    assert_int_equal(caps.verdict, CAPS_LISTED);
    assert_int_equal(caps.count, SCEP_CAPS_MAXIMUM);
    buffer_free(&text);
}

static void test_long_words(void **state)
{
    char word[10000];
    struct buffer text;
    struct scep_caps caps;

    (void)state;
    memset(word, 'w', sizeof word);
    buffer_init(&text, 100000);
    buffer_add(&text, word, sizeof word);
    buffer_add_text(&text, "\nAES\n");
    buffer_add(&text, word, SCEP_CAP_LENGTH);
    buffer_add_text(&text, "\n");
    buffer_add(&text, word, SCEP_CAP_LENGTH - 1);
    caps = parse_bytes(text.data, text.length);
    assert_int_equal(caps.verdict, CAPS_LISTED);
    assert_int_equal(caps.count, 2);
    assert_int_equal(strlen(caps.words[1]), SCEP_CAP_LENGTH - 1);
    buffer_free(&text);
}

/* Every start of a list and of a page; nothing but the verdict may change. */
static void test_truncation(void **state)
{
    static const char list[] = "POSTPKIOperation\r\nRenewal\r\nSHA-512\r\nAES";
    static const char page[] = "\xef\xbb\xbf <html><title>Gateway</title></html>";

    (void)state;
    for (size_t length = 0; length < sizeof list; length++) {
        struct scep_caps caps = parse_bytes(list, length);

        assert_int_equal(caps.verdict, length == 0   ? CAPS_BLANK
                                       : length < 16 ? CAPS_OTHER
                                                     : CAPS_LISTED);
    }
    for (size_t length = 5; length < sizeof page; length++)
        assert_int_equal(parse_bytes(page, length).verdict, CAPS_HTML);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_ends),  cmocka_unit_test(test_words),
        cmocka_unit_test(test_ndes),       cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_many_lines), cmocka_unit_test(test_long_words),
        cmocka_unit_test(test_truncation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
