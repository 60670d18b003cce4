/* options.h - one table of options is the source of parsing, --help and --describe.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_OPTIONS_OPTIONS_H
#define NDES_OPTIONS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/buffer.h"

struct json_t;
struct option_type;

/* A row of the table. It names other options without dashes. */
struct option_spec {
    const char *name; /* long name, without dashes */
    char letter;      /* short name, 0 for none */
    const struct option_type *type;
    const char *argument; /* what --help calls the value, NULL for a flag */
    size_t offset;        /* of the member in the group's target that takes the value */
    const char *help;
    /* The default, NULL for none. The first two are set by the parser, as if they had been typed,
     * unless the option is given; so help and behaviour can't differ. */
    const char *standard;
    const char *const *standard_list; /* of a repeatable option: NULL behind the last */
    const char *standard_words;       /* one that depends on more than this row: for people only */
    const char *needs;          /* state-file, admin=challenge: without it this one has no effect */
    const char *idle_with;      /* skip=services: with it this one has no effect */
    const char *conflicts;      /* options that it can't be given with, blanks between them */
    const char *pair;           /* of a critical limit: the warning limit for the same thing */
    const char *const *choices; /* of option_choice: NULL-terminated, index = value */
    int64_t minimum;            /* of option_integer and option_duration */
    int64_t maximum;            /* 0: none */
    bool value_optional; /* --name or --name=VALUE; the type's set() is given NULL for none. The
                               library's types want a value: give such a row a type of your own */
};

/* How a value is parsed and stored. Rooms and plugins may define their own. */
struct option_type {
    const char *name; /* in --describe: flag, text, integer, range ... */
    bool takes_value;
    bool repeatable; /* each occurrence adds to the target */
    bool secret;     /* refused on the command line, never shown */
    /* Parses `value` into `target`. On failure returns false and completes the sentence
     * "option --name ..." in `error`. `value` stays valid as long as the option_memory. */
    bool (*set)(const struct option_spec *spec, const char *value, void *target, char *error,
                size_t error_size);
    /* NULL, or changes a value in place before it is set; it can't grow. */
    void (*rewrite)(char *value);
    /* Of limits, NULL for other types: true if a warning is never seen because the critical limit
     * is reached first. Both are targets of this type. */
    bool (*hides)(const void *critical, const void *warning);
};

/* A titled part of --help and the struct that its rows fill. */
struct option_group {
    const char *title;
    const struct option_spec *specs;
    size_t count;
    void *target;
};

/* The program whose options they are. */
struct option_program {
    const char *name;    /* check_ndes_http */
    const char *service; /* NDES HTTP */
    const char *summary; /* one line: the operator's question */
    const char *details; /* a paragraph for --help */
    const char *examples;
    /* NULL, or what --help and --describe tell beyond the options: adds a part to the text, before
     * the exit codes, and members to the JSON object, behind the options. Both are given `data`. */
    void (*add_help)(const void *data, struct buffer *output);
    void (*add_description)(const void *data, struct json_t *root);
    const void *data;
};

/* That an option was given, with which value. */
struct option_use {
    const struct option_spec *spec;
    const char *value; /* NULL: none */
};

/* What was given, and the values that came from files; wiped and freed by options_free(). */
struct option_memory {
    char **values;
    size_t count;
    struct option_use *uses; /* in order; those of files come first */
    size_t use_count;
};

enum options_verdict { OPTIONS_RUN, OPTIONS_EXIT };

/* Parses the command line, and the INI sections that --extra-opts names before it; sets the
 * defaults of what was not given; checks what the rows say of each other. The targets start zeroed.
 * Handles
 * --help, --version, --describe and every usage error: then it has printed to stdout and returns
 * OPTIONS_EXIT with the exit code in `*exit_code`. Starts `memory`, which must be freed either way;
 * so must the targets of option_secret_file, which may have been set. */
enum options_verdict options_parse(const struct option_program *program,
                                   const struct option_group *groups, size_t group_count, int argc,
                                   char **argv, struct option_memory *memory, int *exit_code);
void options_free(struct option_memory *memory);

/* Sets all defaults, as options_parse() does if nothing is given. Returns false if one can't be
 * parsed, which is a mistake in the table. */
bool options_set_standards(const struct option_group *groups, size_t group_count);

/* Ends a program whose options contradict each other: prints the one line, returns the exit code.
 */
int options_complain(const struct option_program *program, const char *format, ...)
    PRINTF_LIKE(2, 3);

#endif
