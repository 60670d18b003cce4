/* tcp.c - a TCP connection within a deadline.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/net/tcp.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/text.h"

enum { ADDRESSES_MAXIMUM = 16 };

static int resolve(const char *host, int port, int family, int flags, struct addrinfo **found)
{
    struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_STREAM, .ai_flags = flags};
    char digits[8];

    text_format(digits, sizeof digits, "%d", port);
    hints.ai_flags |= AI_NUMERICSERV;
    return getaddrinfo(host, digits, &hints, found);
}

static bool bind_source(int descriptor, const struct tcp_target *target, int family)
{
    struct addrinfo *source = NULL;
    bool fine = true;

    if (!target->route.source_address)
        return true;
    fine = resolve(target->route.source_address, 0, family, AI_NUMERICHOST, &source) == 0 &&
           bind(descriptor, source->ai_addr, source->ai_addrlen) == 0;
    if (source)
        freeaddrinfo(source);
    return fine;
}

/* Waits for a connection that is being made. Returns 0 or what errno would be. */
static int wait_connected(int descriptor, int64_t milliseconds)
{
    struct pollfd wait = {.fd = descriptor, .events = POLLOUT};
    int error = 0;
    socklen_t size = sizeof error;
    int ready = poll(&wait, 1, (int)milliseconds);

    if (ready == 0)
        return ETIMEDOUT;
    if (ready < 0 || getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        return errno;
    return error;
}

static int set_blocking(int descriptor, bool blocking)
{
    int flags = fcntl(descriptor, F_GETFL);

    return fcntl(descriptor, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

/* Tries one address. Returns 0 with the socket, or what errno would be. */
static int try_address(const struct tcp_target *target, const struct addrinfo *address,
                       int64_t milliseconds, int *descriptor)
{
    int error = 0;

    *descriptor = socket(address->ai_family, SOCK_STREAM, 0);
    if (*descriptor < 0)
        return errno;
    fcntl(*descriptor, F_SETFD, FD_CLOEXEC);
    if (set_blocking(*descriptor, false) < 0)
        error = errno;
    else if (!bind_source(*descriptor, target, address->ai_family))
        error = EADDRNOTAVAIL;
    else if (connect(*descriptor, address->ai_addr, address->ai_addrlen) < 0)
        error = errno == EINPROGRESS ? wait_connected(*descriptor, milliseconds) : errno;
    if (error) {
        close(*descriptor);
        *descriptor = -1;
    }
    return error;
}

static void write_peer(const struct addrinfo *address, char *peer, size_t peer_size)
{
    if (getnameinfo(address->ai_addr, address->ai_addrlen, peer, (socklen_t)peer_size, NULL, 0,
                    NI_NUMERICHOST))
        peer[0] = '\0';
}

/* How much an error tells of the server: a time-out most, and what is our own matter least. */
static int weight(int error)
{
    switch (error) {
    case ETIMEDOUT:
        return 4;
    case ECONNREFUSED:
    case ECONNRESET:
        return 3;
    case EHOSTUNREACH:
    case ENETUNREACH: /* such as an IPv6 address on a host without IPv6 */
        return 2;
    default:
        return 1;
    }
}

static void blame(const struct tcp_target *target, int error, const char *peer,
                  struct problem *problem)
{
    enum problem_kind kind = error == ETIMEDOUT  ? PROBLEM_TIMEOUT
                             : weight(error) > 1 ? PROBLEM_REFUSED
                                                 : PROBLEM_SETTINGS;

    if (error == EADDRNOTAVAIL && target->route.source_address)
        problem_set(problem, kind, "cannot connect from --source-address %s",
                    target->route.source_address);
    else
        problem_set(problem, kind, "%s port %d at %s: %s", target->host, target->port, peer,
                    error == ETIMEDOUT ? "no connection within the time limit" : strerror(error));
}

int tcp_connect(const struct tcp_target *target, const struct deadline *deadline, char *peer,
                size_t peer_size, struct problem *problem)
{
    static const int families[] = {
        [FAMILY_ANY] = AF_UNSPEC, [FAMILY_IPV4] = AF_INET, [FAMILY_IPV6] = AF_INET6};
    const char *name = target->route.connect_address ? target->route.connect_address : target->host;
    struct addrinfo *addresses = NULL;
    int code = resolve(name, target->port, families[target->route.family], 0, &addresses);
    int descriptor = -1;
    int worst = 0;
    int count = 0;

    if (code) {
        problem_set(problem, PROBLEM_NO_NAME, "%s: %s", name, gai_strerror(code));
        return -1;
    }
    for (struct addrinfo *at = addresses; at && count < ADDRESSES_MAXIMUM; at = at->ai_next)
        count++;
    for (struct addrinfo *at = addresses; at && count && descriptor < 0; at = at->ai_next) {
        int error = try_address(target, at, deadline_left_ms(deadline) / count--, &descriptor);

        if (!error || !worst || weight(error) > weight(worst)) {
            write_peer(at, peer, peer_size);
            worst = error;
        }
    }
    freeaddrinfo(addresses);
    if (descriptor >= 0)
        set_blocking(descriptor, true);
    else
        blame(target, worst, peer, problem);
    return descriptor;
}
