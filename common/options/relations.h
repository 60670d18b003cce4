/* relations.h - what the rows of the table say of each other: needs, conflicts, pairs of limits.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_OPTIONS_RELATIONS_H
#define NDES_OPTIONS_RELATIONS_H

#include "common/options/table.h"

/* Checks it when everything is set, defaults included. On failure returns false and writes a usage
 * error. */
bool relations_hold(const struct option_table *table, const struct option_memory *memory,
                    char *error, size_t error_size);

#endif
