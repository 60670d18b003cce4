/* test_connector_pending.c - tests of the state file of check_ndes_connector.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/file.h"
#include "common/base/text.h"
#include "connector_facts.h"
#include "judging.h"

static char directory[] = "/tmp/connector-XXXXXX";
static char path[64];
static char lock_path[64];

static int make_directory(void **state)
{
    (void)state;
    if (!mkdtemp(directory))
        return -1;
    text_format(path, sizeof path, "%s/state", directory);
    text_format(lock_path, sizeof lock_path, "%s/state.lock", directory);
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    unlink(path);
    unlink(lock_path);
    return rmdir(directory);
}

static int start_file(void **state)
{
    start_healthy(state);
    unlink(path);
    options.state_file = path;
    text_copy(options.winrm.connection.server, sizeof options.winrm.connection.server, "ndes");
    return 0;
}

static void run_at(int64_t now)
{
    struct deadline deadline = deadline_in(1);

    facts.now = now;
    facts.pending = (struct pending_facts){0};
    connector_pending_update(&options, &deadline, &facts);
}

static void write_file(const char *text)
{
    FILE *stream = fopen(path, "w");

    assert_non_null(stream);
    fputs(text, stream);
    fclose(stream);
}

static void assert_file(const char *expected)
{
    char error[512];
    struct buffer text;

    buffer_init(&text, 8192);
    assert_true(file_read(path, &text, error, sizeof error));
    assert_string_equal(buffer_text(&text), expected);
    buffer_free(&text);
}

static void assert_pending(size_t index, int64_t since)
{
    assert_true(facts.pending.known);
    assert_string_equal(facts.pending.problem, "");
    if (facts.pending.since[index] != since)
        fail_msg("%lld s off", (long long)(facts.pending.since[index] - since));
}

#define HEADER(server)                                                                             \
    "{\"ndes-state\":1,\"kind\":\"connector\",\"target\":\"" #server                               \
    "\",\"time\":1795392000,\"record\":"

/* Each service from its first time on; whoever has started is forgotten. */
static void test_two_services(void **state)
{
    (void)state;
    run_at(NOW);
    assert_pending(CORE, 0);
    assert_file(HEADER(ndes) "{\"starting\":{}}}");
    set_service(CORE, "Start Pending", "Auto", 0);
    run_at(NOW + 10);
    assert_pending(CORE, NOW + 10);
    set_service(REVOKE, "Start Pending", "Auto", 0);
    run_at(NOW + 70);
    assert_pending(CORE, NOW + 10);
    assert_pending(REVOKE, NOW + 70);
    set_service(CORE, "Running", "Auto", 0);
    run_at(NOW + 130);
    assert_pending(CORE, 0);
    assert_pending(REVOKE, NOW + 70);
    set_service(CORE, "Start Pending", "Auto", 0);
    run_at(NOW + 190);
    assert_pending(CORE, NOW + 190);
    assert_pending(REVOKE, NOW + 70);
}

static void test_pause(void **state)
{
    (void)state;
    set_service(CORE, "Start Pending", "Auto", 0);
    run_at(NOW);
    run_at(NOW + 6 * HOUR);
    assert_pending(CORE, NOW);
    run_at(NOW + 12 * HOUR + 1);
    assert_pending(CORE, NOW + 12 * HOUR + 1);
}

/* A clock that was set back: a little does not matter. */
static void test_clock(void **state)
{
    (void)state;
    set_service(CORE, "Start Pending", "Auto", 0);
    run_at(NOW);
    run_at(NOW - 60);
    assert_pending(CORE, NOW - 60);
    run_at(NOW);
    run_at(NOW - 61);
    assert_false(facts.pending.known);
    assert_non_null(strstr(facts.pending.problem, "dated 1 minute in the future"));
    run_at(NOW);
    assert_pending(CORE, NOW - 61);
}

/* Files that are not ours: nothing is known, and they stay. */
static void test_unusable(void **state)
{
    static const char *const cases[][2] = {
        {"", "not a state file"},
        {"{", "not a state file"},
        {HEADER(ndes) "{}}", "is damaged"},
        {HEADER(ndes) "{\"starting\":[]}}", "is damaged"},
        {HEADER(ndes) "{\"starting\":{},\"more\":1}}", "is damaged"},
        {HEADER(other) "{\"starting\":{}}}", "something else (connector: other)"},
    };

    (void)state;
    set_service(CORE, "Start Pending", "Auto", 0);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        write_file(cases[i][0]);
        run_at(NOW);
        assert_false(facts.pending.known);
        if (!strstr(facts.pending.problem, cases[i][1]))
            fail_msg("'%s' gives '%s'", cases[i][0], facts.pending.problem);
        assert_file(cases[i][0]);
    }
    write_file(HEADER(NDES) "{\"starting\":{\"PFXCertificateConnectorSvc\":-7,"
                            "\"PkiRevokeConnectorSvc\":1795392999}}}");
    set_service(REVOKE, "Start Pending", "Auto", 0);
    run_at(NOW + 60);
    assert_pending(CORE, NOW + 60);
    assert_pending(REVOKE, NOW + 60);
}

static void test_no_file(void **state)
{
    char long_path[2000];

    (void)state;
    options.state_file = "/nonexistent/state";
    run_at(NOW);
    assert_false(facts.pending.known);
    assert_non_null(strstr(facts.pending.problem, "cannot use state file /nonexistent/state: "));
    memset(long_path, 'x', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    options.state_file = long_path;
    run_at(NOW);
    assert_false(facts.pending.known);
    assert_true(facts.pending.problem[0]);
    options.state_file = NULL;
    run_at(NOW);
    assert_false(facts.pending.known);
    assert_string_equal(facts.pending.problem, "");
}

/* What was not seen is not written down. */
static void test_not_seen(void **state)
{
    (void)state;
    facts.problems[PART_SERVICES].kind = PROBLEM_DENIED;
    run_at(NOW);
    assert_false(facts.pending.known);
    assert_int_equal(access(path, F_OK), -1);
    facts.problems[PART_SERVICES].kind = PROBLEM_NONE;
    facts.looked[PART_SERVICES] = false;
    run_at(NOW);
    assert_int_equal(access(path, F_OK), -1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start_file, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_two_services), TEST(test_pause),   TEST(test_clock),
        TEST(test_unusable),     TEST(test_no_file), TEST(test_not_seen),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
