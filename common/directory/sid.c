/* sid.c - security identifiers: who an account or a group is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/directory/sid.h"

#include <inttypes.h>
#include <string.h>

#include "common/base/text.h"
#include "common/directory/bytes.h"

enum { REVISION = 1, AUTHORITY_BYTES = 6, DOMAIN_PARTS = 5 };

size_t sid_extent(const unsigned char *bytes, size_t length)
{
    size_t extent;

    if (length < SID_BYTES_MINIMUM || bytes[0] != REVISION || bytes[1] > SID_PARTS_MAXIMUM)
        return 0;
    extent = SID_BYTES_MINIMUM + 4 * (size_t)bytes[1];
    return extent <= length ? extent : 0;
}

bool sid_read(const unsigned char *bytes, size_t length, struct sid *sid)
{
    memset(sid, 0, sizeof(*sid));
    if (length == 0 || sid_extent(bytes, length) != length)
        return false;
    memcpy(sid->bytes, bytes, length);
    sid->length = length;
    return true;
}

static size_t part_count(const struct sid *sid)
{
    return sid->length ? (sid->length - SID_BYTES_MINIMUM) / 4 : 0;
}

static uint32_t part_of(const struct sid *sid, size_t index)
{
    return bytes_u32(sid->bytes + SID_BYTES_MINIMUM + 4 * index);
}

static bool add_part(struct sid *sid, uint32_t part)
{
    if (sid->length + 4 > SID_BYTES_MAXIMUM)
        return false;
    for (int i = 0; i < 4; i++)
        sid->bytes[sid->length++] = (unsigned char)(part >> 8 * i);
    sid->bytes[1]++;
    return true;
}

/* Reads 1 to `most` digits and moves `*text` behind them. */
static bool take_number(const char **text, unsigned base, size_t most, uint64_t *number)
{
    size_t count = 0;

    for (*number = 0;; count++, (*text)++) {
        char digit = **text;
        unsigned value;

        if (digit >= '0' && digit <= '9')
            value = (unsigned)(digit - '0');
        else if (base == 16 && digit >= 'a' && digit <= 'f')
            value = (unsigned)(digit - 'a') + 10;
        else if (base == 16 && digit >= 'A' && digit <= 'F')
            value = (unsigned)(digit - 'A') + 10;
        else
            return count > 0;
        if (count == most)
            return false;
        *number = *number * base + value;
    }
}

static bool take_authority(const char **text, struct sid *sid)
{
    bool hexadecimal = (*text)[0] == '0' && ((*text)[1] == 'x' || (*text)[1] == 'X');
    uint64_t authority;

    if (hexadecimal)
        *text += 2;
    if (!take_number(text, hexadecimal ? 16 : 10, hexadecimal ? 12 : 10, &authority) ||
        (!hexadecimal && authority > UINT32_MAX))
        return false;
    for (int i = 0; i < AUTHORITY_BYTES; i++)
        sid->bytes[2 + i] = (unsigned char)(authority >> 8 * (AUTHORITY_BYTES - 1 - i));
    return true;
}

bool sid_parse(const char *text, struct sid *sid)
{
    struct sid read = {.bytes = {REVISION}, .length = SID_BYTES_MINIMUM};
    uint64_t part;

    memset(sid, 0, sizeof(*sid));
    if (!text_starts(text, "S-1-"))
        return false;
    text += strlen("S-1-");
    if (!take_authority(&text, &read))
        return false;
    while (*text == '-') {
        text++;
        if (!take_number(&text, 10, 10, &part) || part > UINT32_MAX ||
            !add_part(&read, (uint32_t)part))
            return false;
    }
    if (*text || part_count(&read) == 0)
        return false;
    *sid = read;
    return true;
}

void sid_text(const struct sid *sid, char *target, size_t size)
{
    char text[SID_TEXT_SIZE];
    uint64_t authority = 0;
    size_t length;

    if (!sid->length) {
        text_copy(target, size, "none");
        return;
    }
    for (int i = 0; i < AUTHORITY_BYTES; i++)
        authority = authority << 8 | sid->bytes[2 + i];
    text_format(text, sizeof(text), authority > UINT32_MAX ? "S-1-0x%012" PRIx64 : "S-1-%" PRIu64,
                authority);
    for (size_t i = 0; i < part_count(sid); i++) {
        length = strlen(text);
        text_format(text + length, sizeof(text) - length, "-%" PRIu32, part_of(sid, i));
    }
    text_copy(target, size, text);
}

