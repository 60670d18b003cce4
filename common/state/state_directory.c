/* state_directory.c - the directory of a state file, and what a file in it must be like to be ours.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* S_ISVTX */
#include "common/state/state_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/text.h"

enum { PATH_MAXIMUM = 1024 };

/* Cuts the path into the directory and the name within it. */
static bool split_path(struct state_directory *home, const char *path, char *directory,
                       char *reason)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t length = slash ? (size_t)(slash - path) : 0;

    if (strlen(name) >= sizeof home->name || length >= PATH_MAXIMUM) {
        text_copy(reason, STATE_REASON_SIZE, "the name is too long");
        return false;
    }
    if (!name[0]) {
        text_copy(reason, STATE_REASON_SIZE, "it is a directory");
        return false;
    }
    text_copy(home->name, sizeof home->name, name);
    text_copy_bytes(directory, PATH_MAXIMUM, path, length);
    if (!length)
        text_copy(directory, PATH_MAXIMUM, slash ? "/" : ".");
    return true;
}

bool state_directory_open(struct state_directory *home, const char *path, char *reason)
{
    char directory[PATH_MAXIMUM];
    struct stat about;

    *home = (struct state_directory){.fd = -1};
    if (!split_path(home, path, directory, reason))
        return false;
    home->fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (home->fd < 0 || fstat(home->fd, &about) < 0) {
        text_format(reason, STATE_REASON_SIZE, "cannot open its directory: %s", strerror(errno));
        return false;
    }
    home->owner = about.st_uid;
    home->group = about.st_gid;
    home->shared = (about.st_mode & (S_IWGRP | S_IWOTH)) == S_IWGRP;
    if ((about.st_mode & (S_IWOTH | S_ISVTX)) == S_IWOTH)
        text_copy(reason, STATE_REASON_SIZE, "everybody may write to its directory");
    return (about.st_mode & (S_IWOTH | S_ISVTX)) != S_IWOTH;
}

void state_directory_close(struct state_directory *home)
{
    if (home->fd >= 0)
        close(home->fd);
    home->fd = -1;
}

/* Whoever may write into the directory can replace the file anyway: so a shared directory's group
 * may write the file, and a member may own it. */
static bool is_in_group(const struct state_directory *home, const struct stat *about)
{
    return home->shared && about->st_gid == home->group;
}

static bool has_right_owner(const struct state_directory *home, const struct stat *about)
{
    return about->st_uid == geteuid() || is_in_group(home, about) ||
           (geteuid() == 0 && about->st_uid == home->owner);
}

static bool is_open_to_others(const struct state_directory *home, const struct stat *about)
{
    return about->st_mode & S_IWOTH || (about->st_mode & S_IWGRP && !is_in_group(home, about));
}

/* What is wrong with a file; returns false then. */
static bool is_ours(const struct state_directory *home, const struct stat *about, char *reason)
{
    if (S_ISLNK(about->st_mode))
        text_copy(reason, STATE_REASON_SIZE, "it is a symbolic link");
    else if (S_ISDIR(about->st_mode))
        text_copy(reason, STATE_REASON_SIZE, "it is a directory");
    else if (!S_ISREG(about->st_mode))
        text_copy(reason, STATE_REASON_SIZE, "it is not a regular file");
    else if (!has_right_owner(home, about))
        text_format(reason, STATE_REASON_SIZE, "it belongs to another user (uid %llu, not %llu)",
                    (unsigned long long)about->st_uid, (unsigned long long)geteuid());
    else if (is_open_to_others(home, about))
        text_format(reason, STATE_REASON_SIZE, "others may write to it (mode %04o)",
                    (unsigned)about->st_mode & 07777U);
    else if (about->st_nlink != 1)
        text_copy(reason, STATE_REASON_SIZE, "it has other names as well (hard links)");
    return !reason[0];
}

/* Looks before it opens, as opening a device can do something; and after, as it may be another file
 * by then. */
int state_directory_file(const struct state_directory *home, const char *name, int flags,
                         char *reason)
{
    struct stat about;
    int fd;

    reason[0] = '\0';
    if (fstatat(home->fd, name, &about, AT_SYMLINK_NOFOLLOW) < 0) {
        if (errno != ENOENT)
            text_copy(reason, STATE_REASON_SIZE, strerror(errno));
        return -1;
    }
    if (!is_ours(home, &about, reason))
        return -1;
    fd = openat(home->fd, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return -1;
    if (fd < 0 || fstat(fd, &about) < 0)
        text_copy(reason, STATE_REASON_SIZE, strerror(errno));
    else
        is_ours(home, &about, reason);
    if (fd >= 0 && reason[0]) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* As root the owner of the directory gets the file, who else could not use it afterwards. */
static bool hand_over(const struct state_directory *home, int fd)
{
    bool root = geteuid() == 0;
    uid_t owner = root ? home->owner : (uid_t)-1;
    gid_t group = root || home->shared ? home->group : (gid_t)-1;

    return fchown(fd, owner, group) == 0 && fchmod(fd, home->shared ? 0660 : 0600) == 0;
}

int state_directory_create(const struct state_directory *home, const char *name, char *reason)
{
    int fd =
        openat(home->fd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, 0600);

    reason[0] = '\0';
    if (fd < 0 && errno == EEXIST)
        return -1;
    if (fd < 0) {
        text_format(reason, STATE_REASON_SIZE, "cannot create %s: %s", name, strerror(errno));
        return -1;
    }
    if (hand_over(home, fd))
        return fd;
    text_format(reason, STATE_REASON_SIZE, "cannot give %s the owner of its directory: %s", name,
                strerror(errno));
    unlinkat(home->fd, name, 0);
    close(fd);
    return -1;
}
