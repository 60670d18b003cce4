/* meaning.c - what a problem means in a report: by protocol, a finding for each kind.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/report/meaning.h"

#include <string.h>

#include "common/base/text.h"

static const struct meaning *meaning_of(const struct meaning *meanings, enum problem_kind kind)
{
    return meanings[kind].text ? &meanings[kind] : &meanings[PROBLEM_FAULT];
}

void meaning_text(const struct meaning meanings[PROBLEM_KIND_COUNT], const struct problem *problem,
                  char *target, size_t size)
{
    text_format(target, size, "%s%s%s%s", meaning_of(meanings, problem->kind)->text,
                problem->detail[0] ? " (" : "", problem->detail, problem->detail[0] ? ")" : "");
}

void report_problem(struct report *report, const struct meaning meanings[PROBLEM_KIND_COUNT],
                    const char *what, const struct problem *problem)
{
    const struct meaning *meaning = meaning_of(meanings, problem->kind);
    char text[480];

    if (problem->kind == PROBLEM_NONE)
        return;
    meaning_text(meanings, problem, text, sizeof text);
    if (report_has(report, meaning->id))
        report_note(report, 1, "%s: also %s", what, text);
    else
        report_find(report, meaning->id, "%s: %s" DETAIL "%s", what, meaning->text,
                    text + strlen(meaning->text));
}
