/* judge_admin.c - turns what the admin page showed, without and with signing in, into findings.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/http/http.h"

#include "common/base/clock.h"
#include "common/base/text.h"

/* 401: Windows Authentication is on, as installed. */
static void judge_admin_closed(const struct http_options *options, const struct http_facts *facts,
                               struct report *report)
{
    const struct http_response *answer = &facts->answers[STEP_ADMIN];
    bool windows = answer->auth_offers & (AUTH_NTLM | AUTH_NEGOTIATE);

    if (answer->auth_offers & AUTH_BASIC && !text_starts(options->url, "https:"))
        report_find(report, NDES_ADMIN_BASIC, "admin page: HTTP 401 offers Basic over plain HTTP");
    if (options->admin == ADMIN_FORBIDDEN)
        report_find(report, NDES_ADMIN_EXPOSED,
                    "admin page: asks for sign-in, but must not be reachable from here");
    else if (!windows && options->admin != ADMIN_AUTO)
        report_find(report, NDES_ADMIN_AUTH,
                    "admin page: HTTP 401 offers neither NTLM nor "
                    "Negotiate");
    else
        http_note_answer(report, facts, STEP_ADMIN,
                         windows ? "asks for Windows sign-in" : "asks for sign-in");
}

/* The ledger could not be used; with what follows from that. */
static void find_state(const struct http_facts *facts, const char *consequence,
                       struct report *report)
{
    report_find(report, NDES_ADMIN_STATE, "%s" DETAIL " (so %s)", facts->challenge.problem,
                consequence);
}

/* 200 without signing in, now or `when` ("" or " 12 minutes ago"). */
static void judge_admin_open(const struct http_options *options, const struct http_facts *facts,
                             const char *when, const char *detail, struct report *report)
{
    const char *text = admin_page_text(facts->admin_page);

    if (admin_page_is_ours(facts->admin_page))
        report_find(report, NDES_ADMIN_OPEN,
                    "admin page: HTTP 200 without sign-in%s: %s" DETAIL "%s", when, text, detail);
    else if (facts->admin_page == ADMIN_PAGE_OTHER && options->admin == ADMIN_FORBIDDEN)
        report_note(report, 1, "[OK] admin page: HTTP 200 with a page that is not from NDES");
    else
        report_find_as(report, options->admin == ADMIN_AUTO ? STATE_WARNING : STATE_CRITICAL,
                       NDES_ADMIN_UNKNOWN, "admin page: HTTP 200 without sign-in%s: %s" DETAIL "%s",
                       when, text, detail);
    if (facts->challenge.problem[0])
        find_state(facts, "each run may use up a password", report);
}

/* The page was open, so each look may have cost a password: the last look's verdict is repeated. */
static void repeat_admin_open(const struct http_options *options, const struct http_facts *facts,
                              struct report *report)
{
    char age[32];
    char when[48];
    char detail[STATE_PATH_SIZE + 100];

    clock_span(facts->challenge.age, age, sizeof age);
    text_format(when, sizeof when, " %s ago", age);
    text_format(detail, sizeof detail,
                " (each request may use up a password; to ask again at once remove %s)",
                facts->challenge.path);
    judge_admin_open(options, facts, when, detail, report);
}

/* What the last fetch showed is no answer for us, and there is none of our own yet: `whose` says
 * why. */
static void find_not_ours(const struct http_facts *facts, const char *whose, struct report *report)
{
    const struct challenge *challenge = &facts->challenge;
    char age[32];
    char wait[32];

    clock_span(challenge->age, age, sizeof age);
    clock_span(challenge->wait, wait, sizeof wait);
    report_find(report, NDES_ADMIN_ELSEWHERE,
                "admin page: not requested, as that may use up a password: %s %s ago" DETAIL
                "; next try in %s, or at once if %s is removed",
                whose, age, wait, challenge->path);
}

/* Asked by another name: that may be another server behind the same address. */
static void judge_other_target(const struct http_facts *facts, struct report *report)
{
    char whose[600];

    text_format(whose, sizeof whose, "this address was requested as %s", facts->challenge.target);
    find_not_ours(facts, whose, report);
}

/* An answer without signing in; `wanted`: the operator needs the page. */
static void judge_admin_status(const struct http_options *options, const struct http_facts *facts,
                               bool wanted, struct report *report)
{
    const struct http_response *answer = &facts->answers[STEP_ADMIN];
    int status = answer->status;

    if (status == 401)
        judge_admin_closed(options, facts, report);
    else if (status == 200)
        judge_admin_open(options, facts, "", "", report);
    else if ((status == 404 || status == 403) && wanted)
        report_find(report, NDES_ADMIN_MISSING, "admin page: HTTP %d at %s", status,
                    options->admin_path);
    else if (status == 404 || status == 403)
        http_note_answer(report, facts, STEP_ADMIN, "removed or hardened, usual with Intune");
    else if (status >= 300 && status < 400 && options->admin == ADMIN_FORBIDDEN)
        http_note_answer(report, facts, STEP_ADMIN, "not reachable from here");
    else
        answer_judge_status(report, http_step_names[STEP_ADMIN], answer);
}

