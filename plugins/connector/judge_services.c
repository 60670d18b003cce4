/* judge_services.c - whether the connector's services run that have to.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/cim/service.h"
#include "common/cim/verdict.h"

/* Whether the service is needed: it is named, must run anyway or serves a feature that is on; all
 * of its features are off; or else it is not known. `*doubt` gets the name of a switch that is not
 * known. */
static enum feature_state needed_by(const struct service *service,
                                    const struct services_facts *services, const char **doubt)
{
    enum feature_state state = service->features ? FEATURE_OFF : FEATURE_UNKNOWN;

    *doubt = "what it serves";
    if (service->named || service->always)
        return FEATURE_ON;
    for (int i = 0; i < FEATURE_COUNT; i++) {
        if (!(service->features & 1U << i) || services->features[i] == FEATURE_OFF)
            continue;
        if (services->features[i] == FEATURE_ON)
            return FEATURE_ON;
        state = FEATURE_UNKNOWN;
        *doubt = connector_feature_name((enum feature)i);
    }
    return state;
}

static bool is_in_grace(const struct connector_options *options,
                        const struct connector_facts *facts)
{
    return facts->host.has_uptime && facts->host.uptime < options->start_grace;
}

/* For how long it has been starting is told by the state file alone. */
static void judge_starting(const struct connector_options *options,
                           const struct connector_facts *facts, const struct service *service,
                           struct report *report)
{
    const struct pending_facts *pending = &facts->pending;
    int64_t seconds = facts->now - pending->since[service - facts->services.services];
    char span[32];
    char wanted[32];

    clock_span(seconds, span, sizeof span);
    clock_span(options->pending_time, wanted, sizeof wanted);
    if (is_in_grace(options, facts))
        report_note(report, 1, "[OK] service %s is starting; the host booted recently",
                    service->name);
    else if (!pending->known)
        report_find(report, NDES_CONN_PENDING,
                    "service %s is in state Start Pending" DETAIL
                    " (%s); for how long is not known (%s)",
                    service->name, service->display,
                    options->state_file ? "the state file cannot be used" : "no --state-file");
    else if (seconds >= options->pending_time)
        report_find(
            report, NDES_CONN_PENDING,
            "service %s has been in state Start Pending for %s (allowed: less than %s)" DETAIL
            " (%s)",
            service->name, span, wanted, service->display);
    else
        report_note(report, 1, "[OK] service %s is in state Start Pending, for %s so far",
                    service->name, span);
}

static void judge_disabled(const struct service *service, enum feature_state need,
                           const char *doubt, struct report *report)
{
    if (need == FEATURE_ON)
        report_find(report, NDES_CONN_DISABLED, "service %s is disabled" DETAIL " (%s)",
                    service->name, service->display);
    else
        report_find(report, NDES_CONN_DATA,
                    "service %s is disabled, and whether it must run is not known" DETAIL
                    " (%s; %s)",
                    service->name, service->display, doubt);
}

static void judge_stopped(const struct connector_options *options,
                          const struct connector_facts *facts, const struct service *service,
                          struct report *report)
{
    bool is_auto = text_equal(service->start_mode, "Auto");
    const char *doubt;
    enum feature_state needed = needed_by(service, &facts->services, &doubt);
    char code[96];

    service_exit_text(service->exit_code, service->specific_exit_code, code, sizeof code);
    if (text_equal(service->start_mode, "Disabled"))
        judge_disabled(service, needed, doubt, report);
    else if (is_auto && is_in_grace(options, facts))
        report_note(report, 1, "[OK] service %s is not running yet; the host booted recently",
                    service->name);
    else if (is_auto || needed == FEATURE_ON)
        report_find(report, NDES_CONN_STOPPED,
                    "service %s is stopped" DETAIL " (%s), start type %s, account %s%s",
                    service->name, service->display, service->start_mode, service->account, code);
    else
        report_note(report, 1, "[OK] service %s is not running, start type %s", service->name,
                    service->start_mode);
}

static bool is_transition(const char *state)
{
    static const char *const states[] = {"Stop Pending", "Paused", "Pause Pending",
                                         "Continue Pending"};

    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (text_equal(state, states[i]))
            return true;
    return false;
}

/* Why it is not known whether a service is hidden. */
static void unsure_text(const struct services_facts *services, char *target, size_t size)
{
    if (services->visibility_problem.kind == PROBLEM_NONE)
        text_copy(target, size, "the registry was not asked");
    else
        cim_problem_text(&services->visibility_problem, target, size);
}

/* A service that should be there and is not shown. */
static void judge_missing(const struct services_facts *services, const struct service *service,
                          struct report *report)
{
    char reason[480];

    unsure_text(services, reason, sizeof reason);
    if (service->visibility == VISIBILITY_HIDDEN && report_has(report, NDES_CIM_RIGHTS))
        report_note(report, 1, "service %s is hidden as well", service->name);
    else if (service->visibility == VISIBILITY_HIDDEN)
        report_find(report, NDES_CIM_RIGHTS,
                    "service %s exists but is hidden" DETAIL
                    ": the account needs the right to query its status (sc sdset)",
                    service->name);
    else if (service->visibility == VISIBILITY_ABSENT)
        report_find(report, NDES_CONN_MISSING, "service %s does not exist on this host",
                    service->name);
    else
        report_find(report, NDES_CIM_RIGHTS,
                    "service %s is not visible" DETAIL "; whether it exists is not known: %s",
                    service->name, reason);
}

