/* credentials.c - the options that hold the secret to sign in with.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/endpoint/credentials.h"

#include <string.h>

#include "common/base/secret.h"
#include "common/base/text.h"
#include "common/options/types.h"

static void rewrite_account(char *name)
{
    char *slash = strpbrk(name, "\\/@=");

    if (slash && *slash == '/' && !strpbrk(slash, "\\@="))
        *slash = '\\';
}

const struct option_type option_account = {
    .name = "text", .takes_value = true, .set = option_text_set, .rewrite = rewrite_account};

#define AT(member) offsetof(struct credentials_options, member)

static const struct option_spec specs[] = {
    {.name = "password-file",
     .type = &option_secret_file,
     .argument = "FILE",
     .offset = AT(file_password),
     .needs = "user",
     .help = "File whose first line is the password"},
    {.name = "password",
     .type = &option_secret,
     .argument = "PASSWORD",
     .offset = AT(ini_password),
     .needs = "user",
     .help = "The password itself"},
    {.name = "keytab",
     .type = &option_text,
     .argument = "FILE",
     .offset = AT(keytab),
     .needs = "user",
     .conflicts = "password-file password",
     .help = "Kerberos keytab of the user, instead of a password"},
    {.name = "ticket-cache",
     .type = &option_text,
     .argument = "CACHE",
     .offset = AT(ticket_cache),
     .standard_words = "KRB5CCNAME",
     .conflicts = "password-file password keytab",
     .help = "Kerberos ticket cache, such as FILE:/run/ndes/ticket"},
};

void credentials_options_free(struct credentials_options *options)
{
    secret_free(options->file_password);
    options->file_password = NULL;
}

struct option_group credentials_group(struct credentials_options *options)
{
    return (struct option_group){
        .title = "Sign-in", .specs = specs, .count = COUNT_OF(specs), .target = options};
}

struct credentials credentials_of(const struct credentials_options *options)
{
    return (struct credentials){
        .user = options->user,
        .password = options->file_password ? options->file_password : options->ini_password,
        .keytab = options->keytab,
        .ticket_cache = options->ticket_cache,
    };
}

const char *credentials_kerberos_problem(const struct credentials *credentials)
{
    if (credentials->user && strchr(credentials->user, '\\'))
        return "Kerberos needs --user as user@REALM, not DOMAIN\\user";
    return NULL;
}
