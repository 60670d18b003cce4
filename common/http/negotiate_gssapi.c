/* negotiate_gssapi.c - Kerberos and NTLM sign-ins by the GSSAPI of MIT Kerberos (RFC 2743, 2744).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/http/negotiate.h"

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <krb5.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/secret.h"
#include "common/base/text.h"

enum { NTLM_SIGNATURE_BYTES = 16 };

/* 1.3.6.1.5.5.2 (RFC 4178) and 1.3.6.1.4.1.311.2.2.10 (MS-NLMP). */
static gss_OID_desc spnego = {6, "\x2b\x06\x01\x05\x05\x02"};
static gss_OID_desc ntlm = {10, "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"};
static gss_OID_desc kerberos = {9, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"};

struct negotiate {
    const struct sign_in *sign_in;
    gss_OID mechanism; /* kerberos or ntlm */
    gss_cred_id_t bare;
    gss_cred_id_t wrapped; /* for SPNEGO, restricted to Kerberos */
    gss_name_t target;
    char service[300];
    char cache[40]; /* of tickets that were had by password or key: in this process only */
    enum negotiate_form form;
    gss_ctx_id_t context;
    OM_uint32 flags; /* that the context has got */
    struct gss_channel_bindings_struct bindings;
    bool bound;
    bool done;
};

/* Errors of Kerberos that an operator can tell apart; all others are NEGOTIATE_NO_TICKET. */
static const struct {
    krb5_error_code code;
    enum negotiate_trouble trouble;
} kerberos_errors[] = {
    {KRB5KDC_ERR_PREAUTH_FAILED, NEGOTIATE_LOGON},
    {KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, NEGOTIATE_LOGON},
    {KRB5KRB_AP_ERR_BAD_INTEGRITY, NEGOTIATE_LOGON}, /* no pre-authentication: a wrong password */
    {KRB5KDC_ERR_CLIENT_REVOKED, NEGOTIATE_LOCKED},
    {KRB5KDC_ERR_KEY_EXP, NEGOTIATE_LOCKED},
    {KRB5KDC_ERR_NAME_EXP, NEGOTIATE_LOCKED},
    {KRB5KDC_ERR_POLICY, NEGOTIATE_LOCKED},
    {KRB5KRB_AP_ERR_SKEW, NEGOTIATE_CLOCK},
    {KRB5KRB_AP_ERR_TKT_NYV, NEGOTIATE_CLOCK},
    {KRB5KDC_ERR_NEVER_VALID, NEGOTIATE_CLOCK},
    {KRB5KDC_ERR_CANNOT_POSTDATE, NEGOTIATE_CLOCK},
    {KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, NEGOTIATE_SPN},
    {KRB5KRB_AP_ERR_MODIFIED, NEGOTIATE_SPN},
    {KRB5KRB_AP_WRONG_PRINC, NEGOTIATE_SPN},
};

static enum negotiate_trouble trouble_of(OM_uint32 minor)
{
    for (size_t i = 0; i < COUNT_OF(kerberos_errors); i++)
        if (minor == (OM_uint32)kerberos_errors[i].code)
            return kerberos_errors[i].trouble;
    return NEGOTIATE_NO_TICKET;
}

/* Says what GSSAPI says of a failure: of the mechanism, or else in general. */
static void describe(OM_uint32 major, OM_uint32 minor, gss_OID mechanism, char *detail, size_t size)
{
    bool special = minor != 0;
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 more = 0;
    OM_uint32 ignored;

    detail[0] = '\0';
    if (gss_display_status(&ignored, special ? minor : major,
                           special ? GSS_C_MECH_CODE : GSS_C_GSS_CODE, mechanism, &more,
                           &text) == GSS_S_COMPLETE)
        text_copy_bytes(detail, size, text.value, text.length);
    gss_release_buffer(&ignored, &text);
}

/* Ends a step that failed: names the trouble and describes it. Always false. */
static bool fail(const struct negotiate *negotiate, OM_uint32 major, OM_uint32 minor,
                 enum negotiate_trouble *trouble, char *detail, size_t detail_size)
{
    *trouble = trouble_of(minor);
    describe(major, minor, negotiate->mechanism, detail, detail_size);
    return false;
}

static bool import_name(const char *text, gss_OID type, gss_name_t *name)
{
    gss_buffer_desc buffer = {strlen(text), (void *)text};
    OM_uint32 minor;

    return gss_import_name(&minor, &buffer, type, name) == GSS_S_COMPLETE;
}

static gss_OID_set_desc only(gss_OID mechanism)
{
    return (gss_OID_set_desc){1, mechanism};
}

/* Takes credentials for one mechanism from a cache; NULL is the default one. */
static OM_uint32 acquire_from_cache(gss_name_t user, gss_OID mechanism, const char *cache,
                                    const char *keytab, gss_cred_id_t *credentials,
                                    OM_uint32 *minor)
{
    gss_key_value_element_desc elements[2];
    gss_key_value_set_desc store = {0, elements};
    gss_OID_set_desc mechanisms = only(mechanism);

    if (cache)
        elements[store.count++] = (gss_key_value_element_desc){"ccache", cache};
    if (keytab)
        elements[store.count++] = (gss_key_value_element_desc){"client_keytab", keytab};
    return gss_acquire_cred_from(minor, user, 0, &mechanisms, GSS_C_INITIATE,
                                 store.count ? &store : GSS_C_NO_CRED_STORE, credentials, NULL,
                                 NULL);
}

/* Asks the KDC for a ticket by password and puts it into the private cache. */
static OM_uint32 fetch_by_password(const struct negotiate *negotiate, gss_name_t user,
                                   OM_uint32 *minor)
{
    const char *password = negotiate->sign_in->password;
    gss_buffer_desc secret = {strlen(password), (void *)password};
    gss_key_value_element_desc element = {"ccache", negotiate->cache};
    gss_key_value_set_desc store = {1, &element};
    gss_OID_set_desc mechanisms = only(&kerberos);
    gss_cred_id_t credentials = GSS_C_NO_CREDENTIAL;
    OM_uint32 ignored;
    OM_uint32 major = gss_acquire_cred_with_password(minor, user, &secret, 0, &mechanisms,
                                                     GSS_C_INITIATE, &credentials, NULL, NULL);

    if (major == GSS_S_COMPLETE)
        major = gss_store_cred_into(minor, credentials, GSS_C_INITIATE, &kerberos, 1, 1, &store,
                                    NULL, NULL);
    gss_release_cred(&ignored, &credentials);
    return major;
}

static OM_uint32 acquire_kerberos(struct negotiate *negotiate, gss_name_t user, OM_uint32 *minor)
{
    const struct sign_in *sign_in = negotiate->sign_in;
    const char *cache = sign_in->ticket_cache;
    gss_OID_set_desc mechanisms = only(&kerberos);
    OM_uint32 major = GSS_S_COMPLETE;

    if (sign_in->password || sign_in->keytab) {
        text_format(negotiate->cache, sizeof negotiate->cache, "MEMORY:ndes-%p", (void *)negotiate);
        cache = negotiate->cache;
    }
    if (sign_in->password)
        major = fetch_by_password(negotiate, user, minor);
    if (major == GSS_S_COMPLETE)
        major =
            acquire_from_cache(user, &kerberos, cache, sign_in->keytab, &negotiate->bare, minor);
    if (major == GSS_S_COMPLETE)
        major =
            acquire_from_cache(user, &spnego, cache, sign_in->keytab, &negotiate->wrapped, minor);
    if (major == GSS_S_COMPLETE)
        major = gss_set_neg_mechs(minor, negotiate->wrapped, &mechanisms);
    return major;
}

/* What is in the private cache is as good as the password for some hours. */
static void destroy_cache(const struct negotiate *negotiate)
{
    krb5_context context;
    krb5_ccache cache;

    if (!negotiate->cache[0] || krb5_init_context(&context))
        return;
    if (!krb5_cc_resolve(context, negotiate->cache, &cache))
        krb5_cc_destroy(context, cache);
    krb5_free_context(context);
}

/* For NTLM alone: credentials for SPNEGO would be tried with Kerberos at once, and a wrong password
 * would count there, too. */
static OM_uint32 acquire_ntlm(struct negotiate *negotiate, gss_name_t user, OM_uint32 *minor)
{
    const char *password = negotiate->sign_in->password;
    gss_buffer_desc secret = {strlen(password), (void *)password};
    gss_OID_set_desc mechanisms = only(&ntlm);

    return gss_acquire_cred_with_password(minor, user, &secret, 0, &mechanisms, GSS_C_INITIATE,
                                          &negotiate->bare, NULL, NULL);
}

static bool acquire(struct negotiate *negotiate, enum negotiate_trouble *trouble, char *detail,
                    size_t detail_size)
{
    const char *name = negotiate->sign_in->user;
    gss_name_t user = GSS_C_NO_NAME;
    OM_uint32 minor = 0;
    OM_uint32 ignored;
    OM_uint32 major;

    if (name && !import_name(name, GSS_C_NT_USER_NAME, &user)) {
        *trouble = NEGOTIATE_LOGON;
        text_copy(detail, detail_size, "the user name is none");
        return false;
    }
    major = negotiate->mechanism == &ntlm ? acquire_ntlm(negotiate, user, &minor)
                                          : acquire_kerberos(negotiate, user, &minor);
    gss_release_name(&ignored, &user);
    return major == GSS_S_COMPLETE || fail(negotiate, major, minor, trouble, detail, detail_size);
}

/* The service's principal in the realm that krb5.conf maps its host to, or in none, for the KDC to
 * refer us. GSSAPI's own host-based names would first ask the DNS, which anybody may answer, for
 * another name of the host. */
static bool write_principal(const char *service, const char *host, char *target, size_t size)
{
    krb5_context context;
    char **realms = NULL;
    bool found;

    if (krb5_init_context(&context))
        return false;
    found = !krb5_get_host_realm(context, host, &realms);
    if (found) {
        text_format(target, size, "%s/%s@%s", service, host, realms && realms[0] ? realms[0] : "");
        krb5_free_host_realm(context, realms);
    }
    krb5_free_context(context);
    return found;
}

static bool set_target(struct negotiate *negotiate, const char *service)
{
    const char *host = negotiate->sign_in->service_host;
    char name[600];
    OM_uint32 ignored;

    gss_release_name(&ignored, &negotiate->target);
    text_format(negotiate->service, sizeof negotiate->service, "%s/%s", service, host);
    if (negotiate->mechanism == &kerberos)
        return write_principal(service, host, name, sizeof name) &&
               import_name(name, (gss_OID)GSS_KRB5_NT_PRINCIPAL_NAME, &negotiate->target);
    text_format(name, sizeof name, "%s@%s", service, host);
    return import_name(name, GSS_C_NT_HOSTBASED_SERVICE, &negotiate->target);
}

/* One call of gss_init_sec_context(). */
static OM_uint32 init_context(struct negotiate *negotiate, const void *token, size_t length,
                              gss_buffer_t answer, OM_uint32 *minor)
{
    gss_buffer_desc input = {length, (void *)token};
    bool bare = negotiate->form == NEGOTIATE_BARE || negotiate->mechanism == &ntlm;
    OM_uint32 wanted = GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG |
                       GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG;

    return gss_init_sec_context(minor, bare ? negotiate->bare : negotiate->wrapped,
                                &negotiate->context, negotiate->target,
                                bare ? negotiate->mechanism : &spnego, wanted, 0,
                                negotiate->bound ? &negotiate->bindings : GSS_C_NO_CHANNEL_BINDINGS,
                                &input, NULL, answer, &negotiate->flags, NULL);
}

/* Gets the service ticket. SPNEGO would hide the reason of a failure, Kerberos alone tells it; the
 * token that this makes is never sent. */
static bool fetch_service_ticket(struct negotiate *negotiate, const char *service,
                                 enum negotiate_trouble *trouble, char *detail, size_t detail_size)
{
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor = 0;
    OM_uint32 ignored;
    OM_uint32 major;
    char reason[200];

    if (!set_target(negotiate, service)) {
        *trouble = NEGOTIATE_SPN;
        text_copy(detail, detail_size, "the service name is none");
        return false;
    }
    negotiate_begin(negotiate, NEGOTIATE_BARE, NULL);
    major = init_context(negotiate, NULL, 0, &token, &minor);
    gss_release_buffer(&ignored, &token);
    if (!GSS_ERROR(major))
        return true;
    fail(negotiate, major, minor, trouble, reason, sizeof reason);
    text_format(detail, detail_size, "%s: %s", negotiate->service, reason);
    return false;
}

/* WSMAN is not registered everywhere, HOST is on every computer account; HTTP often belongs to the
 * NDES service account, so it is never tried unasked. */
static bool choose_service(struct negotiate *negotiate, enum negotiate_trouble *trouble,
                           char *detail, size_t detail_size)
{
    const char *service = negotiate->sign_in->service;

    if (negotiate->mechanism == &ntlm)
        return set_target(negotiate, service ? service : "WSMAN");
    if (fetch_service_ticket(negotiate, service ? service : "WSMAN", trouble, detail, detail_size))
        return true;
    return !service && *trouble == NEGOTIATE_SPN &&
           fetch_service_ticket(negotiate, "HOST", trouble, detail, detail_size);
}

struct negotiate *negotiate_open(const struct sign_in *sign_in, enum negotiate_trouble *trouble,
                                 char *detail, size_t detail_size)
{
    struct negotiate *negotiate = calloc(1, sizeof *negotiate);

    if (!negotiate) {
        *trouble = NEGOTIATE_NO_TICKET;
        text_copy(detail, detail_size, "memory ran out");
        return NULL;
    }
    negotiate->sign_in = sign_in;
    negotiate->mechanism = sign_in->method == SIGN_IN_NTLM ? &ntlm : &kerberos;
    if (acquire(negotiate, trouble, detail, detail_size) &&
        choose_service(negotiate, trouble, detail, detail_size))
        return negotiate;
    negotiate_close(negotiate);
    return NULL;
}

void negotiate_close(struct negotiate *negotiate)
{
    OM_uint32 ignored;

    if (!negotiate)
        return;
    gss_delete_sec_context(&ignored, &negotiate->context, GSS_C_NO_BUFFER);
    gss_release_name(&ignored, &negotiate->target);
    gss_release_cred(&ignored, &negotiate->bare);
    gss_release_cred(&ignored, &negotiate->wrapped);
    destroy_cache(negotiate);
    free(negotiate);
}

void negotiate_begin(struct negotiate *negotiate, enum negotiate_form form,
                     const struct buffer *binding)
{
    OM_uint32 ignored;

    gss_delete_sec_context(&ignored, &negotiate->context, GSS_C_NO_BUFFER);
    negotiate->form = form;
    negotiate->done = false;
    negotiate->bound = binding != NULL;
    if (binding) {
        negotiate->bindings = (struct gss_channel_bindings_struct){0};
        negotiate->bindings.application_data.length = binding->length;
        negotiate->bindings.application_data.value = binding->data;
    }
}

bool negotiate_step(struct negotiate *negotiate, const void *token, size_t length,
                    struct buffer *answer, enum negotiate_trouble *trouble, char *detail,
                    size_t detail_size)
{
    gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor = 0;
    OM_uint32 ignored;
    OM_uint32 major = init_context(negotiate, token, length, &output, &minor);
    bool fine = !GSS_ERROR(major) && buffer_add(answer, output.value, output.length);

    gss_release_buffer(&ignored, &output);
    negotiate->done = major == GSS_S_COMPLETE;
    if (!fine) {
        fail(negotiate, major, minor, trouble, detail, detail_size);
        if (length && *trouble == NEGOTIATE_NO_TICKET)
            *trouble = NEGOTIATE_BROKEN;
        return false;
    }
    if (negotiate->done && !negotiate->bound && !(negotiate->flags & GSS_C_CONF_FLAG)) {
        *trouble = NEGOTIATE_BROKEN;
        text_copy(detail, detail_size, "the server agreed to no encryption");
        return false;
    }
    return true;
}

bool negotiate_is_done(const struct negotiate *negotiate)
{
    return negotiate->done;
}

const char *negotiate_mechanism(const struct negotiate *negotiate)
{
    return negotiate->mechanism == &ntlm ? "NTLM" : "Kerberos";
}

const char *negotiate_service(const struct negotiate *negotiate)
{
    return negotiate->service;
}

/* Seals with the parts apart, as Windows does it. Returns false if the mechanism cannot. */
static bool seal_in_parts(struct negotiate *negotiate, const void *text, size_t length,
                          struct buffer *sealed, size_t *header_length, size_t *padding)
{
    char *copy = text_duplicate_bytes(text, length);
    gss_iov_buffer_desc parts[3] = {
        {GSS_IOV_BUFFER_TYPE_HEADER | GSS_IOV_BUFFER_FLAG_ALLOCATE, GSS_C_EMPTY_BUFFER},
        {GSS_IOV_BUFFER_TYPE_DATA, {length, copy}},
        {GSS_IOV_BUFFER_TYPE_PADDING | GSS_IOV_BUFFER_FLAG_ALLOCATE, GSS_C_EMPTY_BUFFER},
    };
    OM_uint32 minor;
    int encrypted = 0;
    bool fine = copy &&
                gss_wrap_iov(&minor, negotiate->context, 1, GSS_C_QOP_DEFAULT, &encrypted, parts,
                             3) == GSS_S_COMPLETE &&
                encrypted;

    for (int i = 0; fine && i < 3; i++)
        fine = buffer_add(sealed, parts[i].buffer.value, parts[i].buffer.length);
    *header_length = parts[0].buffer.length;
    *padding = parts[2].buffer.length;
    gss_release_iov_buffer(&minor, parts, 3);
    free(copy);
    return fine;
}

bool negotiate_seal(struct negotiate *negotiate, const void *text, size_t length,
                    struct buffer *sealed, size_t *header_length, size_t *padding)
{
    gss_buffer_desc input = {length, (void *)text};
    gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor;
    int encrypted = 0;
    bool fine;

    if (negotiate->mechanism != &ntlm)
        return seal_in_parts(negotiate, text, length, sealed, header_length, padding);
    /* gss-ntlmssp does not know parts; its signature comes first. */
    fine = gss_wrap(&minor, negotiate->context, 1, GSS_C_QOP_DEFAULT, &input, &encrypted,
                    &output) == GSS_S_COMPLETE &&
           encrypted && output.length >= NTLM_SIGNATURE_BYTES &&
           buffer_add(sealed, output.value, output.length);
    *header_length = NTLM_SIGNATURE_BYTES;
    *padding = 0;
    gss_release_buffer(&minor, &output);
    return fine;
}

bool negotiate_unseal(struct negotiate *negotiate, const void *sealed, size_t length,
                      struct buffer *text)
{
    gss_buffer_desc input = {length, (void *)sealed};
    gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor;
    int encrypted = 0;
    bool fine = gss_unwrap(&minor, negotiate->context, &input, &output, &encrypted, NULL) ==
                    GSS_S_COMPLETE &&
                encrypted && buffer_add(text, output.value, output.length);

    if (output.value)
        secret_wipe(output.value, output.length);
    gss_release_buffer(&minor, &output);
    return fine;
}
