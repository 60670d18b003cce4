/* wsman.h - opens a CIM session by WS-Management, as Windows Remote Management (WinRM) speaks it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_CIM_WSMAN_H
#define NDES_CIM_WSMAN_H

#include "common/base/clock.h"
#include "common/cim/cim.h"
#include "common/http/http.h"
#include "common/auth/sign_in.h"

struct wsman_settings {
    const char *url; /* http://host:5985/wsman: messages are encrypted; https://: TLS does that */
    const struct http_settings *http;
    const struct sign_in *sign_in;
};

/* Prepares a session; the first request connects and signs in. All of it must outlive the session.
 * Returns NULL and a line in `error` if a library can't be initialised. */
struct cim_session *wsman_open(const struct wsman_settings *settings,
                               const struct deadline *deadline, char *error, size_t error_size);

#endif
