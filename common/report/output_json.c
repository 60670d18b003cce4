/* output_json.c - prints a report as one JSON object, for programs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/report/output.h"

#include <jansson.h>
#include <stdlib.h>

static json_t *findings_json(const struct report *report)
{
    size_t order[REPORT_FINDINGS_MAXIMUM] = {0};
    json_t *list = json_array();

    output_order(report, order);
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct finding *finding = &report->findings[order[i]];
        const struct catalogue_row *row = catalogue_row(finding->id);

        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", row->id, "state",
                                        state_name(finding->state), "message", finding->message,
                                        "cause", row->cause, "remedy", row->remedy));
    }
    return list;
}

static json_t *metrics_json(const struct report *report)
{
    json_t *list = json_array();

    for (size_t i = 0; i < report->metric_count; i++) {
        const struct metric *metric = &report->metrics[i];
        json_t *item = json_pack("{s:s, s:f, s:s}", "label", metric->kind->label, "value",
                                 (double)metric->value, "unit", unit_text(metric->kind->unit));

        if (metric->warning.set)
            json_object_set_new(item, "warning", json_string(metric->warning.text));
        if (metric->critical.set)
            json_object_set_new(item, "critical", json_string(metric->critical.text));
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *notes_json(const struct report *report)
{
    json_t *list = json_array();

    for (size_t i = 0; i < report->note_count; i++)
        json_array_append_new(list, json_string(report->notes[i].text));
    return list;
}

bool output_json(const struct report *report, struct buffer *output)
{
    enum state state = report_state(report);
    json_t *root = json_pack("{s:s, s:s, s:s, s:s, s:i, s:s, s:o, s:o, s:o}", "plugin",
                             report->plugin, "version", PACKAGE_VERSION, "service", report->service,
                             "state", state_name(state), "exit_code", (int)state, "summary",
                             report_summary_text(report), "findings", findings_json(report),
                             "notes", notes_json(report), "metrics", metrics_json(report));
    char *text = root ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) : NULL;
    bool added = text && buffer_addf(output, "%s\n", text);

    free(text);
    json_decref(root);
    return added;
}
