/* test_answer.c - tests of common/scep/answer.h: each HTTP outcome and status as a finding.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "common/scep/answer.h"

#define URL "https://ndes.example.com/certsrv/mscep/mscep.dll"

static struct report report;

static int start_report(void **state)
{
    (void)state;
    report_init(&report, "check_ndes_test", "NDES TEST", NULL);
    return 0;
}

static int end_report(void **state)
{
    (void)state;
    report_free(&report);
    return 0;
}

static void restart(void)
{
    end_report(NULL);
    start_report(NULL);
}

/* The only finding, with a part of its message. */
static void assert_found(enum finding_id id, enum state expected, const char *part)
{
    assert_int_equal(report.finding_count, 1);
    assert_string_equal(catalogue_row(report.findings[0].id)->id, catalogue_row(id)->id);
    assert_int_equal(report.findings[0].state, expected);
    if (!strstr(report.findings[0].message, part))
        fail_msg("no '%s' in '%s'", part, report.findings[0].message);
}

static void test_outcomes(void **state)
{
    static const struct {
        enum http_outcome outcome;
        enum finding_id id;
        enum state expected;
        const char *part;
    } cases[] = {
        {HTTP_NO_NAME, NDES_NET_DNS, STATE_CRITICAL, "why (" URL ")"},
        {HTTP_NO_CONNECTION, NDES_NET_REFUSED, STATE_CRITICAL, "why (" URL ")"},
        {HTTP_PROXY, NDES_NET_PROXY, STATE_CRITICAL, "why (" URL ")"},
        {HTTP_TLS_EXPIRED, NDES_TLS_EXPIRED, STATE_CRITICAL, "why"},
        {HTTP_TLS_NAME, NDES_TLS_NAME, STATE_CRITICAL, "why"},
        {HTTP_TLS_CHAIN, NDES_TLS_CHAIN, STATE_CRITICAL, "why"},
        {HTTP_TLS_CLIENT, NDES_TLS_CLIENT, STATE_CRITICAL, "why"},
        {HTTP_TLS_HANDSHAKE, NDES_TLS_HANDSHAKE, STATE_CRITICAL, "why"},
        {HTTP_TOO_LARGE, NDES_HTTP_TOOLARGE, STATE_CRITICAL, "step: answer over 256 KiB"},
        {HTTP_BROKEN, NDES_HTTP_BROKEN, STATE_CRITICAL, "step: why"},
        {HTTP_SETTINGS, NDES_HTTP_SETTINGS, STATE_UNKNOWN, "no request was sent: why"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_response response = {
            .outcome = cases[i].outcome, .detail = "why", .body = {.maximum = HTTP_BODY_MAXIMUM}};

        assert_false(answer_arrived(&report, "step", URL, &response));
        assert_found(cases[i].id, cases[i].expected, cases[i].part);
        restart();
    }
}

static void test_no_finding(void **state)
{
    struct http_response response = {.outcome = HTTP_ANSWERED, .status = 500};

    (void)state;
    assert_true(answer_arrived(&report, "step", URL, &response));
    response.outcome = HTTP_NOT_ASKED;
    assert_false(answer_arrived(&report, "step", URL, &response));
    assert_int_equal(report.finding_count, 0);
}

static void test_timeouts(void **state)
{
    static const struct {
        enum http_phase phase;
        const char *part;
    } cases[] = {
        {PHASE_NAME, "step: time ran out while the name was being resolved (why)"},
        {PHASE_CONNECT, "step: time ran out while the TCP connection was being made (why)"},
        {PHASE_TLS, "step: 192.0.2.1 stopped answering in the TLS handshake (why)"},
        {PHASE_WAIT, "step: 192.0.2.1 stopped answering after the request was sent (why)"},
        {PHASE_TRANSFER, "step: 192.0.2.1 stopped answering in the middle of the answer (why)"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_response response = {.outcome = HTTP_TIMEOUT,
                                         .phase = cases[i].phase,
                                         .detail = "why",
                                         .peer_address = "192.0.2.1"};

        assert_false(answer_arrived(&report, "step", URL, &response));
        assert_found(NDES_HTTP_TIMEOUT, STATE_CRITICAL, cases[i].part);
        restart();
    }
}

/* Of an earlier run no address is known. */
static void test_timeout_without_address(void **state)
{
    struct http_response response = {
        .outcome = HTTP_TIMEOUT, .phase = PHASE_WAIT, .detail = "not asked again yet"};

    (void)state;
    assert_false(answer_arrived(&report, "step, 9 minutes ago", URL, &response));
    assert_string_equal(report.findings[0].message,
                        "step, 9 minutes ago: stopped answering after the request was sent (not "
                        "asked again yet)");
}

static void test_statuses(void **state)
{
    static const struct {
        int status;
        enum finding_id id;
        enum state expected;
    } cases[] = {
        {301, NDES_HTTP_REDIRECT, STATE_WARNING}, {302, NDES_HTTP_REDIRECT, STATE_WARNING},
        {300, NDES_HTTP_REDIRECT, STATE_WARNING}, {399, NDES_HTTP_REDIRECT, STATE_WARNING},
        {403, NDES_HTTP_403, STATE_CRITICAL},     {404, NDES_HTTP_404, STATE_CRITICAL},
        {500, NDES_HTTP_500, STATE_CRITICAL},     {502, NDES_HTTP_502, STATE_CRITICAL},
        {503, NDES_HTTP_503, STATE_CRITICAL},     {504, NDES_HTTP_504, STATE_CRITICAL},
        {401, NDES_HTTP_STATUS, STATE_CRITICAL},  {400, NDES_HTTP_STATUS, STATE_CRITICAL},
        {414, NDES_HTTP_STATUS, STATE_CRITICAL},  {501, NDES_HTTP_STATUS, STATE_CRITICAL},
        {204, NDES_HTTP_STATUS, STATE_CRITICAL},  {201, NDES_HTTP_STATUS, STATE_CRITICAL},
        {206, NDES_HTTP_STATUS, STATE_CRITICAL},  {0, NDES_HTTP_STATUS, STATE_CRITICAL},
        {999, NDES_HTTP_STATUS, STATE_CRITICAL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_response response = {.outcome = HTTP_ANSWERED, .status = cases[i].status};
        char part[32];

        text_format(part, sizeof part, "step: HTTP %d", cases[i].status);
        answer_judge_status(&report, "step", &response);
        assert_found(cases[i].id, cases[i].expected, part);
        restart();
    }
}

static void test_good_status(void **state)
{
    struct http_response response = {.outcome = HTTP_ANSWERED, .status = 200};

    (void)state;
    answer_judge_status(&report, "step", &response);
    assert_int_equal(report.finding_count, 0);
    assert_int_equal(report.note_count, 0);
}

static void test_repeated_status(void **state)
{
    struct http_response response = {.outcome = HTTP_ANSWERED, .status = 503, .reason = "Off"};

    (void)state;
    answer_judge_status(&report, "one", &response);
    answer_judge_status(&report, "two", &response);
    assert_found(NDES_HTTP_503, STATE_CRITICAL, "one: HTTP 503 Off");
    assert_int_equal(report.note_count, 1);
    assert_string_equal(report.notes[0].text, "two: also HTTP 503 Off");
    response.status = 500;
    answer_judge_status(&report, "three", &response);
    assert_int_equal(report.finding_count, 2);
}

static void test_redirect(void **state)
{
    struct http_response response = {.outcome = HTTP_ANSWERED, .status = 302};

    (void)state;
    answer_judge_status(&report, "step", &response);
    assert_string_equal(report.findings[0].message, "step: HTTP 302");
    restart();
    text_copy(response.location, sizeof response.location, "https://login.example.com/");
    answer_judge_status(&report, "step", &response);
    assert_string_equal(report.findings[0].message,
                        "step: HTTP 302, to https://login.example.com/");
}

static void test_answer_text(void **state)
{
    struct http_response response = {.status = 503};
    char text[320];

    (void)state;
    answer_text(&response, text, sizeof text);
    assert_string_equal(text, "HTTP 503");
    text_copy(response.server, sizeof response.server, "Microsoft-HTTPAPI/2.0");
    answer_text(&response, text, sizeof text);
    assert_string_equal(text, "HTTP 503 from Microsoft-HTTPAPI/2.0");
    text_copy(response.reason, sizeof response.reason, "Service Unavailable");
    answer_text(&response, text, sizeof text);
    assert_string_equal(text, "HTTP 503 Service Unavailable from Microsoft-HTTPAPI/2.0");
    response.server[0] = '\0';
    answer_text(&response, text, sizeof text);
    assert_string_equal(text, "HTTP 503 Service Unavailable");
    answer_text(&response, text, 9);
    assert_string_equal(text, "HTTP 503");
}

static void test_cacert(void **state)
{
    struct http_response response = {.status = 200, .body = {.length = 42}};

    (void)state;
    answer_judge_cacert(&report, CACERT_GOOD, NULL, &response);
    assert_int_equal(report.finding_count, 0);
    answer_judge_cacert(&report, CACERT_BLANK, "nothing", &response);
    assert_found(NDES_HTTP_BLANK, STATE_CRITICAL, "GetCACert: HTTP 200 with an empty body");
    restart();
    answer_judge_cacert(&report, CACERT_HTML, "no certificate", &response);
    assert_found(NDES_HTTP_HTML, STATE_CRITICAL,
                 "a web page instead of certificates (42 bytes, no content type)");
    restart();
    answer_judge_cacert(&report, CACERT_INVALID, "no certificate", &response);
    assert_found(NDES_CACERT_INVALID, STATE_CRITICAL, "no certificate (42 bytes of no type)");
    restart();
    text_copy(response.content_type, sizeof response.content_type, "text/plain");
    answer_judge_cacert(&report, CACERT_HTML, "no certificate", &response);
    assert_found(NDES_HTTP_HTML, STATE_CRITICAL, "(42 bytes, text/plain)");
    restart();
    answer_judge_cacert(&report, CACERT_INVALID, "no certificate", &response);
    assert_found(NDES_CACERT_INVALID, STATE_CRITICAL, "no certificate (42 bytes of text/plain)");
}

#define WITH_REPORT(test) cmocka_unit_test_setup_teardown(test, start_report, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_REPORT(test_outcomes),        WITH_REPORT(test_no_finding),
        WITH_REPORT(test_timeouts),        WITH_REPORT(test_timeout_without_address),
        WITH_REPORT(test_statuses),        WITH_REPORT(test_good_status),
        WITH_REPORT(test_repeated_status), WITH_REPORT(test_redirect),
        WITH_REPORT(test_answer_text),     WITH_REPORT(test_cacert),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
