/* test_connector_collect.c - tests of what check_ndes_connector asks, and when it stops asking.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "connector_facts.h"

enum { ANSWERS_MAXIMUM = 16, RETURN_NO_VALUE = 1, RETURN_NO_KEY = 2, RETURN_DENIED = 5 };

#define SERVICES_KEY "SYSTEM\\CurrentControlSet\\Services\\"
#define THUMBPRINT "00112233445566778899AABBCCDDEEFF00112233"

/* What the registry answers for a value, or with a name of "" for a whole key; else that there is
 * no such key. */
static struct answer {
    const char *key;
    const char *name;
    int code;
    const char *value;
} answers[ANSWERS_MAXIMUM];
static size_t answer_count;

static const char *service_names[8];
static const char *service_state;
static size_t service_count;
static int requests;
static int breaks_at; /* the request that breaks off; 0: none does */
static struct cim_statistics statistics;

static void answer_with(const char *key, const char *name, int code, const char *value)
{
    answers[answer_count++] = (struct answer){key, name, code, value};
}

/* Counts a request. Returns false if the talk breaks off, as all later requests do. */
static bool request(struct problem *problem)
{
    requests++;
    if (breaks_at && requests >= breaks_at)
        *problem = (struct problem){.kind = PROBLEM_BROKEN};
    return problem->kind != PROBLEM_BROKEN;
}

/* The room CIM, as far as the check uses it; a server that exists in the tables above only. */

void cim_set_trace(struct cim_session *session, cim_trace *trace, void *data)
{
    (void)session, (void)trace, (void)data;
}

void cim_identify(struct cim_session *session)
{
    (void)session;
}

const struct cim_statistics *cim_statistics(const struct cim_session *session)
{
    (void)session;
    return &statistics;
}

static void add_service_row(const char *name, struct cim_rows *rows)
{
    struct cim_row *row = cim_rows_add(rows);

    assert_non_null(row);
    assert_true(cim_row_add(row, "Name", name));
    assert_true(cim_row_add(row, "State", service_state));
    assert_true(cim_row_add(row, "StartMode", "Auto"));
    assert_true(cim_row_add(row, "PathName", "C:\\connector.exe"));
}

bool cim_query(struct cim_session *session, const char *namespace, const char *wql,
               struct cim_rows *rows, struct problem *problem)
{
    (void)session, (void)namespace;
    if (!request(problem))
        return false;
    for (size_t i = 0; i < service_count && strstr(wql, "Win32_Service"); i++)
        add_service_row(service_names[i], rows);
    return true;
}

bool cim_invoke(struct cim_session *session, const struct cim_method *method,
                struct cim_row *output, struct problem *problem)
{
    const char *key = method->arguments[1].value;
    const char *name = method->argument_count > 2 ? method->arguments[2].value : "";
    bool is_text = text_equal(method->name, "GetStringValue");
    char code[8];
    int found = RETURN_NO_KEY;

    (void)session;
    if (!request(problem))
        return false;
    for (size_t i = 0; i < answer_count; i++) {
        if (!text_equal(answers[i].key, key))
            continue;
        found = RETURN_NO_VALUE;
        if (!text_equal(answers[i].name, name))
            continue;
        found = answers[i].code;
        if (!found)
            assert_true(cim_row_add(output, is_text ? "sValue" : "uValue", answers[i].value));
        break;
    }
    text_format(code, sizeof code, "%d", found);
    assert_true(cim_row_add(output, "ReturnValue", code));
    return true;
}

bool cim_events(struct cim_session *session, const struct cim_event_query *query,
                struct cim_events *events, struct problem *problem)
{
    (void)session, (void)query, (void)events;
    return request(problem);
}

bool cim_log_events(struct cim_session *session, const struct cim_log_query *query,
                    struct cim_events *events, struct problem *problem)
{
    (void)session, (void)query, (void)events;
    return request(problem);
}

static int start(void **state)
{
    start_healthy(state);
    facts = (struct connector_facts){0};
    answer_count = service_count = 0;
    requests = breaks_at = 0;
    service_state = "Running";
    statistics =
        (struct cim_statistics){.has_clock = true, .clock_ahead = 100, .clock_proven = true};
    return 0;
}

static int end(void **state)
{
    (void)state;
    return 0;
}

static void show(const char *name)
{
    service_names[service_count++] = name;
}

