/* state.h - the four states of a check and their order.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_FINDINGS_STATE_H
#define NDES_FINDINGS_STATE_H

#include <stdbool.h>

/* The numbers are the exit codes of the Monitoring Plugins guidelines. */
enum state { STATE_OK = 0, STATE_WARNING = 1, STATE_CRITICAL = 2, STATE_UNKNOWN = 3 };

/* "OK", "WARNING", "CRITICAL", "UNKNOWN". */
const char *state_name(enum state state);

/* Accepts the names in any case, and 0 to 3. Returns false on anything else. */
bool state_parse(const char *text, enum state *state);

/* The graver of two: CRITICAL > WARNING > UNKNOWN > OK. */
enum state state_worst(enum state a, enum state b);

#endif
