/* judge_version.c - whether the connector's version is supported.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/cim/verdict.h"

/* Microsoft: "supported for six months after a newer version appears", "works up to 18 months". */
enum { SUPPORTED_DAYS = 183, WORKING_DAYS = 548 };

/* The first that writes the SID into certificates (KB5014754). */
#define STRONG_MAPPING_VERSION "6.2406.0.1001"

static void judge_minimum(const struct connector_options *options, const struct version *version,
                          const char *text, struct report *report)
{
    struct version minimum;

    if (options->minimum_version && connector_version_parse(options->minimum_version, &minimum) &&
        connector_version_compare(version, &minimum) < 0)
        report_find_as(report, STATE_WARNING, NDES_CONN_OUTDATED, "version %s, wanted %s or later",
                       text, options->minimum_version);
    connector_version_parse(STRONG_MAPPING_VERSION, &minimum);
    if (connector_version_compare(version, &minimum) < 0)
        report_find(report, NDES_CONN_SID, "version %s, strong mapping needs %s or later", text,
                    STRONG_MAPPING_VERSION);
}

/* How long ago the version was superseded. */
static void judge_age(const struct connector_options *options, const struct connector_facts *facts,
                      const struct version *version, struct report *report)
{
    const struct release *next = connector_releases_next(&options->releases, version);
    const struct release *newest = connector_releases_newest(&options->releases);
    const char *text = facts->version.text;
    int64_t days = next ? (facts->server_now - next->date) / SECONDS_PER_DAY : 0;
    char since[24];

    if (!newest) {
        report_note(report, 1, "age of version %s not known: no table of releases (--releases)",
                    text);
        return;
    }
    if (days < 0)
        days = 0;
    report_metric(report, &connector_metrics[METRIC_VERSION_AGE], days, NULL, NULL);
    if (!next && connector_version_compare(version, &newest->version) > 0)
        report_note(report, 1, "version %s is newer than the table of releases, which ends at %s",
                    text, newest->text);
    if (!next)
        return;
    clock_format(next->date, since, sizeof since);
    since[10] = '\0'; /* the day is enough */
    if (days > WORKING_DAYS)
        report_find_as(report, STATE_CRITICAL, NDES_CONN_OUTDATED,
                       "version %s was superseded by %s" DETAIL
                       " on %s, %lld days ago: the limit is %d",
                       text, next->text, since, (long long)days, WORKING_DAYS);
    else if (days > SUPPORTED_DAYS)
        report_find_as(report, STATE_WARNING, NDES_CONN_OUTDATED,
                       "version %s was superseded by %s" DETAIL
                       " on %s, %lld days ago: supported for %d, working for %d",
                       text, next->text, since, (long long)days, SUPPORTED_DAYS, WORKING_DAYS);
    else
        report_note(report, 1, "version %s was superseded by %s on %s", text, next->text, since);
}

static void note_source(const struct version_facts *version, struct report *report)
{
    if (version->source == VERSION_FILE)
        report_note(report, 1,
                    "version %s from file %s, after reading %zu of %zu keys below Uninstall; "
                    "--version-key avoids that",
                    version->text, version->key, version->names_read, version->keys);
    else if (version->names_read)
        report_note(report, 1,
                    "version %s from Uninstall key %s, found after reading %zu of %zu keys; "
                    "--version-key='%s' avoids that",
                    version->text, version->key, version->names_read, version->keys, version->key);
    else
        report_note(report, 1, "version %s from Uninstall key %s", version->text, version->key);
}

static void judge_nothing(const struct connector_options *options,
                          const struct connector_facts *facts, struct report *report)
{
    char file[480] = "";

    if (facts->version.file_problem.kind != PROBLEM_NONE)
        cim_problem_text(&facts->version.file_problem, file, sizeof file);
    if (connector_is_absent(facts))
        report_note(report, 1, "version: no connector is installed");
    else if (options->version_key)
        report_find(report, NDES_CONN_DATA, "Uninstall key '%s' has no DisplayVersion",
                    options->version_key);
    else
        report_find(report, NDES_CONN_DATA,
                    "version not found in %zu of %zu keys below Uninstall" DETAIL
                    "; name the key with --version-key%s%s",
                    facts->version.names_read, facts->version.keys,
                    file[0] ? ". The program file does not show it either: " : "", file);
}

void connector_judge_version(const struct connector_options *options,
                             const struct connector_facts *facts, struct report *report)
{
    const struct version_facts *found = &facts->version;
    struct version version;

    if (!facts->looked[PART_VERSION])
        return;
    cim_judge_problem(report, connector_part_name(PART_VERSION), &facts->problems[PART_VERSION]);
    if (facts->problems[PART_VERSION].kind != PROBLEM_NONE)
        return;
    if (found->source == VERSION_NONE) {
        judge_nothing(options, facts, report);
        return;
    }
    note_source(found, report);
    if (!connector_version_parse(found->text, &version)) {
        report_find(report, NDES_CONN_DATA, "version '%s' is not a valid version", found->text);
        return;
    }
    judge_minimum(options, &version, found->text, report);
    judge_age(options, facts, &version, report);
}
