/* fuzz_store_blob.c - any bytes as a certificate of the Windows registry.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/pki/certificate.h"
#include "common/pki/store_blob.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const unsigned char *der = NULL;
    struct certificate facts;
    size_t length = 0;
    X509 *x509;

    if (!store_blob_certificate(data, size, &der, &length))
        return 0;
    if (der < data || length > size || der + length > data + size)
        abort();
    x509 = d2i_X509(NULL, &der, (long)length);
    if (x509)
        certificate_read(x509, &facts);
    X509_free(x509);
    ERR_clear_error();
    return 0;
}
