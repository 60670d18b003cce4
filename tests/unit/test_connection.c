/* test_connection.c - connection options in, one URL and HTTP settings out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/text.h"
#include "common/net/authority.h"
#include "common/endpoint/connection.h"
#include "common/options/options.h"

static const struct option_program program = {.name = "check_x", .service = "X", .summary = "x?"};
static struct connection_options options;
static struct option_memory memory;
static char url[512];
static char error[1024];

/* Parses the arguments up to a NULL and resolves them. */
static bool resolve(const char *first, ...)
{
    struct option_group groups[2];
    char *argv[32] = {"check_x"};
    int argc = 1;
    int exit_code;
    va_list arguments;

    va_start(arguments, first);
    for (const char *next = first; next; next = va_arg(arguments, const char *))
        argv[argc++] = (char *)next;
    va_end(arguments);
    route_options_free(&options.route);
    options = (struct connection_options){0};
    groups[0] = connection_server_group(&options);
    groups[1] = route_group(&options.route);
    assert_int_equal(options_parse(&program, groups, 2, argc, argv, &memory, &exit_code),
                     OPTIONS_RUN);
    options_free(&memory);
    text_copy(error, sizeof error, "left over");
    return connection_resolve(&options, &connection_scep, url, sizeof url, error, sizeof error);
}

#define RESOLVES(expected, ...)                                                                    \
    do {                                                                                           \
        if (!resolve(__VA_ARGS__, NULL))                                                           \
            fail_msg("%s", error);                                                                 \
        assert_string_equal(url, expected);                                                        \
    } while (0)

#define REFUSES(expected, ...)                                                                     \
    do {                                                                                           \
        assert_false(resolve(__VA_ARGS__, NULL));                                                  \
        assert_string_equal(error, expected);                                                      \
    } while (0)

#define MSCEP "/certsrv/mscep/mscep.dll"

static void urls_from_host(void **state)
{
    (void)state;
    RESOLVES("http://ndes" MSCEP, "-H", "ndes");
    RESOLVES("https://ndes.example.com" MSCEP, "-H", "ndes.example.com", "-S");
    RESOLVES("http://ndes:443" MSCEP, "-H", "ndes", "-p", "443");
    RESOLVES("https://ndes" MSCEP, "-H", "ndes", "-p", "443", "-S");
    RESOLVES("https://ndes:80" MSCEP, "-H", "ndes:80", "-S");
    RESOLVES("https://ndes:8443" MSCEP, "-H", "ndes:8443", "-S", "-p8443");
    RESOLVES("http://192.0.2.7:8080/scep", "-H", "192.0.2.7", "-p", "8080", "-u", "/scep");
    RESOLVES("http://[2001:db8::1]" MSCEP, "-H", "2001:db8::1");
    RESOLVES("http://[2001:db8::1]" MSCEP, "-H", "[2001:db8::1]");
    RESOLVES("https://[2001:db8::1]:8443" MSCEP, "-SH", "[2001:db8::1]:8443");
    RESOLVES("http://[fe80::1%25eth0]" MSCEP, "-H", "fe80::1%eth0");
    RESOLVES("http://ndes_1/a%20b@c/a://b", "-H", "ndes_1", "-u", "/a%20b@c/a://b");
}

static void full_urls(void **state)
{
    (void)state;
    RESOLVES("https://ndes.example.com/x", "-u", "https://ndes.example.com/x");
    RESOLVES("https://ndes.example.com/x", "-u", "HTTPS://ndes.example.com:443/x", "-S");
    RESOLVES("http://ndes:8080" MSCEP, "-u", "http://ndes:8080");
    RESOLVES("http://ndes/", "-u", "http://ndes/");
    RESOLVES("http://[fe80::1%25eth0]:81/x", "-u", "http://[fe80::1%25eth0]:81/x");
}

