/* test_output.c - tests of report_print(): text, perfdata, JSON, and their byte budgets.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/report/output.h"

static const struct metric_kind kinds[] = {
    {"time", UNIT_SECONDS, 3, "time"},        {"signing_days", UNIT_NONE, 1, "days"},
    {"cacert_size", UNIT_BYTES, 0, "bytes"},  {"lifetime_left", UNIT_PERCENT, 1, "percent"},
    {"recycles", UNIT_COUNTER, 0, "counter"},
};
static const struct metric_kind long_kind = {"a_metric_with_a_rather_long_label", UNIT_SECONDS, 6,
                                             "to fill the line"};

static struct report report;

static int start_report(void **state)
{
    (void)state;
    report_init(&report, "check_ndes_test", "NDES TEST", NULL);
    return 0;
}

static int end_report(void **state)
{
    (void)state;
    report_free(&report);
    return 0;
}

static struct range range_of(const char *text)
{
    struct range range;

    assert_null(range_parse(text, &range));
    return range;
}

/* Prints the report; the caller frees the text. */
static char *print_styled(struct report_style style, int expected_code)
{
    char *text = NULL;
    size_t length;
    FILE *stream = open_memstream(&text, &length);

    assert_non_null(stream);
    assert_int_equal(report_print(&report, &style, stream), expected_code);
    fclose(stream);
    assert_int_equal(strlen(text), length);
    return text;
}

static void assert_text(int verbosity, int expected_code, const char *expected)
{
    char *text = print_styled((struct report_style){.verbosity = verbosity}, expected_code);

    assert_string_equal(text, expected);
    free(text);
}

static void test_nothing(void **state)
{
    (void)state;
    report_note(&report, 1, "[OK] a step");
    assert_text(0, 3,
                "NDES TEST UNKNOWN - the check ended without a result: this is a bug, please "
                "report it with the output of -vvv\n[OK] a step\n");
    report_summary(&report, "all is well");
    assert_text(0, 0, "NDES TEST OK - all is well\n");
}

static void test_notes(void **state)
{
    (void)state;
    report_summary(&report, "fine");
    report_note(&report, 2, "two");
    report_note(&report, 1, "one");
    report_note(&report, 3, "three");
    assert_text(0, 0, "NDES TEST OK - fine\n");
    assert_text(1, 0, "NDES TEST OK - fine\n[INFO] one\n");
    assert_text(2, 0, "NDES TEST OK - fine\n[INFO] two\n[INFO] one\n");
    assert_text(3, 0, "NDES TEST OK - fine\n[INFO] two\n[INFO] one\n[INFO] three\n");
}

static void test_one_finding(void **state)
{
    char expected[2000];
    const struct catalogue_row *row = catalogue_row(NDES_HTTP_503);
    struct range warning = range_of("2");

    (void)state;
    report_summary(&report, "not visible");
    report_metric(&report, &kinds[0], 1.5L, &warning, NULL);
    report_note(&report, 1, "[OK] GetCACaps");
    report_note(&report, 2, "detail");
    report_find(&report, NDES_HTTP_503, "GetCACaps: HTTP 503");
    text_format(expected, sizeof expected,
                "NDES TEST CRITICAL - GetCACaps: HTTP 503 [ndes-http-503] | time=1.500s;2;\n"
                "cause: %s\nfix: %s\n[OK] GetCACaps\n",
                row->cause, row->remedy);
    assert_text(0, 2, expected);
}

static void test_order(void **state)
{
    char *text;
    char *second;

    (void)state;
    report_find(&report, NDES_ADMIN_AUTH, "unknown");
    report_find(&report, NDES_HTTP_SLOW, "warning one");
    report_find_as(&report, STATE_OK, NDES_HTTP_CAPS, "ok");
    report_find(&report, NDES_HTTP_503, "critical one");
    report_find(&report, NDES_HTTP_REDIRECT, "warning two");
    report_find(&report, NDES_RA_EXPIRED, "critical two");
    text = print_styled((struct report_style){0}, 2);
    assert_true(text_starts(text, "NDES TEST CRITICAL - critical one [ndes-http-503], and 5 more: "
                                  "[ndes-ra-expired] [ndes-http-slow]\ncause: pool SCEP "));
    second = strstr(text, "[CRITICAL] critical two");
    assert_non_null(second);
    second = strstr(second, "[WARNING] warning one");
    assert_non_null(second);
    second = strstr(second, "[WARNING] warning two");
    assert_non_null(second);
    second = strstr(second, "[UNKNOWN] unknown");
    assert_non_null(second);
    assert_non_null(strstr(second, "[OK] ok [ndes-http-caps]"));
    free(text);
}

