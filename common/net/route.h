/* route.h - the way to a server, whatever is spoken there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_NET_ROUTE_H
#define NDES_NET_ROUTE_H

enum address_family { FAMILY_ANY, FAMILY_IPV4, FAMILY_IPV6 };

/* Strings are not owned; NULL where not wanted. */
struct net_route {
    const char *connect_address; /* in place of what the server's name resolves to */
    const char *source_address;  /* local address, and with HTTP interface */
    int family;                  /* enum address_family */
};

#endif
