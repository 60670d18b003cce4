/* make_certificate.h - certificates, bundles and CRLs for the tests, made when they run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_TESTS_MAKE_CERTIFICATE_H
#define NDES_TESTS_MAKE_CERTIFICATE_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What to make; every member that is left out has a plain default. All calls end the test program
 * if OpenSSL fails. */
struct recipe {
    const char *name;     /* CN; default "test" */
    EVP_PKEY *key;        /* the subject's; must be given */
    X509 *issuer;         /* default: self-signed */
    EVP_PKEY *issuer_key; /* must be given with `issuer` */
    int64_t from;         /* seconds since 1970; default 2026-01-01 */
    int64_t until;        /* default 2028-01-01 */
    long serial;          /* default 1 */
    bool ca;
    bool no_key_ids;         /* neither SKI nor AKI */
    bool version_1;          /* as old roots are: no extensions at all */
    const char *usage;       /* keyUsage in OpenSSL's words; default none */
    const char *extended;    /* extendedKeyUsage */
    const char *crl_points;  /* crlDistributionPoints */
    const EVP_MD *digest;    /* default SHA-256 */
    bool pss;                /* RSASSA-PSS */
    void (*adjust)(X509 *x); /* the last word before the signature */
};

#define MADE_FROM INT64_C(1767225600)  /* 2026-01-01 00:00 UTC */
#define MADE_UNTIL INT64_C(1830297600) /* 2028-01-01 00:00 UTC */

X509 *make_certificate(const struct recipe *recipe);

/* For recipe.adjust: 1950 and 9999, which is UTCTime as far as that goes, then GeneralizedTime (RFC
 * 5280 section 4.1.2.5); dates that are none. */
void make_far_dates(X509 *x509);
void make_broken_start(X509 *x509);
void make_broken_end(X509 *x509);

/* Adds an extension of raw bytes. */
void make_extension(X509 *x509, const char *oid, const void *bytes, int length);

EVP_PKEY *make_ec_key(void);
EVP_PKEY *make_rsa_key(unsigned bits);

/* Allocated to the byte, so that a sanitizer sees each read beyond the end. */
struct bytes {
    unsigned char *data;
    size_t length;
};

struct bytes make_bytes(const void *data, size_t length);
struct bytes make_joined(struct bytes a, struct bytes b); /* takes over both */
void free_bytes(struct bytes bytes);

struct bytes make_der(X509 *x509);
struct bytes make_pem(X509 *x509);

/* A degenerate PKCS#7 with the certificates in that order. */
enum made_content { CONTENT_ABSENT, CONTENT_EMPTY, CONTENT_ZERO };

struct bytes make_pkcs7(X509 *const *x509, size_t count, enum made_content content);
struct bytes make_pkcs7_pem(X509 *const *x509, size_t count);

struct crl_recipe {
    X509 *issuer;
    EVP_PKEY *key;
    int64_t this_update; /* default MADE_FROM */
    int64_t next_update; /* default MADE_UNTIL, -1 for none */
    long revoked;        /* serial number of the only entry, default none */
    int reason;          /* RFC 5280 code, -1 for none */
    bool delta;          /* of a base list */
    const char *scope;   /* issuingDistributionPoint in OpenSSL's words; default none */
};

struct bytes make_crl(const struct crl_recipe *recipe);
struct bytes make_crl_pem(const struct crl_recipe *recipe);

#endif
