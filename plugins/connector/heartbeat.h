/* heartbeat.h - understands the time that the connector last checked in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PLUGINS_CONNECTOR_HEARTBEAT_H
#define NDES_PLUGINS_CONNECTOR_HEARTBEAT_H

#include <stdbool.h>
#include <stdint.h>

/* LastConnectionTime has been seen as a FILETIME (100 ns since 1601) in digits, and as text, of the
 * invariant culture or of the culture that the service runs under: 07/22/2025 13:05:09,
 * 22.07.2025 13:05:09, 2025-07-22 13:05:09, 7/22/2025 1:05:09 PM. Text tells neither which of two
 * small numbers is the month nor, without `Z` or an offset, the time zone. */

/* How far in the future a time may be, since clocks differ. */
enum { HEARTBEAT_AHEAD_MAXIMUM = 600 };

/* True if the text is a time that may be local to the server: then its zone is worth asking for. */
bool connector_heartbeat_wants_zone(const char *text);

/* Reads the text. Of several readings it takes the latest that is not in the future, and if all of
 * them are, the earliest; `*guessed` tells that there were several. `now` is the server's; NULL for
 * `zone_minutes`: not known, text without a zone is taken for UTC. Returns false if it is no time.
 */
bool connector_heartbeat_parse(const char *text, int64_t now, const int *zone_minutes,
                               int64_t *seconds, bool *guessed);

/* A FILETIME as seconds since 1970; false if it is no time after 1970. */
bool connector_heartbeat_from_filetime(uint64_t filetime, int64_t *seconds);

#endif
