/* catalogue.h - everything that a plugin can find, each with its cause and remedy.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_REPORT_CATALOGUE_H
#define NDES_REPORT_CATALOGUE_H

#include "common/report/state.h"

/* The order is that of the runbook. */
enum finding_id {
    /* reaching the server */
    NDES_NET_DNS,
    NDES_NET_REFUSED,
    NDES_NET_PROXY,
    NDES_TLS_EXPIRED,
    NDES_TLS_NAME,
    NDES_TLS_CHAIN,
    NDES_TLS_CLIENT,
    NDES_TLS_HANDSHAKE,
    /* its HTTP answers */
    NDES_HTTP_TIMEOUT,
    NDES_HTTP_SLOW,
    NDES_HTTP_500,
    NDES_HTTP_502,
    NDES_HTTP_503,
    NDES_HTTP_504,
    NDES_HTTP_404,
    NDES_HTTP_403,
    NDES_HTTP_STATUS,
    NDES_HTTP_REDIRECT,
    NDES_HTTP_BROKEN,
    NDES_HTTP_TOOLARGE,
    NDES_HTTP_BLANK,
    NDES_HTTP_HTML,
    NDES_HTTP_POLICY,
    NDES_HTTP_CAPS,
    NDES_CACERT_INVALID,
    NDES_URL_LIMIT,
    NDES_TIME_SKEW,
    NDES_HTTP_SETTINGS,
    /* the admin page */
    NDES_ADMIN_FULL,
    NDES_ADMIN_DENIED,
    NDES_ADMIN_AUTH,
    NDES_ADMIN_OPEN,
    NDES_ADMIN_BASIC,
    NDES_ADMIN_EXPOSED,
    NDES_ADMIN_MISSING,
    NDES_ADMIN_BLANK,
    NDES_ADMIN_REFUSED,
    NDES_ADMIN_UNKNOWN,
    NDES_ADMIN_STATE,
    /* RA and CA certificates */
    NDES_RA_EXPIRED,
    NDES_RA_EXPIRING,
    NDES_RA_NOTYET,
    NDES_RA_MISSING,
    NDES_CA_MISSING,
    NDES_RA_USAGE,
    NDES_RA_OLDCA,
    NDES_RA_CHAIN,
    NDES_RA_SIGNATURE,
    NDES_RA_WEAKKEY,
    NDES_RA_REVOKED,
    NDES_RA_UNEXPECTED,
    NDES_CA_EXPIRED,
    NDES_CA_EXPIRING,
    NDES_CRL_UNREACHABLE,
    NDES_CRL_INVALID,
    NDES_CRL_EXPIRED,
    NDES_CRL_EXPIRING,
    FINDING_ID_COUNT,
};

/* A row of the catalogue: what the operator and the runbook read. All text is ASCII. */
struct catalogue_row {
    const char *id; /* ndes-ra-expired: stable, also the runbook's anchor */
    enum state state;
    const char *headline;
    const char *cause;
    const char *remedy;
};

/* Never NULL; the row lives as long as the program. */
const struct catalogue_row *catalogue_row(enum finding_id id);

/* Finds an ID by its text in any case. Returns false if there is none. */
bool catalogue_find(const char *text, enum finding_id *id);

#endif
