/* connection.c - the options that say which server to ask and how to get there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/endpoint/connection.h"

#include "common/base/secret.h"
#include "common/base/text.h"

/* -4 and -6: the last one holds. */
static bool set_family(const struct option_spec *spec, const char *value, void *target, char *error,
                       size_t error_size)
{
    (void)value, (void)error, (void)error_size;
    *(int *)target = spec->letter == '4' ? FAMILY_IPV4 : FAMILY_IPV6;
    return true;
}

static const struct option_type family_flag = {.name = "flag", .set = set_family};

static const char *const tls_versions[] = {
    [TLS_1_0] = "1.0", [TLS_1_1] = "1.1", [TLS_1_2] = "1.2", [TLS_1_3] = "1.3", NULL};

const struct connection_defaults connection_scep = {
    .path = CONNECTION_DEFAULT_PLACE, .port = PORT_HTTP, .tls_port = PORT_HTTPS};

static const struct option_spec server_specs[] = {
    {.name = "hostname",
     .letter = 'H',
     .type = &option_text,
     .argument = "HOST[:PORT]",
     .offset = offsetof(struct connection_options, host),
     .help = "Name or address of the NDES server, an IPv6 address with a port in brackets"},
    {.name = "ssl",
     .letter = 'S',
     .type = &option_flag,
     .offset = offsetof(struct connection_options, tls),
     .help = "Use HTTPS (with -H; a full URL says so itself)"},
    {.name = "port",
     .letter = 'p',
     .type = &option_integer,
     .argument = "PORT",
     .offset = offsetof(struct connection_options, port),
     .help = "TCP port (with -H)",
     .standard_words = "80, with -S 443",
     .minimum = 1,
     .maximum = 65535},
    {.name = "url",
     .letter = 'u',
     .type = &option_text,
     .argument = "PATH|URL",
     .offset = offsetof(struct connection_options, path_or_url),
     .help = "Path of the SCEP service, or its full URL in place of -H, -S and -p",
     .standard = CONNECTION_DEFAULT_PLACE},
    {.name = "proxy",
     .letter = 'x',
     .type = &option_text,
     .argument = "URL",
     .offset = offsetof(struct connection_options, http.proxy),
     .help = "HTTP proxy, such as http://proxy.example.com:3128; the environment's is not used"},
    {.name = "useragent",
     .letter = 'A',
     .type = &option_text,
     .argument = "TEXT",
     .offset = offsetof(struct connection_options, http.user_agent),
     .help = "User-Agent header to send"},
    {.name = "header",
     .letter = 'k',
     .type = &option_texts,
     .argument = "NAME:VALUE",
     .offset = offsetof(struct connection_options, headers),
     .help = "Further header to send"},
    {.name = "follow-redirects",
     .type = &option_flag,
     .offset = offsetof(struct connection_options, http.follow_redirects),
     .help = "Follow redirects, which SCEP clients do not, instead of reporting them"},
};

static const struct option_spec route_specs[] = {
    {.name = "address",
     .letter = 'I',
     .type = &option_text,
     .argument = "ADDRESS",
     .offset = offsetof(struct connection_options, http.connect_address),
     .help = "Connect to this address; everything else stays that of the host's name, such as the "
             "TLS name: for one server behind a load balancer"},
    {.name = "use-ipv4",
     .letter = '4',
     .type = &family_flag,
     .offset = offsetof(struct connection_options, family),
     .help = "Use IPv4 only"},
    {.name = "use-ipv6",
     .letter = '6',
     .type = &family_flag,
     .offset = offsetof(struct connection_options, family),
     .help = "Use IPv6 only"},
    {.name = "source-address",
     .type = &option_text,
     .argument = "ADDRESS",
     .offset = offsetof(struct connection_options, http.source_address),
     .help = "Local address or interface to connect from"},
    {.name = "client-cert",
     .letter = 'J',
     .type = &option_text,
     .argument = "FILE",
     .offset = offsetof(struct connection_options, http.client_certificate),
     .help = "Client certificate to show to the server (PEM)"},
    {.name = "private-key",
     .letter = 'K',
     .type = &option_text,
     .argument = "FILE",
     .offset = offsetof(struct connection_options, http.private_key),
     .needs = "client-cert",
     .help = "Its private key (PEM), if it is not in the same file"},
    {.name = "passphrase-file",
     .type = &option_secret_file,
     .argument = "FILE",
     .offset = offsetof(struct connection_options, key_passphrase),
     .needs = "client-cert",
     .help = "File whose first line is the pass phrase of the private key"},
    {.name = "ca-cert",
     .type = &option_text,
     .argument = "FILE|DIR",
     .offset = offsetof(struct connection_options, http.ca_certificates),
     .help = "CA certificates that the server must chain to (PEM file or hashed directory), in "
             "place of the system's"},
    {.name = "insecure",
     .type = &option_flag,
     .offset = offsetof(struct connection_options, http.insecure),
     .help = "Do not verify the server's TLS certificate"},
    {.name = "tls-min",
     .type = &option_choice,
     .argument = "VERSION",
     .offset = offsetof(struct connection_options, tls_minimum),
     .help = "Lowest TLS version to accept",
     .standard = "1.2",
     .choices = tls_versions},
};

void connection_options_free(struct connection_options *options)
{
    secret_free(options->key_passphrase);
    options->key_passphrase = NULL;
    options->http.key_passphrase = NULL;
}

struct option_group connection_server_group(struct connection_options *options)
{
    return (struct option_group){.title = "Server",
                                 .specs = server_specs,
                                 .count = COUNT_OF(server_specs),
                                 .target = options};
}

struct option_group connection_route_group(struct connection_options *options)
{
    return (struct option_group){.title = "Connection",
                                 .specs = route_specs,
                                 .count = COUNT_OF(route_specs),
                                 .target = options};
}
