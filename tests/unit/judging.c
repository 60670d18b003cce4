/* judging.c - what the tests of the judges share: a report and assertions about what it holds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/plugin/run.h"
#include "judging.h"

struct report judged;

int start_report(void **state)
{
    (void)state;
    report_init(&judged, "check_ndes_test", "NDES TEST", NULL);
    return 0;
}

int end_report(void **state)
{
    (void)state;
    report_free(&judged);
    return 0;
}

void restart_report(void)
{
    end_report(NULL);
    start_report(NULL);
}

const struct finding *finding_of(enum finding_id id, size_t n)
{
    for (size_t i = 0; i < judged.finding_count; i++)
        if (judged.findings[i].id == id && n-- == 0)
            return &judged.findings[i];
    return NULL;
}

static void print_findings(void)
{
    for (size_t i = 0; i < judged.finding_count; i++)
        print_message("found: %s [%s]\n", judged.findings[i].message,
                      catalogue_row(judged.findings[i].id)->id);
}

void assert_findings(size_t count)
{
    if (judged.finding_count == count)
        return;
    print_findings();
    fail_msg("%zu findings, expected %zu", judged.finding_count, count);
}

void assert_finding(enum finding_id id, enum state expected, const char *part)
{
    const struct finding *finding;

    for (size_t n = 0; (finding = finding_of(id, n)); n++)
        if (finding->state == expected && strstr(finding->message, part))
            return;
    print_findings();
    fail_msg("no finding %s, %s, with '%s'", catalogue_row(id)->id, state_name(expected), part);
}

void assert_only(enum finding_id id, enum state expected, const char *part)
{
    assert_finding(id, expected, part);
    assert_findings(1);
}

bool has_note(const char *part)
{
    for (size_t i = 0; i < judged.note_count; i++)
        if (strstr(judged.notes[i].text, part))
            return true;
    return false;
}

void assert_note(const char *part)
{
    if (has_note(part))
        return;
    for (size_t i = 0; i < judged.note_count; i++)
        print_message("noted: %s\n", judged.notes[i].text);
    fail_msg("no note with '%s'", part);
}

static size_t count_metrics(const char *label, const struct metric **last)
{
    size_t count = 0;

    for (size_t i = 0; i < judged.metric_count; i++) {
        if (strcmp(judged.metrics[i].kind->label, label) != 0)
            continue;
        *last = &judged.metrics[i];
        count++;
    }
    return count;
}

const struct metric *metric_of(const char *label)
{
    const struct metric *metric = NULL;

    if (count_metrics(label, &metric) != 1)
        fail_msg("metric %s is not there once", label);
    return metric;
}

bool has_metric(const char *label)
{
    const struct metric *metric;

    return count_metrics(label, &metric) > 0;
}

struct range range_of(const char *text)
{
    struct range range = {0};

    assert_null(range_parse(text, &range));
    return range;
}

void set_standards(size_t (*groups)(void *options, struct option_group *groups), void *options)
{
    struct option_group all[OPTION_GROUPS_MAXIMUM];

    assert_true(options_set_standards(all, groups(options, all)));
}
