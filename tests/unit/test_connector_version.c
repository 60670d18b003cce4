/* test_connector_version.c - tests of versions and of the table of releases.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/text.h"
#include "plugins/connector/version.h"

static struct version version_of(const char *text)
{
    struct version version;

    assert_true(connector_version_parse(text, &version));
    return version;
}

static int compare(const char *a, const char *b)
{
    struct version first = version_of(a);
    struct version second = version_of(b);

    return connector_version_compare(&first, &second);
}

static void test_parse(void **state)
{
    static const char *const wrong[] = {
        "",     "6",         ".",    "6.",   ".6",   "6..1", "6.1.",      "6.a",
        "6.1 ", "1.2.3.4.5", "-6.1", "6.-1", "v6.1", "6,1",  "6.1000000", "6.2406.0.1002-beta"};
    struct version version = version_of("6.2406.0.1001");

    (void)state;
    assert_true(version.parts[0] == 6 && version.parts[1] == 2406);
    assert_true(version.parts[2] == 0 && version.parts[3] == 1001);
    version = version_of("6.2301");
    assert_true(version.parts[2] == 0 && version.parts[3] == 0);
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        if (connector_version_parse(wrong[i], &version))
            fail_msg("'%s' was taken for a version", wrong[i]);
}

/* By numbers, not by text. */
static void test_compare(void **state)
{
    (void)state;
    assert_true(compare("6.2406.0.1001", "6.2301.1.0") > 0);
    assert_true(compare("6.2206.122.0", "6.2205.201.0") > 0);
    assert_true(compare("6.2406.0.1001", "6.2406.0.1002") < 0);
    assert_true(compare("6.99.0.0", "6.2107.45.0") < 0);
    assert_true(compare("10.0", "9.9999") > 0);
    assert_true(compare("6.2107.45", "6.2107.45.0") == 0);
}

static size_t parse(const char *content, struct releases *releases)
{
    return connector_releases_parse(content, strlen(content), releases);
}

static void test_table(void **state)
{
    static const char *const wrong[] = {
        "6.1 2025-01001",
        "6.1 2025x01x01",
        "6.1 2025-1-1-1",
        "6.1 -2025-01-0",
        "0000000006.0000000001.0000000001 2025-01-01",
        "000006.000001.000001.00000000001 2025-01-01",
        "6.1",
        "6.1 2025-1-1",
        "6.1 2025-13-01",
        "6.1 2025-01-32",
        "6.1 20250101",
        "6 2025-01-01",
        "x 2025-01-01",
        "6.1 2025-01-01 x",
        "6.1 2025/01/01",
        "6.1 2025-02-30",
        "6.1 1969-01-01",
        "6.1 2025-00-01",
        "6.1 2025-01-0x",
        "2025-01-01 6.1.2.3.4",
    };
    struct releases releases;

    (void)state;
    assert_int_equal(
        parse("# a comment\n\n6.2 2025-07-22 # newest\r\n \t6.1\t2024-02-29\n", &releases), 0);
    assert_int_equal(releases.count, 2);
    assert_string_equal(releases.items[0].text, "6.2");
    assert_true(releases.items[0].date == clock_from_utc(2025, 7, 22, 0, 0, 0));
    assert_true(releases.items[1].date == clock_from_utc(2024, 2, 29, 0, 0, 0));
    assert_int_equal(parse("", &releases), 0);
    assert_int_equal(releases.count, 0);
    assert_int_equal(parse("6.1 2025-01-01", &releases), 0);
    assert_int_equal(releases.count, 1);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        char content[128];

        text_format(content, sizeof content, "# x\n%s\n", wrong[i]);
        if (parse(content, &releases) != 2)
            fail_msg("'%s' was taken for a release", wrong[i]);
    }
}

static void test_full_table(void **state)
{
    struct buffer content;
    struct releases releases;

    (void)state;
    buffer_init(&content, 64 * 1024);
    for (int i = 0; i < RELEASES_MAXIMUM; i++)
        buffer_addf(&content, "6.%d 2025-01-01\n", i);
    assert_int_equal(parse(buffer_text(&content), &releases), 0);
    assert_int_equal(releases.count, RELEASES_MAXIMUM);
    buffer_add_text(&content, "6.999 2025-01-01");
    assert_int_equal(parse(buffer_text(&content), &releases), RELEASES_MAXIMUM + 1);
    buffer_free(&content);
}

static const char *next_of(const struct releases *releases, const char *text)
{
    struct version version = version_of(text);
    const struct release *next = connector_releases_next(releases, &version);

    return next ? next->text : "(none)";
}

/* The order of the lines does not matter. */
static void test_next(void **state)
{
    struct releases releases;

    (void)state;
    assert_int_equal(
        parse("6.2301.1 2023-02-15\n6.2406.0.2 2025-07-22\n6.2406.0.1 2024-09-19\n", &releases), 0);
    assert_string_equal(next_of(&releases, "6.2107.45.0"), "6.2301.1");
    assert_string_equal(next_of(&releases, "6.2301.1.0"), "6.2406.0.1");
    assert_string_equal(next_of(&releases, "6.2305.0.0"), "6.2406.0.1");
    assert_string_equal(next_of(&releases, "6.2406.0.1"), "6.2406.0.2");
    assert_string_equal(next_of(&releases, "6.2406.0.2"), "(none)");
    assert_string_equal(next_of(&releases, "7.0"), "(none)");
    assert_string_equal(connector_releases_newest(&releases)->text, "6.2406.0.2");
    releases.count = 0;
    assert_null(connector_releases_newest(&releases));
}

/* The table that is installed with the check. */
static void test_shipped(void **state)
{
    struct buffer content;
    struct releases releases;
    char path[1024];
    char error[512];
    const char *source = getenv("top_srcdir");

    (void)state;
    text_format(path, sizeof path, "%s/packaging/connector-releases", source ? source : ".");
    buffer_init(&content, 64 * 1024);
    assert_true(file_read(path, &content, error, sizeof error));
    assert_int_equal(connector_releases_parse(buffer_text(&content), content.length, &releases), 0);
    assert_true(releases.count >= 14);
    assert_string_equal(next_of(&releases, "6.2301.1.0"), "6.2406.0.1001");
    buffer_free(&content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse), cmocka_unit_test(test_compare),
        cmocka_unit_test(test_table), cmocka_unit_test(test_full_table),
        cmocka_unit_test(test_next),  cmocka_unit_test(test_shipped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
