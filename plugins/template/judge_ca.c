/* judge_ca.c - the CAs: whether they issue the templates, and how long they
 * last; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/template/template.h"

#include "common/base/text.h"
#include "common/ldap/verdict.h"

static bool is_better(const struct ca_facts *ca, const struct ca_facts *best)
{
    if (!best || ca->has_certificate != best->has_certificate)
        return !best || ca->has_certificate;
    return ca->newest.not_after > best->newest.not_after;
}

const struct ca_facts *template_ca_of(const struct template_options *options,
                                      const struct template_facts *facts, size_t template)
{
    const struct ca_facts *best = NULL;

    for (size_t i = 0; i < facts->ca_count; i++) {
        const struct ca_facts *ca = &facts->cas[i];

        if (options->ca_name ? text_equal(ca->name, options->ca_name)
                             : ca->publishes[template] && is_better(ca, best))
            best = ca;
    }
    return best;
}

bool template_ca_is_judged(const struct template_options *options,
                           const struct template_facts *facts, const struct ca_facts *ca)
{
    for (size_t i = 0; i < options->wanted_count; i++)
        if (template_ca_of(options, facts, i) == ca)
            return true;
    return false;
}

static bool publishes_any(const struct template_options *options, const struct ca_facts *ca)
{
    for (size_t i = 0; i < options->wanted_count; i++)
        if (ca->publishes[i])
            return true;
    return false;
}

static struct expiry expiry_of(const struct template_options *options, const struct ca_facts *ca,
                               int64_t now)
{
    struct lifetime lifetime = {ca->newest.not_before, ca->newest.not_after};
    struct expiry expiry;

    judge_expiry(lifetime, now, &options->warning, &options->critical, &expiry);
    return expiry;
}

/* "'A', 'B', 'C' and 4 more" */
struct name_list {
    struct buffer text;
    size_t count;
};

enum { NAMES_SHOWN = 5 };

static void add_name(struct name_list *names, const char *name)
{
    if (names->count++ < NAMES_SHOWN)
        buffer_addf(&names->text, "%s'%s'", names->text.length ? ", " : "", name);
}

static const char *end_names(struct name_list *names)
{
    if (names->count > NAMES_SHOWN)
        buffer_addf(&names->text, " and %zu more", names->count - NAMES_SHOWN);
    return buffer_text(&names->text);
}

/* False if it is not known which CAs there are besides those that were found. */
static bool saw_all_names(const struct template_facts *facts)
{
    return facts->fatal.kind == PROBLEM_NONE && facts->names_problem.kind == PROBLEM_NONE;
}

static void judge_named(const struct template_options *options, const struct template_facts *facts,
                        struct report *report)
{
    struct name_list names = {.count = 0};

    if (facts->ca_count && (!options->ca_name || template_ca_of(options, facts, 0)))
        return;
    if (!saw_all_names(facts)) {
        if (options->ca_name)
            report_note(report, 1, "CA '%s' was not found", options->ca_name);
        if (facts->fatal.kind == PROBLEM_NONE)
            directory_judge_problem(report, "names of CAs", &facts->names_problem);
        return;
    }
    buffer_init(&names.text, 2048);
    for (size_t i = 0; i < facts->ca_count; i++)
        add_name(&names, facts->cas[i].name);
    if (!facts->ca_count)
        report_find(report, NDES_TMPL_NOCA, "no enterprise CA is visible in Active Directory%s%s%s",
                    options->ca_name ? ", wanted '" : "", options->ca_name ? options->ca_name : "",
                    options->ca_name ? "'" : "");
    else
        report_find(report, NDES_TMPL_NOCA, "no CA '%s'" DETAIL "; there %s: %s", options->ca_name,
                    facts->ca_count == 1 ? "is" : "are", end_names(&names));
    buffer_free(&names.text);
}

static void judge_certificate(const struct template_options *options,
                              const struct template_facts *facts, const struct ca_facts *ca,
                              struct report *report)
{
    struct expiry expiry = expiry_of(options, ca, facts->now);

    if (expiry.ended)
        report_find(report, NDES_CA_EXPIRED, "certificate of CA '%s' expired %s ago" DETAIL " (%s)",
                    ca->name, expiry.span, expiry.until);
    else if (expiry.state != STATE_OK)
        report_find_as(report, expiry.state, NDES_CA_EXPIRING,
                       "certificate of CA '%s' expires in %s" DETAIL " (%s; wanted %s)", ca->name,
                       expiry.span, expiry.until, expiry.wanted);
    else
        report_note(report, 1, "[OK] certificate of CA '%s': expires in %s (%s)", ca->name,
                    expiry.span, expiry.until);
    if (ca->unreadable_count)
        report_note(report, 1, "certificates of CA '%s' that cannot be read: %zu of %zu", ca->name,
                    ca->unreadable_count, ca->certificate_count);
}

