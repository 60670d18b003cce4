/* apppool_facts.h - the facts that the tests of check_ndes_apppool start from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_TESTS_APPPOOL_FACTS_H
#define NDES_TESTS_APPPOOL_FACTS_H

#include "plugins/apppool/apppool.h"

#define NOW INT64_C(1795392000) /* 2026-11-23 00:00 UTC */

extern struct apppool_options options;
extern struct apppool_facts facts;

/* Setup of a test: a healthy server that shows everything, and the default options. */
int start_healthy(void **state);

/* The same within a test. */
void set_healthy(void);

/* Sets what a source tells: its number of the state. */
void tell(enum source source, int64_t number);

/* Makes a source fail, or show nothing. */
void fail_source(enum source source, enum problem_kind kind);
void hide(enum source source);

/* The three sources tell of a stopped pool. */
void stop_pool(void);

/* WAS wrote an event so many seconds ago. */
void log_event(enum pool_event kind, int64_t ago);

/* Judges the facts into a new report. */
void judge_anew(void);

#endif
