/* test_admin_judge.c - tests of how check_ndes_http judges the admin page that it sees without
 * signing in. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "http_facts.h"
#include "judging.h"

static void test_admin_closed(void **state)
{
    struct http_response *answer = &facts.answers[STEP_ADMIN];

    (void)state;
    options.admin = ADMIN_FORBIDDEN;
    judge_anew();
    assert_only(NDES_ADMIN_EXPOSED, STATE_WARNING, "must not be reachable from here");
    answer->auth_offers = AUTH_DIGEST;
    options.admin = ADMIN_AUTO;
    judge_anew();
    assert_findings(0);
    assert_note("HTTP 401: asks for sign-in");
    options.admin = ADMIN_REQUIRED;
    judge_anew();
    assert_only(NDES_ADMIN_AUTH, STATE_UNKNOWN, "offers neither NTLM nor Negotiate");
    answer->auth_offers = AUTH_NTLM;
    judge_anew();
    assert_findings(0);
    answer->auth_offers = AUTH_NEGOTIATE | AUTH_BASIC;
    judge_anew();
    assert_only(NDES_ADMIN_BASIC, STATE_WARNING, "Basic over plain HTTP");
    text_copy(options.url, sizeof options.url, "https://ndes.example.com/certsrv/mscep/mscep.dll");
    judge_anew();
    assert_findings(0);
}

static void test_admin_statuses(void **state)
{
    static const struct {
        enum admin_mode mode;
        int status;
        int id; /* enum finding_id; -1: none */
        const char *part;
    } cases[] = {
        {ADMIN_AUTO, 404, -1, "removed or hardened, usual with Intune"},
        {ADMIN_AUTO, 403, -1, "removed or hardened, usual with Intune"},
        {ADMIN_FORBIDDEN, 404, -1, "removed or hardened, usual with Intune"},
        {ADMIN_FORBIDDEN, 403, -1, "removed or hardened, usual with Intune"},
        {ADMIN_REQUIRED, 404, NDES_ADMIN_MISSING, "HTTP 404 at /certsrv/mscep_admin/"},
        {ADMIN_REQUIRED, 403, NDES_ADMIN_MISSING, "HTTP 403 at /certsrv/mscep_admin/"},
        {ADMIN_CHALLENGE, 404, NDES_ADMIN_MISSING, "HTTP 404 at"},
        {ADMIN_CHALLENGE, 403, NDES_ADMIN_MISSING, "HTTP 403 at"},
        {ADMIN_FORBIDDEN, 300, -1, "[OK] admin page: HTTP 300: not reachable from here"},
        {ADMIN_FORBIDDEN, 302, -1, "[OK] admin page: HTTP 302: not reachable from here"},
        {ADMIN_FORBIDDEN, 399, -1, "[OK] admin page: HTTP 399: not reachable from here"},
        {ADMIN_AUTO, 302, NDES_HTTP_REDIRECT, "admin page: HTTP 302"},
        {ADMIN_REQUIRED, 302, NDES_HTTP_REDIRECT, "admin page: HTTP 302"},
        {ADMIN_CHALLENGE, 307, NDES_HTTP_REDIRECT, "admin page: HTTP 307"},
        {ADMIN_AUTO, 500, NDES_HTTP_500, "admin page: HTTP 500"},
        {ADMIN_FORBIDDEN, 503, NDES_HTTP_503, "admin page: HTTP 503"},
        {ADMIN_FORBIDDEN, 400, NDES_HTTP_STATUS, "admin page: HTTP 400"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        options.admin = (int)cases[i].mode;
        facts.answers[STEP_ADMIN].status = cases[i].status;
        judge_anew();
        if (cases[i].id < 0) {
            assert_findings(0);
            assert_note(cases[i].part);
        } else {
            assert_only((enum finding_id)cases[i].id,
                        cases[i].id == NDES_HTTP_REDIRECT ? STATE_WARNING : STATE_CRITICAL,
                        cases[i].part);
        }
    }
}

