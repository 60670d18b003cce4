/* spec.c - what --help and --describe tell of a check beyond its options: findings and metrics.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/plugin/spec.h"

#include <jansson.h>

#include "common/base/text.h"
#include "common/options/help.h"

static void add_help(const void *data, struct buffer *output)
{
    const struct plugin_spec *plugin = data;

    if (plugin->finding_count)
        buffer_add_text(output, "\nFindings (change a state with --state ID=STATE):\n");
    for (size_t i = 0; i < plugin->finding_count; i++) {
        const struct catalogue_row *row = catalogue_row(plugin->findings[i]);
        char name[64];

        text_format(name, sizeof name, "  %s", row->id);
        help_add_item(output, name, row->headline);
    }
}

/* As in describe.c: Jansson refuses NULL in every step and frees what it was given. */

static json_t *findings_json(const struct plugin_spec *plugin)
{
    json_t *list = json_array();

    for (size_t i = 0; i < plugin->finding_count; i++) {
        const struct catalogue_row *row = catalogue_row(plugin->findings[i]);

        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:b, s:s, s:s, s:s, s:s}", "id", row->id,
                                        "state", state_name(row->state), "by_limit", row->by_limit,
                                        "section", section_title(row->section), "headline",
                                        row->headline, "cause", row->cause, "remedy", row->remedy));
    }
    return list;
}

/* All of the runbook, in its order: a check alone has findings of some only. */
static json_t *sections_json(void)
{
    json_t *list = json_array();

    for (int i = 0; i < SECTION_COUNT; i++)
        json_array_append_new(list, json_string(section_title((enum section)i)));
    return list;
}

static json_t *metrics_json(const struct plugin_spec *plugin)
{
    json_t *list = json_array();

    for (size_t i = 0; i < plugin->metric_count; i++) {
        const struct metric_kind *kind = &plugin->metrics[i];

        json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:s}", "label", kind->label, "unit",
                                              unit_text(kind->unit), "decimals", kind->decimals,
                                              "help", kind->help));
    }
    return list;
}

static void add_description(const void *data, json_t *root)
{
    const struct plugin_spec *plugin = data;

    json_object_set_new(root, "findings", findings_json(plugin));
    json_object_set_new(root, "sections", sections_json());
    json_object_set_new(root, "metrics", metrics_json(plugin));
}

struct option_program plugin_program(const struct plugin_spec *plugin)
{
    struct option_program program = plugin->program;

    program.add_help = add_help;
    program.add_description = add_description;
    program.data = plugin;
    return program;
}
