/* cim.h - asks a Windows server for its state: queries, methods, events. How is a backend's matter.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_CIM_CIM_H
#define NDES_CIM_CIM_H

#include "common/base/buffer.h"
#include "common/base/problem.h"
#include "common/cim/rows.h"

/* Namespaces and classes are those of WMI: root/cimv2, Win32_Service. */

struct cim_session;

void cim_close(struct cim_session *session);

/* Runs a WQL query in a namespace. Rows are appended to `rows`. On failure returns false and fills
 * `problem`; rows that had arrived by then are kept. Name the columns in SELECT, never `*`: some
 * classes hold passwords. */
bool cim_query(struct cim_session *session, const char *namespace, const char *wql,
               struct cim_rows *rows, struct problem *problem);

/* Appends text as a WQL string literal with its quotes: `'` and `\` are escaped (MS "WQL"). */
void cim_quote(struct buffer *wql, const char *text);

/* A name and its value: a key of an instance, or an argument of a method. */
struct cim_pair {
    const char *name;
    const char *value;
};

struct cim_method {
    const char *namespace;
    const char *class_name;
    const char *name;
    const struct cim_pair *keys; /* of the instance; none for a static method */
    size_t key_count;
    const struct cim_pair *arguments; /* in the order of the class's schema */
    size_t argument_count;
};

/* Invokes a method. Its output parameters, ReturnValue among them, are added to `output`. On
 * failure returns false and fills `problem`. */
bool cim_invoke(struct cim_session *session, const struct cim_method *method,
                struct cim_row *output, struct problem *problem);

enum { CIM_EVENTS_MAXIMUM = 2048 };

/* An event of a Windows event log. Strings are owned and never NULL. */
struct cim_event {
    int64_t id;
    int level;    /* 1 critical, 2 error, 3 warning, 4 information; 0 if the event has none */
    int64_t time; /* seconds since 1970, 0 if unreadable */
    char *provider;
    char *channel;
    char *message; /* rendered, or its data joined by blanks; may be empty */
    char *data;    /* insertion strings, one a line; may be empty */
};

struct cim_events {
    struct cim_event *events; /* in the order of the log, mostly: oldest first */
    size_t count;
    bool truncated; /* there were more than CIM_EVENTS_MAXIMUM */
};

/* Which events: of one or two channels, any ID of the list. */
struct cim_event_query {
    const char *channels[2]; /* the second may be NULL */
    const int *ids;
    size_t id_count;
    int64_t window; /* seconds back from the server's now */
};

/* Reads events of any channel, modern ones such as Microsoft-Intune-CertificateConnectors/Admin,
 * too. Events are added to `events`, which starts as {0}. On failure returns false and fills
 * `problem`; PROBLEM_NO_INSTANCE: there is no such channel; PROBLEM_TIMEOUT: the run's time ended
 * before the log did. That a log has no more is only known from the server's waiting in vain, which
 * takes half a second; a log that has none is searched for half of the time that is left. */
bool cim_events(struct cim_session *session, const struct cim_event_query *query,
                struct cim_events *events, struct problem *problem);

/* Which events of a classic log: System, Application and those registered as such. */
struct cim_log_query {
    const char *log;
    const char *sources[2]; /* any of these; NULL: no more, or any at all */
    const int *ids;
    size_t id_count;
    int64_t since; /* seconds since 1970, by the server's clock */
};

/* Reads them by a query of Win32_NTLogEvent, which needs no subscription; the contract is that of
 * cim_events(). Without the right to read the log Windows answers with none. */
bool cim_log_events(struct cim_session *session, const struct cim_log_query *query,
                    struct cim_events *events, struct problem *problem);

/* Appends an event of that ID, level and time with copies of these strings. Returns NULL at the
 * maximum (then `truncated` is set) or if memory ran out. */
struct cim_event *cim_events_add(struct cim_events *events, const struct cim_event *event);

void cim_events_free(struct cim_events *events);

/* What the session took, and how it was made; 0 and "" for what a backend has not. */
struct cim_statistics {
    long connections;    /* TCP connections opened */
    int requests;        /* that were sent, signing in included */
    int legs;            /* of them, those that signed in */
    double seconds;      /* all requests together */
    bool has_clock;      /* the server told its time */
    int64_t clock_ahead; /* seconds that the server's clock is ahead of ours */
    bool clock_proven;   /* nobody in between can have changed that */
    char peer[64];       /* address of the server, "" if not connected */
    char product[160];   /* what the server says of itself, "" unless cim_identify() asked */
    char method[64];     /* such as "Kerberos, encrypted messages over HTTP" */
};
const struct cim_statistics *cim_statistics(const struct cim_session *session);

/* How many seconds the server's clock is ahead of ours, for verdicts: where nothing protects what
 * the server tells along with its answers, by a query of Win32_OperatingSystem. Returns false and
 * fills `problem` if it is not to be learned; `*ahead` is 0 then. */
bool cim_clock_ahead(struct cim_session *session, int64_t *ahead, struct problem *problem);

/* Asks the server what it is, by one request; the answer goes into the session's cost. */
void cim_identify(struct cim_session *session);

/* Called after each request with what it was and what came of it, for -vv. `data` is the caller's.
 */
typedef void cim_trace(void *data, const char *what, double seconds, size_t bytes,
                       const struct problem *problem);
void cim_set_trace(struct cim_session *session, cim_trace *trace, void *data);

#endif
