/* test_racert_judge.c - tests of check_ndes_racert's judge, with facts written down.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/text.h"
#include "judging.h"
#include "racert_facts.h"

static void test_healthy(void **state)
{
    (void)state;
    judge_anew();
    assert_findings(0);
    assert_string_equal(
        judged.summary,
        "RA certificates are valid, the first expires in 300 days ('NDES01-MSCEP-RA')");
    assert_note("[OK] signing certificate 'NDES01-MSCEP-RA': expires in 300 days (2027-09-19");
    assert_note("[OK] encryption certificate 'NDES01-MSCEP-RA': expires in 400 days");
    assert_note("[OK] CA certificate 'Example CA': expires in 1000 days");
    assert_true(metric_of("time")->value == 0.25L);
    assert_true(metric_of("signing_days")->value == 300);
    assert_string_equal(metric_of("signing_days")->warning.text, "60:");
    assert_string_equal(metric_of("encryption_days")->critical.text, "30:");
    assert_true(metric_of("encryption_days")->value == 400);
    assert_true(metric_of("ca_days")->value == 1000);
    assert_string_equal(metric_of("ca_days")->warning.text, "90:");
    assert_true(metric_of("lifetime_left")->value == 75);
    assert_false(metric_of("lifetime_left")->warning.set);
    assert_false(has_metric("crl_hours"));
    assert_false(has_note("besides"));
}

/* One certificate for both jobs is spoken of once. */
static void test_combined(void **state)
{
    (void)state;
    facts.count = 2;
    facts.certificates[SIGNING].key_usage |= KEY_USAGE_KEY_ENCIPHERMENT;
    facts.jobs[JOB_ENCRYPTION] = facts.jobs[JOB_SIGNING];
    judge_anew();
    assert_findings(0);
    assert_note("[OK] signing and encryption certificate 'NDES01-MSCEP-RA': expires in 300 days");
    assert_true(metric_of("encryption_days")->value == metric_of("signing_days")->value);
    facts.certificates[SIGNING].validity.not_after = NOW - DAY;
    facts.certificates[SIGNING].key_bits = 1024;
    facts.certificates[SIGNING].signature_kind = SIGNATURE_PSS;
    facts.certificates[SIGNING].request_agent = false;
    facts.jobs[JOB_SIGNING].chain_problem = facts.jobs[JOB_ENCRYPTION].chain_problem = "no";
    options.subject = "other";
    judge_anew();
    assert_findings(6);
}

static void test_thresholds(void **state)
{
    static const struct {
        int64_t left;
        int expected; /* enum state */
        const char *part;
    } cases[] = {
        {60 * DAY, STATE_OK, ""},
        {60 * DAY - 1, STATE_WARNING, "expires in 59 days (2027-01-21 23:59 UTC; wanted 60:)"},
        {30 * DAY, STATE_WARNING, "expires in 30 days (2026-12-23 00:00 UTC; wanted 60:)"},
        {30 * DAY - 1, STATE_CRITICAL, "expires in 29 days (2026-12-22 23:59 UTC; wanted 30:)"},
        {2 * DAY, STATE_CRITICAL, "expires in 2 days"},
        {2 * DAY - 1, STATE_CRITICAL, "expires in 47 hours (2026-11-24 23:59 UTC; wanted 30:)"},
        {7 * HOUR, STATE_CRITICAL, "expires in 7 hours"},
        {90 * 60, STATE_CRITICAL, "expires in 90 minutes (2026-11-23 01:30 UTC; wanted 30:)"},
        {1, STATE_CRITICAL, "expires in 0 minutes"},
        {0, STATE_CRITICAL, "expires in 0 minutes"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        facts.certificates[SIGNING].validity.not_after = NOW + cases[i].left;
        judge_anew();
        if (cases[i].expected == STATE_OK)
            assert_findings(0);
        else
            assert_only(NDES_RA_EXPIRING, (enum state)cases[i].expected, cases[i].part);
    }
    facts.certificates[ENCRYPTION].validity.not_after = NOW + 10 * DAY;
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_RA_EXPIRING, STATE_CRITICAL, "encryption certificate 'NDES01-MSCEP-RA'");
}

