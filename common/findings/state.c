/* state.c - the four states of a check and their order.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/findings/state.h"

#include "common/base/text.h"

static const char *const names[] = {
    [STATE_OK] = "OK",
    [STATE_WARNING] = "WARNING",
    [STATE_CRITICAL] = "CRITICAL",
    [STATE_UNKNOWN] = "UNKNOWN",
};

static const int gravity[] = {
    [STATE_OK] = 0,
    [STATE_UNKNOWN] = 1,
    [STATE_WARNING] = 2,
    [STATE_CRITICAL] = 3,
};

const char *state_name(enum state state)
{
    return names[state];
}

bool state_parse(const char *text, enum state *state)
{
    int64_t number;

    if (text_integer(text, STATE_OK, STATE_UNKNOWN, &number)) {
        *state = (enum state)number;
        return true;
    }
    for (int i = STATE_OK; i <= STATE_UNKNOWN; i++) {
        if (text_equal(text, names[i])) {
            *state = (enum state)i;
            return true;
        }
    }
    return false;
}

enum state state_worst(enum state a, enum state b)
{
    return gravity[a] >= gravity[b] ? a : b;
}
