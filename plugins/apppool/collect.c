/* collect.c - asks the server about services, pool, applications and events.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/apppool/apppool.h"

#include <string.h>

#include "common/base/text.h"
#include "common/cim/verdict.h"

enum { WQL_MAXIMUM = 2048 };

#define COUNTERS_CLASS "Win32_PerfFormattedData_APPPOOLCountersProvider_APPPOOLWAS"

/* What the steps below work on. */
struct collector {
    const struct apppool_options *options;
    struct cim_session *session;
    struct apppool_facts *facts;
};

/* Runs a query for a source. Returns false if it has nothing to read. After a fatal problem nothing
 * is asked any more. */
static bool ask(struct collector *collector, enum source source, const char *namespace,
                const char *wql, struct cim_rows *rows)
{
    struct apppool_facts *facts = collector->facts;
    struct source_facts *about = &facts->sources[source];

    if (problem_is_fatal(facts->fatal.kind))
        return false;
    about->asked = true;
    cim_query(collector->session, namespace, wql, rows, &about->problem);
    if (problem_is_fatal(about->problem.kind))
        facts->fatal = about->problem;
    about->rows = rows->count;
    return rows->count > 0;
}

/* Asks with the name of the pool behind `prefix`, quoted, at the end of the query. */
static bool ask_for_pool(struct collector *collector, enum source source, const char *namespace,
                         const char *wql, const char *prefix, struct cim_rows *rows)
{
    struct buffer query;
    struct buffer name;
    bool answered = false;

    buffer_init(&query, WQL_MAXIMUM);
    buffer_init(&name, WQL_MAXIMUM);
    buffer_addf(&name, "%s%s", prefix, collector->options->pool);
    buffer_add_text(&query, wql);
    cim_quote(&query, buffer_text(&name));
    if (!query.overflowed && !name.overflowed)
        answered = ask(collector, source, namespace, buffer_text(&query), rows);
    buffer_free(&name);
    buffer_free(&query);
    return answered;
}

static void read_service(const struct cim_rows *rows, const char *name,
                         struct service_facts *service)
{
    const struct cim_row *row = cim_rows_find(rows, "Name", name);

    if (!row)
        return;
    service->seen = true;
    text_copy(service->state, sizeof service->state, cim_text_or_empty(row, "State"));
    text_copy(service->start_mode, sizeof service->start_mode, cim_text_or_empty(row, "StartMode"));
    cim_number(row, "ExitCode", &service->exit_code);
    cim_number(row, "ServiceSpecificExitCode", &service->specific_code);
}

static void collect_services(struct collector *collector)
{
    struct source_facts *about = &collector->facts->sources[SOURCE_SERVICES];
    struct cim_rows rows = {0};

    if (ask(collector, SOURCE_SERVICES, "root/cimv2",
            "SELECT Name,State,StartMode,ExitCode,ServiceSpecificExitCode FROM Win32_Service "
            "WHERE Name='WAS' OR Name='W3SVC' OR Name='EventLog'",
            &rows)) {
        read_service(&rows, "WAS", &collector->facts->was);
        read_service(&rows, "W3SVC", &collector->facts->w3svc);
        about->control = cim_rows_find(&rows, "Name", "EventLog") != NULL;
    }
    cim_rows_free(&rows);
}

/* Writes down the state that a source tells. */
static void tell_state(struct collector *collector, enum source source, const struct cim_row *row,
                       const char *property)
{
    struct source_facts *about = &collector->facts->sources[source];

    about->has_pool = true;
    if (cim_number(row, property, &about->number) == CIM_VALUE)
        about->state = apppool_state_of(source, about->number);
}

/* The sum of the counters that are there, -1 if the first one is not. */
static int64_t sum_of(const struct cim_row *row, const char *const *names, size_t count)
{
    int64_t sum = -1;

    for (size_t i = 0; i < count; i++) {
        int64_t number;

        if (cim_number(row, names[i], &number) != CIM_VALUE || number < 0 || number > UINT32_MAX) {
            if (!i)
                return -1;
            continue;
        }
        sum = i ? sum + number : number;
    }
    return sum;
}

