/* test_template_collect.c - tests of what check_ndes_template asks, and when it stops asking.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "judging.h"
#include "template_facts.h"

/* What is asked, in this order. */
enum question { ASK_PKI, ASK_NAMES, ASK_ACCOUNT, ASK_DOMAIN, ASK_TOKEN, ASK_CHAIN, ASK_SIDS };

enum { SEARCHES_MAXIMUM = 16 };

static struct directory_root root = {
    .domain = "DC=ndes,DC=test", .configuration = "CN=Configuration,DC=ndes,DC=test", .now = NOW};
static struct directory_statistics statistics;
static enum question asked[SEARCHES_MAXIMUM];
static int count;
static int breaks_at; /* the search that breaks off; 0: none does */
static enum problem_kind kind[ASK_SIDS + 1];

/* The domain controller. */
static const char *domain_context;
static bool has_template;
static bool hides_sid;
static bool hides_groups;
static bool tells_principal;
static bool is_administrator;
static int namesakes;
static char last_base[600];
static char account_base[600];
static char last_filter[2000];

/* The room directory, as far as the check uses it; a domain controller that exists in the variables
 * above only. */

const struct directory_root *directory_root(const struct directory_session *session)
{
    (void)session;
    return &root;
}

const struct directory_statistics *directory_statistics(const struct directory_session *session)
{
    (void)session;
    return &statistics;
}

static void add_bytes(struct directory_entries *entries, const char *name, const void *bytes,
                      size_t length)
{
    struct directory_attribute *attribute =
        directory_entry_add(entries, &entries->entries[entries->count - 1], name);

    assert_non_null(attribute);
    assert_true(directory_attribute_add(entries, attribute, bytes, length));
}

static void add_text(struct directory_entries *entries, const char *name, const char *text)
{
    add_bytes(entries, name, text, strlen(text));
}

static void add_sid(struct directory_entries *entries, const char *name, const char *text)
{
    struct sid sid = sid_of(text);

    add_bytes(entries, name, sid.bytes, sid.length);
}

static void add_entry(struct directory_entries *entries, const char *dn)
{
    assert_non_null(directory_entries_add(entries, dn));
}

/* A descriptor whose one ACE allows somebody everything, so that his name is asked for. */
static void add_descriptor(struct directory_entries *entries)
{
    unsigned char bytes[100] = {
        1, 0, 4, 0x80, [16] = 20, [20] = 2, [24] = 1, [30] = 36, [32] = 0xff, 0x01, 0x0f, 0x00};
    struct sid sid = sid_of(OTHER_SID);

    memcpy(bytes + 36, sid.bytes, sid.length);
    bytes[22] = (unsigned char)(16 + sid.length);
    bytes[30] = (unsigned char)(8 + sid.length);
    add_bytes(entries, "nTSecurityDescriptor", bytes, 36 + sid.length);
}

static void add_pki(struct directory_entries *entries)
{
    add_entry(entries, "CN=LAB Issuing CA,CN=Enrollment Services,CN=Public Key Services");
    add_text(entries, "cn", "LAB Issuing CA");
    add_text(entries, "certificateTemplates", "NDESDevice");
    if (!has_template)
        return;
    add_entry(entries, "CN=NDESDevice,CN=Certificate Templates,CN=Public Key Services");
    add_text(entries, "cn", "NDESDevice");
    add_text(entries, "revision", "100");
    add_descriptor(entries);
}

static void add_account(struct directory_entries *entries)
{
    for (int i = 0; i < namesakes; i++) {
        char dn[64];

        text_format(dn, sizeof dn, "CN=svc-ndes,OU=%d,DC=ndes,DC=test", i);
        add_entry(entries, dn);
        add_text(entries, "sAMAccountName", "svc-ndes");
        if (!hides_sid)
            add_sid(entries, "objectSid", ACCOUNT_SID);
    }
}

