/* wire.c - the one HTTP connection to WinRM: posts, what they cost, and how they fail.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/wire.h"

#include <string.h>

#include "common/base/text.h"

bool wire_open(struct wire *wire, const char *url, const struct http_settings *settings,
               const struct deadline *deadline, char *error, size_t error_size)
{
    *wire = (struct wire){.url = url};
    wire->http = http_open(settings, deadline, error, error_size);
    return wire->http != NULL;
}

void wire_close(struct wire *wire)
{
    http_close(wire->http);
    wire->http = NULL;
}

/* What an HTTP failure means for CIM. */
static enum problem_kind kind_of(enum http_outcome outcome)
{
    switch (outcome) {
    case HTTP_ANSWERED:
        return PROBLEM_NONE;
    case HTTP_NO_NAME:
        return PROBLEM_NO_NAME;
    case HTTP_NO_CONNECTION:
        return PROBLEM_REFUSED;
    case HTTP_TIMEOUT:
        return PROBLEM_TIMEOUT;
    case HTTP_TLS_EXPIRED:
    case HTTP_TLS_NAME:
    case HTTP_TLS_CHAIN:
    case HTTP_TLS_CLIENT:
    case HTTP_TLS_HANDSHAKE:
        return PROBLEM_TLS;
    case HTTP_TOO_LARGE:
        return PROBLEM_TOO_LARGE;
    case HTTP_SETTINGS:
        return PROBLEM_SETTINGS;
    case HTTP_NOT_ASKED:
    case HTTP_PROXY:
    case HTTP_BROKEN:
        break;
    }
    return PROBLEM_BROKEN;
}

/* Whether a piece between commas begins a challenge: the first word of one is no parameter. */
static bool is_scheme(struct slice piece, struct slice *scheme)
{
    piece = slice_trim(piece);
    return piece.length && slice_next(&piece, " ", scheme) &&
           !memchr(scheme->text, '=', scheme->length) && !memchr(scheme->text, '"', scheme->length);
}

/* The schemes of the WWW-Authenticate headers without their parameters and tokens; a header may
 * hold several (RFC 9110 section 11.6.1). */
static void read_offers(struct wire *wire, const struct buffer *challenges)
{
    struct slice rest = slice_of(buffer_text(challenges));
    struct slice piece;
    struct buffer names;

    buffer_init(&names, sizeof wire->challenges - 1);
    while (slice_next(&rest, "\n,", &piece)) {
        struct slice scheme;

        if (is_scheme(piece, &scheme))
            buffer_addf(&names, "%s%.*s", names.length ? ", " : "", (int)scheme.length,
                        scheme.text);
    }
    text_copy(wire->challenges, sizeof wire->challenges, buffer_text(&names));
    buffer_free(&names);
}

bool wire_offers(const struct wire *wire, const char *scheme)
{
    struct slice rest = slice_of(wire->challenges);
    struct slice name;

    while (slice_next(&rest, ",", &name))
        if (slice_is(slice_trim(name), scheme))
            return true;
    return false;
}

bool wire_post(struct wire *wire, const struct http_message *message, size_t answer_maximum,
               struct http_response *response, struct problem *problem)
{
    struct cim_statistics *statistics = &wire->statistics;

    http_post(wire->http, wire->url, message, answer_maximum, response);
    statistics->requests++;
    statistics->seconds += response->times.total;
    statistics->connections = http_connections(wire->http);
    if (response->peer_address[0])
        text_copy(statistics->peer, sizeof statistics->peer, response->peer_address);
    if (response->has_date) {
        statistics->has_clock = true;
        statistics->clock_ahead = response->clock_ahead;
        statistics->clock_proven = text_starts(wire->url, "https:"); /* else anybody's header */
    }
    if (response->status == 401)
        read_offers(wire, &response->challenges);
    *problem = (struct problem){.kind = kind_of(response->outcome)};
    text_copy(problem->detail, sizeof problem->detail, response->detail);
    return problem->kind == PROBLEM_NONE;
}
