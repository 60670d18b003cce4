/* rows.c - what a query returns: rows of named values, as text, with typed access.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/rows.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/secret.h"
#include "common/base/text.h"

/* Room for one more of `count` items: capacities are powers of two, so that they need no member. */
static void *make_room(void *items, size_t count, size_t size)
{
    if (count & (count - 1))
        return items; /* between two powers of two */
    return memory_resize(items, (count ? count * 2 : 1) * size);
}

void cim_row_free(struct cim_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        free(row->properties[i].name);
        secret_free(row->properties[i].text);
    }
    free(row->properties);
    *row = (struct cim_row){0};
}

void cim_rows_free(struct cim_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        cim_row_free(&rows->rows[i]);
    free(rows->rows);
    *rows = (struct cim_rows){0};
}

struct cim_row *cim_rows_add(struct cim_rows *rows)
{
    struct cim_row *grown;

    if (rows->count == CIM_ROWS_MAXIMUM)
        return NULL;
    grown = make_room(rows->rows, rows->count, sizeof *grown);
    if (!grown)
        return NULL;
    rows->rows = grown;
    grown[rows->count] = (struct cim_row){0};
    return &grown[rows->count++];
}

bool cim_row_add(struct cim_row *row, const char *name, const char *text)
{
    struct cim_property *grown;
    struct cim_property property;

    if (row->count == CIM_PROPERTIES_MAXIMUM)
        return false;
    grown = make_room(row->properties, row->count, sizeof *grown);
    if (!grown)
        return false;
    row->properties = grown;
    property.name = text_duplicate(name);
    property.text = text ? text_duplicate(text) : NULL;
    if (!property.name || (text && !property.text)) {
        free(property.name);
        secret_free(property.text);
        return false;
    }
    grown[row->count++] = property;
    return true;
}

/* The index-th property of that name, NULL if there are fewer. */
static const struct cim_property *find(const struct cim_row *row, const char *name, size_t index)
{
    for (size_t i = 0; row && i < row->count; i++)
        if (text_equal(row->properties[i].name, name) && index-- == 0)
            return &row->properties[i];
    return NULL;
}

enum cim_value cim_text(const struct cim_row *row, const char *name, const char **value)
{
    const struct cim_property *property = find(row, name, 0);

    if (!property)
        return CIM_ABSENT;
    if (!property->text)
        return CIM_NULL;
    *value = property->text;
    return CIM_VALUE;
}

enum cim_value cim_number(const struct cim_row *row, const char *name, int64_t *value)
{
    const char *text;
    enum cim_value found = cim_text(row, name, &text);

    if (found != CIM_VALUE)
        return found;
    return text_integer(text, INT64_MIN, INT64_MAX, value) ? CIM_VALUE : CIM_STRANGE;
}

enum cim_value cim_boolean(const struct cim_row *row, const char *name, bool *value)
{
    const char *text;
    enum cim_value found = cim_text(row, name, &text);

    if (found != CIM_VALUE)
        return found;
    if (!text_equal(text, "true") && !text_equal(text, "false"))
        return CIM_STRANGE;
    *value = text_equal(text, "true");
    return CIM_VALUE;
}

enum cim_value cim_time(const struct cim_row *row, const char *name, int64_t *value)
{
    const char *text;
    enum cim_value found = cim_text(row, name, &text);

    if (found != CIM_VALUE)
        return found;
    return cim_parse_time(text, value) ? CIM_VALUE : CIM_STRANGE;
}

size_t cim_count(const struct cim_row *row, const char *name)
{
    size_t count = 0;

    for (size_t i = 0; row && i < row->count; i++)
        count += row->properties[i].text && text_equal(row->properties[i].name, name);
    return count;
}

const char *cim_element(const struct cim_row *row, const char *name, size_t index)
{
    for (size_t i = 0; row && i < row->count; i++)
        if (row->properties[i].text && text_equal(row->properties[i].name, name) && index-- == 0)
            return row->properties[i].text;
    return NULL;
}

const struct cim_row *cim_rows_find(const struct cim_rows *rows, const char *name, const char *text)
{
    const char *value;

    for (size_t i = 0; i < rows->count; i++)
        if (cim_text(&rows->rows[i], name, &value) == CIM_VALUE && text_equal(value, text))
            return &rows->rows[i];
    return NULL;
}

const char *cim_text_or_empty(const struct cim_row *row, const char *name)
{
    const char *value = "";

    cim_text(row, name, &value);
    return value;
}

/* Reads a number of exactly `digits` digits. */
static bool read_digits(const char **text, int digits, int minimum, int maximum, int *number)
{
    *number = 0;
    for (; digits; digits--, ++*text) {
        if (**text < '0' || **text > '9')
            return false;
        *number = *number * 10 + (**text - '0');
    }
    return *number >= minimum && *number <= maximum;
}

static bool read_mark(const char **text, char mark)
{
    if (!mark)
        return true;
    if (**text != mark)
        return false;
    ++*text;
    return true;
}

/* Reads date and time with these marks between their parts, 0 for none. */
static bool read_moment(const char **text, char date_mark, char middle, char time_mark,
                        int64_t *seconds)
{
    int year, month, day, hour, minute, second;

    if (!read_digits(text, 4, 1601, 9999, &year) || !read_mark(text, date_mark) ||
        !read_digits(text, 2, 1, 12, &month) || !read_mark(text, date_mark) ||
        !read_digits(text, 2, 1, 31, &day) || !read_mark(text, middle) ||
        !read_digits(text, 2, 0, 23, &hour) || !read_mark(text, time_mark) ||
        !read_digits(text, 2, 0, 59, &minute) || !read_mark(text, time_mark) ||
        !read_digits(text, 2, 0, 60, &second))
        return false;
    *seconds = clock_from_utc(year, month, day, hour, minute, second);
    return true;
}

/* Skips a fraction of a second. */
static void skip_fraction(const char **text)
{
    if (**text == '.')
        *text += 1 + strspn(*text + 1, "0123456789");
}

/* +hh:mm or -hh:mm, Z or nothing, which means UTC. */
static bool read_iso_zone(const char *text, int64_t *seconds)
{
    int sign = *text == '-' ? -1 : 1;
    int hours, minutes;

    if (!*text || text_equal(text, "Z")) {
        *seconds = 0;
        return true;
    }
    if (*text != '+' && *text != '-')
        return false;
    text++;
    if (!read_digits(&text, 2, 0, 23, &hours) || !read_mark(&text, ':') ||
        !read_digits(&text, 2, 0, 59, &minutes) || *text)
        return false;
    *seconds = sign * (hours * SECONDS_PER_HOUR + minutes * 60);
    return true;
}

/* +mmm or -mmm: minutes. */
static bool read_dmtf_zone(const char *text, int64_t *seconds)
{
    int sign = *text == '-' ? -1 : 1;
    int minutes;

    if (*text != '+' && *text != '-')
        return false;
    text++;
    if (!read_digits(&text, 3, 0, 999, &minutes) || *text)
        return false;
    *seconds = sign * minutes * 60;
    return true;
}

bool cim_parse_time(const char *text, int64_t *seconds)
{
    bool iso = strlen(text) > 4 && text[4] == '-';
    int64_t moment;
    int64_t zone;

    if (!(iso ? read_moment(&text, '-', 'T', ':', &moment) : read_moment(&text, 0, 0, 0, &moment)))
        return false;
    skip_fraction(&text);
    if (!(iso ? read_iso_zone(text, &zone) : read_dmtf_zone(text, &zone)))
        return false;
    *seconds = moment - zone;
    return true;
}
