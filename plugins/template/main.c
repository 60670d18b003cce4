/* main.c - may the service account enrol on the templates, and does the CA publish
 * them?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/template/template.h"

#include "common/base/text.h"
#include "common/ldap/settings.h"
#include "common/ldap/verdict.h"
#include "common/plugin/run.h"

const struct metric_kind template_metrics[METRIC_COUNT] = {
    [METRIC_TIME] = {"time", UNIT_SECONDS, 6,
                     "all LDAP requests together (--time-warning, --time-critical)"},
    [METRIC_TEMPLATES] = {"templates", UNIT_NONE, 0, "templates that were found and checked"},
    [METRIC_CA_DAYS] = {"ca_days", UNIT_NONE, 2,
                        "days that the CA certificate that ends first has left (-w, -c)"},
};

static const char *const profiles[] = {[PROFILE_NDES] = "ndes", [PROFILE_INTUNE] = "intune", NULL};

#define AT(member) offsetof(struct template_options, member)

static const struct option_spec specs[] = {
    {.name = "template",
     .type = &option_texts,
     .argument = "NAME",
     .offset = AT(templates),
     .help = "Template name (cn, not the display name) of a template that NDES uses; repeat it for "
             "more"},
    {.name = "signature-template",
     .type = &option_text,
     .argument = "NAME",
     .offset = AT(use_templates[USE_SIGNATURE]),
     .help = "The registry value SignatureTemplate: its key usage is checked, too"},
    {.name = "encryption-template",
     .type = &option_text,
     .argument = "NAME",
     .offset = AT(use_templates[USE_ENCRYPTION]),
     .help = "The same of EncryptionTemplate"},
    {.name = "general-template",
     .type = &option_text,
     .argument = "NAME",
     .offset = AT(use_templates[USE_GENERAL]),
     .help = "The same of GeneralPurposeTemplate"},
    {.name = "account",
     .type = &option_text,
     .argument = "NAME",
     .offset = AT(account),
     .help = "The account that NDES runs as: DOMAIN\\user, user@domain, a DN, a SID or a logon "
             "name; a gMSA with or without $"},
    {.name = "ca",
     .type = &option_text,
     .argument = "NAME",
     .offset = AT(ca),
     .help =
         "The CA that NDES uses, by its name or as host\\name (registry value Configuration); "
         "without it any CA that publishes the template will do, and the one that lasts longest "
         "is judged"},
    {.name = "profile",
     .type = &option_choice,
     .argument = "PROFILE",
     .offset = AT(profile),
     .choices = profiles,
     .standard = "ndes",
     .help = "What the server is used for: ndes or intune, which never uses the default template"},
    {.name = "client-key-bits",
     .type = &option_integer,
     .argument = "BITS",
     .offset = AT(client_key_bits),
     .standard = "2048",
     .help = "Size of the keys that devices make",
     .minimum = 256,
     .maximum = 65536},
    {.name = "require-ntauth",
     .type = &option_flag,
     .offset = AT(require_ntauth),
     .help = "The CA must be in NTAuthCertificates: certificates are for logon"},
    {.name = "expect-revision",
     .type = &option_texts,
     .argument = "[TEMPLATE=]MAJOR.MINOR",
     .offset = AT(revisions),
     .help = "Revision that the template must have, to notice changes; repeat it for more"},
    {.name = "warning",
     .letter = 'w',
     .type = &option_limit,
     .argument = "LIMIT",
     .offset = AT(warning),
     .standard = "90:",
     .help = "What the CA certificate must have left: a range in days (90:), or with a unit 90d, "
             "36h, or 10% of its lifetime"},
    {.name = "critical",
     .letter = 'c',
     .type = &option_limit,
     .argument = "LIMIT",
     .offset = AT(critical),
     .standard = "30:",
     .help = "The same, for CRITICAL"},
    {.name = "posture",
     .type = &option_switch,
     .argument = "SWITCH",
     .offset = AT(posture),
     .choices = switch_choices,
     .standard = "on",
     .help = "Whether to report settings and permissions that are dangerous"},
};

static const enum finding_id findings[] = {
    NDES_CA_EXPIRED,     NDES_CA_EXPIRING,     NDES_LDAP_DESCRIPTOR,  NDES_ACCT_MISSING,
    NDES_ACCT_AMBIGUOUS, NDES_TMPL_MISSING,    NDES_TMPL_UNPUBLISHED, NDES_TMPL_NOENROLL,
    NDES_TMPL_SUBJECT,   NDES_TMPL_APPROVAL,   NDES_TMPL_USAGE,       NDES_TMPL_KEYSIZE,
    NDES_TMPL_VALIDITY,  NDES_TMPL_CHANGED,    NDES_TMPL_DEFAULT,     NDES_TMPL_NOCA,
    NDES_TMPL_NTAUTH,    NDES_TMPL_BROAD,      NDES_TMPL_WRITABLE,    NDES_TMPL_V1,
    NDES_TMPL_NOSID,     NDES_TMPL_SERVERAUTH, NDES_TMPL_RALEFT,      DIRECTORY_FINDINGS,
};

static const struct plugin_spec plugin = {
    .name = "check_ndes_template",
    .service = "NDES TEMPLATE",
    .summary = "may NDES's account enrol on the templates, and does the CA publish them?",
    .details = "Asks a domain controller by LDAP for certificate templates, the CAs that publish "
               "them, and the groups of the account that NDES runs as; decides from the template's "
               "permissions, as Windows does, whether that account may enrol.",
    .examples = "  check_ndes_template --domain=example.com --template=NDESDevice \\\n"
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

static bool resolve(void *target, char *error, size_t error_size)
{
    struct template_options *options = target;

    return template_options_complete(options, error, error_size) &&
           directory_resolve(&options->ldap, error, error_size) &&
           template_servers_fit(&options->ldap.settings, error, error_size);
}

static int run(const void *target, struct run *timing)
{
    const struct template_options *options = target;
    struct template_facts facts = {0};
    struct directory_session *session;
    struct report report;
    int exit_code;

    run_start(timing, &plugin, &options->common);
    session = directory_open(&options->ldap.settings, &timing->deadline, directory_keep_trace,
                             &facts.trace, &facts.fatal);
    if (!session)
        return options_complain(&plugin, "out of memory");
    template_collect(options, session, &facts);
    directory_close(session);
    run_report(&report, &plugin, &options->common);
    template_judge(options, &facts, &report);
    exit_code = report_print(&report, &options->common.style, stdout);
    report_free(&report);
    template_facts_free(&facts);
    return exit_code;
}

static void set_defaults(struct template_options *options)
{
    *options = (struct template_options){.client_key_bits = 2048, .posture = true};
    limit_parse("90:", &options->warning);
    limit_parse("30:", &options->critical);
    common_options_init(&options->common);
    directory_options_init(&options->ldap);
}

int main(int argc, char **argv)
{
    static const struct plugin_steps steps = {resolve, run};
    struct template_options options;
    struct option_group groups[DIRECTORY_GROUPS + 2] = {{0}};
    int exit_code;

    set_defaults(&options);
    directory_options_groups(&options.ldap, groups);
    groups[DIRECTORY_GROUPS] =
        (struct option_group){"Template and account", specs, COUNT_OF(specs), &options};
    groups[DIRECTORY_GROUPS + 1] = common_options_group(&options.common);
    exit_code = run_plugin(&plugin, &steps, &options, groups, COUNT_OF(groups), argc, argv);
    directory_options_free(&options.ldap);
    return exit_code;
}