bool sid_equal(const struct sid *a, const struct sid *b)
{
    return a->length && a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

#define ONE_PART(authority, part)                                                                  \
    {                                                                                              \
        {REVISION, 1, 0, 0, 0, 0, 0, authority, part}, SID_BYTES_MINIMUM + 4                       \
    }
/* S-1-5-32-`part`, `part` of 512 to 767. */
#define BUILTIN(part)                                                                              \
    {                                                                                              \
        {REVISION, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, (part)-512, 2}, SID_BYTES_MINIMUM + 8         \
    }

static const struct {
    struct sid sid;
    const char *name;
} known_sids[KNOWN_SID_COUNT] = {
    [SID_EVERYONE] = {ONE_PART(1, 0), "Everyone"},
    [SID_CREATOR_OWNER] = {ONE_PART(3, 0), "CREATOR OWNER"},
    [SID_CREATOR_GROUP] = {ONE_PART(3, 1), "CREATOR GROUP"},
    [SID_OWNER_RIGHTS] = {ONE_PART(3, 4), "OWNER RIGHTS"},
    [SID_NETWORK] = {ONE_PART(5, 2), "NETWORK"},
    [SID_INTERACTIVE] = {ONE_PART(5, 4), "INTERACTIVE"},
    [SID_SERVICE] = {ONE_PART(5, 6), "SERVICE"},
    [SID_ANONYMOUS] = {ONE_PART(5, 7), "ANONYMOUS LOGON"},
    [SID_ENTERPRISE_DOMAIN_CONTROLLERS] = {ONE_PART(5, 9), "ENTERPRISE DOMAIN CONTROLLERS"},
    [SID_SELF] = {ONE_PART(5, 10), "SELF"},
    [SID_AUTHENTICATED_USERS] = {ONE_PART(5, 11), "Authenticated Users"},
    [SID_THIS_ORGANIZATION] = {ONE_PART(5, 15), "This Organization"},
    [SID_SYSTEM] = {ONE_PART(5, 18), "SYSTEM"},
    [SID_LOCAL_SERVICE] = {ONE_PART(5, 19), "LOCAL SERVICE"},
    [SID_NETWORK_SERVICE] = {ONE_PART(5, 20), "NETWORK SERVICE"},
    [SID_BUILTIN_ADMINISTRATORS] = {BUILTIN(544), "BUILTIN\\Administrators"},
    [SID_BUILTIN_USERS] = {BUILTIN(545), "BUILTIN\\Users"},
    [SID_BUILTIN_GUESTS] = {BUILTIN(546), "BUILTIN\\Guests"},
    [SID_BUILTIN_ACCOUNT_OPERATORS] = {BUILTIN(548), "BUILTIN\\Account Operators"},
    [SID_BUILTIN_SERVER_OPERATORS] = {BUILTIN(549), "BUILTIN\\Server Operators"},
    [SID_BUILTIN_PRINT_OPERATORS] = {BUILTIN(550), "BUILTIN\\Print Operators"},
    [SID_BUILTIN_BACKUP_OPERATORS] = {BUILTIN(551), "BUILTIN\\Backup Operators"},
    [SID_BUILTIN_PRE_WINDOWS_2000] = {BUILTIN(554), "BUILTIN\\Pre-Windows 2000 Compatible Access"},
    [SID_BUILTIN_AUTHORIZATION_ACCESS] = {BUILTIN(560),
                                          "BUILTIN\\Windows Authorization Access Group"},
    [SID_BUILTIN_CERTIFICATE_DCOM_ACCESS] = {BUILTIN(574),
                                             "BUILTIN\\Certificate Service DCOM Access"},
};

static const struct {
    enum known_rid rid;
    const char *name;
} known_rids[] = {
    {RID_ENTERPRISE_READ_ONLY_CONTROLLERS, "Enterprise Read-only Domain Controllers"},
    {RID_ADMINISTRATOR, "Administrator"},
    {RID_GUEST, "Guest"},
    {RID_KRBTGT, "krbtgt"},
    {RID_DOMAIN_ADMINS, "Domain Admins"},
    {RID_DOMAIN_USERS, "Domain Users"},
    {RID_DOMAIN_GUESTS, "Domain Guests"},
    {RID_DOMAIN_COMPUTERS, "Domain Computers"},
    {RID_DOMAIN_CONTROLLERS, "Domain Controllers"},
    {RID_CERT_PUBLISHERS, "Cert Publishers"},
    {RID_SCHEMA_ADMINS, "Schema Admins"},
    {RID_ENTERPRISE_ADMINS, "Enterprise Admins"},
    {RID_GROUP_POLICY_CREATORS, "Group Policy Creator Owners"},
    {RID_READ_ONLY_CONTROLLERS, "Read-only Domain Controllers"},
    {RID_PROTECTED_USERS, "Protected Users"},
    {RID_KEY_ADMINS, "Key Admins"},
    {RID_ENTERPRISE_KEY_ADMINS, "Enterprise Key Admins"},
};

const struct sid *sid_known(enum known_sid known)
{
    return &known_sids[known].sid;
}

const char *sid_name(const struct sid *sid)
{
    uint32_t rid;

    for (size_t i = 0; i < COUNT_OF(known_sids); i++)
        if (sid_equal(sid, &known_sids[i].sid))
            return known_sids[i].name;
    if (!sid_is_domain(sid) || !sid_rid(sid, &rid))
        return NULL;
    for (size_t i = 0; i < COUNT_OF(known_rids); i++)
        if (rid == (uint32_t)known_rids[i].rid)
            return known_rids[i].name;
    return NULL;
}

bool sid_rid(const struct sid *sid, uint32_t *rid)
{
    size_t count = part_count(sid);

    if (!count)
        return false;
    *rid = part_of(sid, count - 1);
    return true;
}

bool sid_is_domain(const struct sid *sid)
{
    static const unsigned char head[] = {REVISION, DOMAIN_PARTS, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0};

    return sid->length && memcmp(sid->bytes, head, sizeof(head)) == 0;
}

bool sid_same_domain(const struct sid *a, const struct sid *b)
{
    return sid_is_domain(a) && sid_is_domain(b) && memcmp(a->bytes, b->bytes, a->length - 4) == 0;
}

bool sid_domain(const struct sid *sid, struct sid *domain)
{
    memset(domain, 0, sizeof(*domain));
    if (!sid_is_domain(sid))
        return false;
    memcpy(domain->bytes, sid->bytes, sid->length - 4);
    domain->bytes[1]--;
    domain->length = sid->length - 4;
    return true;
}

bool sid_with_rid(const struct sid *domain, uint32_t rid, struct sid *sid)
{
    struct sid whole = *domain;

    memset(sid, 0, sizeof(*sid));
    if (!whole.length || !add_part(&whole, rid))
        return false;
    *sid = whole;
    return true;
}
