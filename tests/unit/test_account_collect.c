/* test_account_collect.c - tests of what check_ndes_account asks, with how many searches, and what
 * it takes from the answers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "account_directory.h"
#include "common/base/text.h"
#include "judging.h"

static void test_user(void **state)
{
    (void)state;
    give_spns("ndes.example.com", "WSMAN/ndes*");
    ask();
    assert_int_equal(server_cost.searches, 4);
    assert_string_equal(facts.name, NAME);
    assert_string_equal(facts.server, "dc1.example.com:389");
    assert_string_equal(facts.domain, DOMAIN);
    assert_true(facts.now == SERVER_NOW);
    assert_int_equal(facts.home, HOME_HERE);
    assert_int_equal(facts.count, 1);
    assert_string_equal(facts.account.dn, SVC);
    assert_int_equal(facts.account.kind, ACCOUNT_USER);
    assert_int_equal(facts.account.password_end, FILETIME_NEVER);
    assert_int_equal(facts.groups.source, GROUPS_BY_TOKEN);
    assert_int_equal(facts.spn_count, 2);
    assert_string_equal(facts.spns[0].name, "HTTP/ndes.example.com");
    assert_true(facts.spns[0].own);
    assert_int_equal(facts.spns[0].other_count, 0);
    assert_string_equal(facts.spns[1].name, "WSMAN/ndes*");
    assert_false(facts.spns[1].own);
    assert_string_equal(server_searches[0].base, DOMAIN);
    assert_int_equal(server_searches[0].scope, DIRECTORY_SUBTREE);
    assert_string_equal(server_searches[0].filter,
                        "(|(|(sAMAccountName=svc-ndes)(sAMAccountName=svc-ndes$))"
                        "(servicePrincipalName=HTTP/ndes.example.com)"
                        "(servicePrincipalName=WSMAN/ndes\\2a))");
    assert_string_equal(server_searches[1].base, "CN=Partitions,CN=Configuration," DOMAIN);
    assert_string_equal(server_searches[2].base, SVC);
    assert_int_equal(facts.statistics.searches, 4);
}

/* No more than what is needed. */
static void test_frugal(void **state)
{
    (void)state;
    set_account("svc-ndes");
    options.posture = false;
    ask();
    assert_int_equal(server_cost.searches, 2);
    assert_int_equal(facts.count, 1);
    assert_int_equal(facts.groups.source, GROUPS_NOT_ASKED);
    options.ldap.base = "OU=NDES," DOMAIN;
    options.host = "ndes01"; /* of no use for a user */
    ask();
    assert_int_equal(server_cost.searches, 2);
    assert_string_equal(server_searches[0].base, options.ldap.base);
    judge_anew();
    assert_findings(0);
}

/* Every form of the name, with and without --ndes-host and posture: 4 searches at most, and
 * healthy. */
static void test_budget(void **state)
{
    static const char *const accounts[] = {
        "svc-ndes",  "NDESTEST\\svc-ndes",  "svc-ndes@example.com",   SVC,  DOMAIN_SID "1104",
        "gmsa-ndes", "NDESTEST\\gmsa-ndes", "gmsa-ndes$@EXAMPLE.com", GMSA, DOMAIN_SID "1105",
        "NDES01$",   "example.com\\NDES01", "ndes01@example.com",     HOST, DOMAIN_SID "2001"};
    static const char *const hosts[] = {NULL, "ndes01", "NDES01$", "ndes01.example.com",
                                        "NDESTEST\\NDES01$"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(accounts); i++) {
        for (size_t n = 0; n < 2 * COUNT_OF(hosts); n++) {
            set_account(accounts[i]);
            options.host = hosts[n / 2];
            options.posture = n % 2;
            ask();
            if (facts.count != 1 || server_cost.searches > 4)
                fail_msg("%s, --ndes-host=%s: %d searches", accounts[i], options.host,
                         server_cost.searches);
            judge_anew();
            assert_findings(0);
        }
    }
}

