/* test_rows.c - tests of common/cim/rows.h: typed access, and what is missing told from what is
 * NULL. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "common/cim/rows.h"

static struct cim_row row;

static int make_row(void **state)
{
    (void)state;
    cim_row_add(&row, "Name", "SCEP");
    cim_row_add(&row, "Empty", "");
    cim_row_add(&row, "Nothing", NULL);
    cim_row_add(&row, "Workers", "3");
    cim_row_add(&row, "AutoStart", "TRUE");
    cim_row_add(&row, "Off", "false");
    cim_row_add(&row, "Byte", "48");
    cim_row_add(&row, "Byte", "130");
    cim_row_add(&row, "Started", "2026-11-25T12:00:00.5Z");
    return 0;
}

static int free_row(void **state)
{
    (void)state;
    cim_row_free(&row);
    assert_int_equal(row.count, 0);
    return 0;
}

static void test_text(void **state)
{
    const char *text = "untouched";

    (void)state;
    assert_int_equal(cim_text(&row, "Missing", &text), CIM_ABSENT);
    assert_int_equal(cim_text(&row, "Nothing", &text), CIM_NULL);
    assert_string_equal(text, "untouched");
    assert_int_equal(cim_text(&row, "nAME", &text), CIM_VALUE);
    assert_string_equal(text, "SCEP");
    assert_int_equal(cim_text(&row, "Empty", &text), CIM_VALUE);
    assert_string_equal(text, "");
    assert_int_equal(cim_text(NULL, "Name", &text), CIM_ABSENT);
    assert_string_equal(cim_text_or_empty(&row, "Name"), "SCEP");
    assert_string_equal(cim_text_or_empty(&row, "Nothing"), "");
}

static void test_number_and_boolean(void **state)
{
    int64_t number = -7;
    bool flag = false;

    (void)state;
    assert_int_equal(cim_number(&row, "Workers", &number), CIM_VALUE);
    assert_int_equal(number, 3);
    assert_int_equal(cim_number(&row, "Name", &number), CIM_STRANGE);
    assert_int_equal(cim_number(&row, "Empty", &number), CIM_STRANGE);
    assert_int_equal(cim_number(&row, "Nothing", &number), CIM_NULL);
    assert_int_equal(number, 3);
    assert_int_equal(cim_boolean(&row, "AutoStart", &flag), CIM_VALUE);
    assert_true(flag);
    assert_int_equal(cim_boolean(&row, "Off", &flag), CIM_VALUE);
    assert_false(flag);
    assert_int_equal(cim_boolean(&row, "Workers", &flag), CIM_STRANGE);
}

static void test_array(void **state)
{
    (void)state;
    assert_int_equal(cim_count(&row, "Byte"), 2);
    assert_string_equal(cim_element(&row, "Byte", 1), "130");
    assert_null(cim_element(&row, "Byte", 2));
    assert_int_equal(cim_count(&row, "Name"), 1);
    assert_int_equal(cim_count(&row, "Nothing"), 0);
    assert_int_equal(cim_count(&row, "Missing"), 0);
}

static void test_times(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } good[] = {
        {"2026-11-25T12:00:00Z", 1795608000},      {"2026-11-25T12:00:00.1234567Z", 1795608000},
        {"2026-11-25T13:00:00+01:00", 1795608000}, {"2026-11-25T06:30:00-05:30", 1795608000},
        {"2026-11-25T12:00:00", 1795608000},       {"20261125120000.000000+000", 1795608000},
        {"20261125130000.000000+060", 1795608000}, {"20261125070000.123456-300", 1795608000},
    };
    static const char *const bad[] = {
        "",
        "today",
        "2026-13-01T00:00:00Z",
        "2026-11-25T24:00:00Z",
        "2026-11-25 12:00:00",
        "2026-11-25T12:00:00+1:00",
        "2026-11-25T12:00:00Zulu",
        "20261125120000.000000",
        "20261125120000.000000+**0",
        "2026112512000.000000+000",
        "********120000.000000+000",
        "1600-01-01T00:00:00Z",
    };
    int64_t seconds = 42;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        if (!cim_parse_time(good[i].text, &seconds) || seconds != good[i].seconds)
            fail_msg("%s: %lld", good[i].text, (long long)seconds);
    }
    seconds = 42;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (cim_parse_time(bad[i], &seconds))
            fail_msg("'%s' was taken for a time", bad[i]);
    assert_int_equal(seconds, 42);
    assert_int_equal(cim_time(&row, "Started", &seconds), CIM_VALUE);
    assert_int_equal(seconds, 1795608000);
    assert_int_equal(cim_time(&row, "Name", &seconds), CIM_STRANGE);
}

static void test_rows(void **state)
{
    struct cim_rows rows = {0};

    (void)state;
    for (int i = 0; i < CIM_ROWS_MAXIMUM; i++)
        assert_non_null(cim_rows_add(&rows));
    assert_null(cim_rows_add(&rows));
    assert_true(cim_row_add(&rows.rows[77], "Name", "W3SVC"));
    assert_ptr_equal(cim_rows_find(&rows, "name", "w3svc"), &rows.rows[77]);
    assert_null(cim_rows_find(&rows, "Name", "WAS"));
    cim_rows_free(&rows);
    assert_int_equal(rows.count, 0);
    assert_null(rows.rows);
}

static void test_properties_are_bounded(void **state)
{
    struct cim_row large = {0};

    (void)state;
    for (int i = 0; i < CIM_PROPERTIES_MAXIMUM; i++)
        assert_true(cim_row_add(&large, "uValue", "1"));
    assert_false(cim_row_add(&large, "uValue", "1"));
    assert_int_equal(cim_count(&large, "uValue"), CIM_PROPERTIES_MAXIMUM);
    cim_row_free(&large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_text, make_row, free_row),
        cmocka_unit_test_setup_teardown(test_number_and_boolean, make_row, free_row),
        cmocka_unit_test_setup_teardown(test_array, make_row, free_row),
        cmocka_unit_test_setup_teardown(test_times, make_row, free_row),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_properties_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
