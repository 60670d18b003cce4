/* template.c - a certificate template as it stands in Active Directory (MS-CRTD).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/directory/template.h"

#include "common/base/text.h"

const char *const template_attributes[] = {
    "cn",
    "displayName",
    "revision",
    "msPKI-Template-Minor-Revision",
    "msPKI-Template-Schema-Version",
    "msPKI-Certificate-Name-Flag",
    "msPKI-Enrollment-Flag",
    "msPKI-RA-Signature",
    "msPKI-Minimal-Key-Size",
    "msPKI-Certificate-Application-Policy",
    "pKIExtendedKeyUsage",
    "pKIKeyUsage",
    "pKIExpirationPeriod",
    "nTSecurityDescriptor",
    NULL,
};

bool template_period(const unsigned char *bytes, size_t length, int64_t *seconds)
{
    static const uint64_t per_second = 10000000;
    uint64_t value = 0;

    if (length != 8)
        return false;
    for (size_t i = 0; i < length; i++)
        value |= (uint64_t)bytes[i] << (8 * i);
    value = ~value + 1; /* it is negative */
    if (value > INT64_MAX)
        return false;
    *seconds = (int64_t)(value / per_second);
    return true;
}

bool template_has_eku(const struct certificate_template *facts, const char *oid)
{
    for (size_t i = 0; i < facts->eku_count; i++)
        if (text_equal(facts->ekus[i], oid))
            return true;
    return false;
}

bool template_allows_logon(const struct certificate_template *facts)
{
    static const char *const logon[] = {
        "1.3.6.1.5.5.7.3.2",      /* client authentication */
        "1.3.6.1.4.1.311.20.2.2", /* smart card logon */
        "1.3.6.1.5.2.3.4",        /* PKINIT client */
        "2.5.29.37.0",            /* any purpose */
    };

    for (size_t i = 0; i < COUNT_OF(logon); i++)
        if (template_has_eku(facts, logon[i]))
            return true;
    return facts->eku_count == 0;
}

static void add_ekus(struct certificate_template *facts, const struct directory_entry *entry,
                     const char *name)
{
    const struct directory_attribute *attribute = entry_attribute(entry, name);

    for (size_t i = 0; attribute && i < attribute->count; i++) {
        const char *oid = (const char *)attribute->values[i].bytes;

        if (facts->eku_count == TEMPLATE_EKUS_MAXIMUM || template_has_eku(facts, oid))
            continue;
        text_copy(facts->ekus[facts->eku_count++], sizeof facts->ekus[0], oid);
    }
}

static void read_descriptor(const struct directory_entry *entry, struct certificate_template *facts)
{
    const struct directory_value *value = entry_value(entry, "nTSecurityDescriptor");

    facts->has_descriptor = value != NULL;
    if (value)
        descriptor_read(value->bytes, value->length, &facts->descriptor,
                        &facts->descriptor_problem);
}

void template_read(const struct directory_entry *entry, struct certificate_template *facts)
{
    const struct directory_value *usage = entry_value(entry, "pKIKeyUsage");
    const struct directory_value *period = entry_value(entry, "pKIExpirationPeriod");

    *facts = (struct certificate_template){.schema = 1};
    text_copy(facts->cn, sizeof facts->cn, entry_text(entry, "cn"));
    text_copy(facts->display_name, sizeof facts->display_name, entry_text(entry, "displayName"));
    entry_integer(entry, "msPKI-Template-Schema-Version", &facts->schema);
    entry_integer(entry, "revision", &facts->revision);
    entry_integer(entry, "msPKI-Template-Minor-Revision", &facts->minor);
    facts->has_name_flags = entry_flags(entry, "msPKI-Certificate-Name-Flag", &facts->name_flags);
    facts->has_enrollment_flags =
        entry_flags(entry, "msPKI-Enrollment-Flag", &facts->enrollment_flags);
    entry_integer(entry, "msPKI-RA-Signature", &facts->signatures);
    entry_integer(entry, "msPKI-Minimal-Key-Size", &facts->key_bits);
    facts->has_key_usage = usage && usage->length;
    facts->key_usage = facts->has_key_usage ? usage->bytes[0] : 0;
    if (period)
        template_period(period->bytes, period->length, &facts->validity);
    facts->hidden =
        !facts->has_name_flags && !usage && !period && entry_value(entry, "revision") == NULL;
    add_ekus(facts, entry, "pKIExtendedKeyUsage");
    add_ekus(facts, entry, "msPKI-Certificate-Application-Policy");
    read_descriptor(entry, facts);
}

void template_free(struct certificate_template *facts)
{
    descriptor_free(&facts->descriptor);
}
