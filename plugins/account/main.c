/* main.c - is the account that NDES runs as fit to sign in, and safe?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/account/account.h"

#include "common/ldap/verdict.h"
#include "common/base/text.h"
#include "common/plugin/run.h"

static const enum finding_id findings[] = {
    NDES_ACCT_MISSING,  NDES_ACCT_AMBIGUOUS, NDES_ACCT_DISABLED,   NDES_ACCT_LOCKED,
    NDES_ACCT_PASSWORD, NDES_ACCT_EXPIRED,   NDES_ACCT_ROLLING,    NDES_ACCT_RETRIEVE,
    NDES_ACCT_SPN,      NDES_ACCT_FLAGS,     NDES_ACCT_PRIVILEGED, NDES_LDAP_DESCRIPTOR,
    DIRECTORY_FINDINGS,
};

static const struct plugin_spec plugin = {
    .program.name = "check_ndes_account",
    .program.service = "NDES ACCOUNT",
    .program.summary = "is the service account able to sign in, now and in two weeks, and safe?",
    .program.details =
        "Asks Active Directory over LDAP about the service account of NDES, a user, computer or "
        "gMSA: disabled, locked, expired, its password, its service principal names, its rights. "
        "Reads only; the monitoring account needs no rights beyond those of a domain user.",
    .program.examples =
        "  check_ndes_account -H dc1.example.com --account='EXAMPLE\\svc-ndes' \\\n"
        "      --spn=ndes.example.com --spn=ndes\n"
        "  check_ndes_account --domain=example.com --user=mon@EXAMPLE.COM \\\n"
        "      --keytab=/etc/ndes/mon.keytab --account='gmsa-ndes$' --ndes-host=ndes01\n"
        "  check_ndes_account -H dc1.example.com -S --user='EXAMPLE\\mon' \\\n"
        "      --password-file=/etc/ndes/mon.password --account='EXAMPLE\\NDES01$'\n",
    .findings = findings,
    .finding_count = COUNT_OF(findings),
    .metrics = account_metrics,
    .metric_count = METRIC_COUNT,
    .timeout = NDES_LDAP_TIMEOUT,
    .hangs = "most likely no Kerberos server (KDC) or name server answers",
};

static bool open_session(struct run *run, char *error, size_t error_size)
{
    const struct account_options *options = run->options;
    struct account_facts *facts = run->facts;

    run->session = directory_open(&options->ldap.settings, &run->deadline, directory_keep_trace,
                                  &facts->trace, &facts->problems[STEP_OPEN]);
    if (!run->session)
        text_copy(error, error_size, "out of memory");
    return run->session;
}

static void collect(struct run *run)
{
    account_collect(run->options, run->session, &run->deadline, run->facts);
}

static void judge(const struct run *run, struct report *report)
{
    account_judge(run->options, run->facts, report);
}

static void close_all(struct run *run)
{
    account_facts_free(run->facts);
    directory_close(run->session);
}

static const struct plugin_steps steps = {
    .options_size = sizeof(struct account_options),
    .facts_size = sizeof(struct account_facts),
    .groups = account_options_groups,
    .resolve = account_options_resolve,
    .open = open_session,
    .collect = collect,
    .judge = judge,
    .close = close_all,
    .free_options = account_options_free,
};

int main(int argc, char **argv)
{
    return run_plugin(&plugin, &steps, argc, argv);
}
