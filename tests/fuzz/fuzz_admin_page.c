/* fuzz_admin_page.c - any bytes as the admin page; a byte order mark must not change the verdict.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/scep/admin_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int kept)
{
    if (!kept)
        abort();
}

/* The verdict on the ASCII in the bytes as UTF-16LE behind a mark, or as they are behind one. */
static enum admin_page classify_marked(const uint8_t *data, size_t size, int wide)
{
    char *page = malloc(2 * size + 3);
    size_t length = wide ? 2 : 3;
    enum admin_page kind;

    require(page != NULL);
    memcpy(page, wide ? "\xff\xfe" : "\xef\xbb\xbf", length);
    for (size_t i = 0; i < size; i++) {
        page[length++] = (char)(data[i] & 0x7f);
        if (wide)
            page[length++] = '\0';
    }
    kind = admin_page_classify(page, length);
    free(page);
    return kind;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum admin_page kind = admin_page_classify((const char *)data, size);

    require(kind >= 0 && kind < ADMIN_PAGE_COUNT);
    require(admin_page_of_word(admin_page_word(kind)) == kind);
    if (!memchr(data, '\0', size) && !memchr(data, '\x80', size))
        require(classify_marked(data, size, 1) == classify_marked(data, size, 0));
    return 0;
}
