/* test_soap.c - tests of common/cim/soap.h and of quoting: what goes into a request stays data.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "common/cim/soap.h"
#include "common/cim/xml.h"

static struct soap_context soap = {.to = "http://h:5985/wsman?a&b", .timeout_ms = 1500};
static struct buffer request;
static xmlDoc *document;

static int start(void **state)
{
    (void)state;
    buffer_init(&request, 20000);
    return 0;
}

static int end(void **state)
{
    (void)state;
    buffer_free(&request);
    xmlFreeDoc(document);
    document = NULL;
    return 0;
}

static xmlNode *part(const char *name)
{
    if (!document)
        document = xml_read(buffer_text(&request), request.length);
    assert_non_null(document);
    return xml_child(xmlDocGetRootElement(document), NULL, name);
}

static void assert_text(xmlNode *node, const char *name, const char *wanted)
{
    char text[1000];

    assert_true(xml_text(xml_child(node, NULL, name), text, sizeof text));
    assert_string_equal(text, wanted);
}

static void test_enumerate(void **state)
{
    const char *wql = "SELECT Name FROM C WHERE Name='<&>\"' AND X>1";
    char resource[200];
    xmlNode *body;

    (void)state;
    soap_namespace_uri("root/cimv2", resource, sizeof resource);
    assert_true(soap_enumerate(&soap, resource, wql, &request));
    assert_text(part("Header"), "To", "http://h:5985/wsman?a&b");
    assert_text(part("Header"), "Action",
                "http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate");
    assert_text(part("Header"), "ResourceURI",
                "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/*");
    assert_text(part("Header"), "MessageID", soap.message_id);
    assert_text(part("Header"), "OperationTimeout", "PT1.500S");
    body = xml_child(part("Body"), NULL, "Enumerate");
    assert_text(body, "Filter", wql);
    assert_non_null(xml_child(body, NULL, "OptimizeEnumeration"));
}

static void test_identify(void **state)
{
    (void)state;
    assert_true(soap_identify(&request));
    assert_non_null(xml_child(part("Body"),
                              "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd",
                              "Identify"));
}

static void test_pull_and_release(void **state)
{
    (void)state;
    assert_true(soap_pull(&soap, "r", "uuid:<1>", &request));
    assert_text(xml_child(part("Body"), NULL, "Pull"), "EnumerationContext", "uuid:<1>");
    end(state);
    assert_true(soap_release(&soap, "r", "uuid:2", &request));
    assert_text(xml_child(part("Body"), NULL, "Release"), "EnumerationContext", "uuid:2");
}

static void test_invoke(void **state)
{
    const struct cim_pair keys[] = {{"Name", "a<b"}};
    const struct cim_pair arguments[] = {{"hDefKey", "1"}, {"sSubKeyName", "A\\B & C"}};
    const struct cim_method method = {.namespace = "root/cimv2",
                                      .class_name = "StdRegProv",
                                      .name = "EnumKey",
                                      .keys = keys,
                                      .key_count = 1,
                                      .arguments = arguments,
                                      .argument_count = 2};
    xmlNode *input;

    (void)state;
    assert_true(soap_invoke(&soap, &method, &request));
    assert_text(part("Header"), "Action",
                "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/StdRegProv/EnumKey");
    assert_text(xml_child(part("Header"), NULL, "SelectorSet"), "Selector", "a<b");
    input = xml_child(part("Body"),
                      "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/"
                      "StdRegProv",
                      "EnumKey_INPUT");
    assert_text(input, "hDefKey", "1");
    assert_text(input, "sSubKeyName", "A\\B & C");
}

/* Another key than the one that was named must not be asked for. */
static void test_characters_that_cannot_be_sent(void **state)
{
    static const char *const names[] = {"A\nB", "A\x01", "\xff"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct cim_pair arguments[] = {{"sSubKeyName", names[i]}};
        const struct cim_method method = {.namespace = "root/cimv2",
                                          .class_name = "StdRegProv",
                                          .name = "EnumKey",
                                          .arguments = arguments,
                                          .argument_count = 1};

        assert_false(soap_invoke(&soap, &method, &request));
        buffer_reset(&request);
    }
}

static void test_subscribe(void **state)
{
    static const int ids[] = {4001, 5000};
    const struct cim_event_query query = {
        .channels = {"A/Admin", "B"}, .ids = ids, .id_count = 2, .window = 60};
    xmlNode *select;
    char path[20];

    (void)state;
    assert_true(soap_subscribe(&soap, &query, &request));
    select = xml_child(part("Body"), NULL, "Subscribe");
    select = xml_child(
        xml_child(xml_child(xml_child(select, NULL, "Filter"), NULL, "QueryList"), NULL, "Query"),
        NULL, "Select");
    assert_true(xml_attribute(select, "Path", path, sizeof path));
    assert_string_equal(path, "A/Admin");
    assert_text(select->parent, "Select",
                "*[System[(EventID=4001 or EventID=5000) and "
                "TimeCreated[timediff(@SystemTime) <= 60000]]]");
    assert_true(xml_is(xml_element(select->next), NULL, "Select"));
    end(state);
    assert_true(soap_unsubscribe(&soap, "uuid:5", &request));
    assert_text(part("Header"), "Identifier", "uuid:5");
}

/* Windows takes about 20 conditions in one Select. */
static void test_many_ids(void **state)
{
    int ids[40];
    const struct cim_event_query query = {
        .channels = {"A"}, .ids = ids, .id_count = COUNT_OF(ids), .window = 60};
    size_t selects = 0;
    size_t conditions = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ids); i++)
        ids[i] = (int)i;
    assert_true(soap_subscribe(&soap, &query, &request));
    for (const char *at = buffer_text(&request); (at = strstr(at, "<Select")) != NULL; at++)
        selects++;
    for (const char *at = buffer_text(&request); (at = strstr(at, "EventID=")) != NULL; at++)
        conditions++;
    assert_int_equal(selects, 3);
    assert_int_equal(conditions, 40);
}

static void test_ids_differ(void **state)
{
    char first[sizeof soap.message_id];

    (void)state;
    assert_true(soap_pull(&soap, "r", "c", &request));
    text_copy(first, sizeof first, soap.message_id);
    assert_int_equal(strlen(first), strlen("uuid:12345678-1234-4234-8234-123456789ABC"));
    buffer_reset(&request);
    assert_true(soap_pull(&soap, "r", "c", &request));
    assert_string_not_equal(first, soap.message_id);
}

static void test_no_room(void **state)
{
    struct buffer small;

    (void)state;
    buffer_init(&small, 1000);
    assert_false(soap_pull(&soap, "r", "c", &small));
    buffer_free(&small);
}

static void test_quote(void **state)
{
    (void)state;
    cim_quote(&request, "SCEP' OR '\\'='");
    assert_string_equal(buffer_text(&request), "'SCEP\\' OR \\'\\\\\\'=\\''");
    assert_true(problem_is_fatal(PROBLEM_REFUSED));
    assert_true(problem_is_fatal(PROBLEM_UNPROTECTED));
    assert_false(problem_is_fatal(PROBLEM_DENIED));
    assert_false(problem_is_fatal(PROBLEM_NONE));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_enumerate),
        TEST(test_identify),
        TEST(test_pull_and_release),
        TEST(test_invoke),
        TEST(test_characters_that_cannot_be_sent),
        TEST(test_subscribe),
        TEST(test_many_ids),
        TEST(test_ids_differ),
        TEST(test_no_room),
        TEST(test_quote),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