static void test_percent(void **state)
{
    (void)state;
    set_limits("25%", "10%:");
    facts.certificates[SIGNING].validity.not_before = NOW - 75 * DAY;
    facts.certificates[SIGNING].validity.not_after = NOW + 25 * DAY; /* exactly 25 % */
    judge_anew();
    assert_findings(0);
    assert_true(metric_of("lifetime_left")->value == 25);
    assert_string_equal(metric_of("lifetime_left")->warning.text, "25:");
    assert_string_equal(metric_of("lifetime_left")->critical.text, "10:");
    assert_false(metric_of("signing_days")->warning.set);
    facts.now++;
    judge_anew();
    assert_only(NDES_RA_EXPIRING, STATE_WARNING, "wanted 25%");
    facts.now = NOW + 15 * DAY;
    judge_anew();
    assert_only(NDES_RA_EXPIRING, STATE_WARNING, "wanted 25%");
    facts.now++;
    judge_anew();
    assert_only(NDES_RA_EXPIRING, STATE_CRITICAL, "wanted 10%");
}

static void test_mixed_limits(void **state)
{
    (void)state;
    set_limits("50%:", "36h");
    facts.certificates[SIGNING].validity.not_after = NOW + 36 * HOUR;
    judge_anew();
    assert_only(NDES_RA_EXPIRING, STATE_WARNING, "expires in 36 hours");
    assert_false(metric_of("signing_days")->warning.set);
    assert_string_equal(metric_of("signing_days")->critical.text, "1.500000:");
    assert_string_equal(metric_of("lifetime_left")->warning.text, "50:");
    assert_false(metric_of("lifetime_left")->critical.set);
    facts.now++;
    judge_anew();
    assert_only(NDES_RA_EXPIRING, STATE_CRITICAL, "wanted 36h");
}

static void test_expired(void **state)
{
    (void)state;
    facts.certificates[SIGNING].validity.not_after = NOW - 1;
    judge_anew();
    assert_only(
        NDES_RA_EXPIRED, STATE_CRITICAL,
        "signing certificate 'NDES01-MSCEP-RA' expired 0 minutes ago (2026-11-22 23:59 UTC)");
    facts.certificates[SIGNING].validity.not_after = NOW - 7 * HOUR;
    judge_anew();
    assert_only(NDES_RA_EXPIRED, STATE_CRITICAL, "expired 7 hours ago (2026-11-22 17:00 UTC)");
    facts.certificates[SIGNING].validity.not_after = NOW - 3 * DAY - HOUR;
    judge_anew();
    assert_only(NDES_RA_EXPIRED, STATE_CRITICAL, "expired 3 days ago");
    assert_true(metric_of("signing_days")->value < -3);
    assert_true(metric_of("lifetime_left")->value == 0);
    facts.certificates[ENCRYPTION].validity.not_after = NOW - 1;
    judge_anew();
    assert_findings(2);
}

static void test_not_yet(void **state)
{
    (void)state;
    facts.certificates[ENCRYPTION].validity.not_before = NOW;
    judge_anew();
    assert_findings(0);
    facts.certificates[ENCRYPTION].validity.not_before = NOW + 60;
    judge_anew();
    assert_only(NDES_RA_NOTYET, STATE_CRITICAL, "is not valid before 2026-11-23 00:01 UTC");
    facts.certificates[ENCRYPTION].validity.not_before = NOW;
    facts.certificates[CA].validity.not_before = NOW + 60;
    judge_anew();
    assert_only(NDES_RA_NOTYET, STATE_CRITICAL, "CA certificate 'Example CA' is not valid before");
}

