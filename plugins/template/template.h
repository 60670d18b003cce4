/* template.h - the steps of check_ndes_template and the data between them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PLUGINS_TEMPLATE_H
#define NDES_PLUGINS_TEMPLATE_H

#include "common/base/clock.h"
#include "common/directory/access.h"
#include "common/directory/account.h"
#include "common/ldap/session.h"
#include "common/directory/template.h"
#include "common/plugin/common_options.h"
#include "common/endpoint/ldap.h"
#include "common/options/types.h"
#include "common/pki/certificate.h"
#include "common/report/expiry.h"
#include "common/report/trace.h"

/* What NDES takes a template for: by the key usage of the request. Each is a value of the registry
 * key MSCEP. */
enum use { USE_SIGNATURE, USE_ENCRYPTION, USE_GENERAL, USE_COUNT };

enum profile { PROFILE_NDES, PROFILE_INTUNE };

enum { WANTED_MAXIMUM = TEXT_LIST_MAXIMUM + USE_COUNT };

/* A template that the operator named, by however many options. */
struct wanted_template {
    const char *name; /* its cn */
    bool uses[USE_COUNT];
    bool has_revision;
    int64_t major; /* --expect-revision */
    int64_t minor;
};

struct template_options {
    struct common_options common;
    struct directory_options ldap;
    struct text_list templates;
    const char *use_templates[USE_COUNT];
    const char *account;
    const char *ca;
    int profile;             /* enum profile */
    int64_t client_key_bits; /* of the keys that devices make */
    bool require_ntauth;
    struct text_list revisions; /* [TEMPLATE=]MAJOR.MINOR */
    struct limit warning;       /* what the CA's certificate has left */
    struct limit critical;
    bool posture; /* report settings that are dangerous, not broken */
    /* Made of the above by template_options_complete(). */
    struct account_name account_name;
    const char *ca_name; /* cn of the CA, NULL: any */
    struct wanted_template wanted[WANTED_MAXIMUM];
    size_t wanted_count;
};

/* Checks the options together, but for those of LDAP. On failure returns false and writes a usage
 * error. */
bool template_options_complete(struct template_options *options, char *error, size_t error_size);

/* Returns false and writes a usage error if a server is a global catalog: that lacks most of what
 * templates are judged by. */
bool template_servers_fit(const struct directory_settings *settings, char *error,
                          size_t error_size);

enum { NEAREST_MAXIMUM = 3, NAME_BYTES = 128 };

/* Names that look like one that was not found, the likeliest first. */
struct nearest {
    char names[NEAREST_MAXIMUM][NAME_BYTES];
    unsigned distances[NEAREST_MAXIMUM];
    size_t count;
};

/* Offers a name that there is; it is kept if it looks like `wanted`. */
void template_nearest_offer(struct nearest *nearest, const char *wanted, const char *name);

struct wanted_facts {
    bool found;
    bool hidden; /* not found, but its DN is shown among the others' */
    struct certificate_template template;
    /* Of those that were not found. */
    struct nearest nearest;
    char by_display_name[NAME_BYTES]; /* the template whose display name was given, "" if none */
};

/* What is enrolled for NDES itself, and should not stay published. */
enum ra_template { RA_CEP_ENCRYPTION, RA_OFFLINE_AGENT, RA_TEMPLATE_COUNT };
extern const char *const template_ra_names[RA_TEMPLATE_COUNT];

struct ca_facts {
    char name[NAME_BYTES]; /* cn */
    bool shown;            /* any of its attributes was */
    bool publishes[WANTED_MAXIMUM];
    bool publishes_ra[RA_TEMPLATE_COUNT];
    size_t published;         /* templates, of whatever name */
    size_t certificate_count; /* there may be several after renewals */
    size_t unreadable_count;  /* of them */
    bool has_certificate;     /* one was read */
    struct validity newest;   /* then: of the newest one */
    bool in_ntauth;           /* that one is */
};

enum account_visibility {
    ACCOUNT_NOT_LOOKED_FOR, /* the connection was lost before, or its domain could not be looked up
                             */
    ACCOUNT_NO_DOMAIN,      /* the forest has no domain of that name */
    ACCOUNT_ELSEWHERE,      /* another domain than this domain controller's */
    ACCOUNT_UNCLEAR,        /* not found, and another domain may have it */
    ACCOUNT_MISSING,
    ACCOUNT_AMBIGUOUS,
    ACCOUNT_HIDDEN, /* found, but not its SID */
    ACCOUNT_FOUND,
};

struct enrollee_facts {
    enum account_visibility visibility;
    struct problem problem; /* why it could not be looked for */
    char base[512];         /* where it was searched */
    char dns[256];          /* of ACCOUNT_ELSEWHERE and _UNCLEAR: the domain's name, DN or SID */
    size_t count;           /* of ACCOUNT_AMBIGUOUS */
    char namesakes[NAMESAKES_SHOWN][512]; /* then: DNs of the first ones */
    char name[256];                       /* sAMAccountName */
    struct sid sid;
    struct account_token token;   /* of ACCOUNT_FOUND */
    struct problem token_problem; /* why groups may be missing in it */
};

/* A name that was looked up. */
struct trustee_name {
    struct sid sid;
    char name[256];     /* DOMAIN\name, or name alone */
    bool administrator; /* adminCount: it is, or was, a member of a group of administrators */
};

enum { CAS_MAXIMUM = 48, TRUSTEES_MAXIMUM = 64 };

