/* memory.c - allocation that remembers whether memory ran out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/base/memory.h"

#include <stdatomic.h>
#include <stdlib.h>

/* Of the process, as allocators are given nothing by argument; libcurl's resolver is a thread. */
static atomic_bool ran_out;

static void *remember(void *memory, size_t size)
{
    if (!memory && size)
        atomic_store(&ran_out, true);
    return memory;
}

void *memory_get(size_t size)
{
    return remember(malloc(size), size);
}

void *memory_zeroed(size_t count, size_t size)
{
    return remember(calloc(count, size), count && size);
}

void *memory_resize(void *old, size_t size)
{
    return remember(realloc(old, size), size);
}

bool memory_ran_out(void)
{
    return atomic_load(&ran_out);
}
