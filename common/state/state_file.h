/* state_file.h - what a check keeps between runs: one file, locked, checked, and replaced in one
 * step. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_STATE_STATE_FILE_H
#define NDES_STATE_STATE_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/clock.h"
#include "common/state/state_directory.h"
#include "common/state/state_text.h"

enum {
    STATE_FILE_MAXIMUM = 16384, /* bytes */
    STATE_LOCK_SECONDS = 1,     /* a run that only reads and writes holds the lock for an instant */
    STATE_PATH_SIZE = 1024,
    STATE_PROBLEM_SIZE = STATE_PATH_SIZE + STATE_REASON_SIZE + 64,
};

/* A file that is not ours (see state_directory.h and state_text.h), is damaged, or is another
 * subject's is neither believed nor replaced. */
struct state_file {
    char path[STATE_PATH_SIZE];
    struct state_subject subject;
    struct state_directory home;
    int lock;       /* descriptor, -1 if it is not ours */
    json_t *record; /* what the last run left; NULL if there was none */
    int64_t time;   /* when that was, in seconds since 1970 by the clock of then */
    char problem[STATE_PROBLEM_SIZE]; /* why the file cannot be used, "" if it can; for people */
};

/* Locks the file, waiting for another run until the deadline, but `patience` seconds at most, and
 * reads it. Beside a file that is not ours nothing is made. Returns false with `problem`. Strings
 * of the subject must stay valid. To be closed in every case. */
bool state_open(struct state_file *state, const char *path, const struct state_subject *subject,
                int64_t patience, const struct deadline *deadline);

/* True, with a problem that says so, if the record was written in the future: the clock was set
 * back, or was wrong then. Its times are worth nothing, and count from `now` on: the caller writes
 * it anew. A minute is no matter. */
bool state_is_ahead(struct state_file *state, int64_t now);

/* Says that the record makes no sense to the caller, who then leaves the file alone. Always false,
 * to be returned. */
bool state_is_damaged(struct state_file *state);

/* Puts the record, which it takes over (NULL: memory ran out), in the place of the old one, and
 * brings it to the disk: readers see the old or the new one. Returns false with `problem`; then the
 * old one is still there. */
bool state_write(struct state_file *state, int64_t time, json_t *record);

/* Removes the file. */
void state_remove(struct state_file *state);

/* Unlocks. The lock file stays, so that everybody locks the same one. */
void state_close(struct state_file *state);

#endif
