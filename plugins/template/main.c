/* main.c - may the service account enrol on the templates, and does the CA publish them?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/template/template.h"

#include "common/ldap/verdict.h"
#include "common/base/text.h"
#include "common/plugin/run.h"

static const enum finding_id findings[] = {
    NDES_CA_EXPIRED,     NDES_CA_EXPIRING,     NDES_LDAP_DESCRIPTOR,  NDES_ACCT_MISSING,
    NDES_ACCT_AMBIGUOUS, NDES_TMPL_MISSING,    NDES_TMPL_UNPUBLISHED, NDES_TMPL_NOENROLL,
    NDES_TMPL_SUBJECT,   NDES_TMPL_APPROVAL,   NDES_TMPL_USAGE,       NDES_TMPL_KEYSIZE,
    NDES_TMPL_VALIDITY,  NDES_TMPL_CHANGED,    NDES_TMPL_DEFAULT,     NDES_TMPL_NOCA,
    NDES_TMPL_NTAUTH,    NDES_TMPL_BROAD,      NDES_TMPL_WRITABLE,    NDES_TMPL_V1,
    NDES_TMPL_NOSID,     NDES_TMPL_SERVERAUTH, NDES_TMPL_RALEFT,      DIRECTORY_FINDINGS,
};

static const struct plugin_spec plugin = {
    .program.name = "check_ndes_template",
    .program.service = "NDES TEMPLATE",
    .program.summary = "may NDES's account enrol on the templates, and does the CA publish them?",
    .program.details =
        "Asks a domain controller over LDAP about certificate templates, the CAs that "
        "publish them, and the groups of the account that NDES runs as; decides from the "
        "template's permissions, as Windows does, whether that account may enrol.",
    .program.examples =
        "  check_ndes_template --domain=example.com --template=NDESDevice \\\n"
        "      --account='EXAMPLE\\svc-ndes' --ca=EXAMPLE-CA\n"
        "  check_ndes_template -H dc1.example.com -H dc2.example.com --profile=intune \\\n"
        "      --user=mon@EXAMPLE.COM --keytab=/etc/ndes/mon.keytab \\\n"
        "      --signature-template=NDESDevice --encryption-template=NDESDevice \\\n"
        "      --general-template=NDESDevice --account='EXAMPLE\\gmsa-ndes$'\n"
        "  check_ndes_template -H dc1.example.com -S --user='EXAMPLE\\mon' \\\n"
        "      --password-file=/etc/ndes/mon.password --template=NDESDevice \\\n"
        "      --account=svc-ndes@example.com --expect-revision=100.7 -w 400d\n",
    .findings = findings,
    .finding_count = COUNT_OF(findings),
    .metrics = template_metrics,
    .metric_count = METRIC_COUNT,
    .timeout = NDES_LDAP_TIMEOUT,
    .hangs = "most likely no Kerberos server (KDC) or name server answers",
};

static bool open_session(struct run *run, char *error, size_t error_size)
{
    const struct template_options *options = run->options;
    struct template_facts *facts = run->facts;

    run->session = directory_open(&options->ldap.settings, &run->deadline, directory_keep_trace,
                                  &facts->trace, &facts->fatal);
    if (!run->session)
        text_copy(error, error_size, "out of memory");
    return run->session;
}

static void collect(struct run *run)
{
    template_collect(run->options, run->session, &run->deadline, run->facts);
}

static void judge(const struct run *run, struct report *report)
{
    template_judge(run->options, run->facts, report);
}

static void close_all(struct run *run)
{
    template_facts_free(run->facts);
    directory_close(run->session);
}

static const struct plugin_steps steps = {
    .options_size = sizeof(struct template_options),
    .facts_size = sizeof(struct template_facts),
    .groups = template_options_groups,
    .resolve = template_options_resolve,
    .open = open_session,
    .collect = collect,
    .judge = judge,
    .close = close_all,
    .free_options = template_options_free,
};

int main(int argc, char **argv)
{
    return run_plugin(&plugin, &steps, argc, argv);
}
