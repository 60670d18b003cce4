/* last_resort.h - a line and an exit code for a check that crashes, and a limit to its memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_BASE_LAST_RESORT_H
#define NDES_BASE_LAST_RESORT_H

#include <stdbool.h>

enum { LAST_RESORT_LINE_MAXIMUM = 300, LAST_RESORT_MEBIBYTES = 256 };

/* From now on a crash (SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL) ends the process with exit code 3,
 * and with `line` on standard output unless something was printed before (printed.h). `line` is
 * copied and cut to LAST_RESORT_LINE_MAXIMUM. Memory beyond LAST_RESORT_MEBIBYTES is refused.
 * Returns false, with nothing done, where a sanitizer watches: its report must not be lost, and it
 * needs the memory. */
bool last_resort_arm(const char *line);

#endif
