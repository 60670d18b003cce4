/* check_ndes_account_collect.c - asks the directory: all the I/O of the check.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/check_ndes_account.h"

#include "common/base/text.h"
#include "common/directory/dn.h"

enum {
    PORT_CATALOG = 3268,
    PORT_CATALOG_TLS = 3269,
    FILTER_MAXIMUM = 1 << 16,
    ACCOUNTS_MAXIMUM = 1000
};

struct collector {
    const struct check_options *options;
    struct directory_session *session;
    const struct directory_root *root;
    struct check_facts *facts;
};

static bool is_catalog_port(int port)
{
    return port == PORT_CATALOG || port == PORT_CATALOG_TLS;
}

static bool asks_catalog(const struct ldap_settings *settings)
{
    return is_catalog_port(settings->server_count ? settings->servers[0].port
                                                  : settings->domain_port);
}

/* The domain of DOMAIN\user has to be looked up. If that is not allowed the account may still be
 * found. */
static void find_named_domain(struct collector *collector)
{
    struct check_facts *facts = collector->facts;
    char context[256];
    char dns[256];

    if (!account_domain(collector->session, &collector->options->name, context, sizeof context, dns,
                        sizeof dns, &facts->problems[STEP_DOMAIN]))
        return;
    if (!context[0])
        facts->home = DOMAIN_UNKNOWN;
    else if (!dn_equal(context, collector->root->domain))
        facts->home = DOMAIN_FOREIGN;
    text_copy(facts->home_name, sizeof facts->home_name, dns[0] ? dns : context);
}

/* Whether it makes sense to look for the account here. */
static bool find_home(struct collector *collector)
{
    const struct account_name *name = &collector->options->name;
    struct check_facts *facts = collector->facts;

    if (name->form == FORM_DOMAIN_NAME) {
        find_named_domain(collector);
    } else if (name->form == FORM_DN) {
        const char *domain = dn_domain(name->text);

        if (!dn_equal(domain, collector->root->domain))
            facts->home = DOMAIN_FOREIGN;
        text_copy(facts->home_name, sizeof facts->home_name, domain);
    }
    return facts->home == DOMAIN_OURS && !directory_is_fatal(facts->problems[STEP_DOMAIN].trouble);
}

/* One search for the account and all others that matter. */
static bool search(struct collector *collector, struct directory_entries *entries)
{
    const struct check_options *options = collector->options;
    struct check_facts *facts = collector->facts;
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
    if (options->base)
        query.base = options->base;
    else if (facts->catalog)
        query.base = ""; /* the whole forest */
    buffer_init(&filter, FILTER_MAXIMUM);
    buffer_add_text(&filter, "(|");
    account_filter(&options->name, &filter);
    add_other_filters(options, &filter);
    buffer_add_char(&filter, ')');
    query.filter = buffer_text(&filter);
    fine = filter.overflowed ? directory_fail(&facts->problems[STEP_ACCOUNT], DIRECTORY_SETTINGS,
                                              "the names are too long to be looked for")
                             : directory_search(collector->session, &query, entries,
                                                &facts->problems[STEP_ACCOUNT]);
    if (fine && entries->truncated)
        fine = directory_fail(&facts->problems[STEP_ACCOUNT], DIRECTORY_TOO_LARGE,
                              "more than %d accounts fit the names", ACCOUNTS_MAXIMUM);
    buffer_free(&filter);
    return fine;
}

/* A DN can be looked at in its place: what nothing is shown of is found by no filter, and the
 * directory may write the name otherwise. Adds the entry to the others. */
