/* test_extra_opts.c - options from INI files: the format, the search for the file, the complaints.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/secret.h"
#include "common/options/extra_opts.h"
#include "common/options/ini.h"
#include "common/options/types.h"

struct sample {
    bool ssl;
    const char *host;
    struct range warning;
    int64_t number;
    const char *password;
    struct text_list headers;
};

static const struct option_spec specs[] = {
    {.name = "ssl", .letter = 'S', .type = &option_flag, .offset = offsetof(struct sample, ssl)},
    {.name = "host", .letter = 'H', .type = &option_text, .offset = offsetof(struct sample, host)},
    {.name = "warning",
     .letter = 'w',
     .type = &option_range,
     .offset = offsetof(struct sample, warning)},
    {.name = "number", .type = &option_integer, .offset = offsetof(struct sample, number)},
    {.name = "password", .type = &option_secret, .offset = offsetof(struct sample, password)},
    {.name = "header", .type = &option_texts, .offset = offsetof(struct sample, headers)},
};

static const struct option_program program = {.name = "check_x", .service = "X", .summary = "x?"};
static struct sample sample;
static struct option_group group = {
    .title = "Sample", .specs = specs, .count = COUNT_OF(specs), .target = &sample};
static const struct option_table table = {.program = &program, .groups = &group, .group_count = 1};
static struct option_memory memory;
static char folder[] = "/tmp/test_extra_opts_XXXXXX";
static char path[64]; /* of the file that write_file() made */
static char error[4096];

static void write_bytes(const char *name, const void *content, size_t length)
{
    FILE *file;

    text_format(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(content, 1, length, file), length);
    fclose(file);
}

static bool apply(const char *locator)
{
    options_free(&memory);
    sample = (struct sample){0};
    error[0] = '\0';
    return extra_opts_apply(&table, locator, &memory, error, sizeof error);
}

/* Applies a section of a file with this content. */
static bool apply_text(const char *section, const char *content)
{
    char locator[256];

    write_bytes("sample.ini", content, strlen(content));
    text_format(locator, sizeof locator, "%s@%s", section, path);
    return apply(locator);
}

/* The complaint about a file must be this, with its path in front. */
#define REFUSES(section, content, tail)                                                            \
    do {                                                                                           \
        char expected[512];                                                                        \
        assert_false(apply_text(section, content));                                                \
        text_format(expected, sizeof expected, "%s " tail, path);                                  \
        assert_string_equal(error, expected);                                                      \
    } while (0)

static void values_and_flags(void **state)
{
    (void)state;
    assert_true(apply_text("", "# comment\n; comment\n\n[check_x]\n"
                               "  ssl \nhost\t=  a b  \r\n--number = 5\nw=10\npassword==se=#;cret\n"
                               "header = A: 1\nheader = \"B\"\n"));
    assert_true(sample.ssl);
    assert_string_equal(sample.host, "a b");
    assert_int_equal(sample.number, 5);
    assert_string_equal(sample.warning.text, "10");
    assert_string_equal(sample.password, "=se=#;cret");
    assert_int_equal(sample.headers.count, 2);
    assert_string_equal(sample.headers.items[1], "\"B\""); /* quotes stay, as in the original */
    assert_int_equal(memory.count, 6);
    assert_true(apply_text("", "[check_x]\nssl=\n-H = h\nnum=2"));
    assert_true(sample.ssl);
    assert_string_equal(sample.host, "h");
    assert_int_equal(sample.number, 2);
    assert_true(apply_text("", "\xef\xbb\xbf[check_x]\nhost=h"));
    assert_string_equal(sample.host, "h");
}

static void right_section(void **state)
{
    static const char text[] =
        "[check_y]\nhost=y\nany thing [ goes\n=\n[ two words ] ; comment\n"
        "host=two\n[check_x]\nhost=x\n[check_]\nhost=z\n[check_x]\nnumber=3\n"
        "[empty]\n";

    (void)state;
    assert_true(apply_text("", text));
    assert_string_equal(sample.host, "x");
    assert_int_equal(sample.number, 3);
    assert_true(apply_text("two words", text));
    assert_string_equal(sample.host, "two");
    assert_true(apply_text("empty", text));
    assert_null(sample.host);
    assert_true(apply_text("check_", text));
    assert_string_equal(sample.host, "z");
}

static void bad_lines(void **state)
{
    (void)state;
    REFUSES("", "[check_x]\n\nfoo = bar\n", "line 3, [check_x]: unknown option --foo (see --help)");
    REFUSES("s", "[s]\nX=1\n", "line 2, [s]: unknown option -X (see --help)");
    REFUSES("", "[check_x]\nw=1x\n",
            "line 2, [check_x]: option --warning '1x' is not a range ([@]start:end, such as 10, "
            "10:, ~:10, 10:20 or @10:20)");
    REFUSES("", "[check_x]\nssl=yes\n", "line 2, [check_x]: option --ssl takes no value");
    REFUSES("", "[check_x]\nhost\n", "line 2, [check_x]: option --host needs a value");
    REFUSES("", "[check_x]\npassword=\n", "line 2, [check_x]: option --password needs a value");
    REFUSES("", "[check_x]\nh=1\nhelp\n",
            "line 2, [check_x]: option --help works on the command "
            "line only");
    REFUSES("", "[check_x]\nextra-opts=y\n",
            "line 2, [check_x]: option --extra-opts works on the command line only");
    REFUSES("", "[check_x]\npassword hunter2\n", "line 2 is not 'option = value'");
    REFUSES("", "[check_x]\n= hunter2\n", "line 2 is not 'option = value'");
    REFUSES("", "[check_x]\n--\n", "line 2 is not 'option = value'");
    REFUSES("", "host=x\n[check_x]\n", "line 1 is not in a [section]");
    REFUSES("", "[check_y]\n[check_x\nhost=x\n", "line 2 has a [ without a ]");
    REFUSES("", "[check_x] host=x\n", "line 1 has text after the ]");
}

