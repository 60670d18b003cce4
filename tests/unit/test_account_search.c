/* test_account_search.c - tests of what common/directory/account.h asks: the groups of an account,
 * and where its domain is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "account_server.h"
#include "common/directory/account.h"

#define SVC "CN=svc (x),OU=NDES," DOMAIN
#define IN_CHAIN "member:1.2.840.113556.1.4.1941:"
#define OWN "S-1-5-21-1-2-3-1104"
#define USERS "S-1-5-21-1-2-3-513"
#define ENROLL "S-1-5-21-1-2-3-1200"
#define OLD "S-1-5-21-9-9-9-1104"

static struct directory_entries found;
static struct account_token token;
static struct problem problem;

static int start(void **state)
{
    (void)state;
    server_start();
    server_object(SVC);
    server_value("sAMAccountName", "svc");
    server_sid("objectSid", OWN);
    server_sid("sIDHistory", OLD);
    server_value("primaryGroupID", "513");
    return 0;
}

static int end(void **state)
{
    (void)state;
    server_end();
    directory_entries_free(&found);
    account_token_free(&token);
    token = (struct account_token){0};
    return 0;
}

/* The account's entry, as the search for it returns it. */
static const struct directory_entry *find_entry(void)
{
    struct directory_query query = {.what = "account",
                                    .base = SVC,
                                    .scope = DIRECTORY_BASE,
                                    .filter = "(objectClass=*)",
                                    .attributes = account_attributes};

    directory_entries_free(&found);
    assert_true(directory_search(NULL, &query, &found, &problem));
    assert_int_equal(found.count, 1);
    server_search_count = 0;
    return &found.entries[0];
}

static bool ask(void)
{
    problem = (struct problem){.kind = PROBLEM_FAULT};
    return account_token(NULL, find_entry(), 2, &token, &problem);
}

static bool has(const char *text)
{
    struct sid sid;

    assert_true(sid_parse(text, &sid));
    return token_has(&token.token, &sid);
}

static void test_token_groups(void **state)
{
    (void)state;
    server_sid("tokenGroups", ENROLL);
    server_sid("tokenGroups", "S-1-5-32-545");
    assert_true(ask());
    assert_int_equal(problem.kind, PROBLEM_NONE);
    assert_int_equal(server_search_count, 1);
    assert_string_equal(server_searches[0].base, SVC);
    assert_int_equal(server_searches[0].scope, DIRECTORY_BASE);
    assert_true(token.token.complete);
    assert_int_equal(token.source, GROUPS_BY_TOKEN);
    assert_true(has(OWN) && has(OLD) && has(USERS) && has(ENROLL) && has("S-1-5-32-545"));
    assert_true(has("S-1-1-0") && has("S-1-5-2") && has("S-1-5-11") && has("S-1-5-15"));
    assert_int_equal(token.token.count, 9);
}

static void test_damaged_group(void **state)
{
    (void)state;
    server_sid("tokenGroups", ENROLL);
    server_value("tokenGroups", "no SID");
    assert_true(ask());
    assert_false(token.token.complete);
    assert_true(has(ENROLL));
}

/* More groups than the directory gives at once. */
static void test_partial(void **state)
{
    (void)state;
    server_sid("tokenGroups;range=0-0", ENROLL);
    assert_true(ask());
    assert_false(token.token.complete);
    assert_int_equal(token.source, GROUPS_BY_TOKEN);
    assert_true(has(ENROLL));
}

static void test_by_chain(void **state)
{
    (void)state;
    server_object("CN=enroll," DOMAIN);
    server_sid("objectSid", ENROLL);
    server_value(IN_CHAIN, SVC);
    assert_true(ask());
    assert_int_equal(server_search_count, 2);
    assert_string_equal(server_searches[1].filter,
                        "(" IN_CHAIN "=CN=svc \\28x\\29,OU=NDES,DC=example,DC=com)");
    assert_string_equal(server_searches[1].base, DOMAIN);
    assert_int_equal(token.source, GROUPS_BY_CHAIN);
    assert_true(token.hidden);
    assert_false(token.token.complete);
    assert_true(has(ENROLL) && has(USERS));
}

/* tokenGroups that may not be asked for is as good as hidden. */
static void test_chain_after_failure(void **state)
{
    (void)state;
    server_object("CN=enroll," DOMAIN);
    server_sid("objectSid", ENROLL);
    server_value(IN_CHAIN, SVC);
    find_entry();
    server_fail(1, PROBLEM_DENIED);
    assert_true(account_token(NULL, &found.entries[0], 2, &token, &problem));
    assert_int_equal(problem.kind, PROBLEM_NONE);
    assert_int_equal(server_search_count, 2);
    assert_int_equal(token.source, GROUPS_BY_CHAIN);
    assert_true(token.hidden);
    assert_true(has(ENROLL));
}

