/* test_state_directory.c - tests of common/state with files and directories that are not ours: they
 * are neither believed nor touched. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/text.h"
#include "state_directory.h"

#define RECORD HEADER "\"time\":7,\"record\":{}}"

enum { SCHEDULER = 65533, STRANGER = 65532, COLLEAGUE = 65531, TEAM = 65530 };

static void assert_problem(const struct state_file *file, const char *part)
{
    char start[200];

    text_format(start, sizeof start, "cannot use state file %s: ", path);
    if (!text_starts(file->problem, start) || !strstr(file->problem, part))
        fail_msg("no '%s' in '%s'", part, file->problem);
}

/* Refused, and nothing is made beside it. */
static void assert_refused(const char *part)
{
    struct state_file file;

    assert_false(open_state(&file));
    assert_problem(&file, part);
    assert_null(file.record);
    state_close(&file);
    assert_int_equal(access(lock_path, F_OK), -1);
}

/* A run that finds the file usable, and replaces it. */
static bool uses_file(void)
{
    struct state_file file;
    bool used = open_state(&file) && state_write(&file, 7, json_object());

    state_close(&file);
    return used;
}

static void assert_usable(void)
{
    assert_true(uses_file());
    assert_content(RECORD);
}

static void test_content(void **state)
{
    static const char *const cases[][2] = {
        {"", "not a state file"},
        {"[webserver]\nport = 80\n", "not a state file"},
        {"{}", "not a state file"},
        {" " RECORD, "not a state file"},
        {"{\"ndes-state\":", "damaged"},
        {HEADER "\"time\":7,\"record\":{}", "damaged"},
        {RECORD "{}", "damaged"},
        {HEADER "\"time\":7,\"time\":7,\"record\":{}}", "damaged"},
        {HEADER "\"time\":7,\"record\":{},\"more\":1}", "damaged"},
        {HEADER "\"time\":7,\"record\":[]}", "damaged"},
        {HEADER "\"time\":7}", "damaged"},
        {HEADER "\"time\":0,\"record\":{}}", "damaged"},
        {HEADER "\"time\":-7,\"record\":{}}", "damaged"},
        {HEADER "\"time\":7.5,\"record\":{}}", "damaged"},
        {HEADER "\"time\":\"7\",\"record\":{}}", "damaged"},
        {HEADER "\"time\":99999999999999999999,\"record\":{}}", "damaged"},
        {"{\"ndes-state\":1,\"target\":\"SCEP at ndes\",\"time\":7,\"record\":{}}", "damaged"},
        {"{\"ndes-state\":\"1\",\"kind\":\"pool\"}", "damaged"},
        {"{\"ndes-state\":2,\"anything\":[]}", "another version of these checks"},
        {"{\"ndes-state\":1,\"kind\":\"connector\",\"target\":\"SCEP at ndes\",\"time\":7,"
         "\"record\":{}}",
         "used for something else (connector: SCEP at ndes)"},
        {"{\"ndes-state\":1,\"kind\":\"pool\",\"target\":\"SCEP at other\",\"time\":7,"
         "\"record\":{}}",
         "used for something else (pool: SCEP at other), give each a file of its own"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        write_content(cases[i][0]);
        assert_refused(cases[i][1]);
        assert_content(cases[i][0]);
    }
    write_content("{\"ndes-state\":1,\"kind\":\"pool\",\"target\":\"scep at NDES\",\"time\":7,"
                  "\"record\":{}}");
    assert_usable();
}

static void test_large(void **state)
{
    char text[STATE_FILE_MAXIMUM + 2];

    (void)state;
    memset(text, ' ', sizeof text);
    memcpy(text, RECORD, strlen(RECORD));
    text[sizeof text - 1] = '\0';
    write_content(text);
    assert_refused("too large");
    text[sizeof text - 2] = '\0';
    write_content(text);
    assert_usable();
}

static void make_socket(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);

    text_copy(address.sun_path, sizeof address.sun_path, path);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    close(listener);
}