static void bad_urls(void **state)
{
    (void)state;
#define REFUSES_URL(text, problem) REFUSES("option --url '" text "' " problem, "-u", text)
    REFUSES_URL("ftp://ndes/x", "must start with http:// or https://");
    REFUSES_URL("httpx://ndes/x", "must start with http:// or https://");
    REFUSES_URL("http://ndes/x?operation=GetCACaps",
                "contains a query: leave out the ? and what follows, the plugin adds its own");
    REFUSES_URL("http://ndes/x#y", "contains a fragment: leave out the # and what follows");
    REFUSES_URL("http://ndes/a b", "contains a space: write it as %20");
    REFUSES_URL("http://ndes/a\r\nX: y", "contains a control character");
    REFUSES_URL("http://ndes\\evil/",
                "contains one of \\ \" < > ^ ` { | }, which a URL must not contain");
    REFUSES_URL("http://n\xc3\xa4/",
                "is not ASCII: write the host in punycode (xn--), the path with % escapes");
    REFUSES_URL("http://", "has no host name");
    REFUSES_URL("http:///x", "has no host name");
    REFUSES_URL("http://ndes:0/x", "has a port that is not a number from 1 to 65535");
    REFUSES_URL("http://ndes:/x", "has a port that is not a number from 1 to 65535");
#undef REFUSES_URL
#define USER "option --url contains a user name or password: leave out everything before the @"
    REFUSES(USER, "-u", "http://user@ndes/x");
    REFUSES(USER, "-u", "https://user:hunter2@ndes/x?a b");
    REFUSES(USER, "-u", "ftp://u:p\\@ndes");
#undef USER
    REFUSES("option --url 'x' must be a path that starts with /, or a full URL", "-H", "ndes", "-u",
            "x");
    REFUSES("option --url '/x?' contains a query: leave out the ? and what follows, the plugin "
            "adds its own",
            "-H", "ndes", "-u", "/x?");
}

static void bad_hosts(void **state)
{
    (void)state;
#define REFUSES_HOST(text, problem) REFUSES("option --hostname '" text "' " problem, "-H", text)
    REFUSES_HOST("http://ndes", "is a URL: give it in --url");
    REFUSES_HOST("ndes:65536", "has a port that is not a number from 1 to 65535");
    REFUSES_HOST("ndes:123456789", "has a port that is not a number from 1 to 65535");
    REFUSES_HOST(":80", "has no host name");
    REFUSES_HOST("a b", "is not a host name or address (letters, digits, - _ .)");
    REFUSES_HOST("ndes/x", "is not a host name or address (letters, digits, - _ .)");
    REFUSES_HOST("-x", "is not a host name or address (letters, digits, - _ .)");
    REFUSES_HOST("a..b", "is not a host name or address (letters, digits, - _ .)");
    REFUSES_HOST("[::1", "has a [ without a ]");
    REFUSES_HOST("[::1]x", "has text after the ] that is not a port");
    REFUSES_HOST("[ndes]", "is not a valid IPv6 address");
    REFUSES_HOST("1:2:3", "is not a valid IPv6 address");
    REFUSES_HOST("fe80::1%", "is not a valid IPv6 address");
    REFUSES_HOST("fe80::1%a/b", "is not a valid IPv6 address");
#undef REFUSES_HOST
}

static void contradictions(void **state)
{
    (void)state;
    REFUSES("option --hostname is missing: give the NDES server, or its full URL in --url", "-S");
    REFUSES("options --hostname a and --url http://b/x contradict each other: give one of them, or "
            "--url with the path only",
            "-H", "a", "-u", "http://b/x");
    REFUSES(
        "option --port 81 cannot be used with the full --url http://b/x: put the port into the URL",
        "-p81", "-u", "http://b/x");
    REFUSES("option --ssl cannot be used with --url http://b/x: start the URL with https://", "-S",
            "-u", "http://b/x");
    REFUSES("options --hostname a:80 and --port 81 name different ports", "-H", "a:80", "-p81");
    REFUSES("option --use-ipv4 contradicts the address ::1", "-4", "-H", "::1");
    REFUSES("option --use-ipv6 contradicts the address 192.0.2.1", "-6", "-H", "a", "-I",
            "192.0.2.1");
    RESOLVES("http://[::1]" MSCEP, "-4", "-H", "::1", "-I", "192.0.2.1");
}

static void too_long(void **state)
{
    char path[600];
    char host[300];

    (void)state;
    memset(path, 'x', sizeof path - 1);
    path[0] = '/';
    path[sizeof path - 1] = '\0';
    REFUSES("option --url results in a URL of more than 511 bytes", "-H", "a", "-u", path);
    path[511 - strlen("http://a")] = '\0';
    assert_true(resolve("-H", "a", "-u", path, NULL));
    assert_int_equal(strlen(url), 511);
    memset(host, 'a', sizeof host - 1);
    host[sizeof host - 1] = '\0';
    assert_false(resolve("-H", host, NULL));
    assert_non_null(strstr(error, "has a host name that is too long"));
}

