/* collect.c - asks the server for the state of the connector; judges nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/connector.h"

#include <openssl/err.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/cim/verdict.h"
#include "common/pki/store_blob.h"

/* Budget of a usual run, in SOAP requests on one connection: services 1, version 4 (2 to 7; 1 with
 * --version-key), heartbeat 1, certificate 2, events 4: 12; and the clock
 * 1, without TLS. A query costs one more where the server
 * gives its rows one by one. More is asked only if something is not as it should be: uptime and
 * time zone 1, each feature whose services do not run 1, a service that is not shown 1 for each
 * name that it may have, IssueDetails 1, a heartbeat kept elsewhere 3, no certificate 2. */

#define STATUS_KEY CONNECTOR_KEY "\\ConnectionStatus"
#define STORE_KEY "SOFTWARE\\Microsoft\\SystemCertificates\\MY\\Certificates"

enum { THUMBPRINT_DIGITS = 40, BLOB_MAXIMUM = 64 * 1024 };

/* LastConnectionTime as text, or as the digits of a QWORD; older versions keep it one key up. */
static enum registry_outcome read_last_connection(struct cim_session *session,
                                                  struct heartbeat_facts *heartbeat,
                                                  struct problem *problem)
{
    static const char *const keys[] = {STATUS_KEY, CONNECTOR_KEY};
    const char *name = "LastConnectionTime";
    enum registry_outcome outcome = REGISTRY_NO_VALUE;
    uint64_t number;

    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        outcome =
            registry_text(session, keys[i], name, heartbeat->text, sizeof heartbeat->text, problem);
        if (outcome == REGISTRY_NO_VALUE) {
            outcome = registry_qword(session, keys[i], name, &number, problem);
            if (outcome == REGISTRY_FOUND)
                text_format(heartbeat->text, sizeof heartbeat->text, "%llu",
                            (unsigned long long)number);
        }
        if (outcome == REGISTRY_FOUND || registry_failed(outcome, keys[i], problem))
            break;
    }
    return outcome;
}

static void parse_heartbeat(struct connector_facts *facts)
{
    struct heartbeat_facts *heartbeat = &facts->heartbeat;
    const int *zone = facts->host.has_zone ? &facts->host.zone_minutes : NULL;

    heartbeat->value = connector_heartbeat_parse(heartbeat->text, facts->server_now, zone,
                                                 &heartbeat->time, &heartbeat->guessed)
                           ? HEARTBEAT_KNOWN
                           : HEARTBEAT_STRANGE;
}

/* Understands the text. If that may be local time, and is not a recent one in UTC, the server's
 * time zone is worth a request. */
static void read_heartbeat(const struct connector_options *options, struct cim_session *session,
                           struct connector_facts *facts, struct problem *problem)
{
    facts->looked[PART_HEARTBEAT] = true;
    parse_heartbeat(facts);
    if (connector_heartbeat_is_fresh(options, facts) ||
        !connector_heartbeat_wants_zone(facts->heartbeat.text))
        return;
    connector_collect_host(session, &facts->host, problem);
    parse_heartbeat(facts);
    if (!problem_is_fatal(problem->kind)) /* then it is UTC */
        *problem = (struct problem){0};
}

static void collect_heartbeat(const struct connector_options *options, struct cim_session *session,
                              struct connector_facts *facts, struct problem *problem)
{
    struct heartbeat_facts *heartbeat = &facts->heartbeat;
    struct problem ignored = {0};
    enum registry_outcome outcome = read_last_connection(session, heartbeat, problem);

    if (outcome == REGISTRY_DENIED || outcome == REGISTRY_FAILED)
        return;
    if (outcome == REGISTRY_FOUND && heartbeat->text[0])
        read_heartbeat(options, session, facts, problem);
    facts->looked[PART_HEARTBEAT] = true;
    if (!connector_heartbeat_is_fresh(options, facts) && outcome != REGISTRY_NO_KEY &&
        !problem_is_fatal(problem->kind))
        registry_text(session, STATUS_KEY, "IssueDetails", heartbeat->issues,
                      sizeof heartbeat->issues, &ignored);
    if (problem_is_fatal(ignored.kind))
        *problem = ignored;
}

/* Brings a thumbprint into the form that the store uses: no blanks, upper case. What people paste
 * may also hold an invisible mark. False if it is none. */
static bool normalise_thumbprint(char *thumbprint)
{
    size_t length = 0;

    for (const char *from = thumbprint; *from; from++) {
        if (strchr("0123456789ABCDEF", *from))
            thumbprint[length++] = *from;
        else if (strchr("abcdef", *from))
            thumbprint[length++] = (char)(*from - 'a' + 'A');
        else if (*from > ' ' && *from <= '~' && *from != ':')
            return false;
    }
    thumbprint[length] = '\0';
    return length == THUMBPRINT_DIGITS;
}

