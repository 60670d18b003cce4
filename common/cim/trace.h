/* trace.h - keeps what a session asked, for -vv.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_CIM_TRACE_H
#define NDES_CIM_TRACE_H

#include "common/cim/cim.h"
#include "common/report/report.h"

enum { TRACE_LINES_MAXIMUM = 32 };

/* A line for each request: time, size, what came of it, what was asked. Starts as {0}. */
struct trace {
    char lines[TRACE_LINES_MAXIMUM][320];
    size_t count;
};

/* From now on the session's requests are kept; `trace` must outlive the session. */
void trace_start(struct trace *trace, struct cim_session *session);

void trace_note(const struct trace *trace, struct report *report);

#endif
