/* check_ndes_connector_judge_services.c - whether the connector's services run that have to.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/check_ndes_connector.h"

#include <inttypes.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/cim/verdict.h"

enum { EXIT_SPECIFIC = 1066 };

/* Exit codes of the service control manager (winerror.h). */
static void exit_text(const struct service *service, char *target, size_t size)
{
    static const struct {
        int64_t code;
        const char *text;
    } known[] = {
        {1053, "it did not respond in time"},
        {1067, "it ended unexpectedly"},
        {1068, "a service that it needs did not start"},
        {1069, "its account could not log on"},
        {1077, "never started since the last boot"},
    };

    target[0] = '\0';
    if (service->exit_code == EXIT_SPECIFIC)
        text_format(target, size, ", its own error %" PRId64, service->specific_exit_code);
    else if (service->exit_code)
        text_format(target, size, ", exit code %" PRId64, service->exit_code);
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (service->exit_code == known[i].code)
            text_format(target, size, ", exit code %" PRId64 ": %s", known[i].code, known[i].text);
}

/* True if all features that the service is there for are switched off. */
static bool is_switched_off(const struct service *service, const struct services_facts *services)
{
    if (service->always || service->named || !service->features)
        return false;
    for (int i = 0; i < FEATURE_COUNT; i++)
        if (service->features & 1U << i && services->features[i] != FEATURE_OFF)
            return false;
    return true;
}

static bool is_in_grace(const struct check_options *options, const struct check_facts *facts)
{
    return facts->host.has_uptime && facts->host.uptime < options->start_grace;
}

/* A service that is on its way from one state to another, or paused. */
static void judge_transition(const struct check_options *options, const struct check_facts *facts,
                             const struct service *service, struct report *report)
{
    if (!text_equal(service->state, "Start Pending"))
        report_find_as(report, STATE_WARNING, NDES_CONN_STOPPED, "service %s is in state %s",
                       service->name, service->state);
    else if (is_in_grace(options, facts))
        report_note(report, 1, "[OK] service %s is starting, the host booted a short time ago",
                    service->name);
    else
        report_find(report, NDES_CONN_PENDING, "service %s (%s) is in state Start Pending",
                    service->name, service->display);
}

static void judge_stopped(const struct check_options *options, const struct check_facts *facts,
                          const struct service *service, struct report *report)
{
    char code[96];

    exit_text(service, code, sizeof code);
    if (text_equal(service->start_mode, "Disabled"))
        report_find(report, NDES_CONN_DISABLED, "service %s (%s) is disabled", service->name,
                    service->display);
    else if (text_equal(service->start_mode, "Auto") && is_in_grace(options, facts))
        report_note(report, 1, "[OK] service %s does not run yet, the host booted a short time ago",
                    service->name);
    else if (text_equal(service->start_mode, "Auto") || service->named)
        report_find(report, NDES_CONN_STOPPED,
                    "service %s (%s) is stopped, start type %s, account %s%s", service->name,
                    service->display, service->start_mode, service->account, code);
    else
        report_note(report, 1, "[OK] service %s does not run, start type %s", service->name,
                    service->start_mode);
}

static bool is_transition(const char *state)
{
    static const char *const states[] = {"Start Pending", "Stop Pending", "Paused", "Pause Pending",
                                         "Continue Pending"};

    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (text_equal(state, states[i]))
            return true;
    return false;
}

static void judge_service(const struct check_options *options, const struct check_facts *facts,
                          const struct service *service, struct report *report)
{
    const struct services_facts *services = &facts->services;

    if (!service->present)
        report_find(report, NDES_CONN_MISSING,
                    "there is no service %s on this host, or it is "
                    "hidden from this account",
                    service->name);
    else if (service_runs(service))
        report_note(report, 1, "[OK] service %s (%s) runs as %s", service->name, service->display,
                    service->account);
    else if (is_switched_off(service, services))
        report_note(report, 1, "[OK] service %s does not run, its feature is switched off",
                    service->name);
    else if (service->kind == SERVICE_LEGACY && !service->named &&
             has_services(services, SERVICE_UNIFIED))
        report_note(report, 1, "service %s of the old connector does not run: %s", service->name,
                    service->state);
    else if (text_equal(service->state, "Stopped"))
        judge_stopped(options, facts, service, report);
    else if (is_transition(service->state))
        judge_transition(options, facts, service, report);
    else
        report_find(report, NDES_CONN_DATA, "service %s is in state '%s'", service->name,
                    service->state);
}

/* Features that are on, with no service that could serve them. */
static void judge_features(const struct services_facts *services, struct report *report)
{
    unsigned served = 0;

    for (size_t i = 0; i < services->count; i++)
        served |= services->services[i].features;
    for (int i = 0; i < FEATURE_COUNT; i++) {
        const char *name = feature_name((enum feature)i);

        if (services->features[i] == FEATURE_ON && !(served & 1U << i))
            report_find_as(report, services->control_seen ? STATE_CRITICAL : STATE_UNKNOWN,
                           NDES_CONN_MISSING, "%s is on, but there is no service for it", name);
        else if (services->features[i] == FEATURE_OFF)
            report_note(report, 1, "%s is off", name);
        else if (services->features[i] == FEATURE_ON)
            report_note(report, 2, "%s is on", name);
    }
    cim_judge_problem(report, "switches of the features", &services->feature_problem);
}

/* Says so if nothing was seen of a connector. Returns true if there is something to judge. */
static bool judge_sight(const struct check_options *options, const struct check_facts *facts,
                        struct report *report)
{
    if (!is_connector_absent(facts))
        return true;
    if (!facts->services.control_seen) {
        report_find(report, NDES_CIM_RIGHTS,
                    "services: not even EventLog is shown to this account: it needs the right to "
                    "list services");
        return false;
    }
    if (!options->services.count)
        report_find_as(report, STATE_UNKNOWN, NDES_CONN_MISSING,
                       "no Intune connector on this host, or its services are hidden from this "
                       "account");
    return options->services.count > 0;
}

void judge_services(const struct check_options *options, const struct check_facts *facts,
                    struct report *report)
{
    const struct services_facts *services = &facts->services;
    size_t running = 0;

    if (!facts->looked[PART_SERVICES])
        return;
    cim_judge_problem(report, part_name(PART_SERVICES), &facts->problems[PART_SERVICES]);
    if (facts->problems[PART_SERVICES].trouble != CIM_FINE || !judge_sight(options, facts, report))
        return;
    for (size_t i = 0; i < services->count; i++) {
        const struct service *service = &services->services[i];

        if (service->kind == SERVICE_UPDATER) {
            report_note(report, 1, "auto-update: service %s is in state %s, start type %s",
                        service->name, service->state, service->start_mode);
            continue;
        }
        running += service_runs(service);
        judge_service(options, facts, service, report);
    }
    judge_features(services, report);
    report_metric(report, &check_metrics[METRIC_RUNNING], (long double)running, NULL, NULL);
}
