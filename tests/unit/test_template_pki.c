/* test_template_pki.c - tests of what entries of Public Key Services tell check_ndes_template.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <openssl/err.h>

#include <string.h>

#include "common/base/text.h"
#include "judging.h"
#include "make_certificate.h"
#include "template_facts.h"

static struct directory_entries entries;
static struct buffer filter;
static EVP_PKEY *key;

static int start(void **state)
{
    start_healthy(state);
    end_healthy(state);
    facts = (struct template_facts){0};
    entries = (struct directory_entries){0};
    buffer_init(&filter, 65536);
    return start_report(state);
}

static int end(void **state)
{
    directory_entries_free(&entries);
    buffer_free(&filter);
    return end_healthy(state);
}

static void set_bytes(const char *name, const void *bytes, size_t length)
{
    struct directory_entry *entry = &entries.entries[entries.count - 1];
    struct directory_attribute *attribute = directory_entry_add(&entries, entry, name);

    assert_non_null(attribute);
    assert_true(directory_attribute_add(&entries, attribute, bytes, length));
}

/* One more value of an attribute of the last entry. */
static void set(const char *name, const char *value)
{
    set_bytes(name, value, strlen(value));
}

/* An entry of a container; its name is told by cn. */
static void add(const char *container, const char *cn)
{
    char dn[120];

    text_format(dn, sizeof dn, "CN=x,CN=%s,CN=Public Key Services,DC=x", container);
    assert_non_null(directory_entries_add(&entries, dn));
    set("cn", cn);
}

static void add_ntauth(void)
{
    assert_non_null(
        directory_entries_add(&entries, "CN=NTAuthCertificates,CN=Public Key Services,DC=x"));
}

/* A certificate that lasts so many days from a day on. */
static void set_certificate(int64_t from, int64_t days)
{
    X509 *x509 = make_certificate(&(struct recipe){.name = "LAB Issuing CA",
                                                   .key = key,
                                                   .ca = true,
                                                   .from = NOW + from * DAY,
                                                   .until = NOW + (from + days) * DAY});
    struct bytes der = make_der(x509);

    set_bytes("cACertificate", der.data, der.length);
    free_bytes(der);
    X509_free(x509);
}

static void test_filter(void **state)
{
    (void)state;
    options.wanted[1].name = "a*(b)";
    options.wanted_count = 2;
    template_pki_filter(&options, &filter);
    assert_string_equal(buffer_text(&filter), "(|(&(objectClass=pKIEnrollmentService))"
                                              "(&(objectClass=pKICertificateTemplate)"
                                              "(|(cn=NDESDevice)(cn=a\\2a\\28b\\29))))");
    buffer_reset(&filter);
    options.wanted_count = 1;
    options.ca_name = "LAB *";
    options.require_ntauth = true;
    template_pki_filter(&options, &filter);
    assert_string_equal(buffer_text(&filter), "(|(&(objectClass=pKIEnrollmentService)(cn=LAB \\2a))"
                                              "(&(objectClass=pKICertificateTemplate)(|(cn="
                                              "NDESDevice)))(&(objectClass=certificationAuthority)"
                                              "(cn=NTAuthCertificates)))");
}

/* All that template_read() wants is asked for. */
static void test_attributes(void **state)
{
    (void)state;
    for (size_t i = 0; template_attributes[i]; i++) {
        size_t at = 0;

        while (template_pki_attributes[at] &&
               strcmp(template_pki_attributes[at], template_attributes[i]) != 0)
            at++;
        if (!template_pki_attributes[at])
            fail_msg("%s is not asked for", template_attributes[i]);
    }
}

static void test_templates(void **state)
{
    (void)state;
    options.wanted[1].name = "Other";
    options.wanted_count = 2;
    add("Certificate Templates", "ndesdevice");
    set("revision", "100");
    add("Certificate Templates", "NDESDevice"); /* the first one counts */
    set("revision", "101");
    add("Certificate Templates", "Third");
    template_pki_read(&options, &entries, &facts);
    assert_true(facts.templates[0].found);
    assert_string_equal(facts.templates[0].template.cn, "ndesdevice");
    assert_int_equal(facts.templates[0].template.revision, 100);
    assert_false(facts.templates[1].found);
    assert_int_equal(facts.ca_count, 0);
    assert_false(facts.ntauth_shown);
}

