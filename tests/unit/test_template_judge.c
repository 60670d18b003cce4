/* test_template_judge.c - tests of check_ndes_template's judge: templates and their settings.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "judging.h"
#include "template_facts.h"

static void test_healthy(void **state)
{
    (void)state;
    judge_anew();
    assert_findings(0);
    assert_string_equal(judged.summary,
                        "NDESDevice published on LAB Issuing CA, NDESTEST\\svc-ndes may enrol; CA "
                        "certificate expires in 1200 days");
    assert_note("[OK] template NDESDevice is published on 'LAB Issuing CA'");
    assert_note("[OK] template NDESDevice ('NDES Device'): schema version 4, revision 100.7, keys "
                "of at least 2048 bits, valid for 365 days");
    assert_note("template NDESDevice: key usage is digitalSignature and keyEncipherment");
    assert_note("[OK] certificate of CA 'LAB Issuing CA': expires in 1200 days (2030-03-07");
    assert_true(metric_of("time")->value == 0.25);
    assert_true(metric_of("templates")->value == 1);
    assert_true(metric_of("ca_days")->value == 1200);
}

static void test_several(void **state)
{
    (void)state;
    add_template("NDESSign");
    judge_anew();
    assert_findings(0);
    assert_string_equal(judged.summary,
                        "NDESDevice, NDESSign published on LAB Issuing CA, NDESTEST\\svc-ndes may "
                        "enrol; CA certificate expires in 1200 days");
    assert_true(metric_of("templates")->value == 2);
    add_template("A");
    add_template("B");
    add_ca("Other CA", 400)->publishes[0] = false;
    judge_anew();
    assert_string_equal(judged.summary, "4 templates published on 2 CAs, NDESTEST\\svc-ndes may "
                                        "enrol; CA certificate expires in 1200 days");
}

static void test_subject(void **state)
{
    (void)state;
    the_template()->name_flags = 0x8 | 0x82000000;
    judge_anew();
    assert_only(NDES_TMPL_SUBJECT, STATE_CRITICAL,
                "template NDESDevice builds the subject from Active Directory");
    assert_false(has_note("[OK] template NDESDevice ("));
    the_template()->has_name_flags = false;
    the_template()->name_flags = 0;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN,
                "msPKI-Certificate-Name-Flag of template NDESDevice is not visible");
    options.posture = false;
    the_template()->schema = 1; /* one of Windows 2000 */
    judge_anew();
    assert_findings(0);
    assert_note("template NDESDevice: msPKI-Certificate-Name-Flag is not visible");
}

/* None of them is harmless if it is hidden. */
static void test_hidden_attribute(void **state)
{
    struct certificate_template *template = the_template();
    const struct {
        bool *has;
        const char *name;
        bool first; /* demanded of version 1, too */
    } cases[] = {
        {&template->has_validity, "pKIExpirationPeriod of template NDESDevice is not visible",
         true},
        {&template->has_schema, "msPKI-Template-Schema-Version of template", true},
        {&template->has_revision, "revision of template", true},
        {&template->has_key_usage, "pKIKeyUsage of template", true},
        {&template->has_minor, "msPKI-Template-Minor-Revision of template", false},
        {&template->has_name_flags, "msPKI-Certificate-Name-Flag of template", false},
        {&template->has_enrollment_flags, "msPKI-Enrollment-Flag of template", false},
        {&template->has_signatures, "msPKI-RA-Signature of template", false},
        {&template->has_key_bits, "msPKI-Minimal-Key-Size of template", false},
    };

    (void)state;
    options.posture = false;
    options.wanted[0].uses[USE_ENCRYPTION] = true;
    options.wanted[0].has_revision = true;
    options.wanted[0].major = 100;
    options.wanted[0].minor = 7;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        *cases[i].has = false;
        judge_anew();
        assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, cases[i].name);
        template->schema = 1;
        judge_anew();
        assert_findings(cases[i].first);
        template->schema = 4;
        *cases[i].has = true;
    }
    template->has_signatures = template->has_key_bits = false;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN,
                "msPKI-RA-Signature, msPKI-Minimal-Key-Size of template NDESDevice is not visible");
    assert_note("revision 100.7, keys of at least ? bits");
    template->has_signatures = template->has_key_bits = true;
    options.wanted[0] = (struct wanted_template){.name = "NDESDevice"}; /* needs less */
    template->has_revision = template->has_minor = template->has_key_usage = false;
    judge_anew();
    assert_findings(0);
}

