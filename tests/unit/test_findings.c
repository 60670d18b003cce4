/* test_findings.c - tests of common/findings: the states, the catalogue and its sections.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "common/findings/catalogue.h"

static void test_state_names(void **state)
{
    static const struct {
        const char *text;
        enum state expected;
    } cases[] = {
        {"ok", STATE_OK},           {"OK", STATE_OK},           {"0", STATE_OK},
        {"Warning", STATE_WARNING}, {"1", STATE_WARNING},       {"CRITICAL", STATE_CRITICAL},
        {"2", STATE_CRITICAL},      {"unknown", STATE_UNKNOWN}, {"3", STATE_UNKNOWN},
    };
    static const char *const bad[] = {"", "4", "-1", "warn", "crit", "ok ", "1.0", "OKAY"};
    enum state parsed;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(state_parse(cases[i].text, &parsed));
        assert_int_equal(parsed, cases[i].expected);
    }
    parsed = STATE_WARNING;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(state_parse(bad[i], &parsed));
    assert_int_equal(parsed, STATE_WARNING);
    assert_string_equal(state_name(STATE_OK), "OK");
    assert_string_equal(state_name(STATE_WARNING), "WARNING");
    assert_string_equal(state_name(STATE_CRITICAL), "CRITICAL");
    assert_string_equal(state_name(STATE_UNKNOWN), "UNKNOWN");
}

/* CRITICAL > WARNING > UNKNOWN > OK, whichever comes first. */
static void test_state_order(void **state)
{
    static const enum state order[] = {STATE_OK, STATE_UNKNOWN, STATE_WARNING, STATE_CRITICAL};

    (void)state;
    for (size_t a = 0; a < COUNT_OF(order); a++)
        for (size_t b = 0; b < COUNT_OF(order); b++)
            assert_int_equal(state_worst(order[a], order[b]), order[a > b ? a : b]);
}

static void assert_plain(const char *text)
{
    assert_non_null(text);
    assert_true(strlen(text) >= 3);
    for (const char *at = text; *at; at++)
        if (*at < ' ' || *at > '~' || *at == '|')
            fail_msg("'%s' has a character that is not plain", text);
    assert_true(text[0] != ' ' && text[strlen(text) - 1] != ' ');
    assert_null(strstr(text, "  "));
}

static void test_rows(void **state)
{
    (void)state;
    for (int i = 0; i < FINDING_ID_COUNT; i++) {
        const struct catalogue_row *row = catalogue_row((enum finding_id)i);
        enum finding_id found;

        assert_plain(row->id);
        assert_int_equal(strspn(row->id, "abcdefghijklmnopqrstuvwxyz0123456789-"), strlen(row->id));
        assert_plain(row->headline);
        assert_plain(row->cause);
        assert_plain(row->remedy);
        assert_true(row->state == STATE_WARNING || row->state == STATE_CRITICAL ||
                    row->state == STATE_UNKNOWN);
        assert_true(catalogue_find(row->id, &found));
        assert_int_equal(found, i); /* so it is the only one */
    }
}

/* NDES_RA_EXPIRED is ndes-ra-expired: no row got another's ID. */
static void test_names_are_ids(void **state)
{
    static const char *const names[] = {
#define FINDING(name, ...) #name,
#include "common/findings/findings.def"
#undef FINDING
    };

    (void)state;
    assert_int_equal(COUNT_OF(names), FINDING_ID_COUNT);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char expected[64];

        text_copy(expected, sizeof expected, catalogue_row((enum finding_id)i)->id);
        for (char *at = expected; *at; at++)
            *at = *at == '-' ? '_' : *at;
        if (!text_equal(names[i], expected) || !text_starts(expected, "ndes_"))
            fail_msg("%s has the ID %s", names[i], expected);
    }
}

