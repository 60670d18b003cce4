/* test_template_access.c - tests of check_ndes_template's judge: whether the account may enrol.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/text.h"
#include "judging.h"
#include "template_facts.h"

static void test_granted(void **state)
{
    (void)state;
    judge_anew();
    assert_findings(0);
    assert_note("[OK] NDESTEST\\svc-ndes may read NDESDevice: granted by ACE 3 of 3: allows "
                "LCRPLORC to S-1-5-11 (Authenticated Users), a group of the account");
    assert_note("[OK] NDESTEST\\svc-ndes may enrol on NDESDevice: granted by ACE 1 of 3: allows "
                "RPWPCR (Enroll) to " GROUP_SID " (NDESTEST\\ndes-enroll), a group of the account");
    clear_aces();
    add_ace(ACE_ALLOWED, RIGHT_GA, NULL, ACCOUNT_SID);
    options.posture = false;
    judge_anew();
    assert_findings(0);
    assert_note("may enrol on NDESDevice: granted by ACE 1 of 1: allows GA to " ACCOUNT_SID
                " (NDESTEST\\svc-ndes)");
    assert_false(has_note("a group of the account"));
}

static void test_denied(void **state)
{
    (void)state;
    clear_aces();
    add_ace(ACE_ALLOWED, RIGHT_GR, NULL, "S-1-5-11");
    add_ace(ACE_DENIED_OBJECT, RIGHT_CR, &GUID_ENROLL, DOMAIN_SID "-513");
    add_ace(ACE_ALLOWED_OBJECT, RIGHT_CR, &GUID_ENROLL, GROUP_SID);
    judge_anew();
    assert_only(NDES_TMPL_NOENROLL, STATE_CRITICAL,
                "template NDESDevice: NDESTEST\\svc-ndes lacks Enroll (denied by ACE 2 of 3 to "
                "NDESTEST\\Domain Users)");
    assert_note("Enroll of NDESTEST\\svc-ndes on NDESDevice: denied by ACE 2 of 3: denies CR "
                "(Enroll) to " DOMAIN_SID "-513 (NDESTEST\\Domain Users), a group of the account");
    assert_note("[OK] NDESTEST\\svc-ndes may read NDESDevice");
}

static void test_lacking(void **state)
{
    (void)state;
    clear_aces();
    add_ace(ACE_ALLOWED_OBJECT, RIGHT_RP | RIGHT_WP | RIGHT_CR, &GUID_ENROLL, GROUP_SID);
    judge_anew();
    assert_only(NDES_TMPL_NOENROLL, STATE_CRITICAL, "lacks Read (no ACE of 1 grants it)");
    add_ace(ACE_ALLOWED_OBJECT, RIGHT_CR, &GUID_AUTOENROLL, ACCOUNT_SID);
    the_template()->descriptor.aces[0].trustee = sid_of(OTHER_SID);
    judge_anew();
    assert_only(NDES_TMPL_NOENROLL, STATE_CRITICAL,
                "Read (no ACE of 2 grants it) and Enroll (no ACE of 2 grants it)");
    clear_aces();
    judge_anew();
    assert_only(NDES_TMPL_NOENROLL, STATE_CRITICAL,
                "Read (the access control list is empty) and Enroll (the access control list is");
}

/* With groups missing a "no" is unsure where another ACE could say "yes" first, and the other way
 * round. */
