/* fuzz_caps.c - any bytes as an answer to GetCACaps.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/scep/caps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scep_caps caps;
    struct buffer text;

    scep_caps_parse((const char *)data, size, &caps);
    require(caps.count <= SCEP_CAPS_MAXIMUM);
    require(caps.verdict != CAPS_BLANK || !caps.count);
    require(caps.verdict != CAPS_LISTED || caps.count);
    require(caps.verdict != CAPS_HTML || scep_is_html((const char *)data, size));
    for (size_t i = 0; i < caps.count; i++) {
        require(memchr(caps.words[i], '\0', SCEP_CAP_LENGTH) != NULL);
        require(scep_caps_has(&caps, caps.words[i], strlen(caps.words[i])));
    }
    buffer_init(&text, SCEP_CAPS_MAXIMUM * (SCEP_CAP_LENGTH + 2));
    scep_caps_text(&caps, &text);
    require(!text.overflowed);
    buffer_free(&text);
    return 0;
}
