/* test_report.c - tests of common/report: states, the catalogue, and how a report is gathered.
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

static void test_state_names(void **state)
{
    static const struct {
        const char *text;
        enum state expected;
    } cases[] = {
        {"ok", STATE_OK},           {"OK", STATE_OK},           {"0", STATE_OK},
        {"Warning", STATE_WARNING}, {"1", STATE_WARNING},       {"CRITICAL", STATE_CRITICAL},
        {"2", STATE_CRITICAL},      {"unknown", STATE_UNKNOWN}, {"3", STATE_UNKNOWN},
    };
    static const char *const bad[] = {"", "4", "-1", "warn", "crit", "ok ", "1.0", "OKAY"};
    enum state parsed;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(state_parse(cases[i].text, &parsed));
        assert_int_equal(parsed, cases[i].expected);
    }
    parsed = STATE_WARNING;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(state_parse(bad[i], &parsed));
    assert_int_equal(parsed, STATE_WARNING);
    assert_string_equal(state_name(STATE_OK), "OK");
    assert_string_equal(state_name(STATE_WARNING), "WARNING");
    assert_string_equal(state_name(STATE_CRITICAL), "CRITICAL");
    assert_string_equal(state_name(STATE_UNKNOWN), "UNKNOWN");
}

/* CRITICAL > WARNING > UNKNOWN > OK, whichever comes first. */
static void test_state_order(void **state)
{
    static const enum state order[] = {STATE_OK, STATE_UNKNOWN, STATE_WARNING, STATE_CRITICAL};

    (void)state;
    for (size_t a = 0; a < COUNT_OF(order); a++)
        for (size_t b = 0; b < COUNT_OF(order); b++)
            assert_int_equal(state_worst(order[a], order[b]), order[a > b ? a : b]);
}

static void assert_plain(const char *text)
{
    assert_non_null(text);
    assert_true(strlen(text) > 3);
    for (const char *at = text; *at; at++)
        if (*at < ' ' || *at > '~' || *at == '|')
            fail_msg("'%s' has a character that is not plain", text);
    assert_true(text[0] != ' ' && text[strlen(text) - 1] != ' ');
    assert_null(strstr(text, "  "));
}

static void test_catalogue(void **state)
{
    (void)state;
    for (int i = 0; i < FINDING_ID_COUNT; i++) {
        const struct catalogue_row *row = catalogue_row((enum finding_id)i);
        enum finding_id found;

        assert_plain(row->id);
        assert_true(strncmp(row->id, "ndes-", 5) == 0);
        assert_int_equal(strspn(row->id, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(row->id));
        assert_plain(row->headline);
        assert_plain(row->cause);
        assert_plain(row->remedy);
        assert_true(row->state == STATE_WARNING || row->state == STATE_CRITICAL ||
                    row->state == STATE_UNKNOWN);
        assert_true(catalogue_find(row->id, &found));
        assert_int_equal(found, i); /* so it is the only one */
    }
}

/* What these mean to the operator was decided: a change is no detail. */
static void test_catalogue_states(void **state)
{
    static const struct {
        enum finding_id id;
        const char *name;
        enum state expected;
    } cases[] = {
        {NDES_NET_PROXY, "ndes-net-proxy", STATE_CRITICAL},
        {NDES_URL_LIMIT, "ndes-url-limit", STATE_CRITICAL},
        {NDES_HTTP_CAPS, "ndes-http-caps", STATE_WARNING},
        {NDES_ADMIN_OPEN, "ndes-admin-open", STATE_CRITICAL},
        {NDES_ADMIN_AUTH, "ndes-admin-auth", STATE_UNKNOWN},
        {NDES_ADMIN_STATE, "ndes-admin-state", STATE_UNKNOWN},
        {NDES_RA_MISSING, "ndes-ra-missing", STATE_CRITICAL},
        {NDES_CA_MISSING, "ndes-ca-missing", STATE_CRITICAL},
        {NDES_RA_WEAKKEY, "ndes-ra-weakkey", STATE_WARNING},
        {NDES_CRL_INVALID, "ndes-crl-invalid", STATE_CRITICAL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(catalogue_row(cases[i].id)->id, cases[i].name);
        assert_int_equal(catalogue_row(cases[i].id)->state, cases[i].expected);
    }
}

/* One policy for state files: each check says the same. */
static void test_state_files(void **state)
{
    static const enum finding_id ids[] = {NDES_ADMIN_STATE, NDES_POOL_STATE, NDES_CONN_STATE};
    const struct catalogue_row *first = catalogue_row(ids[0]);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        const struct catalogue_row *row = catalogue_row(ids[i]);

        assert_non_null(strstr(row->id, "-state"));
        assert_int_equal(row->state, STATE_UNKNOWN);
        assert_string_equal(row->headline, first->headline);
        assert_string_equal(row->cause, first->cause);
        assert_string_equal(row->remedy, first->remedy);
    }
}

static void test_catalogue_find(void **state)
{
    static const char *const none[] = {"", "ndes", "ndes-", "ndes-http-50", "ndes-http-5000"};
    enum finding_id id = NDES_RA_CHAIN;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(none); i++)
        assert_false(catalogue_find(none[i], &id));
    assert_int_equal(id, NDES_RA_CHAIN);
    assert_true(catalogue_find("NDES-Http-503", &id));
    assert_int_equal(id, NDES_HTTP_503);
}

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
    assert_int_equal(report_state(&report), STATE_OK);
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
    assert_string_equal(report.notes[0].text, "[OK] ? ");
    report_summary(&report, "first");
    report_summary(&report, "second|%s", "\n");
    assert_string_equal(report.summary, "second ");
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
        cmocka_unit_test(test_state_names),
        cmocka_unit_test(test_state_order),
        cmocka_unit_test(test_catalogue),
        cmocka_unit_test(test_catalogue_states),
        cmocka_unit_test(test_state_files),
        cmocka_unit_test(test_catalogue_find),
        cmocka_unit_test(test_states_of_findings),
        cmocka_unit_test(test_foreign_text),
        cmocka_unit_test(test_full),
        cmocka_unit_test(test_full_but_grave),
        cmocka_unit_test(test_thresholds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
