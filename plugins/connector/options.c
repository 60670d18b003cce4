/* options.c - the options that check_ndes_connector alone has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/text.h"

enum { RELEASES_FILE_MAXIMUM = 64 * 1024, NOT_GIVEN = -1 };

static bool set_version(const struct option_spec *spec, const char *value, void *target,
                        char *error, size_t error_size)
{
    struct version version;

    if (connector_version_parse(value, &version))
        return option_text.set(spec, value, target, error, error_size);
    text_format(error, error_size, "wants a version such as 6.2406.0.1001, not '%s'", value);
    return false;
}

/* bool[PART_COUNT]: true for each part that is named. */
static bool set_part(const struct option_spec *spec, const char *value, void *target, char *error,
                     size_t error_size)
{
    bool *skip = target;
    int part;

    if (!option_choice.set(spec, value, &part, error, error_size))
        return false;
    skip[part] = true;
    return true;
}

static const struct option_type option_version = {
    .name = "version", .takes_value = true, .set = set_version};
static const struct option_type option_part = {
    .name = "choice", .takes_value = true, .repeatable = true, .set = set_part};

static const char *const parts[] = {
    [PART_SERVICES] = "services",       [PART_VERSION] = "version", [PART_HEARTBEAT] = "heartbeat",
    [PART_CERTIFICATE] = "certificate", [PART_EVENTS] = "events",   [PART_COUNT] = NULL};

#define AT(member) offsetof(struct connector_options, member)

static const struct option_spec what_specs[] = {
    {.name = "service",
     .type = &option_texts,
     .argument = "NAME",
     .offset = AT(services),
     .help = "A service (by name, not display name) that must run; repeat it for more. Without it "
             "the connector's services are found by their names"},
    {.name = "skip",
     .type = &option_part,
     .argument = "PART",
     .offset = AT(skip),
     .choices = parts,
     .help = "Do not look at services, version, heartbeat, certificate or events; repeatable"},
    {.name = "min-version",
     .type = &option_version,
     .argument = "VERSION",
     .offset = AT(minimum_version),
     .help = "The lowest version that is good"},
    {.name = "releases",
     .type = &option_text,
     .argument = "FILE",
     .offset = AT(releases_file),
     .help = "Table of versions and when they appeared, a line `version YYYY-MM-DD` each; default "
             "connector-releases, installed with the check"},
    {.name = "version-key",
     .type = &option_text,
     .argument = "KEY",
     .offset = AT(version_key),
     .help = "The connector's key below Uninstall in the registry, such as {8C1F...}: spares the "
             "search for it (-v tells the key)"},
};

static const struct option_spec limit_specs[] = {
    {.name = "warning",
     .letter = 'w',
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(warning),
     .help = "Seconds that all requests together may take"},
    {.name = "critical",
     .letter = 'c',
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(critical),
     .help = "The same, for CRITICAL"},
    {.name = "heartbeat-warning",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(heartbeat_warning),
     .standard = "4",
     .help = "Hours since the connector last checked in"},
    {.name = "heartbeat-critical",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(heartbeat_critical),
     .standard = "24",
     .help = "The same, for CRITICAL"},
    {.name = "cert-warning",
     .type = &option_limit,
     .argument = "LIMIT",
     .offset = AT(cert_warning),
     .standard = "21:",
     .help = "What the client certificate must have left: a range in days (21:), or with a unit "
             "21d, 36h, or 10% of its lifetime"},
    {.name = "cert-critical",
     .type = &option_limit,
     .argument = "LIMIT",
     .offset = AT(cert_critical),
     .standard = "7:",
     .help = "The same, for CRITICAL"},
    {.name = "failures-warning",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(failures_warning),
     .standard = "0",
     .help = "Failures of requests in the event log within the window"},
    {.name = "failures-critical",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(failures_critical),
     .standard = "10",
     .help = "The same, for CRITICAL"},
    {.name = "event-window",
     .type = &option_duration,
     .argument = "DURATION",
     .offset = AT(event_window),
     .standard = "4h",
     .help = "How far back events are read",
     .minimum = 60,
     .maximum = INT64_C(30) * SECONDS_PER_DAY},
    {.name = "start-grace",
     .type = &option_duration,
     .argument = "DURATION",
     .offset = AT(start_grace),
     .standard = "10m",
     .help = "For so long after a boot a service may be starting, or not yet running",
     .maximum = SECONDS_PER_DAY},
    {.name = "pending-time",
     .type = &option_duration,
     .argument = "DURATION",
     .offset = AT(pending_time),
     .standard = "5m",
     .help = "How long a service may be starting; needs --state-file, without it it may not",
     .maximum = SECONDS_PER_DAY},
    {.name = "state-file",
     .type = &option_text,
     .argument = "FILE",
     .offset = AT(state_file),
     .help = "File to keep in between runs which services are starting; one for each server"},
};

/* Reads the table of releases. That the installed one is missing is no error: then there is none.
 */
