/* check_ndes_template_judge_ca.c - the CAs: whether they issue the templates, and how long they
 * last; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/check_ndes_template.h"

#include "common/base/text.h"

bool ca_is_judged(const struct check_options *options, const struct ca_facts *ca)
{
    if (options->ca_name)
        return text_equal(ca->name, options->ca_name);
    for (size_t i = 0; i < options->wanted_count; i++)
        if (ca->publishes[i])
            return true;
    return false;
}

static bool has_certificate(const struct ca_facts *ca)
{
    return ca->certificate_count > ca->unreadable_count;
}

static double days_left(const struct ca_facts *ca, int64_t now)
{
    return (double)(ca->newest.not_after - now) / SECONDS_PER_DAY;
}

/* "A, B, C and 4 more" */
static void add_name(struct buffer *names, const char *name, size_t index)
{
    enum { SHOWN = 5 };

    if (index < SHOWN)
        buffer_addf(names, "%s'%s'", index ? ", " : "", name);
    else if (index == SHOWN)
        buffer_add_text(names, " ...");
}

static void judge_named(const struct check_options *options, const struct check_facts *facts,
                        struct report *report)
{
    struct buffer names;
    bool found = !options->ca_name;

    buffer_init(&names, 2048);
    for (size_t i = 0; i < facts->ca_count; i++) {
        found = found || ca_is_judged(options, &facts->cas[i]);
        add_name(&names, facts->cas[i].name, i);
    }
    if (!facts->ca_count)
        report_find(report, NDES_TMPL_NOCA, "no enterprise CA is shown in Active Directory%s%s%s",
                    options->ca_name ? ", wanted '" : "", options->ca_name ? options->ca_name : "",
                    options->ca_name ? "'" : "");
    else if (!found && facts->cas_dropped)
        report_find(report, NDES_TMPL_NOCA, "no CA '%s' among the first %zu of %zu",
                    options->ca_name, facts->ca_count, facts->ca_count + facts->cas_dropped);
    else if (!found)
        report_find(report, NDES_TMPL_NOCA, "no CA '%s'; there %s: %s", options->ca_name,
                    facts->ca_count == 1 ? "is" : "are", buffer_text(&names));
    buffer_free(&names);
}

static void judge_certificate(const struct check_options *options, const struct check_facts *facts,
                              const struct ca_facts *ca, struct report *report)
{
    double days = days_left(ca, facts->now);
    double percent = certificate_percent_left(&ca->newest, facts->now);
    bool critical = limit_alerts(&options->critical, days, percent);
    bool warning = limit_alerts(&options->warning, days, percent);
    char until[32];
    char span[32];

    clock_format(ca->newest.not_after, until, sizeof until);
    clock_span(ca->newest.not_after - facts->now, span, sizeof span);
    if (facts->now > ca->newest.not_after)
        report_find(report, NDES_CA_EXPIRED, "certificate of CA '%s' expired %s ago (%s)", ca->name,
                    span, until);
    else if (critical || warning)
        report_find_as(report, critical ? STATE_CRITICAL : STATE_WARNING, NDES_CA_EXPIRING,
                       "certificate of CA '%s' expires in %s (%s; wanted %s)", ca->name, span,
                       until, critical ? options->critical.text : options->warning.text);
    else
        report_note(report, 1, "[OK] certificate of CA '%s': %s left, until %s", ca->name, span,
                    until);
    if (ca->unreadable_count)
        report_note(report, 1, "%zu of %zu certificates of CA '%s' cannot be read",
                    ca->unreadable_count, ca->certificate_count, ca->name);
}

static void judge_ntauth(const struct ca_facts *ca, struct report *report)
{
    if (ca->in_ntauth)
        report_note(report, 1, "[OK] CA '%s' is in NTAuthCertificates", ca->name);
    else
        report_find(report, NDES_TMPL_NTAUTH,
                    "the newest certificate of CA '%s' is not in NTAuthCertificates", ca->name);
}

static void judge_ra_templates(const struct ca_facts *ca, struct report *report)
{
    struct buffer names;

    buffer_init(&names, 256);
    for (int i = 0; i < RA_TEMPLATE_COUNT; i++)
        if (ca->publishes_ra[i])
            buffer_addf(&names, "%s%s", names.length ? ", " : "", ra_template_names[i]);
    if (names.length)
        report_find(report, NDES_TMPL_RALEFT, "CA '%s' still issues %s", ca->name,
                    buffer_text(&names));
    buffer_free(&names);
}

static void judge_ca(const struct check_options *options, const struct check_facts *facts,
                     const struct ca_facts *ca, struct report *report)
{
    if (!ca->shown) {
        report_find(report, NDES_LDAP_HIDDEN,
                    "CA '%s' is there, but what it publishes and its certificate are not shown: "
                    "the monitoring account needs to read its object",
                    ca->name);
    } else if (!has_certificate(ca)) {
        report_find(report, NDES_LDAP_HIDDEN,
                    ca->certificate_count
                        ? "CA '%s': none of its certificates in Active Directory can be read"
                        : "CA '%s': its certificate is not shown: the monitoring account needs to "
                          "read its object",
                    ca->name);
    } else {
        judge_certificate(options, facts, ca, report);
        if (options->require_ntauth && facts->ntauth_shown)
            judge_ntauth(ca, report);
    }
    if (options->posture == SWITCH_ON)
        judge_ra_templates(ca, report);
}

void judge_cas(const struct check_options *options, const struct check_facts *facts,
               struct report *report)
{
    const struct ca_facts *first = NULL;

