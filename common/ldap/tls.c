/* tls.c - TLS on an LDAP connection, and what is wrong with a certificate that it refuses.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/tls1.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <unistd.h>

#include "common/base/hashed_directory.h"
#include "common/base/text.h"
#include "common/ldap/libldap.h"

/* Where distributions keep the CA certificates that the system trusts. */
static const char *system_trust(void)
{
    static const char *const paths[] = {"/etc/ssl/certs/ca-certificates.crt",
                                        "/etc/pki/tls/certs/ca-bundle.crt",
                                        "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"};

    for (size_t i = 0; i < COUNT_OF(paths); i++)
        if (access(paths[i], R_OK) == 0)
            return paths[i];
    return NULL;
}

/* Sets a text option of TLS; NULL leaves it alone. */
static bool set_text(LDAP *ld, int option, const char *value)
{
    return !value || ldap_set_option(ld, option, value) == LDAP_OPT_SUCCESS;
}

/* GnuTLS ignores the option for the lowest version, and wants words instead. */
static bool set_lowest_version(LDAP *ld, enum tls_minimum minimum)
{
    static const char *const words[] = {
        [TLS_1_0] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:+VERS-TLS1.1:+VERS-TLS1.0",
        [TLS_1_1] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:+VERS-TLS1.1",
        [TLS_1_2] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2",
        [TLS_1_3] = "NORMAL:-VERS-ALL:+VERS-TLS1.3",
    };
    int version = TLS1_VERSION + (int)minimum;
    char *package = NULL;
    bool gnutls;

    ldap_get_option(ld, LDAP_OPT_X_TLS_PACKAGE, &package);
    gnutls = package && text_equal(package, "GnuTLS");
    ldap_memfree(package);
    if (gnutls)
        return set_text(ld, LDAP_OPT_X_TLS_CIPHER_SUITE, words[minimum]);
    return ldap_set_option(ld, LDAP_OPT_X_TLS_PROTOCOL_MIN, &version) == LDAP_OPT_SUCCESS;
}

/* Without this OpenSSL would ask the terminal for the passphrase of an encrypted block. */
static int no_passphrase(char *target, int size, int writing, void *data)
{
    (void)target, (void)size, (void)writing, (void)data;
    return -1;
}

/* GnuTLS takes a file without any certificate for one that trusts nobody. */
static bool holds_certificate(const char *path)
{
    BIO *file = BIO_new_file(path, "r");
    X509 *certificate = file ? PEM_read_bio_X509(file, NULL, no_passphrase, NULL) : NULL;
    bool found = certificate != NULL;

    X509_free(certificate);
    BIO_free(file);
    ERR_clear_error();
    return found;
}

/* The CA certificates that are trusted, and the certificate that we show. */
static bool set_files(LDAP *ld, const struct net_tls *tls, const char *trust, bool as_ourselves)
{
    bool directory = trust && is_hashed_directory(trust);
    const char *key = tls->private_key ? tls->private_key : tls->client_certificate;

    return set_text(ld, LDAP_OPT_X_TLS_CACERTFILE, directory ? NULL : trust) &&
           set_text(ld, LDAP_OPT_X_TLS_CACERTDIR, directory ? trust : NULL) &&
           (!as_ourselves || (set_text(ld, LDAP_OPT_X_TLS_CERTFILE, tls->client_certificate) &&
                              set_text(ld, LDAP_OPT_X_TLS_KEYFILE, key)));
}

static bool set_tls(struct directory_session *session, struct problem *problem)
{
    const struct net_tls *tls = &session->settings->tls;
    const char *own = tls->ca_certificates;
    const char *trust = own || tls->insecure ? own : system_trust();
    int verify = session->looking || tls->insecure ? LDAP_OPT_X_TLS_NEVER : LDAP_OPT_X_TLS_DEMAND;
    int client = 0;
    LDAP *ld = session->ld;

    if (!trust && !tls->insecure)
        return problem_set(problem, PROBLEM_SETTINGS,
                           "no CA certificates of the system found: give --ca-cert");
    if (own && !is_hashed_directory(own) && !holds_certificate(own))
        return problem_set(problem, PROBLEM_SETTINGS, "no certificate (PEM) in --ca-cert %s", own);
    if (set_files(ld, tls, trust, !session->looking) &&
        set_lowest_version(ld, (enum tls_minimum)tls->minimum) &&
        ldap_set_option(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &verify) == LDAP_OPT_SUCCESS &&
        ldap_set_option(ld, LDAP_OPT_X_TLS_NEWCTX, &client) == LDAP_OPT_SUCCESS)
        return true;
    return problem_set(problem, PROBLEM_SETTINGS,
                       "TLS cannot use the files of --ca-cert, -J and -K");
}

