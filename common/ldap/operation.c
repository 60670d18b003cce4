/* operation.c - one operation of libldap: waiting for it, what came of it, who is told.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/ldap/libldap.h"

#include <errno.h>
#include <sys/time.h>

#include "common/base/text.h"

bool directory_blame(struct directory_session *session, int code, enum directory_step step,
                     struct problem *problem)
{
    int error = errno; /* where libldap leaves that a message was too large */
    enum problem_kind kind;
    char *diagnostic = NULL;
    char text[sizeof problem->detail];

    ldap_get_option(session->ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &diagnostic);
    kind = directory_problem_kind(code, diagnostic ? diagnostic : "", step);
    directory_result_text(code, ldap_err2string(code), diagnostic ? diagnostic : "", text,
                          sizeof text);
    ldap_memfree(diagnostic);
    if (code < 0 && deadline_left_ms(session->deadline) == 0)
        kind = PROBLEM_TIMEOUT;
    else if (code < 0 && kind == PROBLEM_BROKEN && error == ERANGE)
        return problem_set(problem, PROBLEM_TOO_LARGE, "a message of more than %d bytes",
                           DIRECTORY_MESSAGE_MAXIMUM);
    problem_set(problem, kind, "%s", text);
    problem->code = code;
    return false;
}

/* Whether a message of that type can belong to an operation. */
static bool belongs(int type, enum directory_step step)
{
    switch (step) {
    case DIRECTORY_STEP_TLS:
        return type == LDAP_RES_EXTENDED;
    case DIRECTORY_STEP_BIND:
        return type == LDAP_RES_BIND;
    case DIRECTORY_STEP_SEARCH:
        return type == LDAP_RES_SEARCH_ENTRY || type == LDAP_RES_SEARCH_REFERENCE ||
               type == LDAP_RES_SEARCH_RESULT || type == LDAP_RES_INTERMEDIATE;
    }
    return false;
}

LDAPMessage *directory_await(struct directory_session *session, int id, enum directory_step step,
                             struct problem *problem)
{
    int64_t left = deadline_left_ms(session->deadline);
    struct timeval limit = {.tv_sec = left / 1000, .tv_usec = left % 1000 * 1000};
    LDAPMessage *message = NULL;
    int type = 0;
    int code = LDAP_SERVER_DOWN;

    directory_forget(session);
    if (left > 0)
        type = ldap_result(session->ld, id, LDAP_MSG_ONE, &limit, &message);
    if (type > 0 && belongs(type, step))
        return message;
    if (type > 0) {
        ldap_msgfree(message);
        problem_set(problem, PROBLEM_BROKEN, "an answer of another kind (0x%02x)", (unsigned)type);
        return NULL;
    }
    if (type == 0)
        code = LDAP_TIMEOUT;
    else
        ldap_get_option(session->ld, LDAP_OPT_RESULT_CODE, &code);
    directory_blame(session, code < 0 ? code : LDAP_SERVER_DOWN, step, problem);
    return NULL;
}

bool directory_finish(struct directory_session *session, int id, enum directory_step step,
                      struct problem *problem)
{
    LDAPMessage *answer = directory_await(session, id, step, problem);
    int code;

    if (!answer)
        return false;
    if (ldap_parse_result(session->ld, answer, &code, NULL, NULL, NULL, NULL, 1) != LDAP_SUCCESS)
        return problem_set(problem, PROBLEM_BROKEN, "a malformed result");
    return code == LDAP_SUCCESS || directory_blame(session, code, step, problem);
}

void directory_tell(struct directory_session *session, const char *what, int64_t started_ms,
                    size_t entries, const struct problem *problem)
{
    if (session->trace)
        session->trace(session->trace_data, what,
                       (double)(clock_monotonic_ms() - started_ms) / 1000, entries, problem);
}

void directory_forget(struct directory_session *session)
{
    errno = 0;
    ldap_set_option(session->ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, "");
}