static void read_counters(const struct cim_row *row, struct counter_facts *counters)
{
    static const char *const uptime[] = {"CurrentApplicationPoolUptime"};
    static const char *const workers[] = {"CurrentWorkerProcesses"};
    static const char *const recent[] = {"RecentWorkerProcessFailures"};
    static const char *const recycles[] = {"TotalApplicationPoolRecycles"};
    static const char *const failures[] = {
        "TotalWorkerProcessFailures", "TotalWorkerProcessPingFailures",
        "TotalWorkerProcessShutdownFailures", "TotalWorkerProcessStartupFailures"};

    counters->uptime = sum_of(row, uptime, COUNT_OF(uptime));
    counters->workers = sum_of(row, workers, COUNT_OF(workers));
    counters->recent_failures = sum_of(row, recent, COUNT_OF(recent));
    counters->recycles = sum_of(row, recycles, COUNT_OF(recycles));
    counters->failures = sum_of(row, failures, COUNT_OF(failures));
}

/* `_Total` is asked for to tell a pool without counters from counters that are hidden. */
static void collect_counters(struct collector *collector)
{
    struct source_facts *about = &collector->facts->sources[SOURCE_COUNTERS];
    struct cim_rows rows = {0};
    const struct cim_row *row;

    if (ask_for_pool(
            collector, SOURCE_COUNTERS, "root/cimv2",
            "SELECT Name,CurrentApplicationPoolState,CurrentApplicationPoolUptime,"
            "CurrentWorkerProcesses,RecentWorkerProcessFailures,TotalApplicationPoolRecycles,"
            "TotalWorkerProcessFailures,TotalWorkerProcessPingFailures,"
            "TotalWorkerProcessShutdownFailures,TotalWorkerProcessStartupFailures "
            "FROM " COUNTERS_CLASS " WHERE Name='_Total' OR Name=",
            "", &rows)) {
        about->control = cim_rows_find(&rows, "Name", "_Total") != NULL;
        row = cim_rows_find(&rows, "Name", collector->options->pool);
        if (row) {
            tell_state(collector, SOURCE_COUNTERS, row, "CurrentApplicationPoolState");
            read_counters(row, &collector->facts->counters);
        }
    }
    cim_rows_free(&rows);
}

static void read_identity(const struct cim_row *row, const char *type_name, const char *user_name,
                          struct identity_facts *identity)
{
    const char *user = cim_text_or_empty(row, user_name);
    int64_t type;

    if (cim_number(row, type_name, &type) != CIM_VALUE || type < 0 || type >= IDENTITY_UNSEEN)
        type = *user ? IDENTITY_SPECIFIC_USER : IDENTITY_UNSEEN;
    if (type == IDENTITY_SPECIFIC_USER && !*user)
        type = IDENTITY_UNSEEN;
    identity->type = (enum identity_type)type;
    text_copy(identity->user, sizeof identity->user, user);
}

static void read_auto_start(const struct cim_row *row, const char *name,
                            struct apppool_facts *facts)
{
    if (!facts->has_auto_start)
        facts->has_auto_start = cim_boolean(row, name, &facts->auto_start) == CIM_VALUE;
}

static void collect_metabase(struct collector *collector)
{
    struct apppool_facts *facts = collector->facts;
    struct cim_rows rows = {0};

    if (ask_for_pool(collector, SOURCE_METABASE, "root/MicrosoftIISv2",
                     "SELECT Name,AppPoolState,AppPoolAutoStart,AppPoolIdentityType,WAMUserName "
                     "FROM IIsApplicationPoolSetting WHERE Name=",
                     "W3SVC/AppPools/", &rows)) {
        tell_state(collector, SOURCE_METABASE, &rows.rows[0], "AppPoolState");
        read_auto_start(&rows.rows[0], "AppPoolAutoStart", facts);
        read_identity(&rows.rows[0], "AppPoolIdentityType", "WAMUserName", &facts->identity);
    }
    cim_rows_free(&rows);
}

static void collect_pools(struct collector *collector)
{
    struct apppool_facts *facts = collector->facts;
    struct source_facts *about = &facts->sources[SOURCE_POOLS];
    struct cim_rows rows = {0};
    const struct cim_row *row;

    if (ask(collector, SOURCE_POOLS, "root/webadministration",
            "SELECT Name,AutoStart FROM ApplicationPool", &rows)) {
        about->control = true;
        row = cim_rows_find(&rows, "Name", collector->options->pool);
        about->has_pool = row != NULL;
        read_auto_start(row, "AutoStart", facts);
    }
    facts->pool_count = rows.count;
    for (size_t i = 0; i < rows.count && i < NAMES_MAXIMUM; i++)
        text_copy(facts->pools[i], sizeof facts->pools[i],
                  cim_text_or_empty(&rows.rows[i], "Name"));
    cim_rows_free(&rows);
}