static void judge_ntauth(const struct ca_facts *ca, struct report *report)
{
    if (ca->in_ntauth)
        report_note(report, 1, "[OK] CA '%s' is in NTAuthCertificates", ca->name);
    else
        report_find(report, NDES_TMPL_NTAUTH,
                    "the newest certificate of CA '%s' is not in NTAuthCertificates", ca->name);
}

/* Once for all CAs. */
static void judge_no_ntauth(const struct template_facts *facts, struct report *report)
{
    if (facts->fatal.kind != PROBLEM_NONE && !facts->ntauth_found)
        report_note(report, 1, "NTAuthCertificates was not found");
    else if (!facts->ntauth_found && facts->ca_count && saw_all_names(facts))
        report_find(report, NDES_TMPL_NTAUTH,
                    "the object NTAuthCertificates does not exist, so no CA of the forest is "
                    "trusted for logon");
    else
        report_find(report, NDES_LDAP_HIDDEN,
                    "NTAuthCertificates is not visible, or contains no certificate" DETAIL
                    ": the monitoring account needs to read it");
}

static void judge_ra_templates(const struct ca_facts *ca, struct report *report)
{
    struct buffer names;

    buffer_init(&names, 256);
    for (int i = 0; i < RA_TEMPLATE_COUNT; i++)
        if (ca->publishes_ra[i])
            buffer_addf(&names, "%s%s", names.length ? ", " : "", template_ra_names[i]);
    if (names.length)
        report_find(report, NDES_TMPL_RALEFT, "CA '%s' still issues %s", ca->name,
                    buffer_text(&names));
    buffer_free(&names);
}

static void judge_ca(const struct template_options *options, const struct template_facts *facts,
                     const struct ca_facts *ca, struct report *report)
{
    if (!ca->shown) {
        report_find(
            report, NDES_LDAP_HIDDEN,
            "CA '%s' exists, but what it publishes and its certificate are not visible" DETAIL
            ": the monitoring account needs to read its object",
            ca->name);
    } else if (!ca->has_certificate) {
        report_find(report, NDES_LDAP_HIDDEN,
                    ca->certificate_count
                        ? "CA '%s': none of its certificates in Active Directory can be read" DETAIL
                          ", although they are visible: cACertificate of its object contains no "
                          "certificate in DER"
                        : "CA '%s': its certificate is not visible" DETAIL
                          ": the monitoring account needs to read its object",
                    ca->name);
    } else {
        judge_certificate(options, facts, ca, report);
        if (options->require_ntauth && facts->ntauth_shown)
            judge_ntauth(ca, report);
    }
    if (options->posture)
        judge_ra_templates(ca, report);
}

/* The CA that ends first among those that count. */
static const struct ca_facts *first_to_end(const struct template_options *options,
                                           const struct template_facts *facts)
{
    const struct ca_facts *first = NULL;

    for (size_t i = 0; i < facts->ca_count; i++) {
        const struct ca_facts *ca = &facts->cas[i];

        if (ca->has_certificate && template_ca_is_judged(options, facts, ca) &&
            (!first || ca->newest.not_after < first->newest.not_after))
            first = ca;
    }
    return first;
}

/* A CA that could do without: it may be long gone, and its object be left. */
static void note_other(const struct template_options *options, const struct template_facts *facts,
                       const struct ca_facts *ca, struct report *report)
{
    struct expiry expiry = expiry_of(options, ca, facts->now);

    if (!ca->has_certificate) {
        report_note(report, 1, "CA '%s' is not checked: its certificate is not visible", ca->name);
        return;
    }
    if (expiry.ended)
        report_note(report, 1, "CA '%s' is not checked: its certificate expired %s ago (%s)",
                    ca->name, expiry.span, expiry.until);
    else
        report_note(report, 1, "CA '%s' is not checked: expires in %s (%s)", ca->name, expiry.span,
                    expiry.until);
}

void template_judge_cas(const struct template_options *options, const struct template_facts *facts,
                        struct report *report)
{
    const struct ca_facts *first = first_to_end(options, facts);

    judge_named(options, facts, report);
    if (options->require_ntauth && !facts->ntauth_shown)
        judge_no_ntauth(facts, report);
    for (size_t i = 0; i < facts->ca_count; i++) {
        const struct ca_facts *ca = &facts->cas[i];

        if (template_ca_is_judged(options, facts, ca))
            judge_ca(options, facts, ca, report);
        else if (!options->ca_name && publishes_any(options, ca))
            note_other(options, facts, ca, report);
    }
    if (facts->cas_dropped)
        report_note(report, 1, "not checked: %zu more CA%s", facts->cas_dropped,
                    text_plural((int64_t)facts->cas_dropped));
    if (first)
        report_metric(report, &template_metrics[METRIC_CA_DAYS],
                      expiry_of(options, first, facts->now).days,
                      options->warning.percent ? NULL : &options->warning.range,
                      options->critical.percent ? NULL : &options->critical.range);
}

