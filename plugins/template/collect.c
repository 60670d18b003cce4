/* collect.c - asks a domain controller for templates, CAs and the account.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/template/template.h"

#include "common/base/text.h"

enum { GROUP_SEARCHES = 2 };

#define PUBLIC_KEY_SERVICES "CN=Public Key Services,CN=Services"

/* Runs a search. Returns false if nothing more can be asked; `problem` also tells lesser failures.
 */
static bool ask(struct directory_session *session, const struct directory_query *query,
                struct directory_entries *entries, struct template_facts *facts,
                struct problem *problem)
{
    if (directory_search(session, query, entries, problem) || !problem_is_fatal(problem->kind))
        return true;
    facts->fatal = *problem;
    return false;
}

static bool ask_pki(const struct template_options *options, struct directory_session *session,
                    struct template_facts *facts)
{
    struct directory_query query = {.what = "certificate templates and CAs",
                                    .scope = DIRECTORY_SUBTREE,
                                    .attributes = template_pki_attributes,
                                    .descriptors = true};
    struct directory_entries entries = {0};
    struct buffer filter;
    char base[320];
    bool goes_on;

    buffer_init(&filter, 65536);
    template_pki_filter(options, &filter);
    text_format(base, sizeof base, PUBLIC_KEY_SERVICES ",%s",
                directory_root(session)->configuration);
    query.base = base;
    query.filter = buffer_text(&filter);
    if (filter.overflowed)
        goes_on =
            problem_set(&facts->problem, PROBLEM_SETTINGS, "the names are too long to search for");
    else
        goes_on = ask(session, &query, &entries, facts, &facts->problem);
    facts->looked = facts->problem.kind == PROBLEM_NONE;
    if (facts->looked)
        template_pki_read(options, &entries, facts);
    directory_entries_free(&entries);
    buffer_free(&filter);
    return goes_on;
}

/* The names that there are, if one was not found. The filter is one that needs no right to read an
 * attribute, so that what is hidden is told from what does not exist. */
static bool ask_names(const struct template_options *options, struct directory_session *session,
                      struct template_facts *facts)
{
    struct directory_query query = {.what = "names of all certificate templates and CAs",
                                    .scope = DIRECTORY_SUBTREE,
                                    .filter = "(objectClass=*)",
                                    .attributes = template_names_attributes};
    struct directory_entries entries = {0};
    char base[320];
    bool goes_on;

    if (!facts->looked || !template_names_wanted(options, facts))
        return true;
    text_format(base, sizeof base, PUBLIC_KEY_SERVICES ",%s",
                directory_root(session)->configuration);
    query.base = base;
    goes_on = ask(session, &query, &entries, facts, &facts->names_problem);
    template_names_read(options, &entries, facts);
    directory_entries_free(&entries);
    return goes_on;
}

/* Whether the account belongs to the domain of the domain controller that is asked. `found` is its
 * entry, NULL if there is none. */
static bool belongs_here(const struct template_options *options, struct directory_session *session,
                         const struct directory_entry *found, struct template_facts *facts)
{
    static const enum account_visibility visibilities[] = {[HOME_ELSEWHERE] = ACCOUNT_ELSEWHERE,
                                                           [HOME_NOWHERE] = ACCOUNT_NO_DOMAIN,
                                                           [HOME_UNCLEAR] = ACCOUNT_UNCLEAR};
    struct enrollee_facts *about = &facts->account;
    enum account_home home;

    if (!account_home(session, &options->account_name, found, &home, about->dns, sizeof about->dns,
                      &about->problem)) {
        if (found && !problem_is_fatal(about->problem.kind)) {
            about->problem = (struct problem){0};
            return true;
        }
        about->visibility = ACCOUNT_NOT_LOOKED_FOR;
        if (problem_is_fatal(about->problem.kind))
            facts->fatal = about->problem;
        return false;
    }
    if (home != HOME_HERE)
        about->visibility = visibilities[home];
    return home == HOME_HERE;
}

