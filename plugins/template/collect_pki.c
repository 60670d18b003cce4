/* collect_pki.c - what entries of Public Key Services tell of templates and CAs; no
 * I/O. SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/template/template.h"

#include <limits.h>
#include <openssl/err.h>
#include <string.h>

#include "common/base/text.h"
#include "common/directory/dn.h"

/* Those of templates, of CAs and of NTAuthCertificates. What an entry is its place tells. */
const char *const template_pki_attributes[] = {TEMPLATE_ATTRIBUTES, "dNSHostName",
                                               "certificateTemplates", "cACertificate", NULL};
const char *const template_names_attributes[] = {"cn", "displayName", "dNSHostName",
                                                 "certificateTemplates", NULL};

void template_pki_filter(const struct template_options *options, struct buffer *filter)
{
    buffer_add_text(filter, "(|(&(objectClass=pKIEnrollmentService)");
    if (options->ca_name)
        directory_add_equal(filter, "cn", options->ca_name);
    buffer_add_text(filter, ")(&(objectClass=pKICertificateTemplate)(|");
    for (size_t i = 0; i < options->wanted_count; i++)
        directory_add_equal(filter, "cn", options->wanted[i].name);
    buffer_add_text(filter, "))");
    if (options->require_ntauth)
        buffer_add_text(filter, "(&(objectClass=certificationAuthority)(cn=NTAuthCertificates))");
    buffer_add_char(filter, ')');
}

/* The cn, or where it is hidden what the DN tells. */
static void entry_name(const struct directory_entry *entry, char *target, size_t size)
{
    if (*entry_text(entry, "cn"))
        text_copy(target, size, entry_text(entry, "cn"));
    else
        dn_first_name(entry->dn, target, size);
}

static void read_template(const struct template_options *options,
                          const struct directory_entry *entry, struct template_facts *facts)
{
    char name[NAME_BYTES];

    entry_name(entry, name, sizeof name);
    for (size_t i = 0; i < options->wanted_count; i++) {
        struct wanted_facts *about = &facts->templates[i];

        if (about->found || !text_equal(name, options->wanted[i].name))
            continue;
        about->found = true;
        template_read(entry, &about->template);
    }
}

/* What follows the certificate is ignored. */
static bool read_validity(const struct directory_value *value, struct validity *validity)
{
    const unsigned char *bytes = value->bytes;
    X509 *x509 = value->length <= LONG_MAX ? d2i_X509(NULL, &bytes, (long)value->length) : NULL;
    bool read = x509 && validity_read(x509, validity);

    if (!read)
        ERR_clear_error();
    X509_free(x509);
    return read;
}

/* The value that holds the certificate that began last; NULL if none can be read. */
static const struct directory_value *newest_certificate(const struct directory_entry *entry,
                                                        struct validity *newest, size_t *unreadable)
{
    const struct directory_attribute *attribute = entry_attribute(entry, "cACertificate");
    const struct directory_value *found = NULL;

