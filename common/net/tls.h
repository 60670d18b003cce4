/* tls.h - how TLS is spoken with a server: whom we trust, and who we are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_NET_TLS_H
#define NDES_NET_TLS_H

#include <stdbool.h>

enum tls_minimum { TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 };

/* Strings are not owned; NULL where not wanted. */
struct net_tls {
    const char *client_certificate; /* PEM file */
    const char *private_key;        /* PEM file; NULL: in client_certificate */
    const char *key_passphrase;
    const char *ca_certificates; /* PEM file or hashed directory; NULL: the system's trust store */
    bool insecure;               /* do not verify the server */
    int minimum;                 /* enum tls_minimum */
};

#endif
