/* test_access.c - tests of the evaluator of descriptors, rule by rule.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "common/directory/access.h"

enum { ACES_MAXIMUM = 8 };

static struct ace aces[ACES_MAXIMUM];
static struct descriptor descriptor;
static struct token token;
static struct access_decision decision;
static struct sid me, group, stranger;

/* A token of `me`, `group` and Authenticated Users; an object of a stranger with an empty list. */
static int anew(void **state)
{
    (void)state;
    memset(aces, 0, sizeof(aces));
    assert_true(sid_parse("S-1-5-21-1-2-3-1105", &me));
    assert_true(sid_parse("S-1-5-21-1-2-3-1106", &group));
    assert_true(sid_parse("S-1-5-21-1-2-3-1107", &stranger));
    descriptor = (struct descriptor){.owner = stranger, .dacl = DACL_PRESENT, .aces = aces};
    token_init(&token);
    token_add(&token, &me);
    token_add(&token, &group);
    token_add(&token, sid_known(SID_AUTHENTICATED_USERS));
    return 0;
}

static int done(void **state)
{
    (void)state;
    token_free(&token);
    return 0;
}

static struct ace *add(enum ace_type type, uint32_t mask, const struct sid *trustee)
{
    struct ace *ace = &aces[descriptor.ace_count++];

    assert_true(descriptor.ace_count <= ACES_MAXIMUM);
    *ace = (struct ace){.type = (uint8_t)type, .mask = mask, .trustee = *trustee};
    return ace;
}

static void add_object(enum ace_type type, uint32_t mask, const struct guid *object,
                       const struct sid *trustee)
{
    struct ace *ace = add(type, mask, trustee);

    ace->has_object = true;
    ace->object = *object;
}

static void remove_aces(void)
{
    descriptor.ace_count = 0;
}

static enum access_verdict verdict_on(uint32_t mask)
{
    access_decide(&descriptor, &token, mask, NULL, 0, &decision);
    assert_int_equal(access_granted(&descriptor, &token, mask, NULL, 0),
                     decision.verdict == ACCESS_GRANTED);
    return decision.verdict;
}

/* May it enrol? */
static enum access_verdict verdict_on_enroll(void)
{
    access_decide(&descriptor, &token, RIGHT_CR, &GUID_ENROLL, 1, &decision);
    return decision.verdict;
}

static void assert_reason(enum access_reason reason, size_t ace)
{
    assert_int_equal(decision.reason, reason);
    assert_int_equal(decision.ace, ace);
}

static void assert_explained(const char *trustee, const char *expected)
{
    struct buffer line;

    buffer_init(&line, 1000);
    access_explain(&descriptor, &decision, trustee, &line);
    assert_string_equal(buffer_text(&line), expected);
    buffer_free(&line);
}

static void test_no_list(void **state)
{
    (void)state;
    descriptor.dacl = DACL_NOT_PRESENT;
    assert_int_equal(verdict_on(RIGHT_WO), ACCESS_GRANTED);
    assert_reason(ACCESS_BY_NO_DACL, 0);
    assert_explained(NULL,
                     "granted: there is no access control list, so everybody has full control");
    descriptor.dacl = DACL_NULL;
    assert_int_equal(verdict_on_enroll(), ACCESS_GRANTED);
    assert_reason(ACCESS_BY_NO_DACL, 0);
    descriptor.dacl = DACL_PRESENT;
    assert_int_equal(verdict_on_enroll(), ACCESS_DENIED);
    assert_reason(ACCESS_BY_EMPTY_DACL, 0);
    assert_explained(NULL, "denied: the access control list is empty");
}

