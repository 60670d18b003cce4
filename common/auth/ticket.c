/* ticket.c - Kerberos tickets: from what the operator gave to a cache that a sign-in can use.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/auth/ticket.h"

#include <gssapi/gssapi_krb5.h>
#include <krb5.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/text.h"

struct tickets {
    krb5_context context;
    krb5_ccache cache;
    bool own; /* the cache was made here and must not outlive us */
    char *name;
};

/* Errors that an operator can tell apart; all others are PROBLEM_NO_TICKET. */
static const struct {
    krb5_error_code code;
    enum problem_kind kind;
} errors[] = {
    {KRB5KDC_ERR_PREAUTH_FAILED, PROBLEM_LOGON},
    {KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, PROBLEM_LOGON},
    {KRB5KRB_AP_ERR_BAD_INTEGRITY, PROBLEM_LOGON}, /* no pre-authentication: a wrong password */
    {KRB5KDC_ERR_CLIENT_REVOKED, PROBLEM_LOGON_LOCKED},
    {KRB5KDC_ERR_KEY_EXP, PROBLEM_LOGON_LOCKED},
    {KRB5KDC_ERR_NAME_EXP, PROBLEM_LOGON_LOCKED},
    {KRB5KDC_ERR_POLICY, PROBLEM_LOGON_LOCKED},
    {KRB5KRB_AP_ERR_SKEW, PROBLEM_CLOCK},
    {KRB5KRB_AP_ERR_TKT_NYV, PROBLEM_CLOCK},
    {KRB5KDC_ERR_NEVER_VALID, PROBLEM_CLOCK},
    {KRB5KDC_ERR_CANNOT_POSTDATE, PROBLEM_CLOCK},
    {KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, PROBLEM_SPN},
    {KRB5KRB_AP_ERR_MODIFIED, PROBLEM_SPN},
    {KRB5KRB_AP_WRONG_PRINC, PROBLEM_SPN},
};

enum problem_kind ticket_problem_kind(long code)
{
    for (size_t i = 0; i < COUNT_OF(errors); i++)
        if (code == errors[i].code)
            return errors[i].kind;
    return PROBLEM_NO_TICKET;
}

/* Ends a step that failed: says why. Always false. */
static bool fail(krb5_context context, krb5_error_code code, struct problem *problem)
{
    const char *text = krb5_get_error_message(context, code);

    problem_set(problem, ticket_problem_kind(code), "%s", text ? text : "no reason given");
    krb5_free_error_message(context, text);
    return false;
}

/* Asks the KDC for the user's ticket, by password or key. krb5_get_init_creds_password() would try
 * a refused password once more at the primary KDC, and it would count as two wrong ones. */
static krb5_error_code ask_kdc(krb5_context context, const struct credentials *credentials,
                               krb5_principal user, krb5_creds *first)
{
    krb5_init_creds_context asking = NULL;
    krb5_keytab keytab = NULL;
    krb5_error_code code = krb5_init_creds_init(context, user, NULL, NULL, 0, NULL, &asking);

    if (!code && credentials->keytab) {
        code = krb5_kt_resolve(context, credentials->keytab, &keytab);
        if (!code)
            code = krb5_init_creds_set_keytab(context, asking, keytab);
    } else if (!code) {
        code = krb5_init_creds_set_password(context, asking, credentials->password);
    }
    if (!code)
        code = krb5_init_creds_get(context, asking);
    if (!code)
        code = krb5_init_creds_get_creds(context, asking, first);
    if (asking)
        krb5_init_creds_free(context, asking);
    if (keytab)
        krb5_kt_close(context, keytab);
    return code;
}

/* Gets that ticket into a cache of this process. */
static krb5_error_code fetch_first(struct tickets *tickets, const struct credentials *credentials)
{
    krb5_context context = tickets->context;
    krb5_principal user = NULL;
    krb5_creds first;
    krb5_error_code code = krb5_parse_name(context, credentials->user, &user);

    memset(&first, 0, sizeof first);
    if (!code)
        code = ask_kdc(context, credentials, user, &first);
    if (!code)
        code = krb5_cc_new_unique(context, "MEMORY", NULL, &tickets->cache);
    tickets->own = tickets->cache != NULL;
    if (!code)
        code = krb5_cc_initialize(context, tickets->cache, first.client);
    if (!code)
        code = krb5_cc_store_cred(context, tickets->cache, &first);
    krb5_free_cred_contents(context, &first);
    krb5_free_principal(context, user);
    return code;
}

/* Opens the cache that was named, or the default one; of several caches that of the user, if one
 * was named, and nobody else's. */
