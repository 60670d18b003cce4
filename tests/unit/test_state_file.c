/* test_state_file.c - tests of common/state/state_file.h: the record of a run, kept for the next.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/base/text.h"
#include "state_directory.h"

static json_t *counting(int number)
{
    return json_pack("{s:i}", "number", number);
}

static int number_of(const struct state_file *file)
{
    return (int)json_integer_value(json_object_get(file->record, "number"));
}

static void test_kept(void **state)
{
    struct state_file file;

    (void)state;
    assert_true(open_state(&file));
    assert_null(file.record);
    assert_false(state_is_ahead(&file, 1));
    assert_true(state_write(&file, 1000, counting(1)));
    assert_true(state_write(&file, 1001, counting(2)));
    state_close(&file);
    assert_content(HEADER "\"time\":1001,\"record\":{\"number\":2}}");
    assert_int_equal(mode_of(path), 0600);
    assert_int_equal(mode_of(lock_path), 0600);
    assert_true(open_state(&file));
    assert_int_equal(file.time, 1001);
    assert_int_equal(number_of(&file), 2);
    assert_string_equal(file.problem, "");
    state_remove(&file);
    state_close(&file);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(access(lock_path, F_OK), 0);
}

/* A file in the working directory. */
static void test_relative(void **state)
{
    struct deadline deadline = deadline_in(5);
    struct state_file file;
    int home = open(".", O_RDONLY);

    (void)state;
    assert_int_equal(chdir(directory), 0);
    assert_true(state_open(&file, "scep.json", &subject, 1, &deadline));
    assert_true(state_write(&file, 7, counting(1)));
    state_close(&file);
    assert_int_equal(fchdir(home), 0);
    close(home);
    assert_int_equal(access(path, F_OK), 0);
}

static void test_clock_set_back(void **state)
{
    struct state_file file;

    (void)state;
    write_content(HEADER "\"time\":10000,\"record\":{}}");
    assert_true(open_state(&file));
    assert_false(state_is_ahead(&file, 10000));
    assert_false(state_is_ahead(&file, 9940));
    assert_string_equal(file.problem, "");
    assert_true(state_is_ahead(&file, 9939));
    assert_non_null(strstr(file.problem, "dated 1 minute in the future: the clock was set back"));
    state_close(&file);
    write_content(HEADER "\"time\":9223372036854775807,\"record\":{}}");
    assert_true(open_state(&file));
    assert_true(state_is_ahead(&file, 0));
    state_close(&file);
}

static void test_damaged_record(void **state)
{
    struct state_file file;

    (void)state;
    write_content(HEADER "\"time\":1,\"record\":{}}");
    assert_true(open_state(&file));
    assert_false(state_is_damaged(&file));
    assert_non_null(strstr(file.problem, "scep.json: it is damaged"));
    state_close(&file);
}

/* A process that opens the file, and writes number 1 or waits to be killed. */
static pid_t start_holder(bool writes)
{
    const struct timespec moment = {.tv_nsec = 200000000};
    struct state_file file;
    int ends[2];
    char byte = 0;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        byte = open_state(&file);
        if (write(ends[1], &byte, 1) != 1)
            _exit(1);
        if (!writes)
            pause();
        nanosleep(&moment, NULL);
        state_write(&file, 7, counting(1));
        _exit(0);
    }
    assert_int_equal(read(ends[0], &byte, 1), 1);
    assert_int_equal(byte, 1);
    close(ends[0]);
    close(ends[1]);
    return child;
}

static void end_holder(pid_t child)
{
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

/* Another run is waited for, but not for long. */
static void test_lock(void **state)
{
    struct deadline deadline = deadline_in(60);
    struct deadline over = {0};
    struct state_file file;
    pid_t child = start_holder(true);

    (void)state;
    assert_true(state_open(&file, path, &subject, 60, &deadline));
    assert_int_equal(number_of(&file), 1);
    state_close(&file);
    end_holder(child);
    child = start_holder(false);
    assert_false(state_open(&file, path, &subject, 1, &deadline));
    assert_non_null(strstr(file.problem, "scep.json: another run holds its lock"));
    assert_true(deadline_left_ms(&deadline) > 30000);
    state_close(&file);
    assert_false(state_open(&file, path, &subject, 60, &over));
    state_close(&file);
    end_holder(child);
    assert_true(open_state(&file));
    assert_int_equal(number_of(&file), 1);
    state_close(&file);
}

/* What a run left that died while it wrote goes; what is somebody else's is in the way. */
static void test_remains(void **state)
{
    struct state_file file;

    (void)state;
    write_to(new_path, HEADER "\"ti");
    assert_true(open_state(&file));
    assert_true(state_write(&file, 7, counting(1)));
    state_close(&file);
    assert_int_equal(access(new_path, F_OK), -1);
    assert_int_equal(symlink(path, new_path), 0);
    assert_true(open_state(&file));
    assert_false(state_write(&file, 8, counting(2)));
    assert_non_null(strstr(file.problem, ".scep.json.ndes-new is in the way: it is a symbolic"));
    state_close(&file);
    assert_content(HEADER "\"time\":7,\"record\":{\"number\":1}}");
}

static void test_not_to_be_written(void **state)
{
    struct state_file file;
    char big[STATE_FILE_MAXIMUM + 1];

    (void)state;
    memset(big, 'x', sizeof big);
    big[sizeof big - 1] = '\0';
    assert_true(open_state(&file));
    assert_false(state_write(&file, 7, NULL));
    assert_non_null(strstr(file.problem, "out of memory"));
    assert_false(state_write(&file, 7, json_pack("{s:s}", "text", big)));
    assert_non_null(strstr(file.problem, "too large"));
    state_close(&file);
    assert_int_equal(access(path, F_OK), -1);
}

/* As on a full disk: the old file stays, and nothing is left beside it. */
static void test_full(void **state)
{
    struct state_file file;
    pid_t child;
    int status;

    (void)state;
    assert_true(open_state(&file));
    assert_true(state_write(&file, 7, counting(1)));
    state_close(&file);
    child = fork();
    if (child == 0) {
        const struct rlimit limit = {.rlim_cur = 20, .rlim_max = 20};
        bool right = setrlimit(RLIMIT_FSIZE, &limit) == 0 && signal(SIGXFSZ, SIG_IGN) != SIG_ERR &&
                     open_state(&file) && !state_write(&file, 8, counting(2)) &&
                     strstr(file.problem, "scep.json: cannot write it: File too large");
        _exit(right ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_content(HEADER "\"time\":7,\"record\":{\"number\":1}}");
    assert_int_equal(access(new_path, F_OK), -1);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(test_kept),
        IN_DIRECTORY(test_relative),
        IN_DIRECTORY(test_clock_set_back),
        IN_DIRECTORY(test_damaged_record),
        IN_DIRECTORY(test_lock),
        IN_DIRECTORY(test_remains),
        IN_DIRECTORY(test_not_to_be_written),
        IN_DIRECTORY(test_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
