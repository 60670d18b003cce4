/* test_account_state.c - tests of check_ndes_account's judge: can the account sign in, now and
 * soon?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "account_facts.h"
#include "judging.h"

static void test_disabled(void **state)
{
    (void)state;
    facts.account.control |= UAC_DISABLED;
    judge_anew();
    assert_only(NDES_ACCT_DISABLED, STATE_CRITICAL, NAME ": the account is disabled");
    assert_false(has_note("[OK] enabled"));
}

static void test_locked(void **state)
{
    (void)state;
    facts.account.computed = UAC_LOCKED;
    judge_anew();
    assert_only(NDES_ACCT_LOCKED, STATE_CRITICAL, NAME ": locked");
    facts.account.lockout = FILETIME_SET;
    facts.account.lockout_at = NOW - 3480;
    facts.account.bad_passwords = 7;
    judge_anew();
    assert_only(NDES_ACCT_LOCKED, STATE_CRITICAL,
                NAME ": locked since 2026-11-22 23:02 UTC, 7 bad passwords");
    assert_true(metric_of("bad_passwords")->value == 7);
    facts.account.bad_passwords = 1;
    judge_anew();
    assert_only(NDES_ACCT_LOCKED, STATE_CRITICAL, "UTC, 1 bad password");
    facts.account.has_bad_passwords = false;
    judge_anew();
    assert_string_equal(finding_of(NDES_ACCT_LOCKED, 0)->message,
                        NAME ": locked since 2026-11-22 23:02 UTC");
    assert_false(has_metric("bad_passwords"));
}

/* lockoutTime stays when the lockout is over. */
static void test_old_lockout(void **state)
{
    (void)state;
    facts.account.lockout = FILETIME_SET;
    facts.account.lockout_at = NOW - DAY;
    facts.account.bad_passwords = 2;
    judge_anew();
    assert_findings(0);
    assert_note("[OK] not locked; the lockout of 2026-11-22 00:00 UTC is over, 2 bad passwords");
    facts.account.lockout = FILETIME_ZERO;
    judge_anew();
    assert_note("[OK] not locked, 2 bad passwords");
}

static void set_password_end(int64_t end)
{
    facts.account.password_end = FILETIME_SET;
    facts.account.password_end_at = end;
    facts.account.computed = end <= NOW ? UAC_PASSWORD_EXPIRED : 0;
    judge_anew();
}

static void test_password_limits(void **state)
{
    (void)state;
    set_password_end(NOW + 14 * DAY);
    assert_findings(0);
    set_password_end(NOW + 14 * DAY - 1);
    assert_only(NDES_ACCT_PASSWORD, STATE_WARNING,
                NAME ": password expires in 13 days (2026-12-06 23:59 UTC; wanted 14:)");
    set_password_end(NOW + 3 * DAY);
    assert_only(NDES_ACCT_PASSWORD, STATE_WARNING, "expires in 3 days");
    set_password_end(NOW + 3 * DAY - 1);
    assert_only(NDES_ACCT_PASSWORD, STATE_CRITICAL, "wanted 3:");
    set_password_end(NOW + 36 * HOUR);
    assert_only(NDES_ACCT_PASSWORD, STATE_CRITICAL, "expires in 36 hours");
    set_password_end(NOW);
    assert_only(NDES_ACCT_PASSWORD, STATE_CRITICAL,
                "password expired, according to the domain controller");
    facts.account.computed = 0; /* the last second */
    judge_anew();
    assert_only(NDES_ACCT_PASSWORD, STATE_CRITICAL, "expires in 0 minutes");
    set_password_end(NOW - 1);
    assert_only(NDES_ACCT_PASSWORD, STATE_CRITICAL, "password expired 0 minutes ago");
    set_password_end(NOW - 3 * DAY);
    assert_only(NDES_ACCT_PASSWORD, STATE_CRITICAL,
                NAME ": password expired 3 days ago (2026-11-20 00:00 UTC)");
    assert_true(metric_of("password_days")->value == -3);
}

/* Whatever limits say, what has expired is CRITICAL; the domain controller's word counts, too. */
static void test_password_expired(void **state)
{
    (void)state;
    assert_null(limit_parse("~:", &options.warning));
    assert_null(limit_parse("~:", &options.critical));
    set_password_end(NOW - DAY);
    assert_only(NDES_ACCT_PASSWORD, STATE_CRITICAL, "password expired 24 hours ago");
    facts.account.computed = 0; /* just now */
    judge_anew();
    assert_only(NDES_ACCT_PASSWORD, STATE_CRITICAL, "password expired 24 hours ago");
    set_password_end(NOW + DAY);
    assert_findings(0);
    facts.account.computed = UAC_PASSWORD_EXPIRED;
    judge_anew();
    assert_only(NDES_ACCT_PASSWORD, STATE_CRITICAL,
                NAME ": password expired, according to the domain controller");
    facts.account.password_end = FILETIME_NEVER;
    judge_anew();
    assert_only(NDES_ACCT_PASSWORD, STATE_CRITICAL, "according to the domain controller");
}