/* None of them is waited for, followed or removed. */
static void test_no_file(void **state)
{
    char target[128];

    (void)state;
    text_format(target, sizeof target, "%s/target", directory);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_refused("it is not a regular file");
    assert_int_equal(remove(path), 0);
    make_socket();
    assert_refused("it is not a regular file");
    assert_int_equal(remove(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_refused("it is a directory");
    assert_int_equal(remove(path), 0);
    assert_int_equal(symlink(target, path), 0);
    assert_refused("it is a symbolic link");
    assert_int_equal(access(target, F_OK), -1);
    write_to(target, RECORD);
    assert_refused("it is a symbolic link");
    assert_int_equal(remove(path), 0);
    assert_int_equal(link(target, path), 0);
    assert_refused("it has other names as well");
    assert_int_equal(remove(target), 0);
    assert_usable();
}

static void test_modes(void **state)
{
    static const mode_t wrong[] = {0602, 0620, 0666, 0622};
    static const mode_t right[] = {0600, 0644, 0640, 0400};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        write_content(RECORD);
        assert_int_equal(chmod(path, wrong[i]), 0);
        assert_refused("others may write to it (mode 06");
        assert_int_equal(mode_of(path), wrong[i]);
    }
    for (size_t i = 0; i < COUNT_OF(right); i++) {
        write_content(RECORD);
        assert_int_equal(chmod(path, right[i]), 0);
        assert_usable();
        assert_int_equal(mode_of(path), 0600);
    }
}

/* The lock file is held to the same rules. */
static void test_lock_file(void **state)
{
    struct state_file file;

    (void)state;
    assert_int_equal(mkfifo(lock_path, 0600), 0);
    assert_false(open_state(&file));
    assert_problem(&file, "lock file scep.json.lock: it is not a regular file");
    state_close(&file);
    assert_int_equal(remove(lock_path), 0);
    assert_int_equal(symlink(path, lock_path), 0);
    assert_false(open_state(&file));
    assert_problem(&file, "lock file scep.json.lock: it is a symbolic link");
    state_close(&file);
    assert_int_equal(access(path, F_OK), -1);
}

static void test_directories(void **state)
{
    struct deadline deadline = deadline_in(5);
    struct state_file file;
    char name[1200];

    (void)state;
    assert_int_equal(chmod(directory, 0777), 0);
    assert_refused("everybody may write to its directory");
    assert_int_equal(chmod(directory, 01777), 0);
    assert_usable();
    assert_int_equal(mode_of(path), 0600);
    assert_false(state_open(&file, "/nonexistent/scep.json", &subject, 1, &deadline));
    assert_string_equal(file.problem, "cannot use state file /nonexistent/scep.json: cannot open "
                                      "its directory: No such file or directory");
    state_close(&file);
    text_format(name, sizeof name, "%s/", directory);
    assert_false(state_open(&file, name, &subject, 1, &deadline));
    assert_non_null(strstr(file.problem, "it is a directory"));
    state_close(&file);
    assert_false(state_open(&file, "", &subject, 1, &deadline));
    state_close(&file);
    assert_false(state_open(&file, "/dev/null", &subject, 1, &deadline));
    assert_non_null(strstr(file.problem, "it is not a regular file"));
    state_close(&file);
    memset(name, 'x', sizeof name);
    for (size_t length = 256; length < sizeof name; length += sizeof name - 257) {
        name[length] = '\0';
        assert_false(state_open(&file, name, &subject, 1, &deadline));
        assert_non_null(strstr(file.problem, "the name is too long"));
        state_close(&file);
        name[length] = 'x';
    }
}

/* Only root can be somebody else. */
#define NEEDS_ROOT()                                                                               \
    do {                                                                                           \
        if (geteuid() != 0)                                                                        \
            skip();                                                                                \
    } while (0)

static void give(const char *name, uid_t user, gid_t group, mode_t mode)
{
    assert_int_equal(chown(name, user, group), 0);
    assert_int_equal(chmod(name, mode), 0);
}

/* What a run of that user and group says: "" if it used the file. */
static const char *run_as(uid_t user, gid_t group)
{
    static char problem[STATE_PROBLEM_SIZE];
    struct state_file file;
    int ends[2];
    pid_t child;
    ssize_t got;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        if (setgid(group) != 0 || setuid(user) != 0)
            _exit(1);
        if (open_state(&file))
            state_write(&file, 7, json_object());
        _exit(write(ends[1], file.problem, sizeof file.problem) < 0);
    }
    close(ends[1]);
    got = read(ends[0], problem, sizeof problem);
    close(ends[0]);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(got, sizeof problem);
    return problem;
}

static void assert_owner(const char *name, uid_t user, gid_t group, mode_t mode)
{
    struct stat about;

    assert_int_equal(lstat(name, &about), 0);
    assert_int_equal(about.st_uid, user);
    assert_int_equal(about.st_gid, group);
    assert_int_equal(about.st_mode & 07777, mode);
}

