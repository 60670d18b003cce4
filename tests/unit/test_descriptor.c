/* test_descriptor.c - tests of the reader of security descriptors.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/directory/access.h"

/* O:DA G:DA D:PAI(OD;;CR;Enroll;;DG)(A;;GA;;;AU) of domain S-1-5-21-1-2-3, as Samba packs it, but
 * the first ACE has an inherited object as well. */
static const unsigned char sample[] = {1,
                                       0,
                                       0x04,
                                       0x94,
                                       0x14,
                                       0,
                                       0,
                                       0,
                                       0x30,
                                       0,
                                       0,
                                       0,
                                       0,
                                       0,
                                       0,
                                       0,
                                       0x4c,
                                       0,
                                       0,
                                       0,
                                       /* 0x14 */ 1,
                                       5,
                                       0,
                                       0,
                                       0,
                                       0,
                                       0,
                                       5,
                                       21,
                                       0,
                                       0,
                                       0,
                                       1,
                                       0,
                                       0,
                                       0,
                                       2,
                                       0,
                                       0,
                                       0,
                                       3,
                                       0,
                                       0,
                                       0,
                                       0,
                                       2,
                                       0,
                                       0,
                                       /* 0x30 */ 1,
                                       5,
                                       0,
                                       0,
                                       0,
                                       0,
                                       0,
                                       5,
                                       21,
                                       0,
                                       0,
                                       0,
                                       1,
                                       0,
                                       0,
                                       0,
                                       2,
                                       0,
                                       0,
                                       0,
                                       3,
                                       0,
                                       0,
                                       0,
                                       0,
                                       2,
                                       0,
                                       0,
                                       /* 0x4c */ 4,
                                       0,
                                       100,
                                       0,
                                       2,
                                       0,
                                       0,
                                       0,
                                       /* 0x54 */ 6,
                                       2,
                                       72,
                                       0,
                                       0,
                                       1,
                                       0,
                                       0,
                                       3,
                                       0,
                                       0,
                                       0,
                                       /* 0x60 */ 0x68,
                                       0xc9,
                                       0x10,
                                       0x0e,
                                       0xfb,
                                       0x78,
                                       0xd2,
                                       0x11,
                                       0x90,
                                       0xd4,
                                       0,
                                       0xc0,
                                       0x4f,
                                       0x79,
                                       0xdc,
                                       0x55,
                                       /* 0x70 */ 0xc2,
                                       0x8c,
                                       0x5b,
                                       0xa0,
                                       0xbc,
                                       0x17,
                                       0x02,
                                       0x48,
                                       0xa7,
                                       0x10,
                                       0xe7,
                                       0xc1,
                                       0x5a,
                                       0xb8,
                                       0x66,
                                       0xa2,
                                       /* 0x80 */ 1,
                                       5,
                                       0,
                                       0,
                                       0,
                                       0,
                                       0,
                                       5,
                                       21,
                                       0,
                                       0,
                                       0,
                                       1,
                                       0,
                                       0,
                                       0,
                                       2,
                                       0,
                                       0,
                                       0,
                                       3,
                                       0,
                                       0,
                                       0,
                                       2,
                                       2,
                                       0,
                                       0,
                                       /* 0x9c */ 0,
                                       0,
                                       20,
                                       0,
                                       0,
                                       0,
                                       0,
                                       0x10,
                                       1,
                                       1,
                                       0,
                                       0,
                                       0,
                                       0,
                                       0,
                                       5,
                                       11,
                                       0,
                                       0,
                                       0};

enum {
    AT_CONTROL = 2,
    AT_OWNER = 4,
    AT_GROUP = 8,
    AT_SACL = 12,
    AT_DACL = 16,
    OWNER = 0x14,
    GROUP = 0x30,
    ACL = 0x4c,
    FIRST = 0x54,
    SECOND = 0x9c
};

static unsigned char bytes[sizeof(sample)];
static struct descriptor descriptor;

static int anew(void **state)
{
    (void)state;
    memcpy(bytes, sample, sizeof(sample));
    memset(&descriptor, 0, sizeof(descriptor));
    return 0;
}

