/* access_oracle.c - lets other implementations judge the reader and the evaluator of descriptors.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads lines, answers each with one:
 *   read HEX                        control, owner, group, state of the DACL, ACEs; or "broken:
 * ..." decide HEX SIDS MASK GUIDS      verdict and reason; SIDS and GUIDS with commas, "-" for
 * none, MASK decimal explain HEX SIDS MASK GUIDS     the line that -v shows
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/directory/access.h"

enum { GUIDS_MAXIMUM = 8, ANSWER_MAXIMUM = 1 << 22 };

static int digit_of(char digit)
{
    const char *digits = "0123456789abcdef";
    const char *found = digit ? strchr(digits, digit) : NULL;

    return found ? (int)(found - digits) : -1;
}

/* In place: two digits become one byte. */
static bool read_hex(char *text, size_t *length)
{
    for (*length = 0; text[2 * *length]; (*length)++) {
        int high = digit_of(text[2 * *length]);
        int low = digit_of(text[2 * *length + 1]);

        if (high < 0 || low < 0)
            return false;
        text[*length] = (char)(high << 4 | low);
    }
    return true;
}

static void add_sid(struct buffer *answer, const struct sid *sid)
{
    char text[SID_TEXT_SIZE];

    sid_text(sid, text, sizeof(text));
    buffer_add_text(answer, text);
}

static void add_guid(struct buffer *answer, bool given, const struct guid *guid)
{
    char text[GUID_TEXT_SIZE] = "-";

    if (given)
        guid_text(guid, text, sizeof(text));
    buffer_addf(answer, ":%s", text);
}

static void tell_content(struct buffer *answer, const struct descriptor *descriptor)
{
    static const char *const states[] = {"absent", "null", "present"};

    buffer_addf(answer, "%04x ", descriptor->control);
    add_sid(answer, &descriptor->owner);
    buffer_add_char(answer, ' ');
    add_sid(answer, &descriptor->group);
    buffer_addf(answer, " %s", states[descriptor->dacl]);
    for (size_t i = 0; i < descriptor->ace_count; i++) {
        const struct ace *ace = &descriptor->aces[i];

        buffer_addf(answer, " %u:%u", ace->type, ace->flags);
        if (!ace->trustee.length)
            continue; /* a type that is not read */
        buffer_addf(answer, ":%" PRIu32, ace->mask);
        add_guid(answer, ace->has_object, &ace->object);
        add_guid(answer, ace->has_inherited, &ace->inherited);
        buffer_add_char(answer, ':');
        add_sid(answer, &ace->trustee);
    }
}

static bool read_token(const char *text, struct token *token)
{
    struct slice rest = slice_of(text), piece;
    char word[SID_TEXT_SIZE];
    struct sid sid;

    while (strcmp(text, "-") != 0 && slice_next(&rest, ",", &piece)) {
        text_copy_bytes(word, sizeof(word), piece.text, piece.length);
        if (!sid_parse(word, &sid) || !token_add(token, &sid))
            return false;
    }
    return true;
}

static bool read_guids(const char *text, struct guid *guids, size_t *count)
{
    struct slice rest = slice_of(text), piece;
    char word[GUID_TEXT_SIZE + 1];

    while (strcmp(text, "-") != 0 && slice_next(&rest, ",", &piece)) {
        text_copy_bytes(word, sizeof(word), piece.text, piece.length);
        if (*count == GUIDS_MAXIMUM || !guid_parse(word, &guids[(*count)++]))
            return false;
    }
    return true;
}

static bool decide(struct buffer *answer, const struct descriptor *descriptor, char *const *words,
                   bool explain)
{
    static const char *const verdicts[] = {"granted", "denied", "conditional"};
    static const char *const reasons[] = {"ace", "owner", "no-dacl", "empty-dacl", "end"};
    struct access_decision decision;
    struct guid guids[GUIDS_MAXIMUM];
    struct token token;
    size_t count = 0;
    int64_t mask;
    bool read;

    token_init(&token);
    read = read_token(words[0], &token) && text_integer(words[1], 0, UINT32_MAX, &mask) &&
           read_guids(words[2], guids, &count);
    if (read) {
        access_decide(descriptor, &token, (uint32_t)mask, guids, count, &decision);
        if (explain)
            access_explain(descriptor, &decision, NULL, answer);
        else
            buffer_addf(answer, "%s %s %zu", verdicts[decision.verdict], reasons[decision.reason],
                        decision.ace);
    }
    token_free(&token);
    return read;
}

/* Returns false for a line that is no request. */
static bool handle(struct buffer *answer, char *const *words, int count)
{
    struct descriptor descriptor;
    const char *problem;
    size_t length;
    bool known = true;

    if (count < 2 || !read_hex(words[1], &length))
        return false;
    if (!descriptor_read((const unsigned char *)words[1], length, &descriptor, &problem))
        buffer_addf(answer, "broken: %s", problem);
    else if (strcmp(words[0], "read") == 0)
        tell_content(answer, &descriptor);
    else
        known =
            count == 5 && decide(answer, &descriptor, words + 2, strcmp(words[0], "explain") == 0);
    descriptor_free(&descriptor);
    return known;
}

int main(void)
{
    char *line = NULL, *words[5];
    size_t capacity = 0;
    struct buffer answer;
    bool known = true;

    buffer_init(&answer, ANSWER_MAXIMUM);
    while (known && getline(&line, &capacity, stdin) > 0) {
        int count = 0;

        line[strcspn(line, "\n")] = '\0';
        for (char *next = line; next && count < 5; count++) {
            words[count] = next;
            next = strchr(next, ' ');
            if (next)
                *next++ = '\0';
        }
        buffer_reset(&answer);
        known = handle(&answer, words, count);
        puts(known ? buffer_text(&answer) : "not understood");
    }
    buffer_free(&answer);
    free(line);
    return known && fflush(stdout) == 0 ? 0 : 1;
}
