/* state_file.c - files that keep something between runs: locked, and replaced in one step.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/state/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/base/text.h"

enum { LOCK_POLL_MS = 50 };

/* Returns NULL once the lock is ours, or what went wrong. */
static const char *wait_for_lock(int lock, const struct deadline *deadline)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    struct timespec pause = {.tv_nsec = LOCK_POLL_MS * 1000000L};

    while (fcntl(lock, F_SETLK, &whole) < 0) {
        if (errno != EAGAIN && errno != EACCES && errno != EINTR)
            return strerror(errno);
        if (deadline_left_ms(deadline) <= LOCK_POLL_MS)
            return "another run holds it";
        nanosleep(&pause, NULL);
    }
    return NULL;
}

int state_file_lock(const char *path, const struct deadline *deadline, const char **problem)
{
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    *problem = lock < 0 ? strerror(errno) : wait_for_lock(lock, deadline);
    if (lock >= 0 && *problem) {
        close(lock);
        lock = -1;
    }
    return lock;
}

/* Writes all bytes and brings them to the disk. Returns NULL, or what went wrong. */
static const char *write_file(const char *path, const char *text, size_t length)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    const char *problem = NULL;

    if (fd < 0)
        return strerror(errno);
    for (size_t done = 0; !problem && done < length;) {
        ssize_t written = write(fd, text + done, length - done);

        if (written > 0)
            done += (size_t)written;
        else if (written == 0 || errno != EINTR)
            problem = written == 0 ? "nothing was written" : strerror(errno);
    }
    if (!problem && fsync(fd) < 0)
        problem = strerror(errno);
    if (close(fd) < 0 && !problem)
        problem = strerror(errno);
    return problem;
}

const char *state_file_replace(const char *path, const char *text, size_t length)
{
    char new_path[1100];
    const char *problem;

    if (strlen(path) + sizeof ".new" > sizeof new_path)
        return "the name is too long";
    text_format(new_path, sizeof new_path, "%s.new", path);
    problem = write_file(new_path, text, length);
    if (!problem && rename(new_path, path) < 0)
        problem = strerror(errno);
    return problem;
}
