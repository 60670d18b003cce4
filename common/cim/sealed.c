/* sealed.c - the framing of encrypted WS-Management messages (MS-WSMV 2.2.9.1).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/sealed.h"

#include <string.h>

/* Bytes of the length in front of the token's header; a header is 16 bytes with NTLM, 60 with
 * Kerberos and AES. */
enum { LENGTH_BYTES = 4, HEADER_MAXIMUM = 256, TEXT_MAXIMUM = 16 * 1024 * 1024 };

#define BOUNDARY "Encrypted Boundary"

static const char *const protocols[] = {
    [SEALED_SPNEGO] = "application/HTTP-SPNEGO-session-encrypted",
    [SEALED_KERBEROS] = "application/HTTP-Kerberos-session-encrypted",
};

const char *sealed_content_type(enum sealed_protocol protocol)
{
    static const char *const types[] = {
        [SEALED_SPNEGO] = "multipart/encrypted;"
                          "protocol=\"application/HTTP-SPNEGO-session-encrypted\";"
                          "boundary=\"" BOUNDARY "\"",
        [SEALED_KERBEROS] = "multipart/encrypted;"
                            "protocol=\"application/HTTP-Kerberos-session-encrypted\";"
                            "boundary=\"" BOUNDARY "\"",
    };

    return types[protocol];
}

bool sealed_write(enum sealed_protocol protocol, const struct sealed_message *message,
                  struct buffer *framed)
{
    size_t header = message->header_length;
    const unsigned char length[LENGTH_BYTES] = {(unsigned char)header, (unsigned char)(header >> 8),
                                                (unsigned char)(header >> 16),
                                                (unsigned char)(header >> 24)};

    return buffer_addf(framed,
                       "--" BOUNDARY "\r\n"
                       "\tContent-Type: %s\r\n"
                       "\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=%zu\r\n"
                       "--" BOUNDARY "\r\n"
                       "\tContent-Type: application/octet-stream\r\n",
                       protocols[protocol], message->text_length) &&
           buffer_add(framed, length, sizeof length) &&
           buffer_add(framed, message->token.text, message->token.length) &&
           buffer_add_text(framed, "--" BOUNDARY "--\r\n");
}

bool sealed_is(const char *content_type)
{
    return text_starts(content_type, "multipart/encrypted");
}

/* Takes the next line, which must end in LF. */
static bool next_line(struct slice *rest, struct slice *line)
{
    const char *end = memchr(rest->text, '\n', rest->length);

    if (!end)
        return false;
    *line = slice_trim((struct slice){rest->text, (size_t)(end - rest->text)});
    rest->length -= (size_t)(end + 1 - rest->text);
    rest->text = end + 1;
    return true;
}

/* Old servers write a blank behind the dashes. */
static bool is_boundary(struct slice line)
{
    return slice_is(line, "--" BOUNDARY) || slice_is(line, "-- " BOUNDARY);
}

/* Finds `Length=` in the first part's headers. */
static bool read_text_length(struct slice line, size_t *text_length)
{
    const char *equals = text_find(line.text, line.length, "Length=");
    char digits[16];
    int64_t number;
    size_t length;

    if (!equals)
        return false;
    equals += strlen("Length=");
    length = (size_t)(line.text + line.length - equals);
    if (length >= sizeof digits)
        return false;
    text_copy_bytes(digits, sizeof digits, equals, length);
    if (!text_integer(digits, 0, TEXT_MAXIMUM, &number))
        return false;
    *text_length = (size_t)number;
    return true;
}

/* Reads the text parts; what is left of `rest` begins with the length of the token's header. */
static const char *read_heads(struct slice *rest, size_t *text_length)
{
    struct slice line;
    bool found = false;

    if (!next_line(rest, &line) || !is_boundary(line))
        return "has no boundary at its start";
    for (;;) {
        if (!next_line(rest, &line))
            return "ends in the headers of its first part";
        if (is_boundary(line))
            break;
        found = read_text_length(line, text_length) || found;
    }
    if (!found)
        return "does not declare its length";
    if (!next_line(rest, &line) || !text_find(line.text, line.length, "application/octet-stream"))
        return "has no binary part";
    return NULL;
}

const char *sealed_read(const char *framed, size_t length, struct sealed_message *message)
{
    struct slice rest = {framed, length};
    const unsigned char *bytes;
    const char *problem = read_heads(&rest, &message->text_length);
    size_t header;

    if (problem)
        return problem;
    if (rest.length < LENGTH_BYTES)
        return "ends before its token";
    bytes = (const unsigned char *)rest.text;
    header = bytes[0] | (size_t)bytes[1] << 8 | (size_t)bytes[2] << 16 | (size_t)bytes[3] << 24;
    if (header > HEADER_MAXIMUM)
        return "declares an impossible token length";
    rest.text += LENGTH_BYTES;
    rest.length -= LENGTH_BYTES;
    if (header + message->text_length > rest.length)
        return "is shorter than declared";
    message->header_length = header;
    message->token = (struct slice){rest.text, header + message->text_length};
    rest.text += message->token.length;
    rest.length -= message->token.length;
    rest = slice_trim(rest);
    if (!slice_is(rest, "--" BOUNDARY "--") && !slice_is(rest, "-- " BOUNDARY "--"))
        return "does not end where declared";
    return NULL;
}
