/* entry.c - what a search of the directory returns: entries of attributes with binary values.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/ldap/entry.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"

static void free_attribute(struct directory_attribute *attribute)
{
    for (size_t i = 0; i < attribute->count; i++)
        free(attribute->values[i].bytes);
    free(attribute->values);
    free(attribute->name);
}

void directory_entries_free(struct directory_entries *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        struct directory_entry *entry = &entries->entries[i];

        for (size_t n = 0; n < entry->count; n++)
            free_attribute(&entry->attributes[n]);
        free(entry->attributes);
        free(entry->dn);
    }
    free(entries->entries);
    *entries = (struct directory_entries){0};
}

/* Makes room for one more in an array whose room doubles. Returns the array, which may have moved,
 * or NULL if memory ran out; then the old one still stands. */
static void *grow(void *array, size_t count, size_t size)
{
    if (count & (count - 1)) /* no power of two: there is room */
        return array;
    return memory_resize(array, (count ? 2 * count : 1) * size);
}

/* Counts memory against the maximum. Returns false if there is no more of it. */
static bool count_bytes(struct directory_entries *entries, size_t bytes)
{
    if (bytes > DIRECTORY_BYTES_MAXIMUM - entries->bytes)
        return false;
    entries->bytes += bytes;
    return true;
}

struct directory_entry *directory_entries_add(struct directory_entries *entries, const char *dn)
{
    struct directory_entry *grown;
    char *copy;

    if (entries->count == DIRECTORY_ENTRIES_MAXIMUM ||
        !count_bytes(entries, sizeof *grown + strlen(dn)))
        return NULL;
    grown = grow(entries->entries, entries->count, sizeof *grown);
    if (!grown)
        return NULL;
    entries->entries = grown;
    copy = text_duplicate(dn);
    if (!copy)
        return NULL;
    grown[entries->count] = (struct directory_entry){.dn = copy};
    return &grown[entries->count++];
}

/* True for a part such as ;range=0-1499; ;range=1500-* is the last one. */
static bool is_part(const char *options)
{
    return text_find(options, strlen(options), ";range=") && options[strlen(options) - 1] != '*';
}

struct directory_attribute *directory_entry_add(struct directory_entries *entries,
                                                struct directory_entry *entry, const char *name)
{
    size_t length = strcspn(name, ";");
    struct directory_attribute *grown;
    char *copy;

    for (size_t i = 0; i < entry->count; i++) {
        if (slice_is((struct slice){name, length}, entry->attributes[i].name)) {
            entry->attributes[i].partial = entry->attributes[i].partial || is_part(name + length);
            return &entry->attributes[i];
        }
    }
    if (entry->count == DIRECTORY_ATTRIBUTES_MAXIMUM ||
        !count_bytes(entries, sizeof *grown + length))
        return NULL;
    grown = grow(entry->attributes, entry->count, sizeof *grown);
    if (!grown)
        return NULL;
    entry->attributes = grown;
    copy = text_duplicate_bytes(name, length);
    if (!copy)
        return NULL;
    grown[entry->count] =
        (struct directory_attribute){.name = copy, .partial = is_part(name + length)};
    return &grown[entry->count++];
}

bool directory_attribute_add(struct directory_entries *entries,
                             struct directory_attribute *attribute, const void *bytes,
                             size_t length)
{
    struct directory_value *grown;
    char *copy;

    if (attribute->count == DIRECTORY_VALUES_MAXIMUM ||
        !count_bytes(entries, sizeof *grown + length))
        return false;
    grown = grow(attribute->values, attribute->count, sizeof *grown);
    if (!grown)
        return false;
    attribute->values = grown;
    copy = text_duplicate_bytes(bytes, length);
    if (!copy)
        return false;
    grown[attribute->count++] = (struct directory_value){(unsigned char *)copy, length};
    return true;
}

const struct directory_attribute *entry_attribute(const struct directory_entry *entry,
                                                  const char *name)
{
    for (size_t i = 0; i < entry->count; i++)
        if (text_equal(entry->attributes[i].name, name))
            return &entry->attributes[i];
    return NULL;
}

const struct directory_value *entry_value(const struct directory_entry *entry, const char *name)
{
    const struct directory_attribute *attribute = entry_attribute(entry, name);

    return attribute && attribute->count ? &attribute->values[0] : NULL;
}

const char *entry_text(const struct directory_entry *entry, const char *name)
{
    const struct directory_value *value = entry_value(entry, name);

    return value ? (const char *)value->bytes : "";
}

bool entry_has_text(const struct directory_entry *entry, const char *name, const char *text)
{
    const struct directory_attribute *attribute = entry_attribute(entry, name);

    for (size_t i = 0; attribute && i < attribute->count; i++) {
        const struct directory_value *value = &attribute->values[i];

        if (slice_is((struct slice){(const char *)value->bytes, value->length}, text))
            return true;
    }
    return false;
}

bool entry_integer(const struct directory_entry *entry, const char *name, int64_t *value)
{
    return text_integer(entry_text(entry, name), INT64_MIN, INT64_MAX, value);
}

bool entry_flags(const struct directory_entry *entry, const char *name, uint32_t *flags)
{
    int64_t value;

    *flags = 0;
    if (!entry_integer(entry, name, &value) || value < INT32_MIN || value > UINT32_MAX)
        return false;
    *flags = (uint32_t)value;
    return true;
}

enum filetime entry_filetime(const struct directory_entry *entry, const char *name,
                             int64_t *seconds)
{
    static const int64_t per_second = 10000000;
    static const int64_t from_1601_to_1970 = 11644473600;
    int64_t value;

    if (!entry_integer(entry, name, &value) || value < 0)
        return FILETIME_ABSENT;
    if (value == 0)
        return FILETIME_ZERO;
    if (value == INT64_MAX)
        return FILETIME_NEVER;
    *seconds = value / per_second - from_1601_to_1970;
    return FILETIME_SET;
}

/* Reads so many digits and moves on. Returns -1 if there are not so many. */
static int take_digits(const char **at, int digits)
{
    int value = 0;

    for (; digits; digits--, (*at)++) {
        if (**at < '0' || **at > '9')
            return -1;
        value = 10 * value + (**at - '0');
    }
    return value;
}

bool generalized_time(const char *text, int64_t *seconds)
{
    int year = take_digits(&text, 4);
    int month = year < 0 ? -1 : take_digits(&text, 2);
    int day = month < 1 || month > 12 ? -1 : take_digits(&text, 2);
    int hour = day < 1 || day > 31 ? -1 : take_digits(&text, 2);
    int minute = hour < 0 || hour > 23 ? -1 : take_digits(&text, 2);
    int second = minute < 0 || minute > 59 ? -1 : take_digits(&text, 2);

    if (second < 0 || second > 60)
        return false;
    if (*text == '.' || *text == ',')
        text += 1 + strspn(text + 1, "0123456789");
    if (strcmp(text, "Z") != 0)
        return false;
    *seconds = clock_from_utc(year, month, day, hour, minute, second);
    return true;
}
