/* test_account_judge.c - tests of check_ndes_account's judge: whether there is one account, and
 * what is said of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "account_facts.h"
#include "common/base/text.h"
#include "judging.h"

static void test_healthy(void **state)
{
    (void)state;
    judge_anew();
    assert_findings(0);
    assert_string_equal(judged.summary, NAME " usable, password expires in 41 days");
    assert_note("account: CN=svc-ndes,OU=NDES,DC=example,DC=com, user, SID S-1-5-21-1-2-3-1104");
    assert_false(has_note("principal"));
    assert_note("[OK] enabled");
    assert_note("[OK] not locked");
    assert_note("[OK] password expires in 41 days (2027-01-03 00:00 UTC)");
    assert_note("[OK] account never expires");
    assert_note("[OK] no dangerous flag in userAccountControl (0x200)");
    assert_note("[OK] not in any administrative group");
    assert_false(has_note("as far as"));
    assert_note("groups of " NAME ": 3 SIDs by tokenGroups");
    assert_note("SIDs of " NAME ": S-1-5-21-1-2-3-1104 S-1-5-21-1-2-3-513 S-1-5-32-545");
    assert_true(metric_of("time")->value == 0.25L);
    assert_true(metric_of("password_days")->value == 41);
    assert_string_equal(metric_of("password_days")->warning.text, "14:");
    assert_string_equal(metric_of("password_days")->critical.text, "3:");
    assert_true(metric_of("bad_passwords")->value == 0);
    assert_false(has_metric("account_days"));
}

static void test_summaries(void **state)
{
    (void)state;
    facts.account.password_end = FILETIME_NEVER;
    text_copy(facts.account.principal, sizeof facts.account.principal, "svc@example.com");
    judge_anew();
    assert_string_equal(judged.summary, NAME " usable, password never expires");
    assert_note("SID S-1-5-21-1-2-3-1104, principal svc@example.com");
    facts.account.end = FILETIME_SET;
    facts.account.end_at = NOW + 100 * DAY;
    judge_anew();
    assert_string_equal(judged.summary,
                        NAME " usable, password never expires, account expires in 100 days");
    assert_true(metric_of("account_days")->value == 100);
    assert_string_equal(metric_of("account_days")->critical.text, "3:");
    facts.account.end = FILETIME_ZERO;
    make_gmsa();
    judge_anew();
    assert_string_equal(judged.summary, NAME " usable, gMSA, password renewed 10 days ago");
    make_computer();
    facts.account.password_set = FILETIME_ABSENT;
    judge_anew();
    assert_findings(0);
    assert_string_equal(judged.summary,
                        NAME " usable, computer, which renews its password by itself");
}

static void test_missing(void **state)
{
    (void)state;
    facts.count = 0;
    judge_anew();
    assert_only(NDES_ACCT_MISSING, STATE_CRITICAL, NAME ": no such account in DC=example,DC=com");
    assert_false(has_note("account: "));
    assert_false(has_metric("bad_passwords"));
    options.ldap.base = "OU=NDES," DOMAIN;
    judge_anew();
    assert_only(NDES_ACCT_MISSING, STATE_CRITICAL, "no such account in OU=NDES,DC=example");
    facts.nameless = 2;
    judge_anew();
    assert_only(
        NDES_LDAP_HIDDEN, STATE_UNKNOWN,
        NAME
        ": not found, but the monitoring account cannot read the names of 2 objects that may be");
}

static void test_ambiguous(void **state)
{
    (void)state;
    facts.count = 4;
    text_copy(facts.namesakes[0], sizeof facts.namesakes[0], "CN=a");
    text_copy(facts.namesakes[1], sizeof facts.namesakes[1], "CN=b");
    text_copy(facts.namesakes[2], sizeof facts.namesakes[2], "CN=c");
    judge_anew();
    assert_only(NDES_ACCT_AMBIGUOUS, STATE_UNKNOWN, "4 accounts have this name: CN=a; CN=b; CN=c");
}

static void test_no_account(void **state)
{
    (void)state;
    facts.account.kind = ACCOUNT_OTHER;
    judge_anew();
    assert_only(NDES_ACCT_MISSING, STATE_CRITICAL, "is not a user, computer or gMSA");
}

static void test_unreadable(void **state)
{
    (void)state;
    facts.unreadable = true;
    facts.account = (struct account){.dn = "CN=svc", .kind = ACCOUNT_OTHER};
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, NAME ": the object exists, but the monitoring");
    facts.count = 0;
    facts.problems[STEP_OBJECT] = (struct problem){.kind = PROBLEM_DENIED};
    judge_anew();
    assert_only(NDES_LDAP_DENIED, STATE_UNKNOWN, "the account: the search is not allowed");
}

static void test_domains(void **state)
{
    (void)state;
    facts.count = 0;
    facts.home = HOME_NOWHERE;
    judge_anew();
    assert_only(NDES_ACCT_MISSING, STATE_UNKNOWN, NAME ": the forest has no domain NDESTEST");
    facts.home = HOME_ELSEWHERE;
    text_copy(facts.home_name, sizeof facts.home_name, "x.example.com");
    judge_anew();
    assert_only(NDES_LDAP_REFERRAL, STATE_UNKNOWN,
                NAME " belongs to domain x.example.com, which this domain controller does not "
                     "serve: ask one that does, with --domain x.example.com");
    set_account("CN=svc,DC=x,DC=com");
    text_copy(facts.home_name, sizeof facts.home_name, "DC=x,DC=com");
    judge_anew();
    assert_only(NDES_LDAP_REFERRAL, STATE_UNKNOWN,
                "belongs to domain DC=x,DC=com, which this domain controller does not serve: ask "
                "one that does, with -H or --domain");
    facts.home = HOME_UNCLEAR;
    text_copy(facts.home_name, sizeof facts.home_name, "x.com");
    judge_anew();
    assert_only(NDES_LDAP_REFERRAL, STATE_UNKNOWN,
                NAME
                ": not in DC=example,DC=com: it belongs to another domain (x.com), or does not "
                "exist");
    facts.home_name[0] = '\0';
    options.ldap.base = "OU=NDES," DOMAIN;
    judge_anew();
    assert_only(NDES_LDAP_REFERRAL, STATE_UNKNOWN,
                NAME ": not in OU=NDES,DC=example,DC=com: it belongs to another domain, or does");
    facts.nameless = 1; /* it may be that one */
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "of 1 object that may be it");
}

