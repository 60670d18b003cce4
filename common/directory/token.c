/* token.c - the SIDs that an account acts with.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/directory/token.h"

#include <stdlib.h>

#include "common/base/memory.h"

void token_init(struct token *token)
{
    *token = (struct token){.complete = true};
}

static bool make_room(struct token *token)
{
    size_t capacity = token->capacity ? 2 * token->capacity : 16;
    struct sid *sids;

    if (token->count < token->capacity)
        return true;
    if (capacity > TOKEN_SIDS_MAXIMUM)
        return false;
    sids = memory_resize(token->sids, capacity * sizeof(*sids));
    if (!sids)
        return false;
    token->sids = sids;
    token->capacity = capacity;
    return true;
}

bool token_add(struct token *token, const struct sid *sid)
{
    if (token_has(token, sid))
        return true;
    if (!sid->length || !make_room(token)) {
        token->complete = false;
        return false;
    }
    token->sids[token->count++] = *sid;
    return true;
}

bool token_has(const struct token *token, const struct sid *sid)
{
    for (size_t i = 0; i < token->count; i++)
        if (sid_equal(&token->sids[i], sid))
            return true;
    return false;
}

void token_free(struct token *token)
{
    free(token->sids);
    token_init(token);
}
