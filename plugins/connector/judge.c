/* judge.c - turns the state of the connector into findings; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

#include <math.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/cim/verdict.h"

const char *connector_part_name(enum part part)
{
    static const char *const names[PART_COUNT] = {
        [PART_SERVICES] = "services",   [PART_VERSION] = "version",
        [PART_HEARTBEAT] = "heartbeat", [PART_CERTIFICATE] = "client certificate",
        [PART_EVENTS] = "events",
    };

    return names[part];
}

bool connector_has_services(const struct services_facts *services, enum service_kind kind)
{
    for (size_t i = 0; i < services->count; i++)
        if (services->services[i].kind == kind &&
            (services->services[i].visibility == VISIBILITY_SHOWN ||
             services->services[i].visibility == VISIBILITY_HIDDEN))
            return true;
    return false;
}

size_t connector_running_services(const struct services_facts *services)
{
    size_t running = 0;

    for (size_t i = 0; i < services->count; i++)
        running +=
            connector_service_counts(&services->services[i], services->services, services->count) &&
            connector_service_runs(&services->services[i]);
    return running;
}

bool connector_nothing_shown(const struct services_facts *services)
{
    for (size_t i = 0; i < services->count; i++)
        if (services->services[i].visibility == VISIBILITY_SHOWN)
            return false;
    return !services->control_seen;
}

bool connector_is_absent(const struct connector_facts *facts)
{
    return facts->looked[PART_SERVICES] && facts->problems[PART_SERVICES].kind == PROBLEM_NONE &&
           !connector_nothing_shown(&facts->services) &&
           !connector_has_services(&facts->services, SERVICE_UNIFIED) &&
           !connector_has_services(&facts->services, SERVICE_LEGACY);
}

bool connector_events_complete(const struct connector_facts *facts)
{
    return facts->looked[PART_EVENTS] && facts->problems[PART_EVENTS].kind == PROBLEM_NONE &&
           !facts->events.tally.truncated;
}

void connector_wanted_text(const struct range *range, char *target, size_t size)
{
    bool most = !range->alert_inside && range->start == 0 && !isinf(range->end);

    text_format(target, size, "%s%s", most ? "at most " : "", range->text);
}

static double hours_since(const struct connector_facts *facts, int64_t time)
{
    double age = (double)(facts->server_now - time);

    return age > 0 ? age / SECONDS_PER_HOUR : 0; /* clocks differ a little */
}

static bool is_in_future(const struct connector_facts *facts)
{
    return facts->heartbeat.time > facts->server_now + HEARTBEAT_AHEAD_MAXIMUM;
}

bool connector_heartbeat_is_fresh(const struct connector_options *options,
                                  const struct connector_facts *facts)
{
    return facts->looked[PART_HEARTBEAT] && facts->heartbeat.value == HEARTBEAT_KNOWN &&
           !is_in_future(facts) &&
           threshold_state(hours_since(facts, facts->heartbeat.time), &options->heartbeat_warning,
                           &options->heartbeat_critical) == STATE_OK;
}

/* When the connector last checked in: the registry tells, else the newest health message, if there
 * is none that was not read. */
static bool last_check_in(const struct connector_facts *facts, int64_t *time)
{
    const struct event_group *sent = &facts->events.tally.groups[EVENT_HEALTH_SENT];
    bool is_known = facts->heartbeat.value == HEARTBEAT_KNOWN;

    *time = is_known ? facts->heartbeat.time : sent->newest;
    return facts->looked[PART_HEARTBEAT] &&
           (is_known || (facts->heartbeat.value == HEARTBEAT_ABSENT && sent->count &&
                         connector_events_complete(facts)));
}

/* A range in hours as one in seconds, for perfdata. */
static struct range in_seconds(const struct range *hours)
{
    struct range seconds = *hours;
    char start[32] = "";
    char end[24] = "";

    seconds.start *= SECONDS_PER_HOUR;
    seconds.end *= SECONDS_PER_HOUR;
    if (isinf(seconds.start))
        text_copy(start, sizeof start, "~:");
    else if (seconds.start != 0 || isinf(seconds.end))
        text_format(start, sizeof start, "%.0Lf:", seconds.start);
    if (!isinf(seconds.end))
        text_format(end, sizeof end, "%.0Lf", seconds.end);
    text_format(seconds.text, sizeof seconds.text, "%s%s%s", seconds.alert_inside ? "@" : "", start,
                end);
    return seconds;
}

/* A check-in that is known, whatever told it: its age counts. */
static void judge_age(const struct connector_options *options, const struct connector_facts *facts,
                      int64_t time, const char *origin, struct report *report)
{
    const char *issues = facts->heartbeat.issues;
    double hours = hours_since(facts, time);
    enum state state =
        threshold_state(hours, &options->heartbeat_warning, &options->heartbeat_critical);
    struct range warning = in_seconds(&options->heartbeat_warning);
    struct range critical = in_seconds(&options->heartbeat_critical);
    char span[32];
    char when[32];
    char wanted[80];

    report_metric(report, &connector_metrics[METRIC_HEARTBEAT_AGE], hours * SECONDS_PER_HOUR,
                  &warning, &critical);
    clock_span((int64_t)(hours * SECONDS_PER_HOUR), span, sizeof span);
    clock_format(time, when, sizeof when);
    connector_wanted_text(state == STATE_CRITICAL ? &options->heartbeat_critical
                                                  : &options->heartbeat_warning,
                          wanted, sizeof wanted);
    if (state != STATE_OK)
        report_find_as(report, state, NDES_CONN_STALE,
                       "last check-in%s %s ago (%s; wanted %s hours)%s%s", origin, span, when,
                       wanted, issues[0] ? ": " : "", issues);
    else
        report_note(report, 1, "[OK] last check-in%s %s ago, %s", origin, span, when);
    if (facts->heartbeat.guessed)
        report_note(report, 1,
                    "check-in time '%s' can be read in several ways: took the latest that "
                    "is not in the future",
                    facts->heartbeat.text);
}

