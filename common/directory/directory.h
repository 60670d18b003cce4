/* directory.h - asks Active Directory by LDAP: one session, searches, entries. How is a backend's
 * matter.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_DIRECTORY_DIRECTORY_H
#define NDES_DIRECTORY_DIRECTORY_H

#include <stdint.h>

#include "common/base/buffer.h"
#include "common/base/clock.h"
#include "common/directory/entry.h"

enum directory_trouble {
    DIRECTORY_FINE,
    /* No domain controller was reached, or not as ourselves: nothing more can be asked. */
    DIRECTORY_NO_NAME,      /* the host name does not resolve, or the domain has no SRV records */
    DIRECTORY_REFUSED,      /* no TCP connection */
    DIRECTORY_TLS,          /* TLS failed, or the certificate is not accepted */
    DIRECTORY_TIMEOUT,      /* the run's deadline passed */
    DIRECTORY_BROKEN,       /* the talk broke off, or what came is no LDAP */
    DIRECTORY_TOO_LARGE,    /* more bytes or entries than any question has */
    DIRECTORY_SETTINGS,     /* a local file or option is unusable */
    DIRECTORY_NO_SERVICE,   /* something answers that is no Active Directory */
    DIRECTORY_NO_TICKET,    /* no Kerberos ticket to be had */
    DIRECTORY_LOGON,        /* name or password refused */
    DIRECTORY_LOGON_LOCKED, /* account locked, disabled or expired, or its password has expired */
    DIRECTORY_CLOCK,        /* refused because the clocks differ too much */
    DIRECTORY_SPN,          /* no service principal of this name, or the server has another key */
    DIRECTORY_UNPROTECTED,  /* the server wants signing, TLS or channel binding that we had not */
    /* One search failed; others may work. */
    DIRECTORY_DENIED,   /* not allowed to search there */
    DIRECTORY_NO_BASE,  /* no object of the name where the search begins */
    DIRECTORY_HIDDEN,   /* what was asked for is there, but not shown to us */
    DIRECTORY_REFERRAL, /* another server has it */
    DIRECTORY_LIMIT,    /* the server's limit of time, size or work, or it is busy */
    DIRECTORY_FAULT,    /* any other result */
};

/* Why something failed. */
struct directory_problem {
    enum directory_trouble trouble;
    int code;         /* the LDAP result; 0 if there was none */
    char detail[400]; /* what was seen, for people; from outside, so to be made printable */
};

/* Fills a problem with a trouble and what was seen. Always false, to be returned. */
bool directory_fail(struct directory_problem *problem, enum directory_trouble trouble,
                    const char *format, ...) PRINTF_LIKE(3, 4);

/* True if the session is of no use after it: every later search fails with the same problem. */
bool directory_is_fatal(enum directory_trouble trouble);

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
                      struct directory_entries *entries, struct directory_problem *problem);

/* True for a port of the global catalog: all objects of the forest, but not all of each. */
bool directory_is_catalog(int port);

/* Appends text, (attribute=text), or bytes to a search filter (RFC 4515 section 3). */
void directory_quote(struct buffer *filter, const char *text);
void directory_add_equal(struct buffer *filter, const char *attribute, const char *value);
void directory_quote_bytes(struct buffer *filter, const unsigned char *bytes, size_t length);

/* What the session took, and how it was made. */
struct directory_cost {
    int connections;  /* TCP connections opened */
    int searches;     /* requests for entries, each page, rootDSE included */
    double seconds;   /* connecting, signing in and all searches together */
    char server[300]; /* name and port of the server that was asked, "" if none was reached */
    int port;         /* that port alone */
    char peer[64];    /* its address */
    char method[96];  /* such as "GSSAPI, encrypted (SSF 256)", "" if not signed in */
    char passed[400]; /* servers that were tried before, and what came of it; "" if none */
};
const struct directory_cost *directory_cost(const struct directory_session *session);

/* Called after each request with what it was and what came of it, for -vv. `data` is the caller's.
 */
typedef void directory_trace(void *data, const char *what, double seconds, size_t entries,
                             const struct directory_problem *problem);

#endif
