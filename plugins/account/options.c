/* options.c - the options that check_ndes_account alone has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/account/account.h"

#include <string.h>

#include "common/base/text.h"

/* An account has no lifetime to take a percentage of. */
static bool set_days(const struct option_spec *spec, const char *value, void *target, char *error,
                     size_t error_size)
{
    struct limit limit;

    if (!option_limit.set(spec, value, &limit, error, error_size))
        return false;
    if (limit.percent) {
        text_format(error, error_size,
                    "'%s' needs days or hours, such as 14: or 36h: a percentage makes no sense for "
                    "a password",
                    value);
        return false;
    }
    *(struct limit *)target = limit;
    return true;
}

static const struct option_type option_days = {
    .name = "limit", .takes_value = true, .set = set_days, .hides = option_limit_hides};

static bool is_of_class(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
}

/* HOST, CLASS/HOST or CLASS/HOST:PORT; no URL. */
static bool is_spn(const char *text)
{
    const char *slash = strchr(text, '/');
    const char *host = slash ? slash + 1 : text;

    for (const char *at = text; slash && at < slash; at++)
        if (!is_of_class(*at))
            return false;
    if (slash == text || !*host || *host == '/')
        return false;
    for (; *host; host++)
        if ((unsigned char)*host <= ' ' || *host == 0x7f || *host == '\\' || *host == '@')
            return false;
    return strlen(text) < sizeof(((struct spn_facts *)0)->name) - strlen("HTTP/");
}

static bool set_spn(const struct option_spec *spec, const char *value, void *target, char *error,
                    size_t error_size)
{
    if (is_spn(value))
        return option_texts.set(spec, value, target, error, error_size);
    text_format(error, error_size,
                "needs a host, such as ndes.example.com or HTTP/ndes.example.com, not '%s'", value);
    return false;
}

static const struct option_type option_spn = {
    .name = "spn", .takes_value = true, .repeatable = true, .set = set_spn};

#define AT(member) offsetof(struct account_options, member)

static const struct option_spec specs[] = {
    {.name = "account",
     .type = &option_account,
     .argument = "NAME",
     .offset = AT(account),
     .help = "The account that NDES runs as: DOMAIN\\user, user@domain, a DN, a SID or a logon "
             "name; a gMSA with or without $; with --ndes-host also a built-in identity"},
    {.name = "warning",
     .letter = 'w',
     .type = &option_days,
     .argument = "LIMIT",
     .offset = AT(warning),
     .standard = "14:",
     .help = "Minimum remaining validity of the password and the account, if they expire: a range "
             "in days (14:), or with a unit 14d, 36h"},
    {.name = "critical",
     .letter = 'c',
     .type = &option_days,
     .argument = "LIMIT",
     .offset = AT(critical),
     .pair = "warning",
     .standard = "3:",
     .help = "Critical threshold for the remaining validity of the password and the account"},
    {.name = "spn",
     .type = &option_spn,
     .argument = "HOST",
     .offset = AT(spns),
     .help = "Name by which NDES is reached: HTTP/HOST must be on this account and on no other; "
             "repeat for more names; for another service write CLASS/HOST"},
    {.name = "ndes-host",
     .type = &option_account,
     .argument = "COMPUTER",
     .offset = AT(host),
     .help = "The NDES server: it must be allowed to fetch the password of a gMSA, and is the "
             "account itself if --account is a built-in identity such as NetworkService"},
    {.name = "posture",
     .type = &option_switch,
     .argument = "SWITCH",
     .offset = AT(posture),
     .choices = switch_choices,
     .standard = "on",
     .help = "Whether to report dangerous settings and groups"},
};

size_t account_options_groups(void *data, struct option_group *groups)
{
    struct account_options *options = data;

    directory_options_groups(&options->ldap, groups);
    groups[DIRECTORY_GROUPS] = (struct option_group){"Account", specs, COUNT_OF(specs), options};
    return DIRECTORY_GROUPS + 1;
}

/* NDES01, NDES01$, EXAMPLE\NDES01$ or ndes01.example.com. */
static bool check_host(const char *host, struct account_name *name, char *error, size_t error_size)
{
    if (!account_name_parse(host, name) &&
        (name->form == FORM_NAME || name->form == FORM_DOMAIN_NAME))
        return true;
    text_format(error, error_size,
                "option --ndes-host '%s' is not the name of a computer, such as NDES01, "
                "EXAMPLE\\NDES01$ or "
                "ndes01.example.com",
                host);
    return false;
}

static bool resolve_account(struct account_options *options, char *error, size_t error_size)
{
    bool built_in = account_acts_as_computer(options->account);
    struct account_name host;
    const char *problem = account_name_parse(options->account, &options->name);

    if (options->host && !check_host(options->host, &host, error, error_size))
        return false;
    options->is_host = built_in && options->host;
    if (options->is_host)
        options->name = host;
    else if (problem)
        text_format(error, error_size, "option --account '%s' %s%s", options->account, problem,
                    built_in ? "; or name the server with --ndes-host" : "");
    return options->is_host || !problem;
}

bool account_options_resolve(void *data, char *error, size_t error_size)
{
    struct account_options *options = data;

    if (!options->account) {
        text_copy(error, error_size,
                  "option --account is missing: give the account that NDES runs as");
        return false;
    }
    return resolve_account(options, error, error_size) &&
           directory_resolve(&options->ldap, error, error_size);
}

void account_options_free(void *data)
{
    struct account_options *options = data;

    directory_options_free(&options->ldap);
}
