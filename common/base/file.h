/* file.h - reads a small file whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_BASE_FILE_H
#define NDES_BASE_FILE_H

#include <stdbool.h>

#include "common/base/buffer.h"

/* Appends the file's bytes to `content`, at most `content->maximum`. Only regular files and pipes
 * are read. On failure returns false and writes one line that names the file into `error`. */
bool file_read(const char *path, struct buffer *content, char *error, size_t error_size);

#endif
