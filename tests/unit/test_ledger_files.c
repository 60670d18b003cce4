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

#define RECORD(ending, status, page, user, refusal)                                                \
    "{\"target\":\"t\",\"ending\":" #ending ",\"status\":" #status ",\"page\":" #page              \
    ",\"user\":" #user ",\"refusal\":" #refusal "}"

static void test_damaged(void **state)
{
    static const char *const records[] = {
        "{}",
        "[]",
        "null",
        "{\"target\":\"t\",\"status\":200,\"page\":\"password\",\"user\":\"u\",\"refusal\":\"\"}",
        "{\"target\":\"t\",\"ending\":\"answered\",\"page\":\"password\",\"user\":\"u\","
        "\"refusal\":\"\"}",
        "{\"target\":\"t\",\"ending\":\"answered\",\"status\":200,\"user\":\"u\",\"refusal\":\"\"}",
        "{\"target\":\"t\",\"ending\":\"answered\",\"status\":200,\"page\":\"password\","
        "\"refusal\":\"\"}",
        RECORD("", 200, "password", "u", ""),
        RECORD("Answered", 200, "password", "u", ""),
        RECORD(null, 200, "password", "u", ""),
        RECORD(2, 200, "password", "u", ""),
        RECORD("answered", 1000, "password", "u", ""),
        RECORD("answered", -1, "password", "u", ""),
        RECORD("answered", "200", "password", "u", ""),
        RECORD("answered", 200, "", "u", ""),
        RECORD("answered", 200, "new", "u", ""),
        RECORD("answered", 200, null, "u", ""),
        RECORD("answered", 200, "password", null, ""),
        RECORD("answered", 200, "password", 1, ""),
        RECORD("answered", 200, "password", "u", null),
        "{\"ending\":\"answered\",\"status\":200,\"page\":\"password\",\"user\":\"u\","
        "\"refusal\":\"\"}",
        "{\"target\":\"t\",\"ending\":\"answered\",\"status\":200,\"page\":\"password\",\"user\":"
        "\"u\"}",
        "{\"target\":\"t\",\"status\":200,\"status\":200,\"ending\":\"answered\",\"page\":"
        "\"password\","
        "\"user\":\"u\",\"refusal\":\"\"}",
        RECORD("answered", 200, "password", "u", "") "{}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(records); i++) {
        plant_record(1, records[i]);
        assert_refused("damaged");
        assert_refused("damaged"); /* the file is left alone */
    }
    plant_record(1, RECORD("answered", 200, "password", "u", "")); /* but long ago */
    assert_permit(CHALLENGE_ASK);
}

/* What is no state file, and those of others: common/state has the whole policy. */
static void test_foreign(void **state)
{
    static const char record[] = RECORD("answered", 200, "password", "u", "");
    static const char other[] =
        "{\"ndes-state\":1,\"kind\":\"pool\",\"target\":\"" TARGET "\",\"time\":1,\"record\":{}}";
    char path[512];

    (void)state;
    plant_bytes("", 0);
    assert_refused("not a state file");
    plant_bytes(record, strlen(record));
    assert_refused("not a state file");
    plant_bytes(other, strlen(other));
    assert_refused("something else");
    find_file(".json", path, sizeof path);
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_refused("directory");
    rmdir(path);
    assert_permit(CHALLENGE_ASK);
}

/* A clock that was set back: nothing is fetched, and the interval begins anew. */
static void test_future(void **state)
{
    struct challenge said;

    (void)state;
    plant_asked_at(clock_now() + 3630, 200, "password");
    assert_refused("dated 60 minutes in the future");
    said = ask();
    assert_int_equal(said.permit, CHALLENGE_REPEAT);
    assert_int_equal(said.last.page, ADMIN_PAGE_PASSWORD);
    assert_string_equal(said.last.user, "u");
    assert_int_equal(said.age + said.wait, INTERVAL);
    assert_in_range(said.age, 0, 60);
    plant_asked_at(INT64_MAX, 200, "password");
    assert_refused("in the future");
    assert_permit(CHALLENGE_REPEAT);
    plant_asked_at(clock_now() + 30, 200, "password"); /* a clock that was set a little */
    assert_permit(CHALLENGE_REPEAT);
}

/* As long as that cannot be written down nothing is fetched either. */
static void test_future_unwritable(void **state)
{
    char path[512];

    (void)state;
    plant_asked_at(clock_now() + 3600, 200, "password");
    text_format(path, sizeof path, "%s/.%s.ndes-new", directory, strrchr(ledger_path(), '/') + 1);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_refused("in the way: it is a directory");
    assert_refused("in the way: it is a directory");
    assert_int_equal(rmdir(path), 0);
    assert_refused("in the future");
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
    plant_bytes("x", 1);
    text_copy(path, sizeof path, ledger_path());
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
    login = name; /* its start will do to tell who it was */
    assert_permit(CHALLENGE_ASK);
    assert_int_equal(strlen(ask().last.user), sizeof(((struct challenge_verdict *)NULL)->user) - 1);
    request.url = name; /* a URL of which only the start would name the ledger is refused */
    text_copy(name, sizeof name, "http://ndes.example.com/");
    name[strlen(name)] = 'u';
    assert_refused("cannot name");
    challenge_close(NULL);
}

static void test_foreign_names(void **state)
{
    (void)state;
    login = "M\xfcller"; /* no UTF-8, so no JSON */
    assert_refused("not UTF-8");
    login = "M\xc3\xbcller \"\\\n";
    assert_permit(CHALLENGE_ASK);
    assert_string_equal(ask().last.user, login);
}

/* Nothing is written through a link, nor in its place. */
static void test_links(void **state)
{
    char path[512];
    char target[512];
    char *end;

    (void)state;
    text_copy(path, sizeof path, ledger_path());
    text_format(target, sizeof target, "%s/target", directory);
    end = path + strlen(path);
    for (int i = 0; i < 2; i++) {
        text_copy(end, 16, i ? ".lock" : "");
        assert_int_equal(symlink(target, path), 0);
        assert_refused("symbolic link");
        assert_int_equal(access(target, F_OK), -1);
        assert_int_equal(unlink(path), 0);
    }
    assert_permit(CHALLENGE_ASK);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(test_damaged),       IN_DIRECTORY(test_foreign),
        IN_DIRECTORY(test_future),        IN_DIRECTORY(test_future_unwritable),
        IN_DIRECTORY(test_no_directory),  IN_DIRECTORY(test_long_names),
        IN_DIRECTORY(test_foreign_names), IN_DIRECTORY(test_links),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
