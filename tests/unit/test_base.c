/* test_base.c - tests of common/base: buffer, clock, file, process, secret.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/buffer.h"
#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/printed.h"
#include "common/base/process.h"
#include "common/base/secret.h"
#include "common/base/text.h"

static void test_buffer_grows(void **state)
{
    struct buffer buffer;

    (void)state;
    buffer_init(&buffer, 10000);
    assert_string_equal(buffer_text(&buffer), "");
    for (int i = 0; i < 10000; i++)
        assert_true(buffer_add_char(&buffer, 'x'));
    assert_int_equal(buffer.length, 10000);
    assert_int_equal(strlen(buffer.data), 10000);
    assert_false(buffer.overflowed);
    assert_false(buffer_add_char(&buffer, 'y'));
    assert_true(buffer.overflowed);
    assert_int_equal(buffer.length, 10000);
    buffer_free(&buffer);
    assert_string_equal(buffer_text(&buffer), "");
    assert_true(buffer_add_text(&buffer, "again"));
    buffer_free(&buffer);
}

/* All or nothing, at the boundary. */
static void test_buffer_maximum(void **state)
{
    struct buffer buffer;

    (void)state;
    buffer_init(&buffer, 5);
    assert_true(buffer_add_text(&buffer, "1234"));
    assert_false(buffer_add_text(&buffer, "56"));
    assert_string_equal(buffer_text(&buffer), "1234");
    assert_true(buffer.overflowed);
    assert_false(buffer_addf(&buffer, "%d", 56));
    assert_string_equal(buffer_text(&buffer), "1234");
    assert_true(buffer_addf(&buffer, "%d", 5));
    assert_string_equal(buffer_text(&buffer), "12345");
    buffer_reset(&buffer);
    assert_false(buffer.overflowed);
    assert_string_equal(buffer_text(&buffer), "");
    assert_true(buffer_add(&buffer, "a\0b", 3));
    assert_int_equal(buffer.length, 3);
    buffer_wipe(&buffer);
    assert_null(buffer.data);
    assert_int_equal(buffer.maximum, 5);
}

static void test_buffer_nothing(void **state)
{
    struct buffer buffer;

    (void)state;
    buffer_init(&buffer, 0);
    assert_true(buffer_add(&buffer, NULL, 0));
    assert_true(buffer_addf(&buffer, "%s", ""));
    assert_false(buffer_add_char(&buffer, 'a'));
    assert_string_equal(buffer_text(&buffer), "");
    buffer_reset(&buffer);
    buffer_wipe(&buffer);
    buffer_wipe(&buffer);
    buffer_reset(&buffer);
}

/* Room that was only reserved holds an empty string. */
static void test_buffer_reserve(void **state)
{
    struct buffer buffer;
    const char *place;

    (void)state;
    buffer_init(&buffer, 1000);
    assert_true(buffer_reserve(&buffer, 1000));
    assert_string_equal(buffer_text(&buffer), "");
    place = buffer.data;
    for (int i = 0; i < 1000; i++)
        buffer_add_char(&buffer, 'x');
    assert_ptr_equal(place, buffer.data);
    assert_false(buffer_reserve(&buffer, 1));
    assert_true(buffer.overflowed);
    buffer_free(&buffer);
}

static void test_secret(void **state)
{
    char memory[] = "correct horse";

    (void)state;
    secret_wipe(memory, 7);
    assert_memory_equal(memory, "\0\0\0\0\0\0\0", 7);
    assert_string_equal(memory + 7, " horse");
    secret_wipe(memory, 0);
    secret_free(NULL);
    secret_free(text_duplicate("battery staple"));
}

