/* http.c - one HTTP client session on libcurl.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/http/http.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "common/base/memory.h"
#include "common/base/memory_openssl.h"
#include "common/base/secret.h"
#include "common/base/text.h"
#include "common/http/transfer.h"
#include "common/http/trust.h"

enum {
    REDIRECTS_MAXIMUM = 5,
    CONNECTIONS_KEPT = 5, /* as libcurl does for a single handle */
    PAGE_ROOM = 64 * 1024 - 1,
    REQUEST_HEADER_MAXIMUM = 128 * 1024, /* a token of 64 KiB in base64, and more */
};

/* libcurl sends a request again on a new connection if a kept one closes without an answer, and the
 * second leg of a sign-in counts as kept. NDES may have made its page by then: asked once more, it
 * would spend a second challenge password. So all legs are pinned to the first connection, which
 * its local port tells apart from others; NTLM and Negotiate sign in a connection anyway. */
static int on_request(void *data, char *peer, char *local, int peer_port, int local_port)
{
    struct transfer *transfer = data;

    (void)peer;
    (void)local;
    (void)peer_port;
    if (!transfer->port)
        transfer->port = local_port;
    return transfer->port == local_port ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

/* Messages have one connection, as the first of them may have signed it in: a second one is not
 * even opened, however libcurl came to want it. */
static curl_socket_t on_open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *transfer = data;

    (void)purpose;
    if (!transfer->session->connected)
        return socket(address->family, address->socktype, address->protocol);
    transfer->closed = true;
    return CURL_SOCKET_BAD;
}

static bool is_directory(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static void set_trust(CURL *easy, const struct http_settings *settings)
{
    const char *chosen = settings->tls.ca_certificates;
    const char *directory =
        chosen ? (is_directory(chosen) ? chosen : NULL) : trust_system_directory();

    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, settings->tls.insecure ? 0L : 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, settings->tls.insecure ? 0L : 2L);
    if (directory) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
        curl_easy_setopt(easy, CURLOPT_CAPATH, directory);
    } else if (chosen) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, chosen);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
}

static void set_tls(CURL *easy, const struct http_settings *settings, struct tls_watch *watch)
{
    static const long versions[] = {[TLS_1_0] = CURL_SSLVERSION_TLSv1_0,
                                    [TLS_1_1] = CURL_SSLVERSION_TLSv1_1,
                                    [TLS_1_2] = CURL_SSLVERSION_TLSv1_2,
                                    [TLS_1_3] = CURL_SSLVERSION_TLSv1_3};

    set_trust(easy, settings);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, versions[settings->tls.minimum]);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, tls_watch_install);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, watch);
    if (!settings->tls.client_certificate)
        return;
    curl_easy_setopt(easy, CURLOPT_SSLCERT, settings->tls.client_certificate);
    curl_easy_setopt(easy, CURLOPT_SSLKEY,
                     settings->tls.private_key ? settings->tls.private_key
                                               : settings->tls.client_certificate);
    /* An empty one, too: with none at all OpenSSL would ask the terminal. */
    curl_easy_setopt(easy, CURLOPT_KEYPASSWD,
                     settings->tls.key_passphrase ? settings->tls.key_passphrase : "");
}

/* "::ADDRESS:" sends every connection of the session to ADDRESS; Host and SNI stay the URL's. */
static struct curl_slist *connect_to(const char *address)
{
    bool bare_ipv6 = strchr(address, ':') && address[0] != '[';
    char entry[300];

    text_format(entry, sizeof entry, "::%s%s%s:", bare_ipv6 ? "[" : "", address,
                bare_ipv6 ? "]" : "");
    return curl_slist_append(NULL, entry);
}

static void set_route(struct http_session *session, const struct http_settings *settings)
{
    static const long families[] = {[FAMILY_ANY] = CURL_IPRESOLVE_WHATEVER,
                                    [FAMILY_IPV4] = CURL_IPRESOLVE_V4,
                                    [FAMILY_IPV6] = CURL_IPRESOLVE_V6};
    CURL *easy = session->model;

    /* An empty proxy and exception list keep libcurl from asking the environment. */
    curl_easy_setopt(easy, CURLOPT_PROXY, settings->proxy ? settings->proxy : "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_IPRESOLVE, families[settings->route.family]);
    if (settings->route.source_address)
        curl_easy_setopt(easy, CURLOPT_INTERFACE, settings->route.source_address);
    if (settings->route.connect_address) {
        session->connect_to = connect_to(settings->route.connect_address);
        curl_easy_setopt(easy, CURLOPT_CONNECT_TO, session->connect_to);
    }
}

static void set_requests(struct http_session *session, const struct http_settings *settings)
{
    CURL *easy = session->model;

    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* do not wait for a stuck resolver */
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_NONE);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, settings->follow_redirects ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)REDIRECTS_MAXIMUM);
    curl_easy_setopt(easy, CURLOPT_USERAGENT,
                     settings->user_agent ? settings->user_agent
                                          : "ndes-monitoring-plugins/" PACKAGE_VERSION);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, session->headers);
}

/* Returns false if memory ran out. */
static bool set_headers(struct http_session *session, const struct http_settings *settings)
{
    for (size_t i = 0; i < settings->header_count; i++) {
        struct curl_slist *grown = curl_slist_append(session->headers, settings->headers[i]);

        if (!grown)
            return false;
        session->headers = grown;
    }
    return true;
}

/* Makes the handles. Returns false if memory ran out. */
static bool make_handles(struct http_session *session)
{
    session->multi = curl_multi_init();
    session->share = curl_share_init();
    session->model = curl_easy_init();
    return session->multi && session->share && session->model &&
           curl_multi_setopt(session->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_KEPT) ==
               CURLM_OK &&
           curl_share_setopt(session->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) ==
               CURLSHE_OK;
}

