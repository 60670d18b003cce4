/* descriptor.h - security descriptors: who owns an object, and the list of who may do what.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_DIRECTORY_DESCRIPTOR_H
#define NDES_DIRECTORY_DESCRIPTOR_H

#include "common/directory/guid.h"
#include "common/directory/sid.h"

enum {
    DESCRIPTOR_BYTES_MAXIMUM = 1 << 18, /* two full ACLs are half of that */
    DESCRIPTOR_ACES_MAXIMUM = 4096      /* a full ACL of the shortest allowed ACEs */
};

/* MS-DTYP 2.4.4.1. Other types are kept, and mean nothing to us. */
enum ace_type {
    ACE_ALLOWED = 0,
    ACE_DENIED = 1,
    ACE_AUDIT = 2,
    ACE_ALLOWED_OBJECT = 5,
    ACE_DENIED_OBJECT = 6,
    ACE_AUDIT_OBJECT = 7,
    ACE_ALLOWED_CALLBACK = 9,
    ACE_DENIED_CALLBACK = 10,
    ACE_ALLOWED_CALLBACK_OBJECT = 11,
    ACE_DENIED_CALLBACK_OBJECT = 12
};

enum ace_flag {
    ACE_INHERIT_ONLY = 0x08, /* for objects below, not for this one */
    ACE_INHERITED = 0x10
};

struct ace {
    uint8_t type;  /* enum ace_type, or another number: then only `flags` is set, too */
    uint8_t flags; /* enum ace_flag and others */
    bool has_object;
    bool has_inherited;
    uint32_t mask;         /* as stored: generic bits are not mapped */
    struct guid object;    /* what the ACE is limited to: a right, an attribute, a property set */
    struct guid inherited; /* the class of objects below that inherit it */
    struct sid trustee;
};

enum dacl_state {
    DACL_NOT_PRESENT, /* the bit of the header is clear: the list does not count */
    DACL_NULL,        /* present with offset 0 */
    DACL_PRESENT      /* with 0 or more ACEs */
};

struct descriptor {
    uint16_t control;
    struct sid owner; /* none if the descriptor has none, or was asked for without */
    struct sid group;
    enum dacl_state dacl;
    struct ace *aces; /* in stored order; owned */
    size_t ace_count;
};

/* Reads the self-relative form (MS-DTYP 2.4.6), as in nTSecurityDescriptor. Of the SACL only the
 * place is checked. Returns false if anything is out of its bounds: then `*problem` is a static
 * text that says what, and `*descriptor` is empty. */
bool descriptor_read(const unsigned char *bytes, size_t length, struct descriptor *descriptor,
                     const char **problem);

void descriptor_free(struct descriptor *descriptor);

/* What kind an ACE is of; all false for types that are not in enum ace_type. */
bool ace_allows(const struct ace *ace);
bool ace_denies(const struct ace *ace);
bool ace_is_callback(const struct ace *ace); /* has a condition, which we cannot evaluate */
bool ace_is_object(const struct ace *ace);   /* the form that may carry GUIDs */

#endif
