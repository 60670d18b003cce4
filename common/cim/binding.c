/* binding.c - what ties a sign-in to its TLS connection.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/binding.h"

#include <openssl/evp.h>
#include <openssl/objects.h>

bool binding_write(X509 *certificate, struct buffer *binding)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    int digest = NID_undef;
    const EVP_MD *method;

    if (!X509_get_signature_info(certificate, &digest, NULL, NULL, NULL))
        return false;
    if (digest == NID_md5 || digest == NID_sha1)
        digest = NID_sha256;
    method = EVP_get_digestbynid(digest);
    return method && X509_digest(certificate, method, hash, &length) &&
           buffer_add_text(binding, "tls-server-end-point:") && buffer_add(binding, hash, length);
}
