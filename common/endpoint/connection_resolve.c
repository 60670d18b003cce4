/* connection_resolve.c - checks the connection options together and builds the URL from them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "common/base/text.h"
#include "common/net/authority.h"
#include "common/endpoint/connection.h"

_Static_assert((int)TEXT_LIST_MAXIMUM <= (int)HTTP_EXTRA_HEADERS, "all headers must fit");

/* The parts of the URL. */
struct location {
    bool tls;
    struct authority authority;
    int64_t port; /* 0: that of the scheme */
    const char *path;
};

const char *connection_url_problem(const char *text)
{
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;

        if (byte < 0x20 || byte == 0x7f)
            return "contains a control character";
        if (byte == ' ')
            return "contains a space: write it as %20";
        if (byte > 0x7f)
            return "is not ASCII: write the host in punycode (xn--), the path with % escapes";
        if (byte == '?')
            return "contains a query: leave out the ? and what follows, the plugin adds its own";
        if (byte == '#')
            return "contains a fragment: leave out the # and what follows";
        if (strchr("\\\"<>^`{|}", byte))
            return "contains one of \\ \" < > ^ ` { | }, which a URL must not contain";
    }
    return NULL;
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

/* Returns NULL, or what is wrong if a full URL holds a user name. */
static const char *user_problem(const char *url)
{
    const char *authority = strstr(url, "://") + 3;

    if (memchr(authority, '@', strcspn(authority, "/?#")))
        return "contains a user name or password: leave out everything before the @";
    return NULL;
}

/* Reads a full URL. Returns NULL, or what is wrong with it. */
static const char *read_url(const char *text, const char *default_path, struct location *location)
{
    const char *authority = strstr(text, "://") + 3;
    size_t length = strcspn(authority, "/");

    location->tls = text_starts(text, "https://");
    if (!location->tls && !text_starts(text, "http://"))
        return "must start with http:// or https://";
    location->path = authority[length] ? authority + length : default_path;
    return authority_parse((struct slice){authority, length}, &location->authority);
}

/* Fills in the location from a full URL in -u. */
static bool location_from_url(const struct connection_options *options,
                              const struct connection_defaults *defaults, struct location *location,
                              char *error, size_t error_size)
{
    const char *problem = user_problem(options->path_or_url);
    bool fine = false;

    if (problem) {
        text_format(error, error_size, "option --url %s", problem); /* a password may be in it */
        return false;
    }
    problem = connection_url_problem(options->path_or_url);
    if (!problem)
        problem = read_url(options->path_or_url, defaults->path, location);
    if (problem)
        text_format(error, error_size, "option --url '%s' %s", route_shown(options->path_or_url),
                    problem);
    else if (options->host)
        text_format(error, error_size,
                    "options --hostname %s and --url %s contradict each other: give one of them, "
                    "or --url with the path only",
                    route_shown(options->host), route_shown(options->path_or_url));
    else if (options->port)
        text_format(
            error, error_size,
            "option --port %d cannot be used with the full --url %s: put the port into the URL",
            (int)options->port, route_shown(options->path_or_url));
    else if (options->tls && !location->tls)
        text_format(error, error_size,
                    "option --ssl cannot be used with --url %s: start the URL with https://",
                    route_shown(options->path_or_url));
    else
        fine = true;
    location->port = location->authority.port;
    return fine;
}

/* Fills in the location from -H, -p, -S and a path in -u. */
static bool location_from_host(const struct connection_options *options,
                               const struct connection_defaults *defaults,
                               struct location *location, char *error, size_t error_size)
{
    const char *problem;

