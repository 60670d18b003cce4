/* judge.c - turns what the templates are into findings; no I/O.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/template/template.h"

#include "common/base/text.h"
#include "common/ldap/verdict.h"

#define DEFAULT_TEMPLATE "IPSECIntermediateOffline"

/* What each use needs of pKIKeyUsage. */
static const struct {
    const char *value; /* of the registry key MSCEP */
    unsigned usage;
    const char *text;
} uses[USE_COUNT] = {
    [USE_SIGNATURE] = {"SignatureTemplate", TEMPLATE_DIGITAL_SIGNATURE, "digitalSignature"},
    [USE_ENCRYPTION] = {"EncryptionTemplate", TEMPLATE_KEY_ENCIPHERMENT, "keyEncipherment"},
    [USE_GENERAL] = {"GeneralPurposeTemplate",
                     TEMPLATE_DIGITAL_SIGNATURE | TEMPLATE_KEY_ENCIPHERMENT,
                     "digitalSignature and keyEncipherment"},
};

static const char *usage_text(unsigned usage)
{
    bool signature = usage & TEMPLATE_DIGITAL_SIGNATURE;

    if (usage & TEMPLATE_KEY_ENCIPHERMENT)
        return signature ? "digitalSignature and keyEncipherment" : "keyEncipherment";
    return signature ? "digitalSignature" : "neither signature nor encryption";
}

static bool has_use(const struct wanted_template *wanted)
{
    return wanted->uses[USE_SIGNATURE] || wanted->uses[USE_ENCRYPTION] || wanted->uses[USE_GENERAL];
}

static void judge_usage(const struct wanted_template *wanted,
                        const struct certificate_template *template, struct report *report)
{
    if (!template->has_key_usage) {
        if (!has_use(wanted))
            report_note(report, 1, "template %s: no key usage (pKIKeyUsage) is visible",
                        template->cn);
        return;
    }
    report_note(report, 1, "template %s: key usage is %s", template->cn,
                usage_text(template->key_usage));
    for (int use = 0; use < USE_COUNT; use++)
        if (wanted->uses[use] && uses[use].usage & ~template->key_usage)
            report_find(report, NDES_TMPL_USAGE,
                        "template %s, used as %s, needs key usage %s" DETAIL ", but has %s",
                        template->cn, uses[use].value, uses[use].text,
                        usage_text(template->key_usage));
}

static void judge_approval(const struct certificate_template *template, struct report *report)
{
    bool pend = template->enrollment_flags & TEMPLATE_PEND_ALL_REQUESTS;
    char signatures[80] = "";

    if (template->signatures > 0)
        text_format(signatures, sizeof signatures, "%s%lld authorised signature%s",
                    pend ? " and " : "", (long long)template->signatures,
                    text_plural(template->signatures));
    if (pend || template->signatures > 0)
        report_find(report, NDES_TMPL_APPROVAL, "template %s requires %s%s", template->cn,
                    pend ? "approval by a certificate manager" : "", signatures);
}

/* What is not shown is unknown, not harmless: every template of version 2 has these attributes, and
 * the first few of them every template. Version 1 need not have the others. */
static void judge_hidden(const struct wanted_template *wanted,
                         const struct certificate_template *template, struct report *report)
{
    bool second = template->schema > 1;
    const struct {
        const char *name;
        bool shown;
        bool needed;
    } attributes[] = {
        {"pKIExpirationPeriod", template->has_validity, true},
        {"pKIKeyUsage", template->has_key_usage, has_use(wanted)},
        {"revision", template->has_revision, wanted->has_revision},
        {"msPKI-Template-Minor-Revision", template->has_minor, second && wanted->has_revision},
        {"msPKI-Template-Schema-Version", template->has_schema, true},
        {"msPKI-Certificate-Name-Flag", template->has_name_flags, second},
        {"msPKI-Enrollment-Flag", template->has_enrollment_flags, second},
        {"msPKI-RA-Signature", template->has_signatures, second},
        {"msPKI-Minimal-Key-Size", template->has_key_bits, second},
    };
    struct buffer names;

    buffer_init(&names, 512);
    for (size_t i = 0; i < COUNT_OF(attributes); i++)
        if (!attributes[i].shown && attributes[i].needed)
            buffer_addf(&names, "%s%s", names.length ? ", " : "", attributes[i].name);
    if (names.length)
        report_find(report, NDES_LDAP_HIDDEN,
                    "%s of template %s is not visible" DETAIL
                    ": the monitoring account needs Read on it",
                    buffer_text(&names), template->cn);
    else if (!template->has_name_flags)
        report_note(report, 1, "template %s: msPKI-Certificate-Name-Flag is not visible",
                    template->cn);
    buffer_free(&names);
}

