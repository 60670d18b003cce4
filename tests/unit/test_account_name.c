/* test_account_name.c - tests of common/directory/account.h and dn.h: names in, filters out, and
 * what an entry says of an account.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "common/directory/account.h"
#include "common/directory/dn.h"

#define SID "S-1-5-21-1-2-3-1104"

static struct directory_entries entries;
static const struct directory_root root = {.domain = "DC=example,DC=com"};

static int end(void **state)
{
    (void)state;
    directory_entries_free(&entries);
    return 0;
}

static void add(const char *name, const char *text)
{
    struct directory_entry *entry = &entries.entries[entries.count - 1];
    struct directory_attribute *attribute = directory_entry_add(&entries, entry, name);

    assert_non_null(attribute);
    assert_true(directory_attribute_add(&entries, attribute, text, strlen(text)));
}

static void add_account(const char *dn, const char *name, const char *principal)
{
    assert_non_null(directory_entries_add(&entries, dn));
    if (name)
        add("sAMAccountName", name);
    if (principal)
        add("userPrincipalName", principal);
}

static void test_forms(void **state)
{
    static const struct {
        const char *text;
        enum account_form form;
        const char *domain;
        const char *name;
    } cases[] = {
        {"svc-ndes", FORM_NAME, "", "svc-ndes"},
        {"gmsa-ndes$", FORM_NAME, "", "gmsa-ndes$"},
        {"NDESTEST\\svc-ndes", FORM_DOMAIN_NAME, "NDESTEST", "svc-ndes"},
        {"example.com\\svc", FORM_DOMAIN_NAME, "example.com", "svc"},
        {"NDESTEST\\a\\b", FORM_DOMAIN_NAME, "NDESTEST", "a\\b"},
        {"svc@example.com", FORM_PRINCIPAL, "", "svc@example.com"},
        {"CN=svc,DC=example,DC=com", FORM_DN, "", "CN=svc,DC=example,DC=com"},
        {"cn=a\\\\b,dc=com", FORM_DN, "", "cn=a\\\\b,dc=com"},
        {"ou=x,DC=com", FORM_DN, "", "ou=x,DC=com"},
        {SID, FORM_SID, "", ""},
        {"SYSTEM2", FORM_NAME, "", "SYSTEM2"},
    };
    struct account_name name;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_null(account_name_parse(cases[i].text, &name));
        assert_int_equal(name.form, cases[i].form);
        assert_string_equal(name.domain, cases[i].domain);
        assert_string_equal(name.name, cases[i].name);
        assert_ptr_equal(name.text, cases[i].text);
    }
    assert_null(account_name_parse(SID, &name));
    assert_int_equal(name.sid.length, 28);
}

static void test_refused(void **state)
{
    static const struct {
        const char *text;
        const char *part;
    } cases[] = {
        {"NetworkService", "is a built-in identity"},
        {"NT AUTHORITY\\NETWORK SERVICE", "is a built-in identity"},
        {"nt authority\\system", "is a built-in identity"},
        {"IIS APPPOOL\\SCEP", "is a built-in identity"},
        {"BUILTIN\\Administrators", "is a built-in identity"},
        {"ApplicationPoolIdentity", "is a built-in identity"},
        {"LocalSystem", "is a built-in identity"},
        {"S-1-5-20", "is a built-in identity: in the directory it is the computer account"},
        {"S-1-5-19", "is a built-in identity without an account"},
        {"S-1-5-82-1-2-3-4-5", "is a built-in identity: in the directory"},
        {"NT AUTHORITY\\LOCAL SERVICE", "is a built-in identity without an account"},
        {"NT SERVICE\\x", "is a built-in identity: in the directory"},
        {"local service", "is a built-in identity"},
        {"S-1-5", "is not a valid SID"},
        {"S-1-5-21-x", "is not a valid SID"},
        {"\\svc", "has no domain name"},
        {"A123456789012345678901234567890123456789012345678901234567890123\\svc",
         "has no domain name"},
        {"NDESTEST\\", "is not a name"},
        {"", "is not a name"},
        {"CN=svc", "is a DN without a domain"},
        {"CN=svc,O=example", "is a DN without a domain"},
        {"@example.com", "is not a name"},
        {"svc@", "is not a name"},
        {"a\nb", "control character"},
        {"a\x7f", "control character"},
    };
    struct account_name name;
    char text[300];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *problem = account_name_parse(cases[i].text, &name);

        assert_non_null(problem);
        if (!strstr(problem, cases[i].part))
            fail_msg("'%s' %s", cases[i].text, problem);
    }
    memset(text, 'a', sizeof text - 1);
    text[256] = '\0';
    assert_string_equal(account_name_parse(text, &name), "is too long for an account name");
    text[255] = '\0';
    assert_null(account_name_parse(text, &name));
    memcpy(text, "CN=", 3);
    text[255] = text[256] = 'a';
    memcpy(text + sizeof text - sizeof ",DC=x", ",DC=x", sizeof ",DC=x");
    assert_null(account_name_parse(text, &name)); /* a DN may be longer */
}

