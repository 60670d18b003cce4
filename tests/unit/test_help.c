/* test_help.c - what --help, --version and --describe print.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <string.h>

#include "common/base/text.h"
#include "common/plugin/common_options.h"
#include "common/plugin/spec.h"
#include "common/endpoint/connection.h"
#include "common/options/help.h"
#include "common/options/types.h"

static const char *const colours[] = {"red", "green", NULL};

static const struct option_spec specs[] = {
    {.name = "warning",
     .letter = 'w',
     .type = &option_range,
     .argument = "RANGE",
     .help = "Seconds that the whole exchange may take before the state is WARNING, counted from "
             "the first packet to the last one"},
    {.name = "a-very-long-name-of-an-option",
     .type = &option_choice,
     .argument = "COLOUR",
     .help = "Paint it",
     .standard = "green",
     .choices = colours},
    {.name = "interval",
     .type = &option_duration,
     .argument = "DURATION",
     .help = "Wait",
     .minimum = 60,
     .maximum = 3600},
    {.name = "long-url",
     .type = &option_text,
     .argument = "BYTES",
     .value_optional = true,
     .help = "Try a long URL"},
    {.name = "password", .type = &option_secret, .argument = "TEXT", .help = "Password"},
};

static const enum finding_id findings[] = {NDES_HTTP_500, NDES_ADMIN_FULL, NDES_HTTP_SLOW};

static const struct metric_kind metrics[] = {
    {.label = "time_total", .unit = UNIT_SECONDS, .decimals = 3, .help = "Whole exchange"},
    {.label = "days_left", .unit = UNIT_NONE, .decimals = 1, .help = "Days"},
};

static const struct plugin_spec plugin = {
    .program.name = "check_ndes_http",
    .program.service = "NDES HTTP",
    .program.summary = "can a device reach NDES and talk SCEP to it?",
    .program.details =
        "Asks the SCEP service for its capabilities and its certificates, as a device does "
        "before it enrols, and names the cause if that fails.",
    .program.examples =
        "check_ndes_http -H ndes.example.com -S\n"
        "\n"
        "check_ndes_http -u https://ndes.example.com/certsrv/mscep/mscep.dll -w 2 -c 5\n",
    .findings = findings,
    .finding_count = COUNT_OF(findings),
    .metrics = metrics,
    .metric_count = COUNT_OF(metrics),
};

static struct common_options common;
static struct connection_options connection;
static struct option_group groups[4];
static struct option_program program;
static const struct option_table table = {.program = &program, .groups = groups, .group_count = 4};

static int make_groups(void **state)
{
    (void)state;
    program = plugin_program(&plugin);
    groups[0] = connection_server_group(&connection);
    groups[1] = route_group(&connection.route);
    groups[2] = (struct option_group){.title = "Check", .specs = specs, .count = COUNT_OF(specs)};
    groups[3] = common_options_group(&common);
    return 0;
}

static void assert_has(const struct buffer *text, const char *wanted)
{
    if (!strstr(buffer_text(text), wanted))
        fail_msg("missing: %s\nin:\n%s", wanted, buffer_text(text));
}

static void help_parts(void **state)
{
    struct buffer help;

    (void)state;
    buffer_init(&help, HELP_MAXIMUM);
    help_write(&table, &help);
    assert_true(text_starts(buffer_text(&help),
                            "check_ndes_http - can a device reach NDES and talk SCEP to it?\n"
                            "Usage: check_ndes_http [OPTION]...\n\n"
                            "Asks the SCEP service for its capabilities and its certificates, as a "
                            "device\n"
                            "does before it enrols, and names the cause if that fails.\n\n"
                            "Server:\n"));
    assert_has(&help,
               "\n  -w, --warning=RANGE     Seconds that the whole exchange may take before "
               "the\n                          state is WARNING, counted from the first packet "
               "to the\n                          last one\n");
    assert_has(&help, "\n      --a-very-long-name-of-an-option=COLOUR\n"
                      "                          Paint it (red, green; default: green)\n");
    assert_has(&help, "\n      --long-url[=BYTES]  Try a long URL\n");
    assert_has(&help, "\n      --password=TEXT     Password (in an --extra-opts section only)\n");
    assert_has(&help, "Time limit for the whole run in seconds, however many\n                     "
                      "     requests it makes (1 to 3600; default: 10)\n");
    assert_has(&help, "\n  -h, --help              Show this help\n");
    assert_has(&help, "\n      --extra-opts[=[SECTION][@FILE]]\n");
    assert_has(&help, "\nExamples:\n  check_ndes_http -H ndes.example.com -S\n\n"
                      "  check_ndes_http -u https://ndes.example.com/certsrv/mscep/mscep.dll -w 2 "
                      "-c 5\n\nFindings");
    assert_has(&help, "\n  ndes-http-500           ");
    assert_has(&help, "\n  ndes-admin-full         ");
    assert_has(&help, "\nExit codes:\n  0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN");
    assert_int_equal(help.data[help.length - 1], '\n');
    assert_false(help.overflowed);
    buffer_free(&help);
}

static void help_fits_a_terminal(void **state)
{
    struct buffer help;
    struct slice rest;
    struct slice line;

    (void)state;
    buffer_init(&help, HELP_MAXIMUM);
    help_write(&table, &help);
    rest = slice_of(buffer_text(&help));
    while (slice_next(&rest, "\n", &line)) {
        /* the second example is what its author wrote */
        if (line.length > HELP_WIDTH && !text_find(line.text, line.length, "-w 2 -c 5"))
            fail_msg("%zu columns: %.*s", line.length, (int)line.length, line.text);
        if (line.length)
            assert_int_not_equal(line.text[line.length - 1], ' ');
        for (size_t i = 0; i < line.length; i++)
            assert_true(line.text[i] >= ' ' && line.text[i] <= '~');
    }
    buffer_free(&help);
}

