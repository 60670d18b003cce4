/* fuzz_state.c - any bytes as a state file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/state/state_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

/* What was read is the same once it was written. */
static void read_again(const struct state_subject *subject, int64_t time, json_t *record)
{
    char reason[STATE_REASON_SIZE] = "";
    char *text = state_text_write(subject, time, record);
    int64_t time_again = 0;
    json_t *again;

    require(text);
    again = state_text_read(text, strlen(text), subject, &time_again, reason);
    require(again && time_again == time && json_equal(again, record));
    json_decref(again);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct state_subject subject = {.kind = "pool", .target = "pool SCEP at ndes"};
    char reason[STATE_REASON_SIZE] = "";
    int64_t time = 0;
    json_t *record = state_text_read((const char *)data, size, &subject, &time, reason);

    require(!record == (reason[0] != '\0'));
    require(!record || (time > 0 && json_is_object(record)));
    if (record)
        read_again(&subject, time, record);
    json_decref(record);
    return 0;
}
