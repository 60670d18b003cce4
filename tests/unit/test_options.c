/* test_options.c - command lines in, option structs or one line of complaint out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/secret.h"
#include "common/base/text.h"
#include "common/plugin/common_options.h"
#include "common/options/options.h"
#include "common/options/types.h"
#include "common/report/limit.h"

struct sample {
    bool quick;
    int loud;
    const char *word;
    struct text_list words;
    int64_t number;
    int64_t positive;
    struct range warning;
    int colour;
    bool echo;
    int64_t pause;
    const char *password;
    char *password_file;
    const char *length;
};

static bool set_length(const struct option_spec *spec, const char *value, void *target, char *error,
                       size_t error_size)
{
    (void)spec, (void)error, (void)error_size;
    *(const char **)target = value ? value : "(none)";
    return true;
}

static const struct option_type length_type = {
    .name = "length", .takes_value = true, .set = set_length};
static const char *const colours[] = {"red", "green", "blue", NULL};

#define MEMBER(member) .offset = offsetof(struct sample, member), .help = "Help"

static const struct option_spec specs[] = {
    {.name = "quick", .letter = 'q', .type = &option_flag, MEMBER(quick)},
    {.name = "loud", .letter = 'l', .type = &option_count, MEMBER(loud)},
    {.name = "word", .letter = 'w', .type = &option_text, MEMBER(word)},
    {.name = "words", .type = &option_texts, MEMBER(words)},
    {.name = "number",
     .letter = 'n',
     .type = &option_integer,
     MEMBER(number),
     .minimum = -5,
     .maximum = 10},
    {.name = "positive", .type = &option_integer, MEMBER(positive), .minimum = 1},
    {.name = "range", .letter = 'r', .type = &option_range, MEMBER(warning)},
    {.name = "colour", .type = &option_choice, MEMBER(colour), .choices = colours},
    {.name = "echo", .type = &option_switch, MEMBER(echo), .choices = switch_choices},
    {.name = "pause", .type = &option_duration, MEMBER(pause), .minimum = 60, .maximum = 7 * 86400},
    {.name = "nap", .type = &option_duration, MEMBER(pause), .maximum = 90},
    {.name = "rest", .type = &option_duration, MEMBER(pause), .minimum = 7200},
    {.name = "password", .letter = 'p', .type = &option_secret, MEMBER(password)},
    {.name = "password-file", .type = &option_secret_file, MEMBER(password_file)},
    {.name = "token", .type = &option_secret, MEMBER(password)},
    {.name = "length", .type = &length_type, MEMBER(length), .value_optional = true},
};

/* Rows that depend on each other. */
struct related {
    bool deep;
    int mode;
    const char *file;
    const char *name;
    struct text_list parts;
    struct text_list paths;
    int64_t time;
    struct range slow_warning;
    struct range slow_critical;
    struct limit end_warning;
    struct limit end_critical;
    const char *folder;
};

static const char *const modes[] = {"auto", "full", NULL};
static const char *const paths[] = {"/a", "/b", NULL};

#undef MEMBER
#define MEMBER(member) .offset = offsetof(struct related, member), .help = "Help"

static const struct option_spec related_specs[] = {
    {.name = "deep", .type = &option_flag, MEMBER(deep)},
    {.name = "mode", .type = &option_choice, MEMBER(mode), .choices = modes, .standard = "full"},
    {.name = "file", .type = &option_text, MEMBER(file), .conflicts = "name parts"},
    {.name = "name", .type = &option_text, MEMBER(name), .needs = "mode=full"},
    {.name = "parts", .type = &option_texts, MEMBER(parts)},
    {.name = "paths", .type = &option_texts, MEMBER(paths), .standard_list = paths},
    {.name = "time",
     .type = &option_duration,
     MEMBER(time),
     .standard = "5m",
     .needs = "deep",
     .idle_with = "parts=none"},
    {.name = "slow-warning", .type = &option_range, MEMBER(slow_warning)},
    {.name = "slow-critical", .type = &option_range, MEMBER(slow_critical), .pair = "slow-warning"},
    {.name = "end-warning", .type = &option_limit, MEMBER(end_warning), .standard = "60:"},
    {.name = "end-critical",
     .type = &option_limit,
     MEMBER(end_critical),
     .standard = "30:",
     .pair = "end-warning"},
    {.name = "folder", .type = &option_text, MEMBER(folder), .standard_words = "$HOME"},
};