static void test_domains(void **state)
{
    (void)state;
    set_account("CHILD\\svc-ndes");
    ask();
    assert_int_equal(server_cost.searches, 3);
    assert_int_equal(facts.home, HOME_ELSEWHERE);
    assert_string_equal(facts.home_name, "child.example.com");
    assert_int_equal(facts.count, 0);
    set_account("NOWHERE\\svc-ndes");
    ask();
    assert_int_equal(server_cost.searches, 3);
    assert_int_equal(facts.home, HOME_NOWHERE);
    assert_int_equal(facts.count, 0);
    set_account("CN=svc-ndes,DC=other,DC=com");
    ask();
    assert_int_equal(server_cost.searches, 1);
    assert_int_equal(facts.home, HOME_ELSEWHERE);
    assert_string_equal(facts.home_name, "DC=other,DC=com");
    set_account("CN=svc-ndes, ou=NDES, dc=example, dc=com");
    ask();
    assert_int_equal(facts.count, 1);
    assert_string_equal(facts.name, "svc-ndes");
    set_account("example.com\\svc-ndes"); /* the name of this very domain */
    ask();
    assert_int_equal(server_cost.searches, 3);
    assert_false(server_was_asked("(nETBIOSName="));
    assert_int_equal(facts.count, 1);
}

/* A SID, or a principal name, that is not found may be another domain's. */
static void test_other_homes(void **state)
{
    static const struct {
        const char *account;
        enum account_home home;
        const char *name;
        int searches;
    } cases[] = {
        {DOMAIN_SID "1999", HOME_HERE, "", 3},
        {"S-1-5-21-1-2-4-1104", HOME_ELSEWHERE, "S-1-5-21-1-2-4", 3},
        {"S-1-5-32-544", HOME_HERE, "", 2},
        {"nobody@example.com", HOME_HERE, "", 2},
        {"svc-ndes@child.example.com", HOME_UNCLEAR, "child.example.com", 2},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        set_account(cases[i].account);
        ask();
        assert_int_equal(facts.count, 0);
        assert_int_equal(facts.home, cases[i].home);
        assert_string_equal(facts.home_name, cases[i].name);
        assert_int_equal(server_cost.searches, cases[i].searches);
        judge_anew();
        if (cases[i].home == HOME_HERE)
            assert_only(NDES_ACCT_MISSING, STATE_CRITICAL, "no such account in " DOMAIN);
        else
            assert_only(NDES_LDAP_REFERRAL, STATE_UNKNOWN, cases[i].name);
    }
}

/* Windows tells DOMAIN\svc of an account, which saves a search: there is one left for the groups of
 * both. */
static void test_told_domain(void **state)
{
    (void)state;
    server_value("msDS-PrincipalName", NAME);
    ask();
    assert_int_equal(server_cost.searches, 3);
    assert_int_equal(facts.count, 1);
    assert_int_equal(facts.groups.source, GROUPS_BY_TOKEN);
    set_account("ndestest\\svc-ndes");
    server_hide("tokenGroups");
    ask();
    assert_int_equal(server_cost.searches, 4);
    assert_int_equal(facts.groups.source, GROUPS_BY_CHAIN);
    set_account("NDES\\svc-ndes"); /* begins like it, is another */
    ask();
    assert_int_equal(facts.home, HOME_NOWHERE);
    set_account("CHILD\\svc-ndes");
    ask();
    assert_int_equal(facts.home, HOME_ELSEWHERE);
    assert_string_equal(facts.home_name, "child.example.com");
}

/* A domain without a DNS name is called by its DN. */
static void test_nameless_domain(void **state)
{
    (void)state;
    server_object("CN=X,CN=Partitions,CN=Configuration," DOMAIN);
    server_value("nETBIOSName", "X");
    server_value("nCName", "DC=x");
    set_account("X\\svc-ndes");
    ask();
    assert_string_equal(facts.home_name, "DC=x");
}

