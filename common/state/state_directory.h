/* state_directory.h - the directory of a state file, and what a file in it must be like to be ours.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_STATE_STATE_DIRECTORY_H
#define NDES_STATE_STATE_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { STATE_REASON_SIZE = 400 };

/* Names are looked up in the open directory, so that all of them are in the same one. */
struct state_directory {
    int fd; /* descriptor, -1 if it is not open */
    char name[256];
    uid_t owner; /* of the directory */
    gid_t group;
    bool shared; /* the directory's group may write into it */
};

/* Opens the directory of `path`. A directory that everybody may write into is refused, unless only
 * the owner of a file may replace it there, as in /tmp. Returns false and why in `reason`, of
 * STATE_REASON_SIZE bytes. To be closed in every case. */
bool state_directory_open(struct state_directory *home, const char *path, char *reason);
void state_directory_close(struct state_directory *home);

/* Opens a file of the directory if it is ours: regular, with one name, owned by us, and writable by
 * nobody else. In a shared directory the files of its group are ours, too, and for root those of
 * the directory's owner. Follows no link and waits for nobody. `flags` are those of open().
 * Returns -1 and why in `reason`, "" if there is no such file. */
int state_directory_file(const struct state_directory *home, const char *name, int flags,
                         char *reason);

/* Makes a new file, readable and writable for us, and for the group of a shared directory. Root
 * gives it to the directory's owner. Returns its descriptor, open for reading and writing; or -1
 * and why in `reason`, "" if there is such a file already. */
int state_directory_create(const struct state_directory *home, const char *name, char *reason);

#endif
