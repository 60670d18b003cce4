/* wsman.c - CIM by WS-Management: what to send in which order until all has come.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/wsman.h"

#include <stdlib.h>

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/cim/channel.h"
#include "common/cim/reply.h"
#include "common/cim/soap.h"
#include "common/cim/xml.h"

enum {
    PULLS_MAXIMUM = 256,         /* of one query */
    EMPTY_PULLS_MAXIMUM = 8,     /* answers in a row that brought nothing, not even an end */
    TIMEOUT_MAXIMUM_MS = 60000,  /* WinRM's own MaxTimeoutms */
    TIMEOUT_MINIMUM_MS = 500,    /* what it accepts at least */
    TIMEOUT_MARGIN_MS = 500,     /* the server shall give up before we do */
    EVENT_WAIT_MS = 500,         /* for more that do not come: the end of what the log holds */
    REQUEST_MAXIMUM = 64 * 1024, /* bytes */
};

struct cim_session {
    struct channel *channel;
    const struct deadline *deadline;
    struct soap_context soap;
    struct problem fatal; /* what made the session useless */
    cim_trace *trace;
    void *trace_data;
};

struct cim_session *wsman_open(const struct wsman_settings *settings,
                               const struct deadline *deadline, char *error, size_t error_size)
{
    struct cim_session *session = memory_zeroed(1, sizeof *session);

    xml_watch_memory();
    if (!session) {
        text_copy(error, error_size, "out of memory");
        return NULL;
    }
    session->channel = channel_open(settings, deadline, error, error_size);
    if (!session->channel) {
        free(session);
        return NULL;
    }
    session->deadline = deadline;
    session->soap.to = settings->url;
    return session;
}

void cim_close(struct cim_session *session)
{
    if (!session)
        return;
    channel_close(session->channel);
    free(session);
}

const struct cim_statistics *cim_statistics(const struct cim_session *session)
{
    return channel_statistics(session->channel);
}

void cim_set_trace(struct cim_session *session, cim_trace *trace, void *data)
{
    session->trace = trace;
    session->trace_data = data;
}

/* Time for the server: less than ours, so that its fault arrives. */
static void set_timeout(struct cim_session *session, int64_t most_ms)
{
    int64_t left = deadline_left_ms(session->deadline) - TIMEOUT_MARGIN_MS;

    if (left > most_ms)
        left = most_ms;
    session->soap.timeout_ms = left > TIMEOUT_MINIMUM_MS ? left : TIMEOUT_MINIMUM_MS;
}

/* Remembers a problem after which the session is of no use. Returns `fine`. */
static bool conclude(struct cim_session *session, bool fine, const struct problem *problem)
{
    if (!fine && problem_is_fatal(problem->kind))
        session->fatal = *problem;
    return fine;
}

/* What came in the clear proves nothing: anybody in between may have written it. Rows are not
 * believed, and a fault neither: that a class, an event log or more events are not there could hide
 * what is. Windows encrypts its faults, too. What it says is only told. */
static bool refuse_in_the_clear(struct soap_reply *reply, bool fault, struct problem *problem)
{
    char text[sizeof problem->detail / 2] = "an answer";

    if (fault)
        text_copy(text, sizeof text, problem->detail);
    reply_free(reply);
    return problem_set(problem, PROBLEM_IN_CLEAR, "it says: %s", text);
}

/* Sends a request and parses what comes. */
static bool exchange(struct cim_session *session, const struct buffer *request, const char *what,
                     struct soap_reply *reply, struct problem *problem)
{
    double before = cim_statistics(session)->seconds;
    struct buffer answer;
    bool in_clear = false;
    bool fine;

    *problem = session->fatal;
    *reply = (struct soap_reply){0};
    if (problem->kind != PROBLEM_NONE)
        return false;
    if (request->overflowed)
        return problem_set(problem, PROBLEM_FAULT,
                           "the request is too large, or holds characters that cannot be sent");
    buffer_init(&answer, CHANNEL_ANSWER_MAXIMUM);
    fine =
        channel_exchange(session->channel, request, &answer, &in_clear, problem) &&
        reply_read(buffer_text(&answer), answer.length, session->soap.message_id, reply, problem);
    if (in_clear)
        fine = refuse_in_the_clear(reply, !fine, problem);
    if (session->trace)
        session->trace(session->trace_data, what, cim_statistics(session)->seconds - before,
                       answer.length, problem);
    buffer_wipe(&answer); /* some classes hold passwords */
    return conclude(session, fine, problem);
}

