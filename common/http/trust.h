/* trust.h - where the trusted CA certificates are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_HTTP_TRUST_H
#define NDES_HTTP_TRUST_H

/* The directory of CA certificates that libcurl was built for, if it has OpenSSL hash links, else
 * NULL (then libcurl's bundle serves). A hashed directory is read one certificate at a time, on
 * demand: 0.02 ms where the bundle of all of them costs about 50 ms a run. Static text. */
const char *trust_system_directory(void);

#endif
