/* connection.c - the options that say which HTTP server to ask.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/endpoint/connection.h"

#include "common/base/text.h"

const struct connection_defaults connection_scep = {
    .path = CONNECTION_DEFAULT_PLACE, .port = PORT_HTTP, .tls_port = PORT_HTTPS};

static const struct option_spec server_specs[] = {
    {.name = "hostname",
     .letter = 'H',
     .type = &option_text,
     .argument = "HOST[:PORT]",
     .offset = offsetof(struct connection_options, host),
     .help =
         "Name or address of the NDES server; put an IPv6 address in brackets if a port follows"},
    {.name = "ssl",
     .letter = 'S',
     .type = &option_flag,
     .offset = offsetof(struct connection_options, tls),
     .help = "Use HTTPS (with -H; a full --url already says so)"},
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
     .help = "Path of the SCEP service, or its full URL instead of -H, -S and -p",
     .standard = CONNECTION_DEFAULT_PLACE},
    {.name = "proxy",
     .letter = 'x',
     .type = &option_text,
     .argument = "URL",
     .offset = offsetof(struct connection_options, http.proxy),
     .help = "HTTP proxy, such as http://proxy.example.com:3128; proxy variables of the "
             "environment are ignored"},
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
     .help = "Additional HTTP header to send"},
    {.name = "follow-redirects",
     .type = &option_flag,
     .conflicts = "header",
     .offset = offsetof(struct connection_options, http.follow_redirects),
     .help =
         "Follow redirects instead of reporting them; most SCEP clients do not follow them. Not "
         "with --header, which would be sent to other servers, too"},
};

struct option_group connection_server_group(struct connection_options *options)
{
    return (struct option_group){.title = "Server",
                                 .specs = server_specs,
                                 .count = COUNT_OF(server_specs),
                                 .target = options};
}
