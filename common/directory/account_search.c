/* account_search.c - what else is asked for about an account: its groups, and where its domain is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "common/base/text.h"
#include "common/directory/account.h"

/* A NetBIOS name is that of one domain, but a DNS name may be that of another. */
enum { DOMAINS_MAXIMUM = 10 };

/* In the token of every account that signs in over the network (MS-DTYP 2.4.2.4). */
static const enum known_sid everybody[] = {SID_EVERYONE, SID_NETWORK, SID_AUTHENTICATED_USERS,
                                           SID_THIS_ORGANIZATION};

static void add_values(struct token *token, const struct directory_entry *entry, const char *name)
{
    const struct directory_attribute *attribute = entry_attribute(entry, name);
    struct sid sid;

    for (size_t i = 0; attribute && i < attribute->count; i++) {
        if (sid_read(attribute->values[i].bytes, attribute->values[i].length, &sid))
            token_add(token, &sid);
        else
            token->complete = false;
    }
    if (attribute && attribute->partial)
        token->complete = false;
}

/* The SID of the domain that an account is of. */
static bool domain_of(const struct sid *account, struct sid *domain)
{
    if (!sid_is_domain(account))
        return false;
    *domain = *account;
    domain->bytes[1]--; /* one sub-authority less: the account's own */
    domain->length -= 4;
    return true;
}

/* The group whose RID stands in primaryGroupID: it is in no member attribute. */
static void add_primary_group(struct token *token, const struct directory_entry *entry,
                              const struct sid *own)
{
    struct sid domain;
    struct sid group;
    int64_t rid;

    if (domain_of(own, &domain) && entry_integer(entry, "primaryGroupID", &rid) && rid >= 0 &&
        rid <= UINT32_MAX && sid_with_rid(&domain, (uint32_t)rid, &group))
        token_add(token, &group);
}

/* What is known without asking. Returns false if the account's own SID is hidden. */
static bool start_token(const struct directory_entry *entry, struct token *token, struct sid *own)
{
    const struct directory_value *value = entry_value(entry, "objectSid");

    token_init(token);
    if (!value || !sid_read(value->bytes, value->length, own))
        return false;
    token_add(token, own);
    add_values(token, entry, "sIDHistory");
    add_primary_group(token, entry, own);
    for (size_t i = 0; i < COUNT_OF(everybody); i++)
        token_add(token, sid_known(everybody[i]));
    return true;
}

/* The groups that tokenGroups would have told, but for those that the primary group is in, and for
 * those of other domains. */
static bool ask_by_chain(struct directory_session *session, const struct directory_entry *entry,
                         struct account_token *token, struct directory_problem *problem)
{
    static const char *const attributes[] = {"objectSid", NULL};
    struct directory_query query = {.what = "groups of the account, by member-of-in-chain",
                                    .base = directory_root(session)->domain,
                                    .scope = DIRECTORY_SUBTREE,
                                    .attributes = attributes};
    struct directory_entries groups = {0};
    struct buffer filter;
    bool fine;

    buffer_init(&filter, 8192);
    buffer_add_text(&filter, "(member:1.2.840.113556.1.4.1941:=");
    directory_quote(&filter, entry->dn);
    buffer_add_char(&filter, ')');
    query.filter = buffer_text(&filter);
    *problem = (struct directory_problem){0}; /* that of tokenGroups: this is instead of it */
    fine = filter.overflowed
               ? directory_fail(problem, DIRECTORY_SETTINGS, "the DN is too long to be looked for")
               : directory_search(session, &query, &groups, problem);
    for (size_t i = 0; i < groups.count; i++)
        add_values(&token->token, &groups.entries[i], "objectSid");
    token->source = GROUPS_BY_CHAIN;
    token->token.complete = false;
    directory_entries_free(&groups);
    buffer_free(&filter);
    return fine;
}

/* Whether memberOf has a group of this common name, in the container if one is given. */
static bool is_member_of(const struct directory_entry *entry, const char *name,
                         const char *container)
{
    const struct directory_attribute *groups = entry_attribute(entry, "memberOf");
    char start[160];

    text_format(start, sizeof start, "CN=%s,%s", name, container);
    for (size_t i = 0; groups && i < groups->count; i++)
        if (text_starts((const char *)groups->values[i].bytes, start))
            return true;
    return false;
}

