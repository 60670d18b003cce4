/* test_ledger_files.c - tests of common/scep/challenge.h with files that are not as they should
 * be: then nothing may be fetched. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/text.h"
#include "ledger.h"

#define RECORD(asked_at, ending, status, page, user)                                               \
    "{\"asked_at\":" #asked_at ",\"ending\":" #ending ",\"status\":" #status ",\"page\":" #page    \
    ",\"user\":" #user "}"

static void test_damaged(void **state)
{
    static const char *const records[] = {
        "",
        " ",
        "{",
        "{}",
        "[]",
        "null",
        "not JSON",
        "{\"ending\":\"answered\",\"status\":200,\"page\":\"password\",\"user\":\"u\"}",
        "{\"asked_at\":1,\"status\":200,\"page\":\"password\",\"user\":\"u\"}",
        "{\"asked_at\":1,\"ending\":\"answered\",\"page\":\"password\",\"user\":\"u\"}",
        "{\"asked_at\":1,\"ending\":\"answered\",\"status\":200,\"user\":\"u\"}",
        "{\"asked_at\":1,\"ending\":\"answered\",\"status\":200,\"page\":\"password\"}",
        "{\"asked_at\":1,\"status\":200,\"page\":\"password\"}",
        RECORD("1", "answered", 200, "password", "u"),
        RECORD(1.5, "answered", 200, "password", "u"),
        RECORD(0, "answered", 200, "password", "u"),
        RECORD(-5, "answered", 200, "password", "u"),
        RECORD(99999999999999999999, "answered", 200, "password", "u"),
        RECORD(1, "", 200, "password", "u"),
        RECORD(1, "Answered", 200, "password", "u"),
        RECORD(1, null, 200, "password", "u"),
        RECORD(1, 2, 200, "password", "u"),
        RECORD(1, "answered", 1000, "password", "u"),
        RECORD(1, "answered", -1, "password", "u"),
        RECORD(1, "answered", "200", "password", "u"),
        RECORD(1, "answered", 200, "", "u"),
        RECORD(1, "answered", 200, "new", "u"),
        RECORD(1, "answered", 200, null, "u"),
        RECORD(1, "answered", 200, "password", null),
        RECORD(1, "answered", 200, "password", 1),
        "{\"asked_at\":1,\"asked_at\":1,\"ending\":\"answered\",\"status\":200,"
        "\"page\":\"password\",\"user\":\"u\"}",
        RECORD(1, "answered", 200, "password", "u") "{}",
    };
    static const char good[] = RECORD(1, "answered", 200, "password", "u");

    (void)state;
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        plant_record(records[i], strlen(records[i]));
        assert_refused("damaged");
    }
    plant_record(good, strlen(good)); /* but long ago */
    assert_permit(CHALLENGE_ASK);
}

static void test_odd_files(void **state)
{
    char big[5000];
    char path[512];

    (void)state;
    memset(big, ' ', sizeof big);
    plant_record(big, sizeof big);
    assert_refused("too large");
    find_file(".json", path, sizeof path);
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_refused("directory");
    rmdir(path);
    assert_permit(CHALLENGE_ASK);
}

static void test_future(void **state)
{
    (void)state;
    plant_asked_at(clock_now() + 3600, 200, "password");
    assert_refused("from the future");
    plant_asked_at(INT64_MAX, 200, "password");
    assert_refused("from the future");
    plant_asked_at(clock_now() + 30, 200, "password"); /* a clock that was set a little */
    assert_permit(CHALLENGE_REPEAT);
}

static void assert_no_place(const char *place)
{
    request.directory = place;
    assert_refused(place);
}

static void test_no_directory(void **state)
{
    char path[512];
    char long_path[1100];

    (void)state;
    plant_record("x", 1);
    text_copy(path, sizeof path, peek().path);
    assert_no_place(path);
    text_format(path, sizeof path, "%s/missing", directory);
    assert_no_place(path);
    assert_no_place("/dev/null");
    memset(long_path, 'x', sizeof long_path);
    long_path[sizeof long_path - 1] = '\0';
    request.directory = long_path;
    assert_refused("cannot name a state file in xxx");
    assert_string_equal(ask().path, "");
}

static void test_long_names(void **state)
{
    char name[5000];

    (void)state;
    memset(name, 'u', sizeof name);
    name[sizeof name - 1] = '\0';
    request.user = name; /* its start will do to tell who it was */
    assert_permit(CHALLENGE_ASK);
    assert_int_equal(strlen(ask().last.user), sizeof(((struct challenge_verdict *)NULL)->user) - 1);
    request.url = name; /* but a URL names the ledger */
    assert_refused("cannot name");
    challenge_close(NULL);
}

static void test_foreign_names(void **state)
{
    (void)state;
    request.user = "M\xfcller"; /* no UTF-8, so no JSON */
    assert_refused("not UTF-8");
    request.user = "M\xc3\xbcller \"\\\n";
    assert_permit(CHALLENGE_ASK);
    assert_string_equal(ask().last.user, request.user);
}

/* Somebody else's file must not be written through a link. */
static void test_links(void **state)
{
    static const char *const endings[] = {".json.lock", ".json.new"};
    char path[512];
    char target[512];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        assert_permit(CHALLENGE_ASK);
        find_file(".json", path, sizeof path);
        unlink(path);
        text_format(path + strlen(path), 32, "%s", endings[i] + strlen(".json"));
        text_format(target, sizeof target, "%s/target", directory);
        unlink(path);
        assert_int_equal(symlink(target, path), 0);
        assert_refused("symbolic links");
        assert_int_equal(access(target, F_OK), -1);
        unlink(path);
    }
}

/* The record itself is replaced, not written to. */
static void test_linked_record(void **state)
{
    char path[512];
    char target[512];
    struct stat about;

    (void)state;
    assert_permit(CHALLENGE_ASK);
    find_file(".json", path, sizeof path);
    text_format(target, sizeof target, "%s/target", directory);
    unlink(path);
    assert_int_equal(symlink(target, path), 0);
    assert_permit(CHALLENGE_ASK);
    assert_int_equal(access(target, F_OK), -1);
    assert_int_equal(lstat(path, &about), 0);
    assert_true(S_ISREG(about.st_mode));
    assert_int_equal(about.st_mode & 0777, 0600);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(test_damaged),    IN_DIRECTORY(test_odd_files),
        IN_DIRECTORY(test_future),     IN_DIRECTORY(test_no_directory),
        IN_DIRECTORY(test_long_names), IN_DIRECTORY(test_foreign_names),
        IN_DIRECTORY(test_links),      IN_DIRECTORY(test_linked_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
