/* options.c - the options that check_ndes_racert alone has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/racert/racert.h"

#include "common/base/text.h"

/* 64 hex digits, with or without colons. */
static bool set_fingerprint(const struct option_spec *spec, const char *value, void *target,
                            char *error, size_t error_size)
{
    size_t digits = 0;
    bool good = true;

    for (const char *at = value; *at; at++) {
        bool digit =
            (*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'f') || (*at >= 'A' && *at <= 'F');

        digits += digit;
        good = good && (digit || *at == ':');
    }
    if (good && digits == 64)
        return option_texts.set(spec, value, target, error, error_size);
    text_format(error, error_size, "needs a SHA-256 fingerprint of 64 hex digits, not '%s'", value);
    return false;
}

static const struct option_type option_fingerprint = {
    .name = "fingerprint", .takes_value = true, .repeatable = true, .set = set_fingerprint};

#define AT(member) offsetof(struct racert_options, member)

static const struct option_spec certificate_specs[] = {
    {.name = "file",
     .type = &option_text,
     .argument = "FILE",
     .offset = AT(file),
     .conflicts = "hostname url",
     .help = "Read the certificates from a file (PEM, DER or PKCS#7) instead of a server"},
    {.name = "warning",
     .letter = 'w',
     .type = &option_limit,
     .argument = "LIMIT",
     .offset = AT(warning),
     .standard = "60:",
     .help = "Minimum remaining validity of the RA certificate that expires first: a range in days "
             "(60:), or with a unit 60d, 36h, or 25% of its lifetime"},
    {.name = "critical",
     .letter = 'c',
     .type = &option_limit,
     .argument = "LIMIT",
     .offset = AT(critical),
     .pair = "warning",
     .standard = "30:",
     .help =
         "Critical threshold for the remaining validity of the RA certificate that expires first"},
    {.name = "ca-warning",
     .type = &option_limit,
     .argument = "LIMIT",
     .offset = AT(ca_warning),
     .standard = "90:",
     .help = "Minimum remaining validity of the newest CA certificate"},
    {.name = "ca-critical",
     .type = &option_limit,
     .argument = "LIMIT",
     .offset = AT(ca_critical),
     .pair = "ca-warning",
     .standard = "30:",
     .help = "Critical threshold for the remaining validity of the newest CA certificate"},
    {.name = "ca-file",
     .type = &option_text,
     .argument = "FILE",
     .offset = AT(ca_file),
     .help = "CA certificates that must have issued the RA certificates"},
    {.name = "allow-no-ra",
     .type = &option_flag,
     .offset = AT(allow_no_ra),
     .help = "Accept an answer without RA certificates (SCEP servers other than NDES)"},
    {.name = "fingerprint",
     .type = &option_fingerprint,
     .argument = "SHA256",
     .offset = AT(fingerprints),
     .help = "Fingerprint that the RA certificates must have; repeat for the second one"},
    {.name = "subject",
     .type = &option_text,
     .argument = "TEXT",
     .offset = AT(subject),
     .help = "Text that the RA certificates' subjects must contain"},
    {.name = "check-crl",
     .type = &option_flag,
     .offset = AT(check_crl),
     .help = "Fetch the CRLs (HTTP only) and look up the RA certificates"},
    {.name = "crl-warning",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(crl_warning),
     .needs = "check-crl",
     .standard = "6:",
     .help = "Warning threshold for the hours until the CRL's nextUpdate"},
    {.name = "crl-critical",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(crl_critical),
     .needs = "check-crl",
     .pair = "crl-warning",
     .standard = "0:",
     .help = "Critical threshold for the hours until the CRL's nextUpdate"},
};

size_t racert_options_groups(void *data, struct option_group *groups)
{
    struct racert_options *options = data;

    groups[0] = connection_server_group(&options->connection);
    groups[1] = route_group(&options->connection.route);
    groups[2] = (struct option_group){"Certificates", certificate_specs,
                                      COUNT_OF(certificate_specs), options};
    return 3;
}

/* A file needs no URL, but its CRLs may need the connection options. */
bool racert_options_resolve(void *data, char *error, size_t error_size)
{
    struct racert_options *options = data;

    if (!options->file)
        return connection_resolve(&options->connection, &connection_scep, options->url,
                                  sizeof options->url, error, error_size);
    return connection_settings(&options->connection, error, error_size);
}

void racert_options_free(void *data)
{
    struct racert_options *options = data;

    route_options_free(&options->connection.route);
}