/* Makes a request about a resource: an Enumerate with its query, a Pull or Release with its
 * context.
 */
typedef bool make_request(struct soap_context *soap, const char *resource, const char *text,
                          struct buffer *request);

static bool ask(struct cim_session *session, make_request *make, const char *resource,
                const char *text, const char *what, struct soap_reply *reply,
                struct problem *problem)
{
    struct buffer request;
    bool fine;

    buffer_init(&request, REQUEST_MAXIMUM);
    make(&session->soap, resource, text, &request);
    fine = exchange(session, &request, what, reply, problem);
    buffer_free(&request);
    return fine;
}

/* Gives up an enumeration, so that the server need not keep it. */
static void release(struct cim_session *session, const char *resource, const char *context)
{
    struct problem ignored;
    struct soap_reply reply;

    if (context[0] && session->fatal.kind == PROBLEM_NONE &&
        deadline_left_ms(session->deadline) > 0 &&
        ask(session, soap_release, resource, context, "Release", &reply, &ignored))
        reply_free(&reply);
}

static bool endless(struct problem *problem)
{
    return problem_set(problem, PROBLEM_TOO_LARGE, "the enumeration does not end");
}

static bool read_rows(struct soap_reply *reply, const char *name, struct cim_rows *rows,
                      struct reply_page *page, struct problem *problem)
{
    bool fine = reply_rows(reply, name, rows, page, problem);

    reply_free(reply);
    return fine;
}

/* One Pull; a server that is slow may be asked again (0x80338029) while our time lasts. */
static bool pull_rows(struct cim_session *session, const char *resource, struct cim_rows *rows,
                      struct reply_page *page, struct problem *problem)
{
    struct soap_reply reply;

    set_timeout(session, TIMEOUT_MAXIMUM_MS);
    if (ask(session, soap_pull, resource, page->context, "Pull", &reply, problem))
        return read_rows(&reply, "PullResponse", rows, page, problem);
    if (problem->kind != PROBLEM_BUSY || deadline_left_ms(session->deadline) <= TIMEOUT_MINIMUM_MS)
        return false;
    page->items = 0;
    return true;
}

/* Pulls until the end marker; an optimised Enumerate often brings one row only. */
static bool pull_all(struct cim_session *session, const char *resource, struct cim_rows *rows,
                     struct reply_page *page, struct problem *problem)
{
    int empty = 0;

    for (int pulls = 0; !page->ended; pulls++) {
        if (pulls == PULLS_MAXIMUM || empty == EMPTY_PULLS_MAXIMUM)
            return endless(problem);
        if (!pull_rows(session, resource, rows, page, problem))
            return false;
        empty = page->items ? 0 : empty + 1;
    }
    return true;
}

bool cim_query(struct cim_session *session, const char *namespace, const char *wql,
               struct cim_rows *rows, struct problem *problem)
{
    struct reply_page page = {0};
    struct soap_reply reply;
    char resource[300];
    bool fine;

    soap_namespace_uri(namespace, resource, sizeof resource);
    set_timeout(session, TIMEOUT_MAXIMUM_MS);
    if (!ask(session, soap_enumerate, resource, wql, wql, &reply, problem))
        return false;
    fine = read_rows(&reply, "EnumerateResponse", rows, &page, problem) &&
           pull_all(session, resource, rows, &page, problem);
    if (!fine && problem->code == 0) /* after a fault the server has no such context any more */
        release(session, resource, page.context);
    return conclude(session, fine, problem);
}

bool cim_invoke(struct cim_session *session, const struct cim_method *method,
                struct cim_row *output, struct problem *problem)
{
    size_t count = method->argument_count;
    struct soap_reply reply;
    struct buffer request;
    char what[200];
    bool fine;

