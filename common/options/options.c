/* options.c - from the command line to a program's option structs, or to help or a usage error.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/options/options.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/printed.h"
#include "common/base/secret.h"
#include "common/options/arguments.h"
#include "common/options/extra_opts.h"
#include "common/options/given.h"
#include "common/options/help.h"
#include "common/options/relations.h"
#include "common/report/report.h"

/* The command line is walked once for each: help comes before files, files before values. */
enum stage { STAGE_SYNTAX, STAGE_FILES, STAGE_VALUES };

/* Walks the command line. `*asked` becomes --help, --version or --describe if one is there.
 * Returns false and a usage error on failure. */
static bool walk(const struct option_table *table, enum stage stage, int argc, char **argv,
                 struct option_memory *memory, enum builtin *asked, char *error, size_t error_size)
{
    struct arguments arguments;
    struct option_row row;
    const char *value;
    enum arguments_step step;
    bool fine = true;

    arguments_start(&arguments, table, argc, argv);
    while (fine &&
           (step = arguments_next(&arguments, &row, &value, error, error_size)) != ARGUMENTS_END) {
        enum builtin builtin;

        if (step == ARGUMENTS_ERROR)
            return false;
        builtin = table_builtin(&row);
        if (builtin == BUILTIN_NONE && stage == STAGE_VALUES) {
            fine = given_set(memory, &row, value, error, error_size);
        } else if (builtin == BUILTIN_EXTRA_OPTS && stage == STAGE_FILES) {
            fine = extra_opts_apply(table, value, memory, error, error_size);
        } else if (builtin != BUILTIN_NONE && builtin != BUILTIN_EXTRA_OPTS) {
            *asked = builtin;
            return true;
        }
    }
    return fine;
}

/* Prints what was asked for and returns the exit code. */
static int answer(const struct option_table *table, enum builtin asked)
{
    struct buffer output;
    int exit_code = STATE_UNKNOWN;

    buffer_init(&output, HELP_MAXIMUM);
    if (asked == BUILTIN_HELP)
        help_write(table, &output);
    else if (asked == BUILTIN_VERSION)
        version_write(table->program, &output);
    else if (describe_write(table, &output))
        exit_code = STATE_OK;
    printed_set(PRINTED_A_PART);
    if (fputs(buffer_text(&output), stdout) == EOF || fflush(stdout) == EOF)
        exit_code = STATE_UNKNOWN;
    printed_set(exit_code);
    buffer_free(&output);
    return exit_code;
}

/* Sets the defaults of what was not given. */
static bool set_standards(const struct option_table *table, const struct option_memory *memory,
                          char *error, size_t error_size)
{
    struct table_step step = {0};
    struct option_row row;

    while (table_next(table, &step, &row))
        if (!given_last(memory, row.spec) && !table_set_standard(&row, error, error_size))
            return false;
    return true;
}

bool options_set_standards(const struct option_group *groups, size_t group_count)
{
    struct option_table table = {.groups = groups, .group_count = group_count};
    struct option_memory nothing = {0};
    char error[1024];

    return set_standards(&table, &nothing, error, sizeof error);
}

/* What has to be done when everything was given. */
static bool complete(const struct option_table *table, const struct option_memory *memory,
                     char *error, size_t error_size)
{
    return set_standards(table, memory, error, error_size) &&
           relations_hold(table, memory, error, error_size);
}

enum options_verdict options_parse(const struct option_program *program,
                                   const struct option_group *groups, size_t group_count, int argc,
                                   char **argv, struct option_memory *memory, int *exit_code)
{
    struct option_table table = {.program = program, .groups = groups, .group_count = group_count};
    enum builtin asked = BUILTIN_NONE;
    char error[1024];

    *memory = (struct option_memory){0};
    for (int stage = STAGE_SYNTAX; stage <= STAGE_VALUES; stage++) {
        if (!walk(&table, (enum stage)stage, argc, argv, memory, &asked, error, sizeof error)) {
            *exit_code = report_print_unknown(program->service, error, stdout);
            return OPTIONS_EXIT;
        }
        if (asked != BUILTIN_NONE) {
            *exit_code = answer(&table, asked);
            return OPTIONS_EXIT;
        }
    }
    if (complete(&table, memory, error, sizeof error))
        return OPTIONS_RUN;
    *exit_code = report_print_unknown(program->service, error, stdout);
    return OPTIONS_EXIT;
}

void options_free(struct option_memory *memory)
{
    for (size_t i = 0; i < memory->count; i++)
        secret_free(memory->values[i]);
    free(memory->values);
    free(memory->uses);
    *memory = (struct option_memory){0};
}

int options_complain(const struct option_program *program, const char *format, ...)
{
    va_list arguments;
    struct buffer message;
    int exit_code;

    buffer_init(&message, 4096);
    va_start(arguments, format);
    buffer_vaddf(&message, format, arguments);
    va_end(arguments);
    exit_code = report_print_unknown(program->service, buffer_text(&message), stdout);
    buffer_free(&message);
    return exit_code;
}
