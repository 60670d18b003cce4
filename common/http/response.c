/* response.c - what libcurl knows of an answer: header fields and times.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <time.h>

#include "common/base/text.h"
#include "common/http/transfer.h"

double transfer_time(CURL *easy, CURLINFO which)
{
    curl_off_t microseconds = 0;

    curl_easy_getinfo(easy, which, &microseconds);
    return (double)microseconds / 1e6;
}

/* libcurl counts every time from the start of the request; a phase is the difference to the one
 * before. On a kept connection the first three phases are zero. */
static void read_times(CURL *easy, struct http_response *response)
{
    double name = transfer_time(easy, CURLINFO_NAMELOOKUP_TIME_T);
    double connect = transfer_time(easy, CURLINFO_CONNECT_TIME_T);
    double tls = transfer_time(easy, CURLINFO_APPCONNECT_TIME_T);
    double sent = transfer_time(easy, CURLINFO_PRETRANSFER_TIME_T);
    double first = transfer_time(easy, CURLINFO_STARTTRANSFER_TIME_T);
    struct http_times *times = &response->times;

    times->total = transfer_time(easy, CURLINFO_TOTAL_TIME_T);
    times->name = name;
    times->connect = connect > name ? connect - name : 0;
    times->tls = tls > connect ? tls - connect : 0;
    times->wait = first > sent ? first - sent : 0;
    times->transfer = first > 0 && times->total > first ? times->total - first : 0;
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

/* A URL, without what stands before an @: a password may be in it. */
static void read_location(CURL *easy, char *target, size_t size)
{
    struct curl_header *header;
    const char *at;
    const char *scheme;

    target[0] = '\0';
    if (curl_easy_header(easy, "Location", 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return;
    at = strrchr(header->value, '@');
    scheme = strstr(header->value, "://");
    if (at)
        text_format(target, size, "%.*s(not shown)%s",
                    scheme && scheme < at ? (int)(scheme + 3 - header->value) : 0, header->value,
                    at);
    else
        text_copy(target, size, header->value);
}

void response_read(CURL *easy, struct http_response *response)
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
    read_location(easy, response->location, sizeof response->location);
    copy_header(easy, "Date", date, sizeof date);
    moment = date[0] ? curl_getdate(date, NULL) : -1;
    response->has_date = moment > 0;
    if (response->has_date)
        response->clock_ahead = (int64_t)moment - clock_now();
    response->auth_offers = read_auth_offers(easy);
    read_challenges(easy, &response->challenges);
    read_times(easy, response);
}
