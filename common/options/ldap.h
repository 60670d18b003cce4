/* ldap.h - the options that say which domain controller to ask by LDAP, and as whom.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_OPTIONS_LDAP_H
#define NDES_OPTIONS_LDAP_H

#include "common/directory/ldap.h"
#include "common/options/connection.h"
#include "common/options/credentials.h"

struct ldap_options {
    struct connection_options connection; /* how to connect; completed by ldap_resolve() */
    struct text_list hosts;               /* -H */
    const char *domain;                   /* --domain */
    bool tls;                             /* -S */
    bool start_tls;                       /* -T */
    int64_t port;                         /* -p, 0: the default */
    int method;                           /* --auth */
    struct credentials_options credentials;
    const char *base;          /* -b: where accounts are searched; NULL: the whole domain */
    struct range time_warning; /* seconds of all requests */
    struct range time_critical;
    struct ldap_settings settings; /* completed by ldap_resolve() */
};

void ldap_options_init(struct ldap_options *options);
void ldap_options_free(struct ldap_options *options);

/* The groups for options_parse(): which server and as whom; with what secret; how to connect. */
enum { LDAP_GROUPS = 3 };
void ldap_options_groups(struct ldap_options *options, struct option_group groups[LDAP_GROUPS]);

/* Checks the options together, and completes `settings`. On failure returns false and writes a
 * usage error. */
bool ldap_resolve(struct ldap_options *options, char *error, size_t error_size);

#endif
