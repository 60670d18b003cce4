/* apppool.h - the steps of check_ndes_apppool and the data between them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PLUGINS_APPPOOL_H
#define NDES_PLUGINS_APPPOOL_H

#include "common/cim/cim.h"
#include "common/plugin/common_options.h"
#include "common/options/types.h"
#include "common/endpoint/winrm.h"
#include "common/report/trace.h"
#include "common/state/state_file.h"

struct apppool_options {
    struct common_options common;
    struct winrm_options winrm;
    const char *pool;
    const char *identity;          /* NULL: any will do */
    struct text_list applications; /* paths that must be mapped to the pool */
    struct range warning;          /* seconds of all requests */
    struct range critical;
    struct range failures_warning;
    struct range failures_critical;
    struct range recycles_warning; /* per hour */
    struct range recycles_critical;
    const char *state_file;
    int64_t pending_time; /* seconds */
    int64_t event_window; /* seconds; 0: no events */
};

/* What a pool does; each source has numbers of its own for it. */
enum pool_state {
    POOL_UNSEEN,
    POOL_STOPPED,
    POOL_STARTING,
    POOL_IDLE, /* started, but there was no request yet and so there is no worker process */
    POOL_RUNNING,
    POOL_STOPPING,
};

/* What is asked; the first three tell the pool's state, in this order of trust. */
enum source {
    SOURCE_COUNTERS,     /* performance counters of WAS */
    SOURCE_METABASE,     /* IIS 6 compatibility: root/MicrosoftIISv2 */
    SOURCE_METHOD,       /* ApplicationPool.GetState */
    SOURCE_POOLS,        /* pools of root/webadministration */
    SOURCE_MODEL,        /* ProcessModel of the pool there */
    SOURCE_APPLICATIONS, /* applications there */
    SOURCE_SERVICES,
    SOURCE_EVENTS, /* WAS events of the pools */
    SOURCE_COUNT,
};
enum { STATE_SOURCES = SOURCE_METHOD + 1 };

struct source_facts {
    bool asked;
    struct problem problem;
    size_t rows;
    bool control;   /* something was seen that every server has: rights are not the matter */
    bool has_pool;  /* the pool was seen */
    int64_t number; /* the state as this source tells it */
    enum pool_state state;
};

struct service_facts {
    bool seen;
    char state[32];
    char start_mode[32];
    int64_t exit_code; /* 0 if not told */
    int64_t specific_code;
};

/* Who a pool runs as. The numbers are those of IIS. */
enum identity_type {
    IDENTITY_LOCAL_SYSTEM,
    IDENTITY_LOCAL_SERVICE,
    IDENTITY_NETWORK_SERVICE,
    IDENTITY_SPECIFIC_USER,
    IDENTITY_POOL, /* ApplicationPoolIdentity */
    IDENTITY_UNSEEN,
};

struct identity_facts {
    enum identity_type type;
    char user[256]; /* of IDENTITY_SPECIFIC_USER */
};

/* Counters of the pool; -1 where not seen. */
struct counter_facts {
    int64_t uptime; /* seconds */
    int64_t workers;
    int64_t recent_failures; /* in the time that rapid-fail protection looks at */
    int64_t recycles;        /* since WAS started, as the next one */
    int64_t failures;        /* crashes; no answer to a ping; did not start; did not stop */
};

enum pool_event {
    EVENT_RAPID_FAIL,
    EVENT_CRASHED,
    EVENT_NO_PING,
    EVENT_BROKEN,
    EVENT_IDENTITY,
    EVENT_NO_WORKER,
    EVENT_IDENTITY_DISABLED,
    EVENT_DISABLED,
    EVENT_COUNT,
};

struct event_facts {
    size_t count;     /* in the window */
    size_t last_hour; /* of them */
    int64_t newest;   /* seconds since 1970 by the server's clock */
};

/* An application of the list of options. */
struct application_facts {
    char path[128];
    char site[128];
    char pool[128];
};

/* What the state file told. */
struct history_facts {
    bool known;                       /* it could be read, and the state was seen */
    int64_t pending_since;            /* when the pool was first seen between two states */
    bool has_counts;                  /* there are earlier counters to compare with */
    int64_t span;                     /* seconds that the next two are about */
    int64_t failures;                 /* more than then */
    int64_t recycles;                 /* more than then */
    char problem[STATE_PROBLEM_SIZE]; /* why the file is of no use, "" if it is */
};

enum { NAMES_MAXIMUM = 5, APPLICATIONS_MAXIMUM = 16 };

