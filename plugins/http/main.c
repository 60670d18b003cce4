/* main.c - can a device reach NDES and talk SCEP to it?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/http/http.h"

#include "common/plugin/run.h"

static const enum finding_id findings[] = {
    NDES_NET_DNS,        NDES_NET_REFUSED,   NDES_NET_PROXY,     NDES_TLS_EXPIRED,
    NDES_TLS_NAME,       NDES_TLS_CHAIN,     NDES_TLS_CLIENT,    NDES_TLS_HANDSHAKE,
    NDES_HTTP_TIMEOUT,   NDES_HTTP_SLOW,     NDES_HTTP_500,      NDES_HTTP_502,
    NDES_HTTP_503,       NDES_HTTP_504,      NDES_HTTP_404,      NDES_HTTP_403,
    NDES_HTTP_STATUS,    NDES_HTTP_REDIRECT, NDES_HTTP_BROKEN,   NDES_HTTP_TOOLARGE,
    NDES_HTTP_BLANK,     NDES_HTTP_HTML,     NDES_HTTP_POLICY,   NDES_HTTP_CAPS,
    NDES_CACERT_INVALID, NDES_URL_LIMIT,     NDES_TIME_SKEW,     NDES_HTTP_SETTINGS,
    NDES_ADMIN_FULL,     NDES_ADMIN_DENIED,  NDES_ADMIN_AUTH,    NDES_ADMIN_OPEN,
    NDES_ADMIN_BASIC,    NDES_ADMIN_EXPOSED, NDES_ADMIN_MISSING, NDES_ADMIN_BLANK,
    NDES_ADMIN_REFUSED,  NDES_ADMIN_UNKNOWN, NDES_ADMIN_STATE,   NDES_ADMIN_ELSEWHERE,
};

static const struct plugin_spec plugin = {
    .program.name = "check_ndes_http",
    .program.service = "NDES HTTP",
    .program.summary = "can a device reach NDES and talk SCEP to it?",
    .program.details =
        "Requests the bare URL, GetCACaps, GetCACert and (without signing in) the admin "
        "page over one connection, and checks the TLS certificate. Reports what is wrong, "
        "the cause and the remedy.",
    .program.examples =
        "  check_ndes_http -H ndes.example.com -S\n"
        "  check_ndes_http -u https://ndes.example.com/certsrv/mscep/mscep.dll \\\n"
        "      --profile=intune --long-url -w 2 -c 5\n"
        "  check_ndes_http -H ndes.example.com -S -I 192.0.2.10   # one node of several\n"
        "  check_ndes_http -H ndes.example.com -S --admin=challenge \\\n"
        "      --user='EXAMPLE\\monitor' --password-file=/etc/icinga2/ndes.password\n",
    .findings = findings,
    .finding_count = COUNT_OF(findings),
    .metrics = http_metrics,
    .metric_count = METRIC_COUNT,
    .timeout = NDES_HTTP_TIMEOUT,
};

static bool open_session(struct run *run, char *error, size_t error_size)
{
    const struct http_options *options = run->options;

    run->session = http_open(&options->connection.http, &run->deadline, error, error_size);
    return run->session;
}

static void collect(struct run *run)
{
    http_collect(run->options, run->session, &run->deadline, run->facts);
}

static void judge(const struct run *run, struct report *report)
{
    http_judge(run->options, run->facts, report);
}

static void close_all(struct run *run)
{
    http_facts_free(run->facts);
    http_close(run->session);
}

static const struct plugin_steps steps = {
    .options_size = sizeof(struct http_options),
    .facts_size = sizeof(struct http_facts),
    .groups = http_options_groups,
    .resolve = http_options_resolve,
    .open = open_session,
    .collect = collect,
    .judge = judge,
    .close = close_all,
    .free_options = http_options_free,
};

int main(int argc, char **argv)
{
    return run_plugin(&plugin, &steps, argc, argv);
}
