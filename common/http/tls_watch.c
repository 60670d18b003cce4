/* tls_watch.c - looks over libcurl's shoulder at the TLS handshake (libcurl built on OpenSSL).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/http/tls_watch.h"

#include "common/base/text.h"

/* Finds the watch that belongs to a handshake. The context's application data is free for us:
 * libcurl keeps its own under an index of its own. */
static struct tls_watch *watch_of(const SSL *ssl)
{
    return SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
}

static int on_verify(int accepted, X509_STORE_CTX *store)
{
    const SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct tls_watch *watch = watch_of(ssl);
    X509 *certificate = X509_STORE_CTX_get0_cert(store);

    if (!watch->facts.certificate && certificate && X509_up_ref(certificate))
        watch->facts.certificate = certificate;
    if (!accepted && watch->verify_error == X509_V_OK &&
        SSL_get_verify_mode(ssl) != SSL_VERIFY_NONE) {
        watch->verify_error = X509_STORE_CTX_get_error(store);
        watch->verify_depth = X509_STORE_CTX_get_error_depth(store);
    }
    return accepted;
}

static int on_client_certificate(SSL *ssl, X509 **certificate, EVP_PKEY **key)
{
    (void)certificate;
    (void)key;
    watch_of(ssl)->client_certificate_wanted = true;
    return 0; /* go on without one */
}

static void on_event(const SSL *ssl, int where, int value)
{
    struct tls_watch *watch = watch_of(ssl);

    if (where & SSL_CB_HANDSHAKE_START)
        watch->started = true;
    if (where & SSL_CB_HANDSHAKE_DONE) {
        text_copy(watch->facts.protocol, sizeof watch->facts.protocol, SSL_get_version(ssl));
        text_copy(watch->facts.cipher, sizeof watch->facts.cipher, SSL_get_cipher_name(ssl));
    }
    if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && (value & 0xff) != SSL_AD_CLOSE_NOTIFY)
        watch->alert = value & 0xff;
}

CURLcode tls_watch_install(CURL *easy, void *ssl_ctx, void *watch)
{
    (void)easy;
    SSL_CTX_set_app_data(ssl_ctx, watch);
    SSL_CTX_set_verify(ssl_ctx, SSL_CTX_get_verify_mode(ssl_ctx), on_verify);
    SSL_CTX_set_client_cert_cb(ssl_ctx, on_client_certificate);
    SSL_CTX_set_info_callback(ssl_ctx, on_event);
    return CURLE_OK;
}

void tls_watch_begin(struct tls_watch *watch)
{
    *watch = (struct tls_watch){.facts = watch->facts};
}

void tls_watch_free(struct tls_watch *watch)
{
    X509_free(watch->facts.certificate);
    *watch = (struct tls_watch){0};
}

/* Alerts by which a server refuses a client certificate or the lack of one (RFC 8446 section 6.2).
 */
static bool is_client_certificate_alert(int alert)
{
    switch (alert) {
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNKNOWN_CA:
    case TLS13_AD_CERTIFICATE_REQUIRED:
        return true;
    default:
        return false;
    }
}

enum http_outcome tls_watch_outcome(const struct tls_watch *watch, bool verification_failed)
{
    if (is_client_certificate_alert(watch->alert) ||
        (watch->client_certificate_wanted && watch->alert))
        return HTTP_TLS_CLIENT;
    if (!verification_failed)
        return HTTP_TLS_HANDSHAKE;
    if (watch->verify_error == X509_V_OK)
        return HTTP_TLS_NAME;
    if (watch->verify_depth == 0 && (watch->verify_error == X509_V_ERR_CERT_HAS_EXPIRED ||
                                     watch->verify_error == X509_V_ERR_CERT_NOT_YET_VALID))
        return HTTP_TLS_EXPIRED;
    return HTTP_TLS_CHAIN;
}
