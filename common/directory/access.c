/* access.c - decides what a descriptor lets a token do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/directory/access.h"

#include <inttypes.h>
#include <string.h>

#include "common/base/text.h"

/* DS_GENERIC_MAPPING. */
#define ALL_OF_GENERIC_ALL UINT32_C(0x000f01ff)
#define ALL_OF_GENERIC_READ (RIGHT_RC | RIGHT_LO | RIGHT_RP | RIGHT_LC)
#define ALL_OF_GENERIC_WRITE (RIGHT_RC | RIGHT_WP | RIGHT_SW)
#define ALL_OF_GENERIC_EXECUTE (RIGHT_RC | RIGHT_LC)
#define OF_THE_OWNER (RIGHT_RC | RIGHT_WD)

const struct guid GUID_ENROLL = {{0x68, 0xc9, 0x10, 0x0e, 0xfb, 0x78, 0xd2, 0x11, 0x90, 0xd4, 0x00,
                                  0xc0, 0x4f, 0x79, 0xdc, 0x55}};
const struct guid GUID_AUTOENROLL = {{0xc2, 0x8c, 0x5b, 0xa0, 0xbc, 0x17, 0x02, 0x48, 0xa7, 0x10,
                                      0xe7, 0xc1, 0x5a, 0xb8, 0x66, 0xa2}};

/* Everything that stays the same from ACE to ACE. */
struct question {
    const struct descriptor *descriptor;
    const struct token *token;
    uint32_t wanted; /* mapped, without those that the owner has */
    const struct guid *objects;
    size_t object_count;
    bool owner; /* the token is the owner's */
};

uint32_t access_map_generic(uint32_t mask)
{
    uint32_t mapped = mask & ~(RIGHT_GA | RIGHT_GR | RIGHT_GW | RIGHT_GX);

    if (mask & RIGHT_GA)
        mapped |= ALL_OF_GENERIC_ALL;
    if (mask & RIGHT_GR)
        mapped |= ALL_OF_GENERIC_READ;
    if (mask & RIGHT_GW)
        mapped |= ALL_OF_GENERIC_WRITE;
    if (mask & RIGHT_GX)
        mapped |= ALL_OF_GENERIC_EXECUTE;
    return mapped;
}

/* For this object, not only for those below, and of a kind that decides. */
static bool takes_part(const struct ace *ace)
{
    return !(ace->flags & ACE_INHERIT_ONLY) && (ace_allows(ace) || ace_denies(ace));
}

static bool asks_for(const struct question *question, const struct guid *object)
{
    for (size_t i = 0; i < question->object_count; i++)
        if (guid_equal(object, &question->objects[i]))
            return true;
    return false;
}

static bool is_for_token(const struct question *question, const struct ace *ace)
{
    return token_has(question->token, &ace->trustee) ||
           (question->owner && sid_equal(&ace->trustee, sid_known(SID_OWNER_RIGHTS)));
}

/* The rights in question that the ACE decides for its trustee. */
static uint32_t decided_for_trustee(const struct question *question, const struct ace *ace)
{
    if (!takes_part(ace) || (ace->has_object && !asks_for(question, &ace->object)))
        return 0;
    return access_map_generic(ace->mask) & question->wanted;
}

/* The rights that the ACE decides in this question. */
static uint32_t decided_by(const struct question *question, const struct ace *ace)
{
    uint32_t mask = decided_for_trustee(question, ace);

    return mask && is_for_token(question, ace) ? mask : 0;
}

static bool owner_is_limited(const struct descriptor *descriptor)
{
    for (size_t i = 0; i < descriptor->ace_count; i++)
        if (takes_part(&descriptor->aces[i]) &&
            sid_equal(&descriptor->aces[i].trustee, sid_known(SID_OWNER_RIGHTS)))
            return true;
    return false;
}

/* Walks the list as if all conditions came out for (or against) the token. No rule makes up for
 * another, so the truth lies between the two walks. Returns the first ACE with a condition that has
 * a say, which is the same in both. */
