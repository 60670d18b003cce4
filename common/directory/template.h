/* template.h - a certificate template as it stands in Active Directory (MS-CRTD).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_DIRECTORY_TEMPLATE_H
#define NDES_DIRECTORY_TEMPLATE_H

#include "common/directory/descriptor.h"
#include "common/ldap/entry.h"

enum {
    TEMPLATE_EKUS_MAXIMUM = 32,
    /* msPKI-Certificate-Name-Flag (MS-CRTD 2.28) */
    TEMPLATE_ENROLLEE_SUPPLIES_SUBJECT = 0x1,
    /* msPKI-Enrollment-Flag (MS-CRTD 2.26) */
    TEMPLATE_PEND_ALL_REQUESTS = 0x2,
    TEMPLATE_NO_SECURITY_EXTENSION = 0x80000,
    /* the first octet of pKIKeyUsage */
    TEMPLATE_DIGITAL_SIGNATURE = 0x80,
    TEMPLATE_KEY_ENCIPHERMENT = 0x20,
};

/* What is not shown has the value 0, and its `has_` is false; Active Directory does not tell what
 * is absent from what is hidden. */
struct certificate_template {
    char cn[128];
    char display_name[256];
    bool hidden;     /* nothing of what every template has was shown */
    bool has_schema; /* shown, or none of the attributes that came with version 2 is there */
    int64_t schema;  /* msPKI-Template-Schema-Version; if it is not known, 2 */
    bool has_revision;
    int64_t revision; /* major: revision */
    bool has_minor;
    int64_t minor; /* msPKI-Template-Minor-Revision */
    bool has_name_flags;
    uint32_t name_flags;
    bool has_enrollment_flags;
    uint32_t enrollment_flags;
    bool has_key_usage;
    unsigned key_usage; /* the first octet */
    bool has_signatures;
    int64_t signatures; /* msPKI-RA-Signature */
    bool has_key_bits;
    int64_t key_bits; /* msPKI-Minimal-Key-Size */
    bool has_validity;
    int64_t validity; /* seconds, of pKIExpirationPeriod; 0 if it is no period */
    char ekus[TEMPLATE_EKUS_MAXIMUM][64]; /* OIDs of pKIExtendedKeyUsage and application policies */
    size_t eku_count;
    bool ekus_hidden;               /* there may be more */
    bool has_descriptor;            /* it was shown */
    const char *descriptor_problem; /* NULL, or why it can't be understood (static text) */
    struct descriptor descriptor;
};

#define TEMPLATE_ATTRIBUTES                                                                        \
    "cn", "displayName", "revision", "msPKI-Template-Minor-Revision",                              \
        "msPKI-Template-Schema-Version", "msPKI-Cert-Template-OID", "msPKI-Certificate-Name-Flag", \
        "msPKI-Enrollment-Flag", "msPKI-RA-Signature", "msPKI-Minimal-Key-Size",                   \
        "msPKI-Certificate-Application-Policy", "pKIExtendedKeyUsage", "pKIKeyUsage",              \
        "pKIExpirationPeriod", "nTSecurityDescriptor"
extern const char *const template_attributes[]; /* NULL behind the last */

/* Reads the facts; free them by template_free(). */
void template_read(const struct directory_entry *entry, struct certificate_template *facts);
void template_free(struct certificate_template *facts);

bool template_has_eku(const struct certificate_template *facts, const char *oid);

/* True if any purpose is certainly allowed: it is an EKU, or there is no EKU at all. */
bool template_allows_everything(const struct certificate_template *facts);

/* True if a certificate by it can certainly log on: client authentication, smart card logon,
 * PKINIT, or any purpose. */
bool template_allows_logon(const struct certificate_template *facts);

/* Seconds of a period as in pKIExpirationPeriod: 8 octets, little-endian, negative 100 ns. Returns
 * false if it is none. */
bool template_period(const unsigned char *bytes, size_t length, int64_t *seconds);

#endif
