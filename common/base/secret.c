/* secret.c - memory that must not outlive its use.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/base/secret.h"

#include <stdlib.h>
#include <string.h>

void secret_wipe(void *memory, size_t length)
{
    volatile unsigned char *byte = memory;

    while (length--)
        *byte++ = 0;
}

void secret_free(char *secret)
{
    if (!secret)
        return;
    secret_wipe(secret, strlen(secret));
    free(secret);
}
