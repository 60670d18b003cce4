/* test_apppool_history.c - tests of check_ndes_apppool's state file, with real files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apppool_facts.h"
#include "common/base/file.h"
#include "common/base/text.h"
#include "judging.h"

static char directory[] = "/tmp/ndes-history-XXXXXX";
static char path[64];

static int make_directory(void **state)
{
    (void)state;
    if (!mkdtemp(directory))
        return -1;
    text_format(path, sizeof path, "%s/scep.json", directory);
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    return rmdir(directory);
}

static void remove_files(void)
{
    static const char *const endings[] = {"", ".lock", ".new"};
    char name[80];

    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        text_format(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
}

static int start(void **state)
{
    start_healthy(state);
    options.state_file = path;
    return 0;
}

static int end(void **state)
{
    remove_files();
    return end_report(state);
}

/* A run so many seconds after NOW, which sees these counters. */
static void run_at(int64_t after, int64_t failures, int64_t recycles)
{
    struct deadline deadline = deadline_in(1);

    facts.now = NOW + after;
    facts.counters.failures = failures;
    facts.counters.recycles = recycles;
    facts.history = (struct history_facts){0};
    apppool_history_update(&options, &deadline, &facts);
}

static void assert_problem(const char *part)
{
    if (!strstr(facts.history.problem, part))
        fail_msg("'%s' is not in '%s'", part, facts.history.problem);
}

/* The file was of no use, and that is no problem. */
static void assert_anew(const char *part)
{
    if (!strstr(facts.history.note, part))
        fail_msg("'%s' is not in '%s'", part, facts.history.note);
    assert_string_equal(facts.history.problem, "");
    assert_true(facts.history.known);
    assert_false(facts.history.has_counts);
}

