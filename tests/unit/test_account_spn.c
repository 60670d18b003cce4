/* test_account_spn.c - tests of check_ndes_account's judge: who has the SPNs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "account_facts.h"
#include "common/base/text.h"
#include "judging.h"

#define SPN "HTTP/ndes.example.com"

static int start_spn(void **state)
{
    start_healthy(state);
    facts.spn_count = 1;
    text_copy(facts.spns[0].name, sizeof facts.spns[0].name, SPN);
    return 0;
}

static void add_other(const char *name, const char *dn)
{
    struct spn_facts *spn = &facts.spns[0];
    struct other_facts *other = &spn->others[spn->other_count++];

    text_copy(other->name, sizeof other->name, name);
    text_copy(other->dn, sizeof other->dn, dn);
}

static void test_own(void **state)
{
    (void)state;
    facts.spns[0].own = true;
    judge_anew();
    assert_findings(0);
    assert_note("[OK] " SPN " is on the account, and on no other");
    assert_note("SPNs were searched for in DC=example,DC=com only");
    facts.catalog = true;
    judge_anew();
    assert_false(has_note("alone"));
    facts.spn_count = 0;
    facts.catalog = false;
    judge_anew();
    assert_false(has_note("alone"));
}

static void test_missing(void **state)
{
    (void)state;
    judge_anew();
    assert_only(NDES_ACCT_SPN, STATE_WARNING, SPN " is on no account, wanted on " NAME);
}

static void test_elsewhere(void **state)
{
    (void)state;
    add_other("NDES01$", "CN=NDES01,DC=x");
    judge_anew();
    assert_only(NDES_ACCT_SPN, STATE_WARNING,
                SPN " is on NDES01$ (CN=NDES01,DC=x), wanted on " NAME);
    facts.spns[0].by_host = true; /* what is written down comes before what HOST/ stands for */
    judge_anew();
    assert_only(NDES_ACCT_SPN, STATE_WARNING, "wanted on");
}

static void test_twice(void **state)
{
    (void)state;
    facts.spns[0].own = true;
    add_other("NDES01$", "CN=NDES01");
    add_other("", "CN=nameless");
    add_other("c", "CN=c");
    judge_anew();
    assert_only(NDES_ACCT_SPN, STATE_WARNING,
                SPN " is on " NAME ", but also on NDES01$ (CN=NDES01), an account without a name "
                    "(CN=nameless), c (CN=c): Kerberos fails");
    facts.spns[0].other_count = 5;
    judge_anew();
    assert_only(NDES_ACCT_SPN, STATE_WARNING, "c (CN=c) and 2 more");
}

static void test_by_host(void **state)
{
    (void)state;
    make_computer();
    facts.spns[0].by_host = true;
    judge_anew();
    assert_findings(0);
    assert_note("[OK] " SPN " is on no account; HOST/ of the computer covers it");
}

#define JUDGING(test) cmocka_unit_test_setup_teardown(test, start_spn, end_healthy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JUDGING(test_own),   JUDGING(test_missing), JUDGING(test_elsewhere),
        JUDGING(test_twice), JUDGING(test_by_host),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
