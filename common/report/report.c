/* report.c - gathers what a check found.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/report/report.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"

const char *unit_text(enum unit unit)
{
    static const char *const units[] = {[UNIT_NONE] = "",
                                        [UNIT_SECONDS] = "s",
                                        [UNIT_BYTES] = "B",
                                        [UNIT_PERCENT] = "%",
                                        [UNIT_COUNTER] = "c"};

    return units[unit];
}

void report_init(struct report *report, const char *plugin, const char *service,
                 const struct state_overrides *overrides)
{
    *report = (struct report){.plugin = plugin, .service = service};
    if (overrides)
        report->overrides = *overrides;
}

static void free_texts(struct finding *finding)
{
    free(finding->message);
    free(finding->headline);
}

void report_free(struct report *report)
{
    for (size_t i = 0; i < report->finding_count; i++)
        free_texts(&report->findings[i]);
    for (size_t i = 0; i < report->note_count; i++)
        free(report->notes[i].text);
    free(report->summary);
    *report = (struct report){0};
}

enum { RAW_MAXIMUM = 4096 }; /* cut there, however long the text is */

/* Makes printable what came from outside. Returns a malloc()ed string. */
static char *clean_message(const char *raw)
{
    struct buffer clean;
    char *message;

    buffer_init(&clean, REPORT_MESSAGE_MAXIMUM);
    text_add_printable(&clean, raw, strlen(raw), REPORT_MESSAGE_MAXIMUM);
    message = text_duplicate(buffer_text(&clean));
    for (size_t end = clean.length; message && end && message[end - 1] == ' '; end--)
        message[end - 1] = '\0';
    buffer_free(&clean);
    return message;
}

PRINTF_LIKE(1, 0)
static char *make_message(const char *format, va_list arguments)
{
    char raw[RAW_MAXIMUM] = "";

    vsnprintf(raw, sizeof raw, format, arguments);
    return clean_message(raw);
}

/* The text of a finding; one with DETAIL in its format has a headline of its own. */
PRINTF_LIKE(2, 0)
static void set_texts(struct finding *finding, const char *format, va_list arguments)
{
    char raw[RAW_MAXIMUM] = "";
    char *detail;

    vsnprintf(raw, sizeof raw, format, arguments);
    detail = strstr(format, DETAIL) ? strstr(raw, DETAIL) : NULL;
    if (detail) {
        *detail = '\0';
        finding->headline = clean_message(raw);
        memmove(detail, detail + 1, strlen(detail + 1) + 1);
    }
    finding->message = clean_message(raw);
}

/* The last of the mildest findings. */
static struct finding *mildest_finding(struct report *report)
{
    struct finding *mildest = &report->findings[0];

    for (size_t i = 1; i < report->finding_count; i++)
        if (state_worst(mildest->state, report->findings[i].state) == mildest->state)
            mildest = &report->findings[i];
    return mildest;
}

/* Room for a finding of that state; in a full report that of a milder one, NULL if there is none:
 * the state of the whole must not look better for it. */
static struct finding *place_finding(struct report *report, enum state state)
{
    struct finding *place;

    if (report->finding_count < REPORT_FINDINGS_MAXIMUM)
        return &report->findings[report->finding_count++];
    report->findings_dropped++;
    place = mildest_finding(report);
    if (state_worst(place->state, state) == place->state)
        return NULL;
    free_texts(place);
    return place;
}

PRINTF_LIKE(4, 0)
static void add_finding(struct report *report, enum state state, enum finding_id id,
                        const char *format, va_list arguments)
{
    const struct state_overrides *overrides = &report->overrides;
    struct finding finding = {.id = id, .state = overrides->set[id] ? overrides->state[id] : state};
    struct finding *place = place_finding(report, finding.state);

    if (!place)
        return;
    set_texts(&finding, format, arguments);
    *place = finding;
}

void report_find(struct report *report, enum finding_id id, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    add_finding(report, catalogue_row(id)->state, id, format, arguments);
    va_end(arguments);
}

void report_find_as(struct report *report, enum state state, enum finding_id id, const char *format,
                    ...)
{
    va_list arguments;

    va_start(arguments, format);
    add_finding(report, state, id, format, arguments);
    va_end(arguments);
}

bool report_has(const struct report *report, enum finding_id id)
{
    for (size_t i = 0; i < report->finding_count; i++)
        if (report->findings[i].id == id)
            return true;
    return false;
}

void report_note(struct report *report, int level, const char *format, ...)
{
    va_list arguments;

    if (report->note_count == REPORT_NOTES_MAXIMUM)
        return;
    va_start(arguments, format);
    report->notes[report->note_count++] =
        (struct note){.level = level, .text = make_message(format, arguments)};
    va_end(arguments);
}

void report_summary(struct report *report, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    free(report->summary);
    report->summary = make_message(format, arguments);
    va_end(arguments);
}

void report_metric(struct report *report, const struct metric_kind *kind, long double value,
                   const struct range *warning, const struct range *critical)
{
    struct metric metric = {.kind = kind, .value = value};

    if (report->metric_count == REPORT_METRICS_MAXIMUM)
        return;
    if (warning)
        metric.warning = *warning;
    if (critical)
        metric.critical = *critical;
    report->metrics[report->metric_count++] = metric;
}

enum state threshold_state(long double value, const struct range *warning,
                           const struct range *critical)
{
    if (critical && range_alerts(critical, value))
        return STATE_CRITICAL;
    return warning && range_alerts(warning, value) ? STATE_WARNING : STATE_OK;
}

void threshold_wanted(enum state state, const struct range *warning, const struct range *critical,
                      char *target, size_t size)
{
    range_wanted(state == STATE_CRITICAL ? critical : warning, target, size);
}

/* Nothing was judged: no finding, and no summary that says that all is well. */
static bool is_empty(const struct report *report)
{
    return !report->finding_count && !report->summary;
}

const char *report_summary_text(const struct report *report)
{
    if (is_empty(report))
        return "the check ended without a result: this is a bug, please report it with the "
               "output of -vvv";
    return report->summary ? report->summary : "";
}

enum state report_state(const struct report *report)
{
    enum state worst = STATE_OK;

    if (is_empty(report))
        return STATE_UNKNOWN;
    for (size_t i = 0; i < report->finding_count; i++)
        worst = state_worst(worst, report->findings[i].state);
    return worst;
}

void report_order(const struct report *report, size_t order[REPORT_FINDINGS_MAXIMUM])
{
    static const enum state states[] = {STATE_CRITICAL, STATE_WARNING, STATE_UNKNOWN, STATE_OK};
    size_t count = 0;

    for (size_t s = 0; s < COUNT_OF(states); s++)
        for (size_t i = 0; i < report->finding_count; i++)
            if (report->findings[i].state == states[s])
                order[count++] = i;
}