static void test_approval(void **state)
{
    (void)state;
    the_template()->enrollment_flags = TEMPLATE_PEND_ALL_REQUESTS;
    judge_anew();
    assert_only(NDES_TMPL_APPROVAL, STATE_CRITICAL,
                "template NDESDevice requires approval by a certificate manager");
    the_template()->signatures = 2;
    judge_anew();
    assert_only(NDES_TMPL_APPROVAL, STATE_CRITICAL,
                "requires approval by a certificate manager and 2 authorised signatures");
    the_template()->enrollment_flags = 0;
    the_template()->signatures = 1;
    judge_anew();
    assert_only(NDES_TMPL_APPROVAL, STATE_CRITICAL,
                "template NDESDevice requires 1 authorised signature");
    the_template()->signatures = 0;
    the_template()->has_enrollment_flags = false;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "msPKI-Enrollment-Flag of template NDESDevice");
}

static void test_usage(void **state)
{
    static const struct {
        unsigned usage;
        bool fits[USE_COUNT];
        const char *has;
    } cases[] = {
        {0xa0, {true, true, true}, "digitalSignature and keyEncipherment"},
        {0x80, {true, false, false}, "but has digitalSignature"},
        {0x20, {false, true, false}, "but has keyEncipherment"},
        {0x06, {false, false, false}, "but has neither signature nor encryption"},
    };
    static const char *const wanted[USE_COUNT] = {
        "used as SignatureTemplate, needs key usage digitalSignature",
        "used as EncryptionTemplate, needs key usage keyEncipherment",
        "used as GeneralPurposeTemplate, needs key usage digitalSignature and keyEncipherment"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        the_template()->key_usage = cases[i].usage;
        options.wanted[0] = (struct wanted_template){.name = "NDESDevice"};
        judge_anew();
        assert_findings(0); /* --template demands nothing */
        for (int use = 0; use < USE_COUNT; use++) {
            options.wanted[0] = (struct wanted_template){.name = "NDESDevice"};
            options.wanted[0].uses[use] = true;
            judge_anew();
            if (cases[i].fits[use]) {
                assert_findings(0);
                continue;
            }
            assert_only(NDES_TMPL_USAGE, STATE_CRITICAL, cases[i].has);
            assert_finding(NDES_TMPL_USAGE, STATE_CRITICAL, wanted[use]);
        }
    }
}

/* One template for everything: each use that does not fit is told. */
static void test_usage_of_all(void **state)
{
    (void)state;
    options.wanted[0].uses[USE_SIGNATURE] = options.wanted[0].uses[USE_ENCRYPTION] =
        options.wanted[0].uses[USE_GENERAL] = true;
    judge_anew();
    assert_findings(0);
    the_template()->key_usage = 0x80;
    judge_anew();
    assert_findings(2);
    the_template()->has_key_usage = false;
    the_template()->key_usage = 0;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "pKIKeyUsage of template NDESDevice");
    options.wanted[0] = (struct wanted_template){.name = "NDESDevice"};
    judge_anew();
    assert_findings(0);
    assert_note("template NDESDevice: no key usage (pKIKeyUsage) is visible");
}

static void test_key_size(void **state)
{
    (void)state;
    the_template()->key_bits = 4096;
    judge_anew();
    assert_only(NDES_TMPL_KEYSIZE, STATE_CRITICAL,
                "template NDESDevice requires keys of at least 4096 bits, devices generate 2048");
    options.client_key_bits = 4096;
    judge_anew();
    assert_findings(0);
}

static void test_revision(void **state)
{
    (void)state;
    options.wanted[0].has_revision = true;
    options.wanted[0].major = 100;
    options.wanted[0].minor = 7;
    judge_anew();
    assert_findings(0);
    options.wanted[0].minor = 6;
    judge_anew();
    assert_only(NDES_TMPL_CHANGED, STATE_WARNING,
                "template NDESDevice has revision 100.7, wanted 100.6");
    options.wanted[0].minor = 7;
    options.wanted[0].major = 99;
    judge_anew();
    assert_only(NDES_TMPL_CHANGED, STATE_WARNING, "wanted 99.7");
}

static void lose_template(void)
{
    template_free(the_template());
    facts.templates[0] = (struct wanted_facts){0};
    facts.name_count = 34;
}

