/* test_reply.c - tests of common/cim/reply.h: rows of both shapes, method output, faults, events.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <stdlib.h>

#include "common/base/text.h"
#include "common/cim/fault.h"
#include "common/cim/reply.h"

#define ID "uuid:1"
#define HEAD                                                                                       \
    "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "                             \
    "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "                                \
    "xmlns:n=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\" "                               \
    "xmlns:e=\"http://schemas.xmlsoap.org/ws/2004/08/eventing\" "                                  \
    "xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\" "                                  \
    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><s:Header>"                           \
    "<a:RelatesTo>" ID "</a:RelatesTo></s:Header><s:Body>"
#define TAIL "</s:Body></s:Envelope>"
#define ENUMERATED(context, items, end)                                                            \
    HEAD "<n:EnumerateResponse><n:EnumerationContext>" context                                     \
         "</n:EnumerationContext><w:Items>" items "</w:Items>" end "</n:EnumerateResponse>" TAIL
#define CLASS                                                                                      \
    "xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service\" "          \
    "xmlns:cim=\"http://schemas.dmtf.org/wbem/wscim/1/common\""

static struct soap_reply reply;
static struct problem problem;
static struct cim_rows rows;
static struct reply_page page;
static struct cim_events events;

static int clean(void **state)
{
    (void)state;
    reply_free(&reply);
    cim_rows_free(&rows);
    cim_events_free(&events);
    page = (struct reply_page){0};
    problem = (struct problem){0};
    return 0;
}

static bool parse(const char *xml)
{
    reply_free(&reply);
    problem = (struct problem){0};
    return reply_read(xml, strlen(xml), ID, &reply, &problem);
}

/* The element that the request asks for. */
static const char *wanted(const char *xml)
{
    return strstr(xml, "PullResponse") ? "PullResponse" : "EnumerateResponse";
}

static void assert_rows(const char *xml)
{
    if (!parse(xml) || !reply_rows(&reply, wanted(xml), &rows, &page, &problem))
        fail_msg("%s", problem.detail);
}

static void assert_malformed(const char *xml, const char *detail)
{
    if (parse(xml) && reply_rows(&reply, wanted(xml), &rows, &page, &problem))
        fail_msg("taken for an answer: %s", xml);
    assert_int_equal(problem.kind, PROBLEM_MALFORMED);
    assert_string_equal(problem.detail, detail);
}

static void test_class_rows(void **state)
{
    const char *text;
    int64_t time;

    (void)state;
    assert_rows(ENUMERATED(
        "uuid:7",
        "<p:Win32_Service " CLASS " xsi:type=\"p:Win32_Service_Type\"><p:Name>W3SVC</p:Name>"
        "<p:InstallDate xsi:nil=\"true\"/><p:Description></p:Description>"
        "<p:Since><cim:Datetime>2026-11-25T12:00:00Z</cim:Datetime></p:Since>"
        "</p:Win32_Service><p:Other " CLASS "><p:Name> \n WAS \n</p:Name></p:Other>",
        ""));
    assert_int_equal(rows.count, 2);
    assert_int_equal(page.items, 2);
    assert_false(page.ended);
    assert_string_equal(page.context, "uuid:7");
    assert_string_equal(cim_text_or_empty(&rows.rows[0], "Name"), "W3SVC");
    assert_int_equal(cim_text(&rows.rows[0], "InstallDate", &text), CIM_NULL);
    assert_int_equal(cim_text(&rows.rows[0], "Description", &text), CIM_VALUE);
    assert_string_equal(text, "");
    assert_int_equal(cim_text(&rows.rows[0], "State", &text), CIM_ABSENT);
    assert_int_equal(cim_time(&rows.rows[0], "Since", &time), CIM_VALUE);
    assert_int_equal(time, 1795608000);
    assert_string_equal(cim_text_or_empty(&rows.rows[1], "Name"), "WAS");
}

static void test_fragments_and_end(void **state)
{
    (void)state;
    assert_rows(ENUMERATED(
        "",
        "<w:XmlFragment><Name>SCEP</Name><Strings>a</Strings>"
        "<Strings>b</Strings><Model><User>u</User><Password>p</Password><Type xsi:nil=\"true\"/>"
        "</Model></w:XmlFragment>",
        "<w:EndOfSequence/>"));
    assert_true(page.ended);
    assert_int_equal(rows.count, 1);
    assert_int_equal(cim_count(&rows.rows[0], "Strings"), 2);
    assert_string_equal(cim_text_or_empty(&rows.rows[0], "Model.User"), "u");
    assert_int_equal(rows.rows[0].count, 5); /* all but the password */
    assert_rows(HEAD "<n:PullResponse><n:Items/><n:EndOfSequence/></n:PullResponse>" TAIL);
    assert_true(page.ended);
    assert_int_equal(page.items, 0);
}