static void test_incomplete_token(void **state)
{
    (void)state;
    facts.account.token.token.complete = false;
    facts.account.token.hidden = true;
    judge_anew();
    assert_findings(0);
    assert_note("tokenGroups of NDESTEST\\svc-ndes is not visible");
    assert_false(has_note("a group that is not visible"));
    add_ace(ACE_ALLOWED_OBJECT, RIGHT_CR, &GUID_ENROLL, GROUP_SID);
    the_template()->descriptor.aces[0].type = ACE_DENIED_OBJECT;
    the_template()->descriptor.aces[0].trustee = sid_of(OTHER_SID);
    judge_anew();
    assert_findings(0);
    assert_note("[OK] NDESTEST\\svc-ndes may enrol on NDESDevice: granted by ACE 4 of 4: allows CR "
                "(Enroll) to " GROUP_SID " (NDESTEST\\ndes-enroll), a group of the account; a "
                "group that is not visible may be denied it");
    the_template()->descriptor.ace_count--;
    the_template()->descriptor.aces[0].type = ACE_ALLOWED_OBJECT;
    the_template()->descriptor.aces[0].trustee = sid_of(OTHER_SID);
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN,
                "template NDESDevice: not all groups of NDESTEST\\svc-ndes are visible, and by "
                "those that are it lacks Enroll (no ACE of 3 grants it): the monitoring account "
                "needs to read its tokenGroups");
    the_template()->descriptor.aces[0].type = ACE_DENIED_OBJECT;
    the_template()->descriptor.aces[0].trustee = sid_of(GROUP_SID);
    judge_anew();
    assert_only(NDES_TMPL_NOENROLL, STATE_CRITICAL,
                "Enroll (denied by ACE 1 of 3 to "
                "NDESTEST\\ndes-enroll)");
    clear_aces();
    add_ace(ACE_ALLOWED, RIGHT_GR, NULL, "S-1-5-11");
    add_ace(ACE_ALLOWED, RIGHT_CR, NULL, OTHER_SID); /* comes first, if it is his */
    add_ace(ACE_DENIED, RIGHT_CR, NULL, GROUP_SID);
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN,
                "it lacks Enroll (denied by ACE 3 of 3 to NDESTEST\\ndes-enroll): the monitoring");
    the_template()->descriptor.aces[1].mask = RIGHT_WP; /* nobody has it */
    options.posture = false;
    judge_anew();
    assert_only(NDES_TMPL_NOENROLL, STATE_CRITICAL, "Enroll (denied by ACE 3 of 3");
    problem_set(&facts.account.token_problem, PROBLEM_DENIED, "00002098");
    judge_anew();
    assert_note("groups of NDESTEST\\svc-ndes: the search is not allowed (00002098)");
}

static void test_conditional(void **state)
{
    (void)state;
    the_template()->descriptor.aces[0].type = ACE_ALLOWED_CALLBACK_OBJECT;
    judge_anew();
    assert_only(NDES_LDAP_DESCRIPTOR, STATE_UNKNOWN,
                "template NDESDevice: it is not certain whether NDESTEST\\svc-ndes has Enroll "
                "(conditional by ACE 1 of 3 to NDESTEST\\ndes-enroll)");
}

static void test_descriptor(void **state)
{
    (void)state;
    the_template()->descriptor_problem = "an ACE beyond its list";
    judge_anew();
    assert_only(NDES_LDAP_DESCRIPTOR, STATE_UNKNOWN,
                "the descriptor of template NDESDevice: an ACE beyond its list");
    the_template()->has_descriptor = false;
    the_template()->descriptor_problem = NULL;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN,
                "the permissions of template NDESDevice are not visible");
}