static void test_dates(void **state)
{
    static const struct {
        int year, month, day, hour, minute, second;
        int64_t expected;
    } cases[] = {
        {1970, 1, 1, 0, 0, 0, 0},
        {1969, 12, 31, 23, 59, 59, -1},
        {2000, 2, 29, 0, 0, 0, 951782400},
        {2000, 3, 1, 0, 0, 0, 951868800},
        {1900, 3, 1, 0, 0, 0, -2203891200},
        {2026, 11, 22, 23, 10, 5, 1795389005},
        {2038, 1, 19, 3, 14, 8, INT64_C(2147483648)},
        {9999, 12, 31, 23, 59, 59, INT64_C(253402300799)},
        {0, 1, 1, 0, 0, 0, INT64_C(-62167219200)},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(clock_from_utc(cases[i].year, cases[i].month, cases[i].day, cases[i].hour,
                                        cases[i].minute, cases[i].second),
                         cases[i].expected);
}

static void test_format(void **state)
{
    char text[24];
    char wide[64];

    (void)state;
    clock_format(1795389005, text, sizeof text);
    assert_string_equal(text, "2026-11-22 23:10 UTC");
    clock_format(INT64_C(253402300799), text, sizeof text);
    assert_string_equal(text, "9999-12-31 23:59 UTC");
    clock_format(INT64_MAX, wide, sizeof wide);
    assert_string_equal(wide, "(no date)");
    clock_format(0, text, 5);
    assert_string_equal(text, "(no ");
}

static void test_deadline(void **state)
{
    struct deadline deadline = deadline_in(100);
    struct deadline over = {.ends_ms = clock_monotonic_ms() - 1};

    (void)state;
    assert_in_range(deadline_left_ms(&deadline), 40000, 100000);
    assert_int_equal(deadline_left_ms(&over), 0);
    assert_true(clock_now() > 1700000000);
}

/* A child that hangs says its line and ends with the code that was asked for. */
/* Lets the watchdog bark in a child that has printed so much. Returns the child's exit code, and
 * what it said. */
static int bark(int printed, char *said, size_t size)
{
    struct deadline deadline = deadline_in(0);
    int ends[2];
    int status;
    pid_t child;

    memset(said, 0, size);
    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        printed_set(printed);
        deadline_arm_watchdog(&deadline, "NDES TEST CRITICAL - hung\n", 2);
        for (;;)
            pause();
    }
    close(ends[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(read(ends[0], said, size - 1) >= 0);
    close(ends[0]);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_watchdog(void **state)
{
    char said[64];

    (void)state;
    assert_int_equal(bark(PRINTED_NOTHING, said, sizeof said), 2);
    assert_string_equal(said, "NDES TEST CRITICAL - hung\n");
    assert_int_equal(bark(PRINTED_A_PART, said, sizeof said), 3);
    assert_string_equal(said, "");
    assert_int_equal(bark(1, said, sizeof said), 1);
    assert_string_equal(said, "");
}

/* Starts a process without standard streams and looks at what it got: returns 0 if all is well. */
static int streams_of_process(void)
{
    struct sigaction pipes;
    struct rlimit core;

    for (int fd = 0; fd <= 2; fd++)
        close(fd);
    process_start();
    if (read(0, &core, 1) != 0)
        return 1;
    if (write(1, "x", 1) != -1) /* a report must fail */
        return 2;
    if (write(2, "x", 1) != 1)
        return 3;
    if (sigaction(SIGPIPE, NULL, &pipes) != 0 || pipes.sa_handler != SIG_IGN)
        return 4;
    return getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur == 0 && core.rlim_max == 0 ? 0 : 5;
}

static void test_process(void **state)
{
    int status;
    pid_t child;

    (void)state;
    child = fork();
    if (child == 0)
        _exit(streams_of_process());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static char directory[64];

static int make_directory(void **state)
{
    (void)state;
    text_copy(directory, sizeof directory, "/tmp/test_base.XXXXXX");
    return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
    (void)state;
    return rmdir(directory);
}

static void write_file(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void test_file(void **state)
{
    struct buffer content;
    char path[128];
    char error[256] = "untouched";
    char big[5000];

    (void)state;
    memset(big, 'b', sizeof big);
    text_format(path, sizeof path, "%s/file", directory);
    write_file(path, "a\0b\n", 4);
    buffer_init(&content, sizeof big);
    assert_true(file_read(path, &content, error, sizeof error));
    assert_int_equal(content.length, 4);
    assert_memory_equal(content.data, "a\0b\n", 4);
    assert_string_equal(error, "untouched");
    buffer_reset(&content);
    write_file(path, big, sizeof big);
    assert_true(file_read(path, &content, error, sizeof error));
    assert_int_equal(content.length, sizeof big);
    buffer_free(&content);
    buffer_init(&content, sizeof big - 1);
    assert_false(file_read(path, &content, error, sizeof error));
    assert_non_null(strstr(error, path));
    assert_non_null(strstr(error, "too large"));
    buffer_free(&content);
    unlink(path);
}

static void assert_unreadable(const char *path, const char *why)
{
    struct buffer content;
    char error[256] = "";

    buffer_init(&content, 100);
    assert_false(file_read(path, &content, error, sizeof error));
    assert_non_null(strstr(error, path));
    assert_non_null(strstr(error, why));
    buffer_free(&content);
}

static void test_no_file(void **state)
{
    char path[128];
    struct buffer content;
    char error[256];

    (void)state;
    assert_unreadable("/nonexistent/file", "No such file");
    assert_unreadable(directory, "directory");
    assert_unreadable("/dev/zero", "not a regular file");
    text_format(path, sizeof path, "%s/fifo", directory);
    assert_int_equal(mkfifo(path, 0600), 0);
    buffer_init(&content, 100);
    assert_true(file_read(path, &content, error, sizeof error)); /* no writer: does not hang */
    assert_int_equal(content.length, 0);
    buffer_free(&content);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buffer_grows),   cmocka_unit_test(test_buffer_maximum),
        cmocka_unit_test(test_buffer_nothing), cmocka_unit_test(test_buffer_reserve),
        cmocka_unit_test(test_secret),         cmocka_unit_test(test_dates),
        cmocka_unit_test(test_format),         cmocka_unit_test(test_deadline),
        cmocka_unit_test(test_watchdog),       cmocka_unit_test(test_file),
        cmocka_unit_test(test_no_file),        cmocka_unit_test(test_process),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
