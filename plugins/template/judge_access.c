/* judge_access.c - what the service account may do with a template; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/template/template.h"

#include <string.h>

#include "common/base/text.h"
#include "common/ldap/verdict.h"

static const char *const need_names[NEED_COUNT] = {[NEED_READ] = "Read", [NEED_ENROLL] = "Enroll"};

const char *template_account_label(const struct template_options *options,
                                   const struct template_facts *facts)
{
    enum account_form form = options->account_name.form;

    if ((form == FORM_DN || form == FORM_SID) && facts->account.name[0])
        return facts->account.name;
    return options->account;
}

enum access_outcome template_access_outcome(const struct template_facts *facts,
                                            const struct certificate_template *template,
                                            enum need need, struct access_decision *decision)
{
    const struct token *token = &facts->account.token.token;
    const struct guid *object = need == NEED_ENROLL ? &GUID_ENROLL : NULL;
    uint32_t right = need == NEED_ENROLL ? RIGHT_CR : RIGHT_RP;
    bool sure;

    access_decide(&template->descriptor, token, right, object, object != NULL, decision);
    sure = access_is_sure(&template->descriptor, token, right, object, object != NULL, decision);
    if (decision->verdict == ACCESS_CONDITIONAL)
        return OUTCOME_CONDITIONAL;
    if (decision->verdict == ACCESS_GRANTED)
        return sure ? OUTCOME_GRANTED : OUTCOME_LIKELY;
    return sure ? OUTCOME_LACKING : OUTCOME_UNSURE;
}

static bool has_access_facts(const struct template_facts *facts,
                             const struct certificate_template *template)
{
    return facts->account.visibility == ACCOUNT_FOUND && template->has_descriptor &&
           !template->descriptor_problem;
}

const char *template_trustee_known(const struct template_options *options,
                                   const struct template_facts *facts, const struct sid *sid,
                                   char *target, size_t size)
{
    bool same_domain =
        sid_same_domain(sid, &facts->account.sid) && options->account_name.form == FORM_DOMAIN_NAME;
    const char *domain = same_domain ? options->account_name.domain : "";
    const char *name = sid_name(sid);

    for (size_t i = 0; i < facts->trustee_count; i++)
        if (sid_equal(sid, &facts->trustees[i].sid))
            name = facts->trustees[i].name;
    if (sid_equal(sid, &facts->account.sid))
        name = template_account_label(options, facts);
    if (!name)
        return NULL;
    if (strchr(name, '\\') || strchr(name, '@'))
        domain = "";
    text_format(target, size, "%s%s%s", domain, *domain ? "\\" : "", name);
    return target;
}

void template_trustee_text(const struct template_options *options,
                           const struct template_facts *facts, const struct sid *sid, char *target,
                           size_t size)
{
    if (!template_trustee_known(options, facts, sid, target, size))
        sid_text(sid, target, size);
}

/* "Enroll (denied by ACE 2 of 9 to NDESTEST\Domain Guests)" */
static void add_reason(const struct template_options *options, const struct template_facts *facts,
                       const struct descriptor *descriptor, enum need need,
                       const struct access_decision *decision, struct buffer *line)
{
    char name[300];

    buffer_addf(line, "%s%s (", line->length ? " and " : "", need_names[need]);
    switch (decision->reason) {
    case ACCESS_BY_ACE:
        template_trustee_text(options, facts, &descriptor->aces[decision->ace].trustee, name,
                              sizeof name);
        buffer_addf(line, "%s by ACE %zu of %zu to %s",
                    decision->verdict == ACCESS_CONDITIONAL ? "conditional" : "denied",
                    decision->ace + 1, descriptor->ace_count, name);
        break;
    case ACCESS_BY_EMPTY_DACL:
        buffer_add_text(line, "the access control list is empty");
        break;
    default:
        buffer_addf(line, "no ACE of %zu grants it", descriptor->ace_count);
    }
    buffer_add_char(line, ')');
}

/* Reports the rights that came out in this way, both in one finding. */
static void judge_outcome(const struct template_options *options,
                          const struct template_facts *facts,
                          const struct certificate_template *template, enum access_outcome outcome,
                          struct report *report)
{
    const char *account = template_account_label(options, facts);
    struct access_decision decision;
    struct buffer rights;

    buffer_init(&rights, 1024);
    for (int need = 0; need < NEED_COUNT; need++)
        if (template_access_outcome(facts, template, (enum need)need, &decision) == outcome)
            add_reason(options, facts, &template->descriptor, (enum need)need, &decision, &rights);
    if (rights.length && outcome == OUTCOME_LACKING)
        report_find(report, NDES_TMPL_NOENROLL, "template %s: %s lacks %s", template->cn, account,
                    buffer_text(&rights));
    else if (rights.length && outcome == OUTCOME_UNSURE)
        report_find(report, NDES_LDAP_HIDDEN,
                    "template %s: not all groups of %s are visible, and by those that are it lacks "
                    "%s" DETAIL ": the monitoring account needs to read its tokenGroups",
                    template->cn, account, buffer_text(&rights));
    else if (rights.length)
        report_find(report, NDES_LDAP_DESCRIPTOR,
                    "template %s: it is not certain whether %s has %s", template->cn, account,
                    buffer_text(&rights));
    buffer_free(&rights);
}