static void test_account(void **state)
{
    struct enrollee_facts *account = &facts.account;

    (void)state;
    account->visibility = ACCOUNT_MISSING;
    judge_anew();
    assert_only(NDES_ACCT_MISSING, STATE_CRITICAL,
                "no account NDESTEST\\svc-ndes in DC=ndes,DC=test");
    assert_false(has_note("may enrol"));
    account->visibility = ACCOUNT_AMBIGUOUS;
    account->count = 2;
    text_copy(account->namesakes[0], sizeof account->namesakes[0], "CN=a,DC=ndes,DC=test");
    text_copy(account->namesakes[1], sizeof account->namesakes[1], "CN=b,DC=ndes,DC=test");
    judge_anew();
    assert_only(NDES_ACCT_AMBIGUOUS, STATE_UNKNOWN,
                "NDESTEST\\svc-ndes: 2 accounts have this name: CN=a,DC=ndes,DC=test; "
                "CN=b,DC=ndes,DC=test");
    account->count = 4;
    text_copy(account->namesakes[2], sizeof account->namesakes[2], "CN=c,DC=ndes,DC=test");
    judge_anew();
    assert_only(NDES_ACCT_AMBIGUOUS, STATE_UNKNOWN, "4 accounts have this name: CN=a");
    account->visibility = ACCOUNT_NO_DOMAIN;
    judge_anew();
    assert_only(NDES_ACCT_MISSING, STATE_UNKNOWN,
                "NDESTEST\\svc-ndes: the forest has no domain NDESTEST");
    account->visibility = ACCOUNT_ELSEWHERE;
    text_copy(account->dns, sizeof account->dns, "child.ndes.test");
    judge_anew();
    assert_only(NDES_LDAP_REFERRAL, STATE_UNKNOWN,
                "NDESTEST\\svc-ndes belongs to domain child.ndes.test, which this domain "
                "controller does not serve: ask one that does, with --domain child.ndes.test");
    options.account_name.form = FORM_SID;
    judge_anew();
    assert_only(NDES_LDAP_REFERRAL, STATE_UNKNOWN, "ask one that does, with -H or --domain");
    account->visibility = ACCOUNT_UNCLEAR;
    judge_anew();
    assert_only(NDES_LDAP_REFERRAL, STATE_UNKNOWN,
                "it belongs to another domain (child.ndes.test), or does not exist");
    account->visibility = ACCOUNT_HIDDEN;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "the SID of NDESTEST\\svc-ndes is not visible");
    account->visibility = ACCOUNT_NOT_LOOKED_FOR;
    problem_set(&account->problem, PROBLEM_DENIED, "00002098");
    the_template()->name_flags = 0; /* all else is judged */
    judge_anew();
    assert_finding(NDES_LDAP_DENIED, STATE_UNKNOWN, "account: ");
    assert_finding(NDES_TMPL_SUBJECT, STATE_CRITICAL, "");
    assert_findings(2);
    problem_set(&account->problem, PROBLEM_BROKEN, "x"); /* is told once, as fatal */
    facts.fatal = account->problem;
    judge_anew();
    assert_finding(NDES_LDAP_BROKEN, STATE_UNKNOWN, "directory: ");
    options.ldap.settings.domain = "ndes.test";
    judge_anew();
    assert_finding(NDES_LDAP_BROKEN, STATE_UNKNOWN, "ndes.test: ");
    options.ldap.settings.server_count = 1;
    text_copy(options.ldap.settings.servers[0].host, 16, "dc1.ndes.test");
    judge_anew();
    assert_finding(NDES_LDAP_BROKEN, STATE_UNKNOWN, "dc1.ndes.test: ");
    text_copy(facts.statistics.server, sizeof facts.statistics.server, "dc2.ndes.test port 389");
    judge_anew();
    assert_finding(NDES_LDAP_BROKEN, STATE_UNKNOWN, "dc2.ndes.test port 389: ");
    assert_findings(2);
}

static void test_names(void **state)
{
    char text[300];
    struct sid sid = sid_of(OTHER_SID);

    (void)state;
    assert_null(template_trustee_known(&options, &facts, &sid, text, sizeof text));
    template_trustee_text(&options, &facts, &sid, text, sizeof text);
    assert_string_equal(text, OTHER_SID);
    sid = sid_of(DOMAIN_SID "-515");
    template_trustee_text(&options, &facts, &sid, text, sizeof text);
    assert_string_equal(text, "NDESTEST\\Domain Computers");
    sid = sid_of("S-1-5-21-4-5-6-515"); /* another domain's */
    template_trustee_text(&options, &facts, &sid, text, sizeof text);
    assert_string_equal(text, "Domain Computers");
    sid = sid_of("S-1-5-32-545");
    template_trustee_text(&options, &facts, &sid, text, sizeof text);
    assert_string_equal(text, "BUILTIN\\Users");
    facts.trustees[1].sid = sid = sid_of(OTHER_SID);
    text_copy(facts.trustees[1].name, sizeof facts.trustees[1].name, "helpdesk");
    facts.trustee_count = 2;
    template_trustee_text(&options, &facts, &sid, text, sizeof text);
    assert_string_equal(text, "NDESTEST\\helpdesk");
    text_copy(facts.trustees[1].name, sizeof facts.trustees[1].name, "CHILD\\helpdesk");
    template_trustee_text(&options, &facts, &sid, text, sizeof text);
    assert_string_equal(text, "CHILD\\helpdesk");
    text_copy(facts.trustees[1].name, sizeof facts.trustees[1].name, "helpdesk");
    options.account = ACCOUNT_SID;
    assert_null(account_name_parse(options.account, &options.account_name));
    template_trustee_text(&options, &facts, &sid, text, sizeof text);
    assert_string_equal(text, "helpdesk");
    assert_string_equal(template_account_label(&options, &facts), "svc-ndes");
    facts.account.name[0] = '\0';
    assert_string_equal(template_account_label(&options, &facts), ACCOUNT_SID);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start_healthy, end_healthy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_granted),          TEST(test_denied),      TEST(test_lacking),
        TEST(test_incomplete_token), TEST(test_conditional), TEST(test_descriptor),
        TEST(test_account),          TEST(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