/* If the server's clock gives another verdict, ours may be the wrong one. */
static void test_skew(void **state)
{
    (void)state;
    facts.certificates[SIGNING].validity.not_after = NOW - HOUR;
    facts.answer.has_date = true;
    facts.answer.clock_ahead = -HOUR + 1;
    judge_anew();
    assert_only(NDES_RA_EXPIRED, STATE_CRITICAL, "expired");
    facts.answer.clock_ahead = -HOUR;
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_TIME_SKEW, STATE_WARNING,
                   "by the server's clock, which is 3600 s behind ours, the signing certificate "
                   "'NDES01-MSCEP-RA' is valid");
    facts.answer.has_date = false;
    judge_anew();
    assert_findings(1);
    facts.answer.has_date = true;
    facts.answer.clock_ahead = 7200;
    facts.certificates[SIGNING].validity.not_after = NOW + 300 * DAY;
    facts.certificates[SIGNING].validity.not_before = NOW + HOUR;
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_RA_NOTYET, STATE_CRITICAL, "signing");
    assert_finding(NDES_TIME_SKEW, STATE_WARNING, "7200 s ahead of ours");
}

static void test_ca(void **state)
{
    (void)state;
    facts.certificates[CA].validity.not_after = NOW + 90 * DAY;
    judge_anew();
    assert_findings(0);
    facts.certificates[CA].validity.not_after = NOW + 90 * DAY - 1;
    judge_anew();
    assert_only(NDES_CA_EXPIRING, STATE_WARNING, "'Example CA' expires in 89 days");
    facts.certificates[CA].validity.not_after = NOW + 30 * DAY - 1;
    judge_anew();
    assert_only(NDES_CA_EXPIRING, STATE_CRITICAL, "wanted 30:");
    facts.certificates[CA].validity.not_after = NOW - 2 * DAY;
    judge_anew();
    assert_only(NDES_CA_EXPIRED, STATE_CRITICAL, "expired 2 days ago");
    assert_null(limit_parse("50%", &options.ca_warning));
    assert_null(limit_parse("25%", &options.ca_critical));
    facts.certificates[CA].validity.not_after = NOW + 99 * DAY;
    judge_anew();
    assert_only(NDES_CA_EXPIRING, STATE_WARNING, "wanted 50%");
    assert_false(metric_of("ca_days")->warning.set);
    assert_false(metric_of("ca_days")->critical.set);
}

static void test_strength(void **state)
{
    (void)state;
    facts.certificates[SIGNING].key_bits = 2047;
    judge_anew();
    assert_only(NDES_RA_WEAKKEY, STATE_WARNING, "RSA key of 2047 bits, wanted 2048");
    facts.certificates[SIGNING].key_type = KEY_EC;
    facts.certificates[SIGNING].key_bits = 256;
    judge_anew();
    assert_findings(0);
    for (int kind = SIGNATURE_MD5; kind <= SIGNATURE_PSS; kind++) {
        facts.certificates[ENCRYPTION].signature_kind = (enum signature_kind)kind;
        text_copy(facts.certificates[ENCRYPTION].signature, 64, "sha1WithRSAEncryption");
        judge_anew();
        assert_only(NDES_RA_SIGNATURE, STATE_WARNING,
                    "encryption certificate 'NDES01-MSCEP-RA' is signed with sha1With");
    }
}

/* Nobody checks a root's own signature, but a subordinate CA's; and everybody a root's key. */
static void test_strength_of_ca(void **state)
{
    (void)state;
    facts.certificates[CA].signature_kind = SIGNATURE_SHA1;
    judge_anew();
    assert_findings(0);
    assert_note("[OK] CA certificate 'Example CA'");
    facts.certificates[CA].key_bits = 1024;
    judge_anew();
    assert_only(NDES_RA_WEAKKEY, STATE_WARNING,
                "CA certificate 'Example CA': RSA key of 1024 bits, wanted 2048");
    assert_false(has_note("[OK] CA certificate"));
    facts.certificates[CA].self_issued = false;
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_RA_SIGNATURE, STATE_WARNING, "CA certificate 'Example CA'");
    assert_finding(NDES_RA_WEAKKEY, STATE_WARNING, "CA certificate 'Example CA'");
}