/* The whole of the decision, with where it comes from. */
static void note_outcome(const struct template_options *options, const struct template_facts *facts,
                         const struct certificate_template *template, enum need need,
                         struct report *report)
{
    const struct descriptor *descriptor = &template->descriptor;
    struct access_decision decision;
    enum access_outcome outcome = template_access_outcome(facts, template, need, &decision);
    bool granted = outcome <= OUTCOME_LIKELY;
    const struct sid *trustee =
        decision.reason == ACCESS_BY_ACE ? &descriptor->aces[decision.ace].trustee : NULL;
    struct buffer line;
    char name[300];

    buffer_init(&line, 1024);
    access_explain(
        descriptor, &decision,
        trustee ? template_trustee_known(options, facts, trustee, name, sizeof name) : NULL, &line);
    if (trustee && !sid_equal(trustee, &facts->account.sid))
        buffer_add_text(&line, ", a group of the account");
    if (outcome == OUTCOME_LIKELY)
        buffer_add_text(&line, "; a group that is not visible may be denied it");
    if (granted)
        report_note(report, 1, "[OK] %s may %s %s: %s", template_account_label(options, facts),
                    need == NEED_READ ? "read" : "enrol on", template->cn, buffer_text(&line));
    else
        report_note(report, 1, "%s of %s on %s: %s", need_names[need],
                    template_account_label(options, facts), template->cn, buffer_text(&line));
    buffer_free(&line);
}

void template_judge_access(const struct template_options *options,
                           const struct template_facts *facts,
                           const struct certificate_template *template, struct report *report)
{
    if (!template->has_descriptor) {
        report_find(report, NDES_LDAP_HIDDEN,
                    "the permissions of template %s are not visible" DETAIL
                    ": the monitoring account needs Read permissions (RC) on it",
                    template->cn);
        return;
    }
    if (template->descriptor_problem) {
        report_find(report, NDES_LDAP_DESCRIPTOR, "the descriptor of template %s: %s", template->cn,
                    template->descriptor_problem);
        return;
    }
    if (!has_access_facts(facts, template))
        return;
    for (int outcome = OUTCOME_LACKING; outcome <= OUTCOME_CONDITIONAL; outcome++)
        judge_outcome(options, facts, template, (enum access_outcome)outcome, report);
    for (int need = 0; need < NEED_COUNT; need++)
        note_outcome(options, facts, template, (enum need)need, report);
}

static void judge_namesakes(const char *account, const struct enrollee_facts *about,
                            struct report *report)
{
    struct buffer list;

    buffer_init(&list, 2048);
    for (size_t i = 0; i < about->count && i < NAMESAKES_SHOWN; i++)
        buffer_addf(&list, "%s%s", i ? "; " : "", about->namesakes[i]);
    report_find(report, NDES_ACCT_AMBIGUOUS, "%s: %zu accounts have this name" DETAIL ": %s",
                account, about->count, buffer_text(&list));
    buffer_free(&list);
}

/* Without an account there is no access to judge. */
void template_judge_account(const struct template_options *options,
                            const struct template_facts *facts, struct report *report)
{
    const struct enrollee_facts *about = &facts->account;
    const char *account = options->account;
    bool by_name = options->account_name.form == FORM_DOMAIN_NAME;
    char text[480];

    switch (about->visibility) {
    case ACCOUNT_NOT_LOOKED_FOR:
        if (!problem_is_fatal(about->problem.kind))
            directory_judge_problem(report, "account", &about->problem);
        break;
    case ACCOUNT_NO_DOMAIN:
        report_find_as(report, STATE_UNKNOWN, NDES_ACCT_MISSING,
                       "%s: the forest has no domain %s" DETAIL
                       "; accounts of a trusted forest cannot be checked here",
                       account, options->account_name.domain);
        break;
    case ACCOUNT_ELSEWHERE:
        report_find(report, NDES_LDAP_REFERRAL,
                    "%s belongs to domain %s, which this domain controller does not serve" DETAIL
                    ": ask one that does, with %s%s",
                    account, about->dns, by_name ? "--domain " : "-H or --domain",
                    by_name ? about->dns : "");
        break;
    case ACCOUNT_UNCLEAR:
        report_find(report, NDES_LDAP_REFERRAL,
                    "%s: not in %s" DETAIL
                    ": it belongs to another domain (%s), or does not exist; if it does exist, ask "
                    "a domain controller of its domain with -H or --domain",
                    account, about->base, about->dns);
        break;
    case ACCOUNT_MISSING:
        report_find(report, NDES_ACCT_MISSING, "no account %s in %s", account, about->base);
        break;
    case ACCOUNT_AMBIGUOUS:
        judge_namesakes(account, about, report);
        break;
    case ACCOUNT_HIDDEN:
        report_find(report, NDES_LDAP_HIDDEN,
                    "the SID of %s is not visible" DETAIL
                    ": the monitoring account needs to read its objectSid",
                    account);
        break;
    case ACCOUNT_FOUND:
        directory_problem_text(&about->token_problem, text, sizeof text);
        if (about->token_problem.kind != PROBLEM_NONE)
            report_note(report, 1, "groups of %s: %s", account, text);
        else if (about->token.hidden)
            report_note(report, 1,
                        "tokenGroups of %s is not visible: groups were found by membership, which "
                        "misses those of other domains",
                        account);
        break;
    }
}
