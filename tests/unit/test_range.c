/* test_range.c - tests of common/report/range.h and limit.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "common/report/limit.h"
#include "common/report/range.h"

enum { VALUES = 5 };

/* One row for each range of the guidelines; lists end early with `count`s. */
struct row {
    const char *text;
    size_t alert_count;
    long double alerts[VALUES];
    size_t silent_count;
    long double silent[VALUES];
};

static const struct row rows[] = {
    {"10", 3, {-1, -0.001L, 10.001L}, 3, {0, 5, 10}},
    {"10:", 2, {9.999L, -1}, 2, {10, 1e300L}},
    {"~:10", 1, {10.001L}, 3, {10, -1e300L, -1}},
    {"10:20", 3, {9.999L, 20.001L, -15}, 3, {10, 15, 20}},
    {"@10:20", 3, {10, 15, 20}, 3, {9.999L, 20.001L, -15}},
    {"@10", 2, {0, 10}, 2, {-1, 10.001L}},
    {"@~:10", 2, {-1e300L, 10}, 1, {10.001L}},
    {"@10:", 2, {10, 1e300L}, 2, {9.999L, -10}},
    {"-10.5:-5.5", 4, {-10.6L, -5.4L, 7, 0}, 3, {-10.5L, -7, -5.5L}},
    {"0", 2, {-0.001L, 0.001L}, 1, {0}},
    {"0:0", 2, {-0.001L, 0.001L}, 1, {0}},
    {"10:10", 3, {9.999L, 10.001L, -10}, 1, {10}},
    {"9007199254740992", 2, {9007199254740993.0L, -1}, 1, {9007199254740992.0L}},
    {":10", 3, {-1, -0.001L, 10.001L}, 3, {0, 5, 10}},
    {"~:", 0, {0}, 4, {-1e300L, -1, 0, 1e300L}},
    {"@~:", 4, {-1e300L, -1, 0, 1e300L}, 0, {0}},
    {"-5:", 1, {-5.001L}, 3, {-5, 0, 5}},
    {"0.25:0.75", 2, {0.249L, 0.751L}, 2, {0.25L, 0.75L}},
    {"999999999999999999", 1, {1000000000000000000.0L}, 1, {999999999999999999.0L}},
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct range range = {0};

        assert_null(range_parse(rows[i].text, &range));
        assert_true(range.set);
        assert_string_equal(range.text, rows[i].text);
        for (size_t v = 0; v < rows[i].alert_count; v++)
            if (!range_alerts(&range, rows[i].alerts[v]))
                fail_msg("%s is silent at %Lg", rows[i].text, rows[i].alerts[v]);
        for (size_t v = 0; v < rows[i].silent_count; v++)
            if (range_alerts(&range, rows[i].silent[v]))
                fail_msg("%s alerts at %Lg", rows[i].text, rows[i].silent[v]);
    }
}

static void test_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "abc",
        "10x",
        "20:10",
        "@",
        ":",
        "~",
        "nan",
        "inf",
        "10:20:30",
        "1,5",
        "0x10",
        " 10",
        "10 ",
        "10: 20",
        "1e999",
        "1e3",
        "10:x",
        "x:10",
        "@:",
        "@@10",
        "10:~",
        "~10",
        "--1",
        "+10",
        "-",
        "10:-",
        ".5",
        "5.",
        "1.2.3",
        "-5",
        "infinity",
        "10:nan",
        "\t",
        "10\n",
        "~:~",
        "1000000000000000000",
        "0.1234567890123456789",
        "1111111111111111:2222222222222222.333333333333333333333333333333333333",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct range range = {.start = 1, .end = 2, .text = "untouched"};

        if (!range_parse(texts[i], &range))
            fail_msg("'%s' was taken for a range", texts[i]);
        assert_string_equal(range.text, "untouched");
        assert_false(range.set);
    }
}

static void test_unset(void **state)
{
    struct range range = {0};

    (void)state;
    assert_false(range_alerts(&range, 0));
    assert_false(range_alerts(&range, -1));
}

static void test_number(void **state)
{
    long double number = 42;

    (void)state;
    assert_int_equal(range_number("12.5x", 5, &number), 4);
    assert_true(number == 12.5L);
    assert_int_equal(range_number("-7", 2, &number), 2);
    assert_true(number == -7);
    assert_int_equal(range_number("123", 2, &number), 2);
    assert_true(number == 12);
    assert_int_equal(range_number("x", 1, &number), 0);
    assert_int_equal(range_number("-", 1, &number), 0);
    assert_int_equal(range_number("", 0, &number), 0);
    assert_true(number == 12);
}