    if (!options->host) {
        text_copy(error, error_size,
                  "option --hostname is missing: give the NDES server, or its full URL in --url");
        return false;
    }
    problem = strstr(options->host, "://")
                  ? "is a URL: give it in --url"
                  : authority_parse(slice_of(options->host), &location->authority);
    if (problem) {
        text_format(error, error_size, "option --hostname '%s' %s", route_shown(options->host),
                    problem);
        return false;
    }
    problem = options->path_or_url[0] == '/' ? connection_url_problem(options->path_or_url)
                                             : "must be a path that starts with /, or a full URL";
    if (problem) {
        text_format(error, error_size, "option --url '%s' %s", route_shown(options->path_or_url),
                    problem);
        return false;
    }
    location->port = location->authority.port ? location->authority.port : options->port;
    if (options->port && location->port != options->port) {
        text_format(error, error_size, "options --hostname %s and --port %d name different ports",
                    route_shown(options->host), (int)options->port);
        return false;
    }
    location->tls = options->tls;
    location->path = options->path_or_url;
    if (!location->port)
        location->port = location->tls ? defaults->tls_port : defaults->port;
    return true;
}

static bool write_url(const struct location *location, char *url, size_t url_size, char *error,
                      size_t error_size)
{
    int64_t usual = location->tls ? PORT_HTTPS : PORT_HTTP;
    struct buffer text;
    bool fits;

    buffer_init(&text, url_size - 1);
    buffer_add_text(&text, location->tls ? "https://" : "http://");
    authority_write(&location->authority, location->port == usual ? 0 : location->port, &text);
    buffer_add_text(&text, location->path);
    fits = !text.overflowed;
    text_copy(url, url_size, fits ? buffer_text(&text) : "");
    buffer_free(&text);
    if (!fits)
        text_format(error, error_size, "option --url results in a URL of more than %zu bytes",
                    url_size - 1);
    return fits;
}

/* Headers may carry tokens: the complaint counts instead of showing one. */
static bool check_header(const char *header, size_t number, char *error, size_t error_size)
{
    size_t length = strcspn(header, ": \t");

    if (length && header[length] == ':' && !has_control(header))
        return true;
    text_format(error, error_size,
                "option --header (number %zu) must be 'Name: value' without control characters",
                number);
    return false;
}

static const char *proxy_problem(const char *proxy)
{
    if (has_control(proxy) || strchr(proxy, ' '))
        return "contains a space or control character";
    if (text_starts(proxy, "https://"))
        return "must be an http:// URL: with TLS to the proxy, its certificate would hide the "
               "server's";
    if (strstr(proxy, "://") && !text_starts(proxy, "http://"))
        return "must be an http:// URL";
    if (strchr(proxy, '@'))
        return "must not contain a user name or password: the process list would show it";
    return NULL;
}

/* Checks where the connection goes: -I, -4, -6 and the proxy. */
static bool check_route(const struct connection_options *options, const struct location *location,
                        char *error, size_t error_size)
{
    const char *proxy = options->http.proxy;
    const char *problem = proxy ? proxy_problem(proxy) : NULL;

    if (!route_check_address(&options->route, &location->authority, error, error_size))
        return false;
    if (problem)
        text_format(error, error_size, "option --proxy %s", problem);
    return !problem;
}

bool connection_settings(struct connection_options *options, char *error, size_t error_size)
{
    struct http_settings *http = &options->http;

    if (!route_resolve(&options->route, error, error_size))
        return false;
    http->route = options->route.route;
    http->tls = options->route.tls;
    http->header_count = 0;
    for (size_t i = 0; i < options->headers.count; i++) {
        if (!check_header(options->headers.items[i], i + 1, error, error_size))
            return false;
        http->headers[http->header_count++] = options->headers.items[i];
    }
    if (http->user_agent && has_control(http->user_agent)) {
        text_copy(error, error_size, "option --useragent contains a control character");
        return false;
    }
    return true;
}

bool connection_resolve(struct connection_options *options,
                        const struct connection_defaults *defaults, char *url, size_t url_size,
                        char *error, size_t error_size)
{
    struct location location = {0};
    bool full = options->path_or_url[0] != '/' && strstr(options->path_or_url, "://");

    if (!(full ? location_from_url(options, defaults, &location, error, error_size)
               : location_from_host(options, defaults, &location, error, error_size)))
        return false;
    text_copy(options->server, sizeof options->server, location.authority.host);
    return check_route(options, &location, error, error_size) &&
           connection_settings(options, error, error_size) &&
           write_url(&location, url, url_size, error, error_size);
}
