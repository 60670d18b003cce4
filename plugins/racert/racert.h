/* racert.h - the three steps of check_ndes_racert and the data between them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_PLUGINS_RACERT_H
#define NDES_PLUGINS_RACERT_H

#include "common/http/http.h"
#include "common/plugin/common_options.h"
#include "common/endpoint/connection.h"
#include "common/pki/bundle.h"
#include "common/pki/crl.h"
#include "common/report/expiry.h"
#include "common/scep/answer.h"
#include "common/scep/cacert.h"

struct racert_options {
    struct common_options common;
    struct connection_options connection;
    const char *file; /* instead of a URL */
    char url[1024];
    struct limit warning; /* of the RA certificate that ends first */
    struct limit critical;
    struct limit ca_warning;
    struct limit ca_critical;
    const char *ca_file;
    bool allow_no_ra;
    struct text_list fingerprints;
    const char *subject;
    bool check_crl;
    struct range crl_warning; /* hours to nextUpdate */
    struct range crl_critical;
};

/* The jobs of the pair in use; one certificate may have both. */
enum job { JOB_SIGNING, JOB_ENCRYPTION, JOB_COUNT };

/* What the pair's certificates lead to. */
struct job_facts {
    int index;                 /* of the certificate, -1 if there is none for this job */
    int issuer;                /* index of its CA certificate in the answer, -1 if not there */
    const char *chain_problem; /* NULL if it verifies; static text */
    const char *ca_problem;    /* the same against --ca-file */
    struct crl crl;
};

struct racert_facts {
    int64_t now; /* seconds since 1970 */
    struct http_response answer;
    enum cacert_verdict cacert;
    const char *problem; /* static text, unless CACERT_GOOD */
    size_t count;
    struct certificate certificates[BUNDLE_MAXIMUM];
    size_t dropped;
    int newest_ca; /* index, -1 if there is no CA certificate */
    struct job_facts jobs[JOB_COUNT];
};

/* The steps of its options; struct plugin_steps tells what each does. */
size_t racert_options_groups(void *options, struct option_group *groups);
bool racert_options_resolve(void *options, char *error, size_t error_size);
void racert_options_free(void *options);

/* What the certificates come from and are compared with. */
struct racert_sources {
    struct http_session *server; /* NULL with --file */
    struct http_session *crls; /* for the hosts that certificates name; NULL without --check-crl */
    struct http_settings crl_settings;
    struct bundle bundle;  /* the answer, or the file */
    struct bundle anchors; /* of --ca-file */
};

/* Reads the local files and prepares the sessions. On failure returns NULL and a line in `error`.
 * `options` and `deadline` must outlive the sources, which racert_close() frees. */
struct racert_sources *racert_open(const struct racert_options *options,
                                   const struct deadline *deadline, char *error, size_t error_size);
void racert_close(struct racert_sources *sources);

/* Asks for the certificates, unless they come from a file, and for the CRLs. `facts` starts as {0}
 * and is freed by racert_facts_free(). */
void racert_collect(const struct racert_options *options, struct racert_sources *sources,
                    const struct deadline *deadline, struct racert_facts *facts);
void racert_facts_free(struct racert_facts *facts);

/* Turns facts into findings; pure. */
void racert_judge(const struct racert_options *options, const struct racert_facts *facts,
                  struct report *report);

/* The perfdata of the check, in the order that is printed. */
enum metric_id {
    METRIC_TIME,
    METRIC_SIGNING_DAYS,
    METRIC_ENCRYPTION_DAYS,
    METRIC_LIFETIME,
    METRIC_CRL_HOURS,
    METRIC_CA_DAYS,
    METRIC_COUNT,
};
extern const struct metric_kind racert_metrics[METRIC_COUNT];

#endif
