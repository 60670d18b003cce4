/* collect_admin.c - looks at the admin page, and signs in to it, as rarely as the ledger wants it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/http/http.h"

#include "common/auth/ticket.h"
#include "common/base/problem.h"
#include "common/base/text.h"

/* Whether a request that ended so can have reached NDES. */
static bool reached_server(enum http_outcome outcome)
{
    return outcome == HTTP_ANSWERED || outcome == HTTP_TIMEOUT || outcome == HTTP_TOO_LARGE ||
           outcome == HTTP_BROKEN;
}

static void fetch(const struct http_options *options, const struct http_login *login,
                  struct http_session *session, struct challenge_ledger *ledger,
                  struct http_facts *facts)
{
    struct http_response *answer = &facts->answers[STEP_CHALLENGE];
    struct challenge_verdict *verdict = &facts->verdict;

    http_get_once(session, options->admin_url, login, answer);
    verdict->outcome = answer->outcome;
    verdict->status = answer->status;
    verdict->page = admin_page_classify(buffer_text(&answer->body), answer->body.length);
    buffer_wipe(&answer->body);
    if (!reached_server(answer->outcome))
        challenge_withdraw(ledger);
    else
        challenge_record(ledger, verdict, facts->challenge.problem,
                         sizeof facts->challenge.problem);
}

/* Gets the tickets and shows libcurl where they are. Left to itself libcurl would take the default
 * cache only, and not tell what is wrong with it. */
static struct tickets *get_tickets(const struct credentials *credentials, const char *host,
                                   struct problem *problem)
{
    struct tickets *tickets = tickets_open(credentials, problem);
    char principal[600];

    if (tickets && tickets_fetch(tickets, TICKET_CANONICAL, "HTTP", host, principal,
                                 sizeof principal, problem)) {
        if (tickets_select(tickets))
            return tickets;
        problem_set(problem, PROBLEM_NO_TICKET, "out of memory");
    }
    tickets_close(tickets);
    return NULL;
}

/* Without a ticket NDES is not asked. If the KDC refuses name or password that counts as a fetch:
 * asked again at once, it might lock the account. */
static void miss_ticket(const struct problem *problem, struct challenge_ledger *ledger,
                        struct http_facts *facts)
{
    struct challenge_verdict *verdict = &facts->verdict;

    if (problem->kind != PROBLEM_LOGON && problem->kind != PROBLEM_LOGON_LOCKED) {
        text_copy(facts->ticket_problem, sizeof facts->ticket_problem, problem->detail);
        challenge_withdraw(ledger);
        return;
    }
    text_copy(verdict->refusal, sizeof verdict->refusal, problem->detail);
    challenge_record(ledger, verdict, facts->challenge.problem, sizeof facts->challenge.problem);
}

static void fetch_with_ticket(const struct http_options *options,
                              const struct credentials *credentials, struct http_session *session,
                              struct challenge_ledger *ledger, struct http_facts *facts)
{
    const struct http_login login = {.scheme = AUTH_NEGOTIATE};
    struct problem problem = {0};
    struct tickets *tickets = get_tickets(credentials, options->connection.server, &problem);

    if (!tickets) {
        miss_ticket(&problem, ledger, facts);
        return;
    }
    fetch(options, &login, session, ledger, facts);
    tickets_select(NULL);
    tickets_close(tickets);
}

static void fetch_with_password(const struct http_options *options,
                                const struct credentials *credentials, struct http_session *session,
                                struct challenge_ledger *ledger, struct http_facts *facts)
{
    const struct http_login login = {
        .scheme = AUTH_NTLM, .user = credentials->user, .password = credentials->password};

    fetch(options, &login, session, ledger, facts);
}

/* Who signs in: for the ledger, as what the page says to one user is no answer for another. */
static void name_user(const struct credentials *credentials, bool ntlm, char *user, size_t size)
{
    text_copy(user, size, credentials->user ? credentials->user : "(ticket)");
    if (!ntlm && !credentials->user)
        ticket_cache_user(credentials, user, size);
}

