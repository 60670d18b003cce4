/* sign_in.h - who we are for a server that wants to know: what the operator said of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_AUTH_SIGN_IN_H
#define NDES_AUTH_SIGN_IN_H

#include "common/auth/credentials.h"

/* How to sign in. */
enum sign_in_method {
    SIGN_IN_AUTO,        /* NTLM for DOMAIN\user and a plain name, else Kerberos */
    SIGN_IN_KERBEROS,    /* from a ticket cache, a keytab or a password */
    SIGN_IN_NTLM,        /* with a password */
    SIGN_IN_BASIC,       /* with a password, over TLS only */
    SIGN_IN_CERTIFICATE, /* the client certificate of the TLS connection */
};

/* Strings are not owned; NULL where not given. The user is user@REALM, DOMAIN\\user, or a plain
 * name. */
struct sign_in {
    enum sign_in_method method; /* not SIGN_IN_AUTO once the options are resolved */
    struct credentials credentials;
    const char *service;      /* of the SPN; NULL: WSMAN, and HOST if the KDC knows no WSMAN */
    const char *service_host; /* of the SPN */
};

#endif
