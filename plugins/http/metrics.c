/* metrics.c - the perfdata of the check, in the order that is printed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/http/http.h"

const struct metric_kind http_metrics[METRIC_COUNT] = {
    [METRIC_TIME] = {"time", UNIT_SECONDS, 6, "all requests together (-w, -c)"},
    [METRIC_TIME_DNS] = {"time_dns", UNIT_SECONDS, 6, "name resolution"},
    [METRIC_TIME_CONNECT] = {"time_connect", UNIT_SECONDS, 6, "TCP connection"},
    [METRIC_TIME_TLS] = {"time_tls", UNIT_SECONDS, 6, "TLS handshake"},
    [METRIC_TIME_URL] = {"time_url", UNIT_SECONDS, 6, "bare URL, with the connection"},
    [METRIC_TIME_CAPS] = {"time_caps", UNIT_SECONDS, 6, "GetCACaps"},
    [METRIC_TIME_CACERT] = {"time_cacert", UNIT_SECONDS, 6, "GetCACert"},
    [METRIC_TIME_ADMIN] = {"time_admin", UNIT_SECONDS, 6, "admin page, not signed in"},
    [METRIC_TIME_LONG] = {"time_long", UNIT_SECONDS, 6, "long GetCACaps"},
    [METRIC_TIME_CHALLENGE] = {"time_challenge", UNIT_SECONDS, 6, "admin page, signed in"},
    [METRIC_CACERT_SIZE] = {"cacert_size", UNIT_BYTES, 0, "answer to GetCACert"},
    [METRIC_TLS_DAYS] = {"tls_days", UNIT_NONE, 2, "days until the TLS certificate expires (-C)"},
};
