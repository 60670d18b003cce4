/* state_text.c - what is in a state file: whose it is, when it was written, and the record.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/state/state_text.h"

#include <string.h>

#include "common/base/text.h"

enum { STATE_VERSION = 1 };

/* What does not begin so was never written by these checks, whatever else it may be. */
#define BEGINNING "{\"ndes-state\":"

static json_t *reject(char *reason, const char *text)
{
    text_copy(reason, STATE_REASON_SIZE, text);
    return NULL;
}

/* Takes the record of a file whose header says that it is this subject's. */
static json_t *read_root(json_t *root, const struct state_subject *subject, int64_t *time,
                         char *reason)
{
    int version = 0;
    const char *kind = "";
    const char *target = "";
    json_int_t seconds = 0;
    json_t *record = NULL;

    if (json_unpack(root, "{s:i}", "ndes-state", &version) == 0 && version != STATE_VERSION)
        return reject(reason, "another version of these checks wrote it");
    if (json_unpack(root, "{s:i, s:s, s:s, s:I, s:o !}", "ndes-state", &version, "kind", &kind,
                    "target", &target, "time", &seconds, "record", &record) != 0 ||
        seconds <= 0 || !json_is_object(record))
        return reject(reason, "it is damaged");
    if (strcmp(kind, subject->kind) != 0 || !text_equal(target, subject->target)) {
        text_format(reason, STATE_REASON_SIZE,
                    "it is used for something else (%.20s: %.250s), give each a file of its own",
                    kind, target);
        return NULL;
    }
    *time = seconds;
    return json_incref(record);
}

json_t *state_text_read(const char *text, size_t length, const struct state_subject *subject,
                        int64_t *time, char *reason)
{
    json_t *root;
    json_t *record;

    if (length < strlen(BEGINNING) || memcmp(text, BEGINNING, strlen(BEGINNING)) != 0)
        return reject(reason, "it is not a state file of these checks");
    root = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    if (!root)
        return reject(reason, "it is damaged");
    record = read_root(root, subject, time, reason);
    json_decref(root);
    return record;
}

char *state_text_write(const struct state_subject *subject, int64_t time, json_t *record)
{
    json_t *root = json_pack("{s:i, s:s, s:s, s:I, s:O}", "ndes-state", (int)STATE_VERSION, "kind",
                             subject->kind, "target", subject->target, "time", (json_int_t)time,
                             "record", record);
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;

    json_decref(root);
    return text;
}
