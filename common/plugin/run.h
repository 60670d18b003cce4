/* run.h - what every check does around its work: options, one deadline, one report.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PLUGIN_RUN_H
#define NDES_PLUGIN_RUN_H

#include "common/base/clock.h"
#include "common/plugin/common_options.h"
#include "common/plugin/spec.h"

enum { OPTION_GROUPS_MAXIMUM = 8 };

/* A run of a check. The three pointers are of the check's own types. */
struct run {
    struct deadline deadline;
    char watchdog_line[240]; /* printed if the deadline is overrun by a call that knows none */
    const void *options;
    void *session; /* what open() made of the options: whom collect() asks */
    void *facts;   /* starts zeroed */
};

/* What a check brings: its types and its steps, in the order in which they run. */
struct plugin_steps {
    size_t options_size; /* of a struct whose first member is struct common_options; zeroed */
    size_t facts_size;
    /* Writes the groups of its options, all but the common one; returns their number, less than
     * OPTION_GROUPS_MAXIMUM. */
    size_t (*groups)(void *options, struct option_group *groups);
    /* Checks the options together; on failure returns false and writes a usage error. */
    bool (*resolve)(void *options, char *error, size_t error_size);
    /* Sets run->session. Returns false and writes a line for people only if nothing can be asked
     * for a local reason: that is UNKNOWN. close() is called all the same. */
    bool (*open)(struct run *run, char *error, size_t error_size);
    /* Asks: all the I/O, from the session into the facts; judges nothing. */
    void (*collect)(struct run *run);
    /* Turns facts into findings; pure. */
    void (*judge)(const struct run *run, struct report *report);
    /* Frees the session, which may be NULL, and what the facts own. */
    void (*close)(struct run *run);
    void (*free_options)(void *options);
};

/* All that main() does. Returns the exit code. */
int run_plugin(const struct plugin_spec *plugin, const struct plugin_steps *steps, int argc,
               char **argv);

#endif
