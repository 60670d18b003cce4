/* make_seeds.c - writes what some fuzzers start from: make_seeds BUNDLE_DIR CRL_DIR STORE_DIR.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/base/text.h"
#include "tests/unit/make_certificate.h"

static void write_seed(const char *directory, const char *name, struct bytes bytes)
{
    char path[1024];
    FILE *file;

    text_format(path, sizeof path, "%s/%s", directory, name);
    file = fopen(path, "wb");
    if (!file || fwrite(bytes.data, 1, bytes.length, file) != bytes.length || fclose(file) != 0) {
        fprintf(stderr, "make_seeds: cannot write %s\n", path);
        exit(1);
    }
    free_bytes(bytes);
}

static void write_bundles(const char *directory, X509 *const *x509, size_t count)
{
    write_seed(directory, "ca.der", make_der(x509[0]));
    write_seed(directory, "ra.der", make_der(x509[1]));
    write_seed(directory, "ra.pem", make_pem(x509[1]));
    write_seed(directory, "absent.p7b", make_pkcs7(x509, count, CONTENT_ABSENT));
    write_seed(directory, "empty.p7b", make_pkcs7(x509, count, CONTENT_EMPTY));
    write_seed(directory, "zero.p7b", make_pkcs7(x509, 1, CONTENT_ZERO));
    write_seed(directory, "bundle.pem", make_pkcs7_pem(x509, count));
    write_seed(directory, "two.pem", make_joined(make_pem(x509[0]), make_pem(x509[1])));
}

static void write_crls(const char *directory, X509 *ca, EVP_PKEY *key)
{
    const struct crl_recipe plain = {.issuer = ca, .key = key};
    const struct crl_recipe revoked = {.issuer = ca, .key = key, .revoked = 1, .reason = 1};
    const struct crl_recipe other = {.issuer = ca, .key = key, .revoked = 9, .reason = -1};
    const struct crl_recipe endless = {.issuer = ca, .key = key, .next_update = -1};

    write_seed(directory, "plain.crl", make_crl(&plain));
    write_seed(directory, "revoked.crl", make_crl(&revoked));
    write_seed(directory, "other.crl", make_crl(&other));
    write_seed(directory, "endless.crl", make_crl(&endless));
    write_seed(directory, "revoked.pem", make_crl_pem(&revoked));
}

/* As the Windows registry keeps a certificate: after a short record the one that holds it. */
static void write_store_element(const char *directory, X509 *x509)
{
    static const unsigned char hash[] = {3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 7, 7};
    struct bytes der = make_der(x509);
    const unsigned char header[] = {
        32, 0, 0, 0, 1, 0, 0, 0, der.length & 0xff, (der.length >> 8) & 0xff, 0, 0};

    write_seed(
        directory, "element",
        make_joined(make_joined(make_bytes(hash, sizeof hash), make_bytes(header, sizeof header)),
                    der));
}

int main(int argc, char **argv)
{
    EVP_PKEY *key = make_ec_key();
    X509 *x509[3];

    if (argc != 4) {
        fputs("usage: make_seeds BUNDLE_DIR CRL_DIR STORE_DIR\n", stderr);
        return 2;
    }
    x509[0] = make_certificate(&(struct recipe){.name = "CA", .key = key, .ca = true});
    x509[1] =
        make_certificate(&(struct recipe){.name = "RA",
                                          .key = key,
                                          .issuer = x509[0],
                                          .issuer_key = key,
                                          .usage = "critical,digitalSignature",
                                          .extended = "1.3.6.1.4.1.311.20.2.1",
                                          .crl_points = "URI:http://ca/crl,URI:ldap:///CN=x"});
    x509[2] = make_certificate(&(struct recipe){.name = "RA",
                                                .key = key,
                                                .issuer = x509[0],
                                                .issuer_key = key,
                                                .serial = 2,
                                                .usage = "keyEncipherment"});
    write_bundles(argv[1], x509, COUNT_OF(x509));
    write_crls(argv[2], x509[0], key);
    write_store_element(argv[3], x509[1]);
    for (size_t i = 0; i < COUNT_OF(x509); i++)
        X509_free(x509[i]);
    EVP_PKEY_free(key);
    return 0;
}
