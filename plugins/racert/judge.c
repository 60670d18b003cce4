/* judge.c - turns what the certificates are into findings; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/racert/racert.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/text.h"

enum { RSA_BITS_MINIMUM = 2048 };

static const char *job_name(const struct racert_facts *facts, enum job job)
{
    if (facts->jobs[JOB_SIGNING].index == facts->jobs[JOB_ENCRYPTION].index)
        return "signing and encryption certificate";
    return job == JOB_SIGNING ? "signing certificate" : "encryption certificate";
}

static const struct certificate *job_certificate(const struct racert_facts *facts, enum job job)
{
    int index = facts->jobs[job].index;

    return index >= 0 ? &facts->certificates[index] : NULL;
}

/* The second job is not worth a word of its own if the same certificate does both. */
static bool is_repeated(const struct racert_facts *facts, enum job job)
{
    return job == JOB_ENCRYPTION &&
           facts->jobs[JOB_SIGNING].index == facts->jobs[JOB_ENCRYPTION].index;
}

static struct expiry expiry_of(const struct certificate *certificate, int64_t now,
                               const struct limit *warning, const struct limit *critical)
{
    struct lifetime lifetime = {certificate->validity.not_before, certificate->validity.not_after};
    struct expiry expiry;

    judge_expiry(lifetime, now, warning, critical, &expiry);
    return expiry;
}

/* The clock of this host may be wrong: if the server's Date gives another verdict, say so. */
static void note_clock(const struct racert_facts *facts, const struct certificate *certificate,
                       const char *what, struct report *report)
{
    const struct http_response *answer = &facts->answer;
    int64_t theirs = facts->now + answer->clock_ahead;
    char offset[48];

    if (!answer->has_date || theirs < certificate->validity.not_before ||
        theirs > certificate->validity.not_after)
        return;
    clock_offset(answer->clock_ahead, offset, sizeof offset);
    report_find(report, NDES_TIME_SKEW, "by the server's clock, which is %s, the %s '%s' is valid",
                offset, what, certificate->common_name);
}

/* Judges the validity of one certificate; `what` names its job. */
static void judge_validity(const struct racert_facts *facts, const struct certificate *certificate,
                           const char *what, const struct limit *warning,
                           const struct limit *critical, bool is_ca, struct report *report)
{
    struct expiry expiry = expiry_of(certificate, facts->now, warning, critical);
    const char *name = certificate->common_name;
    char from[32];

    clock_format(certificate->validity.not_before, from, sizeof from);
    if (facts->now < certificate->validity.not_before) {
        report_find(report, NDES_RA_NOTYET, "%s '%s' is not valid before %s", what, name, from);
        note_clock(facts, certificate, what, report);
    } else if (expiry.ended) {
        report_find(report, is_ca ? NDES_CA_EXPIRED : NDES_RA_EXPIRED,
                    "%s '%s' expired %s ago" DETAIL " (%s)", what, name, expiry.span, expiry.until);
        note_clock(facts, certificate, what, report);
    } else if (expiry.state != STATE_OK) {
        report_find_as(report, expiry.state, is_ca ? NDES_CA_EXPIRING : NDES_RA_EXPIRING,
                       "%s '%s' expires in %s" DETAIL " (%s; wanted %s)", what, name, expiry.span,
                       expiry.until, expiry.wanted);
    }
}

/* Says how long a certificate lasts, with [OK] if there was no finding about it since `before`. */
static void note_validity(const struct racert_facts *facts, const struct certificate *certificate,
                          const char *what, size_t before, struct report *report)
{
    struct expiry expiry = expiry_of(certificate, facts->now, NULL, NULL);

    if (!expiry.ended)
        report_note(report, 1, "%s%s '%s': expires in %s (%s)",
                    report->finding_count == before ? "[OK] " : "", what, certificate->common_name,
                    expiry.span, expiry.until);
}

