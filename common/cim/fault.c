/* fault.c - the faults of WS-Management and WMI, by their codes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/fault.h"

#include <inttypes.h>
#include <string.h>

#include "common/cim/names.h"
#include "common/cim/xml.h"

enum { DEPTH_MAXIMUM = 16 };

static const struct {
    uint32_t code;
    enum problem_kind kind;
} codes[] = {
    {5, PROBLEM_DENIED},                /* ERROR_ACCESS_DENIED */
    {0x80070005, PROBLEM_DENIED},       /* E_ACCESSDENIED */
    {0x80338104, PROBLEM_DENIED},       /* WSMAN: WMI denies access to the namespace */
    {0x80338105, PROBLEM_DENIED},       /* WSMAN: the provider denies */
    {0x80338106, PROBLEM_DENIED},       /* WSMAN: WMI cannot be reached as this user */
    {0x80041003, PROBLEM_DENIED},       /* WBEM_E_ACCESS_DENIED */
    {0x80338000, PROBLEM_NO_CLASS},     /* no such resource */
    {0x80041010, PROBLEM_NO_CLASS},     /* WBEM_E_INVALID_CLASS */
    {0x8004100E, PROBLEM_NO_NAMESPACE}, /* WBEM_E_INVALID_NAMESPACE */
    {0x80041002, PROBLEM_NO_INSTANCE},  /* WBEM_E_NOT_FOUND */
    {0x8033805B, PROBLEM_NO_INSTANCE},  /* invalid selectors */
    {15007, PROBLEM_NO_INSTANCE},       /* ERROR_EVT_CHANNEL_NOT_FOUND */
    {0x80073A9F, PROBLEM_NO_INSTANCE},  /* the same as HRESULT */
    {0x80338029, PROBLEM_BUSY},         /* the operation timed out on the server */
    {0x803381A6, PROBLEM_QUOTA},        /* too many operations of this user */
    {0x803381A7, PROBLEM_QUOTA},        /* of all operations of this user */
    {0x803381A8, PROBLEM_QUOTA},        /* of the whole system */
    {0x80041033, PROBLEM_QUOTA},        /* WBEM_E_SHUTTING_DOWN */
    {0x8004106C, PROBLEM_QUOTA},        /* WBEM_E_QUOTA_VIOLATION */
};

/* Where a stack gives no code, the subcodes of DSP0226 section 14 serve. */
static const struct {
    const char *subcode;
    enum problem_kind kind;
} subcodes[] = {
    {"AccessDenied", PROBLEM_DENIED},
    {"TimedOut", PROBLEM_BUSY},
    {"QuotaLimit", PROBLEM_QUOTA},
    {"Concurrency", PROBLEM_QUOTA},
    {"InvalidSelectors", PROBLEM_NO_INSTANCE},
    {"DestinationUnreachable", PROBLEM_NO_CLASS},
};

enum problem_kind fault_of_code(uint32_t code)
{
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (codes[i].code == code)
            return codes[i].kind;
    return PROBLEM_FAULT;
}

static enum problem_kind fault_of_subcode(const char *subcode)
{
    const char *colon = strchr(subcode, ':');

    for (size_t i = 0; i < COUNT_OF(subcodes); i++)
        if (text_equal(colon ? colon + 1 : subcode, subcodes[i].subcode))
            return subcodes[i].kind;
    return PROBLEM_FAULT;
}

/* Looks for codes below a node; the innermost one is what remains. Its own message is taken, too.
 */
static void find_code(xmlNode *node, int depth, uint32_t *code, char *message, size_t size)
{
    for (node = xml_element(node); node && depth < DEPTH_MAXIMUM; node = xml_element(node->next)) {
        char text[32];
        int64_t number;

        if (xml_is(node, NS_FAULT, "WSManFault") &&
            xml_attribute(node, "Code", text, sizeof text) &&
            text_integer(text, 0, UINT32_MAX, &number) && number) {
            xmlNode *own = xml_child(node, NS_FAULT, "Message");

            *code = (uint32_t)number;
            if (own && !xml_child(own, NS_FAULT, "ProviderFault"))
                xml_text(own, message, size);
        }
        find_code(node->children, depth + 1, code, message, size);
    }
}

void fault_read(xmlNode *fault, struct problem *problem)
{
    xmlNode *reason = xml_child(xml_child(fault, NS_SOAP, "Reason"), NS_SOAP, "Text");
    xmlNode *detail = xml_child(fault, NS_SOAP, "Detail");
    xmlNode *sub = xml_child(xml_child(fault, NS_SOAP, "Code"), NS_SOAP, "Subcode");
    char message[300];
    char subcode[128];
    uint32_t code = 0;

    *problem = (struct problem){0};
    xml_text(reason, message, sizeof message);
    xml_text(xml_child(sub, NS_SOAP, "Value"), subcode, sizeof subcode);
    if (detail)
        find_code(detail->children, 0, &code, message, sizeof message);
    problem->code = code;
    problem->kind = code ? fault_of_code(code) : PROBLEM_FAULT;
    if (problem->kind == PROBLEM_FAULT)
        problem->kind = fault_of_subcode(subcode);
    if (code)
        text_format(problem->detail, sizeof problem->detail, "0x%08" PRIX32 ": %s", code, message);
    else
        text_format(problem->detail, sizeof problem->detail, "%s%s%s",
                    subcode[0] ? subcode : "a fault without a code", message[0] ? ": " : "",
                    message);
}
