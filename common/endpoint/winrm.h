/* winrm.h - the options that say which Windows server to ask by WinRM, and as whom.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_ENDPOINT_WINRM_H
#define NDES_ENDPOINT_WINRM_H

#include "common/auth/sign_in.h"
#include "common/cim/wsman.h"
#include "common/endpoint/connection.h"
#include "common/endpoint/credentials.h"

struct winrm_options {
    struct connection_options connection; /* -H -S -p, how to connect; completed by resolve */
    int method;                           /* --auth: enum sign_in_method */
    struct credentials_options credentials;
    const char *service;            /* --service-name: of the SPN */
    const char *service_host;       /* --service-host */
    struct sign_in sign_in;         /* completed by winrm_resolve() */
    char url[1024];                 /* completed by winrm_resolve() */
    struct wsman_settings settings; /* made of the above by winrm_resolve(), for wsman_open() */
};

void winrm_options_free(struct winrm_options *options);

/* The groups for options_parse(): which server and as whom; with what secret; how to connect. */
enum { WINRM_GROUPS = 3 };
void winrm_options_groups(struct winrm_options *options, struct option_group groups[WINRM_GROUPS]);

/* Checks the options together, and completes url, sign_in and connection.http. On failure
 * returns false and writes a usage error. */
bool winrm_resolve(struct winrm_options *options, char *error, size_t error_size);

#endif
