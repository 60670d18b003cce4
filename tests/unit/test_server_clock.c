/* test_server_clock.c - tests of whom is believed about the server's clock.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/cim/cim.h"

enum { DAY = 86400, TOLERANCE = 5 };

static struct cim_statistics statistics;
static enum problem_kind kind; /* of the query */
static char local_time[40];    /* that it shows; "" for no row */
static int queries;

/* The room CIM, as far as the clock uses it. */

const struct cim_statistics *cim_statistics(const struct cim_session *session)
{
    (void)session;
    return &statistics;
}

bool cim_query(struct cim_session *session, const char *namespace, const char *wql,
               struct cim_rows *rows, struct problem *problem)
{
    (void)session, (void)namespace, (void)wql;
    queries++;
    if (kind != PROBLEM_NONE)
        return problem_set(problem, kind, "as the test wants it");
    if (local_time[0]) {
        struct cim_row *row = cim_rows_add(rows);

        assert_non_null(row);
        assert_true(cim_row_add(row, "LocalDateTime", local_time));
    }
    return true;
}

static void show_time(int64_t ahead)
{
    time_t moment = (time_t)(clock_now() + ahead);
    struct tm utc;

    assert_non_null(gmtime_r(&moment, &utc));
    strftime(local_time, sizeof local_time, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static int start(void **state)
{
    (void)state;
    statistics = (struct cim_statistics){.has_clock = true, .clock_ahead = 7 * DAY};
    kind = PROBLEM_NONE;
    local_time[0] = '\0';
    queries = 0;
    return 0;
}

static int64_t ahead_of(bool known, enum problem_kind expected)
{
    struct problem problem;
    int64_t ahead;

    assert_true(cim_clock_ahead(NULL, &ahead, &problem) == known);
    assert_int_equal(problem.kind, expected);
    return ahead;
}

static void test_header_under_tls(void **state)
{
    (void)state;
    statistics.clock_proven = true;
    assert_int_equal(ahead_of(true, PROBLEM_NONE), 7 * DAY);
    assert_int_equal(queries, 0);
}

/* The header says a week, which is nobody's word: the server's own counts. */
static void test_header_in_the_clear(void **state)
{
    static const int64_t truths[] = {0, 3 * DAY, -3 * DAY};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(truths); i++) {
        int64_t ahead;

        show_time(truths[i]);
        ahead = ahead_of(true, PROBLEM_NONE);
        assert_true(ahead >= truths[i] - TOLERANCE && ahead <= truths[i] + TOLERANCE);
    }
    assert_int_equal(queries, COUNT_OF(truths));
}

static void test_not_told(void **state)
{
    (void)state;
    assert_int_equal(ahead_of(false, PROBLEM_NO_INSTANCE), 0);
    text_copy(local_time, sizeof local_time, "soon");
    assert_int_equal(ahead_of(false, PROBLEM_NO_INSTANCE), 0);
    kind = PROBLEM_DENIED;
    assert_int_equal(ahead_of(false, PROBLEM_DENIED), 0);
    kind = PROBLEM_IN_CLEAR;
    assert_int_equal(ahead_of(false, PROBLEM_IN_CLEAR), 0);
    assert_true(problem_is_fatal(PROBLEM_IN_CLEAR));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_header_under_tls, start),
        cmocka_unit_test_setup(test_header_in_the_clear, start),
        cmocka_unit_test_setup(test_not_told, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