static void test_order(void **state)
{
    (void)state;
    add(ACE_ALLOWED, RIGHT_CR, &me);
    add(ACE_DENIED, RIGHT_CR, &group);
    assert_int_equal(verdict_on_enroll(), ACCESS_GRANTED);
    assert_reason(ACCESS_BY_ACE, 0);
    remove_aces();
    add(ACE_DENIED, RIGHT_CR, &group);
    add(ACE_ALLOWED, RIGHT_CR, &me);
    assert_int_equal(verdict_on_enroll(), ACCESS_DENIED);
    assert_reason(ACCESS_BY_ACE, 0);
    remove_aces();
    add(ACE_DENIED, RIGHT_CR, &stranger);
    add(ACE_DENIED, RIGHT_WP, &me);
    add(ACE_ALLOWED, RIGHT_RP, &me);
    add(ACE_ALLOWED, RIGHT_CR, sid_known(SID_AUTHENTICATED_USERS));
    assert_int_equal(verdict_on_enroll(), ACCESS_GRANTED);
    assert_reason(ACCESS_BY_ACE, 3);
    assert_explained(NULL, "granted by ACE 4 of 4: allows CR to S-1-5-11 (Authenticated Users)");
}

static void test_end(void **state)
{
    (void)state;
    add(ACE_ALLOWED, RIGHT_RP, &me);
    add(ACE_ALLOWED, RIGHT_CR, &stranger);
    assert_int_equal(verdict_on_enroll(), ACCESS_DENIED);
    assert_reason(ACCESS_BY_END, 0);
    assert_explained(NULL, "denied: no ACE of 2 allows CR");
    assert_int_equal(verdict_on(RIGHT_RP | RIGHT_CR | RIGHT_WO), ACCESS_DENIED);
    assert_explained(NULL, "denied: no ACE of 2 allows CRWO");
    assert_int_equal(verdict_on(0), ACCESS_DENIED);
}

/* The rights of a mask are collected; one that is denied first denies all. */
static void test_several_rights(void **state)
{
    (void)state;
    add(ACE_ALLOWED, RIGHT_RP, &me);
    add(ACE_ALLOWED, RIGHT_RC | RIGHT_LC, &group);
    add(ACE_DENIED, RIGHT_RP | RIGHT_WP, &me);
    assert_int_equal(verdict_on(RIGHT_RP | RIGHT_RC), ACCESS_GRANTED);
    assert_reason(ACCESS_BY_ACE, 1);
    assert_int_equal(verdict_on(RIGHT_RP), ACCESS_GRANTED);
    assert_reason(ACCESS_BY_ACE, 0);
    assert_int_equal(verdict_on(RIGHT_RP | RIGHT_WP), ACCESS_DENIED);
    assert_reason(ACCESS_BY_ACE, 2);
    assert_true(decision.missing == RIGHT_WP);
    add(ACE_ALLOWED, RIGHT_CR, &me);
    assert_int_equal(verdict_on(RIGHT_RP | RIGHT_CR), ACCESS_GRANTED);
    assert_reason(ACCESS_BY_ACE, 3);
}

static void test_inherit_only(void **state)
{
    (void)state;
    add(ACE_ALLOWED, RIGHT_CR, &me)->flags = ACE_INHERIT_ONLY | 2;
    assert_int_equal(verdict_on_enroll(), ACCESS_DENIED);
    assert_reason(ACCESS_BY_END, 0);
    aces[0].flags = ACE_INHERITED | 2;
    assert_int_equal(verdict_on_enroll(), ACCESS_GRANTED);
    assert_explained("NDESTEST\\svc", "granted by ACE 1 of 1: allows CR to S-1-5-21-1-2-3-1105 "
                                      "(NDESTEST\\svc), inherited");
    aces[0].type = ACE_DENIED;
    aces[0].flags = ACE_INHERIT_ONLY;
    add(ACE_ALLOWED, RIGHT_CR, &me);
    assert_int_equal(verdict_on_enroll(), ACCESS_GRANTED);
}

