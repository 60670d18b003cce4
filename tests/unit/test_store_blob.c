/* test_store_blob.c - tests of the certificate as the Windows registry keeps it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/buffer.h"
#include "common/pki/store_blob.h"
#include "make_certificate.h"

static void add_u32(struct buffer *blob, uint32_t number)
{
    for (int i = 0; i < 4; i++)
        buffer_add_char(blob, (char)(number >> (8 * i) & 0xff));
}

static void add_record(struct buffer *blob, uint32_t id, const char *data)
{
    add_u32(blob, id);
    add_u32(blob, 1);
    add_u32(blob, (uint32_t)strlen(data));
    buffer_add_text(blob, data);
}

/* Looks through a copy that a sanitizer guards to the byte; returns the certificate's length, -1 if
 * there is none. */
static int find(const struct buffer *blob, size_t size, const char *expected)
{
    struct bytes bytes = make_bytes(buffer_text(blob), size);
    const unsigned char *der = NULL;
    size_t length = 0;
    int result = -1;

    if (store_blob_certificate(bytes.data, bytes.length, &der, &length)) {
        result = (int)length;
        assert_int_equal(length, strlen(expected));
        assert_memory_equal(der, expected, length);
    }
    free_bytes(bytes);
    return result;
}

static void test_found(void **state)
{
    struct buffer blob;

    (void)state;
    buffer_init(&blob, 4096);
    add_record(&blob, 2, "provider");
    add_record(&blob, 3, "");
    add_record(&blob, 32, "certificate");
    add_record(&blob, 32, "another");
    add_record(&blob, 0x2000, "more");
    assert_int_equal(find(&blob, blob.length, "certificate"), 11);
    buffer_free(&blob);
}

/* Every shorter blob is broken, but for one that ends with a record after the certificate. */
static void test_cut(void **state)
{
    struct buffer blob;
    size_t whole;

    (void)state;
    buffer_init(&blob, 4096);
    add_record(&blob, 3, "hash");
    add_record(&blob, 32, "certificate");
    whole = blob.length;
    add_record(&blob, 4, "more");
    for (size_t size = 0; size < blob.length; size++)
        assert_int_equal(find(&blob, size, "certificate"), size == whole ? 11 : -1);
    buffer_free(&blob);
}

static void test_none(void **state)
{
    struct buffer blob;

    (void)state;
    buffer_init(&blob, 4096);
    assert_int_equal(find(&blob, 0, ""), -1);
    add_record(&blob, 3, "hash");
    assert_int_equal(find(&blob, blob.length, ""), -1);
    buffer_reset(&blob);
    add_u32(&blob, 32);
    add_u32(&blob, 1);
    add_u32(&blob, UINT32_MAX);
    buffer_add_text(&blob, "short");
    assert_int_equal(find(&blob, blob.length, ""), -1);
    buffer_free(&blob);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
