/* test_directory_options.c - tests of common/endpoint/ldap.h: options in; servers, a way to sign in
 * or a complaint out. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/text.h"
#include "common/endpoint/ldap.h"
#include "parsing.h"

static struct directory_options options;

static bool resolve(const char *first, ...)
{
    struct option_group groups[DIRECTORY_GROUPS];
    va_list words;

    directory_options_free(&options);
    options = (struct directory_options){0};
    directory_options_groups(&options, groups);
    va_start(words, first);
    parse_words(groups, DIRECTORY_GROUPS, first, words);
    va_end(words);
    return directory_resolve(&options, complaint, sizeof complaint);
}

#define RESOLVES(...)                                                                              \
    do {                                                                                           \
        if (!resolve(__VA_ARGS__, NULL))                                                           \
            fail_msg("%s", complaint);                                                             \
    } while (0)

static void assert_server(size_t number, const char *host, int port)
{
    assert_true(number < options.settings.server_count);
    assert_string_equal(options.settings.servers[number].host, host);
    assert_int_equal(options.settings.servers[number].port, port);
}

static void test_servers(void **state)
{
    (void)state;
    RESOLVES("-H", "dc1");
    assert_server(0, "dc1", 389);
    assert_int_equal(options.settings.protection, DIRECTORY_PLAIN);
    RESOLVES("-H", "dc1", "-H", "dc2:3268", "-H", "[::1]:1389", "-H", "fe80::1");
    assert_server(0, "dc1", 389);
    assert_server(1, "dc2", 3268);
    assert_server(2, "::1", 1389);
    assert_server(3, "fe80::1", 389);
    assert_int_equal(options.settings.server_count, 4);
    RESOLVES("-H", "dc1", "-S");
    assert_server(0, "dc1", 636);
    assert_int_equal(options.settings.protection, DIRECTORY_OVER_TLS);
    RESOLVES("-H", "dc1", "-T", "-p", "1389");
    assert_server(0, "dc1", 1389);
    assert_int_equal(options.settings.protection, DIRECTORY_START_TLS);
    REFUSES("option --hostname 'a b' is not a host name or address (letters, digits, - _ .)", "-H",
            "a b");
    REFUSES("option --hostname 'dc1:390' has a port that contradicts -p", "-H", "dc1:390", "-p",
            "389");
    REFUSES("no domain controller given: use -H HOST or --domain NAME", "-4");
}

/* SRV records name the port of plain LDAP; LDAPS has none of its own. */
static void test_domain(void **state)
{
    (void)state;
    RESOLVES("--domain", "example.com");
    assert_string_equal(options.settings.domain, "example.com");
    assert_int_equal(options.settings.server_count, 0);
    assert_int_equal(options.settings.domain_port, 0);
    RESOLVES("--domain", "example.com", "-S");
    assert_int_equal(options.settings.domain_port, 636);
    RESOLVES("--domain", "example.com", "-S", "-p", "3269");
    assert_int_equal(options.settings.domain_port, 3269);
    REFUSES("--domain needs the DNS name of the domain, such as example.com", "--domain", "a b");
    REFUSES("--domain needs the DNS name of the domain, such as example.com", "--domain",
            "example.com:389");
}

static void test_methods(void **state)
{
    (void)state;
    RESOLVES("-H", "dc1");
    assert_int_equal(options.settings.method, DIRECTORY_GSSAPI);
    RESOLVES("-H", "dc1", "--user", "m@EXAMPLE.COM", "--password-file", "FILE");
    assert_int_equal(options.settings.method, DIRECTORY_GSSAPI);
    assert_string_equal(options.settings.credentials.password, "secret");
    RESOLVES("-H", "dc1", "-S", "--user", "EXAMPLE\\m", "--password-file", "FILE");
    assert_int_equal(options.settings.method, DIRECTORY_SIMPLE);
    RESOLVES("-H", "dc1", "-T", "--user", "CN=m,DC=example,DC=com", "--password-file", "FILE");
    assert_int_equal(options.settings.method, DIRECTORY_SIMPLE);
    RESOLVES("-H", "dc1", "-S", "--auth=simple", "--user", "m@example.com", "--password-file",
             "FILE");
    assert_int_equal(options.settings.method, DIRECTORY_SIMPLE);
    RESOLVES("-H", "dc1", "--auth=gss-spnego", "--user", "m@R", "--keytab", "FILE");
    assert_int_equal(options.settings.method, DIRECTORY_GSS_SPNEGO);
    assert_string_equal(options.settings.credentials.keytab, secret_file);
}

