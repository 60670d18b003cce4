/* test_trust.c - tests of common/http/trust.h and common/base/hashed_directory.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/hashed_directory.h"
#include "common/base/text.h"
#include "common/http/trust.h"

/* Whether a directory with a file of that name counts as hashed. */
static bool is_hashed_with(const char *name)
{
    char directory[] = "/tmp/test_trust.XXXXXX";
    char path[128];
    FILE *file;
    bool hashed;

    assert_non_null(mkdtemp(directory));
    text_format(path, sizeof path, "%s/%s", directory, name);
    file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    hashed = is_hashed_directory(directory);
    unlink(path);
    rmdir(directory);
    return hashed;
}

static void test_names(void **state)
{
    static const char *const others[] = {"ca-certificates.crt", "02265526",     "02265526.",
                                         "02265526.r0",         "02265526.100", "02265526.0x",
                                         "0226552.0",           "022655260.0",  "0226552G.0",
                                         "0226552A.0",          "02265526.-1",  "02265526 .0"};

    (void)state;
    assert_true(is_hashed_with("02265526.0"));
    assert_true(is_hashed_with("abcdef01.12"));
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (is_hashed_with(others[i]))
            fail_msg("%s is no hash link", others[i]);
}

static void test_no_directory(void **state)
{
    char empty[] = "/tmp/test_trust.XXXXXX";

    (void)state;
    assert_false(is_hashed_directory("/nonexistent"));
    assert_false(is_hashed_directory("/dev/null"));
    assert_non_null(mkdtemp(empty));
    assert_false(is_hashed_directory(empty));
    rmdir(empty);
}

static void test_system(void **state)
{
    const char *directory = trust_system_directory();

    (void)state;
    assert_true(!directory || is_hashed_directory(directory));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_no_directory),
        cmocka_unit_test(test_system),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
