/* ldap.c - the options that say which domain controller to ask by LDAP, and as whom.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/endpoint/ldap.h"

#include <string.h>

#include "common/base/text.h"
#include "common/net/authority.h"

enum { PORT_LDAP = 389, PORT_LDAPS = 636 };

enum auth { AUTH_AUTO, AUTH_GSSAPI, AUTH_GSS_SPNEGO, AUTH_SIMPLE };
static const char *const methods[] = {[AUTH_AUTO] = "auto",
                                      [AUTH_GSSAPI] = "gssapi",
                                      [AUTH_GSS_SPNEGO] = "gss-spnego",
                                      [AUTH_SIMPLE] = "simple",
                                      NULL};

#define AT(member) offsetof(struct directory_options, member)

static const struct option_spec specs[] = {
    {.name = "hostname",
     .letter = 'H',
     .type = &option_texts,
     .argument = "HOST[:PORT]",
     .offset = AT(hosts),
     .help =
         "Domain controller, by its full name; repeat for others to try if one does not answer"},
    {.name = "domain",
     .type = &option_text,
     .argument = "NAME",
     .offset = AT(domain),
     .conflicts = "hostname",
     .help = "DNS name of the domain, instead of -H: its domain controllers are found through DNS "
             "(SRV records)"},
    {.name = "ssl",
     .letter = 'S',
     .type = &option_flag,
     .offset = AT(tls),
     .help = "Use LDAPS; without it Kerberos signs and encrypts by itself"},
    {.name = "starttls",
     .letter = 'T',
     .type = &option_flag,
     .offset = AT(start_tls),
     .conflicts = "ssl",
     .help = "Use StartTLS on the plain port"},
    {.name = "port",
     .letter = 'p',
     .type = &option_integer,
     .argument = "PORT",
     .offset = AT(port),
     .help = "TCP port; 3268 and 3269 are the global catalog",
     .standard_words = "389, with -S 636",
     .minimum = 1,
     .maximum = PORT_MAXIMUM},
    {.name = "auth",
     .type = &option_choice,
     .argument = "METHOD",
     .offset = AT(method),
     .choices = methods,
     .standard = "auto",
     .help = "How to sign in: auto is simple for DOMAIN\\user and a DN, else gssapi (Kerberos); "
             "simple needs -S or -T"},
    {.name = "user",
     .type = &option_account,
     .argument = "USER",
     .offset = AT(credentials.user),
     .help = "user@REALM for Kerberos; DOMAIN\\user, user@domain or a DN for simple; without it "
             "Kerberos uses the user of the ticket cache"},
    {.name = "base",
     .letter = 'b',
     .type = &option_text,
     .argument = "DN",
     .offset = AT(base),
     .standard_words = "the whole domain of the domain controller",
     .help = "Search base for accounts"},
    {.name = "time-warning",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(time_warning),
     .help = "Warning threshold for the time of all requests together, in seconds"},
    {.name = "time-critical",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(time_critical),
     .pair = "time-warning",
     .help = "Critical threshold for the time of all requests together, in seconds"},
};

void directory_options_free(struct directory_options *options)
{
    credentials_options_free(&options->credentials);
    options->settings.credentials.password = NULL;
    route_options_free(&options->route);
}

void directory_options_groups(struct directory_options *options,
                              struct option_group groups[DIRECTORY_GROUPS])
{
    groups[0] = (struct option_group){
        .title = "Server", .specs = specs, .count = COUNT_OF(specs), .target = options};
    groups[1] = credentials_group(&options->credentials);
    groups[2] = route_group(&options->route);
}

static int choose_method(const struct directory_options *options)
{
    const char *user = options->credentials.user;
    bool simple = user && (strchr(user, '\\') || strchr(user, '='));

    if (options->method != AUTH_AUTO)
        return options->method;
    return simple ? AUTH_SIMPLE : AUTH_GSSAPI;
}

/* Inside TLS Kerberos makes no layer of its own, and whether the server looks at the channel
 * binding only the server knows: whoever is in between could pass the tokens on, and then answer in
 * the server's place. Returns NULL, or what is wrong. */
static const char *kerberos_problem(const struct directory_options *options)
{
    const struct directory_settings *settings = &options->settings;

    if (settings->tls.insecure && settings->protection != DIRECTORY_PLAIN)
        return "with --insecure nothing proves who answers inside TLS: give the CA certificate "
               "with --ca-cert, or leave out -S and -T: Kerberos then signs and encrypts by itself";
    return credentials_kerberos_problem(&settings->credentials);
}

