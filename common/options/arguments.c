/* arguments.c - takes a command line apart with getopt_long().
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/options/arguments.h"

#include <string.h>

enum { FIRST_LONG = 256 }; /* getopt_long()'s values: letters below, then one for each row */

/* Adds a row to the list of letters: "w:", "v", "l::". */
static void add_letter(struct arguments *arguments, const struct option_spec *spec)
{
    size_t length = strlen(arguments->letters);
    const char *value = !spec->type->takes_value ? "" : spec->value_optional ? "::" : ":";

    text_format(arguments->letters + length, sizeof arguments->letters - length, "%c%s",
                spec->letter, value);
}

void arguments_start(struct arguments *arguments, const struct option_table *table, int argc,
                     char **argv)
{
    const struct option_group *group;

    *arguments = (struct arguments){.argc = argc, .argv = argv, .table = table};
    text_copy(arguments->letters, sizeof arguments->letters, "+:"); /* no reordering; tell ':' */
    for (size_t g = 0; (group = table_group(table, g)); g++) {
        for (size_t i = 0; i < group->count && arguments->count < ARGUMENTS_ROWS_MAXIMUM; i++) {
            const struct option_spec *spec = &group->specs[i];
            int form = !spec->type->takes_value ? no_argument
                       : spec->value_optional   ? optional_argument
                                                : required_argument;

            if (spec->letter)
                add_letter(arguments, spec);
            arguments->rows[arguments->count] = (struct option_row){group, spec};
            arguments->longs[arguments->count] =
                (struct option){spec->name, form, NULL, FIRST_LONG + arguments->count};
            arguments->count++;
        }
    }
    optind = 0; /* glibc: forget an earlier walk */
    opterr = 0;
}

/* A secret in the process list is no secret: says what to use instead. */
static void complain_secret(const struct option_table *table, const struct option_spec *spec,
                            char *error, size_t error_size)
{
    char sibling[64];
    struct option_row row;
    bool has_sibling;

    text_format(sibling, sizeof sibling, "%s-file", spec->name);
    has_sibling = table_find_name(table, slice_of(sibling), &row, error, error_size);
    text_format(error, error_size,
                "option --%s would be visible in the process list: use %s%s%san --extra-opts "
                "section",
                spec->name, has_sibling ? "--" : "", has_sibling ? sibling : "",
                has_sibling ? " or " : "");
}

/* getopt_long() only says that something is wrong; this says what. */
static void complain(const struct arguments *arguments, int code, char *error, size_t error_size)
{
    const char *text = arguments->argv[optind > 1 ? optind - 1 : 1];
    struct option_row row;

    if (optopt >= FIRST_LONG)
        text_format(error, error_size, "option --%s %s", arguments->longs[optopt - FIRST_LONG].name,
                    code == ':' ? "needs a value" : "takes no value");
    else if (!optopt)
        table_find_name(arguments->table, (struct slice){text + 2, strcspn(text + 2, "=")}, &row,
                        error, error_size);
    else if (table_find_letter(arguments->table, (char)optopt, &row, error, error_size))
        text_format(error, error_size, "option --%s needs a value", row.spec->name);
}

/* The row of an option that getopt_long() recognised. */
static struct option_row row_of(const struct arguments *arguments, int code)
{
    int index = code - FIRST_LONG;

    for (int i = 0; code < FIRST_LONG && i < arguments->count; i++)
        if (arguments->rows[i].spec->letter == (char)code)
            index = i;
    return arguments->rows[index];
}

enum arguments_step arguments_next(struct arguments *arguments, struct option_row *row,
                                   const char **value, char *error, size_t error_size)
{
    int code =
        getopt_long(arguments->argc, arguments->argv, arguments->letters, arguments->longs, NULL);
    const char *next;

    *value = NULL;
    next = optind < arguments->argc ? arguments->argv[optind] : NULL;
    if (code == -1 && !next)
        return ARGUMENTS_END;
    if (code == -1) {
        text_format(error, error_size, "unexpected argument '%s' (see --help)", next);
        return ARGUMENTS_ERROR;
    }
    if (code == '?' || code == ':') {
        complain(arguments, code, error, error_size);
        return ARGUMENTS_ERROR;
    }
    *row = row_of(arguments, code);
    if (row->spec->type->secret) {
        complain_secret(arguments->table, row->spec, error, error_size);
        return ARGUMENTS_ERROR;
    }
    *value = optarg;
    if (!optarg && row->spec->value_optional && next && next[0] != '-') {
        *value = next;
        optind++;
    }
    return ARGUMENTS_OPTION;
}
