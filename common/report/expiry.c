/* expiry.c - the one rule for what ends at a known time: certificates, passwords, accounts, CRLs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/report/expiry.h"

#include "common/base/clock.h"

/* Exact where the result is a whole number, so that a limit is met to the second. */
static long double percent_left(struct lifetime lifetime, int64_t now)
{
    long double whole = lifetime.end - lifetime.start;
    long double left = lifetime.end - now;

    if (whole <= 0 || left <= 0)
        return 0;
    return left < whole ? left * 100 / whole : 100;
}

static bool alerts(const struct limit *limit, const struct expiry *expiry)
{
    return limit && limit_alerts(limit, expiry->days, expiry->percent);
}

void judge_expiry(struct lifetime lifetime, int64_t now, const struct limit *warning,
                  const struct limit *critical, struct expiry *expiry)
{
    *expiry = (struct expiry){.ended = now > lifetime.end,
                              .state = STATE_OK,
                              .days = (long double)(lifetime.end - now) / SECONDS_PER_DAY,
                              .percent = percent_left(lifetime, now)};
    clock_span(lifetime.end - now, expiry->span, sizeof expiry->span);
    clock_format(lifetime.end, expiry->until, sizeof expiry->until);
    if (alerts(critical, expiry)) {
        expiry->state = STATE_CRITICAL;
        expiry->wanted = critical->text;
    } else if (alerts(warning, expiry)) {
        expiry->state = STATE_WARNING;
        expiry->wanted = warning->text;
    }
}