static void add_named_groups(struct token *token, const struct directory_entry *entry,
                             const struct sid *own)
{
    static const enum known_rid rids[] = {RID_DOMAIN_ADMINS, RID_SCHEMA_ADMINS,
                                          RID_ENTERPRISE_ADMINS, RID_KEY_ADMINS,
                                          RID_ENTERPRISE_KEY_ADMINS};
    static const enum known_sid built_in[] = {
        SID_BUILTIN_ADMINISTRATORS, SID_BUILTIN_ACCOUNT_OPERATORS, SID_BUILTIN_SERVER_OPERATORS,
        SID_BUILTIN_PRINT_OPERATORS, SID_BUILTIN_BACKUP_OPERATORS};
    struct sid domain;
    struct sid group;

    for (size_t i = 0; i < COUNT_OF(built_in); i++) {
        const char *name = sid_name(sid_known(built_in[i])) + strlen("BUILTIN\\");

        if (is_member_of(entry, name, "CN=Builtin,"))
            token_add(token, sid_known(built_in[i]));
    }
    for (size_t i = 0; domain_of(own, &domain) && i < COUNT_OF(rids); i++)
        if (sid_with_rid(&domain, rids[i], &group) && is_member_of(entry, sid_name(&group), ""))
            token_add(token, &group);
}

/* True if tokenGroups was told. */
static bool ask_token_groups(struct directory_session *session, const struct directory_entry *entry,
                             struct account_token *token, struct directory_problem *problem)
{
    static const char *const attributes[] = {"tokenGroups", NULL};
    struct directory_query query = {.what = "groups of the account (tokenGroups)",
                                    .base = entry->dn,
                                    .scope = DIRECTORY_BASE,
                                    .filter = "(objectClass=*)",
                                    .attributes = attributes};
    struct directory_entries answer = {0};
    bool shown;
    bool fine;

    fine = directory_search(session, &query, &answer, problem);
    shown = answer.count && entry_value(&answer.entries[0], "tokenGroups");
    if (shown) {
        add_values(&token->token, &answer.entries[0], "tokenGroups");
        token->token.complete = token->token.complete && fine;
        token->source = GROUPS_BY_TOKEN;
        *problem = (struct directory_problem){0};
    }
    token->hidden = !shown;
    directory_entries_free(&answer);
    return shown;
}

bool account_token(struct directory_session *session, const struct directory_entry *entry,
                   int searches, struct account_token *token, struct directory_problem *problem)
{
    struct sid sid;

    *problem = (struct directory_problem){0};
    if (!start_token(entry, &token->token, &sid))
        return false;
    if (searches > 0 && ask_token_groups(session, entry, token, problem))
        return true;
    if (directory_is_fatal(problem->trouble))
        return false;
    if (searches > 1)
        return ask_by_chain(session, entry, token, problem);
    *problem = (struct directory_problem){0}; /* that of tokenGroups */
    add_named_groups(&token->token, entry, &sid);
    token->source = GROUPS_BY_NAME;
    token->token.complete = false;
    return true;
}

void account_token_free(struct account_token *token)
{
    token_free(&token->token);
}

bool account_domain(struct directory_session *session, const struct account_name *name,
                    char *context, size_t context_size, char *dns, size_t dns_size,
                    struct directory_problem *problem)
{
    static const char *const attributes[] = {"nCName", "dnsRoot", NULL};
    struct directory_query query = {.what = "domains of the forest",
                                    .scope = DIRECTORY_ONE_LEVEL,
                                    .attributes = attributes,
                                    .maximum = DOMAINS_MAXIMUM};
    struct directory_entries domains = {0};
    char base[300];
    struct buffer filter;
    bool fine;

    *context = *dns = '\0';
    buffer_init(&filter, 1024);
    buffer_add_text(&filter, "(&(nETBIOSName=*)(|(nETBIOSName=");
    directory_quote(&filter, name->domain);
    buffer_add_text(&filter, ")(dnsRoot=");
    directory_quote(&filter, name->domain);
    buffer_add_text(&filter, ")))");
    text_format(base, sizeof base, "CN=Partitions,%s", directory_root(session)->configuration);
    query.base = base;
    query.filter = buffer_text(&filter);
    fine = directory_search(session, &query, &domains, problem);
    if (domains.count) {
        text_copy(context, context_size, entry_text(&domains.entries[0], "nCName"));
        text_copy(dns, dns_size, entry_text(&domains.entries[0], "dnsRoot"));
    }
    if (fine && domains.truncated)
        fine = directory_fail(problem, DIRECTORY_TOO_LARGE, "more than %d domains of one name",
                              DOMAINS_MAXIMUM);
    else if (fine && domains.count && !*context)
        fine = directory_fail(problem, DIRECTORY_HIDDEN, "nCName of %s", domains.entries[0].dn);
    directory_entries_free(&domains);
    buffer_free(&filter);
    return fine;
}
