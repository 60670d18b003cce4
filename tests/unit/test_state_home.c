/* test_state_home.c - tests of common/state/state_home.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/text.h"
#include "common/state/state_home.h"

#define MISSING "/nonexistent/check_ndes"

static char directory[64];
static char inner[128];

static int make_home(void **state)
{
    (void)state;
    text_copy(directory, sizeof directory, "/tmp/test_state_home.XXXXXX");
    unsetenv("MP_STATE_PATH");
    unsetenv("XDG_STATE_HOME");
    if (!mkdtemp(directory))
        return -1;
    setenv("HOME", directory, 1);
    return 0;
}

static int remove_home(void **state)
{
    static const char *const made[] = {"/.local/state/check_ndes", "/.local/state", "/.local",
                                       "/xdg/check_ndes",          "/xdg",          ""};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(made); i++) {
        text_format(inner, sizeof inner, "%s%s", directory, made[i]);
        rmdir(inner);
    }
    return access(directory, F_OK) ? 0 : -1;
}

static void assert_home(const char *standard, const char *expected)
{
    char path[256];

    state_home(standard, path, sizeof path);
    assert_string_equal(path, expected);
}

static const char *below(const char *name)
{
    text_format(inner, sizeof inner, "%s%s", directory, name);
    return inner;
}

static void test_named(void **state)
{
    (void)state;
    setenv("MP_STATE_PATH", "/named/whatever", 1);
    assert_home(directory, "/named/whatever");
    setenv("MP_STATE_PATH", "", 1);
    assert_home(directory, directory);
}

static void test_standard(void **state)
{
    (void)state;
    assert_home(directory, directory);
    assert_int_equal(access(below("/.local"), F_OK), -1); /* nothing is made that is not needed */
}

static void test_user(void **state)
{
    struct stat made;

    (void)state;
    assert_home(MISSING, below("/.local/state/check_ndes"));
    assert_int_equal(stat(below("/.local/state/check_ndes"), &made), 0);
    assert_int_equal(made.st_mode & 07777, 0700);
    assert_home(MISSING, below("/.local/state/check_ndes"));
    setenv("XDG_STATE_HOME", "relative", 1); /* the specification wants that to be ignored */
    assert_home(MISSING, below("/.local/state/check_ndes"));
    setenv("XDG_STATE_HOME", below("/xdg"), 1);
    assert_home(MISSING, below("/xdg/check_ndes"));
}

static void test_none(void **state)
{
    (void)state;
    setenv("HOME", "/dev/null", 1);
    assert_home(MISSING, MISSING);
    setenv("HOME", "", 1);
    assert_home(MISSING, MISSING);
    unsetenv("HOME");
    assert_home(MISSING, MISSING);
}

#define IN_HOME(test) cmocka_unit_test_setup_teardown(test, make_home, remove_home)

int main(void)
{
    const struct CMUnitTest tests[] = {IN_HOME(test_named), IN_HOME(test_standard),
                                       IN_HOME(test_user), IN_HOME(test_none)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