static void write_text(const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void read_text(char *target, size_t size)
{
    struct buffer content;
    char error[200];

    buffer_init(&content, size - 1);
    assert_true(file_read(path, &content, error, sizeof error));
    text_copy(target, size, buffer_text(&content));
    buffer_free(&content);
}

static void test_counts(void **state)
{
    struct stat about;

    (void)state;
    run_at(0, 2, 7);
    assert_true(facts.history.known);
    assert_false(facts.history.has_counts);
    assert_string_equal(facts.history.problem, "");
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    run_at(60, 3, 9);
    assert_true(facts.history.has_counts);
    assert_int_equal(facts.history.span, 60);
    assert_int_equal(facts.history.failures, 1);
    assert_int_equal(facts.history.recycles, 2);
    run_at(360, 3, 9);
    assert_int_equal(facts.history.span, 360);
    assert_int_equal(facts.history.failures, 1);
}

/* The same moment again: nothing to compare with. */
static void test_no_time(void **state)
{
    (void)state;
    run_at(0, 2, 7);
    run_at(0, 2, 8);
    assert_false(facts.history.has_counts);
}

/* WAS counts from 0 after a restart. */
static void test_restart(void **state)
{
    (void)state;
    run_at(0, 100, 200);
    run_at(60, 1, 2);
    assert_int_equal(facts.history.failures, 1);
    assert_int_equal(facts.history.recycles, 2);
    run_at(120, 2, 2);
    assert_int_equal(facts.history.failures, 2);
    assert_int_equal(facts.history.recycles, 2);
}

/* A run each minute of two hours, a recycle in each: the window stays at about an hour. */
static void test_window(void **state)
{
    (void)state;
    for (int minute = 0; minute <= 120; minute++) {
        run_at(60 * minute, 0, minute);
        assert_true(facts.history.known);
        assert_string_equal(facts.history.problem, "");
        assert_true(facts.history.span <= 3600 + 600);
        assert_int_equal(facts.history.recycles * 60, facts.history.span);
    }
    assert_true(facts.history.span >= 3600);
}

/* A sample that is exactly as old as the time that is looked at is old enough. */
static void test_window_edge(void **state)
{
    (void)state;
    run_at(0, 1, 1);
    run_at(300, 2, 2);
    run_at(3899, 4, 4);
    assert_int_equal(facts.history.span, 3899);
    assert_int_equal(facts.history.failures, 3);
    remove_files();
    run_at(0, 1, 1);
    run_at(300, 2, 2);
    run_at(3900, 4, 4);
    assert_int_equal(facts.history.span, 3600);
    assert_int_equal(facts.history.failures, 2);
}

/* After runs that are far apart nothing is said of the last hour; and counters that are not always
 * seen. */
static void test_gaps(void **state)
{
    (void)state;
    run_at(0, 1, 1);
    run_at(7200, 2, 2);
    assert_int_equal(facts.history.span, 7200);
    assert_int_equal(facts.history.failures, 1);
    run_at(14401, 40, 40);
    assert_true(facts.history.known);
    assert_false(facts.history.has_counts);
    run_at(14460, -1, -1);
    assert_true(facts.history.known);
    assert_false(facts.history.has_counts);
    run_at(14520, 41, 42);
    assert_int_equal(facts.history.span, 119);
    assert_int_equal(facts.history.failures, 1);
    assert_int_equal(facts.history.recycles, 2);
}

static void test_first_without_counters(void **state)
{
    (void)state;
    run_at(0, -1, -1);
    assert_true(facts.history.known);
    run_at(60, 5, 5);
    assert_false(facts.history.has_counts);
    run_at(120, 6, 5);
    assert_int_equal(facts.history.failures, 1);
}

static void test_pending(void **state)
{
    (void)state;
    run_at(0, 0, 0);
    facts.sources[SOURCE_METABASE] = (struct source_facts){0};
    tell(SOURCE_COUNTERS, 1);
    run_at(60, 0, 0);
    assert_int_equal(facts.history.pending_since, NOW + 60);
    tell(SOURCE_COUNTERS, 6);
    run_at(120, 0, 0);
    assert_int_equal(facts.history.pending_since, NOW + 60);
    tell(SOURCE_COUNTERS, 3);
    run_at(180, 0, 0);
    tell(SOURCE_COUNTERS, 1);
    run_at(240, 0, 0);
    assert_int_equal(facts.history.pending_since, NOW + 240);
}

/* What the pool did between two runs that are far apart is not known. */
static void test_pending_gap(void **state)
{
    (void)state;
    facts.sources[SOURCE_METABASE] = (struct source_facts){0};
    tell(SOURCE_COUNTERS, 1);
    run_at(0, 0, 0);
    run_at(3600, 0, 0);
    assert_int_equal(facts.history.pending_since, NOW);
    run_at(7201, 0, 0);
    assert_int_equal(facts.history.pending_since, NOW + 7201);
    options.pending_time = 7200;
    run_at(14401, 0, 0);
    assert_int_equal(facts.history.pending_since, NOW + 7201);
    run_at(21602, 0, 0);
    assert_int_equal(facts.history.pending_since, NOW + 21602);
}

/* A state that was not seen leaves the file as it is. */
static void test_unseen(void **state)
{
    (void)state;
    fail_source(SOURCE_COUNTERS, PROBLEM_DENIED);
    fail_source(SOURCE_METABASE, PROBLEM_DENIED);
    run_at(0, -1, -1);
    assert_false(facts.history.known);
    assert_string_equal(facts.history.problem, "");
    assert_int_equal(access(path, F_OK), -1);
}

/* A record of ours that is damaged is begun anew. */
static void test_damaged(void **state)
{
#define RECORD(rest) "{\"target\":\"pool SCEP at ndes.example.com\"," rest "}"
    static const char *const texts[] = {
        "",
        "{\"target\":\"pool SCEP at",
        RECORD("\"time\":1"),
        RECORD("\"time\":0,\"pending_since\":0,\"failures\":1,\"recycles\":1,\"total\":[1,0,0],"
               "\"samples\":[]"),
        RECORD("\"time\":1,\"pending_since\":-1,\"failures\":1,\"recycles\":1,\"total\":[1,0,0],"
               "\"samples\":[]"),
        RECORD("\"time\":1,\"pending_since\":0,\"failures\":-2,\"recycles\":1,\"total\":[1,0,0],"
               "\"samples\":[]"),
        RECORD("\"time\":1,\"pending_since\":2,\"failures\":1,\"recycles\":1,\"total\":[1,0,0],"
               "\"samples\":[]"),
        RECORD("\"time\":1,\"pending_since\":0,\"failures\":1,\"recycles\":-2,\"total\":[1,0,0],"
               "\"samples\":[]"),
        RECORD("\"time\":1,\"pending_since\":0,\"failures\":1,\"recycles\":1,\"total\":[0,0,0],"
               "\"samples\":[]"),
        RECORD("\"time\":1,\"pending_since\":0,\"failures\":1,\"recycles\":1,\"total\":[1,0,-1],"
               "\"samples\":[]"),
        RECORD("\"time\":1,\"pending_since\":0,\"failures\":1,\"recycles\":1,\"total\":[1,0,0],"
               "\"samples\":[[1,-1,0]]"),
        RECORD("\"time\":1,\"pending_since\":0,\"failures\":1,\"recycles\":1,\"total\":[1,0,0],"
               "\"samples\":[[1,0,0,0]]"),
        RECORD("\"time\":1,\"pending_since\":0,\"failures\":1,\"recycles\":1,\"total\":[1,0,0],"
               "\"samples\":{}"),
        RECORD("\"time\":1,\"pending_since\":0,\"failures\":1,\"recycles\":1,\"total\":[1,0,0],"
               "\"samples\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]"),
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        write_text(texts[i]);
        run_at(0, 0, 0);
        assert_anew("was damaged and is begun anew");
        run_at(60, 0, 0);
        assert_string_equal(facts.history.note, "");
        assert_true(facts.history.has_counts);
    }
    write_text(RECORD("\"time\":1,\"pending_since\":0,\"failures\":1,\"recycles\":1,\"total\":[1,0,"
                      "0],\"samples\":[[1,0,0]]"));
    run_at(60 - NOW, 1, 1);
    assert_string_equal(facts.history.problem, "");
    assert_string_equal(facts.history.note, "");
    assert_true(facts.history.has_counts);
}

/* What is no record of ours is not overwritten, and told. */
static void test_foreign(void **state)
{
    static const char *const texts[] = {"nonsense", "[]", "{}", "{\"target\":\"https://x/\"}"};
    char text[500];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        write_text(texts[i]);
        run_at(0, 0, 0);
        assert_problem("holds something else than a record of this check");
        assert_false(facts.history.known);
        read_text(text, sizeof text);
        assert_string_equal(text, texts[i]);
    }
}

