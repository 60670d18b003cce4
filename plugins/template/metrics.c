/* metrics.c - the perfdata of the check, in the order that is printed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/template/template.h"

const struct metric_kind template_metrics[METRIC_COUNT] = {
    [METRIC_TIME] = {"time", UNIT_SECONDS, 6,
                     "all LDAP requests together (--time-warning, --time-critical)"},
    [METRIC_TEMPLATES] = {"templates", UNIT_NONE, 0, "templates that were found and checked"},
    [METRIC_CA_DAYS] = {"ca_days", UNIT_NONE, 2,
                        "days until the first CA certificate expires (-w, -c)"},
};