static void free_handles(struct http_session *session)
{
    curl_multi_cleanup(session->multi); /* first: it may still say goodbye to servers */
    curl_easy_cleanup(session->model);
    curl_share_cleanup(session->share);
}

static bool start_library(void)
{
    memory_watch_openssl();
    return curl_global_init_mem(CURL_GLOBAL_DEFAULT, memory_get, free, memory_resize,
                                text_duplicate, memory_zeroed) == CURLE_OK;
}

struct http_session *http_open(const struct http_settings *settings,
                               const struct deadline *deadline, char *error, size_t error_size)
{
    struct http_session *session = memory_zeroed(1, sizeof *session);
    bool initialised = session && start_library();

    if (!initialised || !make_handles(session) || !set_headers(session, settings)) {
        text_copy(error, error_size, "libcurl cannot be initialised");
        if (initialised)
            http_close(session);
        else
            free(session);
        return NULL;
    }
    session->deadline = deadline;
    set_requests(session, settings);
    set_route(session, settings);
    set_tls(session->model, settings, &session->watch);
    return session;
}

void http_close(struct http_session *session)
{
    if (!session)
        return;
    free_handles(session);
    curl_slist_free_all(session->headers);
    curl_slist_free_all(session->connect_to);
    tls_watch_free(&session->watch);
    free(session);
    curl_global_cleanup();
}

static void set_login(const struct http_login *login, struct transfer *transfer)
{
    CURL *easy = transfer->easy;

    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH,
                     login->scheme == AUTH_NTLM ? CURLAUTH_NTLM : CURLAUTH_NEGOTIATE);
    /* libcurl starts Negotiate only with some user name; an empty one is "who has the ticket". */
    curl_easy_setopt(easy, CURLOPT_USERNAME, login->user ? login->user : "");
    curl_easy_setopt(easy, CURLOPT_PASSWORD, login->password ? login->password : "");
}

static void get(struct http_session *session, const char *url, const struct http_login *login,
                bool once, size_t body_maximum, struct http_response *response)
{
    struct transfer transfer;

    if (!transfer_begin(&transfer, session, url, body_maximum, response))
        return;
    if (response->body.maximum > PAGE_ROOM)
        buffer_reserve(&response->body, PAGE_ROOM); /* growing leaves copies of a password behind */
    if (login)
        set_login(login, &transfer);
    if (once) {
        curl_easy_setopt(transfer.easy, CURLOPT_PREREQFUNCTION, on_request);
        curl_easy_setopt(transfer.easy, CURLOPT_PREREQDATA, &transfer);
    }
    transfer_perform(&transfer);
    transfer_end(&transfer);
}

void http_get(struct http_session *session, const char *url, size_t body_maximum,
              struct http_response *response)
{
    get(session, url, NULL, false, body_maximum, response);
}

void http_get_once(struct http_session *session, const char *url, const struct http_login *login,
                   struct http_response *response)
{
    get(session, url, login, true, 0, response);
}

/* Appends a header line. Returns false if it is too long, or memory ran out. */
static bool add_header(struct curl_slist **list, const char *name, const char *value)
{
    struct buffer line;
    struct curl_slist *grown = NULL;

    buffer_init(&line, REQUEST_HEADER_MAXIMUM);
    if (buffer_addf(&line, "%s: %s", name, value))
        grown = curl_slist_append(*list, buffer_text(&line));
    if (grown)
        *list = grown;
    buffer_wipe(&line); /* it may be a password in Basic's form */
    return grown != NULL;
}

static void free_headers(struct curl_slist *headers)
{
    for (struct curl_slist *line = headers; line; line = line->next)
        secret_wipe(line->data, strlen(line->data));
    curl_slist_free_all(headers);
}

/* The session's headers and the message's own. NULL if one does not fit. */
static struct curl_slist *make_headers(const struct http_session *session,
                                       const struct http_message *message)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    bool fine =
        headers && add_header(&headers, "Content-Type", message->content_type) &&
        (!message->authorization || add_header(&headers, "Authorization", message->authorization));

    for (const struct curl_slist *line = session->headers; fine && line; line = line->next) {
        struct curl_slist *grown = curl_slist_append(headers, line->data);

        fine = grown != NULL;
        headers = fine ? grown : headers;
    }
    if (fine)
        return headers;
    free_headers(headers);
    return NULL;
}

static void set_message(const struct http_message *message, struct curl_slist *headers,
                        struct transfer *transfer)
{
    CURL *easy = transfer->easy;

    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)message->length);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, message->length ? message->body : "");
}

void http_post(struct http_session *session, const char *url, const struct http_message *message,
               size_t body_maximum, struct http_response *response)
{
    struct transfer transfer;
    struct curl_slist *headers;

    if (!transfer_begin(&transfer, session, url, body_maximum, response))
        return;
    headers = make_headers(session, message);
    if (headers) {
        set_message(message, headers, &transfer);
        transfer_perform(&transfer);
        session->connected = session->connections > 0;
    } else {
        response->outcome = HTTP_SETTINGS;
        text_format(response->detail, sizeof response->detail,
                    "a request header is over %d KiB, or out of memory",
                    REQUEST_HEADER_MAXIMUM / 1024);
    }
    transfer_end(&transfer);
    free_headers(headers);
}

void http_response_free(struct http_response *response)
{
    buffer_wipe(&response->body); /* the admin page holds a password */
    buffer_free(&response->challenges);
}

const struct http_tls *http_tls(const struct http_session *session)
{
    return &session->watch.facts;
}

long http_connections(const struct http_session *session)
{
    return session->connections;
}
