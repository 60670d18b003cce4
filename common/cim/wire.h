/* wire.h - the one HTTP connection to WinRM: posts, what they cost, and how they fail.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_CIM_WIRE_H
#define NDES_CIM_WIRE_H

#include "common/cim/cim.h"
#include "common/http/http.h"

struct wire {
    struct http_session *http;
    const char *url;
    struct cim_statistics statistics;
    char challenges[512]; /* schemes of the last 401, for people: "Negotiate, Kerberos" */
};

bool wire_open(struct wire *wire, const char *url, const struct http_settings *settings,
               const struct deadline *deadline, char *error, size_t error_size);
void wire_close(struct wire *wire);

/* Posts. Returns false with a problem unless there is a complete answer, whatever its status. The
 * response is filled either way and must be freed. */
bool wire_post(struct wire *wire, const struct http_message *message, size_t answer_maximum,
               struct http_response *response, struct problem *problem);

/* True if the last 401 offered a scheme. */
bool wire_offers(const struct wire *wire, const char *scheme);

#endif
