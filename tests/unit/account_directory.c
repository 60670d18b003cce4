/* account_directory.c - see account_directory.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "account_directory.h"
#include "common/base/text.h"

/* Owner SYSTEM; one ACE that allows RP to S-1-5-21-1-2-3-2001: 20 + 12 + 8 + 36 bytes. */
static const unsigned char membership[] = {
    1, 0, 4,  0x80, 20, 0, 0, 0, 0,  0, 0, 0, 0,    0, 0, 0, 32, 0, 0, 0, /* header */
    1, 1, 0,  0,    0,  0, 0, 5, 18, 0, 0, 0,                             /* owner */
    2, 0, 44, 0,    1,  0, 0, 0,                                          /* ACL */
    0, 0, 36, 0,    16, 0, 0, 0, 1,  5, 0, 0, 0,    0, 0, 5, 21, 0, 0, 0, /* ACE */
    1, 0, 0,  0,    2,  0, 0, 0, 3,  0, 0, 0, 0xd1, 7, 0, 0,
};

static void add_class(const char *class)
{
    server_value("objectClass", "user");
    if (!text_equal(class, "user"))
        server_value("objectClass", "computer");
    if (text_equal(class, "msDS-GroupManagedServiceAccount"))
        server_value("objectClass", class);
}

void add_account(const char *dn, const char *class, const char *name, const char *sid)
{
    server_object(dn);
    add_class(class);
    server_value("sAMAccountName", name);
    server_sid("objectSid", sid);
    server_value("primaryGroupID", "513");
    server_value("userAccountControl", text_equal(class, "user") ? "512" : "4096");
    server_value("msDS-User-Account-Control-Computed", "0");
    server_value("msDS-UserPasswordExpiryTimeComputed", "9223372036854775807");
    server_value("pwdLastSet", "134398656000000000"); /* the day before */
    server_value("accountExpires", "0");
    server_value("badPwdCount", "0");
    server_sid("tokenGroups", DOMAIN_SID "513");
}

void add_membership(size_t length)
{
    assert_int_equal(sizeof membership, MEMBERSHIP_LENGTH);
    server_bytes("msDS-GroupMSAMembership", membership, length);
}

static void fill_directory(void)
{
    server_object(DOMAIN);
    server_sid("objectSid", "S-1-5-21-1-2-3");
    server_object("CN=NDESTEST,CN=Partitions,CN=Configuration," DOMAIN);
    server_value("nETBIOSName", "NDESTEST");
    server_value("nCName", DOMAIN);
    server_value("dnsRoot", "example.com");
    server_object("CN=CHILD,CN=Partitions,CN=Configuration," DOMAIN);
    server_value("nETBIOSName", "CHILD");
    server_value("nCName", "DC=child," DOMAIN);
    server_value("dnsRoot", "child.example.com");
    add_account(GMSA, "msDS-GroupManagedServiceAccount", "gmsa-ndes$", DOMAIN_SID "1105");
    add_membership(MEMBERSHIP_LENGTH);
    server_value("msDS-ManagedPasswordInterval", "30");
    add_account(HOST, "computer", "NDES01$", DOMAIN_SID "2001");
    server_value("dNSHostName", "ndes01.example.com");
    server_value("servicePrincipalName", "HOST/ndes01");
    server_value("servicePrincipalName", "HOST/ndes01.example.com");
    add_account(SVC, "user", "svc-ndes", DOMAIN_SID "1104");
    server_value("servicePrincipalName", "HTTP/ndes.example.com");
}

int start_directory(void **state)
{
    start_healthy(state);
    account_facts_free(&facts);
    server_start();
    fill_directory();
    return 0;
}

int end_directory(void **state)
{
    server_end();
    return end_healthy(state);
}

void ask_after(int searches)
{
    account_facts_free(&facts);
    server_search_count = 0;
    server_cost.searches = 1 + searches;
    facts = (struct account_facts){0};
    account_collect(&options, NULL, NULL, &facts);
}

void ask(void)
{
    ask_after(0);
}

void give_spns(const char *first, const char *second)
{
    options.spns = (struct text_list){{first, second}, second ? 2 : 1};
}
