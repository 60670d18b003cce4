/* collect.c - reads the certificates and their CRLs; judges nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/racert/racert.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/file.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/pki/chain.h"
#include "common/pki/crl_fetch.h"
#include "common/scep/endpoint.h"

/* Reads the certificates of the file that `option` names. Returns false with a usage error. */
static bool read_bundle_file(const char *option, const char *path, struct bundle *bundle,
                             char *error, size_t error_size)
{
    struct buffer content;
    const char *problem = NULL;
    char detail[1100];
    bool read;

    buffer_init(&content, HTTP_BODY_MAXIMUM);
    read = file_read(path, &content, detail, sizeof detail);
    if (read)
        problem = bundle_parse(buffer_text(&content), content.length, bundle);
    buffer_free(&content);
    if (!read)
        text_format(error, error_size, "option --%s: %s", option, detail);
    else if (problem)
        text_format(error, error_size, "option --%s: %s holds %s", option, path, problem);
    return read && !problem;
}

static bool ask_server(const struct racert_options *options, struct racert_sources *sources,
                       struct racert_facts *facts)
{
    char url[sizeof options->url + 64];

    if (!scep_url(options->url, "GetCACert", url, sizeof url))
        return false;
    http_get(sources->server, url, 0, &facts->answer);
    if (facts->answer.outcome != HTTP_ANSWERED || facts->answer.status != 200)
        return false;
    facts->cacert = cacert_read(&facts->answer.body, &sources->bundle, &facts->problem);
    return facts->cacert == CACERT_GOOD;
}

/* The issuer's certificate for checking a CRL: from the answer, else from --ca-file. */
static X509 *issuer_of(const struct racert_sources *sources, X509 *subject,
                       const struct job_facts *job)
{
    int index = job->issuer;

    if (index >= 0)
        return sources->bundle.x509[index];
    index = chain_find_issuer(&sources->anchors, subject);
    return index >= 0 ? sources->anchors.x509[index] : NULL;
}

static void collect_job(const struct racert_options *options, struct racert_sources *sources,
                        struct crl_cache *cache, struct job_facts *job)
{
    X509 *subject = sources->bundle.x509[job->index];
    X509 *issuer;

    job->issuer = chain_find_issuer(&sources->bundle, subject);
    job->chain_problem = chain_verify(subject, &sources->bundle, &sources->bundle);
    if (options->ca_file)
        job->ca_problem = chain_verify(subject, &sources->bundle, &sources->anchors);
    issuer = issuer_of(sources, subject, job);
    if (sources->crls && issuer)
        crl_fetch(sources->crls, &sources->bundle.facts[job->index], subject, issuer, cache,
                  &job->crl);
}

static void collect_bundle(const struct racert_options *options, struct racert_sources *sources,
                           struct racert_facts *facts)
{
    const struct bundle *bundle = &sources->bundle;
    struct ra_pair pair = ra_pair_choose(bundle->facts, bundle->count, facts->now);
    struct job_facts *signing = &facts->jobs[JOB_SIGNING];
    struct job_facts *encryption = &facts->jobs[JOB_ENCRYPTION];
    struct crl_cache cache = {0};

    facts->count = bundle->count;
    facts->dropped = bundle->dropped;
    memcpy(facts->certificates, bundle->facts, bundle->count * sizeof bundle->facts[0]);
    facts->newest_ca = chain_newest_ca(bundle);
    signing->index = pair.signing;
    encryption->index = pair.encryption;
    if (pair.signing >= 0)
        collect_job(options, sources, &cache, signing);
    if (pair.encryption >= 0 && pair.encryption == pair.signing)
        *encryption = *signing;
    else if (pair.encryption >= 0)
        collect_job(options, sources, &cache, encryption);
    http_response_free(&cache.answer);
}

static bool read_anchors(const char *path, struct bundle *anchors, char *error, size_t error_size)
{
    if (!read_bundle_file("ca-file", path, anchors, error, error_size))
        return false;
    for (size_t i = 0; i < anchors->count; i++)
        if (anchors->facts[i].is_ca)
            return true;
    text_format(error, error_size, "option --ca-file: %s holds no CA certificate", path);
    return false;
}

/* A session for the hosts that certificates name: the address, headers and client certificate that
 * the operator gave are for the NDES server alone. */
static struct http_session *open_crl_session(const struct racert_options *options,
                                             const struct deadline *deadline,
                                             struct http_settings *settings, char *error,
                                             size_t error_size)
{
    *settings = options->connection.http;
    settings->route.connect_address = NULL;
    settings->header_count = 0;
    settings->tls.client_certificate = NULL;
    return http_open(settings, deadline, error, error_size);
}

static bool open_sources(const struct racert_options *options, const struct deadline *deadline,
                         struct racert_sources *sources, char *error, size_t error_size)
{
    if (options->ca_file && !read_anchors(options->ca_file, &sources->anchors, error, error_size))
        return false;
    if (options->file &&
        !read_bundle_file("file", options->file, &sources->bundle, error, error_size))
        return false;
    if (!options->file)
        sources->server = http_open(&options->connection.http, deadline, error, error_size);
    if (!options->file && !sources->server)
        return false;
    if (options->check_crl)
        sources->crls =
            open_crl_session(options, deadline, &sources->crl_settings, error, error_size);
    return !options->check_crl || sources->crls;
}

struct racert_sources *racert_open(const struct racert_options *options,
                                   const struct deadline *deadline, char *error, size_t error_size)
{
    struct racert_sources *sources = memory_zeroed(1, sizeof *sources);

    if (!sources)
        text_copy(error, error_size, "out of memory");
    else if (open_sources(options, deadline, sources, error, error_size))
        return sources;
    racert_close(sources);
    return NULL;
}

void racert_close(struct racert_sources *sources)
{
    if (!sources)
        return;
    http_close(sources->server);
    http_close(sources->crls);
    bundle_free(&sources->bundle);
    bundle_free(&sources->anchors);
    free(sources);
}

void racert_collect(const struct racert_options *options, struct racert_sources *sources,
                    const struct deadline *deadline, struct racert_facts *facts)
{
    (void)deadline; /* the sessions know it */
    facts->now = clock_now();
    facts->newest_ca = -1;
    facts->jobs[JOB_SIGNING].index = facts->jobs[JOB_ENCRYPTION].index = -1;
    if (sources->server && !ask_server(options, sources, facts))
        return; /* nothing to compare; the answer tells why */
    if (sources->bundle.count)
        collect_bundle(options, sources, facts);
}

void racert_facts_free(struct racert_facts *facts)
{
    http_response_free(&facts->answer);
}
