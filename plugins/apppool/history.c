/* history.c - the state file: what earlier runs saw of the pool.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/apppool/apppool.h"

#include <string.h>

#include "common/state/state_file.h"
#include "common/base/text.h"

/* Samples are kept at least so far apart that they reach back for the time that is looked at. One
 * that is too old says nothing of that time any more. */
enum {
    SAMPLES_MAXIMUM = 16,
    SAMPLE_DISTANCE = 300,
    LOOK_BACK = SECONDS_PER_HOUR,
    OLDEST_SAMPLE = 2 * LOOK_BACK,
};

/* More than any counter of 32 bits makes in all its restarts: sums cannot overflow. */
#define COUNT_MAXIMUM (INT64_C(1) << 53)

/* Counters at a moment, counted on over restarts of WAS, which sets them to 0. */
struct sample {
    int64_t time;
    int64_t failures;
    int64_t recycles;
};

struct record {
    int64_t time;
    bool pending;
    int64_t pending_since;
    bool has_counters;
    int64_t failures; /* as the server counts */
    int64_t recycles;
    struct sample total;                    /* the same, counted on */
    struct sample samples[SAMPLES_MAXIMUM]; /* oldest first */
    size_t sample_count;
};

/* Which pool the file is about, however the server is reached. */
static void name_target(const struct apppool_options *options, char *target, size_t size)
{
    text_format(target, size, "pool %s at %s", options->pool, options->winrm.connection.server);
}

static bool is_count(json_int_t number)
{
    return number >= 0 && number <= COUNT_MAXIMUM;
}

/* Reads a sample that is older than the `next` one and counts no more. */
static bool read_sample(json_t *item, const struct sample *next, struct sample *sample)
{
    json_int_t time = 0;
    json_int_t failures = 0;
    json_int_t recycles = 0;

    if (json_unpack(item, "[I, I, I!]", &time, &failures, &recycles) != 0 || time <= 0 ||
        time > next->time || !is_count(failures) || failures > next->failures ||
        !is_count(recycles) || recycles > next->recycles)
        return false;
    *sample = (struct sample){.time = time, .failures = failures, .recycles = recycles};
    return true;
}

/* From the newest on, so that each can be compared with the one after it. */
static bool read_samples(json_t *list, struct record *record)
{
    const struct sample *next = &record->total;
    size_t count = json_array_size(list);

    if (!json_is_array(list) || count > SAMPLES_MAXIMUM)
        return false;
    for (size_t i = count; i > 0; i--) {
        if (!read_sample(json_array_get(list, i - 1), next, &record->samples[i - 1]))
            return false;
        next = &record->samples[i - 1];
    }
    record->sample_count = count;
    return true;
}

/* Takes the fields of a record of that time. Returns false if it is damaged. */
static bool read_record(json_t *root, int64_t time, struct record *record)
{
    struct sample limits = {.time = time, .failures = COUNT_MAXIMUM, .recycles = COUNT_MAXIMUM};
    json_int_t since = 0;
    json_int_t failures = -1;
    json_int_t recycles = -1;
    json_t *total = NULL;
    json_t *samples = NULL;

    if (json_unpack(root, "{s:I, s:I, s:I, s:o, s:o !}", "pending_since", &since, "failures",
                    &failures, "recycles", &recycles, "total", &total, "samples", &samples) != 0)
        return false;
    record->time = time;
    record->pending = since > 0;
    record->pending_since = since;
    record->has_counters = is_count(failures) && is_count(recycles);
    record->failures = failures;
    record->recycles = recycles;
    return since >= 0 && since <= time && (record->has_counters || failures == -1) &&
           read_sample(total, &limits, &record->total) && read_samples(samples, record);
}

static json_t *pack_record(const struct record *record)
{
    const struct sample *total = &record->total;
    json_t *samples = json_array();

    for (size_t i = 0; i < record->sample_count; i++)
        json_array_append_new(samples, json_pack("[I, I, I]", (json_int_t)record->samples[i].time,
                                                 (json_int_t)record->samples[i].failures,
                                                 (json_int_t)record->samples[i].recycles));
    return json_pack("{s:I, s:I, s:I, s:[I, I, I], s:o}", "pending_since",
                     (json_int_t)(record->pending ? record->pending_since : 0), "failures",
                     (json_int_t)(record->has_counters ? record->failures : -1), "recycles",
                     (json_int_t)(record->has_counters ? record->recycles : -1), "total",
                     (json_int_t)total->time, (json_int_t)total->failures,
                     (json_int_t)total->recycles, "samples", samples);
}

