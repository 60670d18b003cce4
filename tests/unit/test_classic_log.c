/* test_classic_log.c - tests of cim_log_events() with a query that answers as it is told, and of
 * service.h. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "common/cim/cim.h"
#include "common/cim/service.h"

/* What the server answers next, and what it was asked. */
static struct cim_rows answer;
static bool fails;
static char asked[2000];
static struct cim_events events;

bool cim_query(struct cim_session *session, const char *namespace, const char *wql,
               struct cim_rows *rows, struct problem *problem)
{
    (void)session;
    assert_string_equal(namespace, "root/cimv2");
    text_copy(asked, sizeof asked, wql);
    *rows = answer;
    answer = (struct cim_rows){0};
    return !fails || problem_set(problem, PROBLEM_DENIED, "no");
}

static int clean(void **state)
{
    (void)state;
    cim_rows_free(&answer);
    cim_events_free(&events);
    fails = false;
    return 0;
}

static void test_query(void **state)
{
    static const int ids[] = {5002, 5009};
    const struct cim_log_query query = {.log = "System",
                                        .sources = {"It's", "Other"},
                                        .ids = ids,
                                        .id_count = 2,
                                        .since = 1795608000};
    struct problem problem = {0};

    (void)state;
    assert_true(cim_log_events(NULL, &query, &events, &problem));
    assert_string_equal(asked,
                        "SELECT SourceName,EventCode,EventType,TimeGenerated,InsertionStrings,"
                        "Message FROM Win32_NTLogEvent WHERE Logfile='System' AND "
                        "(SourceName='It\\'s' OR SourceName='Other') AND "
                        "TimeGenerated>='20261125120000.000000+000' AND (EventCode=5002 OR "
                        "EventCode=5009)");
    assert_int_equal(events.count, 0);
    assert_true(cim_log_events(NULL, &(struct cim_log_query){.log = "System", .sources = {"WAS"}},
                               &events, &problem));
    assert_non_null(strstr(asked, "Logfile='System' AND (SourceName='WAS') AND Time"));
    assert_true(cim_log_events(NULL, &(struct cim_log_query){.log = "System"}, &events, &problem));
    assert_non_null(
        strstr(asked, "Logfile='System' AND TimeGenerated>='19700101000000.000000+000'"));
}

static void test_events(void **state)
{
    const struct cim_log_query query = {.log = "System",
                                        .sources = {"WAS", "Microsoft-Windows-WAS"}};
    struct problem problem = {0};
    struct cim_row *row = cim_rows_add(&answer);

    (void)state;
    cim_row_add(row, "SourceName", "WAS");
    cim_row_add(row, "EventCode", "5009");
    cim_row_add(row, "EventType", "2");
    cim_row_add(row, "TimeGenerated", "20261125120000.000000+000");
    cim_row_add(row, "InsertionStrings", "SCEP");
    cim_row_add(row, "InsertionStrings", "4711");
    cim_row_add(row, "Message", "terminated");
    cim_rows_add(&answer); /* with nothing in it */
    assert_true(cim_log_events(NULL, &query, &events, &problem));
    assert_int_equal(events.count, 2);
    assert_int_equal(events.events[0].id, 5009);
    assert_int_equal(events.events[0].level, 3);
    assert_int_equal(events.events[0].time, 1795608000);
    assert_string_equal(events.events[0].data, "SCEP\n4711");
    assert_string_equal(events.events[0].message, "terminated");
    assert_string_equal(events.events[0].provider, "WAS");
    assert_string_equal(events.events[0].channel, "System");
    assert_int_equal(events.events[1].id, 0);
    assert_string_equal(events.events[1].data, "");
}

static void test_failures(void **state)
{
    int ids[500] = {0};
    const struct cim_log_query long_query = {.log = "System", .ids = ids, .id_count = 500};
    struct problem problem = {0};

    (void)state;
    fails = true;
    assert_false(cim_log_events(NULL, &(struct cim_log_query){.log = "System"}, &events, &problem));
    assert_int_equal(problem.kind, PROBLEM_DENIED);
    assert_false(cim_log_events(NULL, &long_query, &events, &problem));
    assert_string_equal(problem.detail, "the query of log System is too long");
}

static void test_too_many(void **state)
{
    const struct cim_log_query query = {.log = "System"};
    struct problem problem = {0};

    (void)state;
    for (int i = 0; i < CIM_EVENTS_MAXIMUM + 1; i++)
        assert_non_null(cim_rows_add(&answer));
    assert_true(cim_log_events(NULL, &query, &events, &problem));
    assert_int_equal(events.count, CIM_EVENTS_MAXIMUM);
    assert_true(events.truncated);
}

static void test_exit_text(void **state)
{
    static const struct {
        int64_t code;
        const char *text;
    } codes[] = {
        {0, ""},
        {1077, ", exit code 1077: not started since the last boot"},
        {1066, ", service-specific error 7"},
        {5, ", exit code 5"},
    };
    char text[100];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        service_exit_text(codes[i].code, 7, text, sizeof text);
        assert_string_equal(text, codes[i].text);
    }
}

#define TEST(name) cmocka_unit_test_teardown(name, clean)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_query),    TEST(test_events),    TEST(test_failures),
        TEST(test_too_many), TEST(test_exit_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