static void assert_filter(const char *text, const char *expected)
{
    struct account_name name;
    struct buffer filter;

    assert_null(account_name_parse(text, &name));
    buffer_init(&filter, 4096);
    account_filter(&name, &filter);
    assert_string_equal(buffer_text(&filter), expected);
    buffer_free(&filter);
}

static void test_filters(void **state)
{
    (void)state;
    assert_filter("svc", "(|(sAMAccountName=svc)(sAMAccountName=svc$))");
    assert_filter("gmsa$", "(|(sAMAccountName=gmsa$))");
    assert_filter("D\\svc", "(|(sAMAccountName=svc)(sAMAccountName=svc$))");
    assert_filter("svc@x.y",
                  "(|(userPrincipalName=svc@x.y)(sAMAccountName=svc)(sAMAccountName=svc$))");
    assert_filter("CN=a\\, b (c)*,DC=x", "(|(distinguishedName=CN=a\\5c, b \\28c\\29\\2a,DC=x))");
    assert_filter("CN=a\\\\,  DC=x,   DC=y", "(|(distinguishedName=CN=a\\5c\\5c,DC=x,DC=y))");
    assert_filter("*)(cn=*", "(|(sAMAccountName=\\2a\\29\\28cn=\\2a)"
                             "(sAMAccountName=\\2a\\29\\28cn=\\2a$))");
    assert_filter("S-1-5-21-1-2-3-1104",
                  "(|(objectSid=\\01\\05\\00\\00\\00\\00\\00\\05\\15\\00\\00\\00\\01\\00\\00\\00"
                  "\\02\\00\\00\\00\\03\\00\\00\\00\\50\\04\\00\\00))");
}

static const struct directory_entry *found[NAMESAKES_SHOWN];

static size_t pick(const char *text)
{
    struct account_name name;

    assert_null(account_name_parse(text, &name));
    return account_pick(&name, &root, &entries, found);
}

static void assert_picks(const char *text, const char *dn)
{
    assert_int_equal(pick(text), 1);
    assert_string_equal(found[0]->dn, dn);
    assert_null(found[1]);
}

static void test_pick(void **state)
{
    struct sid sid;

    (void)state;
    add_account("CN=gmsa,DC=example,DC=com", "svc$", NULL);
    add_account("CN=other,DC=example,DC=com", "svc-other", "svc@other.com");
    assert_int_equal(pick("nobody"), 0);
    assert_null(found[0]);
    add_account("CN=x,DC=example,DC=com", "svcx", NULL); /* found by its SPN, say: no $ */
    assert_picks("svc", "CN=gmsa,DC=example,DC=com");
    assert_picks("SVC$", "CN=gmsa,DC=example,DC=com");
    assert_picks("X\\svc", "CN=gmsa,DC=example,DC=com");
    add_account("CN=svc,DC=example,DC=com", "Svc", NULL);
    assert_picks("svc", "CN=svc,DC=example,DC=com"); /* exactly this name before that with a $ */
    assert_picks("svc$", "CN=gmsa,DC=example,DC=com");
    assert_picks("svc@example.com", "CN=svc,DC=example,DC=com");
    assert_picks("svc@EXAMPLE.COM", "CN=svc,DC=example,DC=com");
    assert_picks("svc@other.com", "CN=other,DC=example,DC=com");
    assert_int_equal(pick("svc@example"), 0);
    assert_int_equal(pick("svc@com"), 0);
    assert_int_equal(pick("svc@x.example.com"), 0);
    assert_int_equal(pick("svc@example.com.x"), 0);
    assert_picks("cn=SVC, dc=example, dc=com", "CN=svc,DC=example,DC=com");
    assert_int_equal(pick("CN=svc,DC=example"), 0);
    assert_true(sid_parse(SID, &sid));
    assert_int_equal(pick(SID), 0);
    assert_true(directory_attribute_add(
        &entries, directory_entry_add(&entries, &entries.entries[3], "objectSid"), sid.bytes,
        sid.length));
    assert_picks(SID, "CN=svc,DC=example,DC=com");
    assert_int_equal(pick("S-1-5-21-1-2-3-1105"), 0);
}

/* A principal name that was given twice, or equals the logon name of another. */
static void test_ambiguous(void **state)
{
    (void)state;
    add_account("CN=a,DC=example,DC=com", "a", "svc@example.com");
    add_account("CN=svc,DC=example,DC=com", "svc", NULL);
    assert_int_equal(pick("svc@example.com"), 2);
    assert_string_equal(found[0]->dn, "CN=a,DC=example,DC=com");
    assert_string_equal(found[1]->dn, "CN=svc,DC=example,DC=com");
    assert_null(found[2]);
    add_account("CN=nameless,DC=example,DC=com", NULL, NULL);
    assert_picks("svc", "CN=svc,DC=example,DC=com");
}

