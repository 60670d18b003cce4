/* judge_identity.c - who the pool runs as, and whether that is the right account.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/apppool/apppool.h"

#include <string.h>

#include "common/base/text.h"
#include "common/cim/verdict.h"

/* Names of the built-in identities: those of IIS first, then those that Windows shows. */
static const struct {
    enum identity_type type;
    const char *name;
} built_in[] = {
    {IDENTITY_LOCAL_SYSTEM, "LocalSystem"},
    {IDENTITY_LOCAL_SERVICE, "LocalService"},
    {IDENTITY_NETWORK_SERVICE, "NetworkService"},
    {IDENTITY_POOL, "ApplicationPoolIdentity"},
    {IDENTITY_LOCAL_SYSTEM, "NT AUTHORITY\\SYSTEM"},
    {IDENTITY_LOCAL_SERVICE, "NT AUTHORITY\\LOCAL SERVICE"},
    {IDENTITY_LOCAL_SERVICE, "NT AUTHORITY\\LocalService"},
    {IDENTITY_NETWORK_SERVICE, "NT AUTHORITY\\NETWORK SERVICE"},
    {IDENTITY_NETWORK_SERVICE, "NT AUTHORITY\\NetworkService"},
};

#define POOL_DOMAIN "IIS APPPOOL\\"

/* IDENTITY_SPECIFIC_USER if the account is none of the built-in ones. */
static enum identity_type type_of_account(const char *account, const char *pool)
{
    for (size_t i = 0; i < COUNT_OF(built_in); i++)
        if (text_equal(account, built_in[i].name))
            return built_in[i].type;
    if (text_starts(account, POOL_DOMAIN) && text_equal(account + strlen(POOL_DOMAIN), pool))
        return IDENTITY_POOL;
    return IDENTITY_SPECIFIC_USER;
}

void apppool_identity_text(const struct identity_facts *identity, char *target, size_t size)
{
    text_copy(target, size, identity->type == IDENTITY_SPECIFIC_USER ? identity->user : "");
    for (size_t i = 0; i < COUNT_OF(built_in); i++) {
        if (built_in[i].type == identity->type) {
            text_copy(target, size, built_in[i].name);
            return;
        }
    }
}

/* How the domain is named: not, as EXAMPLE, or as example.com. */
enum account_form { ACCOUNT_PLAIN, ACCOUNT_NETBIOS, ACCOUNT_DNS };

/* An account's name in its parts. */
struct account {
    enum account_form form;
    char user[256];
    char domain[256];
};

/* The `$` at the end of a gMSA's name is often left out, so it does not count. */
static struct account parse_account(const char *text)
{
    struct account account = {.form = ACCOUNT_PLAIN};
    const char *backslash = strchr(text, '\\');
    const char *at = backslash ? NULL : strrchr(text, '@');
    size_t length;

    if (backslash) {
        text_copy_bytes(account.domain, sizeof account.domain, text, (size_t)(backslash - text));
        /* a dot alone stands for the server itself */
        account.form = strchr(account.domain, '.') && !text_equal(account.domain, ".")
                           ? ACCOUNT_DNS
                           : ACCOUNT_NETBIOS;
        text_copy(account.user, sizeof account.user, backslash + 1);
    } else if (at) {
        account.form = ACCOUNT_DNS;
        text_copy_bytes(account.user, sizeof account.user, text, (size_t)(at - text));
        text_copy(account.domain, sizeof account.domain, at + 1);
    } else {
        text_copy(account.user, sizeof account.user, text);
    }
    length = strlen(account.user);
    if (length > 1 && account.user[length - 1] == '$')
        account.user[length - 1] = '\0';
    return account;
}

bool apppool_identity_matches(const struct identity_facts *identity, const char *pool,
                              const char *account)
{
    enum identity_type wanted_type = type_of_account(account, pool);
    enum identity_type seen_type = identity->type;
    struct account wanted;
    struct account seen;

    if (seen_type == IDENTITY_SPECIFIC_USER)
        seen_type = type_of_account(identity->user, pool);
    if (wanted_type != IDENTITY_SPECIFIC_USER || seen_type != IDENTITY_SPECIFIC_USER)
        return wanted_type == seen_type;
    wanted = parse_account(account);
    seen = parse_account(identity->user);
    /* The domain of EXAMPLE\user and that of user@example.com cannot be compared. */
    return text_equal(wanted.user, seen.user) &&
           (wanted.form != seen.form || text_equal(wanted.domain, seen.domain));
}

/* Says why the identity was not seen, by the source that is nearest to it. */
static void judge_unseen(const struct apppool_facts *facts, struct report *report)
{
    const struct source_facts *metabase = &facts->sources[SOURCE_METABASE];
    const struct source_facts *model = &facts->sources[SOURCE_MODEL];
    const struct source_facts *pools = &facts->sources[SOURCE_POOLS];
    const struct problem *problem = &metabase->problem;

    if (model->problem.kind != PROBLEM_NONE)
        problem = &model->problem;
    else if (pools->problem.kind != PROBLEM_NONE && pools->problem.kind != PROBLEM_NO_NAMESPACE)
        problem = &pools->problem;
    if (problem->kind != PROBLEM_NONE)
        cim_judge_problem(report, "identity of the pool (--identity)", problem);
    else
        report_find(
            report, NDES_CIM_RIGHTS,
            "the identity of the pool is not visible" DETAIL
            " (--identity): neither %s nor %s shows it; needs read access to the IIS configuration",
            apppool_source_name(SOURCE_METABASE), apppool_source_name(SOURCE_MODEL));
}

void apppool_judge_identity(const struct apppool_options *options,
                            const struct apppool_facts *facts, struct report *report)
{
    char seen[256];

    apppool_identity_text(&facts->identity, seen, sizeof seen);
    if (!options->identity) {
        if (seen[0])
            report_note(report, 1, "identity: %s", seen);
    } else if (!seen[0]) {
        judge_unseen(facts, report);
    } else if (!apppool_identity_matches(&facts->identity, options->pool, options->identity)) {
        report_find(report, NDES_POOL_WRONGID, "pool %s runs as %s, wanted %s", options->pool, seen,
                    options->identity);
    } else {
        report_note(report, 1, "[OK] identity: %s", seen);
    }
}
