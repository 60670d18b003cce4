/* test_template_posture.c - tests of check_ndes_template's judge: what attackers could do.
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

static const char name_flag_guid[] = "ea1dddc4-60ff-416e-8cc0-17cee534bce7";
static const char display_name_guid[] = "bf967953-0de6-11d0-a285-00aa003049e2";

static struct guid guid_of(const char *text)
{
    struct guid guid;

    assert_true(guid_parse(text, &guid));
    return guid;
}

static void test_broad(void **state)
{
    static const struct {
        const char *sid;
        const char *name;
    } broad[] = {
        {"S-1-1-0", "Everyone may"},
        {"S-1-5-7", "ANONYMOUS LOGON may"},
        {"S-1-5-11", "Authenticated Users may"},
        {"S-1-5-32-545", "BUILTIN\\Users may"},
        {DOMAIN_SID "-513", "NDESTEST\\Domain Users may"},
        {DOMAIN_SID "-514", "NDESTEST\\Domain Guests may"},
        {"S-1-5-21-7-8-9-515", "Domain Computers may"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(broad); i++) {
        add_ace(ACE_ALLOWED_OBJECT, RIGHT_CR, &GUID_ENROLL, broad[i].sid);
        judge_anew();
        assert_only(NDES_TMPL_BROAD, STATE_WARNING, broad[i].name);
        options.posture = false;
        judge_anew();
        assert_findings(0);
        options.posture = true;
        the_template()->descriptor.ace_count--;
    }
    add_ace(ACE_ALLOWED_OBJECT, RIGHT_CR, &GUID_AUTOENROLL, "S-1-5-11");
    add_ace(ACE_ALLOWED_OBJECT, RIGHT_CR, &GUID_ENROLL, OTHER_SID);
    add_ace(ACE_ALLOWED_OBJECT, RIGHT_CR, &GUID_ENROLL, "S-1-5-11")->flags = ACE_INHERIT_ONLY;
    judge_anew();
    assert_findings(0);
}

/* What a group implies counts, and order does. */
static void test_broad_denied(void **state)
{
    (void)state;
    add_ace(ACE_DENIED, RIGHT_CR, NULL, "S-1-1-0");
    add_ace(ACE_ALLOWED_OBJECT, RIGHT_CR, &GUID_ENROLL, DOMAIN_SID "-513");
    judge_anew();
    assert_findings(0);
    the_template()->descriptor.aces[3].trustee = sid_of("S-1-5-32-545");
    judge_anew();
    assert_findings(0);
    the_template()->descriptor.aces[4].trustee = sid_of("S-1-5-11"); /* denied to users only */
    judge_anew();
    assert_only(NDES_TMPL_BROAD, STATE_WARNING, "Authenticated Users may");
    add_ace(ACE_DENIED, RIGHT_CR, NULL, "S-1-5-11"); /* too late */
    add_ace(ACE_ALLOWED, RIGHT_CR, NULL, "S-1-5-7");
    judge_anew();
    assert_only(NDES_TMPL_BROAD, STATE_WARNING,
                "Authenticated Users, ANONYMOUS LOGON may enrol on "
                "template NDESDevice");
}

static void test_broad_but_harmless(void **state)
{
    (void)state;
    options.posture = true;
    add_ace(ACE_ALLOWED, RIGHT_CR, NULL, "S-1-5-11");
    judge_anew();
    assert_only(NDES_TMPL_BROAD, STATE_WARNING, "");
    text_copy(the_template()->ekus[0], sizeof the_template()->ekus[0], "1.3.6.1.5.5.8.2.2");
    judge_anew();
    assert_findings(0);
    the_template()->eku_count = 0;
    judge_anew();
    assert_finding(NDES_TMPL_BROAD, STATE_WARNING, "");
    the_template()->eku_count = 1;
    text_copy(the_template()->ekus[0], sizeof the_template()->ekus[0], "1.3.6.1.5.5.7.3.2");
    the_template()->signatures = 1;
    judge_anew();
    assert_only(NDES_TMPL_APPROVAL, STATE_CRITICAL, "");
    the_template()->signatures = 0;
    the_template()->enrollment_flags = TEMPLATE_PEND_ALL_REQUESTS;
    judge_anew();
    assert_only(NDES_TMPL_APPROVAL, STATE_CRITICAL, "");
    the_template()->enrollment_flags = 0;
    the_template()->name_flags = 0;
    judge_anew();
    assert_only(NDES_TMPL_SUBJECT, STATE_CRITICAL, "");
}

