/* version.c - versions as numbers, and when each appeared.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/version.h"

#include "common/base/clock.h"
#include "common/base/text.h"

/* No part of a version is larger: Windows keeps 16 bits of each. */
enum { PART_MAXIMUM = 999999 };

/* Parses a number that fills the slice. */
static bool slice_integer(struct slice slice, int64_t minimum, int64_t maximum, int64_t *number)
{
    char digits[16];

    if (!slice.length || slice.length >= sizeof digits)
        return false;
    text_copy_bytes(digits, sizeof digits, slice.text, slice.length);
    return text_integer(digits, minimum, maximum, number);
}

static bool parse_version(struct slice text, struct version *version)
{
    struct version parsed = {{0}};
    struct slice part;
    size_t count = 0;

    while (slice_next(&text, ".", &part))
        if (count == VERSION_PARTS || !slice_integer(part, 0, PART_MAXIMUM, &parsed.parts[count++]))
            return false;
    if (count < 2)
        return false;
    *version = parsed;
    return true;
}

bool connector_version_parse(const char *text, struct version *version)
{
    return parse_version(slice_of(text), version);
}

int connector_version_compare(const struct version *a, const struct version *b)
{
    for (size_t i = 0; i < VERSION_PARTS; i++)
        if (a->parts[i] != b->parts[i])
            return a->parts[i] < b->parts[i] ? -1 : 1;
    return 0;
}

/* YYYY-MM-DD */
static bool parse_date(struct slice text, int64_t *seconds)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct slice year, month, day;
    int64_t y, m, d;

    if (text.length != 10 || !slice_next(&text, "-", &year) || !slice_next(&text, "-", &month) ||
        !slice_next(&text, "-", &day) || text.length)
        return false;
    if (!slice_integer(year, 1970, 9999, &y) || !slice_integer(month, 1, 12, &m) ||
        !slice_integer(day, 1, days[m - 1], &d))
        return false;
    *seconds = clock_from_utc((int)y, (int)m, (int)d, 0, 0, 0);
    return true;
}

/* Reads the line of a release. */
static bool parse_release(struct slice line, struct release *release)
{
    struct slice version;

    slice_next(&line, " \t", &version);
    if (version.length >= sizeof release->text || !parse_version(version, &release->version) ||
        !parse_date(slice_trim(line), &release->date))
        return false;
    text_copy_bytes(release->text, sizeof release->text, version.text, version.length);
    return true;
}

size_t connector_releases_parse(const char *content, size_t length, struct releases *releases)
{
    struct slice rest = {content, length};
    struct slice line;
    struct slice meant;

    releases->count = 0;
    for (size_t number = 1; slice_next(&rest, "\n", &line); number++) {
        slice_next(&line, "#", &meant);
        meant = slice_trim(meant);
        if (!meant.length)
            continue;
        if (releases->count == RELEASES_MAXIMUM ||
            !parse_release(meant, &releases->items[releases->count]))
            return number;
        releases->count++;
    }
    return 0;
}

const struct release *connector_releases_next(const struct releases *releases,
                                              const struct version *version)
{
    const struct release *next = NULL;

    for (size_t i = 0; i < releases->count; i++) {
        const struct release *release = &releases->items[i];

        if (connector_version_compare(&release->version, version) > 0 &&
            (!next || connector_version_compare(&release->version, &next->version) < 0))
            next = release;
    }
    return next;
}

const struct release *connector_releases_newest(const struct releases *releases)
{
    const struct release *newest = NULL;

    for (size_t i = 0; i < releases->count; i++)
        if (!newest || connector_version_compare(&releases->items[i].version, &newest->version) > 0)
            newest = &releases->items[i];
    return newest;
}