static void test_object(void **state)
{
    (void)state;
    add_object(ACE_DENIED_OBJECT, RIGHT_CR, &GUID_AUTOENROLL, &me);
    add_object(ACE_ALLOWED_OBJECT, RIGHT_RP | RIGHT_WP | RIGHT_CR, &GUID_ENROLL, &group);
    assert_int_equal(verdict_on_enroll(), ACCESS_GRANTED);
    assert_reason(ACCESS_BY_ACE, 1);
    assert_explained("", "granted by ACE 2 of 2: allows RPWPCR (Enroll) to S-1-5-21-1-2-3-1106 ()");
    access_decide(&descriptor, &token, RIGHT_CR, &GUID_AUTOENROLL, 1, &decision);
    assert_int_equal(decision.verdict, ACCESS_DENIED);
    assert_reason(ACCESS_BY_ACE, 0);
    assert_explained(NULL, "denied by ACE 1 of 2: denies CR (AutoEnroll) to S-1-5-21-1-2-3-1105");
    /* Its other bits belong to the GUID, too: this ACE does not let anyone read the template. */
    assert_int_equal(verdict_on(RIGHT_RP), ACCESS_DENIED);
    assert_reason(ACCESS_BY_END, 0);
    assert_int_equal(verdict_on(RIGHT_CR), ACCESS_DENIED);
    assert_reason(ACCESS_BY_END, 0);
}

/* Without a GUID it stands for all of them; before and behind a deny. */
static void test_object_without_guid(void **state)
{
    (void)state;
    add(ACE_ALLOWED_OBJECT, RIGHT_CR, &me);
    assert_int_equal(verdict_on_enroll(), ACCESS_GRANTED);
    assert_int_equal(verdict_on(RIGHT_CR), ACCESS_GRANTED);
    add_object(ACE_DENIED_OBJECT, RIGHT_CR, &GUID_ENROLL, &me);
    assert_int_equal(verdict_on_enroll(), ACCESS_GRANTED);
    remove_aces();
    add_object(ACE_DENIED_OBJECT, RIGHT_CR, &GUID_ENROLL, &me);
    add(ACE_ALLOWED_OBJECT, RIGHT_CR, &me);
    assert_int_equal(verdict_on_enroll(), ACCESS_DENIED);
    access_decide(&descriptor, &token, RIGHT_CR, &GUID_AUTOENROLL, 1, &decision);
    assert_int_equal(decision.verdict, ACCESS_GRANTED);
    remove_aces();
    add(ACE_DENIED_OBJECT, RIGHT_CR, &group);
    add_object(ACE_ALLOWED_OBJECT, RIGHT_CR, &GUID_ENROLL, &me);
    assert_int_equal(verdict_on_enroll(), ACCESS_DENIED);
    remove_aces();
    add_object(ACE_ALLOWED_OBJECT, RIGHT_CR, &GUID_ENROLL, &me);
    add(ACE_DENIED_OBJECT, RIGHT_CR, &group);
    assert_int_equal(verdict_on_enroll(), ACCESS_GRANTED);
}

/* An attribute and its property set: either of them will do, and either of them may deny. */
static void test_property_set(void **state)
{
    struct guid objects[2]; /* displayName, General-Information */

    (void)state;
    assert_true(guid_parse("bf967953-0de6-11d0-a285-00aa003049e2", &objects[0]));
    assert_true(guid_parse("59ba2f42-79a2-11d0-9020-00c04fc2d3cf", &objects[1]));
    for (size_t i = 0; i < 2; i++) {
        remove_aces();
        add_object(ACE_ALLOWED_OBJECT, RIGHT_WP, &objects[i], &me);
        add_object(ACE_DENIED_OBJECT, RIGHT_WP, &objects[1 - i], &me);
        assert_true(access_granted(&descriptor, &token, RIGHT_WP, objects, 2));
        assert_true(access_granted(&descriptor, &token, RIGHT_WP, &objects[i], 1));
        assert_false(access_granted(&descriptor, &token, RIGHT_WP, &objects[1 - i], 1));
        assert_false(access_granted(&descriptor, &token, RIGHT_WP, NULL, 0));
    }
    /* An inherited object type says who inherits, not whom the ACE is for. */
    remove_aces();
    add(ACE_ALLOWED_OBJECT, RIGHT_WP, &me);
    aces[0].has_inherited = true;
    aces[0].inherited = GUID_ENROLL;
    assert_true(access_granted(&descriptor, &token, RIGHT_WP, objects, 2));
}

