/* judge.c - turns what the server said into findings; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/http/http.h"

#include "common/base/clock.h"
#include "common/base/text.h"

static const char *const step_names[STEP_COUNT] = {
    [STEP_BARE] = "bare URL",       [STEP_CAPS] = "GetCACaps",
    [STEP_CACERT] = "GetCACert",    [STEP_ADMIN] = "admin page",
    [STEP_LONG] = "long GetCACaps", [STEP_CHALLENGE] = "admin page sign-in",
};

/* Adds an OK note that quotes an answer. */
static void note_answer(struct report *report, const struct http_facts *facts, enum step step,
                        const char *meaning)
{
    char text[320];

    answer_text(&facts->answers[step], text, sizeof text);
    report_note(report, 1, "[OK] %s: %s: %s", step_names[step], text, meaning);
}

static void judge_bare(const struct http_options *options, const struct http_facts *facts,
                       struct report *report)
{
    const struct http_response *answer = &facts->answers[STEP_BARE];
    int profile = options->profile;

    if (!answer_arrived(report, step_names[STEP_BARE], options->url, answer))
        return;
    if (profile == PROFILE_OTHER)
        note_answer(report, facts, STEP_BARE, "not judged");
    else if (answer->status == 403 && profile != PROFILE_NDES)
        note_answer(report, facts, STEP_BARE, "normal for NDES with the Intune policy module");
    else if (answer->status != 200)
        answer_judge_status(report, step_names[STEP_BARE], answer);
    else if (facts->bare_page == ADMIN_PAGE_BLANK)
        report_find(report, NDES_HTTP_BLANK, "bare URL: HTTP 200 with an empty body");
    else if (profile == PROFILE_INTUNE)
        report_find(report, NDES_HTTP_POLICY,
                    "bare URL: HTTP 200, but 403 is expected with the Intune policy module");
    else if (facts->bare_page == ADMIN_PAGE_OTHER)
        report_note(report, 1, "bare URL: HTTP 200 with a page that is not from NDES");
    else
        note_answer(report, facts, STEP_BARE, "normal for plain NDES");
}

static void judge_required_caps(const struct http_options *options, const struct scep_caps *caps,
                                struct report *report)
{
    struct slice rest = slice_of(options->require_caps);
    struct slice word;
    struct buffer missing;
    struct buffer offered;

    buffer_init(&missing, 512);
    buffer_init(&offered, SCEP_CAPS_MAXIMUM * (SCEP_CAP_LENGTH + 2));
    scep_caps_text(caps, &offered);
    while (slice_next(&rest, ", ", &word))
        if (word.length && !scep_caps_has(caps, word.text, word.length))
            buffer_addf(&missing, "%s%.*s", missing.length ? ", " : "", (int)word.length,
                        word.text);
    if (missing.length || missing.overflowed)
        report_find(report, NDES_HTTP_CAPS, "GetCACaps lacks %s" DETAIL "; it offers %s",
                    buffer_text(&missing), offered.length ? buffer_text(&offered) : "nothing");
    else
        report_note(report, 1, "[OK] GetCACaps: %s", buffer_text(&offered));
    buffer_free(&missing);
    buffer_free(&offered);
}

static void judge_caps(const struct http_options *options, const struct http_facts *facts,
                       struct report *report)
{
    const struct http_response *answer = &facts->answers[STEP_CAPS];

    if (!answer_arrived(report, "GetCACaps", options->url, answer))
        return;
    if (answer->status != 200) {
        answer_judge_status(report, "GetCACaps", answer);
        return;
    }
    switch (facts->caps.verdict) {
    case CAPS_LISTED:
    case CAPS_BLANK: /* RFC 8894 section 3.5.2: a server without capabilities */
        judge_required_caps(options, &facts->caps, report);
        break;
    case CAPS_HTML:
    case CAPS_OTHER:
        report_find(
            report, NDES_HTTP_HTML, "GetCACaps: %s instead of a list" DETAIL " (%zu bytes, %s)",
            facts->caps.verdict == CAPS_HTML ? "a web page" : "something else", answer->body.length,
            answer->content_type[0] ? answer->content_type : "no content type");
        break;
    }
}

static void judge_cacert(const struct http_options *options, const struct http_facts *facts,
                         struct report *report)
{
    const struct http_response *answer = &facts->answers[STEP_CACERT];

