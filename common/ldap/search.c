/* search.c - searches of the LDAP backend.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "common/base/text.h"
#include "common/ldap/libldap.h"

enum {
    PAGE_ENTRIES = 500,
    PAGES_MAXIMUM = 40,
    ANSWERS_MAXIMUM = 2 * DIRECTORY_ENTRIES_MAXIMUM, /* to one request, references included */
};

/* LDAP_SERVER_SD_FLAGS_OID: owner and DACL (MS-ADTS 3.1.1.3.4.1.11). Without it a reader who may
 * not see the SACL gets no descriptor at all. */
static char descriptor_parts[] = {0x30, 0x03, 0x02, 0x01, 0x05};
static LDAPControl descriptor_control = {
    .ldctl_oid = "1.2.840.113556.1.4.801",
    .ldctl_value = {sizeof descriptor_parts, descriptor_parts},
    .ldctl_iscritical = 1,
};

/* Copies the values of an attribute. Returns false if something does not fit. */
static bool copy_values(const struct berval *values, struct directory_entries *entries,
                        struct directory_attribute *attribute)
{
    for (size_t i = 0; values && values[i].bv_val; i++)
        if (!directory_attribute_add(entries, attribute, values[i].bv_val, values[i].bv_len))
            return false;
    return true;
}

/* Copies an entry in one walk over its message. Returns false if something does not fit; `*code`
 * is LDAP_DECODING_ERROR if it is no entry. */
static bool copy_entry(LDAP *ld, LDAPMessage *message, struct directory_entries *entries, int *code)
{
    struct directory_entry *entry = NULL;
    struct directory_attribute *attribute;
    struct berval *values = NULL;
    struct berval name = {0};
    BerElement *cursor = NULL;
    bool fine;

    *code = ldap_get_dn_ber(ld, message, &cursor, &name);
    if (*code == LDAP_SUCCESS)
        entry = directory_entries_add(entries, name.bv_val);
    fine = entry != NULL;
    while (fine &&
           (*code = ldap_get_attribute_ber(ld, message, cursor, &name, &values)) == LDAP_SUCCESS &&
           name.bv_val) {
        attribute = directory_entry_add(entries, entry, name.bv_val);
        fine = attribute && copy_values(values, entries, attribute);
        ldap_memfree(values);
        values = NULL;
    }
    ber_free(cursor, 0);
    return fine;
}

/* Takes an entry over. Fails if it is no entry, or does not fit. */
static bool take_entry(struct directory_session *session, LDAPMessage *message,
                       struct directory_entries *entries, struct problem *problem)
{
    int code;
    bool fine = copy_entry(session->ld, message, entries, &code);

    if (code != LDAP_SUCCESS)
        return problem_set(problem, PROBLEM_BROKEN, "a malformed entry");
    return fine || problem_set(problem, PROBLEM_TOO_LARGE,
                               "more than %d entries or %d bytes, or out of memory",
                               DIRECTORY_ENTRIES_MAXIMUM, DIRECTORY_BYTES_MAXIMUM);
}

/* Reads the result that ends a page and the cookie of the next one. Frees the message. */
static bool read_result(struct directory_session *session, LDAPMessage *message,
                        struct berval *cookie, struct problem *problem)
{
    LDAPControl **controls = NULL;
    LDAPControl *page;
    ber_int_t estimate;
    int code;
    bool fine = true;

    ber_memfree(cookie->bv_val);
    *cookie = (struct berval){0};
    if (ldap_parse_result(session->ld, message, &code, NULL, NULL, NULL, &controls, 1) !=
        LDAP_SUCCESS)
        return problem_set(problem, PROBLEM_BROKEN, "a malformed result");
    page = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
    if (page &&
        ldap_parse_pageresponse_control(session->ld, page, &estimate, cookie) != LDAP_SUCCESS) {
        *cookie = (struct berval){0};
        fine = problem_set(problem, PROBLEM_BROKEN, "a malformed paged-results control");
    }
    ldap_controls_free(controls);
    return code == LDAP_SUCCESS ? fine
                                : directory_blame(session, code, DIRECTORY_STEP_SEARCH, problem);
}

