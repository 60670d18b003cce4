/* sign_on.h - signs a WinRM connection in, by whatever way was asked for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_CIM_SIGN_ON_H
#define NDES_CIM_SIGN_ON_H

#include "common/cim/sealed.h"
#include "common/cim/wire.h"
#include "common/auth/negotiate.h"

struct sign_on {
    const struct sign_in *sign_in;
    bool tls;
    struct negotiate *negotiate; /* NULL unless Kerberos or NTLM */
    bool seals;                  /* messages must be encrypted */
    enum sealed_protocol protocol;
    struct buffer header;  /* the Authorization header of each message, "" for none */
    struct buffer binding; /* to the TLS channel */
};

void sign_on_init(struct sign_on *sign_on, const struct sign_in *sign_in, bool tls);
void sign_on_free(struct sign_on *sign_on);

/* Signs the connection in. Over HTTP the session then encrypts, over HTTPS it is bound to the TLS
 * channel instead. Fails rather than trying twice: a refused password may lock the account. */
bool sign_on_perform(struct sign_on *sign_on, struct wire *wire, struct problem *problem);

/* The Authorization header that goes with every message; NULL for none. */
const char *sign_on_header(const struct sign_on *sign_on);

/* Completes PROBLEM_LOGON by what is known of the reason: scheme not offered, clocks apart. */
void sign_on_explain(const struct sign_on *sign_on, const struct wire *wire,
                     struct problem *problem);

#endif
