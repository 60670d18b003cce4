/* tcp.h - a TCP connection within a deadline.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_NET_TCP_H
#define NDES_NET_TCP_H

#include "common/base/clock.h"
#include "common/base/problem.h"
#include "common/net/route.h"

/* Strings are not owned; NULL where not wanted. */
struct tcp_target {
    const char *host;
    int port;
    struct net_route route;
};

/* Connects to the first address that answers; the time that is left is divided among them. Returns
 * a blocking socket, and its peer's address for people. On failure returns -1 and fills `problem`.
 * Looking up a name does not know the deadline. */
int tcp_connect(const struct tcp_target *target, const struct deadline *deadline, char *peer,
                size_t peer_size, struct problem *problem);

#endif
