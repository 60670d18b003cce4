/* registry.h - reads values of HKEY_LOCAL_MACHINE through StdRegProv.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_CIM_REGISTRY_H
#define NDES_CIM_REGISTRY_H

#include "common/cim/cim.h"

/* Each call is one request. On a 64-bit server the 64-bit view is read. */

enum registry_outcome {
    REGISTRY_FOUND,
    REGISTRY_NO_KEY,
    REGISTRY_NO_VALUE, /* or it is of another type */
    REGISTRY_DENIED,   /* the account may not read this key */
    REGISTRY_FAILED,   /* see `problem` */
};

/* REG_SZ. Cut at `size`; `target` is only written if found. */
enum registry_outcome registry_text(struct cim_session *session, const char *key, const char *name,
                                    char *target, size_t size, struct problem *problem);

/* REG_DWORD and REG_QWORD. */
enum registry_outcome registry_dword(struct cim_session *session, const char *key, const char *name,
                                     int64_t *value, struct problem *problem);
enum registry_outcome registry_qword(struct cim_session *session, const char *key, const char *name,
                                     uint64_t *value, struct problem *problem);

/* REG_BINARY; the bytes are appended to `bytes`. */
enum registry_outcome registry_binary(struct cim_session *session, const char *key,
                                      const char *name, struct buffer *bytes,
                                      struct problem *problem);

/* The names of the keys below a key: read them by cim_count() and cim_element() with
 * REGISTRY_KEYS. */
#define REGISTRY_KEYS "sNames"
enum registry_outcome registry_keys(struct cim_session *session, const char *key,
                                    struct cim_row *names, struct problem *problem);

/* True if a registry value could not be asked for; `problem` tells why, naming the key. */
bool registry_failed(enum registry_outcome outcome, const char *key, struct problem *problem);

#endif
