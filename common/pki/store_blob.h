/* store_blob.h - a certificate as the Windows registry keeps it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PKI_STORE_BLOB_H
#define NDES_PKI_STORE_BLOB_H

#include <stdbool.h>
#include <stddef.h>

/* Finds the certificate in a serialized store element, the value Blob below
 * SystemCertificates\MY\Certificates: records of a property ID, a reserved number, a length (each
 * 32 bits, little-endian) and so many bytes; the certificate is property 32 (MS-OSHARED
 * "Certificate Store Element"). `*der` points into the blob. Returns false if a record reaches
 * beyond the end, or none of them is a certificate. */
bool store_blob_certificate(const void *blob, size_t size, const unsigned char **der,
                            size_t *length);

#endif
