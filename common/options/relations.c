/* relations.c - what the rows of the table say of each other: needs, conflicts, pairs of limits.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/options/relations.h"

#include "common/options/given.h"

/* True for NAME if it was given, for NAME=VALUE if it has that value. */
static bool is_so(const struct option_table *table, const struct option_memory *memory,
                  const char *words)
{
    struct slice value = slice_of(words);
    struct slice name;
    struct option_row row;

    slice_next(&value, "=", &name);
    row = table_row(table, name);
    return value.text ? given_value(memory, row.spec, value) : given_last(memory, row.spec) != NULL;
}

/* An option that is given must have an effect. */
static bool has_effect(const struct option_table *table, const struct option_memory *memory,
                       const struct option_spec *spec, char *error, size_t error_size)
{
    bool lacks = spec->needs && !is_so(table, memory, spec->needs);
    bool idle = spec->idle_with && is_so(table, memory, spec->idle_with);

    if (idle)
        text_format(error, error_size, "--%s has no effect with --%s", spec->name, spec->idle_with);
    else if (lacks)
        text_format(error, error_size, "--%s has no effect without --%s", spec->name, spec->needs);
    return !lacks && !idle;
}

/* Of options that say the same in different ways only one can hold. */
static bool stands_alone(const struct option_table *table, const struct option_memory *memory,
                         const struct option_spec *spec, char *error, size_t error_size)
{
    struct slice rest = slice_of(spec->conflicts ? spec->conflicts : "");
    struct slice other;

    while (slice_next(&rest, " ", &other)) {
        if (!other.length || !given_last(memory, table_row(table, other).spec))
            continue;
        text_format(error, error_size, "give --%s or --%.*s, not both", spec->name,
                    (int)other.length, other.text);
        return false;
    }
    return true;
}

/* "--warning '30:'", and if it was not given: "--warning '30:' (the default)" */
static void limit_text(const struct option_memory *memory, const struct option_spec *spec,
                       char *text, size_t size)
{
    const struct option_use *use = given_last(memory, spec);

    text_format(text, size, "--%s '%s'%s", spec->name, use ? use->value : spec->standard,
                use ? "" : " (the default)");
}

/* A warning must come before the critical state, or be the same. */
static bool warns_first(const struct option_table *table, const struct option_memory *memory,
                        const struct option_row *critical, char *error, size_t error_size)
{
    const char *name = critical->spec->pair;
    struct option_row warning;
    char first[256];
    char second[256];

    if (!name)
        return true;
    warning = table_row(table, slice_of(name));
    if (!critical->spec->type->hides(table_target(critical), table_target(&warning)))
        return true;
    limit_text(memory, warning.spec, first, sizeof first);
    limit_text(memory, critical->spec, second, sizeof second);
    text_format(error, error_size, "option %s has no effect: %s is reached first", first, second);
    return false;
}

bool relations_hold(const struct option_table *table, const struct option_memory *memory,
                    char *error, size_t error_size)
{
    struct table_step step = {0};
    struct option_row row;

    while (table_next(table, &step, &row)) {
        if (given_last(memory, row.spec) &&
            !(stands_alone(table, memory, row.spec, error, error_size) &&
              has_effect(table, memory, row.spec, error, error_size)))
            return false;
        if (!warns_first(table, memory, &row, error, error_size))
            return false;
    }
    return true;
}