/* What a counter grew by; after a restart of WAS it began again at 0. */
static int64_t growth(int64_t before, int64_t now)
{
    return now >= before ? now - before : now;
}

/* Keeps one sample at least as old as the time that is looked at if there is one that is not too
 * old, and the younger ones. */
static void add_sample(struct record *record)
{
    struct sample *samples = record->samples;
    size_t *count = &record->sample_count;

    while (*count == SAMPLES_MAXIMUM ||
           (*count > 1 && record->time - samples[1].time >= LOOK_BACK) ||
           (*count && record->time - samples[0].time > OLDEST_SAMPLE)) {
        memmove(samples, samples + 1, (*count - 1) * sizeof *samples);
        --*count;
    }
    if (!*count || record->time - samples[*count - 1].time >= SAMPLE_DISTANCE)
        samples[(*count)++] = record->total;
}

/* Compares the counters with the oldest sample that is needed, and takes them down. */
static void compare_counters(struct record *record, struct apppool_facts *facts)
{
    const struct counter_facts *counters = &facts->counters;
    struct history_facts *history = &facts->history;

    if (counters->failures < 0 || counters->recycles < 0)
        return;
    if (record->has_counters) {
        record->total.failures += growth(record->failures, counters->failures);
        record->total.recycles += growth(record->recycles, counters->recycles);
    }
    record->total.time = record->time;
    record->has_counters = true;
    record->failures = counters->failures;
    record->recycles = counters->recycles;
    add_sample(record);
    if (record->samples[0].time < record->time) {
        history->has_counts = true;
        history->span = record->time - record->samples[0].time;
        history->failures = record->total.failures - record->samples[0].failures;
        history->recycles = record->total.recycles - record->samples[0].recycles;
    }
}

/* Brings a record of the last run (all zero for none) up to what this run saw. What a pool did
 * between two runs that are far apart is not known. */
static void update_record(const struct apppool_options *options, struct record *record,
                          struct apppool_facts *facts)
{
    int64_t bridge = options->pending_time > LOOK_BACK ? options->pending_time : LOOK_BACK;
    bool far = facts->now - record->time > bridge;
    enum source origin;
    bool pending = apppool_state_is_pending(apppool_state_merged(facts, &origin));

    if (facts->now > record->time) /* a clock set back a little must not turn time around */
        record->time = facts->now;
    if (!pending || !record->pending || far)
        record->pending_since = record->time;
    record->pending = pending;
    if (!record->total.time)
        record->total.time = record->time;
    facts->history.known = true;
    facts->history.pending_since = record->pending_since;
    compare_counters(record, facts);
}

/* Compares with what the file holds, and replaces it. Returns false with a problem of the file. */
static bool update_file(const struct apppool_options *options, struct state_file *state,
                        struct apppool_facts *facts)
{
    struct record record = {0};
    bool ahead = state_is_ahead(state, facts->now);

    if (state->record && !ahead && !read_record(state->record, state->time, &record))
        return state_is_damaged(state);
    update_record(options, &record, facts);
    return state_write(state, record.time, pack_record(&record)) && !ahead;
}

void apppool_history_update(const struct apppool_options *options, const struct deadline *deadline,
                            struct apppool_facts *facts)
{
    char target[1200];
    const struct state_subject subject = {.kind = "pool", .target = target};
    struct state_file state;
    enum source origin;

    if (apppool_state_merged(facts, &origin) == POOL_UNSEEN)
        return; /* nothing to write down */
    name_target(options, target, sizeof target);
    if (!state_open(&state, options->state_file, &subject, STATE_LOCK_SECONDS, deadline) ||
        !update_file(options, &state, facts))
        text_copy(facts->history.problem, sizeof facts->history.problem, state.problem);
    state_close(&state);
}