static void read_account(struct directory_session *session, const struct directory_entry *entry,
                         struct template_facts *facts)
{
    struct enrollee_facts *about = &facts->account;
    struct account account;

    account_read(entry, &account);
    text_copy(about->name, sizeof about->name, account.name);
    about->sid = account.sid;
    about->visibility = account.sid.length ? ACCOUNT_FOUND : ACCOUNT_HIDDEN;
    if (about->visibility == ACCOUNT_HIDDEN)
        return;
    if (account_token(session, entry, GROUP_SEARCHES, &about->token, &about->token_problem))
        return;
    about->token.token.complete = false;
    if (!problem_is_fatal(about->token_problem.kind))
        return;
    about->visibility = ACCOUNT_NOT_LOOKED_FOR;
    facts->fatal = about->token_problem;
}

static void read_namesakes(const struct directory_entry *const found[NAMESAKES_SHOWN],
                           struct enrollee_facts *about)
{
    for (size_t i = 0; i < NAMESAKES_SHOWN && found[i]; i++)
        text_copy(about->namesakes[i], sizeof about->namesakes[i], found[i]->dn);
}

/* Asks for what the name may be; an object of which nothing is shown is found by its DN only. */
static bool search_account(const struct template_options *options,
                           struct directory_session *session, struct directory_entries *entries,
                           struct template_facts *facts)
{
    struct enrollee_facts *about = &facts->account;
    bool by_dn = options->account_name.form == FORM_DN;
    struct directory_query query = {.what = "account",
                                    .base = by_dn ? options->account_name.text : about->base,
                                    .scope = by_dn ? DIRECTORY_BASE : DIRECTORY_SUBTREE,
                                    .attributes = account_attributes};
    struct buffer filter;
    bool goes_on;

    buffer_init(&filter, 8192);
    if (by_dn)
        buffer_add_text(&filter, "(objectClass=*)");
    else
        account_filter(&options->account_name, &filter);
    query.filter = buffer_text(&filter);
    goes_on = ask(session, &query, entries, facts, &about->problem);
    if (by_dn && about->problem.kind == PROBLEM_NO_BASE) /* there is none */
        about->problem = (struct problem){0};
    buffer_free(&filter);
    return goes_on && about->problem.kind == PROBLEM_NONE;
}

static size_t pick_account(const struct template_options *options,
                           const struct directory_session *session,
                           const struct directory_entries *entries,
                           const struct directory_entry *found[NAMESAKES_SHOWN])
{
    if (options->account_name.form != FORM_DN)
        return account_pick(&options->account_name, directory_root(session), entries, found);
    if (!entries->count)
        return 0;
    found[0] = &entries->entries[0];
    return 1;
}

static void ask_account(const struct template_options *options, struct directory_session *session,
                        struct template_facts *facts)
{
    struct enrollee_facts *about = &facts->account;
    struct directory_entries entries = {0};
    const struct directory_entry *found[NAMESAKES_SHOWN] = {NULL};

    text_copy(about->base, sizeof about->base,
              options->ldap.base ? options->ldap.base : directory_root(session)->domain);
    if (options->account_name.form == FORM_DN && !belongs_here(options, session, NULL, facts))
        return;
    if (search_account(options, session, &entries, facts)) {
        about->count = pick_account(options, session, &entries, found);
        about->visibility = about->count ? ACCOUNT_AMBIGUOUS : ACCOUNT_MISSING;
        if (belongs_here(options, session, found[0], facts)) {
            if (about->count == 1)
                read_account(session, found[0], facts);
            else
                read_namesakes(found, about);
        }
    }
    directory_entries_free(&entries);
}