static enum question question_of(const struct directory_query *query)
{
    if (strstr(query->filter, "pKIEnrollmentService"))
        return ASK_PKI;
    if (strstr(query->base, "CN=Public Key Services"))
        return ASK_NAMES;
    if (strstr(query->filter, "nETBIOSName"))
        return ASK_DOMAIN;
    if (strstr(query->filter, "sAMAccountName") || text_starts(query->base, "CN=svc-ndes, "))
        return ASK_ACCOUNT;
    if (strstr(query->filter, "member:"))
        return ASK_CHAIN;
    return strstr(query->filter, "objectSid") ? ASK_SIDS : ASK_TOKEN;
}

static void answer(enum question question, struct directory_entries *entries)
{
    switch (question) {
    case ASK_PKI:
        add_pki(entries);
        break;
    case ASK_NAMES:
        add_entry(entries, "CN=NDESDevice1,CN=Certificate Templates,CN=Public Key Services");
        break;
    case ASK_DOMAIN:
        if (!domain_context)
            break;
        add_entry(entries, "CN=NDESTEST");
        add_text(entries, "nCName", domain_context);
        add_text(entries, "dnsRoot", "ndes.test");
        break;
    case ASK_ACCOUNT:
        add_account(entries);
        break;
    case ASK_TOKEN:
        add_entry(entries, "CN=svc-ndes");
        if (!hides_groups)
            add_sid(entries, "tokenGroups", GROUP_SID);
        break;
    case ASK_CHAIN:
        break;
    case ASK_SIDS:
        add_entry(entries, "CN=helpdesk");
        add_sid(entries, "objectSid", OTHER_SID);
        add_text(entries, "sAMAccountName", "helpdesk");
        if (is_administrator)
            add_text(entries, "adminCount", "1");
        if (tells_principal)
            add_text(entries, "msDS-PrincipalName", "NDESTEST\\helpdesk");
        add_entry(entries, "CN=nameless");
        add_sid(entries, "objectSid", OTHER_SID);
        break;
    }
}

bool directory_search(struct directory_session *session, const struct directory_query *query,
                      struct directory_entries *entries, struct problem *problem)
{
    enum question question = question_of(query);

    (void)session;
    assert_true(count < SEARCHES_MAXIMUM);
    asked[count++] = question;
    text_copy(last_base, sizeof last_base, query->base);
    text_copy(last_filter, sizeof last_filter, query->filter);
    if (question == ASK_ACCOUNT)
        text_copy(account_base, sizeof account_base, query->base);
    assert_true(query->descriptors == (question == ASK_PKI));
    *problem = (struct problem){0};
    if (count == breaks_at)
        return problem_set(problem, PROBLEM_TIMEOUT, "no answer");
    if (kind[question] != PROBLEM_NONE)
        return problem_set(problem, kind[question], "refused");
    answer(question, entries);
    return true;
}

static int start(void **state)
{
    start_healthy(state);
    template_facts_free(&facts);
    memset(kind, 0, sizeof kind);
    breaks_at = 0;
    has_template = true;
    hides_sid = hides_groups = tells_principal = is_administrator = false;
    namesakes = 1;
    domain_context = root.domain;
    statistics.searches = 7;
    return 0;
}

static int end(void **state)
{
    return end_healthy(state);
}

static void ask(void)
{
    template_facts_free(&facts);
    facts = (struct template_facts){0};
    count = 0;
    template_collect(&options, NULL, NULL, &facts);
}

static void assert_asked(const enum question *questions, size_t number)
{
    assert_int_equal(count, number);
    for (size_t i = 0; i < number; i++)
        assert_int_equal(asked[i], questions[i]);
}

#define ASSERT_ASKED(...)                                                                          \
    assert_asked((const enum question[]){__VA_ARGS__},                                             \
                 sizeof((const enum question[]){__VA_ARGS__}) / sizeof(enum question))

