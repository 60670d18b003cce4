/* result.c - what the result codes of LDAP mean when Active Directory gives them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/ldap/result.h"

#include <ldap.h>
#include <string.h>

#include "common/base/text.h"

/* Why result 49 was given: the Windows error behind "data". */
static const struct {
    const char *data;
    enum problem_kind kind;
    const char *text;
} refusals[] = {
    {"52e", PROBLEM_LOGON, "the user name or the password is wrong"},
    {"525", PROBLEM_LOGON, "there is no such user"},
    {"530", PROBLEM_LOGON_LOCKED, "the account may not sign in at this time"},
    {"531", PROBLEM_LOGON_LOCKED, "the account may not sign in from this host"},
    {"532", PROBLEM_LOGON_LOCKED, "the password has expired"},
    {"533", PROBLEM_LOGON_LOCKED, "the account is disabled"},
    {"701", PROBLEM_LOGON_LOCKED, "the account has expired"},
    {"773", PROBLEM_LOGON_LOCKED, "the password must be changed first"},
    {"775", PROBLEM_LOGON_LOCKED, "the account is locked"},
};

/* SEC_E_BAD_BINDINGS: the domain controller wants channel binding, or got another one. */
static const char bad_bindings[] = "80090346";

static const int refused = LDAP_INVALID_CREDENTIALS;

/* The row of a diagnostic such as "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext
 * error, data 52e, v4563"; -1 for none. */
static int find_refusal(const char *diagnostic)
{
    const char *data = text_find(diagnostic, strlen(diagnostic), "data ");
    struct slice word;

    if (!data)
        return -1;
    word = (struct slice){data + 5, strcspn(data + 5, ", ")};
    for (size_t i = 0; i < COUNT_OF(refusals); i++)
        if (slice_is(word, refusals[i].data))
            return (int)i;
    return -1;
}

static bool mentions(const char *diagnostic, const char *part)
{
    return text_find(diagnostic, strlen(diagnostic), part) != NULL;
}

static enum problem_kind kind_of_refusal(const char *diagnostic)
{
    int row = find_refusal(diagnostic);

    if (mentions(diagnostic, bad_bindings))
        return PROBLEM_UNPROTECTED;
    return row < 0 ? PROBLEM_LOGON : refusals[row].kind;
}

static enum problem_kind kind_of_client(int code, enum directory_step step)
{
    switch (code) {
    case LDAP_TIMEOUT:
        return PROBLEM_TIMEOUT;
    case LDAP_AUTH_UNKNOWN: /* no such SASL mechanism here */
    case LDAP_PARAM_ERROR:
    case LDAP_NOT_SUPPORTED:
        return PROBLEM_SETTINGS;
    case LDAP_LOCAL_ERROR: /* of SASL, whose words tell more */
        if (step == DIRECTORY_STEP_BIND)
            return PROBLEM_FAULT;
        break;
    case LDAP_CONNECT_ERROR:
        if (step == DIRECTORY_STEP_TLS)
            return PROBLEM_TLS;
        break;
    case LDAP_FILTER_ERROR:
    case LDAP_NO_MEMORY:
        return PROBLEM_FAULT;
    default:
        break;
    }
    return step == DIRECTORY_STEP_TLS ? PROBLEM_TLS : PROBLEM_BROKEN;
}

enum problem_kind directory_problem_kind(int code, const char *diagnostic, enum directory_step step)
{
    if (code < 0)
        return kind_of_client(code, step);
    if (code && step == DIRECTORY_STEP_TLS) /* such as 52: the server has no certificate */
        return PROBLEM_TLS;
    switch (code) {
    case LDAP_SUCCESS:
        return PROBLEM_NONE;
    case LDAP_INVALID_CREDENTIALS:
        return kind_of_refusal(diagnostic);
    case LDAP_STRONG_AUTH_REQUIRED:
    case LDAP_CONFIDENTIALITY_REQUIRED:
        return PROBLEM_UNPROTECTED;
    case LDAP_AUTH_METHOD_NOT_SUPPORTED:
    case LDAP_INAPPROPRIATE_AUTH:
    case LDAP_UNWILLING_TO_PERFORM: /* signing inside TLS */
        return step == DIRECTORY_STEP_BIND ? PROBLEM_UNPROTECTED : PROBLEM_FAULT;
    case LDAP_INSUFFICIENT_ACCESS:
        return PROBLEM_DENIED;
    case LDAP_OPERATIONS_ERROR: /* 000004DC: "a successful bind must be completed" */
        return mentions(diagnostic, "000004DC") ||
                       mentions(diagnostic,
                                "00002020: Operation unavailable without authentication")
                   ? PROBLEM_DENIED
                   : PROBLEM_FAULT;
    case LDAP_NO_SUCH_OBJECT:
        return PROBLEM_NO_BASE;
    case LDAP_REFERRAL:
    case LDAP_PARTIAL_RESULTS:
        return PROBLEM_REFERRAL;
    case LDAP_SIZELIMIT_EXCEEDED:
    case LDAP_TIMELIMIT_EXCEEDED:
    case LDAP_ADMINLIMIT_EXCEEDED:
    case LDAP_BUSY:
    case LDAP_UNAVAILABLE:
        return PROBLEM_LIMIT;
    default:
        return PROBLEM_FAULT;
    }
}

void directory_result_text(int code, const char *name, const char *diagnostic, char *target,
                           size_t size)
{
    int row = code == refused ? find_refusal(diagnostic) : -1;
    const char *meaning = NULL;

    if (row >= 0)
        meaning = refusals[row].text;
    else if (code == refused && mentions(diagnostic, bad_bindings))
        meaning = "the channel binding is missing or not the right one";
    if (meaning)
        text_format(target, size, "%s (LDAP result %d%s%s)", meaning, code,
                    row >= 0 ? ", data " : "", row >= 0 ? refusals[row].data : "");
    else if (code < 0)
        text_format(target, size, "%s%s%s", name, *diagnostic ? ": " : "", diagnostic);
    else
        text_format(target, size, "LDAP result %d, %s%s%s", code, name, *diagnostic ? ": " : "",
                    diagnostic);
}