static void read_trustee(const struct directory_entry *entry, struct template_facts *facts)
{
    const struct directory_value *sid = entry_value(entry, "objectSid");
    struct trustee_name *trustee = &facts->trustees[facts->trustee_count];
    const char *name = entry_text(entry, "msDS-PrincipalName");
    int64_t marked;

    if (!*name)
        name = entry_text(entry, "sAMAccountName");
    if (facts->trustee_count == TRUSTEES_MAXIMUM || !*name || !sid ||
        !sid_read(sid->bytes, sid->length, &trustee->sid))
        return;
    text_copy(trustee->name, sizeof trustee->name, name);
    trustee->administrator = entry_integer(entry, "adminCount", &marked) && marked > 0;
    facts->trustee_count++;
}

/* Adds one that has no well-known name and is not the account itself, unless it is there. */
static void add_trustee(const struct template_facts *facts, const struct sid *sid,
                        struct sid trustees[TRUSTEES_MAXIMUM], size_t *count)
{
    for (size_t i = 0; i < *count; i++)
        if (sid_equal(&trustees[i], sid))
            return;
    if (*count < TRUSTEES_MAXIMUM && sid->length && !sid_name(sid) &&
        !sid_equal(sid, &facts->account.sid))
        trustees[(*count)++] = *sid;
}

/* Everybody whom the permissions of the templates name, and their owners. */
static size_t find_trustees(const struct template_options *options,
                            const struct template_facts *facts,
                            struct sid trustees[TRUSTEES_MAXIMUM])
{
    size_t count = 0;

    for (size_t i = 0; i < options->wanted_count; i++) {
        const struct certificate_template *template = &facts->templates[i].template;
        const struct descriptor *descriptor = &template->descriptor;

        if (!facts->templates[i].found || !template->has_descriptor || template->descriptor_problem)
            continue;
        add_trustee(facts, &descriptor->owner, trustees, &count);
        for (size_t n = 0; n < descriptor->ace_count; n++)
            add_trustee(facts, &descriptor->aces[n].trustee, trustees, &count);
    }
    return count;
}

/* Names for the SIDs that the report may mention, and which of them are administrators. Without
 * them it says too much rather than too little, so that a failure does not count. */
static void ask_trustees(const struct template_options *options, struct directory_session *session,
                         struct template_facts *facts)
{
    static const char *const attributes[] = {"objectSid", "sAMAccountName", "msDS-PrincipalName",
                                             "adminCount", NULL};
    struct directory_query query = {.what = "names of SIDs",
                                    .base = directory_root(session)->domain,
                                    .scope = DIRECTORY_SUBTREE,
                                    .attributes = attributes};
    struct directory_entries entries = {0};
    struct problem problem = {0};
    struct sid trustees[TRUSTEES_MAXIMUM];
    size_t count = find_trustees(options, facts, trustees);
    struct buffer filter;

    if (!count)
        return;
    buffer_init(&filter, 16384);
    buffer_add_text(&filter, "(|");
    for (size_t i = 0; i < count; i++) {
        buffer_add_text(&filter, "(objectSid=");
        directory_quote_bytes(&filter, trustees[i].bytes, trustees[i].length);
        buffer_add_char(&filter, ')');
    }
    buffer_add_char(&filter, ')');
    query.filter = buffer_text(&filter);
    directory_search(session, &query, &entries, &problem);
    for (size_t i = 0; i < entries.count; i++)
        read_trustee(&entries.entries[i], facts);
    directory_entries_free(&entries);
    buffer_free(&filter);
}

void template_collect(const struct template_options *options, struct directory_session *session,
                      const struct deadline *deadline, struct template_facts *facts)
{
    (void)deadline; /* the session knows it */
    facts->now = directory_root(session)->now;
    if (ask_pki(options, session, facts) && ask_names(options, session, facts)) {
        ask_account(options, session, facts);
        if (facts->fatal.kind == PROBLEM_NONE)
            ask_trustees(options, session, facts);
    }
    facts->statistics = *directory_statistics(session);
}

void template_facts_free(struct template_facts *facts)
{
    for (size_t i = 0; i < WANTED_MAXIMUM; i++)
        template_free(&facts->templates[i].template);
    account_token_free(&facts->account.token);
}