static void judge_service(const struct connector_options *options,
                          const struct connector_facts *facts, const struct service *service,
                          struct report *report)
{
    const struct services_facts *services = &facts->services;
    const char *doubt;

    if (service->visibility != VISIBILITY_SHOWN)
        judge_missing(services, service, report);
    else if (connector_service_runs(service))
        report_note(report, 1, "[OK] service %s (%s) runs as %s", service->name, service->display,
                    service->account);
    else if (needed_by(service, services, &doubt) == FEATURE_OFF)
        report_note(report, 1, "[OK] service %s is not running; its feature is disabled",
                    service->name);
    else if (service->kind == SERVICE_LEGACY && !service->named &&
             connector_has_services(services, SERVICE_UNIFIED))
        report_note(report, 1, "service %s of the old connector is not running: %s", service->name,
                    service->state);
    else if (text_equal(service->state, "Stopped"))
        judge_stopped(options, facts, service, report);
    else if (text_equal(service->state, "Start Pending"))
        judge_starting(options, facts, service, report);
    else if (is_transition(service->state))
        report_find_as(report, STATE_WARNING, NDES_CONN_STOPPED, "service %s is in state %s",
                       service->name, service->state);
    else
        report_find(report, NDES_CONN_DATA, "service %s is in state '%s'", service->name,
                    service->state);
}

/* A feature that is on, with no service that could serve it. */
static void judge_unserved(const struct services_facts *services, enum feature feature,
                           struct report *report)
{
    char reason[480];

    unsure_text(services, reason, sizeof reason);
    if (services->feature_visibility[feature] == VISIBILITY_ABSENT)
        report_find(report, NDES_CONN_MISSING, "%s is enabled, but its service does not exist",
                    connector_feature_name(feature));
    else
        report_find(report, NDES_CIM_RIGHTS,
                    "%s is enabled, but no service for it is visible" DETAIL
                    "; whether one exists is not known: %s",
                    connector_feature_name(feature), reason);
}

static void judge_features(const struct services_facts *services, struct report *report)
{
    unsigned served = connector_services_served(services->services, services->count);

    for (int i = 0; i < FEATURE_COUNT; i++) {
        const char *name = connector_feature_name((enum feature)i);

        if (services->features[i] == FEATURE_ON && !(served & 1U << i))
            judge_unserved(services, (enum feature)i, report);
        else if (services->features[i] == FEATURE_OFF)
            report_note(report, 1, "%s is off", name);
        else if (services->features[i] == FEATURE_ON)
            report_note(report, 2, "%s is on", name);
    }
    cim_judge_problem(report, "feature settings", &services->feature_problem);
}

/* Says so if nothing was seen of a connector. Returns true if there is something to judge. */
static bool judge_visibility(const struct connector_options *options,
                             const struct connector_facts *facts, struct report *report)
{
    bool is_blind = connector_nothing_shown(&facts->services);
    bool is_absent = connector_is_absent(facts) && !options->services.count;

    if (is_blind && !options->skip[PART_SERVICES])
        report_find(report, NDES_CIM_RIGHTS,
                    "services: not even EventLog is visible to this account" DETAIL
                    ": it needs the right to list services");
    if (is_absent)
        report_find_as(report, STATE_UNKNOWN, NDES_CONN_MISSING,
                       "no Intune connector on this host, or it is hidden from this account");
    return !is_blind && !is_absent && !options->skip[PART_SERVICES];
}

/* The services themselves. */
static void judge_each(const struct connector_options *options, const struct connector_facts *facts,
                       struct report *report)
{
    const struct services_facts *services = &facts->services;

    for (size_t i = 0; i < services->count; i++) {
        const struct service *service = &services->services[i];

        if (connector_service_counts(service, services->services, services->count))
            judge_service(options, facts, service, report);
        else if (service->kind == SERVICE_UPDATER)
            report_note(report, 1, "auto-update: service %s is in state %s, start type %s",
                        service->name, service->state, service->start_mode);
    }
}

void connector_judge_services(const struct connector_options *options,
                              const struct connector_facts *facts, struct report *report)
{
    const struct problem *problem = &facts->problems[PART_SERVICES];

    if (!facts->looked[PART_SERVICES])
        return;
    if (facts->pending.problem[0])
        report_find(report, NDES_CONN_STATE, "%s", facts->pending.problem);
    if (!options->skip[PART_SERVICES])
        cim_judge_problem(report, connector_part_name(PART_SERVICES), problem);
    if (problem->kind != PROBLEM_NONE || !judge_visibility(options, facts, report))
        return;
    judge_each(options, facts, report);
    if (!options->services.count)
        judge_features(&facts->services, report);
    report_metric(report, &connector_metrics[METRIC_RUNNING],
                  (long double)connector_running_services(&facts->services), NULL, NULL);
}
