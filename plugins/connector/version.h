/* version.h - versions as numbers, and when each appeared.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PLUGINS_CONNECTOR_VERSION_H
#define NDES_PLUGINS_CONNECTOR_VERSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VERSION_PARTS = 4, RELEASES_MAXIMUM = 128 };

/* 6.2406.0.1001; missing parts are 0. */
struct version {
    int64_t parts[VERSION_PARTS];
};

/* Parses all of `text`: two to four decimal numbers with dots. */
bool connector_version_parse(const char *text, struct version *version);

/* Below, equal or above zero, as strcmp(); part by part as numbers: 6.2406 comes after 6.2301. */
int connector_version_compare(const struct version *a, const struct version *b);

struct release {
    struct version version;
    char text[32];
    int64_t date; /* seconds since 1970 */
};

struct releases {
    struct release items[RELEASES_MAXIMUM];
    size_t count;
};

/* Reads a table of releases: lines of `version YYYY-MM-DD`; blank lines and what follows a # do not
 * count. Returns 0, or the number of the first line that is wrong, or one too many. */
size_t connector_releases_parse(const char *content, size_t length, struct releases *releases);

/* The lowest release above a version, NULL if there is none. */
const struct release *connector_releases_next(const struct releases *releases,
                                              const struct version *version);

/* The highest release, NULL if the table is empty. */
const struct release *connector_releases_newest(const struct releases *releases);

#endif
