/* sid.h - security identifiers: who an account or a group is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_DIRECTORY_SID_H
#define NDES_DIRECTORY_SID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SID_PARTS_MAXIMUM = 15, /* sub-authorities */
    SID_BYTES_MINIMUM = 8,
    SID_BYTES_MAXIMUM = SID_BYTES_MINIMUM + 4 * SID_PARTS_MAXIMUM,
    SID_TEXT_SIZE = 192 /* the longest text and its NUL */
};

/* The binary form of MS-DTYP 2.4.2.2, as in objectSid and in descriptors: revision 1, the number of
 * sub-authorities, the authority in 6 bytes big-endian, the sub-authorities little-endian. */
struct sid {
    unsigned char bytes[SID_BYTES_MAXIMUM];
    size_t length; /* of `bytes` that count; 0 = no SID */
};

/* Those that mean the same everywhere. */
enum known_sid {
    SID_EVERYONE,                        /* S-1-1-0 */
    SID_CREATOR_OWNER,                   /* S-1-3-0 */
    SID_CREATOR_GROUP,                   /* S-1-3-1 */
    SID_OWNER_RIGHTS,                    /* S-1-3-4 */
    SID_NETWORK,                         /* S-1-5-2 */
    SID_INTERACTIVE,                     /* S-1-5-4 */
    SID_SERVICE,                         /* S-1-5-6 */
    SID_ANONYMOUS,                       /* S-1-5-7 */
    SID_ENTERPRISE_DOMAIN_CONTROLLERS,   /* S-1-5-9 */
    SID_SELF,                            /* S-1-5-10 */
    SID_AUTHENTICATED_USERS,             /* S-1-5-11 */
    SID_THIS_ORGANIZATION,               /* S-1-5-15 */
    SID_SYSTEM,                          /* S-1-5-18 */
    SID_LOCAL_SERVICE,                   /* S-1-5-19 */
    SID_NETWORK_SERVICE,                 /* S-1-5-20 */
    SID_BUILTIN_ADMINISTRATORS,          /* S-1-5-32-544 */
    SID_BUILTIN_USERS,                   /* S-1-5-32-545 */
    SID_BUILTIN_GUESTS,                  /* S-1-5-32-546 */
    SID_BUILTIN_ACCOUNT_OPERATORS,       /* S-1-5-32-548 */
    SID_BUILTIN_SERVER_OPERATORS,        /* S-1-5-32-549 */
    SID_BUILTIN_PRINT_OPERATORS,         /* S-1-5-32-550 */
    SID_BUILTIN_BACKUP_OPERATORS,        /* S-1-5-32-551 */
    SID_BUILTIN_PRE_WINDOWS_2000,        /* S-1-5-32-554 */
    SID_BUILTIN_AUTHORIZATION_ACCESS,    /* S-1-5-32-560 */
    SID_BUILTIN_CERTIFICATE_DCOM_ACCESS, /* S-1-5-32-574 */
    KNOWN_SID_COUNT
};

/* The last sub-authority of accounts and groups that each domain has. */
enum known_rid {
    RID_ENTERPRISE_READ_ONLY_CONTROLLERS = 498,
    RID_ADMINISTRATOR = 500,
    RID_GUEST = 501,
    RID_KRBTGT = 502,
    RID_DOMAIN_ADMINS = 512,
    RID_DOMAIN_USERS = 513,
    RID_DOMAIN_GUESTS = 514,
    RID_DOMAIN_COMPUTERS = 515,
    RID_DOMAIN_CONTROLLERS = 516,
    RID_CERT_PUBLISHERS = 517,
    RID_SCHEMA_ADMINS = 518,
    RID_ENTERPRISE_ADMINS = 519,
    RID_GROUP_POLICY_CREATORS = 520,
    RID_READ_ONLY_CONTROLLERS = 521,
    RID_PROTECTED_USERS = 525,
    RID_KEY_ADMINS = 526,
    RID_ENTERPRISE_KEY_ADMINS = 527
};

/* The bytes that a SID at the start of `bytes` occupies; 0 if none starts there or its end is
 * beyond `length`. */
size_t sid_extent(const unsigned char *bytes, size_t length);

/* Reads a SID of exactly `length` bytes. Otherwise returns false and `*sid` is none. */
bool sid_read(const unsigned char *bytes, size_t length, struct sid *sid);

/* Reads all of "S-1-5-21-..." (MS-DTYP 2.4.2.1): at least one sub-authority, each decimal; the
 * authority decimal below 2^32, or 0x and 12 hexadecimal digits. Otherwise returns false and `*sid`
 * is none. */
bool sid_parse(const char *text, struct sid *sid);

/* Writes that text; "none" for no SID. `target` has SID_TEXT_SIZE bytes or more, or it is cut. */
void sid_text(const struct sid *sid, char *target, size_t size);

/* No SID equals nothing, not even no SID. */
bool sid_equal(const struct sid *a, const struct sid *b);

/* A static SID. */
const struct sid *sid_known(enum known_sid known);

/* The English name of a SID of enum known_sid or, in any domain, of enum known_rid; NULL if it has
 * none. Static. */
const char *sid_name(const struct sid *sid);

/* The last sub-authority. Returns false if there is none. */
bool sid_rid(const struct sid *sid, uint32_t *rid);

/* True for an account or group of a domain or of a computer: S-1-5-21-x-y-z-RID. */
bool sid_is_domain(const struct sid *sid);

/* Both are sid_is_domain() and of the same one. */
bool sid_same_domain(const struct sid *a, const struct sid *b);

/* The SID of the domain that a SID of sid_is_domain() is of. Otherwise returns false and `*domain`
 * is none. */
bool sid_domain(const struct sid *sid, struct sid *domain);

/* The SID of `domain` (S-1-5-21-x-y-z, as the domain's objectSid) with one more sub-authority.
 * Returns false, and `*sid` is none, if there is no room. */
bool sid_with_rid(const struct sid *domain, uint32_t rid, struct sid *sid);

#endif