/* Signs in, if the server asks for it in a way that we were told to use, and if the ledger allows
 * it. */
static void collect_challenge(const struct http_options *options, struct http_session *session,
                              struct challenge_ledger *ledger, struct http_facts *facts)
{
    const bool ntlm = options->auth == LOGIN_NTLM;
    const struct credentials credentials = credentials_of(&options->credentials);
    const struct http_response *look = &facts->answers[STEP_ADMIN];
    char *user = facts->login_user;

    facts->login_tried = look->status == 401;
    facts->login_offered = look->auth_offers & (ntlm ? AUTH_NTLM : AUTH_NEGOTIATE);
    if (!facts->login_tried || !facts->login_offered)
        return;
    name_user(&credentials, ntlm, user, sizeof facts->login_user);
    text_copy(facts->verdict.user, sizeof facts->verdict.user, user);
    if (facts->challenge.permit == CHALLENGE_ASK &&
        challenge_begin(ledger, user, &facts->challenge))
        (ntlm ? fetch_with_password : fetch_with_ticket)(options, &credentials, session, ledger,
                                                         facts);
}

/* Asks for the admin page without signing in. As installed that mints no password: IIS answers 401
 * before NDES sees the request. An open page mints one for everybody, for us too, and one that
 * did not come may have been open: that is written down, and within the interval the page is not
 * asked for again. */
static void look_at_page(const struct http_options *options, struct http_session *session,
                         struct challenge_ledger *ledger, struct http_facts *facts)
{
    struct http_response *answer = &facts->answers[STEP_ADMIN];
    struct challenge_verdict verdict = {0};

    http_get_once(session, options->admin_url, NULL, answer);
    facts->admin_page = admin_page_classify(buffer_text(&answer->body), answer->body.length);
    buffer_wipe(&answer->body);
    verdict.outcome = answer->outcome;
    verdict.status = answer->status;
    verdict.page = facts->admin_page;
    if (answer->outcome == HTTP_ANSWERED
            ? answer->status == 200 && admin_page_mints(facts->admin_page)
            : reached_server(answer->outcome))
        challenge_record(ledger, &verdict, facts->challenge.problem,
                         sizeof facts->challenge.problem);
}

/* Whether the page was open when it was last asked for. If it did not come it may have been, but
 * not for other names of the address: a page that is blocked on the way looks like that, too. */
static bool was_open(const struct challenge *challenge)
{
    const struct challenge_verdict *last = &challenge->last;
    bool unsure = last->outcome != HTTP_ANSWERED && challenge->permit == CHALLENGE_REPEAT;

    return !last->user[0] && (last->status == 200 || unsure);
}

void http_collect_admin(const struct http_options *options, struct http_session *session,
                        const struct deadline *deadline, struct http_facts *facts)
{
    const bool direct = !options->connection.http.proxy;
    const struct challenge_request request = {
        .directory = options->state_dir,
        .url = options->admin_url,
        .address = options->connection.http.route.connect_address,
        .peer = direct ? facts->answers[STEP_BARE].peer_address : "",
        .interval = options->challenge_interval};
    struct challenge *challenge = &facts->challenge;
    struct challenge_ledger *ledger = challenge_open(&request, deadline, challenge);

    facts->admin_withheld = challenge->permit == CHALLENGE_REFUSE;
    facts->admin_repeated =
        !facts->admin_withheld && challenge->permit != CHALLENGE_ASK && was_open(challenge);
    if (facts->admin_repeated)
        facts->admin_page = challenge->last.page;
    if (!facts->admin_withheld && !facts->admin_repeated) {
        look_at_page(options, session, ledger, facts);
        if (options->admin == ADMIN_CHALLENGE)
            collect_challenge(options, session, ledger, facts);
    }
    challenge_close(ledger);
}
