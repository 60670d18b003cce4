/* negotiate_gssapi.c - Kerberos and NTLM sign-ins by the GSSAPI of MIT Kerberos (RFC 2743, 2744).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/auth/negotiate.h"

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/secret.h"
#include "common/base/text.h"
#include "common/auth/ticket.h"

enum { NTLM_SIGNATURE_BYTES = 16 };

/* What the messages of a session must be. */
enum { PROTECTED = GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG };

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
    struct tickets *tickets; /* of Kerberos, NULL with NTLM */
    enum negotiate_form form;
    gss_ctx_id_t context;
    OM_uint32 flags; /* that the context has got */
    struct gss_channel_bindings_struct bindings;
    bool bound;
    bool done;
};

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

/* Ends a step that failed: says why. Always false. */
static bool fail(const struct negotiate *negotiate, OM_uint32 major, OM_uint32 minor,
                 struct problem *problem)
{
    char detail[240];

    describe(major, minor, negotiate->mechanism, detail, sizeof detail);
    return problem_set(problem, ticket_problem_kind((int32_t)minor), "%s", detail);
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

/* Takes credentials for one mechanism from the cache of our tickets. */
static OM_uint32 acquire_from_cache(const struct negotiate *negotiate, gss_OID mechanism,
                                    gss_cred_id_t *credentials, OM_uint32 *minor)
{
    gss_key_value_element_desc element = {"ccache", tickets_cache(negotiate->tickets)};
    gss_key_value_set_desc store = {1, &element};
    gss_OID_set_desc mechanisms = only(mechanism);

    return gss_acquire_cred_from(minor, GSS_C_NO_NAME, 0, &mechanisms, GSS_C_INITIATE, &store,
                                 credentials, NULL, NULL);
}

static bool acquire_kerberos(struct negotiate *negotiate, struct problem *problem)
{
    gss_OID_set_desc mechanisms = only(&kerberos);
    OM_uint32 minor = 0;
    OM_uint32 major;

    negotiate->tickets = tickets_open(&negotiate->sign_in->credentials, problem);
    if (!negotiate->tickets)
        return false;
    major = acquire_from_cache(negotiate, &kerberos, &negotiate->bare, &minor);
    if (major == GSS_S_COMPLETE)
        major = acquire_from_cache(negotiate, &spnego, &negotiate->wrapped, &minor);
    if (major == GSS_S_COMPLETE)
        major = gss_set_neg_mechs(&minor, negotiate->wrapped, &mechanisms);
    return major == GSS_S_COMPLETE || fail(negotiate, major, minor, problem);
}

/* For NTLM alone: credentials for SPNEGO would be tried with Kerberos at once, and a wrong password
 * would count there, too. */
static bool acquire_ntlm(struct negotiate *negotiate, struct problem *problem)
{
    const struct credentials *credentials = &negotiate->sign_in->credentials;
    gss_buffer_desc secret = {strlen(credentials->password), (void *)credentials->password};
    gss_OID_set_desc mechanisms = only(&ntlm);
    gss_name_t user = GSS_C_NO_NAME;
    OM_uint32 minor = 0;
    OM_uint32 ignored;
    OM_uint32 major;

    if (!import_name(credentials->user, GSS_C_NT_USER_NAME, &user))
        return problem_set(problem, PROBLEM_LOGON, "not a valid user name");
    major = gss_acquire_cred_with_password(&minor, user, &secret, 0, &mechanisms, GSS_C_INITIATE,
                                           &negotiate->bare, NULL, NULL);
    gss_release_name(&ignored, &user);
    return major == GSS_S_COMPLETE || fail(negotiate, major, minor, problem);
}

/* Gets the service ticket before the first leg: SPNEGO would hide the reason of a failure. */
static bool set_kerberos_target(struct negotiate *negotiate, const char *service,
                                struct problem *problem)
{
    const char *host = negotiate->sign_in->service_host;
    struct problem failure;
    char principal[600];
    OM_uint32 ignored;