/* What is shown of nothing but itself is found in its place only. */
static void test_in_place(void **state)
{
    (void)state;
    set_account("CN=hidden," DOMAIN);
    ask();
    assert_int_equal(server_cost.searches, 3);
    assert_int_equal(facts.count, 0); /* the search ends with no entry */
    server_object("CN=hidden," DOMAIN);
    server_hide_name();
    ask();
    assert_int_equal(server_cost.searches, 3);
    assert_int_equal(facts.count, 1);
    assert_true(facts.unreadable);
    assert_int_equal(server_searches[1].scope, DIRECTORY_BASE);
    assert_string_equal(server_searches[1].base, "CN=hidden," DOMAIN);
    server_value("objectClass", "user"); /* now a filter finds it, by the SPN */
    server_sid("objectSid", DOMAIN_SID "1300");
    server_sid("tokenGroups", DOMAIN_SID "513");
    server_value("servicePrincipalName", "HTTP/ndes.example.com");
    give_spns("ndes.example.com", NULL);
    ask();
    assert_int_equal(server_cost.searches, 3);
    assert_false(facts.unreadable);
    assert_true(facts.spns[0].own);
    assert_int_equal(facts.spns[0].other_count, 1); /* the user, not itself */
    assert_string_equal(facts.spns[0].others[0].dn, SVC);
    server_fail(2, PROBLEM_NO_BASE);
    set_account("CN=nobody," DOMAIN);
    ask();
    assert_int_equal(facts.count, 0);
    assert_int_equal(facts.problems[STEP_OBJECT].kind, PROBLEM_NONE);
    server_fail(2, PROBLEM_BROKEN);
    ask();
    assert_int_equal(facts.problems[STEP_OBJECT].kind, PROBLEM_BROKEN);
    options.ldap.base = "OU=NDES," DOMAIN; /* it is not looked for elsewhere */
    ask();
    assert_int_equal(server_cost.searches, 2);
}

static void test_missing(void **state)
{
    (void)state;
    set_account("nobody");
    give_spns("ndes.example.com", NULL);
    options.host = "ndes01";
    ask();
    assert_int_equal(server_cost.searches, 2);
    assert_int_equal(facts.count, 0);
    assert_true(facts.searched);
    assert_int_equal(facts.nameless, 0);
    assert_int_equal(facts.spn_count, 0);
    assert_string_equal(facts.name, "nobody");
    judge_anew();
    assert_only(NDES_ACCT_MISSING, STATE_CRITICAL, "nobody: no such account");
}

static void test_ambiguous(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        char dn[64];

        text_format(dn, sizeof dn, "CN=%d," DOMAIN, i);
        server_object(dn);
        server_value("sAMAccountName", dn + 3);
        server_value("userPrincipalName", "svc-ndes@example.com");
    }
    set_account("svc-ndes@example.com");
    give_spns("HOST/ndes01", NULL); /* the computer comes before them, and is none of them */
    ask();
    assert_int_equal(server_cost.searches, 2);
    assert_int_equal(facts.count, 5);
    assert_string_equal(facts.namesakes[0], SVC);
    assert_string_equal(facts.namesakes[1], "CN=0," DOMAIN);
    assert_string_equal(facts.namesakes[2], "CN=1," DOMAIN);
}

static void test_sid(void **state)
{
    (void)state;
    set_account(DOMAIN_SID "1104");
    ask();
    assert_string_equal(facts.name, "svc-ndes");
    server_hide("sAMAccountName");
    ask();
    assert_string_equal(facts.name, DOMAIN_SID "1104");
    assert_int_equal(facts.nameless, 1);
}

static void test_spn_holders(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        char dn[64];

        text_format(dn, sizeof dn, "CN=holder%d," DOMAIN, i);
        server_object(dn);
        server_value("sAMAccountName", dn + 3);
        server_value("servicePrincipalName", "http/NDES.example.com");
    }
    give_spns("ndes.example.com", NULL);
    ask();
    assert_true(facts.spns[0].own);
    assert_int_equal(facts.spns[0].other_count, 4);
    assert_string_equal(facts.spns[0].others[0].dn, "CN=holder0," DOMAIN);
    assert_string_equal(facts.spns[0].others[2].dn, "CN=holder2," DOMAIN);
}

