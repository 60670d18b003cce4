/* sign_on.c - signs a WinRM connection in, by whatever way was asked for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/sign_on.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/secret.h"
#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/cim/binding.h"

enum {
    LEGS_MAXIMUM = 6,
    SIGN_ON_ANSWER_MAXIMUM = 64 * 1024,
};

/* DSP0226 appendix C.3.3.7: the client certificate of the TLS connection is the credential. */
#define MUTUAL "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"

void sign_on_init(struct sign_on *sign_on, const struct sign_in *sign_in, bool tls)
{
    *sign_on = (struct sign_on){.sign_in = sign_in, .tls = tls};
    buffer_init(&sign_on->header, 16 * 1024);
    buffer_init(&sign_on->binding, 256);
}

void sign_on_free(struct sign_on *sign_on)
{
    negotiate_close(sign_on->negotiate);
    sign_on->negotiate = NULL;
    buffer_wipe(&sign_on->header);
    buffer_free(&sign_on->binding);
}

const char *sign_on_header(const struct sign_on *sign_on)
{
    return sign_on->header.length ? buffer_text(&sign_on->header) : NULL;
}

/* Appends bytes in base64 (RFC 4648). */
static bool add_base64(struct buffer *text, const void *bytes, size_t length)
{
    size_t room = 4 * ((length + 2) / 3);

    if (!buffer_reserve(text, room + 1))
        return false;
    EVP_EncodeBlock((unsigned char *)text->data + text->length, bytes, (int)length);
    text->length += room;
    return true;
}

/* Appends what base64 text stands for. */
static bool add_decoded(struct buffer *bytes, struct slice text)
{
    int decoded;
    size_t padding = 0;

    if (text.length % 4 || !buffer_reserve(bytes, text.length / 4 * 3 + 1))
        return false;
    decoded = EVP_DecodeBlock((unsigned char *)bytes->data + bytes->length,
                              (const unsigned char *)text.text, (int)text.length);
    while (padding < 2 && padding < text.length && text.text[text.length - 1 - padding] == '=')
        padding++;
    if (decoded < (int)padding)
        return false;
    bytes->length += (size_t)decoded - padding;
    bytes->data[bytes->length] = '\0';
    return true;
}

static bool use_basic(struct sign_on *sign_on, struct wire *wire)
{
    const struct sign_in *sign_in = sign_on->sign_in;
    struct buffer pair;
    bool fine;

    buffer_init(&pair, 8 * 1024);
    fine = buffer_addf(&pair, "%s:%s", sign_in->credentials.user, sign_in->credentials.password) &&
           buffer_add_text(&sign_on->header, "Basic ") &&
           add_base64(&sign_on->header, buffer_text(&pair), pair.length);
    buffer_wipe(&pair);
    text_copy(wire->statistics.method, sizeof wire->statistics.method, "Basic over HTTPS");
    return fine;
}

/* One request that signs in: `token` as scheme and base64, NULL for none at all. */
static bool post_token(struct wire *wire, const char *scheme, const struct buffer *token,
                       struct http_response *response, struct problem *problem)
{
    struct http_message message = {.content_type = "application/soap+xml;charset=UTF-8"};
    struct buffer header;
    bool fine = true;

    buffer_init(&header, 2 * NEGOTIATE_TOKEN_MAXIMUM);
    if (token) {
        fine = buffer_addf(&header, "%s ", scheme) &&
               add_base64(&header, buffer_text(token), token->length);
        message.authorization = buffer_text(&header);
    }
    if (fine) {
        fine = wire_post(wire, &message, SIGN_ON_ANSWER_MAXIMUM, response, problem);
        wire->statistics.legs += token != NULL;
    } else {
        *response = (struct http_response){0};
        problem_set(problem, PROBLEM_BROKEN, "the sign-in token is too large to send");
    }
    buffer_wipe(&header);
    return fine;
}

/* Finds the token of a scheme among the challenges. Returns false if what is there is no base64. */
static bool read_token(const struct http_response *response, const char *scheme,
                       struct buffer *token)
{
    struct slice rest = slice_of(buffer_text(&response->challenges));
    struct slice line;
    struct slice name;

    while (slice_next(&rest, "\n", &line)) {
        line = slice_trim(line);
        if (slice_next(&line, " ", &name) && slice_is(name, scheme) && line.text)
            return add_decoded(token, slice_trim(line));
    }
    return true;
}

/* Asks for nothing but the 401: it tells the schemes, the server's time and, over TLS, the
 * certificate that the first token must be bound to; and no password is tried in vain. */
