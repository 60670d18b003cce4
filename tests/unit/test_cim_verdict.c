/* test_cim_verdict.c - tests of common/cim/verdict.h: each kind has its finding, told once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "common/cim/verdict.h"
#include "tests/unit/judging.h"

static const enum finding_id listed[] = {CIM_FINDINGS};

static void test_every_problem(void **state)
{
    (void)state;
    for (int kind = PROBLEM_NONE + 1; kind < PROBLEM_KIND_COUNT; kind++) {
        struct problem problem = {.kind = (enum problem_kind)kind, .detail = "why"};
        bool known = false;

        restart_report();
        cim_judge_problem(&judged, "services", &problem);
        assert_findings(1);
        assert_non_null(strstr(judged.findings[0].message, "services: "));
        assert_non_null(strstr(judged.findings[0].message, "(why)"));
        for (size_t i = 0; i < COUNT_OF(listed); i++)
            known = known || listed[i] == judged.findings[0].id;
        assert_true(known);
    }
}

/* Could not look is never a fault of NDES; not reaching the host is CRITICAL by the guidelines. */
static void test_states(void **state)
{
    static const enum problem_kind grave[] = {PROBLEM_NO_NAME, PROBLEM_REFUSED, PROBLEM_TLS,
                                              PROBLEM_TIMEOUT, PROBLEM_BUSY};

    (void)state;
    for (int kind = PROBLEM_NONE + 1; kind < PROBLEM_KIND_COUNT; kind++) {
        struct problem problem = {.kind = (enum problem_kind)kind};
        enum state wanted = STATE_UNKNOWN;

        for (size_t i = 0; i < COUNT_OF(grave); i++)
            if (grave[i] == problem.kind)
                wanted = STATE_CRITICAL;
        restart_report();
        cim_judge_problem(&judged, "services", &problem);
        assert_int_equal(judged.findings[0].state, wanted);
    }
}

static void test_once(void **state)
{
    struct problem problem = {.kind = PROBLEM_DENIED, .detail = "0x80041003"};

    (void)state;
    cim_judge_problem(&judged, "services", &(struct problem){0});
    assert_findings(0);
    cim_judge_problem(&judged, "services", &problem);
    cim_judge_problem(&judged, "events", &problem);
    assert_only(NDES_CIM_DENIED, STATE_UNKNOWN, "services: access denied (0x80041003)");
    assert_note("events: also access denied (0x80041003)");
}

static void test_cost(void **state)
{
    const struct cim_statistics statistics = {.connections = 1,
                                              .requests = 9,
                                              .legs = 2,
                                              .seconds = 0.25,
                                              .has_clock = true,
                                              .clock_ahead = -3,
                                              .peer = "192.0.2.1",
                                              .method = "NTLM, HTTPS"};

    (void)state;
    cim_note_statistics(&judged, &statistics);
    assert_note("asked 192.0.2.1: 1 connection, 9 requests (2 to sign in) in 0.250 s; NTLM");
    assert_note("the server's clock is 3 s behind ours");
    restart_report();
    cim_note_statistics(&judged, &(struct cim_statistics){0});
    assert_note("asked no server");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_problem, start_report, end_report),
        cmocka_unit_test_setup_teardown(test_states, start_report, end_report),
        cmocka_unit_test_setup_teardown(test_once, start_report, end_report),
        cmocka_unit_test_setup_teardown(test_cost, start_report, end_report),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