static bool read_releases(struct connector_options *options, char *error, size_t error_size)
{
    const char *path = options->releases_file ? options->releases_file : CONNECTOR_RELEASES;
    struct buffer content;
    char problem[512];
    size_t line = 0;
    bool read;

    buffer_init(&content, RELEASES_FILE_MAXIMUM);
    read = file_read(path, &content, problem, sizeof problem);
    if (read)
        line = connector_releases_parse(buffer_text(&content), content.length, &options->releases);
    buffer_free(&content);
    if (!read && options->releases_file)
        text_format(error, error_size, "option --releases: %s", problem);
    if (line)
        text_format(error, error_size,
                    "option --releases: %s, line %zu is no version and date (at most %d lines)",
                    path, line, (int)RELEASES_MAXIMUM);
    return !line && (read || !options->releases_file);
}

static void default_range(struct range *range, const char *text)
{
    if (!range->set)
        range_parse(text, range);
}

static void default_limit(struct limit *limit, const char *text)
{
    if (!limit->range.set)
        limit_parse(text, limit);
}

static void default_duration(int64_t *duration, int64_t seconds)
{
    if (*duration == NOT_GIVEN)
        *duration = seconds;
}

static void fill_defaults(struct connector_options *options)
{
    default_range(&options->heartbeat_warning, "4");
    default_range(&options->heartbeat_critical, "24");
    default_limit(&options->cert_warning, "21:");
    default_limit(&options->cert_critical, "7:");
    default_range(&options->failures_warning, "0");
    default_range(&options->failures_critical, "10");
    default_duration(&options->event_window, 4 * SECONDS_PER_HOUR);
    default_duration(&options->start_grace, 600);
    default_duration(&options->pending_time, 300);
}

/* Returns false with a line in `error` if an option was given that would have no effect. */
static bool check_effect(const struct connector_options *options, char *error, size_t error_size)
{
    const struct {
        const char *name;
        enum part part;
        bool given;
    } idle[] = {
        {"service", PART_SERVICES, options->services.count > 0},
        {"start-grace", PART_SERVICES, options->start_grace != NOT_GIVEN},
        {"pending-time", PART_SERVICES, options->pending_time != NOT_GIVEN},
        {"state-file", PART_SERVICES, options->state_file},
        {"min-version", PART_VERSION, options->minimum_version},
        {"releases", PART_VERSION, options->releases_file},
        {"version-key", PART_VERSION, options->version_key},
        {"heartbeat-warning", PART_HEARTBEAT, options->heartbeat_warning.set},
        {"heartbeat-critical", PART_HEARTBEAT, options->heartbeat_critical.set},
        {"cert-warning", PART_CERTIFICATE, options->cert_warning.range.set},
        {"cert-critical", PART_CERTIFICATE, options->cert_critical.range.set},
        {"failures-warning", PART_EVENTS, options->failures_warning.set},
        {"failures-critical", PART_EVENTS, options->failures_critical.set},
        {"event-window", PART_EVENTS, options->event_window != NOT_GIVEN},
    };

    for (size_t i = 0; i < COUNT_OF(idle); i++) {
        if (idle[i].given && options->skip[idle[i].part]) {
            text_format(error, error_size, "--%s has no effect with --skip=%s", idle[i].name,
                        parts[idle[i].part]);
            return false;
        }
    }
    if (options->pending_time == NOT_GIVEN || options->state_file)
        return true;
    text_copy(error, error_size, "--pending-time has no effect without --state-file");
    return false;
}

/* The defaults of our own options come after parsing, so that resolve() can tell what was given. */
void connector_options_init(void *data)
{
    struct connector_options *options = data;

    *options = (struct connector_options){
        .event_window = NOT_GIVEN, .start_grace = NOT_GIVEN, .pending_time = NOT_GIVEN};
    winrm_options_init(&options->winrm);
}

size_t connector_options_groups(void *data, struct option_group *groups)
{
    struct connector_options *options = data;

    winrm_options_groups(&options->winrm, groups);
    groups[WINRM_GROUPS] =
        (struct option_group){"Connector", what_specs, COUNT_OF(what_specs), options};
    groups[WINRM_GROUPS + 1] =
        (struct option_group){"Limits", limit_specs, COUNT_OF(limit_specs), options};
    return WINRM_GROUPS + 2;
}

bool connector_options_resolve(void *data, char *error, size_t error_size)
{
    struct connector_options *options = data;
    bool any = false;

    for (int part = 0; part < PART_COUNT; part++)
        any = any || !options->skip[part];
    if (!any) {
        text_copy(error, error_size, "--skip leaves nothing to look at");
        return false;
    }
    if (!check_effect(options, error, error_size))
        return false;
    fill_defaults(options);
    return read_releases(options, error, error_size) &&
           winrm_resolve(&options->winrm, error, error_size);
}

void connector_options_free(void *data)
{
    struct connector_options *options = data;

    winrm_options_free(&options->winrm);
}
