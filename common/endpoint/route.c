/* route.c - the options that say how to connect, to whatever server.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/endpoint/route.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/hashed_directory.h"
#include "common/base/secret.h"
#include "common/base/text.h"
#include "common/options/types.h"

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

#define AT(member) offsetof(struct route_options, member)

static const struct option_spec specs[] = {
    {.name = "address",
     .letter = 'I',
     .type = &option_text,
     .argument = "ADDRESS",
     .offset = AT(route.connect_address),
     .help = "Connect to this address but keep the host's name for everything else, such as TLS: "
             "for one server behind a load balancer"},
    {.name = "use-ipv4",
     .letter = '4',
     .type = &family_flag,
     .offset = AT(route.family),
     .help = "Use IPv4 only"},
    {.name = "use-ipv6",
     .letter = '6',
     .type = &family_flag,
     .offset = AT(route.family),
     .help = "Use IPv6 only"},
    {.name = "source-address",
     .type = &option_text,
     .argument = "ADDRESS",
     .offset = AT(route.source_address),
     .help = "Local address to connect from; for HTTP also an interface"},
    {.name = "client-cert",
     .letter = 'J',
     .type = &option_text,
     .argument = "FILE",
     .offset = AT(tls.client_certificate),
     .help = "Client certificate to show to the server (PEM)"},
    {.name = "private-key",
     .letter = 'K',
     .type = &option_text,
     .argument = "FILE",
     .offset = AT(tls.private_key),
     .needs = "client-cert",
     .help = "Private key of the client certificate (PEM), if not in the same file"},
    {.name = "passphrase-file",
     .type = &option_secret_file,
     .argument = "FILE",
     .offset = AT(passphrase),
     .needs = "client-cert",
     .help = "File whose first line is the pass phrase of the private key"},
    {.name = "ca-cert",
     .type = &option_text,
     .argument = "FILE|DIR",
     .offset = AT(tls.ca_certificates),
     .help = "CA certificates that the server must chain to (PEM file or hashed directory), "
             "instead of the system's"},
    {.name = "insecure",
     .type = &option_flag,
     .offset = AT(tls.insecure),
     .help = "Do not verify the server's TLS certificate"},
    {.name = "tls-min",
     .type = &option_choice,
     .argument = "VERSION",
     .offset = AT(tls.minimum),
     .help = "Lowest TLS version to accept",
     .standard = "1.2",
     .choices = tls_versions},
};

void route_options_free(struct route_options *options)
{
    secret_free(options->passphrase);
    options->passphrase = NULL;
    options->tls.key_passphrase = NULL;
}

struct option_group route_group(struct route_options *options)
{
    return (struct option_group){
        .title = "Connection", .specs = specs, .count = COUNT_OF(specs), .target = options};
}

bool route_check_file(const char *option, const char *path, bool or_directory, char *error,
                      size_t error_size)
{
    const char *problem = NULL;
    struct stat about;
    int fd;

    if (!path)
        return true;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &about) < 0)
        problem = strerror(errno);
    else if (S_ISDIR(about.st_mode) && !or_directory)
        problem = "is a directory, not a file";
    if (fd >= 0)
        close(fd);
    if (problem) {
        text_format(error, error_size, "option --%s cannot read %s: %s", option, path, problem);
        return false;
    }
    if (S_ISDIR(about.st_mode) && !is_hashed_directory(path)) {
        text_format(error, error_size,
                    "option --%s: %s contains no hashed certificates: run `openssl rehash %s`",
                    option, path, path);
        return false;
    }
    return true;
}

static const char *address_problem(const char *text, struct authority *address)
{
    const char *problem = authority_parse(slice_of(text), address);

    if (!problem && (address->port || text[0] == '['))
        return "must be an address without port or brackets";
    return problem;
}

bool route_check_address(const struct route_options *options, const struct authority *server,
                         char *error, size_t error_size)
{
    const char *address = options->route.connect_address;
    struct authority target = *server;
    const char *problem = address ? address_problem(address, &target) : NULL;

    if (problem) {
        text_format(error, error_size, "option --address '%s' %s", address, problem);
        return false;
    }
    if ((options->route.family == FAMILY_IPV4 && target.kind == HOST_IPV6) ||
        (options->route.family == FAMILY_IPV6 && target.kind == HOST_IPV4)) {
        text_format(error, error_size, "option --use-ipv%d contradicts the address %s",
                    options->route.family == FAMILY_IPV4 ? 4 : 6, target.host);
        return false;
    }
    return true;
}

bool route_resolve(struct route_options *options, char *error, size_t error_size)
{
    struct net_tls *tls = &options->tls;

    tls->key_passphrase = options->passphrase;
    return route_check_file("client-cert", tls->client_certificate, false, error, error_size) &&
           route_check_file("private-key", tls->private_key, false, error, error_size) &&
           route_check_file("ca-cert", tls->ca_certificates, true, error, error_size);
}

const char *route_shown(const char *value)
{
    return strchr(value, '@') ? "(not shown: it contains an @)" : value;
}
