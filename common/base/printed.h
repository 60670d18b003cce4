/* printed.h - whether this process has printed its report: no second one must follow.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_BASE_PRINTED_H
#define NDES_BASE_PRINTED_H

enum { PRINTED_NOTHING = -2, PRINTED_A_PART = -1 };

/* PRINTED_A_PART right before something is printed; the exit code that goes with it once all is
 * written. */
void printed_set(int what);

/* What was set last, PRINTED_NOTHING at first. Signal handlers may ask. */
int printed_what(void);

#endif
