/* parsing.c - what tests of option groups share: a command line, a file with a secret, a complaint.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include "parsing.h"

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/text.h"

char complaint[512];
static struct option_memory memory; /* the options point into it */
char secret_file[] = "/tmp/test_parsing_XXXXXX";

int make_secret(void **state)
{
    int descriptor = mkstemp(secret_file);

    (void)state;
    return descriptor >= 0 && write(descriptor, "secret\n", 7) == 7 && close(descriptor) == 0 ? 0
                                                                                              : -1;
}

int remove_secret(void **state)
{
    (void)state;
    options_free(&memory);
    return unlink(secret_file);
}

void parse_words(const struct option_group *groups, size_t count, const char *first, va_list rest)
{
    static const struct option_program program = {.name = "check_x", .service = "X"};
    char *argv[32] = {"check_x"};
    int argc = 1;
    int exit_code;

    options_free(&memory);
    for (const char *next = first; next; next = va_arg(rest, const char *))
        argv[argc++] = strcmp(next, "FILE") == 0 ? secret_file : (char *)next;
    assert_int_equal(options_parse(&program, groups, count, argc, argv, &memory, &exit_code),
                     OPTIONS_RUN);
    text_copy(complaint, sizeof complaint, "left over");
}
