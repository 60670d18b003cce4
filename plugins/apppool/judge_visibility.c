/* judge_visibility.c - what could be seen of the pool, and what kept the rest hidden.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/apppool/apppool.h"

#include "common/base/text.h"
#include "common/cim/verdict.h"

static const struct {
    const char *name;
    const char *need; /* what makes it visible */
} sources[SOURCE_COUNT] = {
    [SOURCE_COUNTERS] = {"counters (APPPOOLWAS)", "the group Performance Monitor Users"},
    [SOURCE_METABASE] = {"IIS 6 metabase (root/MicrosoftIISv2)",
                         "the feature Web-WMI and rights on its namespace"},
    [SOURCE_METHOD] = {"ApplicationPool.GetState", "Execute Methods on root/webadministration"},
    [SOURCE_POOLS] = {"pools (root/webadministration)",
                      "the feature Web-Scripting-Tools and read access to the IIS configuration"},
    [SOURCE_MODEL] = {"ProcessModel (root/webadministration)",
                      "read access to the IIS configuration"},
    [SOURCE_APPLICATIONS] = {"applications (root/webadministration)",
                             "read access to the IIS configuration"},
    [SOURCE_SERVICES] = {"services (Win32_Service)", "the right to query WAS and W3SVC (sc sdset)"},
    [SOURCE_EVENTS] = {"events (System log)", "the group Event Log Readers"},
};

const char *apppool_source_name(enum source source)
{
    return sources[source].name;
}

/* True if the source could tell nothing about the pool for want of rights or of the source. */
static bool source_is_blind(const struct source_facts *source)
{
    return source->problem.kind != PROBLEM_NONE || (!source->control && !source->has_pool);
}

/* Why a source told nothing of the pool. */
static void source_text(const struct apppool_facts *facts, enum source source, char *target,
                        size_t size)
{
    const struct source_facts *about = &facts->sources[source];
    char problem[200];

    if (about->problem.kind != PROBLEM_NONE) {
        cim_problem_text(&about->problem, problem, sizeof problem);
        text_format(target, size, "%s: %s", sources[source].name, problem);
    } else if (about->has_pool) {
        text_format(target, size, "%s: no known state", sources[source].name);
    } else if (about->control) {
        text_format(target, size, "%s: no such pool", sources[source].name);
    } else {
        text_format(target, size, "%s: nothing is visible", sources[source].name);
    }
}

/* "SCEP2, DefaultAppPool and 3 more" */
static void list_pools(const struct apppool_facts *facts, char *target, size_t size)
{
    size_t shown = facts->pool_count < NAMES_MAXIMUM ? facts->pool_count : NAMES_MAXIMUM;
    struct buffer list;

    buffer_init(&list, 1024);
    for (size_t i = 0; i < shown; i++)
        buffer_addf(&list, "%s%s", i ? ", " : "", facts->pools[i]);
    if (facts->pool_count > shown)
        buffer_addf(&list, " and %zu more", facts->pool_count - shown);
    text_copy(target, size, buffer_text(&list));
    buffer_free(&list);
}

/* True, and reported, if the pool does not exist as far as can be seen. A pool that was never
 * started has no counters, so these alone prove little: the text says so. */
static bool judge_missing(const struct apppool_options *options, const struct apppool_facts *facts,
                          struct report *report)
{
    const struct source_facts *counters = &facts->sources[SOURCE_COUNTERS];
    const struct source_facts *metabase = &facts->sources[SOURCE_METABASE];
    const struct source_facts *pools = &facts->sources[SOURCE_POOLS];
    char list[400];

    if (counters->has_pool || metabase->has_pool || pools->has_pool)
        return false;
    if (pools->rows && pools->problem.kind == PROBLEM_NONE) {
        list_pools(facts, list, sizeof list);
        report_find(report, NDES_POOL_MISSING, "no application pool %s" DETAIL "; there are: %s",
                    options->pool, list);
        return true;
    }
    if (!counters->control)
        return false;
    if (metabase->asked && metabase->problem.kind == PROBLEM_NONE)
        report_find(report, NDES_POOL_MISSING,
                    "no application pool %s" DETAIL
                    ", neither in the IIS 6 metabase nor among the counters",
                    options->pool);
    else
        report_find(report, NDES_POOL_MISSING,
                    "no application pool %s among the counters" DETAIL
                    ": it does not exist or was never started (other sources: not available)",
                    options->pool);
    return true;
}