    if (!answer_arrived(report, "GetCACert", options->url, answer))
        return;
    if (answer->status != 200) {
        answer_judge_status(report, "GetCACert", answer);
        return;
    }
    report_metric(report, &http_metrics[METRIC_CACERT_SIZE], answer->body.length, NULL, NULL);
    answer_judge_cacert(report, facts->cacert, facts->cacert_problem, answer);
    if (facts->cacert == CACERT_GOOD)
        report_note(report, 1, "[OK] GetCACert: %zu certificate%s in %zu bytes",
                    facts->certificates, text_plural((int64_t)facts->certificates),
                    answer->body.length);
}

/* Names the layer that refused a long request whose short form it took; NULL if the status is no
 * refusal. HTTP.sys refuses before IIS sees the request, and says so in its Server header. */
static const char *refusing_layer(const struct http_response *answer)
{
    if ((answer->status < 400 || answer->status >= 500) && answer->status != 501)
        return NULL;
    if (text_starts(answer->server, "Microsoft-HTTPAPI"))
        return "HTTP.sys (MaxFieldLength, MaxRequestBytes)";
    if (text_starts(answer->server, "Microsoft-IIS"))
        return "IIS request filtering (maxQueryString or maxUrl; 404.15 or 404.14 in the IIS log)";
    return "a proxy or gateway in front";
}

static bool is_short_answer_good(const struct http_facts *facts)
{
    return facts->answers[STEP_CAPS].status == 200 &&
           (facts->caps.verdict == CAPS_LISTED || facts->caps.verdict == CAPS_BLANK);
}

static void judge_long(const struct http_options *options, const struct http_facts *facts,
                       struct report *report)
{
    const struct http_response *answer = &facts->answers[STEP_LONG];
    int bytes = (int)options->long_url;
    const char *layer;
    char text[320];

    if (answer->outcome != HTTP_NOT_ASKED && !is_short_answer_good(facts)) {
        report_note(report, 1, "long GetCACaps: not checked, as the short one fails as well");
        return;
    }
    if (answer->outcome == HTTP_BROKEN) {
        report_find(report, NDES_URL_LIMIT, "a URL of %d bytes: connection cut" DETAIL " (%s)",
                    bytes, answer->detail);
        return;
    }
    if (!answer_arrived(report, step_names[STEP_LONG], options->url, answer))
        return;
    if (answer->status == 200 && facts->long_caps.verdict == facts->caps.verdict) {
        report_note(report, 1, "[OK] a URL of %d bytes passes", bytes);
        return;
    }
    answer_text(answer, text, sizeof text);
    layer = refusing_layer(answer);
    if (layer)
        report_find(report, NDES_URL_LIMIT, "a URL of %d bytes is refused by %s" DETAIL ": %s%s%s",
                    bytes, layer, text, answer->via[0] ? ", Via " : "", answer->via);
    else if (answer->status == 200)
        report_find(report, NDES_URL_LIMIT, "a URL of %d bytes: %s, but no list of capabilities",
                    bytes, text);
    else
        answer_judge_status(report, step_names[STEP_LONG], answer);
}

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
        note_answer(report, facts, STEP_ADMIN,
                    windows ? "asks for Windows sign-in" : "asks for sign-in");
}

/* The ledger could not be used; with what follows from that. */
static void find_state(const struct http_facts *facts, const char *consequence,
                       struct report *report)
{
    report_find(report, NDES_ADMIN_STATE, "%s" DETAIL " (so %s)", facts->challenge.problem,
                consequence);
}

/* 200 without signing in. */
static void judge_admin_open(const struct http_options *options, const struct http_facts *facts,
                             struct report *report)
{
    if (facts->admin_page == ADMIN_PAGE_OTHER && options->admin == ADMIN_FORBIDDEN)
        report_note(report, 1, "[OK] admin page: HTTP 200 with a page that is not from NDES");
    else if (facts->admin_page == ADMIN_PAGE_OTHER)
        report_find_as(report, options->admin == ADMIN_AUTO ? STATE_WARNING : STATE_CRITICAL,
                       NDES_ADMIN_UNKNOWN, "admin page: HTTP 200 without sign-in: %s",
                       admin_page_text(facts->admin_page));
    else
        report_find(report, NDES_ADMIN_OPEN, "admin page: HTTP 200 without sign-in: %s",
                    admin_page_text(facts->admin_page));
    if (facts->challenge.problem[0])
        find_state(facts, "each run may use up a password", report);
}

