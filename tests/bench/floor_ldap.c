/* floor_ldap.c - what check_ndes_template and check_ndes_account cost at least: their searches.
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * usage: floor_ldap SERVER SEARCH...
 * Signs in by GSSAPI with the ticket that is there, and makes the searches one after the other on
 * one connection. SERVER is an LDAP URL; so is a SEARCH, in which the extension "descriptors" asks
 * for owner and DACL. Certificates of CAs are parsed by OpenSSL. */
#include <ldap.h>
#include <openssl/x509.h>
#include <sasl/sasl.h>
#include <stdio.h>
#include <string.h>

enum { PAGE_ENTRIES = 500 };

static int answer_sasl(LDAP *ld, unsigned flags, void *data, void *questions)
{
    (void)ld, (void)flags, (void)data;
    for (sasl_interact_t *at = questions; at->id != SASL_CB_LIST_END; at++) {
        at->result = "";
        at->len = 0;
    }
    return LDAP_SUCCESS;
}

static int sign_in(LDAP *ld)
{
    int version = LDAP_VERSION3;

    ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version);
    ldap_set_option(ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
    ldap_set_option(ld, LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON);
    ldap_set_option(ld, LDAP_OPT_X_SASL_SECPROPS, "minssf=56");
    return ldap_sasl_interactive_bind_s(ld, NULL, "GSSAPI", NULL, NULL, LDAP_SASL_QUIET,
                                        answer_sasl, NULL);
}

static int parse(const struct berval *value)
{
    const unsigned char *bytes = (const unsigned char *)value->bv_val;
    X509 *x509 = d2i_X509(NULL, &bytes, (long)value->bv_len);
    int parsed = x509 != NULL;

    X509_free(x509);
    return parsed;
}

/* Decodes an entry. Returns false if a certificate in it is none. */
static int read_entry(LDAP *ld, LDAPMessage *entry)
{
    struct berval name;
    struct berval *values = NULL;
    BerElement *cursor = NULL;
    int fine = ldap_get_dn_ber(ld, entry, &cursor, &name) == LDAP_SUCCESS;

    while (fine && ldap_get_attribute_ber(ld, entry, cursor, &name, &values) == LDAP_SUCCESS &&
           name.bv_val) {
        if (strcmp(name.bv_val, "cACertificate") == 0)
            for (struct berval *value = values; fine && value && value->bv_val; value++)
                fine = parse(value);
        ldap_memfree(values);
        values = NULL;
    }
    ber_free(cursor, 0);
    return fine;
}

static int search(LDAP *ld, const LDAPURLDesc *wanted)
{
    static char parts[] = {0x30, 0x03, 0x02, 0x01, 0x05};
    static LDAPControl descriptors = {"1.2.840.113556.1.4.801", {sizeof parts, parts}, 1};
    LDAPControl *controls[3] = {NULL};
    LDAPControl *page = NULL;
    LDAPMessage *answer = NULL;
    int count = 0;
    int fine;

    if (wanted->lud_exts)
        controls[count++] = &descriptors;
    if (wanted->lud_scope != LDAP_SCOPE_BASE &&
        ldap_create_page_control(ld, PAGE_ENTRIES, NULL, 0, &page) == LDAP_SUCCESS)
        controls[count] = page;
    fine =
        ldap_search_ext_s(ld, wanted->lud_dn, wanted->lud_scope, wanted->lud_filter,
                          wanted->lud_attrs, 0, controls, NULL, NULL, 0, &answer) == LDAP_SUCCESS;
    for (LDAPMessage *entry = ldap_first_entry(ld, answer); fine && entry;
         entry = ldap_next_entry(ld, entry))
        fine = read_entry(ld, entry);
    ldap_msgfree(answer);
    ldap_control_free(page);
    return fine;
}

int main(int argc, char **argv)
{
    LDAP *ld = NULL;
    int fine =
        argc > 2 && ldap_initialize(&ld, argv[1]) == LDAP_SUCCESS && sign_in(ld) == LDAP_SUCCESS;

    for (int i = 2; fine && i < argc; i++) {
        LDAPURLDesc *wanted = NULL;

        fine = ldap_url_parse(argv[i], &wanted) == LDAP_URL_SUCCESS && search(ld, wanted);
        ldap_free_urldesc(wanted);
        if (!fine)
            fprintf(stderr, "floor_ldap: %s failed\n", argv[i]);
    }
    if (ld)
        ldap_unbind_ext_s(ld, NULL, NULL);
    return !fine;
}
