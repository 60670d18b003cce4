/* metrics.c - the perfdata of the check, in the order that is printed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/apppool/apppool.h"

const struct metric_kind apppool_metrics[METRIC_COUNT] = {
    [METRIC_TIME] = {"time", UNIT_SECONDS, 6, "all requests together (-w, -c)"},
    [METRIC_STATE] = {"state", UNIT_NONE, 0,
                      "0 stopped, 1 starting, 2 idle, 3 running, 4 stopping"},
    [METRIC_UPTIME] = {"uptime", UNIT_SECONDS, 0, "since the pool was started"},
    [METRIC_WORKERS] = {"workers", UNIT_NONE, 0, "worker processes"},
    [METRIC_RECENT_FAILURES] = {"recent_failures", UNIT_NONE, 0,
                                "worker process failures that rapid-fail protection counts now"},
    [METRIC_NEW_FAILURES] = {"new_failures", UNIT_NONE, 0,
                             "worker process failures in the last hour (--state-file)"},
    [METRIC_RECYCLES] = {"recycles", UNIT_COUNTER, 0, "recycles since WAS was started"},
    [METRIC_RECYCLES_PER_HOUR] = {"recycles_per_hour", UNIT_NONE, 2,
                                  "recycles in the last hour (--state-file)"},
    [METRIC_EVENTS] = {"events", UNIT_NONE, 0, "WAS events about the pool in --event-window"},
};
