/* buffer.c - a byte buffer that grows up to a fixed maximum.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/base/buffer.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/secret.h"

void buffer_init(struct buffer *buffer, size_t maximum)
{
    *buffer = (struct buffer){.maximum = maximum};
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->data);
    buffer_init(buffer, buffer->maximum);
}

void buffer_wipe(struct buffer *buffer)
{
    if (buffer->data)
        secret_wipe(buffer->data, buffer->capacity);
    buffer_free(buffer);
}

void buffer_reset(struct buffer *buffer)
{
    buffer->length = 0;
    buffer->overflowed = false;
    if (buffer->data)
        buffer->data[0] = '\0';
}

bool buffer_reserve(struct buffer *buffer, size_t extra)
{
    size_t capacity = buffer->capacity ? buffer->capacity : 256;
    char *data;

    if (extra > buffer->maximum - buffer->length) {
        buffer->overflowed = true;
        return false;
    }
    if (buffer->length + extra < buffer->capacity)
        return true;
    while (capacity <= buffer->length + extra)
        capacity = capacity > SIZE_MAX / 2 ? buffer->length + extra + 1 : capacity * 2;
    if (capacity > buffer->maximum + 1)
        capacity = buffer->maximum + 1;
    data = memory_resize(buffer->data, capacity);
    if (!data) {
        buffer->overflowed = true;
        return false;
    }
    buffer->data = data;
    buffer->data[buffer->length] = '\0';
    buffer->capacity = capacity;
    return true;
}

bool buffer_add(struct buffer *buffer, const void *bytes, size_t length)
{
    if (!buffer_reserve(buffer, length))
        return false;
    if (length)
        memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
    return true;
}

bool buffer_add_text(struct buffer *buffer, const char *text)
{
    return buffer_add(buffer, text, strlen(text));
}

bool buffer_add_char(struct buffer *buffer, char character)
{
    return buffer_add(buffer, &character, 1);
}

bool buffer_vaddf(struct buffer *buffer, const char *format, va_list arguments)
{
    va_list again;
    int length;

    va_copy(again, arguments);
    length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0 || !buffer_reserve(buffer, (size_t)length))
        return false;
    vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, arguments);
    buffer->length += (size_t)length;
    return true;
}

bool buffer_addf(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    bool added;

    va_start(arguments, format);
    added = buffer_vaddf(buffer, format, arguments);
    va_end(arguments);
    return added;
}

const char *buffer_text(const struct buffer *buffer)
{
    return buffer->data ? buffer->data : "";
}
