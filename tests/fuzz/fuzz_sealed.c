/* fuzz_sealed.c - any bytes as an encrypted message's framing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/cim/sealed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct sealed_message message;
    struct sealed_message again;
    struct buffer framed;

    if (sealed_read(text, size, &message))
        return 0;
    require(message.token.text >= text && message.token.text + message.token.length <= text + size);
    require(message.token.length == message.header_length + message.text_length);
    buffer_init(&framed, size + 1024);
    require(sealed_write(SEALED_KERBEROS, &message, &framed));
    require(!sealed_read(framed.data, framed.length, &again));
    require(again.token.length == message.token.length &&
            !memcmp(again.token.text, message.token.text, message.token.length));
    buffer_free(&framed);
    return 0;
}