/* Reads a certificate from the store element. */
static bool read_store_element(const struct buffer *blob, struct certificate *certificate)
{
    const unsigned char *der;
    size_t length;
    X509 *x509;
    bool read;

    if (!store_blob_certificate(buffer_text(blob), blob->length, &der, &length))
        return false;
    x509 = d2i_X509(NULL, &der, (long)length);
    read = x509 && certificate_read(x509, certificate);
    X509_free(x509);
    ERR_clear_error();
    return read;
}

/* The certificate of that thumbprint in LocalMachine\My. */
static void collect_store(struct cim_session *session, struct certificate_facts *facts,
                          struct problem *problem)
{
    char key[sizeof STORE_KEY + sizeof facts->thumbprint];
    enum registry_outcome outcome;
    struct buffer blob;

    text_format(key, sizeof key, "%s\\%s", STORE_KEY, facts->thumbprint);
    buffer_init(&blob, BLOB_MAXIMUM);
    outcome = registry_binary(session, key, "Blob", &blob, problem);
    if (registry_failed(outcome, key, problem))
        facts->value = CERTIFICATE_NOT_NAMED;
    else if (outcome == REGISTRY_NO_KEY)
        facts->value = CERTIFICATE_NOT_IN_STORE;
    else if (outcome == REGISTRY_FOUND && read_store_element(&blob, &facts->certificate))
        facts->value = CERTIFICATE_READ;
    else
        facts->value = CERTIFICATE_UNREADABLE;
    buffer_free(&blob);
}

/* A connector that names no certificate: whether it needs one is told by what is switched on. */
static void collect_need(struct cim_session *session, struct services_facts *services,
                         struct problem *problem)
{
    connector_collect_feature(session, services, FEATURE_PFX_IMPORT, problem);
    if (services->features[FEATURE_PFX_IMPORT] != FEATURE_ON && !problem_is_fatal(problem->kind))
        connector_collect_feature(session, services, FEATURE_PFX_CREATE, problem);
}

static void collect_certificate(const struct connector_options *options,
                                struct cim_session *session, struct connector_facts *facts,
                                struct problem *problem)
{
    struct certificate_facts *certificate = &facts->certificate;
    enum registry_outcome outcome =
        registry_text(session, CONNECTOR_KEY, "EncryptionCertThumbprint", certificate->thumbprint,
                      sizeof certificate->thumbprint, problem);

    (void)options;
    if (registry_failed(outcome, CONNECTOR_KEY, problem) || outcome == REGISTRY_NO_KEY)
        return;
    if (outcome != REGISTRY_FOUND || !certificate->thumbprint[0]) {
        collect_need(session, &facts->services, problem);
        return;
    }
    certificate->value = CERTIFICATE_BAD_NAME;
    if (normalise_thumbprint(certificate->thumbprint))
        collect_store(session, certificate, problem);
}

static void update_clock(struct cim_session *session, struct connector_facts *facts)
{
    facts->statistics = *cim_statistics(session);
    facts->now = clock_now();
    facts->server_now = facts->now + facts->clock_ahead;
}

/* Once there is a session. Only a fatal problem is passed on. */
static void learn_clock(struct cim_session *session, struct connector_facts *facts,
                        struct problem *problem)
{
    if (problem_is_fatal(problem->kind))
        return;
    cim_clock_ahead(session, &facts->clock_ahead, &facts->clock_problem);
    if (problem_is_fatal(facts->clock_problem.kind))
        *problem = facts->clock_problem;
}

/* Asks for part after part; ends where nothing more can be asked. */
static void collect_parts(const struct connector_options *options, struct cim_session *session,
                          struct connector_facts *facts)
{
    static connector_collector *const parts[PART_COUNT] = {
        [PART_SERVICES] = connector_collect_services, [PART_VERSION] = connector_collect_version,
        [PART_HEARTBEAT] = collect_heartbeat,         [PART_CERTIFICATE] = collect_certificate,
        [PART_EVENTS] = connector_collect_events,
    };

    for (int part = 0; part < PART_COUNT; part++) {
        struct problem problem = {0};

        if (options->skip[part] && part != PART_SERVICES) /* others depend on which there are */
            continue;
        parts[part](options, session, facts, &problem);
        if (part == PART_SERVICES)
            learn_clock(session, facts, &problem);
        update_clock(session, facts);
        if (problem_is_fatal(problem.kind)) {
            facts->fatal = problem;
            facts->fatal_part = (enum part)part;
            return;
        }
        facts->looked[part] = true;
        facts->problems[part] = problem;
    }
}

void connector_collect(const struct connector_options *options, struct cim_session *session,
                       const struct deadline *deadline, struct connector_facts *facts)
{
    cim_set_trace(session, cim_keep_trace, &facts->trace);
    update_clock(session, facts);
    collect_parts(options, session, facts);
    if (options->common.style.verbosity >= 3 && !problem_is_fatal(facts->fatal.kind))
        cim_identify(session);
    facts->statistics = *cim_statistics(session);
    connector_pending_update(options, deadline, facts);
}
