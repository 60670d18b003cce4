/* run.c - what every check does around its work: options, one deadline, one report.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/plugin/run.h"

#include <jansson.h>
#include <stdlib.h>

#include "common/base/last_resort.h"
#include "common/base/memory.h"
#include "common/base/process.h"
#include "common/base/text.h"

enum { OPTIONS_SECONDS = 10 }; /* that reading the options may take */

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
        plugin->program.service);
    last_resort_arm(line);
}

/* Arms the watchdog while the options are read, from files and pipes that may block. No --timeout
 * is known yet. */
static void guard_options(struct run *run, const struct plugin_spec *plugin)
{
    run->deadline = deadline_in(OPTIONS_SECONDS);
    text_format(run->watchdog_line, sizeof run->watchdog_line,
                "%s UNKNOWN - the options could not be read within %d s\n", plugin->program.service,
                OPTIONS_SECONDS);
    deadline_arm_watchdog(&run->deadline, run->watchdog_line, STATE_UNKNOWN);
}

/* Starts the clock of --timeout. */
static void start_clock(struct run *run, const struct plugin_spec *plugin,
                        const struct common_options *options)
{
    enum state state = timeout_state(plugin, options);

    run->deadline = deadline_in(options->timeout);
    text_format(run->watchdog_line, sizeof run->watchdog_line,
                "%s %s - not finished within %d s%s%s [%s]\n", plugin->program.service,
                state_name(state), (int)options->timeout, plugin->hangs ? ": " : "",
                plugin->hangs ? plugin->hangs : "", catalogue_row(plugin->timeout)->id);
    deadline_arm_watchdog(&run->deadline, run->watchdog_line, (int)state);
}

/* Starts the report with the operator's --state and --timeout-result. */
static void start_report(struct report *report, const struct plugin_spec *plugin,
                         const struct common_options *options)
{
    struct state_overrides states = options->states;

    states.set[plugin->timeout] = true;
    states.state[plugin->timeout] = timeout_state(plugin, options);
    report_init(report, plugin->program.name, plugin->program.service, &states);
}

/* The steps between the options and the exit code. */
static int work(const struct plugin_spec *plugin, const struct plugin_steps *steps, struct run *run)
{
    const struct common_options *common = run->options;
    struct report report;
    char error[1200];
    int exit_code;

    start_clock(run, plugin, common);
    if (steps->open(run, error, sizeof error)) {
        steps->collect(run);
        start_report(&report, plugin, common);
        steps->judge(run, &report);
        exit_code = report_print(&report, &common->style, stdout);
        report_free(&report);
    } else {
        exit_code = options_complain(&plugin->program, "%s", error);
    }
    steps->close(run);
    return exit_code;
}

static int parse_and_work(const struct plugin_spec *plugin, const struct plugin_steps *steps,
                          struct run *run, void *options, int argc, char **argv)
{
    const struct option_program program = plugin_program(plugin);
    struct option_group groups[OPTION_GROUPS_MAXIMUM];
    struct option_memory memory = {0};
    size_t count;
    char error[1200];
    int exit_code;

    count = steps->groups(options, groups);
    groups[count++] = common_options_group(options);
    if (options_parse(&program, groups, count, argc, argv, &memory, &exit_code) == OPTIONS_RUN)
        exit_code = steps->resolve(options, error, sizeof error)
                        ? work(plugin, steps, run)
                        : options_complain(&plugin->program, "%s", error);
    steps->free_options(options);
    options_free(&memory);
    return exit_code;
}

int run_plugin(const struct plugin_spec *plugin, const struct plugin_steps *steps, int argc,
               char **argv)
{
    const bool usable = process_start();
    void *options = memory_zeroed(1, steps->options_size);
    void *facts = memory_zeroed(1, steps->facts_size);
    struct run run = {.options = options, .facts = facts};
    int exit_code;

    json_set_alloc_funcs(memory_get, free);
    arm_last_resort(plugin);
    guard_options(&run, plugin);
    if (!usable)
        exit_code = options_complain(&plugin->program,
                                     "fewer than %d files may be open (ulimit -n): allow more",
                                     PROCESS_DESCRIPTORS);
    else if (!options || !facts)
        exit_code = options_complain(&plugin->program, "out of memory");
    else
        exit_code = parse_and_work(plugin, steps, &run, options, argc, argv);
    free(facts);
    free(options);
    return exit_code;
}
