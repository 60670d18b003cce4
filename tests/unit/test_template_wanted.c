/* test_template_wanted.c - tests of check_ndes_template's options, and of names that look alike.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/base/text.h"
#include "judging.h"
#include "template_facts.h"

static char error[512];

static int start(void **state)
{
    (void)state;
    options = (struct template_options){.account = "NDESTEST\\svc-ndes"};
    return 0;
}

static void give_template(const char *name)
{
    options.templates.items[options.templates.count++] = name;
}

static void give_revision(const char *text)
{
    options.revisions.items[options.revisions.count++] = text;
}

static void assert_complete(void)
{
    if (!template_options_complete(&options, error, sizeof error))
        fail_msg("%s", error);
}

static void assert_complaint(const char *part)
{
    assert_false(template_options_complete(&options, error, sizeof error));
    if (!strstr(error, part))
        fail_msg("'%s', wanted '%s'", error, part);
}

/* However a template is named, and however often, it is one. */
static void test_wanted(void **state)
{
    (void)state;
    give_template("NDESDevice");
    give_template("ndesdevice");
    give_template("Other");
    options.use_templates[USE_SIGNATURE] = "NDESDEVICE";
    options.use_templates[USE_GENERAL] = "Third";
    assert_complete();
    assert_int_equal(options.wanted_count, 3);
    assert_string_equal(options.wanted[0].name, "NDESDevice");
    assert_true(options.wanted[0].uses[USE_SIGNATURE]);
    assert_false(options.wanted[0].uses[USE_ENCRYPTION]);
    assert_false(options.wanted[0].uses[USE_GENERAL]);
    assert_string_equal(options.wanted[1].name, "Other");
    assert_string_equal(options.wanted[2].name, "Third");
    assert_true(options.wanted[2].uses[USE_GENERAL]);
    assert_null(options.ca_name);
    assert_string_equal(options.account_name.domain, "NDESTEST");
}

static void test_all_that_fit(void **state)
{
    static char names[TEXT_LIST_MAXIMUM][8];

    (void)state;
    for (int i = 0; i < TEXT_LIST_MAXIMUM; i++) {
        text_format(names[i], sizeof names[i], "t%d", i);
        give_template(names[i]);
    }
    options.use_templates[USE_SIGNATURE] = "a";
    options.use_templates[USE_ENCRYPTION] = "b";
    options.use_templates[USE_GENERAL] = "c";
    assert_complete();
    assert_int_equal(options.wanted_count, WANTED_MAXIMUM);
}

static void test_needed(void **state)
{
    (void)state;
    assert_complaint("no template given: use --template");
    give_template("NDESDevice");
    options.account = NULL;
    assert_complaint("option --account is missing: give the account that NDES runs as");
    options.account = "NetworkService";
    assert_complaint("option --account 'NetworkService' is a built-in identity");
}

static void test_ca(void **state)
{
    (void)state;
    options.use_templates[USE_ENCRYPTION] = "NDESDevice";
    options.ca = "LAB Issuing CA";
    assert_complete();
    assert_string_equal(options.ca_name, "LAB Issuing CA");
    options.ca = "ca1.ndes.test\\LAB Issuing CA";
    assert_complete();
    assert_string_equal(options.ca_name, "LAB Issuing CA");
    options.ca = "ca1.ndes.test\\";
    assert_complaint("option --ca 'ca1.ndes.test\\' has no name of a CA");
}

/* The global catalog lacks what templates are judged by. */
static void test_servers(void **state)
{
    struct directory_settings settings = {.domain = "ndes.test"};

    (void)state;
    assert_true(template_servers_fit(&settings, error, sizeof error));
    settings.domain_port = 636;
    assert_true(template_servers_fit(&settings, error, sizeof error));
    settings.domain_port = 3268;
    assert_false(template_servers_fit(&settings, error, sizeof error));
    assert_string_equal(error, "port 3268 is the global catalog, which lacks most attributes of "
                               "templates: use 389, or 636 with -S");
    settings.domain_port = 0;
    settings.server_count = 2;
    settings.servers[0].port = 389;
    settings.servers[1].port = 636;
    assert_true(template_servers_fit(&settings, error, sizeof error));
    settings.servers[1].port = 3269;
    assert_false(template_servers_fit(&settings, error, sizeof error));
}