/* The group that the template's permissions name. */
#define HELPDESK_FILTER                                                                            \
    "(|(objectSid=\\01\\05\\00\\00\\00\\00\\00\\05\\15\\00\\00\\00"                                \
    "\\01\\00\\00\\00\\02\\00\\00\\00\\03\\00\\00\\00\\52\\04\\00\\00))"

static void test_healthy(void **state)
{
    (void)state;
    ask();
    ASSERT_ASKED(ASK_PKI, ASK_ACCOUNT, ASK_DOMAIN, ASK_TOKEN, ASK_SIDS);
    assert_int_equal(facts.now, NOW);
    assert_true(facts.looked);
    assert_true(facts.templates[0].found);
    assert_int_equal(facts.templates[0].template.descriptor.ace_count, 1);
    assert_int_equal(facts.ca_count, 1);
    assert_int_equal(facts.account.visibility, ACCOUNT_FOUND);
    assert_string_equal(facts.account.name, "svc-ndes");
    assert_true(facts.account.token.token.complete);
    assert_string_equal(facts.account.base, "DC=ndes,DC=test");
    assert_int_equal(facts.statistics.searches, 7);
    assert_int_equal(facts.fatal.kind, PROBLEM_NONE);
}

/* With rootDSE, which the backend asks for, never more than eight. */
static void test_most(void **state)
{
    (void)state;
    hides_groups = true;
    options.wanted[options.wanted_count++].name = "Missing";
    ask();
    ASSERT_ASKED(ASK_PKI, ASK_NAMES, ASK_ACCOUNT, ASK_DOMAIN, ASK_TOKEN, ASK_CHAIN, ASK_SIDS);
    assert_int_equal(facts.name_count, 1);
    assert_int_equal(facts.trustee_count, 1);
    assert_string_equal(facts.trustees[0].name, "helpdesk");
    assert_int_equal(facts.account.token.source, GROUPS_BY_CHAIN);
    assert_string_equal(last_filter, HELPDESK_FILTER);
    tells_principal = true;
    ask();
    assert_string_equal(facts.trustees[0].name, "NDESTEST\\helpdesk");
    assert_false(facts.trustees[0].administrator);
    is_administrator = true;
    ask();
    assert_true(facts.trustees[0].administrator);
    kind[ASK_SIDS] = PROBLEM_TIMEOUT; /* names are no more than a comfort */
    ask();
    assert_int_equal(facts.trustee_count, 0);
    assert_int_equal(facts.fatal.kind, PROBLEM_NONE);
}

static void test_missing(void **state)
{
    (void)state;
    has_template = false;
    ask();
    ASSERT_ASKED(ASK_PKI, ASK_NAMES, ASK_ACCOUNT, ASK_DOMAIN, ASK_TOKEN);
    assert_false(facts.templates[0].found);
    assert_string_equal(facts.templates[0].nearest.names[0], "NDESDevice1");
    kind[ASK_NAMES] = PROBLEM_DENIED;
    ask();
    assert_int_equal(count, 5);
    assert_int_equal(facts.names_problem.kind, PROBLEM_DENIED);
}

/* Where Public Key Services cannot be searched the account is looked for all the same. */
static void test_no_pki(void **state)
{
    (void)state;
    kind[ASK_PKI] = PROBLEM_NO_BASE;
    ask();
    ASSERT_ASKED(ASK_PKI, ASK_ACCOUNT, ASK_DOMAIN, ASK_TOKEN);
    assert_false(facts.looked);
    assert_int_equal(facts.problem.kind, PROBLEM_NO_BASE);
    assert_int_equal(facts.fatal.kind, PROBLEM_NONE);
}

