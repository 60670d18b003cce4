/* text.h - strings: bounded copies, foreign bytes made printable, numbers with an end check.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_BASE_TEXT_H
#define NDES_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/buffer.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* A stretch of text inside a larger one; not NUL-terminated, owns nothing. */
struct slice {
    const char *text;
    size_t length;
};

struct slice slice_of(const char *text);

/* Without blanks, tabs, CR and LF at both ends. */
struct slice slice_trim(struct slice slice);

/* Cuts the next piece off `*rest` at any of the `separators`; empty pieces are returned, too.
 * Returns false when nothing is left. */
bool slice_next(struct slice *rest, const char *separators, struct slice *piece);

/* ASCII case-insensitive comparison with a string. */
bool slice_is(struct slice slice, const char *text);

/* ASCII case-insensitive comparison and search; both independent of the locale. */
bool text_equal(const char *a, const char *b);
bool text_starts(const char *text, const char *prefix);
const char *text_find(const char *haystack, size_t length, const char *needle);

/* An ASCII letter in lower case; anything else as it is. */
char text_lower(char character);

/* The value of a hexadecimal digit, -1 of anything else. */
int text_hex_digit(char character);

/* Copies into `target` of `size` bytes, cutting what does not fit; always NUL-terminated. */
void text_copy(char *target, size_t size, const char *source);
void text_copy_bytes(char *target, size_t size, const char *source, size_t length);

/* Writes formatted text into `target`; cut at `size`. */
void text_format(char *target, size_t size, const char *format, ...) PRINTF_LIKE(3, 4);

/* Returns a malloc()ed copy, NULL if memory ran out. */
char *text_duplicate(const char *text);
char *text_duplicate_bytes(const char *text, size_t length);

/* What a noun takes after this number: "" after 1, else "s". */
const char *text_plural(int64_t count);

/* Parses all of `text` as a decimal integer within [minimum, maximum]; no blanks, no `+`.
 * On failure returns false and leaves `*value` alone. */
bool text_integer(const char *text, int64_t minimum, int64_t maximum, int64_t *value);

/* Appends foreign text as printable US-ASCII: control characters and `|` become a blank, runs of
 * blanks one blank, everything beyond ASCII a `?` per character. At most `limit` bytes are added;
 * cut text ends in "...". */
void text_add_printable(struct buffer *buffer, const char *text, size_t length, size_t limit);

#endif
