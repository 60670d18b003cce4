/* judge_certificate.c - whether the connector's client certificate is good.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/cim/verdict.h"

/* A certificate that was read. */
static void judge_validity(const struct connector_options *options,
                           const struct connector_facts *facts, struct report *report)
{
    const struct certificate *certificate = &facts->certificate.certificate;
    struct lifetime lifetime = {certificate->validity.not_before, certificate->validity.not_after};
    size_t before = report->finding_count;
    struct expiry expiry;
    char from[32];

    judge_expiry(lifetime, facts->server_now, &options->cert_warning, &options->cert_critical,
                 &expiry);
    report_metric(report, &connector_metrics[METRIC_CERTIFICATE_DAYS], expiry.days,
                  options->cert_warning.percent ? NULL : &options->cert_warning.range,
                  options->cert_critical.percent ? NULL : &options->cert_critical.range);
    clock_format(certificate->validity.not_before, from, sizeof from);
    if (expiry.ended)
        report_find(report, NDES_CONN_CERT, "client certificate expired %s ago" DETAIL " (%s)",
                    expiry.span, expiry.until);
    else if (facts->server_now < certificate->validity.not_before)
        report_find(report, NDES_CONN_CERT, "client certificate is not valid before %s", from);
    else if (expiry.state != STATE_OK)
        report_find_as(report, expiry.state, NDES_CONN_CERT,
                       "client certificate expires in %s" DETAIL " (%s; wanted %s)", expiry.span,
                       expiry.until, expiry.wanted);
    if (certificate->has_extended_key_usage && !certificate->client_authentication)
        report_find_as(report, STATE_WARNING, NDES_CONN_CERT,
                       "client certificate lacks EKU Client Authentication" DETAIL
                       " (1.3.6.1.5.5.7.3.2)");
    if (report->finding_count == before)
        report_note(report, 1, "[OK] client certificate of '%s': expires in %s (%s)",
                    certificate->issuer, expiry.span, expiry.until);
    report_note(report, 2, "client certificate '%s': serial %s, SHA-1 %s", certificate->subject,
                certificate->serial, facts->certificate.thumbprint);
}

/* Without it the connector cannot decrypt what these features send. */
static void judge_unnamed(const struct services_facts *services, struct report *report)
{
    static const enum feature features[] = {FEATURE_PFX_IMPORT, FEATURE_PFX_CREATE};

    for (size_t i = 0; i < COUNT_OF(features); i++) {
        if (services->features[features[i]] == FEATURE_UNKNOWN)
            cim_judge_problem(report, "feature settings", &services->feature_problem);
        if (services->features[features[i]] != FEATURE_ON)
            continue;
        report_find(report, NDES_CONN_DATA,
                    "no EncryptionCertThumbprint" DETAIL
                    ": the connector names no client certificate, though %s is enabled",
                    connector_feature_name(features[i]));
        return;
    }
    report_note(report, 1,
                "client certificate: the connector names none (no EncryptionCertThumbprint)");
}

void connector_judge_certificate(const struct connector_options *options,
                                 const struct connector_facts *facts, struct report *report)
{
    const struct certificate_facts *certificate = &facts->certificate;

    if (!facts->looked[PART_CERTIFICATE])
        return;
    cim_judge_problem(report, connector_part_name(PART_CERTIFICATE),
                      &facts->problems[PART_CERTIFICATE]);
    if (facts->problems[PART_CERTIFICATE].kind != PROBLEM_NONE)
        return;
    switch (certificate->value) {
    case CERTIFICATE_NOT_NAMED:
        judge_unnamed(&facts->services, report);
        break;
    case CERTIFICATE_BAD_NAME:
        report_find(report, NDES_CONN_DATA,
                    "EncryptionCertThumbprint '%s' is not a valid thumbprint",
                    certificate->thumbprint);
        break;
    case CERTIFICATE_NOT_IN_STORE:
        report_find(report, NDES_CONN_CERT,
                    "client certificate is not in the store LocalMachine\\My" DETAIL ": %s",
                    certificate->thumbprint);
        break;
    case CERTIFICATE_UNREADABLE:
        report_find(report, NDES_CONN_DATA,
                    "client certificate in the store cannot be read" DETAIL ": %s",
                    certificate->thumbprint);
        break;
    case CERTIFICATE_READ:
        judge_validity(options, facts, report);
        break;
    }
}
