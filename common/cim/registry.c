/* registry.c - reads values of HKEY_LOCAL_MACHINE through StdRegProv.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/registry.h"

#include "common/base/text.h"

/* HKEY_LOCAL_MACHINE in decimal, as the provider wants it. */
#define LOCAL_MACHINE "2147483650"

/* What methods return: 0, a Windows error, or a WMI error (MS "StdRegProv class"). */
static const struct {
    int64_t code;
    enum registry_outcome outcome;
} returns[] = {
    {0, REGISTRY_FOUND},
    {1, REGISTRY_NO_VALUE},
    {2, REGISTRY_NO_KEY},
    {5, REGISTRY_DENIED},
    {0x80041003, REGISTRY_DENIED},   /* WBEM_E_ACCESS_DENIED */
    {0x80070005, REGISTRY_DENIED},   /* E_ACCESSDENIED */
    {0x80041005, REGISTRY_NO_VALUE}, /* WBEM_E_TYPE_MISMATCH: it is of another type */
    {0x80041001, REGISTRY_NO_VALUE}, /* WBEM_E_FAILED, seen for a value of another type */
};

static enum registry_outcome outcome_of(const char *method, const char *key, int64_t code,
                                        struct problem *problem)
{
    for (size_t i = 0; i < COUNT_OF(returns); i++)
        if (returns[i].code == code || returns[i].code - ((int64_t)1 << 32) == code)
            return returns[i].outcome;
    problem_set(problem, PROBLEM_FAULT, "%s of %s returned %lld", method, key, (long long)code);
    return REGISTRY_FAILED;
}

/* Calls a method of StdRegProv; `name` is NULL for those of a whole key. */
static enum registry_outcome call(struct cim_session *session, const char *method, const char *key,
                                  const char *name, struct cim_row *output, struct problem *problem)
{
    const struct cim_pair arguments[] = {
        {"hDefKey", LOCAL_MACHINE}, {"sSubKeyName", key}, {"sValueName", name}};
    const struct cim_method call = {.namespace = "root/cimv2",
                                    .class_name = "StdRegProv",
                                    .name = method,
                                    .arguments = arguments,
                                    .argument_count = name ? 3 : 2};
    int64_t code;

    if (!cim_invoke(session, &call, output, problem))
        return REGISTRY_FAILED;
    if (cim_number(output, "ReturnValue", &code) != CIM_VALUE) {
        problem_set(problem, PROBLEM_MALFORMED, "%s returned no ReturnValue", method);
        return REGISTRY_FAILED;
    }
    return outcome_of(method, key, code, problem);
}

enum registry_outcome registry_text(struct cim_session *session, const char *key, const char *name,
                                    char *target, size_t size, struct problem *problem)
{
    struct cim_row output = {0};
    enum registry_outcome outcome = call(session, "GetStringValue", key, name, &output, problem);
    const char *text;

    if (outcome == REGISTRY_FOUND && cim_text(&output, "sValue", &text) != CIM_VALUE)
        outcome = REGISTRY_NO_VALUE;
    if (outcome == REGISTRY_FOUND)
        text_copy(target, size, text);
    cim_row_free(&output);
    return outcome;
}

enum registry_outcome registry_dword(struct cim_session *session, const char *key, const char *name,
                                     int64_t *value, struct problem *problem)
{
    struct cim_row output = {0};
    enum registry_outcome outcome = call(session, "GetDWORDValue", key, name, &output, problem);

    if (outcome == REGISTRY_FOUND && cim_number(&output, "uValue", value) != CIM_VALUE)
        outcome = REGISTRY_NO_VALUE;
    cim_row_free(&output);
    return outcome;
}

/* Parses 64 bits without a sign. */
static bool parse_unsigned(const char *text, uint64_t *value)
{
    uint64_t sum = 0;

    if (!*text)
        return false;
    for (; *text; text++) {
        unsigned digit = (unsigned)(*text - '0');

        if (digit > 9 || sum > (UINT64_MAX - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    *value = sum;
    return true;
}

enum registry_outcome registry_qword(struct cim_session *session, const char *key, const char *name,
                                     uint64_t *value, struct problem *problem)
{
    struct cim_row output = {0};
    enum registry_outcome outcome = call(session, "GetQWORDValue", key, name, &output, problem);
    const char *text;

    if (outcome == REGISTRY_FOUND &&
        (cim_text(&output, "uValue", &text) != CIM_VALUE || !parse_unsigned(text, value)))
        outcome = REGISTRY_NO_VALUE;
    cim_row_free(&output);
    return outcome;
}

enum registry_outcome registry_binary(struct cim_session *session, const char *key,
                                      const char *name, struct buffer *bytes,
                                      struct problem *problem)
{
    struct cim_row output = {0};
    enum registry_outcome outcome = call(session, "GetBinaryValue", key, name, &output, problem);

    for (size_t i = 0; outcome == REGISTRY_FOUND && i < output.count; i++) {
        const struct cim_property *property = &output.properties[i];
        int64_t byte;

        if (!text_equal(property->name, "uValue") || !property->text)
            continue;
        if (!text_integer(property->text, 0, 255, &byte) || !buffer_add_char(bytes, (char)byte))
            outcome = REGISTRY_NO_VALUE;
    }
    cim_row_free(&output);
    return outcome;
}

enum registry_outcome registry_keys(struct cim_session *session, const char *key,
                                    struct cim_row *names, struct problem *problem)
{
    return call(session, "EnumKey", key, NULL, names, problem);
}

bool registry_failed(enum registry_outcome outcome, const char *key, struct problem *problem)
{
    if (outcome == REGISTRY_DENIED) {
        *problem = (struct problem){.kind = PROBLEM_DENIED};
        text_format(problem->detail, sizeof problem->detail,
                    "registry key HKLM\\%s: the account needs the right to read it", key);
    }
    return outcome == REGISTRY_DENIED || outcome == REGISTRY_FAILED;
}