struct apppool_facts {
    int64_t now;                  /* seconds since 1970 */
    int64_t server_now;           /* the same by the server's clock */
    struct problem clock_problem; /* why that is not known, and ours was taken */
    struct source_facts sources[SOURCE_COUNT];
    struct service_facts was;
    struct service_facts w3svc;
    struct counter_facts counters;
    bool has_auto_start;
    bool auto_start;
    struct identity_facts identity;
    char pools[NAMES_MAXIMUM][64]; /* the first ones that there are */
    size_t pool_count;             /* all that there are */
    struct application_facts applications[APPLICATIONS_MAXIMUM];
    size_t application_count;
    struct event_facts events[EVENT_COUNT];
    bool events_truncated; /* there were more than CIM_EVENTS_MAXIMUM: the newest are missing */
    struct history_facts history;
    struct problem fatal; /* ended the talk; PROBLEM_NONE if nothing did */
    struct cim_statistics statistics;
    struct trace trace;
};

/* The steps of its options; struct plugin_steps tells what each does. */
size_t apppool_options_groups(void *options, struct option_group *groups);
bool apppool_options_resolve(void *options, char *error, size_t error_size);
void apppool_options_free(void *options);

/* Asks the server; all the I/O of the check. */
void apppool_collect(const struct apppool_options *options, struct cim_session *session,
                     const struct deadline *deadline, struct apppool_facts *facts);

/* Compares with earlier runs and writes this one down, in options->state_file. */
void apppool_history_update(const struct apppool_options *options, const struct deadline *deadline,
                            struct apppool_facts *facts);

/* Decodes the state as a source of the first three tells it. */
enum pool_state apppool_state_of(enum source source, int64_t number);

/* The state that the sources tell together, and the source that told it. */
enum pool_state apppool_state_merged(const struct apppool_facts *facts, enum source *origin);
bool apppool_state_is_pending(enum pool_state state);

/* "stopped"; and as the source calls it: "Disabled". */
const char *apppool_state_name(enum pool_state state);
const char *apppool_state_word(enum source source, int64_t number);

/* Turns facts into findings; pure. */
void apppool_judge(const struct apppool_options *options, const struct apppool_facts *facts,
                   struct report *report);

/* Its parts: what is to be seen of the pool; who it runs as; whether it is stable. */
void apppool_judge_visibility(const struct apppool_options *options,
                              const struct apppool_facts *facts, struct report *report);
void apppool_note_visibility(const struct apppool_facts *facts, struct report *report);
void apppool_judge_identity(const struct apppool_options *options,
                            const struct apppool_facts *facts, struct report *report);
void apppool_judge_stability(const struct apppool_options *options,
                             const struct apppool_facts *facts, struct report *report);
void apppool_add_metrics(const struct apppool_options *options, const struct apppool_facts *facts,
                         struct report *report);

/* What events tell: why the pool is stopped, or that a started one has or had a problem. */
extern const int apppool_event_ids[EVENT_COUNT];
void apppool_judge_stopped(const struct apppool_options *options, const struct apppool_facts *facts,
                           struct report *report);
void apppool_judge_started(const struct apppool_options *options, const struct apppool_facts *facts,
                           enum pool_state state, struct report *report);
void apppool_note_log(const struct apppool_facts *facts, struct report *report);

/* True if events were seen, of whatever pool, so that the absence of others means something. */
bool apppool_log_was_read(const struct apppool_facts *facts);

/* "worker process failure", or the plural of it. */
const char *apppool_failures_word(int64_t count);

/* What the source is called in messages. */
const char *apppool_source_name(enum source source);

/* Who the pool runs as, for people: "NDESTEST\svc-ndes", "ApplicationPoolIdentity"; "" if unseen.
 */
void apppool_identity_text(const struct identity_facts *identity, char *target, size_t size);

/* Whether `account`, as the operator writes it, is this identity of the pool of this name. */
bool apppool_identity_matches(const struct identity_facts *identity, const char *pool,
                              const char *account);

/* The perfdata of the check, in the order that is printed. */
enum metric_id {
    METRIC_TIME,
    METRIC_STATE,
    METRIC_UPTIME,
    METRIC_WORKERS,
    METRIC_RECENT_FAILURES,
    METRIC_NEW_FAILURES,
    METRIC_RECYCLES,
    METRIC_RECYCLES_PER_HOUR,
    METRIC_EVENTS,
    METRIC_COUNT,
};
extern const struct metric_kind apppool_metrics[METRIC_COUNT];

#endif
