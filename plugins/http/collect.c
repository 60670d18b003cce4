/* collect.c - asks the server; records what it says, judges nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/http/http.h"

#include "common/base/text.h"
#include "common/scep/cacert.h"
#include "common/scep/endpoint.h"

static void ask(struct http_session *session, struct http_facts *facts, enum step step,
                const char *url)
{
    http_get(session, url, 0, &facts->answers[step]);
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
    if (options->long_url)
        collect_long(options, session, facts);
    if (options->admin != ADMIN_OFF && facts->answers[STEP_LONG].outcome != HTTP_TIMEOUT)
        http_collect_admin(options, session, deadline, facts);
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