/* HOST/ stands for HTTP/, of a computer, and for no other service here. */
static void test_by_host(void **state)
{
    (void)state;
    set_account("NDES01$");
    give_spns("NDES01", "WSMAN/ndes01");
    ask();
    assert_true(facts.spns[0].by_host);
    assert_false(facts.spns[0].own);
    assert_false(facts.spns[1].by_host);
    give_spns("ndes01.example.net", NULL);
    ask();
    assert_false(facts.spns[0].by_host);
    set_account("svc-ndes");
    server_value("servicePrincipalName", "HOST/ndes01");
    give_spns("ndes01", NULL);
    ask();
    assert_false(facts.spns[0].by_host);
}

/* NetworkService is its computer. */
static void test_built_in(void **state)
{
    static const char *const hosts[] = {"ndes01", "NDES01$", "NDESTEST\\NDES01$",
                                        "ndes01.example.com"};

    (void)state;
    options.account = "NetworkService";
    options.is_host = true;
    for (size_t i = 0; i < COUNT_OF(hosts); i++) {
        options.host = hosts[i];
        assert_null(account_name_parse(hosts[i], &options.name));
        give_spns("ndes01.example.com", NULL);
        ask();
        assert_int_equal(facts.count, 1);
        assert_string_equal(facts.account.dn, HOST);
        assert_string_equal(facts.name, "NDES01$");
        assert_int_equal(facts.groups.source, GROUPS_BY_TOKEN);
        assert_false(server_was_asked("NetworkService"));
        judge_anew();
        assert_findings(0);
        assert_note("NetworkService is NDES01$ on the network");
        assert_false(has_note("--ndes-host"));
    }
}

static void test_built_in_elsewhere(void **state)
{
    (void)state;
    options.account = "NetworkService";
    options.is_host = true;
    options.host = "ndes09";
    assert_null(account_name_parse(options.host, &options.name));
    ask();
    judge_anew();
    assert_only(NDES_ACCT_MISSING, STATE_CRITICAL,
                "ndes09: no such computer (--ndes-host) in DC=example");
    options.host = "ndes09.example.com";
    ask();
    judge_anew();
    assert_only(NDES_ACCT_MISSING, STATE_CRITICAL,
                "ndes09.example.com: no such computer (--ndes-host)");
    options.host = "ndes09.child.example.com";
    ask();
    judge_anew();
    assert_only(NDES_LDAP_REFERRAL, STATE_UNKNOWN,
                "it belongs to another domain (child.example.com)");
    options.host = "ndes01.example.net"; /* another says so of itself */
    ask();
    judge_anew();
    assert_only(NDES_LDAP_REFERRAL, STATE_UNKNOWN, "it belongs to another domain (example.net)");
    options.host = "CHILD\\NDES01$";
    assert_null(account_name_parse(options.host, &options.name));
    ask();
    judge_anew();
    assert_only(NDES_LDAP_REFERRAL, STATE_UNKNOWN, "--domain child.example.com");
    add_account("CN=2," DOMAIN, "computer", "NDES02$", DOMAIN_SID "2002");
    server_value("servicePrincipalName", "HOST/ndes01.example.com");
    server_value("dNSHostName", "ndes01.example.com");
    options.host = "ndes01.example.com";
    assert_null(account_name_parse(options.host, &options.name));
    ask();
    judge_anew();
    assert_only(NDES_ACCT_AMBIGUOUS, STATE_UNKNOWN, "2 computers are named ndes01.example.com");
}

