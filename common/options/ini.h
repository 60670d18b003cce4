/* ini.h - reads the entries of one section out of the text of an INI file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_OPTIONS_INI_H
#define NDES_OPTIONS_INI_H

#include "common/base/text.h"

/* The format is that of monitoring-plugins: `[section]`, `key = value`, `key =` or `key` alone;
 * lines that start with `#` or `;` are comments; blanks are trimmed; quotes and later `#` belong
 * to the value; a section may occur several times. Other sections may hold anything. */
struct ini_reader {
    struct slice rest;
    struct slice section; /* the wanted one */
    bool inside;          /* in the wanted section */
    bool found;           /* the wanted section was seen */
    bool any_section;     /* a section was seen */
    size_t line;          /* number of the current line, from 1 */
};

struct ini_entry {
    struct slice key; /* letters, digits, `-`, `_`, `.`; without leading dashes */
    struct slice value;
    bool has_value; /* false if it is empty or left out */
};

enum ini_step { INI_ENTRY, INI_END, INI_ERROR };

/* Starts at the top of `text`, which must stay valid, as must `section`. */
void ini_start(struct ini_reader *reader, const char *text, size_t length, const char *section);

/* Finds the next entry. On INI_ERROR `error` says what is wrong with line `reader->line`, without
 * showing its text: that may be a secret. */
enum ini_step ini_next(struct ini_reader *reader, struct ini_entry *entry, char *error,
                       size_t error_size);

#endif
