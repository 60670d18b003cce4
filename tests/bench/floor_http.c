/* floor_http.c - what check_ndes_http and check_ndes_racert cost at least: their requests alone.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * usage: floor_http CA-DIRECTORY URL...
 * Fetches the URLs one after the other on one connection; a PKCS#7 answer is parsed by OpenSSL. */
#include <curl/curl.h>
#include <openssl/pkcs7.h>
#include <stdio.h>
#include <string.h>

struct body {
    unsigned char bytes[64 * 1024];
    size_t length;
};

static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
    struct body *body = data;
    size_t length = size * count;

    if (length > sizeof body->bytes - body->length)
        return 0;
    memcpy(body->bytes + body->length, bytes, length);
    body->length += length;
    return length;
}

/* The certificates come with it: OpenSSL decodes all of a structure at once. */
static int parse(const struct body *body)
{
    const unsigned char *bytes = body->bytes;
    PKCS7 *pkcs7 = d2i_PKCS7(NULL, &bytes, (long)body->length);
    int parsed = pkcs7 != NULL;

    PKCS7_free(pkcs7);
    return parsed;
}

static int fetch(CURL *easy, const char *url)
{
    struct body body = {.length = 0};
    char *type = NULL;

    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
    if (curl_easy_perform(easy) != CURLE_OK)
        return 0;
    curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
    return !type || strcmp(type, "application/x-x509-ca-ra-cert") != 0 || parse(&body);
}

int main(int argc, char **argv)
{
    CURL *easy;
    int failed = argc < 3;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
    curl_easy_setopt(easy, CURLOPT_CAPATH, argv[1]);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "ndes-monitoring-plugins/" PACKAGE_VERSION);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    for (int i = 2; i < argc && !failed; i++) {
        failed = !fetch(easy, argv[i]);
        if (failed)
            fprintf(stderr, "floor_http: %s failed\n", argv[i]);
    }
    curl_easy_cleanup(easy);
    curl_global_cleanup();
    return failed;
}
