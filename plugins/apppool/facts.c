/* facts.c - what a pool does, as three sources number it; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/apppool/apppool.h"

#include "common/base/text.h"

/* A number of a source, what the source calls it and what it means. */
struct meaning {
    const char *word;
    enum pool_state state;
};

/* APP_POOL_WAS, Current Application Pool State. Disabled: stopped by hand or by IIS itself. */
static const struct meaning of_counters[] = {
    [1] = {"Uninitialized", POOL_STARTING}, [2] = {"Initialized", POOL_IDLE},
    [3] = {"Running", POOL_RUNNING},        [4] = {"Disabling", POOL_STOPPING},
    [5] = {"Disabled", POOL_STOPPED},       [6] = {"Shutdown Pending", POOL_STOPPING},
    [7] = {"Delete Pending", POOL_STOPPING}};

/* MS "AppPoolState Metabase Property". */
static const struct meaning of_metabase[] = {[1] = {"Starting", POOL_STARTING},
                                             [2] = {"Started", POOL_RUNNING},
                                             [3] = {"Stopping", POOL_STOPPING},
                                             [4] = {"Stopped", POOL_STOPPED}};

/* MS "ApplicationPool.GetState Method". */
static const struct meaning of_method[] = {[0] = {"Starting", POOL_STARTING},
                                           [1] = {"Started", POOL_RUNNING},
                                           [2] = {"Stopping", POOL_STOPPING},
                                           [3] = {"Stopped", POOL_STOPPED},
                                           [4] = {"Unknown", POOL_UNSEEN}};

static const struct meaning unknown = {"unknown", POOL_UNSEEN};

static const struct meaning *look_up(const struct meaning *table, size_t count, int64_t number)
{
    return number >= 0 && (uint64_t)number < count && table[number].word ? &table[number]
                                                                         : &unknown;
}

static const struct meaning *meaning_of(enum source source, int64_t number)
{
    switch (source) {
    case SOURCE_COUNTERS:
        return look_up(of_counters, COUNT_OF(of_counters), number);
    case SOURCE_METABASE:
        return look_up(of_metabase, COUNT_OF(of_metabase), number);
    case SOURCE_METHOD:
        return look_up(of_method, COUNT_OF(of_method), number);
    default:
        return &unknown;
    }
}

enum pool_state apppool_state_of(enum source source, int64_t number)
{
    return meaning_of(source, number)->state;
}

const char *apppool_state_word(enum source source, int64_t number)
{
    return meaning_of(source, number)->word;
}

const char *apppool_state_name(enum pool_state state)
{
    static const char *const names[] = {
        [POOL_UNSEEN] = "unknown", [POOL_STOPPED] = "stopped", [POOL_STARTING] = "starting",
        [POOL_IDLE] = "idle",      [POOL_RUNNING] = "running", [POOL_STOPPING] = "stopping"};

    return names[state];
}

bool apppool_state_is_pending(enum pool_state state)
{
    return state == POOL_STARTING || state == POOL_STOPPING;
}

/* How bad a state is. Idle and running are equally good: only the counters tell them apart. */
static int gravity(enum pool_state state)
{
    static const int gravities[] = {[POOL_UNSEEN] = 0,   [POOL_IDLE] = 1,     [POOL_RUNNING] = 1,
                                    [POOL_STARTING] = 2, [POOL_STOPPING] = 3, [POOL_STOPPED] = 4};

    return gravities[state];
}

/* The counters may show Uninitialized for a pool that was never asked for anything, and are cached:
 * what they call starting or stopping is neither if another source says that it is started. */
static bool is_started_after_all(const struct apppool_facts *facts, enum source *origin)
{
    if (!apppool_state_is_pending(facts->sources[SOURCE_COUNTERS].state))
        return false;
    for (int i = SOURCE_COUNTERS + 1; i < STATE_SOURCES; i++) {
        if (facts->sources[i].state == POOL_RUNNING) {
            *origin = (enum source)i;
            return true;
        }
    }
    return false;
}

/* All three sources tell what WAS does now, none what is configured; so if they disagree, the pool
 * changed between two requests, or one of them is stale. Then the graver one counts: the next run
 * will see which was right. Of equals the first in the order of trust. */
enum pool_state apppool_state_merged(const struct apppool_facts *facts, enum source *origin)
{
    enum pool_state merged = POOL_UNSEEN;

    if (is_started_after_all(facts, origin))
        return facts->counters.workers == 0 ? POOL_IDLE : POOL_RUNNING;
    for (int i = 0; i < STATE_SOURCES; i++) {
        enum pool_state state = facts->sources[i].state;

        if (gravity(state) > gravity(merged)) {
            merged = state;
            *origin = (enum source)i;
        }
    }
    return merged;
}

/* Events of WAS (Microsoft "IIS Application Pool Availability"). */
const int apppool_event_ids[EVENT_COUNT] = {
    [EVENT_RAPID_FAIL] = 5002,        /* disabled due to a series of failures */
    [EVENT_CRASHED] = 5009,           /* a process terminated unexpectedly */
    [EVENT_NO_PING] = 5010,           /* a process failed to respond to a ping */
    [EVENT_BROKEN] = 5011,            /* a process suffered a fatal communication error */
    [EVENT_IDENTITY] = 5021,          /* the identity is invalid: the next request will fail */
    [EVENT_NO_WORKER] = 5022,         /* no process could be created, for whatever reason */
    [EVENT_IDENTITY_DISABLED] = 5057, /* disabled as the identity is invalid */
    [EVENT_DISABLED] = 5059,          /* disabled as a process did not start */
};

/* Without the right to read the log Windows shows an empty one, so only an event proves it. */
bool apppool_log_was_read(const struct apppool_facts *facts)
{
    const struct source_facts *log = &facts->sources[SOURCE_EVENTS];

    return log->asked && log->problem.kind == PROBLEM_NONE && log->rows > 0;
}
