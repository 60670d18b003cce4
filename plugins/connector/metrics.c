/* metrics.c - the perfdata of the check, in the order that is printed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

const struct metric_kind connector_metrics[METRIC_COUNT] = {
    [METRIC_TIME] = {"time", UNIT_SECONDS, 6, "all requests together (-w, -c)"},
    [METRIC_RUNNING] = {"services_running", UNIT_NONE, 0, "connector services that are running"},
    [METRIC_VERSION_AGE] = {"version_age_days", UNIT_NONE, 0,
                            "days since the next newer version appeared, 0 if there is none"},
    [METRIC_HEARTBEAT_AGE] = {"heartbeat_age", UNIT_SECONDS, 0,
                              "time since the connector last checked in (--heartbeat-warning, "
                              "--heartbeat-critical)"},
    [METRIC_CERTIFICATE_DAYS] =
        {"certificate_days", UNIT_NONE, 2,
         "days until the client certificate expires (--cert-warning, --cert-critical)"},
    [METRIC_FAILURES] = {"failures", UNIT_NONE, 0,
                         "failed requests in the window (--failures-warning, --failures-critical)"},
    [METRIC_HEALTH_FAILURES] = {"health_failures", UNIT_NONE, 0,
                                "health messages in the window that did not reach Intune"},
};
