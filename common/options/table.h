/* table.h - all options of a program in one place: lookup by name or letter, and setting one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_OPTIONS_TABLE_H
#define NDES_OPTIONS_TABLE_H

#include "common/base/text.h"
#include "common/options/options.h"

struct option_table {
    const struct option_program *program;
    const struct option_group *groups;
    size_t group_count;
};

/* A row and the group whose target it fills. */
struct option_row {
    const struct option_group *group;
    const struct option_spec *spec;
};

/* The options that options_parse() handles itself. */
enum builtin { BUILTIN_HELP, BUILTIN_VERSION, BUILTIN_EXTRA_OPTS, BUILTIN_DESCRIBE, BUILTIN_NONE };

/* Which of them a row is; BUILTIN_NONE for a row of the program's. */
enum builtin table_builtin(const struct option_row *row);

/* The program's groups, then the built-in one; NULL behind the last. */
const struct option_group *table_group(const struct option_table *table, size_t index);

/* Finds a long name, or an abbreviation that fits one name only. On failure returns false and
 * writes a usage error that shows no more of the input than `name`. */
bool table_find_name(const struct option_table *table, struct slice name, struct option_row *row,
                     char *error, size_t error_size);

/* Finds a short name, with the same contract. */
bool table_find_letter(const struct option_table *table, char letter, struct option_row *row,
                       char *error, size_t error_size);

/* Steps to the next row of the table; `row` and `step` start as {0}. Returns false behind the last.
 */
struct table_step {
    size_t group;
    size_t index;
};
bool table_next(const struct option_table *table, struct table_step *step, struct option_row *row);

/* Finds a row of the program's by its whole name; it must be there. */
struct option_row table_row(const struct option_table *table, struct slice name);

/* Where the row's value is. */
void *table_target(const struct option_row *row);

/* Sets the row's default, if it has one. On failure returns false and writes a line. */
bool table_set_standard(const struct option_row *row, char *error, size_t error_size);

/* Checks that a value is there if one is needed (NULL: none), parses it and stores it. On failure
 * returns false and writes a usage error. */
bool table_set(const struct option_row *row, const char *value, char *error, size_t error_size);

#endif