static void test_failures(void **state)
{
    (void)state;
    find_entry();
    server_fail(1, PROBLEM_BROKEN);
    assert_false(account_token(NULL, &found.entries[0], 2, &token, &problem));
    assert_int_equal(problem.kind, PROBLEM_BROKEN);
    assert_int_equal(server_search_count, 1);
    account_token_free(&token);
    server_search_count = 0;
    server_fail(2, PROBLEM_LIMIT);
    assert_false(account_token(NULL, &found.entries[0], 2, &token, &problem));
    assert_int_equal(problem.kind, PROBLEM_LIMIT);
    assert_int_equal(server_search_count, 2);
}

static void test_hidden_sid(void **state)
{
    (void)state;
    server_hide("objectSid");
    assert_false(ask());
    assert_int_equal(problem.kind, PROBLEM_NONE);
    assert_int_equal(server_search_count, 0);
    assert_false(account_token(NULL, find_entry(), 0, &token, &problem));
}

/* tokenGroups is hidden, and no search is left. */
static void test_hidden_at_last(void **state)
{
    (void)state;
    assert_true(account_token(NULL, find_entry(), 1, &token, &problem));
    assert_int_equal(problem.kind, PROBLEM_NONE);
    assert_int_equal(server_search_count, 1);
    assert_int_equal(token.source, GROUPS_BY_NAME);
    assert_true(token.hidden);
    assert_false(token.token.complete);
}

static void test_unasked(void **state)
{
    (void)state;
    server_value("memberOf", "CN=Domain Admins,OU=moved," DOMAIN);
    server_value("memberOf", "CN=Backup Operators,CN=Builtin," DOMAIN);
    server_value("memberOf", "CN=Print Operators,OU=office," DOMAIN);
    server_value("memberOf", "CN=Schema Admins 2,CN=Users," DOMAIN);
    server_value("memberOf", "CN=Enterprise Admins,CN=Users,DC=other,DC=com");
    server_value("memberOf", "CN=Server Operators,CN=Builtin,DC=other,DC=com");
    assert_true(account_token(NULL, find_entry(), 0, &token, &problem));
    assert_int_equal(server_search_count, 0);
    assert_false(token.token.complete);
    assert_true(has(OWN) && has(OLD) && has(USERS) && has("S-1-1-0"));
    assert_true(has("S-1-5-21-1-2-3-512") && has("S-1-5-32-551"));
    assert_int_equal(token.token.count, 9);
}

/* A primary group that is no RID, or of an account that is of no domain, is left out. */
static void test_primary_group(void **state)
{
    (void)state;
    server_hide("primaryGroupID");
    server_value("primaryGroupID", "4294967296");
    assert_true(account_token(NULL, find_entry(), 0, &token, &problem));
    assert_int_equal(token.token.count, 6);
    account_token_free(&token);
    directory_entries_free(&found);
    server_hide("objectSid");
    server_sid("objectSid", "S-1-5-32-545");
    assert_true(account_token(NULL, find_entry(), 0, &token, &problem));
    assert_int_equal(token.token.count, 6);
}

/* Each of them once, and those of a domain only if it is known. */
static void test_admin_groups(void **state)
{
    struct sid domain;
    struct sid group;
    size_t count = 0;

    (void)state;
    assert_true(sid_parse("S-1-5-21-1-2-3", &domain));
    for (; account_admin_group(&domain, count, &group); count++) {
        assert_non_null(sid_name(&group));
        assert_int_equal(sid_is_domain(&group), count >= 5);
    }
    assert_int_equal(count, 10);
    domain.length = 0;
    assert_true(account_admin_group(&domain, 4, &group));
    assert_false(account_admin_group(&domain, 5, &group));
}

static enum account_home home;
static char home_name[64];

static bool find_home(const char *text, const struct directory_entry *entry)
{
    struct account_name name;

    server_search_count = 0;
    assert_null(account_name_parse(text, &name));
    return account_home(NULL, &name, entry, &home, home_name, sizeof home_name, &problem);
}

static void assert_home(const char *text, const struct directory_entry *entry,
                        enum account_home expected, const char *domain, size_t searches)
{
    assert_true(find_home(text, entry));
    assert_int_equal(problem.kind, PROBLEM_NONE);
    assert_int_equal(home, expected);
    assert_string_equal(home_name, domain);
    assert_int_equal(server_search_count, searches);
}

