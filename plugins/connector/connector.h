/* connector.h - the three steps of check_ndes_connector and the data between them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PLUGINS_CONNECTOR_H
#define NDES_PLUGINS_CONNECTOR_H

#include "common/base/clock.h"
#include "common/cim/registry.h"
#include "common/cim/cim.h"
#include "common/plugin/common_options.h"
#include "common/options/types.h"
#include "common/endpoint/winrm.h"
#include "common/pki/certificate.h"
#include "common/report/expiry.h"
#include "common/state/state_file.h"
#include "plugins/connector/events.h"
#include "plugins/connector/heartbeat.h"
#include "plugins/connector/services.h"
#include "plugins/connector/version.h"
#include "common/report/trace.h"

/* What the check looks at; each can be left out by --skip. */
enum part {
    PART_SERVICES,
    PART_VERSION,
    PART_HEARTBEAT,
    PART_CERTIFICATE,
    PART_EVENTS,
    PART_COUNT,
};

struct connector_options {
    struct common_options common;
    struct winrm_options winrm;
    struct text_list services; /* --service: exactly these, in place of discovery */
    bool skip[PART_COUNT];
    const char *minimum_version;
    const char *releases_file; /* NULL: the one that is installed with the check */
    struct releases releases;  /* read from it; empty if the installed one is missing */
    const char *version_key;
    struct range warning; /* seconds of all requests */
    struct range critical;
    struct range heartbeat_warning; /* hours */
    struct range heartbeat_critical;
    struct limit cert_warning;
    struct limit cert_critical;
    struct range failures_warning; /* failures in the window */
    struct range failures_critical;
    int64_t event_window; /* seconds */
    int64_t start_grace;  /* seconds */
    const char *state_file;
    int64_t pending_time; /* seconds */
};

/* What Win32_OperatingSystem says; asked for only if something depends on it. */
struct host_facts {
    bool has_uptime;
    int64_t uptime; /* seconds */
    bool has_zone;
    int zone_minutes; /* ahead of UTC */
};

struct services_facts {
    size_t count;
    struct service services[SERVICES_MAXIMUM];
    bool control_seen; /* EventLog, which every Windows has, was visible */
    enum feature_state features[FEATURE_COUNT];
    struct problem feature_problem; /* why a feature's switch could not be read */
    enum visibility
        feature_visibility[FEATURE_COUNT]; /* of a service for it, if it is on and has none */
    struct problem visibility_problem;     /* why a service's key could not be read */
};

/* What the state file tells. */
struct pending_facts {
    bool known;                       /* it could be used */
    int64_t since[SERVICES_MAXIMUM];  /* first seen starting, by index of the services; 0: is not */
    char problem[STATE_PROBLEM_SIZE]; /* why not, "" if it could */
};

enum version_source { VERSION_NONE, VERSION_UNINSTALL, VERSION_FILE };

struct version_facts {
    enum version_source source;
    char text[64];     /* "" if there is none */
    char key[256];     /* of Uninstall, or path of the file */
    size_t keys;       /* below Uninstall */
    size_t names_read; /* DisplayNames, one request each */
    struct problem file_problem;
};

enum heartbeat_value { HEARTBEAT_ABSENT, HEARTBEAT_STRANGE, HEARTBEAT_KNOWN };

struct heartbeat_facts {
    enum heartbeat_value value;
    int64_t time;     /* seconds since 1970, if known */
    bool guessed;     /* day and month, or the time zone, were told by what is plausible */
    char text[128];   /* as the connector wrote it */
    char issues[300]; /* IssueDetails; "" unless the heartbeat asked for it */
};

enum certificate_value {
    CERTIFICATE_NOT_NAMED, /* the connector names none */
    CERTIFICATE_BAD_NAME,  /* EncryptionCertThumbprint is no thumbprint */
    CERTIFICATE_NOT_IN_STORE,
    CERTIFICATE_UNREADABLE, /* what the store holds is no certificate */
    CERTIFICATE_READ,
};

struct certificate_facts {
    enum certificate_value value;
    char thumbprint[128]; /* 40 hex digits in upper case, or what was there instead */
    struct certificate certificate;
};

struct events_facts {
    bool legacy; /* read from the log of the old connector */
    struct event_tally tally;
};

