/* metrics.c - the perfdata of the check, in the order that is printed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/racert/racert.h"

const struct metric_kind racert_metrics[METRIC_COUNT] = {
    [METRIC_TIME] = {"time", UNIT_SECONDS, 6, "the GetCACert request"},
    [METRIC_SIGNING_DAYS] = {"signing_days", UNIT_NONE, 2,
                             "days until the RA signing certificate expires (-w, -c)"},
    [METRIC_ENCRYPTION_DAYS] = {"encryption_days", UNIT_NONE, 2,
                                "days until the RA encryption certificate expires (-w, -c)"},
    [METRIC_LIFETIME] = {"lifetime_left", UNIT_PERCENT, 1,
                         "remaining lifetime of the RA certificate that expires first"},
    [METRIC_CRL_HOURS] = {"crl_hours", UNIT_NONE, 1, "hours to the CRL's nextUpdate (--check-crl)"},
    [METRIC_CA_DAYS] = {"ca_days", UNIT_NONE, 2, "days until the newest CA certificate expires"},
};
