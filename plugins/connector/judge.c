/* judge.c - turns the state of the connector into findings; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/cim/verdict.h"

/* The first line of a healthy connector. A run that had nothing to look at must not look good. */
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
        buffer_addf(&line, ", %zu service%s running", running, text_plural((int64_t)running));
    if (connector_last_check_in(facts, &time)) {
        clock_span(connector_age(facts, time), span, sizeof span);
        buffer_addf(&line, ", last check-in %s ago", span);
    }
    if (facts->certificate.value == CERTIFICATE_READ) {
        clock_span(facts->certificate.certificate.validity.not_after - facts->server_now, span,
                   sizeof span);
        buffer_addf(&line, ", certificate expires in %s", span);
    }
    if (connector_events_complete(facts) && failed)
        buffer_addf(&line, ", %zu failed request%s", failed, text_plural((int64_t)failed));
    else if (facts->looked[PART_EVENTS] && !connector_events_complete(facts))
        buffer_add_text(&line, ", not all events read");
    if (!line.length && connector_events_complete(facts))
        buffer_add_text(&line, ", no failed request");
    if (!line.length && facts->version.source != VERSION_NONE)
        buffer_addf(&line, ", version %s", facts->version.text);
    if (line.length)
        report_summary(report, "%s", buffer_text(&line) + 2);
    else if (!report->finding_count)
        report_find(report, NDES_CONN_DATA,
                    "nothing was checked: this host has none of the parts that --skip leaves");
    buffer_free(&line);
}

/* What ended the run; what was seen before it is judged all the same. */
static void judge_fatal(const struct connector_options *options,
                        const struct connector_facts *facts, struct report *report)
{
    cim_judge_problem(report, options->winrm.url, &facts->fatal);
    if (facts->fatal.kind != PROBLEM_NONE && facts->fatal_part != PART_SERVICES)
        report_note(report, 1, "the connection ended while asking for: %s",
                    connector_part_name(facts->fatal_part));
}

void connector_judge(const struct connector_options *options, const struct connector_facts *facts,
                     struct report *report)
{
    cim_judge_time(report, &facts->statistics, facts->fatal.kind != PROBLEM_NONE,
                   &connector_metrics[METRIC_TIME], &options->warning, &options->critical);
    connector_judge_services(options, facts, report);
    connector_judge_version(options, facts, report);
    connector_judge_heartbeat(options, facts, report);
    connector_judge_certificate(options, facts, report);
    connector_judge_events(options, facts, report);
    judge_fatal(options, facts, report);
    for (int part = 0; part < PART_COUNT; part++)
        if (options->skip[part])
            report_note(report, 1, "not checked: %s (--skip)",
                        connector_part_name((enum part)part));
    summarise(options, facts, report);
    trace_note(&facts->trace, report);
    cim_note_clock(report, &facts->clock_problem);
    cim_note_statistics(report, &facts->statistics);
}
