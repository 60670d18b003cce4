/* racert_facts.h - the facts that the tests of check_ndes_racert's judge start from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_TESTS_RACERT_FACTS_H
#define NDES_TESTS_RACERT_FACTS_H

#include "plugins/racert/racert.h"

#define NOW INT64_C(1795392000) /* 2026-11-23 00:00 UTC */
#define DAY INT64_C(86400)
#define HOUR INT64_C(3600)
#define FINGERPRINT "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

enum { CA, SIGNING, ENCRYPTION }; /* indices as installed */

extern struct racert_options options;
extern struct racert_facts facts;

/* Setup of a test: a healthy answer as NDES gives it, of a CA and two RA certificates. */
int start_healthy(void **state);

/* Sets -w and -c. */
void set_limits(const char *warning, const char *critical);

/* Judges the facts into a new report. */
void judge_anew(void);

#endif
