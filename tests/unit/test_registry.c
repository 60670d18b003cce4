/* test_registry.c - tests of common/cim/registry.h, with a method call that answers as it is told.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "common/cim/registry.h"

/* What StdRegProv answers next, and what it was asked. */
static struct cim_row answer;
static bool fails;
static char asked[300];

bool cim_invoke(struct cim_session *session, const struct cim_method *method,
                struct cim_row *output, struct problem *problem)
{
    (void)session;
    text_format(asked, sizeof asked, "%s %s %s %s", method->name, method->arguments[0].value,
                method->arguments[1].value,
                method->argument_count > 2 ? method->arguments[2].value : "-");
    if (fails) {
        *problem = (struct problem){.kind = PROBLEM_DENIED};
        return false;
    }
    for (size_t i = 0; i < answer.count; i++)
        assert_true(cim_row_add(output, answer.properties[i].name, answer.properties[i].text));
    return true;
}

static int clean(void **state)
{
    (void)state;
    cim_row_free(&answer);
    fails = false;
    return 0;
}

static void test_text(void **state)
{
    struct problem problem = {0};
    char text[5] = "none";

    (void)state;
    cim_row_add(&answer, "ReturnValue", "0");
    cim_row_add(&answer, "sValue", "value");
    assert_int_equal(registry_text(NULL, "A\\B", "V", text, sizeof text, &problem), REGISTRY_FOUND);
    assert_string_equal(text, "valu");
    assert_string_equal(asked, "GetStringValue 2147483650 A\\B V");
}

static void test_returns(void **state)
{
    static const struct {
        const char *code;
        enum registry_outcome outcome;
    } returns[] = {{"1", REGISTRY_NO_VALUE},
                   {"2", REGISTRY_NO_KEY},
                   {"5", REGISTRY_DENIED},
                   {"2147749889", REGISTRY_NO_VALUE},
                   {"2147749893", REGISTRY_NO_VALUE},
                   {"2147749891", REGISTRY_DENIED},
                   {"-2147024891", REGISTRY_DENIED},
                   {"1450", REGISTRY_FAILED},
                   {"0", REGISTRY_NO_VALUE}, /* but without a value */
                   {"zero", REGISTRY_FAILED}};
    struct problem problem = {0};
    char text[8] = "none";

    (void)state;
    for (size_t i = 0; i < COUNT_OF(returns); i++) {
        cim_row_add(&answer, "ReturnValue", returns[i].code);
        cim_row_add(&answer, "sValue", NULL);
        assert_int_equal(registry_text(NULL, "A", "V", text, sizeof text, &problem),
                         returns[i].outcome);
        cim_row_free(&answer);
    }
    assert_int_equal(problem.kind, PROBLEM_MALFORMED);
    fails = true;
    assert_int_equal(registry_text(NULL, "A", "V", text, sizeof text, &problem), REGISTRY_FAILED);
    assert_int_equal(problem.kind, PROBLEM_DENIED);
    assert_string_equal(text, "none");
}

static void test_numbers(void **state)
{
    struct problem problem;
    int64_t dword = 0;
    uint64_t qword = 0;

    (void)state;
    cim_row_add(&answer, "ReturnValue", "0");
    cim_row_add(&answer, "uValue", "18446744073709551615");
    assert_int_equal(registry_qword(NULL, "A", "V", &qword, &problem), REGISTRY_FOUND);
    assert_true(qword == UINT64_MAX);
    assert_int_equal(registry_dword(NULL, "A", "V", &dword, &problem), REGISTRY_NO_VALUE);
    cim_row_free(&answer);
    cim_row_add(&answer, "ReturnValue", "0");
    cim_row_add(&answer, "uValue", "18446744073709551616");
    assert_int_equal(registry_qword(NULL, "A", "V", &qword, &problem), REGISTRY_NO_VALUE);
    cim_row_free(&answer);
    cim_row_add(&answer, "ReturnValue", "0");
    cim_row_add(&answer, "uValue", "1");
    assert_int_equal(registry_dword(NULL, "A", "V", &dword, &problem), REGISTRY_FOUND);
    assert_int_equal(dword, 1);
}

static void test_binary(void **state)
{
    struct problem problem;
    struct buffer bytes;

    (void)state;
    buffer_init(&bytes, 3);
    cim_row_add(&answer, "ReturnValue", "0");
    cim_row_add(&answer, "uValue", "0");
    cim_row_add(&answer, "uValue", "255");
    assert_int_equal(registry_binary(NULL, "A", "V", &bytes, &problem), REGISTRY_FOUND);
    assert_int_equal(bytes.length, 2);
    assert_memory_equal(bytes.data, "\0\xff", 2);
    assert_int_equal(registry_binary(NULL, "A", "V", &bytes, &problem), REGISTRY_NO_VALUE);
    buffer_reset(&bytes);
    cim_row_add(&answer, "uValue", "256");
    assert_int_equal(registry_binary(NULL, "A", "V", &bytes, &problem), REGISTRY_NO_VALUE);
    buffer_free(&bytes);
}

static void test_keys(void **state)
{
    struct problem problem;
    struct cim_row names = {0};

    (void)state;
    cim_row_add(&answer, "ReturnValue", "0");
    cim_row_add(&answer, "sNames", "A");
    cim_row_add(&answer, "sNames", "B");
    assert_int_equal(registry_keys(NULL, "K", &names, &problem), REGISTRY_FOUND);
    assert_string_equal(asked, "EnumKey 2147483650 K -");
    assert_int_equal(cim_count(&names, REGISTRY_KEYS), 2);
    cim_row_free(&names);
}

#define TEST(name) cmocka_unit_test_teardown(name, clean)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_text), TEST(test_returns), TEST(test_numbers), TEST(test_binary), TEST(test_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