static void settings(void **state)
{
    const struct http_settings *http = &options.http;

    (void)state;
    RESOLVES("http://a" MSCEP, "-H", "a");
    assert_int_equal(http->route.family, FAMILY_ANY);
    assert_int_equal(http->tls.minimum, TLS_1_2);
    assert_false(http->tls.insecure || http->follow_redirects);
    assert_int_equal(http->header_count, 0);
    RESOLVES("http://a" MSCEP, "-H", "a", "-6", "-4", "-I", "192.0.2.1", "--source-address", "lo",
             "-x", "http://proxy:3128", "-A", "agent", "-k", "X-A: 1", "-k",
             "X-B:", "--tls-min=1.3", "--insecure");
    assert_int_equal(http->route.family, FAMILY_IPV4);
    assert_string_equal(http->route.connect_address, "192.0.2.1");
    assert_string_equal(http->route.source_address, "lo");
    assert_string_equal(http->proxy, "http://proxy:3128");
    assert_string_equal(http->user_agent, "agent");
    assert_int_equal(http->header_count, 2);
    assert_string_equal(http->headers[1], "X-B:");
    assert_int_equal(http->tls.minimum, TLS_1_3);
    assert_true(http->tls.insecure && !http->follow_redirects);
    RESOLVES("http://a" MSCEP, "-H", "a", "--follow-redirects");
    assert_true(http->follow_redirects);
}

static void bad_settings(void **state)
{
#define HEADER " must be 'Name: value' without control characters"
    (void)state;
    REFUSES("option --header (number 1)" HEADER, "-H", "a", "-k", "X");
    REFUSES("option --header (number 2)" HEADER, "-H", "a", "-k", "A: b", "-k", ": x");
    REFUSES("option --header (number 1)" HEADER, "-H", "a", "-k", "X y: z");
    REFUSES("option --header (number 1)" HEADER, "-H", "a", "-k", "X: a\r\nY: b");
#undef HEADER
    REFUSES("option --useragent contains a control character", "-H", "a", "-A", "x\ny");
    REFUSES("option --proxy contains a space or control character", "-H", "a", "-x", "a b");
    REFUSES(
        "option --proxy must not contain a user name or password: the process list would show it",
        "-H", "a", "-I", "b", "-x", "http://u:p@proxy");
    REFUSES("option --proxy must be an http:// URL: with TLS to the proxy, its certificate would "
            "hide the server's",
            "-H", "a", "-x", "HTTPS://proxy:3128");
    REFUSES("option --address '[::1]' must be an address without port or brackets", "-H", "a", "-I",
            "[::1]");
    REFUSES("option --address 'b:1' must be an address without port or brackets", "-H", "a", "-I",
            "b:1");
    REFUSES("option --address 'b/c' is not a host name or address (letters, digits, - _ .)", "-H",
            "a", "-I", "b/c");
}

static void files(void **state)
{
    char path[] = "/tmp/test_connection_XXXXXX";
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "phrase\n", 7), 7);
    close(fd);
    RESOLVES("http://a" MSCEP, "-H", "a", "-J", path, "-K", path, "--passphrase-file", path,
             "--ca-cert", path);
    assert_string_equal(options.http.tls.key_passphrase, "phrase");
    REFUSES("option --private-key cannot read /nowhere: No such file or directory", "-H", "a", "-J",
            path, "-K", "/nowhere");
    unlink(path);
    REFUSES("option --client-cert cannot read /tmp: is a directory, not a file", "-H", "a", "-J",
            "/tmp");
    REFUSES("option --ca-cert cannot read /nowhere: No such file or directory", "-H", "a",
            "--ca-cert", "/nowhere");
}

/* OpenSSL finds nothing in a directory without hash links. */
static void directory_of_certificates(void **state)
{
    char directory[] = "/tmp/test_connection_XXXXXX";
    char link[64];
    char expected[256];
    int fd;

    (void)state;
    assert_non_null(mkdtemp(directory));
    assert_false(resolve("-H", "a", "--ca-cert", directory, NULL));
    text_format(expected, sizeof expected,
                "option --ca-cert: %s contains no hashed certificates: run `openssl rehash %s`",
                directory, directory);
    assert_string_equal(error, expected);
    text_format(link, sizeof link, "%s/02265526.0", directory);
    fd = open(link, O_CREAT | O_WRONLY, 0600);
    assert_true(fd >= 0);
    close(fd);
    RESOLVES("http://a" MSCEP, "-H", "a", "--ca-cert", directory);
    assert_string_equal(options.http.tls.ca_certificates, directory);
    unlink(link);
    rmdir(directory);
}

static int free_options(void **state)
{
    (void)state;
    route_options_free(&options.route);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_from_host), cmocka_unit_test(full_urls),
        cmocka_unit_test(bad_urls),       cmocka_unit_test(bad_hosts),
        cmocka_unit_test(contradictions), cmocka_unit_test(too_long),
        cmocka_unit_test(settings),       cmocka_unit_test(bad_settings),
        cmocka_unit_test(files),          cmocka_unit_test(directory_of_certificates),
    };

    return cmocka_run_group_tests(tests, NULL, free_options);
}
