/* judge.c - turns what the directory says into findings; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/account/account.h"

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/ldap/verdict.h"

/* What a search that failed was for. */
static const char *step_name(const struct account_facts *facts, enum step step)
{
    static const char *const names[STEP_COUNT] = {
        [STEP_ACCOUNT] = "search for the account", [STEP_OBJECT] = "the account",
        [STEP_DOMAIN] = "domain of the account",   [STEP_HOST_GROUPS] = "groups of the computer",
        [STEP_GROUPS] = "groups of the account",
    };

    return step == STEP_OPEN ? facts->server : names[step];
}

static bool broke_off(const struct account_facts *facts)
{
    bool broke = facts->problems[STEP_OPEN].kind != PROBLEM_NONE;

    for (size_t i = 0; i < STEP_COUNT; i++)
        broke = broke || problem_is_fatal(facts->problems[i].kind);
    return broke;
}

/* A domain that could not be looked up is of no matter if the account was found nevertheless. */
static void judge_problems(const struct account_facts *facts, struct report *report)
{
    for (int i = 0; i < STEP_COUNT; i++) {
        const struct problem *problem = &facts->problems[i];
        char text[480];

        if (i == STEP_DOMAIN && problem->kind != PROBLEM_NONE && !problem_is_fatal(problem->kind) &&
            (facts->count || facts->nameless)) {
            directory_problem_text(problem, text, sizeof text);
            report_note(report, 1, "domain of %s not looked up: %s", facts->name, text);
        } else {
            directory_judge_problem(report, step_name(facts, (enum step)i), problem);
        }
    }
}

/* The account is another domain's, for sure or perhaps. */
static void judge_home(const struct account_options *options, const struct account_facts *facts,
                       struct report *report)
{
    bool dns = options->name.form == FORM_DOMAIN_NAME && facts->home_name[0];

    if (facts->home == HOME_NOWHERE)
        report_find_as(
            report, STATE_UNKNOWN, NDES_ACCT_MISSING,
            "%s: the forest has no domain %s" DETAIL
            "; if it is in a trusted forest, ask a domain controller there with -H or --domain",
            facts->name, options->name.domain);
    else if (facts->home == HOME_ELSEWHERE)
        report_find(report, NDES_LDAP_REFERRAL,
                    "%s belongs to domain %s, which this domain controller does not serve" DETAIL
                    ": ask one that does, with %s%s",
                    facts->name, facts->home_name, dns ? "--domain " : "-H or --domain",
                    dns ? facts->home_name : "");
    else
        report_find(report, NDES_LDAP_REFERRAL,
                    "%s: not in %s" DETAIL
                    ": it belongs to another domain%s%s%s, or does not exist; if it does exist, "
                    "ask a domain controller of its domain with -H or --domain",
                    facts->name, options->ldap.base ? options->ldap.base : facts->domain,
                    facts->home_name[0] ? " (" : "", facts->home_name,
                    facts->home_name[0] ? ")" : "");
}

static void judge_namesakes(const struct account_options *options,
                            const struct account_facts *facts, struct report *report)
{
    struct buffer list;

    if (options->is_host) {
        report_find(report, NDES_ACCT_AMBIGUOUS, "%zu computers are named %s (--ndes-host)",
                    facts->count, options->host);
        return;
    }
    buffer_init(&list, 2048);
    for (size_t i = 0; i < facts->count && i < NAMESAKES_SHOWN; i++)
        buffer_addf(&list, "%s%s", i ? "; " : "", facts->namesakes[i]);
    report_find(report, NDES_ACCT_AMBIGUOUS, "%s: %zu accounts have this name" DETAIL ": %s",
                facts->name, facts->count, buffer_text(&list));
    buffer_free(&list);
}

/* Why there is not one account of that name. */
static void judge_count(const struct account_options *options, const struct account_facts *facts,
                        struct report *report)
{
    if (facts->home == HOME_NOWHERE || facts->home == HOME_ELSEWHERE)
        judge_home(options, facts, report);
    else if (facts->count)
        judge_namesakes(options, facts, report);
    else if (facts->nameless)
        report_find(report, NDES_LDAP_HIDDEN,
                    "%s: not found, but the monitoring account cannot read the names of %zu "
                    "object%s that may be it",
                    facts->name, facts->nameless, text_plural((int64_t)facts->nameless));
    else if (facts->home == HOME_UNCLEAR)
        judge_home(options, facts, report);
    else
        report_find(report, NDES_ACCT_MISSING, "%s: no such %s in %s", facts->name,
                    options->is_host ? "computer (--ndes-host)" : "account",
                    options->ldap.base ? options->ldap.base : facts->domain);
}

static const char *kind_name(enum account_kind kind)
{
    static const char *const names[] = {[ACCOUNT_USER] = "user",
                                        [ACCOUNT_COMPUTER] = "computer",
                                        [ACCOUNT_GMSA] = "gMSA",
                                        [ACCOUNT_OTHER] = "not an account"};

    return names[kind];
}

