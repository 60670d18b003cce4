/* judge_spn.c - judges who has the service principal names of NDES; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/account/account.h"

#include "common/base/text.h"

/* "NDES01$ (CN=NDES01,OU=...)"; names of several are listed, and the rest counted. */
static void others_text(const struct spn_facts *spn, struct buffer *text)
{
    for (size_t i = 0; i < spn->other_count && i < OTHERS_MAXIMUM; i++)
        buffer_addf(text, "%s%s (%s)", i ? ", " : "",
                    spn->others[i].name[0] ? spn->others[i].name : "an account without a name",
                    spn->others[i].dn);
    if (spn->other_count > OTHERS_MAXIMUM)
        buffer_addf(text, " and %zu more", spn->other_count - OTHERS_MAXIMUM);
}

static void judge_spn(const struct account_facts *facts, const struct spn_facts *spn,
                      struct report *report)
{
    struct buffer others;

    buffer_init(&others, 1024);
    others_text(spn, &others);
    if (spn->own && spn->other_count)
        report_find(report, NDES_ACCT_SPN, "%s is on %s, but also on %s" DETAIL ": Kerberos fails",
                    spn->name, facts->name, buffer_text(&others));
    else if (spn->own)
        report_note(report, 1, "[OK] %s is on the account, and on no other", spn->name);
    else if (spn->other_count)
        report_find(report, NDES_ACCT_SPN, "%s is on %s, wanted on %s", spn->name,
                    buffer_text(&others), facts->name);
    else if (spn->by_host)
        report_note(report, 1, "[OK] %s is on no account; HOST/ of the computer covers it",
                    spn->name);
    else
        report_find(report, NDES_ACCT_SPN, "%s is on no account, wanted on %s", spn->name,
                    facts->name);
    buffer_free(&others);
}

void account_judge_spns(const struct account_facts *facts, struct report *report)
{
    for (size_t i = 0; i < facts->spn_count; i++)
        judge_spn(facts, &facts->spns[i], report);
    if (facts->spn_count && !facts->catalog)
        report_note(report, 1,
                    "SPNs were searched for in %s only; for all domains ask a global catalog: -p "
                    "3268, with -S 3269",
                    facts->domain);
}
