/* certificate.h - an X.509 certificate as plain facts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PKI_CERTIFICATE_H
#define NDES_PKI_CERTIFICATE_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CERTIFICATE_CRL_URLS_MAXIMUM = 4 };

/* Bits of certificate.key_usage (RFC 5280 section 4.2.1.3). */
enum key_usage {
    KEY_USAGE_DIGITAL_SIGNATURE = 1 << 0,
    KEY_USAGE_KEY_ENCIPHERMENT = 1 << 2,
    KEY_USAGE_CERTIFICATE_SIGN = 1 << 5,
};

/* Seconds since 1970, UTC. */
struct validity {
    int64_t not_before;
    int64_t not_after;
};

enum key_type { KEY_OTHER, KEY_RSA, KEY_EC };

/* SIGNATURE_MD5 stands for its elders MD2 and MD4, too; RSASSA-PSS is SIGNATURE_PSS with any hash.
 */
enum signature_kind { SIGNATURE_GOOD, SIGNATURE_MD5, SIGNATURE_SHA1, SIGNATURE_PSS };

/* Everything that a judge wants to know; no pointers, so a test can write one down. All text is as
 * in the certificate (UTF-8 if it converts, not yet made printable), cut to the field; a NUL in it
 * became a blank, so nothing hides behind one. */
struct certificate {
    char subject[256];     /* RFC 2253 form */
    char common_name[128]; /* the subject's last CN, or the subject if it has none */
    char issuer[256];
    char serial[72];      /* hex, lower case, whole bytes; a negative one starts with `-` */
    char fingerprint[65]; /* SHA-256 of the DER, hex, lower case */
    struct validity validity;
    enum key_type key_type;
    int key_bits;
    char signature[64]; /* OpenSSL's long name of the algorithm, such as sha256WithRSAEncryption */
    enum signature_kind signature_kind;
    bool is_ca;         /* basicConstraints CA:TRUE, or a self-issued version 1 certificate */
    bool self_issued;   /* subject equals issuer */
    bool has_key_usage; /* the extension is there; a broken or repeated one allows nothing */
    unsigned key_usage; /* enum key_usage bits; only meaningful with has_key_usage */
    bool has_extended_key_usage;
    bool request_agent;         /* EKU 1.3.6.1.4.1.311.20.2.1, Certificate Request Agent */
    bool client_authentication; /* EKU 1.3.6.1.5.5.7.3.2 */
    char template_name[128];    /* AD CS v1 template, extension 1.3.6.1.4.1.311.20.2; "" if none */
    char template_oid[128];     /* AD CS v2+ template, extension 1.3.6.1.4.1.311.21.7; "" if none */
    char crl_urls[CERTIFICATE_CRL_URLS_MAXIMUM][512]; /* http(s) distribution points */
    int crl_url_count;
    bool crl_elsewhere; /* has distribution points that can't be fetched from here: ldap:, relative
                         * names, indirect CRLs, URLs too long or not printable */
};

enum certificate_role {
    ROLE_OTHER,
    ROLE_CA,
    ROLE_RA_SIGNING,
    ROLE_RA_ENCRYPTION,
    ROLE_RA_BOTH,
};

/* Converts a date of a certificate or CRL to seconds since 1970, UTC. Returns false and leaves
 * `*seconds` alone if it is absent (`time` is NULL) or can't be read. */
bool validity_time(const ASN1_TIME *time, int64_t *seconds);

/* Reads from when until when a certificate is valid (RFC 5280 section 4.1.2.5). Returns false if
 * one of the dates can't be read. */
bool validity_read(const X509 *x509, struct validity *validity);

/* Reads the facts. Returns false if the certificate's dates can't be read; every other fact that is
 * absent or broken is left empty. */
bool certificate_read(const X509 *x509, struct certificate *facts);

/* CA by basicConstraints. RA signing with digitalSignature and RA encryption with keyEncipherment
 * (RFC 8894 section 2.1.2); no key usage extension allows both (RFC 5280). The EKU is not asked:
 * see `request_agent`. */
enum certificate_role certificate_role(const struct certificate *facts);

/* "RSA 2048", "EC 256" or "other". */
void certificate_key_text(const struct certificate *facts, char *target, size_t size);

#endif