/* Samples and counters that only a hostile or broken file holds must not break the arithmetic. */
static void test_strange_numbers(void **state)
{
    (void)state;
    write_text(
        RECORD("\"time\":1,\"pending_since\":9223372036854775807,"
               "\"failures\":9223372036854775807,\"recycles\":0,"
               "\"total\":[1,9223372036854775807,0],\"samples\":[[9223372036854775807,0,0]]"));
    run_at(0, 5, 1);
    assert_anew("was damaged");
    write_text(RECORD("\"time\":9,\"pending_since\":0,\"failures\":0,\"recycles\":0,"
                      "\"total\":[9,1,1],\"samples\":[[7,0,0],[6,1,1]]"));
    run_at(0, 5, 1);
    assert_anew("was damaged");
    write_text(RECORD("\"time\":9,\"pending_since\":0,\"failures\":0,\"recycles\":0,"
                      "\"total\":[9,1,1],\"samples\":[[7,2,0]]"));
    run_at(0, 5, 1);
    assert_anew("was damaged");
    write_text(RECORD("\"time\":9,\"pending_since\":0,\"failures\":-1,\"recycles\":-1,"
                      "\"total\":[9,9007199254740992,0],\"samples\":[]"));
    run_at(0, 5, 1);
    assert_string_equal(facts.history.problem, "");
}

static void test_other_target(void **state)
{
    (void)state;
    run_at(0, 0, 0);
    options.pool = "Other";
    run_at(60, 0, 0);
    assert_problem("scep.json is in use for pool SCEP at ndes.example.com, last 1 minute ago: give "
                   "each service a file of its own");
    assert_false(facts.history.known);
    options.pool = "scep";
    text_copy(options.winrm.url, sizeof options.winrm.url, "https://ndes.example.com:5986/wsman");
    run_at(120, 0, 0); /* another way to the same pool */
    assert_string_equal(facts.history.problem, "");
    assert_true(facts.history.has_counts);
    text_copy(options.winrm.connection.server, sizeof options.winrm.connection.server, "other");
    run_at(180, 0, 0);
    assert_problem("is in use for pool scep at ndes.example.com");
}

