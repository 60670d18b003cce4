/* admin_page.c - what the mscep_admin page says, without keeping the password.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/scep/admin_page.h"

#include <stdbool.h>
#include <string.h>

#include "common/base/buffer.h"
#include "common/base/text.h"

enum {
    PAGE_MAXIMUM = 64 * 1024,
    THUMBPRINT_DIGITS = 32,
    PASSWORD_MINIMUM = 8,
    PASSWORD_MAXIMUM = 64
};

static const struct {
    const char *word;
    const char *text;
} names[ADMIN_PAGE_COUNT] = {
    [ADMIN_PAGE_PASSWORD] = {"password", "a one-time challenge password"},
    [ADMIN_PAGE_SINGLE] = {"single-password", "the single password that does not expire"},
    [ADMIN_PAGE_NO_PASSWORD] = {"no-password", "no challenge password is required"},
    [ADMIN_PAGE_FULL] = {"cache-full", "the password cache is full"},
    [ADMIN_PAGE_DENIED] = {"denied", "no permission to enrol"},
    [ADMIN_PAGE_REFUSED] = {"refused", "an NDES page without a challenge password"},
    [ADMIN_PAGE_DEVICE] = {"device-page", "the page for devices, not the admin page"},
    [ADMIN_PAGE_BLANK] = {"blank", "a blank page"},
    [ADMIN_PAGE_OTHER] = {"other", "not an NDES page"},
};

/* UTF-16LE text of ASCII letters has a NUL at nearly every odd offset. */
static bool is_utf16(const char *bytes, size_t length)
{
    size_t looked_at = length < 200 ? length : 200;
    size_t nuls = 0;

    if (length >= 2 && (unsigned char)bytes[0] == 0xff && (unsigned char)bytes[1] == 0xfe)
        return true;
    for (size_t i = 1; i < looked_at; i += 2)
        nuls += bytes[i] == '\0';
    return looked_at >= 2 && nuls * 10 >= looked_at / 2 * 6;
}

/* The length of a byte order mark, 0 if there is none. */
static size_t mark_length(const char *bytes, size_t length)
{
    if (length >= 2 && memcmp(bytes, "\xff\xfe", 2) == 0)
        return 2;
    return length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

/* Copies the page with every non-ASCII character as `?` and without NULs. */
static void decode(const char *bytes, size_t length, struct buffer *page)
{
    bool wide = is_utf16(bytes, length);
    size_t step = wide ? 2 : 1;

    for (size_t i = mark_length(bytes, length); i + step <= length; i += step) {
        unsigned char low = (unsigned char)bytes[i];
        bool ascii = low < 0x80 && (!wide || bytes[i + 1] == '\0');

        if (low == 0 && ascii)
            continue;
        if (!buffer_add_char(page, ascii ? (char)low : '?'))
            return;
    }
}

static bool has(const struct buffer *page, const char *phrase)
{
    return text_find(buffer_text(page), page->length, phrase) != NULL;
}

/* Counts the hex digits of a bold element; 0 if it holds anything but hex digits and blanks. */
static size_t hex_digits(const char *text, size_t length)
{
    size_t digits = 0;

    for (size_t i = 0; i < length; i++) {
        if (strchr(" \t\r\n", text[i]))
            continue;
        if (!strchr("0123456789abcdefABCDEF", text[i]))
            return 0;
        digits++;
    }
    return digits;
}

/* What the bold elements of a page hold. */
struct tokens {
    bool thumbprint;
    bool password;
    bool cut_off; /* the last element has no end: the page is not whole */
};

/* The first hex token of 32 digits is the thumbprint; a second token, or a first of another length,
 * is the password. */
static struct tokens find_tokens(const struct buffer *page)
{
    struct tokens found = {0};
    const char *at = buffer_text(page);
    const char *end = at + page->length;

    while ((at = text_find(at, (size_t)(end - at), "<B>"))) {
        const char *close = text_find(at + 3, (size_t)(end - at - 3), "</B>");
        size_t digits;

        if (!close) {
            found.cut_off = true;
            break;
        }
        digits = hex_digits(at + 3, (size_t)(close - at - 3));
        if (digits == THUMBPRINT_DIGITS && !found.thumbprint)
            found.thumbprint = true;
        else if (digits >= PASSWORD_MINIMUM && digits <= PASSWORD_MAXIMUM)
            found.password = true;
        at = close;
    }
    return found;
}

static bool is_ndes_frame(const struct buffer *page)
{
    return has(page, "locMSCertSrv") || has(page, "Network Device Enrollment Service");
}

static enum admin_page classify(const struct buffer *page)
{
    struct tokens tokens = find_tokens(page);

    if (!slice_trim((struct slice){buffer_text(page), page->length}).length)
        return ADMIN_PAGE_BLANK;
    if (!is_ndes_frame(page))
        return ADMIN_PAGE_OTHER;
    if (tokens.password)
        return has(page, "can be used multiple times") || has(page, "will not expire")
                   ? ADMIN_PAGE_SINGLE
                   : ADMIN_PAGE_PASSWORD;
    if (tokens.cut_off)
        return ADMIN_PAGE_REFUSED;
    if (tokens.thumbprint)
        return ADMIN_PAGE_NO_PASSWORD;
    if (has(page, "password cache is full"))
        return ADMIN_PAGE_FULL;
    if (has(page, "sufficient permission"))
        return ADMIN_PAGE_DENIED;
    if (has(page, "used by network devices to submit"))
        return ADMIN_PAGE_DEVICE;
    return ADMIN_PAGE_REFUSED;
}

enum admin_page admin_page_classify(const char *bytes, size_t length)
{
    struct buffer page;
    enum admin_page kind;

    /* All at once: a buffer that grows would leave copies of the password behind. */
    buffer_init(&page, length < PAGE_MAXIMUM ? length : PAGE_MAXIMUM);
    buffer_reserve(&page, page.maximum);
    decode(bytes, length, &page);
    kind = classify(&page);
    buffer_wipe(&page);
    return kind;
}

bool admin_page_mints(enum admin_page page)
{
    return page != ADMIN_PAGE_DEVICE && page != ADMIN_PAGE_OTHER;
}

bool admin_page_is_ours(enum admin_page page)
{
    return page < ADMIN_PAGE_DEVICE;
}

const char *admin_page_text(enum admin_page page)
{
    return names[page].text;
}

const char *admin_page_word(enum admin_page page)
{
    return names[page].word;
}

enum admin_page admin_page_of_word(const char *word)
{
    int page = 0;

    while (page < ADMIN_PAGE_COUNT && strcmp(word, names[page].word) != 0)
        page++;
    return (enum admin_page)page;
}
