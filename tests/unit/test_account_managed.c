/* test_account_managed.c - tests of check_ndes_account's judge: passwords that Windows renews.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "account_facts.h"
#include "common/base/text.h"
#include "judging.h"

static int start_gmsa(void **state)
{
    start_healthy(state);
    make_gmsa();
    return 0;
}

static void test_rolling(void **state)
{
    (void)state;
    judge_anew();
    assert_findings(0);
    assert_note("[OK] password renewed 10 days ago (2026-11-13 00:00 UTC), due every 30 days");
    facts.account.password_set_at = NOW - 45 * DAY;
    judge_anew();
    assert_findings(0);
    facts.account.password_set_at--;
    judge_anew();
    assert_only(NDES_ACCT_ROLLING, STATE_WARNING,
                NAME ": password last renewed 45 days ago (2026-10-08 23:59 UTC), due every 30 "
                     "days");
    facts.account.password_interval = 60;
    judge_anew();
    assert_findings(0);
    facts.account.password_interval = 0; /* not told */
    judge_anew();
    assert_only(NDES_ACCT_ROLLING, STATE_WARNING, "due every 30 days");
    facts.account.password_interval = -1;
    judge_anew();
    assert_only(NDES_ACCT_ROLLING, STATE_WARNING, "due every 30 days");
}

/* No password yet is no password that must be changed. */
static void test_never_fetched(void **state)
{
    (void)state;
    facts.account.password_set = FILETIME_ZERO;
    judge_anew();
    assert_findings(0);
    assert_note("password: not created yet: no host has fetched it so far");
    facts.account.password_set = FILETIME_ABSENT;
    judge_anew();
    assert_findings(0);
    assert_note("password: not visible when it was set (pwdLastSet)");
    make_computer();
    facts.account.password_set = FILETIME_ZERO;
    judge_anew();
    assert_note("password: not set since the computer account was created");
}

/* A computer may be off, or told not to. */
static void test_computer(void **state)
{
    (void)state;
    make_computer();
    facts.account.password_set_at = NOW - 400 * DAY;
    judge_anew();
    assert_findings(0);
    assert_note("password last renewed 400 days ago");
    facts.account.password_interval = 500; /* has a meaning for gMSAs only */
    judge_anew();
    assert_note("password last renewed 400 days ago");
}

/* Adds an entry to the list of those that may fetch the password. */
static void give_ace(enum ace_type type, const char *trustee)
{
    struct descriptor *membership = &facts.membership;
    size_t count = membership->ace_count;

    membership->dacl = DACL_PRESENT;
    membership->aces = realloc(membership->aces, (count + 1) * sizeof *membership->aces);
    assert_non_null(membership->aces);
    membership->aces[count] = (struct ace){.type = (uint8_t)type, .mask = 0x10};
    assert_true(sid_parse(trustee, &membership->aces[count].trustee));
    membership->ace_count++;
}

/* --ndes-host, a computer that there is, and a list of those that may fetch the password. */
static void name_host(enum ace_type type, const char *trustee)
{
    options.host = "ndes01";
    facts.host.count = 1;
    facts.host.groups.source = GROUPS_BY_TOKEN;
    text_copy(facts.host.name, sizeof facts.host.name, "NDES01$");
    text_copy(facts.host.dn, sizeof facts.host.dn, "CN=NDES01," DOMAIN);
    text_copy(facts.host.dns, sizeof facts.host.dns, "ndes01.example.com");
    assert_true(sid_parse(DOMAIN_SID "2001", &facts.host.sid));
    add_group(&facts.host.groups, DOMAIN_SID "2001");
    facts.has_membership = true;
    give_ace(type, trustee);
}

/* Some of the host's groups are missing. */
static void hide_groups(void)
{
    facts.host.groups.source = GROUPS_BY_CHAIN;
    facts.host.groups.token.complete = false;
}

static void test_may_fetch(void **state)
{
    (void)state;
    name_host(ACE_ALLOWED, DOMAIN_SID "2001");
    judge_anew();
    assert_findings(0);
    assert_note("host: NDES01$, CN=NDES01,DC=example,DC=com, dNSHostName ndes01.example.com");
    assert_note(
        "[OK] NDES01$ and the right to fetch the password: granted by ACE 1 of 1: allows RP to "
        "S-1-5-21-1-2-3-2001 (NDES01$)");
    assert_note("groups of NDES01$: 1 SID by tokenGroups");
    hide_groups(); /* nothing comes before what allows it */
    judge_anew();
    assert_findings(0);
    assert_false(has_note("unseen"));
}

/* A group that is denied before, and that the host may be in. */
static void test_may_perhaps_fetch(void **state)
{
    (void)state;
    name_host(ACE_DENIED, DOMAIN_SID "3001");
    give_ace(ACE_ALLOWED, DOMAIN_SID "2001");
    judge_anew();
    assert_findings(0);
    assert_false(has_note("unseen"));
    hide_groups();
    judge_anew();
    assert_findings(0);
    assert_note("granted by ACE 2 of 2: allows RP to S-1-5-21-1-2-3-2001 (NDES01$); not all of its "
                "groups are visible, so a denied one would be missed");
}