/* What is known of the answer of an earlier run. */
static struct http_response earlier_answer(const struct challenge_verdict *verdict)
{
    struct http_response answer = {.outcome = verdict->outcome,
                                   .status = verdict->status,
                                   .phase = PHASE_WAIT,
                                   .body = {.maximum = HTTP_BODY_MAXIMUM}};

    text_copy(answer.detail, sizeof answer.detail,
              verdict->outcome == HTTP_BROKEN ? "the connection was cut; not asked again yet"
                                              : "not asked again yet");
    return answer;
}

/* "admin page", or "admin page, 12 minutes ago" for an answer of an earlier run. */
static void name_look(const struct http_facts *facts, bool earlier, char *step, size_t size)
{
    char age[32];

    clock_span(facts->challenge.age, age, sizeof age);
    text_format(step, size, "%s%s%s%s", http_step_names[STEP_ADMIN], earlier ? ", " : "",
                earlier ? age : "", earlier ? " ago" : "");
}

static void judge_look(const struct http_options *options, const struct http_facts *facts,
                       struct report *report)
{
    const bool unfinished = facts->admin_repeated && facts->challenge.last.outcome != HTTP_ANSWERED;
    const struct http_response earlier = earlier_answer(&facts->challenge.last);
    const struct http_response *answer = unfinished ? &earlier : &facts->answers[STEP_ADMIN];
    bool wanted = options->admin == ADMIN_REQUIRED || options->admin == ADMIN_CHALLENGE;
    char step[64];

    name_look(facts, unfinished, step, sizeof step);
    if (facts->admin_withheld)
        find_state(facts, "the admin page was not requested", report);
    else if (facts->admin_repeated && facts->challenge.permit == CHALLENGE_OTHER)
        judge_other_target(facts, report);
    else if (facts->admin_repeated && !unfinished)
        repeat_admin_open(options, facts, report);
    else if (answer->outcome == HTTP_BROKEN && !wanted)
        report_note(report, 1, "[OK] %s: the connection is cut: blocked on the way", step);
    else if (answer->outcome == HTTP_TIMEOUT && options->admin == ADMIN_FORBIDDEN)
        report_note(report, 1, "[OK] %s: no answer: blocked on the way", step);
    else if (answer_arrived(report, step, options->admin_url, answer))
        judge_admin_status(options, facts, wanted, report);
}

static enum finding_id finding_of_page(enum admin_page page)
{
    switch (page) {
    case ADMIN_PAGE_FULL:
        return NDES_ADMIN_FULL;
    case ADMIN_PAGE_DENIED:
        return NDES_ADMIN_DENIED;
    case ADMIN_PAGE_BLANK:
        return NDES_ADMIN_BLANK;
    case ADMIN_PAGE_REFUSED:
        return NDES_ADMIN_REFUSED;
    default:
        return NDES_ADMIN_UNKNOWN;
    }
}

/* Our sign-in shows the server who we are, not the other way round: libcurl does not look at what
 * Kerberos brings back, NTLM brings nothing, and neither protects the page. Only TLS does. */
static void note_unproven(const struct http_options *options, struct report *report)
{
    if (!text_starts(options->admin_url, "https:") || options->connection.http.tls.insecure)
        report_note(report, 1,
                    "admin page: nothing proves that NDES sent it: without TLS, or with "
                    "--insecure, anybody in between can answer like this");
}

/* What the page said, now or `when` ("" or ", 12 minutes ago"). */
static void judge_page(const struct http_options *options, enum admin_page page, const char *when,
                       struct report *report)
{
    const char *text = admin_page_text(page);

    switch (page) {
    case ADMIN_PAGE_PASSWORD:
        report_note(report, 1, "[OK] admin page, signed in%s: %s%s", when, text,
                    options->single_password ? ", so --single-password is wrong: at least 12 "
                                               "minutes are kept between two fetches"
                                             : "");
        note_unproven(options, report);
        break;
    case ADMIN_PAGE_SINGLE:
    case ADMIN_PAGE_NO_PASSWORD:
        report_note(report, 1,
                    "[OK] admin page, signed in%s: %s (a standing risk: anybody who "
                    "reaches NDES may enrol with it)",
                    when, text);
        note_unproven(options, report);
        break;
    default:
        report_find(report, finding_of_page(page), "admin page, signed in%s: %s", when, text);
    }
}