static krb5_error_code open_cache(struct tickets *tickets, const struct credentials *credentials)
{
    krb5_context context = tickets->context;
    krb5_principal user = NULL;
    krb5_error_code code = 0;

    if (credentials->ticket_cache)
        code = krb5_cc_set_default_name(context, credentials->ticket_cache);
    if (!code && !credentials->user)
        return krb5_cc_default(context, &tickets->cache);
    if (!code)
        code = krb5_parse_name(context, credentials->user, &user);
    if (!code)
        code = krb5_cc_cache_match(context, user, &tickets->cache);
    krb5_free_principal(context, user);
    return code;
}

struct tickets *tickets_open(const struct credentials *credentials, struct problem *problem)
{
    struct tickets *tickets = memory_zeroed(1, sizeof *tickets);
    krb5_error_code code;

    problem_set(problem, PROBLEM_NO_TICKET, "out of memory");
    if (!tickets)
        return NULL;
    code = krb5_init_context(&tickets->context);
    if (!code)
        code = credentials->password || credentials->keytab ? fetch_first(tickets, credentials)
                                                            : open_cache(tickets, credentials);
    if (!code)
        code = krb5_cc_get_full_name(tickets->context, tickets->cache, &tickets->name);
    if (!code)
        return tickets;
    fail(tickets->context, code, problem);
    tickets_close(tickets);
    return NULL;
}

void tickets_close(struct tickets *tickets)
{
    if (!tickets)
        return;
    if (tickets->name)
        krb5_free_string(tickets->context, tickets->name);
    if (tickets->cache && tickets->own)
        krb5_cc_destroy(tickets->context, tickets->cache);
    else if (tickets->cache)
        krb5_cc_close(tickets->context, tickets->cache);
    if (tickets->context)
        krb5_free_context(tickets->context);
    free(tickets);
}

const char *tickets_cache(const struct tickets *tickets)
{
    return tickets->name;
}

void ticket_cache_user(const struct credentials *credentials, char *user, size_t size)
{
    struct problem ignored;
    struct tickets *tickets = tickets_open(credentials, &ignored);
    krb5_principal owner = NULL;
    char *name = NULL;

    if (tickets && !krb5_cc_get_principal(tickets->context, tickets->cache, &owner) &&
        !krb5_unparse_name(tickets->context, owner, &name))
        text_copy(user, size, name);
    if (tickets) {
        krb5_free_unparsed_name(tickets->context, name);
        krb5_free_principal(tickets->context, owner);
    }
    tickets_close(tickets);
}

bool tickets_select(const struct tickets *tickets)
{
    OM_uint32 minor;

    return gss_krb5_ccache_name(&minor, tickets ? tickets->name : NULL, NULL) == GSS_S_COMPLETE;
}

/* Writes the service's principal in the realm that krb5.conf maps its host to, or in none, for the
 * KDC to refer us. */
static krb5_error_code exact_principal(krb5_context context, const char *service, const char *host,
                                       krb5_principal *principal)
{
    char **realms = NULL;
    char name[600];
    krb5_error_code code = krb5_get_host_realm(context, host, &realms);

    if (code)
        return code;
    text_format(name, sizeof name, "%s/%s@%s", service, host, realms && realms[0] ? realms[0] : "");
    krb5_free_host_realm(context, realms);
    return krb5_parse_name(context, name, principal);
}

bool tickets_fetch(struct tickets *tickets, enum ticket_naming naming, const char *service,
                   const char *host, char *principal, size_t principal_size,
                   struct problem *problem)
{
    krb5_context context = tickets->context;
    krb5_creds wanted;
    krb5_creds *got = NULL;
    char *name = NULL;
    krb5_error_code code;

    memset(&wanted, 0, sizeof wanted);
    code = krb5_cc_get_principal(context, tickets->cache, &wanted.client);
    if (!code)
        code = naming == TICKET_EXACT ? exact_principal(context, service, host, &wanted.server)
                                      : krb5_sname_to_principal(context, host, service,
                                                                KRB5_NT_SRV_HST, &wanted.server);
    if (!code)
        code = krb5_unparse_name(context, wanted.server, &name);
    if (!code) {
        text_copy(principal, principal_size, name);
        code = krb5_get_credentials(context, 0, tickets->cache, &wanted, &got);
    }
    if (code)
        fail(context, code, problem);
    krb5_free_unparsed_name(context, name);
    krb5_free_creds(context, got);
    krb5_free_cred_contents(context, &wanted);
    return !code;
}
