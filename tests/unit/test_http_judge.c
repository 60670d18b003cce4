/* test_http_judge.c - tests of check_ndes_http's judge, with facts written down.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "http_facts.h"
#include "judging.h"

static void test_healthy(void **state)
{
    (void)state;
    judge_anew();
    assert_findings(0);
    assert_string_equal(judged.summary, "NDES answers in 1.000 s, 3 capabilities, 3 certificates");
    assert_note("[OK] bare URL: HTTP 200: normal for plain NDES");
    assert_note("[OK] GetCACaps: POSTPKIOperation, Renewal, SHA-256");
    assert_note("[OK] GetCACert: 3 certificates in 3567 bytes");
    assert_note("[OK] admin page: HTTP 401: asks for Windows sign-in");
    assert_note("GetCACert: HTTP 200 in 0.250 s");
    assert_note("1 connection");
    assert_true(metric_of("time")->value == 1);
    assert_true(metric_of("time_dns")->value == 0.125L);
    assert_true(metric_of("time_connect")->value == 0.0625L);
    assert_true(metric_of("time_admin")->value == 0.25L);
    assert_true(metric_of("cacert_size")->value == 3567);
    assert_false(has_metric("time_tls"));
    assert_false(has_metric("time_long"));
    assert_false(has_metric("time_challenge"));
    assert_false(has_metric("tls_days"));
}

static void test_bare(void **state)
{
    static const struct {
        enum ndes_profile profile;
        int status;
        enum admin_page page;
        int id; /* enum finding_id; -1: none */
        const char *note;
    } cases[] = {
        {PROFILE_AUTO, 200, ADMIN_PAGE_DEVICE, -1, "normal for plain NDES"},
        {PROFILE_AUTO, 200, ADMIN_PAGE_OTHER, -1, "a page that is not from NDES"},
        {PROFILE_AUTO, 200, ADMIN_PAGE_BLANK, NDES_HTTP_BLANK, ""},
        {PROFILE_AUTO, 403, ADMIN_PAGE_OTHER, -1, "normal for NDES with the Intune policy module"},
        {PROFILE_AUTO, 500, ADMIN_PAGE_OTHER, NDES_HTTP_500, ""},
        {PROFILE_NDES, 200, ADMIN_PAGE_DEVICE, -1, "normal for plain NDES"},
        {PROFILE_NDES, 403, ADMIN_PAGE_OTHER, NDES_HTTP_403, ""},
        {PROFILE_NDES, 404, ADMIN_PAGE_OTHER, NDES_HTTP_404, ""},
        {PROFILE_INTUNE, 403, ADMIN_PAGE_OTHER, -1,
         "normal for NDES with the Intune policy module"},
        {PROFILE_INTUNE, 200, ADMIN_PAGE_DEVICE, NDES_HTTP_POLICY, ""},
        {PROFILE_INTUNE, 200, ADMIN_PAGE_BLANK, NDES_HTTP_BLANK, ""},
        {PROFILE_INTUNE, 503, ADMIN_PAGE_OTHER, NDES_HTTP_503, ""},
        {PROFILE_OTHER, 404, ADMIN_PAGE_OTHER, -1, "HTTP 404: not judged"},
        {PROFILE_OTHER, 500, ADMIN_PAGE_OTHER, -1, "HTTP 500: not judged"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        options.profile = (int)cases[i].profile;
        facts.answers[STEP_BARE].status = cases[i].status;
        facts.bare_page = cases[i].page;
        judge_anew();
        if (cases[i].id < 0)
            assert_findings(0);
        else
            assert_only((enum finding_id)cases[i].id, STATE_CRITICAL, "bare URL: HTTP ");
        assert_note(cases[i].note);
    }
    assert_true(text_starts(judged.summary, "SCEP server answers"));
    options.profile = PROFILE_AUTO;
    facts.answers[STEP_BARE].status = 403;
    judge_anew();
    assert_true(text_starts(judged.summary, "NDES with policy module answers"));
}

