/* judge_events.c - what the connector's event log means.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/cim/verdict.h"

enum { LIST_MAXIMUM = 200, MESSAGE_SHOWN = 160 };

/* A window must be this long before the absence of a heartbeat means something. */
enum { ABSENCE_WINDOW = SECONDS_PER_HOUR };

/* Appends "newest 12 minutes ago: text". */
static void newest_text(const struct event_group *group, int64_t now, char *target, size_t size)
{
    char span[32];

    clock_span(now - group->newest, span, sizeof span);
    text_format(target, size, "newest %s ago%s%.*s", span, group->message[0] ? ": " : "",
                (int)MESSAGE_SHOWN, group->message);
}

static void judge_failures(const struct connector_options *options,
                           const struct connector_facts *facts, struct report *report)
{
    const struct events_facts *events = &facts->events;
    const struct event_group *failed = &events->tally.groups[EVENT_FAILED_REQUEST];
    enum state state = threshold_state((long double)failed->count, &options->failures_warning,
                                       &options->failures_critical);
    bool complete = connector_events_complete(facts);
    struct buffer list;
    char newest[256];
    char window[32];
    char wanted[80];

    if (complete)
        report_metric(report, &connector_metrics[METRIC_FAILURES], (long double)failed->count,
                      &options->failures_warning, &options->failures_critical);
    threshold_wanted(state, &options->failures_warning, &options->failures_critical, wanted,
                     sizeof wanted);
    clock_span(options->event_window, window, sizeof window);
    buffer_init(&list, LIST_MAXIMUM);
    connector_event_list(
        &events->tally, events->legacy ? connector_legacy_events : connector_unified_events,
        events->legacy ? connector_legacy_event_count : connector_unified_event_count,
        EVENT_FAILED_REQUEST, &list);
    newest_text(failed, facts->server_now, newest, sizeof newest);
    if (state != STATE_OK)
        report_find_as(report, state, NDES_CONN_REQUESTS,
                       "%s%zu failed request%s in %s" DETAIL "%s%s (wanted %s)%s%s",
                       complete ? "" : "at least ", failed->count,
                       text_plural((int64_t)failed->count), window, list.length ? ": " : "",
                       buffer_text(&list), wanted, failed->count ? "; " : "",
                       failed->count ? newest : "");
    else if (failed->count)
        report_note(report, 1, "%s %zu failed request%s in %s: %s; %s",
                    complete ? "[OK]" : "at least", failed->count,
                    text_plural((int64_t)failed->count), window, buffer_text(&list), newest);
    else if (complete)
        report_note(report, 1, "[OK] no failed request was logged in %s", window);
    buffer_free(&list);
}

/* Health messages that do not get through, while the heartbeat in the registry is not known stale:
 * that would be the same once more. */
static void judge_health(const struct connector_options *options,
                         const struct connector_facts *facts, struct report *report)
{
    const struct event_group *groups = facts->events.tally.groups;
    const struct event_group *sent = &groups[EVENT_HEALTH_SENT];
    const struct event_group *failed = &groups[EVENT_HEALTH_FAILED];
    const struct event_group *retried = &groups[EVENT_HEALTH_RETRIED];
    bool repeated = report_has(report, NDES_CONN_STALE);
    bool recovered = sent->count && sent->newest >= failed->newest;
    bool complete = connector_events_complete(facts);
    char newest[256];
    char window[32];

    if (complete)
        report_metric(report, &connector_metrics[METRIC_HEALTH_FAILURES],
                      (long double)failed->count, NULL, NULL);
    clock_span(options->event_window, window, sizeof window);
    newest_text(failed, facts->server_now, newest, sizeof newest);
    if (failed->count && !recovered && !repeated && complete)
        report_find_as(report, STATE_WARNING, NDES_CONN_STALE,
                       "%zu health message%s did not reach Intune in %s" DETAIL
                       " (event 5002), none since; %s",
                       failed->count, text_plural((int64_t)failed->count), window, newest);
    else if (failed->count)
        report_note(report, 1, "%zu health message%s did not reach Intune in %s (event 5002)%s; %s",
                    failed->count, text_plural((int64_t)failed->count), window,
                    recovered ? ", but others since" : "", newest);
    else if (!sent->count && !repeated && options->event_window >= ABSENCE_WINDOW &&
             !connector_heartbeat_is_fresh(options, facts) && complete)
        report_find_as(report, STATE_WARNING, NDES_CONN_STALE,
                       "no health message reached Intune in %s (no event 5000)", window);
    else if (sent->count)
        report_note(report, 1, "[OK] %zu health message%s reached Intune in %s", sent->count,
                    text_plural((int64_t)sent->count), window);
    else if (complete)
        report_note(report, 1, "no event 5000 (health message sent) in %s", window);
    if (retried->count)
        report_note(report, 1, "%zu attempt%s to send a health message failed (event 5001)",
                    retried->count, text_plural((int64_t)retried->count));
}

static void judge_legacy(const struct connector_facts *facts, struct report *report)
{
    const struct event_group *renewal = &facts->events.tally.groups[EVENT_RENEWAL_FAILED];
    const struct event_group *remark = &facts->events.tally.groups[EVENT_REMARK];
    char newest[256];

    newest_text(renewal, facts->server_now, newest, sizeof newest);
    if (renewal->count)
        report_find_as(report, STATE_WARNING, NDES_CONN_CERT,
                       "the connector could not renew its certificate" DETAIL " (event 10102); %s",
                       newest);
    newest_text(remark, facts->server_now, newest, sizeof newest);
    if (remark->count)
        report_note(report, 1, "event 10301 x%zu; %s", remark->count, newest);
    report_note(report, 1, "read the log of the old connector, 'Microsoft Intune Connector'");
}

/* They come oldest first, so the newest are missing. */
static void judge_truncated(struct report *report)
{
    if (report_has(report, NDES_CONN_REQUESTS))
        report_note(report, 1, "not all events were read: use a shorter --event-window");
    else
        report_find_as(report, STATE_UNKNOWN, NDES_CONN_DATA,
                       "more than %d events in --event-window" DETAIL
                       ", of which the newest were not read: use a shorter one",
                       CIM_EVENTS_MAXIMUM);
}

void connector_judge_events(const struct connector_options *options,
                            const struct connector_facts *facts, struct report *report)
{
    const struct problem *problem = &facts->problems[PART_EVENTS];

    if (!facts->looked[PART_EVENTS])
        return;
    if (problem->kind == PROBLEM_NO_INSTANCE && connector_is_absent(facts)) {
        report_note(report, 1, "events: the connector's log does not exist either");
        return;
    }
    cim_judge_problem(report, connector_part_name(PART_EVENTS), problem);
    if (problem->kind != PROBLEM_NONE)
        return;
    judge_failures(options, facts, report);
    if (facts->events.legacy)
        judge_legacy(facts, report);
    else if (!connector_is_absent(facts))
        judge_health(options, facts, report);
    if (facts->events.tally.truncated)
        judge_truncated(report);
}
