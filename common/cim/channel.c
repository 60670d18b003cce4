/* channel.c - one signed-in connection to WinRM: SOAP goes in, SOAP comes out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/channel.h"

#include <stdlib.h>

#include "common/base/text.h"
#include "common/cim/sealed.h"
#include "common/cim/sign_on.h"

#define SOAP_TYPE "application/soap+xml;charset=UTF-8"

struct channel {
    struct wire wire;
    struct sign_on sign_on;
    bool signed_in;
    size_t bytes; /* of all answers */
};

struct channel *channel_open(const struct wsman_settings *settings, const struct deadline *deadline,
                             char *error, size_t error_size)
{
    struct channel *channel = calloc(1, sizeof *channel);

    if (!channel) {
        text_copy(error, error_size, "memory ran out");
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

struct cim_cost *channel_cost(struct channel *channel)
{
    return &channel->wire.cost;
}

static bool set_problem(struct cim_problem *problem, enum cim_trouble trouble, const char *detail)
{
    *problem = (struct cim_problem){.trouble = trouble};
    text_copy(problem->detail, sizeof problem->detail, detail);
    return false;
}

/* Decrypts the answer's body. */
static bool unseal(struct channel *channel, const struct http_response *response,
                   struct buffer *answer, struct cim_problem *problem)
{
    struct sealed_message message;
    const char *wrong = sealed_read(buffer_text(&response->body), response->body.length, &message);
    char detail[128];

    if (wrong) {
        text_format(detail, sizeof detail, "the encrypted answer %s", wrong);
        return set_problem(problem, CIM_BROKEN, detail);
    }
    if (!negotiate_unseal(channel->sign_on.negotiate, message.token.text, message.token.length,
                          answer))
        return set_problem(problem, CIM_BROKEN,
                           "the encrypted answer cannot be decrypted: it was changed on the way");
    if (answer->length > message.text_length)
        return set_problem(problem, CIM_BROKEN, "the encrypted answer is longer than it says");
    return true;
}

/* What a status without SOAP means. */
static bool refuse_status(const struct http_response *response, struct cim_problem *problem)
{
    char detail[320];

    text_format(detail, sizeof detail, "HTTP %d%s%s%s%s%s%s", response->status,
                response->reason[0] ? " " : "", response->reason,
                response->server[0] ? " from " : "", response->server,
                response->content_type[0] ? ", " : "", response->content_type);
    if (response->status == 401)
        return set_problem(problem, CIM_LOGON, "HTTP 401: the sign-in does not hold any more");
    if (response->status == 500 && !response->body.length)
        return set_problem(problem, CIM_UNENCRYPTED, "HTTP 500 with an empty body");
    if (response->status == 403)
        return set_problem(problem, CIM_DENIED, detail);
    return set_problem(problem, CIM_NO_SERVICE, detail);
}

/* Takes the SOAP out of an answer, whatever its status: faults come with 500 or 503. */
static bool open_answer(struct channel *channel, const struct http_response *response,
                        struct buffer *answer, struct cim_problem *problem)
{
    bool soap = text_starts(response->content_type, "application/soap+xml");

    if (response->body.length && channel->sign_on.seals && sealed_is(response->content_type))
        return unseal(channel, response, answer, problem);
    if (!soap || !response->body.length || response->status == 401)
        return refuse_status(response, problem);
    if (channel->sign_on.seals && response->status / 100 == 2)
        return set_problem(problem, CIM_BROKEN, "an encrypted request got an answer in the clear");
    if (!buffer_add(answer, buffer_text(&response->body), response->body.length))
        return set_problem(problem, CIM_TOO_LARGE, "memory ran out");
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

static bool send_message(struct channel *channel, const struct buffer *message,
                         struct buffer *answer, struct cim_problem *problem)
{
    struct http_message post = {.content_type = SOAP_TYPE,
                                .authorization = sign_on_header(&channel->sign_on),
                                .body = buffer_text(message),
                                .length = message->length};
    struct http_response response;
    struct buffer framed;
    bool fine = true;

    buffer_init(&framed, CHANNEL_ANSWER_MAXIMUM);
    if (channel->sign_on.seals) {
        fine = seal(channel, message, &framed);
        post.content_type = sealed_content_type(channel->sign_on.protocol);
        post.body = buffer_text(&framed);
        post.length = framed.length;
    }
    if (!fine)
        return set_problem(problem, CIM_BROKEN, "the request cannot be encrypted");
    fine = wire_post(&channel->wire, &post, CHANNEL_ANSWER_MAXIMUM, &response, problem);
    channel->bytes += response.body.length;
    if (fine && channel->bytes > CHANNEL_TOTAL_MAXIMUM)
        fine = set_problem(problem, CIM_TOO_LARGE, "all answers together are over 16 MiB");
    fine = fine && open_answer(channel, &response, answer, problem);
    http_response_free(&response);
    buffer_free(&framed);
    return fine;
}

/* Basic and certificates sign in with each message, so that a first 401 is about them. */
static void explain_refusal(const struct channel *channel, struct cim_problem *problem)
{
    if (problem->trouble == CIM_LOGON && !channel->sign_on.negotiate)
        sign_on_explain(&channel->sign_on, &channel->wire, problem);
}

bool channel_exchange(struct channel *channel, const struct buffer *message, struct buffer *answer,
                      struct cim_problem *problem)
{
    if (!channel->signed_in && !sign_on_perform(&channel->sign_on, &channel->wire, problem))
        return false;
    channel->signed_in = true;
    if (send_message(channel, message, answer, problem))
        return true;
    explain_refusal(channel, problem);
    return false;
}