static void test_generic(void **state)
{
    static const struct {
        uint32_t generic, mapped;
    } rights[] = {
        {RIGHT_GA, 0xf01ff}, {RIGHT_GR, 0x20094}, {RIGHT_GW, 0x20028}, {RIGHT_GX, 0x20004}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rights); i++) {
        remove_aces();
        assert_true(access_map_generic(rights[i].generic) == rights[i].mapped);
        assert_true(access_map_generic(rights[i].generic | RIGHT_CC) == (rights[i].mapped | 1));
        add(ACE_ALLOWED, rights[i].generic, &me);
        for (uint32_t right = 1; right < RIGHT_GA; right <<= 1)
            assert_int_equal(verdict_on(right),
                             rights[i].mapped & right ? ACCESS_GRANTED : ACCESS_DENIED);
        aces[0].mask = rights[i].mapped;
        assert_int_equal(verdict_on(rights[i].generic), ACCESS_GRANTED);
        aces[0].mask &= ~RIGHT_RC;
        assert_int_equal(verdict_on(rights[i].generic), ACCESS_DENIED);
        assert_true(decision.missing == RIGHT_RC);
    }
}

static void test_owner(void **state)
{
    (void)state;
    descriptor.owner = group;
    assert_int_equal(verdict_on(RIGHT_WD | RIGHT_RC), ACCESS_GRANTED); /* an empty list, even */
    assert_reason(ACCESS_BY_OWNER, 0);
    assert_explained(NULL, "granted: it is the owner");
    assert_int_equal(verdict_on(RIGHT_WO), ACCESS_DENIED);
    assert_int_equal(verdict_on(RIGHT_GA), ACCESS_DENIED);
    add(ACE_DENIED, RIGHT_GA, &me);
    assert_int_equal(verdict_on(RIGHT_WD), ACCESS_GRANTED);
    assert_int_equal(verdict_on_enroll(), ACCESS_DENIED);
    remove_aces();
    add(ACE_ALLOWED, RIGHT_CR, &me);
    assert_int_equal(verdict_on(RIGHT_WD | RIGHT_CR), ACCESS_GRANTED);
    assert_reason(ACCESS_BY_ACE, 0);
    descriptor.owner.length = 0;
    assert_int_equal(verdict_on(RIGHT_WD), ACCESS_DENIED);
}

/* An ACE for them replaces what the owner has without. */
static void test_owner_rights(void **state)
{
    const struct sid *owner_rights = sid_known(SID_OWNER_RIGHTS);

    (void)state;
    add(ACE_ALLOWED, RIGHT_RC, owner_rights);
    assert_int_equal(verdict_on(RIGHT_RC), ACCESS_DENIED); /* the owner is a stranger */
    descriptor.owner = me;
    assert_int_equal(verdict_on(RIGHT_RC), ACCESS_GRANTED);
    assert_reason(ACCESS_BY_ACE, 0);
    assert_explained(NULL, "granted by ACE 1 of 1: allows RC to S-1-3-4 (OWNER RIGHTS)");
    assert_int_equal(verdict_on(RIGHT_WD), ACCESS_DENIED);
    aces[0].flags = ACE_INHERIT_ONLY;
    assert_int_equal(verdict_on(RIGHT_WD), ACCESS_GRANTED);
    assert_reason(ACCESS_BY_OWNER, 0);
    aces[0].flags = 0;
    aces[0].type = ACE_DENIED;
    aces[0].mask = RIGHT_CR;
    add(ACE_ALLOWED, RIGHT_GA, &me);
    assert_int_equal(verdict_on_enroll(), ACCESS_DENIED);
    assert_int_equal(verdict_on(RIGHT_WD), ACCESS_GRANTED);
    assert_reason(ACCESS_BY_ACE, 1);
    aces[0].type = ACE_AUDIT; /* grants and denies nothing, so it does not count */
    remove_aces();
    descriptor.ace_count = 1;
    assert_int_equal(verdict_on(RIGHT_WD), ACCESS_GRANTED);
    assert_reason(ACCESS_BY_OWNER, 0);
}

