/* fuzz_ini.c - feeds any bytes to the INI reader; its slices must stay inside of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "common/options/ini.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads every byte, which the sanitizer watches; blanks must have been trimmed. */
static void touch(struct slice slice)
{
    char *copy = text_duplicate_bytes(slice.text ? slice.text : "", slice.length);

    if (slice_trim(slice).length != slice.length)
        abort();
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ini_reader reader;
    struct ini_entry entry;
    char error[128] = "";
    size_t line = 0;
    enum ini_step step;

    ini_start(&reader, (const char *)data, size, "check_ndes_http");
    while ((step = ini_next(&reader, &entry, error, sizeof error)) == INI_ENTRY) {
        if (!entry.key.length || entry.has_value != (entry.value.length > 0) ||
            reader.line <= line || !reader.found)
            abort();
        line = reader.line;
        touch(entry.key);
        touch(entry.value);
    }
    if ((step == INI_ERROR) != (error[0] != '\0'))
        abort();
    return 0;
}