static void judge_revision(const struct wanted_template *wanted,
                           const struct certificate_template *template, struct report *report)
{
    if (!wanted->has_revision || !template->has_revision ||
        (template->schema > 1 && !template->has_minor))
        return;
    if (template->revision != wanted->major || template->minor != wanted->minor)
        report_find(report, NDES_TMPL_CHANGED,
                    "template %s has revision %lld.%lld, wanted %lld.%lld", template->cn,
                    (long long)template->revision, (long long)template->minor,
                    (long long)wanted->major, (long long)wanted->minor);
}

/* A number, or a question mark for one that is not known. */
static const char *number_text(bool known, int64_t number, char *target, size_t size)
{
    if (known)
        text_format(target, size, "%lld", (long long)number);
    else
        text_copy(target, size, "?");
    return target;
}

static void note_settings(const struct certificate_template *template, bool fine,
                          struct report *report)
{
    char schema[24];
    char major[24];
    char minor[24];
    char bits[24];
    char days[24];

    report_note(report, 1,
                "%stemplate %s ('%s'): schema version %s, revision %s.%s, keys of at least %s "
                "bits, valid for %s days",
                fine ? "[OK] " : "", template->cn, template->display_name,
                number_text(template->has_schema, template->schema, schema, sizeof schema),
                number_text(template->has_revision, template->revision, major, sizeof major),
                number_text(template->has_minor, template->minor, minor, sizeof minor),
                number_text(template->has_key_bits, template->key_bits, bits, sizeof bits),
                number_text(template->validity != 0, template->validity / SECONDS_PER_DAY, days,
                            sizeof days));
}

void template_judge_settings(const struct template_options *options,
                             const struct wanted_template *wanted,
                             const struct certificate_template *template, struct report *report)
{
    size_t before = report->finding_count;

    judge_hidden(wanted, template, report);
    if (template->has_name_flags && !(template->name_flags & TEMPLATE_ENROLLEE_SUPPLIES_SUBJECT))
        report_find(report, NDES_TMPL_SUBJECT,
                    "template %s builds the subject from Active Directory" DETAIL
                    ", not from the request",
                    template->cn);
    judge_approval(template, report);
    judge_usage(wanted, template, report);
    if (template->key_bits > options->client_key_bits)
        report_find(report, NDES_TMPL_KEYSIZE,
                    "template %s requires keys of at least %lld bits, devices generate %lld",
                    template->cn, (long long)template->key_bits,
                    (long long)options->client_key_bits);
    judge_revision(wanted, template, report);
    note_settings(template, report->finding_count == before, report);
}

/* Says what might be meant by a name that does not exist. */
static void judge_missing(const struct template_options *options,
                          const struct template_facts *facts, size_t index, struct report *report)
{
    const char *wanted = options->wanted[index].name;
    const struct wanted_facts *about = &facts->templates[index];
    struct buffer names;

    if (about->by_display_name[0]) {
        report_find(report, NDES_TMPL_MISSING,
                    "no template %s" DETAIL ": '%s' is the display name of template %s, give that",
                    wanted, wanted, about->by_display_name);
        return;
    }
    buffer_init(&names, 512);
    for (size_t i = 0; i < about->nearest.count; i++)
        buffer_addf(&names, "%s%s", i ? ", " : "", about->nearest.names[i]);
    if (names.length)
        report_find(report, NDES_TMPL_MISSING, "no template %s among %zu; is it %s?", wanted,
                    facts->name_count, buffer_text(&names));
    else
        report_find(report, NDES_TMPL_MISSING,
                    "no template %s among %zu, nor one with a name like "
                    "it",
                    wanted, facts->name_count);
    buffer_free(&names);
    for (size_t i = 0; i < facts->ca_count; i++)
        if (facts->cas[i].publishes[index])
            report_note(report, 1, "CA '%s' still lists template %s among those it issues",
                        facts->cas[i].name, wanted);
}

