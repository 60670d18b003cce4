/* winrm.c - the options that say which Windows server to ask by WinRM, and as whom.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/endpoint/winrm.h"

#include <string.h>

#include "common/base/text.h"
#include "common/net/authority.h"

/* MS "Installation and configuration for Windows Remote Management". */
static const struct connection_defaults winrm_defaults = {
    .path = "/wsman", .port = 5985, .tls_port = 5986};

static const char *const methods[] = {
    [SIGN_IN_AUTO] = "auto",   [SIGN_IN_KERBEROS] = "kerberos",       [SIGN_IN_NTLM] = "ntlm",
    [SIGN_IN_BASIC] = "basic", [SIGN_IN_CERTIFICATE] = "certificate", NULL};

#define AT(member) offsetof(struct winrm_options, member)

static const struct option_spec specs[] = {
    {.name = "hostname",
     .letter = 'H',
     .type = &option_text,
     .argument = "HOST[:PORT]",
     .offset = AT(connection.host),
     .help = "The Windows server; for Kerberos its own full name, not an alias or address"},
    {.name = "ssl",
     .letter = 'S',
     .type = &option_flag,
     .offset = AT(connection.tls),
     .help = "Use HTTPS; without it messages are encrypted with the Kerberos or NTLM session"},
    {.name = "port",
     .letter = 'p',
     .type = &option_integer,
     .argument = "PORT",
     .offset = AT(connection.port),
     .help = "TCP port",
     .standard_words = "5985, with -S 5986",
     .minimum = 1,
     .maximum = PORT_MAXIMUM},
    {.name = "url",
     .letter = 'u',
     .type = &option_text,
     .argument = "PATH|URL",
     .offset = AT(connection.path_or_url),
     .help = "Path of WinRM, or its full URL instead of -H, -S and -p",
     .standard = "/wsman"},
    {.name = "auth",
     .type = &option_choice,
     .argument = "METHOD",
     .offset = AT(method),
     .choices = methods,
     .standard = "auto",
     .help = "How to sign in: auto is ntlm for DOMAIN\\user and a plain name, else kerberos; basic "
             "and certificate (-J) need -S"},
    {.name = "user",
     .type = &option_account,
     .argument = "USER",
     .offset = AT(credentials.user),
     .help = "user@REALM for Kerberos, DOMAIN\\user for NTLM; without it Kerberos uses the user of "
             "the ticket cache"},
    {.name = "service-name",
     .type = &option_text,
     .argument = "NAME",
     .offset = AT(service),
     .standard_words = "WSMAN, then HOST if the domain does not know that name",
     .help = "First part of the server's Kerberos name (SPN). HTTP often belongs to the NDES "
             "account and then fails"},
    {.name = "service-host",
     .type = &option_text,
     .argument = "HOST",
     .offset = AT(service_host),
     .standard_words = "the name in -H",
     .help = "Second part of the server's Kerberos name (SPN)"},
};

void winrm_options_free(struct winrm_options *options)
{
    credentials_options_free(&options->credentials);
    options->sign_in.credentials.password = NULL;
    route_options_free(&options->connection.route);
}

void winrm_options_groups(struct winrm_options *options, struct option_group groups[WINRM_GROUPS])
{
    groups[0] = (struct option_group){
        .title = "Server", .specs = specs, .count = COUNT_OF(specs), .target = options};
    groups[1] = credentials_group(&options->credentials);
    groups[2] = route_group(&options->connection.route);
}

/* An SPN has two parts, and each is a name. */
static bool is_name(const char *text)
{
    return !text || !text[strcspn(text, "/@ \t\r\n")];
}

static enum sign_in_method choose_method(const struct credentials *credentials)
{
    if (!credentials->user || strchr(credentials->user, '@') || credentials->keytab ||
        credentials->ticket_cache)
        return SIGN_IN_KERBEROS;
    return SIGN_IN_NTLM;
}

/* Returns NULL, or what is wrong with the credentials. */
static const char *sign_in_problem(const struct sign_in *sign_in, bool tls, bool certificate)
{
    const struct credentials *given = &sign_in->credentials;

    switch (sign_in->method) {
    case SIGN_IN_KERBEROS:
        return credentials_kerberos_problem(given);
    case SIGN_IN_NTLM:
    case SIGN_IN_BASIC:
        if (given->keytab || given->ticket_cache)
            return "--keytab and --ticket-cache work with --auth=kerberos only";
        if (!given->user || !given->password)
            return sign_in->method == SIGN_IN_NTLM
                       ? "NTLM needs --user and --password-file (for Kerberos write --user as "
                         "user@REALM)"
                       : "--auth=basic needs --user and --password-file";
        if (sign_in->method == SIGN_IN_BASIC && !tls)
            return "--auth=basic needs -S: without TLS the password would be sent in clear text";
        return NULL;
    case SIGN_IN_CERTIFICATE:
        if (!certificate || !tls)
            return "--auth=certificate needs -J and -S";
        if (given->user || given->password || given->keytab || given->ticket_cache)
            return "--auth=certificate takes no user, password, keytab or ticket cache";
        return NULL;
    case SIGN_IN_AUTO:
        break;
    }
    return NULL;
}

bool winrm_resolve(struct winrm_options *options, char *error, size_t error_size)
{
    struct sign_in *sign_in = &options->sign_in;
    const char *problem;

    if (!connection_resolve(&options->connection, &winrm_defaults, options->url,
                            sizeof options->url, error, error_size) ||
        !route_check_file("keytab", options->credentials.keytab, false, error, error_size))
        return false;
    *sign_in = (struct sign_in){
        .method = (enum sign_in_method)options->method,
        .credentials = credentials_of(&options->credentials),
        .service = options->service,
        .service_host = options->service_host ? options->service_host : options->connection.server,
    };
    if (sign_in->method == SIGN_IN_AUTO)
        sign_in->method = choose_method(&sign_in->credentials);
    problem = sign_in_problem(sign_in, text_starts(options->url, "https:"),
                              options->connection.http.tls.client_certificate != NULL);
    if (!problem && options->connection.http.tls.insecure && text_starts(options->url, "https:") &&
        sign_in->method != SIGN_IN_KERBEROS)
        problem =
            "--insecure works with --auth=kerberos only, which proves the server's identity and is "
            "bound to its certificate; otherwise give the CA certificate with --ca-cert";
    if (!problem && (!is_name(options->service) || !is_name(options->service_host)))
        problem = "--service-name and --service-host need names without /, @ or spaces";
    if (problem)
        text_copy(error, error_size, problem);
    options->settings = (struct wsman_settings){
        .url = options->url, .http = &options->connection.http, .sign_in = sign_in};
    return !problem;
}
