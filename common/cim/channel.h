/* channel.h - one signed-in connection to WinRM: SOAP goes in, SOAP comes out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_CIM_CHANNEL_H
#define NDES_CIM_CHANNEL_H

#include "common/cim/cim.h"
#include "common/cim/wsman.h"

/* Bytes of one answer, and of all of a session. */
enum { CHANNEL_ANSWER_MAXIMUM = 1024 * 1024, CHANNEL_TOTAL_MAXIMUM = 16 * 1024 * 1024 };

struct channel;

/* Prepares a channel; nothing is sent yet. The contract is that of wsman_open(). */
struct channel *channel_open(const struct wsman_settings *settings, const struct deadline *deadline,
                             char *error, size_t error_size);
void channel_close(struct channel *channel);

/* Sends a message and fills `answer` (an empty buffer) with the SOAP that came back, a fault
 * perhaps. Connects and signs in first if need be; if that fails it is not tried again, as each try
 * may count against the account. `*in_clear` becomes true if the message went encrypted and the
 * answer did not come so. On failure returns false and fills `problem`. */
bool channel_exchange(struct channel *channel, const struct buffer *message, struct buffer *answer,
                      bool *in_clear, struct problem *problem);

struct cim_statistics *channel_statistics(struct channel *channel);

#endif
