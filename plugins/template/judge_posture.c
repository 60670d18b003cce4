/* judge_posture.c - what attackers could do with a template; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/template/template.h"

#include "common/base/text.h"

#define EKU_SERVER_AUTHENTICATION "1.3.6.1.5.5.7.3.1"

static bool has_rid(const struct sid *sid, const uint32_t *rids, size_t count)
{
    uint32_t rid;

    if (!sid_is_domain(sid) || !sid_rid(sid, &rid))
        return false;
    for (size_t i = 0; i < count; i++)
        if (rid == rids[i])
            return true;
    return false;
}

static bool is_known(const struct sid *sid, const enum known_sid *known, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (sid_equal(sid, sid_known(known[i])))
            return true;
    return false;
}

/* Everybody, or nearly. */
static bool is_broad(const struct sid *sid)
{
    static const enum known_sid known[] = {SID_EVERYONE, SID_ANONYMOUS, SID_AUTHENTICATED_USERS,
                                           SID_BUILTIN_USERS};
    static const uint32_t rids[] = {RID_DOMAIN_USERS, RID_DOMAIN_GUESTS, RID_DOMAIN_COMPUTERS};

    return is_known(sid, known, COUNT_OF(known)) || has_rid(sid, rids, COUNT_OF(rids));
}

/* Who may change templates as a matter of course. The owner of an object has a rule of its own. */
static bool is_administrator(const struct sid *sid)
{
    static const enum known_sid known[] = {SID_SYSTEM,        SID_ENTERPRISE_DOMAIN_CONTROLLERS,
                                           SID_SELF,          SID_BUILTIN_ADMINISTRATORS,
                                           SID_CREATOR_OWNER, SID_OWNER_RIGHTS};
    static const uint32_t rids[] = {RID_ENTERPRISE_READ_ONLY_CONTROLLERS,
                                    RID_ADMINISTRATOR,
                                    RID_DOMAIN_ADMINS,
                                    RID_DOMAIN_CONTROLLERS,
                                    RID_CERT_PUBLISHERS,
                                    RID_ENTERPRISE_ADMINS,
                                    RID_READ_ONLY_CONTROLLERS,
                                    RID_KEY_ADMINS,
                                    RID_ENTERPRISE_KEY_ADMINS};

    return is_known(sid, known, COUNT_OF(known)) || has_rid(sid, rids, COUNT_OF(rids));
}

/* A member of the group who is nothing else; or the account. */
static void make_token(const struct sid *sid, struct token *token)
{
    token_init(token);
    token_add(token, sid);
    if (sid_equal(sid, sid_known(SID_ANONYMOUS)))
        return;
    token_add(token, sid_known(SID_EVERYONE));
    token_add(token, sid_known(SID_AUTHENTICATED_USERS));
    if (has_rid(sid, (const uint32_t[]){RID_DOMAIN_USERS}, 1))
        token_add(token, sid_known(SID_BUILTIN_USERS));
}

static bool may_enroll_by(const struct descriptor *descriptor, size_t ace)
{
    const struct sid *trustee = &descriptor->aces[ace].trustee;
    struct access_decision decision;
    struct token token;

    make_token(trustee, &token);
    access_decide(descriptor, &token, RIGHT_CR, &GUID_ENROLL, 1, &decision);
    token_free(&token);
    return decision.verdict == ACCESS_GRANTED && decision.reason == ACCESS_BY_ACE &&
           decision.ace == ace;
}

/* The broad groups that an ACE of their own lets enrol. */
static void add_broad(const struct template_options *options, const struct template_facts *facts,
                      const struct descriptor *descriptor, struct buffer *names)
{
    char name[300];

    if (descriptor->dacl != DACL_PRESENT)
        buffer_add_text(names, "everybody (there is no access control list)");
    for (size_t i = 0; i < descriptor->ace_count; i++) {
        const struct sid *trustee = &descriptor->aces[i].trustee;

        if (!is_broad(trustee) || !may_enroll_by(descriptor, i))
            continue;
        template_trustee_text(options, facts, trustee, name, sizeof name);
        buffer_addf(names, "%s%s", names->length ? ", " : "", name);
    }
}

/* Nobody has to agree to a request. Version 1 knows no approval; what later ones hide is not known,
 * which template_judge_settings() reports. */
static bool issues_at_once(const struct certificate_template *template)
{
    return !(template->enrollment_flags & TEMPLATE_PEND_ALL_REQUESTS) &&
           template->signatures <= 0 &&
           (template->schema <= 1 || (template->has_enrollment_flags && template->has_signatures));
}

