/* check_ndes_connector_judge.c - turns the state of the connector into findings; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/check_ndes_connector.h"

#include <math.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/cim/verdict.h"

const char *part_name(enum part part)
{
    static const char *const names[PART_COUNT] = {
        [PART_SERVICES] = "services",   [PART_VERSION] = "version",
        [PART_HEARTBEAT] = "heartbeat", [PART_CERTIFICATE] = "client certificate",
        [PART_EVENTS] = "events",
    };

    return names[part];
}

bool has_services(const struct services_facts *services, enum service_kind kind)
{
    for (size_t i = 0; i < services->count; i++)
        if (services->services[i].present && services->services[i].kind == kind)
            return true;
    return false;
}

bool is_connector_absent(const struct check_facts *facts)
{
    return facts->looked[PART_SERVICES] && facts->problems[PART_SERVICES].trouble == CIM_FINE &&
           !has_services(&facts->services, SERVICE_UNIFIED) &&
           !has_services(&facts->services, SERVICE_LEGACY);
}

static double heartbeat_hours(const struct check_facts *facts)
{
    double age = (double)(facts->server_now - facts->heartbeat.time);

    return age > 0 ? age / SECONDS_PER_HOUR : 0; /* clocks differ a little */
}

static bool is_in_future(const struct check_facts *facts)
{
    return facts->heartbeat.time > facts->server_now + HEARTBEAT_AHEAD_MAXIMUM;
}

static enum state heartbeat_state(const struct check_options *options,
                                  const struct check_facts *facts)
{
    return threshold_state(heartbeat_hours(facts), &options->heartbeat_warning,
                           &options->heartbeat_critical);
}

bool heartbeat_is_fresh(const struct check_options *options, const struct check_facts *facts)
{
    return facts->looked[PART_HEARTBEAT] && facts->heartbeat.value == HEARTBEAT_KNOWN &&
           !is_in_future(facts) && heartbeat_state(options, facts) == STATE_OK;
}

static void scaled_end(long double end, long double factor, char *target, size_t size)
{
    if (isinf(end))
        text_copy(target, size, end < 0 ? "~" : "");
    else
        text_format(target, size, "%.0Lf", end * factor);
}

/* A range in hours as one in seconds, for perfdata. */
static struct range in_seconds(const struct range *hours)
{
    struct range seconds = {0};
    char start[24];
    char end[24];
    char text[64];

    if (!hours->set)
        return seconds;
    scaled_end(hours->start, SECONDS_PER_HOUR, start, sizeof start);
    scaled_end(hours->end, SECONDS_PER_HOUR, end, sizeof end);
    if (hours->start == 0 && !isinf(hours->end))
        text_format(text, sizeof text, "%s%s", hours->alert_inside ? "@" : "", end);
    else
        text_format(text, sizeof text, "%s%s:%s", hours->alert_inside ? "@" : "", start, end);
    range_parse(text, &seconds);
    return seconds;
}

/* A heartbeat that can be read. */
static void judge_age(const struct check_options *options, const struct check_facts *facts,
                      struct report *report)
{
    const struct heartbeat_facts *heartbeat = &facts->heartbeat;
    enum state state = heartbeat_state(options, facts);
    struct range warning = in_seconds(&options->heartbeat_warning);
    struct range critical = in_seconds(&options->heartbeat_critical);
    char span[32];
    char when[32];

    report_metric(report, &check_metrics[METRIC_HEARTBEAT_AGE],
                  heartbeat_hours(facts) * SECONDS_PER_HOUR, &warning, &critical);
    clock_span((int64_t)(heartbeat_hours(facts) * SECONDS_PER_HOUR), span, sizeof span);
    clock_format(heartbeat->time, when, sizeof when);
    if (state != STATE_OK)
        report_find_as(report, state, NDES_CONN_STALE,
                       "last check-in %s ago (%s; wanted %s hours)%s%s", span, when,
                       state == STATE_CRITICAL ? options->heartbeat_critical.text
                                               : options->heartbeat_warning.text,
                       heartbeat->issues[0] ? ": " : "", heartbeat->issues);
    else
        report_note(report, 1, "[OK] last check-in %s ago, %s", span, when);
    if (heartbeat->guessed)
        report_note(report, 1,
                    "check-in time '%s' can be read in several ways: took the latest that "
                    "is not in the future",
                    heartbeat->text);
}

/* The old connector has no heartbeat, and what is not there has none. */
static bool keeps_heartbeat(const struct check_facts *facts)
{
    return !facts->looked[PART_SERVICES] || facts->problems[PART_SERVICES].trouble != CIM_FINE ||
           has_services(&facts->services, SERVICE_UNIFIED);
}