/* Comments and processing instructions are no part of the answer. */
static void test_comments(void **state)
{
    (void)state;
    assert_rows(HEAD "<!-- c --><n:PullResponse><n:EnumerationContext>uuid:<!-- c -->8<?p x?>"
                     "</n:EnumerationContext><n:Items/></n:PullResponse>" TAIL);
    assert_string_equal(page.context, "uuid:8");
}

static void test_pretty_and_other_prefixes(void **state)
{
    (void)state;
    assert_rows("<?xml version=\"1.0\"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV="
                "\"http://www.w3.org/2003/05/soap-envelope\">\n <SOAP-ENV:Body>\n  "
                "<x:PullResponse xmlns:x=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\">\n"
                "<x:EnumerationContext>\n uuid:8 \n</x:EnumerationContext><x:Items>\n <y><Name>\n"
                "  SCEP\n </Name></y>\n</x:Items></x:PullResponse></SOAP-ENV:Body>"
                "</SOAP-ENV:Envelope>");
    assert_string_equal(page.context, "uuid:8");
    assert_string_equal(cim_text_or_empty(&rows.rows[0], "Name"), "SCEP");
}

static void test_malformed(void **state)
{
    (void)state;
    assert_malformed("",
                     "the answer is not well-formed XML, or has a DOCTYPE or too many elements");
    assert_malformed("<html><body>",
                     "the answer is not well-formed XML, or has a DOCTYPE or too many elements");
    assert_malformed("<html/>", "the answer is XML, but not a SOAP 1.2 envelope");
    assert_malformed("<Envelope xmlns=\"http://www.w3.org/2003/05/soap-envelope\"/>",
                     "the answer is an envelope without a body");
    assert_malformed(HEAD TAIL, "the answer is not of type EnumerateResponse");
    assert_malformed(HEAD "<n:PullResponse/>" TAIL,
                     "the enumeration has neither a context nor an end");
    assert_malformed("<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
                     "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\"><s:Header>"
                     "<a:RelatesTo>uuid:2</a:RelatesTo></s:Header><s:Body/></s:Envelope>",
                     "the answer belongs to another request");
    assert_int_equal(rows.count, 0);
}

static void test_bombs(void **state)
{
    static const char *const bombs[] = {
        "<!DOCTYPE a [<!ENTITY x \"y\"><!ENTITY z \"&x;&x;\">]>" HEAD TAIL,
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">" HEAD TAIL,
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
        "<a>&unknown;</a>",
    };
    struct buffer deep;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bombs); i++)
        assert_malformed(
            bombs[i], "the answer is not well-formed XML, or has a DOCTYPE or too many elements");
    buffer_init(&deep, 1000000);
    for (int i = 0; i < 100000; i++)
        buffer_add_text(&deep, "<a>");
    assert_malformed(buffer_text(&deep),
                     "the answer is not well-formed XML, or has a DOCTYPE or too many elements");
    buffer_free(&deep);
}

/* An envelope as large as it may be, of what takes most memory or time for its size. */
static void test_many_pieces(void **state)
{
    static const struct {
        const char *head;
        const char *piece;
        int depth; /* of `head` */
    } cases[] = {
        {"<b>", "<a/>t", 1},
        {"<b>", "<a b='' c='' d='' e=''/>", 1},
        {"<b>", "<a><a/></a>", 1},
        {"<b xmlns:a='u' xmlns:c='u' xmlns:d='u' xmlns:e='u' xmlns:f='u' xmlns:g='u'>", "<z:a/>",
         100},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buffer xml;

        buffer_init(&xml, 1024 * 1024);
        for (int depth = 0; depth < cases[i].depth; depth++)
            buffer_add_text(&xml, cases[i].head);
        while (xml.length < 1000 * 1000)
            buffer_add_text(&xml, cases[i].piece);
        for (int depth = 0; depth < cases[i].depth; depth++)
            buffer_add_text(&xml, "</b>");
        assert_malformed(
            buffer_text(&xml),
            "the answer is not well-formed XML, or has a DOCTYPE or too many elements");
        buffer_free(&xml);
    }
}

