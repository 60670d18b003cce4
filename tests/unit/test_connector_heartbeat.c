/* test_connector_heartbeat.c - tests of the forms in which LastConnectionTime was seen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "plugins/connector/heartbeat.h"

#define NOW INT64_C(1795392000) /* 2026-11-23 00:00 UTC */
#define HOUR INT64_C(3600)

/* Two hours before NOW in every form. */
static void test_forms(void **state)
{
    static const char *const forms[] = {
        "134398584000000000",      "2026-11-22T22:00:00Z",      "2026-11-22T22:00:00.1234567Z",
        "2026-11-22 22:00:00Z",    "2026-11-22T23:00:00+01:00", "2026-11-22T17:30:00-04:30",
        "11/22/2026 22:00:00",     "11/22/2026 10:00:00 PM",    "11/22/2026 10:00 PM",
        "22.11.2026 22:00:00",     "22/11/2026 22:00:00",       "22-11-2026 22:00:00",
        "2026-11-22 22:00:00",     "2026/11/22 22:00:00",       "2026. 11. 22. 22:00:00",
        "22.11.2026 22.00.00",     "22. 11. 2026 22:00:00",     "11/22/2026 10:00:00 p.m.",
        "  11/22/2026 22:00:00\n", "2026-11-22T22:00:00",       "2026-11-22 22:00:00 UTC",
        "11/22/2026, 10:00:00 PM", "2026-11-22T22:00",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        int64_t seconds = 0;
        bool guessed = true;

        if (!connector_heartbeat_parse(forms[i], NOW, NULL, &seconds, &guessed) ||
            seconds != NOW - 2 * HOUR || guessed)
            fail_msg("'%s' was read as %lld", forms[i], (long long)(seconds - NOW));
    }
}

static void test_refused(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        "never",
        "0",
        "12345",
        "11/22/2026",
        "22:00:00",
        "11/22/2026 24:00:00",
        "11/22/2026 22:60:00",
        "11/22/2026 22:00:61",
        "13/32/2026 22:00:00",
        "31/13/2026 22:00:00",
        "2026-00-22 22:00:00",
        "2026-11-00 22:00:00",
        "11/22/2026 13:00:00 PM",
        "11/22/2026 0:00:00 AM",
        "11/22/2026 10:00:00 AM PM",
        "11/22/26 22:00:00",
        "11/22/2026 22:00:00 2026",
        "2026-11-2026 22:00:00",
        "2026-11-22 022:00:00",
        "22 Nov 2026 22:00:00",
        "2026-11-22 \xec\x98\xa4\xed\x9b\x84 10:00:00",
        "1448-06-13 22:00:00",
        "2026-11-22T22:00:00+15:00",
        "2026-11-22T22:00:00+01:60",
        "2026-11-22T22:00:00+1:000",
        "2026-11-22T22:00:00+01x00",
        "2026-11-22T22:00:00+01:0x",
        "2026-11-22T22:00:00/01:00",
        "2026-11-22T+01:00",
        "2026-11-22T22:00:00.x",
        "99999999999999999999999",
        "-134398584000000000",
        "11/22/2026 22:00:00 11/22/2026 22:00:00",
        ("11/22/2026 22:00:00 and so much more text that it does not fit into the field for it, "
         "which has one hundred and twenty eight characters"),
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        int64_t seconds = 0;
        bool guessed;

        if (connector_heartbeat_parse(texts[i], NOW, NULL, &seconds, &guessed))
            fail_msg("'%s' was read as %lld", texts[i], (long long)seconds);
    }
}

static int64_t age_of(const char *text, int64_t now, const int *zone, bool *guessed)
{
    int64_t seconds = 0;

    assert_true(connector_heartbeat_parse(text, now, zone, &seconds, guessed));
    return now - seconds;
}

