/* judge_managed.c - judges passwords that Windows renews: are they, and can the NDES
 * server fetch a gMSA's? No I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/account/account.h"

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/directory/access.h"

enum {
    INTERVAL_STANDARD = 30, /* days, of gMSAs and computers */
    GRACE = 15,             /* days, as a host fetches and renews when it is up, not by the clock */
};

void account_judge_rolling(const struct account_facts *facts, struct report *report)
{
    const struct account *account = &facts->account;
    bool managed = account->kind == ACCOUNT_GMSA;
    int64_t interval =
        managed && account->password_interval > 0 ? account->password_interval : INTERVAL_STANDARD;
    double age = -account_days_until(facts, account->password_set_at);
    char when[32];
    char span[32];

    if (account->password_set != FILETIME_SET) {
        report_note(report, 1, "password: %s",
                    account->password_set == FILETIME_ABSENT
                        ? "not visible when it was set (pwdLastSet)"
                    : managed ? "not created yet: no host has fetched it so far"
                              : "not set since the computer account was created");
        return;
    }
    clock_format(account->password_set_at, when, sizeof when);
    clock_span(facts->now - account->password_set_at, span, sizeof span);
    if (age <= (double)interval + GRACE)
        report_note(report, 1, "[OK] password renewed %s ago (%s), due every %lld day%s", span,
                    when, (long long)interval, text_plural(interval));
    else if (managed)
        report_find(report, NDES_ACCT_ROLLING,
                    "%s: password last renewed %s ago" DETAIL " (%s), due every %lld day%s",
                    facts->name, span, when, (long long)interval, text_plural(interval));
    else
        report_note(report, 1,
                    "password last renewed %s ago (%s): the computer was off, or is set not to "
                    "renew it",
                    span, when);
}

/* "denied by ACE 1 of 2: denies RP to S-1-5-21-... (NDES01$)" */
static void explain(const struct account_facts *facts, const struct access_decision *decision,
                    struct buffer *line)
{
    const struct host_facts *host = &facts->host;
    const char *trustee = NULL;

    if (decision->reason == ACCESS_BY_ACE &&
        sid_equal(&facts->membership.aces[decision->ace].trustee, &host->sid))
        trustee = host->name;
    access_explain(&facts->membership, decision, trustee, line);
}

/* The descriptor against the computer's groups. */
static void judge_membership(const struct account_facts *facts, struct report *report)
{
    const struct host_facts *host = &facts->host;
    const struct token *token = &host->groups.token;
    struct access_decision decision;
    struct buffer line;
    bool sure;

    access_decide(&facts->membership, token, RIGHT_RP, NULL, 0, &decision);
    sure = access_is_sure(&facts->membership, token, RIGHT_RP, NULL, 0, &decision);
    buffer_init(&line, 400);
    explain(facts, &decision, &line);
    if (decision.verdict == ACCESS_CONDITIONAL)
        report_find(report, NDES_LDAP_DESCRIPTOR,
                    "%s: whether %s may fetch the password depends on a condition that only "
                    "Windows can evaluate",
                    facts->name, host->name);
    else if (decision.verdict == ACCESS_DENIED && !sure)
        report_find(report, NDES_LDAP_HIDDEN,
                    "%s: %s may not fetch the password by its visible groups, but not all are "
                    "visible" DETAIL ": the monitoring account needs to read tokenGroups, as "
                    "members of Windows Authorization Access Group may",
                    facts->name, host->name);
    else if (decision.verdict == ACCESS_DENIED)
        report_find(report, NDES_ACCT_RETRIEVE, "%s: %s may not fetch the password" DETAIL " (%s)",
                    facts->name, host->name, buffer_text(&line));
    report_note(report, 1, "%s%s and the right to fetch the password: %s%s",
                decision.verdict == ACCESS_GRANTED ? "[OK] " : "", host->name, buffer_text(&line),
                decision.verdict == ACCESS_GRANTED && !sure
                    ? "; not all of its groups are visible, so a denied one would be missed"
                    : "");
    buffer_free(&line);
}

/* Returns false, having said why, if there is no one computer to judge. */
static bool judge_host(const struct account_options *options, const struct account_facts *facts,
                       struct report *report)
{
    const struct host_facts *host = &facts->host;

    if (!host->count)
        report_find_as(report, STATE_UNKNOWN, NDES_ACCT_MISSING,
                       "%s: computer %s (--ndes-host) not found" DETAIL
                       ", so it is unknown whether it may fetch the password",
                       facts->name, options->host);
    else if (host->count > 1)
        report_find(report, NDES_ACCT_AMBIGUOUS, "%zu computers are named %s (--ndes-host)",
                    host->count, options->host);
    else if (host->disabled)
        report_find(report, NDES_ACCT_RETRIEVE,
                    "%s: the computer account %s is disabled" DETAIL
                    ", so it cannot fetch the password",
                    facts->name, host->name);
    return host->count == 1;
}

/* Every gMSA has an interval: who may read that may as a rule read the list, too, so that there is
 * none if it is not shown. */
void account_judge_retrieval(const struct account_options *options,
                             const struct account_facts *facts, struct report *report)
{
    const struct host_facts *host = &facts->host;
    enum problem_kind kind = facts->problems[STEP_HOST_GROUPS].kind;

    if (!options->host || options->is_host)
        return;
    if (facts->account.kind != ACCOUNT_GMSA) {
        report_note(report, 1, "--ndes-host has no effect: the account is not a gMSA");
        return;
    }
    if (!judge_host(options, facts, report))
        return;
    report_note(report, 1, "host: %s, %s%s%s", host->name, host->dn,
                host->dns[0] ? ", dNSHostName " : "", host->dns);
    if (!facts->has_membership && facts->catalog)
        report_note(report, 1,
                    "who may fetch the password was not checked: the global catalog does not have "
                    "msDS-GroupMSAMembership");
    else if (!facts->has_membership && facts->account.password_interval > 0)
        report_find(report, NDES_ACCT_RETRIEVE,
                    "%s: nobody may fetch the password: msDS-GroupMSAMembership is not set",
                    facts->name);
    else if (!facts->has_membership)
        report_find(report, NDES_LDAP_HIDDEN,
                    "%s: msDS-GroupMSAMembership is not visible" DETAIL
                    ": it says who may fetch the password; the monitoring account needs the right "
                    "to read it",
                    facts->name);
    else if (facts->membership_problem)
        report_find(report, NDES_LDAP_DESCRIPTOR, "%s: msDS-GroupMSAMembership is damaged: %s",
                    facts->name, facts->membership_problem);
    else if (host->groups.source != GROUPS_NOT_ASKED)
        judge_membership(facts, report);
    else if (kind == PROBLEM_NONE)
        report_find(report, NDES_LDAP_HIDDEN,
                    "%s: objectSid of %s is not visible" DETAIL
                    ", so it is unknown whether it may fetch the password",
                    facts->name, host->name);
}
