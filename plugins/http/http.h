/* http.h - the three steps of check_ndes_http and the data between them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PLUGINS_HTTP_H
#define NDES_PLUGINS_HTTP_H

#include "common/http/http.h"
#include "common/plugin/common_options.h"
#include "common/endpoint/connection.h"
#include "common/endpoint/credentials.h"
#include "common/pki/certificate.h"
#include "common/report/expiry.h"
#include "common/scep/admin_page.h"
#include "common/scep/answer.h"
#include "common/scep/caps.h"
#include "common/scep/challenge.h"

/* What the bare URL must answer. */
enum ndes_profile { PROFILE_AUTO, PROFILE_NDES, PROFILE_INTUNE, PROFILE_OTHER };

enum admin_mode { ADMIN_AUTO, ADMIN_REQUIRED, ADMIN_FORBIDDEN, ADMIN_OFF, ADMIN_CHALLENGE };

enum login_choice { LOGIN_AUTO, LOGIN_NTLM, LOGIN_NEGOTIATE };

/* -C W[,C]: minimum days that the TLS certificate must have left. */
struct days_pair {
    struct limit warning;
    struct limit critical; /* never alerts if it was not given */
};

struct http_options {
    struct common_options common;
    struct connection_options connection;
    char url[1024]; /* of mscep.dll */
    struct range warning;
    struct range critical;
    struct days_pair tls_days;
    int profile; /* enum ndes_profile */
    const char *require_caps;
    int64_t long_url; /* bytes, 0: not asked */
    int admin;        /* enum admin_mode */
    const char *admin_path;
    char admin_url[1280];
    struct credentials_options credentials;
    int auth; /* enum login_choice; not LOGIN_AUTO once the options are resolved */
    int64_t challenge_interval;
    bool single_password;
    const char *state_dir;
    char own_state_dir[STATE_PATH_SIZE]; /* where no --state-dir was given */
};

/* The requests of a run, in this order. */
enum step {
    STEP_BARE,
    STEP_CAPS,
    STEP_CACERT,
    STEP_ADMIN,
    STEP_LONG,
    STEP_CHALLENGE,
    STEP_COUNT,
};

struct http_facts {
    int64_t now; /* seconds since 1970 */
    struct http_response answers[STEP_COUNT];
    struct scep_caps caps;
    struct scep_caps long_caps;
    enum cacert_verdict cacert;
    const char *cacert_problem; /* static text */
    size_t certificates;
    enum admin_page bare_page;
    enum admin_page admin_page; /* seen without signing in */
    bool admin_withheld;        /* the ledger cannot be used: the page was not asked for */
    bool admin_repeated;        /* the page is known to be open: it was not asked for again */
    bool login_tried;           /* the server asked for a sign-in */
    bool login_offered;         /* and offered the scheme that --auth and the password allow */
    char login_user[128];       /* who was to sign in */
    struct challenge challenge;
    struct challenge_verdict verdict; /* of this run, with CHALLENGE_ASK */
    char ticket_problem[512]; /* why there is no Kerberos ticket to sign in with; "": there is */
    bool has_certificate;
    struct certificate certificate; /* of the TLS server */
    char tls_protocol[16];
    char tls_cipher[64];
    long connections;
};

/* The steps of its options; struct plugin_steps tells what each does. */
size_t http_options_groups(void *options, struct option_group *groups);
bool http_options_resolve(void *options, char *error, size_t error_size);
void http_options_free(void *options);

/* Asks the server; all the I/O of the check. */
void http_collect(const struct http_options *options, struct http_session *session,
                  const struct deadline *deadline, struct http_facts *facts);
/* Its part that looks at the admin page and signs in to it. */
void http_collect_admin(const struct http_options *options, struct http_session *session,
                        const struct deadline *deadline, struct http_facts *facts);
void http_facts_free(struct http_facts *facts);

/* Turns facts into findings; pure. */
void http_judge(const struct http_options *options, const struct http_facts *facts,
                struct report *report);

/* Its part about the admin page. */
void http_judge_admin(const struct http_options *options, const struct http_facts *facts,
                      struct report *report);
/* Adds an OK note that quotes an answer. */
void http_note_answer(struct report *report, const struct http_facts *facts, enum step step,
                      const char *meaning);
/* "GetCACaps", for messages. */
extern const char *const http_step_names[STEP_COUNT];

/* The perfdata of the check, in the order that is printed. */
enum metric_id {
    METRIC_TIME,
    METRIC_TIME_DNS,
    METRIC_TIME_CONNECT,
    METRIC_TIME_TLS,
    METRIC_TIME_URL,
    METRIC_TIME_CAPS,
    METRIC_TIME_CACERT,
    METRIC_TIME_ADMIN,
    METRIC_TIME_LONG,
    METRIC_TIME_CHALLENGE,
    METRIC_CACERT_SIZE,
    METRIC_TLS_DAYS,
    METRIC_COUNT,
};
extern const struct metric_kind http_metrics[METRIC_COUNT];

#endif
