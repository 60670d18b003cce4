/* ldap.c - the session of the LDAP backend: connecting, rootDSE, searches.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/directory/ldap.h"

#include <errno.h>
#include <openldap.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/text.h"
#include "common/directory/ldap_session.h"
#include "common/directory/tcp.h"

enum {
    PAGE_ENTRIES = 500,
    PAGES_MAXIMUM = 40,
    MESSAGE_BYTES_MAXIMUM = 1024 * 1024, /* an entry */
};

/* LDAP_SERVER_SD_FLAGS_OID: owner and DACL (MS-ADTS 3.1.1.3.4.1.11). Without it a reader who may
 * not see the SACL gets no descriptor at all. */
static char descriptor_parts[] = {0x30, 0x03, 0x02, 0x01, 0x05};
static LDAPControl descriptor_control = {
    .ldctl_oid = "1.2.840.113556.1.4.801",
    .ldctl_value = {sizeof descriptor_parts, descriptor_parts},
    .ldctl_iscritical = 1,
};

struct timeval ldap_time_left(const struct directory_session *session)
{
    int64_t left = deadline_left_ms(session->deadline);

    if (left < 1)
        left = 1;
    return (struct timeval){.tv_sec = left / 1000, .tv_usec = left % 1000 * 1000};
}

bool ldap_blame(struct directory_session *session, int code, enum ldap_step step,
                struct directory_problem *problem)
{
    int error = errno; /* where libldap leaves that a message was too large */
    enum directory_trouble trouble;
    char *diagnostic = NULL;
    char text[sizeof problem->detail];

    ldap_get_option(session->ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &diagnostic);
    trouble = ldap_trouble(code, diagnostic ? diagnostic : "", step);
    ldap_result_text(code, ldap_err2string(code), diagnostic ? diagnostic : "", text, sizeof text);
    ldap_memfree(diagnostic);
    if (code < 0 && deadline_left_ms(session->deadline) == 0)
        trouble = DIRECTORY_TIMEOUT;
    else if (code < 0 && trouble == DIRECTORY_BROKEN && error == ERANGE)
        return directory_fail(problem, DIRECTORY_TOO_LARGE, "a message of more than %d bytes",
                              MESSAGE_BYTES_MAXIMUM);
    directory_fail(problem, trouble, "%s", text);
    problem->code = code;
    return false;
}

LDAPMessage *ldap_await(struct directory_session *session, int id, int all, enum ldap_step step,
                        struct directory_problem *problem)
{
    struct timeval left = ldap_time_left(session);
    LDAPMessage *message = NULL;
    int type;
    int code = LDAP_SERVER_DOWN;

    errno = 0;
    type = ldap_result(session->ld, id, all, &left, &message);
    if (type > 0)
        return message;
    if (type == 0)
        code = LDAP_TIMEOUT;
    else
        ldap_get_option(session->ld, LDAP_OPT_RESULT_CODE, &code);
    ldap_blame(session, code < 0 ? code : LDAP_SERVER_DOWN, step, problem);
    return NULL;
}

/* Copies an attribute with its values. Returns false if something does not fit. */
static bool copy_attribute(LDAP *ld, LDAPMessage *message, const char *name,
                           struct directory_entries *entries, struct directory_entry *entry)
{
    struct berval **values = ldap_get_values_len(ld, message, name);
    struct directory_attribute *attribute = directory_entry_add(entry, name);
    bool fine = attribute != NULL;

    for (size_t i = 0; fine && values && values[i]; i++)
        fine = directory_attribute_add(entries, attribute, values[i]->bv_val, values[i]->bv_len);
    ldap_value_free_len(values);
    return fine;
}

static bool copy_entry(LDAP *ld, LDAPMessage *message, struct directory_entries *entries)
{
    char *dn = ldap_get_dn(ld, message);
    struct directory_entry *entry = dn ? directory_entries_add(entries, dn) : NULL;
    BerElement *cursor = NULL;
    bool fine = entry != NULL;

    for (char *name = fine ? ldap_first_attribute(ld, message, &cursor) : NULL; name;
         name = ldap_next_attribute(ld, message, cursor)) {
        fine = fine && copy_attribute(ld, message, name, entries, entry);
        ldap_memfree(name);
    }
    ber_free(cursor, 0);
    ldap_memfree(dn);
    return fine;
}

/* Takes an entry over. Fails if it is no entry, or does not fit. */
static bool take_entry(struct directory_session *session, LDAPMessage *message,
                       struct directory_entries *entries, struct directory_problem *problem)
{
    int code = LDAP_SUCCESS;
    bool fine;

