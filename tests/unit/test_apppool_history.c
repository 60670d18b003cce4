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
    static const char *const endings[] = {"", ".lock"};
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

static void write_text(const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* A file of that time with that record. */
static void write_record(int64_t time, const char *record)
{
    char text[600];

    text_format(text, sizeof text,
                "{\"ndes-state\":1,\"kind\":\"pool\",\"target\":\"pool SCEP at ndes.example.com\","
                "\"time\":%lld,\"record\":{%s}}",
                (long long)time, record);
    write_text(text);
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

/* A record that makes no sense is neither believed nor replaced. */
static void test_damaged(void **state)
{
#define RECORD(since, failures, recycles, total, samples)                                          \
    "\"pending_since\":" #since ",\"failures\":" #failures ",\"recycles\":" #recycles              \
    ",\"total\":" total ",\"samples\":" samples
    static const char *const records[] = {
        "",
        RECORD(0, 1, 1, "[1,0,0]", "[]") ",\"more\":1",
        RECORD(-1, 1, 1, "[1,0,0]", "[]"),
        RECORD(10, 1, 1, "[1,0,0]", "[]"),
        RECORD(9223372036854775807, 1, 1, "[1,0,0]", "[]"),
        RECORD(0, -2, 1, "[1,0,0]", "[]"),
        RECORD(0, 1, -2, "[1,0,0]", "[]"),
        RECORD(0, 9223372036854775807, 0, "[1,0,0]", "[]"),
        RECORD(0, 1, 1, "[0,0,0]", "[]"),
        RECORD(0, 1, 1, "[10,0,0]", "[]"),
        RECORD(0, 1, 1, "[1,0,-1]", "[]"),
        RECORD(0, 1, 1, "[1,9223372036854775807,0]", "[]"),
        RECORD(0, 1, 1, "[1,0,0]", "[[1,-1,0]]"),
        RECORD(0, 1, 1, "[1,0,0]", "[[1,0,0,0]]"),
        RECORD(0, 1, 1, "[1,0,0]", "{}"),
        RECORD(0, 1, 1, "[1,0,0]", "[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]"),
        RECORD(0, 1, 1, "[1,0,0]", "[[9223372036854775807,0,0]]"),
        RECORD(0, 0, 0, "[9,1,1]", "[[7,0,0],[6,1,1]]"), /* older ones come first */
        RECORD(0, 0, 0, "[9,1,1]", "[[7,2,0]]"),         /* more than in all */
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        write_record(9, records[i]);
        for (int run = 0; run < 2; run++) {
            run_at(0, 0, 0);
            assert_problem("scep.json: it is damaged");
            assert_false(facts.history.known);
            assert_false(facts.history.has_counts);
        }
    }
    write_record(1, RECORD(0, 1, 1, "[1,0,0]", "[[1,0,0]]"));
    run_at(60 - NOW, 1, 1);
    assert_string_equal(facts.history.problem, "");
    assert_true(facts.history.has_counts);
    write_record(9, RECORD(0, -1, -1, "[9,9007199254740992,0]", "[]")); /* as many as can be */
    run_at(0, 5, 1);
    assert_string_equal(facts.history.problem, "");
}

/* What is no file of ours, or another pool's: common/state has the whole policy. */
static void test_foreign(void **state)
{
    (void)state;
    write_text("nonsense");
    run_at(0, 0, 0);
    assert_problem("it is not a state file of these checks");
    assert_false(facts.history.known);
    remove_files();
    run_at(0, 0, 0);
    options.pool = "Other";
    run_at(86400, 0, 0);
    assert_problem("(pool: pool SCEP at ndes.example.com)");
    assert_false(facts.history.known);
    options.pool = "scep";
    text_copy(options.winrm.url, sizeof options.winrm.url, "https://ndes.example.com:5986/wsman");
    run_at(120, 0, 0); /* another way to the same pool */
    assert_string_equal(facts.history.problem, "");
    assert_true(facts.history.has_counts);
    text_copy(options.winrm.connection.server, sizeof options.winrm.connection.server, "other");
    run_at(180, 0, 0);
    assert_problem("something else");
}

static void test_clock_set_back(void **state)
{
    (void)state;
    run_at(3600, 0, 0);
    run_at(3540, 0, 0);
    assert_string_equal(facts.history.problem, "");
    run_at(3539, 0, 0);
    assert_problem("it is dated 1 minute in the future: the clock was set back");
    assert_false(facts.history.has_counts);
    run_at(3600, 0, 0); /* begun anew */
    assert_string_equal(facts.history.problem, "");
    assert_true(facts.history.has_counts);
    assert_int_equal(facts.history.span, 61);
}

/* The counters are compared all the same. */
static void test_unwritable(void **state)
{
    static char missing[] = "/nonexistent/scep.json";
    char new_path[80];

    (void)state;
    options.state_file = missing;
    run_at(0, 0, 0);
    assert_problem("cannot use state file /nonexistent/scep.json: cannot open its directory");
    options.state_file = path;
    run_at(0, 0, 0);
    text_format(new_path, sizeof new_path, "%s/.scep.json.ndes-new", directory);
    assert_int_equal(mkdir(new_path, 0700), 0);
    run_at(60, 2, 1);
    assert_problem(".scep.json.ndes-new is in the way: it is a directory");
    assert_true(facts.history.has_counts);
    assert_int_equal(facts.history.failures, 2);
    assert_int_equal(rmdir(new_path), 0);
}

/* Another run that does not end: it holds the lock until `released` is closed. */
static void test_locked(void **state)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    struct deadline deadline = deadline_in(60);
    int locked[2], released[2];
    char byte = 0;
    pid_t child;

    (void)state;
    assert_int_equal(pipe(locked), 0);
    assert_int_equal(pipe(released), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char lock_path[80];
        int lock;

        text_format(lock_path, sizeof lock_path, "%s.lock", path);
        lock = open(lock_path, O_RDWR | O_CREAT, 0600);
        byte = lock >= 0 && fcntl(lock, F_SETLK, &whole) == 0;
        close(released[1]);
        _exit(write(locked[1], &byte, 1) == 1 && read(released[0], &byte, 1) == 0 ? 0 : 1);
    }
    assert_int_equal(read(locked[0], &byte, 1), 1);
    assert_int_equal(byte, 1);
    facts.now = NOW;
    apppool_history_update(&options, &deadline, &facts);
    assert_problem("scep.json: another run holds its lock");
    assert_in_range(deadline_left_ms(&deadline), 1, 60000); /* not waited for to the end */
    close(released[1]);
    assert_int_equal(waitpid(child, NULL, 0), child);
    run_at(0, 0, 0);
    assert_string_equal(facts.history.problem, "");
    close(locked[0]);
    close(locked[1]);
    close(released[0]);
}

#define KEEPING(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEEPING(test_counts),         KEEPING(test_no_time),
        KEEPING(test_restart),        KEEPING(test_window),
        KEEPING(test_gaps),           KEEPING(test_first_without_counters),
        KEEPING(test_window_edge),    KEEPING(test_pending),
        KEEPING(test_pending_gap),    KEEPING(test_foreign),
        KEEPING(test_unseen),         KEEPING(test_damaged),
        KEEPING(test_clock_set_back), KEEPING(test_unwritable),
        KEEPING(test_locked),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
