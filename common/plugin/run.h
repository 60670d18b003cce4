/* run.h - what every plugin does around its work: one deadline, one report.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PLUGIN_RUN_H
#define NDES_PLUGIN_RUN_H

#include "common/base/clock.h"
#include "common/plugin/common_options.h"

struct run {
    struct deadline deadline;
    char watchdog_line[240]; /* printed if the deadline is overrun by a call that knows none */
};

/* Arms the watchdog while the options are read, from files and pipes that may block; run_start()
 * takes over. Before it, no --timeout is known. */
void run_guard(struct run *run, const struct plugin_spec *plugin);

/* Starts the clock of --timeout and arms the watchdog. `run` must outlive the process's work. */
void run_start(struct run *run, const struct plugin_spec *plugin,
               const struct common_options *options);

/* Starts the report with the operator's --state and --timeout-result. */
void run_report(struct report *report, const struct plugin_spec *plugin,
                const struct common_options *options);

/* The two steps of a plugin that are its own; `options` is its struct. */
struct plugin_steps {
    /* Checks the options together; on failure returns false and writes a usage error. */
    bool (*resolve)(void *options, char *error, size_t error_size);
    /* Does the work under run_start()'s deadline and returns the exit code. */
    int (*run)(const void *options, struct run *run);
};

/* All that main() does between setting the defaults of the options and freeing them. Returns the
 * exit code. */
int run_plugin(const struct plugin_spec *plugin, const struct plugin_steps *steps, void *options,
               const struct option_group *groups, size_t group_count, int argc, char **argv);

#endif
