/* options.c - the options that check_ndes_connector alone has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/text.h"

enum { RELEASES_FILE_MAXIMUM = 64 * 1024 };

static bool set_version(const struct option_spec *spec, const char *value, void *target,
                        char *error, size_t error_size)
{
    struct version version;

    if (connector_version_parse(value, &version))
        return option_text.set(spec, value, target, error, error_size);
    text_format(error, error_size, "needs a version such as 6.2406.0.1001, not '%s'", value);
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
     .idle_with = "skip=services",
     .help = "Service (name, not display name) that must run; repeat for more. Without it the "
             "connector's services are found by name"},
    {.name = "skip",
     .type = &option_part,
     .argument = "PART",
     .offset = AT(skip),
     .choices = parts,
     .help = "Do not check services, version, heartbeat, certificate or events; may be repeated"},
    {.name = "min-version",
     .type = &option_version,
     .argument = "VERSION",
     .offset = AT(minimum_version),
     .idle_with = "skip=version",
     .help = "Lowest version to accept"},
    {.name = "releases",
     .type = &option_text,
     .argument = "FILE",
     .offset = AT(releases_file),
     .idle_with = "skip=version",
     .standard_words = "connector-releases, installed with the check",
     .help = "Table of release dates, one line `version YYYY-MM-DD` for each version"},
    {.name = "version-key",
     .type = &option_text,
     .argument = "KEY",
     .offset = AT(version_key),
     .idle_with = "skip=version",
     .help = "The connector's key below Uninstall in the registry, such as {8C1F...}: avoids the "
             "search for it (-v shows the key)"},
};

static const struct option_spec limit_specs[] = {
    {.name = "warning",
     .letter = 'w',
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(warning),
     .help = "Warning threshold for the time of all requests together, in seconds"},
    {.name = "critical",
     .letter = 'c',
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(critical),
     .pair = "warning",
     .help = "Critical threshold for the time of all requests together, in seconds"},
    {.name = "heartbeat-warning",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(heartbeat_warning),
     .idle_with = "skip=heartbeat",
     .standard = "4",
     .help = "Warning threshold for the hours since the connector last checked in"},
    {.name = "heartbeat-critical",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(heartbeat_critical),
     .idle_with = "skip=heartbeat",
     .pair = "heartbeat-warning",
     .standard = "24",
     .help = "Critical threshold for the hours since the connector last checked in"},
    {.name = "cert-warning",
     .type = &option_limit,
     .argument = "LIMIT",
     .offset = AT(cert_warning),
     .idle_with = "skip=certificate",
     .standard = "21:",
     .help = "Minimum remaining validity of the client certificate: a range in days (21:), or with "
             "a unit 21d, 36h, or 10% of its lifetime"},
    {.name = "cert-critical",
     .type = &option_limit,
     .argument = "LIMIT",
     .offset = AT(cert_critical),
     .idle_with = "skip=certificate",
     .pair = "cert-warning",
     .standard = "7:",
     .help = "Critical threshold for the remaining validity of the client certificate"},
    {.name = "failures-warning",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(failures_warning),
     .idle_with = "skip=events",
     .standard = "0",
     .help = "Warning threshold for failed requests in the event log within the window"},
    {.name = "failures-critical",
     .type = &option_range,
     .argument = "RANGE",
     .offset = AT(failures_critical),
     .idle_with = "skip=events",
     .pair = "failures-warning",
     .standard = "10",
     .help = "Critical threshold for failed requests in the event log within the window"},
    {.name = "event-window",
     .type = &option_duration,
     .argument = "DURATION",
     .offset = AT(event_window),
     .idle_with = "skip=events",
     .standard = "4h",
     .help = "How far back events are read",
     .minimum = 60,
     .maximum = INT64_C(30) * SECONDS_PER_DAY},
    {.name = "start-grace",
     .type = &option_duration,
     .argument = "DURATION",
     .offset = AT(start_grace),
     .idle_with = "skip=services",
     .standard = "10m",
     .help = "How long after a boot a service may be starting or not yet running",
     .maximum = SECONDS_PER_DAY},
    {.name = "pending-time",
     .type = &option_duration,
     .argument = "DURATION",
     .offset = AT(pending_time),
     .idle_with = "skip=services",
     .standard = "5m",
     .needs = "state-file",
     .help = "How long a service may be starting; without --state-file it is reported at once",
     .maximum = SECONDS_PER_DAY},
    {.name = "state-file",
     .type = &option_text,
     .argument = "FILE",
     .offset = AT(state_file),
     .idle_with = "skip=services",
     .help = "File that keeps between runs which services are starting; one per server"},
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
        text_format(
            error, error_size,
            "option --releases: %s, line %zu is not `version YYYY-MM-DD` (at most %d lines)", path,
            line, (int)RELEASES_MAXIMUM);
    return !line && (read || !options->releases_file);
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
        text_copy(error, error_size, "--skip leaves nothing to check");
        return false;
    }
    return read_releases(options, error, error_size) &&
           winrm_resolve(&options->winrm, error, error_size);
}

void connector_options_free(void *data)
{
    struct connector_options *options = data;

    winrm_options_free(&options->winrm);
}
