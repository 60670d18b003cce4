/* account.h - the steps of check_ndes_account and the data between them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PLUGINS_ACCOUNT_H
#define NDES_PLUGINS_ACCOUNT_H

#include "common/directory/account.h"
#include "common/directory/descriptor.h"
#include "common/plugin/common_options.h"
#include "common/endpoint/ldap.h"
#include "common/options/types.h"
#include "common/report/expiry.h"
#include "common/report/trace.h"

struct account_options {
    struct common_options common;
    struct directory_options ldap;
    const char *account;
    /* Completed by account_options_resolve(). */
    struct account_name name; /* `account` in its parts, or `host` if that is the account */
    bool is_host;             /* `account` is a built-in identity: it acts as the computer `host` */
    struct limit warning;     /* days that password and account have left */
    struct limit critical;
    struct text_list spns; /* HOST or HTTP/HOST */
    const char *host;      /* computer that must be able to fetch a gMSA's password, or NULL */
    bool posture;          /* report settings that are dangerous, not broken */
};

/* The searches, in their order. */
enum step {
    STEP_OPEN, /* connecting, signing in, rootDSE */
    STEP_ACCOUNT,
    STEP_OBJECT, /* the account by its DN, which the search before did not find */
    STEP_DOMAIN, /* where it belongs */
    STEP_HOST_GROUPS,
    STEP_GROUPS,
    STEP_COUNT,
};
enum { SEARCHES_MAXIMUM = 4 };

/* Another account that has an SPN. */
struct other_facts {
    char name[64]; /* sAMAccountName */
    char dn[256];
};

enum { OTHERS_MAXIMUM = 3 };

struct spn_facts {
    char name[300]; /* HTTP/ndes.example.com */
    bool own;       /* the account has it */
    bool by_host;   /* the account, a computer, has HOST/ndes.example.com, which stands for it */
    size_t other_count; /* all other accounts that have it */
    struct other_facts others[OTHERS_MAXIMUM];
};

struct host_facts {
    size_t count; /* computers of this name */
    char name[64];
    char dn[256];
    char dns[256];
    struct sid sid;
    bool disabled;
    struct account_token groups;
};

struct account_facts {
    char server[300]; /* that was asked */
    int64_t now;      /* seconds since 1970 by its clock */
    char domain[256]; /* that it serves: DC=example,DC=com */
    bool catalog;     /* it was asked as a global catalog */
    struct problem problems[STEP_COUNT];
    enum account_home home; /* where the account belongs */
    char home_name[256]; /* another domain: x.example.com, DC=x,DC=example,DC=com, S-1-5-21-... */
    char name[300];      /* of the account, for people */
    bool searched;       /* the search for the account came to an end */
    size_t nameless;     /* entries that it found and whose names are not shown */
    size_t count;        /* accounts of that name */
    char namesakes[NAMESAKES_SHOWN][512]; /* DNs of the first ones, if there are several */
    bool unreadable; /* there is an object of that DN, but not even its class is shown */
    struct account account;
    char direct_groups[160]; /* names of the first ones it is in, the primary one included */
    size_t more_groups;      /* direct ones that are not named there */
    struct account_token groups;
    bool has_membership;            /* msDS-GroupMSAMembership was shown */
    const char *membership_problem; /* NULL, or why it can't be understood (static text) */
    struct descriptor membership;
    struct host_facts host;
    struct spn_facts spns[TEXT_LIST_MAXIMUM];
    size_t spn_count;
    struct directory_statistics statistics;
    struct trace trace;
};

/* The steps of its options; struct plugin_steps tells what each does. */
size_t account_options_groups(void *options, struct option_group *groups);
bool account_options_resolve(void *options, char *error, size_t error_size);
void account_options_free(void *options);

/* Asks the directory; all the I/O of the check but for opening the session, whose problem is given.
 * Facts start as {0} and are freed by account_facts_free(). */
void account_collect(const struct account_options *options, struct directory_session *session,
                     const struct deadline *deadline, struct account_facts *facts);
void account_facts_free(struct account_facts *facts);

/* Its part about other accounts: the filter that finds them with the account itself, and what was
 * found. `account` is its entry; the host's is returned, NULL if there is not just one. */
void account_holder_filters(const struct account_options *options, struct buffer *filter);
void account_read_spns(const struct account_options *options,
                       const struct directory_entries *entries,
                       const struct directory_entry *account, struct account_facts *facts);
const struct directory_entry *account_read_host(const struct account_options *options,
                                                const struct directory_entries *entries,
                                                struct host_facts *host);

/* Turns facts into findings; pure. */
void account_judge(const struct account_options *options, const struct account_facts *facts,
                   struct report *report);

/* Its parts: whether the account can sign in; whether a gMSA's password is renewed, and can be
 * fetched; who has the SPNs; what is dangerous about it. */
void account_judge_state(const struct account_options *options, const struct account_facts *facts,
                         struct report *report);
void account_judge_rolling(const struct account_facts *facts, struct report *report);
void account_judge_retrieval(const struct account_options *options,
                             const struct account_facts *facts, struct report *report);
void account_judge_spns(const struct account_facts *facts, struct report *report);
void account_judge_posture(const struct account_facts *facts, struct report *report);

/* Days from now on, negative for the past. */
double account_days_until(const struct account_facts *facts, int64_t when);

/* True if the password has no end by itself: computers and gMSAs. */
bool account_renews_itself(const struct account *account);

/* True if the account's password, or the account, ends at a known time; or never. */
bool account_password_ends(const struct account *account);
bool account_password_never_ends(const struct account *account);
bool account_ends(const struct account *account);

/* The perfdata of the check, in the order that is printed. */
enum metric_id {
    METRIC_TIME,
    METRIC_PASSWORD_DAYS,
    METRIC_ACCOUNT_DAYS,
    METRIC_BAD_PASSWORDS,
    METRIC_COUNT,
};
extern const struct metric_kind account_metrics[METRIC_COUNT];

#endif