static size_t walk(const struct question *question, bool lucky, struct access_decision *decision)
{
    const struct descriptor *descriptor = question->descriptor;
    size_t condition = descriptor->ace_count;

    *decision = (struct access_decision){ACCESS_DENIED, ACCESS_BY_END, 0, question->wanted};
    if (!descriptor->ace_count)
        decision->reason = ACCESS_BY_EMPTY_DACL;
    for (size_t i = 0; i < descriptor->ace_count; i++) {
        const struct ace *ace = &descriptor->aces[i];
        uint32_t decided = decided_by(question, ace) & decision->missing;

        if (!decided)
            continue;
        if (ace_is_callback(ace) && condition == descriptor->ace_count)
            condition = i;
        if (ace_is_callback(ace) && lucky != ace_allows(ace))
            continue;
        if (ace_allows(ace))
            decision->missing &= ~decided;
        if (ace_denies(ace) || !decision->missing) {
            decision->verdict = ace_allows(ace) ? ACCESS_GRANTED : ACCESS_DENIED;
            decision->reason = ACCESS_BY_ACE;
            decision->ace = i;
            break;
        }
    }
    return condition;
}

static struct question make_question(const struct descriptor *descriptor, const struct token *token,
                                     uint32_t mask, const struct guid *objects, size_t object_count)
{
    struct question question = {.descriptor = descriptor,
                                .token = token,
                                .wanted = access_map_generic(mask),
                                .objects = objects,
                                .object_count = object_count,
                                .owner = token_has(token, &descriptor->owner)};

    if (question.owner && !owner_is_limited(descriptor))
        question.wanted &= ~OF_THE_OWNER;
    return question;
}

void access_decide(const struct descriptor *descriptor, const struct token *token, uint32_t mask,
                   const struct guid *objects, size_t object_count,
                   struct access_decision *decision)
{
    struct question question = make_question(descriptor, token, mask, objects, object_count);
    struct access_decision lucky;
    size_t condition;

    if (descriptor->dacl != DACL_PRESENT && mask) {
        *decision = (struct access_decision){ACCESS_GRANTED, ACCESS_BY_NO_DACL, 0, 0};
        return;
    }
    if (!question.wanted && mask) {
        *decision = (struct access_decision){ACCESS_GRANTED, ACCESS_BY_OWNER, 0, 0};
        return;
    }
    condition = walk(&question, false, decision);
    walk(&question, true, &lucky);
    if (decision->verdict != lucky.verdict) {
        decision->verdict = ACCESS_CONDITIONAL;
        decision->reason = ACCESS_BY_ACE;
        decision->ace = condition;
    }
}

/* A grant falls with one right that is denied first; a denial needs all that it is for, and no more
 * than them, to be granted first, or the ownership. */
bool access_is_sure(const struct descriptor *descriptor, const struct token *token, uint32_t mask,
                    const struct guid *objects, size_t object_count,
                    const struct access_decision *decision)
{
    struct question question = make_question(descriptor, token, mask, objects, object_count);
    bool granted = decision->verdict == ACCESS_GRANTED;
    bool by_ace = decision->reason == ACCESS_BY_ACE;
    size_t end = by_ace ? decision->ace : descriptor->ace_count;
    uint32_t open = question.wanted; /* what the token has not been granted yet */
    uint32_t denied = decision->missing;

    if (token->complete || decision->verdict == ACCESS_CONDITIONAL)
        return token->complete && decision->verdict != ACCESS_CONDITIONAL;
    if (decision->reason == ACCESS_BY_NO_DACL || decision->reason == ACCESS_BY_OWNER)
        return true;
    if (by_ace)
        denied &= access_map_generic(descriptor->aces[end].mask);
    if (descriptor->owner.length && !question.owner)
        denied &= ~OF_THE_OWNER;
    for (size_t i = 0; i < end; i++) {
        const struct ace *ace = &descriptor->aces[i];
        uint32_t rights = decided_for_trustee(&question, ace);

        if (is_for_token(&question, ace)) {
            open &= ~(ace_allows(ace) && !ace_is_callback(ace) ? rights : 0);
            continue;
        }
        if (granted && ace_denies(ace) && rights & open)
            return false;
        denied &= ~(ace_allows(ace) ? rights : 0);
    }
    return granted || denied;
}

