/* text.c - strings: bounded copies, foreign bytes made printable, numbers with an end check.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"

char text_lower(char character)
{
    return character >= 'A' && character <= 'Z' ? (char)(character - 'A' + 'a') : character;
}

int text_hex_digit(char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    return character >= 'A' && character <= 'F' ? character - 'A' + 10 : -1;
}

static bool is_blank(char character)
{
    return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

struct slice slice_of(const char *text)
{
    return (struct slice){text, strlen(text)};
}

struct slice slice_trim(struct slice slice)
{
    while (slice.length && is_blank(slice.text[0])) {
        slice.text++;
        slice.length--;
    }
    while (slice.length && is_blank(slice.text[slice.length - 1]))
        slice.length--;
    return slice;
}

bool slice_next(struct slice *rest, const char *separators, struct slice *piece)
{
    size_t length = 0;

    if (!rest->text)
        return false;
    while (length < rest->length && !(rest->text[length] && strchr(separators, rest->text[length])))
        length++;
    *piece = (struct slice){rest->text, length};
    if (length == rest->length) {
        *rest = (struct slice){0};
    } else {
        rest->text += length + 1;
        rest->length -= length + 1;
    }
    return true;
}

bool slice_is(struct slice slice, const char *text)
{
    if (strlen(text) != slice.length)
        return false;
    for (size_t i = 0; i < slice.length; i++)
        if (text_lower(slice.text[i]) != text_lower(text[i]))
            return false;
    return true;
}

bool text_equal(const char *a, const char *b)
{
    return slice_is(slice_of(a), b);
}

bool text_starts(const char *text, const char *prefix)
{
    size_t length = strlen(prefix);

    return strlen(text) >= length && slice_is((struct slice){text, length}, prefix);
}

const char *text_find(const char *haystack, size_t length, const char *needle)
{
    size_t wanted = strlen(needle);

    for (size_t i = 0; wanted <= length && i <= length - wanted; i++)
        if (slice_is((struct slice){haystack + i, wanted}, needle))
            return haystack + i;
    return NULL;
}

void text_copy_bytes(char *target, size_t size, const char *source, size_t length)
{
    if (length >= size)
        length = size - 1;
    memcpy(target, source, length);
    target[length] = '\0';
}

void text_copy(char *target, size_t size, const char *source)
{
    text_copy_bytes(target, size, source, strlen(source));
}

void text_format(char *target, size_t size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    if (vsnprintf(target, size, format, arguments) < 0)
        target[0] = '\0';
    va_end(arguments);
}

char *text_duplicate_bytes(const char *text, size_t length)
{
    char *copy = memory_get(length + 1);

    if (copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

char *text_duplicate(const char *text)
{
    return text_duplicate_bytes(text, strlen(text));
}

const char *text_plural(int64_t count)
{
    return count == 1 ? "" : "s";
}

bool text_integer(const char *text, int64_t minimum, int64_t maximum, int64_t *value)
{
    bool negative = *text == '-';
    int64_t sum = 0; /* kept negative: its range is the larger one */

    if (negative)
        text++;
    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        if (sum < (INT64_MIN + (*text - '0')) / 10)
            return false;
        sum = sum * 10 - (*text - '0');
    }
    if (!negative && sum == INT64_MIN)
        return false;
    if (!negative)
        sum = -sum;
    if (sum < minimum || sum > maximum)
        return false;
    *value = sum;
    return true;
}

void text_add_printable(struct buffer *buffer, const char *text, size_t length, size_t limit)
{
    size_t start = buffer->length;
    char last = ' ';

    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        char shown = (char)byte;

        if (byte >= 0x80 && byte < 0xc0)
            continue; /* the rest of a UTF-8 character; its first byte became the `?` */
        if (byte >= 0x80)
            shown = '?';
        else if (byte < 0x20 || byte == 0x7f || byte == '|')
            shown = ' ';
        if (shown == ' ' && last == ' ')
            continue;
        if (buffer->length - start + 4 > limit && length - i > limit - (buffer->length - start)) {
            buffer_add(buffer, "...", limit < 3 ? limit : 3);
            return;
        }
        buffer_add_char(buffer, shown);
        last = shown;
    }
}