static bool probe(struct sign_on *sign_on, struct wire *wire, struct problem *problem)
{
    struct http_response response;
    bool fine = post_token(wire, NULL, NULL, &response, problem);
    X509 *certificate = http_tls(wire->http)->certificate;

    if (fine && response.status != 401)
        fine = problem_set(problem, PROBLEM_NO_SERVICE,
                           "HTTP %d%s%s%s%s instead of 401 to a request without credentials",
                           response.status, response.server[0] ? " from " : "", response.server,
                           response.content_type[0] ? ", " : "", response.content_type);
    http_response_free(&response);
    if (fine && sign_on->tls && (!certificate || !binding_write(certificate, &sign_on->binding)))
        fine = problem_set(problem, PROBLEM_TLS,
                           "the server's certificate has no hash for channel binding");
    return fine;
}

/* Kerberos fails in several ways if the clocks are apart, and the server's answers tell its time.
 */
static bool blame_clock(const struct sign_on *sign_on, const struct wire *wire,
                        struct problem *problem)
{
    int64_t ahead = wire->statistics.clock_ahead;
    char seen[sizeof problem->detail / 2];
    char offset[48];

    if (sign_on->sign_in->method != SIGN_IN_KERBEROS || !wire->statistics.has_clock ||
        !clock_is_skewed(ahead))
        return false;
    text_copy(seen, sizeof seen, problem->detail[0] ? problem->detail : "HTTP 401");
    clock_offset(ahead, offset, sizeof offset);
    problem->kind = PROBLEM_CLOCK;
    text_format(problem->detail, sizeof problem->detail, "%s; the server's clock is %s", seen,
                offset);
    return true;
}

void sign_on_explain(const struct sign_on *sign_on, const struct wire *wire,
                     struct problem *problem)
{
    static const char *const wanted[] = {[SIGN_IN_KERBEROS] = "Negotiate",
                                         [SIGN_IN_NTLM] = "Negotiate",
                                         [SIGN_IN_BASIC] = "Basic",
                                         [SIGN_IN_CERTIFICATE] = NULL};
    const struct sign_in *sign_in = sign_on->sign_in;
    const char *scheme = wanted[sign_in->method];
    const char *offers = wire->challenges[0] ? wire->challenges : "nothing";
    bool kerberos = sign_in->method == SIGN_IN_KERBEROS;

    if (kerberos && wire_offers(wire, "Kerberos"))
        scheme = NULL;
    if (scheme && !sign_on->negotiate && !wire_offers(wire, scheme)) {
        problem->kind = PROBLEM_NO_SCHEME;
        text_format(problem->detail, sizeof problem->detail, "the server offers %s, not %s", offers,
                    scheme);
    } else if (!blame_clock(sign_on, wire, problem)) {
        text_format(problem->detail, sizeof problem->detail, "HTTP 401 to %s%s%s%s%s",
                    sign_in->credentials.user ? sign_in->credentials.user : "our ticket",
                    sign_on->negotiate ? " by " : "",
                    sign_on->negotiate ? negotiate_mechanism(sign_on->negotiate) : "",
                    kerberos && sign_on->negotiate ? " for " : "",
                    kerberos && sign_on->negotiate ? negotiate_service(sign_on->negotiate) : "");
    }
}

/* What an answer to a token of `sent` bytes says, beyond its own token. */
static bool judge_leg(const struct sign_on *sign_on, const struct wire *wire,
                      const struct http_response *response, size_t sent, bool has_token,
                      struct problem *problem)
{
    switch (response->status) {
    case 200:
        return true;
    case 401:
        if (has_token)
            return true;
        problem_set(problem, PROBLEM_LOGON, "%s", "");
        sign_on_explain(sign_on, wire, problem);
        return false;
    case 400:
    case 413:
    case 431:
        return problem_set(problem, PROBLEM_LOGON,
                           "HTTP %d to a sign-in token of %zu bytes: probably too large for the "
                           "server's MaxFieldLength and MaxRequestBytes (account in many groups)",
                           response->status, sent);
    default:
        return problem_set(problem, PROBLEM_NO_SERVICE, "HTTP %d %s while signing in",
                           response->status, response->content_type);
    }
}

/* One leg: ours goes out, theirs comes in. */
static bool make_leg(struct sign_on *sign_on, struct wire *wire, const char *scheme,
                     struct buffer *token, int *status, struct problem *problem)
{
    struct http_response response;
    size_t sent = token->length;
    bool fine = post_token(wire, scheme, token, &response, problem);

    buffer_reset(token);
    if (fine && !read_token(&response, scheme, token))
        fine = problem_set(problem, PROBLEM_BROKEN, "the server's token is not valid base64");
    if (fine)
        fine = judge_leg(sign_on, wire, &response, sent, token->length > 0, problem);
    *status = response.status;
    http_response_free(&response);
    return fine;
}

static bool step(struct sign_on *sign_on, const struct wire *wire, struct buffer *token,
                 struct problem *problem)
{
    struct problem failure;
    struct buffer answer;
    bool fine;

