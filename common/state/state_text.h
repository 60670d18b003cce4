/* state_text.h - what is in a state file: whose it is, when it was written, and the record.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_STATE_STATE_TEXT_H
#define NDES_STATE_STATE_TEXT_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "common/state/state_directory.h"

/* What is kept, and about what. Strings are not owned. */
struct state_subject {
    const char *kind;   /* "pool": which check reads the record */
    const char *target; /* the server, or the pool of a server; compared in any case */
};

/* Reads {"ndes-state": 1, "kind": ..., "target": ..., "time": seconds since 1970, "record": {...}},
 * in this order. Returns the record, to be released with json_decref(), and its time; or NULL and
 * in `reason`, of STATE_REASON_SIZE bytes, why the text is none of the subject's. */
json_t *state_text_read(const char *text, size_t length, const struct state_subject *subject,
                        int64_t *time, char *reason);

/* Writes that. Returns a string to be freed; NULL if memory ran out or a name is not UTF-8. */
char *state_text_write(const struct state_subject *subject, int64_t time, json_t *record);

#endif
