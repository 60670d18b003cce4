/* negotiate.h - the client's side of a Kerberos or NTLM sign-in, and the messages it protects.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_AUTH_NEGOTIATE_H
#define NDES_AUTH_NEGOTIATE_H

#include <stdbool.h>

#include "common/base/buffer.h"
#include "common/base/problem.h"
#include "common/auth/sign_in.h"

enum { NEGOTIATE_TOKEN_MAXIMUM = 64 * 1024 };

/* How Kerberos tokens are wrapped: in SPNEGO (RFC 4178; HTTP scheme Negotiate, RFC 4559), or bare
 * (scheme Kerberos). NTLM tokens are always bare, which scheme Negotiate takes, too. */
enum negotiate_form { NEGOTIATE_SPNEGO, NEGOTIATE_BARE };

struct negotiate;

/* Takes hold of the credentials; Kerberos gets its service ticket here, from the KDC if it must, so
 * that what is wrong with name, password or SPN shows by its own code. A password is tried once.
 * `sign_in` must outlive the object. On failure returns NULL and fills `problem`:
 * PROBLEM_NO_TICKET, _LOGON, _LOGON_LOCKED, _CLOCK, _SPN or _BROKEN. */
struct negotiate *negotiate_open(const struct sign_in *sign_in, struct problem *problem);
void negotiate_close(struct negotiate *negotiate);

/* Starts a sign-in. `binding` ties it to a TLS channel (RFC 5929, "tls-server-end-point:" and the
 * hash), NULL for none; it must outlive the sign-in. Messages are only protected without it. */
void negotiate_begin(struct negotiate *negotiate, enum negotiate_form form,
                     const struct buffer *binding);

/* One leg: takes the server's token (none on the first leg) and appends ours to `answer`, if there
 * is one to send. On failure returns false and fills `problem`. */
bool negotiate_step(struct negotiate *negotiate, const void *token, size_t length,
                    struct buffer *answer, struct problem *problem);

/* True when both sides are done. */
bool negotiate_is_done(const struct negotiate *negotiate);

/* "Kerberos" or "NTLM". */
const char *negotiate_mechanism(const struct negotiate *negotiate);

/* The service principal name that was asked for: "WSMAN/ndes01.example.com". */
const char *negotiate_service(const struct negotiate *negotiate);

/* Encrypts and signs a message. Appends header and ciphertext to `sealed`; the first
 * `*header_length` bytes of what was added are the header. `*padding` are bytes that padding made
 * the text longer. Returns false if that fails. */
bool negotiate_seal(struct negotiate *negotiate, const void *text, size_t length,
                    struct buffer *sealed, size_t *header_length, size_t *padding);

/* The reverse: `sealed` is header and ciphertext. Appends the text. Returns false if the message
 * was changed, is out of order or not encrypted. */
bool negotiate_unseal(struct negotiate *negotiate, const void *sealed, size_t length,
                      struct buffer *text);

#endif
