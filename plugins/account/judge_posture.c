/* judge_posture.c - judges what is dangerous about the account, not broken; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/account/account.h"

#include "common/base/text.h"

/* Computers often have PASSWD_NOTREQD, from when their account was made ahead of them. */
static void judge_flags(const struct account_facts *facts, struct report *report)
{
    const struct account *account = &facts->account;
    bool controller = account->control & UAC_DOMAIN_CONTROLLER;
    const struct {
        uint32_t flag;
        bool applies;
        const char *text;
    } flags[] = {
        {UAC_PASSWORD_NOT_REQUIRED, !account_renews_itself(account),
         "it may have an empty password (PASSWD_NOTREQD)"},
        {UAC_DES_ONLY, true, "Kerberos may use only DES for it (USE_DES_KEY_ONLY)"},
        {UAC_TRUSTED_FOR_DELEGATION, !controller,
         "it may act as any user that signs in to it (TRUSTED_FOR_DELEGATION, unconstrained)"},
        {UAC_NO_PREAUTHENTICATION, true,
         "anybody can try passwords for it offline (DONT_REQ_PREAUTH)"},
    };
    size_t found = 0;

    if (!account->has_control)
        return;
    for (size_t i = 0; i < COUNT_OF(flags); i++) {
        if (!flags[i].applies || !(account->control & flags[i].flag))
            continue;
        report_find(report, NDES_ACCT_FLAGS, "%s: %s", facts->name, flags[i].text);
        found++;
    }
    if (!found)
        report_note(report, 1, "[OK] no dangerous flag in userAccountControl (0x%x)",
                    (unsigned)account->control);
}

static bool is_privileged(const struct sid *sid)
{
    struct sid domain;
    struct sid group;

    sid_domain(sid, &domain);
    for (size_t i = 0; account_admin_group(&domain, i, &group); i++)
        if (sid_equal(sid, &group))
            return true;
    return false;
}

static void find_privileged(const struct account_facts *facts, const char *list,
                            struct report *report)
{
    char more[40] = "";

    if (facts->more_groups)
        text_format(more, sizeof more, " and %zu more", facts->more_groups);
    report_find(report, NDES_ACCT_PRIVILEGED,
                "%s is in %s" DETAIL ", directly or through other groups; its direct groups: %s%s",
                facts->name, list, facts->direct_groups[0] ? facts->direct_groups : "not visible",
                more);
}

static void judge_groups(const struct account_facts *facts, struct report *report)
{
    const struct token *token = &facts->groups.token;
    struct buffer list;

    if (facts->groups.source == GROUPS_NOT_ASKED) {
        if (!facts->account.sid.length)
            report_find(report, NDES_LDAP_HIDDEN,
                        "groups of %s: not checked, as objectSid is not visible", facts->name);
        return;
    }
    buffer_init(&list, 512);
    for (size_t i = 0; i < token->count; i++)
        if (is_privileged(&token->sids[i]))
            buffer_addf(&list, "%s%s", list.length ? ", " : "", sid_name(&token->sids[i]));
    if (list.length)
        find_privileged(facts, buffer_text(&list), report);
    else if (facts->catalog && !token->complete)
        report_note(report, 1, "not in any administrative group that the global catalog has");
    else if (facts->groups.source == GROUPS_BY_NAME && !facts->groups.hidden)
        report_note(report, 1, "[OK] not directly in a group of administrators, by their names");
    else if (facts->groups.hidden)
        report_find(
            report, NDES_LDAP_HIDDEN,
            "%s: in no visible group of administrators, but not all groups are visible" DETAIL
            ": the monitoring account needs the right to read tokenGroups: put it into Windows "
            "Authorization Access Group, or use --posture=off",
            facts->name);
    else if (!token->complete)
        report_find(report, NDES_LDAP_HIDDEN,
                    "%s: in no visible group of administrators, but the list (tokenGroups) is cut "
                    "off or damaged",
                    facts->name);
    else
        report_note(report, 1, "[OK] not in any administrative group");
    buffer_free(&list);
}

void account_judge_posture(const struct account_facts *facts, struct report *report)
{
    judge_flags(facts, report);
    judge_groups(facts, report);
}