static void test_cas(void **state)
{
    const struct ca_facts *ca = &facts.cas[0];

    (void)state;
    add("Enrollment Services", "LAB Issuing CA");
    set("certificateTemplates", "ndesdevice");
    set("certificateTemplates", "EnrollmentAgentOffline");
    set_certificate(-1000, 5000); /* lasts longer */
    set_certificate(-100, 3000);  /* renewed */
    set_certificate(-2000, 1500);
    set("cACertificate", "no certificate");
    add("Enrollment Services", "Hidden CA");
    add("Enrollment Services", "Bare CA");
    set("dNSHostName", "ca3.ndes.test");
    template_pki_read(&options, &entries, &facts);
    assert_int_equal(facts.ca_count, 3);
    assert_string_equal(ca->name, "LAB Issuing CA");
    assert_true(ca->shown);
    assert_true(ca->publishes[0]);
    assert_int_equal(ca->published, 2);
    assert_false(ca->publishes_ra[RA_CEP_ENCRYPTION]);
    assert_true(ca->publishes_ra[RA_OFFLINE_AGENT]);
    assert_int_equal(ca->certificate_count, 4);
    assert_int_equal(ca->unreadable_count, 1);
    assert_true(ca->has_certificate);
    assert_int_equal(ca->newest.not_after, NOW + 2900 * DAY);
    assert_false(ca->in_ntauth);
    assert_false(facts.cas[1].shown);
    assert_true(facts.cas[2].shown);
    assert_false(facts.cas[2].publishes[0]);
    assert_int_equal(facts.cas[2].certificate_count, 0);
}

static void set_der(struct bytes der)
{
    set_bytes("cACertificate", der.data, der.length);
    free_bytes(der);
}

/* Of a certificate whose dates can be read nothing is missing; what follows it does not matter. */
static void test_unreadable(void **state)
{
    X509 *good = make_certificate(&(struct recipe){.key = key, .ca = true});
    X509 *broken = make_certificate(&(struct recipe){.key = key, .adjust = make_broken_start});
    struct bytes cut = make_der(good);

    (void)state;
    add("Enrollment Services", "LAB Issuing CA");
    set_bytes("cACertificate", "", 0);
    set_bytes("cACertificate", cut.data, cut.length - 1);
    set_der(make_der(broken));
    set_der(make_pem(good));
    set_der(make_joined(make_der(good), make_bytes("more", 4)));
    template_pki_read(&options, &entries, &facts);
    assert_int_equal(facts.cas[0].certificate_count, 5);
    assert_int_equal(facts.cas[0].unreadable_count, 4);
    assert_int_equal(facts.cas[0].newest.not_after, MADE_UNTIL);
    assert_int_equal(ERR_peek_error(), 0);
    free_bytes(cut);
    X509_free(broken);
    X509_free(good);
}

/* The newest certificate counts, to the byte. */
static void test_ntauth(void **state)
{
    (void)state;
    add("Enrollment Services", "LAB Issuing CA");
    set("certificateTemplates", "NDESDevice");
    set_certificate(-1000, 2000);
    set_certificate(-100, 3000);
    add_ntauth();
    set_certificate(-1000, 2000);
    template_pki_read(&options, &entries, &facts);
    assert_true(facts.ntauth_shown);
    assert_false(facts.cas[0].in_ntauth);
    set_certificate(-100, 3000);
    facts = (struct template_facts){0};
    template_pki_read(&options, &entries, &facts);
    assert_true(facts.cas[0].in_ntauth);
}

static void test_ntauth_hidden(void **state)
{
    (void)state;
    add_ntauth();
    template_pki_read(&options, &entries, &facts);
    assert_true(facts.ntauth_found);
    assert_false(facts.ntauth_shown);
}

/* An entry that shows nothing is known by its DN. */
static void test_hidden(void **state)
{
    static const char *const dns[] = {
        "CN=NTAuthCertificates,CN=Public Key Services,DC=x",
        "CN=NDESDevice,CN=Certificate Templates,CN=Public Key Services,DC=x",
        "CN=LAB Issuing CA,CN=Enrollment Services,CN=Public Key Services,DC=x",
        "CN=Something,CN=AIA,CN=Public Key Services,DC=x",
    };

    (void)state;
    for (size_t i = 0; i < sizeof dns / sizeof dns[0]; i++)
        assert_non_null(directory_entries_add(&entries, dns[i]));
    template_pki_read(&options, &entries, &facts);
    assert_true(facts.templates[0].found);
    assert_true(facts.templates[0].template.hidden);
    assert_int_equal(facts.ca_count, 1);
    assert_string_equal(facts.cas[0].name, "LAB Issuing CA");
    assert_false(facts.cas[0].shown);
    assert_false(facts.ntauth_shown);
}

static void test_many_cas(void **state)
{
    (void)state;
    char name[16];

    for (int i = 0; i < CAS_MAXIMUM + 2; i++) {
        text_format(name, sizeof name, "CA %d", i);
        add("Enrollment Services", name);
    }
    template_pki_read(&options, &entries, &facts);
    assert_int_equal(facts.ca_count, CAS_MAXIMUM - 1);
    assert_int_equal(facts.cas_dropped, 3);
    facts = (struct template_facts){0};
    options.ca_name = "ca 49"; /* there is always room for it */
    template_pki_read(&options, &entries, &facts);
    assert_int_equal(facts.ca_count, CAS_MAXIMUM);
    assert_int_equal(facts.cas_dropped, 2);
    assert_string_equal(facts.cas[CAS_MAXIMUM - 1].name, "CA 49");
}

