/* query.c - what is the same whatever the backend.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/ldap/session.h"

#include <string.h>

bool directory_is_catalog(int port)
{
    return port == 3268 || port == 3269; /* without and with TLS */
}

void directory_quote_bytes(struct buffer *filter, const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        buffer_addf(filter, "\\%02x", bytes[i]);
}

void directory_quote(struct buffer *filter, const char *text)
{
    for (; *text; text++) {
        if (strchr("*()\\", *text) || (unsigned char)*text < ' ')
            directory_quote_bytes(filter, (const unsigned char *)text, 1);
        else
            buffer_add_char(filter, *text);
    }
}

void directory_add_equal(struct buffer *filter, const char *attribute, const char *value)
{
    buffer_addf(filter, "(%s=", attribute);
    directory_quote(filter, value);
    buffer_add_char(filter, ')');
}
