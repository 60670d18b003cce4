/* account.h - an account of Active Directory: how it is found, its state, and who it is for access
 * decisions.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_DIRECTORY_ACCOUNT_H
#define NDES_DIRECTORY_ACCOUNT_H

#include "common/ldap/session.h"
#include "common/directory/sid.h"
#include "common/directory/token.h"

/* Bits of userAccountControl (MS-ADTS 2.2.16) and of msDS-User-Account-Control-Computed. */
enum {
    UAC_DISABLED = 0x2,
    UAC_LOCKED = 0x10, /* computed only */
    UAC_PASSWORD_NOT_REQUIRED = 0x20,
    UAC_DOMAIN_CONTROLLER = 0x2000,
    UAC_PASSWORD_NEVER_EXPIRES = 0x10000,
    UAC_TRUSTED_FOR_DELEGATION = 0x80000,
    UAC_DES_ONLY = 0x200000,
    UAC_NO_PREAUTHENTICATION = 0x400000,
    UAC_PASSWORD_EXPIRED = 0x800000, /* computed only: expired, or to be changed */
};

enum account_kind { ACCOUNT_USER, ACCOUNT_COMPUTER, ACCOUNT_GMSA, ACCOUNT_OTHER };

/* How an operator writes an account. */
enum account_form { FORM_NAME, FORM_DOMAIN_NAME, FORM_PRINCIPAL, FORM_DN, FORM_SID };

struct account_name {
    enum account_form form;
    const char *text; /* as it was given; not owned */
    char domain[64];  /* NetBIOS or DNS name of FORM_DOMAIN_NAME */
    char name[256];   /* what is left of it */
    struct sid sid;   /* of FORM_SID */
};

/* Takes apart DOMAIN\svc, svc@example.com, CN=svc,OU=x,DC=example,DC=com, S-1-5-21-..., svc.
 * `text` must outlive `name`. Returns NULL, or what is wrong with it (static text), such as that a
 * built-in identity (NetworkService) is not in the directory. */
const char *account_name_parse(const char *text, struct account_name *name);

/* True for a built-in identity that acts in the network as the computer it is on: NetworkService,
 * ApplicationPoolIdentity, LocalSystem, also as SIDs. */
bool account_acts_as_computer(const char *text);

/* Appends a filter that finds it, and nothing else but its namesakes. gMSA and computer names may
 * lack their $. */
void account_filter(const struct account_name *name, struct buffer *filter);

/* How many accounts of one name are named to the operator. */
enum { NAMESAKES_SHOWN = 3 };

/* Which of the entries are the account: more than one if the name is ambiguous. `found` gets the
 * first NAMESAKES_SHOWN of them, and NULL where there are not so many. One that bears exactly
 * this name is preferred to one that differs by its $. Returns how many there are. */
size_t account_pick(const struct account_name *name, const struct directory_root *root,
                    const struct directory_entries *entries,
                    const struct directory_entry *found[NAMESAKES_SHOWN]);

/* Where an account belongs. */
enum account_home {
    HOME_HERE,      /* in the domain of the domain controller */
    HOME_ELSEWHERE, /* in another one */
    HOME_NOWHERE,   /* the forest has no domain of that name */
    HOME_UNCLEAR    /* it was not found here; another domain may have it */
};

/* Finds out where the account of this name belongs, with one search at most. `found` is the entry
 * of the domain that account_pick() found first, or NULL. `*domain` is the other domain, by its DNS
 * name, DN or SID; "" if nothing is known of it. On failure returns false and fills `problem`: what
 * was found then counts as HOME_HERE, else it is HOME_UNCLEAR. */
bool account_home(struct directory_session *session, const struct account_name *name,
                  const struct directory_entry *found, enum account_home *home, char *domain,
                  size_t domain_size, struct problem *problem);

/* The attributes that account_read() wants; NULL behind the last. */
extern const char *const account_attributes[];

/* The state of an account. Times are seconds since 1970. */
struct account {
    char dn[512];
    char name[256];      /* sAMAccountName */
    char principal[256]; /* userPrincipalName, "" if none */
    enum account_kind kind;
    struct sid sid;   /* length 0: hidden */
    bool has_control; /* userAccountControl was readable */
    uint32_t control; /* userAccountControl */
    bool has_computed;
    uint32_t computed;          /* msDS-User-Account-Control-Computed */
    enum filetime password_end; /* msDS-UserPasswordExpiryTimeComputed; ZERO: must change */
    int64_t password_end_at;
    enum filetime password_set; /* pwdLastSet; ZERO: must change */
    int64_t password_set_at;
    enum filetime end; /* accountExpires; ZERO and NEVER both mean never */
    int64_t end_at;
    enum filetime lockout;
    int64_t lockout_at;
    bool has_bad_passwords;
    int64_t bad_passwords;     /* badPwdCount */
    int64_t password_interval; /* days, of a gMSA (default 30) or computer; 0: not told */
};

/* Reads the facts; what is hidden or no value of its kind is left out. */
void account_read(const struct directory_entry *entry, struct account *account);

/* The group whose RID stands in primaryGroupID, which no other attribute tells. Returns false if it
 * is not shown, nor objectSid. */
bool account_primary_group(const struct directory_entry *entry, struct sid *group);

/* The groups whose members can make themselves administrators: the `index`th of them, the built-in
 * ones first, then those of the domain of that SID. Returns false behind the last; if `domain` is
 * no SID that is the last built-in one. */
bool account_admin_group(const struct sid *domain, size_t index, struct sid *group);

/* How the groups of an account were learnt. */
enum group_source {
    GROUPS_NOT_ASKED,
    GROUPS_BY_TOKEN, /* tokenGroups */
    GROUPS_BY_CHAIN, /* member-of-in-chain: without those of the primary group and of other domains
                      */
    GROUPS_BY_NAME,  /* memberOf: direct groups of administrators, by their English names */
};

/* What an account is for access decisions: objectSid, sIDHistory, its groups and the well-known
 * SIDs of every authenticated account (MS-ADTS 3.1.1.4.5.19, MS-DTYP 2.5.2). */
struct account_token {
    struct token token; /* complete only if by a whole tokenGroups */
    enum group_source source;
    bool hidden; /* tokenGroups was asked for and not shown */
};

/* Asks for the groups of the account whose entry is given (with account_attributes) by at most so
 * many searches: one for tokenGroups, a second one by member-of-in-chain if that is hidden; without
 * a search that is left memberOf must do. `token` starts as {0} and is freed by
 * account_token_free(), whatever is returned. On failure returns false and fills `problem`; with
 * PROBLEM_NONE the account's own SID is hidden. */
bool account_token(struct directory_session *session, const struct directory_entry *entry,
                   int searches, struct account_token *token, struct problem *problem);
void account_token_free(struct account_token *token);

#endif
