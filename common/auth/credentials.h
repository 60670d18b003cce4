/* credentials.h - who we are for a server that wants to know: what the operator said of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_AUTH_CREDENTIALS_H
#define NDES_AUTH_CREDENTIALS_H

/* Strings are not owned; NULL where not given. */
struct credentials {
    const char *user; /* user@REALM, DOMAIN\user, a DN or a plain name, by the way of signing in */
    const char *password;
    const char *keytab;       /* file */
    const char *ticket_cache; /* as in KRB5CCNAME; NULL: the environment's */
};

#endif