static void test_no_list(void **state)
{
    (void)state;
    clear_aces();
    the_template()->descriptor.dacl = DACL_NULL;
    judge_anew();
    assert_finding(NDES_TMPL_BROAD, STATE_WARNING, "everybody (there is no access control list)");
    assert_finding(NDES_TMPL_WRITABLE, STATE_WARNING, "everybody may change template NDESDevice");
    assert_findings(2);
}

static void test_writable(void **state)
{
    static const struct {
        uint32_t mask;
        const char *rights;
    } rights[] = {
        {RIGHT_WD, OTHER_SID " (WD by ACE 4 of 4)"},
        {RIGHT_WO, OTHER_SID " (WO by ACE 4 of 4)"},
        {RIGHT_WP, OTHER_SID " (WP by ACE 4 of 4)"},
        {RIGHT_GW, OTHER_SID " (WP by ACE 4 of 4)"},
        {RIGHT_GA, OTHER_SID " (WPWDWO by ACE 4 of 4)"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rights); i++) {
        add_ace(ACE_ALLOWED, rights[i].mask, NULL, OTHER_SID);
        judge_anew();
        assert_only(NDES_TMPL_WRITABLE, STATE_WARNING, rights[i].rights);
        the_template()->descriptor.ace_count--;
    }
    add_ace(ACE_ALLOWED, RIGHT_GA, NULL, OTHER_SID)->flags = ACE_INHERIT_ONLY;
    add_ace(ACE_ALLOWED, RIGHT_GR | RIGHT_SW | RIGHT_DE, NULL, OTHER_SID);
    judge_anew();
    assert_findings(0);
}

/* An ACE with a GUID gives what that GUID stands for. */
static void test_writable_attribute(void **state)
{
    struct guid critical = guid_of(name_flag_guid);
    struct guid harmless = guid_of(display_name_guid);

    (void)state;
    add_ace(ACE_ALLOWED_OBJECT, RIGHT_WP | RIGHT_WD, &harmless, OTHER_SID);
    judge_anew();
    assert_findings(0);
    add_ace(ACE_ALLOWED_OBJECT, RIGHT_WP | RIGHT_WD, &critical, OTHER_SID);
    judge_anew();
    assert_only(NDES_TMPL_WRITABLE, STATE_WARNING, OTHER_SID " (WP by ACE 5 of 5)");
    the_template()->descriptor.aces[3] = the_template()->descriptor.aces[4];
    the_template()->descriptor.aces[3].type = ACE_DENIED_OBJECT;
    judge_anew();
    assert_findings(0);
}

static void test_administrators(void **state)
{
    static const char *const sids[] = {
        DOMAIN_SID "-498", DOMAIN_SID "-500", DOMAIN_SID "-512", DOMAIN_SID "-516",
        DOMAIN_SID "-517", DOMAIN_SID "-519", DOMAIN_SID "-521", DOMAIN_SID "-526",
        DOMAIN_SID "-527", "S-1-5-18",        "S-1-5-9",         "S-1-5-10",
        "S-1-5-32-544",    "S-1-3-0",         "S-1-3-4",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(sids); i++)
        add_ace(ACE_ALLOWED, RIGHT_GA, NULL, sids[i]);
    judge_anew();
    assert_findings(0);
    add_ace(ACE_ALLOWED, RIGHT_GA, NULL, "S-1-5-32-548");
    judge_anew();
    assert_only(NDES_TMPL_WRITABLE, STATE_WARNING,
                "template NDESDevice may be changed by BUILTIN\\Account Operators (WPWDWO");
}

