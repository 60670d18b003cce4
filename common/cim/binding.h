/* binding.h - what ties a sign-in to its TLS connection.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_CIM_BINDING_H
#define NDES_CIM_BINDING_H

#include <openssl/x509.h>

#include "common/base/buffer.h"

/* Appends "tls-server-end-point:" and the hash of the server's certificate: by the hash of its
 * signature, SHA-256 in place of MD5 and SHA-1 (RFC 5929 section 4.1). Returns false if the
 * certificate has no such hash. */
bool binding_write(X509 *certificate, struct buffer *binding);

#endif
