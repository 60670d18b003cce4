/* test_sealed.c - tests of common/cim/sealed.h: framing by lengths, and what lies about them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/cim/sealed.h"

static struct buffer framed;

/* A message whose ciphertext holds a boundary and NUL bytes, framed. */
static int frame(void **state)
{
    static const char token[] = "0123456789abcdef--Encrypted Boundary--\r\n\0\1";
    const struct sealed_message message = {
        .text_length = sizeof token - 16, .token = {token, sizeof token}, .header_length = 16};

    (void)state;
    buffer_init(&framed, 4096);
    assert_true(sealed_write(SEALED_SPNEGO, &message, &framed));
    return 0;
}

static int unframe(void **state)
{
    (void)state;
    buffer_free(&framed);
    return 0;
}

static void test_round_trip(void **state)
{
    struct sealed_message message;

    (void)state;
    assert_null(sealed_read(framed.data, framed.length, &message));
    assert_int_equal(message.header_length, 16);
    assert_int_equal(message.text_length, message.token.length - 16);
    assert_memory_equal(message.token.text, "0123456789abcdef--Encrypted Boundary--\r\n\0\1", 42);
}

/* MS-WSMV 2.2.9.1.1: no blank line behind the headers, a TAB before them. */
static void test_form(void **state)
{
    static const char wanted[] =
        "--Encrypted Boundary\r\n"
        "\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n"
        "\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=27\r\n"
        "--Encrypted Boundary\r\n"
        "\tContent-Type: application/octet-stream\r\n"
        "\x10\0\0\0"
        "0123456789abcdef";

    (void)state;
    assert_memory_equal(framed.data, wanted, sizeof wanted - 1);
    assert_memory_equal(framed.data + framed.length - 24, "--Encrypted Boundary--\r\n", 24);
    assert_true(sealed_is(sealed_content_type(SEALED_KERBEROS)));
    assert_non_null(strstr(sealed_content_type(SEALED_KERBEROS),
                           "protocol=\"application/HTTP-Kerberos-session-encrypted\""));
    assert_false(sealed_is("application/soap+xml;charset=UTF-8"));
}

static void test_every_cut_is_refused(void **state)
{
    struct sealed_message message;

    (void)state;
    for (size_t length = 0; length + 2 < framed.length; length++)
        if (!sealed_read(framed.data, length, &message))
            fail_msg("cut to %zu of %zu bytes it was read", length, framed.length);
}

/* Replaces a part of the framed message by as many bytes. */
static void replace(const char *old, const char *new, size_t length)
{
    for (size_t i = 0; i + length <= framed.length; i++) {
        if (!memcmp(framed.data + i, old, length)) {
            memcpy(framed.data + i, new, length);
            return;
        }
    }
    fail_msg("no '%s' in the message", old);
}

static void test_wrong_lengths(void **state)
{
    struct sealed_message message;

    (void)state;
    replace("Length=27", "Length=28", 9);
    assert_string_equal(sealed_read(framed.data, framed.length, &message),
                        "does not end where declared");
    replace("Length=28", "Length=99", 9);
    assert_string_equal(sealed_read(framed.data, framed.length, &message),
                        "is shorter than declared");
    replace("Length=99", "Length=-1", 9);
    assert_string_equal(sealed_read(framed.data, framed.length, &message),
                        "does not declare its length");
    replace("Length=-1", "Length=27", 9);
    replace("\x10\0\0\0", "\xff\xff\xff\xff", 4);
    assert_string_equal(sealed_read(framed.data, framed.length, &message),
                        "declares an impossible token length");
    replace("\xff\xff\xff\xff", "\x01\x01\0\0", 4);
    assert_string_equal(sealed_read(framed.data, framed.length, &message),
                        "declares an impossible token length");
}

static void test_wrong_heads(void **state)
{
    struct sealed_message message;
    const char html[] = "<html>\r\n</html>\r\n";

    (void)state;
    assert_string_equal(sealed_read(html, strlen(html), &message), "has no boundary at its start");
    replace("octet-stream", "octet-strxam", 12);
    assert_string_equal(sealed_read(framed.data, framed.length, &message), "has no binary part");
}

/* As old servers write it. */
static void test_boundary_with_a_blank(void **state)
{
    static const char spaced[] = "-- Encrypted Boundary\r\n"
                                 "\tOriginalContent: type=application/soap+xml;Length=3\r\n"
                                 "-- Encrypted Boundary\r\n"
                                 "\tContent-Type: application/octet-stream\r\n"
                                 "\x02\0\0\0"
                                 "hdtxt"
                                 "-- Encrypted Boundary--\r\n";
    struct sealed_message message;

    (void)state;
    assert_null(sealed_read(spaced, sizeof spaced - 1, &message));
    assert_memory_equal(message.token.text, "hdtxt", message.token.length);
}

static void test_no_room(void **state)
{
    const struct sealed_message message = {.text_length = 1, .token = {"x", 1}};
    struct buffer small;

    (void)state;
    buffer_init(&small, 200);
    assert_false(sealed_write(SEALED_SPNEGO, &message, &small));
    buffer_free(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_round_trip, frame, unframe),
        cmocka_unit_test_setup_teardown(test_form, frame, unframe),
        cmocka_unit_test_setup_teardown(test_every_cut_is_refused, frame, unframe),
        cmocka_unit_test_setup_teardown(test_wrong_lengths, frame, unframe),
        cmocka_unit_test_setup_teardown(test_wrong_heads, frame, unframe),
        cmocka_unit_test(test_boundary_with_a_blank),
        cmocka_unit_test(test_no_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
