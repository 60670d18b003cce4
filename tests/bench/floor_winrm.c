/* floor_winrm.c - what check_ndes_apppool costs at least: its requests, signed in and encrypted.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * usage: floor_winrm URL HOST [NAMESPACE WQL]...
 * Signs in to WSMAN on HOST by Kerberos with the ticket that is there and makes the queries one
 * after the other on one connection; a WQL is written as in XML. The answers are parsed by libxml2;
 * what it takes to bring one needs no second request. */
#include <curl/curl.h>
#include <gssapi/gssapi_ext.h>
#include <libxml/parser.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPNEGO_TYPE "application/HTTP-SPNEGO-session-encrypted"
#define BOUNDARY "--Encrypted Boundary"

enum { ROOM = 128 * 1024 };

struct talk {
    CURL *easy;
    gss_ctx_id_t context;
    char answer[ROOM];
    size_t length; /* of the answer */
};

static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
    struct talk *talk = data;
    size_t length = size * count;

    if (length >= sizeof talk->answer - talk->length)
        return 0;
    memcpy(talk->answer + talk->length, bytes, length);
    talk->length += length;
    return length;
}

/* Returns the status, 0 if there was no answer. */
static long post(struct talk *talk, const char *type, const char *authorization, const char *body,
                 size_t length)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    long status = 0;

    headers = curl_slist_append(headers, type);
    if (authorization)
        headers = curl_slist_append(headers, authorization);
    talk->length = 0;
    curl_easy_setopt(talk->easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(talk->easy, CURLOPT_POSTFIELDSIZE, (long)length);
    curl_easy_setopt(talk->easy, CURLOPT_POSTFIELDS, body);
    if (curl_easy_perform(talk->easy) == CURLE_OK)
        curl_easy_getinfo(talk->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    return status;
}

/* One step of the context. `token` is the server's and becomes ours, as scheme and base64. */
static int step(struct talk *talk, gss_name_t target, char *token, size_t size)
{
    static gss_OID_desc spnego = {6, "\x2b\x06\x01\x05\x05\x02"};
    const char start[] = "Authorization: Negotiate ";
    unsigned char bytes[ROOM / 4];
    gss_buffer_desc input = {0, bytes};
    gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor;
    OM_uint32 major;
    int decoded = EVP_DecodeBlock(bytes, (unsigned char *)token, (int)strlen(token));

    for (char *end = token + strlen(token); end > token && end[-1] == '='; end--)
        decoded--;
    input.length = decoded > 0 ? (size_t)decoded : 0;
    major = gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &talk->context, target, &spnego,
                                 GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG |
                                     GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG,
                                 0, GSS_C_NO_CHANNEL_BINDINGS, &input, NULL, &output, NULL, NULL);
    *token = '\0';
    if (output.length && sizeof start + output.length * 4 / 3 + 4 < size) {
        memcpy(token, start, sizeof start);
        EVP_EncodeBlock((unsigned char *)token + strlen(start), output.value, (int)output.length);
    }
    gss_release_buffer(&minor, &output);
    return !GSS_ERROR(major);
}

static int sign_in(struct talk *talk, const char *host)
{
    static const char type[] = "Content-Type: application/soap+xml;charset=UTF-8";
    char token[ROOM / 4] = "";
    struct curl_header *header;
    gss_name_t target = GSS_C_NO_NAME;
    gss_buffer_desc name;
    OM_uint32 minor;
    int fine;

    snprintf(token, sizeof token, "WSMAN@%s", host);
    name = (gss_buffer_desc){strlen(token), token};
    fine = gss_import_name(&minor, &name, GSS_C_NT_HOSTBASED_SERVICE, &target) == GSS_S_COMPLETE;
    token[0] = '\0';
    fine = fine && post(talk, type, NULL, "", 0) == 401 &&
           step(talk, target, token, sizeof token) && post(talk, type, token, "", 0) == 200 &&
           curl_easy_header(talk->easy, "WWW-Authenticate", 0, CURLH_HEADER, -1, &header) ==
               CURLHE_OK &&
           strncmp(header->value, "Negotiate ", 10) == 0;
    if (fine) {
        snprintf(token, sizeof token, "%s", header->value + 10);
        fine = step(talk, target, token, sizeof token);
    }
    gss_release_name(&minor, &target);
    return fine;
}

static size_t write_request(char *soap, size_t size, const char *url, char **query)
{
    static const char format[] =
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
        "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "
        "xmlns:n=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\" "
        "xmlns:e=\"http://schemas.xmlsoap.org/ws/2004/08/eventing\" "
        "xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\" "
        "xmlns:p=\"http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd\"><s:Header><a:To>%s</a:To>"
        "<w:ResourceURI s:mustUnderstand=\"true\">http://schemas.microsoft.com/wbem/wsman/1/wmi/"
        "%s/*</w:ResourceURI><a:ReplyTo><a:Address s:mustUnderstand=\"true\">http://"
        "schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>"
        "<a:Action s:mustUnderstand=\"true\">http://schemas.xmlsoap.org/ws/2004/09/enumeration/"
        "Enumerate</a:Action><w:MaxEnvelopeSize s:mustUnderstand=\"true\">512000"
        "</w:MaxEnvelopeSize><a:MessageID>uuid:11111111-2222-4333-8444-555555555555</a:MessageID>"
        "<w:Locale xml:lang=\"en-US\" s:mustUnderstand=\"false\"/>"
        "<p:DataLocale xml:lang=\"en-US\" s:mustUnderstand=\"false\"/>"
        "<w:OperationTimeout>PT59.000S</w:OperationTimeout></s:Header><s:Body><n:Enumerate>"
        "<w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements><w:Filter Dialect=\"http://"
        "schemas.microsoft.com/wbem/wsman/1/WQL\">%s</w:Filter></n:Enumerate></s:Body>"
        "</s:Envelope>";
    int length = snprintf(soap, size, format, url, query[0], query[1]);

    return length > 0 && (size_t)length < size ? (size_t)length : 0;
}