struct template_facts {
    int64_t now;            /* by the domain controller's clock, since 1970 */
    struct problem fatal;   /* ended the talk; PROBLEM_NONE if nothing did */
    bool looked;            /* at templates and CAs */
    struct problem problem; /* why not, if the talk went on */
    struct wanted_facts templates[WANTED_MAXIMUM]; /* as options->wanted */
    struct problem names_problem;                  /* why other names could not be looked up */
    size_t name_count;                             /* of templates that there are, if asked */
    struct ca_facts cas[CAS_MAXIMUM];
    size_t ca_count;
    size_t cas_dropped;
    bool ntauth_found; /* NTAuthCertificates, if it was asked for */
    bool ntauth_shown; /* its certificates, too */
    struct enrollee_facts account;
    struct trustee_name trustees[TRUSTEES_MAXIMUM];
    size_t trustee_count;
    struct directory_statistics statistics;
    struct trace trace;
};

/* The steps of its options; struct plugin_steps tells what each does. */
size_t template_options_groups(void *options, struct option_group *groups);
bool template_options_resolve(void *options, char *error, size_t error_size);
void template_options_free(void *options);

/* Asks the domain controller; all the I/O of the check. `facts` starts as {0} and is freed by
 * template_facts_free(). */
void template_collect(const struct template_options *options, struct directory_session *session,
                      const struct deadline *deadline, struct template_facts *facts);
void template_facts_free(struct template_facts *facts);

/* Its part without I/O: templates, CAs and NTAuthCertificates from the entries of one search. With
 * --ca that is the only CA that is asked for. */
extern const char *const template_pki_attributes[];
void template_pki_filter(const struct template_options *options, struct buffer *filter);
void template_pki_read(const struct template_options *options,
                       const struct directory_entries *entries, struct template_facts *facts);

/* What there is besides, to say what might be meant by a name that was not found, and where else a
 * template is published. Wanted if something was not found. */
bool template_names_wanted(const struct template_options *options,
                           const struct template_facts *facts);
extern const char *const template_names_attributes[];
void template_names_read(const struct template_options *options,
                         const struct directory_entries *entries, struct template_facts *facts);

/* Turns facts into findings; pure. */
void template_judge(const struct template_options *options, const struct template_facts *facts,
                    struct report *report);

/* Its parts. */
void template_judge_cas(const struct template_options *options, const struct template_facts *facts,
                        struct report *report);
void template_judge_published(const struct template_options *options,
                              const struct template_facts *facts, size_t template,
                              struct report *report);
void template_judge_validity(const struct template_options *options,
                             const struct template_facts *facts, size_t template,
                             struct report *report);
void template_judge_settings(const struct template_options *options,
                             const struct wanted_template *wanted,
                             const struct certificate_template *template, struct report *report);
void template_judge_account(const struct template_options *options,
                            const struct template_facts *facts, struct report *report);
void template_judge_access(const struct template_options *options,
                           const struct template_facts *facts,
                           const struct certificate_template *template, struct report *report);
void template_judge_posture(const struct template_options *options,
                            const struct template_facts *facts,
                            const struct certificate_template *template, struct report *report);
void template_summarise(const struct template_options *options, const struct template_facts *facts,
                        struct report *report);

/* The CA that a template is judged by: that of --ca, or without it the one that publishes the
 * template and whose certificate lasts longest, since any will do. NULL if there is none. */
const struct ca_facts *template_ca_of(const struct template_options *options,
                                      const struct template_facts *facts, size_t template);

/* The CA counts: it is that of --ca, or of one of the templates. */
bool template_ca_is_judged(const struct template_options *options,
                           const struct template_facts *facts, const struct ca_facts *ca);

/* The account for people, as it was given or, for a DN or SID, by its logon name. */
const char *template_account_label(const struct template_options *options,
                                   const struct template_facts *facts);

/* Whether the account may do what NDES needs of it. */
enum need { NEED_READ, NEED_ENROLL, NEED_COUNT };
enum access_outcome {
    OUTCOME_GRANTED,
    OUTCOME_LIKELY, /* granted, but a group that is missing in the token may be denied it */
    OUTCOME_LACKING,
    OUTCOME_UNSURE,      /* not granted, but a group that is missing in the token may have it */
    OUTCOME_CONDITIONAL, /* hangs on the condition of an ACE */
};
enum access_outcome template_access_outcome(const struct template_facts *facts,
                                            const struct certificate_template *template,
                                            enum need need, struct access_decision *decision);

/* Who may change a template without being an administrator. */
struct writer {
    struct sid sid;
    bool owner;
    size_t ace;      /* unless by ownership */
    uint32_t rights; /* of WP, WD, WO */
};
enum { WRITERS_MAXIMUM = 12 };

/* Finds the first ones, each once; `*dropped` counts the others. */
size_t template_find_writers(const struct descriptor *descriptor,
                             struct writer writers[WRITERS_MAXIMUM], size_t *dropped);

/* The name of a SID for people: looked up, well-known, or its text. */
void template_trustee_text(const struct template_options *options,
                           const struct template_facts *facts, const struct sid *sid, char *target,
                           size_t size);

/* The same, NULL if only its text is known. */
const char *template_trustee_known(const struct template_options *options,
                                   const struct template_facts *facts, const struct sid *sid,
                                   char *target, size_t size);

/* The perfdata of the check, in the order that is printed. */
enum metric_id { METRIC_TIME, METRIC_TEMPLATES, METRIC_CA_DAYS, METRIC_COUNT };
extern const struct metric_kind template_metrics[METRIC_COUNT];

#endif