/* A headline of more than 100 columns comes without its detail; all of it comes below. IDs are
 * kept. */
static void test_long_headline(void **state)
{
    char *text;

    (void)state;
    report_find(&report, NDES_RA_EXPIRED,
                "signing certificate of %s expired 3 days ago" DETAIL " (2026-11-19 08:14 UTC)",
                "NDES");
    report_find(&report, NDES_HTTP_SLOW, "slow");
    report_metric(&report, &kinds[0], 1, NULL, NULL);
    text = print_styled((struct report_style){0}, 2);
    assert_true(text_starts(text, "NDES TEST CRITICAL - signing certificate of NDES expired 3 days "
                                  "ago [ndes-ra-expired], and 1 more | time=1.000s\n"
                                  "[CRITICAL] signing certificate of NDES expired 3 days ago "
                                  "(2026-11-19 08:14 UTC) [ndes-ra-expired]\ncause: "));
    assert_true(strcspn(text, "|") <= 101);
    free(text);
}

/* One that fits is told with its detail, and only once. */
static void test_short_headline(void **state)
{
    char *text;

    (void)state;
    report_find(&report, NDES_RA_EXPIRED, "expired 3 days ago" DETAIL " (%s)", "2026-11-19");
    text = print_styled((struct report_style){0}, 2);
    assert_true(text_starts(text, "NDES TEST CRITICAL - expired 3 days ago (2026-11-19) "
                                  "[ndes-ra-expired]\ncause: "));
    free(text);
}

/* A mark in foreign text means nothing. */
static void test_foreign_mark(void **state)
{
    char *text;

    (void)state;
    report_find(&report, NDES_RA_EXPIRED, "%s%080d", "all is well" DETAIL ", or is it", 0);
    text = print_styled((struct report_style){0}, 2);
    assert_true(text_starts(text, "NDES TEST CRITICAL - all is well , or is it0000"));
    free(text);
}

/* What has no detail is left whole: half a phrase would say less than nothing. */
static void test_headline_in_one_piece(void **state)
{
    static const char message[] = "the signing certificate of the registration authority expired a "
                                  "long time ago and nobody has noticed it since";
    char *text;

    (void)state;
    report_find(&report, NDES_RA_EXPIRED, "%s", message);
    text = print_styled((struct report_style){0}, 2);
    assert_non_null(strstr(text, message));
    assert_true(strcspn(text, "\n") > 100);
    assert_null(strstr(text, "\n[CRITICAL]"));
    free(text);
}

/* `printf %b` and macro processors of schedulers leave the text as it is; JSON keeps every byte. */
static void test_plain_text(void **state)
{
    char *text;

    (void)state;
    report_find(&report, NDES_ACCT_LOCKED, "EXAMPLE\\ndes-svc$ is locked \\c \\n $HOME $ARG1$");
    report_note(&report, 1, "[OK] HKLM\\SOFTWARE: $");
    text = print_styled((struct report_style){0}, 2);
    assert_true(text_starts(text, "NDES TEST CRITICAL - EXAMPLE/ndes-svc is locked /c /n HOME ARG1 "
                                  "[ndes-acct-locked]\n"));
    assert_non_null(strstr(text, "\n[OK] HKLM/SOFTWARE: \n"));
    assert_null(strpbrk(text, "\\$"));
    free(text);
    text = print_styled((struct report_style){.format = OUTPUT_JSON}, 2);
    assert_non_null(strstr(text, "EXAMPLE\\\\ndes-svc$ is locked"));
    free(text);
}

/* Cause and remedy of findings with the same ID are said once. */
static void test_same_finding(void **state)
{
    const struct catalogue_row *row = catalogue_row(NDES_RA_WEAKKEY);
    char expected[2000];

    (void)state;
    report_find(&report, NDES_RA_WEAKKEY, "first");
    report_find(&report, NDES_RA_WEAKKEY, "second");
    text_format(expected, sizeof expected,
                "NDES TEST WARNING - first [ndes-ra-weakkey], and 1 more\n"
                "[WARNING] second [ndes-ra-weakkey]\ncause: %s\nfix: %s\n",
                row->cause, row->remedy);
    assert_text(0, 1, expected);
}

