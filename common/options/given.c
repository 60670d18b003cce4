/* given.c - which options were given, and with what values.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/options/given.h"

#include <stdlib.h>

#include "common/base/memory.h"
#include "common/base/secret.h"

static bool note(struct option_memory *memory, const struct option_spec *spec, const char *value)
{
    struct option_use *uses = memory_resize(memory->uses, (memory->use_count + 1) * sizeof *uses);

    if (!uses)
        return false;
    memory->uses = uses;
    memory->uses[memory->use_count++] = (struct option_use){spec, value};
    return true;
}

static bool no_memory(char *error, size_t error_size)
{
    text_copy(error, error_size, "out of memory");
    return false;
}

bool given_set(struct option_memory *memory, const struct option_row *row, const char *value,
               char *error, size_t error_size)
{
    void (*rewrite)(char *) = row->spec->type->rewrite;

    if (rewrite && value) {
        char *copy = given_keep(memory, slice_of(value));

        if (!copy)
            return no_memory(error, error_size);
        rewrite(copy);
        value = copy;
    }
    return table_set(row, value, error, error_size) &&
           (note(memory, row->spec, value) || no_memory(error, error_size));
}

char *given_keep(struct option_memory *memory, struct slice value)
{
    char *copy = text_duplicate_bytes(value.text, value.length);
    char **values =
        copy ? memory_resize(memory->values, (memory->count + 1) * sizeof *values) : NULL;

    if (!values) {
        secret_free(copy);
        return NULL;
    }
    memory->values = values;
    memory->values[memory->count++] = copy;
    return copy;
}

const struct option_use *given_last(const struct option_memory *memory,
                                    const struct option_spec *spec)
{
    for (size_t i = memory->use_count; i > 0; i--)
        if (memory->uses[i - 1].spec == spec)
            return &memory->uses[i - 1];
    return NULL;
}

bool given_value(const struct option_memory *memory, const struct option_spec *spec,
                 struct slice value)
{
    const struct option_use *last = given_last(memory, spec);

    if (!last)
        return spec->standard && slice_is(value, spec->standard);
    if (!spec->type->repeatable)
        return last->value && slice_is(value, last->value);
    for (size_t i = 0; i < memory->use_count; i++)
        if (memory->uses[i].spec == spec && memory->uses[i].value &&
            slice_is(value, memory->uses[i].value))
            return true;
    return false;
}