static bool look_in_place(struct collector *collector, struct directory_entries *entries)
{
    struct directory_problem *problem = &collector->facts->problems[STEP_OBJECT];
    struct directory_query query = {.what = "account by its DN",
                                    .base = collector->options->name.text,
                                    .scope = DIRECTORY_BASE,
                                    .filter = "(objectClass=*)",
                                    .attributes = account_attributes};
    size_t before = entries->count;

    directory_search(collector->session, &query, entries, problem);
    if (problem->trouble == DIRECTORY_NO_BASE) /* there is none */
        *problem = (struct directory_problem){0};
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

/* Writes down the first ones of several accounts of the name; changes their order. */
static void read_namesakes(struct collector *collector, struct directory_entries entries)
{
    struct check_facts *facts = collector->facts;

    for (size_t i = 0; i < facts->count && i < OTHERS_MAXIMUM; i++) {
        const struct directory_entry *found;
        struct directory_entry entry;
        size_t index;

        account_pick(&collector->options->name, collector->root, &entries, &found);
        index = (size_t)(found - entries.entries);
        entry = entries.entries[index];
        text_copy(facts->others[i].name, sizeof facts->others[i].name,
                  entry_text(&entry, "sAMAccountName"));
        text_copy(facts->others[i].dn, sizeof facts->others[i].dn, entry.dn);
        entries.entries[index] = entries.entries[0];
        entries.entries[0] = entry;
        entries.entries++;
        entries.count--;
    }
}

static void read_membership(const struct directory_entry *entry, struct check_facts *facts)
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
    int left = SEARCHES_MAXIMUM - directory_cost(collector->session)->searches;

    account_token(collector->session, entry, left, groups, &collector->facts->problems[step]);
}

/* The groups of the host first: what it may do matters more. */
static void find_groups(struct collector *collector, const struct directory_entry *account,
                        const struct directory_entry *host)
{
    struct check_facts *facts = collector->facts;

    if (host && facts->account.kind == ACCOUNT_GMSA)
        ask_groups(collector, host, STEP_HOST_GROUPS, &facts->host.groups);
    if (collector->options->posture &&
        !directory_is_fatal(facts->problems[STEP_HOST_GROUPS].trouble))
        ask_groups(collector, account, STEP_GROUPS, &facts->groups);
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
    const struct check_options *options = collector->options;
    struct check_facts *facts = collector->facts;
    const struct directory_entry *host = read_host(options, entries, &facts->host);

    account_read(account, &facts->account);
    facts->unreadable = !entry_value(account, "objectClass");
    if ((options->name.form == FORM_DN || options->name.form == FORM_SID) && facts->account.name[0])
        text_copy(facts->name, sizeof facts->name, facts->account.name);
    read_spns(options, entries, account, facts);
    read_membership(account, facts);
    if (!facts->unreadable)
        find_groups(collector, account, host);
}

static void find_account(struct collector *collector)
{
    const struct account_name *name = &collector->options->name;
    struct check_facts *facts = collector->facts;
    struct directory_entries entries = {0};
    struct directory_entries own;
    const struct directory_entry *account;

    if (search(collector, &entries)) {
        facts->searched = true;
        facts->nameless = count_nameless(&entries);
        own = own_entries(&entries, collector->root->domain);
        facts->count = account_pick(name, collector->root, &own, &account);
        if (!facts->count && name->form == FORM_DN && !collector->options->base &&
            look_in_place(collector, &entries)) {
            facts->count = 1;
            account = &entries.entries[entries.count - 1];
        }
        if (facts->count == 1)
            read_account(collector, &entries, account);
        else
            read_namesakes(collector, own);
    }
    directory_entries_free(&entries);
}

static void name_server(const struct check_options *options, struct check_facts *facts)
{
    const struct ldap_settings *settings = &options->ldap.settings;
    const char *name = facts->cost.server;

    if (!*name && settings->server_count)
        name = settings->servers[0].host;
    else if (!*name && settings->domain)
        name = settings->domain;
    text_copy(facts->server, sizeof facts->server, name);
}

void collect(const struct check_options *options, struct directory_session *session,
             const struct directory_problem *opened, struct check_facts *facts)
{
    struct collector collector = {options, session, directory_root(session), facts};

    facts->problems[STEP_OPEN] = *opened;
    text_copy(facts->name, sizeof facts->name, options->account);
    if (opened->trouble == DIRECTORY_FINE) {
        facts->now = collector.root->now;
        text_copy(facts->domain, sizeof facts->domain, collector.root->domain);
        facts->catalog = asks_catalog(&options->ldap.settings);
        if (find_home(&collector))
            find_account(&collector);
    }
    facts->cost = *directory_cost(session);
    name_server(options, facts);
}

void facts_free(struct check_facts *facts)
{
    account_token_free(&facts->groups);
    account_token_free(&facts->host.groups);
    descriptor_free(&facts->membership);
}
