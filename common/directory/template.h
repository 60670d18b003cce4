/* template.h - a certificate template as it stands in Active Directory (MS-CRTD).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_DIRECTORY_TEMPLATE_H
#define NDES_DIRECTORY_TEMPLATE_H

#include "common/directory/descriptor.h"
#include "common/directory/entry.h"

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

struct certificate_template {
    char cn[128];
    char display_name[256];
    int64_t schema;   /* msPKI-Template-Schema-Version; 1 if absent */
    int64_t revision; /* major: revision */
    int64_t minor;    /* msPKI-Template-Minor-Revision; 0 if absent */
    bool hidden;      /* nothing of what every template has was shown */
    bool has_name_flags;
    uint32_t name_flags;
    bool has_enrollment_flags;
    uint32_t enrollment_flags;
    bool has_key_usage;
    unsigned key_usage; /* the first octet */
    int64_t signatures; /* msPKI-RA-Signature; 0 if absent */
    int64_t key_bits;   /* msPKI-Minimal-Key-Size; 0 if absent */
    int64_t validity;   /* seconds, of pKIExpirationPeriod; 0 if absent or no period */
    char ekus[TEMPLATE_EKUS_MAXIMUM][64]; /* OIDs of pKIExtendedKeyUsage and application policies */
    size_t eku_count;
    bool has_descriptor;            /* it was shown */
    const char *descriptor_problem; /* NULL, or why it can't be understood (static text) */
    struct descriptor descriptor;
};

extern const char *const template_attributes[]; /* NULL behind the last */

/* Reads the facts; free them by template_free(). */
void template_read(const struct directory_entry *entry, struct certificate_template *facts);
void template_free(struct certificate_template *facts);

bool template_has_eku(const struct certificate_template *facts, const char *oid);

/* True if a certificate by it can log on: client authentication, smart card logon, PKINIT, any
 * purpose, or no EKU at all, which allows every one. */
bool template_allows_logon(const struct certificate_template *facts);

/* Seconds of a period as in pKIExpirationPeriod: 8 octets, little-endian, negative 100 ns. Returns
 * false if it is none. */
bool template_period(const unsigned char *bytes, size_t length, int64_t *seconds);

#endif