/* The extended operation (RFC 4511 section 4.14). */
static bool ask_start_tls(struct directory_session *session, struct problem *problem)
{
    int id;
    int code;

    directory_forget(session);
    code = ldap_start_tls(session->ld, NULL, NULL, &id);
    return code == LDAP_SUCCESS ? directory_finish(session, id, DIRECTORY_STEP_TLS, problem)
                                : directory_blame(session, code, DIRECTORY_STEP_TLS, problem);
}

bool directory_protect(struct directory_session *session, struct problem *problem)
{
    enum directory_protection protection = session->settings->protection;
    int code;

    if (protection == DIRECTORY_PLAIN)
        return true;
    if (!set_tls(session, problem) ||
        (protection == DIRECTORY_START_TLS && !ask_start_tls(session, problem)))
        return false;
    session->shook_hands = true;
    directory_forget(session);
    code = ldap_install_tls(session->ld);
    return code == LDAP_SUCCESS || directory_blame(session, code, DIRECTORY_STEP_TLS, problem);
}

/* The certificate that the server has shown; NULL if it has shown none. */
static X509 *shown_certificate(struct directory_session *session)
{
    struct berval der = {0};
    const unsigned char *at;
    X509 *certificate;

    if (ldap_get_option(session->ld, LDAP_OPT_X_TLS_PEERCERT, &der) != LDAP_OPT_SUCCESS)
        return NULL;
    at = (const unsigned char *)der.bv_val;
    certificate = d2i_X509(NULL, &at, (long)der.bv_len);
    ber_memfree(der.bv_val);
    ERR_clear_error();
    return certificate;
}

static bool is_for(X509 *certificate, const char *host)
{
    unsigned char address[16];
    bool is_address =
        inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;

    return is_address ? X509_check_ip_asc(certificate, host, 0) == 1
                      : X509_check_host(certificate, host, 0, 0, NULL) == 1;
}

/* Takes what was printed as a string, and frees the BIO. */
static void take_text(BIO *text, char *target, size_t size)
{
    int length = BIO_read(text, target, (int)size - 1);

    target[length > 0 ? length : 0] = '\0';
    BIO_free(text);
}

/* Writes a date such as "Nov 25 18:47:56 2026 GMT"; "" if memory ran out. */
static void write_date(const ASN1_TIME *date, char *target, size_t size)
{
    BIO *text = BIO_new(BIO_s_mem());

    target[0] = '\0';
    if (!text)
        return;
    ASN1_TIME_print(text, date);
    take_text(text, target, size);
}

/* The same for a name such as "CN=Example Root". */
static void write_name(const X509_NAME *name, char *target, size_t size)
{
    BIO *text = BIO_new(BIO_s_mem());

    target[0] = '\0';
    if (!text)
        return;
    X509_NAME_print_ex(text, name, 0, XN_FLAG_RFC2253);
    take_text(text, target, size);
}

/* The DNS names of a certificate: "dc1.example.com, example.com"; certificates of domain
 * controllers often have no other name. */
static void write_hosts(X509 *certificate, char *target, size_t size)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    struct buffer list;

    buffer_init(&list, size - 1);
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

        if (name->type == GEN_DNS)
            buffer_addf(&list, "%s%.*s", list.length ? ", " : "",
                        ASN1_STRING_length(name->d.dNSName),
                        (const char *)ASN1_STRING_get0_data(name->d.dNSName));
    }
    text_copy(target, size, list.length ? buffer_text(&list) : "no host");
    buffer_free(&list);
    GENERAL_NAMES_free(names);
}

/* The nearest cause first: a date or a name needs another certificate, trust a file here. That it
 * is not trusted cannot be seen from the certificate alone, so libldap's words are kept then. */
static void blame_certificate(X509 *certificate, const char *host, struct problem *problem)
{
    char seen[sizeof problem->detail / 2];
    char text[200];

    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
        write_date(X509_get0_notAfter(certificate), text, sizeof text);
        problem_set(problem, PROBLEM_TLS, "the certificate of %s has expired: %s", host, text);
    } else if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) {
        write_date(X509_get0_notBefore(certificate), text, sizeof text);
        problem_set(problem, PROBLEM_TLS, "the certificate of %s is not valid before %s", host,
                    text);
    } else if (!is_for(certificate, host)) {
        write_hosts(certificate, text, sizeof text);
        problem_set(problem, PROBLEM_TLS, "the certificate is for %s, not for %s", text, host);
    } else {
        /* GnuTLS has no words of its own for a certificate that libldap refuses */
        text_copy(seen, sizeof seen,
                  strstr(problem->detail, "unknown error code") ? "not accepted" : problem->detail);
        write_name(X509_get_issuer_name(certificate), text, sizeof text);
        problem_set(problem, PROBLEM_TLS,
                    "%s: the certificate of %s has the right name and dates, its issuer is %s: is "
                    "that in --ca-cert?",
                    seen, host, text);
    }
}

void directory_blame_certificate(struct directory_session *session, struct problem *problem)
{
    X509 *certificate = shown_certificate(session);

    if (certificate)
        blame_certificate(certificate, session->server.host, problem);
    X509_free(certificate);
}