static void test_domain(void **state)
{
    (void)state;
    domain_context = "DC=child,DC=ndes,DC=test";
    ask();
    assert_int_equal(facts.account.visibility, ACCOUNT_ELSEWHERE);
    assert_string_equal(facts.account.dns, "ndes.test");
    domain_context = NULL;
    ask();
    assert_int_equal(facts.account.visibility, ACCOUNT_NO_DOMAIN);
    kind[ASK_DOMAIN] = PROBLEM_DENIED; /* what was found counts */
    ask();
    assert_int_equal(facts.account.visibility, ACCOUNT_FOUND);
    assert_int_equal(facts.account.problem.kind, PROBLEM_NONE);
    namesakes = 0;
    ask();
    namesakes = 1;
    assert_int_equal(facts.account.visibility, ACCOUNT_NOT_LOOKED_FOR);
    assert_int_equal(facts.account.problem.kind, PROBLEM_DENIED);
    assert_int_equal(facts.fatal.kind, PROBLEM_NONE);
    kind[ASK_DOMAIN] = PROBLEM_TIMEOUT;
    ask();
    assert_int_equal(facts.account.visibility, ACCOUNT_NOT_LOOKED_FOR);
    assert_int_equal(facts.fatal.kind, PROBLEM_TIMEOUT);
    options.account = "svc-ndes";
    assert_null(account_name_parse(options.account, &options.account_name));
    options.ldap.base = "OU=NDES,DC=ndes,DC=test";
    ask();
    ASSERT_ASKED(ASK_PKI, ASK_ACCOUNT, ASK_TOKEN, ASK_SIDS);
    assert_string_equal(facts.account.base, "OU=NDES,DC=ndes,DC=test");
}