/* The page was open, so each look may have cost a password: the last look's verdict is repeated. */
static void repeat_admin_open(const struct http_facts *facts, struct report *report)
{
    char age[32];

    clock_span(facts->challenge.age, age, sizeof age);
    report_find(report, NDES_ADMIN_OPEN,
                "admin page: HTTP 200 without sign-in %s ago: %s" DETAIL
                " (each request may use up a password; to ask again at once remove %s)",
                age, admin_page_text(facts->admin_page), facts->challenge.path);
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
        judge_admin_open(options, facts, report);
    else if ((status == 404 || status == 403) && wanted)
        report_find(report, NDES_ADMIN_MISSING, "admin page: HTTP %d at %s", status,
                    options->admin_path);
    else if (status == 404 || status == 403)
        note_answer(report, facts, STEP_ADMIN, "removed or hardened, usual with Intune");
    else if (status >= 300 && status < 400 && options->admin == ADMIN_FORBIDDEN)
        note_answer(report, facts, STEP_ADMIN, "not reachable from here");
    else
        answer_judge_status(report, step_names[STEP_ADMIN], answer);
}

static void judge_admin(const struct http_options *options, const struct http_facts *facts,
                        struct report *report)
{
    const struct http_response *answer = &facts->answers[STEP_ADMIN];
    bool wanted = options->admin == ADMIN_REQUIRED || options->admin == ADMIN_CHALLENGE;

    if (facts->admin_repeated)
        repeat_admin_open(facts, report);
    else if (answer->outcome == HTTP_BROKEN && !wanted)
        report_note(report, 1, "[OK] admin page: the connection is cut: blocked on the way");
    else if (answer->outcome == HTTP_TIMEOUT && options->admin == ADMIN_FORBIDDEN)
        report_note(report, 1, "[OK] admin page: no answer: blocked on the way");
    else if (answer_arrived(report, step_names[STEP_ADMIN], options->admin_url, answer))
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

/* Judges what a fetch led to, be it of this run or of an earlier one. */
static void judge_verdict(const struct http_options *options, const struct http_facts *facts,
                          const struct challenge_verdict *verdict, const char *when,
                          struct report *report)
{
    struct http_response answer = {.outcome = verdict->outcome,
                                   .status = verdict->status,
                                   .phase = PHASE_WAIT,
                                   .detail = "not asked again yet",
                                   .body = {.maximum = HTTP_BODY_MAXIMUM}};
    char step[256];

    text_format(step, sizeof step, "%s%s", step_names[STEP_CHALLENGE], when);
    if (!when[0])
        answer = facts->answers[STEP_CHALLENGE]; /* the same in more detail; owns nothing here */
    if (verdict->refusal[0])
        judge_login_refused(options, facts, verdict->refusal, when, report);
    else if (verdict->outcome == HTTP_NOT_ASKED)
        report_find(report, NDES_HTTP_TIMEOUT, "%s: the run was ended before the answer came",
                    step);
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

static void judge_repeated(const struct http_options *options, const struct http_facts *facts,
                           struct report *report)
{
    const struct challenge *challenge = &facts->challenge;
    const char *user = options->credentials.user ? options->credentials.user : "(ticket)";
    bool other = !text_equal(challenge->last.user, user);
    char age[32];
    char when[200];

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

static bool is_tls_failure(enum http_outcome outcome)
{
    return outcome >= HTTP_TLS_EXPIRED && outcome <= HTTP_TLS_HANDSHAKE;
}

static void judge_tls(const struct http_options *options, const struct http_facts *facts,
                      struct report *report)
{
    const struct certificate *certificate = &facts->certificate;
    const struct days_pair *wanted = &options->tls_days;
    struct lifetime lifetime = {certificate->validity.not_before, certificate->validity.not_after};
    bool trusted = !is_tls_failure(facts->answers[STEP_BARE].outcome);
    struct expiry expiry;
    char from[32];
    bool good;

