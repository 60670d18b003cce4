/* template.c - a certificate template as it stands in Active Directory (MS-CRTD).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/directory/template.h"

#include "common/base/text.h"
#include "common/directory/access.h"

const char *const template_attributes[] = {TEMPLATE_ATTRIBUTES, NULL};

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

bool template_allows_everything(const struct certificate_template *facts)
{
    return template_has_eku(facts, "2.5.29.37.0") || (!facts->eku_count && !facts->ekus_hidden);
}

bool template_allows_logon(const struct certificate_template *facts)
{
    static const char *const logon[] = {
        "1.3.6.1.5.5.7.3.2",      /* client authentication */
        "1.3.6.1.4.1.311.20.2.2", /* smart card logon */
        "1.3.6.1.5.2.3.4",        /* PKINIT client */
    };

    for (size_t i = 0; i < COUNT_OF(logon); i++)
        if (template_has_eku(facts, logon[i]))
            return true;
    return template_allows_everything(facts);
}

/* Returns false if there are more than fit. */
static bool add_ekus(struct certificate_template *facts, const struct directory_entry *entry,
                     const char *name)
{
    const struct directory_attribute *attribute = entry_attribute(entry, name);

    for (size_t i = 0; attribute && i < attribute->count; i++) {
        const char *oid = (const char *)attribute->values[i].bytes;

        if (template_has_eku(facts, oid))
            continue;
        if (facts->eku_count == TEMPLATE_EKUS_MAXIMUM)
            return false;
        text_copy(facts->ekus[facts->eku_count++], sizeof facts->ekus[0], oid);
    }
    return !attribute || !attribute->partial;
}

static void read_descriptor(const struct directory_entry *entry, struct certificate_template *facts)
{
    const struct directory_value *value = entry_value(entry, "nTSecurityDescriptor");

    facts->has_descriptor = value != NULL;
    if (value)
        descriptor_read(value->bytes, value->length, &facts->descriptor,
                        &facts->descriptor_problem);
}

/* Version 1 is what has none of the attributes of version 2; a template that has one, and shows no
 * version, hides it. */
static void read_schema(const struct directory_entry *entry, struct certificate_template *facts)
{
    static const char *const later[] = {"msPKI-Template-Minor-Revision", "msPKI-Cert-Template-OID",
                                        "msPKI-Certificate-Application-Policy"};

    facts->has_schema = entry_integer(entry, "msPKI-Template-Schema-Version", &facts->schema);
    if (facts->has_schema)
        return;
    facts->has_schema = true;
    facts->schema = 1;
    for (size_t i = 0; i < COUNT_OF(later); i++) {
        if (entry_attribute(entry, later[i])) {
            facts->has_schema = false;
            facts->schema = 2;
        }
    }
}

/* Whether an ACE is about a single attribute, so that one may be hidden while others are shown. The
 * RP of an extended right is about none. */
static bool singles_out(const struct descriptor *descriptor)
{
    for (size_t i = 0; i < descriptor->ace_count; i++) {
        const struct ace *ace = &descriptor->aces[i];

        if (!(ace->flags & ACE_INHERIT_ONLY) && ace->has_object &&
            access_map_generic(ace->mask) & RIGHT_RP && !guid_equal(&ace->object, &GUID_ENROLL) &&
            !guid_equal(&ace->object, &GUID_AUTOENROLL))
            return true;
    }
    return false;
}

/* No EKU is a setting, too, of which nothing is there to be seen: it is believed if nothing can be
 * hidden. From version 2 on both attributes have the same values. */
static void read_ekus(const struct directory_entry *entry, struct certificate_template *facts)
{
    bool all =
        entry_attribute(entry, "pKIExtendedKeyUsage") &&
        (facts->schema <= 1 || entry_attribute(entry, "msPKI-Certificate-Application-Policy"));

    bool whole = add_ekus(facts, entry, "pKIExtendedKeyUsage");

    whole = add_ekus(facts, entry, "msPKI-Certificate-Application-Policy") && whole;
    facts->ekus_hidden = !whole || (!all && (!facts->has_descriptor || facts->descriptor_problem ||
                                             singles_out(&facts->descriptor)));
}

void template_read(const struct directory_entry *entry, struct certificate_template *facts)
{
    const struct directory_value *usage = entry_value(entry, "pKIKeyUsage");
    const struct directory_value *period = entry_value(entry, "pKIExpirationPeriod");

    *facts = (struct certificate_template){0};
    text_copy(facts->cn, sizeof facts->cn, entry_text(entry, "cn"));
    text_copy(facts->display_name, sizeof facts->display_name, entry_text(entry, "displayName"));
    read_schema(entry, facts);
    facts->has_revision = entry_integer(entry, "revision", &facts->revision);
    facts->has_minor = entry_integer(entry, "msPKI-Template-Minor-Revision", &facts->minor);
    facts->has_name_flags = entry_flags(entry, "msPKI-Certificate-Name-Flag", &facts->name_flags);
    facts->has_enrollment_flags =
        entry_flags(entry, "msPKI-Enrollment-Flag", &facts->enrollment_flags);
    facts->has_signatures = entry_integer(entry, "msPKI-RA-Signature", &facts->signatures);
    facts->has_key_bits = entry_integer(entry, "msPKI-Minimal-Key-Size", &facts->key_bits);
    facts->has_key_usage = usage && usage->length;
    facts->key_usage = facts->has_key_usage ? usage->bytes[0] : 0;
    facts->has_validity = period != NULL;
    if (period)
        template_period(period->bytes, period->length, &facts->validity);
    facts->hidden =
        !facts->has_name_flags && !usage && !period && entry_value(entry, "revision") == NULL;
    read_descriptor(entry, facts);
    read_ekus(entry, facts);
}

void template_free(struct certificate_template *facts)
{
    descriptor_free(&facts->descriptor);
}
