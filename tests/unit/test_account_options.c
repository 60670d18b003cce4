/* test_account_options.c - tests of the options that check_ndes_account alone has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "account_facts.h"
#include "common/base/text.h"
#include "common/options/table.h"

static char error[512];

static bool set(const char *name, const char *value)
{
    struct option_group groups[8];
    struct option_group group = groups[account_options_groups(&options, groups) - 1];

    text_copy(error, sizeof error, "left over");
    for (size_t i = 0; i < group.count; i++) {
        struct option_row row = {&group, &group.specs[i]};

        if (text_equal(group.specs[i].name, name))
            return table_set(&row, value, error, sizeof error);
    }
    fail_msg("no option --%s", name);
    return false;
}

static void assert_refused(const char *name, const char *value, const char *expected)
{
    assert_false(set(name, value));
    if (!strstr(error, expected))
        fail_msg("%s", error);
}

static void test_limits(void **state)
{
    (void)state;
    assert_true(set("warning", "30d"));
    assert_string_equal(options.warning.range.text, "30:");
    assert_true(set("critical", "36h"));
    assert_string_equal(options.critical.range.text, "1.500000:");
    assert_refused("warning", "10%:", "'10%:' needs days or hours");
    assert_refused("critical", "25%", "a percentage makes no sense for a password");
    assert_refused("critical", "x", "'x' ");
    assert_string_equal(options.critical.range.text, "1.500000:"); /* left alone */
}

static void test_spns(void **state)
{
    static const char *const good[] = {"ndes",           "ndes.example.com", "HTTP/ndes",
                                       "http/ndes:8443", "WSMAN/ndes01",     "h_1-x/y/z"};
    static const char *const bad[] = {"/ndes",      "HTTP/",      "https://ndes",
                                      "H TTP/ndes", "HTTP/nd es", "svc@x",
                                      "HTTP/a\\b",  "a\x7f",      "HTTP/svc@x"};
    char text[400];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(set("spn", good[i]));
    assert_int_equal(options.spns.count, COUNT_OF(good));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_refused("spn", bad[i], "needs a host, such as ndes.example.com");
    assert_false(set("spn", ""));
    memset(text, 'a', sizeof text);
    text[295] = '\0';
    assert_refused("spn", text, "needs a host");
    text[294] = '\0';
    assert_true(set("spn", text));
}

static void test_posture(void **state)
{
    (void)state;
    assert_true(options.posture);
    assert_true(set("posture", "OFF"));
    assert_false(options.posture);
    assert_true(set("posture", "on"));
    assert_true(options.posture);
    assert_refused("posture", "maybe", "needs off or on");
}

static bool resolves(const char *account)
{
    options.account = account;
    return account_options_resolve(&options, error, sizeof error);
}

static void test_resolve(void **state)
{
    (void)state;
    assert_false(resolves(NULL));
    assert_string_equal(error, "option --account is missing: give the account that NDES runs as");
    assert_false(resolves("NetworkService"));
    assert_non_null(strstr(error, "option --account 'NetworkService' is a built-in identity"));
    assert_non_null(strstr(error, "'EXAMPLE\\NDES01$'; or name the server with --ndes-host"));
    assert_false(resolves("LocalService"));
    assert_null(strstr(error, "--ndes-host"));
    assert_false(resolves("svc"));
    assert_string_equal(error, "no domain controller given: use -H HOST or --domain NAME");
    options.ldap.hosts = (struct text_list){{"dc1.example.com"}, 1};
    if (!resolves("NDESTEST\\svc"))
        fail_msg("%s", error);
    assert_int_equal(options.name.form, FORM_DOMAIN_NAME);
    assert_int_equal(options.ldap.settings.servers[0].port, 389);
    directory_options_free(&options.ldap);
}

static void test_host(void **state)
{
    static const char *const bad[] = {"CN=NDES01,DC=example,DC=com", "ndes01@example.com",
                                      DOMAIN_SID "2001", "NetworkService", "EXAMPLE\\"};

    (void)state;
    options.ldap.hosts = (struct text_list){{"dc1.example.com"}, 1};
    options.host = "EXAMPLE\\NDES01$";
    assert_true(resolves("NetworkService"));
    assert_true(options.is_host);
    assert_int_equal(options.name.form, FORM_DOMAIN_NAME);
    assert_string_equal(options.name.name, "NDES01$");
    directory_options_free(&options.ldap);
    assert_true(resolves("svc"));
    assert_false(options.is_host);
    assert_string_equal(options.name.name, "svc");
    directory_options_free(&options.ldap);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        options.host = bad[i];
        assert_false(resolves("svc"));
        assert_non_null(strstr(error, "is not the name of a computer, such as NDES01,"));
    }
}

#define PARSING(test) cmocka_unit_test_setup_teardown(test, start_healthy, end_healthy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PARSING(test_limits),  PARSING(test_spns), PARSING(test_posture),
        PARSING(test_resolve), PARSING(test_host),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
