/* extra_opts.h - options from a section of an INI file, as --extra-opts asks for them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_OPTIONS_EXTRA_OPTS_H
#define NDES_OPTIONS_EXTRA_OPTS_H

#include "common/options/table.h"

enum { INI_FILE_MAXIMUM = 64 * 1024 };

/* Finds the file that is read when none is named: that of MP_CONFIG_FILE, or the first that exists
 * in the directories of NAGIOS_CONFIG_PATH and then in the places of monitoring-plugins.
 * Returns false if there is none. */
bool extra_opts_default_file(char *path, size_t path_size);

/* Sets every option of the section that `locator` names: NULL or `[section][@file]`, file `-` for
 * standard input. The values are kept in `memory`. On failure returns false and writes a usage
 * error that names file, line and section, but no value that might be a secret. */
bool extra_opts_apply(const struct option_table *table, const char *locator,
                      struct option_memory *memory, char *error, size_t error_size);

#endif