static const struct option_program program = {
    .name = "check_sample", .service = "SAMPLE", .summary = "does it parse?"};

static struct sample sample;
static struct related related;
static struct common_options common;
static char printed[64 * 1024];
static int exit_code;

/* Parses the arguments (up to a NULL) behind a program name; keeps what was printed. */
static enum options_verdict parse(const char *first, ...)
{
    struct option_group groups[] = {
        {.title = "Sample", .specs = specs, .count = COUNT_OF(specs), .target = &sample},
        {.title = "Related",
         .specs = related_specs,
         .count = COUNT_OF(related_specs),
         .target = &related},
        common_options_group(&common)};
    struct option_memory memory;
    enum options_verdict verdict;
    char *argv[32] = {"check_sample"};
    int argc = 1;
    FILE *capture = tmpfile();
    int out = dup(STDOUT_FILENO);
    va_list arguments;

    va_start(arguments, first);
    for (const char *next = first; next; next = va_arg(arguments, const char *))
        argv[argc++] = (char *)next;
    va_end(arguments);
    secret_free(sample.password_file);
    sample = (struct sample){0};
    related = (struct related){0};
    common = (struct common_options){0};
    fflush(stdout);
    dup2(fileno(capture), STDOUT_FILENO);
    verdict = options_parse(&program, groups, COUNT_OF(groups), argc, argv, &memory, &exit_code);
    fflush(stdout);
    dup2(out, STDOUT_FILENO);
    close(out);
    rewind(capture);
    printed[fread(printed, 1, sizeof printed - 1, capture)] = '\0';
    fclose(capture);
    options_free(&memory);
    return verdict;
}

#define PARSES(...) assert_int_equal(parse(__VA_ARGS__, NULL), OPTIONS_RUN)

/* A usage error is one line on stdout and UNKNOWN. */
#define REFUSES(line, ...)                                                                         \
    do {                                                                                           \
        assert_int_equal(parse(__VA_ARGS__, NULL), OPTIONS_EXIT);                                  \
        assert_int_equal(exit_code, 3);                                                            \
        assert_string_equal(printed, "SAMPLE UNKNOWN - " line "\n");                               \
    } while (0)