    if (!facts->has_certificate)
        return;
    judge_expiry(lifetime, facts->now, &wanted->warning, &wanted->critical, &expiry);
    good = !expiry.ended && expiry.state == STATE_OK;
    clock_format(certificate->validity.not_before, from, sizeof from);
    report_metric(report, &http_metrics[METRIC_TLS_DAYS], expiry.days, &wanted->warning.range,
                  &wanted->critical.range);
    if (good || report_has(report, NDES_TLS_EXPIRED))
        report_note(report, 1, "%sTLS certificate %s: valid from %s until %s%s%s %s",
                    good && trusted ? "[OK] " : "", certificate->subject, from, expiry.until,
                    facts->tls_protocol[0] ? ", " : "", facts->tls_protocol, facts->tls_cipher);
    else if (expiry.ended)
        report_find(report, NDES_TLS_EXPIRED, "TLS certificate %s expired %s ago" DETAIL " (%s)",
                    certificate->subject, expiry.span, expiry.until);
    else
        report_find_as(report, expiry.state, NDES_TLS_EXPIRED,
                       "TLS certificate %s expires in %s" DETAIL " (%s; wanted %s)",
                       certificate->subject, expiry.span, expiry.until, expiry.wanted);
}

static void judge_clock(const struct http_facts *facts, struct report *report)
{
    const struct http_response *answer = &facts->answers[STEP_BARE];
    char offset[48];

    if (!answer->has_date || !clock_is_skewed(answer->clock_ahead))
        return;
    clock_offset(answer->clock_ahead, offset, sizeof offset);
    report_find(report, NDES_TIME_SKEW, "the server's clock is %s (allowed: %d s)", offset,
                CLOCK_SKEW_MAXIMUM);
}

static double total_time(const struct http_facts *facts)
{
    double total = 0;

    for (int i = 0; i < STEP_COUNT; i++)
        total += facts->answers[i].times.total;
    return total;
}

static void judge_times(const struct http_options *options, const struct http_facts *facts,
                        struct report *report)
{
    static const struct {
        enum step step;
        enum metric_id metric;
    } steps[] = {
        {STEP_BARE, METRIC_TIME_URL},      {STEP_CAPS, METRIC_TIME_CAPS},
        {STEP_CACERT, METRIC_TIME_CACERT}, {STEP_ADMIN, METRIC_TIME_ADMIN},
        {STEP_LONG, METRIC_TIME_LONG},     {STEP_CHALLENGE, METRIC_TIME_CHALLENGE},
    };
    const struct http_times *first = &facts->answers[STEP_BARE].times;
    double total = total_time(facts);
    enum state state = threshold_state(total, &options->warning, &options->critical);

    report_metric(report, &http_metrics[METRIC_TIME], total, &options->warning, &options->critical);
    if (first->name > 0)
        report_metric(report, &http_metrics[METRIC_TIME_DNS], first->name, NULL, NULL);
    if (first->connect > 0)
        report_metric(report, &http_metrics[METRIC_TIME_CONNECT], first->connect, NULL, NULL);
    if (first->tls > 0)
        report_metric(report, &http_metrics[METRIC_TIME_TLS], first->tls, NULL, NULL);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        const struct http_response *answer = &facts->answers[steps[i].step];

        if (answer->outcome != HTTP_ANSWERED)
            continue;
        report_metric(report, &http_metrics[steps[i].metric], answer->times.total, NULL, NULL);
        answer_note(report, step_names[steps[i].step], answer);
    }
    if (state != STATE_OK)
        report_find_as(report, state, NDES_HTTP_SLOW, "all answers took %.3f s, wanted %s s", total,
                       state == STATE_CRITICAL ? options->critical.text : options->warning.text);
}

static void summarise(const struct http_options *options, const struct http_facts *facts,
                      struct report *report)
{
    static const char *const pages[] = {
        [ADMIN_PAGE_PASSWORD] = ", admin page gives passwords",
        [ADMIN_PAGE_SINGLE] = ", admin page gives its single password",
        [ADMIN_PAGE_NO_PASSWORD] = ", admin page asks for no password",
    };
    const char *kind = facts->answers[STEP_BARE].status == 403 ? "NDES with policy module" : "NDES";
    const char *page = "";

    if (options->profile == PROFILE_OTHER)
        kind = "SCEP server";
    if (facts->login_offered && facts->challenge.permit != CHALLENGE_REFUSE) {
        const struct challenge_verdict *verdict =
            facts->challenge.permit == CHALLENGE_ASK ? &facts->verdict : &facts->challenge.last;

        if (verdict->status == 200 && verdict->page <= ADMIN_PAGE_NO_PASSWORD)
            page = pages[verdict->page];
    }
    report_summary(report, "%s answers in %.3f s, %zu %s, %zu certificate%s%s", kind,
                   total_time(facts), facts->caps.count,
                   facts->caps.count == 1 ? "capability" : "capabilities", facts->certificates,
                   text_plural((int64_t)facts->certificates), page);
    report_note(report, 2, "asked %s at %s, %ld connection%s%s%s", options->url,
                facts->answers[STEP_BARE].peer_address, facts->connections,
                text_plural(facts->connections),
                options->connection.http.proxy ? ", through proxy " : "",
                options->connection.http.proxy ? options->connection.http.proxy : "");
}

void http_judge(const struct http_options *options, const struct http_facts *facts,
                struct report *report)
{
    judge_times(options, facts, report);
    judge_bare(options, facts, report);
    judge_caps(options, facts, report);
    judge_cacert(options, facts, report);
    judge_admin(options, facts, report);
    judge_long(options, facts, report);
    judge_challenge(options, facts, report);
    judge_tls(options, facts, report);
    judge_clock(facts, report);
    summarise(options, facts, report);
}
