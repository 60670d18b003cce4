/* caps.c - the answer to GetCACaps: a list of capability words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/scep/caps.h"

#include <string.h>

#include "common/base/text.h"

/* RFC 8894 section 3.5.2, and "Update" of older drafts. */
static const char *const known_words[] = {
    "AES",     "DES3",    "GetNextCACert", "POSTPKIOperation", "Renewal", "SHA-1",
    "SHA-224", "SHA-256", "SHA-384",       "SHA-512",          "Update",  "SCEPStandard",
};

static bool is_known(struct slice word)
{
    for (size_t i = 0; i < COUNT_OF(known_words); i++)
        if (slice_is(word, known_words[i]))
            return true;
    return false;
}

bool scep_is_html(const char *bytes, size_t length)
{
    struct slice body = {bytes, length};

    if (length >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3)) /* UTF-8 byte order mark */
        body = (struct slice){bytes + 3, length - 3};
    if (length >= 2 && (unsigned char)bytes[0] == 0xff && (unsigned char)bytes[1] == 0xfe)
        body = (struct slice){bytes + 2, length - 2};
    body = slice_trim(body);
    return body.length && body.text[0] == '<';
}

void scep_caps_parse(const char *bytes, size_t length, struct scep_caps *caps)
{
    struct slice rest = slice_trim((struct slice){bytes, length});
    struct slice line;
    bool known = false;

    *caps = (struct scep_caps){.verdict = CAPS_BLANK};
    if (!rest.length)
        return;
    while (slice_next(&rest, "\r\n", &line)) {
        struct slice word = slice_trim(line);

        if (!word.length || word.length >= SCEP_CAP_LENGTH || caps->count == SCEP_CAPS_MAXIMUM)
            continue;
        text_copy_bytes(caps->words[caps->count++], SCEP_CAP_LENGTH, word.text, word.length);
        known = known || is_known(word);
    }
    if (scep_is_html(bytes, length))
        caps->verdict = CAPS_HTML;
    else
        caps->verdict = known ? CAPS_LISTED : CAPS_OTHER;
}

bool scep_caps_has(const struct scep_caps *caps, const char *word, size_t length)
{
    for (size_t i = 0; i < caps->count; i++)
        if (slice_is((struct slice){word, length}, caps->words[i]))
            return true;
    return false;
}

void scep_caps_text(const struct scep_caps *caps, struct buffer *text)
{
    for (size_t i = 0; i < caps->count; i++)
        buffer_addf(text, "%s%s", i ? ", " : "", caps->words[i]);
}