static void test_many_namesakes(void **state)
{
    (void)state;
    add_account("CN=gmsa,DC=example,DC=com", "svc$", NULL);
    add_account("CN=a,DC=example,DC=com", "svc", NULL);
    add_account("CN=b,DC=example,DC=com", "svc", NULL);
    add_account("CN=other,DC=example,DC=com", "other", NULL);
    add_account("CN=c,DC=example,DC=com", "svc", NULL);
    add_account("CN=d,DC=example,DC=com", "svc", NULL);
    assert_int_equal(pick("svc$"), 1);
    assert_string_equal(found[0]->dn, "CN=gmsa,DC=example,DC=com");
    assert_null(found[1]);
    assert_int_equal(pick("svc"), 4);
    assert_string_equal(found[0]->dn, "CN=a,DC=example,DC=com");
    assert_string_equal(found[1]->dn, "CN=b,DC=example,DC=com");
    assert_string_equal(found[2]->dn, "CN=c,DC=example,DC=com");
}

static void test_read(void **state)
{
    struct account account;

    (void)state;
    add_account("CN=svc,DC=example,DC=com", "svc", "svc@example.com");
    add("objectClass", "user");
    add("userAccountControl", "66050");
    add("msDS-User-Account-Control-Computed", "8388624");
    add("msDS-UserPasswordExpiryTimeComputed", "0");
    add("pwdLastSet", "133000000000000000");
    add("accountExpires", "9223372036854775807");
    add("lockoutTime", "132999999990000000");
    add("badPwdCount", "7");
    add("msDS-ManagedPasswordInterval", "20");
    account_read(&entries.entries[0], &account);
    assert_string_equal(account.dn, "CN=svc,DC=example,DC=com");
    assert_string_equal(account.name, "svc");
    assert_string_equal(account.principal, "svc@example.com");
    assert_int_equal(account.kind, ACCOUNT_USER);
    assert_int_equal(account.sid.length, 0);
    assert_true(account.has_control && account.has_computed && account.has_bad_passwords);
    assert_int_equal(account.control, UAC_DISABLED | 0x200 | UAC_PASSWORD_NEVER_EXPIRES);
    assert_int_equal(account.computed, UAC_LOCKED | UAC_PASSWORD_EXPIRED);
    assert_int_equal(account.password_end, FILETIME_ZERO);
    assert_int_equal(account.password_set, FILETIME_SET);
    assert_int_equal(account.password_set_at, 1655526400);
    assert_int_equal(account.end, FILETIME_NEVER);
    assert_int_equal(account.lockout_at, 1655526399);
    assert_int_equal(account.bad_passwords, 7);
    assert_int_equal(account.password_interval, 20);
}

static void test_read_hidden(void **state)
{
    struct account account;

    (void)state;
    add_account("CN=x", NULL, NULL);
    account_read(&entries.entries[0], &account);
    assert_int_equal(account.kind, ACCOUNT_OTHER);
    assert_string_equal(account.name, "");
    assert_false(account.has_control || account.has_computed || account.has_bad_passwords);
    assert_int_equal(account.password_end, FILETIME_ABSENT);
    assert_int_equal(account.password_set, FILETIME_ABSENT);
    assert_int_equal(account.end, FILETIME_ABSENT);
    assert_int_equal(account.lockout, FILETIME_ABSENT);
    assert_int_equal(account.password_interval, 0);
}

/* Flags that are no number of 32 bits are none; the directory writes them with a sign. */
static void test_flags(void **state)
{
    static const struct {
        const char *text;
        bool good;
        uint32_t flags;
    } cases[] = {
        {"many", false, 0},
        {"", false, 0},
        {"4294967296", false, 0},
        {"-2147483649", false, 0},
        {"-2147483648", true, 0x80000000},
        {"4294967295", true, UINT32_MAX},
        {"0", true, 0},
    };
    struct account account;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        add_account("CN=x", "x", NULL);
        add("userAccountControl", cases[i].text);
        add("msDS-User-Account-Control-Computed", cases[i].text);
        account_read(&entries.entries[i], &account);
        assert_int_equal(account.has_control, cases[i].good);
        assert_int_equal(account.has_computed, cases[i].good);
        assert_int_equal(account.control, cases[i].flags);
        assert_int_equal(account.computed, cases[i].flags);
    }
}