static void test_roles(void **state)
{
    (void)state;
    facts.count = 2;
    facts.jobs[JOB_ENCRYPTION] = (struct job_facts){.index = -1};
    judge_anew();
    assert_only(NDES_RA_USAGE, STATE_CRITICAL,
                "no RA certificate for encryption (keyEncipherment) among 1");
    assert_note("[OK] signing certificate");
    assert_false(has_metric("encryption_days"));
    facts.count = 3;
    facts.jobs[JOB_SIGNING] = (struct job_facts){.index = -1};
    judge_anew();
    assert_only(NDES_RA_USAGE, STATE_CRITICAL, "no RA certificate may sign");
    assert_false(has_metric("signing_days"));
    assert_false(has_metric("lifetime_left"));
    facts.jobs[JOB_ENCRYPTION] = (struct job_facts){.index = ENCRYPTION, .issuer = CA};
    judge_anew();
    assert_only(NDES_RA_USAGE, STATE_CRITICAL, "no RA certificate for signing (digitalSignature)");
    assert_note("also served: signing certificate 'NDES01-MSCEP-RA', until 2027-09-19");
}

static void test_no_ra(void **state)
{
    (void)state;
    facts.count = 1;
    facts.jobs[JOB_SIGNING].index = facts.jobs[JOB_ENCRYPTION].index = -1;
    judge_anew();
    assert_only(NDES_RA_MISSING, STATE_CRITICAL, "1 CA certificate, but no RA certificate");
    options.allow_no_ra = true;
    judge_anew();
    assert_findings(0);
    assert_note("(--allow-no-ra)");
    assert_string_equal(judged.summary, "1 certificate, no RA certificate is needed");
    assert_true(has_metric("ca_days"));
}

static void test_no_eku(void **state)
{
    (void)state;
    facts.certificates[SIGNING].request_agent = false;
    judge_anew();
    assert_only(NDES_RA_USAGE, STATE_CRITICAL,
                "signing certificate 'NDES01-MSCEP-RA' lacks EKU Certificate Request Agent");
}

static void test_issuer(void **state)
{
    (void)state;
    facts.jobs[JOB_SIGNING].issuer = -1;
    facts.jobs[JOB_SIGNING].chain_problem = "unable to get issuer certificate";
    judge_anew();
    assert_only(NDES_RA_CHAIN, STATE_CRITICAL,
                "does not verify: issuer 'CN=Example CA', unable to get issuer certificate");
    facts.jobs[JOB_SIGNING].ca_problem = "not by these";
    judge_anew();
    assert_only(NDES_RA_CHAIN, STATE_CRITICAL, "does not verify with --ca-file: not by these");
}

/* Without a CA certificate nothing is known of the chain: a fault of a server's, but a file may
 * hold what the operator likes. */
static void test_no_ca(void **state)
{
    (void)state;
    facts.certificates[CA] = facts.certificates[ENCRYPTION];
    facts.count = 2;
    facts.newest_ca = -1;
    facts.jobs[JOB_ENCRYPTION].index = 0;
    for (int job = 0; job < JOB_COUNT; job++) {
        facts.jobs[job].issuer = -1;
        facts.jobs[job].chain_problem = "unable to get issuer certificate";
    }
    judge_anew();
    assert_only(NDES_CA_MISSING, STATE_CRITICAL, "2 certificates, but none of a CA");
    assert_note("signing certificate: issuer not checked");
    assert_note("encryption certificate: issuer not checked");
    assert_false(has_metric("ca_days"));
    options.file = "ra.pem";
    judge_anew();
    assert_findings(0);
    assert_note("signing certificate: issuer not checked");
    assert_note("[OK] signing certificate 'NDES01-MSCEP-RA': expires in 300 days");
    facts.jobs[JOB_SIGNING].ca_problem = "not by these";
    judge_anew();
    assert_only(NDES_RA_CHAIN, STATE_CRITICAL, "--ca-file");
}