    for (size_t i = 0; attribute && i < attribute->count; i++) {
        const struct directory_value *value = &attribute->values[i];
        struct validity validity;

        if (!read_validity(value, &validity)) {
            ++*unreadable;
            continue;
        }
        if (!found || validity.not_before > newest->not_before) {
            *newest = validity;
            found = value;
        }
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

static bool is_named(const struct template_options *options, const struct ca_facts *ca)
{
    return options->ca_name && text_equal(ca->name, options->ca_name);
}

/* What the CA's certificates tell; `ntauth` is the entry of NTAuthCertificates, NULL if not seen.
 */
static void read_certificates(const struct directory_entry *entry,
                              const struct directory_entry *ntauth, struct ca_facts *ca)
{
    const struct directory_attribute *certificates = entry_attribute(entry, "cACertificate");
    const struct directory_value *newest =
        newest_certificate(entry, &ca->newest, &ca->unreadable_count);

    ca->certificate_count = certificates ? certificates->count : 0;
    ca->has_certificate = newest != NULL;
    ca->in_ntauth = newest && ntauth && has_bytes(ntauth, "cACertificate", newest);
}

static const struct ca_facts *find_ca(const struct template_facts *facts, const char *name)
{
    for (size_t i = 0; i < facts->ca_count; i++)
        if (text_equal(facts->cas[i].name, name))
            return &facts->cas[i];
    return NULL;
}

/* The last place is kept for the CA of --ca. */
static void read_ca(const struct template_options *options, const struct directory_entry *entry,
                    const struct directory_entry *ntauth, struct template_facts *facts)
{
    const struct directory_attribute *templates = entry_attribute(entry, "certificateTemplates");
    struct ca_facts ca = {0};

    entry_name(entry, ca.name, sizeof ca.name);
    if (find_ca(facts, ca.name))
        return;
    ca.shown =
        templates || entry_value(entry, "cACertificate") || entry_value(entry, "dNSHostName");
    ca.published = templates ? templates->count : 0;
    for (size_t i = 0; i < options->wanted_count; i++)
        ca.publishes[i] = entry_has_text(entry, "certificateTemplates", options->wanted[i].name);
    for (int i = 0; i < RA_TEMPLATE_COUNT; i++)
        ca.publishes_ra[i] = entry_has_text(entry, "certificateTemplates", template_ra_names[i]);
    read_certificates(entry, ntauth, &ca);
    if (facts->ca_count < CAS_MAXIMUM - 1 ||
        (facts->ca_count < CAS_MAXIMUM && is_named(options, &ca)))
        facts->cas[facts->ca_count++] = ca;
    else
        facts->cas_dropped++;
}

/* By the container it is in: that is shown of every entry. */
static bool is_template(const struct directory_entry *entry)
{
    return text_find(entry->dn, strlen(entry->dn), ",CN=Certificate Templates,") != NULL;
}

static bool is_ca(const struct directory_entry *entry)
{
    return text_find(entry->dn, strlen(entry->dn), ",CN=Enrollment Services,") != NULL;
}

static bool is_ntauth(const struct directory_entry *entry)
{
    return text_starts(entry->dn, "CN=NTAuthCertificates,");
}

void template_pki_read(const struct template_options *options,
                       const struct directory_entries *entries, struct template_facts *facts)
{
    const struct directory_entry *ntauth = NULL;

    for (size_t i = 0; i < entries->count; i++)
        if (is_ntauth(&entries->entries[i]))
            ntauth = &entries->entries[i];
    facts->ntauth_found = ntauth != NULL;
    facts->ntauth_shown = ntauth && entry_value(ntauth, "cACertificate");
    for (size_t i = 0; i < entries->count; i++) {
        const struct directory_entry *entry = &entries->entries[i];

        if (is_template(entry))
            read_template(options, entry, facts);
        else if (is_ca(entry))
            read_ca(options, entry, ntauth, facts);
    }
}

/* Without --ca all CAs were asked for in the first place. */
bool template_names_wanted(const struct template_options *options,
                           const struct template_facts *facts)
{
    const struct ca_facts *named = options->ca_name ? find_ca(facts, options->ca_name) : NULL;

    if (!facts->ca_count || (options->ca_name && !named) ||
        (options->require_ntauth && !facts->ntauth_found))
        return true;
    for (size_t i = 0; i < options->wanted_count; i++)
        if (!facts->templates[i].found || (named && !named->publishes[i]))
            return true;
    return false;
}

static void offer_name(const char *wanted, const struct directory_entry *entry, const char *name,
                       struct wanted_facts *about)
{
    if (text_equal(name, wanted)) /* or it would have been found by its cn */
        about->hidden = true;
    else if (text_equal(entry_text(entry, "displayName"), wanted))
        text_copy(about->by_display_name, sizeof about->by_display_name, name);
    else
        template_nearest_offer(&about->nearest, wanted, name);
}

static void read_name(const struct template_options *options, const struct directory_entry *entry,
                      struct template_facts *facts)
{
    char name[NAME_BYTES];

    facts->name_count++;
    dn_first_name(entry->dn, name, sizeof name);
    for (size_t wanted = 0; wanted < options->wanted_count; wanted++)
        if (!facts->templates[wanted].found)
            offer_name(options->wanted[wanted].name, entry, name, &facts->templates[wanted]);
}

void template_names_read(const struct template_options *options,
                         const struct directory_entries *entries, struct template_facts *facts)
{
    for (size_t i = 0; i < entries->count; i++) {
        const struct directory_entry *entry = &entries->entries[i];

        if (is_template(entry))
            read_name(options, entry, facts);
        else if (is_ca(entry))
            read_ca(options, entry, NULL, facts);
        else if (is_ntauth(entry))
            facts->ntauth_found = true;
    }
}
