/* test_challenge_judge.c - tests of how check_ndes_http judges the admin page behind its sign-in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "judging.h"
#include "plugins/http/http.h"

#define USER "EXAMPLE\\monitor"
#define LEDGER "/var/lib/check_ndes/challenge-1.json"

enum { INTERVAL = 1800 };

static struct http_options options;
static struct http_facts facts;

/* Everything but the sign-in is healthy and has been left out. */
static int start(void **state)
{
    options = (struct http_options){
        .url = "https://ndes.example.com/certsrv/mscep/mscep.dll",
        .admin = ADMIN_CHALLENGE,
        .admin_url = "https://ndes.example.com/certsrv/mscep_admin/",
        .admin_path = "/certsrv/mscep_admin/",
        .credentials.user = USER,
        .challenge_interval = INTERVAL,
    };
    facts = (struct http_facts){.now = 1795392000};
    facts.answers[STEP_ADMIN] = (struct http_response){
        .outcome = HTTP_ANSWERED, .status = 401, .auth_offers = AUTH_NTLM | AUTH_NEGOTIATE};
    facts.login_tried = facts.login_offered = true;
    text_copy(facts.login_user, sizeof facts.login_user, USER);
    text_copy(facts.challenge.path, sizeof facts.challenge.path, LEDGER);
    return start_report(state);
}

/* judge_times() names metrics, and these have no names here. */
static void judge_anew(void)
{
    restart_report();
    http_judge(&options, &facts, &judged);
    judged.metric_count = 0;
}

static struct challenge_verdict verdict_of(enum http_outcome outcome, int status,
                                           enum admin_page page)
{
    return (struct challenge_verdict){
        .outcome = outcome, .status = status, .page = page, .user = USER};
}

/* A fetch of this run. */
static void set_fetched(int status, enum admin_page page)
{
    facts.challenge.permit = CHALLENGE_ASK;
    facts.verdict = verdict_of(HTTP_ANSWERED, status, page);
    facts.answers[STEP_CHALLENGE] =
        (struct http_response){.outcome = HTTP_ANSWERED, .status = status};
}

/* The verdict of an earlier run. */
static void set_repeated(int status, enum admin_page page, int64_t age)
{
    facts.challenge.permit = CHALLENGE_REPEAT;
    facts.challenge.last = verdict_of(HTTP_ANSWERED, status, page);
    facts.challenge.age = age;
    facts.challenge.wait = INTERVAL - age;
    facts.verdict = (struct challenge_verdict){0};
    facts.answers[STEP_CHALLENGE] = (struct http_response){0};
}

/* A good page that anybody on the way may have sent is told apart from one that TLS protected. */
static void test_unproven_pages(void **state)
{
    static const enum admin_page good[] = {ADMIN_PAGE_PASSWORD, ADMIN_PAGE_SINGLE,
                                           ADMIN_PAGE_NO_PASSWORD};
    static const struct {
        const char *url;
        bool insecure;
        bool noted;
    } cases[] = {{"https://ndes.example.com/certsrv/mscep_admin/", false, false},
                 {"https://ndes.example.com/certsrv/mscep_admin/", true, true},
                 {"http://ndes.example.com/certsrv/mscep_admin/", false, true}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases) * COUNT_OF(good); i++) {
        text_copy(options.admin_url, sizeof options.admin_url, cases[i % COUNT_OF(cases)].url);
        options.connection.http.tls.insecure = cases[i % COUNT_OF(cases)].insecure;
        set_fetched(200, good[i / COUNT_OF(cases)]);
        judge_anew();
        assert_true(has_note("nothing proves that NDES sent it") ==
                    cases[i % COUNT_OF(cases)].noted);
    }
}

