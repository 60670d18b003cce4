/* channel.c - one signed-in connection to WinRM: SOAP goes in, SOAP comes out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/channel.h"

#include <stdlib.h>

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/cim/sealed.h"
#include "common/cim/sign_on.h"

#define SOAP_TYPE "application/soap+xml;charset=UTF-8"

struct channel {
    struct wire wire;
    struct sign_on sign_on;
    bool signed_in;
    bool let_in;            /* a message was answered since */
    size_t bytes;           /* of all answers */
    struct problem refused; /* why signing in failed: it is not tried again */
};

struct channel *channel_open(const struct wsman_settings *settings, const struct deadline *deadline,
                             char *error, size_t error_size)
{
    struct channel *channel = memory_zeroed(1, sizeof *channel);

    if (!channel) {
        text_copy(error, error_size, "out of memory");
        return NULL;
    }
    if (!wire_open(&channel->wire, settings->url, settings->http, deadline, error, error_size)) {
        free(channel);
        return NULL;
    }
    sign_on_init(&channel->sign_on, settings->sign_in, text_starts(settings->url, "https:"));
    return channel;
}

void channel_close(struct channel *channel)
{
    if (!channel)
        return;
    sign_on_free(&channel->sign_on);
    wire_close(&channel->wire);
    free(channel);
}

struct cim_statistics *channel_statistics(struct channel *channel)
{
    return &channel->wire.statistics;
}

/* Decrypts the answer's body. */
static bool unseal(struct channel *channel, const struct http_response *response,
                   struct buffer *answer, struct problem *problem)
{
    struct sealed_message message;
    const char *wrong = sealed_read(buffer_text(&response->body), response->body.length, &message);

    if (wrong)
        return problem_set(problem, PROBLEM_BROKEN, "the encrypted answer %s", wrong);
    if (!negotiate_unseal(channel->sign_on.negotiate, message.token.text, message.token.length,
                          answer))
        return problem_set(problem, PROBLEM_BROKEN,
                           "the encrypted answer cannot be decrypted: it was altered in transit");
    if (answer->length > message.text_length)
        return problem_set(problem, PROBLEM_BROKEN, "the encrypted answer is longer than declared");
    return true;
}

/* A 401 to a message: with Negotiate it comes after the sign-in was taken. */
static bool refuse_message(const struct channel *channel, struct problem *problem)
{
    problem_set(problem, PROBLEM_LOGON, "%s", "");
    if (!channel->sign_on.negotiate)
        sign_on_explain(&channel->sign_on, &channel->wire, problem);
    else if (channel->let_in)
        problem_set(problem, PROBLEM_LOGON, "HTTP 401: the server no longer accepts the sign-in");
    else
        problem_set(problem, PROBLEM_LOGON,
                    "HTTP 401 to the first message after signing in: the account has no right to "
                    "use WinRM (group Remote Management Users)");
    return false;
}

/* What a status without SOAP means. To an encrypted message it ends the session, whatever it is:
 * anybody may have sent it. */
static bool refuse_status(const struct channel *channel, const struct http_response *response,
                          struct problem *problem)
{
    enum problem_kind denied = channel->sign_on.seals ? PROBLEM_IN_CLEAR : PROBLEM_DENIED;

    if (response->status == 401)
        return refuse_message(channel, problem);
    if (response->status == 500 && !response->body.length)
        return problem_set(problem, channel->sign_on.seals ? PROBLEM_BROKEN : PROBLEM_UNPROTECTED,
                           "HTTP 500 with an empty body%s",
                           channel->sign_on.seals ? " to an encrypted message" : "");
    return problem_set(problem, response->status == 403 ? denied : PROBLEM_NO_SERVICE,
                       "HTTP %d%s%s%s%s%s%s", response->status, response->reason[0] ? " " : "",
                       response->reason, response->server[0] ? " from " : "", response->server,
                       response->content_type[0] ? ", " : "", response->content_type);
}

/* Takes the SOAP out of an answer, whatever its status: faults come with 500 or 503. */
static bool open_answer(struct channel *channel, const struct http_response *response,
                        struct buffer *answer, bool *in_clear, struct problem *problem)
{
    bool soap = text_starts(response->content_type, "application/soap+xml");

    if (response->body.length && channel->sign_on.seals && sealed_is(response->content_type))
        return unseal(channel, response, answer, problem);
    if (!soap || !response->body.length || response->status == 401)
        return refuse_status(channel, response, problem);
    *in_clear = channel->sign_on.seals;
    if (!buffer_add(answer, buffer_text(&response->body), response->body.length))
        return problem_set(problem, PROBLEM_TOO_LARGE, "out of memory");
    return true;
}

/* Encrypts and frames a message. */
static bool seal(struct channel *channel, const struct buffer *message, struct buffer *framed)
{
    struct buffer token;
    struct sealed_message parts = {0};
    size_t padding = 0;
    bool fine;

    buffer_init(&token, framed->maximum);
    fine = negotiate_seal(channel->sign_on.negotiate, buffer_text(message), message->length, &token,
                          &parts.header_length, &padding);
    parts.text_length = message->length + padding;
    parts.token = (struct slice){buffer_text(&token), token.length};
    fine = fine && sealed_write(channel->sign_on.protocol, &parts, framed);
    buffer_free(&token);
    return fine;
}

static bool post(struct channel *channel, const struct http_message *message, struct buffer *answer,
                 bool *in_clear, struct problem *problem)
{
    struct http_response response;
    bool fine = wire_post(&channel->wire, message, CHANNEL_ANSWER_MAXIMUM, &response, problem);

    channel->bytes += response.body.length;
    if (fine && channel->bytes > CHANNEL_TOTAL_MAXIMUM)
        fine = problem_set(problem, PROBLEM_TOO_LARGE, "the answers exceed %d MiB in total",
                           CHANNEL_TOTAL_MAXIMUM / 1024 / 1024);
    fine = fine && open_answer(channel, &response, answer, in_clear, problem);
    channel->let_in = channel->let_in || fine;
    http_response_free(&response);
    return fine;
}

static bool send_message(struct channel *channel, const struct buffer *message,
                         struct buffer *answer, bool *in_clear, struct problem *problem)
{
    struct http_message plain = {.content_type = SOAP_TYPE,
                                 .authorization = sign_on_header(&channel->sign_on),
                                 .body = buffer_text(message),
                                 .length = message->length};
    struct http_message sealed = {.content_type = sealed_content_type(channel->sign_on.protocol)};
    struct buffer framed;
    bool fine;

    if (!channel->sign_on.seals)
        return post(channel, &plain, answer, in_clear, problem);
    buffer_init(&framed, CHANNEL_ANSWER_MAXIMUM);
    fine = seal(channel, message, &framed) ||
           problem_set(problem, PROBLEM_BROKEN, "the request cannot be encrypted");
    sealed.body = buffer_text(&framed);
    sealed.length = framed.length;
    fine = fine && post(channel, &sealed, answer, in_clear, problem);
    buffer_free(&framed);
    return fine;
}

bool channel_exchange(struct channel *channel, const struct buffer *message, struct buffer *answer,
                      bool *in_clear, struct problem *problem)
{
    *problem = channel->refused;
    if (problem->kind != PROBLEM_NONE)
        return false;
    if (!channel->signed_in)
        channel->signed_in = sign_on_perform(&channel->sign_on, &channel->wire, problem);
    if (!channel->signed_in) {
        channel->refused = *problem;
        return false;
    }
    return send_message(channel, message, answer, in_clear, problem);
}
