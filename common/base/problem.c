/* problem.c - why something failed: one form for every room.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/base/problem.h"

#include <stdarg.h>
#include <stdio.h>

bool problem_set(struct problem *problem, enum problem_kind kind, const char *format, ...)
{
    va_list arguments;

    *problem = (struct problem){.kind = kind};
    va_start(arguments, format);
    if (vsnprintf(problem->detail, sizeof problem->detail, format, arguments) < 0)
        problem->detail[0] = '\0';
    va_end(arguments);
    return false;
}

bool problem_is_fatal(enum problem_kind kind)
{
    return kind != PROBLEM_NONE && kind < PROBLEM_DENIED;
}