/* Returns NULL, or what is wrong with the credentials. */
static const char *credentials_problem(const struct directory_options *options)
{
    const struct directory_settings *settings = &options->settings;
    const struct credentials *credentials = &settings->credentials;

    if (settings->method != DIRECTORY_SIMPLE)
        return kerberos_problem(options);
    if (credentials->keytab || credentials->ticket_cache)
        return "--keytab and --ticket-cache work with Kerberos only";
    if (!credentials->user || !credentials->password)
        return "a simple bind needs --user and --password-file";
    if (options->domain)
        return "a simple bind needs -H: a forged DNS answer could name another server";
    if (settings->protection == DIRECTORY_PLAIN)
        return "a simple bind needs -S or -T: without TLS the password would be sent in clear text "
               "(for Kerberos write --user as user@REALM)";
    if (options->route.tls.insecure)
        return "a simple bind sends the password to the server: refused with --insecure";
    return NULL;
}

static bool add_server(struct directory_options *options, const char *host, char *error,
                       size_t error_size)
{
    struct directory_settings *settings = &options->settings;
    struct directory_server *server = &settings->servers[settings->server_count];
    int64_t port = options->tls ? PORT_LDAPS : PORT_LDAP;
    struct authority authority;
    const char *problem = authority_parse(slice_of(host), &authority);

    if (!problem && authority.port && options->port && authority.port != options->port)
        problem = "has a port that contradicts -p";
    if (problem) {
        text_format(error, error_size, "option --hostname '%s' %s", route_shown(host), problem);
        return false;
    }
    if (!route_check_address(&options->route, &authority, error, error_size))
        return false;
    if (options->port)
        port = options->port;
    if (authority.port)
        port = authority.port;
    text_copy(server->host, sizeof server->host, authority.host);
    server->port = (int)port;
    settings->server_count++;
    return true;
}

/* Returns NULL, or what is wrong with the way to the servers. */
static const char *route_problem(const struct directory_options *options)
{
    const struct net_tls *tls = &options->route.tls;
    struct authority domain;

    if (!options->hosts.count && !options->domain)
        return "no domain controller given: use -H HOST or --domain NAME";
    if (options->domain && (authority_parse(slice_of(options->domain), &domain) ||
                            domain.kind != HOST_NAME || domain.port))
        return "--domain needs the DNS name of the domain, such as example.com";
    if (options->route.route.connect_address && options->hosts.count != 1)
        return "-I needs exactly one -H";
    if (tls->key_passphrase)
        return "--passphrase-file cannot be used here: for LDAP the private key must have none";
    if (!options->tls && !options->start_tls && (tls->client_certificate || tls->ca_certificates))
        return "-J and --ca-cert need -S or -T";
    return NULL;
}

bool directory_resolve(struct directory_options *options, char *error, size_t error_size)
{
    static const enum directory_method ways[] = {[AUTH_GSSAPI] = DIRECTORY_GSSAPI,
                                                 [AUTH_GSS_SPNEGO] = DIRECTORY_GSS_SPNEGO,
                                                 [AUTH_SIMPLE] = DIRECTORY_SIMPLE};
    struct directory_settings *settings = &options->settings;
    const char *problem;

    if (!route_resolve(&options->route, error, error_size) ||
        !route_check_file("keytab", options->credentials.keytab, false, error, error_size))
        return false;
    *settings = (struct directory_settings){
        .domain = options->domain,
        .domain_port = (int)(options->port  ? options->port
                             : options->tls ? PORT_LDAPS
                                            : 0),
        .route = options->route.route,
        .tls = options->route.tls,
        .protection = options->tls         ? DIRECTORY_OVER_TLS
                      : options->start_tls ? DIRECTORY_START_TLS
                                           : DIRECTORY_PLAIN,
        .method = ways[choose_method(options)],
        .credentials = credentials_of(&options->credentials),
    };
    problem = route_problem(options);
    if (!problem)
        problem = credentials_problem(options);
    if (problem) {
        text_copy(error, error_size, problem);
        return false;
    }
    for (size_t i = 0; i < options->hosts.count; i++)
        if (!add_server(options, options->hosts.items[i], error, error_size))
            return false;
    return true;
}