static void test_old_ca(void **state)
{
    (void)state;
    facts.certificates[3] = facts.certificates[CA];
    facts.certificates[3].validity.not_before = NOW - DAY;
    facts.certificates[3].validity.not_after = NOW + 2000 * DAY;
    facts.count = 4;
    facts.newest_ca = 3;
    facts.jobs[JOB_SIGNING].issuer = 3;
    judge_anew();
    assert_only(NDES_RA_OLDCA, STATE_WARNING,
                "encryption certificate 'NDES01-MSCEP-RA' was issued under an older certificate of "
                "CA 'Example CA'");
    assert_note("also served: CA certificate 'Example CA'");
    assert_note(
        "encryption certificate 'NDES01-MSCEP-RA': expires in 400 days"); /* true, but not OK */
    assert_false(has_note("[OK] encryption certificate"));
    assert_note("[OK] signing certificate");
    text_copy(facts.certificates[3].subject, 256, "CN=Root CA"); /* the upper chain is no rival */
    judge_anew();
    assert_findings(0);
}

/* One line says OK of a certificate, and only if no other says what is wrong with it. */
static void test_no_contradiction(void **state)
{
    struct certificate *signing = &facts.certificates[SIGNING];
    const struct certificate good = *signing;

    (void)state;
    signing->key_bits = 1024;
    judge_anew();
    assert_findings(1);
    assert_false(has_note("[OK] signing certificate"));
    assert_note("signing certificate 'NDES01-MSCEP-RA': expires in 300 days (2027-09-19");
    assert_note("[OK] encryption certificate");
    assert_note("[OK] CA certificate");
    *signing = good;
    signing->request_agent = false;
    judge_anew();
    assert_findings(1);
    assert_false(has_note("[OK] signing certificate"));
    *signing = good;
    /* said by the finding, and on a line of its own */
    signing->validity.not_after = NOW + 20 * DAY;
    judge_anew();
    assert_only(NDES_RA_EXPIRING, STATE_CRITICAL, "expires in 20 days");
    assert_false(has_note("[OK] signing certificate"));
    signing->validity.not_after = NOW - 20 * DAY;
    judge_anew();
    assert_only(NDES_RA_EXPIRED, STATE_CRITICAL, "expired 20 days ago");
    assert_false(has_note("left, until 2026-11-03"));
    *signing = good;
    facts.jobs[JOB_SIGNING].chain_problem = "unable to get issuer certificate";
    judge_anew();
    assert_only(NDES_RA_CHAIN, STATE_CRITICAL, "does not verify");
    assert_false(has_note("[OK] signing certificate"));
    facts.jobs[JOB_SIGNING].chain_problem = NULL;
    options.subject = "other";
    judge_anew();
    assert_findings(2);
    assert_false(has_note("[OK] signing certificate"));
    assert_false(has_note("[OK] encryption certificate"));
    assert_note("[OK] CA certificate"); /* not by what --subject wants */
}

static void test_fingerprints(void **state)
{
    static const char colons[] = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
                                 "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff";
    static const char other[] = "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    (void)state;
    options.fingerprints = (struct text_list){{FINGERPRINT}, 1};
    judge_anew();
    assert_findings(0);
    options.fingerprints = (struct text_list){{other, colons}, 2};
    judge_anew();
    assert_findings(0);
    options.fingerprints = (struct text_list){{other}, 1};
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_RA_UNEXPECTED, STATE_CRITICAL,
                   "has an unexpected fingerprint: SHA-256 " FINGERPRINT);
    text_copy(facts.certificates[SIGNING].fingerprint, 65, other);
    judge_anew();
    assert_only(NDES_RA_UNEXPECTED, STATE_CRITICAL, "encryption certificate");
    options.fingerprints = (struct text_list){{FINGERPRINT "00", "0011"}, 2}; /* whole ones only */
    judge_anew();
    assert_findings(2);
}

