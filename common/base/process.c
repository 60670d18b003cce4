/* process.c - makes whatever process a scheduler gave us safe to work in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/base/process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EXIT_UNKNOWN = 3 };

/* A stream left closed would be the number of the next socket, and the report would go there.
 * Standard output gets a /dev/null that cannot be written, so that a report that nobody reads
 * counts as failed. */
static void fill_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 &&
            open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY) != fd)
            _exit(EXIT_UNKNOWN);
}

/* A parent's blocked signals are inherited, and the watchdog's might be among them. */
static void unblock_signals(void)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Sockets, pipes of libcurl's resolver, CA files, state files: what cannot be opened for want of a
 * descriptor would look like a server that refuses. Returns false if the hard limit is that low. */
static bool raise_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= PROCESS_DESCRIPTORS)
        return true;
    limit.rlim_cur = limit.rlim_max < PROCESS_DESCRIPTORS ? limit.rlim_max : PROCESS_DESCRIPTORS;
    return limit.rlim_cur == PROCESS_DESCRIPTORS && setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

bool process_start(void)
{
    const struct rlimit nothing = {0, 0};
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    fill_streams();
    unblock_signals();
    sigaction(SIGXFSZ, &ignore, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    setrlimit(RLIMIT_CORE, &nothing);
    return raise_descriptors();
}
