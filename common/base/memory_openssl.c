/* memory_openssl.c - has OpenSSL allocate by memory.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/base/memory_openssl.h"

#include <openssl/crypto.h>
#include <stdlib.h>

#include "common/base/memory.h"

static void *get(size_t size, const char *file, int line)
{
    (void)file, (void)line;
    return memory_get(size);
}

static void *resize(void *old, size_t size, const char *file, int line)
{
    (void)file, (void)line;
    return memory_resize(old, size);
}

static void release(void *old, const char *file, int line)
{
    (void)file, (void)line;
    free(old);
}

void memory_watch_openssl(void)
{
    CRYPTO_set_mem_functions(get, resize, release);
}