static void ask(void)
{
    requests = 0;
    facts = (struct connector_facts){0};
    connector_collect(&options, NULL, NULL, &facts);
}

static void leave_out_all_but(enum part part)
{
    for (int i = 0; i < PART_COUNT; i++)
        options.skip[i] = i != (int)part;
}

/* Shown: all that serves features but revocation, which is on. */
static void show_all_but_revocation(void)
{
    leave_out_all_but(PART_SERVICES);
    show("EventLog");
    show("PFXCertificateConnectorSvc");
    show("PkiCreateConnectorSvc");
    answer_with(CONNECTOR_KEY, "EnableRevocation", 0, "1");
}

static void test_hidden(void **state)
{
    (void)state;
    show_all_but_revocation();
    answer_with(SERVICES_KEY "PKIConnectorSvc", "Start", 0, "2");
    ask();
    assert_int_equal(requests, 4); /* services, switch, two names */
    assert_int_equal(facts.services.count, 3);
    assert_string_equal(facts.services.services[2].name, "PKIConnectorSvc");
    assert_int_equal(facts.services.services[2].visibility, VISIBILITY_HIDDEN);
    assert_int_equal(facts.services.feature_visibility[FEATURE_REVOCATION], VISIBILITY_HIDDEN);
    answers[1].name = "Type"; /* a key without the value is a key */
    ask();
    assert_int_equal(facts.services.feature_visibility[FEATURE_REVOCATION], VISIBILITY_HIDDEN);
}

static void test_absent(void **state)
{
    (void)state;
    show_all_but_revocation();
    ask();
    assert_int_equal(requests, 5); /* services, switch, three names */
    assert_int_equal(facts.services.count, 2);
    assert_int_equal(facts.services.feature_visibility[FEATURE_REVOCATION], VISIBILITY_ABSENT);
    answers[0].value = "0"; /* then nothing depends on it */
    ask();
    assert_int_equal(requests, 2);
    show("PkiRevokeConnectorSvc"); /* the healthy case asks nothing */
    ask();
    assert_int_equal(requests, 1);
}

static void test_unsure(void **state)
{
    (void)state;
    show_all_but_revocation();
    answer_with(SERVICES_KEY "PkiRevokeConnectorSvc", "Start", RETURN_DENIED, NULL);
    ask();
    assert_int_equal(requests, 3);
    assert_int_equal(facts.services.feature_visibility[FEATURE_REVOCATION], VISIBILITY_UNSURE);
    assert_int_equal(facts.services.visibility_problem.kind, PROBLEM_DENIED);
    assert_string_equal(facts.services.visibility_problem.detail,
                        "registry key HKLM\\SYSTEM\\CurrentControlSet\\Services\\"
                        "PkiRevokeConnectorSvc: the account needs the right to read it");
    assert_int_equal(facts.problems[PART_SERVICES].kind, PROBLEM_NONE);
}

static void test_named(void **state)
{
    (void)state;
    leave_out_all_but(PART_SERVICES);
    options.services = (struct text_list){{"W3SVC", "Hidden", "Gone"}, 3};
    show("EventLog");
    show("W3SVC");
    show("PFXCertificateConnectorSvc");
    answer_with(SERVICES_KEY "Hidden", "Start", 0, "2");
    ask();
    assert_int_equal(requests, 3);
    assert_int_equal(facts.services.services[0].visibility, VISIBILITY_SHOWN);
    assert_int_equal(facts.services.services[1].visibility, VISIBILITY_HIDDEN);
    assert_int_equal(facts.services.services[2].visibility, VISIBILITY_ABSENT);
    service_count = 0; /* an account that sees no service at all */
    ask();
    assert_int_equal(requests, 1);
    assert_int_equal(facts.services.services[2].visibility, VISIBILITY_UNSURE);
}

/* None of a connector is shown. */
static void test_none(void **state)
{
    (void)state;
    leave_out_all_but(PART_SERVICES);
    show("EventLog");
    ask();
    assert_int_equal(requests, 3); /* services, the core of each generation */
    assert_true(connector_is_absent(&facts));
    answer_with(SERVICES_KEY "NDESConnectorSvc", "Start", 0, "2");
    ask();
    assert_int_equal(requests, 3); /* nor is it looked up twice */
    assert_false(connector_is_absent(&facts));
    assert_true(connector_has_services(&facts.services, SERVICE_LEGACY));
    service_count = 0;
    ask();
    assert_int_equal(requests, 1);
    assert_false(connector_is_absent(&facts));
}

