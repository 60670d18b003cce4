/* types.h - the kinds of option values; each names the C type of its target.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_OPTIONS_TYPES_H
#define NDES_OPTIONS_TYPES_H

#include "common/options/options.h"
#include "common/report/limit.h"

enum { TEXT_LIST_MAXIMUM = 16 };

struct text_list {
    const char *items[TEXT_LIST_MAXIMUM];
    size_t count;
};

extern const struct option_type option_flag;     /* bool: set to true */
extern const struct option_type option_count;    /* int: one more each time */
extern const struct option_type option_text;     /* const char *: not empty */
extern const struct option_type option_texts;    /* struct text_list, repeatable */
extern const struct option_type option_integer;  /* int64_t within minimum..maximum */
extern const struct option_type option_range;    /* struct range */
extern const struct option_type option_limit;    /* struct limit */
extern const struct option_type option_choice;   /* int: index into choices, any case */
extern const struct option_type option_switch;   /* bool; its choices are switch_choices */
extern const struct option_type option_duration; /* int64_t seconds: 90, 90s, 30m, 12h, 60d */
extern const struct option_type option_secret;   /* const char *: from an INI section only */
extern const struct option_type
    option_secret_file; /* char *: first line of a file; secret_free() */

/* The set() of option_text and the hides() of option_limit, for types that are made of them. */
bool option_text_set(const struct option_spec *spec, const char *value, void *target, char *error,
                     size_t error_size);
bool option_limit_hides(const void *critical, const void *warning);

/* off and on. */
extern const char *const switch_choices[];

#endif
