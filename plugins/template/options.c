/* options.c - the options that check_ndes_template alone has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/template/template.h"

#include "common/base/text.h"

static const char *const profiles[] = {[PROFILE_NDES] = "ndes", [PROFILE_INTUNE] = "intune", NULL};

#define AT(member) offsetof(struct template_options, member)

static const struct option_spec specs[] = {
    {.name = "template",
     .type = &option_texts,
     .argument = "NAME",
     .offset = AT(templates),
     .help = "Name (cn, not display name) of a template that NDES uses; repeat for more"},
    {.name = "signature-template",
     .type = &option_text,
     .argument = "NAME",
     .offset = AT(use_templates[USE_SIGNATURE]),
     .help = "Template of the registry value SignatureTemplate: its key usage is checked as well"},
    {.name = "encryption-template",
     .type = &option_text,
     .argument = "NAME",
     .offset = AT(use_templates[USE_ENCRYPTION]),
     .help = "The same for EncryptionTemplate"},
    {.name = "general-template",
     .type = &option_text,
     .argument = "NAME",
     .offset = AT(use_templates[USE_GENERAL]),
     .help = "The same for GeneralPurposeTemplate"},
    {.name = "account",
     .type = &option_account,
     .argument = "NAME",
     .offset = AT(account),
     .help = "The account that NDES runs as: DOMAIN\\user, user@domain, a DN, a SID or a logon "
             "name; a gMSA with or without $"},
    {.name = "ca",
     .type = &option_text,
     .argument = "NAME",
     .offset = AT(ca),
     .help = "The CA that NDES uses, by its name or as host\\name (registry value Configuration); "
             "without it any CA that publishes the template will do, and the one that is valid "
             "longest is checked"},
    {.name = "profile",
     .type = &option_choice,
     .argument = "PROFILE",
     .offset = AT(profile),
     .choices = profiles,
     .standard = "ndes",
     .help = "What the server is used for: ndes or intune, which never uses the default template"},
    {.name = "client-key-bits",
     .type = &option_integer,
     .argument = "BITS",
     .offset = AT(client_key_bits),
     .standard = "2048",
     .help = "Size of the keys that devices generate, in bits",
     .minimum = 256,
     .maximum = 65536},
    {.name = "require-ntauth",
     .type = &option_flag,
     .offset = AT(require_ntauth),
     .help = "The CA must be in NTAuthCertificates: the certificates are for logon"},
    {.name = "expect-revision",
     .type = &option_texts,
     .argument = "[TEMPLATE=]MAJOR.MINOR",
     .offset = AT(revisions),
     .help = "Revision that the template must have, to notice changes; repeat for more"},
    {.name = "warning",
     .letter = 'w',
     .type = &option_limit,
     .argument = "LIMIT",
     .offset = AT(warning),
     .standard = "90:",
     .help = "Minimum remaining validity of the CA certificate: a range in days (90:), or with a "
             "unit 90d, 36h, or 10% of its lifetime"},
    {.name = "critical",
     .letter = 'c',
     .type = &option_limit,
     .argument = "LIMIT",
     .offset = AT(critical),
     .pair = "warning",
     .standard = "30:",
     .help = "Critical threshold for the remaining validity of the CA certificate"},
    {.name = "posture",
     .type = &option_switch,
     .argument = "SWITCH",
     .offset = AT(posture),
     .choices = switch_choices,
     .standard = "on",
     .help = "Whether to report dangerous settings and permissions"},
};

size_t template_options_groups(void *data, struct option_group *groups)
{
    struct template_options *options = data;

    directory_options_groups(&options->ldap, groups);
    groups[DIRECTORY_GROUPS] =
        (struct option_group){"Template and account", specs, COUNT_OF(specs), options};
    return DIRECTORY_GROUPS + 1;
}

bool template_options_resolve(void *data, char *error, size_t error_size)
{
    struct template_options *options = data;

    return template_options_complete(options, error, error_size) &&
           directory_resolve(&options->ldap, error, error_size) &&
           template_servers_fit(&options->ldap.settings, error, error_size);
}

void template_options_free(void *data)
{
    struct template_options *options = data;

    directory_options_free(&options->ldap);
}