static void test_may_not_fetch(void **state)
{
    (void)state;
    name_host(ACE_ALLOWED, DOMAIN_SID "2002");
    judge_anew();
    assert_only(NDES_ACCT_RETRIEVE, STATE_CRITICAL,
                NAME ": NDES01$ may not fetch the password (denied: no ACE of 1 allows RP)");
    assert_note("NDES01$ and the right to fetch the password: denied: no ACE of 1 allows RP");
    assert_false(has_note("[OK] NDES01$"));
    hide_groups(); /* it may be in what 2002 is */
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN,
                "needs to read tokenGroups, as members of Windows Authorization Access Group");
}

static void test_empty_list(void **state)
{
    (void)state;
    name_host(ACE_ALLOWED, DOMAIN_SID "2001");
    free(facts.membership.aces);
    facts.membership.aces = NULL;
    facts.membership.ace_count = 0;
    judge_anew();
    assert_only(NDES_ACCT_RETRIEVE, STATE_CRITICAL,
                "NDES01$ may not fetch the password (denied: the access control list is empty)");
}

/* Which entry it is that decides. */
static void test_denied(void **state)
{
    (void)state;
    name_host(ACE_DENIED, DOMAIN_SID "2001");
    give_ace(ACE_ALLOWED, DOMAIN_SID "3001");
    judge_anew();
    assert_only(NDES_ACCT_RETRIEVE, STATE_CRITICAL,
                NAME ": NDES01$ may not fetch the password (denied by ACE 1 of 2: denies RP to "
                     "S-1-5-21-1-2-3-2001 (NDES01$))");
    hide_groups(); /* whatever they are, it is denied */
    judge_anew();
    assert_only(NDES_ACCT_RETRIEVE, STATE_CRITICAL, "denied by ACE 1 of 2");
    add_group(&facts.host.groups, DOMAIN_SID "3001");
    assert_true(sid_parse(DOMAIN_SID "3001", &facts.membership.aces[0].trustee));
    judge_anew();
    assert_only(NDES_ACCT_RETRIEVE, STATE_CRITICAL, "denies RP to S-1-5-21-1-2-3-3001)");
}

static void test_condition(void **state)
{
    (void)state;
    name_host(ACE_ALLOWED_CALLBACK, DOMAIN_SID "2001");
    judge_anew();
    assert_only(NDES_LDAP_DESCRIPTOR, STATE_UNKNOWN,
                "whether NDES01$ may fetch the password depends on a condition");
    assert_note("conditional");
}

static void test_membership_unseen(void **state)
{
    (void)state;
    name_host(ACE_ALLOWED, DOMAIN_SID "2001");
    facts.membership_problem = "too short";
    judge_anew();
    assert_only(NDES_LDAP_DESCRIPTOR, STATE_UNKNOWN,
                NAME ": msDS-GroupMSAMembership is damaged: too short");
    facts.has_membership = false;
    judge_anew();
    assert_only(NDES_ACCT_RETRIEVE, STATE_CRITICAL,
                NAME ": nobody may fetch the password: msDS-GroupMSAMembership is not set");
    facts.account.password_interval = 0; /* every gMSA has one, so that is hidden, too */
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN,
                "msDS-GroupMSAMembership is not visible: it says who");
    facts.catalog = true;
    judge_anew();
    assert_findings(0);
    assert_note("who may fetch the password was not checked");
}

static void test_groups_unseen(void **state)
{
    (void)state;
    name_host(ACE_ALLOWED, DOMAIN_SID "2001");
    facts.host.groups.source = GROUPS_NOT_ASKED;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "objectSid of NDES01$ is not visible");
    facts.problems[STEP_HOST_GROUPS] = (struct problem){.kind = PROBLEM_LIMIT};
    judge_anew();
    assert_only(NDES_LDAP_LIMIT, STATE_UNKNOWN,
                "groups of the computer: the server reached one of its limits");
}

static void test_hosts(void **state)
{
    (void)state;
    options.host = "ndes01";
    judge_anew();
    assert_only(NDES_ACCT_MISSING, STATE_UNKNOWN, NAME ": computer ndes01 (--ndes-host) not found");
    facts.host.count = 2;
    judge_anew();
    assert_only(NDES_ACCT_AMBIGUOUS, STATE_UNKNOWN, "2 computers are named ndes01 (--ndes-host)");
    name_host(ACE_ALLOWED, DOMAIN_SID "2001");
    facts.host.disabled = true;
    facts.host.dns[0] = '\0';
    judge_anew();
    assert_only(NDES_ACCT_RETRIEVE, STATE_CRITICAL, "the computer account NDES01$ is disabled");
    assert_false(has_note("dNSHostName"));
}

static void test_host_of_user(void **state)
{
    (void)state;
    make_computer();
    options.host = "ndes01";
    judge_anew();
    assert_findings(0);
    assert_note("--ndes-host has no effect: the account is not a gMSA");
}

#define JUDGING(test) cmocka_unit_test_setup_teardown(test, start_gmsa, end_healthy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JUDGING(test_rolling),       JUDGING(test_never_fetched),     JUDGING(test_computer),
        JUDGING(test_may_fetch),     JUDGING(test_may_not_fetch),     JUDGING(test_condition),
        JUDGING(test_groups_unseen), JUDGING(test_membership_unseen), JUDGING(test_hosts),
        JUDGING(test_host_of_user),  JUDGING(test_may_perhaps_fetch), JUDGING(test_denied),
        JUDGING(test_empty_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