/* The first step that gets no answer is the last. */
static void test_no_answer(void **state)
{
    (void)state;
    memset(facts.answers, 0, sizeof facts.answers);
    facts.answers[STEP_BARE].outcome = HTTP_NO_NAME;
    judge_anew();
    assert_only(NDES_NET_DNS, STATE_CRITICAL, options.url);
    assert_false(has_metric("time_url"));
    assert_true(has_metric("time"));
    set_answer(STEP_BARE, 200);
    facts.answers[STEP_CAPS].outcome = HTTP_TIMEOUT;
    facts.answers[STEP_CAPS].phase = PHASE_WAIT;
    judge_anew();
    assert_only(NDES_HTTP_TIMEOUT, STATE_CRITICAL, "GetCACaps: ");
    set_answer(STEP_CAPS, 200);
    facts.answers[STEP_CACERT].outcome = HTTP_BROKEN;
    judge_anew();
    assert_only(NDES_HTTP_BROKEN, STATE_CRITICAL, "GetCACert:");
    set_answer(STEP_CACERT, 200);
    facts.answers[STEP_ADMIN].outcome = HTTP_TOO_LARGE;
    judge_anew();
    assert_only(NDES_HTTP_TOOLARGE, STATE_CRITICAL, "admin page: ");
}

/* One fault in all steps is one finding. */
static void test_same_status(void **state)
{
    (void)state;
    for (int step = STEP_BARE; step <= STEP_ADMIN; step++)
        facts.answers[step].status = 503;
    judge_anew();
    assert_only(NDES_HTTP_503, STATE_CRITICAL, "bare URL: HTTP 503");
    assert_note("GetCACaps: also HTTP 503");
    assert_note("GetCACert: also HTTP 503");
    assert_note("admin page: also HTTP 503");
    assert_false(has_metric("cacert_size"));
}

static void test_caps(void **state)
{
    struct http_response *answer = &facts.answers[STEP_CAPS];

    (void)state;
    answer->status = 403;
    judge_anew();
    assert_only(NDES_HTTP_403, STATE_CRITICAL, "GetCACaps: HTTP 403");
    answer->status = 200;
    answer->body.length = 42;
    facts.caps.verdict = CAPS_HTML;
    judge_anew();
    assert_only(NDES_HTTP_HTML, STATE_CRITICAL,
                "a web page instead of a list (42 bytes, no content type)");
    facts.caps.verdict = CAPS_OTHER;
    text_copy(answer->content_type, sizeof answer->content_type, "text/plain");
    judge_anew();
    assert_only(NDES_HTTP_HTML, STATE_CRITICAL,
                "something else instead of a list (42 bytes, text/plain)");
}

static void test_required_caps(void **state)
{
    char word[1000];

    (void)state;
    options.require_caps = "postpkioperation, sha-256,,RENEWAL,";
    judge_anew();
    assert_findings(0);
    options.require_caps = "AES,Renewal SHA-512";
    judge_anew();
    assert_only(NDES_HTTP_CAPS, STATE_WARNING,
                "GetCACaps lacks AES, SHA-512; it offers POSTPKIOperation, Renewal, SHA-256");
    memset(word, 'w', sizeof word);
    word[sizeof word - 1] = '\0';
    options.require_caps = word; /* however long: it is not there */
    judge_anew();
    assert_only(NDES_HTTP_CAPS, STATE_WARNING, "GetCACaps lacks ");
}

/* RFC 8894 allows an empty list: it lacks whatever is wanted. */
static void test_blank_caps(void **state)
{
    (void)state;
    scep_caps_parse("\r\n", 2, &facts.caps);
    judge_anew();
    assert_only(NDES_HTTP_CAPS, STATE_WARNING,
                "GetCACaps lacks POSTPKIOperation; it offers nothing");
    options.require_caps = "";
    judge_anew();
    assert_findings(0);
    options.require_caps = "AES,Renewal";
    options.long_url = 17408;
    set_answer(STEP_LONG, 200);
    facts.long_caps = facts.caps;
    judge_anew();
    assert_only(NDES_HTTP_CAPS, STATE_WARNING, "lacks AES, Renewal; it offers nothing");
    assert_note("[OK] a URL of 17408 bytes passes");
}

static void test_cacert(void **state)
{
    (void)state;
    facts.answers[STEP_CACERT].status = 404;
    judge_anew();
    assert_only(NDES_HTTP_404, STATE_CRITICAL, "GetCACert: HTTP 404");
    facts.answers[STEP_CACERT].status = 200;
    facts.cacert = CACERT_BLANK;
    judge_anew();
    assert_only(NDES_HTTP_BLANK, STATE_CRITICAL, "GetCACert");
    facts.cacert = CACERT_HTML;
    judge_anew();
    assert_only(NDES_HTTP_HTML, STATE_CRITICAL, "GetCACert");
    facts.cacert = CACERT_INVALID;
    facts.cacert_problem = "no certificate";
    judge_anew();
    assert_only(NDES_CACERT_INVALID, STATE_CRITICAL, "no certificate");
    assert_true(has_metric("cacert_size"));
    assert_false(has_note("certificates in"));
}

