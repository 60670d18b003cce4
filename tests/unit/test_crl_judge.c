/* test_crl_judge.c - tests of how check_ndes_racert judges CRLs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/text.h"
#include "judging.h"
#include "racert_facts.h"

/* Both certificates' CRL, read and healthy. */
static void set_crls(const char *url)
{
    options.check_crl = true;
    for (int job = 0; job < JOB_COUNT; job++) {
        struct crl *crl = &facts.jobs[job].crl;

        *crl = (struct crl){.outcome = CRL_READ,
                            .has_next_update = true,
                            .next_update = NOW + 100 * HOUR,
                            .entries = 7};
        text_copy(crl->url, sizeof crl->url, url);
    }
}

static void set_next_update(int64_t next_update)
{
    facts.jobs[JOB_SIGNING].crl.next_update = facts.jobs[JOB_ENCRYPTION].crl.next_update =
        next_update;
}

static void test_crl(void **state)
{
    static const struct {
        int64_t left;
        int expected;
        enum finding_id id;
    } cases[] = {
        {6 * HOUR, STATE_OK, NDES_CRL_EXPIRING},
        {6 * HOUR - 1, STATE_WARNING, NDES_CRL_EXPIRING},
        {0, STATE_WARNING, NDES_CRL_EXPIRING},
        {-1, STATE_CRITICAL, NDES_CRL_EXPIRED},
    };

    (void)state;
    set_crls("http://ca/crl");
    judge_anew();
    assert_findings(0);
    assert_note("[OK] CRL http://ca/crl: 7 entries, until 2026-11-27 04:00 UTC");
    assert_note("[OK] signing certificate: not on CRL http://ca/crl");
    assert_note("[OK] encryption certificate: not on CRL http://ca/crl");
    assert_true(metric_of("crl_hours")->value == 100);
    assert_string_equal(metric_of("crl_hours")->warning.text, "6:");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        set_next_update(NOW + cases[i].left);
        judge_anew();
        if (cases[i].expected == STATE_OK)
            assert_findings(0);
        else
            assert_only(cases[i].id, (enum state)cases[i].expected, "CRL http://ca/crl expire");
    }
    options.crl_critical = range_of("6:");
    set_next_update(NOW + HOUR);
    judge_anew();
    assert_only(NDES_CRL_EXPIRING, STATE_CRITICAL,
                "expires in 60 minutes (2026-11-23 01:00 UTC; wanted 6: hours)");
}

static void test_crl_spans(void **state)
{
    static const struct {
        int64_t left;
        const char *part;
    } cases[] = {
        {5 * HOUR + 1800, "expires in 5 hours (2026-11-23 05:30 UTC; wanted 6: hours)"},
        {90 * 60, "expires in 90 minutes ("},
        {-90 * 60, "expired 90 minutes ago (2026-11-22 22:30 UTC)"},
        {-7 * HOUR, "expired 7 hours ago ("},
        {-20 * DAY, "expired 20 days ago ("},
    };

    (void)state;
    set_crls("http://ca/crl");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        set_next_update(NOW + cases[i].left);
        judge_anew();
        assert_findings(1);
        assert_finding(cases[i].left < 0 ? NDES_CRL_EXPIRED : NDES_CRL_EXPIRING,
                       cases[i].left < 0 ? STATE_CRITICAL : STATE_WARNING, cases[i].part);
    }
}

/* Two lists: one number, of the one that ends first. */
static void test_crl_hours(void **state)
{
    struct crl *signing = &facts.jobs[JOB_SIGNING].crl;
    struct crl *encryption = &facts.jobs[JOB_ENCRYPTION].crl;

    (void)state;
    set_crls("http://ca/crl");
    text_copy(encryption->url, sizeof encryption->url, "http://ca/other");
    encryption->next_update = NOW + 50 * HOUR;
    judge_anew();
    assert_findings(0);
    assert_true(metric_of("crl_hours")->value == 50);
    assert_string_equal(metric_of("crl_hours")->critical.text, "0:");
    signing->next_update = NOW - 3 * HOUR;
    judge_anew();
    assert_only(NDES_CRL_EXPIRED, STATE_CRITICAL, "CRL http://ca/crl expired 3 hours ago");
    assert_true(metric_of("crl_hours")->value == -3);
    signing->has_next_update = false;
    signing->next_update = 0;
    judge_anew();
    assert_true(metric_of("crl_hours")->value == 50);
    encryption->outcome = CRL_FOREIGN;
    judge_anew();
    assert_false(has_metric("crl_hours"));
    signing->has_next_update = true;
    signing->next_update = NOW + HOUR / 2;
    judge_anew();
    assert_true(metric_of("crl_hours")->value == 0.5L);
}

