/* account_facts.h - the facts that the tests of check_ndes_account start from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_TESTS_ACCOUNT_FACTS_H
#define NDES_TESTS_ACCOUNT_FACTS_H

#include "account_server.h"
#include "plugins/account/account.h"

#define NOW SERVER_NOW
#define DAY INT64_C(86400)
#define HOUR INT64_C(3600)
#define NAME "NDESTEST\\svc-ndes"
#define DOMAIN_SID "S-1-5-21-1-2-3-"

extern struct account_options options;
extern struct account_facts facts;

/* Setup of a test: a user whose password has 41 days left, on an account that never expires; its
 * teardown. */
int start_healthy(void **state);
int end_healthy(void **state);

/* Takes --account apart. */
void set_account(const char *account);

/* The same user as one that renews its password by itself: renewed 10 days ago. */
void make_gmsa(void);
void make_computer(void);

/* Adds a SID to a token, by its text. */
void add_group(struct account_token *groups, const char *sid);

/* Judges the facts into a new report. */
void judge_anew(void);

#endif
