/* credentials.h - the options that hold the secret to sign in with.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_ENDPOINT_CREDENTIALS_H
#define NDES_ENDPOINT_CREDENTIALS_H

#include "common/auth/credentials.h"
#include "common/options/options.h"

/* option_text for the name of an account: DOMAIN/user, as reports print it, stands for DOMAIN\user.
 * A name with an @ or a = keeps its slashes: Kerberos principals and DNs have such. */
extern const struct option_type option_account;

struct credentials_options {
    const char *user;         /* --user: its row is that of whoever knows what form it has */
    const char *ini_password; /* by password= in an --extra-opts section */
    char *file_password;      /* by --password-file; owned */
    const char *keytab;
    const char *ticket_cache;
};

void credentials_options_free(struct credentials_options *options);

/* --password-file, password=, --keytab, --ticket-cache; all but the last need a row --user. */
struct option_group credentials_group(struct credentials_options *options);

/* The same as credentials; the options must outlive them. */
struct credentials credentials_of(const struct credentials_options *options);

/* Returns NULL, or what is wrong with them for Kerberos. */
const char *credentials_kerberos_problem(const struct credentials *credentials);

#endif
