/* trace.h - keeps what a session asked, for -vv.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_REPORT_TRACE_H
#define NDES_REPORT_TRACE_H

#include "common/report/report.h"

enum { TRACE_LINES_MAXIMUM = 32 };

/* A line for each request: time, size, what came of it, what was asked. Starts as {0}. */
struct trace {
    char lines[TRACE_LINES_MAXIMUM][320];
    size_t count;
};

/* Adds a line; nothing once the trace is full. */
void trace_add(struct trace *trace, const char *format, ...) PRINTF_LIKE(2, 3);

void trace_note(const struct trace *trace, struct report *report);

#endif