/* SELF is no more than a SID of the token. */
static void test_self(void **state)
{
    (void)state;
    add(ACE_ALLOWED, RIGHT_WP, sid_known(SID_SELF));
    assert_int_equal(verdict_on(RIGHT_WP), ACCESS_DENIED);
    token_add(&token, sid_known(SID_SELF));
    assert_int_equal(verdict_on(RIGHT_WP), ACCESS_GRANTED);
}

static void test_condition(void **state)
{
    static const enum ace_type types[] = {ACE_ALLOWED_CALLBACK, ACE_ALLOWED_CALLBACK_OBJECT,
                                          ACE_DENIED_CALLBACK, ACE_DENIED_CALLBACK_OBJECT};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        bool allows = i < 2;

        remove_aces();
        add(ACE_ALLOWED, RIGHT_RP, &me);
        add(types[i], RIGHT_CR, &group);
        if (!allows)
            add(ACE_ALLOWED, RIGHT_CR, &me);
        assert_int_equal(verdict_on_enroll(), ACCESS_CONDITIONAL);
        assert_reason(ACCESS_BY_ACE, 1);
        assert_false(access_granted(&descriptor, &token, RIGHT_CR, &GUID_ENROLL, 1));
        assert_int_equal(verdict_on(RIGHT_RP), ACCESS_GRANTED); /* not of its rights */
        aces[1].trustee = stranger;
        assert_int_equal(verdict_on_enroll(), allows ? ACCESS_DENIED : ACCESS_GRANTED);
        aces[1].trustee = group;
        aces[1].flags = ACE_INHERIT_ONLY;
        assert_int_equal(verdict_on_enroll(), allows ? ACCESS_DENIED : ACCESS_GRANTED);
        aces[1].flags = 0;
        aces[0].mask |= RIGHT_CR; /* decided before it */
        assert_int_equal(verdict_on_enroll(), ACCESS_GRANTED);
        assert_reason(ACCESS_BY_ACE, 0);
        aces[0].type = ACE_DENIED;
        assert_int_equal(verdict_on_enroll(), ACCESS_DENIED);
        assert_reason(ACCESS_BY_ACE, 0);
    }
    aces[0].mask = RIGHT_RP;
    verdict_on_enroll();
    assert_explained(NULL, "unknown by ACE 2 of 3: denies CR to S-1-5-21-1-2-3-1106, conditional");
}

/* Whichever way the condition goes, the verdict is the same: then there is one. */
static void test_condition_without_effect(void **state)
{
    (void)state;
    add(ACE_ALLOWED_CALLBACK, RIGHT_CR, &me);
    add(ACE_ALLOWED, RIGHT_CR, &group);
    assert_int_equal(verdict_on_enroll(), ACCESS_GRANTED);
    assert_reason(ACCESS_BY_ACE, 1);
    aces[0].type = ACE_DENIED_CALLBACK;
    assert_int_equal(verdict_on_enroll(), ACCESS_CONDITIONAL);
    aces[1].type = ACE_DENIED;
    assert_int_equal(verdict_on_enroll(), ACCESS_DENIED);
    aces[0].type = ACE_ALLOWED_CALLBACK;
    assert_int_equal(verdict_on_enroll(), ACCESS_CONDITIONAL);
    assert_reason(ACCESS_BY_ACE, 0);
    assert_int_equal(verdict_on(RIGHT_CR | RIGHT_WP), ACCESS_DENIED);
    add_object(ACE_ALLOWED_CALLBACK_OBJECT, RIGHT_WP, &GUID_AUTOENROLL, &me);
    assert_int_equal(verdict_on(RIGHT_WP), ACCESS_DENIED);
}