static void judge_key(const struct certificate *certificate, const char *what,
                      struct report *report)
{
    if (certificate->key_type == KEY_RSA && certificate->key_bits < RSA_BITS_MINIMUM)
        report_find(report, NDES_RA_WEAKKEY, "%s '%s': RSA key of %d bits, wanted %d", what,
                    certificate->common_name, certificate->key_bits, RSA_BITS_MINIMUM);
}

static void judge_signature(const struct certificate *certificate, const char *what,
                            struct report *report)
{
    if (certificate->signature_kind != SIGNATURE_GOOD)
        report_find(report, NDES_RA_SIGNATURE, "%s '%s' is signed with %s", what,
                    certificate->common_name, certificate->signature);
}

/* Compares a fingerprint in any case and with or without colons. */
static bool fingerprint_is(const char *fingerprint, const char *wanted)
{
    for (; *wanted; wanted++) {
        if (*wanted == ':')
            continue;
        if (!*fingerprint ||
            !slice_is((struct slice){wanted, 1}, (const char[]){*fingerprint, '\0'}))
            return false;
        fingerprint++;
    }
    return !*fingerprint;
}

static void judge_expected(const struct racert_options *options,
                           const struct certificate *certificate, const char *what,
                           struct report *report)
{
    bool matches = options->fingerprints.count == 0;

    for (size_t i = 0; i < options->fingerprints.count; i++)
        matches =
            matches || fingerprint_is(certificate->fingerprint, options->fingerprints.items[i]);
    if (!matches)
        report_find(report, NDES_RA_UNEXPECTED,
                    "%s '%s' has an unexpected fingerprint" DETAIL ": SHA-256 %s", what,
                    certificate->common_name, certificate->fingerprint);
    if (options->subject &&
        !text_find(certificate->subject, strlen(certificate->subject), options->subject))
        report_find(report, NDES_RA_UNEXPECTED,
                    "%s has an unexpected subject" DETAIL ": '%s', wanted '%s'", what,
                    certificate->subject, options->subject);
}

/* The newest certificate of the same CA in the answer. */
static const struct certificate *newest_generation(const struct racert_facts *facts,
                                                   const struct certificate *ca)
{
    const struct certificate *newest = ca;

    for (size_t i = 0; i < facts->count; i++) {
        const struct certificate *other = &facts->certificates[i];

        if (other->is_ca && strcmp(other->subject, ca->subject) == 0 &&
            other->validity.not_before > newest->validity.not_before)
            newest = other;
    }
    return newest;
}

/* The issuer: the newest generation of the CA in the answer, and the operator's. */
static void judge_issuer(const struct racert_facts *facts, enum job job, const char *what,
                         struct report *report)
{
    const struct job_facts *about = &facts->jobs[job];
    const struct certificate *certificate = job_certificate(facts, job);
    const struct certificate *issuer;
    const struct certificate *newest;
    char old_until[32];
    char new_until[32];

    if (about->ca_problem)
        report_find(report, NDES_RA_CHAIN, "%s '%s' does not verify with --ca-file" DETAIL ": %s",
                    what, certificate->common_name, about->ca_problem);
    else if (about->chain_problem && facts->newest_ca >= 0)
        report_find(report, NDES_RA_CHAIN, "%s '%s' does not verify" DETAIL ": issuer '%s', %s",
                    what, certificate->common_name, certificate->issuer, about->chain_problem);
    else if (about->chain_problem)
        report_note(report, 1, "%s: issuer not checked, as no CA certificate came with it", what);
    if (about->issuer < 0)
        return;
    issuer = &facts->certificates[about->issuer];
    newest = newest_generation(facts, issuer);
    if (newest == issuer)
        return;
    clock_format(issuer->validity.not_after, old_until, sizeof old_until);
    clock_format(newest->validity.not_after, new_until, sizeof new_until);
    report_find(report, NDES_RA_OLDCA,
                "%s '%s' was issued under an older certificate of CA '%s'" DETAIL
                " (until %s) than the newest one (until %s)",
                what, certificate->common_name, newest->common_name, old_until, new_until);
}

static long double hours_left(const struct crl *crl, int64_t now)
{
    return (long double)(crl->next_update - now) / SECONDS_PER_HOUR;
}

