/* main.c - is the Intune connector running, current, checking in, and error-free?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

#include "common/cim/verdict.h"
#include "common/plugin/run.h"

static const enum finding_id findings[] = {
    NDES_CONN_STOPPED,  NDES_CONN_PENDING, NDES_CONN_DISABLED, NDES_CONN_MISSING,
    NDES_CONN_OUTDATED, NDES_CONN_SID,     NDES_CONN_STALE,    NDES_CONN_CERT,
    NDES_CONN_REQUESTS, NDES_CONN_DATA,    NDES_CONN_STATE,    NDES_WINRM_SLOW,
    CIM_FINDINGS,
};

static const struct plugin_spec plugin = {
    .program.name = "check_ndes_connector",
    .program.service = "NDES CONNECTOR",
    .program.summary = "is the Intune connector running, current, checking in, and free of errors?",
    .program.details =
        "Asks the server over WinRM about the services of the Certificate Connector for "
        "Microsoft Intune, its version, its last check-in with Intune, its client "
        "certificate and the failures in its event log. Reads only.",
    .program.examples = "  check_ndes_connector -H ndes.example.com --user=mon@EXAMPLE.COM \\\n"
                        "      --keytab=/etc/ndes/mon.keytab\n"
                        "  check_ndes_connector -H ndes.example.com --user='EXAMPLE\\mon' \\\n"
                        "      --password-file=/etc/ndes/mon.password --min-version=6.2406.0.1001\n"
                        "  check_ndes_connector -H ndes.example.com \\\n"
                        "      --state-file=/var/lib/check_ndes/connector --start-grace=20m\n"
                        "  check_ndes_connector -H ndes.example.com -S --skip=events \\\n"
                        "      --heartbeat-warning=2 --heartbeat-critical=12\n",
    .findings = findings,
    .finding_count = COUNT_OF(findings),
    .metrics = connector_metrics,
    .metric_count = METRIC_COUNT,
    .timeout = NDES_WINRM_TIMEOUT,
    .hangs = "most likely no Kerberos server (KDC) or name server answers",
};

static bool open_session(struct run *run, char *error, size_t error_size)
{
    const struct connector_options *options = run->options;

    run->session = wsman_open(&options->winrm.settings, &run->deadline, error, error_size);
    return run->session;
}

static void collect(struct run *run)
{
    connector_collect(run->options, run->session, &run->deadline, run->facts);
}

static void judge(const struct run *run, struct report *report)
{
    connector_judge(run->options, run->facts, report);
}

static void close_all(struct run *run)
{
    cim_close(run->session);
}

static const struct plugin_steps steps = {
    .options_size = sizeof(struct connector_options),
    .facts_size = sizeof(struct connector_facts),
    .groups = connector_options_groups,
    .resolve = connector_options_resolve,
    .open = open_session,
    .collect = collect,
    .judge = judge,
    .close = close_all,
    .free_options = connector_options_free,
};

int main(int argc, char **argv)
{
    return run_plugin(&plugin, &steps, argc, argv);
}
