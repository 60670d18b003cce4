/* test_endpoint.c - tests of common/scep/endpoint.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "common/scep/endpoint.h"

#define BASE "https://ndes.example.com/certsrv/mscep/mscep.dll"

static void test_operation(void **state)
{
    char url[128];
    const char *expected = BASE "?operation=GetCACaps&message=ca";

    (void)state;
    assert_true(scep_url(BASE, "GetCACaps", url, sizeof url));
    assert_string_equal(url, expected);
    assert_true(scep_url(BASE, "GetCACaps", url, strlen(expected) + 1));
    assert_string_equal(url, expected);
    assert_false(scep_url(BASE, "GetCACaps", url, strlen(expected)));
}

static void test_long(void **state)
{
    static char url[SCEP_URL_MAXIMUM];
    static const size_t lengths[] = {1024, 2048, 16384, 17408, SCEP_LONG_MAXIMUM};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        assert_true(scep_long_url(BASE, lengths[i], url, sizeof url));
        assert_int_equal(strlen(url), lengths[i]);
        assert_true(text_starts(url, BASE "?operation=GetCACaps&message=caAAAA"));
        assert_int_equal(url[lengths[i] - 1], 'A');
    }
}

static void test_long_limits(void **state)
{
    char url[200];
    size_t plain = strlen(BASE "?operation=GetCACaps&message=ca");

    (void)state;
    assert_true(scep_long_url(BASE, 199, url, sizeof url));
    assert_int_equal(strlen(url), 199);
    assert_false(scep_long_url(BASE, 200, url, sizeof url));
    assert_true(scep_long_url(BASE, plain, url, sizeof url));
    assert_int_equal(strlen(url), plain);
    assert_true(scep_long_url(BASE, plain + 1, url, sizeof url));
    assert_int_equal(strlen(url), plain + 1);
    assert_true(scep_long_url(BASE, 10, url, sizeof url)); /* never shorter than the plain one */
    assert_int_equal(strlen(url), plain);
}

static void test_admin(void **state)
{
    static const struct {
        const char *base;
        const char *path;
        const char *expected;
    } cases[] = {
        {BASE, "/certsrv/mscep_admin/", "https://ndes.example.com/certsrv/mscep_admin/"},
        {BASE, "/certsrv/mscep_admin", "https://ndes.example.com/certsrv/mscep_admin/"},
        {BASE, "/certsrv/mscep_admin/mscep.dll",
         "https://ndes.example.com/certsrv/mscep_admin/mscep.dll"},
        {BASE, "/", "https://ndes.example.com/"},
        {"http://[2001:db8::1]:8080/a/b", "/x", "http://[2001:db8::1]:8080/x/"},
        {"http://ndes.example.com", "/x/", "http://ndes.example.com/x/"},
    };
    char url[128];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(scep_admin_url(cases[i].base, cases[i].path, url, sizeof url));
        assert_string_equal(url, cases[i].expected);
    }
}

static void test_admin_refused(void **state)
{
    char url[64];
    char path[100];

    (void)state;
    assert_false(scep_admin_url(BASE, "certsrv", url, sizeof url));
    assert_false(scep_admin_url(BASE, "", url, sizeof url));
    memset(path, 'p', sizeof path);
    path[0] = '/';
    path[99] = '\0';
    assert_false(scep_admin_url(BASE, path, url, sizeof url));
    path[64 - strlen("https://ndes.example.com") - 2] = '\0'; /* just fits, with its slash */
    assert_true(scep_admin_url(BASE, path, url, sizeof url));
    assert_int_equal(strlen(url), 63);
    assert_int_equal(url[62], '/');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operation),     cmocka_unit_test(test_long),
        cmocka_unit_test(test_long_limits),   cmocka_unit_test(test_admin),
        cmocka_unit_test(test_admin_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
