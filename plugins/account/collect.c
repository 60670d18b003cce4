/* collect.c - asks the directory: all the I/O of the check.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/account/account.h"

#include <string.h>

#include "common/base/text.h"
#include "common/directory/dn.h"

enum {
    FILTER_MAXIMUM = 1 << 16,
    ACCOUNTS_MAXIMUM = 1000,
    ROOT_SEARCHES = 1 /* of opening a session, as a rule */
};

struct collector {
    const struct account_options *options;
    struct directory_session *session;
    const struct directory_root *root;
    struct account_facts *facts;
    int searches; /* those that opening the session took */
};

/* True if the account of --account belongs to the domain of the domain controller. `found` is its
 * entry, NULL if there is none. */
static bool belongs_here(struct collector *collector, const struct directory_entry *found)
{
    const struct account_options *options = collector->options;
    struct account_facts *facts = collector->facts;
    const char *dot = options->is_host ? strchr(options->host, '.') : NULL;

    account_home(collector->session, &options->name, found, &facts->home, facts->home_name,
                 sizeof facts->home_name, &facts->problems[STEP_DOMAIN]);
    if (!facts->count && dot && facts->home == HOME_HERE &&
        !dn_is_domain_of(collector->root->domain, dot + 1)) {
        facts->home = HOME_UNCLEAR;
        text_copy(facts->home_name, sizeof facts->home_name, dot + 1);
    }
    return facts->home == HOME_HERE;
}

/* One search for the account and all others that matter. */
static bool search(struct collector *collector, struct directory_entries *entries)
{
    const struct account_options *options = collector->options;
    struct account_facts *facts = collector->facts;
    const char *attributes[32] = {"dNSHostName"};
    struct directory_query query = {.what = "accounts",
                                    .base = collector->root->domain,
                                    .scope = DIRECTORY_SUBTREE,
                                    .attributes = attributes,
                                    .maximum = ACCOUNTS_MAXIMUM};
    struct buffer filter;
    bool fine;

    for (size_t i = 0; account_attributes[i] && i + 2 < COUNT_OF(attributes); i++)
        attributes[i + 1] = account_attributes[i];
    if (options->ldap.base)
        query.base = options->ldap.base;
    else if (facts->catalog)
        query.base = ""; /* the whole forest */
    buffer_init(&filter, FILTER_MAXIMUM);
    buffer_add_text(&filter, "(|");
    account_filter(&options->name, &filter);
    account_holder_filters(options, &filter);
    buffer_add_char(&filter, ')');
    query.filter = buffer_text(&filter);
    fine = filter.overflowed ? problem_set(&facts->problems[STEP_ACCOUNT], PROBLEM_SETTINGS,
                                           "the names are too long to search for")
                             : directory_search(collector->session, &query, entries,
                                                &facts->problems[STEP_ACCOUNT]);
    if (fine && entries->truncated)
        fine = problem_set(&facts->problems[STEP_ACCOUNT], PROBLEM_TOO_LARGE,
                           "more than %d accounts match the names", ACCOUNTS_MAXIMUM);
    buffer_free(&filter);
    return fine;
}

/* A DN can be looked at in its place: what nothing is shown of is found by no filter, and the
 * directory may write the name otherwise. Adds the entry to the others. */
static bool look_in_place(struct collector *collector, struct directory_entries *entries)
{
    struct problem *problem = &collector->facts->problems[STEP_OBJECT];
    struct directory_query query = {.what = "account by its DN",
                                    .base = collector->options->name.text,
                                    .scope = DIRECTORY_BASE,
                                    .filter = "(objectClass=*)",
                                    .attributes = account_attributes};
    size_t before = entries->count;

    directory_search(collector->session, &query, entries, problem);
    if (problem->kind == PROBLEM_NO_BASE) /* there is none */
        *problem = (struct problem){0};
    return entries->count > before;
}

/* Moves the entries of the domain to the front, and returns them: a catalog has those of others,
 * too, which share nothing but the name with the account. */
static struct directory_entries own_entries(struct directory_entries *entries, const char *domain)
{
    struct directory_entries own = *entries;

    own.count = 0;
    for (size_t i = 0; i < entries->count; i++) {
        struct directory_entry entry = entries->entries[i];

        if (!dn_equal(dn_domain(entry.dn), domain))
            continue;
        entries->entries[i] = entries->entries[own.count];
        entries->entries[own.count++] = entry;
    }
    return own;
}

static void read_namesakes(const struct directory_entry *const found[NAMESAKES_SHOWN],
                           struct account_facts *facts)
{
    for (size_t i = 0; i < NAMESAKES_SHOWN && found[i]; i++)
        text_copy(facts->namesakes[i], sizeof facts->namesakes[i], found[i]->dn);
}

static void read_membership(const struct directory_entry *entry, struct account_facts *facts)
{
    const struct directory_value *value = entry_value(entry, "msDS-GroupMSAMembership");

    if (!value)
        return;
    facts->has_membership = true;
    descriptor_read(value->bytes, value->length, &facts->membership, &facts->membership_problem);
}

/* By the searches that are left. */
static void ask_groups(struct collector *collector, const struct directory_entry *entry,
                       enum step step, struct account_token *groups)
{
    int made = directory_statistics(collector->session)->searches - collector->searches;
    int left = SEARCHES_MAXIMUM - ROOT_SEARCHES - made;

    account_token(collector->session, entry, left, groups, &collector->facts->problems[step]);
}

