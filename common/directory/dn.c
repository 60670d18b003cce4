/* dn.c - distinguished names (RFC 4514), as far as they are compared.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/directory/dn.h"

#include <string.h>

#include "common/base/text.h"

static bool same_letter(char a, char b)
{
    return slice_is((struct slice){&a, 1}, (const char[]){b, '\0'});
}

bool dn_equal(const char *a, const char *b)
{
    while (*a && *b && same_letter(*a, *b)) {
        bool comma = *a == ',';

        a++;
        b++;
        if (comma) {
            a += strspn(a, " ");
            b += strspn(b, " ");
        }
    }
    return !*a && !*b;
}

/* Where the next part begins, NULL if there is none. */
static const char *next_part(const char *part)
{
    while (*part && *part != ',')
        part += part[0] == '\\' && part[1] ? 2 : 1;
    return *part ? part + 1 + strspn(part + 1, " ") : NULL;
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
