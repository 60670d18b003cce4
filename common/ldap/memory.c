/* memory.c - has libldap allocate by common/base/memory.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/base/memory.h"

#include <stdlib.h>

#include "common/base/memory_openssl.h"
#include "common/ldap/libldap.h"

static void *get(ber_len_t size, void *context)
{
    (void)context;
    return memory_get(size);
}

static void *get_zeroed(ber_len_t count, ber_len_t size, void *context)
{
    (void)context;
    return memory_zeroed(count, size);
}

static void *resize(void *old, ber_len_t size, void *context)
{
    (void)context;
    return memory_resize(old, size);
}

static void release(void *old, void *context)
{
    (void)context;
    free(old);
}

void directory_watch_memory(void)
{
    static const BerMemoryFunctions functions = {
        .bmf_malloc = get, .bmf_calloc = get_zeroed, .bmf_realloc = resize, .bmf_free = release};

    ber_set_option(NULL, LBER_OPT_MEMORY_FNS, &functions);
    memory_watch_openssl();
}
