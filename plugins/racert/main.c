/* main.c - are the RA certificates fit for their jobs, and for how long?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/racert/racert.h"

#include "common/base/text.h"
#include "common/plugin/run.h"

const struct metric_kind racert_metrics[METRIC_COUNT] = {
    [METRIC_TIME] = {"time", UNIT_SECONDS, 6, "the GetCACert request"},
    [METRIC_SIGNING_DAYS] = {"signing_days", UNIT_NONE, 2,
                             "days that the RA signing certificate has left (-w, -c)"},
    [METRIC_ENCRYPTION_DAYS] = {"encryption_days", UNIT_NONE, 2,
                                "days that the RA encryption certificate has left (-w, -c)"},
    [METRIC_LIFETIME] = {"lifetime_left", UNIT_PERCENT, 1,
                         "lifetime left of the RA certificate that ends first"},
    [METRIC_CRL_HOURS] = {"crl_hours", UNIT_NONE, 1, "hours to the CRL's nextUpdate (--check-crl)"},
    [METRIC_CA_DAYS] = {"ca_days", UNIT_NONE, 2, "days that the newest CA certificate has left"},
};

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
    text_format(error, error_size, "wants a SHA-256 fingerprint of 64 hex digits, not '%s'", value);
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
     .help = "Read the certificates from a file (PEM, DER or PKCS#7) instead of a server"},
    {.name = "warning",
     .letter = 'w',
     .type = &option_limit,
     .argument = "LIMIT",
     .offset = AT(warning),
     .standard = "60:",
     .help = "What the RA certificate that ends first must have left: a range in days (60:), or "
             "with a unit 60d, 36h, or 25% of its lifetime"},
    {.name = "critical",
     .letter = 'c',
     .type = &option_limit,
     .argument = "LIMIT",
     .offset = AT(critical),
     .standard = "30:",
     .help = "The same, for CRITICAL"},
    {.name = "ca-warning",
     .type = &option_limit,
     .argument = "LIMIT",
     .offset = AT(ca_warning),
     .standard = "90:",
     .help = "What the newest CA certificate must have left"},
    {.name = "ca-critical",
     .type = &option_limit,
     .argument = "LIMIT",
     .offset = AT(ca_critical),
     .standard = "30:",
     .help = "The same, for CRITICAL"},
    {.name = "ca-file",
     .type = &option_text,
     .argument = "FILE",
     .offset = AT(ca_file),
     .help = "CA certificates that must have issued the RA certificates"},
    {.name = "allow-no-ra",
     .type = &option_flag,
     .offset = AT(allow_no_ra),
     .help = "Accept an answer without RA certificates (SCEP servers that are no NDES)"},
    {.name = "fingerprint",
     .type = &option_fingerprint,
     .argument = "SHA256",
     .offset = AT(fingerprints),
     .help = "Fingerprint that the RA certificates must have; repeat it for the second one"},
    {.name = "subject",
     .type = &option_text,
     .argument = "TEXT",
     .offset = AT(subject),
     .help = "Text that the RA certificates' subjects must contain"},
    {.name = "check-crl",
     .type = &option_flag,
     .offset = AT(check_crl),
     .help = "Fetch the CRLs (HTTP only) and look the RA certificates up"},
    {.name = "crl-warning",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(crl_warning),
     .standard = "6:",
     .help = "Hours to the CRL's nextUpdate"},
    {.name = "crl-critical",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(crl_critical),
     .standard = "0:",
     .help = "The same, for CRITICAL"},
};

static const enum finding_id findings[] = {
    NDES_RA_EXPIRED,      NDES_RA_EXPIRING,   NDES_RA_NOTYET,     NDES_RA_MISSING,
    NDES_CA_MISSING,      NDES_RA_USAGE,      NDES_RA_OLDCA,      NDES_RA_CHAIN,
    NDES_RA_SIGNATURE,    NDES_RA_WEAKKEY,    NDES_RA_REVOKED,    NDES_RA_UNEXPECTED,
    NDES_CA_EXPIRED,      NDES_CA_EXPIRING,   NDES_CRL_EXPIRED,   NDES_CRL_EXPIRING,
    NDES_CRL_UNREACHABLE, NDES_CRL_INVALID,   NDES_TIME_SKEW,     NDES_NET_DNS,
    NDES_NET_REFUSED,     NDES_NET_PROXY,     NDES_TLS_EXPIRED,   NDES_TLS_NAME,
    NDES_TLS_CHAIN,       NDES_TLS_CLIENT,    NDES_TLS_HANDSHAKE, NDES_HTTP_TIMEOUT,
    NDES_HTTP_500,        NDES_HTTP_502,      NDES_HTTP_503,      NDES_HTTP_504,
    NDES_HTTP_404,        NDES_HTTP_403,      NDES_HTTP_STATUS,   NDES_HTTP_REDIRECT,
    NDES_HTTP_BROKEN,     NDES_HTTP_TOOLARGE, NDES_HTTP_BLANK,    NDES_HTTP_HTML,
    NDES_CACERT_INVALID,  NDES_HTTP_SETTINGS,
};

static const struct plugin_spec plugin = {
    .name = "check_ndes_racert",
    .service = "NDES RACERT",
    .summary = "are the RA certificates fit for their jobs, and for how long?",
    .details = "Reads the certificates that GetCACert serves (or a file) and judges the RA signing "
               "and RA encryption certificate in use and the newest CA certificate: validity, key "
               "usage, issuer, signature and key. RA certificates live two years and NDES does not "
               "renew them.",
    .examples = "  check_ndes_racert -H ndes.example.com -S\n"
                "  check_ndes_racert -H ndes.example.com -S -w 90d -c 45d --check-crl\n"
                "  check_ndes_racert -H ndes.example.com -S -w 25% -c 10% \\\n"
                "      --ca-file=/etc/ssl/example-issuing-ca.pem\n"
                "  check_ndes_racert --file=getcacert.p7b\n",
    .findings = findings,
    .finding_count = COUNT_OF(findings),
    .metrics = racert_metrics,
    .metric_count = METRIC_COUNT,
    .timeout = NDES_HTTP_TIMEOUT,
};

static void set_defaults(struct racert_options *options)
{
    *options = (struct racert_options){0};
    limit_parse("60:", &options->warning);
    limit_parse("30:", &options->critical);
    limit_parse("90:", &options->ca_warning);
    limit_parse("30:", &options->ca_critical);
    range_parse("6:", &options->crl_warning);
    range_parse("0:", &options->crl_critical);
    common_options_init(&options->common);
    connection_options_init(&options->connection);
}

/* A file needs no URL, but its CRLs may need the connection options. */
static bool resolve(void *data, char *error, size_t error_size)
{
    struct racert_options *options = data;

    if (!options->file)
        return connection_resolve(&options->connection, options->url, sizeof options->url, error,
                                  error_size);
    if (options->connection.host || options->connection.path_or_url) {
        text_copy(error, error_size, "give either --file or a server (-H, -u), not both");
        return false;
    }
    return connection_settings(&options->connection, error, error_size);
}

