/* problem.h - why something failed: one form for every room.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_BASE_PROBLEM_H
#define NDES_BASE_PROBLEM_H

#include <stdint.h>

#include "common/base/text.h"

/* Not every room knows every kind. Those before PROBLEM_DENIED end a session. */
enum problem_kind {
    PROBLEM_NONE,
    /* The server was not reached, or not as ourselves: nothing more can be asked. */
    PROBLEM_NO_NAME,    /* the host name does not resolve, or the domain has no SRV records */
    PROBLEM_REFUSED,    /* no TCP connection */
    PROBLEM_TLS,        /* the TLS handshake failed, or the certificate is not accepted */
    PROBLEM_TIMEOUT,    /* the run's deadline passed */
    PROBLEM_BROKEN,     /* the connection was lost, or what came is not what was sent */
    PROBLEM_TOO_LARGE,  /* more bytes, rows or answers than any question has */
    PROBLEM_SETTINGS,   /* a local file or option cannot be used: nothing was asked */
    PROBLEM_NO_SERVICE, /* something else answers there */
    PROBLEM_NO_SCHEME,  /* the server offers no way to sign in that we were told to use */
    PROBLEM_NO_TICKET,  /* cannot obtain a Kerberos ticket: cache, keytab, KDC, GSSAPI mechanism */
    PROBLEM_LOGON,      /* name or password refused */
    PROBLEM_LOGON_LOCKED, /* account locked, disabled or expired, or its password has expired */
    PROBLEM_CLOCK,        /* refused because the clocks differ too much */
    PROBLEM_SPN,          /* no service principal of this name, or the server has another key */
    PROBLEM_UNPROTECTED,  /* the server wants encryption, signing or channel binding that we lack */
    PROBLEM_IN_CLEAR,     /* an encrypted request got an answer in the clear: anybody's */
    /* One request failed; others may work. */
    PROBLEM_DENIED,       /* access denied */
    PROBLEM_NO_NAMESPACE, /* CIM: no such namespace: a Windows feature is not installed */
    PROBLEM_NO_CLASS,     /* CIM: no such class */
    PROBLEM_NO_INSTANCE,  /* CIM: no such instance */
    PROBLEM_QUOTA,        /* CIM: too many operations at the same time, or another quota */
    PROBLEM_BUSY,         /* CIM: the server itself says that it timed out */
    PROBLEM_MALFORMED,    /* CIM: an answer that is not what was asked for */
    PROBLEM_NO_BASE,      /* LDAP: no object of the name where the search begins */
    PROBLEM_HIDDEN,       /* LDAP: what was asked for is there, but not shown to us */
    PROBLEM_REFERRAL,     /* LDAP: another server has it */
    PROBLEM_LIMIT,        /* LDAP: the server's limit of time, size or work, or it is busy */
    PROBLEM_FAULT,        /* any other fault or result */
    PROBLEM_KIND_COUNT,
};

struct problem {
    enum problem_kind kind;
    int64_t code;     /* an LDAP result, or the innermost code of a fault, 0x8004100E; 0: none */
    char detail[400]; /* what was seen, for people; from outside, so to be made printable */
};

/* Fills a problem with its kind and what was seen. Always false, to be returned. */
bool problem_set(struct problem *problem, enum problem_kind kind, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* True if the session is of no use after it: every later request fails with the same problem. */
bool problem_is_fatal(enum problem_kind kind);

#endif
