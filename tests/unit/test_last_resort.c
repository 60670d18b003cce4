/* test_last_resort.c - tests of common/base/last_resort: processes that crash, each in a child.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/last_resort.h"
#include "common/base/printed.h"
#include "common/report/report.h"

#define LINE "NDES TEST UNKNOWN - the check itself crashed\n"

enum { NOT_ARMED = 77, ENDED = 5, NO_MEMORY = 6 };

/* Not const: a compiler that knows the value may leave out the crash. */
static char *volatile nowhere;
static volatile int depth;

static void by_abort(void)
{
    abort();
}

static void by_bad_address(void)
{
    *nowhere = 1;
}

/* Beyond the end of a file: SIGBUS. */
static void by_short_file(void)
{
    FILE *file = tmpfile();
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);

    page[0] = 1;
}

static void by_division(void)
{
    raise(SIGFPE); /* what a division by zero raises depends on the processor */
}

static void by_bad_instruction(void)
{
    raise(SIGILL);
}

/* As a parser does that calls itself for each of too many levels. */
static int descend(int levels)
{
    char frame[1024];

    memset(frame, levels, sizeof frame);
    depth++;
    return levels ? descend(levels + 1) + frame[depth % 1024] : 0;
}

static void by_stack(void)
{
    depth = descend(1);
}

/* glibc finds it and calls abort(); what it says of it goes to /dev/null. */
static void by_double_free(void)
{
    char *volatile memory = malloc(100);

    if (!freopen("/dev/null", "w", stderr))
        _exit(ENDED);
    free(memory);
    free(memory); /* cppcheck-suppress doubleFree */
}

static void by_use_of_much_memory(void)
{
    size_t wanted = (size_t)2 * LAST_RESORT_MEBIBYTES * 1024 * 1024;
    char *volatile fits = malloc(wanted / 8);
    char *volatile memory = malloc(wanted);
    int code = fits && !memory ? NO_MEMORY : ENDED;

    free(fits);
    free(memory);
    _exit(code);
}

/* Runs it in a child, with standard output in `output`. Returns the exit code, -1 for a signal. */
static int run(void (*crash)(void), bool printed, char *output, size_t size)
{
    const struct rlimit stack = {1024 * 1024, 1024 * 1024};
    int pipes[2];
    int status;
    size_t length = 0;
    ssize_t got;
    pid_t child;

    assert_int_equal(pipe(pipes), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(pipes[1], STDOUT_FILENO);
        setrlimit(RLIMIT_STACK, &stack);
        if (!last_resort_arm(LINE))
            _exit(NOT_ARMED);
        if (printed)
            printed_set(PRINTED_A_PART);
        crash();
        _exit(ENDED);
    }
    close(pipes[1]);
    while ((got = read(pipes[0], output + length, size - 1 - length)) > 0)
        length += (size_t)got;
    output[length] = '\0';
    close(pipes[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The line, or nothing after other output; exit code 3 both times. */
static void expect_last_words(void (*crash)(void))
{
    char output[200];
    int code = run(crash, false, output, sizeof output);

    if (code == NOT_ARMED)
        skip(); /* a sanitizer takes the signals */
    assert_string_equal(output, LINE);
    assert_int_equal(code, 3);
    assert_int_equal(run(crash, true, output, sizeof output), 3);
    assert_string_equal(output, "");
}

static void test_abort(void **state)
{
    (void)state;
    expect_last_words(by_abort);
}

static void by_abort_after_a_report(void)
{
    static const struct report_style style = {.format = OUTPUT_TEXT};
    struct report report;

    report_init(&report, "check_test", "NDES TEST", NULL);
    report_summary(&report, "all is well");
    report_print(&report, &style, stdout);
    abort();
}

static void by_abort_after_a_usage_error(void)
{
    report_print_unknown("NDES TEST", "no such option", stdout);
    abort();
}

/* Whatever the report said: the process did not end as it should. */
static void test_printed(void **state)
{
    char output[200];
    int code = run(by_abort_after_a_report, false, output, sizeof output);

    (void)state;
    if (code == NOT_ARMED)
        skip();
    assert_int_equal(code, 3);
    assert_string_equal(output, "NDES TEST OK - all is well\n");
    assert_int_equal(run(by_abort_after_a_usage_error, false, output, sizeof output), 3);
    assert_string_equal(output, "NDES TEST UNKNOWN - no such option\n");
}

static void test_bad_address(void **state)
{
    (void)state;
    expect_last_words(by_bad_address);
}

static void test_short_file(void **state)
{
    (void)state;
    expect_last_words(by_short_file);
}

static void test_signals(void **state)
{
    (void)state;
    expect_last_words(by_division);
    expect_last_words(by_bad_instruction);
}

static void test_stack(void **state)
{
    (void)state;
    expect_last_words(by_stack);
}

static void test_double_free(void **state)
{
    (void)state;
    expect_last_words(by_double_free);
}

static void test_memory(void **state)
{
    char output[200];
    int code = run(by_use_of_much_memory, false, output, sizeof output);

    (void)state;
    if (code == NOT_ARMED)
        skip();
    assert_int_equal(code, NO_MEMORY);
    assert_string_equal(output, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_abort),      cmocka_unit_test(test_bad_address),
        cmocka_unit_test(test_short_file), cmocka_unit_test(test_signals),
        cmocka_unit_test(test_stack),      cmocka_unit_test(test_double_free),
        cmocka_unit_test(test_memory),     cmocka_unit_test(test_printed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
