/* run.c - what every plugin does around its work: one deadline, one report.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/options/run.h"

#include "common/base/last_resort.h"
#include "common/base/process.h"
#include "common/base/text.h"

/* An own --state for the finding wins over --timeout-result. */
static enum state timeout_state(const struct plugin_spec *plugin,
                                const struct common_options *options)
{
    const struct state_overrides *states = &options->states;

    return states->set[plugin->timeout] ? states->state[plugin->timeout] : options->timeout_result;
}

static void arm_last_resort(const struct plugin_spec *plugin)
{
    char line[LAST_RESORT_LINE_MAXIMUM];

    text_format(
        line, sizeof line,
        "%s UNKNOWN - the check itself crashed, so nothing is known about the server: run it "
        "by hand with -vvv, and please report its output and version (" PACKAGE_VERSION ")\n",
        plugin->service);
    last_resort_arm(line);
}

void run_guard(struct run *run, const struct plugin_spec *plugin)
{
    run->deadline = deadline_in(DEFAULT_TIMEOUT);
    text_format(run->watchdog_line, sizeof run->watchdog_line,
                "%s UNKNOWN - the options could not be read within %d s\n", plugin->service,
                DEFAULT_TIMEOUT);
    deadline_arm_watchdog(&run->deadline, run->watchdog_line, STATE_UNKNOWN);
}

void run_start(struct run *run, const struct plugin_spec *plugin,
               const struct common_options *options)
{
    enum state state = timeout_state(plugin, options);

    run->deadline = deadline_in(options->timeout);
    text_format(run->watchdog_line, sizeof run->watchdog_line,
                "%s %s - not finished within %d s%s%s [%s]\n", plugin->service, state_name(state),
                (int)options->timeout, plugin->hangs ? ": " : "",
                plugin->hangs ? plugin->hangs : "", catalogue_row(plugin->timeout)->id);
    deadline_arm_watchdog(&run->deadline, run->watchdog_line, (int)state);
}

void run_report(struct report *report, const struct plugin_spec *plugin,
                const struct common_options *options)
{
    struct state_overrides states = options->states;

    states.set[plugin->timeout] = true;
    states.state[plugin->timeout] = timeout_state(plugin, options);
    report_init(report, plugin->name, plugin->service, &states);
}

int run_plugin(const struct plugin_spec *plugin, const struct plugin_steps *steps, void *options,
               const struct option_group *groups, size_t group_count, int argc, char **argv)
{
    struct option_memory memory = {0};
    struct run run;
    char error[1200];
    int exit_code;

    process_start();
    arm_last_resort(plugin);
    run_guard(&run, plugin);
    if (options_parse(plugin, groups, group_count, argc, argv, &memory, &exit_code) == OPTIONS_RUN)
        exit_code = steps->resolve(options, error, sizeof error)
                        ? steps->run(options, &run)
                        : options_complain(plugin, "%s", error);
    options_free(&memory);
    return exit_code;
}