/* The old connector has no heartbeat, and what is not there has none. */
static bool keeps_heartbeat(const struct connector_facts *facts)
{
    return !connector_is_absent(facts) &&
           (!connector_has_services(&facts->services, SERVICE_LEGACY) ||
            connector_has_services(&facts->services, SERVICE_UNIFIED));
}

/* No LastConnectionTime. */
static void judge_no_heartbeat(const struct connector_options *options,
                               const struct connector_facts *facts, struct report *report)
{
    const struct heartbeat_facts *heartbeat = &facts->heartbeat;
    int64_t sent;

    if (!keeps_heartbeat(facts))
        report_note(report, 1, "heartbeat: this connector keeps none in the registry");
    else if (last_check_in(facts, &sent))
        judge_age(options, facts, sent, " (event 5000, as there is no LastConnectionTime)", report);
    else
        report_find(report, NDES_CONN_DATA,
                    "no LastConnectionTime: the connector has never checked in, or this version "
                    "keeps it elsewhere%s%s",
                    heartbeat->issues[0] ? ": " : "", heartbeat->issues);
}

static void judge_heartbeat(const struct connector_options *options,
                            const struct connector_facts *facts, struct report *report)
{
    const struct heartbeat_facts *heartbeat = &facts->heartbeat;
    char ahead[32];

    if (!facts->looked[PART_HEARTBEAT])
        return;
    cim_judge_problem(report, connector_part_name(PART_HEARTBEAT),
                      &facts->problems[PART_HEARTBEAT]);
    if (facts->problems[PART_HEARTBEAT].kind != PROBLEM_NONE)
        return;
    clock_span(heartbeat->time - facts->server_now, ahead, sizeof ahead);
    if (heartbeat->value == HEARTBEAT_ABSENT)
        judge_no_heartbeat(options, facts, report);
    else if (heartbeat->value == HEARTBEAT_STRANGE)
        report_find(report, NDES_CONN_DATA,
                    "LastConnectionTime '%s' is no time that this check "
                    "knows",
                    heartbeat->text);
    else if (is_in_future(facts))
        report_find(report, NDES_CONN_DATA, "LastConnectionTime '%s' is %s in the future",
                    heartbeat->text, ahead);
    else
        judge_age(options, facts, heartbeat->time, "", report);
}

/* The first line of a healthy connector. */
static void summarise(const struct connector_options *options, const struct connector_facts *facts,
                      struct report *report)
{
    size_t running = connector_running_services(&facts->services);
    size_t failed = facts->events.tally.groups[EVENT_FAILED_REQUEST].count;
    struct buffer line;
    char span[32];
    int64_t time;

    buffer_init(&line, REPORT_MESSAGE_MAXIMUM);
    if (facts->looked[PART_SERVICES] && !options->skip[PART_SERVICES])
        buffer_addf(&line, ", %zu service%s running", running, running == 1 ? "" : "s");
    if (facts->version.source != VERSION_NONE)
        buffer_addf(&line, ", version %s", facts->version.text);
    if (last_check_in(facts, &time)) {
        clock_span((int64_t)(hours_since(facts, time) * SECONDS_PER_HOUR), span, sizeof span);
        buffer_addf(&line, ", last check-in %s ago", span);
    }
    if (facts->certificate.value == CERTIFICATE_READ) {
        clock_span(facts->certificate.certificate.validity.not_after - facts->server_now, span,
                   sizeof span);
        buffer_addf(&line, ", certificate %s left", span);
    }
    if (connector_events_complete(facts))
        buffer_addf(&line, ", %zu failed request%s", failed, failed == 1 ? "" : "s");
    else if (facts->looked[PART_EVENTS])
        buffer_add_text(&line, ", events not read to their end");
    report_summary(report, "%s",
                   line.length > 2 ? buffer_text(&line) + 2 : "nothing was looked at");
    buffer_free(&line);
}

/* What ended the run; what was seen before it is judged all the same. */
static void judge_fatal(const struct connector_options *options,
                        const struct connector_facts *facts, struct report *report)
{
    cim_judge_problem(report, options->winrm.url, &facts->fatal);
    if (facts->fatal.kind != PROBLEM_NONE && facts->fatal_part != PART_SERVICES)
        report_note(report, 1, "the talk ended while the check asked for: %s",
                    connector_part_name(facts->fatal_part));
}

void connector_judge(const struct connector_options *options, const struct connector_facts *facts,
                     struct report *report)
{
    cim_judge_time(report, &facts->statistics, facts->fatal.kind != PROBLEM_NONE,
                   &connector_metrics[METRIC_TIME], &options->warning, &options->critical);
    connector_judge_services(options, facts, report);
    connector_judge_version(options, facts, report);
    judge_heartbeat(options, facts, report);
    connector_judge_certificate(options, facts, report);
    connector_judge_events(options, facts, report);
    judge_fatal(options, facts, report);
    for (int part = 0; part < PART_COUNT; part++)
        if (options->skip[part])
            report_note(report, 1, "not looked at: %s (--skip)",
                        connector_part_name((enum part)part));
    summarise(options, facts, report);
    trace_note(&facts->trace, report);
    cim_note_statistics(report, &facts->statistics);
}
