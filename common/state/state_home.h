/* state_home.h - the directory for state files where the operator names none.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_STATE_STATE_HOME_H
#define NDES_STATE_STATE_HOME_H

#include <stddef.h>

/* Writes its path: that of the environment variable MP_STATE_PATH (as monitoring-plugins have it);
 * else `standard`, if we may write there; else check_ndes in the user's own directory for state
 * (XDG Base Directory Specification: XDG_STATE_HOME, ~/.local/state), which is made if it is
 * missing; else `standard`, for the message that says what is wrong with it. */
void state_home(const char *standard, char *path, size_t size);

#endif