/* What the first line says if all is well: never more than is known. */
static void summarise(const struct account_facts *facts, struct report *report)
{
    const struct account *account = &facts->account;
    struct buffer line;
    char span[32];

    buffer_init(&line, 600);
    buffer_addf(&line, "%s %s", facts->name, facts->catalog ? "enabled" : "usable");
    if (account_renews_itself(account) && account->password_set == FILETIME_SET) {
        clock_span(facts->now - account->password_set_at, span, sizeof span);
        buffer_addf(&line, ", %s, password renewed %s ago", kind_name(account->kind), span);
    } else if (account_renews_itself(account)) {
        buffer_addf(&line, ", %s, which renews its password by itself", kind_name(account->kind));
    } else if (account_password_ends(account)) {
        clock_span(account->password_end_at - facts->now, span, sizeof span);
        buffer_addf(&line, ", password expires in %s", span);
    } else if (account_password_never_ends(account)) {
        buffer_add_text(&line, ", password never expires");
    }
    if (account_ends(account)) {
        clock_span(account->end_at - facts->now, span, sizeof span);
        buffer_addf(&line, ", account expires in %s", span);
    }
    report_summary(report, "%s", buffer_text(&line));
    buffer_free(&line);
}

static void note_account(const struct account_facts *facts, struct report *report)
{
    const struct account *account = &facts->account;
    char sid[SID_TEXT_SIZE];

    sid_text(&account->sid, sid, sizeof sid);
    report_note(report, 1, "account: %s, %s, SID %s%s%s", account->dn, kind_name(account->kind),
                account->sid.length ? sid : "not visible",
                account->principal[0] ? ", principal " : "", account->principal);
}

/* How groups were learnt, and at -vv which they are. */
static void note_groups(const char *name, const struct account_token *groups, struct report *report)
{
    static const char *const sources[] = {
        [GROUPS_BY_TOKEN] = "by tokenGroups",
        [GROUPS_BY_CHAIN] = "by member-of-in-chain, as tokenGroups is not visible: those of the "
                            "primary group and of other domains are missing",
        [GROUPS_BY_NAME] = "without most groups: no search was left to ask for them, so only "
                           "direct ones of administrators count, by their English names"};
    struct buffer list;
    char sid[SID_TEXT_SIZE];

    if (groups->source == GROUPS_NOT_ASKED)
        return;
    report_note(report, 1, "groups of %s: %zu SID%s %s%s", name, groups->token.count,
                text_plural((int64_t)groups->token.count), sources[groups->source],
                groups->source == GROUPS_BY_TOKEN && !groups->token.complete ? "; not complete"
                                                                             : "");
    buffer_init(&list, REPORT_MESSAGE_MAXIMUM);
    for (size_t i = 0; i < groups->token.count; i++) {
        sid_text(&groups->token.sids[i], sid, sizeof sid);
        if (!buffer_addf(&list, "%s%s", i ? " " : "", sid))
            break;
    }
    report_note(report, 2, "SIDs of %s: %s", name, buffer_text(&list));
    buffer_free(&list);
}

static void add_metrics(const struct account_options *options, const struct account_facts *facts,
                        struct report *report)
{
    const struct account *account = &facts->account;

    if (account_password_ends(account))
        report_metric(report, &account_metrics[METRIC_PASSWORD_DAYS],
                      account_days_until(facts, account->password_end_at), &options->warning.range,
                      &options->critical.range);
    if (account_ends(account))
        report_metric(report, &account_metrics[METRIC_ACCOUNT_DAYS],
                      account_days_until(facts, account->end_at), &options->warning.range,
                      &options->critical.range);
    if (account->has_bad_passwords)
        report_metric(report, &account_metrics[METRIC_BAD_PASSWORDS], account->bad_passwords, NULL,
                      NULL);
}

static void judge_account(const struct account_options *options, const struct account_facts *facts,
                          struct report *report)
{
    if (facts->unreadable) {
        report_find(report, NDES_LDAP_HIDDEN,
                    "%s: the object exists, but the monitoring account may not read any of it",
                    facts->name);
        return;
    }
    if (options->is_host)
        report_note(report, 1, "%s is %s on the network", options->account, facts->name);
    note_account(facts, report);
    if (facts->account.kind == ACCOUNT_OTHER) {
        report_find(report, NDES_ACCT_MISSING, "%s: %s is not a user, computer or gMSA",
                    facts->name, facts->account.dn);
        return;
    }
    summarise(facts, report);
    account_judge_state(options, facts, report);
    account_judge_retrieval(options, facts, report);
    account_judge_spns(facts, report);
    if (options->posture)
        account_judge_posture(facts, report);
    note_groups(facts->name, &facts->groups, report);
    note_groups(facts->host.name, &facts->host.groups, report);
    add_metrics(options, facts, report);
}

/* What was seen counts even if the connection was lost. */
void account_judge(const struct account_options *options, const struct account_facts *facts,
                   struct report *report)
{
    directory_judge_time(report, &facts->statistics, broke_off(facts),
                         &account_metrics[METRIC_TIME], &options->ldap.time_warning,
                         &options->ldap.time_critical);
    judge_problems(facts, report);
    if (facts->count == 1)
        judge_account(options, facts, report);
    else if (!problem_is_fatal(facts->problems[STEP_DOMAIN].kind) &&
             (facts->home != HOME_HERE ||
              (facts->searched && facts->problems[STEP_OBJECT].kind == PROBLEM_NONE)))
        judge_count(options, facts, report);
    trace_note(&facts->trace, report);
    directory_note_statistics(report, &facts->statistics);
}
