/* test_account_posture.c - tests of check_ndes_account's judge: what is dangerous, not broken.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "account_facts.h"
#include "common/base/text.h"
#include "judging.h"

static void test_flags(void **state)
{
    static const struct {
        uint32_t flag;
        const char *part;
    } cases[] = {
        {0x20, "PASSWD_NOTREQD"},
        {0x80000, "TRUSTED_FOR_DELEGATION, unconstrained"},
        {0x200000, "USE_DES_KEY_ONLY"},
        {0x400000, "DONT_REQ_PREAUTH"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        facts.account.control = 0x200 | cases[i].flag;
        judge_anew();
        assert_only(NDES_ACCT_FLAGS, STATE_WARNING, cases[i].part);
        assert_false(has_note("no dangerous flag"));
    }
    facts.account.control = 0x680220;
    judge_anew();
    assert_findings(4);
    options.posture = false;
    judge_anew();
    assert_findings(0);
    assert_false(has_note("[OK] in no group"));
}

/* Never expires, smart card, not delegated, trusted to authenticate: none of our business. */
static void test_harmless(void **state)
{
    (void)state;
    facts.account.control = 0x1150200;
    judge_anew();
    assert_findings(0);
    make_gmsa();
    judge_anew();
    assert_findings(0);
    facts.account.control = 0x1020; /* as of a computer account that was made by hand */
    judge_anew();
    assert_findings(0);
}

static void test_controller(void **state)
{
    (void)state;
    make_computer();
    facts.account.control = 0x82000;
    judge_anew();
    assert_findings(0);
    facts.account.control = 0x81000;
    judge_anew();
    assert_only(NDES_ACCT_FLAGS, STATE_WARNING, "unconstrained");
}

static void test_privileged(void **state)
{
    static const struct {
        const char *sid;
        const char *name;
    } cases[] = {
        {DOMAIN_SID "512", "Domain Admins"},
        {DOMAIN_SID "518", "Schema Admins"},
        {"S-1-5-21-7-7-7-519", "Enterprise Admins"},
        {DOMAIN_SID "526", "Key Admins"},
        {DOMAIN_SID "527", "Enterprise Key Admins"},
        {"S-1-5-32-544", "BUILTIN\\Administrators"},
        {"S-1-5-32-548", "BUILTIN\\Account Operators"},
        {"S-1-5-32-549", "BUILTIN\\Server Operators"},
        {"S-1-5-32-550", "BUILTIN\\Print Operators"},
        {"S-1-5-32-551", "BUILTIN\\Backup Operators"},
    };
    char message[400];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        token_free(&facts.groups.token);
        add_group(&facts.groups, DOMAIN_SID "513");
        add_group(&facts.groups, cases[i].sid);
        text_format(message, sizeof message, NAME " is in %s, directly or through other groups",
                    cases[i].name);
        judge_anew();
        assert_only(NDES_ACCT_PRIVILEGED, STATE_WARNING, message);
    }
    add_group(&facts.groups, DOMAIN_SID "512");
    judge_anew();
    assert_only(NDES_ACCT_PRIVILEGED, STATE_WARNING, "BUILTIN\\Backup Operators, Domain Admins");
    assert_only(NDES_ACCT_PRIVILEGED, STATE_WARNING, "its direct groups: not visible");
    text_copy(facts.direct_groups, sizeof facts.direct_groups, "Domain Users (primary), inner");
    judge_anew();
    assert_only(NDES_ACCT_PRIVILEGED, STATE_WARNING, "groups: Domain Users (primary), inner");
    facts.more_groups = 7;
    judge_anew();
    assert_only(NDES_ACCT_PRIVILEGED, STATE_WARNING, "Domain Users (primary), inner and 7 more");
}

/* The numbers count in a domain only, and domain controllers are what they are. */
static void test_ordinary(void **state)
{
    (void)state;
    add_group(&facts.groups, "S-1-5-32-512");
    add_group(&facts.groups, DOMAIN_SID "516");
    add_group(&facts.groups, DOMAIN_SID "5120");
    add_group(&facts.groups, "S-1-5-11");
    judge_anew();
    assert_findings(0);
}

#define JUDGING(test) cmocka_unit_test_setup_teardown(test, start_healthy, end_healthy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JUDGING(test_flags),      JUDGING(test_harmless), JUDGING(test_controller),
        JUDGING(test_privileged), JUDGING(test_ordinary),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