/* What stands for an account of a trusted domain is not the account. */
static void test_stand_in(void **state)
{
    (void)state;
    server_object("CN=S-1-5-21-9-9-9-1104,CN=ForeignSecurityPrincipals," DOMAIN);
    server_value("objectClass", "foreignSecurityPrincipal");
    server_sid("objectSid", "S-1-5-21-9-9-9-1104");
    set_account("S-1-5-21-9-9-9-1104");
    ask();
    judge_anew();
    assert_only(NDES_LDAP_REFERRAL, STATE_UNKNOWN, "belongs to domain S-1-5-21-9-9-9, which");
}

static void test_direct_groups(void **state)
{
    (void)state;
    server_value("memberOf", "CN=a\\, b,OU=NDES," DOMAIN);
    server_value("memberOf", "CN=c," DOMAIN);
    ask();
    assert_string_equal(facts.direct_groups, "Domain Users (primary), a\\, b, c");
    assert_int_equal(facts.more_groups, 0);
    for (int i = 0; i < 30; i++)
        server_value("memberOf", "CN=a group," DOMAIN);
    ask();
    assert_int_equal(facts.more_groups, 16);
    server_hide("primaryGroupID");
    server_hide("memberOf");
    ask();
    assert_string_equal(facts.direct_groups, "");
}

/* A global catalog knows the whole forest, and namesakes in other domains. */
static void test_catalog(void **state)
{
    static const int ports[] = {3268, 3269};

    (void)state;
    add_account("CN=svc-ndes,DC=child," DOMAIN, "user", "svc-ndes", "S-1-5-21-9-9-9-1104");
    server_value("servicePrincipalName", "HTTP/ndes.example.com");
    give_spns("ndes.example.com", NULL);
    for (size_t i = 0; i < 2; i++) {
        server_cost.port = ports[i]; /* whatever the first -H is */
        ask();
        assert_true(facts.catalog);
        assert_string_equal(server_searches[0].base, "");
        assert_int_equal(facts.count, 1);
        assert_string_equal(facts.account.dn, SVC);
        assert_true(facts.spns[0].own);
        assert_int_equal(facts.spns[0].other_count, 1);
    }
    options.ldap.settings.server_count = 1;
    options.ldap.settings.servers[0].port = 3268;
    options.ldap.settings.domain_port = 3268;
    server_cost.port = 636;
    ask();
    assert_false(facts.catalog);
    assert_string_equal(server_searches[0].base, DOMAIN);
}

static void test_not_opened(void **state)
{
    (void)state;
    facts = (struct account_facts){.problems[STEP_OPEN].kind = PROBLEM_REFUSED};
    server_cost.server[0] = '\0';
    options.ldap.settings.server_count = 1;
    text_copy(options.ldap.settings.servers[0].host, sizeof options.ldap.settings.servers[0].host,
              "dc2");
    account_collect(&options, NULL, NULL, &facts);
    assert_int_equal(server_search_count, 0);
    assert_int_equal(facts.problems[STEP_OPEN].kind, PROBLEM_REFUSED);
    assert_string_equal(facts.server, "dc2");
    options.ldap.settings.server_count = 0;
    options.ldap.settings.domain = "example.com";
    facts = (struct account_facts){.problems[STEP_OPEN].kind = PROBLEM_REFUSED};
    account_collect(&options, NULL, NULL, &facts);
    assert_string_equal(facts.server, "example.com");
}

