/* ticket_none.c - Kerberos tickets, of a build that has no Kerberos.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/auth/ticket.h"

struct tickets *tickets_open(const struct credentials *credentials, struct problem *problem)
{
    (void)credentials;
    problem_set(problem, PROBLEM_NO_TICKET, "this program was built without Kerberos");
    return NULL;
}

void tickets_close(struct tickets *tickets)
{
    (void)tickets;
}

void ticket_cache_user(const struct credentials *credentials, char *user, size_t size)
{
    (void)credentials;
    (void)user;
    (void)size;
}

bool tickets_select(const struct tickets *tickets)
{
    return !tickets;
}

bool tickets_fetch(struct tickets *tickets, enum ticket_naming naming, const char *service,
                   const char *host, char *principal, size_t principal_size,
                   struct problem *problem)
{
    (void)tickets;
    (void)naming;
    (void)service;
    (void)host;
    text_copy(principal, principal_size, "");
    return problem_set(problem, PROBLEM_NO_TICKET, "this program was built without Kerberos");
}
