/* http_facts.h - the facts that the tests of check_ndes_http's judge start from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_TESTS_HTTP_FACTS_H
#define NDES_TESTS_HTTP_FACTS_H

#include "plugins/http/http.h"

#define NOW INT64_C(1795392000) /* 2026-11-23 00:00 UTC */
#define DAY INT64_C(86400)
#define HOUR INT64_C(3600)

extern struct http_options options;
extern struct http_facts facts;

/* Setup of a test: a healthy plain NDES by http. */
int start_healthy(void **state);

/* Gives a step another answer; its Server header. */
void set_answer(enum step step, int status);
void set_server(enum step step, const char *server);

/* Judges the facts into a new report. */
void judge_anew(void);

#endif
