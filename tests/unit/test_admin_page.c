/* test_admin_page.c - tests of common/scep/admin_page.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/base/buffer.h"
#include "common/base/text.h"
#include "common/scep/admin_page.h"

#define PAGE(body)                                                                                 \
    "<HTML><Head><Meta HTTP-Equiv=\"Content-Type\" Content=\"text/html; charset=UTF-8\">"          \
    "<Title>Network Device Enrollment Service</Title></Head><Body BgColor=#FFFFFF>"                \
    "<Font ID=locPageFont Face=\"Arial\"><Table><TR><TD><LocID ID=locMSCertSrv>Network Device "    \
    "Enrollment Service</LocID></TD></TR></Table><P ID=locPageTitle><B> </B></P>"                  \
    "<P ID=locPageDesc> Network Device Enrollment Service allows you to obtain "                   \
    "certificates. " body                                                                          \
    "<P> For more information see <A HRef=http://go.microsoft.com/fwlink/?LinkId=67852>Using "     \
    "Network Device Enrollment Service </A>. </P></Font></Body></HTML>"
#define THUMBPRINT                                                                                 \
    "<P> The thumbprint (hash value) for the CA certificate is: <B> A656FA66 AB12B433 A2DA5CF7 "   \
    "CC153D9A </B> "
#define PASSWORD(digits) "<P> The enrollment challenge password is: <B> " digits " </B> "
#define ONCE                                                                                       \
    "<P> This password can be used only once and will expire within 60 minutes. <P> Each "         \
    "enrollment requires a new challenge password. You can refresh this web page."
#define DIGITS_8 "0123ABCD"
#define DIGITS_32 DIGITS_8 DIGITS_8 DIGITS_8 DIGITS_8

static const struct {
    const char *text;
    enum admin_page expected;
} pages[] = {
    {PAGE(THUMBPRINT PASSWORD("8CE317021F690069") ONCE), ADMIN_PAGE_PASSWORD},
    {PAGE(THUMBPRINT PASSWORD(DIGITS_32) ONCE), ADMIN_PAGE_PASSWORD},
    {PAGE(THUMBPRINT PASSWORD(DIGITS_8) ONCE), ADMIN_PAGE_PASSWORD},
    {PAGE(THUMBPRINT PASSWORD(DIGITS_32 DIGITS_32) ONCE), ADMIN_PAGE_PASSWORD},
    {PAGE(PASSWORD("8CE317021F690069") ONCE), ADMIN_PAGE_PASSWORD},
    {PAGE(THUMBPRINT PASSWORD("8ce317021f690069") ONCE), ADMIN_PAGE_PASSWORD},
    {PAGE(THUMBPRINT PASSWORD("8CE3 1702\r\n 1F69 0069") ONCE), ADMIN_PAGE_PASSWORD},
    {PAGE(THUMBPRINT PASSWORD(
         "8CE317021F690069") "<P> This password can be used multiple times and will not expire."),
     ADMIN_PAGE_SINGLE},
    {PAGE(THUMBPRINT), ADMIN_PAGE_NO_PASSWORD},
    {PAGE(THUMBPRINT PASSWORD("1234567")), ADMIN_PAGE_NO_PASSWORD},
    {PAGE(THUMBPRINT PASSWORD(DIGITS_32 DIGITS_32 "0")), ADMIN_PAGE_NO_PASSWORD},
    {PAGE(THUMBPRINT PASSWORD("not to be shown")), ADMIN_PAGE_NO_PASSWORD},
    {PAGE("<P> The password cache is full. <P> Each time that you connect, NDES makes a password. "
          "Configure the service to cache more than 5 passwords."),
     ADMIN_PAGE_FULL},
    {PAGE("<P> You do not have sufficient permission to enroll with SCEP.  Please contact your "
          "system administrator."),
     ADMIN_PAGE_DENIED},
    {PAGE("<P> This URL is used by network devices to submit certificate requests. <P> By default, "
          "the admin URL is http://ndes/CertSrv/mscep_admin"),
     ADMIN_PAGE_DEVICE},
    {PAGE(""), ADMIN_PAGE_REFUSED},
    {PAGE("<P> Something new. <B>Caution</B>"), ADMIN_PAGE_REFUSED},
};

/* Classifies a copy that is allocated to the byte: a sanitizer sees each read beyond the end. */
static enum admin_page classify(const char *bytes, size_t length)
{
    char *copy = malloc(length ? length : 1);
    enum admin_page page;

    memcpy(copy, bytes, length);
    page = admin_page_classify(copy, length);
    free(copy);
    return page;
}

/* Turns Latin-1 to UTF-16LE. */
static struct buffer widen(const char *text, bool mark)
{
    struct buffer wide;