/* The rows stand in the order of the sections, and no section is empty. */
static void test_sections(void **state)
{
    int last = -1;

    (void)state;
    for (int i = 0; i < FINDING_ID_COUNT; i++) {
        const struct catalogue_row *row = catalogue_row((enum finding_id)i);

        if ((int)row->section != last && (int)row->section != last + 1)
            fail_msg("%s is not in the order of the sections", row->id);
        last = (int)row->section;
    }
    assert_int_equal(last, SECTION_COUNT - 1);
    for (int a = 0; a < SECTION_COUNT; a++) {
        assert_plain(section_title((enum section)a));
        for (int b = 0; b < a; b++)
            assert_false(
                text_equal(section_title((enum section)a), section_title((enum section)b)));
    }
}

/* What these mean to the operator was decided: a change is no detail. */
static void test_default_states(void **state)
{
    static const struct {
        enum finding_id id;
        const char *name;
        enum state expected;
    } cases[] = {
        {NDES_NET_PROXY, "ndes-net-proxy", STATE_CRITICAL},
        {NDES_URL_LIMIT, "ndes-url-limit", STATE_CRITICAL},
        {NDES_HTTP_CAPS, "ndes-http-caps", STATE_WARNING},
        {NDES_ADMIN_OPEN, "ndes-admin-open", STATE_CRITICAL},
        {NDES_ADMIN_AUTH, "ndes-admin-auth", STATE_UNKNOWN},
        {NDES_ADMIN_STATE, "ndes-admin-state", STATE_UNKNOWN},
        {NDES_RA_MISSING, "ndes-ra-missing", STATE_CRITICAL},
        {NDES_CA_MISSING, "ndes-ca-missing", STATE_CRITICAL},
        {NDES_RA_WEAKKEY, "ndes-ra-weakkey", STATE_WARNING},
        {NDES_CRL_INVALID, "ndes-crl-invalid", STATE_CRITICAL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(catalogue_row(cases[i].id)->id, cases[i].name);
        assert_int_equal(catalogue_row(cases[i].id)->state, cases[i].expected);
    }
}

static void test_find(void **state)
{
    static const char *const none[] = {"", "ndes", "ndes-", "ndes-http-50", "ndes-http-5000"};
    enum finding_id id = NDES_RA_CHAIN;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(none); i++)
        assert_false(catalogue_find(none[i], &id));
    assert_int_equal(id, NDES_RA_CHAIN);
    assert_true(catalogue_find("NDES-Http-503", &id));
    assert_int_equal(id, NDES_HTTP_503);
}

/* Those that have no -w or -c must not claim one, nor the other way round. */
static void test_by_limit(void **state)
{
    static const enum finding_id by_limit[] = {NDES_HTTP_SLOW, NDES_RA_EXPIRING, NDES_ACCT_EXPIRED,
                                               NDES_POOL_CRASHING, NDES_CONN_OUTDATED};
    static const enum finding_id fixed[] = {NDES_NET_DNS, NDES_RA_EXPIRED, NDES_POOL_STOPPED,
                                            NDES_LDAP_TLS, NDES_TMPL_RALEFT};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(by_limit); i++)
        assert_true(catalogue_row(by_limit[i])->by_limit);
    for (size_t i = 0; i < COUNT_OF(fixed); i++)
        assert_false(catalogue_row(fixed[i])->by_limit);
}

/* One policy for state files: each check says the same. */
static void test_state_files(void **state)
{
    static const enum finding_id ids[] = {NDES_ADMIN_STATE, NDES_POOL_STATE, NDES_CONN_STATE};
    const struct catalogue_row *first = catalogue_row(ids[0]);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        const struct catalogue_row *row = catalogue_row(ids[i]);

        assert_non_null(strstr(row->id, "-state"));
        assert_int_equal(row->state, STATE_UNKNOWN);
        assert_string_equal(row->headline, first->headline);
        assert_string_equal(row->cause, first->cause);
        assert_string_equal(row->remedy, first->remedy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_state_files),    cmocka_unit_test(test_state_names),
        cmocka_unit_test(test_state_order),    cmocka_unit_test(test_rows),
        cmocka_unit_test(test_names_are_ids),  cmocka_unit_test(test_sections),
        cmocka_unit_test(test_default_states), cmocka_unit_test(test_find),
        cmocka_unit_test(test_by_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