    ldap_set_option(session->ld, LDAP_OPT_RESULT_CODE, &code);
    fine = copy_entry(session->ld, message, entries);
    ldap_get_option(session->ld, LDAP_OPT_RESULT_CODE, &code);
    if (code == LDAP_DECODING_ERROR)
        return directory_fail(problem, DIRECTORY_BROKEN, "an entry that is none");
    return fine ||
           directory_fail(problem, DIRECTORY_TOO_LARGE, "more than %d entries, or %d bytes of them",
                          DIRECTORY_ENTRIES_MAXIMUM, DIRECTORY_BYTES_MAXIMUM);
}

/* Reads the result that ends a page and the cookie of the next one. Frees the message. */
static bool read_result(struct directory_session *session, LDAPMessage *message,
                        struct berval *cookie, struct directory_problem *problem)
{
    LDAPControl **controls = NULL;
    LDAPControl *page;
    ber_int_t estimate;
    int code;

    ber_memfree(cookie->bv_val);
    *cookie = (struct berval){0};
    if (ldap_parse_result(session->ld, message, &code, NULL, NULL, NULL, &controls, 1) !=
        LDAP_SUCCESS)
        return directory_fail(problem, DIRECTORY_BROKEN, "a result that is none");
    page = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
    if (page &&
        ldap_parse_pageresponse_control(session->ld, page, &estimate, cookie) != LDAP_SUCCESS)
        *cookie = (struct berval){0};
    ldap_controls_free(controls);
    return code == LDAP_SUCCESS || ldap_blame(session, code, LDAP_STEP_SEARCH, problem);
}

/* Takes the answers of one request until its result, or until there are enough. */
static bool take_answers(struct directory_session *session, int id, size_t maximum,
                         struct directory_entries *entries, struct berval *cookie,
                         struct directory_problem *problem)
{
    for (;;) {
        LDAPMessage *message = ldap_await(session, id, LDAP_MSG_ONE, LDAP_STEP_SEARCH, problem);
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
}

/* Sends one request for a page. */
static bool send_search(struct directory_session *session, const struct directory_query *query,
                        struct berval *cookie, int *id, struct directory_problem *problem)
{
    static const int scopes[] = {[DIRECTORY_BASE] = LDAP_SCOPE_BASE,
                                 [DIRECTORY_ONE_LEVEL] = LDAP_SCOPE_ONELEVEL,
                                 [DIRECTORY_SUBTREE] = LDAP_SCOPE_SUBTREE};
    struct timeval limit = ldap_time_left(session);
    LDAPControl *page = NULL;
    LDAPControl *controls[3] = {NULL};
    size_t count = 0;
    int code = LDAP_SUCCESS;

    if (query->descriptors)
        controls[count++] = &descriptor_control;
    if (query->scope != DIRECTORY_BASE) {
        code = ldap_create_page_control(session->ld, PAGE_ENTRIES, cookie, 0, &page);
        controls[count] = page;
    }
    session->cost.searches++;
    if (code == LDAP_SUCCESS)
        code = ldap_search_ext(session->ld, query->base, scopes[query->scope], query->filter,
                               (char **)query->attributes, 0, controls, NULL, &limit, 0, id);
    ldap_control_free(page);
    return code == LDAP_SUCCESS || ldap_blame(session, code, LDAP_STEP_SEARCH, problem);
}

static bool search_pages(struct directory_session *session, const struct directory_query *query,
                         struct directory_entries *entries, struct directory_problem *problem)
{
    struct berval cookie = {0};
    bool fine = true;
    int pages = 0;

    do {
        int id;

        if (pages++ == PAGES_MAXIMUM)
            fine = directory_fail(problem, DIRECTORY_TOO_LARGE, "more than %d pages of entries",
                                  PAGES_MAXIMUM);
        else
            fine = send_search(session, query, &cookie, &id, problem) &&
                   take_answers(session, id, query->maximum, entries, &cookie, problem);
    } while (fine && cookie.bv_len && !entries->truncated);
    ber_memfree(cookie.bv_val);
    return fine;
}

static double seconds_since(int64_t started_ms)
{
    return (double)(clock_monotonic_ms() - started_ms) / 1000;
}

static void tell_trace(struct directory_session *session, const char *what, int64_t started_ms,
                       size_t entries, const struct directory_problem *problem)
{
    if (session->trace)
        session->trace(session->trace_data, what, seconds_since(started_ms), entries, problem);
}

bool directory_search(struct directory_session *session, const struct directory_query *query,
                      struct directory_entries *entries, struct directory_problem *problem)
{
    int64_t started = clock_monotonic_ms();
    size_t before = entries->count;
    bool fine;