    buffer_init(&wide, 1000000);
    if (mark)
        buffer_add_text(&wide, "\xff\xfe");
    for (; *text; text++) {
        buffer_add_char(&wide, *text);
        buffer_add_char(&wide, '\0');
    }
    return wide;
}

static void assert_page(const char *text, enum admin_page expected)
{
    struct buffer marked = widen(text, true);
    struct buffer bare = widen(text, false);
    struct buffer utf8;

    buffer_init(&utf8, 1000000);
    buffer_addf(&utf8, "\xef\xbb\xbf%s", text);
    assert_int_equal(classify(text, strlen(text)), expected);
    assert_int_equal(classify(buffer_text(&utf8), utf8.length), expected);
    assert_int_equal(classify(buffer_text(&marked), marked.length), expected);
    assert_int_equal(classify(buffer_text(&bare), bare.length), expected);
    buffer_add_char(&marked, 'x'); /* half a character */
    assert_int_equal(classify(buffer_text(&marked), marked.length), expected);
    buffer_free(&utf8);
    buffer_free(&marked);
    buffer_free(&bare);
}

static void test_pages(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pages); i++)
        assert_page(pages[i].text, pages[i].expected);
}

/* Another language: the structure speaks. */
#define GERMAN(body)                                                                               \
    "<HTML><Head><Title>Registrierungsdienst f\xfcr Netzwerkger\xe4te</Title></Head><Body>"        \
    "<LocID ID=locMSCertSrv>Registrierungsdienst f\xfcr Netzwerkger\xe4te</LocID>"                 \
    "<P ID=locPageDesc> Mit dem Dienst k\xf6nnen Sie Zertifikate anfordern. " body                 \
    "</Body></HTML>"

static void test_german(void **state)
{
    (void)state;
    assert_page(GERMAN("<P> Der Fingerabdruck lautet: <B> A656FA66 AB12B433 A2DA5CF7 CC153D9A </B>"
                       "<P> Das Kennwort lautet: <B> 8CE317021F690069 </B> "),
                ADMIN_PAGE_PASSWORD);
    assert_page(GERMAN("<P> Der Fingerabdruck: <B> A656FA66 AB12B433 A2DA5CF7 CC153D9A </B>"),
                ADMIN_PAGE_NO_PASSWORD);
    assert_page(GERMAN("<P> Der Kennwortcache ist voll."), ADMIN_PAGE_REFUSED);
}

/* A page in a script where hardly a byte is ASCII, as UTF-16LE with its mark. */
static void test_far_away(void **state)
{
    struct buffer page = widen("<P ID=locMSCertSrv>", true);

    (void)state;
    for (int i = 0; i < 2000; i++)
        buffer_add(&page, "\x4e\x30", 2);
    for (const char *at = THUMBPRINT PASSWORD("8CE317021F690069"); *at; at++)
        buffer_add(&page, (const char[]){*at, '\0'}, 2);
    assert_int_equal(classify(page.data, page.length), ADMIN_PAGE_PASSWORD);
    buffer_free(&page);
}

static void test_blank(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } cases[] = {
        {"", 0},
        {" \r\n\t ", 5},
        {"\xff\xfe", 2},
        {"\xef\xbb\xbf", 3},
        {"\xff\xfe \0\r\0\n\0", 8},
        {"\xef\xbb\xbf \n", 5},
        {" \0\n\0", 4},
        {"\0\0\0\0\0\0", 6},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (classify(cases[i].bytes, cases[i].length) != ADMIN_PAGE_BLANK)
            fail_msg("case %zu is not blank", i);
    assert_int_equal(admin_page_classify("", 0), ADMIN_PAGE_BLANK);
}

static void test_other_pages(void **state)
{
    (void)state;
    assert_page("<html><body><form>User <input name=user> Password <input name=password>",
                ADMIN_PAGE_OTHER);
    assert_page("<html><b>A656FA66AB12B433A2DA5CF7CC153D9A</b><b>8CE317021F690069</b></html>",
                ADMIN_PAGE_OTHER);
    assert_page("The password cache is full.", ADMIN_PAGE_OTHER);
    assert_page("x", ADMIN_PAGE_OTHER);
    assert_page("{}", ADMIN_PAGE_OTHER);
}

static void test_unclosed(void **state)
{
    (void)state;
    assert_page("<LocID ID=locMSCertSrv> <B> 8CE317021F690069", ADMIN_PAGE_REFUSED);
    assert_page("<LocID ID=locMSCertSrv> <B>", ADMIN_PAGE_REFUSED);
    assert_page("<LocID ID=locMSCertSrv> </B> <B></B>", ADMIN_PAGE_REFUSED);
    assert_page("<LocID ID=locMSCertSrv> <B> <B> 8CE317021F690069 </B>", ADMIN_PAGE_REFUSED);
    assert_page("<LocID ID=locMSCertSrv> <BR> 8CE317021F690069 </B>", ADMIN_PAGE_REFUSED);
}