#define HTTP_SYS "Microsoft-HTTPAPI/2.0"
#define IIS "Microsoft-IIS/10.0"

/* The short request passed, so whatever refuses the long one refuses its length. */
static void test_long(void **state)
{
    static const struct {
        const char *server;
        const char *part;
    } layers[] = {
        {HTTP_SYS, "refused by HTTP.sys (MaxFieldLength"},
        {IIS, "refused by IIS request filtering (maxQueryString"},
        {"nginx", "refused by a proxy or gateway in front"},
        {"", "refused by a proxy or gateway in front"},
    };
    static const int statuses[] = {400, 401, 403, 404, 406, 413, 414, 418, 431, 499, 501};

    (void)state;
    options.long_url = 17408;
    set_answer(STEP_LONG, 200);
    facts.long_caps = facts.caps;
    judge_anew();
    assert_findings(0);
    assert_note("[OK] a URL of 17408 bytes passes");
    for (size_t i = 0; i < COUNT_OF(statuses) * COUNT_OF(layers); i++) {
        const char *server = layers[i % COUNT_OF(layers)].server;
        char text[64];

        facts.answers[STEP_LONG].status = statuses[i / COUNT_OF(layers)];
        set_server(STEP_LONG, server);
        text_format(text, sizeof text, ": HTTP %d%s%s", facts.answers[STEP_LONG].status,
                    server[0] ? " from " : "", server);
        judge_anew();
        assert_only(NDES_URL_LIMIT, STATE_CRITICAL, text);
        assert_only(NDES_URL_LIMIT, STATE_CRITICAL, layers[i % COUNT_OF(layers)].part);
    }
    assert_true(has_metric("time_long"));
    text_copy(facts.answers[STEP_LONG].via, sizeof facts.answers[STEP_LONG].via, "1.1 gateway");
    judge_anew();
    assert_only(NDES_URL_LIMIT, STATE_CRITICAL, ": HTTP 501, Via 1.1 gateway");
}

/* These say nothing of length. */
static void test_long_faults(void **state)
{
    static const struct {
        int status;
        enum finding_id id;
        enum state expected;
    } cases[] = {
        {500, NDES_HTTP_500, STATE_CRITICAL},     {502, NDES_HTTP_502, STATE_CRITICAL},
        {503, NDES_HTTP_503, STATE_CRITICAL},     {504, NDES_HTTP_504, STATE_CRITICAL},
        {505, NDES_HTTP_STATUS, STATE_CRITICAL},  {204, NDES_HTTP_STATUS, STATE_CRITICAL},
        {302, NDES_HTTP_REDIRECT, STATE_WARNING},
    };

    (void)state;
    options.long_url = 17408;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        set_answer(STEP_LONG, cases[i].status);
        judge_anew();
        assert_only(cases[i].id, cases[i].expected, "long GetCACaps: HTTP ");
    }
}

/* The short one fails, too: the length may not be the reason. */
static void test_long_unfit(void **state)
{
    (void)state;
    options.long_url = 17408;
    facts.answers[STEP_CAPS].status = 503;
    for (int status = 200; status <= 503; status++) {
        set_answer(STEP_LONG, status);
        judge_anew();
        assert_only(NDES_HTTP_503, STATE_CRITICAL, "GetCACaps: HTTP 503");
        assert_note("long GetCACaps: not checked");
    }
    facts.answers[STEP_LONG] = (struct http_response){.outcome = HTTP_BROKEN};
    judge_anew();
    assert_findings(1);
    facts.answers[STEP_LONG].outcome = HTTP_TIMEOUT;
    judge_anew();
    assert_findings(1);
    facts.answers[STEP_LONG].outcome = HTTP_NOT_ASKED;
    judge_anew();
    assert_findings(1);
    assert_false(has_note("long GetCACaps"));
}

