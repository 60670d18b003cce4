/* rows.h - what a query returns: rows of named values, as text, with typed access.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_CIM_ROWS_H
#define NDES_CIM_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Windows servers are asked for a handful of columns of a few rows; these are for liars. */
enum { CIM_ROWS_MAXIMUM = 4096, CIM_PROPERTIES_MAXIMUM = 16384 };

struct cim_property {
    char *name;
    char *text; /* NULL if the value is NULL */
};

/* An array is one property for each element, all of the same name. */
struct cim_row {
    struct cim_property *properties;
    size_t count;
};

struct cim_rows {
    struct cim_row *rows;
    size_t count;
};

/* An empty string is a CIM_VALUE; it is neither NULL nor absent. */
enum cim_value {
    CIM_VALUE,
    CIM_NULL,    /* the property is there and NULL */
    CIM_ABSENT,  /* the row has no such property */
    CIM_STRANGE, /* its text is not of the type asked for */
};

/* Start as {0}; may be freed at any time, and are empty after it. Values are wiped. */
void cim_row_free(struct cim_row *row);
void cim_rows_free(struct cim_rows *rows);

/* Appends an empty row, or a property; text NULL is a NULL value; both strings are copied. Return
 * NULL or false at the maximum, or if memory ran out. */
struct cim_row *cim_rows_add(struct cim_rows *rows);
bool cim_row_add(struct cim_row *row, const char *name, const char *text);

/* The value of a property; names are compared without regard to case. `*value` is only written for
 * CIM_VALUE. An array gives its first element. A NULL row has no properties. Texts are owned by the
 * row. */
enum cim_value cim_text(const struct cim_row *row, const char *name, const char **value);
enum cim_value cim_number(const struct cim_row *row, const char *name, int64_t *value);
enum cim_value cim_boolean(const struct cim_row *row, const char *name, bool *value);

/* A datetime as seconds since 1970: ISO 8601 with `Z` or an offset, or DMTF
 * (20261122120000.000000+060, offset in minutes; DSP0004 section 5.2.4). */
enum cim_value cim_time(const struct cim_row *row, const char *name, int64_t *value);

/* Elements of an array; a scalar is an array of one, NULL and absent have none. */
size_t cim_count(const struct cim_row *row, const char *name);
const char *cim_element(const struct cim_row *row, const char *name, size_t index);

/* The first row whose property has this text (in any case), NULL if there is none. */
const struct cim_row *cim_rows_find(const struct cim_rows *rows, const char *name,
                                    const char *text);

/* Shorthand: the text of a property, "" unless it has one. */
const char *cim_text_or_empty(const struct cim_row *row, const char *name);

/* Parses a datetime as cim_time() does. */
bool cim_parse_time(const char *text, int64_t *seconds);

#endif
