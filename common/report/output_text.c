/* output_text.c - prints a report as plugin text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/report/output.h"

#include <string.h>

#include "common/base/text.h"

/* Of the first line, before the perfdata, in the usual case. */
enum {
    HEADLINE_COLUMNS = 100,
    LINE_MAXIMUM = 8 * 1024,
};

static const char truncated[] = "(truncated)\n";

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

/* Text as it survives schedulers and their mail scripts, which run `printf %b` over it and take `$`
 * for a macro: accounts and keys are written with slashes. */
static void add_plain(struct buffer *buffer, const char *text)
{
    for (; *text; text++)
        if (*text != '$')
            buffer_add_char(buffer, *text == '\\' ? '/' : *text);
}

/* Adds a finding's message, without its detail if it is longer than `limit`. Returns false if the
 * detail was left out. */
static bool add_message(struct buffer *line, const struct finding *finding, size_t limit)
{
    bool whole = !finding->headline || strlen(finding->message) <= limit;

    buffer_add_text(line, whole ? finding->message : finding->headline);
    return whole;
}

/* True if an earlier finding has the same ID. */
static bool is_named(const struct report *report, const size_t *order, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (report->findings[order[i]].id == report->findings[order[at]].id)
            return true;
    return false;
}

/* The IDs of the other findings, each once, as far as they fit: ": [id] [id]". */
static void add_other_ids(const struct report *report, const size_t *order, size_t limit,
                          struct buffer *line)
{
    const char *separator = ": ";

    for (size_t i = 1; i < report->finding_count; i++) {
        const char *id = catalogue_row(report->findings[order[i]].id)->id;

        if (is_named(report, order, i))
            continue;
        if (line->length + strlen(id) + strlen(": []") > limit)
            return;
        buffer_addf(line, "%s[%s]", separator, id);
        separator = " ";
    }
}

bool output_headline(const struct report *report, const size_t *order, struct buffer *line)
{
    const struct finding *worst = &report->findings[order[0]];
    size_t more = report->finding_count + report->findings_dropped - 1;
    size_t before = strlen(report->service) + strlen(state_name(report_state(report))) + 4;
    size_t columns = HEADLINE_COLUMNS - before;
    struct buffer text;
    struct buffer suffix;
    bool whole;

    buffer_init(&text, LINE_MAXIMUM);
    buffer_init(&suffix, LINE_MAXIMUM);
    if (!report->finding_count) {
        whole = buffer_add_text(&text, report_summary_text(report));
    } else {
        buffer_addf(&suffix, " [%s]", catalogue_row(worst->id)->id);
        if (more)
            buffer_addf(&suffix, ", and %zu more", more);
        whole = add_message(&text, worst, columns > suffix.length ? columns - suffix.length : 0);
        buffer_add(&text, buffer_text(&suffix), suffix.length);
        add_other_ids(report, order, columns, &text);
    }
    add_plain(line, buffer_text(&text));
    buffer_free(&suffix);
    buffer_free(&text);
    return whole;
}

/* Appends the perfdata that fits into `limit` bytes; what does not fit is left out from the end. */
static void add_metrics(const struct report *report, const struct report_style *style, size_t limit,
                        struct buffer *output)
{
    struct buffer perfdata;

    buffer_init(&perfdata, limit);
    for (size_t i = 0; i < report->metric_count && !perfdata.overflowed; i++) {
        struct buffer item;

        buffer_init(&item, 512);
        buffer_add_text(&item, i ? " " : " | ");
        output_perfdata(&report->metrics[i], style->thresholds, &item);
        buffer_add(&perfdata, buffer_text(&item), item.length);
        buffer_free(&item);
    }
    buffer_add(output, buffer_text(&perfdata), perfdata.length);
    buffer_free(&perfdata);
}

/* Returns false if the headline was cut. */
static bool add_first_line(const struct report *report, const struct report_style *style,
                           const size_t *order, struct buffer *output)
{
    bool whole;

    buffer_addf(output, "%s %s - ", report->service, state_name(report_state(report)));
    whole = output_headline(report, order, output);
    add_metrics(report, style, FIRST_LINE_MAXIMUM - output->length, output);
    buffer_add_char(output, '\n');
    return whole;
}

/* Adds one line, or nothing if the rest of the budget is too small for it. */
PRINTF_LIKE(2, 3)
static void add_line(struct buffer *output, const char *format, ...)
{
    struct buffer text;
    struct buffer line;
    va_list arguments;

    buffer_init(&text, LINE_MAXIMUM);
    buffer_init(&line, LINE_MAXIMUM);
    va_start(arguments, format);
    buffer_vaddf(&text, format, arguments);
    va_end(arguments);
    add_plain(&line, buffer_text(&text));
    buffer_free(&text);
    if (output->overflowed)
        ; /* nothing more once a line was left out */
    else if (output->length + line.length + sizeof truncated > output->maximum)
        output->overflowed = true;
    else
        buffer_add(output, buffer_text(&line), line.length);
    buffer_free(&line);
}

/* A finding's lines; `said` if the first line has told the message. Cause and remedy come once for
 * all neighbours of the same ID. */
static void add_finding(const struct report *report, const size_t *order, size_t at, bool said,
                        struct buffer *output)
{
    const struct finding *finding = &report->findings[order[at]];
    const struct catalogue_row *row = catalogue_row(finding->id);
    bool same_follows =
        at + 1 < report->finding_count && report->findings[order[at + 1]].id == finding->id;

    if (!said)
        add_line(output, "[%s] %s [%s]\n", state_name(finding->state), finding->message, row->id);
    if (!same_follows)
        add_line(output, "cause: %s\nfix: %s\n", row->cause, row->remedy);
}

void output_text(const struct report *report, const struct report_style *style,
                 struct buffer *output)
{
    size_t order[REPORT_FINDINGS_MAXIMUM] = {0};
    int level = style->verbosity;
    bool whole;

    if (level == 0 && report_state(report) != STATE_OK)
        level = 1;
    report_order(report, order);
    whole = add_first_line(report, style, order, output);
    for (size_t i = 0; level && i < report->finding_count; i++)
        add_finding(report, order, i, i == 0 && whole, output);
    for (size_t i = 0; i < report->note_count; i++)
        if (report->notes[i].level <= level)
            add_line(output, "%s%s\n", report->notes[i].text[0] == '[' ? "" : "[INFO] ",
                     report->notes[i].text);
    if (output->overflowed || report->findings_dropped)
        buffer_add_text(output, truncated);
}
