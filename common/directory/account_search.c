/* account_search.c - what else is asked for about an account: its groups, and where its domain is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "common/base/text.h"
#include "common/directory/account.h"
#include "common/directory/dn.h"

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

bool account_primary_group(const struct directory_entry *entry, struct sid *group)
{
    const struct directory_value *value = entry_value(entry, "objectSid");
    struct sid own;
    struct sid domain;
    int64_t rid;

    return value && sid_read(value->bytes, value->length, &own) && sid_domain(&own, &domain) &&
           entry_integer(entry, "primaryGroupID", &rid) && rid >= 0 && rid <= UINT32_MAX &&
           sid_with_rid(&domain, (uint32_t)rid, group);
}

/* What is known without asking. Returns false if the account's own SID is hidden. */
static bool start_token(const struct directory_entry *entry, struct token *token, struct sid *own)
{
    const struct directory_value *value = entry_value(entry, "objectSid");
    struct sid primary;

    token_init(token);
    if (!value || !sid_read(value->bytes, value->length, own))
        return false;
    token_add(token, own);
    add_values(token, entry, "sIDHistory");
    if (account_primary_group(entry, &primary))
        token_add(token, &primary);
    for (size_t i = 0; i < COUNT_OF(everybody); i++)
        token_add(token, sid_known(everybody[i]));
    return true;
}

/* The groups that tokenGroups would have told, but for those that the primary group is in, and for
 * those of other domains. */
static bool ask_by_chain(struct directory_session *session, const struct directory_entry *entry,
                         struct account_token *token, struct problem *problem)
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
    *problem = (struct problem){0}; /* that of tokenGroups: this is instead of it */
    fine = filter.overflowed
               ? problem_set(problem, PROBLEM_SETTINGS, "the DN is too long to search for")
               : directory_search(session, &query, &groups, problem);
    for (size_t i = 0; i < groups.count; i++)
        add_values(&token->token, &groups.entries[i], "objectSid");
    token->source = GROUPS_BY_CHAIN;
    token->token.complete = false;
    directory_entries_free(&groups);
    buffer_free(&filter);
    return fine;
}

bool account_admin_group(const struct sid *domain, size_t index, struct sid *group)
{
    static const enum known_sid built_in[] = {
        SID_BUILTIN_ADMINISTRATORS, SID_BUILTIN_ACCOUNT_OPERATORS, SID_BUILTIN_SERVER_OPERATORS,
        SID_BUILTIN_PRINT_OPERATORS, SID_BUILTIN_BACKUP_OPERATORS};
    static const enum known_rid rids[] = {RID_DOMAIN_ADMINS, RID_SCHEMA_ADMINS,
                                          RID_ENTERPRISE_ADMINS, RID_KEY_ADMINS,
                                          RID_ENTERPRISE_KEY_ADMINS};

    if (index < COUNT_OF(built_in)) {
        *group = *sid_known(built_in[index]);
        return true;
    }
    index -= COUNT_OF(built_in);
    return index < COUNT_OF(rids) && sid_with_rid(domain, rids[index], group);
}

/* Whether memberOf has a group of this common name in the account's domain; a built-in one is in a
 * container of its own, the others may have been moved. */
static bool is_member_of(const struct directory_entry *entry, const char *name)
{
    static const char built_in[] = "BUILTIN\\";
    const struct directory_attribute *groups = entry_attribute(entry, "memberOf");
    bool local = text_starts(name, built_in);
    char start[160];

    text_format(start, sizeof start, "CN=%s,%s", local ? name + strlen(built_in) : name,
                local ? "CN=Builtin," : "");
    for (size_t i = 0; groups && i < groups->count; i++) {
        const char *group = (const char *)groups->values[i].bytes;

        if (text_starts(group, start) && dn_equal(dn_domain(group), dn_domain(entry->dn)))
            return true;
    }
    return false;
}

static void add_named_groups(struct token *token, const struct directory_entry *entry,
                             const struct sid *own)
{
    struct sid domain;
    struct sid group;

    sid_domain(own, &domain);
    for (size_t i = 0; account_admin_group(&domain, i, &group); i++)
        if (is_member_of(entry, sid_name(&group)))
            token_add(token, &group);
}

/* True if tokenGroups was told. */
static bool ask_token_groups(struct directory_session *session, const struct directory_entry *entry,
                             struct account_token *token, struct problem *problem)
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
        *problem = (struct problem){0};
    }
    token->hidden = !shown;
    directory_entries_free(&answer);
    return shown;
}

bool account_token(struct directory_session *session, const struct directory_entry *entry,
                   int searches, struct account_token *token, struct problem *problem)
{
    struct sid sid;

    *problem = (struct problem){0};
    if (!start_token(entry, &token->token, &sid))
        return false;
    if (searches > 0 && ask_token_groups(session, entry, token, problem))
        return true;
    if (problem_is_fatal(problem->kind))
        return false;
    if (searches > 1)
        return ask_by_chain(session, entry, token, problem);
    *problem = (struct problem){0}; /* that of tokenGroups */
    add_named_groups(&token->token, entry, &sid);
    token->source = GROUPS_BY_NAME;
    token->token.complete = false;
    return true;
}