static void test_long_otherwise(void **state)
{
    (void)state;
    options.long_url = 17408;
    facts.answers[STEP_LONG] = (struct http_response){.outcome = HTTP_BROKEN, .detail = "reset"};
    judge_anew();
    assert_only(NDES_URL_LIMIT, STATE_CRITICAL, "connection cut (reset)");
    facts.answers[STEP_LONG].outcome = HTTP_TIMEOUT;
    judge_anew();
    assert_only(NDES_HTTP_TIMEOUT, STATE_CRITICAL, "long GetCACaps");
    set_answer(STEP_LONG, 200);
    facts.long_caps.verdict = CAPS_HTML;
    judge_anew();
    assert_only(NDES_URL_LIMIT, STATE_CRITICAL, "HTTP 200, but no list of capabilities");
    facts.long_caps.verdict = CAPS_BLANK;
    judge_anew();
    assert_only(NDES_URL_LIMIT, STATE_CRITICAL, "HTTP 200, but no list of capabilities");
}

static void test_tls(void **state)
{
    static const struct {
        int64_t left;
        int expected;
        const char *part;
    } cases[] = {
        {30 * DAY, STATE_OK, ""},
        {30 * DAY - 1, STATE_WARNING, "expires in 29 days (2026-12-22 23:59 UTC; wanted 30:)"},
        {14 * DAY, STATE_WARNING, "expires in 14 days (2026-12-07 00:00 UTC; wanted 30:)"},
        {14 * DAY - 1, STATE_CRITICAL, "expires in 13 days (2026-12-06 23:59 UTC; wanted 14:)"},
        {7 * HOUR, STATE_CRITICAL, "expires in 7 hours (2026-11-23 07:00 UTC; wanted 14:)"},
        {HOUR + 1800, STATE_CRITICAL, "expires in 90 minutes (2026-11-23 01:30 UTC; wanted 14:)"},
        {0, STATE_CRITICAL, "expires in 0 minutes"},
        {-1, STATE_CRITICAL, "expired 0 minutes ago (2026-11-22 23:59 UTC)"},
        {-7 * HOUR, STATE_CRITICAL, "expired 7 hours ago (2026-11-22 17:00 UTC)"},
        {-3 * DAY, STATE_CRITICAL, "TLS certificate CN=ndes.example.com expired 3 days ago"},
    };

    (void)state;
    facts.has_certificate = true;
    facts.answers[STEP_BARE].times.tls = 0.5;
    text_copy(facts.certificate.subject, sizeof facts.certificate.subject, "CN=ndes.example.com");
    text_copy(facts.tls_protocol, sizeof facts.tls_protocol, "TLSv1.3");
    text_copy(facts.tls_cipher, sizeof facts.tls_cipher, "TLS_AES_256_GCM_SHA384");
    facts.certificate.validity.not_before = NOW - 10 * DAY;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        facts.certificate.validity.not_after = NOW + cases[i].left;
        judge_anew();
        if (cases[i].expected == STATE_OK)
            assert_note("[OK] TLS certificate CN=ndes.example.com: valid from 2026-11-13 00:00 UTC "
                        "until 2026-12-23 00:00 UTC, TLSv1.3 TLS_AES_256_GCM_SHA384");
        else
            assert_only(NDES_TLS_EXPIRED, (enum state)cases[i].expected, cases[i].part);
    }
    assert_true(metric_of("time_tls")->value == 0.5L);
    assert_true(metric_of("tls_days")->value == -3);
    assert_string_equal(metric_of("tls_days")->warning.text, "30:");
}

