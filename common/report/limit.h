/* limit.h - a range on the time something has left: in days, hours or percent of its lifetime.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_REPORT_LIMIT_H
#define NDES_REPORT_LIMIT_H

#include "common/report/range.h"

/* `60:` alerts below 60 days. Numbers may carry a unit, the same on both ends: `60d:`, `12h:`,
 * `25%:`. A single number with a unit is a minimum: `60d` means `60d:`. */
struct limit {
    bool percent;       /* the range is in percent of the lifetime, else in days */
    struct range range; /* its text is in plain days or percent, for perfdata */
    char text[64];      /* as the operator wrote it */
};

/* Parses all of `text`. Returns NULL, or what is wrong with it (static text); `*limit` is only
 * written on success. A single number without a unit is refused: by the guidelines it would alert
 * above that many days, which nobody wants. */
const char *limit_parse(const char *text, struct limit *limit);

/* True if a warning is never seen, as with range_hides(); days and percent are not compared. */
bool limit_hides(const struct limit *critical, const struct limit *warning);

/* True if so much time left must raise an alert. */
bool limit_alerts(const struct limit *limit, long double days, long double percent);

#endif