static void test_not_reached(void **state)
{
    (void)state;
    facts.count = 0;
    facts.searched = false;
    facts.problems[STEP_OPEN] = (struct problem){.kind = PROBLEM_REFUSED, .detail = "refused"};
    options.ldap.time_warning = range_of("0.1");
    text_copy(facts.trace.lines[0], sizeof facts.trace.lines[0], "connect");
    facts.trace.count = 1;
    judge_anew();
    assert_only(NDES_LDAP_REFUSED, STATE_CRITICAL,
                "dc1.example.com port 389: no connection (refused)");
    assert_note("connect");
    assert_true(has_metric("time"));
    facts.problems[STEP_OPEN].kind = PROBLEM_LIMIT; /* busy, before anything was asked */
    judge_anew();
    assert_only(NDES_LDAP_LIMIT, STATE_UNKNOWN,
                "dc1.example.com port 389: the server reached one of its limits");
}

static void test_slow(void **state)
{
    (void)state;
    options.ldap.time_warning = range_of("0.1");
    options.ldap.time_critical = range_of("0.2");
    judge_anew();
    assert_only(NDES_LDAP_SLOW, STATE_CRITICAL, "4 searches took 0.250 s, wanted at most 0.2 s");
}

/* A search that failed; what was seen before counts. */
static void test_failures(void **state)
{
    (void)state;
    facts.problems[STEP_DOMAIN] = (struct problem){.kind = PROBLEM_DENIED};
    judge_anew();
    assert_findings(0);
    assert_note("domain of " NAME " not looked up: the search is not allowed");
    facts.count = 0; /* the same if it is one of those whose names are not shown */
    facts.nameless = 1;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "of 1 object that may be it");
    facts.count = 1;
    facts.nameless = 0;
    facts.problems[STEP_GROUPS] = (struct problem){.kind = PROBLEM_BROKEN};
    facts.groups.source = GROUPS_NOT_ASKED;
    facts.account.control |= UAC_DISABLED;
    judge_anew();
    assert_finding(NDES_ACCT_DISABLED, STATE_CRITICAL, NAME ": the account is disabled");
    assert_finding(NDES_LDAP_BROKEN, STATE_UNKNOWN, "groups of the account: connection lost");
    assert_findings(2);
    assert_false(has_note("groups: not judged"));
    facts.problems[STEP_DOMAIN] = (struct problem){0};
    facts.problems[STEP_GROUPS] = (struct problem){0};
    facts.problems[STEP_ACCOUNT] = (struct problem){.kind = PROBLEM_LIMIT};
    facts.count = 0;
    facts.searched = false;
    judge_anew();
    assert_only(NDES_LDAP_LIMIT, STATE_UNKNOWN,
                "search for the account: the server reached one of its limits");
    facts.problems[STEP_ACCOUNT] = (struct problem){0};
    facts.problems[STEP_DOMAIN] = (struct problem){.kind = PROBLEM_TIMEOUT};
    judge_anew();
    assert_only(NDES_LDAP_TIMEOUT, STATE_CRITICAL, "domain of the account: no answer in time");
    facts.problems[STEP_DOMAIN] = (struct problem){.kind = PROBLEM_DENIED};
    facts.searched = true;
    judge_anew();
    assert_finding(NDES_LDAP_DENIED, STATE_UNKNOWN, "domain of the account");
    assert_finding(NDES_ACCT_MISSING, STATE_CRITICAL, "no such account");
    assert_findings(2);
}

