/* collect.c - asks the server; records what it says, judges nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/http/http.h"

#include "common/base/text.h"
#include "common/scep/cacert.h"
#include "common/scep/endpoint.h"

static void ask(struct http_session *session, struct http_facts *facts, enum step step,
                const char *url)
{
    http_get(session, url, NULL, 0, &facts->answers[step]);
}

static bool arrived(const struct http_facts *facts, enum step step)
{
    return facts->answers[step].outcome == HTTP_ANSWERED;
}

static bool has_body(const struct http_facts *facts, enum step step)
{
    return arrived(facts, step) && facts->answers[step].status == 200;
}

static void collect_bare(const struct http_options *options, struct http_session *session,
                         struct http_facts *facts)
{
    const struct buffer *body = &facts->answers[STEP_BARE].body;

    ask(session, facts, STEP_BARE, options->url);
    facts->bare_page = admin_page_classify(buffer_text(body), body->length);
}

static void collect_caps(const struct http_options *options, struct http_session *session,
                         struct http_facts *facts)
{
    const struct buffer *body = &facts->answers[STEP_CAPS].body;
    char url[sizeof options->url + 64];

    if (!scep_url(options->url, "GetCACaps", url, sizeof url))
        return;
    ask(session, facts, STEP_CAPS, url);
    scep_caps_parse(buffer_text(body), body->length, &facts->caps);
}

static void collect_cacert(const struct http_options *options, struct http_session *session,
                           struct http_facts *facts)
{
    struct bundle bundle;
    char url[sizeof options->url + 64];

    if (!scep_url(options->url, "GetCACert", url, sizeof url))
        return;
    ask(session, facts, STEP_CACERT, url);
    if (!has_body(facts, STEP_CACERT))
        return;
    facts->cacert = cacert_read(&facts->answers[STEP_CACERT].body, &bundle, &facts->cacert_problem);
    facts->certificates = bundle.count + bundle.dropped;
    bundle_free(&bundle);
}

static struct challenge_request ledger_of(const struct http_options *options, const char *user)
{
    return (struct challenge_request){.directory = options->state_dir,
                                      .url = options->admin_url,
                                      .address = options->connection.http.route.connect_address,
                                      .user = user,
                                      .interval = options->challenge_interval};
}

/* An open admin page mints a password for everybody, for us too: writes down that it did. */
static void remember_open_page(const struct challenge_request *request,
                               const struct deadline *deadline, struct http_facts *facts)
{
    struct challenge_verdict verdict = {
        .outcome = HTTP_ANSWERED, .status = 200, .page = facts->admin_page, .user = ""};
    struct challenge *challenge = &facts->challenge;
    struct challenge_ledger *ledger = challenge_open(request, deadline, challenge);

    if (challenge->permit != CHALLENGE_REFUSE)
        challenge_record(ledger, &verdict, challenge->problem, sizeof challenge->problem);
    challenge_close(ledger);
}

/* Asks for the admin page without signing in. As installed that mints no password: IIS answers 401
 * before NDES sees the request. If the page was open within the interval, it is not asked again. */
static void collect_admin(const struct http_options *options, struct http_session *session,
                          const struct deadline *deadline, struct http_facts *facts)
{
    struct http_response *answer = &facts->answers[STEP_ADMIN];
    struct challenge_request request = ledger_of(options, "");
    struct challenge earlier;

    challenge_peek(&request, &earlier);
    if (earlier.permit == CHALLENGE_REPEAT && !earlier.last.user[0] && earlier.last.status == 200) {
        facts->admin_repeated = true;
        facts->admin_page = earlier.last.page;
        facts->challenge = earlier;
        return;
    }
    ask(session, facts, STEP_ADMIN, options->admin_url);
    facts->admin_page = admin_page_classify(buffer_text(&answer->body), answer->body.length);
    buffer_wipe(&answer->body);
    if (has_body(facts, STEP_ADMIN) && facts->admin_page != ADMIN_PAGE_OTHER)
        remember_open_page(&request, deadline, facts);
}

static void collect_long(const struct http_options *options, struct http_session *session,
                         struct http_facts *facts)
{
    char url[SCEP_URL_MAXIMUM];
    const struct buffer *body = &facts->answers[STEP_LONG].body;

    if (!scep_long_url(options->url, (size_t)options->long_url, url, sizeof url))
        return;
    ask(session, facts, STEP_LONG, url);
    scep_caps_parse(buffer_text(body), body->length, &facts->long_caps);
}

