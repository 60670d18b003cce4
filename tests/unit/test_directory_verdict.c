/* test_directory_verdict.c - tests of common/ldap/verdict.h and directory.h: each kind has
 * its finding; values in filters.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "common/ldap/verdict.h"
#include "judging.h"

static const enum finding_id listed[] = {DIRECTORY_FINDINGS};

static bool is_listed(enum finding_id id)
{
    for (size_t i = 0; i < COUNT_OF(listed); i++)
        if (listed[i] == id)
            return true;
    return false;
}

/* Could not look is never a fault of NDES; not reaching the host is CRITICAL by the guidelines. */
static void test_every_problem(void **state)
{
    (void)state;
    for (int kind = PROBLEM_NONE + 1; kind < PROBLEM_KIND_COUNT; kind++) {
        struct problem problem = {.kind = (enum problem_kind)kind, .detail = "why"};
        bool grave = kind <= PROBLEM_TIMEOUT;

        restart_report();
        directory_judge_problem(&judged, "templates", &problem);
        assert_findings(1);
        assert_non_null(strstr(judged.findings[0].message, "templates: "));
        assert_non_null(strstr(judged.findings[0].message, "(why)"));
        assert_int_equal(judged.findings[0].state, grave ? STATE_CRITICAL : STATE_UNKNOWN);
        assert_true(is_listed(judged.findings[0].id));
        directory_judge_problem(&judged, "CAs", &problem);
        assert_findings(1);
        assert_note("CAs: ");
    }
    restart_report();
    directory_judge_problem(&judged, "templates", &(struct problem){0});
    assert_findings(0);
}

static void test_fatal(void **state)
{
    (void)state;
    assert_false(problem_is_fatal(PROBLEM_NONE));
    assert_true(problem_is_fatal(PROBLEM_NO_NAME));
    assert_true(problem_is_fatal(PROBLEM_UNPROTECTED));
    assert_false(problem_is_fatal(PROBLEM_DENIED));
    assert_false(problem_is_fatal(PROBLEM_FAULT));
}

static void test_time(void **state)
{
    static const struct metric_kind kind = {"time", UNIT_SECONDS, 6, "all"};
    struct directory_statistics statistics = {
        .seconds = 2.5, .searches = 4, .server = "dc1 port 389"};
    struct range warning = range_of("1");
    struct range critical = range_of("3");

    (void)state;
    directory_judge_time(&judged, &statistics, false, &kind, &warning, &critical);
    assert_only(NDES_LDAP_SLOW, STATE_WARNING,
                "dc1 port 389: 4 searches took 2.500 s, wanted at most 1 s");
    assert_true(metric_of("time")->value == 2.5);
    restart_report();
    statistics.seconds = 3.5;
    directory_judge_time(&judged, &statistics, false, &kind, &warning, &critical);
    assert_only(NDES_LDAP_SLOW, STATE_CRITICAL, "wanted at most 3 s");
    restart_report();
    directory_judge_time(&judged, &statistics, true, &kind, &warning, &critical);
    assert_findings(0);
}

static void test_notes(void **state)
{
    struct trace trace = {0};
    struct problem denied = {.kind = PROBLEM_DENIED, .detail = "result 50"};
    struct directory_statistics statistics = {.server = "dc2 port 389",
                                              .peer = "192.0.2.2",
                                              .connections = 1,
                                              .searches = 3,
                                              .method = "GSSAPI",
                                              .passed = "dc1 port 389: refused"};

    (void)state;
    directory_note_statistics(&judged, &statistics);
    assert_note("skipped: dc1 port 389: refused");
    assert_note("asked dc2 port 389 (192.0.2.2): 1 connection, 3 searches in 0.000 s; GSSAPI");
    directory_note_statistics(&judged, &(struct directory_statistics){0});
    assert_note(
        "asked no server (no address): 0 connections, 0 searches in 0.000 s; not signed in");
    directory_keep_trace(&trace, "templates", 0.5, 3, &(struct problem){0});
    directory_keep_trace(&trace, "CAs", 0.25, 0, &denied);
    trace_note(&trace, &judged);
    assert_note("0.500 s, 3 entries, answered: templates");
    assert_note("0.250 s, 0 entries, the search is not allowed (result 50): CAs");
}

static void test_quote(void **state)
{
    struct buffer filter;

    (void)state;
    buffer_init(&filter, 200);
    directory_quote(&filter, "a(b)*\\\n\xc3\xa9");
    assert_string_equal(buffer_text(&filter), "a\\28b\\29\\2a\\5c\\0a\xc3\xa9");
    buffer_reset(&filter);
    directory_quote_bytes(&filter, (const unsigned char *)"\0\xff", 2);
    assert_string_equal(buffer_text(&filter), "\\00\\ff");
    buffer_free(&filter);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start_report, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_every_problem), TEST(test_fatal), TEST(test_time),
        TEST(test_notes),         TEST(test_quote),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