    text_format(negotiate->service, sizeof negotiate->service, "%s/%s", service, host);
    if (!tickets_fetch(negotiate->tickets, TICKET_EXACT, service, host, principal, sizeof principal,
                       &failure))
        return problem_set(problem, failure.kind, "%s: %s", negotiate->service, failure.detail);
    gss_release_name(&ignored, &negotiate->target);
    if (import_name(principal, (gss_OID)GSS_KRB5_NT_PRINCIPAL_NAME, &negotiate->target))
        return true;
    return problem_set(problem, PROBLEM_SPN, "not a valid service name");
}

static bool set_ntlm_target(struct negotiate *negotiate, const char *service)
{
    const char *host = negotiate->sign_in->service_host;
    char name[600];

    text_format(negotiate->service, sizeof negotiate->service, "%s/%s", service, host);
    text_format(name, sizeof name, "%s@%s", service, host);
    return import_name(name, GSS_C_NT_HOSTBASED_SERVICE, &negotiate->target);
}

/* One call of gss_init_sec_context(). */
static OM_uint32 init_context(struct negotiate *negotiate, const void *token, size_t length,
                              gss_buffer_t answer, OM_uint32 *minor)
{
    gss_buffer_desc input = {length, (void *)token};
    bool bare = negotiate->form == NEGOTIATE_BARE || negotiate->mechanism == &ntlm;
    OM_uint32 wanted = GSS_C_MUTUAL_FLAG | PROTECTED;

    return gss_init_sec_context(minor, bare ? negotiate->bare : negotiate->wrapped,
                                &negotiate->context, negotiate->target,
                                bare ? negotiate->mechanism : &spnego, wanted, 0,
                                negotiate->bound ? &negotiate->bindings : GSS_C_NO_CHANNEL_BINDINGS,
                                &input, NULL, answer, &negotiate->flags, NULL);
}

/* WSMAN is not registered everywhere, HOST is on every computer account; HTTP often belongs to the
 * NDES service account, so it is never tried unasked. */
static bool choose_service(struct negotiate *negotiate, struct problem *problem)
{
    const char *service = negotiate->sign_in->service;

    if (negotiate->mechanism == &ntlm)
        return set_ntlm_target(negotiate, service ? service : "WSMAN");
    if (set_kerberos_target(negotiate, service ? service : "WSMAN", problem))
        return true;
    return !service && problem->kind == PROBLEM_SPN &&
           set_kerberos_target(negotiate, "HOST", problem);
}

struct negotiate *negotiate_open(const struct sign_in *sign_in, struct problem *problem)
{
    struct negotiate *negotiate = memory_zeroed(1, sizeof *negotiate);

    if (!negotiate) {
        problem_set(problem, PROBLEM_NO_TICKET, "out of memory");
        return NULL;
    }
    negotiate->sign_in = sign_in;
    negotiate->mechanism = sign_in->method == SIGN_IN_NTLM ? &ntlm : &kerberos;
    if ((negotiate->mechanism == &ntlm ? acquire_ntlm(negotiate, problem)
                                       : acquire_kerberos(negotiate, problem)) &&
        choose_service(negotiate, problem))
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
    tickets_close(negotiate->tickets);
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

/* What a sign-in that is done has not brought; NULL if all is there. NTLM proves the server by
 * nothing but the messages that it encrypts. */
static const char *lacking(const struct negotiate *negotiate)
{
    if (negotiate->mechanism != &ntlm && !(negotiate->flags & GSS_C_MUTUAL_FLAG))
        return "the server did not prove its identity";
    if (!negotiate->bound && (negotiate->flags & PROTECTED) != PROTECTED)
        return "the server did not agree to encryption";
    return NULL;
}

bool negotiate_step(struct negotiate *negotiate, const void *token, size_t length,
                    struct buffer *answer, struct problem *problem)
{
    gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor = 0;
    OM_uint32 ignored;
    OM_uint32 major = init_context(negotiate, token, length, &output, &minor);
    bool fits = GSS_ERROR(major) || buffer_add(answer, output.value, output.length);

    gss_release_buffer(&ignored, &output);
    negotiate->done = major == GSS_S_COMPLETE;
    if (!fits)
        return problem_set(problem, PROBLEM_BROKEN, "our sign-in token is larger than %d KiB",
                           NEGOTIATE_TOKEN_MAXIMUM / 1024);
    if (GSS_ERROR(major)) {
        fail(negotiate, major, minor, problem);
        if (length && problem->kind == PROBLEM_NO_TICKET)
            problem->kind = PROBLEM_BROKEN;
        return false;
    }
    if (negotiate->done && lacking(negotiate)) {
        problem_set(problem, PROBLEM_BROKEN, "%s", lacking(negotiate));
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
