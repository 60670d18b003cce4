/* collect_spn_holders.c - finds the accounts that have to do with ours: holders of its SPNs,
 * and the NDES server.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/account/account.h"

#include <string.h>

#include "common/base/text.h"
#include "common/directory/dn.h"

/* A computer as the operator wrote it: NDES01, NDES01$, EXAMPLE\NDES01$, ndes01.example.com. */
struct host_name {
    char account[17]; /* sAMAccountName: a NetBIOS name and $ */
    char domain[64];  /* EXAMPLE\\, "" if it was not given */
    char dns[256];    /* "" if no domain was given */
    char spn[261];    /* HOST/ and that name */
};

static struct host_name host_name_of(const char *host)
{
    static const size_t netbios_maximum = 15;
    struct host_name name = {0};
    const char *backslash = strchr(host, '\\');
    const char *start = backslash ? backslash + 1 : host;
    size_t length = strcspn(start, ".$");

    text_copy_bytes(name.domain, sizeof name.domain, host, (size_t)(start - host));
    if (start[length] == '.') {
        text_copy(name.dns, sizeof name.dns, start);
        text_format(name.spn, sizeof name.spn, "HOST/%s", name.dns);
    }
    if (length > netbios_maximum)
        length = netbios_maximum;
    text_format(name.account, sizeof name.account, "%.*s$", (int)length, start);
    return name;
}

/* HTTP/ndes.example.com, of that or of the host alone. */
static void spn_of(const char *given, char *spn, size_t size)
{
    text_format(spn, size, "%s%s", strchr(given, '/') ? "" : "HTTP/", given);
}

void account_holder_filters(const struct account_options *options, struct buffer *filter)
{
    char spn[sizeof(((struct spn_facts *)0)->name)];

    for (size_t i = 0; i < options->spns.count; i++) {
        spn_of(options->spns.items[i], spn, sizeof spn);
        directory_add_equal(filter, "servicePrincipalName", spn);
    }
    if (options->host) {
        struct host_name name = host_name_of(options->host);

        directory_add_equal(filter, "sAMAccountName", name.account);
        if (name.dns[0]) /* dNSHostName itself has no index in Active Directory */
            directory_add_equal(filter, "servicePrincipalName", name.spn);
    }
}

/* Windows lets HOST/x of a computer stand for HTTP/x and many others. */
static bool has_by_host(const struct directory_entry *account, const char *spn)
{
    char host[sizeof(((struct spn_facts *)0)->name)];

    if (!text_starts(spn, "HTTP/") || !entry_has_text(account, "objectClass", "computer"))
        return false;
    text_format(host, sizeof host, "HOST/%s", spn + strlen("HTTP/"));
    return entry_has_text(account, "servicePrincipalName", host);
}

static void read_spn(const struct directory_entries *entries, const struct directory_entry *account,
                     struct spn_facts *spn)
{
    spn->own = entry_has_text(account, "servicePrincipalName", spn->name);
    spn->by_host = has_by_host(account, spn->name);
    for (size_t i = 0; i < entries->count; i++) {
        const struct directory_entry *entry = &entries->entries[i];

        if (dn_equal(entry->dn, account->dn) ||
            !entry_has_text(entry, "servicePrincipalName", spn->name))
            continue;
        if (spn->other_count < OTHERS_MAXIMUM) {
            struct other_facts *other = &spn->others[spn->other_count];

            text_copy(other->name, sizeof other->name, entry_text(entry, "sAMAccountName"));
            text_copy(other->dn, sizeof other->dn, entry->dn);
        }
        spn->other_count++;
    }
}

void account_read_spns(const struct account_options *options,
                       const struct directory_entries *entries,
                       const struct directory_entry *account, struct account_facts *facts)
{
    for (size_t i = 0; i < options->spns.count; i++) {
        struct spn_facts *spn = &facts->spns[facts->spn_count++];

        spn_of(options->spns.items[i], spn->name, sizeof spn->name);
        read_spn(entries, account, spn);
    }
}

/* False if the entry says of itself that it is a computer of another domain. */
static bool may_be(const struct host_name *name, const struct directory_entry *entry)
{
    const char *principal = entry_text(entry, "msDS-PrincipalName");
    const char *dns = entry_text(entry, "dNSHostName");

    if (name->domain[0] && *principal && !text_starts(principal, name->domain))
        return false;
    return !name->dns[0] || !*dns || text_equal(dns, name->dns);
}

/* How well an entry fits: 3 by its DNS name, 2 by another one, 1 by its logon name, 0 not at all.
 */
static int fit_host(const struct host_name *name, const struct directory_entry *entry)
{
    if (!entry_has_text(entry, "objectClass", "computer") ||
        entry_has_text(entry, "objectClass", "msDS-GroupManagedServiceAccount"))
        return 0;
    if (name->dns[0] && entry_has_text(entry, "dNSHostName", name->dns))
        return 3;
    if (name->dns[0] && entry_has_text(entry, "servicePrincipalName", name->spn))
        return 2;
    return may_be(name, entry) && entry_has_text(entry, "sAMAccountName", name->account);
}

const struct directory_entry *account_read_host(const struct account_options *options,
                                                const struct directory_entries *entries,
                                                struct host_facts *host)
{
    const struct directory_entry *found = NULL;
    const struct directory_value *value;
    struct host_name name;
    uint32_t control;
    int best = 1;

    if (!options->host)
        return NULL;
    name = host_name_of(options->host);
    for (size_t i = 0; i < entries->count; i++) {
        int fits = fit_host(&name, &entries->entries[i]);

        if (fits < best)
            continue;
        host->count = fits > best || !found ? 1 : host->count + 1;
        if (host->count == 1)
            found = &entries->entries[i];
        best = fits;
    }
    if (host->count != 1)
        return NULL;
    value = entry_value(found, "objectSid");
    if (value)
        sid_read(value->bytes, value->length, &host->sid);
    text_copy(host->name, sizeof host->name, entry_text(found, "sAMAccountName"));
    text_copy(host->dn, sizeof host->dn, found->dn);
    text_copy(host->dns, sizeof host->dns, entry_text(found, "dNSHostName"));
    host->disabled = entry_flags(found, "userAccountControl", &control) && control & UAC_DISABLED;
    return found;
}