/* A sign-in that was refused: it is not tried again at once, lest the account be locked. */
static void judge_login_refused(const struct http_options *options, const struct http_facts *facts,
                                const char *refusal, const char *when, struct report *report)
{
    const struct challenge *challenge = &facts->challenge;
    int64_t seconds = options->challenge_interval;
    char wait[32];

    if (challenge->permit == CHALLENGE_REPEAT)
        seconds = challenge->wait;
    else if (seconds < CHALLENGE_INTERVAL_MINIMUM)
        seconds = CHALLENGE_INTERVAL_MINIMUM;
    clock_span(seconds, wait, sizeof wait);
    report_find(report, NDES_ADMIN_AUTH,
                "admin page: %s%s%s" DETAIL "; next try in %s, or at once if %s is removed",
                refusal[0] ? "Kerberos sign-in refused: " : "HTTP 401 despite signing in", refusal,
                when, wait, challenge->path);
}

/* The run that asked was killed, or crashed: what it would have seen nobody knows. */
static void judge_unfinished(const struct http_facts *facts, const char *step,
                             struct report *report)
{
    char wait[32];

    clock_span(facts->challenge.wait, wait, sizeof wait);
    report_find(report, NDES_ADMIN_STATE,
                "%s: the run was ended before the answer came" DETAIL
                "; next try in %s, or at once if %s is removed",
                step, wait, facts->challenge.path);
}

/* Judges what a fetch led to, be it of this run or of an earlier one. */
static void judge_verdict(const struct http_options *options, const struct http_facts *facts,
                          const struct challenge_verdict *verdict, const char *when,
                          struct report *report)
{
    struct http_response answer = earlier_answer(verdict);
    char step[256];

    text_format(step, sizeof step, "%s%s", http_step_names[STEP_CHALLENGE], when);
    if (!when[0])
        answer = facts->answers[STEP_CHALLENGE]; /* the same in more detail; owns nothing here */
    if (verdict->refusal[0])
        judge_login_refused(options, facts, verdict->refusal, when, report);
    else if (verdict->outcome == HTTP_NOT_ASKED)
        judge_unfinished(facts, step, report);
    else if (!answer_arrived(report, step, options->admin_url, &answer))
        return;
    else if (verdict->status == 200)
        judge_page(options, verdict->page, when, report);
    else if (verdict->status == 401)
        judge_login_refused(options, facts, "", when, report);
    else if (verdict->status == 404 || verdict->status == 403)
        report_find(report, NDES_ADMIN_MISSING, "admin page, signed in%s: HTTP %d", when,
                    verdict->status);
    else
        answer_judge_status(report, step, &answer);
}

/* True if another user may see something else than that one did. */
static bool is_personal(const struct challenge_verdict *verdict)
{
    if (verdict->outcome != HTTP_ANSWERED)
        return verdict->refusal[0] != '\0';
    return verdict->status == 401 || verdict->status == 403 ||
           (verdict->status == 200 && verdict->page != ADMIN_PAGE_FULL);
}

static void judge_repeated(const struct http_options *options, const struct http_facts *facts,
                           struct report *report)
{
    const struct challenge *challenge = &facts->challenge;
    bool other = !text_equal(challenge->last.user, facts->login_user);
    char age[32];
    char when[200];

    if (other && is_personal(&challenge->last)) {
        text_format(when, sizeof when, "%s signed in", challenge->last.user);
        find_not_ours(facts, when, report);
        return;
    }
    clock_span(challenge->age, age, sizeof age);
    text_format(when, sizeof when, ", %s ago%s%s", age, other ? " as " : "",
                other ? challenge->last.user : "");
    judge_verdict(options, facts, &challenge->last, when, report);
}

static void judge_challenge(const struct http_options *options, const struct http_facts *facts,
                            struct report *report)
{
    if (!facts->login_tried)
        return;
    if (!facts->login_offered) {
        if (!report_has(report, NDES_ADMIN_AUTH)) /* offers neither: said already */
            report_find(report, NDES_ADMIN_AUTH,
                        "admin page: the server offers no sign-in method that --auth and the "
                        "credentials allow");
        return;
    }
    switch (facts->challenge.permit) {
    case CHALLENGE_REFUSE:
        find_state(facts, "no challenge was requested", report);
        break;
    case CHALLENGE_OTHER:
        judge_other_target(facts, report);
        break;
    case CHALLENGE_REPEAT:
        judge_repeated(options, facts, report);
        break;
    case CHALLENGE_ASK:
        if (facts->ticket_problem[0])
            report_find(report, NDES_ADMIN_AUTH, "admin page: cannot obtain a Kerberos ticket: %s",
                        facts->ticket_problem);
        else
            judge_verdict(options, facts, &facts->verdict, "", report);
        if (facts->challenge.problem[0])
            find_state(facts, "this answer is not stored", report);
        break;
    }
}

void http_judge_admin(const struct http_options *options, const struct http_facts *facts,
                      struct report *report)
{
    judge_look(options, facts, report);
    judge_challenge(options, facts, report);
}