/* Returns false, and reports why, if there is nothing to judge. */
static bool is_readable(const struct template_options *options, const struct template_facts *facts,
                        size_t index, struct report *report)
{
    const struct wanted_facts *about = &facts->templates[index];
    const char *wanted = options->wanted[index].name;

    if (about->found && !about->template.hidden)
        return true;
    if (about->found || about->hidden)
        report_find(report, NDES_LDAP_HIDDEN,
                    "template %s exists but is not visible" DETAIL
                    ": the monitoring account needs Read on it",
                    wanted);
    else if (facts->fatal.kind != PROBLEM_NONE && !facts->name_count)
        report_note(report, 1, "template %s was not found", wanted);
    else if (facts->names_problem.kind != PROBLEM_NONE)
        directory_judge_problem(report, "certificate templates", &facts->names_problem);
    else if (!facts->name_count)
        report_find(report, NDES_LDAP_HIDDEN,
                    "no template %s, nor any other" DETAIL
                    ": this forest has none, or the monitoring account may not list CN=Certificate "
                    "Templates",
                    wanted);
    else
        judge_missing(options, facts, index, report);
    return false;
}

static void judge_template(const struct template_options *options,
                           const struct template_facts *facts, size_t index, struct report *report)
{
    const struct certificate_template *template = &facts->templates[index].template;

    if (!is_readable(options, facts, index, report))
        return;
    template_judge_published(options, facts, index, report);
    template_judge_access(options, facts, template, report);
    template_judge_settings(options, &options->wanted[index], template, report);
    template_judge_validity(options, facts, index, report);
    if (options->posture)
        template_judge_posture(options, facts, template, report);
}

static void judge_default(const struct template_options *options, struct report *report)
{
    if (options->profile != PROFILE_INTUNE)
        return;
    for (int use = 0; use < USE_COUNT; use++)
        if (!options->use_templates[use] ||
            !text_equal(options->use_templates[use], DEFAULT_TEMPLATE))
            return;
    report_find(report, NDES_TMPL_DEFAULT, "all three templates are still " DEFAULT_TEMPLATE);
}

/* The server that was asked, or that was to be. */
static const char *server_name(const struct template_options *options,
                               const struct template_facts *facts)
{
    const struct directory_settings *settings = &options->ldap.settings;

    if (facts->statistics.server[0])
        return facts->statistics.server;
    if (settings->server_count)
        return settings->servers[0].host;
    return settings->domain ? settings->domain : "directory";
}

/* What was seen counts even if the connection was lost; what was not is then no wonder. */
void template_judge(const struct template_options *options, const struct template_facts *facts,
                    struct report *report)
{
    bool broke_off = facts->fatal.kind != PROBLEM_NONE;
    size_t found = 0;

    directory_judge_time(report, &facts->statistics, broke_off, &template_metrics[METRIC_TIME],
                         &options->ldap.time_warning, &options->ldap.time_critical);
    directory_judge_problem(report, server_name(options, facts), &facts->fatal);
    if (!broke_off)
        directory_judge_problem(report, "certificate templates", &facts->problem);
    template_judge_account(options, facts, report);
    for (size_t i = 0; i < options->wanted_count && facts->looked; i++) {
        judge_template(options, facts, i, report);
        found += facts->templates[i].found;
    }
    if (facts->looked) {
        report_metric(report, &template_metrics[METRIC_TEMPLATES], (long double)found, NULL, NULL);
        template_judge_cas(options, facts, report);
    }
    judge_default(options, report);
    if (facts->looked)
        template_summarise(options, facts, report);
    trace_note(&facts->trace, report);
    directory_note_statistics(report, &facts->statistics);
}