    buffer_init(&request, REQUEST_MAXIMUM);
    set_timeout(session, TIMEOUT_MAXIMUM_MS);
    text_format(what, sizeof what, "%s.%s %s", method->class_name, method->name,
                count ? method->arguments[count - 1].value : "");
    soap_invoke(&session->soap, method, &request);
    fine = exchange(session, &request, what, &reply, problem);
    buffer_free(&request);
    if (!fine)
        return false;
    fine = reply_output(&reply, method->name, output, problem);
    reply_free(&reply);
    return conclude(session, fine, problem);
}

void cim_identify(struct cim_session *session)
{
    struct cim_statistics *statistics = channel_statistics(session->channel);
    struct problem ignored;
    struct soap_reply reply;
    struct buffer request;

    buffer_init(&request, REQUEST_MAXIMUM);
    soap_identify(&request);
    if (exchange(session, &request, "Identify", &reply, &ignored)) {
        reply_identity(&reply, statistics->product, sizeof statistics->product);
        reply_free(&reply);
    }
    buffer_free(&request);
}

static bool subscribe(struct cim_session *session, const struct cim_event_query *query,
                      struct reply_page *page, struct problem *problem)
{
    struct soap_reply reply;
    struct buffer request;
    bool fine;

    buffer_init(&request, REQUEST_MAXIMUM);
    set_timeout(session, TIMEOUT_MAXIMUM_MS);
    soap_subscribe(&session->soap, query, &request);
    fine = exchange(session, &request, "Subscribe", &reply, problem);
    buffer_free(&request);
    if (!fine)
        return false;
    fine = reply_subscription(&reply, page, problem);
    reply_free(&reply);
    return fine;
}

static void unsubscribe(struct cim_session *session, const struct reply_page *page)
{
    struct problem ignored;
    struct soap_reply reply;
    struct buffer request;

    buffer_init(&request, REQUEST_MAXIMUM);
    set_timeout(session, TIMEOUT_MAXIMUM_MS);
    soap_unsubscribe(&session->soap, page->identifier, &request);
    if (page->identifier[0] && session->fatal.kind == PROBLEM_NONE &&
        exchange(session, &request, "Unsubscribe", &reply, &ignored))
        reply_free(&reply);
    buffer_free(&request);
}

/* How long the server may look for events: the first time for half of what is left, for it may have
 * to search its log; then twice as long as the slowest answer took, half a second at least. */
static int64_t event_wait(const struct cim_session *session, int pulls, double slowest)
{
    int64_t wait = pulls ? (int64_t)(2000 * slowest) : deadline_left_ms(session->deadline) / 2;

    return wait > EVENT_WAIT_MS ? wait : EVENT_WAIT_MS;
}

/* A subscription has no end: what the log holds is through when the server waits in vain. */
static bool pull_events(struct cim_session *session, struct cim_events *events,
                        struct reply_page *page, struct problem *problem)
{
    double slowest = 0;

    for (int pulls = 0; !page->ended && !events->truncated; pulls++) {
        double before = cim_statistics(session)->seconds;
        struct soap_reply reply;
        bool fine;

        if (pulls == PULLS_MAXIMUM)
            return endless(problem);
        if (deadline_left_ms(session->deadline) <= TIMEOUT_MARGIN_MS)
            return problem_set(problem, PROBLEM_TIMEOUT,
                               "time ran out before all events were read");
        set_timeout(session, event_wait(session, pulls, slowest));
        if (!ask(session, soap_pull, SOAP_EVENT_LOG, page->context, "Pull of events", &reply,
                 problem))
            return problem->kind == PROBLEM_BUSY;
        fine = reply_events(&reply, events, page, problem);
        reply_free(&reply);
        if (!fine)
            return false;
        if (cim_statistics(session)->seconds - before > slowest)
            slowest = cim_statistics(session)->seconds - before;
    }
    return true;
}

bool cim_events(struct cim_session *session, const struct cim_event_query *query,
                struct cim_events *events, struct problem *problem)
{
    struct reply_page page;
    bool fine;

    if (!subscribe(session, query, &page, problem))
        return false;
    fine = pull_events(session, events, &page, problem);
    unsubscribe(session, &page);
    if (fine)
        *problem = (struct problem){0};
    return conclude(session, fine, problem);
}