    *problem = session->problem;
    if (problem->trouble != DIRECTORY_FINE)
        return false;
    fine = search_pages(session, query, entries, problem);
    if (directory_is_fatal(problem->trouble))
        session->problem = *problem;
    session->cost.seconds += seconds_since(started);
    tell_trace(session, query->what, started, entries->count - before, problem);
    return fine;
}

/* Reads what every domain controller tells anybody; other LDAP servers lack it. */
static bool read_root(struct directory_session *session, struct directory_problem *problem)
{
    static const char *const attributes[] = {"defaultNamingContext", "configurationNamingContext",
                                             "dnsHostName", "currentTime", NULL};
    struct directory_query query = {.what = "rootDSE",
                                    .base = "",
                                    .scope = DIRECTORY_BASE,
                                    .filter = "(objectClass=*)",
                                    .attributes = attributes};
    struct directory_root *root = &session->root;
    struct directory_entries entries = {0};
    bool fine = directory_search(session, &query, &entries, problem);
    struct directory_entry *entry = entries.count ? &entries.entries[0] : NULL;

    *root = (struct directory_root){.now = clock_now()};
    if (fine && entry) {
        text_copy(root->domain, sizeof root->domain, entry_text(entry, "defaultNamingContext"));
        text_copy(root->configuration, sizeof root->configuration,
                  entry_text(entry, "configurationNamingContext"));
        text_copy(root->host, sizeof root->host, entry_text(entry, "dnsHostName"));
        root->has_clock = generalized_time(entry_text(entry, "currentTime"), &root->now);
    }
    directory_entries_free(&entries);
    if (fine && (!root->domain[0] || !root->configuration[0]))
        fine = directory_fail(problem, DIRECTORY_NO_SERVICE,
                              "the rootDSE has no defaultNamingContext and "
                              "configurationNamingContext");
    return fine;
}

/* Makes libldap's handle on the session's socket, which it owns from then on. */
static bool take_socket(struct directory_session *session, struct directory_problem *problem)
{
    bool tls = session->settings->protection == LDAP_OVER_TLS;
    bool ipv6 = strchr(session->server.host, ':') != NULL;
    int version = LDAP_VERSION3;
    ber_len_t largest = MESSAGE_BYTES_MAXIMUM;
    Sockbuf *buffer = NULL;
    char url[LDAP_HOST_BYTES + 32];

    text_format(url, sizeof url, "%s://%s%s%s:%d", tls ? "ldaps" : "ldap", ipv6 ? "[" : "",
                session->server.host, ipv6 ? "]" : "", session->server.port);
    if (ldap_init_fd(session->descriptor, LDAP_PROTO_EXT, url, &session->ld) != LDAP_SUCCESS)
        session->ld = NULL;
    if (!session->ld ||
        ldap_get_option(session->ld, LDAP_OPT_SOCKBUF, &buffer) != LDAP_OPT_SUCCESS || !buffer ||
        !ldap_add_socket(session, buffer)) {
        close(session->descriptor);
        return directory_fail(problem, DIRECTORY_SETTINGS, "libldap takes no %s", url);
    }
    ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &largest);
    ldap_set_option(session->ld, LDAP_OPT_PROTOCOL_VERSION, &version);
    ldap_set_option(session->ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
    return true;
}

static void hang_up(struct directory_session *session)
{
    if (session->ld)
        ldap_unbind_ext(session->ld, NULL, NULL);
    session->ld = NULL;
}

/* Connects to the session's server and starts TLS if it is wanted. */
static bool connect_server(struct directory_session *session, struct directory_problem *problem)
{
    const struct ldap_settings *settings = session->settings;
    struct directory_cost *cost = &session->cost;
    struct tcp_target target = {.host = session->server.host,
                                .port = session->server.port,
                                .connect_address = settings->connect_address,
                                .source_address = settings->source_address,
                                .family = settings->family};

    session->descriptor =
        tcp_connect(&target, session->deadline, cost->peer, sizeof cost->peer, problem);
    if (session->descriptor < 0)
        return false;
    cost->connections++;
    return take_socket(session, problem) && ldap_protect(session, problem);
}

/* libldap does not say why it refuses a certificate: looks at it on a second connection, on which
 * nothing is asked. */
static void look_at_certificate(struct directory_session *session,
                                struct directory_problem *problem)
{
    struct directory_problem ignored;