static void test_revisions(void **state)
{
    static const char *const wrong[] = {"NDESDevice=100",
                                        "NDESDevice=.7",
                                        "NDESDevice=100.",
                                        "NDESDevice=-1.7",
                                        "NDESDevice=100.7.8",
                                        "NDESDevice=",
                                        "NDESDevice=a.b",
                                        "NDESDevice=100.2147483648",
                                        "NDESDevice=12345678901234567.1"};

    (void)state;
    give_template("NDESDevice");
    give_revision("100.7");
    assert_complete();
    assert_true(options.wanted[0].has_revision);
    assert_int_equal(options.wanted[0].major, 100);
    assert_int_equal(options.wanted[0].minor, 7);
    start(NULL);
    give_template("NDESDevice");
    give_template("a=b");
    give_revision("a=b=0.2147483647");
    give_revision("NDESDEVICE=101.0");
    assert_complete();
    assert_int_equal(options.wanted[1].minor, INT32_MAX);
    assert_int_equal(options.wanted[0].major, 101);
    options.wanted_count = 0;
    give_revision("NDESDevice=102.0");
    assert_complaint("'NDESDevice=102.0' is the second one for this template");
    options.wanted_count = 0;
    options.revisions.count = 0;
    give_revision("100.7");
    assert_complaint("option --expect-revision '100.7' does not name the template");
    options.revisions.items[0] = "Third=100.7";
    assert_complaint("names a template that is not checked");
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        options.wanted_count = 0;
        options.revisions.items[0] = wrong[i];
        assert_complaint("is not a valid revision, such as 100.7");
    }
}

static void test_nearest(void **state)
{
    static const char *const names[] = {"User",        "NDESDevice2",    "WebServer",
                                        "NDES-Device", "DeviceNDES",     "NDESDevcie",
                                        "ndesdevic",   "MyNDESDeviceOld"};
    struct nearest nearest = {0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        template_nearest_offer(&nearest, "NDESDevice", names[i]);
    assert_int_equal(nearest.count, 3);
    assert_string_equal(nearest.names[0], "NDESDevice2");
    assert_string_equal(nearest.names[1], "NDES-Device");
    assert_string_equal(nearest.names[2], "ndesdevic");
    assert_int_equal(nearest.distances[2], 1);
    template_nearest_offer(&nearest, "NDESDevice", "ndesdevice"); /* pushes the last one out */
    assert_string_equal(nearest.names[0], "ndesdevice");
    assert_string_equal(nearest.names[2], "NDES-Device");
}

/* A third of the letters may be wrong, no more. */
static void test_third(void **state)
{
    struct nearest nearest = {0};

    (void)state;
    template_nearest_offer(&nearest, "abcdefghi", "abcdefXYZ");
    assert_int_equal(nearest.count, 1);
    template_nearest_offer(&nearest, "abcdefghi", "abcdeWXYZ");
    assert_int_equal(nearest.count, 1);
}

static void test_parts(void **state)
{
    char longest[NAME_BYTES + 1];
    struct nearest nearest = {0};

    (void)state;
    template_nearest_offer(&nearest, "NDES", "CompanyNDESDevice"); /* one holds the other */
    template_nearest_offer(&nearest, "OurUserTemplate", "User");
    template_nearest_offer(&nearest, "OurUserTemplate", "Our"); /* too short to mean anything */
    template_nearest_offer(&nearest, "OurUserTemplate", "WebServer");
    assert_int_equal(nearest.count, 2);
    nearest = (struct nearest){0};
    memset(longest, 'x', NAME_BYTES);
    longest[NAME_BYTES] = '\0';
    template_nearest_offer(&nearest, longest, "x");
    template_nearest_offer(&nearest, "xxxxx", longest);
    assert_int_equal(nearest.count, 0);
    longest[NAME_BYTES - 1] = '\0';
    template_nearest_offer(&nearest, longest, longest);
    assert_int_equal(nearest.count, 1);
    assert_int_equal(nearest.distances[0], 0);
}

#define TEST(function) cmocka_unit_test_setup(function, start)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_wanted), TEST(test_all_that_fit), TEST(test_needed),
        TEST(test_ca),     TEST(test_revisions),    TEST(test_nearest),
        TEST(test_parts),  TEST(test_servers),      TEST(test_third),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
