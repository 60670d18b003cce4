/* state_file.h - files that keep something between runs: locked, and replaced in one step.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_STATE_STATE_FILE_H
#define NDES_STATE_STATE_FILE_H

#include <stddef.h>

#include "common/base/clock.h"

/* Creates and locks a file beside the one that it protects, waiting for another process until the
 * deadline. It stays, so that everybody locks the same file. Returns the descriptor, whose close()
 * unlocks; or -1, and what went wrong in `*problem`. */
int state_file_lock(const char *path, const struct deadline *deadline, const char **problem);

/* Writes `path`.new and brings it to the disk, then puts it in the place of the old one. Readers
 * see the old or the new content. Returns NULL, or what went wrong; then the old file is still
 * there. */
const char *state_file_replace(const char *path, const char *text, size_t length);

#endif