static void test_overrides(void **state)
{
    struct state_overrides overrides = {0};

    (void)state;
    overrides.set[NDES_HTTP_503] = true;
    overrides.state[NDES_HTTP_503] = STATE_OK;
    report_free(&report);
    report_init(&report, "check_ndes_test", "NDES TEST", &overrides);
    report_find(&report, NDES_HTTP_503, "known");
    report_find_as(&report, STATE_CRITICAL, NDES_HTTP_503, "known, too");
    assert_text(0, 0, "NDES TEST OK - known [ndes-http-503], and 1 more\n");
}

static void assert_perfdata(const char *warning, const char *critical, enum threshold_format format,
                            const char *expected)
{
    struct metric metric = {.kind = &kinds[1], .value = 12.34L};
    struct buffer line;

    if (warning)
        metric.warning = range_of(warning);
    if (critical)
        metric.critical = range_of(critical);
    buffer_init(&line, 500);
    output_perfdata(&metric, format, &line);
    assert_string_equal(buffer_text(&line), expected);
    buffer_free(&line);
}

static void test_thresholds(void **state)
{
    (void)state;
    assert_perfdata("60:", "30:", THRESHOLDS_RANGE, "signing_days=12.3;60:;30:");
    assert_perfdata("60:", "30:", THRESHOLDS_PLAIN, "signing_days=12.3;60;30");
    assert_perfdata("60:", "30:", THRESHOLDS_NONE, "signing_days=12.3");
    assert_perfdata("10", "20", THRESHOLDS_PLAIN, "signing_days=12.3;10;20");
    assert_perfdata("@10:20", "~:30", THRESHOLDS_RANGE, "signing_days=12.3;@10:20;~:30");
    assert_perfdata("@10:20", "10:30", THRESHOLDS_PLAIN, "signing_days=12.3;;");
    assert_perfdata("-5.5:", NULL, THRESHOLDS_PLAIN, "signing_days=12.3;-5.5;");
    assert_perfdata(NULL, "30:", THRESHOLDS_RANGE, "signing_days=12.3;;30:");
    assert_perfdata(NULL, NULL, THRESHOLDS_RANGE, "signing_days=12.3");
}

static void test_units(void **state)
{
    (void)state;
    report_summary(&report, "fine");
    report_metric(&report, &kinds[0], 0.0004L, NULL, NULL);
    report_metric(&report, &kinds[1], -3.06L, NULL, NULL);
    report_metric(&report, &kinds[2], 9007199254740993.0L, NULL, NULL);
    report_metric(&report, &kinds[3], 100, NULL, NULL);
    report_metric(&report, &kinds[4], 7, NULL, NULL);
    assert_text(0, 0,
                "NDES TEST OK - fine | time=0.000s signing_days=-3.1 "
                "cacert_size=9007199254740993B lifetime_left=100.0% recycles=7c\n");
}

/* Whatever came from outside: one line, one `|`, printable. */
static void test_foreign_text(void **state)
{
    static const char foreign[] = "evil | x=1;2\r\nNDES TEST OK - fooled \x1b[2J\xff\xc3\xa4\x7f";
    char *text;
    size_t bars = 0;

    (void)state;
    report_find(&report, NDES_HTTP_STATUS, "%s", foreign);
    report_note(&report, 1, "%s", foreign);
    report_metric(&report, &kinds[0], 1, NULL, NULL);
    text = print_styled((struct report_style){0}, 2);
    assert_true(text_starts(text, "NDES TEST CRITICAL - evil x=1;2 NDES TEST OK - fooled [2J?? "
                                  "[ndes-http-status] | time=1.000s\n"));
    for (const char *at = text; *at; at++) {
        bars += *at == '|';
        assert_true(*at == '\n' || (*at >= ' ' && *at < 0x7f));
    }
    assert_int_equal(bars, 1);
    free(text);
}

