/* test_memory.c - tests of common/base/memory.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "common/base/memory.h"
#include "common/report/report.h"

/* A sanitizer that is there asks for this, and then does not end the program. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

/* No object is that large. */
static volatile size_t too_much = SIZE_MAX / 2;

static void test_enough(void **state)
{
    char *memory = memory_get(10);

    (void)state;
    memory = memory_resize(memory, 100);
    assert_non_null(memory);
    free(memory);
    memory = memory_zeroed(3, 2);
    assert_int_equal(memory[5], 0);
    free(memory);
    free(memory_get(0)); /* NULL is fine then */
    free(memory_zeroed(0, 5));
    assert_false(memory_ran_out());
}

/* What was found before and after is not told: it may be wrong. Comes last, as it is remembered. */
static void test_too_much(void **state)
{
    const struct report_style style = {.format = OUTPUT_TEXT};
    struct report report;
    char line[200] = "";
    FILE *stream = fmemopen(line, sizeof line, "w");

    (void)state;
    assert_null(memory_get(too_much));
    assert_null(memory_zeroed(too_much, 4));
    assert_true(memory_ran_out());
    report_init(&report, "check_x", "X", NULL);
    report_summary(&report, "all is well");
    assert_int_equal(report_print(&report, &style, stream), 3);
    fclose(stream);
    report_free(&report);
    assert_memory_equal(line, "X UNKNOWN - memory ran out during the run, so nothing is known", 62);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_enough),
                                       cmocka_unit_test(test_too_much)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
