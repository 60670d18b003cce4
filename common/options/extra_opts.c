/* extra_opts.c - options from a section of an INI file, as --extra-opts asks for them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/options/extra_opts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/file.h"
#include "common/options/given.h"
#include "common/options/ini.h"

enum { PATH_BYTES = 4096 };

/* Names and paths, and their order, are those of monitoring-plugins. */
static const char *const file_names[] = {"monitoring-plugins.ini", "plugins.ini",
                                         "nagios-plugins.ini"};

static const char *const paths[] = {
    "/usr/local/etc/monitoring-plugins/monitoring-plugins.ini",
    "/usr/local/etc/monitoring-plugins.ini",
    "/etc/monitoring-plugins/monitoring-plugins.ini",
    "/etc/monitoring-plugins.ini",
    "/etc/nagios/plugins.ini",
    "/usr/local/nagios/etc/plugins.ini",
    "/usr/local/etc/nagios/plugins.ini",
    "/etc/opt/nagios/plugins.ini",
    "/etc/nagios-plugins.ini",
    "/usr/local/etc/nagios-plugins.ini",
    "/etc/opt/nagios-plugins.ini",
};

static bool find_in_directories(const char *directories, char *path, size_t path_size)
{
    struct slice rest = slice_of(directories);
    struct slice directory;

    while (slice_next(&rest, ":", &directory)) {
        for (size_t i = 0; directory.length && i < COUNT_OF(file_names); i++) {
            text_format(path, path_size, "%.*s/%s", (int)directory.length, directory.text,
                        file_names[i]);
            if (access(path, F_OK) == 0)
                return true;
        }
    }
    return false;
}

bool extra_opts_default_file(char *path, size_t path_size)
{
    const char *file = getenv("MP_CONFIG_FILE");
    const char *directories = getenv("NAGIOS_CONFIG_PATH");

    if (file && *file) {
        text_copy(path, path_size, file);
        return true;
    }
    if (directories && find_in_directories(directories, path, path_size))
        return true;
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        if (access(paths[i], F_OK) == 0) {
            text_copy(path, path_size, paths[i]);
            return true;
        }
    }
    return false;
}

/* Takes `[section][@file]` apart. */
static bool locate(const struct option_table *table, const char *locator, char *section,
                   size_t section_size, char *path, size_t path_size, char *error,
                   size_t error_size)
{
    size_t length = locator ? strcspn(locator, "@") : 0;

    text_copy(section, section_size, table->program->name);
    if (length)
        text_copy_bytes(section, section_size, locator, length);
    if (locator && locator[length] == '@') {
        text_copy(path, path_size, locator + length + 1);
        if (*path)
            return true;
        text_format(error, error_size, "option --extra-opts needs a file name after the @ of '%s'",
                    locator);
        return false;
    }
    if (extra_opts_default_file(path, path_size))
        return true;
    text_format(error, error_size,
                "option --extra-opts finds no file for section [%s]: set MP_CONFIG_FILE, or create "
                "/etc/monitoring-plugins/monitoring-plugins.ini",
                section);
    return false;
}

/* Sets the option that an entry names. */
static bool apply_entry(const struct option_table *table, const struct ini_entry *entry,
                        struct option_memory *memory, char *error, size_t error_size)
{
    struct option_row row;
    const char *value = NULL;
    bool found = entry->key.length == 1
                     ? table_find_letter(table, entry->key.text[0], &row, error, error_size)
                     : table_find_name(table, entry->key, &row, error, error_size);

    if (!found)
        return false;
    if (table_builtin(&row) != BUILTIN_NONE) {
        text_format(error, error_size, "option --%s works on the command line only",
                    row.spec->name);
        return false;
    }
    if (entry->has_value && !(value = given_keep(memory, entry->value))) {
        text_copy(error, error_size, "out of memory");
        return false;
    }
    return given_set(memory, &row, value, error, error_size);
}

/* Sets the options of a section. `path` is for messages. */
static bool apply_section(const struct option_table *table, const struct buffer *content,
                          const char *section, const char *path, struct option_memory *memory,
                          char *error, size_t error_size)
{
    struct ini_reader reader;
    struct ini_entry entry;
    enum ini_step step;
    char problem[1024];

    ini_start(&reader, buffer_text(content), content->length, section);
    while ((step = ini_next(&reader, &entry, problem, sizeof problem)) == INI_ENTRY) {
        if (!apply_entry(table, &entry, memory, problem, sizeof problem)) {
            text_format(error, error_size, "%s line %zu, [%s]: %s", path, reader.line, section,
                        problem);
            return false;
        }
    }
    if (step == INI_ERROR)
        text_format(error, error_size, "%s line %zu %s", path, reader.line, problem);
    else if (!reader.found)
        text_format(error, error_size, "option --extra-opts finds no section [%s] in %s", section,
                    path);
    return step == INI_END && reader.found;
}

bool extra_opts_apply(const struct option_table *table, const char *locator,
                      struct option_memory *memory, char *error, size_t error_size)
{
    char section[256];
    char path[PATH_BYTES];
    char problem[1024];
    struct buffer content;
    bool applied = false;

    if (!locate(table, locator, section, sizeof section, path, sizeof path, error, error_size))
        return false;
    if (strcmp(path, "-") == 0)
        text_copy(path, sizeof path, "/dev/stdin");
    buffer_init(&content, INI_FILE_MAXIMUM);
    if (file_read(path, &content, problem, sizeof problem))
        applied = apply_section(table, &content, section, path, memory, error, error_size);
    else
        text_format(error, error_size, "option --extra-opts %s", problem);
    buffer_wipe(&content);
    return applied;
}
