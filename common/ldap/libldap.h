/* libldap.h - what the files of the LDAP backend share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_LDAP_LIBLDAP_H
#define NDES_LDAP_LIBLDAP_H

#include <ldap.h>

#include "common/ldap/settings.h"
#include "common/ldap/result.h"

struct tickets;

enum { DIRECTORY_MESSAGE_MAXIMUM = 256 * 1024 }; /* bytes of an entry */

struct directory_session {
    const struct directory_settings *settings;
    const struct deadline *deadline;
    struct directory_server server; /* that is asked */
    int descriptor;                 /* of the socket */
    LDAP *ld;                       /* NULL: not connected */
    struct problem problem;         /* that ended the talk */
    struct directory_root root;
    struct directory_statistics statistics;
    bool shook_hands;        /* TLS was begun, whatever came of it */
    bool looking;            /* only at the certificate: it is not verified */
    bool signing_in;         /* the sign-in was begun, whatever came of it */
    bool has_tickets;        /* the ticket for the server was had */
    struct tickets *tickets; /* of Kerberos, the same for each server; NULL: none yet */
    directory_trace *trace;  /* NULL: none */
    void *trace_data;
};

/* Has libldap and OpenSSL allocate by memory.h, as long as they have not yet; GnuTLS and Kerberos
 * cannot be told to. */
void directory_watch_memory(void);

/* Clears what an earlier operation left: the server's diagnostic message, and errno, where libldap
 * tells that a message was too large. Comes before each operation. */
void directory_forget(struct directory_session *session);

/* Fills a problem by libldap's result and the server's diagnostic message. Always false. */
bool directory_blame(struct directory_session *session, int code, enum directory_step step,
                     struct problem *problem);

/* Waits for one message of an operation: libldap told to collect them all would keep as many as a
 * server sends. On failure returns NULL and fills `problem`: a message that cannot belong to the
 * operation is PROBLEM_BROKEN. */
LDAPMessage *directory_await(struct directory_session *session, int id, enum directory_step step,
                             struct problem *problem);

/* Waits for the result of an operation other than a search; true if it is success. */
bool directory_finish(struct directory_session *session, int id, enum directory_step step,
                      struct problem *problem);

/* Tells the caller of a request that began at that time. */
void directory_tell(struct directory_session *session, const char *what, int64_t started_ms,
                    size_t entries, const struct problem *problem);

/* Puts the session's socket below libldap's connection, which closes it in the end. */
bool directory_add_socket(struct directory_session *session, Sockbuf *buffer);

/* Starts TLS on the connection, as the settings want it. */
bool directory_protect(struct directory_session *session, struct problem *problem);

/* Says what is wrong with the certificate that the server shows. */
void directory_blame_certificate(struct directory_session *session, struct problem *problem);

/* Signs in, once: a second attempt on a refusal would count as a second wrong password. */
bool directory_sign_in(struct directory_session *session, struct problem *problem);

#endif