/* Takes the answers of one request until its result, or until there are enough. */
static bool take_answers(struct directory_session *session, int id, size_t maximum,
                         struct directory_entries *entries, struct berval *cookie,
                         struct problem *problem)
{
    for (int answers = 0; answers < ANSWERS_MAXIMUM; answers++) {
        LDAPMessage *message = directory_await(session, id, DIRECTORY_STEP_SEARCH, problem);
        bool fine = true;

        if (!message)
            return false;
        if (ldap_msgtype(message) == LDAP_RES_SEARCH_RESULT)
            return read_result(session, message, cookie, problem);
        if (ldap_msgtype(message) == LDAP_RES_SEARCH_ENTRY) {
            entries->truncated = maximum && entries->count == maximum;
            fine = entries->truncated || take_entry(session, message, entries, problem);
        }
        ldap_msgfree(message);
        if (!fine || entries->truncated) {
            ldap_abandon_ext(session->ld, id, NULL, NULL);
            return fine;
        }
    }
    return problem_set(problem, PROBLEM_TOO_LARGE, "more than %d answers", ANSWERS_MAXIMUM);
}

/* Sends one request for a page. The server is told no time limit: the deadline ends it anyhow. */
static bool send_search(struct directory_session *session, const struct directory_query *query,
                        struct berval *cookie, int *id, struct problem *problem)
{
    static const int scopes[] = {[DIRECTORY_BASE] = LDAP_SCOPE_BASE,
                                 [DIRECTORY_ONE_LEVEL] = LDAP_SCOPE_ONELEVEL,
                                 [DIRECTORY_SUBTREE] = LDAP_SCOPE_SUBTREE};
    LDAPControl *page = NULL;
    LDAPControl *controls[3] = {NULL};
    size_t count = 0;
    int code = LDAP_SUCCESS;

    directory_forget(session);
    if (query->descriptors)
        controls[count++] = &descriptor_control;
    if (query->scope != DIRECTORY_BASE) {
        code = ldap_create_page_control(session->ld, PAGE_ENTRIES, cookie, 0, &page);
        controls[count] = page;
    }
    session->statistics.searches++;
    if (code == LDAP_SUCCESS)
        code = ldap_search_ext(session->ld, query->base, scopes[query->scope], query->filter,
                               (char **)query->attributes, 0, controls, NULL, NULL, 0, id);
    ldap_control_free(page);
    return code == LDAP_SUCCESS || directory_blame(session, code, DIRECTORY_STEP_SEARCH, problem);
}

static bool search_pages(struct directory_session *session, const struct directory_query *query,
                         struct directory_entries *entries, struct problem *problem)
{
    size_t maximum = query->scope == DIRECTORY_BASE ? entries->count + 1 : query->maximum;
    struct berval cookie = {0};
    bool fine = true;
    int pages = 0;

    do {
        int id;

        if (pages++ == PAGES_MAXIMUM)
            fine = problem_set(problem, PROBLEM_TOO_LARGE, "more than %d pages of entries",
                               PAGES_MAXIMUM);
        else
            fine = send_search(session, query, &cookie, &id, problem) &&
                   take_answers(session, id, maximum, entries, &cookie, problem);
    } while (fine && cookie.bv_len && !entries->truncated);
    ber_memfree(cookie.bv_val);
    return fine;
}

/* The server does not say which object it misses. */
static void name_base(const char *base, struct problem *problem)
{
    struct problem unnamed = *problem;

    text_format(problem->detail, sizeof problem->detail, "%s: %s", base, unnamed.detail);
}

bool directory_search(struct directory_session *session, const struct directory_query *query,
                      struct directory_entries *entries, struct problem *problem)
{
    int64_t started = clock_monotonic_ms();
    size_t before = entries->count;
    bool fine;

    *problem = session->problem;
    if (problem->kind != PROBLEM_NONE)
        return false;
    fine = search_pages(session, query, entries, problem);
    if (problem->kind == PROBLEM_NO_BASE)
        name_base(query->base, problem);
    if (problem_is_fatal(problem->kind))
        session->problem = *problem;
    session->statistics.seconds += (double)(clock_monotonic_ms() - started) / 1000;
    directory_tell(session, query->what, started, entries->count - before, problem);
    return fine;
}
