/* token.h - the SIDs that an account acts with.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_DIRECTORY_TOKEN_H
#define NDES_DIRECTORY_TOKEN_H

#include "common/directory/sid.h"

enum { TOKEN_SIDS_MAXIMUM = 4096 };

/* Its own, those of its groups, and those of everybody. */
struct token {
    struct sid *sids; /* each once; owned */
    size_t count;
    size_t capacity;
    bool
        complete; /* false: groups may be missing, so that "denied" and "granted" are both unsure */
};

/* Starts an empty token that is complete. Allocates nothing. */
void token_init(struct token *token);

/* Adds a copy unless it is there already. Returns false, and the token is no longer complete, if
 * there are too many, if memory ran out, or if `sid` is none. */
bool token_add(struct token *token, const struct sid *sid);

bool token_has(const struct token *token, const struct sid *sid);

/* Frees the SIDs; the token is empty and usable again. */
void token_free(struct token *token);

#endif
