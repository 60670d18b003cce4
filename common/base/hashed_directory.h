/* hashed_directory.h - knows a directory of CA certificates that OpenSSL can look things up in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_BASE_HASHED_DIRECTORY_H
#define NDES_BASE_HASHED_DIRECTORY_H

#include <stdbool.h>

/* True if `path` is a directory that holds a hash link such as 02265526.0. */
bool is_hashed_directory(const char *path);

#endif
