/* bind.c - the sign-in of an LDAP connection.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <gssapi/gssapi_krb5.h>
#include <sasl/sasl.h>
#include <string.h>

#include "common/base/text.h"
#include "common/ldap/libldap.h"
#include "common/auth/ticket.h"

enum { STRENGTH_MINIMUM = 56 }; /* SASL's security strength factor: bits of the key */

/* Answers SASL's questions with nothing: the ticket says who we are. */
static int answer_sasl(LDAP *ld, unsigned flags, void *data, void *questions)
{
    (void)ld;
    (void)flags;
    (void)data;
    for (sasl_interact_t *at = questions; at->id != SASL_CB_LIST_END; at++) {
        at->result = at->defresult ? at->defresult : "";
        at->len = (unsigned)strlen(at->result);
    }
    return LDAP_SUCCESS;
}

/* Signs and encrypts by SASL, or leaves that to TLS and binds the sign-in to it (RFC 5929): a
 * domain controller takes either, and Samba not both. */
static bool set_sasl(struct directory_session *session, struct problem *problem)
{
    bool tls = session->settings->protection != DIRECTORY_PLAIN;
    int binding = LDAP_OPT_X_SASL_CBINDING_TLS_ENDPOINT;
    char layer[32];

    text_format(layer, sizeof layer, "minssf=%d", STRENGTH_MINIMUM);
    if (ldap_set_option(session->ld, LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON) == LDAP_OPT_SUCCESS &&
        ldap_set_option(session->ld, LDAP_OPT_X_SASL_SECPROPS, tls ? "maxssf=0" : layer) ==
            LDAP_OPT_SUCCESS &&
        (!tls ||
         ldap_set_option(session->ld, LDAP_OPT_X_SASL_CBINDING, &binding) == LDAP_OPT_SUCCESS))
        return true;
    return problem_set(problem, PROBLEM_SETTINGS, "libldap was built without SASL");
}

static unsigned long strength_of(const struct directory_session *session)
{
    ber_len_t strength = 0;

    ldap_get_option(session->ld, LDAP_OPT_X_SASL_SSF, &strength);
    return (unsigned long)strength;
}

/* That the server says `success` proves nothing, and libldap believes it whenever it comes. Under
 * TLS the certificate has proved the server. In the clear its only proof is the layer that signs
 * and encrypts: that needs the session key, which is in the ticket for the real server's eyes, and
 * SASL makes it once both sides have shown that they have the key. */
static bool is_proven(const struct directory_session *session)
{
    const struct directory_settings *settings = session->settings;

    return settings->protection == DIRECTORY_PLAIN ? strength_of(session) >= STRENGTH_MINIMUM
                                                   : !settings->tls.insecure;
}

static bool bind_sasl(struct directory_session *session, const char *mechanism,
                      struct problem *problem)
{
    LDAPMessage *answer = NULL;
    const char *taken = NULL;
    int id;
    int code;

    if (!set_sasl(session, problem))
        return false;
    for (;;) {
        directory_forget(session);
        code = ldap_sasl_interactive_bind(session->ld, NULL, mechanism, NULL, NULL, LDAP_SASL_QUIET,
                                          answer_sasl, NULL, answer, &taken, &id);
        ldap_msgfree(answer);
        if (code != LDAP_SASL_BIND_IN_PROGRESS)
            break;
        answer = directory_await(session, id, DIRECTORY_STEP_BIND, problem);
        if (!answer)
            return false;
    }
    if (code != LDAP_SUCCESS)
        return directory_blame(session, code, DIRECTORY_STEP_BIND, problem);
    return is_proven(session) || problem_set(problem, PROBLEM_BROKEN,
                                             "the server accepted the sign-in without proving its "
                                             "identity: nothing it says can be trusted");
}

static bool bind_simple(struct directory_session *session, struct problem *problem)
{
    const struct credentials *credentials = &session->settings->credentials;
    struct berval password = {strlen(credentials->password), (char *)credentials->password};
    int id;
    int code;

    if (!ldap_tls_inplace(session->ld))
        return problem_set(problem, PROBLEM_SETTINGS, "a password is sent over TLS only");
    directory_forget(session);
    code = ldap_sasl_bind(session->ld, credentials->user, LDAP_SASL_SIMPLE, &password, NULL, NULL,
                          &id);
    return code == LDAP_SUCCESS ? directory_finish(session, id, DIRECTORY_STEP_BIND, problem)
                                : directory_blame(session, code, DIRECTORY_STEP_BIND, problem);
}

/* Gets the tickets by ourselves first: SASL would hide why that fails. */
static bool get_tickets(struct directory_session *session, struct problem *problem)
{
    const struct credentials *credentials = &session->settings->credentials;
    const char *host = session->server.host;
    struct problem failure;
    char principal[600] = "";

    if (!session->tickets)
        session->tickets = tickets_open(credentials, &failure);
    if (!session->tickets)
        return problem_set(problem, failure.kind, "%s: %s",
                           credentials->user ? credentials->user : "ticket cache", failure.detail);
    if (tickets_fetch(session->tickets, TICKET_CANONICAL, "ldap", host, principal, sizeof principal,
                      &failure))
        return true;
    return problem_set(problem, failure.kind, "%s: %s", principal[0] ? principal : "ticket cache",
                       failure.detail);
}

static bool bind_kerberos(struct directory_session *session, const char *mechanism,
                          struct problem *problem)
{
    bool fine;

    session->has_tickets = get_tickets(session, problem);
    if (!session->has_tickets)
        return false;
    if (!tickets_select(session->tickets))
        return problem_set(problem, PROBLEM_SETTINGS, "out of memory");
    fine = bind_sasl(session, mechanism, problem);
    tickets_select(NULL);
    /* The KDC has accepted the password: what the server does not take is its own key's ticket. */
    if (!fine && problem->kind == PROBLEM_LOGON)
        problem->kind = PROBLEM_SPN;
    return fine;
}

static void write_method(struct directory_session *session)
{
    static const char *const names[] = {[DIRECTORY_GSSAPI] = "GSSAPI",
                                        [DIRECTORY_GSS_SPNEGO] = "GSS-SPNEGO",
                                        [DIRECTORY_SIMPLE] = "simple bind"};
    struct directory_statistics *statistics = &session->statistics;
    const char *name = names[session->settings->method];

    if (session->settings->protection != DIRECTORY_PLAIN) {
        text_format(statistics->method, sizeof statistics->method, "%s over TLS", name);
        return;
    }
    text_format(statistics->method, sizeof statistics->method, "%s, encrypted (SSF %lu)", name,
                strength_of(session));
}

bool directory_sign_in(struct directory_session *session, struct problem *problem)
{
    enum directory_method method = session->settings->method;
    bool fine =
        method == DIRECTORY_SIMPLE
            ? bind_simple(session, problem)
            : bind_kerberos(session, method == DIRECTORY_GSSAPI ? "GSSAPI" : "GSS-SPNEGO", problem);

    if (fine)
        write_method(session);
    return fine;
}