static void judge_broad(const struct template_options *options, const struct template_facts *facts,
                        const struct certificate_template *template, struct report *report)
{
    struct buffer names;

    if (!(template->name_flags & TEMPLATE_ENROLLEE_SUPPLIES_SUBJECT) || !issues_at_once(template) ||
        !template_allows_logon(template))
        return;
    buffer_init(&names, 1024);
    add_broad(options, facts, &template->descriptor, &names);
    if (names.length)
        report_find(
            report, NDES_TMPL_BROAD,
            "%s may enrol on template %s" DETAIL
            ", which takes the subject from the request and allows logon: a certificate for anyone",
            buffer_text(&names), template->cn);
    buffer_free(&names);
}

/* The schemaIDGUIDs of the attributes that make a template dangerous. */
static size_t critical_attributes(struct guid *guids, size_t maximum)
{
    static const char *const texts[] = {
        "ea1dddc4-60ff-416e-8cc0-17cee534bce7", /* msPKI-Certificate-Name-Flag */
        "d15ef7d8-f226-46db-ae79-b34e560bd12c", /* msPKI-Enrollment-Flag */
        "fe17e04b-937d-4f7e-8e0e-9292c8d5683e", /* msPKI-RA-Signature */
        "3c91fbbf-4773-4ccd-a87b-85d53e7bcf6a", /* msPKI-RA-Application-Policies */
        "18976af6-3b9e-11d2-90cc-00c04fd91ab1", /* pKIExtendedKeyUsage */
        "dbd90548-aa37-4202-9966-8c537ba5ce32", /* msPKI-Certificate-Application-Policy */
    };
    size_t count = 0;

    for (size_t i = 0; i < COUNT_OF(texts) && count < maximum; i++)
        count += guid_parse(texts[i], &guids[count]);
    return count;
}

/* Which of WP, WD and WO the token has; `object` is an attribute for WP, or NULL for all of them.
 */
static uint32_t rights_to_change(const struct descriptor *descriptor, const struct token *token,
                                 const struct guid *object)
{
    static const uint32_t rights[] = {RIGHT_WP, RIGHT_WD, RIGHT_WO};
    uint32_t granted = 0;

    for (size_t i = 0; i < COUNT_OF(rights); i++)
        if ((!object || rights[i] == RIGHT_WP) &&
            access_granted(descriptor, token, rights[i], object, object != NULL))
            granted |= rights[i];
    return granted;
}

/* What the ACE itself gives of them, as far as nothing takes it away. */
static uint32_t rights_by_ace(const struct descriptor *descriptor, const struct ace *ace)
{
    struct guid critical[8];
    size_t count = critical_attributes(critical, COUNT_OF(critical));
    const struct guid *object = NULL;
    struct token token;
    uint32_t granted;

    if (!ace_allows(ace) || ace->flags & ACE_INHERIT_ONLY)
        return 0;
    for (size_t i = 0; i < count && ace->has_object; i++)
        if (guid_equal(&ace->object, &critical[i]))
            object = &critical[i];
    if (ace->has_object && !object)
        return 0;
    make_token(&ace->trustee, &token);
    granted = rights_to_change(descriptor, &token, object);
    token_free(&token);
    return granted & access_map_generic(ace->mask);
}

static void add_writer(const struct writer *writer, struct writer writers[WRITERS_MAXIMUM],
                       size_t *count, size_t *dropped)
{
    for (size_t i = 0; i < *count; i++)
        if (sid_equal(&writers[i].sid, &writer->sid))
            return;
    if (*count < WRITERS_MAXIMUM)
        writers[(*count)++] = *writer;
    else
        ++*dropped;
}

size_t template_find_writers(const struct descriptor *descriptor,
                             struct writer writers[WRITERS_MAXIMUM], size_t *dropped)
{
    struct writer writer = {.sid = descriptor->owner, .owner = true};
    struct token token;
    size_t count = 0;

    *dropped = 0;
    make_token(&writer.sid, &token);
    if (writer.sid.length && !is_administrator(&writer.sid)) {
        writer.rights = rights_to_change(descriptor, &token, NULL);
        if (writer.rights)
            add_writer(&writer, writers, &count, dropped);
    }
    token_free(&token);
    for (size_t i = 0; i < descriptor->ace_count; i++) {
        const struct ace *ace = &descriptor->aces[i];

        writer = (struct writer){.sid = ace->trustee, .ace = i};
        if (is_administrator(&ace->trustee))
            continue;
        writer.rights = rights_by_ace(descriptor, ace);
        if (writer.rights)
            add_writer(&writer, writers, &count, dropped);
    }
    return count;
}

