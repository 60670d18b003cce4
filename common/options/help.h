/* help.h - what --help, --version and --describe print.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_OPTIONS_HELP_H
#define NDES_OPTIONS_HELP_H

#include "common/base/buffer.h"
#include "common/options/table.h"

enum { HELP_WIDTH = 80, HELP_COLUMN = 26, HELP_MAXIMUM = 256 * 1024 };

/* Appends the help text, wrapped to HELP_WIDTH columns. */
void help_write(const struct option_table *table, struct buffer *output);

/* Appends a name and, from HELP_COLUMN on, its text; below the name if that is too long. */
void help_add_item(struct buffer *output, const char *name, const char *text);

/* Appends the line of --version. */
void version_write(const struct option_program *program, struct buffer *output);

/* Appends an option's default for people: its text, list or words. Returns false if it has none. */
bool standard_write(const struct option_spec *spec, struct buffer *text);

/* Appends one JSON object: plugin, version, service, summary, details, examples; options (group,
 * name, letter, type, argument, help, default, default_in_words, choices, minimum, maximum,
 * value_optional, repeatable, secret, needs, idle_with, conflicts, pair); then what the program
 * adds. Returns false if memory ran out. */
bool describe_write(const struct option_table *table, struct buffer *output);

#endif
