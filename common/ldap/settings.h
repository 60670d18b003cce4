/* settings.h - the backend of the directory room that speaks LDAP, by libldap and Cyrus SASL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_LDAP_SETTINGS_H
#define NDES_LDAP_SETTINGS_H

#include "common/ldap/session.h"
#include "common/auth/credentials.h"
#include "common/net/route.h"
#include "common/net/tls.h"

enum { DIRECTORY_SERVERS_MAXIMUM = 16, DIRECTORY_HOST_BYTES = 256 };

struct directory_server {
    char host[DIRECTORY_HOST_BYTES]; /* name or address, IPv6 without brackets */
    int port;
};

enum directory_protection { DIRECTORY_PLAIN, DIRECTORY_START_TLS, DIRECTORY_OVER_TLS };

/* GSSAPI (RFC 4752) and GSS-SPNEGO with Kerberos; simple (RFC 4513) with a password. */
enum directory_method { DIRECTORY_GSSAPI, DIRECTORY_GSS_SPNEGO, DIRECTORY_SIMPLE };

/* Strings are not owned; NULL where not given. */
struct directory_settings {
    struct directory_server servers[DIRECTORY_SERVERS_MAXIMUM]; /* tried in this order */
    size_t server_count;
    const char
        *domain;     /* without servers: the DNS name of the domain whose SRV records name them */
    int domain_port; /* in place of the port that those say, 0: theirs */
    struct net_route route;
    enum directory_protection protection;
    struct net_tls tls; /* the private key without a pass phrase */
    enum directory_method method;
    struct credentials credentials; /* of DIRECTORY_SIMPLE: user and password */
};

/* Connects to the first server that answers, signs in and reads its rootDSE; a simple bind is only
 * made under TLS. All of it, and every search later, ends at the deadline, which must outlive the
 * session as `settings` must. Never NULL unless memory ran out: on failure `problem` is filled, the
 * session can tell its cost, and every search fails with the same problem. */
struct directory_session *directory_open(const struct directory_settings *settings,
                                         const struct deadline *deadline, directory_trace *trace,
                                         void *trace_data, struct problem *problem);

#endif