/* The limits are in hours, as CRLs live for days. */
static void judge_crl_time(const struct racert_options *options, const struct racert_facts *facts,
                           const struct crl *crl, struct report *report)
{
    struct lifetime lifetime = {crl->this_update, crl->next_update};
    enum state state =
        threshold_state(hours_left(crl, facts->now), &options->crl_warning, &options->crl_critical);
    struct expiry expiry;

    if (!crl->has_next_update) {
        report_note(report, 1, "CRL %s: no nextUpdate", crl->url);
        return;
    }
    judge_expiry(lifetime, facts->now, NULL, NULL, &expiry);
    if (expiry.ended)
        report_find(report, NDES_CRL_EXPIRED, "CRL %s expired %s ago" DETAIL " (%s)", crl->url,
                    expiry.span, expiry.until);
    else if (state != STATE_OK)
        report_find_as(report, state, NDES_CRL_EXPIRING,
                       "CRL %s expires in %s" DETAIL " (%s; wanted %s hours)", crl->url,
                       expiry.span, expiry.until,
                       state == STATE_CRITICAL ? options->crl_critical.text
                                               : options->crl_warning.text);
    else
        report_note(report, 1, "[OK] CRL %s: %zu %s, until %s", crl->url, crl->entries,
                    crl->entries == 1 ? "entry" : "entries", expiry.until);
}

/* Asked for, and not done. Without an address on HTTP only the server can. */
static void judge_unchecked_crl(const struct certificate *certificate, const char *what,
                                struct report *report)
{
    if (certificate->crl_url_count)
        report_find(report, NDES_CRL_UNREACHABLE,
                    "%s: revocation not checked: its CA certificate is not in the answer" DETAIL
                    "; give it with --ca-file",
                    what);
    else
        report_note(report, 1, "%s: revocation not checked: %s", what,
                    certificate->crl_elsewhere
                        ? "its CRL is not on HTTP (ldap:), which only the server can fetch"
                        : "it names no CRL");
}

/* A CRL serves both certificates as a rule: what is said of the list itself is said once. */
static void judge_crl(const struct racert_options *options, const struct racert_facts *facts,
                      enum job job, const char *what, struct report *report)
{
    const struct crl *crl = &facts->jobs[job].crl;
    const struct certificate *certificate = job_certificate(facts, job);
    const struct crl *first = &facts->jobs[JOB_SIGNING].crl;
    bool repeated = job == JOB_ENCRYPTION && crl->outcome == first->outcome &&
                    strcmp(crl->url, first->url) == 0;
    char when[32] = "an unknown date";

    if (crl->outcome == CRL_READ && crl->revoked) {
        if (crl->revoked_at)
            clock_format(crl->revoked_at, when, sizeof when);
        report_find(report, NDES_RA_REVOKED, "%s '%s' was revoked on %s" DETAIL "%s%s", what,
                    certificate->common_name, when, crl->reason[0] ? ": " : "", crl->reason);
    } else if (crl->outcome == CRL_READ) {
        report_note(report, 1, "[OK] %s: not on CRL %s", what, crl->url);
    }
    switch (crl->outcome) {
    case CRL_READ:
        if (!repeated)
            judge_crl_time(options, facts, crl, report);
        break;
    case CRL_NOT_CHECKED:
        judge_unchecked_crl(certificate, what, report);
        break;
    case CRL_UNREACHABLE:
        if (!repeated)
            report_find(report, NDES_CRL_UNREACHABLE, "CRL %s: %s", crl->url, crl->detail);
        break;
    case CRL_UNREADABLE:
    case CRL_FOREIGN:
        if (!repeated)
            report_find(report, NDES_CRL_INVALID, "CRL %s: %s", crl->url, crl->detail);
        break;
    }
}

/* The hours of the list that ends first. */
static void add_crl_metric(const struct racert_options *options, const struct racert_facts *facts,
                           struct report *report)
{
    const struct crl *first = NULL;

