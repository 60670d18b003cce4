/* catalogue.h - everything that a plugin can find, each with its cause and remedy.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_FINDINGS_CATALOGUE_H
#define NDES_FINDINGS_CATALOGUE_H

#include "common/findings/state.h"

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
    /* asking a Windows server by WinRM: the rows are in catalogue_windows.c */
    NDES_WINRM_REFUSED,
    NDES_WINRM_TLS,
    NDES_WINRM_TIMEOUT,
    NDES_WINRM_SLOW,
    NDES_WINRM_BROKEN,
    NDES_WINRM_TOOLARGE,
    NDES_WINRM_SETTINGS,
    NDES_WINRM_MISSING,
    NDES_WINRM_SCHEME,
    NDES_WINRM_TICKET,
    NDES_WINRM_LOGON,
    NDES_WINRM_LOCKED,
    NDES_WINRM_CLOCK,
    NDES_WINRM_SPN,
    NDES_WINRM_UNENCRYPTED,
    NDES_WINRM_QUOTA,
    NDES_WINRM_FAULT,
    NDES_CIM_DENIED,
    NDES_CIM_NAMESPACE,
    NDES_CIM_CLASS,
    NDES_CIM_RIGHTS,
    /* the application pool */
    NDES_IIS_STOPPED,
    NDES_POOL_STOPPED,
    NDES_POOL_RAPIDFAIL,
    NDES_POOL_IDENTITY,
    NDES_POOL_WRONGID,
    NDES_POOL_MISSING,
    NDES_POOL_PENDING,
    NDES_POOL_MAPPING,
    NDES_POOL_CRASHING,
    NDES_POOL_STATE,
    /* the Intune connector */
    NDES_CONN_STOPPED,
    NDES_CONN_PENDING,
    NDES_CONN_DISABLED,
    NDES_CONN_MISSING,
    NDES_CONN_OUTDATED,
    NDES_CONN_SID,
    NDES_CONN_STALE,
    NDES_CONN_CERT,
    NDES_CONN_REQUESTS,
    NDES_CONN_DATA,
    NDES_CONN_STATE,
    /* asking the directory by LDAP: the rows are in catalogue_directory.c */
    NDES_LDAP_REFUSED,
    NDES_LDAP_TLS,
    NDES_LDAP_TIMEOUT,
    NDES_LDAP_SLOW,
    NDES_LDAP_BROKEN,
    NDES_LDAP_TOOLARGE,
    NDES_LDAP_SETTINGS,
    NDES_LDAP_MISSING,
    NDES_LDAP_TICKET,
    NDES_LDAP_LOGON,
    NDES_LDAP_LOCKED,
    NDES_LDAP_CLOCK,
    NDES_LDAP_SPN,
    NDES_LDAP_UNPROTECTED,
    NDES_LDAP_DENIED,
    NDES_LDAP_BASE,
    NDES_LDAP_REFERRAL,
    NDES_LDAP_LIMIT,
    NDES_LDAP_FAULT,
    NDES_LDAP_HIDDEN,
    NDES_LDAP_DESCRIPTOR,
    /* the service account */
    NDES_ACCT_MISSING,
    NDES_ACCT_AMBIGUOUS,
    NDES_ACCT_DISABLED,
    NDES_ACCT_LOCKED,
    NDES_ACCT_PASSWORD,
    NDES_ACCT_EXPIRED,
    NDES_ACCT_ROLLING,
    NDES_ACCT_RETRIEVE,
    NDES_ACCT_SPN,
    NDES_ACCT_FLAGS,
    NDES_ACCT_PRIVILEGED,
    /* certificate templates, and the CA's object */
    NDES_TMPL_MISSING,
    NDES_TMPL_UNPUBLISHED,
    NDES_TMPL_NOENROLL,
    NDES_TMPL_SUBJECT,
    NDES_TMPL_APPROVAL,
    NDES_TMPL_USAGE,
    NDES_TMPL_KEYSIZE,
    NDES_TMPL_VALIDITY,
    NDES_TMPL_CHANGED,
    NDES_TMPL_DEFAULT,
    NDES_TMPL_NOCA,
    NDES_TMPL_NTAUTH,
    NDES_TMPL_BROAD,
    NDES_TMPL_WRITABLE,
    NDES_TMPL_V1,
    NDES_TMPL_NOSID,
    NDES_TMPL_SERVERAUTH,
    NDES_TMPL_RALEFT,
    FINDING_ID_COUNT,
    CATALOGUE_WINDOWS = NDES_WINRM_REFUSED,  /* where catalogue_windows.c goes on */
    CATALOGUE_DIRECTORY = NDES_LDAP_REFUSED, /* where catalogue_directory.c goes on */
};

/* A row of the catalogue: what the operator and the runbook read. All text is ASCII. */
struct catalogue_row {
    const char *id; /* ndes-ra-expired: stable, also the runbook's anchor */
    enum state state;
    const char *headline;
    const char *cause;
    const char *remedy;
};

extern const struct catalogue_row catalogue_windows_rows[CATALOGUE_DIRECTORY - CATALOGUE_WINDOWS];
extern const struct catalogue_row catalogue_directory_rows[FINDING_ID_COUNT - CATALOGUE_DIRECTORY];

/* Never NULL; the row lives as long as the program. */
const struct catalogue_row *catalogue_row(enum finding_id id);

/* Finds an ID by its text in any case. Returns false if there is none. */
bool catalogue_find(const char *text, enum finding_id *id);

#endif