static void test_denied_writer(void **state)
{
    (void)state;
    add_ace(ACE_DENIED, RIGHT_WP | RIGHT_WD, NULL, OTHER_SID);
    add_ace(ACE_ALLOWED, RIGHT_GA, NULL, OTHER_SID);
    judge_anew();
    assert_only(NDES_TMPL_WRITABLE, STATE_WARNING, OTHER_SID " (WO by ACE 5 of 5)");
    add_ace(ACE_ALLOWED, RIGHT_GA, NULL, OTHER_SID); /* named once */
    judge_anew();
    assert_only(NDES_TMPL_WRITABLE, STATE_WARNING, "(WO by ACE 5 of 6)");
    the_template()->descriptor.aces[3].mask = RIGHT_GA;
    judge_anew();
    assert_findings(0);
}

static void test_owner(void **state)
{
    (void)state;
    the_template()->descriptor.owner = sid_of(OTHER_SID);
    judge_anew();
    assert_only(NDES_TMPL_WRITABLE, STATE_WARNING,
                "template NDESDevice may be changed by " OTHER_SID " (its owner)");
    add_ace(ACE_ALLOWED, RIGHT_RC, NULL, "S-1-3-4"); /* OWNER RIGHTS: no more than to read it */
    judge_anew();
    assert_findings(0);
    the_template()->descriptor.owner.length = 0;
    judge_anew();
    assert_findings(0);
}

/* Who is marked by adminCount is noted; the others are reported, named or not. */
static void test_marked_administrator(void **state)
{
    (void)state;
    facts.trustees[1] = (struct trustee_name){sid_of(OTHER_SID), "NDESTEST\\admin-jane", true};
    facts.trustee_count = 2;
    the_template()->descriptor.owner = sid_of(OTHER_SID);
    judge_anew();
    assert_findings(0);
    assert_note("template NDESDevice may be changed by NDESTEST\\admin-jane (its owner), which "
                "adminCount marks as administrators");
    add_ace(ACE_ALLOWED, RIGHT_WD, NULL, GROUP_SID);
    judge_anew();
    assert_only(NDES_TMPL_WRITABLE, STATE_WARNING,
                "template NDESDevice may be changed by NDESTEST\\ndes-enroll (WD by ACE 4 of 4)");
    assert_note("admin-jane");
    facts.trustees[0].administrator = true;
    judge_anew();
    assert_findings(0);
    assert_note("admin-jane (its owner), NDESTEST\\ndes-enroll (WD by ACE 4 of 4), which");
}

static void test_many_writers(void **state)
{
    char sid[64];

    (void)state;
    for (int i = 0; i < WRITERS_MAXIMUM + 8; i++) {
        text_format(sid, sizeof sid, "S-1-5-21-7-8-9-%d", 2000 + i);
        add_ace(ACE_ALLOWED, RIGHT_WD, NULL, sid);
    }
    judge_anew();
    assert_only(NDES_TMPL_WRITABLE, STATE_WARNING, "S-1-5-21-7-8-9-2001 (WD by ACE 5 of 23), S");
    assert_finding(NDES_TMPL_WRITABLE, STATE_WARNING, "-2002 (WD by ACE 6 of 23) and 17 more");
    the_template()->descriptor.ace_count = 7;
    judge_anew();
    assert_finding(NDES_TMPL_WRITABLE, STATE_WARNING, "-2002 (WD by ACE 6 of 7) and 1 more");
    the_template()->descriptor.ace_count = 6;
    judge_anew();
    assert_finding(NDES_TMPL_WRITABLE, STATE_WARNING, "-2002 (WD by ACE 6 of 6)");
    assert_null(strstr(judged.findings[0].message, "more"));
}

