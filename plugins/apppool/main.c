/* main.c - is the application pool up, stable, and running as the right account?
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/apppool/apppool.h"

#include "common/base/text.h"
#include "common/cim/verdict.h"
#include "common/cim/wsman.h"
#include "common/plugin/run.h"

const struct metric_kind apppool_metrics[METRIC_COUNT] = {
    [METRIC_TIME] = {"time", UNIT_SECONDS, 6, "all requests together (-w, -c)"},
    [METRIC_STATE] = {"state", UNIT_NONE, 0,
                      "0 stopped, 1 starting, 2 idle, 3 running, 4 stopping"},
    [METRIC_UPTIME] = {"uptime", UNIT_SECONDS, 0, "since the pool was started"},
    [METRIC_WORKERS] = {"workers", UNIT_NONE, 0, "worker processes"},
    [METRIC_RECENT_FAILURES] = {"recent_failures", UNIT_NONE, 0,
                                "worker process failures that rapid-fail protection counts now"},
    [METRIC_NEW_FAILURES] = {"new_failures", UNIT_NONE, 0,
                             "worker process failures in the last hour (--state-file)"},
    [METRIC_RECYCLES] = {"recycles", UNIT_COUNTER, 0, "recycles since WAS was started"},
    [METRIC_RECYCLES_PER_HOUR] = {"recycles_per_hour", UNIT_NONE, 2,
                                  "recycles in the last hour (--state-file)"},
    [METRIC_EVENTS] = {"events", UNIT_NONE, 0, "WAS events about the pool in --event-window"},
};

/* The sum over all pools is no pool. */
static bool set_pool(const struct option_spec *spec, const char *value, void *target, char *error,
                     size_t error_size)
{
    if (text_equal(value, "_Total")) {
        text_copy(error, error_size, "wants the name of one pool, not the sum of all");
        return false;
    }
    return option_text.set(spec, value, target, error, error_size);
}

static const struct option_type option_pool = {
    .name = "text", .takes_value = true, .set = set_pool};

#define AT(member) offsetof(struct apppool_options, member)

static const struct option_spec pool_specs[] = {
    {.name = "pool",
     .type = &option_pool,
     .argument = "NAME",
     .offset = AT(pool),
     .standard = "SCEP",
     .help = "Application pool of NDES"},
    {.name = "identity",
     .type = &option_text,
     .argument = "ACCOUNT",
     .offset = AT(identity),
     .help = "Account that the pool must run as: DOMAIN\\user, user@domain, a gMSA with or without "
             "$, ApplicationPoolIdentity, LocalSystem, LocalService or NetworkService"},
    {.name = "application",
     .type = &option_texts,
     .argument = "PATH",
     .offset = AT(applications),
     .help = "Application that must run in the pool, if there is one; repeat it for more; default "
             "/CertSrv/mscep and /CertSrv/mscep_admin"},
    {.name = "warning",
     .letter = 'w',
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(warning),
     .help = "Seconds that all requests together may take"},
    {.name = "critical",
     .letter = 'c',
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(critical),
     .help = "The same, for CRITICAL"},
    {.name = "failures-warning",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(failures_warning),
     .standard = "0",
     .help = "Worker process failures, by the source that tells most: those that rapid-fail "
             "protection counts now, or those of the last hour"},
    {.name = "failures-critical",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(failures_critical),
     .standard = "2",
     .help = "The same, for CRITICAL; at the fifth in five minutes IIS switches the pool off"},
    {.name = "recycles-warning",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(recycles_warning),
     .standard = "4",
     .help = "Recycles per hour; needs --state-file"},
    {.name = "recycles-critical",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(recycles_critical),
     .standard = "12",
     .help = "The same, for CRITICAL; needs --state-file"},
    {.name = "state-file",
     .type = &option_text,
     .argument = "FILE",
     .offset = AT(state_file),
     .help = "File to keep counters and states in between runs; one for each server and pool"},
    {.name = "pending-time",
     .type = &option_duration,
     .argument = "TIME",
     .offset = AT(pending_time),
     .standard = "5m",
     .help =
         "How long the pool may be starting or stopping; needs --state-file: without it, it may "
         "not at all",
     .maximum = SECONDS_PER_DAY},
    {.name = "event-window",
     .type = &option_duration,
     .argument = "TIME",
     .offset = AT(event_window),
     .standard = "1h",
     .help = "How far back the System log is read for the cause; 0: not at all",
     .maximum = 30 * SECONDS_PER_DAY},
};