/* ProcessModel is an object that comes whole, with the pool's password in it (encrypted on its
 * way). So it is only asked for if there is no other way to tell what the operator wants to know,
 * and only that of our pool. */
static void collect_model(struct collector *collector)
{
    struct apppool_facts *facts = collector->facts;
    struct cim_rows rows = {0};

    if (!collector->options->identity || facts->identity.type != IDENTITY_UNSEEN ||
        !facts->sources[SOURCE_POOLS].has_pool)
        return;
    if (ask_for_pool(collector, SOURCE_MODEL, "root/webadministration",
                     "SELECT Name,ProcessModel FROM ApplicationPool WHERE Name=", "", &rows)) {
        facts->sources[SOURCE_MODEL].has_pool = true;
        read_identity(&rows.rows[0], "ProcessModel.IdentityType", "ProcessModel.UserName",
                      &facts->identity);
    }
    cim_rows_free(&rows);
}

/* Paths are told apart as IIS does: in any case, and with or without slashes at the ends. */
static bool same_path(const char *a, const char *b)
{
    struct slice left = slice_of(a);
    char right[sizeof(((struct application_facts *)0)->path)];
    size_t length;

    while (*b == '/')
        b++;
    text_copy(right, sizeof right, b);
    for (length = strlen(right); length && right[length - 1] == '/'; length--)
        right[length - 1] = '\0';
    while (left.length && *left.text == '/') {
        left.text++;
        left.length--;
    }
    while (left.length && left.text[left.length - 1] == '/')
        left.length--;
    return slice_is(left, right);
}

static void read_application(const struct apppool_options *options, const struct cim_row *row,
                             struct apppool_facts *facts)
{
    const char *path = cim_text_or_empty(row, "Path");

    for (size_t i = 0; i < options->applications.count; i++) {
        struct application_facts *application = &facts->applications[facts->application_count];

        if (!same_path(path, options->applications.items[i]) ||
            facts->application_count == APPLICATIONS_MAXIMUM)
            continue;
        /* By the name in the options, so that the judge need not compare paths again. */
        text_copy(application->path, sizeof application->path, options->applications.items[i]);
        text_copy(application->site, sizeof application->site, cim_text_or_empty(row, "SiteName"));
        text_copy(application->pool, sizeof application->pool,
                  cim_text_or_empty(row, "ApplicationPool"));
        facts->application_count++;
    }
}

static void collect_applications(struct collector *collector)
{
    struct apppool_facts *facts = collector->facts;
    struct cim_rows rows = {0};

    if (facts->sources[SOURCE_POOLS].problem.kind == PROBLEM_NO_NAMESPACE)
        return;
    if (ask(collector, SOURCE_APPLICATIONS, "root/webadministration",
            "SELECT Path,SiteName,ApplicationPool FROM Application", &rows)) {
        facts->sources[SOURCE_APPLICATIONS].control = true;
        for (size_t i = 0; i < rows.count; i++)
            read_application(collector->options, &rows.rows[i], facts);
    }
    cim_rows_free(&rows);
}

/* True if the sources before GetState do not tell the state, or only what it may gainsay. */
static bool state_is_open(const struct apppool_facts *facts)
{
    enum source origin;
    enum pool_state state = apppool_state_merged(facts, &origin);

    return state == POOL_UNSEEN || (apppool_state_is_pending(state) &&
                                    facts->sources[SOURCE_METABASE].state == POOL_UNSEEN);
}

/* Only if it is needed: it is one request more. */
static void collect_method(struct collector *collector)
{
    struct apppool_facts *facts = collector->facts;
    struct source_facts *about = &facts->sources[SOURCE_METHOD];
    struct cim_pair key = {"Name", collector->options->pool};
    struct cim_method method = {.namespace = "root/webadministration",
                                .class_name = "ApplicationPool",
                                .name = "GetState",
                                .keys = &key,
                                .key_count = 1};
    struct cim_row output = {0};

    if (problem_is_fatal(facts->fatal.kind) || !facts->sources[SOURCE_POOLS].has_pool ||
        !state_is_open(facts))
        return;
    about->asked = true;
    if (cim_invoke(collector->session, &method, &output, &about->problem))
        tell_state(collector, SOURCE_METHOD, &output, "ReturnValue");
    if (problem_is_fatal(about->problem.kind))
        facts->fatal = about->problem;
    cim_row_free(&output);
}