bool access_granted(const struct descriptor *descriptor, const struct token *token, uint32_t mask,
                    const struct guid *objects, size_t object_count)
{
    struct access_decision decision;

    access_decide(descriptor, token, mask, objects, object_count, &decision);
    return decision.verdict == ACCESS_GRANTED;
}

void access_add_rights(struct buffer *text, uint32_t mask)
{
    static const struct {
        uint32_t right;
        const char *letters;
    } rights[] = {
        {RIGHT_GA, "GA"}, {RIGHT_GR, "GR"}, {RIGHT_GW, "GW"}, {RIGHT_GX, "GX"}, {RIGHT_CC, "CC"},
        {RIGHT_DC, "DC"}, {RIGHT_LC, "LC"}, {RIGHT_SW, "SW"}, {RIGHT_RP, "RP"}, {RIGHT_WP, "WP"},
        {RIGHT_DT, "DT"}, {RIGHT_LO, "LO"}, {RIGHT_CR, "CR"}, {RIGHT_DE, "SD"}, {RIGHT_RC, "RC"},
        {RIGHT_WD, "WD"}, {RIGHT_WO, "WO"},
    };

    if (!mask)
        buffer_add_text(text, "nothing");
    for (size_t i = 0; i < COUNT_OF(rights); i++) {
        if (mask & rights[i].right)
            buffer_add_text(text, rights[i].letters);
        mask &= ~rights[i].right;
    }
    if (mask)
        buffer_addf(text, "0x%" PRIx32, mask);
}

static void add_object(struct buffer *line, const struct guid *object)
{
    char text[GUID_TEXT_SIZE];

    guid_text(object, text, sizeof(text));
    if (guid_equal(object, &GUID_ENROLL))
        text_copy(text, sizeof(text), "Enroll");
    else if (guid_equal(object, &GUID_AUTOENROLL))
        text_copy(text, sizeof(text), "AutoEnroll");
    buffer_addf(line, " (%s)", text);
}

static void add_ace(struct buffer *line, const struct descriptor *descriptor, size_t index,
                    const char *name)
{
    const struct ace *ace = &descriptor->aces[index];
    char sid[SID_TEXT_SIZE];

    buffer_addf(line, "ACE %zu of %zu: %s ", index + 1, descriptor->ace_count,
                ace_allows(ace) ? "allows" : "denies");
    access_add_rights(line, ace->mask);
    if (ace->has_object)
        add_object(line, &ace->object);
    sid_text(&ace->trustee, sid, sizeof(sid));
    buffer_addf(line, " to %s", sid);
    if (!name)
        name = sid_name(&ace->trustee);
    if (name)
        buffer_addf(line, " (%s)", name);
    if (ace->flags & ACE_INHERITED)
        buffer_add_text(line, ", inherited");
    if (ace_is_callback(ace))
        buffer_add_text(line, ", conditional");
}

void access_explain(const struct descriptor *descriptor, const struct access_decision *decision,
                    const char *trustee, struct buffer *line)
{
    static const char *const verdicts[] = {
        [ACCESS_GRANTED] = "granted", [ACCESS_DENIED] = "denied", [ACCESS_CONDITIONAL] = "unknown"};

    buffer_add_text(line, verdicts[decision->verdict]);
    switch (decision->reason) {
    case ACCESS_BY_ACE:
        buffer_add_text(line, " by ");
        add_ace(line, descriptor, decision->ace, trustee);
        break;
    case ACCESS_BY_OWNER:
        buffer_add_text(line, ": it is the owner");
        break;
    case ACCESS_BY_NO_DACL:
        buffer_add_text(line, ": there is no access control list, so everybody has full control");
        break;
    case ACCESS_BY_EMPTY_DACL:
        buffer_add_text(line, ": the access control list is empty");
        break;
    case ACCESS_BY_END:
        buffer_addf(line, ": no ACE of %zu allows ", descriptor->ace_count);
        access_add_rights(line, decision->missing);
        break;
    }
}
