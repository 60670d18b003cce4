/* http.c - one HTTP client session on libcurl.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/http/http.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "common/base/secret.h"
#include "common/base/text.h"
#include "common/http/tls_watch.h"
#include "common/http/trust.h"

enum {
    REDIRECTS_MAXIMUM = 5,
    LOGIN_BODY_ROOM = 64 * 1024 - 1,
    CHALLENGES_MAXIMUM = 128 * 1024,     /* a token of 64 KiB in base64, and more */
    REQUEST_HEADER_MAXIMUM = 128 * 1024, /* the same */
};

struct http_session {
    CURL *easy;
    const struct deadline *deadline;
    struct curl_slist *headers;
    struct curl_slist *connect_to;
    struct tls_watch watch;
    long connections;
    bool connected; /* for messages: there has been the one connection */
    char error[CURL_ERROR_SIZE];
};

/* What the callbacks of one request need. */
struct transfer {
    struct http_session *session;
    struct http_response *response;
    size_t header_bytes;
    bool too_large;
    int login_port; /* local port of the connection that signs in, 0 before its first request */
    bool closed;    /* the one connection for messages is gone */
};

/* libcurl sends a request again on a new connection if a kept one closes without an answer, and the
 * second leg of a sign-in counts as kept. NDES may have made its page by then: asked once more, it
 * would spend a second challenge password. NTLM and Negotiate sign a connection in, so that nothing
 * is lost by pinning all legs to the first one, which its local port tells apart from others. */
static int on_login_request(void *data, char *peer, char *local, int peer_port, int local_port)
{
    struct transfer *transfer = data;

    (void)peer;
    (void)local;
    (void)peer_port;
    if (!transfer->login_port)
        transfer->login_port = local_port;
    return transfer->login_port == local_port ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
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

static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
    struct transfer *transfer = data;

    if (buffer_add(&transfer->response->body, bytes, size * count))
        return size * count;
    transfer->too_large = true;
    return 0;
}

/* The reason phrase is the one thing that libcurl does not hand out. */
static void read_status_line(const char *line, size_t length, struct http_response *response)
{
    struct slice rest = {line, length};
    struct slice piece;

    response->reason[0] = '\0';
    if (slice_next(&rest, " ", &piece) && slice_next(&rest, " ", &piece) && rest.text) {
        rest = slice_trim(rest);
        text_copy_bytes(response->reason, sizeof response->reason, rest.text, rest.length);
    }
}

static size_t on_header(char *line, size_t size, size_t count, void *data)
{
    struct transfer *transfer = data;
    size_t length = size * count;

    transfer->header_bytes += length;
    if (transfer->header_bytes > HTTP_HEADER_MAXIMUM) {
        transfer->too_large = true;
        return 0;
    }
    if (length > 5 && !memcmp(line, "HTTP/", 5)) {
        read_status_line(line, length, transfer->response);
        buffer_reset(&transfer->response->body); /* a sign-in leg or redirect came before */
    }
    return length;
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
    if (settings->tls.key_passphrase)
        curl_easy_setopt(easy, CURLOPT_KEYPASSWD, settings->tls.key_passphrase);
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
    CURL *easy = session->easy;

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
    CURL *easy = session->easy;

    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, session->error);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* do not wait for a stuck resolver */
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, settings->follow_redirects ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)REDIRECTS_MAXIMUM);
    curl_easy_setopt(easy, CURLOPT_USERAGENT,
                     settings->user_agent ? settings->user_agent
                                          : "ndes-monitoring-plugins/" PACKAGE_VERSION);
    for (size_t i = 0; i < settings->header_count; i++)
        session->headers = curl_slist_append(session->headers, settings->headers[i]);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, session->headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
}

struct http_session *http_open(const struct http_settings *settings,
                               const struct deadline *deadline, char *error, size_t error_size)
{
    struct http_session *session = calloc(1, sizeof *session);

    if (!session || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
        !(session->easy = curl_easy_init())) {
        text_copy(error, error_size, "libcurl cannot be initialised");
        free(session);
        return NULL;
    }
    session->deadline = deadline;
    set_requests(session, settings);
    set_route(session, settings);
    set_tls(session->easy, settings, &session->watch);
    return session;
}

void http_close(struct http_session *session)
{
    if (!session)
        return;
    curl_easy_cleanup(session->easy);
    curl_slist_free_all(session->headers);
    curl_slist_free_all(session->connect_to);
    tls_watch_free(&session->watch);
    free(session);
    curl_global_cleanup();
}

static double time_of(CURL *easy, CURLINFO which)
{
    curl_off_t microseconds = 0;

    curl_easy_getinfo(easy, which, &microseconds);
    return (double)microseconds / 1e6;
}

/* libcurl counts every time from the start of the request; a phase is the difference to the one
 * before. On a kept connection the first three phases are zero. */
