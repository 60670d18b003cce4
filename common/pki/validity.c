/* validity.c - from when until when a certificate is valid (RFC 5280 section 4.1.2.5).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/pki/validity.h"

#include <limits.h>
#include <openssl/err.h>
#include <time.h>

#include "common/base/clock.h"

/* The first byte of an element (X.690 section 8.1.2). */
enum {
    DER_INTEGER = V_ASN1_INTEGER,
    DER_SEQUENCE = V_ASN1_CONSTRUCTED | V_ASN1_SEQUENCE,
    DER_VERSION = V_ASN1_CONTEXT_SPECIFIC | V_ASN1_CONSTRUCTED, /* [0] */
};

/* Elements one behind the other. */
struct der {
    const unsigned char *at;
    long left;
};

/* Takes the next element, which must begin with `first`; `content` is what is in it. */
static bool der_take(struct der *rest, int first, struct der *content)
{
    int tag;
    int class;

    *content = *rest;
    if (rest->left <= 0 || *rest->at != first ||
        ASN1_get_object(&content->at, &content->left, &tag, &class, rest->left) !=
            (first & V_ASN1_CONSTRUCTED))
        return false;
    rest->left -= content->at + content->left - rest->at;
    rest->at = content->at + content->left;
    return true;
}

/* Goes to the dates of `Certificate`, over what is in front of them (RFC 5280 section 4.1). */
static bool find_dates(struct der rest, struct der *dates)
{
    struct der certificate;
    struct der signed_part;
    struct der passed;

    if (!der_take(&rest, DER_SEQUENCE, &certificate) ||
        !der_take(&certificate, DER_SEQUENCE, &signed_part))
        return false;
    der_take(&signed_part, DER_VERSION, &passed);           /* version 1 has none */
    return der_take(&signed_part, DER_INTEGER, &passed) &&  /* serial number */
           der_take(&signed_part, DER_SEQUENCE, &passed) && /* signature algorithm */
           der_take(&signed_part, DER_SEQUENCE, &passed) && /* issuer */
           der_take(&signed_part, DER_SEQUENCE, dates);
}

static bool take_time(struct der *dates, int64_t *seconds)
{
    const unsigned char *at = dates->at;
    ASN1_TIME *time = d2i_ASN1_TIME(NULL, &at, dates->left);
    bool taken = time && validity_time(time, seconds);

    dates->left -= at - dates->at;
    dates->at = at;
    ASN1_TIME_free(time);
    return taken;
}

bool validity_time(const ASN1_TIME *time, int64_t *seconds)
{
    struct tm utc;

    if (!time || !ASN1_TIME_to_tm(time, &utc)) { /* OpenSSL takes NULL for the present time */
        ERR_clear_error();
        return false;
    }
    *seconds = clock_from_utc(utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
                              utc.tm_min, utc.tm_sec);
    return true;
}

bool validity_read(const unsigned char *der, size_t length, struct validity *validity)
{
    struct der certificate = {der, (long)length};
    struct validity read;
    struct der dates;

    if (length <= LONG_MAX && find_dates(certificate, &dates) &&
        take_time(&dates, &read.not_before) && take_time(&dates, &read.not_after) && !dates.left) {
        *validity = read;
        return true;
    }
    ERR_clear_error(); /* not if all went well: it makes OpenSSL load its texts */
    return false;
}