static int done(void **state)
{
    (void)state;
    descriptor_free(&descriptor);
    return 0;
}

/* Reads a copy that a sanitizer guards to the byte; returns what is wrong. */
static const char *read_part(size_t length)
{
    unsigned char *copy = malloc(length ? length : 1);
    const char *problem;
    bool read;

    assert_non_null(copy);
    memcpy(copy, bytes, length);
    descriptor_free(&descriptor);
    read = descriptor_read(copy, length, &descriptor, &problem);
    free(copy);
    assert_true(read == !problem);
    if (!read)
        assert_true(!descriptor.aces && !descriptor.ace_count && !descriptor.owner.length);
    return problem;
}

static void assert_read(void)
{
    const char *problem = read_part(sizeof(bytes));

    if (problem)
        fail_msg("%s", problem);
}

/* With one byte changed, which is then put back. */
static void assert_broken(size_t at, unsigned char value, const char *expected)
{
    unsigned char old = bytes[at];
    const char *problem;

    bytes[at] = value;
    problem = read_part(sizeof(bytes));
    bytes[at] = old;
    if (!problem)
        fail_msg("byte %zu may be %u", at, value);
    if (!strstr(problem, expected))
        fail_msg("byte %zu as %u: %s", at, value, problem);
}

static void assert_sid(const struct sid *sid, const char *expected)
{
    char text[SID_TEXT_SIZE];

    sid_text(sid, text, sizeof(text));
    assert_string_equal(text, expected);
}

static void test_whole(void **state)
{
    const struct ace *ace;

    (void)state;
    assert_read();
    assert_int_equal(descriptor.control, 0x9404);
    assert_sid(&descriptor.owner, "S-1-5-21-1-2-3-512");
    assert_sid(&descriptor.group, "S-1-5-21-1-2-3-512");
    assert_int_equal(descriptor.dacl, DACL_PRESENT);
    assert_int_equal(descriptor.ace_count, 2);
    ace = &descriptor.aces[0];
    assert_int_equal(ace->type, ACE_DENIED_OBJECT);
    assert_int_equal(ace->flags, 2);
    assert_int_equal(ace->mask, RIGHT_CR);
    assert_true(ace->has_object && guid_equal(&ace->object, &GUID_ENROLL));
    assert_true(ace->has_inherited && guid_equal(&ace->inherited, &GUID_AUTOENROLL));
    assert_sid(&ace->trustee, "S-1-5-21-1-2-3-514");
    ace = &descriptor.aces[1];
    assert_int_equal(ace->type, ACE_ALLOWED);
    assert_true(ace->mask == RIGHT_GA);
    assert_false(ace->has_object || ace->has_inherited);
    assert_true(sid_equal(&ace->trustee, sid_known(SID_AUTHENTICATED_USERS)));
}

static void test_truncated(void **state)
{
    (void)state;
    for (size_t length = 0; length < sizeof(bytes); length++)
        assert_non_null(read_part(length));
    assert_null(read_part(sizeof(bytes)));
}

/* Whatever one byte is, nothing is read beyond the end. */
static void test_every_byte(void **state)
{
    (void)state;
    for (size_t at = 0; at < sizeof(bytes); at++) {
        for (int value = 0; value < 256; value++) {
            bytes[at] = (unsigned char)value;
            read_part(sizeof(bytes));
        }
        bytes[at] = sample[at];
    }
}

static void test_length(void **state)
{
    static unsigned char longest[DESCRIPTOR_BYTES_MAXIMUM + 1];
    const char *problem;

    (void)state;
    memcpy(longest, sample, sizeof(sample));
    assert_true(descriptor_read(longest, DESCRIPTOR_BYTES_MAXIMUM, &descriptor, &problem));
    descriptor_free(&descriptor);
    assert_false(descriptor_read(longest, sizeof(longest), &descriptor, &problem));
    assert_non_null(strstr(problem, "too long"));
}

