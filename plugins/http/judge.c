/* judge.c - turns what the server said into findings; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/http/http.h"

#include "common/base/clock.h"
#include "common/base/text.h"

static void judge_bare(const struct http_options *options, const struct http_facts *facts,
                       struct report *report)
{
    const struct http_response *answer = &facts->answers[STEP_BARE];
    int profile = options->profile;

    if (!answer_arrived(report, http_step_names[STEP_BARE], options->url, answer))
        return;
    if (profile == PROFILE_OTHER)
        http_note_answer(report, facts, STEP_BARE, "not judged");
    else if (answer->status == 403 && profile != PROFILE_NDES)
        http_note_answer(report, facts, STEP_BARE, "normal for NDES with the Intune policy module");
    else if (answer->status != 200)
        answer_judge_status(report, http_step_names[STEP_BARE], answer);
    else if (facts->bare_page == ADMIN_PAGE_BLANK)
        report_find(report, NDES_HTTP_BLANK, "bare URL: HTTP 200 with an empty body");
    else if (profile == PROFILE_INTUNE)
        report_find(report, NDES_HTTP_POLICY,
                    "bare URL: HTTP 200, but 403 is expected with the Intune policy module");
    else if (facts->bare_page == ADMIN_PAGE_OTHER)
        report_note(report, 1, "bare URL: HTTP 200 with a page that is not from NDES");
    else
        http_note_answer(report, facts, STEP_BARE, "normal for plain NDES");
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
    if (!answer_arrived(report, http_step_names[STEP_LONG], options->url, answer))
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
        answer_judge_status(report, http_step_names[STEP_LONG], answer);
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
    bool early;
    bool good;

    if (!facts->has_certificate)
        return;
    judge_expiry(lifetime, facts->now, &wanted->warning, &wanted->critical, &expiry);
    early = facts->now < lifetime.start;
    good = !expiry.ended && !early && expiry.state == STATE_OK;
    clock_format(certificate->validity.not_before, from, sizeof from);
    report_metric(report, &http_metrics[METRIC_TLS_DAYS], expiry.days, &wanted->warning.range,
                  &wanted->critical.range);
    if (good || report_has(report, NDES_TLS_EXPIRED))
        report_note(report, 1, "%sTLS certificate %s: valid from %s until %s%s%s %s",
                    good && trusted ? "[OK] " : "", certificate->subject, from, expiry.until,
                    facts->tls_protocol[0] ? ", " : "", facts->tls_protocol, facts->tls_cipher);
    else if (early)
        report_find(report, NDES_TLS_EXPIRED, "TLS certificate %s is not valid before %s",
                    certificate->subject, from);
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
    char wanted[80];

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
        answer_note(report, http_step_names[steps[i].step], answer);
    }
    threshold_wanted(state, &options->warning, &options->critical, wanted, sizeof wanted);
    if (state != STATE_OK)
        report_find_as(report, state, NDES_HTTP_SLOW, "all requests took %.3f s, wanted %s s",
                       total, wanted);
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
    if (facts->login_offered && !report_has(report, NDES_ADMIN_STATE) &&
        !report_has(report, NDES_ADMIN_ELSEWHERE)) {
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
    http_judge_admin(options, facts, report);
    judge_long(options, facts, report);
    judge_tls(options, facts, report);
    judge_clock(facts, report);
    summarise(options, facts, report);
}