/* No LastConnectionTime. */
static void judge_no_heartbeat(const struct check_facts *facts, struct report *report)
{
    const struct heartbeat_facts *heartbeat = &facts->heartbeat;
    const struct event_group *sent = &facts->events.tally.groups[EVENT_HEALTH_SENT];
    char span[32];

    if (!keeps_heartbeat(facts)) {
        report_note(report, 1, "heartbeat: this connector keeps none in the registry");
    } else if (facts->looked[PART_EVENTS] && sent->count) {
        clock_span(facts->server_now - sent->newest, span, sizeof span);
        report_note(report, 1,
                    "[OK] no LastConnectionTime, but a health message reached Intune %s "
                    "ago (event 5000)",
                    span);
    } else {
        report_find(report, NDES_CONN_DATA,
                    "no LastConnectionTime: the connector has never checked in, or this version "
                    "keeps it elsewhere%s%s",
                    heartbeat->issues[0] ? ": " : "", heartbeat->issues);
    }
}

static void judge_heartbeat(const struct check_options *options, const struct check_facts *facts,
                            struct report *report)
{
    const struct heartbeat_facts *heartbeat = &facts->heartbeat;
    char ahead[32];

    if (!facts->looked[PART_HEARTBEAT])
        return;
    cim_judge_problem(report, part_name(PART_HEARTBEAT), &facts->problems[PART_HEARTBEAT]);
    if (facts->problems[PART_HEARTBEAT].trouble != CIM_FINE)
        return;
    clock_span(heartbeat->time - facts->server_now, ahead, sizeof ahead);
    if (heartbeat->value == HEARTBEAT_ABSENT)
        judge_no_heartbeat(facts, report);
    else if (heartbeat->value == HEARTBEAT_STRANGE)
        report_find(report, NDES_CONN_DATA,
                    "LastConnectionTime '%s' is no time that this check "
                    "knows",
                    heartbeat->text);
    else if (is_in_future(facts))
        report_find(report, NDES_CONN_DATA, "LastConnectionTime '%s' is %s in the future",
                    heartbeat->text, ahead);
    else
        judge_age(options, facts, report);
}

/* The first line of a healthy connector. */
static void summarise(const struct check_facts *facts, struct report *report)
{
    struct buffer line;
    char span[32];
    size_t running = 0;

    buffer_init(&line, REPORT_MESSAGE_MAXIMUM);
    for (size_t i = 0; i < facts->services.count; i++)
        running += service_runs(&facts->services.services[i]) &&
                   facts->services.services[i].kind != SERVICE_UPDATER;
    if (facts->looked[PART_SERVICES])
        buffer_addf(&line, ", %zu service%s running", running, running == 1 ? "" : "s");
    if (facts->version.source != VERSION_NONE)
        buffer_addf(&line, ", version %s", facts->version.text);
    if (facts->looked[PART_HEARTBEAT] && facts->heartbeat.value == HEARTBEAT_KNOWN) {
        clock_span((int64_t)(heartbeat_hours(facts) * SECONDS_PER_HOUR), span, sizeof span);
        buffer_addf(&line, ", last check-in %s ago", span);
    }
    if (facts->certificate.value == CERTIFICATE_READ) {
        clock_span(facts->certificate.certificate.not_after - facts->now, span, sizeof span);
        buffer_addf(&line, ", certificate %s left", span);
    }
    if (facts->looked[PART_EVENTS])
        buffer_addf(&line, ", %zu failed requests",
                    facts->events.tally.groups[EVENT_FAILED_REQUEST].count);
    report_summary(report, "%s",
                   line.length > 2 ? buffer_text(&line) + 2 : "nothing was looked at");
    buffer_free(&line);
}

/* What ended the run; what was seen before it is judged all the same. */
static void judge_fatal(const struct check_options *options, const struct check_facts *facts,
                        struct report *report)
{
    cim_judge_problem(report, options->winrm.url, &facts->fatal);
    if (facts->fatal.trouble != CIM_FINE && facts->fatal_part != PART_SERVICES)
        report_note(report, 1, "the talk ended while the check asked for: %s",
                    part_name(facts->fatal_part));
}

void judge(const struct check_options *options, const struct check_facts *facts,
           struct report *report)
{
    cim_judge_time(report, &facts->cost, facts->fatal.trouble != CIM_FINE,
                   &check_metrics[METRIC_TIME], &options->warning, &options->critical);
    judge_services(options, facts, report);
    judge_version(options, facts, report);
    judge_heartbeat(options, facts, report);
    judge_certificate(options, facts, report);
    judge_events(options, facts, report);
    judge_fatal(options, facts, report);
    for (int part = 0; part < PART_COUNT; part++)
        if (options->skip[part])
            report_note(report, 1, "not looked at: %s (--skip)", part_name((enum part)part));
    summarise(facts, report);
    trace_note(&facts->trace, report);
    cim_note_cost(report, &facts->cost);
}
