/* test_template_ca_judge.c - tests of check_ndes_template's judge: CAs and what they publish.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/text.h"
#include "judging.h"
#include "template_facts.h"

static void set_days_left(int64_t days)
{
    facts.cas[0].newest.not_after = NOW + days * DAY;
}

static void test_no_such_ca(void **state)
{
    (void)state;
    options.ca_name = "LAB Isuing CA";
    judge_anew();
    assert_only(NDES_TMPL_NOCA, STATE_CRITICAL,
                "no CA 'LAB Isuing CA'; there is: 'LAB Issuing CA'");
    assert_false(has_metric("ca_days"));
    assert_note("template NDESDevice is published on 'LAB Issuing CA'");
    assert_false(has_note("[OK] template NDESDevice is published"));
    for (int i = 2; i < 8; i++)
        add_ca("Other CA", 400);
    judge_anew();
    assert_only(NDES_TMPL_NOCA, STATE_CRITICAL,
                "there are: 'LAB Issuing CA', 'Other CA', 'Other CA', 'Other CA', 'Other CA' and 2 "
                "more");
    assert_note("template NDESDevice is published on 'LAB Issuing CA', 'Other CA', 'Other CA', "
                "'Other CA', 'Other CA' and 2 more");
    facts.cas_dropped = 3;
    judge_anew();
    assert_note("not checked: 3 more CAs");
    facts.ca_count = 5;
    judge_anew();
    assert_false(has_note(" more of"));
    problem_set(&facts.names_problem, PROBLEM_DENIED, "00002098"); /* so it may be there */
    judge_anew();
    assert_only(NDES_LDAP_DENIED, STATE_UNKNOWN, "names of CAs: ");
    assert_note("CA 'LAB Isuing CA' was not found");
    problem_set(&facts.fatal, PROBLEM_TIMEOUT, "dc1");
    judge_anew();
    assert_only(NDES_LDAP_TIMEOUT, STATE_CRITICAL, "dc1");
    assert_note("CA 'LAB Isuing CA' was not found");
}

/* Among those that were not looked at may be the one that publishes. */
static void test_too_many(void **state)
{
    (void)state;
    facts.cas[0].publishes[0] = false;
    facts.cas_dropped = 2;
    judge_anew();
    assert_finding(NDES_TMPL_UNPUBLISHED, STATE_UNKNOWN, "none of 1 CAs, but there are 2 more");
    facts.cas_dropped = 0;
    judge_anew();
    assert_finding(NDES_TMPL_UNPUBLISHED, STATE_CRITICAL, "on no CA (1 asked)");
}

static void test_no_ca_at_all(void **state)
{
    (void)state;
    facts.ca_count = 0;
    judge_anew();
    assert_only(NDES_TMPL_NOCA, STATE_CRITICAL, "no enterprise CA is visible in Active Directory");
    options.ca_name = "X";
    judge_anew();
    assert_only(NDES_TMPL_NOCA, STATE_CRITICAL, "Active Directory, wanted 'X'");
}

static void test_named(void **state)
{
    (void)state;
    add_ca("Old CA", 10);
    options.ca_name = "lab issuing ca";
    judge_anew();
    assert_findings(0);
    assert_true(metric_of("ca_days")->value == 1200);
    assert_string_equal(judged.summary,
                        "NDESDevice published on LAB Issuing CA, NDESTEST\\svc-ndes may enrol; CA "
                        "certificate expires in 1200 days");
    facts.cas[0].publishes[0] = false;
    judge_anew();
    assert_only(NDES_TMPL_UNPUBLISHED, STATE_CRITICAL,
                "template NDESDevice is not published on CA 'LAB Issuing CA' (which publishes 3 "
                "others), but on 'Old CA'");
    facts.cas[1].publishes[0] = false;
    judge_anew();
    assert_only(NDES_TMPL_UNPUBLISHED, STATE_CRITICAL, "(which publishes 3 others)");
    facts.cas[0].shown = false;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN,
                "CA 'LAB Issuing CA' exists, but what it publishes and its certificate are not");
    assert_note("whether template NDESDevice is published on CA 'LAB Issuing CA' is not visible");
}

