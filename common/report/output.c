/* output.c - prints a report as plugin text; the exit code.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/report/output.h"

#include <string.h>

#include "common/base/text.h"

/* NRPE v2 packets hold 1024 bytes and cores cut at about 8 KiB. JSON has room for a full report. */
enum { FIRST_LINE_MAXIMUM = 900, TEXT_MAXIMUM = 8 * 1024, JSON_MAXIMUM = 256 * 1024 };

static const char truncated[] = "(truncated)\n";

void output_order(const struct report *report, size_t order[REPORT_FINDINGS_MAXIMUM])
{
    static const enum state states[] = {STATE_CRITICAL, STATE_WARNING, STATE_UNKNOWN, STATE_OK};
    size_t count = 0;

    for (size_t s = 0; s < COUNT_OF(states); s++)
        for (size_t i = 0; i < report->finding_count; i++)
            if (report->findings[i].state == states[s])
                order[count++] = i;
}

/* The bare number of a simple limit: "60" for "60:" and for "60"; "" where there is none. */
static void plain_threshold(const char *text, char *target, size_t size)
{
    long double number;
    size_t length = range_number(text, strlen(text), &number);

    target[0] = '\0';
    if (length && (!text[length] || !strcmp(text + length, ":")))
        text_copy_bytes(target, size, text, length);
}

static void add_threshold(const struct range *range, enum threshold_format format,
                          struct buffer *line)
{
    char plain[sizeof range->text] = "";

    buffer_add_char(line, ';');
    if (!range->set || format == THRESHOLDS_NONE)
        return;
    if (format == THRESHOLDS_PLAIN)
        plain_threshold(range->text, plain, sizeof plain);
    buffer_add_text(line, format == THRESHOLDS_PLAIN ? plain : range->text);
}

void output_perfdata(const struct metric *metric, enum threshold_format thresholds,
                     struct buffer *line)
{
    const struct metric_kind *kind = metric->kind;

    buffer_addf(line, "%s=%.*Lf%s", kind->label, kind->decimals, metric->value,
                unit_text(kind->unit));
    if ((!metric->warning.set && !metric->critical.set) || thresholds == THRESHOLDS_NONE)
        return;
    add_threshold(&metric->warning, thresholds, line);
    add_threshold(&metric->critical, thresholds, line);
}

/* "message [id], and 2 more: [id] [id]", or the summary. Returns false if it was cut to `limit`. */
static bool add_headline(const struct report *report, const size_t *order, size_t limit,
                         struct buffer *line)
{
    struct buffer text;
    bool whole;

    buffer_init(&text, TEXT_MAXIMUM);
    if (!report->finding_count) {
        buffer_add_text(&text, report_summary_text(report));
    } else {
        const struct finding *worst = &report->findings[order[0]];
        size_t more = report->finding_count + report->findings_dropped - 1;

        buffer_addf(&text, "%s [%s]", worst->message, catalogue_row(worst->id)->id);
        if (more)
            buffer_addf(&text, ", and %zu more:", more);
        for (size_t i = 1; i < report->finding_count; i++)
            buffer_addf(&text, " [%s]", catalogue_row(report->findings[order[i]].id)->id);
    }
    whole = text.length <= limit;
    text_add_printable(line, buffer_text(&text), text.length, limit);
    buffer_free(&text);
    return whole;
}

/* Returns false if the headline was cut. */
static bool add_first_line(const struct report *report, const struct report_style *style,
                           const size_t *order, struct buffer *output)
{
    struct buffer perfdata;
    size_t used;
    bool whole;

    buffer_init(&perfdata, FIRST_LINE_MAXIMUM / 2 + 100);
    for (size_t i = 0; i < report->metric_count; i++) {
        struct buffer item;

        buffer_init(&item, 512);
        buffer_add_char(&item, ' ');
        output_perfdata(&report->metrics[i], style->thresholds, &item);
        buffer_add(&perfdata, buffer_text(&item), item.length);
        buffer_free(&item);
    }
    buffer_addf(output, "%s %s - ", report->service, state_name(report_state(report)));
    used = output->length + perfdata.length + strlen(" |");
    whole = add_headline(report, order, FIRST_LINE_MAXIMUM - used, output);
    if (perfdata.length)
        buffer_addf(output, " |%s", buffer_text(&perfdata));
    buffer_add_char(output, '\n');
    buffer_free(&perfdata);
    return whole;
}

/* Adds one line, or nothing if the rest of the budget is too small for it. */
PRINTF_LIKE(2, 3)
static void add_line(struct buffer *output, const char *format, ...)
{
    struct buffer line;
    va_list arguments;

    buffer_init(&line, TEXT_MAXIMUM);
    va_start(arguments, format);
    buffer_vaddf(&line, format, arguments);
    va_end(arguments);
    if (output->overflowed)
        ; /* nothing more once a line was left out */
    else if (output->length + line.length + sizeof truncated > output->maximum)
        output->overflowed = true;
    else
        buffer_add(output, buffer_text(&line), line.length);
    buffer_free(&line);
}

void output_text(const struct report *report, const struct report_style *style,
                 struct buffer *output)
{
    size_t order[REPORT_FINDINGS_MAXIMUM] = {0};
    int level = style->verbosity;
    bool whole;

    if (level == 0 && report_state(report) != STATE_OK)
        level = 1;
    output_order(report, order);
    whole = add_first_line(report, style, order, output);
    for (size_t i = 0; level && i < report->finding_count; i++) {
        const struct finding *finding = &report->findings[order[i]];
        const struct catalogue_row *row = catalogue_row(finding->id);
        bool same_follows =
            i + 1 < report->finding_count && report->findings[order[i + 1]].id == finding->id;

        if (i > 0 || !whole) /* else the first line has said it */
            add_line(output, "[%s] %s [%s]\n", state_name(finding->state), finding->message,
                     row->id);
        if (!same_follows)
            add_line(output, "cause: %s\nfix: %s\n", row->cause, row->remedy);
    }
    for (size_t i = 0; i < report->note_count; i++)
        if (report->notes[i].level <= level)
            add_line(output, "%s\n", report->notes[i].text);
    if (output->overflowed || report->findings_dropped)
        buffer_add_text(output, truncated);
}

int report_print(const struct report *report, const struct report_style *style, FILE *stream)
{
    struct buffer output;
    enum state state = report_state(report);

    buffer_init(&output, style->format == OUTPUT_JSON ? JSON_MAXIMUM : TEXT_MAXIMUM);
    if (style->format == OUTPUT_TEXT)
        output_text(report, style, &output);
    else if (!output_json(report, &output))
        state = STATE_UNKNOWN;
    if (fputs(buffer_text(&output), stream) == EOF || fflush(stream) == EOF)
        state = STATE_UNKNOWN;
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
    fputs(buffer_text(&line), stream);
    buffer_free(&line);
    return (int)STATE_UNKNOWN;
}
