/* process.h - makes whatever process a scheduler gave us safe to work in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_BASE_PROCESS_H
#define NDES_BASE_PROCESS_H

#include <stdbool.h>

enum { PROCESS_DESCRIPTORS = 32 };

/* Call it before anything else. Standard streams that are closed are opened on /dev/null, a write
 * to a closed pipe, or beyond the limit of file sizes, fails instead of killing, no signal is
 * blocked, whatever the parent did, and a crash leaves no core file, which would hold passwords.
 * Returns false if fewer than PROCESS_DESCRIPTORS files may be open, and that cannot be changed. */
bool process_start(void);

#endif
