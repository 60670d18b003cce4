/* trace.c - keeps what a session asked, for -vv.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/trace.h"

#include "common/base/text.h"
#include "common/cim/verdict.h"

static void keep(void *data, const char *what, double seconds, size_t bytes,
                 const struct cim_problem *problem)
{
    struct trace *trace = data;
    char outcome[120] = "answered";

    if (trace->count == TRACE_LINES_MAXIMUM)
        return;
    if (problem->trouble != CIM_FINE)
        cim_problem_text(problem, outcome, sizeof outcome);
    text_format(trace->lines[trace->count++], sizeof trace->lines[0], "%.3f s, %zu bytes, %s: %s",
                seconds, bytes, outcome, what);
}

void trace_start(struct trace *trace, struct cim_session *session)
{
    cim_set_trace(session, keep, trace);
}

void trace_note(const struct trace *trace, struct report *report)
{
    for (size_t i = 0; i < trace->count; i++)
        report_note(report, 2, "%s", trace->lines[i]);
}
