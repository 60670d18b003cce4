/* fail.c - preloaded, lets the so-manieth allocation of a check fail.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * TORTURE_AT: which one, counted from 1 on; 0 or none: no one. TORTURE_MANY: that and all later
 * ones. TORTURE_COUNT: a file that the number of allocations is written to. Counted from the limit
 * to core files on, which a check sets as its first act: what the loader does is not ours. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* glibc's own. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static unsigned long counted;
static unsigned long at;
static bool many;
static bool counting;

static bool fails(void)
{
    unsigned long number;

    if (!counting)
        return false;
    number = __atomic_add_fetch(&counted, 1, __ATOMIC_RELAXED);
    if (!at || (many ? number < at : number != at))
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}

int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
    int (*real)(__rlimit_resource_t, const struct rlimit *) = NULL;
    const char *text = getenv("TORTURE_AT");

    *(void **)&real = dlsym(RTLD_NEXT, "setrlimit");
    if (resource == RLIMIT_CORE) {
        at = text ? strtoul(text, NULL, 10) : 0;
        many = getenv("TORTURE_MANY") != NULL;
        counting = true;
    }
    return real(resource, limit);
}

static void __attribute__((destructor)) tell(void)
{
    const char *path = getenv("TORTURE_COUNT");
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;

    counting = false;
    if (fd >= 0)
        dprintf(fd, "%lu\n", counted);
    if (fd >= 0)
        close(fd);
}