/* Fills the report with as much as it takes, of the longest kind. */
static void fill_report(void)
{
    struct range wide = range_of("123456789012345678:234567890123456789");
    char message[500];

    memset(message, '"', sizeof message);
    message[sizeof message - 1] = '\0';
    for (int i = 0; i < REPORT_METRICS_MAXIMUM; i++)
        report_metric(&report, &long_kind, 123456789.123456L, &wide, &wide);
    for (int i = 0; i < REPORT_NOTES_MAXIMUM; i++)
        report_note(&report, 1, "%s", message);
    for (int i = 0; i <= REPORT_FINDINGS_MAXIMUM; i++)
        report_find(&report, NDES_HTTP_500, "%s", message);
    report_summary(&report, "%s", message);
}

static void assert_budgets(const char *text)
{
    const char *end = text + strlen(text) - strlen("(truncated)\n");

    assert_true(strcspn(text, "\n") <= 900);
    assert_true(strlen(text) <= 8192);
    assert_true(end > text);
    assert_string_equal(end, "(truncated)\n");
    assert_int_equal(end[-1], '\n');
}

static void test_budgets(void **state)
{
    (void)state;
    fill_report();
    for (int verbosity = 0; verbosity <= 3; verbosity++) {
        char *text = print_styled((struct report_style){.verbosity = verbosity}, 2);
        const char *perfdata = strchr(text, '|');

        assert_budgets(text);
        assert_non_null(perfdata);
        assert_true(perfdata - text < 900);
        assert_true(text_starts(perfdata, "| a_metric_with_a_rather_long_label=123456789.123456s;"
                                          "123456789012345678:234567890123456789;"
                                          "123456789012345678:234567890123456789"));
        free(text);
    }
}

/* 32 findings of the usual length. */
static void test_many_findings(void **state)
{
    char *text;

    (void)state;
    for (int i = 0; i < REPORT_FINDINGS_MAXIMUM; i++)
        report_find(&report, (enum finding_id)i,
                    "a message of the usual length, which is about this, number %d", i);
    text = print_styled((struct report_style){0}, 2);
    assert_budgets(text);
    assert_non_null(strstr(text, ", and 31 more\n"));
    free(text);
}

/* Without an overflow nothing is called truncated. */
static void test_exact_fit(void **state)
{
    char *text;
    char note[300];

    (void)state;
    memset(note, 'n', sizeof note);
    note[sizeof note - 1] = '\0';
    report_summary(&report, "fine");
    for (int i = 0; i < 26; i++)
        report_note(&report, 1, "%s", note);
    text = print_styled((struct report_style){.verbosity = 1}, 0);
    assert_null(strstr(text, "(truncated)"));
    free(text);
    report_note(&report, 1, "%s", note);
    text = print_styled((struct report_style){.verbosity = 1}, 0);
    assert_budgets(text);
    free(text);
}

static json_t *print_json(int expected_code)
{
    char *text = print_styled((struct report_style){.format = OUTPUT_JSON}, expected_code);
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);

    if (!root)
        fail_msg("no JSON: %s in '%s'", error.text, text);
    free(text);
    return root;
}

static void assert_member(json_t *object, const char *key, const char *expected)
{
    const char *value = json_string_value(json_object_get(object, key));

    assert_non_null(value);
    assert_string_equal(value, expected);
}

static void test_json(void **state)
{
    const struct catalogue_row *row = catalogue_row(NDES_HTTP_503);
    struct range warning = range_of("60:");
    struct range critical = range_of("30:");
    json_t *root;
    json_t *item;

    (void)state;
    report_find(&report, NDES_HTTP_SLOW, "slow");
    report_find(&report, NDES_HTTP_503, "say \"503\" \\ \xff");
    report_note(&report, 3, "a note");
    report_metric(&report, &kinds[1], 12.5L, &warning, &critical);
    report_metric(&report, &kinds[2], 3567, NULL, NULL);
    report_summary(&report, "summary");
    root = print_json(2);
    assert_member(root, "plugin", "check_ndes_test");
    assert_member(root, "version", PACKAGE_VERSION);
    assert_member(root, "service", "NDES TEST");
    assert_member(root, "state", "CRITICAL");
    assert_member(root, "summary", "say \"503\" / ? [ndes-http-503], and 1 more: [ndes-http-slow]");
    assert_int_equal(json_integer_value(json_object_get(root, "exit_code")), 2);
    assert_int_equal(json_array_size(json_object_get(root, "findings")), 2);
    item = json_array_get(json_object_get(root, "findings"), 0);
    assert_member(item, "id", "ndes-http-503");
    assert_member(item, "state", "CRITICAL");
    assert_member(item, "message", "say \"503\" \\ ?");
    assert_member(item, "cause", row->cause);
    assert_member(item, "remedy", row->remedy);
    item = json_array_get(json_object_get(root, "findings"), 1);
    assert_member(item, "state", "WARNING");
    assert_string_equal(json_string_value(json_array_get(json_object_get(root, "notes"), 0)),
                        "a note");
    item = json_array_get(json_object_get(root, "metrics"), 0);
    assert_member(item, "label", "signing_days");
    assert_member(item, "unit", "");
    assert_member(item, "warning", "60:");
    assert_member(item, "critical", "30:");
    assert_true(json_real_value(json_object_get(item, "value")) == 12.5);
    item = json_array_get(json_object_get(root, "metrics"), 1);
    assert_member(item, "unit", "B");
    assert_null(json_object_get(item, "warning"));
    json_decref(root);
}