static void test_must_change(void **state)
{
    (void)state;
    facts.account.password_end = FILETIME_ZERO;
    facts.account.password_set = FILETIME_ZERO;
    facts.account.computed = UAC_PASSWORD_EXPIRED;
    judge_anew();
    assert_only(NDES_ACCT_PASSWORD, STATE_CRITICAL,
                NAME ": the password must be changed at the next logon");
    assert_false(has_metric("password_days"));
    facts.account.password_set = FILETIME_ABSENT;
    judge_anew();
    assert_only(NDES_ACCT_PASSWORD, STATE_CRITICAL, "must be changed");
    facts.account.password_end = FILETIME_ABSENT;
    facts.account.password_set = FILETIME_ZERO;
    judge_anew();
    assert_finding(NDES_ACCT_PASSWORD, STATE_CRITICAL, "must be changed");
    assert_finding(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "msDS-UserPasswordExpiryTimeComputed");
}

/* A password that never expires need not be changed, whatever pwdLastSet says. */
static void test_never(void **state)
{
    (void)state;
    facts.account.password_end = FILETIME_NEVER;
    facts.account.password_set = FILETIME_ZERO;
    judge_anew();
    assert_findings(0);
    assert_note("[OK] password never expires");
    facts.account.password_end = FILETIME_ABSENT;
    facts.account.control |= UAC_PASSWORD_NEVER_EXPIRES;
    judge_anew();
    assert_findings(0);
    assert_note("[OK] password never expires");
}

static void set_account_end(int64_t end)
{
    facts.account.end = FILETIME_SET;
    facts.account.end_at = end;
    judge_anew();
}

static void test_account_end(void **state)
{
    (void)state;
    set_account_end(NOW + 14 * DAY);
    assert_findings(0);
    assert_note("[OK] account expires in 14 days");
    set_account_end(NOW + 13 * DAY);
    assert_only(NDES_ACCT_EXPIRED, STATE_WARNING, NAME ": account expires in 13 days");
    set_account_end(NOW + 2 * DAY);
    assert_only(NDES_ACCT_EXPIRED, STATE_CRITICAL, "(2026-11-25 00:00 UTC; wanted 3:)");
    set_account_end(NOW - 50 * HOUR);
    assert_only(NDES_ACCT_EXPIRED, STATE_CRITICAL, NAME ": account expired 2 days ago");
    assert_true(metric_of("account_days")->value < -2);
    make_gmsa(); /* it may expire like any account */
    judge_anew();
    assert_only(NDES_ACCT_EXPIRED, STATE_CRITICAL, "account expired 2 days ago");
    facts.account.end = FILETIME_ZERO;
    judge_anew();
    assert_findings(0);
    assert_note("[OK] account never expires");
}

static void test_several(void **state)
{
    (void)state;
    facts.account.control |= UAC_DISABLED;
    set_account_end(NOW - DAY);
    set_password_end(NOW - DAY);
    facts.account.computed |= UAC_LOCKED;
    judge_anew();
    assert_findings(4);
}

static void test_hidden(void **state)
{
    (void)state;
    facts.account.has_control = false;
    facts.account.control = 0;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN,
                NAME ": not visible to the monitoring account: userAccountControl; it needs the "
                     "right to read the account's Account Restrictions");
    assert_false(has_note("[OK] enabled"));
    assert_false(has_note("dangerous flag"));
    assert_note("[OK] not locked");
    facts.account.has_computed = false;
    facts.account.password_end = FILETIME_ABSENT;
    facts.account.end = FILETIME_ABSENT;
    facts.account.password_set = FILETIME_ABSENT;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN,
                "userAccountControl, msDS-User-Account-Control-Computed, "
                "msDS-UserPasswordExpiryTimeComputed, accountExpires;");
    assert_false(has_note("locked"));
    assert_false(has_note("never expires"));
    make_computer();
    facts.account.has_control = true;
    facts.account.password_end = FILETIME_ABSENT;
    facts.account.has_computed = true;
    facts.account.end = FILETIME_NEVER;
    judge_anew();
    assert_findings(0); /* the end of a password that renews itself is not missed */
}

/* A global catalog has userAccountControl and little else. */
static void test_catalog(void **state)
{
    (void)state;
    facts.catalog = true;
    facts.account.has_computed = false;
    facts.account.password_end = FILETIME_ABSENT;
    facts.account.end = FILETIME_ABSENT;
    facts.account.password_set = FILETIME_ABSENT;
    judge_anew();
    assert_findings(0);
    assert_string_equal(judged.summary, NAME " enabled");
    assert_note("asked a global catalog");
    facts.groups.token.complete = false;
    facts.groups.hidden = true;
    judge_anew();
    assert_findings(0);
    assert_note("not in any administrative group that the global catalog has");
    facts.account.has_control = false;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, ": userAccountControl;");
}

#define JUDGING(test) cmocka_unit_test_setup_teardown(test, start_healthy, end_healthy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JUDGING(test_disabled),        JUDGING(test_locked),           JUDGING(test_old_lockout),
        JUDGING(test_password_limits), JUDGING(test_password_expired), JUDGING(test_must_change),
        JUDGING(test_never),           JUDGING(test_account_end),      JUDGING(test_several),
        JUDGING(test_hidden),          JUDGING(test_catalog),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
