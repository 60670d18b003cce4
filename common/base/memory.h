/* memory.h - allocation that remembers whether memory ran out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_BASE_MEMORY_H
#define NDES_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* malloc(), calloc() and realloc(), for our code and for the libraries that let us give them ours:
 * they say of an allocation that failed that a certificate cannot be read, or that nothing is
 * revoked. To be freed by free(). */
void *memory_get(size_t size);
void *memory_zeroed(size_t count, size_t size);
void *memory_resize(void *old, size_t size);

/* True if one of them failed in this run, whatever came of it: no verdict can be trusted then. */
bool memory_ran_out(void);

#endif
