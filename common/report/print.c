/* print.c - prints a report, or the one line of a check that could not start.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/report/output.h"

#include <string.h>

#include "common/base/memory.h"
#include "common/base/printed.h"
#include "common/base/text.h"

/* NRPE v2 packets hold 1024 bytes and cores cut at about 8 KiB. JSON has room for a full report. */
enum { TEXT_MAXIMUM = 8 * 1024, JSON_MAXIMUM = 256 * 1024 };

static const char out_of_memory[] =
    "memory ran out during the run, so nothing is known about the server: check the limits "
    "(ulimit -v, -d) and the memory of this host";

int report_print(const struct report *report, const struct report_style *style, FILE *stream)
{
    struct buffer output;
    enum state state = report_state(report);

    if (memory_ran_out()) /* texts may be missing, too */
        return report_print_unknown(report->service, out_of_memory, stream);
    buffer_init(&output, style->format == OUTPUT_JSON ? JSON_MAXIMUM : TEXT_MAXIMUM);
    if (style->format == OUTPUT_TEXT)
        output_text(report, style, &output);
    else if (!output_json(report, &output))
        state = STATE_UNKNOWN;
    if (memory_ran_out()) {
        buffer_free(&output);
        return report_print_unknown(report->service, out_of_memory, stream);
    }
    printed_set(PRINTED_A_PART);
    if (fputs(buffer_text(&output), stream) == EOF || fflush(stream) == EOF)
        state = STATE_UNKNOWN;
    printed_set((int)state);
    buffer_free(&output);
    return (int)state;
}

int report_print_unknown(const char *service, const char *message, FILE *stream)
{
    char start[120];
    struct buffer line;

    text_format(start, sizeof start, "%s UNKNOWN - out of memory\n", service);
    buffer_init(&line, FIRST_LINE_MAXIMUM);
    buffer_addf(&line, "%s UNKNOWN - ", service);
    text_add_printable(&line, message, strlen(message), FIRST_LINE_MAXIMUM - line.length - 1);
    buffer_add_char(&line, '\n');
    printed_set(PRINTED_A_PART);
    fputs(line.length ? buffer_text(&line) : start, stream);
    fflush(stream); /* now: the process may still end by a crash */
    printed_set((int)STATE_UNKNOWN);
    buffer_free(&line);
    return (int)STATE_UNKNOWN;
}