/* A certificate that was refused may have days left, but nothing about it is OK. */
static void test_tls_refused(void **state)
{
    static const struct {
        enum http_outcome outcome;
        int64_t from;
        int64_t until;
        enum finding_id id;
        const char *note;
    } cases[] = {
        {HTTP_TLS_EXPIRED, -10 * DAY, -DAY, NDES_TLS_EXPIRED,
         "valid from 2026-11-13 00:00 UTC until 2026-11-22 00:00 UTC"},
        {HTTP_TLS_EXPIRED, DAY, 100 * DAY, NDES_TLS_EXPIRED, /* not yet */
         "valid from 2026-11-24 00:00 UTC until 2027-03-03 00:00 UTC"},
        {HTTP_TLS_NAME, -DAY, 100 * DAY, NDES_TLS_NAME, "valid from 2026-11-22"},
        {HTTP_TLS_CHAIN, -DAY, 100 * DAY, NDES_TLS_CHAIN, "valid from 2026-11-22"},
    };

    (void)state;
    facts.has_certificate = true;
    text_copy(facts.certificate.subject, sizeof facts.certificate.subject, "CN=x");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        memset(facts.answers, 0, sizeof facts.answers);
        facts.answers[STEP_BARE].outcome = cases[i].outcome;
        facts.certificate.validity.not_before = NOW + cases[i].from;
        facts.certificate.validity.not_after = NOW + cases[i].until;
        judge_anew();
        assert_only(cases[i].id, STATE_CRITICAL, ""); /* one fault is said once */
        assert_note("TLS certificate CN=x: ");
        assert_note(cases[i].note);
        assert_false(has_note("[OK] TLS"));
        assert_true(has_metric("tls_days"));
    }
    facts.answers[STEP_BARE].outcome = HTTP_ANSWERED; /* --insecure */
    facts.answers[STEP_BARE].status = 200;
    facts.certificate.validity.not_before = NOW + 1;
    judge_anew();
    assert_finding(NDES_TLS_EXPIRED, STATE_CRITICAL,
                   "TLS certificate CN=x is not valid before 2026-11-23 00:00 UTC");
    facts.certificate.validity.not_before = NOW;
    judge_anew();
    assert_false(report_has(&judged, NDES_TLS_EXPIRED));
    facts.answers[STEP_BARE] = (struct http_response){.outcome = HTTP_TLS_CHAIN};
    facts.certificate.validity.not_after = NOW + 20 * DAY; /* a second fault of its own */
    judge_anew();
    assert_findings(2);
    assert_finding(NDES_TLS_EXPIRED, STATE_WARNING, "expires in 20 days");
}

static void test_clock(void **state)
{
    struct http_response *answer = &facts.answers[STEP_BARE];

    (void)state;
    answer->clock_ahead = 5000; /* without a Date that is nothing */
    judge_anew();
    assert_findings(0);
    answer->has_date = true;
    judge_anew();
    assert_only(NDES_TIME_SKEW, STATE_WARNING, "is 5000 s ahead of ours (allowed: 300 s)");
    answer->clock_ahead = 301;
    judge_anew();
    assert_findings(1);
    answer->clock_ahead = 300;
    judge_anew();
    assert_findings(0);
    answer->clock_ahead = -300;
    judge_anew();
    assert_findings(0);
    answer->clock_ahead = -301;
    judge_anew();
    assert_only(NDES_TIME_SKEW, STATE_WARNING, "is 301 s behind");
    answer->clock_ahead = INT64_C(250000000000);
    judge_anew();
    assert_only(NDES_TIME_SKEW, STATE_WARNING, "is 250000000000 s ahead");
}

static void test_times(void **state)
{
    (void)state;
    options.warning = range_of("1");
    options.critical = range_of("2");
    judge_anew(); /* exactly 1 s */
    assert_findings(0);
    assert_string_equal(metric_of("time")->warning.text, "1");
    facts.answers[STEP_CAPS].times.total = 0.5;
    judge_anew();
    assert_only(NDES_HTTP_SLOW, STATE_WARNING, "all requests took 1.250 s, wanted at most 1 s");
    facts.answers[STEP_CAPS].times.total = 5;
    judge_anew();
    assert_only(NDES_HTTP_SLOW, STATE_CRITICAL, "all requests took 5.750 s, wanted at most 2 s");
}

/* Without a name to ask for, or on no new connection, there is nothing to measure. */
static void test_times_left_out(void **state)
{
    (void)state;
    facts.answers[STEP_BARE].times.name = 0;
    judge_anew();
    assert_false(has_metric("time_dns"));
    assert_true(has_metric("time_connect"));
    facts.answers[STEP_BARE].times.connect = 0;
    judge_anew();
    assert_false(has_metric("time_connect"));
    assert_true(has_metric("time_url"));
}

static void test_proxy(void **state)
{
    (void)state;
    options.connection.http.proxy = "http://proxy:3128";
    judge_anew();
    assert_findings(0);
    assert_note("through proxy http://proxy:3128");
}

#define JUDGING(test) cmocka_unit_test_setup_teardown(test, start_healthy, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JUDGING(test_healthy),       JUDGING(test_bare),           JUDGING(test_no_answer),
        JUDGING(test_same_status),   JUDGING(test_caps),           JUDGING(test_blank_caps),
        JUDGING(test_required_caps), JUDGING(test_cacert),         JUDGING(test_long),
        JUDGING(test_long_faults),   JUDGING(test_long_unfit),     JUDGING(test_long_otherwise),
        JUDGING(test_tls),           JUDGING(test_tls_refused),    JUDGING(test_clock),
        JUDGING(test_times),         JUDGING(test_times_left_out), JUDGING(test_proxy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