/* "NDESTEST\helpdesk (WPWD by ACE 4 of 9)" */
static void add_writer_text(const struct template_options *options,
                            const struct template_facts *facts, const struct descriptor *descriptor,
                            const struct writer *writer, struct buffer *names)
{
    char name[300];

    template_trustee_text(options, facts, &writer->sid, name, sizeof name);
    buffer_addf(names, "%s%s (", names->length ? ", " : "", name);
    if (writer->owner) {
        buffer_add_text(names, "its owner)");
        return;
    }
    access_add_rights(names, writer->rights);
    buffer_addf(names, " by ACE %zu of %zu)", writer->ace + 1, descriptor->ace_count);
}

/* By adminCount, which is set for members of the groups of administrators, and is not taken back.
 */
static bool is_marked_administrator(const struct template_facts *facts, const struct sid *sid)
{
    for (size_t i = 0; i < facts->trustee_count; i++)
        if (sid_equal(sid, &facts->trustees[i].sid))
            return facts->trustees[i].administrator;
    return false;
}

static void judge_writable(const struct template_options *options,
                           const struct template_facts *facts,
                           const struct certificate_template *template, struct report *report)
{
    enum { SHOWN = 3 };
    const struct descriptor *descriptor = &template->descriptor;
    struct writer writers[WRITERS_MAXIMUM];
    size_t more; /* that are not told by name */
    size_t count = template_find_writers(descriptor, writers, &more);
    struct buffer names;
    struct buffer administrators;
    size_t shown = 0;

    if (descriptor->dacl != DACL_PRESENT) {
        report_find(report, NDES_TMPL_WRITABLE,
                    "everybody may change template %s: there is no access control list",
                    template->cn);
        return;
    }
    buffer_init(&names, 4096);
    buffer_init(&administrators, 4096);
    for (size_t i = 0; i < count; i++) {
        if (is_marked_administrator(facts, &writers[i].sid))
            add_writer_text(options, facts, descriptor, &writers[i], &administrators);
        else if (shown++ < SHOWN)
            add_writer_text(options, facts, descriptor, &writers[i], &names);
        else
            more++;
    }
    if (more)
        buffer_addf(&names, "%s%zu more", shown ? " and " : "", more);
    if (names.length)
        report_find(report, NDES_TMPL_WRITABLE, "template %s may be changed by %s", template->cn,
                    buffer_text(&names));
    if (administrators.length)
        report_note(report, 1,
                    "template %s may be changed by %s, which adminCount marks as administrators",
                    template->cn, buffer_text(&administrators));
    buffer_free(&administrators);
    buffer_free(&names);
}

/* What depends on the purposes of certificates. */
static void judge_purposes(const struct certificate_template *template, struct report *report)
{
    bool any_subject = template->name_flags & TEMPLATE_ENROLLEE_SUPPLIES_SUBJECT;
    bool no_sid = template->enrollment_flags & TEMPLATE_NO_SECURITY_EXTENSION;

    if (no_sid && template_allows_logon(template))
        report_find(
            report, NDES_TMPL_NOSID,
            "template %s allows logon and leaves out the security extension with the SID" DETAIL
            " (flag 0x80000)",
            template->cn);
    if (any_subject && template_has_eku(template, EKU_SERVER_AUTHENTICATION))
        report_find(report, NDES_TMPL_SERVERAUTH,
                    "template %s issues certificates for Server Authentication with any subject",
                    template->cn);
    else if (any_subject && template_allows_everything(template))
        report_find(report, NDES_TMPL_SERVERAUTH,
                    "template %s issues certificates for every purpose, including Server "
                    "Authentication, with any subject",
                    template->cn);
    else if ((any_subject || no_sid) && template->ekus_hidden)
        report_find(report, NDES_LDAP_HIDDEN,
                    "pKIExtendedKeyUsage or msPKI-Certificate-Application-Policy of template %s is "
                    "not visible, or it has none" DETAIL
                    ": the monitoring account needs Read on it",
                    template->cn);
}

void template_judge_posture(const struct template_options *options,
                            const struct template_facts *facts,
                            const struct certificate_template *template, struct report *report)
{
    if (template->has_descriptor && !template->descriptor_problem) {
        judge_broad(options, facts, template, report);
        judge_writable(options, facts, template, report);
    }
    if (template->has_schema && template->schema <= 1)
        report_find(report, NDES_TMPL_V1,
                    "template %s has schema version 1" DETAIL
                    ": a request may choose its own application policies unless the CA is patched",
                    template->cn);
    judge_purposes(template, report);
}
