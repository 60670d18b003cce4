/* ldap.h - the options that say which domain controller to ask by LDAP, and as whom.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_ENDPOINT_LDAP_H
#define NDES_ENDPOINT_LDAP_H

#include "common/ldap/settings.h"
#include "common/endpoint/credentials.h"
#include "common/endpoint/route.h"
#include "common/options/types.h"

struct directory_options {
    struct route_options route; /* completed by directory_resolve() */
    struct text_list hosts;     /* -H */
    const char *domain;         /* --domain */
    bool tls;                   /* -S */
    bool start_tls;             /* -T */
    int64_t port;               /* -p, 0: the default */
    int method;                 /* --auth */
    struct credentials_options credentials;
    const char *base;          /* -b: where accounts are searched; NULL: the whole domain */
    struct range time_warning; /* seconds of all requests */
    struct range time_critical;
    struct directory_settings settings; /* completed by directory_resolve() */
};

void directory_options_free(struct directory_options *options);

/* The groups for options_parse(): which server and as whom; with what secret; how to connect. */
enum { DIRECTORY_GROUPS = 3 };
void directory_options_groups(struct directory_options *options,
                              struct option_group groups[DIRECTORY_GROUPS]);

/* Checks the options together, and completes `settings`. On failure returns false and writes a
 * usage error. */
bool directory_resolve(struct directory_options *options, char *error, size_t error_size);

#endif
