/* template_facts.h - the facts that the tests of check_ndes_template start from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_TESTS_TEMPLATE_FACTS_H
#define NDES_TESTS_TEMPLATE_FACTS_H

#include "plugins/template/template.h"

#define NOW INT64_C(1795392000) /* 2026-11-23 00:00 UTC */
#define DAY INT64_C(86400)

#define DOMAIN_SID "S-1-5-21-1-2-3"
#define ACCOUNT_SID DOMAIN_SID "-1104"
#define GROUP_SID DOMAIN_SID "-1105" /* ndes-enroll, which the account is in */
#define OTHER_SID DOMAIN_SID "-1106" /* which it is not in */

extern struct template_options options;
extern struct template_facts facts;

/* Setup of a test: one template by --template, published on the one CA, on which the account may
 * enrol through a group; and teardown. */
int start_healthy(void **state);
int end_healthy(void **state);

/* The template of index 0. */
struct certificate_template *the_template(void);

/* Adds another template of that name that is as healthy. Returns its index. */
size_t add_template(const char *name);

struct ca_facts *add_ca(const char *name, int64_t days_left);

/* Empties the access control list of the template 0; appends an ACE to it. `object` may be NULL. */
void clear_aces(void);
struct ace *add_ace(enum ace_type type, uint32_t mask, const struct guid *object, const char *sid);

struct sid sid_of(const char *text);

/* Judges the facts into a new report. */
void judge_anew(void);

#endif