/* Makes a file with this content; returns its name. */
static const char *make_file(const void *content, size_t length)
{
    static char path[32];
    int fd;

    text_copy(path, sizeof path, "/tmp/test_options_XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, length), (ssize_t)length);
    close(fd);
    return path;
}

static void nothing_at_all(void **state)
{
    (void)state;
    assert_int_equal(parse(NULL), OPTIONS_RUN);
    PARSES("--");
    assert_string_equal(printed, "");
}

static void forms_of_options(void **state)
{
    (void)state;
    PARSES("-q", "--word", "a", "-n5", "-r", "10:20", "--colour=GREEN");
    assert_true(sample.quick);
    assert_string_equal(sample.word, "a");
    assert_int_equal(sample.number, 5);
    assert_true(sample.warning.set);
    assert_string_equal(sample.warning.text, "10:20");
    assert_int_equal(sample.colour, 1);
    PARSES("--echo", "on", "--echo=OFF", "--echo=On");
    assert_true(sample.echo);
    PARSES("--echo", "on", "--echo=off");
    assert_false(sample.echo);
    PARSES("-qllw", "x", "-l");
    assert_int_equal(sample.loud, 3);
    assert_string_equal(sample.word, "x");
    PARSES("-qwlq");
    assert_string_equal(sample.word, "lq");
    PARSES("-n", "-5", "-w", "--quick");
    assert_int_equal(sample.number, -5);
    assert_string_equal(sample.word, "--quick");
    PARSES("--word=a=b");
    assert_string_equal(sample.word, "a=b");
    PARSES("--word", "a", "--word", "b");
    assert_string_equal(sample.word, "b");
}

static void abbreviations(void **state)
{
    (void)state;
    PARSES("--num", "3", "--qui");
    assert_int_equal(sample.number, 3);
    PARSES("--word=exact");
    assert_string_equal(sample.word, "exact");
    REFUSES("option --wor is ambiguous: it may be --word, --words", "--wor=x");
    REFUSES("option --p is ambiguous: it may be --positive, --pause, --password, --password-file, "
            "--parts, --paths, --perfdata-thresholds",
            "--p");
}

static void optional_values(void **state)
{
    (void)state;
    PARSES("--length");
    assert_string_equal(sample.length, "(none)");
    PARSES("--length", "-q");
    assert_string_equal(sample.length, "(none)");
    assert_true(sample.quick);
    PARSES("--length=7");
    assert_string_equal(sample.length, "7");
    PARSES("--length", "7");
    assert_string_equal(sample.length, "7");
}

static void wrong_syntax(void **state)
{
    (void)state;
    REFUSES("unknown option --foo (see --help)", "--foo");
    REFUSES("unknown option --foo (see --help)", "--foo=hidden");
    REFUSES("unknown option -X (see --help)", "-qX");
    REFUSES("unknown option -= (see --help)", "-q=1");
    REFUSES("unknown option -- (see --help)", "--=1");
    REFUSES("option --word needs a value", "--word");
    REFUSES("option --word needs a value", "-qw");
    REFUSES("option --quick takes no value", "--quick=yes");
    REFUSES("unexpected argument 'file' (see --help)", "-q", "file");
    REFUSES("unexpected argument '-' (see --help)", "-");
    REFUSES("unexpected argument '-q' (see --help)", "--", "-q");
    REFUSES("unexpected argument 'a b' (see --help)", "a|\nb");
}

static void wrong_values(void **state)
{
    (void)state;
    REFUSES("option --word needs a non-empty value", "--word=");
    REFUSES("option --word needs a non-empty value", "-w", "");
    REFUSES("option --number needs a whole number from -5 to 10, not '11'", "-n11");
    REFUSES("option --number needs a whole number from -5 to 10, not '1x'", "-n", "1x");
    REFUSES("option --number needs a whole number from -5 to 10, not ''", "--number=");
    REFUSES("option --positive needs a whole number from 1 on, not '0'", "--positive=0");
    REFUSES("option --range '20:10' has a start above its end", "-r20:10");
    REFUSES("option --range '' is an empty range", "--range=");
    REFUSES("option --colour needs red, green or blue, not 'pink'", "--colour=pink");
    REFUSES("option --echo needs off or on, not 'yes'", "--echo=yes");
    REFUSES("option --timeout-result needs ok, warning, critical or unknown, not '4'",
            "--timeout-result=4");
    PARSES("--positive=9223372036854775807", "--timeout-result=Warning");
    assert_true(sample.positive == INT64_MAX);
    assert_int_equal(common.timeout_result, STATE_WARNING);
}

static void lists(void **state)
{
    (void)state;
    PARSES("--words=a", "--words", "b");
    assert_int_equal(sample.words.count, 2);
    assert_string_equal(sample.words.items[1], "b");
    REFUSES("option --words may be given at most 16 times", "--words=1", "--words=2", "--words=3",
            "--words=4", "--words=5", "--words=6", "--words=7", "--words=8", "--words=9",
            "--words=10", "--words=11", "--words=12", "--words=13", "--words=14", "--words=15",
            "--words=16", "--words=17");
    REFUSES("option --words needs a non-empty value", "--words=");
}

static void durations(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } rows[] = {{"90", 90}, {"90s", 90}, {"30m", 1800}, {"12h", 43200}, {"7d", 604800}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        PARSES("--pause", rows[i].text);
        assert_int_equal(sample.pause, rows[i].seconds);
    }
#define PAUSE "option --pause needs a time such as 90s, 30m, 12h or 60d, from 1m to 7d, not "
    REFUSES(PAUSE "'59'", "--pause=59");
    REFUSES(PAUSE "'8d'", "--pause=8d");
    REFUSES(PAUSE "''", "--pause=");
    REFUSES(PAUSE "'d'", "--pause=d");
    REFUSES(PAUSE "'-1m'", "--pause=-1m");
    REFUSES(PAUSE "'1.5h'", "--pause=1.5h");
    REFUSES(PAUSE "'10 m'", "--pause=10 m");
    REFUSES(PAUSE "'9223372036854775807d'", "--pause=9223372036854775807d");
    REFUSES(PAUSE "'0000000000000000000000000000090'", "--pause=0000000000000000000000000000090");
#undef PAUSE
    REFUSES("option --nap needs a time such as 90s, 30m, 12h or 60d, from 0s to 90s, not '2m'",
            "--nap=2m");
    REFUSES("option --rest needs a time such as 90s, 30m, 12h or 60d, from 2h on, not '1h'",
            "--rest=1h");
}

