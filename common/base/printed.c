/* printed.c - whether this process has printed its report: no second one must follow.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/base/printed.h"

#include <signal.h>

/* For the signal handlers that print a last line, to which nothing can be given by argument. */
static volatile sig_atomic_t printed = PRINTED_NOTHING;

void printed_set(int what)
{
    printed = what;
}

int printed_what(void)
{
    return printed;
}
