/* wanted_facts.c - the facts that the tests of check_ndes_template start from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "common/base/text.h"
#include "judging.h"
#include "template_facts.h"

#define READ_ALL (RIGHT_LC | RIGHT_RP | RIGHT_LO | RIGHT_RC)

struct template_options options;
struct template_facts facts;

struct sid sid_of(const char *text)
{
    struct sid sid;

    assert_true(sid_parse(text, &sid));
    return sid;
}

static void add_ace_to(struct descriptor *descriptor, struct ace ace)
{
    size_t size = (descriptor->ace_count + 1) * sizeof ace;

    descriptor->aces = realloc(descriptor->aces, size);
    assert_non_null(descriptor->aces);
    descriptor->aces[descriptor->ace_count++] = ace;
}

static struct ace ace_of(enum ace_type type, uint32_t mask, const struct guid *object,
                         const char *sid)
{
    struct ace ace = {
        .type = (uint8_t)type, .mask = mask, .has_object = object != NULL, .trustee = sid_of(sid)};

    if (object)
        ace.object = *object;
    return ace;
}

struct ace *add_ace(enum ace_type type, uint32_t mask, const struct guid *object, const char *sid)
{
    struct descriptor *descriptor = &the_template()->descriptor;

    add_ace_to(descriptor, ace_of(type, mask, object, sid));
    return &descriptor->aces[descriptor->ace_count - 1];
}

void clear_aces(void)
{
    the_template()->descriptor.ace_count = 0;
}

struct certificate_template *the_template(void)
{
    return &facts.templates[0].template;
}

static struct certificate_template template_of(const char *name)
{
    struct certificate_template template = {
        .has_schema = true,
        .schema = 4,
        .has_revision = true,
        .revision = 100,
        .has_minor = true,
        .minor = 7,
        .has_name_flags = true,
        .name_flags = TEMPLATE_ENROLLEE_SUPPLIES_SUBJECT,
        .has_enrollment_flags = true,
        .has_key_usage = true,
        .key_usage = TEMPLATE_DIGITAL_SIGNATURE | TEMPLATE_KEY_ENCIPHERMENT,
        .has_signatures = true,
        .has_key_bits = true,
        .key_bits = 2048,
        .has_validity = true,
        .validity = 365 * DAY,
        .ekus = {"1.3.6.1.5.5.7.3.2"},
        .eku_count = 1,
        .has_descriptor = true,
        .descriptor = {.owner = sid_of(DOMAIN_SID "-519"), .dacl = DACL_PRESENT},
    };

    text_copy(template.cn, sizeof template.cn, name);
    text_copy(template.display_name, sizeof template.display_name, "NDES Device");
    add_ace_to(&template.descriptor,
               ace_of(ACE_ALLOWED_OBJECT, RIGHT_RP | RIGHT_WP | RIGHT_CR, &GUID_ENROLL, GROUP_SID));
    add_ace_to(&template.descriptor,
               ace_of(ACE_ALLOWED, access_map_generic(RIGHT_GA), NULL, DOMAIN_SID "-519"));
    add_ace_to(&template.descriptor, ace_of(ACE_ALLOWED, READ_ALL, NULL, "S-1-5-11"));
    return template;
}

size_t add_template(const char *name)
{
    size_t index = options.wanted_count++;

    options.wanted[index] = (struct wanted_template){.name = name};
    facts.templates[index] = (struct wanted_facts){.found = true, .template = template_of(name)};
    for (size_t i = 0; i < facts.ca_count; i++)
        facts.cas[i].publishes[index] = true;
    return index;
}

struct ca_facts *add_ca(const char *name, int64_t days_left)
{
    struct ca_facts *ca = &facts.cas[facts.ca_count++];

    *ca = (struct ca_facts){
        .shown = true,
        .published = 3,
        .certificate_count = 1,
        .has_certificate = true,
        .newest = {.not_before = NOW - 1000 * DAY, .not_after = NOW + days_left * DAY},
        .in_ntauth = true,
    };
    text_copy(ca->name, sizeof ca->name, name);
    for (size_t i = 0; i < options.wanted_count; i++)
        ca->publishes[i] = true;
    return ca;
}

static void add_account(void)
{
    static const char *const sids[] = {ACCOUNT_SID, GROUP_SID, DOMAIN_SID "-513", "S-1-1-0",
                                       "S-1-5-11"};
    struct enrollee_facts *account = &facts.account;

    account->visibility = ACCOUNT_FOUND;
    account->sid = sid_of(ACCOUNT_SID);
    text_copy(account->name, sizeof account->name, "svc-ndes");
    text_copy(account->base, sizeof account->base, "DC=ndes,DC=test");
    token_init(&account->token.token);
    for (size_t i = 0; i < COUNT_OF(sids); i++) {
        struct sid sid = sid_of(sids[i]);

        assert_true(token_add(&account->token.token, &sid));
    }
}

int start_healthy(void **state)
{
    options = (struct template_options){.account = "NDESTEST\\svc-ndes"};
    set_standards(template_options_groups, &options);
    assert_null(account_name_parse(options.account, &options.account_name));
    facts = (struct template_facts){
        .now = NOW,
        .looked = true,
        .ntauth_found = true,
        .ntauth_shown = true,
        .trustees = {{.sid = sid_of(GROUP_SID), .name = "NDESTEST\\ndes-enroll"}},
        .trustee_count = 1,
        .statistics = {.seconds = 0.25, .searches = 5, .connections = 1}};
    add_template("NDESDevice");
    add_ca("LAB Issuing CA", 1200);
    add_account();
    return start_report(state);
}

int end_healthy(void **state)
{
    template_facts_free(&facts);
    return end_report(state);
}

void judge_anew(void)
{
    restart_report();
    template_judge(&options, &facts, &judged);
}