static void add_name(const char *dn, const char *display_name)
{
    assert_non_null(directory_entries_add(&entries, dn));
    if (display_name)
        set("displayName", display_name);
}

static void test_names(void **state)
{
    static const char *const wanted[] = {"NDESDevice", "NDES Device", "a,b", "ab",
                                         "x\\y",       "Found",       "c,",  "zz"};

    (void)state;
    options.wanted_count = sizeof wanted / sizeof wanted[0];
    for (size_t i = 0; i < options.wanted_count; i++)
        options.wanted[i].name = wanted[i];
    facts.templates[5].found = true;
    add_name("CN=Public Key Services,DC=x", NULL);
    add_name("CN=Certificate Templates,CN=Public Key Services,DC=x", NULL);
    add_name("CN=Enrollment Services,CN=Public Key Services,DC=x", NULL);
    add_name("CN=NDESDevice1,CN=Certificate Templates,DC=x", "NDES device");
    add_name("CN=a\\,B,CN=Certificate Templates,DC=x", NULL);
    add_name("CN=x\\5cy,CN=Certificate Templates,DC=x", NULL);
    add_name("CN=Found,CN=Certificate Templates,DC=x", NULL);
    add_name("CN=c\\2C,CN=Certificate Templates,DC=x", NULL);
    add_name("CN=z\\2g\\,CN=Certificate Templates,", NULL);
    add_name("strange", NULL);
    template_names_read(&options, &entries, &facts);
    assert_int_equal(facts.name_count, 6);
    assert_int_equal(facts.ca_count, 0);
    assert_false(facts.ntauth_found);
    assert_false(facts.templates[0].hidden);
    assert_int_equal(facts.templates[0].nearest.count, 1);
    assert_string_equal(facts.templates[0].nearest.names[0], "NDESDevice1");
    assert_string_equal(facts.templates[1].by_display_name, "NDESDevice1");
    assert_true(facts.templates[2].hidden); /* without a right to read its cn */
    assert_false(facts.templates[3].hidden);
    assert_true(facts.templates[4].hidden);
    assert_false(facts.templates[5].hidden);
    assert_true(facts.templates[6].hidden);
    assert_false(facts.templates[7].hidden);
}

/* CAs that are there, with --ca: what they publish, but no certificates; one that was found before
 * stays as it was. */
static void test_names_of_cas(void **state)
{
    (void)state;
    options.ca_name = "LAB Issuing CA";
    add("Enrollment Services", "LAB Issuing CA");
    set("certificateTemplates", "User");
    set_certificate(-1000, 2000);
    template_pki_read(&options, &entries, &facts);
    add_name("CN=LAB Issuing CA,CN=Enrollment Services,DC=x", NULL);
    add_name("CN=Other CA,CN=Enrollment Services,DC=x", NULL);
    set("certificateTemplates", "NDESDevice");
    add_ntauth();
    template_names_read(&options, &entries, &facts);
    assert_int_equal(facts.ca_count, 2);
    assert_true(facts.cas[0].has_certificate);
    assert_string_equal(facts.cas[1].name, "Other CA");
    assert_true(facts.cas[1].publishes[0]);
    assert_false(facts.cas[1].has_certificate);
    assert_true(facts.ntauth_found);
    assert_int_equal(facts.name_count, 0);
}

static void test_names_wanted(void **state)
{
    (void)state;
    assert_true(template_names_wanted(&options, &facts)); /* neither a CA nor the template */
    facts.templates[0].found = true;
    assert_true(template_names_wanted(&options, &facts));
    add_ca("LAB Issuing CA", 1);
    assert_false(template_names_wanted(&options, &facts));
    facts.cas[0].publishes[0] = false;
    assert_false(template_names_wanted(&options, &facts));
    options.ca_name = "lab issuing ca"; /* where else? */
    assert_true(template_names_wanted(&options, &facts));
    facts.cas[0].publishes[0] = true;
    assert_false(template_names_wanted(&options, &facts));
    options.require_ntauth = true;
    assert_true(template_names_wanted(&options, &facts));
    facts.ntauth_found = true;
    assert_false(template_names_wanted(&options, &facts));
    options.ca_name = "Other CA";
    assert_true(template_names_wanted(&options, &facts));
    options.ca_name = NULL;
    facts.templates[0].found = false;
    assert_true(template_names_wanted(&options, &facts));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_filter), TEST(test_attributes),    TEST(test_templates),    TEST(test_cas),
        TEST(test_ntauth), TEST(test_ntauth_hidden), TEST(test_many_cas),     TEST(test_hidden),
        TEST(test_names),  TEST(test_names_of_cas),  TEST(test_names_wanted), TEST(test_unreadable),
    };
    int failures;

    key = make_rsa_key(1024); /* signs the same bytes alike */
    failures = cmocka_run_group_tests(tests, NULL, NULL);
    EVP_PKEY_free(key);
    return failures;
}
