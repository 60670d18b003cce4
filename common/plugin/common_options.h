/* common_options.h - the options that every plugin has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PLUGIN_COMMON_OPTIONS_H
#define NDES_PLUGIN_COMMON_OPTIONS_H

#include "common/options/options.h"
#include "common/report/report.h"

struct common_options {
    struct report_style style; /* --output, --perfdata-thresholds, -v */
    int64_t timeout;           /* seconds for the whole run, 1 to 3600 */
    enum state timeout_result;
    struct state_overrides states; /* by --state ID=STATE */
};

/* The group for options_parse(): -v, -t, --timeout-result, --output, --state,
 * --perfdata-thresholds. (--help, --version, --describe and --extra-opts belong to
 * options_parse() itself, which lists them in --help.) */
struct option_group common_options_group(struct common_options *options);

#endif