static void bad_files(void **state)
{
    static char large[INI_FILE_MAXIMUM + 1];
    char locator[128];
    char expected[256];

    (void)state;
    assert_false(apply_text("absent", "[check_x]\nhost=x\n"));
    text_format(expected, sizeof expected, "option --extra-opts finds no section [absent] in %s",
                path);
    assert_string_equal(error, expected);
    assert_false(apply_text("", ""));
    assert_false(apply("check_x@"));
    assert_string_equal(error, "option --extra-opts needs a file name after the @ of 'check_x@'");
    assert_false(apply("@/nowhere/x"));
    assert_string_equal(error,
                        "option --extra-opts cannot read /nowhere/x: No such file or directory");
    write_bytes("nul.ini", "[check_x]\nh\0o\0s\0t\0=\0x\n", 22);
    text_format(locator, sizeof locator, "@%s", path);
    assert_false(apply(locator));
    text_format(expected, sizeof expected,
                "%s line 2 contains a NUL byte: save the file as UTF-8 text", path);
    assert_string_equal(error, expected);
    memset(large, '#', sizeof large);
    write_bytes("large.ini", large, sizeof large);
    text_format(locator, sizeof locator, "@%s", path);
    assert_false(apply(locator));
    text_format(expected, sizeof expected, "option --extra-opts cannot read %s: too large", path);
    assert_string_equal(error, expected);
}

static void search_for_the_file(void **state)
{
    char found[256];
    char directories[256];
    char inner[64];

    (void)state;
    text_format(inner, sizeof inner, "%s/inner", folder);
    mkdir(inner, 0700);
    write_bytes("inner/nagios-plugins.ini", "[check_x]\nhost=old\n", 19);
    text_format(directories, sizeof directories, "::/nowhere:%s:%s", inner, folder);
    setenv("NAGIOS_CONFIG_PATH", directories, 1);
    assert_true(apply(NULL));
    assert_string_equal(sample.host, "old");
    write_bytes("inner/plugins.ini", "[check_x]\nhost=new\n", 19);
    assert_true(apply(""));
    assert_string_equal(sample.host, "new");
    write_bytes("inner/monitoring-plugins.ini", "[other]\nhost=newest\n", 20);
    assert_true(apply("other"));
    assert_string_equal(sample.host, "newest");
    assert_true(extra_opts_default_file(found, sizeof found));
    assert_string_equal(found, path);
    setenv("MP_CONFIG_FILE", "/nowhere/mp.ini", 1);
    assert_false(apply(NULL));
    assert_string_equal(
        error, "option --extra-opts cannot read /nowhere/mp.ini: No such file or directory");
    setenv("MP_CONFIG_FILE", "", 1);
    assert_true(apply("other"));
    unsetenv("MP_CONFIG_FILE");
    setenv("NAGIOS_CONFIG_PATH", "", 1);
    if (!extra_opts_default_file(found, sizeof found)) {
        assert_false(apply("s"));
        assert_string_equal(
            error, "option --extra-opts finds no file for section [s]: set MP_CONFIG_FILE, or "
                   "create /etc/monitoring-plugins/monitoring-plugins.ini");
    }
    unsetenv("NAGIOS_CONFIG_PATH");
}

static void standard_input(void **state)
{
    int in = dup(STDIN_FILENO);
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "[check_x]\nhost=in\n", 18), 18);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    assert_true(apply("@-"));
    assert_string_equal(sample.host, "in");
    dup2(in, STDIN_FILENO);
    close(in);
}

static void lines_are_counted(void **state)
{
    static const char text[] = "[s]\n\n# x\na\nb=\nc = d\n";
    struct ini_reader reader;
    struct ini_entry entry;

    (void)state;
    ini_start(&reader, text, sizeof text - 1, " s ");
    assert_int_equal(ini_next(&reader, &entry, error, sizeof error), INI_ENTRY);
    assert_int_equal(reader.line, 4);
    assert_false(entry.has_value);
    assert_int_equal(ini_next(&reader, &entry, error, sizeof error), INI_ENTRY);
    assert_int_equal(reader.line, 5);
    assert_false(entry.has_value);
    assert_int_equal(ini_next(&reader, &entry, error, sizeof error), INI_ENTRY);
    assert_int_equal(reader.line, 6);
    assert_true(entry.has_value && slice_is(entry.value, "d") && slice_is(entry.key, "c"));
    assert_int_equal(ini_next(&reader, &entry, error, sizeof error), INI_END);
    assert_true(reader.found);
}

static int make_folder(void **state)
{
    (void)state;
    unsetenv("MP_CONFIG_FILE");
    unsetenv("NAGIOS_CONFIG_PATH");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    static const char *const names[] = {"sample.ini",        "nul.ini",
                                        "large.ini",         "inner/nagios-plugins.ini",
                                        "inner/plugins.ini", "inner/monitoring-plugins.ini"};

    (void)state;
    options_free(&memory);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        text_format(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    text_format(path, sizeof path, "%s/inner", folder);
    rmdir(path);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_flags),    cmocka_unit_test(right_section),
        cmocka_unit_test(bad_lines),           cmocka_unit_test(bad_files),
        cmocka_unit_test(search_for_the_file), cmocka_unit_test(standard_input),
        cmocka_unit_test(lines_are_counted),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