/* By the name's form no search, or one, tells that the account is another domain's. */
static void test_homes(void **state)
{
    static const struct {
        const char *account;
        enum account_visibility visibility;
        const char *domain;
    } cases[] = {
        {"CN=svc,DC=child,DC=ndes,DC=test", ACCOUNT_ELSEWHERE, "DC=child,DC=ndes,DC=test"},
        {"nobody@child.ndes.test", ACCOUNT_UNCLEAR, "child.ndes.test"},
        {"nobody@ndes.test", ACCOUNT_MISSING, ""},
        {"S-1-5-21-7-7-7-1105", ACCOUNT_UNCLEAR, "S-1-5-21-7-7-7"},
        {"nobody", ACCOUNT_MISSING, ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        options.account = cases[i].account;
        assert_null(account_name_parse(options.account, &options.account_name));
        ask();
        assert_int_equal(facts.account.visibility, cases[i].visibility);
        assert_string_equal(facts.account.dns, cases[i].domain);
    }
}

/* By its DN an account is looked at in its place, wherever accounts are searched else. */
static void test_account_by_dn(void **state)
{
    (void)state;
    options.account = "CN=svc-ndes, OU=0,DC=ndes,DC=test";
    options.ldap.base = "OU=NDES,DC=ndes,DC=test";
    assert_null(account_name_parse(options.account, &options.account_name));
    ask();
    assert_int_equal(facts.account.visibility, ACCOUNT_FOUND);
    assert_string_equal(account_base, options.account);
    namesakes = 2; /* one that was not asked for */
    ask();
    assert_int_equal(facts.account.visibility, ACCOUNT_FOUND);
    hides_sid = true;
    ask();
    assert_int_equal(facts.account.visibility, ACCOUNT_HIDDEN);
    kind[ASK_ACCOUNT] = PROBLEM_NO_BASE;
    namesakes = 0;
    ask();
    assert_int_equal(facts.account.visibility, ACCOUNT_MISSING);
    assert_int_equal(facts.account.problem.kind, PROBLEM_NONE);
    kind[ASK_ACCOUNT] = PROBLEM_REFERRAL;
    ask();
    assert_int_equal(facts.account.problem.kind, PROBLEM_REFERRAL);
}

static void test_account(void **state)
{
    (void)state;
    namesakes = 0;
    ask();
    assert_int_equal(facts.account.visibility, ACCOUNT_MISSING);
    namesakes = 2;
    ask();
    assert_int_equal(facts.account.visibility, ACCOUNT_AMBIGUOUS);
    assert_int_equal(facts.account.count, 2);
    assert_string_equal(facts.account.namesakes[0], "CN=svc-ndes,OU=0,DC=ndes,DC=test");
    assert_string_equal(facts.account.namesakes[1], "CN=svc-ndes,OU=1,DC=ndes,DC=test");
    namesakes = 4;
    ask();
    assert_int_equal(facts.account.count, 4);
    assert_string_equal(facts.account.namesakes[2], "CN=svc-ndes,OU=2,DC=ndes,DC=test");
    namesakes = 1;
    hides_sid = true;
    ask();
    assert_int_equal(facts.account.visibility, ACCOUNT_HIDDEN);
    assert_string_equal(facts.account.name, "svc-ndes");
    kind[ASK_ACCOUNT] = PROBLEM_DENIED;
    ask();
    assert_int_equal(facts.account.visibility, ACCOUNT_NOT_LOOKED_FOR);
    assert_int_equal(facts.account.problem.kind, PROBLEM_DENIED);
}

static void test_groups(void **state)
{
    (void)state;
    kind[ASK_TOKEN] = kind[ASK_CHAIN] = PROBLEM_DENIED;
    ask();
    assert_int_equal(facts.account.visibility, ACCOUNT_FOUND);
    assert_false(facts.account.token.token.complete);
    assert_int_equal(facts.account.token_problem.kind, PROBLEM_DENIED);
    assert_int_equal(facts.fatal.kind, PROBLEM_NONE);
}

/* Other names are asked for if the CA is not found, or does not publish the template. */
static void test_names(void **state)
{
    (void)state;
    options.ca_name = "LAB Issuing CA";
    ask();
    ASSERT_ASKED(ASK_PKI, ASK_ACCOUNT, ASK_DOMAIN, ASK_TOKEN, ASK_SIDS);
    options.ca_name = "LAB Other CA";
    ask();
    ASSERT_ASKED(ASK_PKI, ASK_NAMES, ASK_ACCOUNT, ASK_DOMAIN, ASK_TOKEN, ASK_SIDS);
    options.ca_name = "LAB Issuing CA";
    options.require_ntauth = true;
    ask();
    ASSERT_ASKED(ASK_PKI, ASK_NAMES, ASK_ACCOUNT, ASK_DOMAIN, ASK_TOKEN, ASK_SIDS);
}

/* Names are asked for those whom the permissions name, in one search whatever will be printed. */
static void test_trustees(void **state)
{
    (void)state;
    options.posture = false;
    for (int verbosity = 0; verbosity < 2; verbosity++) {
        options.common.style.verbosity = verbosity;
        ask();
        ASSERT_ASKED(ASK_PKI, ASK_ACCOUNT, ASK_DOMAIN, ASK_TOKEN, ASK_SIDS);
        assert_string_equal(last_filter, HELPDESK_FILTER);
        assert_int_equal(facts.trustee_count, 1);
    }
    has_template = false;
    ask();
    ASSERT_ASKED(ASK_PKI, ASK_NAMES, ASK_ACCOUNT, ASK_DOMAIN, ASK_TOKEN);
}

/* Whichever search breaks, nothing more is asked. */
static void test_break(void **state)
{
    (void)state;
    hides_groups = true;
    has_template = false;
    for (breaks_at = 1; breaks_at <= 6; breaks_at++) {
        ask();
        if (count != breaks_at || facts.fatal.kind != PROBLEM_TIMEOUT)
            fail_msg("broke at %d, asked %d times: %d", breaks_at, count, (int)facts.fatal.kind);
        assert_int_equal(facts.account.visibility, ACCOUNT_NOT_LOOKED_FOR);
        assert_true(facts.looked == (breaks_at > 1));
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_healthy), TEST(test_most),  TEST(test_missing),  TEST(test_no_pki),
        TEST(test_domain),  TEST(test_homes), TEST(test_account),  TEST(test_account_by_dn),
        TEST(test_groups),  TEST(test_names), TEST(test_trustees), TEST(test_break),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
