/* test_ldap_result.c - tests of common/directory/ldap_result.h: what Active Directory's results
 * mean.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ldap.h>

#include "common/base/text.h"
#include "common/directory/ldap_result.h"

static void assert_text(int code, const char *diagnostic, const char *expected)
{
    char text[200];

    ldap_result_text(code, ldap_err2string(code), diagnostic, text, sizeof text);
    assert_string_equal(text, expected);
}

static void test_refusals(void **state)
{
    static const struct {
        const char *data;
        enum directory_trouble trouble;
    } rows[] = {
        {"52e", DIRECTORY_LOGON},        {"525", DIRECTORY_LOGON},
        {"530", DIRECTORY_LOGON_LOCKED}, {"531", DIRECTORY_LOGON_LOCKED},
        {"532", DIRECTORY_LOGON_LOCKED}, {"533", DIRECTORY_LOGON_LOCKED},
        {"701", DIRECTORY_LOGON_LOCKED}, {"773", DIRECTORY_LOGON_LOCKED},
        {"775", DIRECTORY_LOGON_LOCKED}, {"0", DIRECTORY_LOGON},
    };
    char diagnostic[200];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        text_format(diagnostic, sizeof diagnostic,
                    "80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data "
                    "%s, v4563",
                    rows[i].data);
        assert_int_equal(ldap_trouble(49, diagnostic, LDAP_STEP_BIND), rows[i].trouble);
    }
    assert_int_equal(ldap_trouble(49, "", LDAP_STEP_BIND), DIRECTORY_LOGON);
    assert_int_equal(
        ldap_trouble(49, "80090346: LdapErr: DSID-0C09075A, data 80090346, v4563", LDAP_STEP_BIND),
        DIRECTORY_UNPROTECTED);
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
        enum directory_trouble bind;
        enum directory_trouble search;
    } rows[] = {
        {LDAP_SUCCESS, DIRECTORY_FINE, DIRECTORY_FINE},
        {LDAP_STRONG_AUTH_REQUIRED, DIRECTORY_UNPROTECTED, DIRECTORY_UNPROTECTED},
        {LDAP_CONFIDENTIALITY_REQUIRED, DIRECTORY_UNPROTECTED, DIRECTORY_UNPROTECTED},
        {LDAP_UNWILLING_TO_PERFORM, DIRECTORY_UNPROTECTED, DIRECTORY_FAULT},
        {LDAP_AUTH_METHOD_NOT_SUPPORTED, DIRECTORY_UNPROTECTED, DIRECTORY_FAULT},
        {LDAP_INSUFFICIENT_ACCESS, DIRECTORY_DENIED, DIRECTORY_DENIED},
        {LDAP_NO_SUCH_OBJECT, DIRECTORY_NO_BASE, DIRECTORY_NO_BASE},
        {LDAP_REFERRAL, DIRECTORY_REFERRAL, DIRECTORY_REFERRAL},
        {LDAP_SIZELIMIT_EXCEEDED, DIRECTORY_LIMIT, DIRECTORY_LIMIT},
        {LDAP_TIMELIMIT_EXCEEDED, DIRECTORY_LIMIT, DIRECTORY_LIMIT},
        {LDAP_ADMINLIMIT_EXCEEDED, DIRECTORY_LIMIT, DIRECTORY_LIMIT},
        {LDAP_BUSY, DIRECTORY_LIMIT, DIRECTORY_LIMIT},
        {LDAP_UNAVAILABLE, DIRECTORY_LIMIT, DIRECTORY_LIMIT},
        {LDAP_OTHER, DIRECTORY_FAULT, DIRECTORY_FAULT},
        {12345, DIRECTORY_FAULT, DIRECTORY_FAULT},
        {LDAP_TIMEOUT, DIRECTORY_TIMEOUT, DIRECTORY_TIMEOUT},
        {LDAP_SERVER_DOWN, DIRECTORY_BROKEN, DIRECTORY_BROKEN},
        {LDAP_DECODING_ERROR, DIRECTORY_BROKEN, DIRECTORY_BROKEN},
        {LDAP_AUTH_UNKNOWN, DIRECTORY_SETTINGS, DIRECTORY_SETTINGS},
        {LDAP_LOCAL_ERROR, DIRECTORY_FAULT, DIRECTORY_BROKEN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(ldap_trouble(rows[i].code, "", LDAP_STEP_BIND), rows[i].bind);
        assert_int_equal(ldap_trouble(rows[i].code, "", LDAP_STEP_SEARCH), rows[i].search);
    }
}

/* Without a sign-in Active Directory gives an operationsError with one of two Windows errors. */
static void test_not_signed_in(void **state)
{
    (void)state;
    assert_int_equal(ldap_trouble(1,
                                  "000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform "
                                  "this operation a successful bind must be completed",
                                  LDAP_STEP_SEARCH),
                     DIRECTORY_DENIED);
    assert_int_equal(
        ldap_trouble(1, "00002020: Operation unavailable without authentication", LDAP_STEP_SEARCH),
        DIRECTORY_DENIED);
    assert_int_equal(ldap_trouble(1, "00002020: something else", LDAP_STEP_SEARCH),
                     DIRECTORY_FAULT);
}

static void test_tls(void **state)
{
    (void)state;
    assert_int_equal(ldap_trouble(LDAP_CONNECT_ERROR, "hostname", LDAP_STEP_TLS), DIRECTORY_TLS);
    assert_int_equal(ldap_trouble(LDAP_SERVER_DOWN, "", LDAP_STEP_TLS), DIRECTORY_TLS);
    assert_int_equal(ldap_trouble(LDAP_UNAVAILABLE, "", LDAP_STEP_TLS), DIRECTORY_TLS);
    assert_int_equal(ldap_trouble(LDAP_PROTOCOL_ERROR, "", LDAP_STEP_TLS), DIRECTORY_TLS);
    assert_int_equal(ldap_trouble(LDAP_TIMEOUT, "", LDAP_STEP_TLS), DIRECTORY_TIMEOUT);
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
