/* clock.h - wall clock, monotonic clock, and the one deadline of a run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_BASE_CLOCK_H
#define NDES_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SECONDS_PER_HOUR = 3600, SECONDS_PER_DAY = 86400 };

/* Seconds since 1970-01-01 00:00 UTC. */
int64_t clock_now(void);

/* Milliseconds of a clock that is never set back. */
int64_t clock_monotonic_ms(void);

/* The moment a run must end, in clock_monotonic_ms() terms. */
struct deadline {
    int64_t ends_ms;
};

struct deadline deadline_in(int64_t seconds);

/* Milliseconds left, 0 when it has passed. */
int64_t deadline_left_ms(const struct deadline *deadline);

/* The last resort for calls that know no deadline (a resolver, Kerberos): less than a second after
 * the deadline the process prints `line` and ends with `exit_code`, or if it has printed its
 * report, with the exit code of that. `line` must stay valid. */
void deadline_arm_watchdog(const struct deadline *deadline, const char *line, int exit_code);

/* Seconds since 1970 of a UTC date (proleptic Gregorian calendar); no range checks. */
int64_t clock_from_utc(int year, int month, int day, int hour, int minute, int second);

/* Seconds by which two clocks may differ: what Kerberos allows (RFC 4120 section 1.6). */
enum { CLOCK_SKEW_MAXIMUM = 300 };

bool clock_is_skewed(int64_t ahead);

/* Writes how a clock differs from ours, "7200 s behind ours" or "3 s ahead of ours". Needs 48
 * bytes. */
void clock_offset(int64_t ahead, char *target, size_t size);

/* Writes a span in the unit that says enough: "90 minutes", "7 hours" (below two days), "12 days";
 * what is left over is cut off. Needs 32 bytes. Negative spans are written without their sign. */
void clock_span(int64_t seconds, char *target, size_t size);

/* Writes `2026-11-22 23:10 UTC`; needs 24 bytes. */
void clock_format(int64_t seconds, char *target, size_t size);

#endif
