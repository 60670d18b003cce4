/* wanted.c - what the options together say: which templates, whose, of which CA.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/template/template.h"

#include <string.h>

#include "common/base/text.h"

static struct wanted_template *find_wanted(struct template_options *options, struct slice name)
{
    for (size_t i = 0; i < options->wanted_count; i++)
        if (slice_is(name, options->wanted[i].name))
            return &options->wanted[i];
    return NULL;
}

/* One that is named twice is one template; there is room for all that the options can hold. */
static struct wanted_template *want(struct template_options *options, const char *name)
{
    struct wanted_template *wanted = find_wanted(options, slice_of(name));

    if (!wanted) {
        wanted = &options->wanted[options->wanted_count++];
        *wanted = (struct wanted_template){.name = name};
    }
    return wanted;
}

/* Takes 100.7 apart. */
static bool parse_revision(const char *text, struct wanted_template *wanted)
{
    const char *point = strchr(text, '.');
    char major[16];

    if (!point)
        return false;
    text_copy_bytes(major, sizeof major, text, (size_t)(point - text));
    wanted->has_revision = text_integer(major, 0, INT32_MAX, &wanted->major) &&
                           text_integer(point + 1, 0, INT32_MAX, &wanted->minor);
    return wanted->has_revision;
}

/* Returns NULL, or what is wrong with an --expect-revision. */
static const char *expect_revision(struct template_options *options, const char *text)
{
    const char *sign = strrchr(text, '=');
    struct wanted_template *wanted = &options->wanted[0];

    if (!sign && options->wanted_count > 1)
        return "does not name the template: write TEMPLATE=MAJOR.MINOR";
    if (sign)
        wanted = find_wanted(options, (struct slice){text, (size_t)(sign - text)});
    if (!wanted)
        return "names a template that is not checked";
    if (wanted->has_revision)
        return "is the second one for this template";
    return parse_revision(sign ? sign + 1 : text, wanted)
               ? NULL
               : "is not a valid revision, such as 100.7";
}

static bool complain(char *error, size_t error_size, const char *option, const char *value,
                     const char *problem)
{
    text_format(error, error_size, "option %s '%s' %s", option, value, problem);
    return false;
}

bool template_options_complete(struct template_options *options, char *error, size_t error_size)
{
    const char *backslash = options->ca ? strrchr(options->ca, '\\') : NULL;
    const char *problem;

    for (size_t i = 0; i < options->templates.count; i++)
        want(options, options->templates.items[i]);
    for (int use = 0; use < USE_COUNT; use++)
        if (options->use_templates[use])
            want(options, options->use_templates[use])->uses[use] = true;
    if (!options->wanted_count) {
        text_copy(error, error_size,
                  "no template given: use --template, or --signature-template, "
                  "--encryption-template and --general-template");
        return false;
    }
    if (!options->account) {
        text_copy(error, error_size,
                  "option --account is missing: give the account that NDES runs as");
        return false;
    }
    problem = account_name_parse(options->account, &options->account_name);
    if (problem)
        return complain(error, error_size, "--account", options->account, problem);
    options->ca_name = backslash ? backslash + 1 : options->ca;
    if (options->ca_name && !*options->ca_name)
        return complain(error, error_size, "--ca", options->ca, "has no name of a CA after the \\");
    for (size_t i = 0; i < options->revisions.count; i++) {
        problem = expect_revision(options, options->revisions.items[i]);
        if (problem)
            return complain(error, error_size, "--expect-revision", options->revisions.items[i],
                            problem);
    }
    return true;
}

bool template_servers_fit(const struct directory_settings *settings, char *error, size_t error_size)
{
    for (size_t i = 0; i < settings->server_count || i == 0; i++) {
        int port = settings->server_count ? settings->servers[i].port : settings->domain_port;

        if (!directory_is_catalog(port))
            continue;
        text_format(error, error_size,
                    "port %d is the global catalog, which lacks most attributes of templates: use "
                    "389, or 636 with -S",
                    port);
        return false;
    }
    return true;
}