static void test_settings(void **state)
{
    struct certificate_template *template = the_template();

    (void)state;
    template->schema = 1;
    judge_anew();
    assert_only(NDES_TMPL_V1, STATE_WARNING, "template NDESDevice has schema version 1");
    template->schema = 2;
    template->enrollment_flags = TEMPLATE_NO_SECURITY_EXTENSION;
    judge_anew();
    assert_only(NDES_TMPL_NOSID, STATE_WARNING, "(flag 0x80000)");
    text_copy(template->ekus[0], sizeof template->ekus[0], "1.3.6.1.5.5.7.3.1");
    judge_anew();
    assert_only(NDES_TMPL_SERVERAUTH, STATE_WARNING,
                "template NDESDevice issues certificates for Server Authentication");
    template->name_flags = 0;
    judge_anew();
    assert_only(NDES_TMPL_SUBJECT, STATE_CRITICAL, "");
}

/* Any purpose is server authentication, too. */
static void test_every_purpose(void **state)
{
    struct certificate_template *template = the_template();

    (void)state;
    text_copy(template->ekus[0], sizeof template->ekus[0], "2.5.29.37.0");
    judge_anew();
    assert_only(NDES_TMPL_SERVERAUTH, STATE_WARNING,
                "template NDESDevice issues certificates for every purpose, including Server "
                "Authentication");
    template->eku_count = 0;
    judge_anew();
    assert_only(NDES_TMPL_SERVERAUTH, STATE_WARNING, "for every purpose");
    template->name_flags = 0;
    judge_anew();
    assert_only(NDES_TMPL_SUBJECT, STATE_CRITICAL, "");
}

/* What hangs on an attribute that is hidden is not judged; that it is hidden is told. */
static void test_hidden(void **state)
{
    struct certificate_template *template = the_template();

    (void)state;
    add_ace(ACE_ALLOWED, RIGHT_CR, NULL, "S-1-5-11");
    template->eku_count = 0;
    template->ekus_hidden = true;
    template->enrollment_flags = TEMPLATE_NO_SECURITY_EXTENSION;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN,
                "pKIExtendedKeyUsage or msPKI-Certificate-Application-Policy of template "
                "NDESDevice is not visible, or it has none");
    template->eku_count = 1; /* client authentication, and perhaps others */
    judge_anew();
    assert_finding(NDES_TMPL_BROAD, STATE_WARNING, "");
    assert_finding(NDES_TMPL_NOSID, STATE_WARNING, "");
    assert_finding(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "pKIExtendedKeyUsage");
    assert_findings(3);
    template->ekus_hidden = false;
    template->enrollment_flags = 0;
    template->has_enrollment_flags = false;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "msPKI-Enrollment-Flag");
    template->has_enrollment_flags = true;
    template->has_signatures = false;
    judge_anew();
    assert_only(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "msPKI-RA-Signature");
    template->schema = 1; /* which has no signatures */
    judge_anew();
    assert_finding(NDES_TMPL_BROAD, STATE_WARNING, "");
    assert_finding(NDES_TMPL_V1, STATE_WARNING, "");
    assert_findings(2);
    clear_aces();
    add_ace(ACE_ALLOWED, RIGHT_GA, NULL, ACCOUNT_SID);
    template->has_schema = false; /* not known to be 1 */
    template->schema = 2;
    template->has_signatures = true;
    judge_anew();
    assert_finding(NDES_LDAP_HIDDEN, STATE_UNKNOWN, "msPKI-Template-Schema-Version of template");
    assert_finding(NDES_TMPL_WRITABLE, STATE_WARNING, "");
    assert_findings(2);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start_healthy, end_healthy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_broad),
        TEST(test_broad_denied),
        TEST(test_broad_but_harmless),
        TEST(test_no_list),
        TEST(test_writable),
        TEST(test_writable_attribute),
        TEST(test_administrators),
        TEST(test_denied_writer),
        TEST(test_owner),
        TEST(test_many_writers),
        TEST(test_settings),
        TEST(test_every_purpose),
        TEST(test_hidden),
        TEST(test_marked_administrator),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