/* Of 3 April and 4 March the one that is not in the future, and of two past ones the later. */
static void test_day_or_month(void **state)
{
    int64_t in_march = clock_from_utc(2026, 3, 5, 0, 0, 0);
    int64_t in_june = clock_from_utc(2026, 6, 1, 0, 0, 0);
    int64_t in_january = clock_from_utc(2026, 1, 1, 0, 0, 0);
    int64_t day = SECONDS_PER_DAY;
    bool guessed;

    (void)state;
    assert_true(age_of("03/04/2026 00:00:00", in_march, NULL, &guessed) == day);
    assert_true(guessed);
    assert_true(age_of("04.03.2026 00:00:00", in_march, NULL, &guessed) == day);
    assert_true(age_of("03/04/2026 00:00:00", in_june, NULL, &guessed) == 59 * day);
    assert_true(age_of("04/03/2026 00:00:00", in_june, NULL, &guessed) == 59 * day);
    assert_true(age_of("03/04/2026 00:00:00", in_january, NULL, &guessed) == -62 * day);
    assert_true(age_of("04/03/2026 00:00:00", in_january, NULL, &guessed) == -62 * day);
    assert_true(age_of("03/03/2026 00:00:00", in_march, NULL, &guessed) == 2 * day);
    assert_false(guessed);
}

/* A little ahead is no future. */
static void test_ahead(void **state)
{
    bool guessed;

    (void)state;
    assert_true(age_of("11/12/2026 00:10:00", clock_from_utc(2026, 11, 12, 0, 0, 0), NULL,
                       &guessed) == -600);
    assert_true(age_of("11/12/2026 00:10:01", clock_from_utc(2026, 12, 11, 0, 0, 0), NULL,
                       &guessed) == 29 * SECONDS_PER_DAY - 601);
}

/* Text without a zone is UTC or local to the server, whichever is later and not in the future. */
static void test_zone(void **state)
{
    const int east = 120;
    const int west = -480;
    const int none = 0;
    bool guessed;

    (void)state;
    assert_true(age_of("23.11.2026 01:00:00", NOW, &east, &guessed) == HOUR);
    assert_true(guessed);
    assert_true(age_of("22.11.2026 15:00:00", NOW, &west, &guessed) == HOUR);
    assert_true(age_of("22.11.2026 23:00:00", NOW, &east, &guessed) == HOUR);
    assert_true(age_of("22.11.2026 23:00:00", NOW, &none, &guessed) == HOUR);
    assert_false(guessed);
    assert_true(age_of("2026-11-22T23:00:00Z", NOW, &east, &guessed) == HOUR);
    assert_false(guessed);
    assert_true(age_of("134398584000000000", NOW, &east, &guessed) == 2 * HOUR);
    assert_true(connector_heartbeat_wants_zone("22.11.2026 23:00:00"));
    assert_true(connector_heartbeat_wants_zone("2026-11-22T23:00:00"));
    assert_false(connector_heartbeat_wants_zone("2026-11-22T23:00:00Z"));
    assert_false(connector_heartbeat_wants_zone("2026-11-22T23:00:00+00:00"));
    assert_false(connector_heartbeat_wants_zone("134398584000000000"));
    assert_false(connector_heartbeat_wants_zone("never"));
    assert_false(connector_heartbeat_wants_zone(""));
}

static void test_noon_and_midnight(void **state)
{
    bool guessed;

    (void)state;
    assert_true(age_of("11/22/2026 12:00:00 AM", NOW, NULL, &guessed) == 24 * HOUR);
    assert_true(age_of("11/22/2026 12:00:00 PM", NOW, NULL, &guessed) == 12 * HOUR);
    assert_true(age_of("11/22/2026 1:05:09 PM", NOW, NULL, &guessed) == 11 * HOUR - 309);
}

static void test_filetime(void **state)
{
    int64_t seconds = 0;

    (void)state;
    assert_true(connector_heartbeat_from_filetime(UINT64_C(116444736000000000), &seconds));
    assert_true(seconds == 0);
    assert_true(connector_heartbeat_from_filetime(UINT64_MAX, &seconds));
    assert_false(connector_heartbeat_from_filetime(UINT64_C(116444735999999999), &seconds));
    assert_false(connector_heartbeat_from_filetime(0, &seconds));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_day_or_month), cmocka_unit_test(test_ahead),
        cmocka_unit_test(test_zone),         cmocka_unit_test(test_noon_and_midnight),
        cmocka_unit_test(test_filetime),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
