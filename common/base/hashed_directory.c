/* hashed_directory.c - knows a directory of CA certificates that OpenSSL can look things up in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/base/hashed_directory.h"

#include <dirent.h>
#include <string.h>

#include "common/base/text.h"

enum { ENTRIES_MAXIMUM = 10000 }; /* names looked at before giving up */

/* Eight hex digits, a point, a number: the form that `openssl rehash` gives. */
static bool is_hash_link(const char *name)
{
    int64_t number;

    return strspn(name, "0123456789abcdef") == 8 && name[8] == '.' &&
           text_integer(name + 9, 0, 99, &number);
}

bool is_hashed_directory(const char *path)
{
    DIR *directory = opendir(path);
    struct dirent *entry;
    bool found = false;

    if (!directory)
        return false;
    for (int i = 0; !found && i < ENTRIES_MAXIMUM && (entry = readdir(directory)); i++)
        found = is_hash_link(entry->d_name);
    closedir(directory);
    return found;
}
