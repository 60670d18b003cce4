/* main.c - are the RA certificates fit for their jobs, and for how long?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/racert/racert.h"

#include "common/plugin/run.h"

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
    .program.name = "check_ndes_racert",
    .program.service = "NDES RACERT",
    .program.summary = "are the RA certificates valid and usable, and for how long?",
    .program.details =
        "Reads the certificates that GetCACert serves (or a file) and checks the RA signing "
        "and RA encryption certificates in use and the newest CA certificate: validity, key "
        "usage, issuer, signature and key. RA certificates are valid for two years and NDES "
        "does not renew them.",
    .program.examples = "  check_ndes_racert -H ndes.example.com -S\n"
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

static bool open_sources(struct run *run, char *error, size_t error_size)
{
    run->session = racert_open(run->options, &run->deadline, error, error_size);
    return run->session;
}

static void collect(struct run *run)
{
    racert_collect(run->options, run->session, &run->deadline, run->facts);
}

static void judge(const struct run *run, struct report *report)
{
    racert_judge(run->options, run->facts, report);
}

static void close_all(struct run *run)
{
    racert_facts_free(run->facts);
    racert_close(run->session);
}

static const struct plugin_steps steps = {
    .options_size = sizeof(struct racert_options),
    .facts_size = sizeof(struct racert_facts),
    .groups = racert_options_groups,
    .resolve = racert_options_resolve,
    .open = open_sources,
    .collect = collect,
    .judge = judge,
    .close = close_all,
    .free_options = racert_options_free,
};

int main(int argc, char **argv)
{
    return run_plugin(&plugin, &steps, argc, argv);
}