/* Encrypts and frames a request. Returns its length, 0 if that failed. */
static size_t seal(struct talk *talk, char *soap, size_t length, char *framed, size_t size)
{
    gss_iov_buffer_desc parts[] = {
        {GSS_IOV_BUFFER_TYPE_HEADER | GSS_IOV_BUFFER_FLAG_ALLOCATE, GSS_C_EMPTY_BUFFER},
        {GSS_IOV_BUFFER_TYPE_DATA, {length, soap}},
        {GSS_IOV_BUFFER_TYPE_PADDING | GSS_IOV_BUFFER_FLAG_ALLOCATE, GSS_C_EMPTY_BUFFER},
    };
    static const char head[] = BOUNDARY "\r\n\tContent-Type: " SPNEGO_TYPE "\r\n"
                                        "\tOriginalContent: type=application/soap+xml;"
                                        "charset=UTF-8;Length=%zu\r\n" BOUNDARY "\r\n"
                                        "\tContent-Type: application/octet-stream\r\n";
    OM_uint32 minor;
    size_t used = 0;
    size_t header;

    if (gss_wrap_iov(&minor, talk->context, 1, GSS_C_QOP_DEFAULT, NULL, parts, 3) ==
        GSS_S_COMPLETE) {
        header = parts[0].buffer.length;
        used = (size_t)snprintf(framed, size, head, length + parts[2].buffer.length);
        memcpy(framed + used, (unsigned char[]){(unsigned char)header, 0, 0, 0}, 4);
        used += 4;
        for (int i = 0; i < 3; used += parts[i++].buffer.length)
            memcpy(framed + used, parts[i].buffer.value, parts[i].buffer.length);
        memcpy(framed + used, BOUNDARY "--\r\n", sizeof BOUNDARY "--\r\n" - 1);
        used += sizeof BOUNDARY "--\r\n" - 1;
    }
    gss_release_iov_buffer(&minor, parts, 3);
    return used;
}

/* Decrypts and parses the answer. */
static int open_answer(struct talk *talk)
{
    static const char mark[] = "application/octet-stream\r\n";
    char *token;
    gss_buffer_desc sealed = GSS_C_EMPTY_BUFFER;
    gss_buffer_desc soap = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor;
    xmlDoc *document = NULL;

    talk->answer[talk->length] = '\0';
    token = strstr(talk->answer, mark);
    if (token) {
        sealed.value = token + sizeof mark - 1 + 4;
        sealed.length = talk->length - (size_t)((char *)sealed.value - talk->answer) -
                        strlen(BOUNDARY "--\r\n");
        if (gss_unwrap(&minor, talk->context, &sealed, &soap, NULL, NULL) == GSS_S_COMPLETE)
            document = xmlReadMemory(soap.value, (int)soap.length, NULL, NULL, XML_PARSE_NONET);
    }
    gss_release_buffer(&minor, &soap);
    if (!document)
        return 0;
    xmlFreeDoc(document);
    return 1;
}

static int query(struct talk *talk, const char *url, char **words)
{
    static const char type[] = "Content-Type: multipart/encrypted;protocol=\"" SPNEGO_TYPE "\";"
                               "boundary=\"Encrypted Boundary\"";
    char soap[8 * 1024];
    char framed[10 * 1024];
    size_t length = write_request(soap, sizeof soap, url, words);

    length = length ? seal(talk, soap, length, framed, sizeof framed) : 0;
    return length && post(talk, type, NULL, framed, length) == 200 && open_answer(talk);
}

int main(int argc, char **argv)
{
    static struct talk talk = {.context = GSS_C_NO_CONTEXT};
    OM_uint32 minor;
    int fine = argc > 4;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    talk.easy = curl_easy_init();
    curl_easy_setopt(talk.easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(talk.easy, CURLOPT_USERAGENT, "ndes-monitoring-plugins/" PACKAGE_VERSION);
    curl_easy_setopt(talk.easy, CURLOPT_POST, 1L);
    curl_easy_setopt(talk.easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(talk.easy, CURLOPT_WRITEDATA, &talk);
    if (fine) {
        curl_easy_setopt(talk.easy, CURLOPT_URL, argv[1]);
        fine = sign_in(&talk, argv[2]);
    }
    for (int i = 3; fine && i + 1 < argc; i += 2)
        fine = query(&talk, argv[1], &argv[i]);
    if (!fine)
        fprintf(stderr, "floor_winrm: failed\n");
    curl_easy_cleanup(talk.easy);
    gss_delete_sec_context(&minor, &talk.context, GSS_C_NO_BUFFER);
    curl_global_cleanup();
    return !fine;
}