/* The problem that is the root: a server that cannot answer, before rights, before features. */
static enum source worst_source(const struct apppool_facts *facts)
{
    static const enum source order[] = {SOURCE_COUNTERS, SOURCE_METABASE, SOURCE_METHOD,
                                        SOURCE_POOLS};
    enum source worst = SOURCE_COUNTERS;
    int rank_of_worst = -1;

    for (size_t i = 0; i < COUNT_OF(order); i++) {
        const struct source_facts *about = &facts->sources[order[i]];
        int rank;

        switch (about->problem.kind) {
        case PROBLEM_NONE:
            rank = about->asked && source_is_blind(about) ? 2 : -1;
            break;
        case PROBLEM_NO_NAMESPACE:
            rank = 1;
            break;
        case PROBLEM_NO_CLASS:
        case PROBLEM_NO_INSTANCE:
            rank = 0;
            break;
        case PROBLEM_DENIED:
            rank = 3;
            break;
        default:
            rank = 4;
        }
        if (rank > rank_of_worst) {
            rank_of_worst = rank;
            worst = order[i];
        }
    }
    return worst;
}

/* One finding for the state that no source tells; which kind, the nearest cause decides. */
static void judge_blind(const struct apppool_options *options, const struct apppool_facts *facts,
                        struct report *report)
{
    enum source worst = worst_source(facts);
    const struct source_facts *about = &facts->sources[worst];
    char text[300];

    if (about->problem.kind == PROBLEM_NONE) {
        source_text(facts, worst, text, sizeof text);
        report_find(report, NDES_CIM_RIGHTS,
                    "state of pool %s not available" DETAIL ": %s: needs %s", options->pool, text,
                    sources[worst].need);
    } else {
        text_format(text, sizeof text, "state of pool %s not available: %s", options->pool,
                    sources[worst].name);
        cim_judge_problem(report, text, &about->problem);
    }
    for (int i = 0; i < STATE_SOURCES; i++)
        report_note(report, 1, "%s: %s needs %s", i ? "or" : "any of these is enough",
                    sources[i].name, sources[i].need);
}

void apppool_judge_visibility(const struct apppool_options *options,
                              const struct apppool_facts *facts, struct report *report)
{
    if (!judge_missing(options, facts, report))
        judge_blind(options, facts, report);
}

static void note_states(const struct apppool_facts *facts, struct report *report)
{
    enum source origin = SOURCE_COUNTERS;
    enum pool_state merged = apppool_state_merged(facts, &origin);

    for (int i = 0; i < STATE_SOURCES; i++) {
        const struct source_facts *about = &facts->sources[i];

        if (about->state == POOL_UNSEEN)
            continue;
        report_note(report, 2, "%s: %s (%lld)", sources[i].name,
                    apppool_state_word((enum source)i, about->number), (long long)about->number);
        if (about->state != merged && !(about->state == POOL_RUNNING && merged == POOL_IDLE))
            report_note(report, 1, "the sources disagree: %s says %s, %s says %s",
                        sources[origin].name,
                        apppool_state_word(origin, facts->sources[origin].number), sources[i].name,
                        apppool_state_word((enum source)i, about->number));
    }
}

void apppool_note_visibility(const struct apppool_facts *facts, struct report *report)
{
    static const enum source told[] = {SOURCE_COUNTERS, SOURCE_METABASE, SOURCE_METHOD,
                                       SOURCE_POOLS, SOURCE_MODEL};
    char text[400];

    note_states(facts, report);
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        const struct source_facts *about = &facts->sources[told[i]];

        if (!about->asked || about->has_pool || problem_is_fatal(about->problem.kind))
            continue;
        source_text(facts, told[i], text, sizeof text);
        report_note(report, 1, "not available: %s", text);
    }
}
