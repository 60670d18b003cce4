/* test_ldap_result.c - tests of common/ldap/result.h: what Active Directory's results
 * mean.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ldap.h>

#include "common/base/text.h"
#include "common/ldap/result.h"

static void assert_text(int code, const char *diagnostic, const char *expected)
{
    char text[200];

    directory_result_text(code, ldap_err2string(code), diagnostic, text, sizeof text);
    assert_string_equal(text, expected);
}

static void test_refusals(void **state)
{
    static const struct {
        const char *data;
        enum problem_kind kind;
    } rows[] = {
        {"52e", PROBLEM_LOGON},        {"525", PROBLEM_LOGON},        {"530", PROBLEM_LOGON_LOCKED},
        {"531", PROBLEM_LOGON_LOCKED}, {"532", PROBLEM_LOGON_LOCKED}, {"533", PROBLEM_LOGON_LOCKED},
        {"701", PROBLEM_LOGON_LOCKED}, {"773", PROBLEM_LOGON_LOCKED}, {"775", PROBLEM_LOGON_LOCKED},
        {"0", PROBLEM_LOGON},
    };
    char diagnostic[200];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        text_format(diagnostic, sizeof diagnostic,
                    "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data "
                    "%s, v4563",
                    rows[i].data);
        assert_int_equal(directory_problem_kind(49, diagnostic, DIRECTORY_STEP_BIND), rows[i].kind);
    }
    assert_int_equal(directory_problem_kind(49, "", DIRECTORY_STEP_BIND), PROBLEM_LOGON);
    assert_int_equal(
        directory_problem_kind(49, "80090346: LdapErr: DSID-0C09075A, data 80090346, v4563",
                               DIRECTORY_STEP_BIND),
        PROBLEM_UNPROTECTED);
    assert_text(49, "... error, data 532, v1db1",
                "the password has expired (LDAP result 49, data 532)");
    assert_text(49, "data 775", "the account is locked (LDAP result 49, data 775)");
    assert_text(49, "data 77", "LDAP result 49, Invalid credentials: data 77");
    assert_text(49, "80090346: LdapErr",
                "the channel binding is missing or not the right one (LDAP result 49)");
}

static void test_results(void **state)
{
    static const struct {
        int code;
        enum problem_kind bind;
        enum problem_kind search;
    } rows[] = {
        {LDAP_SUCCESS, PROBLEM_NONE, PROBLEM_NONE},
        {LDAP_STRONG_AUTH_REQUIRED, PROBLEM_UNPROTECTED, PROBLEM_UNPROTECTED},
        {LDAP_CONFIDENTIALITY_REQUIRED, PROBLEM_UNPROTECTED, PROBLEM_UNPROTECTED},
        {LDAP_UNWILLING_TO_PERFORM, PROBLEM_UNPROTECTED, PROBLEM_FAULT},
        {LDAP_AUTH_METHOD_NOT_SUPPORTED, PROBLEM_UNPROTECTED, PROBLEM_FAULT},
        {LDAP_INSUFFICIENT_ACCESS, PROBLEM_DENIED, PROBLEM_DENIED},
        {LDAP_NO_SUCH_OBJECT, PROBLEM_NO_BASE, PROBLEM_NO_BASE},
        {LDAP_REFERRAL, PROBLEM_REFERRAL, PROBLEM_REFERRAL},
        {LDAP_SIZELIMIT_EXCEEDED, PROBLEM_LIMIT, PROBLEM_LIMIT},
        {LDAP_TIMELIMIT_EXCEEDED, PROBLEM_LIMIT, PROBLEM_LIMIT},
        {LDAP_ADMINLIMIT_EXCEEDED, PROBLEM_LIMIT, PROBLEM_LIMIT},
        {LDAP_BUSY, PROBLEM_LIMIT, PROBLEM_LIMIT},
        {LDAP_UNAVAILABLE, PROBLEM_LIMIT, PROBLEM_LIMIT},
        {LDAP_OTHER, PROBLEM_FAULT, PROBLEM_FAULT},
        {12345, PROBLEM_FAULT, PROBLEM_FAULT},
        {LDAP_TIMEOUT, PROBLEM_TIMEOUT, PROBLEM_TIMEOUT},
        {LDAP_SERVER_DOWN, PROBLEM_BROKEN, PROBLEM_BROKEN},
        {LDAP_DECODING_ERROR, PROBLEM_BROKEN, PROBLEM_BROKEN},
        {LDAP_AUTH_UNKNOWN, PROBLEM_SETTINGS, PROBLEM_SETTINGS},
        {LDAP_LOCAL_ERROR, PROBLEM_FAULT, PROBLEM_BROKEN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(directory_problem_kind(rows[i].code, "", DIRECTORY_STEP_BIND),
                         rows[i].bind);
        assert_int_equal(directory_problem_kind(rows[i].code, "", DIRECTORY_STEP_SEARCH),
                         rows[i].search);
    }
}

/* Without a sign-in Active Directory gives an operationsError with one of two Windows errors. */
static void test_not_signed_in(void **state)
{
    (void)state;
    assert_int_equal(
        directory_problem_kind(1,
                               "000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform "
                               "this operation a successful bind must be completed",
                               DIRECTORY_STEP_SEARCH),
        PROBLEM_DENIED);
    assert_int_equal(
        directory_problem_kind(1, "00002020: Operation unavailable without authentication",
                               DIRECTORY_STEP_SEARCH),
        PROBLEM_DENIED);
    assert_int_equal(directory_problem_kind(1, "00002020: something else", DIRECTORY_STEP_SEARCH),
                     PROBLEM_FAULT);
}

static void test_tls(void **state)
{
    (void)state;
    assert_int_equal(directory_problem_kind(LDAP_CONNECT_ERROR, "hostname", DIRECTORY_STEP_TLS),
                     PROBLEM_TLS);
    assert_int_equal(directory_problem_kind(LDAP_SERVER_DOWN, "", DIRECTORY_STEP_TLS), PROBLEM_TLS);
    assert_int_equal(directory_problem_kind(LDAP_UNAVAILABLE, "", DIRECTORY_STEP_TLS), PROBLEM_TLS);
    assert_int_equal(directory_problem_kind(LDAP_PROTOCOL_ERROR, "", DIRECTORY_STEP_TLS),
                     PROBLEM_TLS);
    assert_int_equal(directory_problem_kind(LDAP_TIMEOUT, "", DIRECTORY_STEP_TLS), PROBLEM_TIMEOUT);
}

static void test_text(void **state)
{
    (void)state;
    assert_text(32, "0000208D: NameErr", "LDAP result 32, No such object: 0000208D: NameErr");
    assert_text(51, "", "LDAP result 51, Server is busy");
    assert_text(-1, "", "Can't contact LDAP server");
    assert_text(-11, "bad name", "Connect error: bad name");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusals),      cmocka_unit_test(test_results),
        cmocka_unit_test(test_not_signed_in), cmocka_unit_test(test_tls),
        cmocka_unit_test(test_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