static void test_home(void **state)
{
    const struct directory_entry *entry;

    (void)state;
    server_value("msDS-PrincipalName", "NDESTEST\\svc");
    server_object("CN=X,CN=Partitions,CN=Configuration," DOMAIN);
    server_value("nETBIOSName", "X");
    server_value("nCName", "DC=x,DC=com");
    server_value("dnsRoot", "x.com");
    entry = find_entry();
    assert_home("svc", NULL, HOME_HERE, "", 0);
    assert_home("svc.x", NULL, HOME_HERE, "", 0);
    assert_home("NDESTEST\\svc", entry, HOME_HERE, "", 0);
    assert_home("NDESTES\\svc", entry, HOME_NOWHERE, "", 1);
    assert_home("NDESTEST\\svc", NULL, HOME_NOWHERE, "", 1);
    assert_home("X\\svc", entry, HOME_ELSEWHERE, "x.com", 1);
    assert_home("x.com\\svc", NULL, HOME_ELSEWHERE, "x.com", 1);
    assert_home("Example.com\\svc", NULL, HOME_HERE, "", 0);
    assert_home("CN=a,DC=example,DC=com", NULL, HOME_HERE, "", 0);
    assert_home("CN=a,DC=x,DC=example,DC=com", NULL, HOME_ELSEWHERE, "DC=x,DC=example,DC=com", 0);
    assert_home("svc@x.com", entry, HOME_HERE, "", 0);
    assert_home("svc@x.com", NULL, HOME_UNCLEAR, "x.com", 0);
    assert_home("svc@EXAMPLE.com", NULL, HOME_HERE, "", 0);
    assert_home(OWN, entry, HOME_HERE, "", 0);
    assert_home("S-1-5-32-544", NULL, HOME_HERE, "", 0);
}

static void test_home_of_sid(void **state)
{
    (void)state;
    assert_home(OWN, NULL, HOME_UNCLEAR, "S-1-5-21-1-2-3", 1); /* the domain is not shown */
    server_object(DOMAIN);
    assert_home(OWN, NULL, HOME_UNCLEAR, "S-1-5-21-1-2-3", 1);
    server_sid("objectSid", "S-1-5-21-1-2-3");
    assert_home(OWN, NULL, HOME_HERE, "", 1);
    assert_string_equal(server_searches[0].base, DOMAIN);
    assert_int_equal(server_searches[0].scope, DIRECTORY_BASE);
    assert_home("S-1-5-21-1-2-4-1104", NULL, HOME_ELSEWHERE, "S-1-5-21-1-2-4", 1);
    server_fail(1, PROBLEM_DENIED);
    assert_false(find_home(OWN, NULL));
    assert_int_equal(problem.kind, PROBLEM_DENIED);
    assert_int_equal(home, HOME_UNCLEAR);
    assert_false(find_home("X\\svc", NULL));
    assert_int_equal(home, HOME_UNCLEAR);
    assert_string_equal(home_name, "");
    assert_false(find_home("X\\svc", find_entry()));
}

static void test_domain(void **state)
{
    (void)state;
    server_object("CN=X,CN=Partitions,CN=Configuration," DOMAIN);
    server_value("nETBIOSName", "NDESTEST");
    server_value("nCName", "DC=x,DC=com");
    server_value("dnsRoot", "x.com");
    assert_home("ndestest\\svc", NULL, HOME_ELSEWHERE, "x.com", 1);
    assert_string_equal(server_searches[0].base, "CN=Partitions,CN=Configuration," DOMAIN);
    assert_string_equal(server_searches[0].filter,
                        "(&(nETBIOSName=*)(|(nETBIOSName=ndestest)(dnsRoot=ndestest)))");
    assert_int_equal(server_searches[0].scope, DIRECTORY_ONE_LEVEL);
    assert_home("Y*\\svc", NULL, HOME_NOWHERE, "", 1);
    assert_true(server_was_asked("(nETBIOSName=Y\\2a)"));
    server_hide("dnsRoot");
    assert_home("NDESTEST\\svc", NULL, HOME_ELSEWHERE, "DC=x,DC=com", 1);
    server_hide("nCName");
    assert_false(find_home("NDESTEST\\svc", NULL));
    assert_int_equal(problem.kind, PROBLEM_HIDDEN);
    server_fail(1, PROBLEM_NO_BASE);
    assert_false(find_home("NDESTEST\\svc", NULL));
    assert_int_equal(problem.kind, PROBLEM_NO_BASE);
}

static void test_too_many_domains(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        server_object("CN=X,CN=Partitions,CN=Configuration," DOMAIN);
        server_value("nETBIOSName", "X");
        server_value("nCName", "DC=x");
    }
    assert_home("X\\svc", NULL, HOME_ELSEWHERE, "DC=x", 1);
    server_object("CN=X,CN=Partitions,CN=Configuration," DOMAIN);
    server_value("nETBIOSName", "X");
    assert_false(find_home("X\\svc", NULL));
    assert_int_equal(problem.kind, PROBLEM_TOO_LARGE);
}

#define ASKING(test) cmocka_unit_test_setup_teardown(test, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ASKING(test_token_groups),  ASKING(test_damaged_group),  ASKING(test_partial),
        ASKING(test_by_chain),      ASKING(test_hidden_at_last), ASKING(test_chain_after_failure),
        ASKING(test_failures),      ASKING(test_hidden_sid),     ASKING(test_unasked),
        ASKING(test_primary_group), ASKING(test_domain),         ASKING(test_too_many_domains),
        ASKING(test_admin_groups),  ASKING(test_home),           ASKING(test_home_of_sid),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
