/* test_report.c - tests of common/report/report.h: how a report is gathered.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "common/report/report.h"

static const struct metric_kind days = {"days", UNIT_NONE, 1, "days"};

static void test_states_of_findings(void **state)
{
    struct state_overrides overrides = {0};
    struct report report;

    (void)state;
    overrides.set[NDES_HTTP_503] = true;
    overrides.state[NDES_HTTP_503] = STATE_WARNING;
    overrides.set[NDES_HTTP_SLOW] = true;
    overrides.state[NDES_HTTP_SLOW] = STATE_OK;
    report_init(&report, "check_test", "NDES TEST", &overrides);
    overrides.set[NDES_HTTP_404] = true; /* a copy was taken */
    report_find_as(&report, STATE_CRITICAL, NDES_HTTP_SLOW, "slow");
    assert_int_equal(report.findings[0].state, STATE_OK);
    assert_int_equal(report_state(&report), STATE_OK);
    report_find(&report, NDES_ADMIN_AUTH, "by the catalogue");
    assert_int_equal(report_state(&report), STATE_UNKNOWN);
    report_find(&report, NDES_HTTP_503, "by the operator");
    assert_int_equal(report_state(&report), STATE_WARNING);
    report_find_as(&report, STATE_WARNING, NDES_HTTP_404, "by a threshold");
    assert_int_equal(report.findings[3].state, STATE_WARNING);
    report_find(&report, NDES_HTTP_404, "by the catalogue");
    assert_int_equal(report_state(&report), STATE_CRITICAL);
    assert_true(report_has(&report, NDES_HTTP_SLOW));
    assert_false(report_has(&report, NDES_HTTP_500));
    report_free(&report);
}

/* Only a judge that says what is well, or the operator's own OK, makes an OK. */
static void test_nothing_judged(void **state)
{
    struct report report;

    (void)state;
    report_init(&report, "check_test", "NDES TEST", NULL);
    assert_int_equal(report_state(&report), STATE_UNKNOWN);
    report_note(&report, 1, "[OK] a step");
    report_metric(&report, &days, 1, NULL, NULL);
    assert_int_equal(report_state(&report), STATE_UNKNOWN);
    report_summary(&report, "all is well");
    assert_int_equal(report_state(&report), STATE_OK);
    report_free(&report);
}

static void test_foreign_text(void **state)
{
    struct report report;
    char big[20000];

    (void)state;
    memset(big, 'x', sizeof big);
    big[sizeof big - 1] = '\0';
    report_init(&report, "check_test", "NDES TEST", NULL);
    report_find(&report, NDES_HTTP_500, "status %d: %s", 500, "a|b\r\n\x1b[0m\xc3\xa4\xff");
    assert_string_equal(report.findings[0].message, "status 500: a b [0m??");
    report_find(&report, NDES_HTTP_500, "%.400s", big);
    assert_int_equal(strlen(report.findings[1].message), REPORT_MESSAGE_MAXIMUM);
    assert_string_equal(report.findings[1].message + 395, "xxxxx");
    report_find(&report, NDES_HTTP_500, "%.401s", big);
    assert_int_equal(strlen(report.findings[2].message), REPORT_MESSAGE_MAXIMUM);
    assert_string_equal(report.findings[2].message + 395, "xx...");
    report_find(&report, NDES_HTTP_500, "big: %s", big);
    assert_int_equal(strlen(report.findings[3].message), REPORT_MESSAGE_MAXIMUM);
    assert_true(text_starts(report.findings[3].message, "big: xxx"));
    report_note(&report, 1, "[OK] %s", "\xe2\x82\xac|\n");
    assert_string_equal(report.notes[0].text, "[OK] ?");
    report_summary(&report, "first");
    report_summary(&report, "second|%s", "\n");
    assert_string_equal(report.summary, "second");
    report_free(&report);
}

static void test_full(void **state)
{
    struct report report;

    (void)state;
    report_init(&report, "check_test", "NDES TEST", NULL);
    for (int i = 0; i < 100; i++) {
        report_find_as(&report, STATE_WARNING, NDES_HTTP_SLOW, "number %d", i);
        report_note(&report, 1, "note %d", i);
        report_metric(&report, &days, i, NULL, NULL);
    }
    assert_int_equal(report.finding_count, REPORT_FINDINGS_MAXIMUM);
    assert_int_equal(report.findings_dropped, 100 - REPORT_FINDINGS_MAXIMUM);
    assert_int_equal(report.note_count, REPORT_NOTES_MAXIMUM);
    assert_int_equal(report.metric_count, REPORT_METRICS_MAXIMUM);
    assert_int_equal(report_state(&report), STATE_WARNING);
    report_free(&report);
    report_free(&report);
}

/* A finding that no longer fits must not make the state look better than it is. */
static void test_full_but_grave(void **state)
{
    struct report report;

    (void)state;
    report_init(&report, "check_test", "NDES TEST", NULL);
    for (int i = 0; i < REPORT_FINDINGS_MAXIMUM; i++)
        report_find_as(&report, STATE_WARNING, NDES_HTTP_SLOW, "number %d", i);
    report_find(&report, NDES_RA_EXPIRED, "the one that matters");
    assert_int_equal(report_state(&report), STATE_CRITICAL);
    assert_true(report_has(&report, NDES_RA_EXPIRED));
    assert_int_equal(report.finding_count, REPORT_FINDINGS_MAXIMUM);
    assert_int_equal(report.findings_dropped, 1);
    report_free(&report);
}

static void test_thresholds(void **state)
{
    struct range warning;
    struct range critical;

    (void)state;
    assert_null(range_parse("60:", &warning));
    assert_null(range_parse("30:", &critical));
    assert_int_equal(threshold_state(60, &warning, &critical), STATE_OK);
    assert_int_equal(threshold_state(59.999L, &warning, &critical), STATE_WARNING);
    assert_int_equal(threshold_state(30, &warning, &critical), STATE_WARNING);
    assert_int_equal(threshold_state(29.999L, &warning, &critical), STATE_CRITICAL);
    assert_int_equal(threshold_state(0, &warning, NULL), STATE_WARNING);
    assert_int_equal(threshold_state(0, NULL, &critical), STATE_CRITICAL);
    assert_int_equal(threshold_state(0, NULL, NULL), STATE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_states_of_findings), cmocka_unit_test(test_nothing_judged),
        cmocka_unit_test(test_foreign_text),       cmocka_unit_test(test_full),
        cmocka_unit_test(test_full_but_grave),     cmocka_unit_test(test_thresholds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
