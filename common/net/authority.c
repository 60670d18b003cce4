/* authority.c - takes HOST[:PORT] apart and writes it into a URL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/net/authority.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

static bool is_name_character(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || (character && strchr("-_.", character));
}

static bool is_name(const char *text)
{
    if (!*text || *text == '.' || *text == '-' || strstr(text, ".."))
        return false;
    while (is_name_character(*text))
        text++;
    return !*text;
}

/* The zone of a link-local address, "" if there is none; in URLs it stands behind `%25`. */
static const char *zone_of(const char *host)
{
    const char *percent = strchr(host, '%');

    if (!percent)
        return "";
    return strncmp(percent, "%25", 3) == 0 && percent[3] ? percent + 3 : percent + 1;
}

static bool is_ipv6(const char *host)
{
    char address[INET6_ADDRSTRLEN];
    unsigned char binary[16];
    size_t length = strcspn(host, "%");

    if (length >= sizeof address || (host[length] && !is_name(zone_of(host))))
        return false;
    text_copy_bytes(address, sizeof address, host, length);
    return inet_pton(AF_INET6, address, binary) == 1;
}

static bool parse_port(struct slice text, int64_t *port)
{
    char digits[8];

    if (text.length >= sizeof digits)
        return false;
    text_copy_bytes(digits, sizeof digits, text.text, text.length);
    return text_integer(digits, 1, PORT_MAXIMUM, port);
}

/* Cuts `text` into host and port. Returns NULL, or what is wrong. */
static const char *split(struct slice text, struct slice *host, struct slice *port, bool *brackets)
{
    const char *end = memchr(text.text, ']', text.length);
    const char *colon = memchr(text.text, ':', text.length);

    *host = text;
    *port = (struct slice){0};
    *brackets = text.length && text.text[0] == '[';
    if (*brackets) {
        if (!end)
            return "has a [ without a ]";
        *host = (struct slice){text.text + 1, (size_t)(end - text.text) - 1};
        colon = end + 1;
        if (colon == text.text + text.length)
            return NULL;
        if (*colon != ':')
            return "has text after the ] that is not a port";
    } else if (!colon || memchr(colon + 1, ':', text.length - (size_t)(colon + 1 - text.text))) {
        return NULL; /* no port: a name, or an IPv6 address without brackets */
    } else {
        host->length = (size_t)(colon - text.text);
    }
    *port = (struct slice){colon + 1, text.length - (size_t)(colon + 1 - text.text)};
    return NULL;
}

const char *authority_parse(struct slice text, struct authority *authority)
{
    struct slice host;
    struct slice port;
    bool brackets;
    unsigned char binary[4];
    const char *problem = split(text, &host, &port, &brackets);

    *authority = (struct authority){0};
    if (problem)
        return problem;
    if (!host.length)
        return "has no host name";
    if (host.length >= sizeof authority->host)
        return "has a host name that is too long";
    text_copy_bytes(authority->host, sizeof authority->host, host.text, host.length);
    if (brackets || strchr(authority->host, ':')) {
        authority->kind = HOST_IPV6;
        if (!is_ipv6(authority->host))
            return "is not a valid IPv6 address";
    } else if (!is_name(authority->host)) {
        return "is not a host name or address (letters, digits, - _ .)";
    } else if (inet_pton(AF_INET, authority->host, binary) == 1) {
        authority->kind = HOST_IPV4;
    }
    if (port.text && !parse_port(port, &authority->port))
        return "has a port that is not a number from 1 to 65535";
    return NULL;
}

void authority_write(const struct authority *authority, int64_t port, struct buffer *url)
{
    const char *zone = zone_of(authority->host);

    if (authority->kind == HOST_IPV6) {
        buffer_addf(url, "[%.*s", (int)strcspn(authority->host, "%"), authority->host);
        if (*zone)
            buffer_addf(url, "%%25%s", zone);
        buffer_add_char(url, ']');
    } else {
        buffer_add_text(url, authority->host);
    }
    if (port)
        buffer_addf(url, ":%" PRId64, port);
}
