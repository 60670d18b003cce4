/* judge_heartbeat.c - when the connector last checked in, and whether that is too long ago.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

#include <math.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/cim/verdict.h"

static double hours_since(const struct connector_facts *facts, int64_t time)
{
    return (double)connector_age(facts, time) / SECONDS_PER_HOUR;
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
    range_wanted(state == STATE_CRITICAL ? &options->heartbeat_critical
                                         : &options->heartbeat_warning,
                 wanted, sizeof wanted);
    if (state != STATE_OK)
        report_find_as(report, state, NDES_CONN_STALE,
                       "last check-in %s ago" DETAIL "%s (%s; wanted %s hours)%s%s", span, origin,
                       when, wanted, issues[0] ? ": " : "", issues);
    else
        report_note(report, 1, "[OK] last check-in %s ago%s (%s)", span, origin, when);
    if (facts->heartbeat.guessed)
        report_note(
            report, 1,
            "check-in time '%s' is ambiguous: took the latest reading that is not in the future",
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
        report_note(report, 1, "heartbeat: this connector does not record one in the registry");
    else if (connector_last_check_in(facts, &sent))
        judge_age(options, facts, sent, " by event 5000, as there is no LastConnectionTime",
                  report);
    else
        report_find(report, NDES_CONN_DATA,
                    "no LastConnectionTime" DETAIL
                    ": the connector has never checked in, or this version keeps it elsewhere%s%s",
                    heartbeat->issues[0] ? ": " : "", heartbeat->issues);
}

void connector_judge_heartbeat(const struct connector_options *options,
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
                    "LastConnectionTime '%s' is not a time in a format that this check knows",
                    heartbeat->text);
    else if (connector_heartbeat_is_ahead(facts))
        report_find(report, NDES_CONN_DATA, "LastConnectionTime '%s' is %s in the future",
                    heartbeat->text, ahead);
    else
        judge_age(options, facts, heartbeat->time, "", report);
}
