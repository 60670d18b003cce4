/* dn.c - distinguished names (RFC 4514), compared and taken apart.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/directory/dn.h"

#include <string.h>

#include "common/base/text.h"

static bool is_letter_or_digit(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9');
}

bool is_dn(const char *text)
{
    size_t length = 0;

    while (is_letter_or_digit(text[length]))
        length++;
    return length && text[length] == '=';
}

bool dn_equal(const char *a, const char *b)
{
    while (*a && *b && text_lower(*a) == text_lower(*b)) {
        bool comma = *a == ',';

        if (*a == '\\' && a[1] && a[1] == b[1]) { /* what is escaped ends no part */
            a++;
            b++;
        }
        a++;
        b++;
        if (comma) {
            a += strspn(a, " ");
            b += strspn(b, " ");
        }
    }
    return !*a && !*b;
}

/* Where this part ends: at a comma, or with the name. */
static const char *end_of_part(const char *part)
{
    while (*part && *part != ',')
        part += part[0] == '\\' && part[1] ? 2 : 1;
    return part;
}

/* Where the next part begins, NULL if there is none. */
static const char *next_part(const char *part)
{
    const char *end = end_of_part(part);

    return *end ? end + 1 + strspn(end + 1, " ") : NULL;
}

const char *dn_domain(const char *dn)
{
    const char *domain = NULL;

    for (const char *part = dn; part; part = next_part(part)) {
        if (!text_starts(part, "DC="))
            domain = NULL;
        else if (!domain)
            domain = part;
    }
    return domain ? domain : dn + strlen(dn);
}

bool dn_is_domain_of(const char *domain, const char *dns)
{
    struct slice labels = slice_of(dns);
    struct slice parts = slice_of(domain);
    struct slice label;
    struct slice part;

    while (slice_next(&parts, ",", &part)) {
        char name[64];

        part = slice_trim(part);
        if (part.length < 3 || !slice_next(&labels, ".", &label))
            return false;
        text_copy_bytes(name, sizeof name, part.text + 3, part.length - 3);
        if (!slice_is(label, name))
            return false;
    }
    return !labels.text || !labels.length;
}

struct slice dn_first(const char *dn)
{
    const char *end = end_of_part(dn);
    const char *equals = memchr(dn, '=', (size_t)(end - dn));
    const char *start = equals ? equals + 1 : dn;

    return (struct slice){start, (size_t)(end - start)};
}

/* Takes one character, which may be escaped, and goes on behind it. */
static char next_character(const char **at)
{
    const char *text = *at;
    int high = text[0] == '\\' ? text_hex_digit(text[1]) : -1;
    int low = high >= 0 ? text_hex_digit(text[2]) : -1;

    if (low >= 0) {
        *at += 3;
        return (char)(16 * high + low);
    }
    if (text[0] == '\\' && text[1])
        text++;
    *at = text + 1;
    return *text;
}

void dn_first_name(const char *dn, char *target, size_t size)
{
    struct slice first = dn_first(dn);
    const char *at = first.text;
    size_t length = 0;

    while (at < first.text + first.length && length + 1 < size)
        target[length++] = next_character(&at);
    target[length] = '\0';
}