/* A firewall may cut the connection, or say nothing at all. */
static void test_admin_blocked(void **state)
{
    static const struct {
        enum admin_mode mode;
        enum http_outcome outcome;
        int id; /* enum finding_id; -1: none */
        const char *part;
    } cases[] = {
        {ADMIN_AUTO, HTTP_BROKEN, -1, "[OK] admin page: the connection is cut: blocked"},
        {ADMIN_FORBIDDEN, HTTP_BROKEN, -1, "[OK] admin page: the connection is cut: blocked"},
        {ADMIN_REQUIRED, HTTP_BROKEN, NDES_HTTP_BROKEN, "admin page: why"},
        {ADMIN_CHALLENGE, HTTP_BROKEN, NDES_HTTP_BROKEN, "admin page: why"},
        {ADMIN_AUTO, HTTP_TIMEOUT, NDES_HTTP_TIMEOUT, "admin page: stopped answering"},
        {ADMIN_FORBIDDEN, HTTP_TIMEOUT, -1, "[OK] admin page: no answer: blocked on the way"},
        {ADMIN_REQUIRED, HTTP_TIMEOUT, NDES_HTTP_TIMEOUT, "admin page: stopped answering"},
        {ADMIN_CHALLENGE, HTTP_TIMEOUT, NDES_HTTP_TIMEOUT, "admin page: stopped answering"},
        {ADMIN_FORBIDDEN, HTTP_TOO_LARGE, NDES_HTTP_TOOLARGE, "admin page: "},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        options.admin = (int)cases[i].mode;
        facts.answers[STEP_ADMIN] = (struct http_response){
            .outcome = cases[i].outcome, .phase = PHASE_WAIT, .detail = "why"};
        judge_anew();
        if (cases[i].id < 0) {
            assert_findings(0);
            assert_note(cases[i].part);
        } else {
            assert_only((enum finding_id)cases[i].id, STATE_CRITICAL, cases[i].part);
        }
        assert_false(has_metric("time_admin"));
    }
}

static void test_admin_open(void **state)
{
    (void)state;
    facts.answers[STEP_ADMIN].status = 200;
    for (int page = 0; page < ADMIN_PAGE_COUNT; page++) {
        facts.admin_page = (enum admin_page)page;
        options.admin = ADMIN_REQUIRED;
        judge_anew();
        assert_only(page < ADMIN_PAGE_DEVICE ? NDES_ADMIN_OPEN : NDES_ADMIN_UNKNOWN, STATE_CRITICAL,
                    admin_page_text(facts.admin_page));
        options.admin = ADMIN_AUTO;
        judge_anew();
        if (page >= ADMIN_PAGE_DEVICE)
            assert_only(NDES_ADMIN_UNKNOWN, STATE_WARNING, "HTTP 200 without sign-in: ");
        else
            assert_only(NDES_ADMIN_OPEN, STATE_CRITICAL, "HTTP 200 without sign-in");
        options.admin = ADMIN_FORBIDDEN; /* a foreign page is no NDES page that can be reached */
        judge_anew();
        if (page != ADMIN_PAGE_OTHER) {
            assert_only(page < ADMIN_PAGE_DEVICE ? NDES_ADMIN_OPEN : NDES_ADMIN_UNKNOWN,
                        STATE_CRITICAL, "HTTP 200 without sign-in");
            continue;
        }
        assert_findings(0);
        assert_note("[OK] admin page: HTTP 200 with a page that is not from NDES");
    }
}

/* Nor can it be written down that a look at it costs something. */
static void test_admin_open_unkept(void **state)
{
    (void)state;
    facts.answers[STEP_ADMIN].status = 200;
    facts.admin_page = ADMIN_PAGE_PASSWORD;
    text_copy(facts.challenge.problem, sizeof facts.challenge.problem, "disk full");
    judge_anew();
    assert_finding(NDES_ADMIN_OPEN, STATE_CRITICAL, "HTTP 200 without sign-in");
    assert_finding(NDES_ADMIN_STATE, STATE_UNKNOWN,
                   "disk full (so each run may use up a password)");
    assert_findings(2);
}