    hang_up(session);
    session->looking = true;
    if (connect_server(session, &ignored))
        ldap_blame_certificate(session, problem);
    session->looking = false;
}

/* Comes as far as the rootDSE of one server, within `deadline`. */
static bool reach(struct directory_session *session, const struct ldap_server *server,
                  const struct deadline *deadline, struct directory_problem *problem)
{
    const struct deadline *whole = session->deadline;
    bool fine;

    session->server = *server;
    session->problem = (struct directory_problem){0};
    session->cost.peer[0] = '\0';
    session->shook_hands = false;
    text_format(session->cost.server, sizeof session->cost.server, "%s port %d", server->host,
                server->port);
    session->deadline = deadline;
    fine = connect_server(session, problem);
    if (fine)
        fine = read_root(session, problem);
    else if (problem->trouble == DIRECTORY_TLS && session->shook_hands &&
             !session->settings->insecure)
        look_at_certificate(session, problem);
    session->deadline = whole;
    if (!fine)
        hang_up(session);
    return fine;
}

/* Notes a server that did not answer, for -v. */
static void pass_over(struct directory_session *session, const struct directory_problem *problem)
{
    char *passed = session->cost.passed;
    size_t length = strlen(passed);

    text_format(passed + length, sizeof session->cost.passed - length, "%s%s: %s",
                length ? "; " : "", session->cost.server, problem->detail);
}

/* Tries the servers in their order; each may take its part of the time that is left. */
static bool reach_any(struct directory_session *session, const struct ldap_server *servers,
                      size_t count, struct directory_problem *problem)
{
    for (size_t i = 0; i < count; i++) {
        int64_t part = deadline_left_ms(session->deadline) / (int64_t)(count - i);
        struct deadline deadline = {clock_monotonic_ms() + part};

        if (reach(session, &servers[i], &deadline, problem))
            return true;
        if (i + 1 < count)
            pass_over(session, problem);
    }
    return false;
}

/* Takes HOST[:PORT] of libldap's list apart. */
static bool read_server(struct slice word, int port, struct ldap_server *server)
{
    struct slice host;
    char digits[8];
    int64_t number = LDAP_PORT;

    if (!slice_next(&word, ":", &host) || !host.length || host.length >= sizeof server->host)
        return false;
    text_copy_bytes(server->host, sizeof server->host, host.text, host.length);
    if (word.text) {
        text_copy_bytes(digits, sizeof digits, word.text, word.length);
        if (!text_integer(digits, 1, 65535, &number))
            return false;
    }
    server->port = port ? port : (int)number;
    return true;
}

/* Finds the domain controllers in the DNS: _ldap._tcp.DOMAIN (RFC 2782), in the order that it
 * wants.
 */
static size_t find_servers(const struct ldap_settings *settings, struct ldap_server *servers,
                           struct directory_problem *problem)
{
    char *list = NULL;
    size_t count = 0;
    struct slice rest;
    struct slice word;

    if (ldap_domain2hostlist(settings->domain, &list) == LDAP_SUCCESS && list) {
        rest = slice_of(list);
        while (count < LDAP_SERVERS_MAXIMUM && slice_next(&rest, " ", &word))
            count += read_server(word, settings->domain_port, &servers[count]);
    }
    ldap_memfree(list);
    if (!count)
        directory_fail(problem, DIRECTORY_NO_NAME, "the DNS has no SRV records _ldap._tcp.%s",
                       settings->domain);
    return count;
}

struct directory_session *ldap_session_open(const struct ldap_settings *settings,
                                            const struct deadline *deadline, directory_trace *trace,
                                            void *trace_data, struct directory_problem *problem)
{
    struct directory_session *session = calloc(1, sizeof *session);
    struct ldap_server found[LDAP_SERVERS_MAXIMUM];
    const struct ldap_server *servers = settings->servers;
    size_t count = settings->server_count;
    int64_t started = clock_monotonic_ms();

    *problem = (struct directory_problem){0};
    if (!session)
        return NULL;
    *session = (struct directory_session){.settings = settings,
                                          .deadline = deadline,
                                          .trace = trace,
                                          .trace_data = trace_data,
                                          .root.now = clock_now()};
    setenv("LDAPNOINIT", "1", 1); /* nobody's ldaprc changes what TLS verifies */
    if (!count) {
        count = find_servers(settings, found, problem);
        servers = found;
    }
    if (count && reach_any(session, servers, count, problem)) {
        ldap_sign_in(session, problem);
        tell_trace(session, "connect and sign in", started, 0, problem);
    }
    session->cost.seconds = seconds_since(started);
    session->problem = *problem;
    return session;
}

void directory_close(struct directory_session *session)
{
    if (!session)
        return;
    hang_up(session);
    free(session);
}

const struct directory_root *directory_root(const struct directory_session *session)
{
    return &session->root;
}

const struct directory_cost *directory_cost(const struct directory_session *session)
{
    return &session->cost;
}
