/* file.c - reads a small file whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/secret.h"
#include "common/base/text.h"

/* Reads to the end of the file. Returns NULL, or what went wrong. */
static const char *read_all(int fd, struct buffer *content)
{
    char chunk[4096];
    ssize_t got;
    const char *problem = NULL;
    struct stat about;

    if (fstat(fd, &about) < 0)
        return strerror(errno);
    if (S_ISDIR(about.st_mode))
        return "is a directory, not a file";
    if (!S_ISREG(about.st_mode) && !S_ISFIFO(about.st_mode))
        return "not a regular file";
    if (!buffer_reserve(content, content->maximum - content->length))
        return "out of memory"; /* all at once: growing would leave copies of a password behind */
    fcntl(fd, F_SETFL, 0);      /* O_NONBLOCK was only to not wait for the writer of a FIFO */
    while (!problem && (got = read(fd, chunk, sizeof chunk)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            problem = strerror(errno);
        else if (!buffer_add(content, chunk, (size_t)got))
            problem = "too large";
    }
    secret_wipe(chunk, sizeof chunk);
    return problem;
}

bool file_read(const char *path, struct buffer *content, char *error, size_t error_size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    const char *problem = fd < 0 ? strerror(errno) : read_all(fd, content);

    if (fd >= 0)
        close(fd);
    if (problem)
        text_format(error, error_size, "cannot read %s: %s", path, problem);
    return !problem;
}
