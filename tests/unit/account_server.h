/* account_server.h - a domain controller that exists in a table: the session behind the tests of
 * what is asked about accounts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_TESTS_ACCOUNT_SERVER_H
#define NDES_TESTS_ACCOUNT_SERVER_H

#include "common/ldap/session.h"
#include "common/directory/sid.h"

#define DOMAIN "DC=example,DC=com"
#define SERVER_NOW INT64_C(1795392000) /* 2026-11-23 00:00 UTC */

/* What the searches of a test are about. */
struct server_search {
    char base[300];
    enum directory_scope scope;
    char filter[2000];
};

enum { SERVER_SEARCHES_MAXIMUM = 8 };

extern struct directory_root server_root;
extern struct directory_statistics server_cost;
extern struct server_search server_searches[SERVER_SEARCHES_MAXIMUM]; /* without the rootDSE's */
extern size_t server_search_count;

/* Starts with an empty directory, and with one search done: the rootDSE. */
void server_start(void);
void server_end(void);

/* Adds an object; the next calls add values to it. */
void server_object(const char *dn);
void server_value(const char *attribute, const char *text);
void server_bytes(const char *attribute, const void *bytes, size_t length);
void server_sid(const char *attribute, const char *text); /* S-1-5-... */

/* Takes an attribute off the object added last. */
void server_hide(const char *attribute);

/* The object added last is not found by its DN. */
void server_hide_name(void);

/* The n-th search from 1, the rootDSE not counted, fails. Later ones, too, if that is fatal. */
void server_fail(size_t search, enum problem_kind kind);

/* Whether the filter of a search asks for it: "(sAMAccountName=svc)". */
bool server_was_asked(const char *clause);

#endif
