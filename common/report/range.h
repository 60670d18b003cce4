/* range.h - threshold ranges as the Monitoring Plugins guidelines define them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_REPORT_RANGE_H
#define NDES_REPORT_RANGE_H

#include <stdbool.h>
#include <stddef.h>

/* `[@]start:end`: alert outside of it, or with `@` inside; both ends belong to the range.
 * A missing end is +infinity, `~` as the start is -infinity.
 * long double holds every 64-bit integer exactly, so byte counts beyond 2^53 compare right. */
struct range {
    bool set; /* false: never alerts */
    bool alert_inside;
    long double start; /* may be -infinity */
    long double end;   /* may be +infinity */
    char text[64];     /* as the operator wrote it, for perfdata */
};

/* Parses all of `text`. Returns NULL, or what is wrong with it (static text); `*range` is only
 * written on success. Numbers are decimals: no exponent, blank, hex, nan or inf. */
const char *range_parse(const char *text, struct range *range);

/* True if `value` must raise an alert. */
bool range_alerts(const struct range *range, long double value);

/* What a range wants: "at most 4", or as the operator wrote it. */
void range_wanted(const struct range *range, char *target, size_t size);

/* True if a warning is never seen, because the critical range alerts wherever it does, and more:
 * 5 and 2, or 3: and 14:. Not if both are the same, or if the warning never alerts at all. */
bool range_hides(const struct range *critical, const struct range *warning);

/* A decimal number with an optional fraction and sign; reads as far as it goes.
 * Returns the number of characters read, 0 if there is no number. Independent of the locale. */
size_t range_number(const char *text, size_t length, long double *number);

#endif
