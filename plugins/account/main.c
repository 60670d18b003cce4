/* main.c - is the account that NDES runs as fit to sign in, and safe?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/account/account.h"

#include "common/base/text.h"
#include "common/ldap/verdict.h"
#include "common/plugin/run.h"

const struct metric_kind account_metrics[METRIC_COUNT] = {
    [METRIC_TIME] = {"time", UNIT_SECONDS, 6,
                     "all requests together (--time-warning, --time-critical)"},
    [METRIC_PASSWORD_DAYS] = {"password_days", UNIT_NONE, 2,
                              "days that the password has left (-w, -c)"},
    [METRIC_ACCOUNT_DAYS] = {"account_days", UNIT_NONE, 2,
                             "days that the account has left (-w, -c)"},
    [METRIC_BAD_PASSWORDS] = {"bad_passwords", UNIT_NONE, 0,
                              "bad passwords that this domain controller counts"},
};

static const enum finding_id findings[] = {
    NDES_ACCT_MISSING,  NDES_ACCT_AMBIGUOUS, NDES_ACCT_DISABLED,   NDES_ACCT_LOCKED,
    NDES_ACCT_PASSWORD, NDES_ACCT_EXPIRED,   NDES_ACCT_ROLLING,    NDES_ACCT_RETRIEVE,
    NDES_ACCT_SPN,      NDES_ACCT_FLAGS,     NDES_ACCT_PRIVILEGED, NDES_LDAP_DESCRIPTOR,
    DIRECTORY_FINDINGS,
};

static const struct plugin_spec plugin = {
    .name = "check_ndes_account",
    .service = "NDES ACCOUNT",
    .summary = "is the account that NDES runs as fit to sign in, and safe?",
    .details =
        "Asks Active Directory by LDAP about the service account of NDES, a user, computer "
        "or gMSA: disabled, locked, expired, its password, its service principal names, its "
        "rights. Reads only; the monitoring account needs no rights beyond those of a domain "
        "user.",
    .examples = "  check_ndes_account -H dc1.example.com --account='EXAMPLE\\svc-ndes' \\\n"
                "      --spn=ndes.example.com --spn=ndes\n"
                "  check_ndes_account --domain=example.com --user=mon@EXAMPLE.COM \\\n"
                "      --keytab=/etc/ndes/mon.keytab --account='gmsa-ndes$' --host=ndes01\n"
                "  check_ndes_account -H dc1.example.com -S --user='EXAMPLE\\mon' \\\n"
                "      --password-file=/etc/ndes/mon.password --account='EXAMPLE\\NDES01$'\n",
    .findings = findings,
    .finding_count = COUNT_OF(findings),
    .metrics = account_metrics,
    .metric_count = METRIC_COUNT,
    .timeout = NDES_LDAP_TIMEOUT,
    .hangs = "most likely no Kerberos server (KDC) or name server answers",
};

static bool resolve(void *options, char *error, size_t error_size)
{
    return account_options_resolve(options, error, error_size);
}

static int run(const void *given, struct run *timing)
{
    const struct account_options *options = given;
    struct account_facts facts = {0};
    struct report report;
    struct directory_session *session;
    struct problem opened = {0};
    int exit_code;

    run_start(timing, &plugin, &options->common);
    session = directory_open(&options->ldap.settings, &timing->deadline, directory_keep_trace,
                             &facts.trace, &opened);
    if (!session)
        return options_complain(&plugin, "out of memory");
    account_collect(options, session, &opened, &facts);
    directory_close(session);
    run_report(&report, &plugin, &options->common);
    account_judge(options, &facts, &report);
    exit_code = report_print(&report, &options->common.style, stdout);
    report_free(&report);
    account_facts_free(&facts);
    return exit_code;
}

int main(int argc, char **argv)
{
    static const struct plugin_steps steps = {resolve, run};
    struct account_options options;
    struct option_group groups[DIRECTORY_GROUPS + 2] = {{0}};
    int exit_code;

    account_options_init(&options);
    directory_options_groups(&options.ldap, groups);
    groups[DIRECTORY_GROUPS] = account_option_group(&options);
    groups[DIRECTORY_GROUPS + 1] = common_options_group(&options.common);
    exit_code = run_plugin(&plugin, &steps, &options, groups, COUNT_OF(groups), argc, argv);
    directory_options_free(&options.ldap);
    return exit_code;
}
