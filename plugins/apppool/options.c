/* options.c - the options that check_ndes_apppool alone has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/apppool/apppool.h"

#include "common/base/text.h"

/* The sum over all pools is no pool. */
static bool set_pool(const struct option_spec *spec, const char *value, void *target, char *error,
                     size_t error_size)
{
    if (text_equal(value, "_Total")) {
        text_copy(error, error_size, "needs the name of one pool, not the sum of all");
        return false;
    }
    return option_text.set(spec, value, target, error, error_size);
}

static const struct option_type option_pool = {
    .name = "text", .takes_value = true, .set = set_pool};

static const char *const applications[] = {"/CertSrv/mscep", "/CertSrv/mscep_admin", NULL};

#define AT(member) offsetof(struct apppool_options, member)

static const struct option_spec pool_specs[] = {
    {.name = "pool",
     .type = &option_pool,
     .argument = "NAME",
     .offset = AT(pool),
     .standard = "SCEP",
     .help = "Application pool of NDES"},
    {.name = "identity",
     .type = &option_account,
     .argument = "ACCOUNT",
     .offset = AT(identity),
     .help = "Account that the pool must run as: DOMAIN\\user, user@domain, a gMSA with or without "
             "$, ApplicationPoolIdentity, LocalSystem, LocalService or NetworkService"},
    {.name = "application",
     .type = &option_texts,
     .argument = "PATH",
     .offset = AT(applications),
     .standard_list = applications,
     .help = "Application that must run in the pool, if it exists; repeat for more"},
    {.name = "warning",
     .letter = 'w',
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(warning),
     .help = "Warning threshold for the time of all requests together, in seconds"},
    {.name = "critical",
     .letter = 'c',
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(critical),
     .pair = "warning",
     .help = "Critical threshold for the time of all requests together, in seconds"},
    {.name = "failures-warning",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(failures_warning),
     .standard = "0",
     .help = "Warning threshold for worker process failures: those that rapid-fail protection "
             "counts now, or those of the last hour, from the best source available"},
    {.name = "failures-critical",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(failures_critical),
     .pair = "failures-warning",
     .standard = "2",
     .help = "Critical threshold for worker process failures; at the fifth in five minutes IIS "
             "disables the pool"},
    {.name = "recycles-warning",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(recycles_warning),
     .standard = "4",
     .needs = "state-file",
     .help = "Warning threshold for recycles per hour"},
    {.name = "recycles-critical",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(recycles_critical),
     .pair = "recycles-warning",
     .standard = "12",
     .needs = "state-file",
     .help = "Critical threshold for recycles per hour"},
    {.name = "state-file",
     .type = &option_text,
     .argument = "FILE",
     .offset = AT(state_file),
     .help = "File that keeps counters and states between runs; one per server and pool"},
    {.name = "pending-time",
     .type = &option_duration,
     .argument = "DURATION",
     .offset = AT(pending_time),
     .standard = "5m",
     .needs = "state-file",
     .help = "How long the pool may be starting or stopping; without --state-file it is reported "
             "at once",
     .maximum = SECONDS_PER_DAY},
    {.name = "event-window",
     .type = &option_duration,
     .argument = "DURATION",
     .offset = AT(event_window),
     .standard = "1h",
     .help = "How far back the System log is read for the cause; 0: not at all",
     .maximum = 30 * SECONDS_PER_DAY},
};

size_t apppool_options_groups(void *data, struct option_group *groups)
{
    struct apppool_options *options = data;

    winrm_options_groups(&options->winrm, groups);
    groups[WINRM_GROUPS] =
        (struct option_group){"Application pool", pool_specs, COUNT_OF(pool_specs), options};
    return WINRM_GROUPS + 1;
}

bool apppool_options_resolve(void *data, char *error, size_t error_size)
{
    struct apppool_options *options = data;

    return winrm_resolve(&options->winrm, error, error_size);
}

void apppool_options_free(void *data)
{
    struct apppool_options *options = data;

    winrm_options_free(&options->winrm);
}
