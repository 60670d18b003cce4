/* secret.h - memory that must not outlive its use.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_BASE_SECRET_H
#define NDES_BASE_SECRET_H

#include <stddef.h>

/* Overwrites memory in a way that the compiler may not leave out. */
void secret_wipe(void *memory, size_t length);

/* Wipes and frees a string that malloc() made; NULL is fine. */
void secret_free(char *secret);

#endif
