/* collect_host.c - asks how long the server has been up, and in which time zone it is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

void connector_collect_host(struct cim_session *session, struct host_facts *host,
                            struct problem *problem)
{
    struct cim_rows rows = {0};
    const struct cim_row *row;
    int64_t booted;
    int64_t now;
    int64_t zone;

    if (host->has_uptime || host->has_zone)
        return;
    cim_query(session, "root/cimv2",
              "SELECT LastBootUpTime,LocalDateTime,CurrentTimeZone FROM Win32_OperatingSystem",
              &rows, problem);
    row = rows.count ? &rows.rows[0] : NULL;
    if (cim_time(row, "LastBootUpTime", &booted) == CIM_VALUE &&
        cim_time(row, "LocalDateTime", &now) == CIM_VALUE) {
        host->has_uptime = true;
        host->uptime = now - booted;
    }
    if (cim_number(row, "CurrentTimeZone", &zone) == CIM_VALUE && zone >= -24 * 60 &&
        zone <= 24 * 60) {
        host->has_zone = true;
        host->zone_minutes = (int)zone;
    }
    cim_rows_free(&rows);
}
