/* check_ndes_template_pki.c - what entries of Public Key Services tell of templates and CAs; no
 * I/O. SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/check_ndes_template.h"

#include <string.h>

#include "common/base/text.h"
#include "common/pki/bundle.h"

const char *const ra_template_names[RA_TEMPLATE_COUNT] = {
    [RA_CEP_ENCRYPTION] = "CEPEncryption",
    [RA_OFFLINE_AGENT] = "EnrollmentAgentOffline",
    [RA_AGENT] = "EnrollmentAgent",
};

/* Those of templates (template_attributes), of CAs and of NTAuthCertificates. */
const char *const pki_attributes[] = {
    "objectClass",
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
    "dNSHostName",
    "certificateTemplates",
    "cACertificate",
    NULL,
};

void pki_filter(const struct check_options *options, struct buffer *filter)
{
    buffer_add_text(filter, "(|(objectClass=pKIEnrollmentService)"
                            "(&(objectClass=pKICertificateTemplate)(|");
    for (size_t i = 0; i < options->wanted_count; i++) {
        buffer_add_text(filter, "(cn=");
        directory_quote(filter, options->wanted[i].name);
        buffer_add_char(filter, ')');
    }
    buffer_add_text(filter, "))");
    if (options->require_ntauth)
        buffer_add_text(filter, "(&(objectClass=certificationAuthority)(cn=NTAuthCertificates))");
    buffer_add_char(filter, ')');
}

static int hex_digit(char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    return character >= 'A' && character <= 'F' ? character - 'A' + 10 : -1;
}

/* The value of the first RDN, which every searcher is shown (RFC 4514 section 2.4). */
static void first_name(const char *dn, char *target, size_t size)
{
    struct buffer name;
    const char *at = strchr(dn, '=');

    buffer_init(&name, size - 1);
    for (at = at ? at + 1 : ""; *at && *at != ','; at++) {
        int high = *at == '\\' ? hex_digit(at[1]) : -1;
        int low = high >= 0 ? hex_digit(at[2]) : -1;

        if (low >= 0) {
            buffer_add_char(&name, (char)(16 * high + low));
            at += 2;
            continue;
        }
        if (*at == '\\' && at[1])
            at++;
        buffer_add_char(&name, *at);
    }
    text_copy(target, size, buffer_text(&name));
    buffer_free(&name);
}

/* The cn, or where it is hidden what the DN tells. */
static void entry_name(const struct directory_entry *entry, char *target, size_t size)
{
    if (*entry_text(entry, "cn"))
        text_copy(target, size, entry_text(entry, "cn"));
    else
        first_name(entry->dn, target, size);
}

static void read_template(const struct check_options *options, const struct directory_entry *entry,
                          struct check_facts *facts)
{
    char name[NAME_BYTES];

    entry_name(entry, name, sizeof name);
    for (size_t i = 0; i < options->wanted_count; i++) {
        struct template_facts *about = &facts->templates[i];

        if (about->found || !text_equal(name, options->wanted[i].name))
            continue;
        about->found = true;
        template_read(entry, &about->template);
    }
}

/* The value that holds the certificate that began last; NULL if none can be read. */
static const struct directory_value *newest_certificate(const struct directory_entry *entry,
                                                        struct certificate *newest,
                                                        size_t *unreadable)
{
    const struct directory_attribute *attribute = entry_attribute(entry, "cACertificate");
    const struct directory_value *found = NULL;

    for (size_t i = 0; attribute && i < attribute->count; i++) {
        const struct directory_value *value = &attribute->values[i];
        struct bundle bundle = {0};

        if (bundle_parse(value->bytes, value->length, &bundle)) {
            ++*unreadable;
            continue;
        }
        if (!found || bundle.facts[0].not_before > newest->not_before) {
            *newest = bundle.facts[0];
            found = value;
        }
        bundle_free(&bundle);
    }
    return found;
}

