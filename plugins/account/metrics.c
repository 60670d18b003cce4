/* metrics.c - the perfdata of the check, in the order that is printed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/account/account.h"

const struct metric_kind account_metrics[METRIC_COUNT] = {
    [METRIC_TIME] = {"time", UNIT_SECONDS, 6,
                     "all requests together (--time-warning, --time-critical)"},
    [METRIC_PASSWORD_DAYS] = {"password_days", UNIT_NONE, 2,
                              "days until the password expires (-w, -c)"},
    [METRIC_ACCOUNT_DAYS] = {"account_days", UNIT_NONE, 2,
                             "days until the account expires (-w, -c)"},
    [METRIC_BAD_PASSWORDS] = {"bad_passwords", UNIT_NONE, 0,
                              "bad password attempts that this domain controller counts"},
};