struct connector_facts {
    int64_t now;                  /* seconds since 1970, by our clock: for the state file only */
    int64_t server_now;           /* the same by the server's, if it told it */
    int64_t clock_ahead;          /* what that is ahead of ours */
    struct problem clock_problem; /* why it is not known, and ours was taken */
    bool looked[PART_COUNT];      /* the part was asked for, and either answered or has a problem */
    struct problem problems[PART_COUNT];
    struct problem fatal; /* what ended the run before all was asked */
    enum part fatal_part; /* while this was asked */
    struct trace trace;
    struct cim_statistics statistics;
    struct host_facts host;
    struct services_facts services;
    struct pending_facts pending;
    struct version_facts version;
    struct heartbeat_facts heartbeat;
    struct certificate_facts certificate;
    struct events_facts events;
};

/* The steps of its options; struct plugin_steps tells what each does. */
size_t connector_options_groups(void *options, struct option_group *groups);
bool connector_options_resolve(void *options, char *error, size_t error_size);
void connector_options_free(void *options);

/* Asks the server; all the I/O of the check. */
void connector_collect(const struct connector_options *options, struct cim_session *session,
                       const struct deadline *deadline, struct connector_facts *facts);

/* The parts of it. Each fills its facts, or `problem`. */
typedef void connector_collector(const struct connector_options *options,
                                 struct cim_session *session, struct connector_facts *facts,
                                 struct problem *problem);
connector_collector connector_collect_services;
connector_collector connector_collect_version;
connector_collector connector_collect_events;

/* Uptime and time zone; without them the judge goes on. Asked once. */
void connector_collect_host(struct cim_session *session, struct host_facts *host,
                            struct problem *problem);

/* The switch of a feature, asked once; only a fatal problem goes into `problem`. */
void connector_collect_feature(struct cim_session *session, struct services_facts *services,
                               enum feature feature, struct problem *problem);

/* Compares the services that are starting with those of earlier runs, if there is a state file. */
void connector_pending_update(const struct connector_options *options,
                              const struct deadline *deadline, struct connector_facts *facts);

/* True if there is a service of that kind, hidden perhaps. */
bool connector_has_services(const struct services_facts *services, enum service_kind kind);

/* How many services that have to run do so. */
size_t connector_running_services(const struct services_facts *services);

/* True if not even EventLog is shown: the account may not list services. */
bool connector_nothing_shown(const struct services_facts *services);

/* True if the services are known, and there are none of the connector. */
bool connector_is_absent(const struct connector_facts *facts);

/* Seconds since a time by the server's clock, at least 0. */
int64_t connector_age(const struct connector_facts *facts, int64_t time);

/* True if the heartbeat lies further in the future than clocks differ. */
bool connector_heartbeat_is_ahead(const struct connector_facts *facts);

/* True if the heartbeat is known and within its ranges: nothing more has to be asked about it. */
bool connector_heartbeat_is_fresh(const struct connector_options *options,
                                  const struct connector_facts *facts);

/* When the connector last checked in: the registry tells, else the newest health message, if there
 * is none that was not read. */
bool connector_last_check_in(const struct connector_facts *facts, int64_t *time);

/* True if the events were read to their end. */
bool connector_events_complete(const struct connector_facts *facts);

const char *connector_part_name(enum part part);

#define CONNECTOR_KEY "SOFTWARE\\Microsoft\\MicrosoftIntune\\PFXCertificateConnector"

/* Turns facts into findings; pure. */
void connector_judge(const struct connector_options *options, const struct connector_facts *facts,
                     struct report *report);

/* Parts of connector_judge(), in files of their own. */
void connector_judge_services(const struct connector_options *options,
                              const struct connector_facts *facts, struct report *report);
void connector_judge_version(const struct connector_options *options,
                             const struct connector_facts *facts, struct report *report);
void connector_judge_heartbeat(const struct connector_options *options,
                               const struct connector_facts *facts, struct report *report);
void connector_judge_certificate(const struct connector_options *options,
                                 const struct connector_facts *facts, struct report *report);
void connector_judge_events(const struct connector_options *options,
                            const struct connector_facts *facts, struct report *report);

/* The perfdata of the check, in the order that is printed. */
enum metric_id {
    METRIC_TIME,
    METRIC_RUNNING,
    METRIC_VERSION_AGE,
    METRIC_HEARTBEAT_AGE,
    METRIC_CERTIFICATE_DAYS,
    METRIC_FAILURES,
    METRIC_HEALTH_FAILURES,
    METRIC_COUNT,
};
extern const struct metric_kind connector_metrics[METRIC_COUNT];

#endif
