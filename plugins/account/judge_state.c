/* judge_state.c - judges whether the account can sign in, now and soon; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/account/account.h"

#include "common/base/clock.h"
#include "common/base/text.h"

/* Judges something that ends at a known time; `what` names it. */
static void judge_end(const struct account_options *options, const struct account_facts *facts,
                      enum finding_id id, const char *what, int64_t end, struct report *report)
{
    struct lifetime lifetime = {end, end};
    struct expiry expiry;

    judge_expiry(lifetime, facts->now, &options->warning, &options->critical, &expiry);
    if (expiry.ended)
        report_find(report, id, "%s: %s expired %s ago" DETAIL " (%s)", facts->name, what,
                    expiry.span, expiry.until);
    else if (expiry.state != STATE_OK)
        report_find_as(report, expiry.state, id, "%s: %s expires in %s" DETAIL " (%s; wanted %s)",
                       facts->name, what, expiry.span, expiry.until, expiry.wanted);
    else
        report_note(report, 1, "[OK] %s expires in %s (%s)", what, expiry.span, expiry.until);
}

/* A password of which only the domain controller's verdict is known, or that never ends. */
static void judge_password(const struct account_options *options, const struct account_facts *facts,
                           struct report *report)
{
    const struct account *account = &facts->account;
    bool said_expired = account->has_computed && (account->computed & UAC_PASSWORD_EXPIRED);
    bool never = account_password_never_ends(account);

    if (account->password_end == FILETIME_ZERO ||
        (account->password_set == FILETIME_ZERO && !never))
        report_find(report, NDES_ACCT_PASSWORD,
                    "%s: the password must be changed at the next logon" DETAIL
                    ", which a service cannot do",
                    facts->name);
    else if (account_password_ends(account) &&
             !(said_expired && account->password_end_at >= facts->now))
        judge_end(options, facts, NDES_ACCT_PASSWORD, "password", account->password_end_at, report);
    else if (said_expired)
        report_find(report, NDES_ACCT_PASSWORD,
                    "%s: password expired, according to the domain controller", facts->name);
    else if (never)
        report_note(report, 1, "[OK] password never expires");
}

/* ", 7 bad passwords"; `text` has 48 bytes. */
static void bad_passwords_text(const struct account *account, char *text, size_t size)
{
    *text = '\0';
    if (account->has_bad_passwords && account->bad_passwords > 0)
        text_format(text, size, ", %lld bad password%s", (long long)account->bad_passwords,
                    text_plural(account->bad_passwords));
}

/* lockoutTime alone is no proof: it stays when the lockout is over. */
static void judge_lockout(const struct account_facts *facts, struct report *report)
{
    const struct account *account = &facts->account;
    char when[32];
    char count[48];

    bad_passwords_text(account, count, sizeof count);
    if (account->lockout == FILETIME_SET)
        clock_format(account->lockout_at, when, sizeof when);
    if (account->has_computed && (account->computed & UAC_LOCKED))
        report_find(report, NDES_ACCT_LOCKED, "%s: locked%s%s%s", facts->name,
                    account->lockout == FILETIME_SET ? " since " : "",
                    account->lockout == FILETIME_SET ? when : "", count);
    else if (account->has_computed && account->lockout == FILETIME_SET)
        report_note(report, 1, "[OK] not locked; the lockout of %s is over%s", when, count);
    else if (account->has_computed)
        report_note(report, 1, "[OK] not locked%s", count);
}

/* Names what is needed for the verdict and not shown. */
static void judge_hidden(const struct account_facts *facts, struct report *report)
{
    const struct account *account = &facts->account;
    const struct {
        bool hidden;
        const char *name;
    } attributes[] = {
        {!account->has_control, "userAccountControl"},
        {!account->has_computed, "msDS-User-Account-Control-Computed"},
        {account->password_end == FILETIME_ABSENT && !account_renews_itself(account) &&
             !account_password_never_ends(account),
         "msDS-UserPasswordExpiryTimeComputed"},
        {account->end == FILETIME_ABSENT, "accountExpires"},
    };
    size_t last = facts->catalog ? 1 : COUNT_OF(attributes); /* the catalog has but the first */
    struct buffer list;

    buffer_init(&list, 256);
    for (size_t i = 0; i < last; i++)
        if (attributes[i].hidden)
            buffer_addf(&list, "%s%s", list.length ? ", " : "", attributes[i].name);
    if (list.length)
        report_find(report, NDES_LDAP_HIDDEN,
                    "%s: not visible to the monitoring account: %s" DETAIL
                    "; it needs the right to read the account's Account Restrictions; everything "
                    "else was checked",
                    facts->name, buffer_text(&list));
    buffer_free(&list);
}

void account_judge_state(const struct account_options *options, const struct account_facts *facts,
                         struct report *report)
{
    const struct account *account = &facts->account;

    if (account->has_control && (account->control & UAC_DISABLED))
        report_find(report, NDES_ACCT_DISABLED, "%s: the account is disabled", facts->name);
    else if (account->has_control)
        report_note(report, 1, "[OK] enabled");
    judge_lockout(facts, report);
    if (account_renews_itself(account))
        account_judge_rolling(facts, report);
    else
        judge_password(options, facts, report);
    if (account_ends(account))
        judge_end(options, facts, NDES_ACCT_EXPIRED, "account", account->end_at, report);
    else if (account->end != FILETIME_ABSENT)
        report_note(report, 1, "[OK] account never expires");
    judge_hidden(facts, report);
    if (facts->catalog)
        report_note(report, 1,
                    "asked a global catalog, which has only part of an account: what is not named "
                    "here was not checked");
}