static void test_header(void **state)
{
    static const size_t offsets[] = {AT_OWNER, AT_GROUP, AT_SACL, AT_DACL};

    (void)state;
    assert_broken(0, 2, "unknown revision");
    for (size_t i = 0; i < COUNT_OF(offsets); i++) {
        assert_broken(offsets[i], 19, "offset");
        assert_broken(offsets[i], sizeof(bytes), "offset");
        assert_broken(offsets[i] + 3, 0x80, "offset");
    }
    assert_broken(AT_OWNER, sizeof(bytes) - 1, "owner");
    assert_broken(AT_GROUP, sizeof(bytes) - 1, "group");
    assert_broken(AT_DACL, sizeof(bytes) - 1, "list");
    bytes[AT_SACL] = 20; /* only its place matters */
    assert_read();
}

static void test_owner_and_group(void **state)
{
    (void)state;
    assert_broken(OWNER, 2, "owner");
    assert_broken(OWNER + 1, 16, "owner");
    assert_broken(OWNER + 1, 255, "owner");
    assert_broken(GROUP + 1, 255, "group");
    bytes[AT_OWNER] = 0;
    bytes[AT_GROUP] = 0;
    assert_read();
    assert_int_equal(descriptor.owner.length, 0);
    assert_int_equal(descriptor.group.length, 0);
}

/* Three lists that are not the same: none, NULL, empty. */
static void test_no_list(void **state)
{
    (void)state;
    bytes[AT_CONTROL] = 0;
    assert_read();
    assert_int_equal(descriptor.dacl, DACL_NOT_PRESENT);
    assert_int_equal(descriptor.ace_count, 0);
    bytes[ACL] = 99; /* is not looked at */
    assert_read();
    bytes[ACL] = 4;
    bytes[AT_DACL] = 0;
    assert_read();
    assert_int_equal(descriptor.dacl, DACL_NOT_PRESENT);
    bytes[AT_CONTROL] = 4;
    assert_read();
    assert_int_equal(descriptor.dacl, DACL_NULL);
    bytes[AT_DACL] = ACL;
    bytes[ACL + 4] = 0;
    assert_read();
    assert_int_equal(descriptor.dacl, DACL_PRESENT);
    assert_int_equal(descriptor.ace_count, 0);
}

static void test_list(void **state)
{
    (void)state;
    assert_broken(ACL, 1, "revision");
    assert_broken(ACL, 3, "revision");
    assert_broken(ACL + 2, 7, "list");
    assert_broken(ACL + 2, 101, "list");
    assert_broken(ACL + 3, 0xff, "list");
    assert_broken(ACL + 2, 96, "beyond its list"); /* the second ACE is cut */
    assert_broken(ACL + 2, 80, "fewer entries");
    assert_broken(ACL + 4, 3, "fewer entries");
    assert_broken(ACL + 4, 255, "fewer entries");
    assert_broken(ACL + 5, 255, "fewer entries");
    bytes[ACL] = 2;
    assert_read();
    bytes[ACL + 4] = 1; /* what is behind the last ACE is padding */
    assert_read();
    assert_int_equal(descriptor.ace_count, 1);
}

/* Sizes that lie. */
static void test_ace_size(void **state)
{
    static const unsigned char sizes[] = {0, 1, 3, 70, 71, 73};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        assert_broken(FIRST + 2, sizes[i], "size of an access control entry is impossible");
    assert_broken(FIRST + 2, 4, "too short for its rights");
    assert_broken(FIRST + 2, 8, "too short for its GUIDs");
    assert_broken(FIRST + 2, 40, "too short for its GUIDs");
    assert_broken(FIRST + 2, 44, "SID of an access control entry");
    assert_broken(FIRST + 2, 68, "SID of an access control entry");
    assert_broken(FIRST + 3, 4, "beyond its list");
    assert_broken(SECOND + 2, 24, "beyond its list");
    assert_broken(SECOND + 2, 16, "SID of an access control entry");
    assert_broken(SECOND + 2, 8, "SID of an access control entry");
    assert_broken(SECOND + 8, 0, "SID of an access control entry");
    assert_broken(SECOND + 9, 2, "SID of an access control entry");
    assert_broken(SECOND + 9, 255, "SID of an access control entry");
    bytes[SECOND + 9] = 0; /* 4 bytes behind the SID are left over */
    assert_read();
    assert_sid(&descriptor.aces[1].trustee, "S-1-5");
}

