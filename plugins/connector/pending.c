/* pending.c - the state file: since when services have been starting.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

#include "common/state/state_file.h"
#include "common/base/text.h"

/* After a longer pause between two runs nobody knows what a service did meanwhile. */
enum { PAUSE_MAXIMUM = 6 * SECONDS_PER_HOUR };

/* The record is {"starting": {service: first seen}}, times by our clock. Takes what the last run
 * saw, NULL if that is of no use any more. Returns false if it is damaged. */
static bool read_record(const struct state_file *state, int64_t now, json_t **starting)
{
    json_t *found = NULL;

    *starting = NULL;
    if (!state->record)
        return true;
    if (json_unpack(state->record, "{s:o !}", "starting", &found) != 0 || !json_is_object(found))
        return false;
    if (now - state->time <= PAUSE_MAXIMUM)
        *starting = found;
    return true;
}

/* Since when each service that is starting does so, as far as `old` knows. */
static json_t *compare(json_t *old, struct connector_facts *facts)
{
    const struct services_facts *services = &facts->services;
    json_t *starting = json_object();

    for (size_t i = 0; i < services->count; i++) {
        const struct service *service = &services->services[i];
        json_int_t since = json_integer_value(json_object_get(old, service->name));

        if (!text_equal(service->state, "Start Pending"))
            continue;
        if (since <= 0 || since > facts->now)
            since = facts->now;
        facts->pending.since[i] = since;
        json_object_set_new(starting, service->name, json_integer(since));
    }
    return starting;
}

/* Compares with what the file holds, and replaces it. Returns false with a problem of the file. */
static bool update_file(struct state_file *state, struct connector_facts *facts)
{
    bool ahead = state_is_ahead(state, facts->now);
    json_t *old;

    if (!read_record(state, facts->now, &old))
        return state_is_damaged(state);
    return state_write(state, facts->now,
                       json_pack("{s:o}", "starting", compare(ahead ? NULL : old, facts))) &&
           !ahead;
}

void connector_pending_update(const struct connector_options *options,
                              const struct deadline *deadline, struct connector_facts *facts)
{
    const struct state_subject subject = {.kind = "connector",
                                          .target = options->winrm.connection.server};
    struct pending_facts *pending = &facts->pending;
    struct state_file state;

    if (!options->state_file || !facts->looked[PART_SERVICES] ||
        facts->problems[PART_SERVICES].kind != PROBLEM_NONE)
        return; /* nothing to write down */
    pending->known =
        state_open(&state, options->state_file, &subject, STATE_LOCK_SECONDS, deadline) &&
        update_file(&state, facts);
    text_copy(pending->problem, sizeof pending->problem, state.problem);
    state_close(&state);
}
