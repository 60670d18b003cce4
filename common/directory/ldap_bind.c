/* ldap_bind.c - the sign-in of an LDAP connection.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <gssapi/gssapi_krb5.h>
#include <sasl/sasl.h>
#include <string.h>

#include "common/base/text.h"
#include "common/directory/ldap_session.h"
#include "common/kerberos/ticket.h"

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
static bool set_sasl(struct directory_session *session, struct directory_problem *problem)
{
    bool tls = session->settings->protection != LDAP_PLAIN;
    int binding = LDAP_OPT_X_SASL_CBINDING_TLS_ENDPOINT;

    if (ldap_set_option(session->ld, LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON) == LDAP_OPT_SUCCESS &&
        ldap_set_option(session->ld, LDAP_OPT_X_SASL_SECPROPS, tls ? "maxssf=0" : "minssf=56") ==
            LDAP_OPT_SUCCESS &&
        (!tls ||
         ldap_set_option(session->ld, LDAP_OPT_X_SASL_CBINDING, &binding) == LDAP_OPT_SUCCESS))
        return true;
    return directory_fail(problem, DIRECTORY_SETTINGS, "libldap was built without SASL");
}

static bool bind_sasl(struct directory_session *session, const char *mechanism,
                      struct directory_problem *problem)
{
    LDAPMessage *answer = NULL;
    const char *taken = NULL;
    int id;
    int code;

    if (!set_sasl(session, problem))
        return false;
    for (;;) {
        ldap_forget(session);
        code = ldap_sasl_interactive_bind(session->ld, NULL, mechanism, NULL, NULL, LDAP_SASL_QUIET,
                                          answer_sasl, NULL, answer, &taken, &id);
        ldap_msgfree(answer);
        if (code != LDAP_SASL_BIND_IN_PROGRESS)
            break;
        answer = ldap_await(session, id, LDAP_MSG_ALL, LDAP_STEP_BIND, problem);
        if (!answer)
            return false;
    }
    return code == LDAP_SUCCESS || ldap_blame(session, code, LDAP_STEP_BIND, problem);
}

static bool bind_simple(struct directory_session *session, struct directory_problem *problem)
{
    const struct credentials *credentials = &session->settings->credentials;
    struct berval password = {strlen(credentials->password), (char *)credentials->password};
    int id;
    int code;

    if (!ldap_tls_inplace(session->ld))
        return directory_fail(problem, DIRECTORY_SETTINGS, "a password is sent under TLS only");
    ldap_forget(session);
    code = ldap_sasl_bind(session->ld, credentials->user, LDAP_SASL_SIMPLE, &password, NULL, NULL,
                          &id);
    return code == LDAP_SUCCESS ? ldap_finish(session, id, LDAP_STEP_BIND, problem)
                                : ldap_blame(session, code, LDAP_STEP_BIND, problem);
}

/* What the troubles of Kerberos are called here. */
static enum directory_trouble trouble_of(enum ticket_trouble trouble)
{
    static const enum directory_trouble troubles[] = {
        [TICKET_FINE] = DIRECTORY_FAULT,  [TICKET_NONE] = DIRECTORY_NO_TICKET,
        [TICKET_LOGON] = DIRECTORY_LOGON, [TICKET_LOCKED] = DIRECTORY_LOGON_LOCKED,
        [TICKET_CLOCK] = DIRECTORY_CLOCK, [TICKET_SPN] = DIRECTORY_SPN,
    };

    return troubles[trouble];
}

/* Gets the tickets by ourselves first: SASL would hide why that fails. */
static bool get_tickets(struct directory_session *session, struct directory_problem *problem)
{
    const struct credentials *credentials = &session->settings->credentials;
    const char *host = session->server.host;
    enum ticket_trouble trouble;
    char detail[200];
    char principal[600] = "";

    if (!session->tickets)
        session->tickets = tickets_open(credentials, &trouble, detail, sizeof detail);
    if (!session->tickets)
        return directory_fail(problem, trouble_of(trouble), "%s: %s",
                              credentials->user ? credentials->user : "ticket cache", detail);
    if (tickets_fetch(session->tickets, TICKET_CANONICAL, "ldap", host, principal, sizeof principal,
                      &trouble, detail, sizeof detail))
        return true;
    return directory_fail(problem, trouble_of(trouble), "%s: %s",
                          principal[0] ? principal : "ticket cache", detail);
}

static bool bind_kerberos(struct directory_session *session, const char *mechanism,
                          struct directory_problem *problem)
{
    OM_uint32 minor;
    bool fine;

    session->has_tickets = get_tickets(session, problem);
    if (!session->has_tickets)
        return false;
    if (gss_krb5_ccache_name(&minor, tickets_cache(session->tickets), NULL) != GSS_S_COMPLETE)
        return directory_fail(problem, DIRECTORY_SETTINGS, "memory ran out");
    fine = bind_sasl(session, mechanism, problem);
    gss_krb5_ccache_name(&minor, NULL, NULL);
    /* The KDC has accepted the password: what the server does not take is its own key's ticket. */
    if (!fine && problem->trouble == DIRECTORY_LOGON)
        problem->trouble = DIRECTORY_SPN;
    return fine;
}

static void write_method(struct directory_session *session)
{
    static const char *const names[] = {
        [LDAP_GSSAPI] = "GSSAPI", [LDAP_GSS_SPNEGO] = "GSS-SPNEGO", [LDAP_SIMPLE] = "simple bind"};
    ber_len_t strength = 0;
    struct directory_cost *cost = &session->cost;
    const char *name = names[session->settings->method];

    if (session->settings->protection != LDAP_PLAIN) {
        text_format(cost->method, sizeof cost->method, "%s under TLS", name);
        return;
    }
    ldap_get_option(session->ld, LDAP_OPT_X_SASL_SSF, &strength);
    text_format(cost->method, sizeof cost->method, "%s, encrypted (SSF %lu)", name,
                (unsigned long)strength);
}

bool ldap_sign_in(struct directory_session *session, struct directory_problem *problem)
{
    enum ldap_method method = session->settings->method;
    bool fine =
        method == LDAP_SIMPLE
            ? bind_simple(session, problem)
            : bind_kerberos(session, method == LDAP_GSSAPI ? "GSSAPI" : "GSS-SPNEGO", problem);

    if (fine)
        write_method(session);
    return fine;
}