static const enum finding_id findings[] = {
    NDES_IIS_STOPPED,   NDES_POOL_STOPPED, NDES_POOL_RAPIDFAIL, NDES_POOL_IDENTITY,
    NDES_POOL_WRONGID,  NDES_POOL_MISSING, NDES_POOL_PENDING,   NDES_POOL_MAPPING,
    NDES_POOL_CRASHING, NDES_POOL_STATE,   NDES_WINRM_SLOW,     CIM_FINDINGS,
};

static const struct plugin_spec plugin = {
    .name = "check_ndes_apppool",
    .service = "NDES APPPOOL",
    .summary = "is the pool up, stable, and under the right identity?",
    .details = "Asks the Windows server by WinRM for IIS's services, the application pool of NDES, "
               "its counters and events. Takes the state from any of three sources, so that it "
               "works with few rights and without extra features.",
    .examples = "  check_ndes_apppool -H ndes.example.com --user=mon@EXAMPLE.COM \\\n"
                "      --keytab=/etc/ndes/mon.keytab --identity='EXAMPLE\\svc-ndes$'\n"
                "  check_ndes_apppool -H ndes.example.com --user='EXAMPLE\\mon' \\\n"
                "      --password-file=/etc/ndes/mon.password --state-file=/var/lib/ndes/scep\n"
                "  check_ndes_apppool -H ndes.example.com -S --event-window=12h\n",
    .findings = findings,
    .finding_count = COUNT_OF(findings),
    .metrics = apppool_metrics,
    .metric_count = METRIC_COUNT,
    .timeout = NDES_WINRM_TIMEOUT,
    .hangs = "most likely no Kerberos server (KDC) or name server answers",
};

/* An option whose use, or else default, is decided by resolve(). */
enum { NOT_GIVEN = -1 };

static void set_defaults(struct apppool_options *options)
{
    *options =
        (struct apppool_options){.pool = "SCEP", .pending_time = NOT_GIVEN, .event_window = 3600};
    range_parse("0", &options->failures_warning);
    range_parse("2", &options->failures_critical);
    common_options_init(&options->common);
    winrm_options_init(&options->winrm);
}

static bool resolve(void *data, char *error, size_t error_size)
{
    struct apppool_options *options = data;
    static const struct text_list standard = {{"/CertSrv/mscep", "/CertSrv/mscep_admin"}, 2};

    if (!options->applications.count)
        options->applications = standard;
    if (!options->state_file && (options->recycles_warning.set || options->recycles_critical.set ||
                                 options->pending_time != NOT_GIVEN)) {
        text_copy(error, error_size,
                  "--recycles-warning, --recycles-critical and --pending-time need --state-file");
        return false;
    }
    if (!options->recycles_warning.set)
        range_parse("4", &options->recycles_warning);
    if (!options->recycles_critical.set)
        range_parse("12", &options->recycles_critical);
    if (options->pending_time == NOT_GIVEN)
        options->pending_time = 300;
    return winrm_resolve(&options->winrm, error, error_size);
}

static int run(const void *data, struct run *timing)
{
    const struct apppool_options *options = data;
    struct wsman_settings settings = {.url = options->winrm.url,
                                      .http = &options->winrm.connection.http,
                                      .sign_in = &options->winrm.sign_in};
    struct apppool_facts facts = {0};
    struct report report;
    struct cim_session *session;
    char error[1200];
    int exit_code;

    run_start(timing, &plugin, &options->common);
    session = wsman_open(&settings, &timing->deadline, error, sizeof error);
    if (!session)
        return options_complain(&plugin, "%s", error);
    apppool_collect(options, session, &timing->deadline, &facts);
    cim_close(session);
    run_report(&report, &plugin, &options->common);
    apppool_judge(options, &facts, &report);
    exit_code = report_print(&report, &options->common.style, stdout);
    report_free(&report);
    return exit_code;
}

static const struct plugin_steps steps = {resolve, run};

int main(int argc, char **argv)
{
    struct apppool_options options;
    struct option_group groups[WINRM_GROUPS + 2] = {{0}};
    int exit_code;

    set_defaults(&options);
    winrm_options_groups(&options.winrm, groups);
    groups[WINRM_GROUPS] =
        (struct option_group){"Application pool", pool_specs, COUNT_OF(pool_specs), &options};
    groups[WINRM_GROUPS + 1] = common_options_group(&options.common);
    exit_code = run_plugin(&plugin, &steps, &options, groups, COUNT_OF(groups), argc, argv);
    winrm_options_free(&options.winrm);
    return exit_code;
}
