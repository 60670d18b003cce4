/* cacert.c - the answer to GetCACert: which certificate has which job.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/scep/cacert.h"

#include <stdbool.h>

#include "common/base/text.h"
#include "common/scep/caps.h"

enum cacert_verdict cacert_read(const struct buffer *body, struct bundle *bundle,
                                const char **problem)
{
    *problem = bundle_parse(buffer_text(body), body->length, bundle);
    if (!*problem)
        return CACERT_GOOD;
    if (!slice_trim((struct slice){buffer_text(body), body->length}).length)
        return CACERT_BLANK;
    return scep_is_html(buffer_text(body), body->length) ? CACERT_HTML : CACERT_INVALID;
}

static bool is_valid_at(const struct certificate *certificate, int64_t now)
{
    return certificate->validity.not_before <= now && now <= certificate->validity.not_after;
}

static bool has_job(const struct certificate *certificate, enum certificate_role job)
{
    enum certificate_role role = certificate_role(certificate);

    return role == job || role == ROLE_RA_BOTH;
}

/* True if `a` is rather the one in use than `b`. */
static bool is_preferred(const struct certificate *a, const struct certificate *b, int64_t now)
{
    if (a->request_agent != b->request_agent)
        return a->request_agent;
    if (is_valid_at(a, now) != is_valid_at(b, now))
        return is_valid_at(a, now);
    return a->validity.not_before > b->validity.not_before;
}

static int choose(const struct certificate *certificates, size_t count, enum certificate_role job,
                  int64_t now)
{
    int chosen = -1;

    for (size_t i = 0; i < count; i++)
        if (has_job(&certificates[i], job) &&
            (chosen < 0 || is_preferred(&certificates[i], &certificates[chosen], now)))
            chosen = (int)i;
    return chosen;
}

struct ra_pair ra_pair_choose(const struct certificate *certificates, size_t count, int64_t now)
{
    return (struct ra_pair){
        .signing = choose(certificates, count, ROLE_RA_SIGNING, now),
        .encryption = choose(certificates, count, ROLE_RA_ENCRYPTION, now),
    };
}