static void test_json_nothing(void **state)
{
    json_t *root = print_json(3);

    (void)state;
    assert_member(root, "state", "UNKNOWN");
    assert_non_null(
        strstr(json_string_value(json_object_get(root, "summary")), "without a result"));
    assert_int_equal(json_array_size(json_object_get(root, "findings")), 0);
    assert_int_equal(json_array_size(json_object_get(root, "notes")), 0);
    assert_int_equal(json_array_size(json_object_get(root, "metrics")), 0);
    json_decref(root);
}

/* However much there is, it is all in it: a program can't live with half an object. */
static void test_json_full(void **state)
{
    json_t *root;

    (void)state;
    fill_report();
    root = print_json(2);
    assert_int_equal(json_array_size(json_object_get(root, "findings")), REPORT_FINDINGS_MAXIMUM);
    assert_int_equal(json_array_size(json_object_get(root, "notes")), REPORT_NOTES_MAXIMUM);
    assert_int_equal(json_array_size(json_object_get(root, "metrics")), REPORT_METRICS_MAXIMUM);
    json_decref(root);
}

static void test_unknown(void **state)
{
    char big[2000];
    char *text = NULL;
    size_t length;
    FILE *stream = open_memstream(&text, &length);

    (void)state;
    memset(big, 'x', sizeof big);
    big[sizeof big - 1] = '\0';
    assert_int_equal(report_print_unknown("NDES TEST", "bad | option\n'x'", stream), 3);
    fflush(stream);
    assert_string_equal(text, "NDES TEST UNKNOWN - bad option 'x'\n");
    rewind(stream);
    assert_int_equal(report_print_unknown("NDES TEST", big, stream), 3);
    fflush(stream);
    assert_int_equal(strlen(text), 900);
    assert_string_equal(text + 896, "...\n");
    fclose(stream);
    free(text);
}

/* Nobody reads it: UNKNOWN. */
static void test_full_disk(void **state)
{
    FILE *full = fopen("/dev/full", "w");
    struct report_style style = {0};

    (void)state;
    if (!full)
        skip();
    assert_int_equal(report_print(&report, &style, full), 3);
    fclose(full);
}

#define WITH_REPORT(test) cmocka_unit_test_setup_teardown(test, start_report, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_REPORT(test_nothing),       WITH_REPORT(test_notes),
        WITH_REPORT(test_one_finding),   WITH_REPORT(test_order),
        WITH_REPORT(test_long_headline), WITH_REPORT(test_short_headline),
        WITH_REPORT(test_foreign_mark),  WITH_REPORT(test_headline_in_one_piece),
        WITH_REPORT(test_plain_text),    WITH_REPORT(test_same_finding),
        WITH_REPORT(test_overrides),     WITH_REPORT(test_thresholds),
        WITH_REPORT(test_units),         WITH_REPORT(test_foreign_text),
        WITH_REPORT(test_budgets),       WITH_REPORT(test_many_findings),
        WITH_REPORT(test_exact_fit),     WITH_REPORT(test_json),
        WITH_REPORT(test_json_nothing),  WITH_REPORT(test_json_full),
        WITH_REPORT(test_unknown),       WITH_REPORT(test_full_disk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
