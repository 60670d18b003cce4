/* collect_challenge.c - signs in to the admin page, as rarely as the ledger of challenges wants it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/http/http.h"

#include "common/auth/ticket.h"
#include "common/base/problem.h"
#include "common/base/text.h"

struct challenge_request http_challenge_request(const struct http_options *options,
                                                const char *user)
{
    return (struct challenge_request){.directory = options->state_dir,
                                      .url = options->admin_url,
                                      .address = options->connection.http.route.connect_address,
                                      .user = user,
                                      .interval = options->challenge_interval};
}

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

    http_get(session, options->admin_url, login, 0, answer);
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

void http_collect_challenge(const struct http_options *options, struct http_session *session,
                            const struct deadline *deadline, struct http_facts *facts)
{
    const bool ntlm = options->auth == LOGIN_NTLM;
    struct credentials credentials = credentials_of(&options->credentials);
    const char *user = credentials.user ? credentials.user : "(ticket)";
    struct challenge_request request = http_challenge_request(options, user);
    struct challenge_ledger *ledger;

    facts->login_tried = facts->answers[STEP_ADMIN].status == 401;
    facts->login_offered =
        facts->answers[STEP_ADMIN].auth_offers & (ntlm ? AUTH_NTLM : AUTH_NEGOTIATE);
    if (!facts->login_tried || !facts->login_offered)
        return;
    ledger = challenge_open(&request, deadline, &facts->challenge);
    text_copy(facts->verdict.user, sizeof facts->verdict.user, user);
    if (facts->challenge.permit == CHALLENGE_ASK)
        (ntlm ? fetch_with_password : fetch_with_ticket)(options, &credentials, session, ledger,
                                                         facts);
    challenge_close(ledger);
}