static void read_times(CURL *easy, struct http_response *response)
{
    double name = time_of(easy, CURLINFO_NAMELOOKUP_TIME_T);
    double connect = time_of(easy, CURLINFO_CONNECT_TIME_T);
    double tls = time_of(easy, CURLINFO_APPCONNECT_TIME_T);
    double sent = time_of(easy, CURLINFO_PRETRANSFER_TIME_T);
    double first = time_of(easy, CURLINFO_STARTTRANSFER_TIME_T);
    struct http_times *times = &response->times;

    times->total = time_of(easy, CURLINFO_TOTAL_TIME_T);
    times->name = name;
    times->connect = connect > name ? connect - name : 0;
    times->tls = tls > connect ? tls - connect : 0;
    times->wait = first > sent ? first - sent : 0;
    times->transfer = first > 0 && times->total > first ? times->total - first : 0;
}

/* How far the request came. libcurl leaves CONNECT_TIME at 0 until TLS is done, so the handshake is
 * watched instead; on a kept connection only the last two moments are recorded. */
static enum http_phase reached_phase(const struct http_session *session)
{
    CURL *easy = session->easy;

    if (time_of(easy, CURLINFO_STARTTRANSFER_TIME_T) > 0)
        return PHASE_TRANSFER;
    if (time_of(easy, CURLINFO_PRETRANSFER_TIME_T) > 0)
        return PHASE_WAIT;
    if (session->watch.started)
        return PHASE_TLS;
    return time_of(easy, CURLINFO_NAMELOOKUP_TIME_T) > 0 ? PHASE_CONNECT : PHASE_NAME;
}

static void copy_header(CURL *easy, const char *name, char *target, size_t size)
{
    struct curl_header *header;

    target[0] = '\0';
    if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK)
        text_copy(target, size, header->value);
}

static unsigned read_auth_offers(CURL *easy)
{
    long curl_bits = 0;
    unsigned offers = 0;

    curl_easy_getinfo(easy, CURLINFO_HTTPAUTH_AVAIL, &curl_bits);
    if (curl_bits & (long)CURLAUTH_BASIC)
        offers |= AUTH_BASIC;
    if (curl_bits & (long)CURLAUTH_DIGEST)
        offers |= AUTH_DIGEST;
    if (curl_bits & (long)CURLAUTH_NTLM)
        offers |= AUTH_NTLM;
    if (curl_bits & (long)CURLAUTH_NEGOTIATE)
        offers |= AUTH_NEGOTIATE;
    return offers;
}

static void read_challenges(CURL *easy, struct buffer *challenges)
{
    struct curl_header *header;

    for (size_t i = 0;
         curl_easy_header(easy, "WWW-Authenticate", i, CURLH_HEADER, -1, &header) == CURLHE_OK; i++)
        if (!buffer_addf(challenges, "%s\n", header->value))
            break;
}

static void read_headers(CURL *easy, struct http_response *response)
{
    char date[64];
    long status = 0;
    char *address = NULL;
    time_t moment;

    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &address);
    response->status = (int)status;
    text_copy(response->peer_address, sizeof response->peer_address, address ? address : "");
    copy_header(easy, "Server", response->server, sizeof response->server);
    copy_header(easy, "Via", response->via, sizeof response->via);
    copy_header(easy, "Content-Type", response->content_type, sizeof response->content_type);
    copy_header(easy, "Location", response->location, sizeof response->location);
    copy_header(easy, "Date", date, sizeof date);
    moment = date[0] ? curl_getdate(date, NULL) : -1;
    response->has_date = moment > 0;
    if (response->has_date)
        response->clock_ahead = (int64_t)moment - clock_now();
    response->auth_offers = read_auth_offers(easy);
    read_challenges(easy, &response->challenges);
}

/* True if the operating system gave up on the connection before our deadline did. */
static bool connect_timed_out(CURL *easy)
{
    long system_error = 0;

    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &system_error);
    return system_error == ETIMEDOUT;
}

/* The status by which the proxy refused to CONNECT, 0 if it did not. */
static int proxy_refusal(CURL *easy)
{
    long status = 0;

    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &status);
    return status / 100 == 2 ? 0 : (int)status;
}

static enum http_outcome outcome_of(const struct http_session *session, CURLcode code,
                                    const struct transfer *transfer)
{
    if (transfer->too_large)
        return HTTP_TOO_LARGE;
    if (transfer->closed)
        return HTTP_BROKEN;
    if (code != CURLE_OK && proxy_refusal(session->easy))
        return HTTP_PROXY;
    switch (code) {
    case CURLE_OK:
    case CURLE_TOO_MANY_REDIRECTS: /* the last redirect is the answer */
        return HTTP_ANSWERED;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return HTTP_NO_NAME;
    case CURLE_COULDNT_CONNECT:
        return connect_timed_out(session->easy) ? HTTP_TIMEOUT : HTTP_NO_CONNECTION;
    case CURLE_OPERATION_TIMEDOUT:
        return HTTP_TIMEOUT;
    case CURLE_PEER_FAILED_VERIFICATION:
        return tls_watch_outcome(&session->watch, true);
    case CURLE_SSL_CONNECT_ERROR:
        return tls_watch_outcome(&session->watch, session->watch.verify_error != X509_V_OK);
    case CURLE_ABORTED_BY_CALLBACK: /* by on_login_request() */
        return HTTP_BROKEN;
    case CURLE_FILESIZE_EXCEEDED:
    case CURLE_OUT_OF_MEMORY: /* libcurl's answer to a header line without end */
        return HTTP_TOO_LARGE;
    case CURLE_URL_MALFORMAT:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER:
    case CURLE_INTERFACE_FAILED:
    case CURLE_FAILED_INIT:
    case CURLE_NOT_BUILT_IN:
        return HTTP_SETTINGS;
    case CURLE_PROXY:
        return HTTP_PROXY;
    default:
        /* With TLS 1.3 a missing client certificate shows only after the handshake. */
        return session->watch.alert ? tls_watch_outcome(&session->watch, false) : HTTP_BROKEN;
    }
}