static void test_any(void **state)
{
    (void)state;
    add_ca("Other CA", 400)->publishes[0] = false;
    judge_anew();
    assert_findings(0);
    assert_true(metric_of("ca_days")->value == 1200);
    facts.cas[1].publishes[0] = true;
    judge_anew();
    assert_note("[OK] template NDESDevice is published on 'LAB Issuing CA', 'Other CA'");
    assert_note("CA 'Other CA' is not checked: expires in 400 days (2027-12-28 00:00 UTC)");
    assert_true(metric_of("ca_days")->value == 1200);
    facts.cas[0].publishes[0] = facts.cas[1].publishes[0] = false;
    judge_anew();
    assert_only(NDES_TMPL_UNPUBLISHED, STATE_CRITICAL,
                "template NDESDevice is published on no CA (2 asked)");
    facts.cas[1].shown = false;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN,
                "template NDESDevice is published on no visible CA, but CA 'Other CA' is");
    assert_false(has_metric("ca_days"));
}

/* A CA that others can do without may have expired; the one that lasts longest counts, and comes
 * first. */
static void test_best(void **state)
{
    (void)state;
    facts.cas[0].newest.not_after = NOW - 3 * DAY;
    facts.cas[0].in_ntauth = false;
    facts.cas[0].publishes_ra[RA_CEP_ENCRYPTION] = true;
    add_ca("New CA", 3000);
    add_ca("Unseen CA", 0)->has_certificate = false;
    options.require_ntauth = true;
    judge_anew();
    assert_findings(0);
    assert_note("[OK] template NDESDevice is published on 'New CA', 'LAB Issuing CA', 'Unseen CA'");
    assert_note(
        "CA 'LAB Issuing CA' is not checked: its certificate expired 3 days ago (2026-11-20");
    assert_note("CA 'Unseen CA' is not checked: its certificate is not visible");
    assert_true(metric_of("ca_days")->value == 3000);
    assert_string_equal(judged.summary, "NDESDevice published on 3 CAs, NDESTEST\\svc-ndes may "
                                        "enrol; CA certificate expires in 3000 days");
    facts.cas[1].publishes[0] = false;
    judge_anew();
    assert_finding(NDES_CA_EXPIRED, STATE_CRITICAL, "LAB Issuing CA");
    assert_finding(NDES_TMPL_NTAUTH, STATE_CRITICAL, "LAB Issuing CA");
    assert_finding(NDES_TMPL_RALEFT, STATE_WARNING, "LAB Issuing CA");
    assert_findings(3);
    facts.cas[0].publishes[0] = false;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "CA 'Unseen CA': none of its certificates");
}

/* Each template has a CA of its own. */
static void test_best_of_each(void **state)
{
    (void)state;
    add_template("NDESSign");
    add_ca("Other CA", 50)->publishes[0] = false;
    facts.cas[0].publishes[1] = false;
    the_template()->validity = facts.templates[1].template.validity = 0;
    judge_anew();
    assert_only(NDES_CA_EXPIRING, STATE_WARNING, "certificate of CA 'Other CA' expires in 50 days");
    assert_note("[OK] certificate of CA 'LAB Issuing CA': expires in 1200 days");
    assert_true(metric_of("ca_days")->value == 50);
}

static void test_certificate(void **state)
{
    (void)state;
    the_template()->validity = 0;
    set_days_left(90);
    judge_anew();
    assert_findings(0);
    set_days_left(89);
    judge_anew();
    assert_only(NDES_CA_EXPIRING, STATE_WARNING,
                "certificate of CA 'LAB Issuing CA' expires in 89 days (2027-02-20 00:00 UTC; "
                "wanted 90:)");
    set_days_left(29);
    judge_anew();
    assert_only(NDES_CA_EXPIRING, STATE_CRITICAL,
                "expires in 29 days (2026-12-22 00:00 UTC; "
                "wanted 30:)");
    set_days_left(0); /* the last second */
    judge_anew();
    assert_only(NDES_CA_EXPIRING, STATE_CRITICAL, "expires in 0 minutes");
    facts.cas[0].newest.not_after--;
    judge_anew();
    assert_only(NDES_CA_EXPIRED, STATE_CRITICAL, "certificate of CA 'LAB Issuing CA' expired");
    set_days_left(-2);
    judge_anew();
    assert_only(NDES_CA_EXPIRED, STATE_CRITICAL,
                "certificate of CA 'LAB Issuing CA' expired 2 days ago");
    assert_true(metric_of("ca_days")->value == -2);
    assert_string_equal(metric_of("ca_days")->warning.text, "90:");
    assert_string_equal(metric_of("ca_days")->critical.text, "30:");
    assert_null(limit_parse("10%", &options.warning));
    assert_null(limit_parse("5%", &options.critical));
    set_days_left(100); /* of 1100 */
    judge_anew();
    assert_only(NDES_CA_EXPIRING, STATE_WARNING, "wanted 10%");
    assert_false(metric_of("ca_days")->warning.set);
}

