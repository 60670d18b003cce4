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

/* Each fetch of mscep_admin takes one of five cache slots for an hour, whoever fetches, and by
 * whatever name of the server. So the ledger has a file per target (the URL's host and path,
 * however they are spelled) and one per address; both are locked for the whole fetch and written
 * before it (a crash counts as a fetch), and anything odd about them means: do not fetch. */
struct challenge_ledger;

/* Which page is to be fetched; strings are not owned. */
struct challenge_request {
    const char *directory; /* of the files */
    const char *url;       /* of the admin page */
    const char *address; /* the one server behind the URL, NULL: any; each has a cache of its own */
    const char
        *peer; /* the address that answers, "" if a proxy is in between: then it says nothing */
    int64_t interval; /* seconds between two fetches; CHALLENGE_INTERVAL_MINIMUM at least, unless
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
    CHALLENGE_OTHER,  /* too early: the same address was asked as `target`, which may be this server
                       * or another one behind the address */
    CHALLENGE_REFUSE, /* the ledger cannot be trusted or written, see `problem`; if it is from the
                       * future the interval began anew */
};

/* What the ledger says. */
struct challenge {
    enum challenge_permit permit;
    struct challenge_verdict last;
    char target[512];           /* of the last fetch */
    int64_t age;                /* seconds since the last fetch */
    int64_t wait;               /* seconds until the next one may be */
    char path[STATE_PATH_SIZE]; /* the file that decided, "" if it has no name */
    char problem[STATE_PROBLEM_SIZE];
};

/* Opens and locks the ledger, waiting for another run to finish until the deadline, and decides
 * whether a page may be fetched now; writes nothing. The result must be closed in every case; it
 * may be NULL. */
struct challenge_ledger *challenge_open(const struct challenge_request *request,
                                        const struct deadline *deadline,
                                        struct challenge *challenge);

/* After CHALLENGE_ASK, and before a fetch that is to use up a password: writes it down. `user`: who
 * signs in. Returns false, with CHALLENGE_REFUSE, if it can't. */
bool challenge_begin(struct challenge_ledger *ledger, const char *user,
                     struct challenge *challenge);

/* Writes what the page said, as of the moment of opening; also over a record that was not due, if a
 * page was fetched for another reason. Returns false and a line in `problem` if it can't. */
bool challenge_record(struct challenge_ledger *ledger, const struct challenge_verdict *verdict,
                      char *problem, size_t problem_size);

/* Takes the recorded fetch back: the request never reached the server. */
void challenge_withdraw(struct challenge_ledger *ledger);

void challenge_close(struct challenge_ledger *ledger);

#endif
