/* ldap_session.h - what the files of the LDAP backend share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_DIRECTORY_LDAP_SESSION_H
#define NDES_DIRECTORY_LDAP_SESSION_H

#include <ldap.h>

#include "common/directory/ldap.h"
#include "common/directory/ldap_result.h"

struct tickets;

struct directory_session {
    const struct ldap_settings *settings;
    const struct deadline *deadline;
    struct ldap_server server;        /* that is asked */
    int descriptor;                   /* of the socket */
    LDAP *ld;                         /* NULL: not connected */
    struct directory_problem problem; /* that ended the talk */
    struct directory_root root;
    struct directory_cost cost;
    bool shook_hands;        /* TLS was begun, whatever came of it */
    bool looking;            /* only at the certificate: it is not verified */
    bool signing_in;         /* the sign-in was begun, whatever came of it */
    bool has_tickets;        /* the ticket for the server was had */
    struct tickets *tickets; /* of Kerberos, the same for each server; NULL: none yet */
    directory_trace *trace;  /* NULL: none */
    void *trace_data;
};

/* Clears what an earlier operation left: the server's diagnostic message, and errno, where libldap
 * tells that a message was too large. Comes before each operation. */
void ldap_forget(struct directory_session *session);

/* Fills a problem by libldap's result and the server's diagnostic message. Always false. */
bool ldap_blame(struct directory_session *session, int code, enum ldap_step step,
                struct directory_problem *problem);

/* Waits for a message, or for all of an operation. On failure returns NULL and fills `problem`. */
LDAPMessage *ldap_await(struct directory_session *session, int id, int all, enum ldap_step step,
                        struct directory_problem *problem);

/* Waits for the result of an operation other than a search; true if it is success. */
bool ldap_finish(struct directory_session *session, int id, enum ldap_step step,
                 struct directory_problem *problem);

/* Tells the caller of a request that began at that time. */
void ldap_trace(struct directory_session *session, const char *what, int64_t started_ms,
                size_t entries, const struct directory_problem *problem);

/* Puts the session's socket below libldap's connection, which closes it in the end. */
bool ldap_add_socket(struct directory_session *session, Sockbuf *buffer);

/* Starts TLS on the connection, as the settings want it. */
bool ldap_protect(struct directory_session *session, struct directory_problem *problem);

/* Says what is wrong with the certificate that the server shows. */
void ldap_blame_certificate(struct directory_session *session, struct directory_problem *problem);

/* Signs in, once: a second attempt on a refusal would count as a second wrong password. */
bool ldap_sign_in(struct directory_session *session, struct directory_problem *problem);

#endif
