/* connector_facts.h - the facts that the tests of check_ndes_connector's judge start from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_TESTS_CONNECTOR_FACTS_H
#define NDES_TESTS_CONNECTOR_FACTS_H

#include "plugins/connector/connector.h"

#define NOW INT64_C(1795392000) /* 2026-11-23 00:00 UTC */
#define DAY INT64_C(86400)
#define HOUR INT64_C(3600)
#define MINUTE INT64_C(60)

enum { CORE, CREATE, CREATE_LEGACY, REVOKE, UPDATER, SERVICE_COUNT }; /* indices as installed */

extern struct connector_options options;
extern struct connector_facts facts;

/* Setup of a test: a healthy unified connector of four services. */
int start_healthy(void **state);

/* The service's state, start type and exit code. */
void set_service(size_t index, const char *state, const char *start_mode, int64_t exit_code);

/* No connector at all: no services, no keys, no logs. */
void remove_connector(void);

/* The old connector in place of the new one. */
void make_legacy(void);

/* Logs so many events that long ago. */
void log_events(int id, size_t count, int64_t ago, const char *message);

/* Judges the facts into a new report. */
void judge_anew(void);

#endif
