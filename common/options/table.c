/* table.c - all options of a program in one place: lookup by name or letter, and setting one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/options/table.h"

#include <string.h>

#include "common/options/types.h"

static const struct option_type section_name = {
    .name = "text", .takes_value = true, .repeatable = true};

static const struct option_spec builtin_specs[] = {
    [BUILTIN_HELP] = {.name = "help",
                      .letter = 'h',
                      .type = &option_flag,
                      .help = "Show this help"},
    [BUILTIN_VERSION] = {.name = "version",
                         .letter = 'V',
                         .type = &option_flag,
                         .help = "Show name and version"},
    [BUILTIN_EXTRA_OPTS] = {.name = "extra-opts",
                            .type = &section_name,
                            .argument = "[SECTION][@FILE]",
                            .value_optional = true,
                            .help =
                                "Read options from a section of an INI file, before those of the "
                                "command line. Default section: the plugin's name; default file: "
                                "MP_CONFIG_FILE, or the first that exists where monitoring-plugins "
                                "looks, such as /etc/monitoring-plugins/monitoring-plugins.ini"},
    [BUILTIN_DESCRIBE] = {.name = "describe",
                          .type = &option_flag,
                          .help = "Show options, findings and metrics as JSON, for generators"},
};

static const struct option_group builtin_group = {
    .title = "General", .specs = builtin_specs, .count = COUNT_OF(builtin_specs)};

enum builtin table_builtin(const struct option_row *row)
{
    return row->group == &builtin_group ? (enum builtin)(row->spec - builtin_specs) : BUILTIN_NONE;
}

const struct option_group *table_group(const struct option_table *table, size_t index)
{
    if (index < table->group_count)
        return &table->groups[index];
    return index == table->group_count ? &builtin_group : NULL;
}

bool table_next(const struct option_table *table, struct table_step *step, struct option_row *row)
{
    while ((row->group = table_group(table, step->group)) != NULL) {
        if (step->index < row->group->count) {
            row->spec = &row->group->specs[step->index++];
            return true;
        }
        step->group++;
        step->index = 0;
    }
    return false;
}

static void complain_unknown(struct slice name, const char *dashes, char *error, size_t error_size)
{
    text_format(error, error_size, "unknown option %s%.*s (see --help)", dashes, (int)name.length,
                name.text);
}

bool table_find_name(const struct option_table *table, struct slice name, struct option_row *row,
                     char *error, size_t error_size)
{
    struct buffer candidates;
    struct table_step step = {0};
    struct option_row at;
    size_t matches = 0;

    buffer_init(&candidates, 256);
    while (name.length && table_next(table, &step, &at)) {
        if (strncmp(at.spec->name, name.text, name.length) != 0)
            continue;
        *row = at;
        if (strlen(at.spec->name) == name.length) {
            matches = 1;
            break;
        }
        buffer_addf(&candidates, "%s--%s", matches++ ? ", " : "", at.spec->name);
    }
    if (matches > 1)
        text_format(error, error_size, "option --%.*s is ambiguous: it may be %s", (int)name.length,
                    name.text, buffer_text(&candidates));
    else if (!matches)
        complain_unknown(name, "--", error, error_size);
    buffer_free(&candidates);
    return matches == 1;
}

bool table_find_letter(const struct option_table *table, char letter, struct option_row *row,
                       char *error, size_t error_size)
{
    struct table_step step = {0};

    while (letter && table_next(table, &step, row))
        if (row->spec->letter == letter)
            return true;
    complain_unknown((struct slice){&letter, 1}, "-", error, error_size);
    return false;
}

struct option_row table_row(const struct option_table *table, struct slice name)
{
    struct table_step step = {0};
    struct option_row row = {0};

    while (table_next(table, &step, &row))
        if (slice_is(name, row.spec->name))
            return row;
    return (struct option_row){0};
}

void *table_target(const struct option_row *row)
{
    return (char *)row->group->target + row->spec->offset;
}

bool table_set_standard(const struct option_row *row, char *error, size_t error_size)
{
    const char *const *list = row->spec->standard_list;

    for (size_t i = 0; list && list[i]; i++)
        if (!table_set(row, list[i], error, error_size))
            return false;
    return !row->spec->standard || table_set(row, row->spec->standard, error, error_size);
}

bool table_set(const struct option_row *row, const char *value, char *error, size_t error_size)
{
    const struct option_spec *spec = row->spec;
    char detail[512] = "";
    bool set = false;

    if (value && !spec->type->takes_value)
        text_copy(detail, sizeof detail, "takes no value");
    else if (!value && spec->type->takes_value && !spec->value_optional)
        text_copy(detail, sizeof detail, "needs a value");
    else
        set = spec->type->set(spec, value, table_target(row), detail, sizeof detail);
    if (!set)
        text_format(error, error_size, "option --%s %s", spec->name, detail);
    return set;
}