/* The groups of the host first: what it may do matters more. */
static void find_groups(struct collector *collector, const struct directory_entry *account,
                        const struct directory_entry *host)
{
    struct account_facts *facts = collector->facts;

    if (host && facts->account.kind == ACCOUNT_GMSA)
        ask_groups(collector, host, STEP_HOST_GROUPS, &facts->host.groups);
    if (collector->options->posture && !problem_is_fatal(facts->problems[STEP_HOST_GROUPS].kind))
        ask_groups(collector, account, STEP_GROUPS, &facts->groups);
}

/* The direct groups: the way into those that come through others. */
static void read_direct_groups(const struct directory_entry *entry, struct account_facts *facts)
{
    const struct directory_attribute *groups = entry_attribute(entry, "memberOf");
    struct buffer list;
    struct sid primary;

    buffer_init(&list, sizeof facts->direct_groups - 1);
    if (account_primary_group(entry, &primary) && sid_name(&primary))
        buffer_addf(&list, "%s (primary)", sid_name(&primary));
    for (size_t i = 0; groups && i < groups->count; i++) {
        struct slice name = dn_first((const char *)groups->values[i].bytes);

        if (!buffer_addf(&list, "%s%.*s", list.length ? ", " : "", (int)name.length, name.text))
            facts->more_groups++;
    }
    text_copy(facts->direct_groups, sizeof facts->direct_groups, buffer_text(&list));
    buffer_free(&list);
}

static size_t count_nameless(const struct directory_entries *entries)
{
    size_t count = 0;

    for (size_t i = 0; i < entries->count; i++)
        count += !entry_value(&entries->entries[i], "sAMAccountName");
    return count;
}

static void read_account(struct collector *collector, const struct directory_entries *entries,
                         const struct directory_entry *account)
{
    const struct account_options *options = collector->options;
    struct account_facts *facts = collector->facts;
    const struct directory_entry *host = account_read_host(options, entries, &facts->host);

    account_read(account, &facts->account);
    facts->unreadable = !entry_value(account, "objectClass");
    if ((options->name.form == FORM_DN || options->name.form == FORM_SID || options->is_host) &&
        facts->account.name[0])
        text_copy(facts->name, sizeof facts->name, facts->account.name);
    account_read_spns(options, entries, account, facts);
    read_direct_groups(account, facts);
    read_membership(account, facts);
    if (!facts->unreadable && !problem_is_fatal(facts->problems[STEP_DOMAIN].kind))
        find_groups(collector, account, host);
}

/* Which of the entries of the domain is the account. Returns how many are. */
static size_t pick_account(struct collector *collector, const struct directory_entries *own,
                           const struct directory_entry *found[NAMESAKES_SHOWN])
{
    const struct account_options *options = collector->options;
    struct host_facts *host = &collector->facts->host;

    if (!options->is_host)
        return account_pick(&options->name, collector->root, own, found);
    found[0] = account_read_host(options, own, host);
    return host->count;
}

static void read_entries(struct collector *collector, struct directory_entries *entries)
{
    const struct account_options *options = collector->options;
    struct account_facts *facts = collector->facts;
    struct directory_entries own = own_entries(entries, collector->root->domain);
    const struct directory_entry *found[NAMESAKES_SHOWN] = {NULL};
    const struct directory_entry *account;

    facts->nameless = count_nameless(entries);
    facts->count = pick_account(collector, &own, found);
    account = found[0];
    if (!facts->count && options->name.form == FORM_DN && !options->ldap.base &&
        look_in_place(collector, entries)) {
        facts->count = 1;
        account = &entries->entries[entries->count - 1];
    }
    if (!belongs_here(collector, account))
        facts->count = 0;
    if (facts->count == 1)
        read_account(collector, entries, account);
    else if (facts->count > 1 && !options->is_host)
        read_namesakes(found, facts);
}

static void find_account(struct collector *collector)
{
    struct directory_entries entries = {0};

    if (collector->options->name.form == FORM_DN && !belongs_here(collector, NULL))
        return;
    collector->facts->searched = search(collector, &entries);
    if (collector->facts->searched)
        read_entries(collector, &entries);
    directory_entries_free(&entries);
}

static void name_server(const struct account_options *options, struct account_facts *facts)
{
    const struct directory_settings *settings = &options->ldap.settings;
    const char *name = facts->statistics.server;

    if (!*name && settings->server_count)
        name = settings->servers[0].host;
    else if (!*name && settings->domain)
        name = settings->domain;
    text_copy(facts->server, sizeof facts->server, name);
}

void account_collect(const struct account_options *options, struct directory_session *session,
                     const struct deadline *deadline, struct account_facts *facts)
{
    struct collector collector = {options, session, directory_root(session), facts,
                                  directory_statistics(session)->searches};

    (void)deadline; /* the session knows it */
    text_copy(facts->name, sizeof facts->name, options->is_host ? options->host : options->account);
    if (facts->problems[STEP_OPEN].kind == PROBLEM_NONE) {
        facts->now = collector.root->now;
        text_copy(facts->domain, sizeof facts->domain, collector.root->domain);
        facts->catalog = directory_is_catalog(directory_statistics(session)->port);
        find_account(&collector);
    }
    facts->statistics = *directory_statistics(session);
    name_server(options, facts);
}

void account_facts_free(struct account_facts *facts)
{
    account_token_free(&facts->groups);
    account_token_free(&facts->host.groups);
    descriptor_free(&facts->membership);
}