/* --skip=services leaves out the judging: the version needs to know the programs. */
static void test_skip_services(void **state)
{
    (void)state;
    leave_out_all_but(PART_VERSION);
    show("EventLog");
    show("PFXCertificateConnectorSvc");
    service_state = "Stopped"; /* neither switches nor uptime are asked for */
    ask();
    assert_int_equal(requests, 3); /* services, keys, file */
    assert_string_equal(facts.version.key, "C:\\connector.exe");
    assert_true(facts.looked[PART_SERVICES]);
}

/* The program of a service that is not the connector's tells nothing. */
static void test_foreign_program(void **state)
{
    (void)state;
    leave_out_all_but(PART_VERSION);
    options.services = (struct text_list){{"W3SVC"}, 1};
    show("EventLog");
    show("W3SVC");
    ask();
    assert_string_equal(facts.version.key, "");
}

/* Which certificate is needed is asked only if none is named. */
static void test_certificate(void **state)
{
    (void)state;
    leave_out_all_but(PART_CERTIFICATE);
    show("PFXCertificateConnectorSvc");
    ask();
    assert_int_equal(requests, 2); /* no such key: no connector of this generation */
    answer_with(CONNECTOR_KEY, "EnablePFxCreate", 0, "1");
    ask();
    assert_int_equal(requests, 4);
    assert_int_equal(facts.services.features[FEATURE_PFX_IMPORT], FEATURE_UNKNOWN);
    assert_int_equal(facts.services.features[FEATURE_PFX_CREATE], FEATURE_ON);
    answer_with(CONNECTOR_KEY, "EnablePFxImport", 0, "1");
    ask();
    assert_int_equal(requests, 3);
    assert_int_equal(facts.services.features[FEATURE_PFX_IMPORT], FEATURE_ON);
    answer_with(CONNECTOR_KEY, "EncryptionCertThumbprint", 0, THUMBPRINT);
    ask();
    assert_int_equal(requests, 3);
    assert_int_equal(facts.services.features[FEATURE_PFX_IMPORT], FEATURE_NOT_ASKED);
    assert_int_equal(facts.certificate.value, CERTIFICATE_NOT_IN_STORE);
}

/* What comes in the clear along with the answers is not believed: one request more. */
static void test_clock(void **state)
{
    int usual;

    (void)state;
    show("EventLog");
    ask();
    usual = requests;
    assert_int_equal(facts.server_now - facts.now, 100);
    assert_int_equal(facts.clock_problem.kind, PROBLEM_NONE);
    statistics.clock_proven = false;
    ask();
    assert_int_equal(requests, usual + 1);
    assert_int_equal(facts.server_now - facts.now, 0);
    assert_int_equal(facts.clock_problem.kind, PROBLEM_NO_INSTANCE);
    assert_int_equal(facts.fatal.kind, PROBLEM_NONE);
}

/* Whichever request breaks, nothing more is asked, and the part is told. */
static void test_break(void **state)
{
    int last;

    (void)state;
    statistics.clock_proven = false; /* so that the clock is asked for, too */
    show("EventLog");
    show("PFXCertificateConnectorSvc");
    service_state = "Stopped";
    for (int i = 0; i < FEATURE_COUNT; i++)
        answer_with(CONNECTOR_KEY, connector_feature_name((enum feature)i), 0, "1");
    answer_with(CONNECTOR_KEY "\\ConnectionStatus", "LastConnectionTime", 0, "11/22/2026 01:02:03");
    ask();
    assert_int_equal(facts.fatal.kind, PROBLEM_NONE);
    last = requests;
    assert_in_range(last, 14, 30);
    for (breaks_at = 1; breaks_at <= last; breaks_at++) {
        ask();
        if (requests != breaks_at || facts.fatal.kind != PROBLEM_BROKEN)
            fail_msg("broke at %d, asked %d times: %d in %s", breaks_at, requests,
                     (int)facts.fatal.kind, connector_part_name(facts.fatal_part));
        for (int part = (int)facts.fatal_part + 1; part < PART_COUNT; part++)
            assert_false(facts.looked[part]);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_hidden),          TEST(test_absent),      TEST(test_unsure),
        TEST(test_named),           TEST(test_none),        TEST(test_skip_services),
        TEST(test_foreign_program), TEST(test_certificate), TEST(test_break),
        TEST(test_clock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
