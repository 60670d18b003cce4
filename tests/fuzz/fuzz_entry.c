/* fuzz_entry.c - any bytes as the answer to a search: read as an account, as a certificate
 * template, as groups. SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/directory/account.h"
#include "common/directory/dn.h"
#include "common/directory/template.h"

/* The input is of records: what it is, a length of two bytes, so many bytes. */
enum {
    RECORD_ENTRY = 0xff,  /* the next entry begins; its DN */
    RECORD_NAME = 0xfe,   /* the account that is looked for */
    RECORD_DOMAIN = 0xfd, /* the domain of the server */
    RECORD_PART = 0x80,   /* the bit of an attribute that is said to have more values */
};

/* Behind the attributes of accounts and templates, which the other records count through. */
static const char *const more_attributes[] = {"tokenGroups", "nCName", "dnsRoot"};

struct input {
    struct directory_entries entries;
    struct directory_root root;
    char name[1024];
};

static struct input in;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

static const char *attribute_name(size_t number)
{
    size_t accounts = 0;
    size_t templates = 0;

    while (account_attributes[accounts])
        accounts++;
    while (template_attributes[templates])
        templates++;
    number %= accounts + templates + COUNT_OF(more_attributes);
    if (number < accounts)
        return account_attributes[number];
    number -= accounts;
    return number < templates ? template_attributes[number] : more_attributes[number - templates];
}

/* Adds a value to an attribute of the last entry. */
static void add_value(uint8_t kind, const uint8_t *bytes, size_t length)
{
    struct directory_entry *entry = &in.entries.entries[in.entries.count - 1];
    const char *name = attribute_name(kind & 0x7f);
    struct directory_attribute *attribute;
    char ranged[64];

    if (entry->count && text_equal(entry->attributes[entry->count - 1].name, name)) {
        attribute = &entry->attributes[entry->count - 1];
    } else {
        text_format(ranged, sizeof ranged, "%s%s", name, kind & RECORD_PART ? ";range=0-1499" : "");
        attribute = directory_entry_add(&in.entries, entry, ranged);
    }
    if (attribute)
        directory_attribute_add(&in.entries, attribute, bytes, length);
}

static void add_record(uint8_t kind, const uint8_t *bytes, size_t length)
{
    char text[1024];

    text_copy_bytes(text, sizeof text, (const char *)bytes, length);
    switch (kind) {
    case RECORD_ENTRY:
        directory_entries_add(&in.entries, text);
        break;
    case RECORD_NAME:
        text_copy(in.name, sizeof in.name, text);
        break;
    case RECORD_DOMAIN:
        text_copy(in.root.domain, sizeof in.root.domain, text);
        break;
    default:
        add_value(kind, bytes, length);
    }
}

static void read_input(const uint8_t *data, size_t size)
{
    in = (struct input){.root.domain = "DC=example,DC=com", .name = "svc-ndes"};
    require(directory_entries_add(&in.entries, "CN=svc-ndes,DC=example,DC=com"));
    while (size >= 3) {
        size_t length = (size_t)(data[1] | data[2] << 8);

        length = length < size - 3 ? length : size - 3;
        add_record(data[0], data + 3, length);
        data += 3 + length;
        size -= 3 + length;
    }
}

/* The session: every search finds all entries. */

const struct directory_root *directory_root(const struct directory_session *session)
{
    (void)session;
    return &in.root;
}

/* Parentheses in pairs, no asterisk but that of "has any", and escapes of two hex digits. */
static void check_filter(const char *filter)
{
    int depth = 0;

    for (const char *at = filter; *at; at++) {
        depth += (*at == '(') - (*at == ')');
        require(depth >= 0 && (depth > 0 || !at[1]));
        require(*at != '*' || (at > filter && at[-1] == '=' && at[1] == ')'));
        if (*at == '\\')
            require(at[1] && at[2] && strspn(at + 1, "0123456789abcdefABCDEF") >= 2);
    }
    require(depth == 0);
}

bool directory_search(struct directory_session *session, const struct directory_query *query,
                      struct directory_entries *entries, struct problem *problem)
{
    (void)session;
    check_filter(query->filter);
    for (size_t i = 0; i < in.entries.count; i++) {
        const struct directory_entry *from = &in.entries.entries[i];
        struct directory_entry *to = directory_entries_add(entries, from->dn);

        for (size_t n = 0; to && n < from->count; n++) {
            struct directory_attribute *attribute =
                directory_entry_add(entries, to, from->attributes[n].name);

            for (size_t v = 0; attribute && v < from->attributes[n].count; v++)
                directory_attribute_add(entries, attribute, from->attributes[n].values[v].bytes,
                                        from->attributes[n].values[v].length);
            if (attribute)
                attribute->partial = from->attributes[n].partial;
        }
    }
    *problem = (struct problem){0};
    return true;
}

static void check_dn(const char *dn, const char *other)
{
    const char *domain = dn_domain(dn);
    char name[32];

    dn_first_name(dn, name, sizeof name);
    require(strlen(name) <= dn_first(dn).length);
    require(domain >= dn && domain <= dn + strlen(dn));
    require(!*domain || text_starts(domain, "DC="));
    require(dn_domain(domain) == domain);
    require(dn_equal(dn, dn) && dn_equal(dn, other) == dn_equal(other, dn));
}

