/* meaning.h - what a problem means in a report: by protocol, a finding for each kind.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_REPORT_MEANING_H
#define NDES_REPORT_MEANING_H

#include "common/base/problem.h"
#include "common/report/report.h"

/* A protocol's row for a kind of problem. */
struct meaning {
    enum finding_id id;
    const char
        *text; /* NULL: the protocol does not know the kind, and PROBLEM_FAULT's row counts */
};

/* Reports why something could not be looked at: `what` names it for people, such as "services". The
 * same finding for a second thing becomes a note, so that one cause is told once. Does nothing for
 * PROBLEM_NONE. */
void report_problem(struct report *report, const struct meaning meanings[PROBLEM_KIND_COUNT],
                    const char *what, const struct problem *problem);

/* One line for -v instead of a finding: "access denied (0x80041003)". */
void meaning_text(const struct meaning meanings[PROBLEM_KIND_COUNT], const struct problem *problem,
                  char *target, size_t size);

#endif