/* A gMSA is a computer, and a computer is a user, too. */
static void test_kinds(void **state)
{
    static const char *const classes[] = {"user", "computer", "msDS-GroupManagedServiceAccount"};
    static const enum account_kind kinds[] = {ACCOUNT_USER, ACCOUNT_COMPUTER, ACCOUNT_GMSA};
    struct account account;

    (void)state;
    add_account("CN=x", "x", NULL);
    add("objectClass", "top");
    for (size_t i = 0; i < COUNT_OF(classes); i++) {
        struct directory_attribute *attribute = &entries.entries[0].attributes[1];

        assert_true(directory_attribute_add(&entries, attribute, classes[i], strlen(classes[i])));
        account_read(&entries.entries[0], &account);
        assert_int_equal(account.kind, kinds[i]);
    }
}

static void assert_first(const char *dn, const char *expected)
{
    struct slice first = dn_first(dn);

    assert_int_equal(first.length, strlen(expected));
    assert_memory_equal(first.text, expected, first.length);
}

static void test_dn_first(void **state)
{
    (void)state;
    assert_first("CN=a\\, b,DC=x", "a\\, b");
    assert_first("CN=a", "a");
    assert_first("CN=,DC=x", "");
    assert_first("a,CN=b", "a");
    assert_first("", "");
    assert_first("CN=a\\", "a\\");
}

static void assert_first_name(const char *dn, const char *expected)
{
    char name[16];

    dn_first_name(dn, name, sizeof name);
    assert_string_equal(name, expected);
}

static void test_dn_first_name(void **state)
{
    (void)state;
    assert_first_name("CN=a\\, b,DC=x", "a, b");
    assert_first_name("CN=\\C3\\a4\\2C\\\\\\+\\0,DC=x", "\xc3\xa4,\\+0");
    assert_first_name("CN=a long name of a group", "a long name of ");
    assert_first_name("CN=a\\2", "a2");
    assert_first_name("CN=a\\", "a\\");
    assert_first_name("CN=0123456789abc\\2C", "0123456789abc,");
    assert_first_name("CN=0123456789abcd\\2C", "0123456789abcd,");
    assert_first_name("CN=0123456789abcde\\2C", "0123456789abcde");
    assert_first_name("CN=a\\00b", "a");
    assert_first_name("a,CN=b", "a");
    assert_first_name("", "");
}

static void test_dn_domains(void **state)
{
    (void)state;
    assert_true(dn_is_domain_of("DC=example,DC=com", "Example.COM"));
    assert_true(dn_is_domain_of("DC=example, DC=com", "example.com"));
    assert_false(dn_is_domain_of("DC=example,DC=com", "example"));
    assert_false(dn_is_domain_of("DC=example,DC=com", "com"));
    assert_false(dn_is_domain_of("DC=example,DC=com", "x.example.com"));
    assert_false(dn_is_domain_of("DC=example,DC=com", "example.com.x"));
    assert_false(dn_is_domain_of("DC=example,DC=com", ""));
    assert_false(dn_is_domain_of("", ""));
    assert_false(dn_is_domain_of("DC", "DC"));
}

static void test_dn(void **state)
{
    (void)state;
    assert_true(dn_equal("CN=a,DC=b", "cn=A,  dc=B"));
    assert_true(dn_equal("", ""));
    assert_false(dn_equal("CN=a", "CN=a,DC=b"));
    assert_false(dn_equal("CN=a,DC=b", "CN=a"));
    assert_false(dn_equal("CN=a b", "CN=ab"));
    assert_string_equal(dn_domain("CN=a,DC=b,DC=c"), "DC=b,DC=c");
    assert_string_equal(dn_domain("DC=b,DC=c"), "DC=b,DC=c");
    assert_string_equal(dn_domain("CN=a, DC=b, DC=c"), "DC=b, DC=c");
    assert_string_equal(dn_domain("CN=a\\,DC=x,DC=b"), "DC=b");
    assert_string_equal(dn_domain("DC=zone,CN=dns,DC=b"), "DC=b");
    assert_string_equal(dn_domain("CN=a,O=b"), "");
    assert_string_equal(dn_domain("CN=a,DC=b,O=c"), "");
    assert_string_equal(dn_domain("CN=a\\"), "");
    assert_string_equal(dn_domain(""), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_filters),
        cmocka_unit_test_teardown(test_pick, end),
        cmocka_unit_test_teardown(test_ambiguous, end),
        cmocka_unit_test_teardown(test_many_namesakes, end),
        cmocka_unit_test_teardown(test_read, end),
        cmocka_unit_test_teardown(test_read_hidden, end),
        cmocka_unit_test_teardown(test_flags, end),
        cmocka_unit_test_teardown(test_kinds, end),
        cmocka_unit_test(test_dn),
        cmocka_unit_test(test_dn_first),
        cmocka_unit_test(test_dn_first_name),
        cmocka_unit_test(test_dn_domains),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
