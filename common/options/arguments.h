/* arguments.h - takes a command line apart with getopt_long().
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_OPTIONS_ARGUMENTS_H
#define NDES_OPTIONS_ARGUMENTS_H

#include <getopt.h>

#include "common/options/table.h"

enum { ARGUMENTS_ROWS_MAXIMUM = 64 };

/* The option table in getopt_long()'s terms. getopt_long() keeps its place in globals, so only one
 * of these can be in use. */
struct arguments {
    int argc;
    char **argv;
    const struct option_table *table;
    struct option_row rows[ARGUMENTS_ROWS_MAXIMUM];
    struct option longs[ARGUMENTS_ROWS_MAXIMUM + 1];
    char letters[2 + 3 * ARGUMENTS_ROWS_MAXIMUM + 1];
    int count;
};

/* Starts at the first argument. `table` and `argv` must outlive it. */
void arguments_start(struct arguments *arguments, const struct option_table *table, int argc,
                     char **argv);

enum arguments_step { ARGUMENTS_OPTION, ARGUMENTS_END, ARGUMENTS_ERROR };

/* Finds the next option and its value (NULL: none). As with monitoring-plugins, an optional value
 * may be an argument of its own if it does not start with a dash. On ARGUMENTS_ERROR `error` holds
 * a usage error. */
enum arguments_step arguments_next(struct arguments *arguments, struct option_row *row,
                                   const char **value, char *error, size_t error_size);

#endif
