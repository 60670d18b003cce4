/* fuzz_descriptor.c - any bytes as a security descriptor, asked what its own SIDs may do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/directory/access.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

/* As text and back. */
static void check_sid(const struct sid *sid)
{
    char text[SID_TEXT_SIZE];
    struct sid again;

    sid_text(sid, text, sizeof(text));
    require(strlen(text) < sizeof(text) - 1);
    if (sid->length > SID_BYTES_MINIMUM)
        require(sid_parse(text, &again) && sid_equal(sid, &again));
    require(!sid_name(sid) || sid->length);
}

static void check_aces(const struct descriptor *descriptor)
{
    require(descriptor->ace_count <= DESCRIPTOR_ACES_MAXIMUM);
    require(descriptor->dacl == DACL_PRESENT || !descriptor->ace_count);
    for (size_t i = 0; i < descriptor->ace_count; i++) {
        const struct ace *ace = &descriptor->aces[i];

        require(!(ace_allows(ace) && ace_denies(ace)));
        require(ace->trustee.length || !(ace_allows(ace) || ace_denies(ace)));
        require(!(ace->has_object || ace->has_inherited) || ace_is_object(ace));
        check_sid(&ace->trustee);
    }
}

static void check_line(const struct descriptor *descriptor, const struct access_decision *decision)
{
    struct buffer line;

    buffer_init(&line, 1000);
    access_explain(descriptor, decision, NULL, &line);
    require(line.length && !line.overflowed);
    buffer_free(&line);
}

/* More rights are never easier to get than fewer, and what is granted names an ACE that allows. */
static void check_decision(const struct descriptor *descriptor, const struct token *token,
                           uint32_t mask, const struct guid *objects, size_t count)
{
    struct access_decision all, one;

    access_decide(descriptor, token, mask, objects, count, &all);
    require(all.reason != ACCESS_BY_ACE || all.ace < descriptor->ace_count);
    require(all.verdict != ACCESS_CONDITIONAL || ace_is_callback(&descriptor->aces[all.ace]));
    if (all.reason == ACCESS_BY_ACE && all.verdict != ACCESS_CONDITIONAL)
        require(all.verdict == ACCESS_GRANTED ? ace_allows(&descriptor->aces[all.ace])
                                              : ace_denies(&descriptor->aces[all.ace]));
    require((all.verdict == ACCESS_GRANTED) <= !all.missing);
    check_line(descriptor, &all);
    for (uint32_t bit = 1; bit; bit <<= 1) {
        if (!(access_map_generic(mask) & bit))
            continue;
        access_decide(descriptor, token, bit, objects, count, &one);
        require(all.verdict != ACCESS_GRANTED || one.verdict == ACCESS_GRANTED);
        require(one.verdict != ACCESS_DENIED || all.verdict == ACCESS_DENIED);
    }
}

static void check_access(const struct descriptor *descriptor, uint8_t choice)
{
    static const uint32_t masks[] = {RIGHT_CR, RIGHT_GR, RIGHT_WP | RIGHT_WD, RIGHT_GA | RIGHT_WO};
    struct guid objects[2] = {GUID_ENROLL, GUID_ENROLL};
    struct token token;
    size_t count = 1;

    token_init(&token);
    if (choice & 1)
        token_add(&token, &descriptor->owner);
    for (size_t i = 0; i < descriptor->ace_count && i < 64; i++) {
        if (descriptor->aces[i].trustee.length && (i ^ (choice >> 1)) % 3 == 0)
            token_add(&token, &descriptor->aces[i].trustee);
        if (descriptor->aces[i].has_object && (choice & 2)) {
            objects[1] = descriptor->aces[i].object;
            count = 2;
        }
    }
    check_decision(descriptor, &token, masks[choice >> 4 & 3], objects, count);
    check_decision(descriptor, &token, masks[choice >> 4 & 3], NULL, 0);
    token_free(&token);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct descriptor descriptor;
    const char *problem;

    if (!descriptor_read(data, size, &descriptor, &problem)) {
        require(problem && !descriptor.aces && !descriptor.ace_count);
        return 0;
    }
    require(!problem && size >= 20);
    check_sid(&descriptor.owner);
    check_sid(&descriptor.group);
    check_aces(&descriptor);
    check_access(&descriptor, data[1]); /* a byte that is reserved, and not read */
    descriptor_free(&descriptor);
    return 0;
}