/* Says why there is no answer: in libcurl's words, unless ours are clearer. */
static void describe_failure(const struct http_session *session, CURLcode code,
                             const struct transfer *transfer)
{
    char *detail = transfer->response->detail;
    size_t size = sizeof transfer->response->detail;

    if (transfer->response->outcome == HTTP_PROXY && proxy_refusal(session->easy))
        text_format(detail, size, "the proxy answered HTTP %d to CONNECT",
                    proxy_refusal(session->easy));
    else if (transfer->closed)
        text_copy(detail, size, "the server closed the connection, and with it the sign-in");
    else if (code == CURLE_ABORTED_BY_CALLBACK)
        text_copy(detail, size,
                  "the connection was cut after signing in; not repeated, as that could spend a "
                  "second password");
    else
        text_copy(detail, size, session->error[0] ? session->error : curl_easy_strerror(code));
}

static void set_login(CURL *easy, const struct http_login *login, struct transfer *transfer)
{
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, login ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, login ? on_login_request : NULL);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
    if (!login) {
        curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_NONE);
        curl_easy_setopt(easy, CURLOPT_USERNAME, NULL);
        curl_easy_setopt(easy, CURLOPT_PASSWORD, NULL);
        return;
    }
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH,
                     login->scheme == AUTH_NTLM ? CURLAUTH_NTLM : CURLAUTH_NEGOTIATE);
    /* libcurl starts Negotiate only with some user name; an empty one is "who has the ticket". */
    curl_easy_setopt(easy, CURLOPT_USERNAME, login->user ? login->user : "");
    curl_easy_setopt(easy, CURLOPT_PASSWORD, login->password ? login->password : "");
}

/* Starts a response. Returns false if no time is left: then it is complete. */
static bool begin(struct http_session *session, size_t body_maximum, struct http_response *response)
{
    *response = (struct http_response){0};
    buffer_init(&response->body, body_maximum ? body_maximum : HTTP_BODY_MAXIMUM);
    buffer_init(&response->challenges, CHALLENGES_MAXIMUM);
    session->error[0] = '\0';
    if (deadline_left_ms(session->deadline) > 0)
        return true;
    response->outcome = HTTP_TIMEOUT;
    response->phase = PHASE_WAIT;
    text_copy(response->detail, sizeof response->detail, "no time was left for this request");
    return false;
}

/* Makes the request that is set up and fills the response. */
static void perform(struct http_session *session, const char *url, struct transfer *transfer)
{
    CURL *easy = session->easy;
    struct http_response *response = transfer->response;
    int64_t left = deadline_left_ms(session->deadline);
    long new_connections = 0;
    CURLcode code;

    tls_watch_begin(&session->watch);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, left > 0 ? (long)left : 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, left > 0 ? (long)left : 1L);
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)response->body.maximum);
    code = curl_easy_perform(easy);

    curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &new_connections);
    session->connections += new_connections;
    response->outcome = outcome_of(session, code, transfer);
    read_headers(easy, response);
    read_times(easy, response);
    if (response->outcome != HTTP_ANSWERED) {
        response->phase = reached_phase(session);
        describe_failure(session, code, transfer);
    }
}

void http_get(struct http_session *session, const char *url, const struct http_login *login,
              size_t body_maximum, struct http_response *response)
{
    struct transfer transfer = {.session = session, .response = response};

    if (!begin(session, body_maximum, response))
        return;
    if (login && response->body.maximum > LOGIN_BODY_ROOM)
        buffer_reserve(&response->body, LOGIN_BODY_ROOM); /* growing leaves copies of the page */
    set_login(session->easy, login, &transfer);
    perform(session, url, &transfer);
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

void http_post(struct http_session *session, const char *url, const struct http_message *message,
               size_t body_maximum, struct http_response *response)
{
    CURL *easy = session->easy;
    struct transfer transfer = {.session = session, .response = response};
    struct curl_slist *headers;

    if (!begin(session, body_maximum, response))
        return;
    headers = make_headers(session, message);
    if (!headers) {
        response->outcome = HTTP_SETTINGS;
        text_format(response->detail, sizeof response->detail,
                    "a request header is over %d KiB, or memory ran out",
                    REQUEST_HEADER_MAXIMUM / 1024);
        return;
    }
    set_login(easy, NULL, &transfer);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_MAXCONNECTS, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)message->length);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, message->length ? message->body : "");
    perform(session, url, &transfer);
    session->connected = session->connections > 0;
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, NULL);
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, session->headers);
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
