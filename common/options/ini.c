/* ini.c - reads the entries of one section out of the text of an INI file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/options/ini.h"

#include <string.h>

static const char byte_order_mark[] = "\xef\xbb\xbf";

void ini_start(struct ini_reader *reader, const char *text, size_t length, const char *section)
{
    size_t mark = sizeof byte_order_mark - 1;

    *reader = (struct ini_reader){.section = slice_trim(slice_of(section))};
    if (length >= mark && memcmp(text, byte_order_mark, mark) == 0) {
        text += mark;
        length -= mark;
    }
    reader->rest = (struct slice){text, length};
}

static bool is_comment(struct slice line)
{
    return !line.length || line.text[0] == '#' || line.text[0] == ';';
}

/* Reads `[name]`. Returns NULL, or what is wrong with it. */
static const char *read_header(struct ini_reader *reader, struct slice line)
{
    const char *end = memchr(line.text, ']', line.length);
    struct slice name;
    struct slice after;

    if (!end)
        return "has a [ without a ]";
    name = slice_trim((struct slice){line.text + 1, (size_t)(end - line.text) - 1});
    after = slice_trim((struct slice){end + 1, line.length - (size_t)(end + 1 - line.text)});
    if (!is_comment(after))
        return "has text after the ]";
    reader->any_section = true;
    reader->inside = name.length == reader->section.length &&
                     memcmp(name.text, reader->section.text, name.length) == 0;
    reader->found = reader->found || reader->inside;
    return NULL;
}

static bool is_key(struct slice key)
{
    for (size_t i = 0; i < key.length; i++) {
        char at = key.text[i];

        if (!(at >= 'a' && at <= 'z') && !(at >= 'A' && at <= 'Z') && !(at >= '0' && at <= '9') &&
            !(at && strchr("-_.", at)))
            return false;
    }
    return key.length > 0;
}

/* Reads `key = value`. Returns NULL, or what is wrong with it. */
static const char *read_entry(struct slice line, struct ini_entry *entry)
{
    const char *equals = memchr(line.text, '=', line.length);
    size_t length = equals ? (size_t)(equals - line.text) : line.length;

    if (memchr(line.text, '\0', line.length))
        return "contains a NUL byte: save the file as UTF-8 text";
    *entry = (struct ini_entry){.key = slice_trim((struct slice){line.text, length})};
    for (int dashes = 0; dashes < 2 && entry->key.length && entry->key.text[0] == '-'; dashes++) {
        entry->key.text++;
        entry->key.length--;
    }
    if (!is_key(entry->key))
        return "is not 'option = value'";
    if (equals)
        entry->value = slice_trim((struct slice){equals + 1, line.length - length - 1});
    entry->has_value = entry->value.length > 0;
    return NULL;
}

enum ini_step ini_next(struct ini_reader *reader, struct ini_entry *entry, char *error,
                       size_t error_size)
{
    const char *problem = NULL;
    struct slice line;

    while (!problem && slice_next(&reader->rest, "\n", &line)) {
        reader->line++;
        line = slice_trim(line);
        if (is_comment(line))
            continue;
        if (line.text[0] == '[')
            problem = read_header(reader, line);
        else if (!reader->any_section)
            problem = "is not in a [section]";
        else if (reader->inside && !(problem = read_entry(line, entry)))
            return INI_ENTRY;
    }
    if (!problem)
        return INI_END;
    text_copy(error, error_size, problem);
    return INI_ERROR;
}
