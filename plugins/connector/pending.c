/* pending.c - the state file: since when services have been starting.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/file.h"
#include "common/state/state_file.h"
#include "common/base/text.h"

/* After a longer pause between two runs nobody knows what a service did meanwhile. */
enum { FILE_MAXIMUM = 8192, PAUSE_MAXIMUM = 6 * SECONDS_PER_HOUR, CLOCK_TOLERANCE = 60 };

/* The record is {"server": URL, "time": of the last run, "starting": {service: first seen}}, times
 * by our clock. Returns what is wrong with it, NULL if nothing is. */
static const char *check_record(json_t *root, const struct connector_options *options, int64_t now)
{
    const char *server = "";
    json_int_t time = 0;
    json_t *starting = NULL;

    if (json_unpack(root, "{s:s, s:I, s:o}", "server", &server, "time", &time, "starting",
                    &starting) != 0 ||
        !json_is_object(starting))
        return "is damaged: it is no record of this check";
    if (!text_equal(server, options->winrm.url))
        return "is about another server: give each a file of its own";
    return time > now + CLOCK_TOLERANCE ? "is from the future: the clock was set back" : NULL;
}

static bool is_old(json_t *root, int64_t now)
{
    return now - json_integer_value(json_object_get(root, "time")) > PAUSE_MAXIMUM;
}

/* The record of the last run; NULL if there is none of use, and then perhaps a line in `problem`.
 */
static json_t *read_record(const struct connector_options *options, struct connector_facts *facts)
{
    struct pending_facts *pending = &facts->pending;
    const char *problem;
    struct buffer text;
    json_t *root = NULL;

    if (access(options->state_file, F_OK) < 0 && errno == ENOENT)
        return NULL;
    buffer_init(&text, FILE_MAXIMUM);
    if (file_read(options->state_file, &text, pending->problem, sizeof pending->problem)) {
        root = json_loadb(buffer_text(&text), text.length, JSON_REJECT_DUPLICATES, NULL);
        problem = check_record(root, options, facts->now);
        if (problem)
            text_format(pending->problem, sizeof pending->problem, "%s %s; it was begun anew",
                        options->state_file, problem);
        if (problem || is_old(root, facts->now)) {
            json_decref(root);
            root = NULL;
        }
    }
    buffer_free(&text);
    return root;
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

/* Replaces the file in one step. Returns what went wrong, NULL if nothing did. */
static const char *write_record(const struct connector_options *options, int64_t now,
                                json_t *starting)
{
    json_t *root = json_pack("{s:s, s:I, s:o}", "server", options->winrm.url, "time",
                             (json_int_t)now, "starting", starting);
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
    const char *problem = text ? state_file_replace(options->state_file, text, strlen(text))
                               : "out of memory, or a name that is not UTF-8";

    free(text);
    json_decref(root);
    return problem;
}

void connector_pending_update(const struct connector_options *options,
                              const struct deadline *deadline, struct connector_facts *facts)
{
    struct pending_facts *pending = &facts->pending;
    char lock_path[1100];
    const char *problem;
    json_t *old;
    int lock;

    if (!options->state_file || !facts->looked[PART_SERVICES] ||
        facts->problems[PART_SERVICES].kind != PROBLEM_NONE)
        return; /* nothing to write down */
    text_format(lock_path, sizeof lock_path, "%s.lock", options->state_file);
    lock = state_file_lock(lock_path, deadline, &problem);
    if (lock >= 0) {
        old = read_record(options, facts);
        problem =
            write_record(options, facts->now, compare(json_object_get(old, "starting"), facts));
        pending->known = !problem && !pending->problem[0];
        json_decref(old);
        close(lock);
    }
    if (problem)
        text_format(pending->problem, sizeof pending->problem, "cannot use state file %s: %s",
                    options->state_file, problem);
}