void account_token_free(struct account_token *token)
{
    token_free(&token->token);
}

/* Where the domain of DOMAIN\svc, or example.com\svc, is: its naming context and DNS name, both ""
 * if the forest has no domain of that name. */
static bool find_domain(struct directory_session *session, const struct account_name *name,
                        char *context, size_t context_size, char *dns, size_t dns_size,
                        struct problem *problem)
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
    buffer_add_text(&filter, "(&(nETBIOSName=*)(|");
    directory_add_equal(&filter, "nETBIOSName", name->domain);
    directory_add_equal(&filter, "dnsRoot", name->domain);
    buffer_add_text(&filter, "))");
    text_format(base, sizeof base, "CN=Partitions,%s", directory_root(session)->configuration);
    query.base = base;
    query.filter = buffer_text(&filter);
    fine = directory_search(session, &query, &domains, problem);
    if (domains.count) {
        text_copy(context, context_size, entry_text(&domains.entries[0], "nCName"));
        text_copy(dns, dns_size, entry_text(&domains.entries[0], "dnsRoot"));
    }
    if (fine && domains.truncated)
        fine = problem_set(problem, PROBLEM_TOO_LARGE, "more than %d domains of one name",
                           DOMAINS_MAXIMUM);
    else if (fine && domains.count && !*context)
        fine = problem_set(problem, PROBLEM_HIDDEN, "nCName of %s", domains.entries[0].dn);
    directory_entries_free(&domains);
    buffer_free(&filter);
    return fine;
}

/* True if DOMAIN\svc needs no search: by the DNS name of the domain, or because a Windows domain
 * controller tells that name, too. */
static bool is_confirmed(const struct directory_root *root, const struct account_name *name,
                         const struct directory_entry *found)
{
    const char *principal = found ? entry_text(found, "msDS-PrincipalName") : "";

    return dn_is_domain_of(root->domain, name->domain) ||
           (text_starts(principal, name->domain) && principal[strlen(name->domain)] == '\\');
}

static bool home_of_domain_name(struct directory_session *session, const struct account_name *name,
                                const struct directory_entry *found, enum account_home *home,
                                char *domain, size_t domain_size, struct problem *problem)
{
    const struct directory_root *root = directory_root(session);
    char context[256];
    char dns[256];

    *home = HOME_HERE;
    if (is_confirmed(root, name, found))
        return true;
    if (!find_domain(session, name, context, sizeof context, dns, sizeof dns, problem)) {
        *home = found ? HOME_HERE : HOME_UNCLEAR;
        return false;
    }
    if (!*context)
        *home = HOME_NOWHERE;
    else if (!dn_equal(context, root->domain))
        *home = HOME_ELSEWHERE;
    if (*home == HOME_ELSEWHERE)
        text_copy(domain, domain_size, *dns ? dns : context);
    return true;
}

/* A SID that was not found: compares it with the domain's own. */
static bool home_of_sid(struct directory_session *session, const struct sid *sid,
                        enum account_home *home, char *domain, size_t domain_size,
                        struct problem *problem)
{
    static const char *const attributes[] = {"objectSid", NULL};
    struct directory_query query = {.what = "SID of the domain",
                                    .base = directory_root(session)->domain,
                                    .scope = DIRECTORY_BASE,
                                    .filter = "(objectClass=*)",
                                    .attributes = attributes};
    struct directory_entries answer = {0};
    const struct directory_value *value;
    struct sid wanted;
    struct sid own = {.length = 0};
    bool fine;

    *home = HOME_HERE;
    if (!sid_domain(sid, &wanted))
        return true;
    fine = directory_search(session, &query, &answer, problem);
    value = answer.count ? entry_value(&answer.entries[0], "objectSid") : NULL;
    if (value)
        sid_read(value->bytes, value->length, &own);
    directory_entries_free(&answer);
    if (!own.length)
        *home = HOME_UNCLEAR;
    else if (!sid_equal(&own, &wanted))
        *home = HOME_ELSEWHERE;
    if (*home != HOME_HERE)
        sid_text(&wanted, domain, domain_size);
    return fine;
}

bool account_home(struct directory_session *session, const struct account_name *name,
                  const struct directory_entry *found, enum account_home *home, char *domain,
                  size_t domain_size, struct problem *problem)
{
    const char *own = directory_root(session)->domain;
    const char *suffix = "";

    *problem = (struct problem){0};
    *home = HOME_HERE;
    *domain = '\0';
    switch (name->form) {
    case FORM_DOMAIN_NAME:
        return home_of_domain_name(session, name, found, home, domain, domain_size, problem);
    case FORM_SID:
        return found || home_of_sid(session, &name->sid, home, domain, domain_size, problem);
    case FORM_DN:
        suffix = dn_domain(name->text);
        if (!dn_equal(suffix, own))
            *home = HOME_ELSEWHERE;
        break;
    case FORM_PRINCIPAL: /* the suffix need not be that of its domain */
        suffix = strchr(name->text, '@') + 1;
        if (!found && !dn_is_domain_of(own, suffix))
            *home = HOME_UNCLEAR;
        break;
    case FORM_NAME:
        break;
    }
    if (*home != HOME_HERE)
        text_copy(domain, domain_size, suffix);
    return true;
}
