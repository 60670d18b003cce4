/* given.h - which options were given, and with what values.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_OPTIONS_GIVEN_H
#define NDES_OPTIONS_GIVEN_H

#include "common/options/table.h"

/* Sets the option, as table_set() does, and notes that it was given. `value` must live as long as
 * `memory`. On failure returns false and writes a usage error. */
bool given_set(struct option_memory *memory, const struct option_row *row, const char *value,
               char *error, size_t error_size);

/* Keeps a copy of a value; NULL if memory ran out. */
char *given_keep(struct option_memory *memory, struct slice value);

/* The last time that the option was given; NULL if it was not. */
const struct option_use *given_last(const struct option_memory *memory,
                                    const struct option_spec *spec);

/* True if the option has this value: it was given, or it is the default of an option with one
 * value. Of a repeatable option each occurrence counts, of others the last one. */
bool given_value(const struct option_memory *memory, const struct option_spec *spec,
                 struct slice value);

#endif