/* libcurl's NTLM signs in with a password, its Negotiate with a Kerberos ticket only. */
static enum http_auth login_scheme(const struct http_options *options, bool has_password)
{
    if (options->auth == LOGIN_AUTO)
        return has_password ? AUTH_NTLM : AUTH_NEGOTIATE;
    return options->auth == LOGIN_NTLM ? AUTH_NTLM : AUTH_NEGOTIATE;
}

/* Whether a request that ended so can have reached NDES. */
static bool reached_server(enum http_outcome outcome)
{
    return outcome == HTTP_ANSWERED || outcome == HTTP_TIMEOUT || outcome == HTTP_TOO_LARGE ||
           outcome == HTTP_BROKEN;
}

static void fetch_challenge(const struct http_options *options, const struct http_login *login,
                            struct http_session *session, struct challenge_ledger *ledger,
                            struct http_facts *facts)
{
    struct http_response *answer = &facts->answers[STEP_CHALLENGE];
    struct challenge_verdict *verdict = &facts->verdict;

    http_get(session, options->admin_url, login, 0, answer);
    *verdict = (struct challenge_verdict){.outcome = answer->outcome, .status = answer->status};
    verdict->page = admin_page_classify(buffer_text(&answer->body), answer->body.length);
    text_copy(verdict->user, sizeof verdict->user, login->user ? login->user : "(ticket)");
    buffer_wipe(&answer->body);
    if (!reached_server(answer->outcome))
        challenge_withdraw(ledger);
    else
        challenge_record(ledger, verdict, facts->challenge.problem,
                         sizeof facts->challenge.problem);
}

/* Signs in to the admin page, if the ledger allows it. */
static void collect_challenge(const struct http_options *options, struct http_session *session,
                              const struct deadline *deadline, struct http_facts *facts)
{
    struct credentials credentials = credentials_of(&options->credentials);
    struct http_login login = {.scheme = login_scheme(options, credentials.password != NULL),
                               .user = credentials.user,
                               .password = credentials.password};
    struct challenge_request request =
        ledger_of(options, credentials.user ? credentials.user : "(ticket)");
    struct challenge_ledger *ledger;

    facts->login_tried = facts->answers[STEP_ADMIN].status == 401;
    facts->login_offered = facts->answers[STEP_ADMIN].auth_offers & login.scheme;
    if (!facts->login_tried || !facts->login_offered)
        return;
    ledger = challenge_open(&request, deadline, &facts->challenge);
    if (facts->challenge.permit == CHALLENGE_ASK)
        fetch_challenge(options, &login, session, ledger, facts);
    challenge_close(ledger);
}

static void collect_tls(const struct http_session *session, struct http_facts *facts)
{
    const struct http_tls *tls = http_tls(session);

    facts->has_certificate =
        tls->certificate && certificate_read(tls->certificate, &facts->certificate);
    text_copy(facts->tls_protocol, sizeof facts->tls_protocol, tls->protocol);
    text_copy(facts->tls_cipher, sizeof facts->tls_cipher, tls->cipher);
}

/* The requests one after the other on one connection. Without GetCACert the rest is pointless; once
 * the deadline is over nothing more can be asked. */
static void collect_steps(const struct http_options *options, struct http_session *session,
                          const struct deadline *deadline, struct http_facts *facts)
{
    collect_bare(options, session, facts);
    if (!arrived(facts, STEP_BARE))
        return;
    collect_caps(options, session, facts);
    if (!arrived(facts, STEP_CAPS))
        return;
    collect_cacert(options, session, facts);
    if (!arrived(facts, STEP_CACERT))
        return;
    if (options->admin != ADMIN_OFF) {
        collect_admin(options, session, deadline, facts);
        if (facts->answers[STEP_ADMIN].outcome == HTTP_TIMEOUT)
            return;
    }
    if (options->long_url)
        collect_long(options, session, facts);
    if (options->admin == ADMIN_CHALLENGE)
        collect_challenge(options, session, deadline, facts);
}

void http_collect(const struct http_options *options, struct http_session *session,
                  const struct deadline *deadline, struct http_facts *facts)
{
    collect_steps(options, session, deadline, facts);
    collect_tls(session, facts);
    facts->connections = http_connections(session);
    facts->now = clock_now();
}

void http_facts_free(struct http_facts *facts)
{
    for (int i = 0; i < STEP_COUNT; i++)
        http_response_free(&facts->answers[i]);
}
