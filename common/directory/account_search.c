/* account_search.c - what else is asked for about an account: its groups, and where its domain is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "common/base/text.h"
#include "common/directory/account.h"

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

/* The group whose RID stands in primaryGroupID: it is in no member attribute. */
static void add_primary_group(struct token *token, const struct directory_entry *entry,
                              const struct sid *own)
{
    struct sid domain = *own;
    struct sid group;
    int64_t rid;

    if (!sid_is_domain(own) || !entry_integer(entry, "primaryGroupID", &rid) || rid < 0 ||
        rid > UINT32_MAX)
        return;
    domain.bytes[1]--; /* one sub-authority less: the account's own */
    domain.length -= 4;
    if (sid_with_rid(&domain, (uint32_t)rid, &group))
        token_add(token, &group);
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
    fine = directory_search(session, &query, &groups, problem);
    for (size_t i = 0; i < groups.count; i++)
        add_values(&token->token, &groups.entries[i], "objectSid");
    token->by_chain = true;
    token->token.complete = false;
    directory_entries_free(&groups);
    buffer_free(&filter);
    return fine;
}

bool account_token(struct directory_session *session, const struct directory_entry *entry,
                   struct account_token *token, struct directory_problem *problem)
{
    static const char *const attributes[] = {"tokenGroups", NULL};
    const struct directory_value *own = entry_value(entry, "objectSid");
    struct directory_query query = {.what = "groups of the account (tokenGroups)",
                                    .base = entry->dn,
                                    .scope = DIRECTORY_BASE,
                                    .filter = "(objectClass=*)",
                                    .attributes = attributes};
    struct directory_entries answer = {0};
    struct sid sid;
    bool fine;

    *problem = (struct directory_problem){0};
    token_init(&token->token);
    if (!own || !sid_read(own->bytes, own->length, &sid))
        return false;
    token_add(&token->token, &sid);
    add_values(&token->token, entry, "sIDHistory");
    add_primary_group(&token->token, entry, &sid);
    for (size_t i = 0; i < COUNT_OF(everybody); i++)
        token_add(&token->token, sid_known(everybody[i]));
    fine = directory_search(session, &query, &answer, problem);
    if (answer.count && entry_value(&answer.entries[0], "tokenGroups"))
        add_values(&token->token, &answer.entries[0], "tokenGroups");
    else if (!directory_is_fatal(problem->trouble))
        fine = ask_by_chain(session, entry, token, problem);
    directory_entries_free(&answer);
    return fine;
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
    struct directory_query query = {
        .what = "domains of the forest", .scope = DIRECTORY_ONE_LEVEL, .attributes = attributes};
    struct directory_entries domains = {0};
    char base[300];
    struct buffer filter;
    bool fine;

    *context = *dns = '\0';
    buffer_init(&filter, 1024);
    buffer_add_text(&filter, "(nETBIOSName=");
    directory_quote(&filter, name->domain);
    buffer_add_char(&filter, ')');
    text_format(base, sizeof base, "CN=Partitions,%s", directory_root(session)->configuration);
    query.base = base;
    query.filter = buffer_text(&filter);
    fine = directory_search(session, &query, &domains, problem);
    if (domains.count) {
        text_copy(context, context_size, entry_text(&domains.entries[0], "nCName"));
        text_copy(dns, dns_size, entry_text(&domains.entries[0], "dnsRoot"));
    }
    directory_entries_free(&domains);
    buffer_free(&filter);
    return fine;
}
