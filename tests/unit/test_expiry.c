/* test_expiry.c - tests of common/report/expiry.h: what ends, and limits that are met to the
 * second. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/report/expiry.h"

#define NOW INT64_C(1795392000) /* 2026-11-23 00:00 UTC */
#define HOUR INT64_C(3600)
#define DAY (24 * HOUR)

/* What ends so many seconds from now, of 400 days. */
static struct expiry judge(int64_t left, const char *warning, const char *critical)
{
    static struct limit limits[2]; /* what is wanted points into them */
    struct lifetime lifetime = {NOW + left - 400 * DAY, NOW + left};
    struct expiry expiry;

    assert_null(limit_parse(warning, &limits[0]));
    assert_null(limit_parse(critical, &limits[1]));
    judge_expiry(lifetime, NOW, &limits[0], &limits[1], &expiry);
    return expiry;
}

/* A limit alerts below it, to the second, however it is written. */
static void test_boundary(void **state)
{
    static const struct {
        const char *limit;
        int64_t left;
    } cases[] = {
        {"3:", 3 * DAY},       {"3d", 3 * DAY},     {"36h", 36 * HOUR},  {"7h", 7 * HOUR},
        {"1h", HOUR},          {"0.1d", DAY / 10},  {"1.1d", 95040},     {"0.3:", 25920},
        {"12.5%", 50 * DAY},   {"25%", 100 * DAY},  {"10%:", 40 * DAY},  {"1%", 4 * DAY},
        {"0.25%:", DAY},       {"100%", 400 * DAY}, {"0:", 0},           {"0h:", 0},
        {"3333d", 3333 * DAY}, {"50h", 50 * HOUR},  {"13h:", 13 * HOUR}, {"0.7%", 241920},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *limit = cases[i].limit;
        int64_t left = cases[i].left;

        if (judge(left, limit, "~:").state != STATE_OK)
            fail_msg("%s alerts at its limit", limit);
        if (judge(left + 1, limit, "~:").state != STATE_OK)
            fail_msg("%s alerts above its limit", limit);
        if (judge(left - 1, limit, "~:").state != STATE_WARNING && left > 0)
            fail_msg("%s does not alert below its limit", limit);
        if (judge(left - 1, "~:", limit).state != STATE_CRITICAL && left > 0)
            fail_msg("%s does not alert below its limit", limit);
    }
}

/* In its last second it is still valid (RFC 5280 section 4.1.2.5: the dates are inclusive). */
static void test_end(void **state)
{
    (void)state;
    assert_false(judge(1, "60:", "30:").ended);
    assert_false(judge(0, "60:", "30:").ended);
    assert_true(judge(-1, "60:", "30:").ended);
    assert_true(judge(-1, "~:", "~:").ended); /* whatever the limits */
    assert_int_equal(judge(0, "60:", "30:").state, STATE_CRITICAL);
    assert_int_equal(judge(-1, "60:", "30:").state, STATE_CRITICAL);
}

static void test_phrases(void **state)
{
    struct expiry expiry = judge(41 * DAY, "60d", "30:");

    (void)state;
    assert_int_equal(expiry.state, STATE_WARNING);
    assert_string_equal(expiry.wanted, "60d");
    assert_string_equal(expiry.span, "41 days");
    assert_string_equal(expiry.until, "2027-01-03 00:00 UTC");
    assert_true(expiry.days == 41);
    assert_true(expiry.percent == 10.25L);
    expiry = judge(29 * DAY, "60d", "30:");
    assert_int_equal(expiry.state, STATE_CRITICAL);
    assert_string_equal(expiry.wanted, "30:");
    expiry = judge(-3 * DAY, "60d", "30:");
    assert_string_equal(expiry.span, "3 days");
    assert_true(expiry.days == -3);
    assert_true(expiry.percent == 0);
    assert_null(judge(100 * DAY, "60d", "30:").wanted);
}

static void test_percent(void **state)
{
    struct lifetime unknown = {NOW + DAY, NOW + DAY};
    struct lifetime future = {NOW + DAY, NOW + 2 * DAY};
    struct expiry expiry;

    (void)state;
    judge_expiry(unknown, NOW, NULL, NULL, &expiry);
    assert_true(expiry.percent == 0);
    assert_int_equal(expiry.state, STATE_OK); /* without limits */
    judge_expiry(future, NOW, NULL, NULL, &expiry);
    assert_true(expiry.percent == 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_boundary),
        cmocka_unit_test(test_end),
        cmocka_unit_test(test_phrases),
        cmocka_unit_test(test_percent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
