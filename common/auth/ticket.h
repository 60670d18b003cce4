/* ticket.h - Kerberos tickets: from what the operator gave to a cache that a sign-in can use.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_AUTH_TICKET_H
#define NDES_AUTH_TICKET_H

#include <stdbool.h>
#include <stddef.h>

#include "common/auth/credentials.h"
#include "common/base/problem.h"

/* What an error code of Kerberos means; PROBLEM_NO_TICKET for all that mean nothing special. The
 * kinds of this room: that, _LOGON, _LOGON_LOCKED, _CLOCK and _SPN. */
enum problem_kind ticket_problem_kind(long code);

struct tickets;

/* Takes hold of the credentials. A build without Kerberos always fails here. With a password or a
 * keytab it gets the user's ticket from the KDC into a cache of this process; a password is tried
 * once. Else it opens the ticket cache. The object keeps no reference to `credentials`. On failure
 * returns NULL and fills `problem`. */
struct tickets *tickets_open(const struct credentials *credentials, struct problem *problem);

/* Also destroys what was had by password or keytab: it is as good as a password for some hours. */
void tickets_close(struct tickets *tickets);

/* Writes whose tickets the cache holds that `credentials` name. Leaves `user` alone if that cannot
 * be told. */
void ticket_cache_user(const struct credentials *credentials, char *user, size_t size);

/* The name of the cache, as in KRB5CCNAME. Owned by the object. */
const char *tickets_cache(const struct tickets *tickets);

/* Has GSSAPI look into that cache wherever this thread signs in without naming one; NULL: into the
 * environment's again, which must be before tickets_close(). Returns false if memory runs out. */
bool tickets_select(const struct tickets *tickets);

/* How a service's host becomes part of its name: as it is; or as krb5.conf wants it, which by
 * default asks the DNS for another name of the host, and is what GSSAPI's host-based names do. */
enum ticket_naming { TICKET_EXACT, TICKET_CANONICAL };

/* Gets the ticket for a service, such as ldap on dc1.example.com, into the cache, so that what is
 * wrong with it shows by its own code. `principal` takes the service's full name. On failure
 * returns false and fills `problem`. */
bool tickets_fetch(struct tickets *tickets, enum ticket_naming naming, const char *service,
                   const char *host, char *principal, size_t principal_size,
                   struct problem *problem);

#endif
