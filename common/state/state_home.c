/* state_home.c - the directory for state files where the operator names none.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/state/state_home.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/text.h"

/* An environment variable, if it is an absolute path. */
static const char *absolute(const char *name)
{
    const char *value = getenv(name);

    return value && value[0] == '/' ? value : NULL;
}

static bool may_write(const char *path)
{
    return access(path, W_OK | X_OK) == 0;
}

/* Makes what is missing of a path, for the user alone. */
static void make_directories(char *path)
{
    for (char *at = path + 1; *at; at++) {
        if (*at == '/') {
            *at = '\0';
            mkdir(path, 0700);
            *at = '/';
        }
    }
    mkdir(path, 0700);
}

/* Returns false if the user has no such directory, or not one to write into. */
static bool user_home(char *path, size_t size)
{
    const char *state = absolute("XDG_STATE_HOME");
    const char *home = absolute("HOME");

    if (!state && !home)
        return false;
    text_format(path, size, "%s%s/check_ndes", state ? state : home, state ? "" : "/.local/state");
    make_directories(path);
    return may_write(path);
}

void state_home(const char *standard, char *path, size_t size)
{
    const char *named = getenv("MP_STATE_PATH");

    if (named && *named)
        text_copy(path, size, named);
    else if (may_write(standard) || !user_home(path, size))
        text_copy(path, size, standard);
}
