/* expiry.h - the one rule for what ends at a known time: certificates, passwords, accounts, CRLs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_REPORT_EXPIRY_H
#define NDES_REPORT_EXPIRY_H

#include <stdint.h>

#include "common/findings/state.h"
#include "common/report/limit.h"

/* Something that is valid until `end` and in its last second still is; seconds since 1970. */
struct lifetime {
    int64_t start; /* equal to `end` if it is not known: then nothing is left in percent */
    int64_t end;
};

struct expiry {
    bool ended;          /* `end` is past: how bad that is says the catalogue, not a limit */
    enum state state;    /* by the limits, also if it has ended */
    const char *wanted;  /* the limit that was crossed, as the operator wrote it; NULL: none */
    long double days;    /* left, negative since it ended */
    long double percent; /* of the lifetime, 0 to 100 */
    char span[32];       /* "3 days": left, or since it ended */
    char until[32];      /* the date of the end */
};

/* Judges it at `now`. A limit alerts as its range says: `3d` and `3:` below three days, but not at
 * three days to the second. Limits may be NULL. `expiry->wanted` points into them. */
void judge_expiry(struct lifetime lifetime, int64_t now, const struct limit *warning,
                  const struct limit *critical, struct expiry *expiry);

#endif
