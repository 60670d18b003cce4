/* account_facts.c - the facts that the tests of check_ndes_account start from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "account_facts.h"
#include "common/base/text.h"
#include "judging.h"

struct account_options options;
struct account_facts facts;

void set_account(const char *account)
{
    options.account = account;
    assert_null(account_name_parse(account, &options.name));
}

void add_group(struct account_token *groups, const char *text)
{
    struct sid sid;

    assert_true(sid_parse(text, &sid));
    assert_true(token_add(&groups->token, &sid));
}

int start_healthy(void **state)
{
    options = (struct account_options){0};
    set_standards(account_options_groups, &options);
    set_account(NAME);
    facts = (struct account_facts){
        .server = "dc1.example.com port 389",
        .now = NOW,
        .domain = DOMAIN,
        .name = NAME,
        .searched = true,
        .count = 1,
        .account = {.dn = "CN=svc-ndes,OU=NDES," DOMAIN,
                    .name = "svc-ndes",
                    .kind = ACCOUNT_USER,
                    .has_control = true,
                    .control = 0x200,
                    .has_computed = true,
                    .password_end = FILETIME_SET,
                    .password_end_at = NOW + 41 * DAY,
                    .password_set = FILETIME_SET,
                    .password_set_at = NOW - DAY,
                    .end = FILETIME_NEVER,
                    .lockout = FILETIME_ZERO,
                    .has_bad_passwords = true},
        .groups = {.source = GROUPS_BY_TOKEN},
        .statistics = {.server = "dc1.example.com port 389", .searches = 4, .seconds = 0.25},
    };
    assert_true(sid_parse(DOMAIN_SID "1104", &facts.account.sid));
    token_init(&facts.groups.token);
    token_init(&facts.host.groups.token);
    add_group(&facts.groups, DOMAIN_SID "1104");
    add_group(&facts.groups, DOMAIN_SID "513");
    add_group(&facts.groups, "S-1-5-32-545");
    return start_report(state);
}

int end_healthy(void **state)
{
    account_facts_free(&facts);
    return end_report(state);
}

void make_computer(void)
{
    struct account *account = &facts.account;

    account->kind = ACCOUNT_COMPUTER;
    account->control = 0x1000;
    account->password_end = FILETIME_NEVER;
    account->password_set_at = NOW - 10 * DAY;
}

void make_gmsa(void)
{
    make_computer();
    facts.account.kind = ACCOUNT_GMSA;
    facts.account.password_interval = 30;
}

void judge_anew(void)
{
    restart_report();
    account_judge(&options, &facts, &judged);
}
