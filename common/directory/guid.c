/* guid.c - a GUID in the bytes of the wire.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/directory/guid.h"

#include <string.h>

#include "common/base/text.h"

/* The bytes in the order in which the text shows them. */
static const unsigned char shown[GUID_BYTES] = {3, 2, 1,  0,  5,  4,  7,  6,
                                                8, 9, 10, 11, 12, 13, 14, 15};

static bool dash_before(size_t place)
{
    return place == 4 || place == 6 || place == 8 || place == 10;
}

bool guid_parse(const char *text, struct guid *guid)
{
    struct guid read;

    for (size_t place = 0; place < GUID_BYTES; place++) {
        int high, low;

        if (dash_before(place) && *text++ != '-')
            return false;
        high = text_hex_digit(*text);
        low = high < 0 ? -1 : text_hex_digit(text[1]);
        if (low < 0)
            return false;
        read.bytes[shown[place]] = (unsigned char)(high << 4 | low);
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

    for (size_t place = 0; place < GUID_BYTES; place++) {
        unsigned char byte = guid->bytes[shown[place]];

        if (dash_before(place))
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