/* The connection broke within the password: whether it is one nobody can say. */
static void test_cut_password(void **state)
{
    static const char text[] = PAGE(THUMBPRINT PASSWORD("8CE317021F690069") ONCE);
    size_t open = (size_t)(strstr(text, "8CE3") - text);
    size_t close = (size_t)(strstr(text + open, "</B>") - text);
    struct buffer wide = widen(text, true);

    (void)state;
    for (size_t length = open - 1; length < close + strlen("</B>"); length++) {
        assert_int_equal(classify(text, length), ADMIN_PAGE_REFUSED);
        assert_int_equal(classify(wide.data, 2 + 2 * length), ADMIN_PAGE_REFUSED);
        assert_int_equal(classify(wide.data, 2 + 2 * length + 1), ADMIN_PAGE_REFUSED);
    }
    assert_int_equal(classify(text, close + strlen("</B>")), ADMIN_PAGE_PASSWORD);
    buffer_free(&wide);
}

/* NULs between and around the bytes of an 8-bit page. */
static void test_nuls(void **state)
{
    struct buffer page;

    (void)state;
    buffer_init(&page, 100000);
    buffer_add(&page, "\0\0\0", 3);
    for (const char *at = PAGE(THUMBPRINT PASSWORD("8CE317021F690069") ONCE); *at; at++)
        buffer_add(&page, *at == ' ' ? " \0" : at, *at == ' ' ? 2 : 1);
    assert_int_equal(classify(page.data, page.length), ADMIN_PAGE_PASSWORD);
    buffer_free(&page);
}

/* Each start of each page: never a fault that the whole does not have, except for being no page. */
static void assert_starts(const char *bytes, size_t length, enum admin_page whole)
{
    for (size_t i = 0; i < length; i++) {
        enum admin_page page = classify(bytes, i);
        bool allowed = page == whole || page == ADMIN_PAGE_BLANK || page == ADMIN_PAGE_OTHER ||
                       page == ADMIN_PAGE_REFUSED ||
                       (page == ADMIN_PAGE_NO_PASSWORD && whole < ADMIN_PAGE_NO_PASSWORD) ||
                       (page == ADMIN_PAGE_PASSWORD && whole == ADMIN_PAGE_SINGLE);

        if (!allowed)
            fail_msg("%zu bytes of '%s' are '%s'", i, admin_page_word(whole),
                     admin_page_word(page));
    }
}

static void test_truncation(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        struct buffer wide = widen(pages[i].text, i % 2);

        assert_starts(pages[i].text, strlen(pages[i].text), pages[i].expected);
        assert_starts(wide.data, wide.length, pages[i].expected);
        buffer_free(&wide);
    }
}

/* Of a huge page the start is looked at. */
static void test_huge(void **state)
{
    struct buffer page;
    struct buffer wide;

    (void)state;
    buffer_init(&page, 1000000);
    buffer_add_text(&page, PAGE(THUMBPRINT PASSWORD("8CE317021F690069") ONCE));
    for (int i = 0; i < 200000; i++)
        buffer_add_char(&page, 'x');
    assert_int_equal(classify(page.data, page.length), ADMIN_PAGE_PASSWORD);
    wide = widen(page.data, false);
    assert_int_equal(classify(wide.data, wide.length), ADMIN_PAGE_PASSWORD);
    buffer_free(&page);
    buffer_free(&wide);
}

static void test_words(void **state)
{
    (void)state;
    for (int i = 0; i < ADMIN_PAGE_COUNT; i++) {
        const char *word = admin_page_word((enum admin_page)i);

        assert_true(strlen(admin_page_text((enum admin_page)i)) > 5);
        assert_int_equal(admin_page_of_word(word), i); /* so it is the only one */
    }
    assert_int_equal(admin_page_of_word(""), ADMIN_PAGE_COUNT);
    assert_int_equal(admin_page_of_word("passwords"), ADMIN_PAGE_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages),        cmocka_unit_test(test_german),
        cmocka_unit_test(test_far_away),     cmocka_unit_test(test_blank),
        cmocka_unit_test(test_other_pages),  cmocka_unit_test(test_unclosed),
        cmocka_unit_test(test_cut_password), cmocka_unit_test(test_nuls),
        cmocka_unit_test(test_truncation),   cmocka_unit_test(test_huge),
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
