/* buffer.h - a byte buffer that grows up to a fixed maximum.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_BASE_BUFFER_H
#define NDES_BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#if defined(__GNUC__)
#define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))
#else
#define PRINTF_LIKE(at, first)
#endif

/* The content is always NUL-terminated, so `data` may be read as a string once something was added;
 * use buffer_text() where nothing may have been added yet. */
struct buffer {
    char *data;
    size_t length;
    size_t capacity; /* bytes allocated */
    size_t maximum;  /* `length` never exceeds this */
    bool overflowed; /* something did not fit, or memory ran out */
};

/* Starts an empty buffer; `maximum` is the most bytes it may ever hold. Allocates nothing. */
void buffer_init(struct buffer *buffer, size_t maximum);

/* Frees the content. The buffer is empty and usable again. */
void buffer_free(struct buffer *buffer);

/* Overwrites the content with zeros before freeing it: for secrets. */
void buffer_wipe(struct buffer *buffer);

/* Empties the buffer, keeps its memory. */
void buffer_reset(struct buffer *buffer);

/* Makes room for `extra` more bytes, so that adding them does not move the content. Returns false,
 * and sets `overflowed`, if they exceed the maximum or memory ran out. */
bool buffer_reserve(struct buffer *buffer, size_t extra);

/* Appends all of the bytes or none. Returns false, and sets `overflowed`, if they do not fit. */
bool buffer_add(struct buffer *buffer, const void *bytes, size_t length);

/* Appends a string, a character, or formatted text; same contract as buffer_add(). */
bool buffer_add_text(struct buffer *buffer, const char *text);
bool buffer_add_char(struct buffer *buffer, char character);
bool buffer_addf(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);
bool buffer_vaddf(struct buffer *buffer, const char *format, va_list arguments) PRINTF_LIKE(2, 0);

/* The content as a string, "" if empty. Owned by the buffer. */
const char *buffer_text(const struct buffer *buffer);

#endif
