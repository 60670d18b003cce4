/* types.c - the kinds of option values: how each is parsed and stored.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/options/types.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/base/secret.h"
#include "common/base/text.h"

enum { SECRET_FILE_MAXIMUM = 4096 };

static bool set_flag(const struct option_spec *spec, const char *value, void *target, char *error,
                     size_t error_size)
{
    (void)spec, (void)value, (void)error, (void)error_size;
    *(bool *)target = true;
    return true;
}

static bool set_count(const struct option_spec *spec, const char *value, void *target, char *error,
                      size_t error_size)
{
    int *count = target;

    (void)spec, (void)value, (void)error, (void)error_size;
    if (*count < INT_MAX)
        ++*count;
    return true;
}

bool option_text_set(const struct option_spec *spec, const char *value, void *target, char *error,
                     size_t error_size)
{
    (void)spec;
    if (!*value) {
        text_copy(error, error_size, "needs a non-empty value");
        return false;
    }
    *(const char **)target = value;
    return true;
}

static bool set_texts(const struct option_spec *spec, const char *value, void *target, char *error,
                      size_t error_size)
{
    struct text_list *list = target;
    const char *item;

    if (!option_text_set(spec, value, &item, error, error_size))
        return false;
    if (list->count == TEXT_LIST_MAXIMUM) {
        text_format(error, error_size, "may be given at most %d times", (int)TEXT_LIST_MAXIMUM);
        return false;
    }
    list->items[list->count++] = item;
    return true;
}

static int64_t upper_limit(const struct option_spec *spec)
{
    return spec->maximum ? spec->maximum : INT64_MAX;
}

static bool set_integer(const struct option_spec *spec, const char *value, void *target,
                        char *error, size_t error_size)
{
    if (text_integer(value, spec->minimum, upper_limit(spec), target))
        return true;
    if (spec->maximum)
        text_format(error, error_size,
                    "needs a whole number from %" PRId64 " to %" PRId64 ", not '%s'", spec->minimum,
                    spec->maximum, value);
    else
        text_format(error, error_size, "needs a whole number from %" PRId64 " on, not '%s'",
                    spec->minimum, value);
    return false;
}

static bool set_range(const struct option_spec *spec, const char *value, void *target, char *error,
                      size_t error_size)
{
    const char *problem = range_parse(value, target);

    (void)spec;
    if (problem)
        text_format(error, error_size, "'%s' %s", value, problem);
    return !problem;
}

static bool set_limit(const struct option_spec *spec, const char *value, void *target, char *error,
                      size_t error_size)
{
    const char *problem = limit_parse(value, target);

    (void)spec;
    if (problem)
        text_format(error, error_size, "'%s' %s", value, problem);
    return !problem;
}

static bool range_target_hides(const void *critical, const void *warning)
{
    return range_hides(critical, warning);
}

bool option_limit_hides(const void *critical, const void *warning)
{
    return limit_hides(critical, warning);
}

static bool set_choice(const struct option_spec *spec, const char *value, void *target, char *error,
                       size_t error_size)
{
    struct buffer wanted;

    buffer_init(&wanted, 256);
    for (int i = 0; spec->choices[i]; i++) {
        if (text_equal(value, spec->choices[i])) {
            *(int *)target = i;
            buffer_free(&wanted);
            return true;
        }
        if (i)
            buffer_add_text(&wanted, spec->choices[i + 1] ? ", " : " or ");
        buffer_add_text(&wanted, spec->choices[i]);
    }
    text_format(error, error_size, "needs %s, not '%s'", buffer_text(&wanted), value);
    buffer_free(&wanted);
    return false;
}

const char *const switch_choices[] = {[false] = "off", [true] = "on", NULL};

static bool set_switch(const struct option_spec *spec, const char *value, void *target, char *error,
                       size_t error_size)
{
    int choice;

    if (!set_choice(spec, value, &choice, error, error_size))
        return false;
    *(bool *)target = choice;
    return true;
}

static const struct {
    char letter;
    int64_t seconds;
} duration_units[] = {{'d', SECONDS_PER_DAY}, {'h', SECONDS_PER_HOUR}, {'m', 60}, {'s', 1}};

/* Parses 90, 90s, 30m, 12h or 60d. */
static bool parse_duration(const char *value, int64_t *seconds)
{
    char digits[24];
    size_t length = strlen(value);
    int64_t factor = 1;

    for (size_t i = 0; length && i < COUNT_OF(duration_units); i++) {
        if (value[length - 1] == duration_units[i].letter) {
            factor = duration_units[i].seconds;
            length--;
            break;
        }
    }
    if (length >= sizeof digits)
        return false;
    text_copy_bytes(digits, sizeof digits, value, length);
    if (!text_integer(digits, 0, INT64_MAX / factor, seconds))
        return false;
    *seconds *= factor;
    return true;
}

