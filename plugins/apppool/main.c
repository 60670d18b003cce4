/* main.c - is the application pool up, stable, and running as the right account?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/apppool/apppool.h"

#include "common/cim/verdict.h"
#include "common/plugin/run.h"

static const enum finding_id findings[] = {
    NDES_IIS_STOPPED,   NDES_POOL_STOPPED, NDES_POOL_RAPIDFAIL, NDES_POOL_IDENTITY,
    NDES_POOL_WRONGID,  NDES_POOL_MISSING, NDES_POOL_PENDING,   NDES_POOL_MAPPING,
    NDES_POOL_CRASHING, NDES_POOL_STATE,   NDES_WINRM_SLOW,     CIM_FINDINGS,
};

static const struct plugin_spec plugin = {
    .program.name = "check_ndes_apppool",
    .program.service = "NDES APPPOOL",
    .program.summary = "is the application pool up, stable, and running under the right identity?",
    .program.details =
        "Asks the Windows server over WinRM about IIS's services, the application pool of "
        "NDES, its counters and events. Takes the state from any of three sources, so it "
        "works with few rights and without extra features.",
    .program.examples = "  check_ndes_apppool -H ndes.example.com --user=mon@EXAMPLE.COM \\\n"
                        "      --keytab=/etc/ndes/mon.keytab --identity='EXAMPLE\\svc-ndes$'\n"
                        "  check_ndes_apppool -H ndes.example.com --user='EXAMPLE\\mon' \\\n"
                        "      --password-file=/etc/ndes/mon.password \\\n"
                        "      --state-file=/var/lib/check_ndes/scep\n"
                        "  check_ndes_apppool -H ndes.example.com -S --event-window=12h\n",
    .findings = findings,
    .finding_count = COUNT_OF(findings),
    .metrics = apppool_metrics,
    .metric_count = METRIC_COUNT,
    .timeout = NDES_WINRM_TIMEOUT,
    .hangs = "most likely no Kerberos server (KDC) or name server answers",
};

static bool open_session(struct run *run, char *error, size_t error_size)
{
    const struct apppool_options *options = run->options;

    run->session = wsman_open(&options->winrm.settings, &run->deadline, error, error_size);
    return run->session;
}

static void collect(struct run *run)
{
    apppool_collect(run->options, run->session, &run->deadline, run->facts);
}

static void judge(const struct run *run, struct report *report)
{
    apppool_judge(run->options, run->facts, report);
}

static void close_all(struct run *run)
{
    cim_close(run->session);
}

static const struct plugin_steps steps = {
    .options_size = sizeof(struct apppool_options),
    .facts_size = sizeof(struct apppool_facts),
    .groups = apppool_options_groups,
    .resolve = apppool_options_resolve,
    .open = open_session,
    .collect = collect,
    .judge = judge,
    .close = close_all,
    .free_options = apppool_options_free,
};

int main(int argc, char **argv)
{
    return run_plugin(&plugin, &steps, argc, argv);
}
