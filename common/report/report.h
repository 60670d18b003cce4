/* report.h - what a check found: findings, notes and metrics, and how they are printed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_REPORT_REPORT_H
#define NDES_REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "common/base/buffer.h"
#include "common/findings/catalogue.h"
#include "common/report/range.h"
#include "common/findings/state.h"

enum { REPORT_FINDINGS_MAXIMUM = 32, REPORT_NOTES_MAXIMUM = 96, REPORT_METRICS_MAXIMUM = 32 };
enum { REPORT_MESSAGE_MAXIMUM = 400 };

struct finding {
    enum finding_id id;
    enum state state;
    char *message;  /* printable ASCII, owned by the report */
    char *headline; /* the part of it before DETAIL; NULL if the message has no such mark */
};

/* Stands in the format of a finding where its detail begins: "pool %s is stopped" DETAIL " (%s)".
 * The first line of the output leaves the detail out if it would become too long. */
#define DETAIL "\v"

/* A line of detail; shown when the check is not OK or at -v (level 1), at -vv (2) or -vvv (3). */
struct note {
    int level;
    char *text; /* printable ASCII, owned by the report */
};

/* How a number is printed in perfdata. */
enum unit { UNIT_NONE, UNIT_SECONDS, UNIT_BYTES, UNIT_PERCENT, UNIT_COUNTER };

/* "", "s", "B", "%", "c": a number that only grows. */
const char *unit_text(enum unit unit);

/* The perfdata of a plugin, listed once: for output and for --describe. Labels are an API. */
struct metric_kind {
    const char *label;
    enum unit unit;
    int decimals;
    const char *help;
};

struct metric {
    const struct metric_kind *kind; /* not owned */
    long double value;
    struct range warning;
    struct range critical;
};

enum output_format { OUTPUT_TEXT, OUTPUT_JSON };
enum threshold_format { THRESHOLDS_RANGE, THRESHOLDS_PLAIN, THRESHOLDS_NONE };

/* How the operator wants it printed. */
struct report_style {
    enum output_format format;
    enum threshold_format thresholds;
    int verbosity;
};

/* The operator's own states of findings. */
struct state_overrides {
    bool set[FINDING_ID_COUNT];
    enum state state[FINDING_ID_COUNT]; /* where set */
};

struct report {
    const char *plugin;  /* check_ndes_http */
    const char *service; /* NDES HTTP */
    struct state_overrides overrides;
    struct finding findings[REPORT_FINDINGS_MAXIMUM];
    size_t finding_count;
    size_t findings_dropped; /* did not fit */
    struct note notes[REPORT_NOTES_MAXIMUM];
    size_t note_count;
    struct metric metrics[REPORT_METRICS_MAXIMUM];
    size_t metric_count;
    char *summary; /* the first line when nothing was found; owned */
};

/* Starts an empty report. `plugin` and `service` must outlive it. `overrides` is copied;
 * NULL: none. */
void report_init(struct report *report, const char *plugin, const char *service,
                 const struct state_overrides *overrides);
void report_free(struct report *report);

/* Adds a finding with the state that the catalogue or the operator gives it. The message says what
 * was seen and what was wanted; foreign text in it is made printable here. */
void report_find(struct report *report, enum finding_id id, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* The same with a state decided by a threshold; an operator's --state still wins. */
void report_find_as(struct report *report, enum state state, enum finding_id id, const char *format,
                    ...) PRINTF_LIKE(4, 5);

bool report_has(const struct report *report, enum finding_id id);

/* Adds a line of detail. */
void report_note(struct report *report, int level, const char *format, ...) PRINTF_LIKE(3, 4);

/* Sets the text of the first line for the case that nothing was found. */
void report_summary(struct report *report, const char *format, ...) PRINTF_LIKE(2, 3);

/* Adds perfdata. Ranges may be NULL. */
void report_metric(struct report *report, const struct metric_kind *kind, long double value,
                   const struct range *warning, const struct range *critical);

/* CRITICAL, WARNING or OK for a value with two ranges (each may be NULL). */
enum state threshold_state(long double value, const struct range *warning,
                           const struct range *critical);

/* Writes what the range wants that led to that state, WARNING or CRITICAL: "at most 4". Needs 80
 * bytes. */
void threshold_wanted(enum state state, const struct range *warning, const struct range *critical,
                      char *target, size_t size);

/* Findings ordered from the gravest on; equals keep their order. `order` gets indices. */
void report_order(const struct report *report, size_t order[REPORT_FINDINGS_MAXIMUM]);

/* The worst state of all findings, OK if there are none; UNKNOWN of an empty report: a check that
 * fell through must not look good. */
enum state report_state(const struct report *report);

/* The first line of a report without findings: its summary, or what is said of an empty one. */
const char *report_summary_text(const struct report *report);

/* Prints the report and returns the exit code. Text: first line with perfdata at most 900
 * bytes, all of it at most 8 KiB; JSON at most 256 KiB. */
int report_print(const struct report *report, const struct report_style *style, FILE *stream);

/* Prints the one line of a plugin that could not start, such as for a usage error: UNKNOWN. */
int report_print_unknown(const char *service, const char *message, FILE *stream);

#endif