static void test_subject(void **state)
{
    (void)state;
    options.subject = "ndes01-mscep";
    judge_anew();
    assert_findings(0);
    options.subject = "NDES02";
    judge_anew();
    assert_findings(2);
    assert_finding(
        NDES_RA_UNEXPECTED, STATE_CRITICAL,
        "signing certificate has an unexpected subject: 'CN=NDES01-MSCEP-RA', wanted 'NDES02'");
}

static void test_details(void **state)
{
    (void)state;
    text_copy(facts.certificates[SIGNING].template_name, 128, "EnrollmentAgentOffline");
    text_copy(facts.certificates[ENCRYPTION].template_oid, 128, "1.3.6.1.4.1.311.21.8.1");
    facts.certificates[3] = facts.certificates[SIGNING];
    facts.certificates[3].key_usage = 0;
    facts.count = 4;
    facts.dropped = 5;
    judge_anew();
    assert_note("also served: other certificate 'NDES01-MSCEP-RA', until 2027-09-19 00:00 UTC");
    assert_note("signing certificate 'CN=NDES01-MSCEP-RA': serial 01, SHA-256 " FINGERPRINT
                ", RSA 2048, sha256WithRSAEncryption, template EnrollmentAgentOffline");
    assert_note("template 1.3.6.1.4.1.311.21.8.1");
    assert_note("CA certificate 'CN=Example CA': serial 01");
    assert_note("template (none)");
    assert_note("not checked: 5 more certificates");
}

static void test_file(void **state)
{
    (void)state;
    options.file = "cacert.p7b";
    facts.answer = (struct http_response){0};
    judge_anew();
    assert_findings(0);
    assert_false(has_metric("time"));
}

static void test_no_answer(void **state)
{
    (void)state;
    facts.answer.outcome = HTTP_NO_CONNECTION;
    judge_anew();
    assert_only(NDES_NET_REFUSED, STATE_CRITICAL, options.url);
    assert_true(has_metric("time"));
    facts.answer = (struct http_response){.outcome = HTTP_ANSWERED, .status = 500};
    judge_anew();
    assert_only(NDES_HTTP_500, STATE_CRITICAL, "GetCACert: HTTP 500");
    facts.answer.status = 200;
    facts.cacert = CACERT_BLANK;
    judge_anew();
    assert_only(NDES_HTTP_BLANK, STATE_CRITICAL, "GetCACert");
    facts.cacert = CACERT_HTML;
    judge_anew();
    assert_only(NDES_HTTP_HTML, STATE_CRITICAL, "GetCACert");
    facts.cacert = CACERT_INVALID;
    facts.problem = "no certificate";
    judge_anew();
    assert_only(NDES_CACERT_INVALID, STATE_CRITICAL, "no certificate");
    assert_false(has_metric("signing_days"));
}

#define JUDGING(test) cmocka_unit_test_setup_teardown(test, start_healthy, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JUDGING(test_healthy),      JUDGING(test_combined),       JUDGING(test_thresholds),
        JUDGING(test_percent),      JUDGING(test_mixed_limits),   JUDGING(test_expired),
        JUDGING(test_not_yet),      JUDGING(test_skew),           JUDGING(test_ca),
        JUDGING(test_strength),     JUDGING(test_strength_of_ca), JUDGING(test_roles),
        JUDGING(test_no_ra),        JUDGING(test_no_eku),         JUDGING(test_issuer),
        JUDGING(test_no_ca),        JUDGING(test_old_ca),         JUDGING(test_no_contradiction),
        JUDGING(test_fingerprints), JUDGING(test_subject),        JUDGING(test_details),
        JUDGING(test_file),         JUDGING(test_no_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
