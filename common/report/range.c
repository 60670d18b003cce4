/* range.c - threshold ranges as the Monitoring Plugins guidelines define them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/report/range.h"

#include <math.h>
#include <string.h>

#include "common/base/text.h"

enum { DIGITS_MAXIMUM = 18 }; /* before and after the point: what long double holds exactly */

/* Reads digits into *sum, counts them in *digits. Returns the position behind them. */
static size_t read_digits(const char *text, size_t length, size_t at, long double *sum, int *digits)
{
    for (*digits = 0; at < length && text[at] >= '0' && text[at] <= '9'; at++, ++*digits)
        *sum = *sum * 10 + (text[at] - '0');
    return at;
}

size_t range_number(const char *text, size_t length, long double *number)
{
    bool negative = length && text[0] == '-';
    long double whole = 0;
    long double fraction = 0;
    int digits;
    int decimals = 0;
    size_t at = read_digits(text, length, negative ? 1 : 0, &whole, &digits);

    if (!digits || digits > DIGITS_MAXIMUM)
        return 0;
    if (at < length && text[at] == '.') {
        at = read_digits(text, length, at + 1, &fraction, &decimals);
        if (!decimals || decimals > DIGITS_MAXIMUM)
            return 0;
    }
    *number = whole + fraction / powl(10, decimals);
    if (negative)
        *number = -*number;
    return at;
}

/* Reads one end of a range, which must be a number and nothing else. */
static bool parse_end(struct slice text, long double *number)
{
    return text.length && range_number(text.text, text.length, number) == text.length;
}

const char *range_parse(const char *text, struct range *range)
{
    struct range parsed = {.set = true, .start = 0, .end = INFINITY};
    const char *body = text;
    const char *colon;

    if (strlen(text) >= sizeof parsed.text)
        return "is too long for a range";
    text_copy(parsed.text, sizeof parsed.text, text);
    if (*body == '@') {
        parsed.alert_inside = true;
        body++;
    }
    if (!*body)
        return "is an empty range";
    colon = strchr(body, ':');
    if (colon) {
        struct slice start = {body, (size_t)(colon - body)};
        struct slice end = slice_of(colon + 1);

        if (!start.length && !end.length)
            return "has neither start nor end";
        if (slice_is(start, "~"))
            parsed.start = -INFINITY;
        else if (start.length && !parse_end(start, &parsed.start))
            return "has a start that is not a number";
        if (end.length && !parse_end(end, &parsed.end))
            return "has an end that is not a number";
    } else if (!parse_end(slice_of(body), &parsed.end)) {
        return "is not a range ([@]start:end, such as 10, 10:, ~:10, 10:20 or @10:20)";
    }
    if (parsed.start > parsed.end)
        return "has a start above its end";
    *range = parsed;
    return NULL;
}

bool range_alerts(const struct range *range, long double value)
{
    bool inside = value >= range->start && value <= range->end;

    return range->set && inside == range->alert_inside;
}

void range_wanted(const struct range *range, char *target, size_t size)
{
    bool most = !range->alert_inside && range->start == 0 && !isinf(range->end);

    text_format(target, size, "%s%s", most ? "at most " : "", range->text);
}

/* Between two ends that follow each other, and beyond them, a range does not change. */
static size_t values_around(const struct range *range, long double *values)
{
    static const long double step = 1e-6L, far = 1e30L;
    const long double ends[] = {range->start, range->end};
    size_t count = 0;

    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        long double end = ends[i] < -far ? -far : ends[i] > far ? far : ends[i];

        values[count++] = end - step;
        values[count++] = end;
        values[count++] = end + step;
    }
    return count;
}

bool range_hides(const struct range *critical, const struct range *warning)
{
    long double values[12];
    size_t count = values_around(warning, values);
    bool warns = false;
    bool more = false;

    count += values_around(critical, values + count);
    for (size_t i = 0; i < count; i++) {
        bool first = range_alerts(warning, values[i]);
        bool second = range_alerts(critical, values[i]);

        if (first && !second)
            return false;
        warns = warns || first;
        more = more || (second && !first);
    }
    return warns && more;
}