static void help_without_extras(void **state)
{
    static const struct plugin_spec bare = {
        .program.name = "check_x", .program.service = "X", .program.summary = "x?"};
    struct option_program bare_program = plugin_program(&bare);
    struct option_table none = {.program = &bare_program};
    struct buffer help;

    (void)state;
    buffer_init(&help, HELP_MAXIMUM);
    help_write(&none, &help);
    assert_true(
        text_starts(buffer_text(&help), "check_x - x?\nUsage: check_x [OPTION]...\n\nGeneral:\n"));
    assert_null(strstr(buffer_text(&help), "Examples"));
    assert_null(strstr(buffer_text(&help), "Findings"));
    buffer_free(&help);
}

static void version_line(void **state)
{
    struct buffer version;

    (void)state;
    buffer_init(&version, HELP_MAXIMUM);
    version_write(&program, &version);
    assert_string_equal(buffer_text(&version),
                        "check_ndes_http " PACKAGE_VERSION " (ndes monitoring plugins)\n");
    buffer_free(&version);
}

static json_t *describe(void)
{
    struct buffer text;
    json_error_t error;
    json_t *root;

    buffer_init(&text, HELP_MAXIMUM);
    assert_true(describe_write(&table, &text));
    root = json_loads(buffer_text(&text), JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("%s", error.text);
    buffer_free(&text);
    return root;
}

static const char *member(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "(none)";
}

static const json_t *find_option(const json_t *root, const char *name)
{
    const json_t *options = json_object_get(root, "options");

    for (size_t i = 0; i < json_array_size(options); i++)
        if (strcmp(member(json_array_get(options, i), "name"), name) == 0)
            return json_array_get(options, i);
    fail_msg("no option %s", name);
    return NULL;
}

static void description_of_options(void **state)
{
    json_t *root = describe();
    const json_t *option = find_option(root, "warning");

    (void)state;
    assert_string_equal(member(option, "letter"), "w");
    assert_string_equal(member(option, "type"), "range");
    assert_string_equal(member(option, "argument"), "RANGE");
    assert_string_equal(member(option, "group"), "Check");
    assert_string_equal(member(option, "default"), "(none)");
    assert_true(json_is_true(json_object_get(option, "takes_value")));
    assert_true(json_is_false(json_object_get(option, "repeatable")));
    option = find_option(root, "a-very-long-name-of-an-option");
    assert_string_equal(member(option, "letter"), "(none)");
    assert_string_equal(member(option, "default"), "green");
    assert_int_equal(json_array_size(json_object_get(option, "choices")), 2);
    option = find_option(root, "interval");
    assert_int_equal(json_integer_value(json_object_get(option, "minimum")), 60);
    assert_int_equal(json_integer_value(json_object_get(option, "maximum")), 3600);
    assert_true(json_is_true(json_object_get(find_option(root, "long-url"), "value_optional")));
    assert_true(json_is_true(json_object_get(find_option(root, "password"), "secret")));
    assert_true(json_is_true(json_object_get(find_option(root, "header"), "repeatable")));
    assert_true(json_is_false(json_object_get(find_option(root, "use-ipv4"), "takes_value")));
    assert_string_equal(member(find_option(root, "help"), "group"), "General");
    json_decref(root);
}

static void description_of_the_rest(void **state)
{
    json_t *root = describe();
    const json_t *findings_json = json_object_get(root, "findings");
    const json_t *finding = json_array_get(findings_json, 1);
    const json_t *sections = json_object_get(root, "sections");
    const json_t *metric = json_array_get(json_object_get(root, "metrics"), 0);

    (void)state;
    assert_string_equal(member(root, "plugin"), "check_ndes_http");
    assert_string_equal(member(root, "version"), PACKAGE_VERSION);
    assert_string_equal(member(root, "service"), "NDES HTTP");
    assert_string_equal(member(root, "summary"), program.summary);
    assert_int_equal(json_array_size(findings_json), 3);
    assert_string_equal(member(finding, "id"), "ndes-admin-full");
    assert_string_equal(member(finding, "headline"), catalogue_row(NDES_ADMIN_FULL)->headline);
    assert_string_equal(member(finding, "remedy"), catalogue_row(NDES_ADMIN_FULL)->remedy);
    assert_string_equal(member(finding, "section"), "The admin page");
    assert_true(json_is_false(json_object_get(finding, "by_limit")));
    assert_true(json_is_true(json_object_get(json_array_get(findings_json, 2), "by_limit")));
    assert_int_equal(json_array_size(sections), SECTION_COUNT);
    assert_string_equal(json_string_value(json_array_get(sections, SECTION_ADMIN)),
                        "The admin page");
    assert_int_equal(json_array_size(json_object_get(root, "metrics")), 2);
    assert_string_equal(member(metric, "label"), "time_total");
    assert_string_equal(member(metric, "unit"), "s");
    assert_int_equal(json_integer_value(json_object_get(metric, "decimals")), 3);
    json_decref(root);
}

/* Every plugin has both groups, so their names and letters must not collide. */
static void names_are_unique(void **state)
{
    struct option_row row;
    char error[256];

    (void)state;
    for (size_t i = 0; table_group(&table, i); i++) {
        const struct option_group *group = table_group(&table, i);

        for (size_t j = 0; j < group->count; j++) {
            const struct option_spec *spec = &group->specs[j];

            assert_true(table_find_name(&table, slice_of(spec->name), &row, error, sizeof error));
            assert_ptr_equal(row.spec, spec);
            if (!spec->letter)
                continue;
            assert_true(table_find_letter(&table, spec->letter, &row, error, sizeof error));
            assert_ptr_equal(row.spec, spec);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_parts),
        cmocka_unit_test(help_fits_a_terminal),
        cmocka_unit_test(help_without_extras),
        cmocka_unit_test(version_line),
        cmocka_unit_test(description_of_options),
        cmocka_unit_test(description_of_the_rest),
        cmocka_unit_test(names_are_unique),
    };

    return cmocka_run_group_tests(tests, make_groups, NULL);
}
