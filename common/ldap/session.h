/* session.h - asks Active Directory by LDAP: one session, searches, entries. How is a backend's
 * matter.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_LDAP_SESSION_H
#define NDES_LDAP_SESSION_H

#include <stdint.h>

#include "common/base/buffer.h"
#include "common/base/problem.h"
#include "common/base/clock.h"
#include "common/ldap/entry.h"

struct directory_session;

void directory_close(struct directory_session *session);

/* What the domain controller says of itself (rootDSE, MS-ADTS 3.1.1.3.2). */
struct directory_root {
    char domain[256];        /* defaultNamingContext: DC=example,DC=com */
    char configuration[256]; /* configurationNamingContext */
    char host[256];          /* dnsHostName, "" if not told */
    int64_t now;             /* currentTime, seconds since 1970; ours if not told */
    bool has_clock;          /* it was told */
};
const struct directory_root *directory_root(const struct directory_session *session);

enum directory_scope { DIRECTORY_BASE, DIRECTORY_ONE_LEVEL, DIRECTORY_SUBTREE };

/* A search. Everything is UTF-8 and by RFC 4515. */
struct directory_query {
    const char *what; /* for people: "certificate templates" */
    const char *base;
    enum directory_scope scope;
    const char *filter;
    const char *const *attributes; /* NULL behind the last */
    bool descriptors;              /* with owner and DACL: MS-ADTS 3.1.1.3.4.1.11 */
    size_t maximum;                /* entries that are of use; 0: all */
};

/* Runs it, over several pages if need be (RFC 2696). Entries are appended to `entries`, which
 * starts as {0} and is freed by directory_entries_free(). More than query->maximum sets
 * `truncated`; more than DIRECTORY_ENTRIES_MAXIMUM is a failure. References to other servers are
 * not followed. On failure returns false and fills `problem`;
 * entries that had arrived by then are kept. */
bool directory_search(struct directory_session *session, const struct directory_query *query,
                      struct directory_entries *entries, struct problem *problem);

/* True for a port of the global catalog: all objects of the forest, but not all of each. */
bool directory_is_catalog(int port);

/* Appends text, (attribute=text), or bytes to a search filter (RFC 4515 section 3). */
void directory_quote(struct buffer *filter, const char *text);
void directory_add_equal(struct buffer *filter, const char *attribute, const char *value);
void directory_quote_bytes(struct buffer *filter, const unsigned char *bytes, size_t length);

/* What the session took, and how it was made. */
struct directory_statistics {
    int connections;  /* TCP connections opened */
    int searches;     /* requests for entries, each page, rootDSE included */
    double seconds;   /* connecting, signing in and all searches together */
    char server[300]; /* name and port of the server that was asked, "" if none was reached */
    int port;         /* that port alone */
    char peer[64];    /* its address */
    char method[96];  /* such as "GSSAPI, encrypted (SSF 256)", "" if not signed in */
    char passed[400]; /* servers that were tried before, and what came of it; "" if none */
};
const struct directory_statistics *directory_statistics(const struct directory_session *session);

/* Called after each request with what it was and what came of it, for -vv. `data` is the caller's.
 */
typedef void directory_trace(void *data, const char *what, double seconds, size_t entries,
                             const struct problem *problem);

#endif