/* The CA that counts comes first. Returns one that hides what it publishes, or NULL. */
static const struct ca_facts *add_publishers(const struct template_facts *facts,
                                             const struct ca_facts *judged, size_t template,
                                             struct name_list *names)
{
    const struct ca_facts *hidden = NULL;

    if (judged && judged->publishes[template])
        add_name(names, judged->name);
    for (size_t i = 0; i < facts->ca_count; i++) {
        if (!facts->cas[i].shown)
            hidden = &facts->cas[i];
        if (facts->cas[i].publishes[template] && &facts->cas[i] != judged)
            add_name(names, facts->cas[i].name);
    }
    return hidden;
}

void template_judge_published(const struct template_options *options,
                              const struct template_facts *facts, size_t template,
                              struct report *report)
{
    const char *name = options->wanted[template].name;
    const struct ca_facts *judged = template_ca_of(options, facts, template);
    const struct ca_facts *hidden;
    struct name_list names = {.count = 0};

    buffer_init(&names.text, 2048);
    hidden = add_publishers(facts, judged, template, &names);
    if (judged && !judged->shown)
        report_note(report, 1, "whether template %s is published on CA '%s' is not visible", name,
                    judged->name);
    else if (judged && !judged->publishes[template])
        report_find(report, NDES_TMPL_UNPUBLISHED,
                    "template %s is not published on CA '%s'" DETAIL
                    " (which publishes %zu other%s)%s%s",
                    name, judged->name, judged->published, text_plural((int64_t)judged->published),
                    names.count ? ", but on " : "", end_names(&names));
    else if (!options->ca_name && !names.count && hidden)
        report_find(report, NDES_LDAP_HIDDEN,
                    "template %s is published on no visible CA, but CA '%s' is hidden" DETAIL
                    ": the monitoring account needs to read its object",
                    name, hidden->name);
    else if (!options->ca_name && !names.count && facts->cas_dropped)
        report_find_as(report, STATE_UNKNOWN, NDES_TMPL_UNPUBLISHED,
                       "template %s is published on none of %zu CAs" DETAIL
                       ", but there are %zu more: name the one that NDES uses with --ca",
                       name, facts->ca_count, facts->cas_dropped);
    else if (!options->ca_name && !names.count && facts->ca_count)
        report_find(report, NDES_TMPL_UNPUBLISHED, "template %s is published on no CA (%zu asked)",
                    name, facts->ca_count);
    else if (names.count)
        report_note(report, 1, "%stemplate %s is published on %s", judged ? "[OK] " : "", name,
                    end_names(&names));
    buffer_free(&names.text);
}

/* A certificate ends with its issuer's at the latest. */
void template_judge_validity(const struct template_options *options,
                             const struct template_facts *facts, size_t template,
                             struct report *report)
{
    const struct certificate_template *about = &facts->templates[template].template;
    const struct ca_facts *ca = template_ca_of(options, facts, template);
    char wanted[32];
    char left[32];

    if (!ca || !ca->has_certificate || facts->now > ca->newest.not_after ||
        about->validity <= ca->newest.not_after - facts->now)
        return;
    clock_span(about->validity, wanted, sizeof wanted);
    clock_span(ca->newest.not_after - facts->now, left, sizeof left);
    report_find(report, NDES_TMPL_VALIDITY,
                "template %s gives %s, but the certificate of CA '%s' expires in %s", about->cn,
                wanted, ca->name, left);
}

/* "LAB Issuing CA", or how many. */
static void add_places(const struct template_options *options, const struct template_facts *facts,
                       struct buffer *line)
{
    const struct ca_facts *only = NULL;
    size_t count = 0;

    for (size_t i = 0; i < facts->ca_count; i++) {
        if (options->ca_name ? !template_ca_is_judged(options, facts, &facts->cas[i])
                             : !publishes_any(options, &facts->cas[i]))
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
void template_summarise(const struct template_options *options, const struct template_facts *facts,
                        struct report *report)
{
    enum { SHOWN = 3 };
    const struct ca_facts *first = first_to_end(options, facts);
    struct buffer line;
    char span[32];

    buffer_init(&line, 2048);
    if (options->wanted_count > SHOWN)
        buffer_addf(&line, "%zu templates", options->wanted_count);
    for (size_t i = 0; i < options->wanted_count && options->wanted_count <= SHOWN; i++)
        buffer_addf(&line, "%s%s", i ? ", " : "", options->wanted[i].name);
    buffer_add_text(&line, " published on ");
    add_places(options, facts, &line);
    buffer_addf(&line, ", %s may enrol", template_account_label(options, facts));
    if (first) {
        clock_span(first->newest.not_after - facts->now, span, sizeof span);
        buffer_addf(&line, "; CA certificate expires in %s", span);
    }
    report_summary(report, "%s", buffer_text(&line));
    buffer_free(&line);
}