static void check_value(const struct directory_value *value)
{
    int64_t seconds = -1;

    require(value->bytes[value->length] == '\0');
    if (template_period(value->bytes, value->length, &seconds))
        require(value->length == 8 && seconds >= 0 && seconds <= INT64_MAX / 10000000);
    if (generalized_time((const char *)value->bytes, &seconds))
        require(seconds >= INT64_C(-62198755200) && seconds <= INT64_C(253402387200));
    check_dn((const char *)value->bytes, in.name);
}

static void check_account(const struct directory_entry *entry)
{
    struct account account;
    char text[SID_TEXT_SIZE];
    struct sid again;

    account_read(entry, &account);
    require(memchr(account.dn, '\0', sizeof account.dn) &&
            memchr(account.name, '\0', sizeof account.name) &&
            memchr(account.principal, '\0', sizeof account.principal));
    sid_text(&account.sid, text, sizeof text);
    if (account.sid.length > SID_BYTES_MINIMUM)
        require(sid_parse(text, &again) && sid_equal(&account.sid, &again));
    require(account.has_control || !account.control);
    require(account.has_computed || !account.computed);
    require(account.end != FILETIME_SET || account.end_at < INT64_MAX / 10000000);
    require(account.password_end != FILETIME_SET ||
            account.password_end_at >= INT64_C(-11644473600));
}

static void check_template(const struct directory_entry *entry)
{
    struct certificate_template facts;

    template_read(entry, &facts);
    require(facts.eku_count <= TEMPLATE_EKUS_MAXIMUM && facts.validity >= 0);
    require(facts.has_key_usage ? facts.key_usage <= 0xff : !facts.key_usage);
    require(facts.has_descriptor || (!facts.descriptor_problem && !facts.descriptor.aces));
    require(!facts.descriptor_problem || !facts.descriptor.ace_count);
    require(template_allows_logon(&facts) || facts.eku_count || facts.ekus_hidden);
    for (size_t i = 0; i < facts.eku_count; i++)
        require(memchr(facts.ekus[i], '\0', sizeof facts.ekus[i]) != NULL);
    template_free(&facts);
}

static bool has_sid(const struct directory_entry *entry)
{
    const struct directory_value *value = entry_value(entry, "objectSid");
    struct sid sid;

    return value && sid_read(value->bytes, value->length, &sid);
}

/* The groups, by each number of searches that may be left. */
static void check_token(const struct directory_entry *entry)
{
    for (int searches = 0; searches < 3; searches++) {
        struct account_token token = {0};
        struct problem problem;

        if (account_token(NULL, entry, searches, &token, &problem)) {
            require(token.source != GROUPS_NOT_ASKED && token.token.count >= 1);
            require(token.source == GROUPS_BY_TOKEN || !token.token.complete);
        } else {
            require(problem.kind == PROBLEM_NONE && !has_sid(entry));
        }
        account_token_free(&token);
    }
}

static void check_filter_of(const struct account_name *name)
{
    struct buffer filter;

    buffer_init(&filter, 16384);
    account_filter(name, &filter);
    require(!filter.overflowed);
    check_filter(buffer_text(&filter));
    buffer_free(&filter);
}

static void check_home(const struct account_name *name, const struct directory_entry *found)
{
    struct problem problem;
    enum account_home home;
    char domain[64];

    if (!account_home(NULL, name, found, &home, domain, sizeof domain, &problem))
        require(problem.kind != PROBLEM_NONE && home == (found ? HOME_HERE : HOME_UNCLEAR));
    require(home != HOME_HERE || !*domain);
}

static void check_pick(void)
{
    const struct directory_entry *namesakes[NAMESAKES_SHOWN];
    const struct directory_entry *found;
    struct account_name name;
    size_t count;

    if (account_name_parse(in.name, &name))
        return;
    check_filter_of(&name);
    count = account_pick(&name, &in.root, &in.entries, namesakes);
    found = namesakes[0];
    for (size_t i = 1; i < NAMESAKES_SHOWN; i++)
        require(i < count ? namesakes[i] > namesakes[i - 1] : !namesakes[i]);
    require(count <= in.entries.count && (count == 0) == (found == NULL));
    check_home(&name, found);
    if (!found)
        return;
    require(found >= in.entries.entries && found < in.entries.entries + in.entries.count);
    require(name.form != FORM_DN || dn_equal(found->dn, in.name));
    require(name.form != FORM_NAME || text_starts(entry_text(found, "sAMAccountName"), name.name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_input(data, size);
    for (size_t i = 0; i < in.entries.count && i < 8; i++) {
        const struct directory_entry *entry = &in.entries.entries[i];

        check_dn(entry->dn, in.name);
        for (size_t n = 0; n < entry->count; n++)
            for (size_t v = 0; v < entry->attributes[n].count; v++)
                check_value(&entry->attributes[n].values[v]);
        check_account(entry);
        check_template(entry);
        check_token(entry);
    }
    check_pick();
    directory_entries_free(&in.entries);
    return 0;
}
