/* limit.c - a range on the time something has left: in days, hours or percent of its lifetime.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/report/limit.h"

#include <math.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/text.h"

/* Copies what is no number: a character, or all digits of a number that is too long, for
 * range_parse() to refuse. Returns how many. */
static size_t copy_other(const char *text, struct buffer *plain)
{
    size_t digits = strspn(text, "0123456789.");
    size_t length = digits ? digits : 1;

    buffer_add(plain, text, length);
    return length;
}

/* Copies `text` to `plain` without units, hours turned to days. Counts numbers and units. */
static bool strip_units(const char *text, struct buffer *plain, int *numbers, int *units,
                        char *unit)
{
    size_t length = strlen(text);

    for (size_t at = 0; at < length;) {
        long double number;
        const char *start;
        size_t digits = range_number(text + at, length - at, &number);

        if (!digits) {
            at += copy_other(text + at, plain);
            continue;
        }
        ++*numbers;
        start = text + at;
        at += digits;
        if (at < length && strchr("dh%", text[at])) {
            if (*units && *unit != text[at])
                return false;
            *unit = text[at++];
            ++*units;
        }
        if (*unit == 'h')
            buffer_addf(plain, "%.6Lf", number / 24);
        else
            buffer_add(plain, start, digits);
    }
    return true;
}

/* True if an end that was given, and so has 18 digits at most, is more than the whole. */
static bool is_over_100(long double end)
{
    return end > 100 && end < 1e30L;
}

/* Days to the second, as what is left is counted: 7 hours are not quite 0.291667 days. */
static long double whole_seconds(long double days)
{
    return roundl(days * SECONDS_PER_DAY) / SECONDS_PER_DAY;
}

const char *limit_parse(const char *text, struct limit *limit)
{
    struct limit parsed = {0};
    struct buffer plain;
    int numbers = 0;
    int units = 0;
    char unit = 0;
    const char *problem;

    if (strlen(text) >= sizeof parsed.text)
        return "is too long for a limit";
    text_copy(parsed.text, sizeof parsed.text, text);
    buffer_init(&plain, 256);
    if (!strip_units(text, &plain, &numbers, &units, &unit) || (units && units != numbers)) {
        buffer_free(&plain);
        return "mixes units: write the same unit at both ends, such as 10d:60d";
    }
    if (units && !strchr(text, ':'))
        buffer_add_char(&plain, ':');
    problem = range_parse(buffer_text(&plain), &parsed.range);
    buffer_free(&plain);
    if (problem)
        return problem;
    parsed.percent = unit == '%';
    if (!parsed.percent) {
        parsed.range.start = whole_seconds(parsed.range.start);
        parsed.range.end = whole_seconds(parsed.range.end);
    }
    if (!units && !strchr(text, ':'))
        return "would alert above that many days; write 60: or 60d to be warned below 60 days";
    if (parsed.percent && (is_over_100(parsed.range.start) || is_over_100(parsed.range.end)))
        return "is more than 100%, the whole lifetime";
    *limit = parsed;
    return NULL;
}

bool limit_hides(const struct limit *critical, const struct limit *warning)
{
    return critical->percent == warning->percent && range_hides(&critical->range, &warning->range);
}

bool limit_alerts(const struct limit *limit, long double days, long double percent)
{
    return range_alerts(&limit->range, limit->percent ? percent : days);
}
