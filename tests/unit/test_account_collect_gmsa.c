/* test_account_collect_gmsa.c - tests of what check_ndes_account asks about a gMSA and the server
 * that must fetch its password.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "account_directory.h"
#include "judging.h"

static void test_gmsa(void **state)
{
    (void)state;
    set_account("gmsa-ndes");
    options.host = "ndes01.example.com";
    ask();
    assert_int_equal(server_cost.searches, 4);
    assert_true(
        server_was_asked("(sAMAccountName=ndes01$)(servicePrincipalName=HOST/ndes01.example.com)"));
    assert_false(server_was_asked("dNSHostName")); /* which has no index */
    assert_int_equal(facts.account.kind, ACCOUNT_GMSA);
    assert_int_equal(facts.account.password_interval, 30);
    assert_int_equal(facts.host.count, 1);
    assert_string_equal(facts.host.name, "NDES01$");
    assert_string_equal(facts.host.dn, HOST);
    assert_string_equal(facts.host.dns, "ndes01.example.com");
    assert_int_equal(facts.host.groups.source, GROUPS_BY_TOKEN);
    assert_int_equal(facts.groups.source, GROUPS_BY_TOKEN);
    assert_true(facts.has_membership);
    assert_null(facts.membership_problem);
    assert_int_equal(facts.membership.ace_count, 1);
    judge_anew();
    assert_findings(0);
    assert_note("[OK] NDES01$ and the right to fetch the password: granted by ACE 1 of 1");
}

/* With DOMAIN\ the searches do not suffice for the groups of both. */
static void test_gmsa_by_name(void **state)
{
    (void)state;
    server_end();
    add_account(GMSA, "msDS-GroupManagedServiceAccount", "gmsa-ndes$", DOMAIN_SID "1105");
    add_membership(MEMBERSHIP_LENGTH - 1);
    server_value("memberOf", "CN=Domain Admins,CN=Users," DOMAIN);
    add_account(HOST, "computer", "NDES01$", DOMAIN_SID "2001");
    server_object("CN=NDESTEST,CN=Partitions,CN=Configuration," DOMAIN);
    server_value("nETBIOSName", "NDESTEST");
    server_value("nCName", DOMAIN);
    set_account("NDESTEST\\gmsa-ndes$");
    options.host = "ndes01";
    ask();
    assert_int_equal(server_cost.searches, 4);
    assert_int_equal(facts.groups.source, GROUPS_BY_NAME);
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_ACCT_PRIVILEGED, STATE_WARNING, "is in Domain Admins");
    assert_finding(NDES_LDAP_DESCRIPTOR, STATE_UNKNOWN, "is damaged");
}

/* What a domain controller was asked before another one answered takes nothing from the groups. */
static void test_passed_over(void **state)
{
    (void)state;
    set_account("gmsa-ndes");
    options.host = "ndes01";
    ask_after(2);
    assert_int_equal(server_cost.searches, 6);
    assert_int_equal(facts.host.groups.source, GROUPS_BY_TOKEN);
    assert_int_equal(facts.groups.source, GROUPS_BY_TOKEN);
}

static void test_hosts(void **state)
{
    (void)state;
    set_account("gmsa-ndes");
    add_account("CN=other," DOMAIN, "computer", "OTHER$", DOMAIN_SID "2002");
    server_value("servicePrincipalName", "HOST/ndes01.other.com");
    options.host = "ndes01.other.com"; /* its own name comes first, as that of a service, too */
    ask();
    assert_string_equal(facts.host.name, "OTHER$");
    server_value("dNSHostName", "ndes01.other.com");
    ask();
    assert_string_equal(facts.host.name, "OTHER$");
    server_value("servicePrincipalName", "HOST/ndes01.example.com");
    options.host = "ndes01.example.com"; /* another has that for a service alone */
    ask();
    assert_string_equal(facts.host.name, "NDES01$");
    server_value("dNSHostName", "ndes01.example.com");
    options.host = "ndes01.example.com";
    ask();
    assert_int_equal(facts.host.count, 2);
    assert_int_equal(facts.host.groups.source, GROUPS_NOT_ASKED);
    options.host = "ndes01.example.net"; /* both have another DNS name */
    ask();
    assert_int_equal(facts.host.count, 0);
    options.host = "EXAMPLE\\other";
    ask();
    assert_string_equal(facts.host.name, "OTHER$");
    server_value("msDS-PrincipalName", "CHILD\\OTHER$");
    ask();
    assert_int_equal(facts.host.count, 0);
    options.host = "child\\OTHER$";
    ask();
    assert_string_equal(facts.host.name, "OTHER$");
    options.host = "gmsa-ndes"; /* no computer */
    ask();
    assert_int_equal(facts.host.count, 0);
    options.host = "svc-ndes";
    ask();
    assert_int_equal(facts.host.count, 0);
    server_hide("userAccountControl");
    server_value("userAccountControl", "4098");
    options.host = "other";
    ask();
    assert_true(facts.host.disabled);
}

/* NetBIOS names end after 15 characters. */
static void test_long_host(void **state)
{
    (void)state;
    set_account("gmsa-ndes");
    options.host = "ndes-with-a-long-name.example.com";
    ask();
    assert_true(server_was_asked("(sAMAccountName=ndes-with-a-lon$)"
                                 "(servicePrincipalName=HOST/ndes-with-a-long-name.example.com)"));
}

static void test_hidden_sids(void **state)
{
    (void)state;
    server_end();
    add_account(HOST, "computer", "NDES01$", DOMAIN_SID "2001");
    server_hide("objectSid");
    add_account(GMSA, "msDS-GroupManagedServiceAccount", "gmsa-ndes$", DOMAIN_SID "1105");
    server_hide("objectSid");
    set_account("gmsa-ndes");
    options.host = "ndes01";
    ask();
    assert_int_equal(server_cost.searches, 2);
    assert_int_equal(facts.groups.source, GROUPS_NOT_ASKED);
    assert_int_equal(facts.host.groups.source, GROUPS_NOT_ASKED);
    assert_false(facts.has_membership);
}

#define ASKING(test) cmocka_unit_test_setup_teardown(test, start_directory, end_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ASKING(test_gmsa),        ASKING(test_gmsa_by_name), ASKING(test_hosts),
        ASKING(test_passed_over), ASKING(test_long_host),    ASKING(test_hidden_sids),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
