/* fuzz_negotiate.c - any bytes as the server's token and as its first encrypted message.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/auth/negotiate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct sign_in sign_in = {.method = SIGN_IN_NTLM,
                                           .credentials.user = "LAB\\monitor",
                                           .credentials.password = "secret",
                                           .service_host = "localhost"};
    struct problem problem = {0};
    struct negotiate *negotiate = negotiate_open(&sign_in, &problem);
    struct buffer answer;
    struct buffer text;

    require(negotiate != NULL); /* gss-ntlmssp needs nobody else for this */
    buffer_init(&answer, NEGOTIATE_TOKEN_MAXIMUM);
    buffer_init(&text, 4096);
    negotiate_begin(negotiate, NEGOTIATE_SPNEGO, NULL);
    require(negotiate_step(negotiate, NULL, 0, &answer, &problem));
    buffer_reset(&answer);
    if (!negotiate_step(negotiate, data, size, &answer, &problem))
        require(problem.kind != PROBLEM_NONE);
    negotiate_unseal(negotiate, data, size, &text);
    buffer_free(&text);
    buffer_free(&answer);
    negotiate_close(negotiate);
    return 0;
}
