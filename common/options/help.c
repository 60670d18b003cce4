/* help.c - what --help and --version print.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/options/help.h"

#include <inttypes.h>
#include <string.h>

/* Appends words from `column` on, wrapped with `indent` blanks; ends the line. */
static void add_wrapped(struct buffer *output, const char *text, size_t column, size_t indent)
{
    struct slice rest = slice_of(text);
    struct slice word;
    bool first = true;

    while (slice_next(&rest, " \n", &word)) {
        if (!word.length)
            continue;
        if (!first && column + 1 + word.length > HELP_WIDTH) {
            buffer_addf(output, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!first) {
            buffer_add_char(output, ' ');
            column++;
        }
        buffer_add(output, word.text, word.length);
        column += word.length;
        first = false;
    }
    buffer_add_char(output, '\n');
}

void help_add_item(struct buffer *output, const char *name, const char *text)
{
    if (strlen(name) + 2 > HELP_COLUMN)
        buffer_addf(output, "%s\n%*s", name, HELP_COLUMN, "");
    else
        buffer_addf(output, "%-*s", HELP_COLUMN, name);
    add_wrapped(output, text, HELP_COLUMN, HELP_COLUMN);
}

/* Starts a remark in parentheses, or continues it. */
static void add_remark(struct buffer *text, bool *open)
{
    buffer_add_text(text, *open ? "; " : " (");
    *open = true;
}

bool standard_write(const struct option_spec *spec, struct buffer *text)
{
    const char *words = spec->standard ? spec->standard : spec->standard_words;

    if (words)
        buffer_add_text(text, words);
    for (size_t i = 0; spec->standard_list && spec->standard_list[i]; i++)
        buffer_addf(text, "%s%s", i ? ", " : "", spec->standard_list[i]);
    return words || spec->standard_list;
}

static void add_standard(const struct option_spec *spec, struct buffer *text, bool *open)
{
    struct buffer standard;

    buffer_init(&standard, 1024);
    if (standard_write(spec, &standard)) {
        add_remark(text, open);
        buffer_addf(text, "default: %s", buffer_text(&standard));
    }
    buffer_free(&standard);
}

/* Appends what the table knows of an option beyond its help text. */
static void add_remarks(const struct option_spec *spec, struct buffer *text)
{
    bool open = false;

    if (spec->choices) {
        add_remark(text, &open);
        for (int i = 0; spec->choices[i]; i++)
            buffer_addf(text, "%s%s", i ? ", " : "", spec->choices[i]);
    }
    if (spec->maximum && strcmp(spec->type->name, "integer") == 0) {
        add_remark(text, &open);
        buffer_addf(text, "%" PRId64 " to %" PRId64, spec->minimum, spec->maximum);
    }
    if (spec->type->repeatable) {
        add_remark(text, &open);
        buffer_add_text(text, "may be repeated");
    }
    if (spec->type->secret) {
        add_remark(text, &open);
        buffer_add_text(text, "in an --extra-opts section only");
    }
    if (spec->needs) {
        add_remark(text, &open);
        buffer_addf(text, "needs --%s", spec->needs);
    }
    add_standard(spec, text, &open);
    if (open)
        buffer_add_char(text, ')');
}

static void add_option(struct buffer *output, const struct option_spec *spec)
{
    struct buffer name;
    struct buffer text;

    buffer_init(&name, 256);
    buffer_init(&text, 4096);
    if (spec->letter)
        buffer_addf(&name, "  -%c, --%s", spec->letter, spec->name);
    else
        buffer_addf(&name, "      --%s", spec->name);
    if (spec->argument && spec->value_optional)
        buffer_addf(&name, "[=%s]", spec->argument);
    else if (spec->argument)
        buffer_addf(&name, "=%s", spec->argument);
    buffer_add_text(&text, spec->help);
    add_remarks(spec, &text);
    help_add_item(output, buffer_text(&name), buffer_text(&text));
    buffer_free(&name);
    buffer_free(&text);
}

/* Appends lines as they are: a command that is broken up can't be copied. */
static void add_examples(struct buffer *output, const char *examples)
{
    struct slice rest = slice_of(examples);
    struct slice line;

    buffer_add_text(output, "\nExamples:\n");
    while (slice_next(&rest, "\n", &line))
        if (line.length || rest.text)
            buffer_addf(output, "%s%.*s\n", line.length ? "  " : "", (int)line.length, line.text);
}

void help_write(const struct option_table *table, struct buffer *output)
{
    const struct option_program *program = table->program;
    const struct option_group *group;

    buffer_addf(output, "%s - ", program->name);
    add_wrapped(output, program->summary, strlen(program->name) + 3, 2);
    buffer_addf(output, "Usage: %s [OPTION]...\n", program->name);
    if (program->details) {
        buffer_add_char(output, '\n');
        add_wrapped(output, program->details, 0, 0);
    }
    for (size_t i = 0; (group = table_group(table, i)) != NULL; i++) {
        buffer_addf(output, "\n%s:\n", group->title);
        for (size_t j = 0; j < group->count; j++)
            add_option(output, &group->specs[j]);
    }
    if (program->examples)
        add_examples(output, program->examples);
    if (program->add_help)
        program->add_help(program->data, output);
    buffer_add_text(output, "\nExit codes:\n"
                            "  0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN: could not check, wrong "
                            "options,\n"
                            "  --help, --version. The worst finding decides: CRITICAL, WARNING, "
                            "UNKNOWN, OK.\n");
}

void version_write(const struct option_program *program, struct buffer *output)
{
    buffer_addf(output, "%s %s (ndes monitoring plugins)\n", program->name, PACKAGE_VERSION);
}
