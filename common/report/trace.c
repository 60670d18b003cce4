/* trace.c - keeps what a session asked, for -vv.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/report/trace.h"

#include <stdarg.h>
#include <stdio.h>

void trace_add(struct trace *trace, const char *format, ...)
{
    va_list arguments;

    if (trace->count == TRACE_LINES_MAXIMUM)
        return;
    va_start(arguments, format);
    if (vsnprintf(trace->lines[trace->count], sizeof trace->lines[0], format, arguments) >= 0)
        trace->count++;
    va_end(arguments);
}

void trace_note(const struct trace *trace, struct report *report)
{
    for (size_t i = 0; i < trace->count; i++)
        report_note(report, 2, "%s", trace->lines[i]);
}