    for (int job = JOB_SIGNING; job < JOB_COUNT; job++) {
        const struct crl *crl = &facts->jobs[job].crl;

        if (crl->outcome == CRL_READ && crl->has_next_update &&
            (!first || crl->next_update < first->next_update))
            first = crl;
    }
    if (first)
        report_metric(report, &racert_metrics[METRIC_CRL_HOURS], hours_left(first, facts->now),
                      &options->crl_warning, &options->crl_critical);
}

static void judge_job(const struct racert_options *options, const struct racert_facts *facts,
                      enum job job, struct report *report)
{
    const struct certificate *certificate = job_certificate(facts, job);
    const char *what = job_name(facts, job);
    size_t before = report->finding_count;

    if (!certificate || is_repeated(facts, job))
        return;
    judge_validity(facts, certificate, what, &options->warning, &options->critical, false, report);
    if (!certificate->request_agent)
        report_find(report, NDES_RA_USAGE,
                    "%s '%s' lacks EKU Certificate Request Agent" DETAIL
                    " (1.3.6.1.4.1.311.20.2.1)",
                    what, certificate->common_name);
    judge_issuer(facts, job, what, report);
    judge_key(certificate, what, report);
    judge_signature(certificate, what, report);
    judge_expected(options, certificate, what, report);
    if (options->check_crl)
        judge_crl(options, facts, job, what, report);
    note_validity(facts, certificate, what, before, report);
}

/* Whether there is a certificate for each job. */
static void judge_roles(const struct racert_options *options, const struct racert_facts *facts,
                        struct report *report)
{
    bool signing = facts->jobs[JOB_SIGNING].index >= 0;
    bool encryption = facts->jobs[JOB_ENCRYPTION].index >= 0;
    size_t others = 0;

    for (size_t i = 0; i < facts->count; i++)
        others += !facts->certificates[i].is_ca;
    if (!others && options->allow_no_ra)
        report_note(report, 1,
                    "[OK] no RA certificates: the CA answers requests itself (--allow-no-ra)");
    else if (!others)
        report_find(report, NDES_RA_MISSING, "%zu CA certificate%s, but no RA certificate",
                    facts->count, text_plural((int64_t)facts->count));
    else if (!signing && !encryption)
        report_find(
            report, NDES_RA_USAGE,
            "no RA certificate may sign (digitalSignature) or encrypt (keyEncipherment)" DETAIL
            ", of %zu served",
            others);
    else if (!signing || !encryption)
        report_find(report, NDES_RA_USAGE, "no RA certificate for %s among %zu",
                    signing ? "encryption (keyEncipherment)" : "signing (digitalSignature)",
                    others);
}

static void judge_ca(const struct racert_options *options, const struct racert_facts *facts,
                     struct report *report)
{
    const struct certificate *ca;
    size_t before = report->finding_count;

    if (facts->newest_ca < 0 && !options->file) /* a file may hold what the operator likes */
        report_find(report, NDES_CA_MISSING, "%zu certificate%s, but none of a CA", facts->count,
                    text_plural((int64_t)facts->count));
    if (facts->newest_ca < 0)
        return;
    ca = &facts->certificates[facts->newest_ca];
    report_metric(report, &racert_metrics[METRIC_CA_DAYS],
                  expiry_of(ca, facts->now, NULL, NULL).days,
                  options->ca_warning.percent ? NULL : &options->ca_warning.range,
                  options->ca_critical.percent ? NULL : &options->ca_critical.range);
    judge_validity(facts, ca, "CA certificate", &options->ca_warning, &options->ca_critical, true,
                   report);
    judge_key(ca, "CA certificate", report);
    if (!ca->self_issued) /* nobody checks the signature that a root makes of itself */
        judge_signature(ca, "CA certificate", report);
    note_validity(facts, ca, "CA certificate", before, report);
}

static const char *role_name(const struct certificate *certificate)
{
    static const char *const names[] = {
        [ROLE_OTHER] = "other certificate",
        [ROLE_CA] = "CA certificate",
        [ROLE_RA_SIGNING] = "signing certificate",
        [ROLE_RA_ENCRYPTION] = "encryption certificate",
        [ROLE_RA_BOTH] = "signing and encryption certificate",
    };

    return names[certificate_role(certificate)];
}