static bool has_bytes(const struct directory_entry *entry, const char *name,
                      const struct directory_value *bytes)
{
    const struct directory_attribute *attribute = entry_attribute(entry, name);

    for (size_t i = 0; attribute && i < attribute->count; i++)
        if (attribute->values[i].length == bytes->length &&
            memcmp(attribute->values[i].bytes, bytes->bytes, bytes->length) == 0)
            return true;
    return false;
}

static void read_ca(const struct check_options *options, const struct directory_entry *entry,
                    const struct directory_entry *ntauth, struct check_facts *facts)
{
    const struct directory_attribute *certificates = entry_attribute(entry, "cACertificate");
    const struct directory_attribute *templates = entry_attribute(entry, "certificateTemplates");
    const struct directory_value *newest;
    struct ca_facts *ca = &facts->cas[facts->ca_count];

    if (facts->ca_count == CAS_MAXIMUM) {
        facts->cas_dropped++;
        return;
    }
    facts->ca_count++;
    entry_name(entry, ca->name, sizeof ca->name);
    ca->shown = certificates || templates || entry_value(entry, "dNSHostName");
    ca->published = templates ? templates->count : 0;
    for (size_t i = 0; i < options->wanted_count; i++)
        ca->publishes[i] = entry_has_text(entry, "certificateTemplates", options->wanted[i].name);
    for (int i = 0; i < RA_TEMPLATE_COUNT; i++)
        ca->publishes_ra[i] = entry_has_text(entry, "certificateTemplates", ra_template_names[i]);
    ca->certificate_count = certificates ? certificates->count : 0;
    newest = newest_certificate(entry, &ca->newest, &ca->unreadable_count);
    ca->in_ntauth = newest && ntauth && has_bytes(ntauth, "cACertificate", newest);
}

/* By its class, or where that is hidden by the container it is in. */
static bool is_of_kind(const struct directory_entry *entry, const char *class,
                       const char *container)
{
    if (entry_attribute(entry, "objectClass"))
        return entry_has_text(entry, "objectClass", class);
    return text_find(entry->dn, strlen(entry->dn), container) != NULL;
}

void pki_read(const struct check_options *options, const struct directory_entries *entries,
              struct check_facts *facts)
{
    const struct directory_entry *ntauth = NULL;

    for (size_t i = 0; i < entries->count; i++)
        if (is_of_kind(&entries->entries[i], "certificationAuthority", "CN=NTAuthCertificates,"))
            ntauth = &entries->entries[i];
    facts->ntauth_shown = ntauth && entry_value(ntauth, "cACertificate");
    for (size_t i = 0; i < entries->count; i++) {
        const struct directory_entry *entry = &entries->entries[i];

        if (is_of_kind(entry, "pKICertificateTemplate", ",CN=Certificate Templates,"))
            read_template(options, entry, facts);
        else if (is_of_kind(entry, "pKIEnrollmentService", ",CN=Enrollment Services,"))
            read_ca(options, entry, ntauth, facts);
    }
}

static void offer_name(const char *wanted, const struct directory_entry *entry, const char *name,
                       struct template_facts *about)
{
    if (text_equal(name, wanted)) /* or it would have been found by its cn */
        about->hidden = true;
    else if (text_equal(entry_text(entry, "displayName"), wanted))
        text_copy(about->by_display_name, sizeof about->by_display_name, name);
    else
        nearest_offer(&about->nearest, wanted, name);
}

void names_read(const struct check_options *options, const struct directory_entries *entries,
                struct check_facts *facts)
{
    char name[NAME_BYTES];

    facts->name_count = entries->count;
    for (size_t i = 0; i < entries->count; i++) {
        first_name(entries->entries[i].dn, name, sizeof name);
        for (size_t wanted = 0; wanted < options->wanted_count; wanted++)
            if (!facts->templates[wanted].found)
                offer_name(options->wanted[wanted].name, &entries->entries[i], name,
                           &facts->templates[wanted]);
    }
}