/* Each search may fail: nothing is asked after the end of the talk. */
static void test_failures(void **state)
{
    static const struct {
        size_t search;
        enum problem_kind kind;
        int searches;
        enum step step;
    } cases[] = {
        {1, PROBLEM_BROKEN, 2, STEP_ACCOUNT},     {1, PROBLEM_LIMIT, 2, STEP_ACCOUNT},
        {2, PROBLEM_BROKEN, 3, STEP_DOMAIN},      {2, PROBLEM_DENIED, 4, STEP_DOMAIN},
        {3, PROBLEM_BROKEN, 4, STEP_HOST_GROUPS},
    };

    (void)state;
    set_account("NDESTEST\\gmsa-ndes");
    options.host = "ndes01";
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        server_fail(cases[i].search, cases[i].kind);
        ask();
        assert_int_equal(server_cost.searches, cases[i].searches);
        assert_int_equal(facts.problems[cases[i].step].kind, cases[i].kind);
    }
    assert_int_equal(facts.groups.source, GROUPS_NOT_ASKED);
    server_fail(2, PROBLEM_BROKEN); /* what was seen counts, and that it broke off is said */
    options.host = NULL;
    ask();
    judge_anew();
    assert_only(NDES_LDAP_BROKEN, STATE_UNKNOWN, "domain of the account: connection lost");
    set_account("NDESTEST\\nobody");
    ask();
    judge_anew();
    assert_only(NDES_LDAP_BROKEN, STATE_UNKNOWN, "domain of the account: connection lost");
    server_fail(2, PROBLEM_DENIED);
    ask();
    assert_int_equal(facts.home, HOME_UNCLEAR);
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_LDAP_DENIED, STATE_UNKNOWN, "domain of the account");
    assert_finding(NDES_LDAP_REFERRAL, STATE_UNKNOWN, "belongs to another domain, or does not");
    set_account("svc-ndes");
    server_fail(2, PROBLEM_TIMEOUT);
    ask();
    assert_int_equal(facts.problems[STEP_GROUPS].kind, PROBLEM_TIMEOUT);
    assert_int_equal(facts.count, 1);
}

/* tokenGroups is hidden: one more search if there is one left. */
static void test_by_chain(void **state)
{
    (void)state;
    server_hide("tokenGroups");
    ask();
    assert_int_equal(server_cost.searches, 4);
    assert_int_equal(facts.groups.source, GROUPS_BY_NAME);
    assert_true(facts.groups.hidden);
    set_account("svc-ndes");
    ask();
    assert_int_equal(server_cost.searches, 4);
    assert_int_equal(facts.groups.source, GROUPS_BY_CHAIN);
}

static void test_too_many(void **state)
{
    (void)state;
    for (int i = 0; i < 999; i++) {
        server_object("CN=x," DOMAIN);
        server_value("sAMAccountName", "x");
        server_value("servicePrincipalName", "HTTP/ndes.example.com");
    }
    give_spns("ndes.example.com", NULL);
    ask();
    assert_int_equal(facts.spns[0].other_count, 999);
    server_object("CN=x," DOMAIN);
    server_value("servicePrincipalName", "HTTP/ndes.example.com");
    ask();
    assert_int_equal(facts.problems[STEP_ACCOUNT].kind, PROBLEM_TOO_LARGE);
    assert_false(facts.searched);
    assert_int_equal(server_search_count, 1);
}

static void test_long_names(void **state)
{
    static char dn[40000];

    (void)state;
    memset(dn, '*', sizeof dn - 1);
    text_copy(dn, sizeof dn, "CN=");
    dn[3] = '*';
    memcpy(dn + sizeof dn - sizeof("," DOMAIN), "," DOMAIN, sizeof("," DOMAIN));
    set_account(dn);
    ask();
    assert_int_equal(server_search_count, 0);
    assert_int_equal(facts.problems[STEP_ACCOUNT].kind, PROBLEM_SETTINGS);
}

#define ASKING(test) cmocka_unit_test_setup_teardown(test, start_directory, end_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ASKING(test_user),
        ASKING(test_frugal),
        ASKING(test_budget),
        ASKING(test_domains),
        ASKING(test_missing),
        ASKING(test_nameless_domain),
        ASKING(test_ambiguous),
        ASKING(test_sid),
        ASKING(test_spn_holders),
        ASKING(test_by_host),
        ASKING(test_catalog),
        ASKING(test_not_opened),
        ASKING(test_failures),
        ASKING(test_by_chain),
        ASKING(test_long_names),
        ASKING(test_too_many),
        ASKING(test_in_place),
        ASKING(test_built_in),
        ASKING(test_built_in_elsewhere),
        ASKING(test_stand_in),
        ASKING(test_direct_groups),
        ASKING(test_other_homes),
        ASKING(test_told_domain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
