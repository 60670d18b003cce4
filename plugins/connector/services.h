/* services.h - which services make up the Intune connector.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PLUGINS_CONNECTOR_SERVICES_H
#define NDES_PLUGINS_CONNECTOR_SERVICES_H

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
const char *connector_feature_name(enum feature feature);

enum service_kind {
    SERVICE_FOREIGN, /* not of the connector */
    SERVICE_UNIFIED, /* Certificate Connector for Microsoft Intune, since 2021 */
    SERVICE_LEGACY,  /* Microsoft Intune Connector */
    SERVICE_UPDATER, /* its auto-update */
};

/* Windows hides a service from an account that may not query its status; each has its own list of
 * who may. Its key in the registry is there for everybody. */
enum visibility {
    VISIBILITY_UNSURE, /* not shown, and the registry did not answer */
    VISIBILITY_SHOWN,
    VISIBILITY_HIDDEN, /* not shown, but it has a key */
    VISIBILITY_ABSENT,
};

struct service {
    enum service_kind kind;
    enum visibility visibility;
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

/* Appends the query for the connector's services, for those that are named, and for EventLog, which
 * every Windows has: an account that is not even shown that may list none. */
void connector_services_query(const struct text_list *named, struct buffer *wql);

/* Takes the services from the rows: those of the connector, and those that are named even if they
 * are not among the rows. Returns how many; `*control_seen` tells whether EventLog was there. */
size_t connector_services_read(const struct text_list *named, const struct cim_rows *rows,
                               struct service services[SERVICES_MAXIMUM], bool *control_seen);

/* A service that is known by its name alone. */
struct service connector_service_of_name(const char *name);

/* The next name of a service that could serve one of these features, or for 0 of one that must run
 * whatever the features; NULL after the last. `*at` starts as 0. */
const char *connector_services_candidate(unsigned features, size_t *at);

/* True if the service, one of these, has to be judged: if any is named only those that are. */
bool connector_service_counts(const struct service *service, const struct service *services,
                              size_t count);

bool connector_service_runs(const struct service *service);

/* Bits of the features that a service of these is there for. */
unsigned connector_services_served(const struct service *services, size_t count);

/* Bits of the features whose switch decides something: a service of theirs does not run, or there
 * is none although the connector is there. None if services are named: those must run anyway. */
unsigned connector_services_open_features(const struct service *services, size_t count);

/* Writes the path of a service's executable, without its arguments; "" if there is none. */
void connector_service_executable(const struct service *service, char *path, size_t size);

#endif