static void test_missing(void **state)
{
    struct wanted_facts *about = &facts.templates[0];

    (void)state;
    lose_template();
    judge_anew();
    assert_only(NDES_TMPL_MISSING, STATE_CRITICAL,
                "no template NDESDevice among 34, nor one with a name like it");
    assert_note("CA 'LAB Issuing CA' still lists template NDESDevice");
    assert_true(metric_of("templates")->value == 0);
    facts.cas[0].publishes[0] = false;
    judge_anew();
    assert_false(has_note("still lists"));
    template_nearest_offer(&about->nearest, "NDESDevice", "NDESDevcie");
    template_nearest_offer(&about->nearest, "NDESDevice", "NDESDevice2");
    judge_anew();
    assert_only(NDES_TMPL_MISSING, STATE_CRITICAL,
                "no template NDESDevice among 34; is it NDESDevice2, NDESDevcie?");
    text_copy(about->by_display_name, sizeof about->by_display_name, "Device1");
    judge_anew();
    assert_only(NDES_TMPL_MISSING, STATE_CRITICAL,
                "'NDESDevice' is the display name of template Device1, give that");
}

/* What may be hidden is not missing. */
static void test_hidden(void **state)
{
    (void)state;
    the_template()->hidden = true;
    the_template()->has_name_flags = false;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN,
                "template NDESDevice exists but is not visible: the monitoring account needs Read");
    lose_template();
    facts.templates[0].hidden = true;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "template NDESDevice exists but is not visible");
    lose_template();
    facts.name_count = 0;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "no template NDESDevice, nor any other");
    problem_set(&facts.names_problem, PROBLEM_DENIED, "00002098");
    judge_anew();
    assert_only(NDES_LDAP_DENIED, STATE_UNKNOWN, "certificate templates");
}

static void test_default(void **state)
{
    (void)state;
    options.posture = false;
    for (int use = 0; use < USE_COUNT; use++)
        options.use_templates[use] = "ipsecintermediateoffline";
    judge_anew();
    assert_findings(0);
    options.profile = PROFILE_INTUNE;
    judge_anew();
    assert_only(NDES_TMPL_DEFAULT, STATE_WARNING,
                "all three templates are still IPSECIntermediateOffline");
    options.use_templates[USE_GENERAL] = "NDESDevice";
    judge_anew();
    assert_findings(0);
    options.use_templates[USE_GENERAL] = NULL;
    judge_anew();
    assert_findings(0);
}

/* Nothing is said of what was not looked at. */
static void test_broke_off(void **state)
{
    (void)state;
    problem_set(&facts.fatal, PROBLEM_TIMEOUT, "dc1.ndes.test");
    facts.looked = false;
    facts.account.visibility = ACCOUNT_NOT_LOOKED_FOR;
    judge_anew();
    assert_only(NDES_LDAP_TIMEOUT, STATE_CRITICAL, "dc1.ndes.test");
    assert_false(has_metric("templates"));
    assert_false(has_metric("ca_days"));
    facts.looked = true; /* but not for other names */
    lose_template();
    facts.name_count = 0;
    judge_anew();
    assert_only(NDES_LDAP_TIMEOUT, STATE_CRITICAL, "dc1.ndes.test");
    assert_note("template NDESDevice was not found");
}

static void test_not_looked(void **state)
{
    (void)state;
    facts.looked = false;
    problem_set(&facts.problem, PROBLEM_NO_BASE, "CN=Public Key Services");
    judge_anew();
    assert_only(NDES_LDAP_BASE, STATE_UNKNOWN, "certificate templates");
    facts.problem = (struct problem){.kind = PROBLEM_NONE};
    judge_anew();
    assert_int_equal(report_state(&judged), STATE_UNKNOWN); /* even if nothing says why */
}

/* What could not be looked at because the connection was lost is told once. */
static void test_broke_off_in_search(void **state)
{
    (void)state;
    problem_set(&facts.fatal, PROBLEM_TIMEOUT, "dc1.ndes.test");
    facts.problem = facts.fatal;
    facts.looked = false;
    facts.account.visibility = ACCOUNT_NOT_LOOKED_FOR;
    judge_anew();
    assert_only(NDES_LDAP_TIMEOUT, STATE_CRITICAL, "dc1.ndes.test");
    assert_false(has_note("certificate templates"));
}

static void test_time(void **state)
{
    (void)state;
    options.ldap.time_warning = range_of("0.2");
    judge_anew();
    assert_only(NDES_LDAP_SLOW, STATE_WARNING, "5 searches took 0.250 s");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start_healthy, end_healthy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_healthy),
        TEST(test_several),
        TEST(test_subject),
        TEST(test_approval),
        TEST(test_usage),
        TEST(test_usage_of_all),
        TEST(test_key_size),
        TEST(test_revision),
        TEST(test_missing),
        TEST(test_hidden),
        TEST(test_default),
        TEST(test_broke_off),
        TEST(test_not_looked),
        TEST(test_time),
        TEST(test_hidden_attribute),
        TEST(test_broke_off_in_search),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