static void test_groups_noted(void **state)
{
    (void)state;
    facts.groups.source = GROUPS_BY_CHAIN;
    facts.groups.hidden = true;
    facts.groups.token.complete = false;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN,
                "the right to read tokenGroups: put it into Windows Authorization Access Group, or "
                "use --posture=off");
    assert_note("3 SIDs by member-of-in-chain, as tokenGroups is not visible");
    facts.groups.source = GROUPS_BY_NAME;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "the right to read tokenGroups");
    facts.groups.hidden = false;
    judge_anew();
    assert_findings(0);
    assert_note("[OK] not directly in a group of administrators, by their names");
    assert_note("3 SIDs without most groups: no search was left");
    facts.groups.source = GROUPS_BY_TOKEN;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "the list (tokenGroups) is cut off or damaged");
    assert_note("3 SIDs by tokenGroups; not complete");
    for (int i = 0; i < 20; i++) { /* more than a line holds */
        char sid[64];

        text_format(sid, sizeof sid, DOMAIN_SID "%d", 20000 + i);
        add_group(&facts.groups, sid);
    }
    judge_anew();
    assert_note("23 SIDs by tokenGroups");
    assert_note("S-1-5-21-1-2-3-20012");
    assert_false(has_note("S-1-5-21-1-2-3-20019"));
    facts.account.sid.length = 0;
    facts.groups.source = GROUPS_NOT_ASKED;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "not checked, as objectSid is not visible");
    assert_note("SID not visible");
    assert_false(has_note("SIDs"));
}

#define JUDGING(test) cmocka_unit_test_setup_teardown(test, start_healthy, end_healthy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JUDGING(test_healthy),   JUDGING(test_summaries),    JUDGING(test_missing),
        JUDGING(test_ambiguous), JUDGING(test_no_account),   JUDGING(test_unreadable),
        JUDGING(test_domains),   JUDGING(test_not_reached),  JUDGING(test_slow),
        JUDGING(test_failures),  JUDGING(test_groups_noted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
