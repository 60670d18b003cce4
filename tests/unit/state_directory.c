/* state_directory.c - what the tests of common/state share: a directory with a state file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/text.h"
#include "state_directory.h"

char directory[64];
char path[128];
char lock_path[128];
char new_path[128];
const struct state_subject subject = {.kind = "pool", .target = "SCEP at ndes"};

int make_directory(void **state)
{
    (void)state;
    text_copy(directory, sizeof directory, "/tmp/test_state.XXXXXX");
    if (!mkdtemp(directory))
        return -1;
    text_format(path, sizeof path, "%s/scep.json", directory);
    text_format(lock_path, sizeof lock_path, "%s/scep.json.lock", directory);
    text_format(new_path, sizeof new_path, "%s/.scep.json.ndes-new", directory);
    return 0;
}

int remove_directory(void **state)
{
    DIR *open = opendir(directory);
    struct dirent *entry;
    char name[512];

    (void)state;
    while (open && (entry = readdir(open))) {
        text_format(name, sizeof name, "%s/%s", directory, entry->d_name);
        remove(name); /* not the directory itself, nor the one above: these are not empty */
    }
    if (open)
        closedir(open);
    return rmdir(directory);
}

bool open_state(struct state_file *file)
{
    struct deadline deadline = deadline_in(5);

    memset(file, 0x55, sizeof *file);
    return state_open(file, path, &subject, STATE_LOCK_SECONDS, &deadline);
}

void write_to(const char *name, const char *text)
{
    FILE *file = fopen(name, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(name, 0600), 0);
}

void write_content(const char *text)
{
    write_to(path, text);
}

void assert_content(const char *expected)
{
    char text[4096];
    FILE *file = fopen(path, "rb");
    size_t length;

    assert_non_null(file);
    length = fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
    fclose(file);
    assert_string_equal(text, expected);
}

mode_t mode_of(const char *name)
{
    struct stat about;

    assert_int_equal(lstat(name, &about), 0);
    return about.st_mode & 07777;
}
