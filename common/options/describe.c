/* describe.c - the program and its option table as JSON: what --describe prints.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <stdlib.h>

#include "common/options/help.h"

/* Jansson refuses NULL in every step below and frees what it was given: one check at the end. */

static void put_text(json_t *object, const char *key, const char *text)
{
    if (text)
        json_object_set_new(object, key, json_string(text));
}

static json_t *choices_json(const char *const *choices)
{
    json_t *list = json_array();

    for (int i = 0; choices[i]; i++)
        json_array_append_new(list, json_string(choices[i]));
    return list;
}

static void put_standard(json_t *option, const struct option_spec *spec)
{
    struct buffer standard;

    buffer_init(&standard, 1024);
    if (standard_write(spec, &standard))
        put_text(option, "default", buffer_text(&standard));
    json_object_set_new(option, "default_in_words", json_boolean(spec->standard_words));
    buffer_free(&standard);
}

static json_t *option_json(const struct option_group *group, const struct option_spec *spec)
{
    json_t *option = json_object();
    char letter[2] = {spec->letter, '\0'};

    put_text(option, "group", group->title);
    put_text(option, "name", spec->name);
    put_text(option, "letter", spec->letter ? letter : NULL);
    put_text(option, "type", spec->type->name);
    put_text(option, "argument", spec->argument);
    put_text(option, "help", spec->help);
    put_standard(option, spec);
    put_text(option, "needs", spec->needs);
    put_text(option, "idle_with", spec->idle_with);
    put_text(option, "conflicts", spec->conflicts);
    put_text(option, "pair", spec->pair);
    if (spec->choices)
        json_object_set_new(option, "choices", choices_json(spec->choices));
    if (spec->maximum) {
        json_object_set_new(option, "minimum", json_integer(spec->minimum));
        json_object_set_new(option, "maximum", json_integer(spec->maximum));
    }
    json_object_set_new(option, "takes_value", json_boolean(spec->type->takes_value));
    json_object_set_new(option, "value_optional", json_boolean(spec->value_optional));
    json_object_set_new(option, "repeatable", json_boolean(spec->type->repeatable));
    json_object_set_new(option, "secret", json_boolean(spec->type->secret));
    return option;
}

static json_t *options_json(const struct option_table *table)
{
    json_t *list = json_array();
    const struct option_group *group;

    for (size_t i = 0; (group = table_group(table, i)) != NULL; i++)
        for (size_t j = 0; j < group->count; j++)
            json_array_append_new(list, option_json(group, &group->specs[j]));
    return list;
}

bool describe_write(const struct option_table *table, struct buffer *output)
{
    const struct option_program *program = table->program;
    json_t *root = json_object();
    char *text;
    bool written;

    put_text(root, "plugin", program->name);
    put_text(root, "version", PACKAGE_VERSION);
    put_text(root, "service", program->service);
    put_text(root, "summary", program->summary);
    put_text(root, "details", program->details);
    put_text(root, "examples", program->examples);
    json_object_set_new(root, "options", options_json(table));
    if (program->add_description)
        program->add_description(program->data, root);
    text = json_dumps(root, JSON_INDENT(2) | JSON_ENSURE_ASCII);
    json_decref(root);
    written = text && buffer_add_text(output, text) && buffer_add_char(output, '\n');
    free(text);
    return written;
}