    judge_named(options, facts, report);
    if (options->require_ntauth && !facts->ntauth_shown)
        report_find(report, NDES_LDAP_HIDDEN,
                    "NTAuthCertificates is not shown, or holds no certificate: the monitoring "
                    "account needs to read it");
    for (size_t i = 0; i < facts->ca_count; i++) {
        const struct ca_facts *ca = &facts->cas[i];

        if (!ca_is_judged(options, ca))
            continue;
        judge_ca(options, facts, ca, report);
        if (has_certificate(ca) && (!first || ca->newest.not_after < first->newest.not_after))
            first = ca;
    }
    if (facts->cas_dropped)
        report_note(report, 1, "%zu more CAs were not looked at", facts->cas_dropped);
    if (first)
        report_metric(report, &check_metrics[METRIC_CA_DAYS], days_left(first, facts->now),
                      options->warning.percent ? NULL : &options->warning.range,
                      options->critical.percent ? NULL : &options->critical.range);
}

void judge_published(const struct check_options *options, const struct check_facts *facts,
                     size_t template, struct report *report)
{
    const char *name = options->wanted[template].name;
    const struct ca_facts *named = NULL;
    const struct ca_facts *hidden = NULL;
    struct buffer names;
    size_t count = 0;

    buffer_init(&names, 2048);
    for (size_t i = 0; i < facts->ca_count; i++) {
        if (options->ca_name && ca_is_judged(options, &facts->cas[i]))
            named = &facts->cas[i];
        if (!facts->cas[i].shown)
            hidden = &facts->cas[i];
        if (facts->cas[i].publishes[template])
            add_name(&names, facts->cas[i].name, count++);
    }
    if (named && !named->shown)
        report_note(report, 1, "whether template %s is published on CA '%s' is not shown", name,
                    named->name);
    else if (named && !named->publishes[template])
        report_find(report, NDES_TMPL_UNPUBLISHED,
                    "template %s is not published on CA '%s' (%zu others are)%s%s", name,
                    named->name, named->published, count ? ", but on " : "", buffer_text(&names));
    else if (!options->ca_name && !count && hidden)
        report_find(report, NDES_LDAP_HIDDEN,
                    "template %s is published on no CA that is shown, but CA '%s' is hidden: the "
                    "monitoring account needs to read its object",
                    name, hidden->name);
    else if (!options->ca_name && !count && facts->ca_count)
        report_find(report, NDES_TMPL_UNPUBLISHED, "template %s is published on no CA (%zu asked)",
                    name, facts->ca_count);
    else if (count)
        report_note(report, 1, "%stemplate %s is published on %s",
                    options->ca_name && !named ? "" : "[OK] ", name, buffer_text(&names));
    buffer_free(&names);
}

/* A certificate ends with its issuer's at the latest. */
void judge_validity(const struct check_options *options, const struct check_facts *facts,
                    size_t template, struct report *report)
{
    const struct certificate_template *about = &facts->templates[template].template;
    const struct ca_facts *best = NULL;
    char wanted[32];
    char left[32];

    for (size_t i = 0; i < facts->ca_count; i++) {
        const struct ca_facts *ca = &facts->cas[i];

        if (has_certificate(ca) &&
            (options->ca_name ? ca_is_judged(options, ca) : ca->publishes[template]) &&
            (!best || ca->newest.not_after > best->newest.not_after))
            best = ca;
    }
    if (!best || facts->now > best->newest.not_after ||
        about->validity <= best->newest.not_after - facts->now)
        return;
    clock_span(about->validity, wanted, sizeof wanted);
    clock_span(best->newest.not_after - facts->now, left, sizeof left);
    report_find(report, NDES_TMPL_VALIDITY,
                "template %s gives %s, but the certificate of CA '%s' has %s left", about->cn,
                wanted, best->name, left);
}

/* "LAB Issuing CA", or how many. */
static void add_publishers(const struct check_options *options, const struct check_facts *facts,
                           struct buffer *line)
{
    const struct ca_facts *only = NULL;
    size_t count = 0;

    for (size_t i = 0; i < facts->ca_count; i++) {
        if (!ca_is_judged(options, &facts->cas[i]))
            continue;
        only = &facts->cas[i];
        count++;
    }
    if (count == 1)
        buffer_add_text(line, only->name);
    else
        buffer_addf(line, "%zu CAs", count);
}

/* "NDESDevice published on LAB Issuing CA, NDESTEST\svc-ndes may enrol; CA certificate 1200 days
 * left" */
void summarise(const struct check_options *options, const struct check_facts *facts,
               struct report *report)
{
    enum { SHOWN = 3 };
    const struct ca_facts *first = NULL;
    struct buffer line;
    char span[32];

    buffer_init(&line, 2048);
    if (options->wanted_count > SHOWN)
        buffer_addf(&line, "%zu templates", options->wanted_count);
    for (size_t i = 0; i < options->wanted_count && options->wanted_count <= SHOWN; i++)
        buffer_addf(&line, "%s%s", i ? ", " : "", options->wanted[i].name);
    buffer_add_text(&line, " published on ");
    add_publishers(options, facts, &line);
    buffer_addf(&line, ", %s may enrol", account_label(options, facts));
    for (size_t i = 0; i < facts->ca_count; i++)
        if (ca_is_judged(options, &facts->cas[i]) && has_certificate(&facts->cas[i]) &&
            (!first || facts->cas[i].newest.not_after < first->newest.not_after))
            first = &facts->cas[i];
    if (first) {
        clock_span(first->newest.not_after - facts->now, span, sizeof span);
        buffer_addf(&line, "; CA certificate %s left", span);
    }
    report_summary(report, "%s", buffer_text(&line));
    buffer_free(&line);
}
