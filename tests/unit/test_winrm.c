/* test_winrm.c - tests of common/endpoint/winrm.h: options in; URL, credentials or a complaint out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/text.h"
#include "common/endpoint/winrm.h"
#include "parsing.h"

static struct winrm_options options;

static bool resolve(const char *first, ...)
{
    struct option_group groups[WINRM_GROUPS];
    va_list words;

    winrm_options_free(&options);
    options = (struct winrm_options){0};
    winrm_options_groups(&options, groups);
    va_start(words, first);
    parse_words(groups, WINRM_GROUPS, first, words);
    va_end(words);
    return winrm_resolve(&options, complaint, sizeof complaint);
}

#define RESOLVES(expected, ...)                                                                    \
    do {                                                                                           \
        if (!resolve(__VA_ARGS__, NULL))                                                           \
            fail_msg("%s", complaint);                                                             \
        assert_string_equal(options.url, expected);                                                \
    } while (0)

static void test_urls(void **state)
{
    (void)state;
    RESOLVES("http://ndes01:5985/wsman", "-H", "ndes01");
    assert_string_equal(options.connection.server, "ndes01");
    RESOLVES("https://ndes01:5986/wsman", "-H", "ndes01", "-S");
    RESOLVES("http://ndes01/wsman", "-u", "http://ndes01:80");
    RESOLVES("http://ndes01/wsman", "-H", "ndes01", "-p", "80");
    RESOLVES("http://ndes01:5999/wsman", "-H", "ndes01:5999");
    RESOLVES("http://[::1]:5985/wsman", "-H", "::1");
    RESOLVES("https://ndes01:8443/x", "-u", "https://ndes01:8443/x");
    RESOLVES("http://ndes01:5985/other", "-H", "ndes01", "-u", "/other");
    REFUSES("option --hostname is missing: give the NDES server, or its full URL in --url", "-4");
}

static void test_methods(void **state)
{
    (void)state;
    RESOLVES("http://h:5985/wsman", "-H", "h");
    assert_int_equal(options.sign_in.method, SIGN_IN_KERBEROS);
    assert_null(options.sign_in.credentials.user);
    assert_null(options.sign_in.service);
    assert_string_equal(options.sign_in.service_host, "h");
    RESOLVES("http://h:5985/wsman", "-H", "h", "--user", "m@EXAMPLE.COM", "--password-file",
             "FILE");
    assert_int_equal(options.sign_in.method, SIGN_IN_KERBEROS);
    assert_string_equal(options.sign_in.credentials.password, "secret");
    RESOLVES("http://h:5985/wsman", "-H", "h", "--user", "D\\m", "--password-file", "FILE");
    assert_int_equal(options.sign_in.method, SIGN_IN_NTLM);
    RESOLVES("http://h:5985/wsman", "-H", "h", "--user", "m", "--password-file", "FILE");
    assert_int_equal(options.sign_in.method, SIGN_IN_NTLM);
    RESOLVES("http://h:5985/wsman", "-H", "h", "--user", "m", "--keytab", "FILE");
    assert_int_equal(options.sign_in.method, SIGN_IN_KERBEROS);
    RESOLVES("https://h:5986/wsman", "-H", "h", "-S", "--auth=basic", "--user", "m",
             "--password-file", "FILE");
    assert_int_equal(options.sign_in.method, SIGN_IN_BASIC);
    RESOLVES("https://h:5986/wsman", "-H", "h", "-S", "--auth=certificate", "-J", "FILE");
    RESOLVES("http://192.0.2.1:5985/wsman", "-H", "192.0.2.1", "--service-name", "HOST",
             "--service-host", "ndes01.example.com");
    assert_string_equal(options.sign_in.service, "HOST");
    assert_string_equal(options.sign_in.service_host, "ndes01.example.com");
}

static void test_contradictions(void **state)
{
    static const char insecure[] =
        "--insecure works with --auth=kerberos only, which proves the server's identity and is "
        "bound to its certificate; otherwise give the CA certificate with --ca-cert";

    (void)state;
    REFUSES("--auth=basic needs -S: without TLS the password would be sent in clear text", "-H",
            "h", "--auth=basic", "--user", "m", "--password-file", "FILE");
    REFUSES("--auth=basic needs --user and --password-file", "-H", "h", "-S", "--auth=basic");
    REFUSES("NTLM needs --user and --password-file (for Kerberos write --user as user@REALM)", "-H",
            "h", "--user", "m");
    REFUSES("Kerberos needs --user as user@REALM, not DOMAIN\\user", "-H", "h", "--auth=kerberos",
            "--user", "D\\m", "--password-file", "FILE");
    REFUSES("--keytab and --ticket-cache work with --auth=kerberos only", "-H", "h", "--auth=ntlm",
            "--user", "m", "--ticket-cache", "MEMORY:x");
    REFUSES("--auth=certificate needs -J and -S", "-H", "h", "-S", "--auth=certificate");
    REFUSES("--auth=certificate needs -J and -S", "-H", "h", "--auth=certificate", "-J", "FILE");
    REFUSES("--auth=certificate takes no user, password, keytab or ticket cache", "-H", "h", "-S",
            "--auth=certificate", "-J", "FILE", "--user", "m");
    REFUSES("--service-name and --service-host need names without /, @ or spaces", "-H", "h",
            "--service-name", "WSMAN/h");
    REFUSES(insecure, "-H", "h", "-S", "--insecure", "--user", "m", "--password-file", "FILE");
    REFUSES(insecure, "-u", "https://h/wsman", "--insecure", "--auth=certificate", "-J", "FILE");
    REFUSES(insecure, "-H", "h", "-S", "--insecure", "--auth=basic", "--user", "m",
            "--password-file", "FILE");
    RESOLVES("https://h:5986/wsman", "-H", "h", "-S", "--insecure", "--user", "m@R", "--keytab",
             "FILE");
    RESOLVES("http://h:5985/wsman", "-H", "h", "--insecure", "--user", "m", "--password-file",
             "FILE"); /* of no effect without TLS */
    REFUSES("option --keytab cannot read /nonexistent: No such file or directory", "-H", "h",
            "--user", "m@R", "--keytab", "/nonexistent");
}

static int free_all(void **state)
{
    winrm_options_free(&options);
    return remove_secret(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_urls),
        cmocka_unit_test(test_methods),
        cmocka_unit_test(test_contradictions),
    };

    return cmocka_run_group_tests(tests, make_secret, free_all);
}