static int run(const void *data, struct run *timing)
{
    const struct racert_options *options = data;
    struct racert_facts facts = {0};
    struct report report;
    struct http_session *session = NULL;
    char error[1200];
    int exit_code;

    run_start(timing, &plugin, &options->common);
    if (!options->file) {
        session = http_open(&options->connection.http, &timing->deadline, error, sizeof error);
        if (!session)
            return options_complain(&plugin, "%s", error);
    }
    if (racert_collect(options, session, &timing->deadline, &facts, error, sizeof error)) {
        run_report(&report, &plugin, &options->common);
        racert_judge(options, &facts, &report);
        exit_code = report_print(&report, &options->common.style, stdout);
        report_free(&report);
    } else {
        exit_code = options_complain(&plugin, "%s", error);
    }
    racert_facts_free(&facts);
    http_close(session);
    return exit_code;
}

static const struct plugin_steps steps = {resolve, run};

int main(int argc, char **argv)
{
    struct racert_options options;
    struct option_group groups[] = {
        connection_server_group(&options.connection),
        connection_route_group(&options.connection),
        {"Certificates", certificate_specs, COUNT_OF(certificate_specs), &options},
        common_options_group(&options.common),
    };
    int exit_code;

    set_defaults(&options);
    exit_code = run_plugin(&plugin, &steps, &options, groups, COUNT_OF(groups), argc, argv);
    connection_options_free(&options.connection);
    return exit_code;
}
