/* session.c - the session of the LDAP backend: connecting, rootDSE, searches.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/ldap/settings.h"

#include <errno.h>
#include <openldap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/ldap/libldap.h"
#include "common/net/tcp.h"
#include "common/auth/ticket.h"

enum {
    FOUND_SERVERS_MAXIMUM = 4, /* of those that the DNS names */
    PART_MINIMUM_MS = 3000,
};

static double seconds_since(int64_t started_ms)
{
    return (double)(clock_monotonic_ms() - started_ms) / 1000;
}

/* Reads what every domain controller tells: other LDAP servers lack it. Once signed in, so that
 * nobody on the way changes its clock or its names. */
static bool read_root(struct directory_session *session, struct problem *problem)
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
        fine = problem_set(problem, PROBLEM_NO_SERVICE,
                           "the rootDSE has no defaultNamingContext and "
                           "configurationNamingContext");
    return fine;
}

/* Makes libldap's handle on the session's socket, which it owns from then on. */
static bool take_socket(struct directory_session *session, struct problem *problem)
{
    bool tls = session->settings->protection == DIRECTORY_OVER_TLS;
    bool ipv6 = strchr(session->server.host, ':') != NULL;
    int version = LDAP_VERSION3;
    ber_len_t largest = DIRECTORY_MESSAGE_MAXIMUM;
    Sockbuf *buffer = NULL;
    char url[DIRECTORY_HOST_BYTES + 32];

    text_format(url, sizeof url, "%s://%s%s%s:%d", tls ? "ldaps" : "ldap", ipv6 ? "[" : "",
                session->server.host, ipv6 ? "]" : "", session->server.port);
    if (ldap_init_fd(session->descriptor, LDAP_PROTO_EXT, url, &session->ld) != LDAP_SUCCESS)
        session->ld = NULL;
    if (!session->ld ||
        ldap_get_option(session->ld, LDAP_OPT_SOCKBUF, &buffer) != LDAP_OPT_SUCCESS || !buffer ||
        !directory_add_socket(session, buffer)) {
        close(session->descriptor);
        return problem_set(problem, PROBLEM_SETTINGS, "libldap does not accept %s", url);
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
static bool connect_server(struct directory_session *session, struct problem *problem)
{
    const struct directory_settings *settings = session->settings;
    struct directory_statistics *statistics = &session->statistics;
    struct tcp_target target = {
        .host = session->server.host, .port = session->server.port, .route = settings->route};

    session->descriptor =
        tcp_connect(&target, session->deadline, statistics->peer, sizeof statistics->peer, problem);
    if (session->descriptor < 0)
        return false;
    statistics->connections++;
    return take_socket(session, problem) && directory_protect(session, problem);
}

/* libldap does not say why it refuses a certificate: looks at it on a second connection, on which
 * nothing is asked. */
static void look_at_certificate(struct directory_session *session, struct problem *problem)
{
    struct problem ignored;

    hang_up(session);
    session->looking = true;
    if (connect_server(session, &ignored))
        directory_blame_certificate(session, problem);
    session->looking = false;
}

/* Kerberos fails in several ways if the clocks are apart; the rootDSE tells the server's to
 * anybody. Another cause than the clock keeps its own name. What is read here is only told: the
 * session has failed. */
static void look_at_clock(struct directory_session *session, struct problem *problem)
{
    struct problem ignored;
    bool unclear = problem->kind == PROBLEM_SPN || problem->kind == PROBLEM_CLOCK ||
                   (problem->kind == PROBLEM_FAULT && session->has_tickets);
    int64_t ahead;
    char seen[sizeof problem->detail / 2];
    char offset[48];

    if (session->settings->method == DIRECTORY_SIMPLE || problem->kind == PROBLEM_BROKEN ||
        deadline_left_ms(session->deadline) == 0 || !read_root(session, &ignored) ||
        !session->root.has_clock)
        return;
    ahead = session->root.now - clock_now();
    if (!clock_is_skewed(ahead))
        return;
    text_copy(seen, sizeof seen, problem->detail);
    clock_offset(ahead, offset, sizeof offset);
    text_format(problem->detail, sizeof problem->detail, "%s; the domain controller's clock is %s",
                seen, offset);
    if (unclear)
        problem->kind = PROBLEM_CLOCK;
}

/* Connects, signs in and reads the rootDSE of one server, within `deadline`. */
static bool reach(struct directory_session *session, const struct directory_server *server,
                  const struct deadline *deadline, struct problem *problem)
{
    const struct deadline *whole = session->deadline;
    bool fine;

    session->server = *server;
    session->problem = (struct problem){0};
    session->statistics.peer[0] = '\0';
    session->shook_hands = false;
    session->signing_in = false;
    session->has_tickets = false;
    text_format(session->statistics.server, sizeof session->statistics.server, "%s port %d",
                server->host, server->port);
    session->statistics.port = server->port;
    session->deadline = deadline;
    fine = connect_server(session, problem);
    if (fine) {
        session->signing_in = true;
        fine = directory_sign_in(session, problem);
        if (!fine)
            look_at_clock(session, problem);
        fine = fine && read_root(session, problem);
    } else if (problem->kind == PROBLEM_TLS && session->shook_hands &&
               !session->settings->tls.insecure) {
        look_at_certificate(session, problem);
    }
    session->deadline = whole;
    if (!fine)
        hang_up(session);
    return fine;
}

/* What failed before the sign-in, or had nothing to do with it, may be better elsewhere; with
 * Kerberos that is all but a refusal, as no password is shown to the server. A refusal would be the
 * same there, and count as another wrong password. */
static bool may_pass_over(const struct directory_session *session, const struct problem *problem)
{
    switch (problem->kind) {
    case PROBLEM_NO_SERVICE:
    case PROBLEM_LIMIT:
        return true;
    case PROBLEM_TIMEOUT:
    case PROBLEM_BROKEN:
        return !session->signing_in || session->has_tickets;
    default:
        return !session->signing_in;
    }
}

/* Notes a server that did not answer, for -v. */
static void pass_over(struct directory_session *session, const struct problem *problem)
{
    char *passed = session->statistics.passed;
    size_t length = strlen(passed);

    text_format(passed + length, sizeof session->statistics.passed - length, "%s%s: %s",
                length ? "; " : "", session->statistics.server, problem->detail);
}

/* Tries the servers in their order; to connect, each may take its part of the time that is left. */
static bool reach_any(struct directory_session *session, const struct directory_server *servers,
                      size_t count, struct problem *problem)
{
    for (size_t i = 0; i < count; i++) {
        int64_t left = deadline_left_ms(session->deadline);
        int64_t part = left / (int64_t)(count - i);
        struct deadline deadline;

        if (part < PART_MINIMUM_MS)
            part = left < PART_MINIMUM_MS ? left : PART_MINIMUM_MS;
        deadline.ends_ms = clock_monotonic_ms() + part;
        if (reach(session, &servers[i], &deadline, problem))
            return true;
        if (i + 1 == count || !may_pass_over(session, problem))
            return false;
        pass_over(session, problem);
    }
    return false;
}

/* Takes HOST[:PORT] of libldap's list apart. */
static bool read_server(struct slice word, int port, struct directory_server *server)
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

/* Finds the domain controllers in the DNS (_ldap._tcp.DOMAIN, RFC 2782), in the order that it
 * wants.
 */
static size_t find_servers(const struct directory_settings *settings,
                           struct directory_server *servers, struct problem *problem)
{
    char *list = NULL;
    size_t count = 0;
    struct slice rest;
    struct slice word;

    if (ldap_domain2hostlist(settings->domain, &list) == LDAP_SUCCESS && list) {
        rest = slice_of(list);
        while (count < FOUND_SERVERS_MAXIMUM && slice_next(&rest, " ", &word))
            count += read_server(word, settings->domain_port, &servers[count]);
    }
    ldap_memfree(list);
    if (!count)
        problem_set(problem, PROBLEM_NO_NAME,
                    "DNS has no SRV records _ldap._tcp.%s, or does not answer", settings->domain);
    return count;
}

struct directory_session *directory_open(const struct directory_settings *settings,
                                         const struct deadline *deadline, directory_trace *trace,
                                         void *trace_data, struct problem *problem)
{
    struct directory_session *session = memory_zeroed(1, sizeof *session);
    struct directory_server found[FOUND_SERVERS_MAXIMUM];
    const struct directory_server *servers = settings->servers;
    size_t count = settings->server_count;
    int64_t started = clock_monotonic_ms();

    *problem = (struct problem){0};
    directory_watch_memory();
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
    if (count)
        reach_any(session, servers, count, problem);
    session->statistics.seconds = seconds_since(started);
    directory_tell(session, "connect, sign in and rootDSE", started, 0, problem);
    session->problem = *problem;
    return session;
}

void directory_close(struct directory_session *session)
{
    if (!session)
        return;
    hang_up(session);
    tickets_close(session->tickets);
    free(session);
}

const struct directory_root *directory_root(const struct directory_session *session)
{
    return &session->root;
}

const struct directory_statistics *directory_statistics(const struct directory_session *session)
{
    return &session->statistics;
}
