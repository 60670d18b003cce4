/* server_clock.c - the server's clock, from a witness that nobody in between can change.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/base/clock.h"
#include "common/cim/cim.h"

bool cim_clock_ahead(struct cim_session *session, int64_t *ahead, struct problem *problem)
{
    const struct cim_statistics *statistics = cim_statistics(session);
    struct cim_rows rows = {0};
    int64_t theirs;
    bool told;

    *problem = (struct problem){0};
    *ahead = statistics->clock_proven ? statistics->clock_ahead : 0;
    if (statistics->clock_proven)
        return true;
    cim_query(session, "root/cimv2", "SELECT LocalDateTime FROM Win32_OperatingSystem", &rows,
              problem);
    told = problem->kind == PROBLEM_NONE && rows.count &&
           cim_time(&rows.rows[0], "LocalDateTime", &theirs) == CIM_VALUE;
    if (told)
        *ahead = theirs - clock_now();
    else if (problem->kind == PROBLEM_NONE)
        problem_set(problem, PROBLEM_NO_INSTANCE,
                    "Win32_OperatingSystem returned no LocalDateTime");
    cim_rows_free(&rows);
    return told;
}
