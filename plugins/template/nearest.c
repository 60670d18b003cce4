/* nearest.c - which names look like one that was not found.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/template/template.h"

#include <string.h>

#include "common/base/text.h"

static unsigned least_of(unsigned a, unsigned b, unsigned c)
{
    unsigned least = a < b ? a : b;

    return least < c ? least : c;
}

/* Wagner and Fischer's distance: characters to insert, delete or replace, without regard to case.
 * Both texts are shorter than NAME_BYTES. */
static unsigned edit_distance(const char *a, const char *b)
{
    unsigned row[NAME_BYTES]; /* of the prefix of `a` that was looked at, to each prefix of `b` */
    size_t width = strlen(b);

    for (size_t column = 0; column <= width; column++)
        row[column] = (unsigned)column;
    for (size_t line = 1; a[line - 1]; line++) {
        unsigned diagonal = row[0];

        row[0] = (unsigned)line;
        for (size_t column = 1; column <= width; column++) {
            bool same = text_lower(a[line - 1]) == text_lower(b[column - 1]);
            unsigned next = least_of(row[column] + 1, row[column - 1] + 1, diagonal + !same);

            diagonal = row[column];
            row[column] = next;
        }
    }
    return row[width];
}

/* A third of the letters may be wrong; else one name must be a part of the other. Returns false if
 * they have nothing to do with each other. */
static bool is_near(const char *wanted, const char *name, unsigned *distance)
{
    size_t length = strlen(wanted);

    *distance = edit_distance(wanted, name);
    return *distance <= length / 3 || text_find(name, strlen(name), wanted) ||
           (strlen(name) > 3 && text_find(wanted, length, name));
}

void template_nearest_offer(struct nearest *nearest, const char *wanted, const char *name)
{
    unsigned distance;
    size_t at;

    if (strlen(wanted) >= NAME_BYTES || strlen(name) >= NAME_BYTES ||
        !is_near(wanted, name, &distance))
        return;
    for (at = nearest->count; at && nearest->distances[at - 1] > distance; at--) {
        if (at == NEAREST_MAXIMUM)
            continue; /* the last one drops out */
        memcpy(nearest->names[at], nearest->names[at - 1], NAME_BYTES);
        nearest->distances[at] = nearest->distances[at - 1];
    }
    if (at == NEAREST_MAXIMUM)
        return;
    text_copy(nearest->names[at], NAME_BYTES, name);
    nearest->distances[at] = distance;
    if (nearest->count < NEAREST_MAXIMUM)
        nearest->count++;
}