/* The pool or the server has another name now: the old one uses the file no more. */
static void test_old_target(void **state)
{
    (void)state;
    run_at(0, 0, 0);
    options.pool = "Other";
    run_at(7200, 0, 0);
    assert_problem("last 2 hours ago");
    run_at(7201, 0, 0);
    assert_anew("was another service's and is begun anew");
    run_at(7261, 0, 0);
    assert_string_equal(facts.history.note, "");
    assert_true(facts.history.has_counts);
}

static void test_clock_set_back(void **state)
{
    (void)state;
    run_at(3600, 0, 0);
    run_at(3540, 0, 0);
    assert_string_equal(facts.history.note, "");
    run_at(3539, 0, 0);
    assert_anew("was from the future, as the clock was wrong, and is begun anew");
    run_at(3600, 0, 0);
    assert_string_equal(facts.history.note, "");
    assert_true(facts.history.has_counts);
}

static void test_unwritable(void **state)
{
    static char missing[] = "/nonexistent/scep.json";
    static char endless[1200];
    char new_path[80];

    (void)state;
    options.state_file = missing;
    run_at(0, 0, 0);
    assert_problem("cannot lock /nonexistent/scep.json.lock: No such file or directory");
    options.state_file = path;
    text_format(new_path, sizeof new_path, "%s.new", path);
    assert_int_equal(mkdir(new_path, 0700), 0);
    run_at(0, 0, 0);
    assert_problem("scep.json.new or put it in place: Is a directory");
    assert_int_equal(rmdir(new_path), 0);
    memset(endless, 'a', sizeof endless - 1);
    options.state_file = endless;
    run_at(0, 0, 0);
    assert_problem("too long");
}

/* A directory in the file's place. */
static void test_directory(void **state)
{
    (void)state;
    assert_int_equal(mkdir(path, 0700), 0);
    run_at(0, 0, 0);
    assert_problem(path);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(symlink("/nonexistent/elsewhere", path), 0);
    run_at(0, 0, 0); /* the link is replaced, not followed */
    assert_string_equal(facts.history.problem, "");
}

/* Another run that does not end. */
static void test_locked(void **state)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    struct deadline deadline = deadline_in(10);
    int locked[2];
    char byte = 0;
    pid_t child;

    (void)state;
    assert_int_equal(pipe(locked), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char lock_path[80];
        int lock;

        text_format(lock_path, sizeof lock_path, "%s.lock", path);
        lock = open(lock_path, O_RDWR | O_CREAT, 0600);
        byte = lock >= 0 && fcntl(lock, F_SETLK, &whole) == 0;
        if (write(locked[1], &byte, 1) == 1)
            sleep(3);
        _exit(0);
    }
    assert_int_equal(read(locked[0], &byte, 1), 1);
    assert_int_equal(byte, 1);
    facts.now = NOW;
    apppool_history_update(&options, &deadline, &facts);
    assert_problem("scep.json.lock: another run holds it");
    assert_in_range(deadline_left_ms(&deadline), 8000, 10000); /* not waited for to the end */
    assert_int_equal(waitpid(child, NULL, 0), child);
    run_at(0, 0, 0);
    assert_string_equal(facts.history.problem, "");
    close(locked[0]);
    close(locked[1]);
}

#define KEEPING(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEEPING(test_counts),
        KEEPING(test_no_time),
        KEEPING(test_restart),
        KEEPING(test_window),
        KEEPING(test_gaps),
        KEEPING(test_first_without_counters),
        KEEPING(test_window_edge),
        KEEPING(test_pending),
        KEEPING(test_pending_gap),
        KEEPING(test_foreign),
        KEEPING(test_old_target),
        KEEPING(test_unseen),
        KEEPING(test_damaged),
        KEEPING(test_other_target),
        KEEPING(test_clock_set_back),
        KEEPING(test_unwritable),
        KEEPING(test_directory),
        KEEPING(test_locked),
        KEEPING(test_strange_numbers),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
