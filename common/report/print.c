/* print.c - prints a report, or the one line of a check that could not start.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/report/output.h"

#include <string.h>

#include "common/base/printed.h"
#include "common/base/text.h"

/* NRPE v2 packets hold 1024 bytes and cores cut at about 8 KiB. JSON has room for a full report. */
enum { TEXT_MAXIMUM = 8 * 1024, JSON_MAXIMUM = 256 * 1024 };

int report_print(const struct report *report, const struct report_style *style, FILE *stream)
{
    struct buffer output;
    enum state state = report_state(report);

    buffer_init(&output, style->format == OUTPUT_JSON ? JSON_MAXIMUM : TEXT_MAXIMUM);
    if (style->format == OUTPUT_TEXT)
        output_text(report, style, &output);
    else if (!output_json(report, &output))
        state = STATE_UNKNOWN;
    printed_set(PRINTED_A_PART);
    if (fputs(buffer_text(&output), stream) == EOF || fflush(stream) == EOF)
        state = STATE_UNKNOWN;
    printed_set((int)state);
    buffer_free(&output);
    return (int)state;
}

int report_print_unknown(const char *service, const char *message, FILE *stream)
{
    struct buffer line;

    buffer_init(&line, FIRST_LINE_MAXIMUM);
    buffer_addf(&line, "%s UNKNOWN - ", service);
    text_add_printable(&line, message, strlen(message), FIRST_LINE_MAXIMUM - line.length - 1);
    buffer_add_char(&line, '\n');
    printed_set(PRINTED_A_PART);
    fputs(buffer_text(&line), stream);
    fflush(stream); /* now: the process may still end by a crash */
    printed_set((int)STATE_UNKNOWN);
    buffer_free(&line);
    return (int)STATE_UNKNOWN;
}
