/* memory_openssl.h - has OpenSSL allocate by memory.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_BASE_MEMORY_OPENSSL_H
#define NDES_BASE_MEMORY_OPENSSL_H

/* Comes before the first use of OpenSSL; later it changes nothing. */
void memory_watch_openssl(void);

#endif