/* Audit ACEs and types that are not known decide nothing. */
static void test_bystanders(void **state)
{
    static const int types[] = {ACE_AUDIT, ACE_AUDIT_OBJECT, 3, 4, 8, 13, 17, 255};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        remove_aces();
        add((enum ace_type)types[i], RIGHT_CR, &me);
        assert_int_equal(verdict_on_enroll(), ACCESS_DENIED);
        assert_reason(ACCESS_BY_END, 0);
        add(ACE_ALLOWED, RIGHT_CR, &me);
        assert_int_equal(verdict_on_enroll(), ACCESS_GRANTED);
        assert_reason(ACCESS_BY_ACE, 1);
    }
}

static bool enroll_is_sure(enum access_verdict verdict)
{
    assert_int_equal(verdict_on_enroll(), verdict);
    return access_is_sure(&descriptor, &token, RIGHT_CR, &GUID_ENROLL, 1, &decision);
}

/* The same of ordinary rights. */
static bool is_sure(uint32_t mask, enum access_verdict verdict)
{
    assert_int_equal(verdict_on(mask), verdict);
    return access_is_sure(&descriptor, &token, mask, NULL, 0, &decision);
}

/* A grant is sure unless a denial to somebody else comes before it. */
static void test_sure_grant(void **state)
{
    (void)state;
    add(ACE_DENIED, RIGHT_CR, &stranger);
    add(ACE_ALLOWED, RIGHT_CR, &me);
    add(ACE_DENIED, RIGHT_CR, &stranger);
    assert_true(enroll_is_sure(ACCESS_GRANTED));
    token.complete = false;
    assert_false(enroll_is_sure(ACCESS_GRANTED));
    aces[0].type = ACE_DENIED_CALLBACK;
    assert_false(enroll_is_sure(ACCESS_GRANTED));
    aces[0].flags = ACE_INHERIT_ONLY;
    assert_true(enroll_is_sure(ACCESS_GRANTED));
    aces[0] = (struct ace){.type = ACE_ALLOWED, .mask = RIGHT_CR, .trustee = stranger};
    assert_true(enroll_is_sure(ACCESS_GRANTED));
    aces[0] = (struct ace){.type = ACE_DENIED, .mask = RIGHT_RP, .trustee = stranger};
    assert_true(enroll_is_sure(ACCESS_GRANTED));
    aces[0].mask = RIGHT_GA;
    assert_false(enroll_is_sure(ACCESS_GRANTED));
    remove_aces();
    add_object(ACE_DENIED_OBJECT, RIGHT_CR, &GUID_AUTOENROLL, &stranger);
    add(ACE_ALLOWED, RIGHT_CR, &me);
    assert_true(enroll_is_sure(ACCESS_GRANTED));
    aces[0].object = GUID_ENROLL;
    assert_false(enroll_is_sure(ACCESS_GRANTED));
    descriptor.dacl = DACL_NULL;
    assert_true(enroll_is_sure(ACCESS_GRANTED));
}

/* A denial is sure unless a grant to somebody else comes before it. */
static void test_sure_denial(void **state)
{
    (void)state;
    add(ACE_ALLOWED, RIGHT_CR, &stranger);
    add(ACE_DENIED, RIGHT_CR, &me);
    add(ACE_ALLOWED, RIGHT_CR, &stranger);
    assert_true(enroll_is_sure(ACCESS_DENIED));
    token.complete = false;
    assert_false(enroll_is_sure(ACCESS_DENIED));
    aces[0].mask = RIGHT_RP;
    assert_true(enroll_is_sure(ACCESS_DENIED));
    aces[0] = (struct ace){.type = ACE_DENIED, .mask = RIGHT_CR, .trustee = stranger};
    assert_true(enroll_is_sure(ACCESS_DENIED));
    aces[1].mask = RIGHT_RP; /* the end denies it */
    assert_false(enroll_is_sure(ACCESS_DENIED));
    aces[2].type = ACE_ALLOWED_CALLBACK;
    assert_false(enroll_is_sure(ACCESS_DENIED));
    aces[2].mask = RIGHT_RP;
    assert_true(enroll_is_sure(ACCESS_DENIED));
    remove_aces();
    assert_true(enroll_is_sure(ACCESS_DENIED));
    add(ACE_ALLOWED_CALLBACK, RIGHT_CR, &me);
    assert_false(enroll_is_sure(ACCESS_CONDITIONAL));
    token.complete = true;
    assert_false(enroll_is_sure(ACCESS_CONDITIONAL));
}

