/* common_options.c - the options that every plugin has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/plugin/common_options.h"

#include <string.h>

#include "common/base/text.h"
#include "common/options/types.h"

static bool set_state(const struct option_spec *spec, const char *value, void *target, char *error,
                      size_t error_size)
{
    (void)spec;
    if (state_parse(value, target))
        return true;
    text_format(error, error_size, "needs ok, warning, critical or unknown, not '%s'", value);
    return false;
}

/* Parses ID=STATE. */
static bool set_finding_state(const struct option_spec *spec, const char *value, void *target,
                              char *error, size_t error_size)
{
    const char *equals = strchr(value, '=');
    struct state_overrides *states = target;
    enum finding_id id;
    char name[64];

    (void)spec;
    if (!equals) {
        text_format(error, error_size, "needs ID=STATE, such as ndes-http-slow=critical, not '%s'",
                    value);
        return false;
    }
    text_copy_bytes(name, sizeof name, value, (size_t)(equals - value));
    if (!catalogue_find(name, &id)) {
        text_format(error, error_size, "does not know finding '%s': --help lists the IDs", name);
        return false;
    }
    if (!state_parse(equals + 1, &states->state[id])) {
        text_format(error, error_size, "needs %s=ok, warning, critical or unknown, not '%s'", name,
                    equals + 1);
        return false;
    }
    states->set[id] = true;
    return true;
}

static const struct option_type plain_state = {
    .name = "state", .takes_value = true, .set = set_state};

static const struct option_type finding_state = {
    .name = "finding-state", .takes_value = true, .repeatable = true, .set = set_finding_state};

static const char *const formats[] = {[OUTPUT_TEXT] = "text", [OUTPUT_JSON] = "json", NULL};
static const char *const thresholds[] = {
    [THRESHOLDS_RANGE] = "range", [THRESHOLDS_PLAIN] = "plain", [THRESHOLDS_NONE] = "none", NULL};
static const char *const state_names[] = {[STATE_OK] = "ok",
                                          [STATE_WARNING] = "warning",
                                          [STATE_CRITICAL] = "critical",
                                          [STATE_UNKNOWN] = "unknown",
                                          NULL};

static const struct option_spec specs[] = {
    {.name = "timeout",
     .letter = 't',
     .type = &option_integer,
     .argument = "SECONDS",
     .offset = offsetof(struct common_options, timeout),
     .help = "Time limit for the whole run in seconds, however many requests it makes",
     .standard = "10",
     .minimum = 1,
     .maximum = 3600},
    {.name = "timeout-result",
     .type = &plain_state,
     .argument = "STATE",
     .offset = offsetof(struct common_options, timeout_result),
     .help = "State to report when the time limit is reached",
     .standard = "critical",
     .choices = state_names},
    {.name = "state",
     .type = &finding_state,
     .argument = "ID=STATE",
     .offset = offsetof(struct common_options, states),
     .help = "Report a finding with another state; the IDs are listed below"},
    {.name = "output",
     .type = &option_choice,
     .argument = "FORMAT",
     .offset = offsetof(struct common_options, style.format),
     .help = "Print text for people, or JSON for programs",
     .standard = "text",
     .choices = formats},
    {.name = "perfdata-thresholds",
     .type = &option_choice,
     .argument = "FORM",
     .offset = offsetof(struct common_options, style.thresholds),
     .help = "Print thresholds in perfdata as ranges (30:), as plain numbers (30), or leave them "
             "out",
     .standard = "range",
     .choices = thresholds},
    {.name = "verbose",
     .letter = 'v',
     .type = &option_count,
     .offset = offsetof(struct common_options, style.verbosity),
     .help = "Show details (-v), requests (-vv), and everything else (-vvv)"},
};

struct option_group common_options_group(struct common_options *options)
{
    return (struct option_group){
        .title = "Common", .specs = specs, .count = COUNT_OF(specs), .target = options};
}