/* GUIDs that are not there: the SID begins where they would. */
static void test_object_flags(void **state)
{
    static const size_t places[] = {0x60, 0x70, 0x70, 0x80};

    (void)state;
    for (unsigned char flags = 0; flags < 4; flags++) {
        const struct ace *ace = NULL;

        memcpy(bytes + places[flags], sample + 0x80, 28);
        bytes[FIRST + 8] = flags;
        assert_read();
        ace = &descriptor.aces[0];
        assert_int_equal(ace->has_object, flags & 1);
        assert_int_equal(ace->has_inherited, flags >> 1);
        if (flags & 1)
            assert_true(guid_equal(&ace->object, &GUID_ENROLL));
        if (flags == 2)
            assert_true(guid_equal(&ace->inherited, &GUID_ENROLL));
        assert_sid(&ace->trustee, "S-1-5-21-1-2-3-514");
        memcpy(bytes, sample, sizeof(sample));
    }
}

static void test_types(void **state)
{
    static const unsigned char understood[] = {0, 1, 2, 9, 10}, objects[] = {5, 6, 7, 11, 12};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(understood); i++) {
        bytes[SECOND] = understood[i];
        bytes[FIRST] = objects[i];
        assert_read();
        for (int j = 0; j < 2; j++) {
            const struct ace *ace = &descriptor.aces[j];

            assert_int_equal(ace_is_object(ace), j == 0);
            assert_int_equal(ace_allows(ace), i == 0 || i == 3);
            assert_int_equal(ace_denies(ace), i == 1 || i == 4);
            assert_int_equal(ace_is_callback(ace), i >= 3);
            assert_true(ace->trustee.length);
        }
    }
    for (int type = 0; type < 256; type++) {
        if (type <= 2 || (type >= 5 && type <= 7) || (type >= 9 && type <= 12))
            continue;
        bytes[SECOND] = (unsigned char)type;
        bytes[SECOND + 9] = 255; /* not a SID, and not looked at */
        assert_read();
        assert_int_equal(descriptor.aces[1].type, type);
        assert_int_equal(descriptor.aces[1].mask, 0);
        assert_int_equal(descriptor.aces[1].trustee.length, 0);
        assert_false(ace_allows(&descriptor.aces[1]) || ace_denies(&descriptor.aces[1]) ||
                     ace_is_object(&descriptor.aces[1]) || ace_is_callback(&descriptor.aces[1]));
    }
}

/* As many ACEs as there may be, of the shortest kind, and one more. */
static void test_many(void **state)
{
    static unsigned char many[20 + 8 + 4 * (DESCRIPTOR_ACES_MAXIMUM + 1)] = {1, 0, 4, 0x80};
    const size_t size = sizeof(many) - 20;
    const char *problem;

    (void)state;
    many[AT_DACL] = 20;
    many[20] = 2;
    many[22] = size & 0xff;
    many[23] = (unsigned char)(size >> 8);
    for (size_t at = 28; at < sizeof(many); at += 4) {
        many[at] = 17;
        many[at + 2] = 4;
    }
    many[25] = DESCRIPTOR_ACES_MAXIMUM >> 8;
    assert_true(descriptor_read(many, sizeof(many), &descriptor, &problem));
    assert_int_equal(descriptor.ace_count, DESCRIPTOR_ACES_MAXIMUM);
    descriptor_free(&descriptor);
    many[24] = 1;
    assert_false(descriptor_read(many, sizeof(many), &descriptor, &problem));
    assert_non_null(strstr(problem, "too many"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, anew, done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_whole),    TEST(test_truncated),       TEST(test_every_byte), TEST(test_length),
        TEST(test_header),   TEST(test_owner_and_group), TEST(test_no_list),    TEST(test_list),
        TEST(test_ace_size), TEST(test_object_flags),    TEST(test_types),      TEST(test_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