static void test_unreadable(void **state)
{
    (void)state;
    facts.cas[0].certificate_count = 2;
    facts.cas[0].unreadable_count = 1;
    judge_anew();
    assert_findings(0);
    assert_note("certificates of CA 'LAB Issuing CA' that cannot be read: 1 of 2");
    facts.cas[0].unreadable_count = 2;
    facts.cas[0].has_certificate = false;
    judge_anew();
    assert_only(
        NDES_LDAP_HIDDEN, STATE_UNKNOWN,
        "none of its certificates in Active Directory can be read, although they are visible");
    assert_false(has_metric("ca_days"));
    facts.cas[0].certificate_count = facts.cas[0].unreadable_count = 0;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN,
                "CA 'LAB Issuing CA': its certificate is not visible");
}

static void test_ntauth(void **state)
{
    (void)state;
    facts.cas[0].in_ntauth = false;
    judge_anew();
    assert_findings(0);
    options.require_ntauth = true;
    judge_anew();
    assert_only(NDES_TMPL_NTAUTH, STATE_CRITICAL,
                "the newest certificate of CA 'LAB Issuing CA' is not in NTAuthCertificates");
    facts.ntauth_shown = false;
    judge_anew();
    add_ca("Other CA", 400);
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "NTAuthCertificates is not visible");
    facts.ntauth_found = false;
    judge_anew();
    assert_only(NDES_TMPL_NTAUTH, STATE_CRITICAL, "NTAuthCertificates does not exist");
    problem_set(&facts.names_problem, PROBLEM_DENIED, "00002098");
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "NTAuthCertificates is not visible");
    facts.names_problem = (struct problem){0};
    facts.ca_count = 0;
    judge_anew();
    assert_finding(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "NTAuthCertificates is not visible");
    assert_finding(NDES_TMPL_NOCA, STATE_CRITICAL, "");
    facts.ca_count = 1;
    problem_set(&facts.fatal, PROBLEM_TIMEOUT, "dc1");
    judge_anew();
    assert_only(NDES_LDAP_TIMEOUT, STATE_CRITICAL, "dc1");
    facts.fatal = (struct problem){0};
    facts.ntauth_found = facts.ntauth_shown = facts.cas[0].in_ntauth = true;
    judge_anew();
    assert_findings(0);
    assert_note("[OK] CA 'LAB Issuing CA' is in NTAuthCertificates");
}

static void test_validity(void **state)
{
    (void)state;
    the_template()->validity = 730 * DAY;
    set_days_left(400);
    judge_anew();
    assert_only(NDES_TMPL_VALIDITY, STATE_WARNING,
                "template NDESDevice gives 730 days, but the certificate of CA 'LAB Issuing CA' "
                "expires in 400 days");
    add_ca("New CA", 3000);
    judge_anew();
    assert_findings(0);
    options.ca_name = "LAB Issuing CA";
    judge_anew();
    assert_only(NDES_TMPL_VALIDITY, STATE_WARNING, "expires in 400 days");
    set_days_left(730);
    judge_anew();
    assert_findings(0);
    set_days_left(-1); /* says it all */
    judge_anew();
    assert_only(NDES_CA_EXPIRED, STATE_CRITICAL, "expired");
}

static void test_ra_left(void **state)
{
    (void)state;
    facts.cas[0].publishes_ra[RA_CEP_ENCRYPTION] = true;
    facts.cas[0].publishes_ra[RA_OFFLINE_AGENT] = true;
    judge_anew();
    assert_only(NDES_TMPL_RALEFT, STATE_WARNING,
                "CA 'LAB Issuing CA' still issues CEPEncryption, EnrollmentAgentOffline");
    options.posture = false;
    judge_anew();
    assert_findings(0);
    options.posture = true;
    options.ca_name = "Other CA";
    add_ca("Other CA", 400);
    judge_anew();
    assert_findings(0);
    facts.cas[1].publishes_ra[RA_OFFLINE_AGENT] = true;
    judge_anew();
    assert_only(NDES_TMPL_RALEFT, STATE_WARNING,
                "CA 'Other CA' still issues EnrollmentAgentOffline");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start_healthy, end_healthy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_no_such_ca), TEST(test_too_many), TEST(test_no_ca_at_all),
        TEST(test_named),      TEST(test_any),      TEST(test_certificate),
        TEST(test_unreadable), TEST(test_ntauth),   TEST(test_validity),
        TEST(test_ra_left),    TEST(test_best),     TEST(test_best_of_each),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