static void test_crl_without_end(void **state)
{
    (void)state;
    set_crls("http://ca/crl");
    facts.jobs[JOB_SIGNING].crl.has_next_update = false;
    facts.jobs[JOB_ENCRYPTION].crl.has_next_update = false;
    set_next_update(0);
    judge_anew();
    assert_findings(0);
    assert_note("CRL http://ca/crl: no nextUpdate");
    assert_false(has_metric("crl_hours"));
}

static void test_revoked(void **state)
{
    struct crl *crl = &facts.jobs[JOB_SIGNING].crl;

    (void)state;
    set_crls("http://ca/crl");
    crl->revoked = true;
    crl->revoked_at = NOW - DAY;
    judge_anew();
    assert_only(NDES_RA_REVOKED, STATE_CRITICAL,
                "signing certificate 'NDES01-MSCEP-RA' was revoked on 2026-11-22 00:00 UTC");
    assert_false(has_note("signing certificate: not on CRL"));
    assert_note("[OK] encryption certificate: not on CRL");
    text_copy(crl->reason, sizeof crl->reason, "keyCompromise");
    crl->revoked_at = 0; /* unreadable */
    judge_anew();
    assert_only(NDES_RA_REVOKED, STATE_CRITICAL, "was revoked on an unknown date: keyCompromise");
    facts.jobs[JOB_ENCRYPTION].crl.revoked = true;
    judge_anew();
    assert_findings(2);
}

static void test_crl_outcomes(void **state)
{
    static const struct {
        enum crl_outcome outcome;
        enum finding_id id;
        enum state expected;
    } cases[] = {
        {CRL_UNREACHABLE, NDES_CRL_UNREACHABLE, STATE_WARNING},
        {CRL_UNREADABLE, NDES_CRL_INVALID, STATE_CRITICAL},
        {CRL_FOREIGN, NDES_CRL_INVALID, STATE_CRITICAL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        set_crls("http://ca/crl");
        for (int job = 0; job < JOB_COUNT; job++) {
            facts.jobs[job].crl.outcome = cases[i].outcome;
            text_copy(facts.jobs[job].crl.detail, 256, "the reason");
        }
        judge_anew(); /* the same CRL for both: said once */
        assert_only(cases[i].id, cases[i].expected, "CRL http://ca/crl: the reason");
        assert_false(has_metric("crl_hours"));
        text_copy(facts.jobs[JOB_ENCRYPTION].crl.url, 512, "http://ca/other");
        judge_anew();
        assert_findings(2);
        assert_finding(cases[i].id, cases[i].expected, "CRL http://ca/other: the reason");
    }
}

/* One URL, two outcomes: both are said. */
static void test_crl_twice(void **state)
{
    (void)state;
    set_crls("http://ca/crl");
    facts.jobs[JOB_ENCRYPTION].crl.outcome = CRL_FOREIGN;
    text_copy(facts.jobs[JOB_ENCRYPTION].crl.detail, 256, "signed by another key");
    judge_anew();
    assert_only(NDES_CRL_INVALID, STATE_CRITICAL, "signed by another key");
    assert_true(has_metric("crl_hours"));
}

static void test_crl_not_checked(void **state)
{
    (void)state;
    options.check_crl = true;
    facts.certificates[ENCRYPTION].crl_elsewhere = true;
    judge_anew();
    assert_findings(0);
    assert_note("signing certificate: revocation not checked: it names no CRL");
    assert_note("encryption certificate: revocation not checked: its CRL is not on HTTP (ldap:)");
    facts.certificates[ENCRYPTION].crl_url_count =
        1; /* on HTTP, too: what lacks is who signed it */
    judge_anew();
    assert_only(NDES_CRL_UNREACHABLE, STATE_WARNING,
                "encryption certificate: revocation not checked: its CA certificate is not in the "
                "answer; give it with --ca-file");
    options.check_crl = false;
    judge_anew();
    assert_false(has_note("revocation"));
}

#define JUDGING(test) cmocka_unit_test_setup_teardown(test, start_healthy, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JUDGING(test_crl),       JUDGING(test_crl_spans),
        JUDGING(test_crl_hours), JUDGING(test_crl_without_end),
        JUDGING(test_revoked),   JUDGING(test_crl_outcomes),
        JUDGING(test_crl_twice), JUDGING(test_crl_not_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
