/* challenge.h - the ledger that keeps challenge passwords from being asked for too often.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_SCEP_CHALLENGE_H
#define NDES_SCEP_CHALLENGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/clock.h"
#include "common/http/http.h"
#include "common/scep/admin_page.h"
#include "common/state/state_file.h"

/* Five slots of 60 minutes: more often takes every slot of the password cache. */
enum { CHALLENGE_INTERVAL_MINIMUM = 12 * 60 };

/* Each fetch of mscep_admin takes one of five cache slots for an hour, whoever fetches. So the
 * ledger, a file per server, is locked for the whole fetch, is written before it (a crash counts as
 * a fetch), and anything odd about it means: do not fetch. */
struct challenge_ledger;

/* Which page is to be fetched; strings are not owned. */
struct challenge_request {
    const char *directory; /* of the ledgers */
    const char *url;       /* of the admin page */
    const char *address; /* the one server behind the URL, NULL: any; each has a cache of its own */
    const char *user;    /* who signs in, "" for nobody */
    int64_t interval;    /* seconds between two fetches; CHALLENGE_INTERVAL_MINIMUM at least, unless
                          * the last page showed that a fetch costs nothing */
};

/* What a fetch showed. */
struct challenge_verdict {
    enum http_outcome outcome; /* HTTP_NOT_ASKED: the fetch did not end, as in a crash */
    int status;                /* HTTP status, with HTTP_ANSWERED */
    enum admin_page page;      /* with status 200 */
    char refusal[200]; /* with HTTP_NOT_ASKED: why the KDC refuses name or password; "": it does not
                        */
    char user[128];
};

enum challenge_permit {
    CHALLENGE_ASK,    /* the interval is over, and the ledger is locked for us */
    CHALLENGE_REPEAT, /* too early: `last`, `age` and `wait` tell of the last fetch */
    CHALLENGE_REFUSE, /* the ledger cannot be trusted or written, see `problem`; if it is from the
                       * future the interval began anew */
};

/* What the ledger says. */
struct challenge {
    enum challenge_permit permit;
    struct challenge_verdict last;
    int64_t age;                /* seconds since the last fetch */
    int64_t wait;               /* seconds until the next one may be */
    char path[STATE_PATH_SIZE]; /* the ledger's file, "" if it has no name */
    char problem[STATE_PROBLEM_SIZE];
};

/* Opens and locks the ledger, waiting for another run to finish until the deadline, and decides
 * whether a page may be fetched now. With CHALLENGE_ASK it has recorded the fetch already. The
 * result must be closed in every case; it may be NULL. */
struct challenge_ledger *challenge_open(const struct challenge_request *request,
                                        const struct deadline *deadline,
                                        struct challenge *challenge);

/* Reads the ledger without locking or writing: CHALLENGE_REPEAT if there was a fetch within the
 * interval, else CHALLENGE_ASK. */
void challenge_peek(const struct challenge_request *request, struct challenge *challenge);

/* Writes what the page said, as of the moment of opening; also over a record that was not due, if a
 * page was fetched for another reason. Returns false and a line in `problem` if it can't. */
bool challenge_record(struct challenge_ledger *ledger, const struct challenge_verdict *verdict,
                      char *problem, size_t problem_size);

/* Takes the recorded fetch back: the request never reached the server. */
void challenge_withdraw(struct challenge_ledger *ledger);

void challenge_close(struct challenge_ledger *ledger);

#endif