static bool is_of_name(char character)
{
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z') || character == '_' || character == '-';
}

/* Whether a text holds the name as a word of its own: SCEP, but not SCEP2. */
static bool names(const char *text, const char *name)
{
    size_t length = strlen(name);
    const char *at = text;

    while ((at = text_find(at, strlen(at), name))) {
        if ((at == text || !is_of_name(at[-1])) && !is_of_name(at[length]))
            return true;
        at++;
    }
    return false;
}

/* The insertion strings tell the pool exactly; the message is for a server that sends none. */
static bool is_about(const struct cim_event *event, const char *pool)
{
    struct slice rest = slice_of(event->data);
    struct slice line;

    while (slice_next(&rest, "\n", &line))
        if (slice_is(line, pool))
            return true;
    return !event->data[0] && names(event->message, pool);
}

static void count_event(const struct cim_event *event, struct apppool_facts *facts)
{
    for (size_t i = 0; i < EVENT_COUNT; i++) {
        struct event_facts *kind = &facts->events[i];

        if (apppool_event_ids[i] != event->id)
            continue;
        kind->count++;
        if (event->time >= facts->server_now - SECONDS_PER_HOUR)
            kind->last_hour++;
        if (event->time > kind->newest)
            kind->newest = event->time;
    }
}

/* By whose time events are written. Returns false if nothing more can be asked. */
static bool learn_clock(struct collector *collector)
{
    struct apppool_facts *facts = collector->facts;
    int64_t ahead = 0;

    if (!problem_is_fatal(facts->fatal.kind))
        cim_clock_ahead(collector->session, &ahead, &facts->clock_problem);
    if (problem_is_fatal(facts->clock_problem.kind))
        facts->fatal = facts->clock_problem;
    facts->server_now = facts->now + ahead;
    return !problem_is_fatal(facts->fatal.kind);
}

static void collect_events(struct collector *collector)
{
    const struct apppool_options *options = collector->options;
    struct apppool_facts *facts = collector->facts;
    struct source_facts *about = &facts->sources[SOURCE_EVENTS];
    /* The provider is Microsoft-Windows-WAS, with EventSourceName="WAS" (in the XML of its events):
     * the classic API shows the latter. Either is taken. */
    struct cim_log_query query = {.log = "System",
                                  .sources = {"WAS", "Microsoft-Windows-WAS"},
                                  .ids = apppool_event_ids,
                                  .id_count = EVENT_COUNT};
    struct cim_events events = {0};

    if (!options->event_window || !learn_clock(collector))
        return;
    query.since = facts->server_now - options->event_window;
    about->asked = true;
    cim_log_events(collector->session, &query, &events, &about->problem);
    if (problem_is_fatal(about->problem.kind))
        facts->fatal = about->problem;
    about->rows = events.count;
    facts->events_truncated = events.truncated;
    for (size_t i = 0; i < events.count; i++)
        if (is_about(&events.events[i], options->pool))
            count_event(&events.events[i], facts);
    cim_events_free(&events);
}

void apppool_collect(const struct apppool_options *options, struct cim_session *session,
                     const struct deadline *deadline, struct apppool_facts *facts)
{
    struct collector collector = {options, session, facts};

    *facts = (struct apppool_facts){
        .now = clock_now(),
        .server_now = clock_now(),
        .identity = {.type = IDENTITY_UNSEEN},
        .counters = {
            .uptime = -1, .workers = -1, .recent_failures = -1, .recycles = -1, .failures = -1}};
    cim_set_trace(session, cim_keep_trace, &facts->trace);
    collect_services(&collector);
    collect_counters(&collector);
    collect_metabase(&collector);
    collect_pools(&collector);
    collect_model(&collector);
    collect_applications(&collector);
    collect_method(&collector);
    collect_events(&collector);
    if (options->common.style.verbosity >= 3)
        cim_identify(session);
    facts->statistics = *cim_statistics(session);
    facts->now = clock_now(); /* of a run that began later the file may know already */
    if (options->state_file)
        apppool_history_update(options, deadline, facts);
}