/* What hides a long tag from a scanner that does not read as the parser does. */
static void test_hidden_tags(void **state)
{
    static const struct {
        const char *before;
        const char *after;
    } cases[] = {
        {"<?p > <!-- ?>", "<!-- -->"},
        {"<!-- ' -->", ""},
        {"<?xml version='1.0' encoding='UTF-7'?>", ""},
        {"\xef\xbb\xbf", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buffer xml;

        buffer_init(&xml, 1000000);
        buffer_addf(&xml, "%s<a", cases[i].before);
        for (int number = 0; number < 5000; number++)
            buffer_addf(&xml, " a%d=\"\"", number);
        buffer_addf(&xml, ">%s</a>", cases[i].after);
        assert_malformed(buffer_text(&xml),
                         "the answer is not well-formed XML, or has a DOCTYPE or "
                         "too many elements");
        buffer_free(&xml);
    }
}

static void test_long_tag(void **state)
{
    struct buffer xml;

    (void)state;
    buffer_init(&xml, 1000000);
    buffer_add_text(&xml, "<a x=\">\"");
    for (int i = 0; i < 50000; i++)
        buffer_addf(&xml, " a%d=\"\"", i);
    buffer_add_text(&xml, "/>");
    assert_malformed(buffer_text(&xml),
                     "the answer is not well-formed XML, or has a DOCTYPE or too many elements");
    buffer_free(&xml);
}

static void test_long_context(void **state)
{
    struct buffer xml;

    (void)state;
    buffer_init(&xml, 10000);
    buffer_add_text(&xml, HEAD "<n:PullResponse><n:EnumerationContext>");
    for (int i = 0; i < 2000; i++)
        buffer_add_char(&xml, 'x');
    buffer_add_text(&xml, "</n:EnumerationContext></n:PullResponse>" TAIL);
    assert_malformed(buffer_text(&xml), "the enumeration's context is too long");
    buffer_free(&xml);
}

static void test_output(void **state)
{
    struct cim_row output = {0};

    (void)state;
    assert_true(parse(HEAD "<p:EnumKey_OUTPUT xmlns:p=\"x\"><p:sNames>A</p:sNames><p:sNames>B"
                           "</p:sNames><p:ReturnValue>0</p:ReturnValue></p:EnumKey_OUTPUT>" TAIL));
    assert_true(reply_output(&reply, "EnumKey", &output, &problem));
    assert_int_equal(cim_count(&output, "sNames"), 2);
    assert_string_equal(cim_text_or_empty(&output, "ReturnValue"), "0");
    cim_row_free(&output);
    assert_true(parse(HEAD TAIL));
    assert_false(reply_output(&reply, "EnumKey", &output, &problem));
    assert_string_equal(problem.detail, "the answer is not of type EnumKey_OUTPUT");
}

#define FAULT(subcode, detail)                                                                     \
    HEAD "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>" subcode                \
         "</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang=\"de-DE\">Zugriff "            \
         "verweigert</s:Text></s:Reason><s:Detail>" detail "</s:Detail></s:Fault>" TAIL
#define F "xmlns:f=\"http://schemas.microsoft.com/wbem/wsman/1/wsmanfault\""

static void test_faults(void **state)
{
    static const struct {
        const char *xml;
        enum problem_kind kind;
        uint32_t code;
    } faults[] = {
        {FAULT("w:AccessDenied", "<f:WSManFault " F " Code=\"5\" Machine=\"x\"/>"), PROBLEM_DENIED,
         5},
        {FAULT("w:InternalError", "<f:WSManFault " F " Code=\"2150858999\"><f:Message>"
                                  "<f:ProviderFault><f:WSManFault Code=\"2147749902\"><f:Message>"
                                  "inner</f:Message></f:WSManFault></f:ProviderFault>"
                                  "</f:Message></f:WSManFault>"),
         PROBLEM_NO_NAMESPACE, 0x8004100E},
        {FAULT("x:y", "<f:WSManFault " F " Code=\"2150859174\"/>"), PROBLEM_QUOTA, 0x803381A6},
        {FAULT("w:TimedOut", ""), PROBLEM_BUSY, 0},
        {FAULT("wsman:AccessDenied", "<f:WSManFault " F " Code=\"zero\"/>"), PROBLEM_DENIED, 0},
        {FAULT("x:y", "<f:WSManFault " F " Code=\"2150858817\"/>"), PROBLEM_FAULT, 0x80338041},
        {FAULT("", "<f:WSManFault " F " Code=\"15007\"/>"), PROBLEM_NO_INSTANCE, 15007},
        {HEAD "<s:Fault/>" TAIL, PROBLEM_FAULT, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        assert_false(parse(faults[i].xml));
        if (problem.kind != faults[i].kind || problem.code != faults[i].code)
            fail_msg("fault %zu: kind %d, code %lld", i, (int)problem.kind,
                     (long long)problem.code);
    }
}

static void test_codes(void **state)
{
    (void)state;
    assert_int_equal(fault_of_code(0x80041010), PROBLEM_NO_CLASS);
    assert_int_equal(fault_of_code(0x80041003), PROBLEM_DENIED);
    assert_int_equal(fault_of_code(0x80338104), PROBLEM_DENIED);
    assert_int_equal(fault_of_code(0x803381A7), PROBLEM_QUOTA);
    assert_int_equal(fault_of_code(0x80338029), PROBLEM_BUSY);
    assert_int_equal(fault_of_code(0x80041017), PROBLEM_FAULT);
    assert_int_equal(fault_of_code(0x80073A9F), PROBLEM_NO_INSTANCE);
}

#define EVENT(id, rest)                                                                            \
    "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><System><Provider "    \
    "Name=\"CertificateConnectors\"/><EventID Qualifiers=\"0\">" id                                \
    "</EventID><Level>2</Level><TimeCreated SystemTime=\"2026-11-25T12:00:00.1234567Z\"/>"         \
    "<Channel>C/Admin</Channel></System>" rest "</Event>"
#define PULLED(items)                                                                              \
    HEAD "<n:PullResponse><n:EnumerationContext>uuid:9</n:EnumerationContext><n:Items>" items      \
         "</n:Items></n:PullResponse>" TAIL

static void test_events(void **state)
{
    (void)state;
    assert_true(parse(PULLED("<w:Event Action=\"x\">" EVENT(
        "4001",
        "<EventData><Data Name=\"a\">one</Data><Data>two"
        "</Data></EventData>") "</w:Event>"
                               "<w:Event><![CDATA[" EVENT(
                                   "5000",
                                   "<RenderingInfo Culture=\"en-US\"><Message>Health "
                                   "message sent</Message></RenderingInfo>") "]]></w:Event>"
                                                                             "<w:Event>no "
                                                                             "event</"
                                                                             "w:Event><w:Event><!["
                                                                             "CDATA[<broken]]></"
                                                                             "w:Event>" EVENT(
                                                                                 "70000", ""))));
    assert_true(reply_events(&reply, &events, &page, &problem));
    assert_int_equal(page.items, 5);
    assert_int_equal(events.count, 3);
    assert_int_equal(events.events[0].id, 4001);
    assert_int_equal(events.events[0].level, 2);
    assert_int_equal(events.events[0].time, 1795608000);
    assert_string_equal(events.events[0].provider, "CertificateConnectors");
    assert_string_equal(events.events[0].channel, "C/Admin");
    assert_string_equal(events.events[0].message, "one two");
    assert_string_equal(events.events[0].data, "one\ntwo");
    assert_int_equal(events.events[1].id, 5000);
    assert_string_equal(events.events[1].message, "Health message sent");
    assert_int_equal(events.events[2].id, 0); /* no event ID is that large */
    assert_string_equal(events.events[2].message, "");
    assert_false(events.truncated);
}

static void test_identity(void **state)
{
    char text[100] = "untouched";

    (void)state;
    assert_true(parse(HEAD
                      "<i:IdentifyResponse xmlns:i=\"i\"><i:ProductVendor>Microsoft Corporation"
                      "</i:ProductVendor><i:ProductVersion>OS: 10.0.20348 SP: 0.0 Stack: 3.0"
                      "</i:ProductVersion></i:IdentifyResponse>" TAIL));
    reply_identity(&reply, text, sizeof text);
    assert_string_equal(text, "Microsoft Corporation, OS: 10.0.20348 SP: 0.0 Stack: 3.0");
    assert_true(parse(HEAD TAIL));
    reply_identity(&reply, text, sizeof text);
    assert_string_equal(text, "");
}

static void test_subscription(void **state)
{
    (void)state;
    assert_true(parse(HEAD "<e:SubscribeResponse><e:SubscriptionManager><a:Address>x</a:Address>"
                           "<a:ReferenceParameters><e:Identifier>uuid:5</e:Identifier>"
                           "</a:ReferenceParameters></e:SubscriptionManager><n:EnumerationContext>"
                           "uuid:6</n:EnumerationContext></e:SubscribeResponse>" TAIL));
    assert_true(reply_subscription(&reply, &page, &problem));
    assert_string_equal(page.context, "uuid:6");
    assert_string_equal(page.identifier, "uuid:5");
    assert_true(parse(HEAD "<e:SubscribeResponse/>" TAIL));
    assert_false(reply_subscription(&reply, &page, &problem));
    assert_true(parse(HEAD "<n:PullResponse/>" TAIL));
    assert_false(reply_subscription(&reply, &page, &problem));
}

#define TEST(name) cmocka_unit_test_teardown(name, clean)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_class_rows),
        TEST(test_fragments_and_end),
        TEST(test_pretty_and_other_prefixes),
        TEST(test_malformed),
        TEST(test_bombs),
        TEST(test_long_tag),
        TEST(test_many_pieces),
        TEST(test_hidden_tags),
        TEST(test_comments),
        TEST(test_long_context),
        TEST(test_output),
        TEST(test_faults),
        TEST(test_codes),
        TEST(test_events),
        TEST(test_identity),
        TEST(test_subscription),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
