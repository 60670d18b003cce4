/* spec.h - what a check is: its name and texts, its findings, its metrics.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PLUGIN_SPEC_H
#define NDES_PLUGIN_SPEC_H

#include "common/options/options.h"
#include "common/report/report.h"

struct plugin_spec {
    struct option_program program;   /* its name and texts; the rest is for plugin_program() */
    const enum finding_id *findings; /* everything that it may report */
    size_t finding_count;
    const struct metric_kind *metrics;
    size_t metric_count;
    enum finding_id timeout; /* the finding whose state --timeout-result decides */
    const char *hangs;       /* what may overrun the deadline, for people; NULL if nothing known */
};

/* The program for options_parse(): --help lists the findings; --describe has findings (id, state,
 * by_limit, section, headline, cause, remedy), sections and metrics (label, unit, decimals, help).
 * `plugin` must outlive it. */
struct option_program plugin_program(const struct plugin_spec *plugin);

#endif
