/* guid.c - a GUID in the bytes of the wire.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/directory/guid.h"

#include <string.h>

#include "common/base/text.h"

/* The bytes in the order in which the text shows them. */
static const unsigned char shown[GUID_BYTES] = {3, 2, 1,  0,  5,  4,  7,  6,
                                                8, 9, 10, 11, 12, 13, 14, 15};

static bool dash_before(size_t index)
{
    return index == 4 || index == 6 || index == 8 || index == 10;
}

bool guid_parse(const char *text, struct guid *guid)
{
    struct guid read;

    for (size_t index = 0; index < GUID_BYTES; index++) {
        int high, low;

        if (dash_before(index) && *text++ != '-')
            return false;
        high = text_hex_digit(*text);
        low = high < 0 ? -1 : text_hex_digit(text[1]);
        if (low < 0)
            return false;
        read.bytes[shown[index]] = (unsigned char)(high << 4 | low);
        text += 2;
    }
    if (*text)
        return false;
    *guid = read;
    return true;
}

void guid_text(const struct guid *guid, char *target, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    char text[GUID_TEXT_SIZE];
    size_t length = 0;

    for (size_t index = 0; index < GUID_BYTES; index++) {
        unsigned char byte = guid->bytes[shown[index]];

        if (dash_before(index))
            text[length++] = '-';
        text[length++] = digits[byte >> 4];
        text[length++] = digits[byte & 15];
    }
    text[length] = '\0';
    text_copy(target, size, text);
}

bool guid_equal(const struct guid *a, const struct guid *b)
{
    return memcmp(a->bytes, b->bytes, GUID_BYTES) == 0;
}
