/* socket.c - the lowest layer of libldap's connection: a socket that knows the deadline.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/ldap/libldap.h"

/* libldap's own layer knows no time: GnuTLS above it would wait for ever in a handshake, or, if the
 * socket did not block, ask in a circle. EAGAIN is what makes it ask again, so a deadline that has
 * passed is told by another error. */
static bool wait_for(const struct directory_session *session, short events)
{
    struct pollfd wait = {.fd = session->descriptor, .events = events};
    int64_t left = deadline_left_ms(session->deadline);

    errno = ETIMEDOUT;
    return left > 0 && poll(&wait, 1, (int)left) > 0;
}

static int set_up(Sockbuf_IO_Desc *layer, void *session)
{
    layer->sbiod_pvt = session;
    return 0;
}

static int take_down(Sockbuf_IO_Desc *layer)
{
    layer->sbiod_pvt = NULL;
    return 0;
}

static int control(Sockbuf_IO_Desc *layer, int option, void *argument)
{
    (void)layer, (void)option, (void)argument;
    return 0; /* no such option */
}

static ber_slen_t read_bytes(Sockbuf_IO_Desc *layer, void *bytes, ber_len_t length)
{
    const struct directory_session *session = layer->sbiod_pvt;

    return wait_for(session, POLLIN) ? recv(session->descriptor, bytes, length, MSG_DONTWAIT) : -1;
}

static ber_slen_t write_bytes(Sockbuf_IO_Desc *layer, void *bytes, ber_len_t length)
{
    const struct directory_session *session = layer->sbiod_pvt;

    return wait_for(session, POLLOUT)
               ? send(session->descriptor, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT)
               : -1;
}

static int close_socket(Sockbuf_IO_Desc *layer)
{
    struct directory_session *session = layer->sbiod_pvt;

    close(session->descriptor);
    session->descriptor = -1;
    return 0;
}

bool directory_add_socket(struct directory_session *session, Sockbuf *buffer)
{
    static Sockbuf_IO layer = {.sbi_setup = set_up,
                               .sbi_remove = take_down,
                               .sbi_ctrl = control,
                               .sbi_read = read_bytes,
                               .sbi_write = write_bytes,
                               .sbi_close = close_socket};

    return ber_sockbuf_add_io(buffer, &layer, LBER_SBIOD_LEVEL_PROVIDER, session) == 0;
}
