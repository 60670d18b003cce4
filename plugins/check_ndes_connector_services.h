/* check_ndes_connector_services.h - which services make up the Intune connector.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PLUGINS_CHECK_NDES_CONNECTOR_SERVICES_H
#define NDES_PLUGINS_CHECK_NDES_CONNECTOR_SERVICES_H

#include "common/base/buffer.h"
#include "common/cim/rows.h"
#include "common/options/types.h"

enum { SERVICES_MAXIMUM = 24 };

/* What set-up can switch on: a DWORD of that name in the connector's key, 1 or 0. */
enum feature {
    FEATURE_SCEP,
    FEATURE_PFX_CREATE,
    FEATURE_PFX_IMPORT,
    FEATURE_REVOCATION,
    FEATURE_COUNT,
};

enum feature_state {
    FEATURE_NOT_ASKED, /* its services run: nothing depends on it */
    FEATURE_ON,
    FEATURE_OFF,
    FEATURE_UNKNOWN, /* no such value, or not readable */
};

/* EnableSCEP and so on. */
const char *feature_name(enum feature feature);

enum service_kind {
    SERVICE_FOREIGN, /* not of the connector */
    SERVICE_UNIFIED, /* Certificate Connector for Microsoft Intune, since 2021 */
    SERVICE_LEGACY,  /* Microsoft Intune Connector */
    SERVICE_UPDATER, /* its auto-update */
};

struct service {
    enum service_kind kind;
    bool present;      /* false only for one that --service names */
    bool named;        /* by --service: it must run, whatever the features */
    unsigned features; /* bits 1 << enum feature that it serves */
    bool always;       /* it must run, whatever the features */
    char name[80];
    char display[160];
    char state[32];      /* Running, Stopped, Start Pending ... */
    char start_mode[32]; /* Auto, Manual, Disabled */
    char account[128];
    char path[512]; /* command line */
    int64_t exit_code;
    int64_t specific_exit_code;
};

/* Appends the query for the connector's services, or for those that are named, and for EventLog,
 * which tells "not there" from "not shown". */
void services_query(const struct text_list *named, struct buffer *wql);

/* Takes the services from the rows: those of the connector, or exactly those that are named, absent
 * ones too. Returns how many; `*control_seen` tells whether EventLog was among the rows. */
size_t services_read(const struct text_list *named, const struct cim_rows *rows,
                     struct service services[SERVICES_MAXIMUM], bool *control_seen);

bool service_runs(const struct service *service);

/* Bits of the features whose switch decides something: a service of theirs does not run, or there
 * is none although the connector is there. */
unsigned services_open_features(const struct service *services, size_t count);

/* Writes the path of a service's executable, without its arguments; "" if there is none. */
void service_executable(const struct service *service, char *path, size_t size);

#endif