static void secrets_on_the_command_line(void **state)
{
    (void)state;
#define PASSWORD                                                                                   \
    "option --password would be visible in the process list: use --password-file or an "           \
    "--extra-opts section"
    REFUSES(PASSWORD, "--password=hunter2");
    REFUSES(PASSWORD, "--password", "hunter2");
    REFUSES(PASSWORD, "-phunter2");
    REFUSES("option --token would be visible in the process list: use an --extra-opts section",
            "--tok=hunter2");
#undef PASSWORD
}

static void secret_files(void **state)
{
    static const struct {
        const char *content;
        size_t length;
        const char *secret;
    } rows[] = {
        {"hunter2\n", 8, "hunter2"},
        {"hunter2", 7, "hunter2"},
        {" a b \r\r\nsecond\n", 15, " a b "},
        {"\xef\xbb\xbfhunter2\r\n", 12, "hunter2"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *path = make_file(rows[i].content, rows[i].length);

        PARSES("--password-file", path);
        assert_string_equal(sample.password_file, rows[i].secret);
        PARSES("--password-file", path, "--password-file", path);
        assert_string_equal(sample.password_file, rows[i].secret);
        unlink(path);
    }
}

static void bad_secret_files(void **state)
{
    static char large[4097];
    char expected[256];
    const char *path;

    (void)state;
    memset(large, 'x', sizeof large);
    REFUSES("option --password-file cannot read /nowhere/x: No such file or directory",
            "--password-file=/nowhere/x");
    REFUSES("option --password-file cannot read /tmp: is a directory, not a file",
            "--password-file=/tmp");
    REFUSES("option --password-file needs a non-empty value", "--password-file=");

#define REFUSES_FILE(content, length, format)                                                      \
    path = make_file(content, length);                                                             \
    assert_int_equal(parse("--password-file", path, NULL), OPTIONS_EXIT);                          \
    text_format(expected, sizeof expected, "SAMPLE UNKNOWN - option --password-file " format "\n", \
                path);                                                                             \
    assert_string_equal(printed, expected);                                                        \
    assert_null(sample.password_file);                                                             \
    unlink(path)

    REFUSES_FILE("", 0, "found an empty first line in %s");
    REFUSES_FILE("\r\nsecond\n", 9, "found an empty first line in %s");
    REFUSES_FILE("h\0u\0", 4, "found a NUL byte in %s: save it as UTF-8 text");
    REFUSES_FILE(large, sizeof large, "cannot read %s: too large");
#undef REFUSES_FILE
    path = make_file(large, sizeof large - 1);
    PARSES("--password-file", path);
    assert_int_equal(strlen(sample.password_file), sizeof large - 1);
    unlink(path);
}

static void common_rows(void **state)
{
    (void)state;
    PARSES("-t", "30", "-vv", "--timeout-result=unknown", "--output=json", "--state",
           "ndes-http-slow=critical", "--state", "NDES-ra-expired=OK",
           "--perfdata-thresholds=plain");
    assert_int_equal(common.timeout, 30);
    assert_int_equal(common.style.verbosity, 2);
    assert_int_equal(common.style.format, OUTPUT_JSON);
    assert_int_equal(common.style.thresholds, THRESHOLDS_PLAIN);
    assert_int_equal(common.timeout_result, STATE_UNKNOWN);
    assert_int_equal(common.states.state[NDES_HTTP_SLOW], STATE_CRITICAL);
    assert_int_equal(common.states.state[NDES_RA_EXPIRED], STATE_OK);
    assert_false(common.states.set[NDES_NET_DNS]);
    PARSES("-q");
    assert_int_equal(common.timeout, 10);
    assert_int_equal(common.timeout_result, STATE_CRITICAL);
    assert_int_equal(common.style.format, OUTPUT_TEXT);
    REFUSES("option --timeout needs a whole number from 1 to 3600, not '0'", "-t0");
    REFUSES("option --output needs text or json, not 'xml'", "--output=xml");
    REFUSES("option --state needs ID=STATE, such as ndes-http-slow=critical, not 'critical'",
            "--state=critical");
    REFUSES("option --state does not know finding 'ndes-x': --help lists the IDs",
            "--state=ndes-x=ok");
    REFUSES("option --state needs ndes-http-slow=ok, warning, critical or unknown, not 'bad'",
            "--state=ndes-http-slow=bad");
}

static void questions(void **state)
{
    (void)state;
    assert_int_equal(parse("-q", "-V", NULL), OPTIONS_EXIT);
    assert_int_equal(exit_code, 3);
    assert_string_equal(printed, "check_sample " PACKAGE_VERSION " (ndes monitoring plugins)\n");
    assert_int_equal(parse("-n999", "--extra-opts=@/nowhere", "-qh", "--bogus", NULL),
                     OPTIONS_EXIT);
    assert_int_equal(exit_code, 3);
    assert_non_null(strstr(printed, "Usage: check_sample"));
    assert_int_equal(parse("--describe", NULL), OPTIONS_EXIT);
    assert_int_equal(exit_code, 0);
    assert_int_equal(printed[0], '{');
    REFUSES("unknown option --bogus (see --help)", "--bogus", "--help");
}

static void sections(void **state)
{
    static const char text[] = "[check_sample]\nword=file\nwords=a\npassword=hunter2\nn=7\nquick\n";
    const char *path = make_file(text, sizeof text - 1);
    char option[64];

    (void)state;
    setenv("MP_CONFIG_FILE", path, 1);
    text_format(option, sizeof option, "--extra-opts=@%s", path);
    PARSES("--word=line", "--words=b", option);
    assert_string_equal(sample.word, "line");
    assert_int_equal(sample.words.count, 2);
    assert_string_equal(sample.words.items[1], "b");
    assert_int_equal(sample.number, 7);
    assert_true(sample.quick);
    PARSES("--extra-opts");
    PARSES("--extra-opts", "check_sample");
    PARSES("--extra-opts", "-q");
    unlink(path);
    unsetenv("MP_CONFIG_FILE");
    REFUSES("option --extra-opts cannot read /nowhere: No such file or directory",
            "--extra-opts=x@/nowhere");
}

/* What is not given is as if its default had been typed. */
static void standards(void **state)
{
    (void)state;
    PARSES("-q");
    assert_int_equal(related.mode, 1);
    assert_int_equal(related.time, 300);
    assert_string_equal(related.end_warning.text, "60:");
    assert_false(related.slow_warning.set);
    assert_null(related.folder);
    assert_int_equal(related.paths.count, 2);
    assert_string_equal(related.paths.items[1], "/b");
    PARSES("--mode=auto", "--paths=/c", "--end-warning=40d");
    assert_int_equal(related.mode, 0);
    assert_int_equal(related.paths.count, 1);
    assert_string_equal(related.paths.items[0], "/c");
    assert_string_equal(related.end_warning.text, "40d");
}

static void options_without_effect(void **state)
{
    (void)state;
    REFUSES("--time has no effect without --deep", "--time=1m");
    PARSES("--time=1m", "--deep");
    REFUSES("--time has no effect with --parts=none", "--time=1m", "--deep", "--parts=some",
            "--parts=NONE", "--parts=any");
    PARSES("--parts=none");
    PARSES("--name=x");
    PARSES("--name=x", "--mode=auto", "--mode=FULL");
    REFUSES("--name has no effect without --mode=full", "--name=x", "--mode=full", "--mode=auto");
}

static void options_that_exclude_each_other(void **state)
{
    (void)state;
    REFUSES("give --file or --name, not both", "--name=x", "--file=y");
    REFUSES("give --file or --parts, not both", "--file=y", "--parts=x");
    PARSES("--file=y", "--file=z");
}

/* Of two limits the warning comes first, whichever of them is a default. */
static void hidden_warnings(void **state)
{
    (void)state;
    REFUSES("option --slow-warning '5' has no effect: --slow-critical '2' is reached first",
            "--slow-warning=5", "--slow-critical=2");
    PARSES("--slow-warning=2", "--slow-critical=5");
    PARSES("--slow-warning=2", "--slow-critical=2");
    PARSES("--slow-critical=2");
    REFUSES("option --end-warning '3:' has no effect: --end-critical '14:' is reached first",
            "--end-warning=3:", "--end-critical=14:");
    REFUSES("option --end-warning '3:' has no effect: --end-critical '30:' (the default) is "
            "reached first",
            "--end-warning=3:");
    REFUSES("option --end-warning '60:' (the default) has no effect: --end-critical '90d' is "
            "reached first",
            "--end-critical=90d");
    PARSES("--end-warning=30d");
    PARSES("--end-warning=25%");
    REFUSES("option --end-warning '130%' is more than 100%, the whole lifetime",
            "--end-warning=130%");
}

static void complaints(void **state)
{
    FILE *capture = tmpfile();
    int out = dup(STDOUT_FILENO);

    (void)state;
    fflush(stdout);
    dup2(fileno(capture), STDOUT_FILENO);
    assert_int_equal(options_complain(&program, "options %s and %s contradict", "-a", "-b"), 3);
    fflush(stdout);
    dup2(out, STDOUT_FILENO);
    close(out);
    rewind(capture);
    printed[fread(printed, 1, sizeof printed - 1, capture)] = '\0';
    fclose(capture);
    assert_string_equal(printed, "SAMPLE UNKNOWN - options -a and -b contradict\n");
}

static int free_sample(void **state)
{
    (void)state;
    secret_free(sample.password_file);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_at_all),
        cmocka_unit_test(forms_of_options),
        cmocka_unit_test(abbreviations),
        cmocka_unit_test(optional_values),
        cmocka_unit_test(wrong_syntax),
        cmocka_unit_test(wrong_values),
        cmocka_unit_test(lists),
        cmocka_unit_test(durations),
        cmocka_unit_test(secrets_on_the_command_line),
        cmocka_unit_test(secret_files),
        cmocka_unit_test(bad_secret_files),
        cmocka_unit_test(common_rows),
        cmocka_unit_test(questions),
        cmocka_unit_test(sections),
        cmocka_unit_test(standards),
        cmocka_unit_test(options_without_effect),
        cmocka_unit_test(options_that_exclude_each_other),
        cmocka_unit_test(hidden_warnings),
        cmocka_unit_test(complaints),
    };

    return cmocka_run_group_tests(tests, NULL, free_sample);
}