static void test_good_pages(void **state)
{
    static const struct {
        enum admin_page page;
        const char *note;
        const char *summary;
    } cases[] = {
        {ADMIN_PAGE_PASSWORD, ": a one-time challenge password", ", admin page gives passwords"},
        {ADMIN_PAGE_SINGLE, "a standing risk", ", admin page gives its single password"},
        {ADMIN_PAGE_NO_PASSWORD, "a standing risk", ", admin page asks for no password"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        set_fetched(200, cases[i].page);
        judge_anew();
        assert_findings(0);
        assert_note("[OK] admin page, signed in: ");
        assert_note(cases[i].note);
        assert_non_null(strstr(judged.summary, cases[i].summary));
        set_repeated(200, cases[i].page, 725);
        judge_anew();
        assert_findings(0);
        assert_note("[OK] admin page, signed in, 12 minutes ago: ");
        assert_non_null(strstr(judged.summary, cases[i].summary));
    }
}

static void test_bad_pages(void **state)
{
    static const struct {
        enum admin_page page;
        enum finding_id id;
    } cases[] = {
        {ADMIN_PAGE_FULL, NDES_ADMIN_FULL},      {ADMIN_PAGE_DENIED, NDES_ADMIN_DENIED},
        {ADMIN_PAGE_BLANK, NDES_ADMIN_BLANK},    {ADMIN_PAGE_REFUSED, NDES_ADMIN_REFUSED},
        {ADMIN_PAGE_DEVICE, NDES_ADMIN_UNKNOWN}, {ADMIN_PAGE_OTHER, NDES_ADMIN_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        set_fetched(200, cases[i].page);
        judge_anew();
        assert_only(cases[i].id, STATE_CRITICAL, "admin page, signed in: ");
        set_repeated(200, cases[i].page, 59);
        judge_anew();
        assert_only(cases[i].id, STATE_CRITICAL, "admin page, signed in, 0 minutes ago: ");
        assert_null(strstr(judged.summary, "admin page"));
    }
}

/* A repeated verdict names the same fault as the run that saw it. */
static void test_statuses(void **state)
{
    static const struct {
        int status;
        enum finding_id id;
        enum state expected;
    } cases[] = {
        {401, NDES_ADMIN_AUTH, STATE_UNKNOWN},     {403, NDES_ADMIN_MISSING, STATE_CRITICAL},
        {404, NDES_ADMIN_MISSING, STATE_CRITICAL}, {500, NDES_HTTP_500, STATE_CRITICAL},
        {502, NDES_HTTP_502, STATE_CRITICAL},      {503, NDES_HTTP_503, STATE_CRITICAL},
        {504, NDES_HTTP_504, STATE_CRITICAL},      {302, NDES_HTTP_REDIRECT, STATE_WARNING},
        {418, NDES_HTTP_STATUS, STATE_CRITICAL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char status[16];

        text_format(status, sizeof status, "HTTP %d", cases[i].status);
        set_fetched(cases[i].status, ADMIN_PAGE_OTHER);
        judge_anew();
        assert_only(cases[i].id, cases[i].expected, status);
        set_repeated(cases[i].status, ADMIN_PAGE_OTHER, 600);
        judge_anew();
        assert_only(cases[i].id, cases[i].expected, status);
        assert_non_null(strstr(judged.findings[0].message, ", 10 minutes ago"));
        assert_null(strstr(judged.summary, "admin page"));
    }
}

static void log_in_as(const char *user)
{
    text_copy(facts.login_user, sizeof facts.login_user, user);
    judge_anew();
}

/* What the page says of the cache holds for everybody. */
static void test_other_user(void **state)
{
    (void)state;
    set_repeated(200, ADMIN_PAGE_FULL, 7200);
    log_in_as("EXAMPLE\\other");
    assert_only(NDES_ADMIN_FULL, STATE_CRITICAL,
                "admin page, signed in, 2 hours ago as " USER ": ");
    log_in_as("example\\MONITOR"); /* Windows does not tell cases apart */
    assert_only(NDES_ADMIN_FULL, STATE_CRITICAL, "admin page, signed in, 2 hours ago: ");
}

/* What it says of somebody's rights is no answer for somebody else. */
static void test_personal(void **state)
{
    static const struct {
        enum http_outcome outcome;
        int status;
        enum admin_page page;
        const char *refusal;
    } cases[] = {
        {HTTP_ANSWERED, 200, ADMIN_PAGE_PASSWORD, ""},
        {HTTP_ANSWERED, 200, ADMIN_PAGE_DENIED, ""},
        {HTTP_ANSWERED, 200, ADMIN_PAGE_BLANK, ""},
        {HTTP_ANSWERED, 401, ADMIN_PAGE_OTHER, ""},
        {HTTP_ANSWERED, 403, ADMIN_PAGE_OTHER, ""},
        {HTTP_NOT_ASKED, 0, ADMIN_PAGE_OTHER, "Preauthentication failed"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct challenge_verdict *last = &facts.challenge.last;

        set_repeated(cases[i].status, cases[i].page, 600);
        last->outcome = cases[i].outcome;
        text_copy(last->refusal, sizeof last->refusal, cases[i].refusal);
        log_in_as("other@EXAMPLE.COM");
        assert_only(NDES_ADMIN_ELSEWHERE, STATE_UNKNOWN,
                    "admin page: not requested, as that may use up a password: " USER
                    " signed in 10 "
                    "minutes ago; next try in 20 minutes");
        assert_null(strstr(judged.summary, "admin page"));
    }
}

static void test_next_try(void **state)
{
    (void)state;
    set_fetched(401, ADMIN_PAGE_OTHER);
    judge_anew();
    assert_only(NDES_ADMIN_AUTH, STATE_UNKNOWN,
                "despite signing in; next try in 30 minutes, or at once if " LEDGER " is removed");
    set_repeated(401, ADMIN_PAGE_OTHER, 601);
    judge_anew();
    assert_only(NDES_ADMIN_AUTH, STATE_UNKNOWN,
                "in, 10 minutes ago; next try in 19 minutes, or at once if " LEDGER " is removed");
    set_repeated(401, ADMIN_PAGE_OTHER, INTERVAL - 60);
    judge_anew();
    assert_only(NDES_ADMIN_AUTH, STATE_UNKNOWN, "next try in 1 minute, or");
}

/* What the KDC refused is not tried again at once; any other lack of a ticket is. */
static void test_no_ticket(void **state)
{
    const char *refusal = "admin page: Kerberos sign-in refused: Preauthentication failed";

    (void)state;
    set_fetched(0, ADMIN_PAGE_OTHER);
    facts.verdict.outcome = HTTP_NOT_ASKED;
    text_copy(facts.verdict.refusal, sizeof facts.verdict.refusal, "Preauthentication failed");
    judge_anew();
    assert_only(NDES_ADMIN_AUTH, STATE_UNKNOWN, refusal);
    assert_non_null(strstr(judged.findings[0].message, "failed; next try in 30 minutes, or at"));
    set_repeated(0, ADMIN_PAGE_OTHER, 601);
    facts.challenge.last.outcome = HTTP_NOT_ASKED;
    text_copy(facts.challenge.last.refusal, sizeof facts.challenge.last.refusal,
              "Preauthentication failed");
    judge_anew();
    assert_only(NDES_ADMIN_AUTH, STATE_UNKNOWN, refusal);
    assert_non_null(strstr(judged.findings[0].message, ", 10 minutes ago; next try in 19 minutes"));
    set_fetched(0, ADMIN_PAGE_OTHER);
    text_copy(facts.ticket_problem, sizeof facts.ticket_problem, "Clock skew too great");
    judge_anew();
    assert_only(NDES_ADMIN_AUTH, STATE_UNKNOWN,
                "admin page: cannot obtain a Kerberos ticket: Clock skew too great");
}

/* --single-password is the operator's word; the page has the last one. */
static void test_single_password(void **state)
{
    (void)state;
    options.single_password = true;
    set_fetched(200, ADMIN_PAGE_PASSWORD);
    judge_anew();
    assert_findings(0);
    assert_note("[OK] admin page, signed in: a one-time challenge password, so --single-password "
                "is wrong: at least 12 minutes are kept");
    set_fetched(200, ADMIN_PAGE_SINGLE);
    judge_anew();
    assert_findings(0);
    assert_false(has_note("--single-password"));
    options.single_password = false;
    set_fetched(200, ADMIN_PAGE_PASSWORD);
    judge_anew();
    assert_false(has_note("--single-password"));
}

/* No page came: the same finding in the run that saw it and in those that repeat it. */
static void test_endings(void **state)
{
    static const struct {
        enum http_outcome outcome;
        enum finding_id id;
        const char *fetched;
        const char *repeated;
    } cases[] = {
        {HTTP_TIMEOUT, NDES_HTTP_TIMEOUT,
         "admin page sign-in: 192.0.2.1 stopped answering in the middle of the answer (too late)",
         "admin page sign-in, 10 minutes ago: stopped answering after the request was "
         "sent (not asked again yet)"},
        {HTTP_BROKEN, NDES_HTTP_BROKEN, "admin page sign-in: too late",
         "admin page sign-in, 10 minutes ago: the connection was cut; not asked again yet"},
        {HTTP_TOO_LARGE, NDES_HTTP_TOOLARGE, "admin page sign-in: answer over 256 KiB",
         "admin page sign-in, 10 minutes ago: answer over 256 KiB"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        set_fetched(0, ADMIN_PAGE_OTHER);
        facts.verdict.outcome = cases[i].outcome;
        facts.answers[STEP_CHALLENGE] =
            (struct http_response){.outcome = cases[i].outcome,
                                   .phase = PHASE_TRANSFER,
                                   .detail = "too late",
                                   .peer_address = "192.0.2.1",
                                   .body = {.maximum = HTTP_BODY_MAXIMUM}};
        judge_anew();
        assert_only(cases[i].id, STATE_CRITICAL, cases[i].fetched);
        assert_null(strstr(judged.summary, "admin page"));
        set_repeated(0, ADMIN_PAGE_OTHER, 600);
        facts.challenge.last.outcome = cases[i].outcome;
        judge_anew();
        assert_only(cases[i].id, STATE_CRITICAL, cases[i].repeated);
        assert_null(strstr(judged.summary, "admin page"));
    }
}

/* A run that was killed, or crashed, while it waited for the page. */
static void test_unfinished(void **state)
{
    (void)state;
    set_repeated(0, ADMIN_PAGE_PASSWORD, 60);
    facts.challenge.last.outcome = HTTP_NOT_ASKED;
    judge_anew();
    assert_only(NDES_ADMIN_STATE, STATE_UNKNOWN,
                "admin page sign-in, 1 minute ago: the run was ended before the answer came");
    assert_null(strstr(judged.summary, "admin page"));
}

/* It never reached the server: not recorded, but found. */
static void test_unreachable(void **state)
{
    (void)state;
    set_fetched(0, ADMIN_PAGE_OTHER);
    facts.verdict.outcome = HTTP_NO_CONNECTION;
    facts.answers[STEP_CHALLENGE] =
        (struct http_response){.outcome = HTTP_NO_CONNECTION, .detail = "refused"};
    judge_anew();
    assert_only(NDES_NET_REFUSED, STATE_CRITICAL,
                "refused (https://ndes.example.com/certsrv/mscep_admin/)");
}

static void test_refused(void **state)
{
    (void)state;
    facts.challenge.permit = CHALLENGE_REFUSE;
    text_copy(facts.challenge.problem, sizeof facts.challenge.problem, "cannot lock /x");
    judge_anew();
    assert_only(NDES_ADMIN_STATE, STATE_UNKNOWN, "cannot lock /x (so no challenge was requested)");
    assert_null(strstr(judged.summary, "admin page"));
}

/* What was seen counts although it could not be written down. */
static void test_not_kept(void **state)
{
    (void)state;
    facts.challenge.permit = CHALLENGE_ASK;
    facts.verdict = verdict_of(HTTP_ANSWERED, 200, ADMIN_PAGE_FULL);
    facts.answers[STEP_CHALLENGE] = (struct http_response){.outcome = HTTP_ANSWERED, .status = 200};
    text_copy(facts.challenge.problem, sizeof facts.challenge.problem, "disk full");
    judge_anew();
    assert_finding(NDES_ADMIN_FULL, STATE_CRITICAL, "admin page, signed in: ");
    assert_finding(NDES_ADMIN_STATE, STATE_UNKNOWN, "disk full (so this answer is not stored)");
}

static void test_not_offered(void **state)
{
    (void)state;
    facts.login_offered = false;
    judge_anew();
    assert_only(NDES_ADMIN_AUTH, STATE_UNKNOWN, "offers no sign-in method that --auth");
    facts.answers[STEP_ADMIN].auth_offers = AUTH_BASIC; /* one cause, one finding */
    judge_anew();
    assert_only(NDES_ADMIN_AUTH, STATE_UNKNOWN, "neither NTLM nor Negotiate");
    assert_null(strstr(judged.summary, "admin page"));
}

static void test_not_tried(void **state)
{
    (void)state;
    facts.login_tried = facts.login_offered = false;
    facts.answers[STEP_ADMIN].status = 404;
    judge_anew();
    assert_only(NDES_ADMIN_MISSING, STATE_CRITICAL, "HTTP 404 at /certsrv/mscep_admin/");
    assert_null(strstr(judged.summary, "admin page"));
}

#define JUDGING(test) cmocka_unit_test_setup_teardown(test, start, end_report)

int main(void)
{
    const struct CMUnitTest tests[] = {
        JUDGING(test_good_pages), JUDGING(test_unproven_pages), JUDGING(test_bad_pages),
        JUDGING(test_statuses),   JUDGING(test_other_user),     JUDGING(test_personal),
        JUDGING(test_next_try),   JUDGING(test_no_ticket),      JUDGING(test_single_password),
        JUDGING(test_endings),    JUDGING(test_unfinished),     JUDGING(test_unreachable),
        JUDGING(test_refused),    JUDGING(test_not_offered),    JUDGING(test_not_tried),
        JUDGING(test_not_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