/* Writes seconds in the largest unit that divides them: 5400 is 90m. */
static void format_duration(int64_t seconds, char *text, size_t size)
{
    size_t i = 0;

    while (!seconds || seconds % duration_units[i].seconds)
        if (++i == COUNT_OF(duration_units) - 1)
            break;
    text_format(text, size, "%" PRId64 "%c", seconds / duration_units[i].seconds,
                duration_units[i].letter);
}

static bool set_duration(const struct option_spec *spec, const char *value, void *target,
                         char *error, size_t error_size)
{
    int64_t seconds;
    char least[32];
    char most[32];

    if (parse_duration(value, &seconds) && seconds >= spec->minimum &&
        seconds <= upper_limit(spec)) {
        *(int64_t *)target = seconds;
        return true;
    }
    format_duration(spec->minimum, least, sizeof least);
    format_duration(spec->maximum, most, sizeof most);
    text_format(error, error_size,
                "needs a time such as 90s, 30m, 12h or 60d, from %s %s%s, not '%s'", least,
                spec->maximum ? "to " : "on", spec->maximum ? most : "", value);
    return false;
}

/* Finds the first line of a file's content. Returns false, and says why, if it has no text. */
static bool first_line(const struct buffer *content, const char *path, struct slice *line,
                       char *error, size_t error_size)
{
    struct slice rest = {buffer_text(content), content->length};

    if (rest.length >= 3 && memcmp(rest.text, "\xef\xbb\xbf", 3) == 0) {
        rest.text += 3;
        rest.length -= 3;
    }
    slice_next(&rest, "\n", line);
    while (line->length && line->text[line->length - 1] == '\r')
        line->length--;
    if (memchr(line->text, '\0', line->length)) {
        text_format(error, error_size, "found a NUL byte in %s: save it as UTF-8 text", path);
        return false;
    }
    if (!line->length)
        text_format(error, error_size, "found an empty first line in %s", path);
    return line->length > 0;
}

static bool set_secret_file(const struct option_spec *spec, const char *value, void *target,
                            char *error, size_t error_size)
{
    char **secret = target;
    char *copy = NULL;
    struct buffer content;
    struct slice line;

    if (!option_text_set(spec, value, &value, error, error_size))
        return false;
    buffer_init(&content, SECRET_FILE_MAXIMUM);
    if (file_read(value, &content, error, error_size) &&
        first_line(&content, value, &line, error, error_size)) {
        copy = text_duplicate_bytes(line.text, line.length);
        if (!copy)
            text_copy(error, error_size, "ran out of memory");
    }
    buffer_wipe(&content);
    if (copy) {
        secret_free(*secret);
        *secret = copy;
    }
    return copy != NULL;
}

const struct option_type option_flag = {.name = "flag", .set = set_flag};
const struct option_type option_count = {.name = "count", .repeatable = true, .set = set_count};
const struct option_type option_text = {
    .name = "text", .takes_value = true, .set = option_text_set};
const struct option_type option_texts = {
    .name = "text", .takes_value = true, .repeatable = true, .set = set_texts};
const struct option_type option_integer = {
    .name = "integer", .takes_value = true, .set = set_integer};
const struct option_type option_range = {
    .name = "range", .takes_value = true, .set = set_range, .hides = range_target_hides};
const struct option_type option_limit = {
    .name = "limit", .takes_value = true, .set = set_limit, .hides = option_limit_hides};
const struct option_type option_choice = {.name = "choice", .takes_value = true, .set = set_choice};
const struct option_type option_switch = {.name = "choice", .takes_value = true, .set = set_switch};
const struct option_type option_duration = {
    .name = "duration", .takes_value = true, .set = set_duration};
const struct option_type option_secret = {
    .name = "secret", .takes_value = true, .secret = true, .set = option_text_set};
const struct option_type option_secret_file = {
    .name = "secret-file", .takes_value = true, .set = set_secret_file};