/* It was open a moment ago: not asked again, but not forgotten. */
static void test_admin_repeated(void **state)
{
    static const enum admin_mode modes[] = {ADMIN_AUTO, ADMIN_REQUIRED, ADMIN_FORBIDDEN,
                                            ADMIN_CHALLENGE};

    (void)state;
    facts.answers[STEP_ADMIN] = (struct http_response){0};
    facts.admin_repeated = true;
    facts.challenge = (struct challenge){
        .permit = CHALLENGE_REPEAT,
        .last = {.outcome = HTTP_ANSWERED, .status = 200, .page = ADMIN_PAGE_FULL},
        .age = 900,
        .wait = 900,
        .path = "/var/lib/check_ndes/challenge-1.json"};
    for (int page = 0; page < ADMIN_PAGE_DEVICE; page++) {
        facts.admin_page = facts.challenge.last.page = (enum admin_page)page;
        options.admin = (int)modes[(size_t)page % COUNT_OF(modes)];
        judge_anew();
        assert_only(NDES_ADMIN_OPEN, STATE_CRITICAL, admin_page_text(facts.admin_page));
        assert_finding(NDES_ADMIN_OPEN, STATE_CRITICAL, "without sign-in 15 minutes ago: ");
        assert_finding(NDES_ADMIN_OPEN, STATE_CRITICAL,
                       "remove /var/lib/check_ndes/challenge-1.json");
        assert_false(has_metric("time_admin"));
        assert_null(strstr(judged.summary, "admin page")); /* nobody signed in */
    }
}

/* Nothing is known of a page that was not asked for. */
static void test_admin_withheld(void **state)
{
    (void)state;
    facts.answers[STEP_ADMIN] = (struct http_response){0};
    facts.admin_withheld = true;
    facts.challenge.permit = CHALLENGE_REFUSE;
    text_copy(facts.challenge.problem, sizeof facts.challenge.problem, "read-only");
    judge_anew();
    assert_only(NDES_ADMIN_STATE, STATE_UNKNOWN, "read-only (so the admin page was not requested)");
}

/* It was open at another name of the same address: that may be another server. */
static void test_admin_elsewhere(void **state)
{
    (void)state;
    facts.answers[STEP_ADMIN] = (struct http_response){0};
    facts.admin_repeated = true;
    facts.challenge = (struct challenge){.permit = CHALLENGE_OTHER,
                                         .target = "alias/certsrv/mscep_admin",
                                         .last = {.outcome = HTTP_ANSWERED, .status = 200},
                                         .age = 900,
                                         .wait = 900,
                                         .path = "/var/lib/check_ndes/challenge-2.json"};
    judge_anew();
    assert_only(
        NDES_ADMIN_ELSEWHERE, STATE_UNKNOWN,
        "admin page: not requested, as that may use up a password: this address was requested as "
        "alias/certsrv/mscep_admin 15 minutes ago; next try in 15 minutes, or at once if "
        "/var/lib/check_ndes/challenge-2.json is removed");
}

/* --admin=off: it was not asked. */
static void test_admin_off(void **state)
{
    (void)state;
    options.admin = ADMIN_OFF;
    facts.answers[STEP_ADMIN] = (struct http_response){0};
    judge_anew();
    assert_findings(0);
    assert_false(has_note("admin page"));
    assert_false(has_metric("time_admin"));
}

#define JUDGING(test) cmocka_unit_test_setup_teardown(test, start_healthy, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JUDGING(test_admin_closed), JUDGING(test_admin_statuses), JUDGING(test_admin_blocked),
        JUDGING(test_admin_open),   JUDGING(test_admin_repeated), JUDGING(test_admin_open_unkept),
        JUDGING(test_admin_off),    JUDGING(test_admin_withheld), JUDGING(test_admin_elsewhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
