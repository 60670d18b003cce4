/* parsing.h - what tests of option groups share: a command line, a file with a secret, a complaint.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_TESTS_PARSING_H
#define NDES_TESTS_PARSING_H

#include <stdarg.h>

#include "common/options/options.h"

/* What the resolve step under test complained of. */
extern char complaint[512];

/* A file that holds "secret"; made and removed by the setup and teardown of the group of tests. */
extern char secret_file[];
int make_secret(void **state);
int remove_secret(void **state);

/* Parses words up to a NULL; FILE stands for the secret file. Fails the test if they are no
 * options. */
void parse_words(const struct option_group *groups, size_t count, const char *first, va_list rest);

/* Fails unless `resolve(words...)` returns false with this complaint. */
#define REFUSES(expected, ...)                                                                     \
    do {                                                                                           \
        assert_false(resolve(__VA_ARGS__, NULL));                                                  \
        assert_string_equal(complaint, expected);                                                  \
    } while (0)

#endif
