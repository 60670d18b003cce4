/* clock.c - wall clock, monotonic clock, and the one deadline of a run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/base/clock.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "common/base/printed.h"
#include "common/base/text.h"

enum { EXIT_UNKNOWN = 3, WATCHDOG_GRACE_MS = 700 };

/* What the watchdog's signal handler says; a handler can be given nothing by argument. */
static const char *watchdog_line;
static size_t watchdog_length;
static int watchdog_exit_code;

int64_t clock_now(void)
{
    return (int64_t)time(NULL);
}

int64_t clock_monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct deadline deadline_in(int64_t seconds)
{
    return (struct deadline){.ends_ms = clock_monotonic_ms() + seconds * 1000};
}

int64_t deadline_left_ms(const struct deadline *deadline)
{
    int64_t left = deadline->ends_ms - clock_monotonic_ms();

    return left > 0 ? left : 0;
}

static void watchdog_bark(int signal_number)
{
    int printed = printed_what();

    (void)signal_number;
    if (printed == PRINTED_NOTHING && write(STDOUT_FILENO, watchdog_line, watchdog_length) >= 0)
        _exit(watchdog_exit_code);
    _exit(printed >= 0 ? printed : EXIT_UNKNOWN);
}

void deadline_arm_watchdog(const struct deadline *deadline, const char *line, int exit_code)
{
    int64_t left = deadline_left_ms(deadline) + WATCHDOG_GRACE_MS;
    struct itimerval timer = {.it_value = {left / 1000, (left % 1000) * 1000}};
    struct sigaction action = {.sa_handler = watchdog_bark};

    watchdog_line = line;
    watchdog_length = strlen(line);
    watchdog_exit_code = exit_code;
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
}

int64_t clock_from_utc(int year, int month, int day, int hour, int minute, int second)
{
    /* Days since 1970 by counting years from March on: then the leap day comes last. */
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    int64_t days = era * 146097 + day_of_era - 719468;

    return days * SECONDS_PER_DAY + hour * SECONDS_PER_HOUR + minute * 60 + second;
}

void clock_format(int64_t seconds, char *target, size_t size)
{
    time_t moment = (time_t)seconds;
    struct tm utc;

    if (!gmtime_r(&moment, &utc) || !strftime(target, size, "%Y-%m-%d %H:%M UTC", &utc))
        text_copy(target, size, "(no date)");
}

bool clock_is_skewed(int64_t ahead)
{
    return ahead > CLOCK_SKEW_MAXIMUM || ahead < -CLOCK_SKEW_MAXIMUM;
}

void clock_offset(int64_t ahead, char *target, size_t size)
{
    text_format(target, size, "%lld s %s ours", (long long)(ahead < 0 ? -ahead : ahead),
                ahead < 0 ? "behind" : "ahead of");
}

void clock_span(int64_t seconds, char *target, size_t size)
{
    int64_t span = seconds < 0 ? -seconds : seconds;
    const char *unit = "day";
    int64_t count = span / SECONDS_PER_DAY;

    if (span < 2 * SECONDS_PER_HOUR) {
        unit = "minute";
        count = span / 60;
    } else if (span < 2 * SECONDS_PER_DAY) {
        unit = "hour";
        count = span / SECONDS_PER_HOUR;
    }
    text_format(target, size, "%lld %s%s", (long long)count, unit, text_plural(count));
}