    buffer_init(&answer, NEGOTIATE_TOKEN_MAXIMUM);
    fine = negotiate_step(sign_on->negotiate, buffer_text(token), token->length, &answer, &failure);
    buffer_reset(token);
    if (fine && !buffer_add(token, buffer_text(&answer), answer.length))
        fine = problem_set(&failure, PROBLEM_BROKEN, "out of memory");
    if (!fine) {
        problem_set(problem, failure.kind, "%s to %s: %s", negotiate_mechanism(sign_on->negotiate),
                    negotiate_service(sign_on->negotiate), failure.detail);
        blame_clock(sign_on, wire, problem);
    }
    buffer_wipe(&answer);
    return fine;
}

/* The exchange of tokens until both sides are done (RFC 4559 section 4). */
static bool exchange_tokens(struct sign_on *sign_on, struct wire *wire, enum negotiate_form form,
                            struct problem *problem)
{
    const char *scheme = form == NEGOTIATE_SPNEGO ? "Negotiate" : "Kerberos";
    struct buffer token;
    bool fine = true;
    int status = 401;

    buffer_init(&token, NEGOTIATE_TOKEN_MAXIMUM);
    negotiate_begin(sign_on->negotiate, form, sign_on->tls ? &sign_on->binding : NULL);
    for (int leg = 0; fine && status == 401; leg++) {
        if (leg == LEGS_MAXIMUM) {
            fine = problem_set(problem, PROBLEM_BROKEN, "the sign-in does not finish");
            break;
        }
        fine = step(sign_on, wire, &token, problem) &&
               make_leg(sign_on, wire, scheme, &token, &status, problem);
    }
    if (fine && token.length &&
        !negotiate_is_done(sign_on->negotiate)) /* the last answer's token proves the server */
        fine = step(sign_on, wire, &token, problem);
    if (fine && !negotiate_is_done(sign_on->negotiate))
        fine = problem_set(problem, PROBLEM_BROKEN,
                           "the server accepted the sign-in without proving its identity");
    buffer_wipe(&token);
    return fine;
}

/* Chooses the scheme among those that the server offers. */
static bool choose_form(const struct sign_on *sign_on, const struct wire *wire,
                        enum negotiate_form *form, struct problem *problem)
{
    *form = NEGOTIATE_SPNEGO;
    if (wire_offers(wire, "Negotiate"))
        return true;
    *form = NEGOTIATE_BARE;
    if (sign_on->sign_in->method == SIGN_IN_KERBEROS && wire_offers(wire, "Kerberos"))
        return true;
    problem_set(problem, PROBLEM_LOGON, "%s", "");
    sign_on_explain(sign_on, wire, problem);
    return false;
}

static bool open_negotiate(struct sign_on *sign_on, struct problem *problem)
{
    const struct sign_in *sign_in = sign_on->sign_in;
    struct problem failure;

    sign_on->negotiate = negotiate_open(sign_in, &failure);
    if (sign_on->negotiate)
        return true;
    return problem_set(problem, failure.kind, "%s as %s: %s",
                       sign_in->method == SIGN_IN_NTLM ? "NTLM" : "Kerberos",
                       sign_in->credentials.user ? sign_in->credentials.user
                                                 : "the user of the ticket cache",
                       failure.detail);
}

static bool use_negotiate(struct sign_on *sign_on, struct wire *wire, struct problem *problem)
{
    enum negotiate_form form;

    if (!probe(sign_on, wire, problem) || !choose_form(sign_on, wire, &form, problem) ||
        !open_negotiate(sign_on, problem) || !exchange_tokens(sign_on, wire, form, problem))
        return false;
    sign_on->seals = !sign_on->tls;
    sign_on->protocol = form == NEGOTIATE_BARE ? SEALED_KERBEROS : SEALED_SPNEGO;
    text_format(wire->statistics.method, sizeof wire->statistics.method, "%s%s, %s",
                negotiate_mechanism(sign_on->negotiate), form == NEGOTIATE_BARE ? " (bare)" : "",
                sign_on->tls ? "HTTPS" : "encrypted messages over HTTP");
    return true;
}

bool sign_on_perform(struct sign_on *sign_on, struct wire *wire, struct problem *problem)
{
    switch (sign_on->sign_in->method) {
    case SIGN_IN_BASIC:
        return use_basic(sign_on, wire) ||
               problem_set(problem, PROBLEM_SETTINGS, "user name or password is too long");
    case SIGN_IN_CERTIFICATE:
        text_copy(wire->statistics.method, sizeof wire->statistics.method,
                  "client certificate over HTTPS");
        return buffer_add_text(&sign_on->header, MUTUAL) ||
               problem_set(problem, PROBLEM_SETTINGS, "out of memory");
    case SIGN_IN_KERBEROS:
    case SIGN_IN_NTLM:
    case SIGN_IN_AUTO:
        break;
    }
    return use_negotiate(sign_on, wire, problem);
}