/* Of several rights only those count that are still open, or that the denial is for. */
static void test_sure_of_several(void **state)
{
    (void)state;
    token.complete = false;
    add(ACE_ALLOWED, RIGHT_RP, &me);
    add(ACE_DENIED, RIGHT_RP, &stranger);
    add(ACE_ALLOWED, RIGHT_CR, &me);
    assert_true(is_sure(RIGHT_RP | RIGHT_CR, ACCESS_GRANTED));
    aces[0].type = ACE_ALLOWED_CALLBACK; /* on a condition that makes no difference */
    add(ACE_ALLOWED, RIGHT_RP, &me);
    assert_false(is_sure(RIGHT_RP | RIGHT_CR, ACCESS_GRANTED));
    remove_aces();
    add(ACE_ALLOWED, RIGHT_RP, &stranger);
    assert_true(is_sure(RIGHT_RP | RIGHT_WO, ACCESS_DENIED)); /* WO is lacking whatever it is */
    add(ACE_ALLOWED, RIGHT_WO, &stranger);
    assert_false(is_sure(RIGHT_RP | RIGHT_WO, ACCESS_DENIED));
    remove_aces();
    add(ACE_ALLOWED, RIGHT_WO, &stranger);
    add(ACE_DENIED, RIGHT_RP, &me);
    assert_true(is_sure(RIGHT_RP | RIGHT_WO, ACCESS_DENIED));
}

/* The owner may be a group that is not shown. */
static void test_sure_of_owner(void **state)
{
    (void)state;
    token.complete = false;
    assert_false(is_sure(RIGHT_WD, ACCESS_DENIED));
    assert_true(is_sure(RIGHT_WD | RIGHT_WO, ACCESS_DENIED));
    assert_true(is_sure(RIGHT_WO, ACCESS_DENIED));
    descriptor.owner = me;
    assert_true(is_sure(RIGHT_WD, ACCESS_GRANTED));
    add(ACE_ALLOWED, RIGHT_RC, sid_known(SID_OWNER_RIGHTS));
    assert_true(is_sure(RIGHT_WD, ACCESS_DENIED));
    assert_true(is_sure(RIGHT_RC, ACCESS_GRANTED));
    descriptor.owner.length = 0;
    remove_aces();
    assert_true(is_sure(RIGHT_WD, ACCESS_DENIED));
}

static void assert_rights(uint32_t mask, const char *expected)
{
    struct buffer text;

    buffer_init(&text, 100);
    access_add_rights(&text, mask);
    assert_string_equal(buffer_text(&text), expected);
    buffer_free(&text);
}

static void test_rights(void **state)
{
    (void)state;
    assert_rights(0, "nothing");
    assert_rights(RIGHT_RP | RIGHT_WP | RIGHT_CR, "RPWPCR");
    assert_rights(0xf01ff, "CCDCLCSWRPWPDTLOCRSDRCWDWO");
    assert_rights(RIGHT_GA | RIGHT_GR | RIGHT_GW | RIGHT_GX, "GAGRGWGX");
    assert_rights(0x100200, "0x100200");
    assert_rights(0x201, "CC0x200");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, anew, done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_no_list),
        TEST(test_order),
        TEST(test_end),
        TEST(test_several_rights),
        TEST(test_inherit_only),
        TEST(test_object),
        TEST(test_object_without_guid),
        TEST(test_property_set),
        TEST(test_generic),
        TEST(test_owner),
        TEST(test_owner_rights),
        TEST(test_self),
        TEST(test_condition),
        TEST(test_condition_without_effect),
        TEST(test_bystanders),
        TEST(test_rights),
        TEST(test_sure_grant),
        TEST(test_sure_denial),
        TEST(test_sure_of_several),
        TEST(test_sure_of_owner),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