static void test_other_owner(void **state)
{
    (void)state;
    NEEDS_ROOT();
    give(directory, SCHEDULER, SCHEDULER, 0755);
    write_content(RECORD);
    give(path, STRANGER, SCHEDULER, 0644);
    assert_refused("it belongs to another user (uid 65532, not 0)");
    assert_non_null(strstr(run_as(SCHEDULER, SCHEDULER), "another user (uid 65532, not 65533)"));
    give(path, 0, 0, 0644);
    assert_non_null(strstr(run_as(SCHEDULER, SCHEDULER), "another user (uid 0, not 65533)"));
    assert_owner(path, 0, 0, 0644);
    assert_int_equal(access(lock_path, F_OK), -1);
    give(path, SCHEDULER, SCHEDULER, 0600);
    assert_string_equal(run_as(SCHEDULER, SCHEDULER), "");
    assert_non_null(strstr(run_as(STRANGER, STRANGER), "another user (uid 65533, not 65532)"));
}

/* A run in root's shell does not lock the scheduler out; nor what an earlier one left. */
static void test_root(void **state)
{
    (void)state;
    NEEDS_ROOT();
    give(directory, SCHEDULER, SCHEDULER, 0755);
    assert_usable();
    assert_owner(path, SCHEDULER, SCHEDULER, 0600);
    assert_owner(lock_path, SCHEDULER, SCHEDULER, 0600);
    assert_string_equal(run_as(SCHEDULER, SCHEDULER), "");
    assert_usable();
    assert_owner(path, SCHEDULER, SCHEDULER, 0600);
    give(path, 0, 0, 0600);
    assert_usable();
    assert_owner(path, SCHEDULER, SCHEDULER, 0600);
}

static void test_unwritable(void **state)
{
    (void)state;
    NEEDS_ROOT();
    give(directory, 0, 0, 0755);
    assert_non_null(strstr(run_as(STRANGER, STRANGER),
                           "scep.json: cannot create scep.json.lock: Permission denied"));
    give(directory, 0, 0, 0700);
    assert_non_null(
        strstr(run_as(STRANGER, STRANGER), "cannot open its directory: Permission denied"));
    give(directory, 0, 0, 0755);
    write_to(lock_path, "");
    give(lock_path, STRANGER, STRANGER, 0600);
    assert_non_null(
        strstr(run_as(STRANGER, STRANGER), "cannot create .scep.json.ndes-new: Permission denied"));
}

/* Whoever may write into the directory may use the file; nobody else. */
static void test_shared(void **state)
{
    (void)state;
    NEEDS_ROOT();
    give(directory, SCHEDULER, TEAM, 02770);
    assert_string_equal(run_as(SCHEDULER, TEAM), "");
    assert_owner(path, SCHEDULER, TEAM, 0660);
    assert_owner(lock_path, SCHEDULER, TEAM, 0660);
    assert_string_equal(run_as(COLLEAGUE, TEAM), "");
    assert_owner(path, COLLEAGUE, TEAM, 0660);
    assert_string_equal(run_as(SCHEDULER, TEAM), "");
    assert_usable();
    assert_owner(path, SCHEDULER, TEAM, 0660);
    give(path, COLLEAGUE, TEAM, 0662);
    assert_non_null(strstr(run_as(SCHEDULER, TEAM), "others may write to it (mode 0662)"));
    give(path, COLLEAGUE, COLLEAGUE, 0644);
    assert_non_null(strstr(run_as(SCHEDULER, TEAM), "it belongs to another user"));
    give(path, SCHEDULER, COLLEAGUE, 0660);
    assert_non_null(strstr(run_as(SCHEDULER, TEAM), "others may write to it (mode 0660)"));
}

/* Without the set-group-ID bit the group is given to the file all the same. */
static void test_shared_group(void **state)
{
    (void)state;
    NEEDS_ROOT();
    give(directory, 0, TEAM, 0770);
    assert_usable();
    assert_owner(path, 0, TEAM, 0660);
    assert_string_equal(run_as(SCHEDULER, TEAM), "");
    assert_owner(path, SCHEDULER, TEAM, 0660);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(test_content),      IN_DIRECTORY(test_large),
        IN_DIRECTORY(test_no_file),      IN_DIRECTORY(test_modes),
        IN_DIRECTORY(test_lock_file),    IN_DIRECTORY(test_directories),
        IN_DIRECTORY(test_other_owner),  IN_DIRECTORY(test_root),
        IN_DIRECTORY(test_unwritable),   IN_DIRECTORY(test_shared),
        IN_DIRECTORY(test_shared_group),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