/* Lists the certificates that are not judged, and at -vv the details of all. */
static void note_certificates(const struct racert_facts *facts, struct report *report)
{
    for (size_t i = 0; i < facts->count; i++) {
        const struct certificate *certificate = &facts->certificates[i];
        bool judged = (int)i == facts->jobs[JOB_SIGNING].index ||
                      (int)i == facts->jobs[JOB_ENCRYPTION].index || (int)i == facts->newest_ca;
        char until[32];
        char key[32];

        clock_format(certificate->validity.not_after, until, sizeof until);
        certificate_key_text(certificate, key, sizeof key);
        if (!judged)
            report_note(report, 1, "also served: %s '%s', until %s", role_name(certificate),
                        certificate->common_name, until);
        report_note(report, 2, "%s '%s': serial %s, SHA-256 %s, %s, %s, template %s",
                    role_name(certificate), certificate->subject, certificate->serial,
                    certificate->fingerprint, key, certificate->signature,
                    certificate->template_name[0]  ? certificate->template_name
                    : certificate->template_oid[0] ? certificate->template_oid
                                                   : "(none)");
    }
    if (facts->dropped)
        report_note(report, 1, "not checked: %zu more certificate%s", facts->dropped,
                    text_plural((int64_t)facts->dropped));
}

static void add_day_metrics(const struct racert_options *options, const struct racert_facts *facts,
                            struct report *report)
{
    static const enum metric_id metrics[] = {METRIC_SIGNING_DAYS, METRIC_ENCRYPTION_DAYS};
    struct expiry expiry;
    const struct certificate *first = NULL;

    for (int job = JOB_SIGNING; job < JOB_COUNT; job++) {
        const struct certificate *certificate = job_certificate(facts, (enum job)job);

        if (!certificate)
            continue;
        report_metric(report, &racert_metrics[metrics[job]],
                      expiry_of(certificate, facts->now, NULL, NULL).days,
                      options->warning.percent ? NULL : &options->warning.range,
                      options->critical.percent ? NULL : &options->critical.range);
        if (!first || certificate->validity.not_after < first->validity.not_after)
            first = certificate;
    }
    if (!first)
        return;
    expiry = expiry_of(first, facts->now, NULL, NULL);
    report_metric(report, &racert_metrics[METRIC_LIFETIME], expiry.percent,
                  options->warning.percent ? &options->warning.range : NULL,
                  options->critical.percent ? &options->critical.range : NULL);
    report_summary(report, "RA certificates are valid, the first expires in %s ('%s')", expiry.span,
                   first->common_name);
}

/* Whether there are certificates to judge; reports why not. */
static bool has_certificates(const struct racert_options *options, const struct racert_facts *facts,
                             struct report *report)
{
    const struct http_response *answer = &facts->answer;

    if (options->file)
        return true;
    report_metric(report, &racert_metrics[METRIC_TIME], answer->times.total, NULL, NULL);
    if (!answer_arrived(report, "GetCACert", options->url, answer))
        return false;
    answer_note(report, "GetCACert", answer);
    answer_judge_status(report, "GetCACert", answer);
    if (answer->status == 200)
        answer_judge_cacert(report, facts->cacert, facts->problem, answer);
    return answer->status == 200 && facts->cacert == CACERT_GOOD;
}

void racert_judge(const struct racert_options *options, const struct racert_facts *facts,
                  struct report *report)
{
    if (!has_certificates(options, facts, report))
        return;
    report_summary(report, "%zu certificate%s, no RA certificate is needed", facts->count,
                   text_plural((int64_t)facts->count));
    add_day_metrics(options, facts, report);
    judge_roles(options, facts, report);
    judge_job(options, facts, JOB_SIGNING, report);
    judge_job(options, facts, JOB_ENCRYPTION, report);
    add_crl_metric(options, facts, report);
    judge_ca(options, facts, report);
    note_certificates(facts, report);
}