/* Reports print DOMAIN/user: what was copied from there is understood. */
static void test_slash_in_the_name(void **state)
{
    (void)state;
    RESOLVES("-H", "dc1", "-S", "--user", "EXAMPLE/m", "--password-file", "FILE");
    assert_int_equal(options.settings.method, DIRECTORY_SIMPLE);
    assert_string_equal(options.settings.credentials.user, "EXAMPLE\\m");
    RESOLVES("-H", "dc1", "--user", "HTTP/h@EXAMPLE.COM", "--password-file", "FILE");
    assert_string_equal(options.settings.credentials.user, "HTTP/h@EXAMPLE.COM");
    RESOLVES("-H", "dc1", "-S", "--user", "CN=a/b,DC=example,DC=com", "--password-file", "FILE");
    assert_string_equal(options.settings.credentials.user, "CN=a/b,DC=example,DC=com");
    RESOLVES("-H", "dc1", "-S", "--user", "EXAMPLE\\a/b", "--password-file", "FILE");
    assert_string_equal(options.settings.credentials.user, "EXAMPLE\\a/b");
    RESOLVES("-H", "dc1", "-S", "--auth=simple", "--user", "A/b/c=d", "--password-file", "FILE");
    assert_string_equal(options.settings.credentials.user, "A/b/c=d");
}

static void test_contradictions(void **state)
{
    (void)state;
    REFUSES("a simple bind needs -S or -T: without TLS the password would be sent in clear text "
            "(for Kerberos write --user as user@REALM)",
            "-H", "dc1", "--user", "D\\m", "--password-file", "FILE");
    REFUSES("a simple bind sends the password to the server: refused with --insecure", "-H", "dc1",
            "-S", "--insecure", "--user", "D\\m", "--password-file", "FILE");
    REFUSES("with --insecure nothing proves who answers inside TLS: give the CA certificate with "
            "--ca-cert, or leave out -S and -T: Kerberos then signs and encrypts by itself",
            "-H", "dc1", "-S", "--insecure");
    REFUSES("with --insecure nothing proves who answers inside TLS: give the CA certificate with "
            "--ca-cert, or leave out -S and -T: Kerberos then signs and encrypts by itself",
            "--domain", "example.com", "-T", "--insecure", "--auth=gss-spnego");
    RESOLVES("-H", "dc1", "--insecure"); /* of no effect without TLS */
    REFUSES("a simple bind needs -H: a forged DNS answer could name another server", "--domain",
            "example.com", "-S", "--user", "D\\m", "--password-file", "FILE");
    REFUSES("a simple bind needs --user and --password-file", "-H", "dc1", "-S", "--auth=simple");
    REFUSES("a simple bind needs --user and --password-file", "-H", "dc1", "-S", "--user", "D\\m");
    REFUSES("--keytab and --ticket-cache work with Kerberos only", "-H", "dc1", "-S",
            "--auth=simple", "--user", "m", "--keytab", "FILE");
    REFUSES("Kerberos needs --user as user@REALM, not DOMAIN\\user", "-H", "dc1", "--auth=gssapi",
            "--user", "D\\m", "--password-file", "FILE");
    REFUSES("option --keytab cannot read /nonexistent: No such file or directory", "-H", "dc1",
            "--user", "m@R", "--keytab", "/nonexistent");
}

static void test_route(void **state)
{
    (void)state;
    RESOLVES("-H", "dc1", "-S", "-I", "2001:db8::1", "-6", "--source-address", "192.0.2.2",
             "--ca-cert", "FILE", "-J", "FILE", "--tls-min=1.3");
    assert_string_equal(options.settings.route.connect_address, "2001:db8::1");
    assert_string_equal(options.settings.route.source_address, "192.0.2.2");
    assert_int_equal(options.settings.route.family, FAMILY_IPV6);
    assert_string_equal(options.settings.tls.ca_certificates, secret_file);
    assert_string_equal(options.settings.tls.client_certificate, secret_file);
    assert_int_equal(options.settings.tls.minimum, TLS_1_3);
    RESOLVES("-H", "dc1");
    assert_int_equal(options.settings.tls.minimum, TLS_1_2);
    assert_int_equal(options.settings.route.family, FAMILY_ANY);
    REFUSES("option --use-ipv4 contradicts the address ::1", "-H", "::1", "-4");
    REFUSES("option --use-ipv4 contradicts the address ::1", "-H", "dc1", "-4", "-I", "::1");
    REFUSES("option --address '::1:' is not a valid IPv6 address", "-H", "dc1", "-I", "::1:");
    REFUSES("-I needs exactly one -H", "-H", "dc1", "-H", "dc2", "-I", "192.0.2.1");
    REFUSES("-J and --ca-cert need -S or -T", "-H", "dc1", "--ca-cert", "FILE");
    REFUSES("--passphrase-file cannot be used here: for LDAP the private key must have none", "-H",
            "dc1", "-S", "-J", "FILE", "--passphrase-file", "FILE");
}

static int free_all(void **state)
{
    directory_options_free(&options);
    return remove_secret(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_servers),        cmocka_unit_test(test_domain),
        cmocka_unit_test(test_methods),        cmocka_unit_test(test_slash_in_the_name),
        cmocka_unit_test(test_contradictions), cmocka_unit_test(test_route),
    };

    return cmocka_run_group_tests(tests, make_secret, free_all);
}
