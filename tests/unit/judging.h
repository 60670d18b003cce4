/* judging.h - what the tests of the judges share: a report and assertions about what it holds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_TESTS_JUDGING_H
#define NDES_TESTS_JUDGING_H

#include "common/options/options.h"
#include "common/report/report.h"

/* The report of the running test. */
extern struct report judged;

/* Starts an empty report, and frees it: setup and teardown of each test; restart_report() within.
 */
int start_report(void **state);
int end_report(void **state);
void restart_report(void);

/* The n-th finding with this ID, from 0; NULL if there is none. */
const struct finding *finding_of(enum finding_id id, size_t n);

/* Fails unless there are exactly so many findings. */
void assert_findings(size_t count);

/* Fails unless there is a finding with this ID and state whose message holds `part`. */
void assert_finding(enum finding_id id, enum state expected, const char *part);

/* The same, and it is the only one. */
void assert_only(enum finding_id id, enum state expected, const char *part);

/* Whether there is a line of detail that holds `part`. */
bool has_note(const char *part);
void assert_note(const char *part);

/* The metric with this label; fails unless it is there exactly once. */
const struct metric *metric_of(const char *label);
bool has_metric(const char *label);

struct range range_of(const char *text);

/* Sets the defaults of a check's options, as a run does that is given none. */
void set_standards(size_t (*groups)(void *options, struct option_group *groups), void *options);

#endif