static void test_limits(void **state)
{
    static const struct {
        const char *text;
        bool percent;
        double alert; /* in days or percent */
        double silent;
    } cases[] = {
        {"60:", false, 59.999, 60},       {"60d", false, 59.999, 60},
        {"60d:", false, 59.999, 60},      {"12h", false, 0.499, 0.5},
        {"12h:", false, 0.499, 0.5},      {"36h:", false, 1.499, 1.5},
        {"25%", true, 24.999, 25},        {"25%:", true, 24.999, 25},
        {"12.5%:", true, 12.499, 12.5},   {"~:60d", false, 60.001, 60},
        {"~:60d", false, 1000, -1000},    {"10d:60d", false, 9.999, 60},
        {"10d:60d", false, 60.001, 10},   {"@10d:60d", false, 30, 9},
        {"6h:2400h", false, 0.249, 0.25}, {"0:", false, -0.001, 0},
        {"@30d", false, 30, 29.999},      {"0d:", false, -1, 1000},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct limit limit = {0};
        double other = cases[i].percent ? 1e6 : 1e3;

        assert_null(limit_parse(cases[i].text, &limit));
        assert_int_equal(limit.percent, cases[i].percent);
        assert_string_equal(limit.text, cases[i].text);
        if (cases[i].percent) {
            assert_true(limit_alerts(&limit, other, cases[i].alert));
            assert_false(limit_alerts(&limit, -other, cases[i].silent));
        } else {
            assert_true(limit_alerts(&limit, cases[i].alert, other));
            assert_false(limit_alerts(&limit, cases[i].silent, -other));
        }
    }
}

/* What perfdata shows: days or percent, without a unit. */
static void test_limit_text(void **state)
{
    struct limit limit;

    (void)state;
    assert_null(limit_parse("60d", &limit));
    assert_string_equal(limit.range.text, "60:");
    assert_null(limit_parse("10%:20%", &limit));
    assert_non_null(limit_parse("100.000005%:", &limit)); /* seconds are rounded, percent are not */
    assert_string_equal(limit.range.text, "10:20");
    assert_null(limit_parse("36h", &limit));
    assert_string_equal(limit.range.text, "1.500000:");
}

static void test_limits_refused(void **state)
{
    static const char *const texts[] = {
        "60",
        "@60",
        "0",
        "",
        "abc",
        "d",
        ":",
        "60x",
        "60d:10",
        "10:60d",
        "1d:2h",
        "10%:20d",
        "60dd",
        "60D",
        "60 d",
        "20d:10d",
        "60d:10h",
        "~",
        "@",
        "nan",
        "%",
        "1e3d",
        "100.5%",
        "130%",
        "10%:130%",
        "1d:2d:3d",
        "1000000000000000000h:",
        "1000000000000000000h",
        "1000000000000000000d:",
        "-1000000000000000000h:",
        "0.1234567890123456789h:",
        "1111111111111111111111111111111111111111111111111111111111111111",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct limit limit = {.text = "untouched"};

        if (!limit_parse(texts[i], &limit))
            fail_msg("'%s' was taken for a limit (%s)", texts[i], limit.range.text);
        assert_string_equal(limit.text, "untouched");
    }
}

/* A warning that nobody would ever see. */
static void test_hidden_limits(void **state)
{
    static const struct {
        const char *warning;
        const char *critical;
        bool hides;
    } cases[] = {
        {"90:", "30:", false},      {"3:", "14:", true},      {"14:", "14:", false},
        {"~:", "14:", false},       {"0:", "14:", true},      {"14:", "~:", false},
        {"36h", "2d", true},        {"72h", "2d", false},     {"5%", "10%", true},
        {"10%", "5%", false},       {"5%", "10:", false},     {"10:60", "5:100", false},
        {"5:100", "10:60", true},   {"5:50", "10:60", false}, {"@10:20", "@5:30", true},
        {"@5:30", "@10:20", false}, {"~:60", "~:50", true},   {"~:50", "~:60", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct limit warning;
        struct limit critical;

        assert_null(limit_parse(cases[i].warning, &warning));
        assert_null(limit_parse(cases[i].critical, &critical));
        if (limit_hides(&critical, &warning) != cases[i].hides)
            fail_msg("-w %s -c %s", cases[i].warning, cases[i].critical);
    }
}

/* The same of plain ranges. */
static void test_hidden_ranges(void **state)
{
    static const struct {
        const char *warning;
        const char *critical;
        bool hides;
    } cases[] = {
        {"5", "2", true},  {"2", "5", false},     {"5", "5", false},       {"6:", "12:", true},
        {"0", "0", false}, {"0.5", "0.25", true}, {"@5:6", "@0:10", true}, {"5", "10:", false},
    };
    struct range unset = {0};
    struct range range;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct range critical;

        assert_null(range_parse(cases[i].warning, &range));
        assert_null(range_parse(cases[i].critical, &critical));
        if (range_hides(&critical, &range) != cases[i].hides)
            fail_msg("-w %s -c %s", cases[i].warning, cases[i].critical);
    }
    assert_false(range_hides(&unset, &range));
    assert_false(range_hides(&range, &unset));
    assert_false(range_hides(&unset, &unset));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hidden_limits),  cmocka_unit_test(test_hidden_ranges),
        cmocka_unit_test(test_rows),           cmocka_unit_test(test_refused),
        cmocka_unit_test(test_unset),          cmocka_unit_test(test_number),
        cmocka_unit_test(test_limits),         cmocka_unit_test(test_limit_text),
        cmocka_unit_test(test_limits_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
