/* account_directory.h - a healthy directory, and what check_ndes_account collects from it: what the
 * tests of collecting start from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_TESTS_ACCOUNT_DIRECTORY_H
#define NDES_TESTS_ACCOUNT_DIRECTORY_H

#include "account_facts.h"

#define SVC "CN=svc-ndes,OU=NDES," DOMAIN
#define GMSA "CN=gmsa-ndes,CN=Managed Service Accounts," DOMAIN
#define HOST "CN=NDES01,CN=Computers," DOMAIN

/* Setup of a test: two domains, the gMSA that NDES01 may fetch the password of, NDES01, and the
 * user svc-ndes, which is the object added last; its teardown. */
int start_directory(void **state);
int end_directory(void **state);

/* Adds an account that is not disabled and has no date; `class` is its last objectClass. */
void add_account(const char *dn, const char *class, const char *name, const char *sid);

/* Adds who may fetch a gMSA's password to the object added last, cut to `length`: NDES01. */
enum { MEMBERSHIP_LENGTH = 76 };
void add_membership(size_t length);

/* The names of --spn; `second` may be NULL. */
void give_spns(const char *first, const char *second);

/* Collects anew, as by the options. */
void ask(void);

/* The same, when so many searches were made of servers that were passed over. */
void ask_after(int searches);

#endif
