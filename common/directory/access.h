/* access.h - decides what a descriptor lets a token do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_DIRECTORY_ACCESS_H
#define NDES_DIRECTORY_ACCESS_H

#include "common/base/buffer.h"
#include "common/directory/descriptor.h"
#include "common/directory/token.h"

/* Rights on objects of a directory (MS-ADTS 5.1.3.2), by the letters of SDDL. */
#define RIGHT_CC UINT32_C(0x00000001) /* create child */
#define RIGHT_DC UINT32_C(0x00000002) /* delete child */
#define RIGHT_LC UINT32_C(0x00000004) /* list children */
#define RIGHT_SW UINT32_C(0x00000008) /* validated write */
#define RIGHT_RP UINT32_C(0x00000010) /* read property */
#define RIGHT_WP UINT32_C(0x00000020) /* write property */
#define RIGHT_DT UINT32_C(0x00000040) /* delete tree */
#define RIGHT_LO UINT32_C(0x00000080) /* list object */
#define RIGHT_CR UINT32_C(0x00000100) /* control access: the extended rights */
#define RIGHT_DE UINT32_C(0x00010000) /* delete; SD in SDDL */
#define RIGHT_RC UINT32_C(0x00020000) /* read control: the descriptor */
#define RIGHT_WD UINT32_C(0x00040000) /* write DACL */
#define RIGHT_WO UINT32_C(0x00080000) /* write owner */
#define RIGHT_GA UINT32_C(0x10000000)
#define RIGHT_GX UINT32_C(0x20000000)
#define RIGHT_GW UINT32_C(0x40000000)
#define RIGHT_GR UINT32_C(0x80000000)

/* Extended rights of certificate templates (MS-CRTD 2.5). */
extern const struct guid GUID_ENROLL;     /* 0e10c968-78fb-11d2-90d4-00c04f79dc55 */
extern const struct guid GUID_AUTOENROLL; /* a05b8cc2-17bc-4802-a710-e7c15ab866a2 */

enum access_verdict {
    ACCESS_GRANTED,
    ACCESS_DENIED,
    ACCESS_CONDITIONAL /* hangs on the condition of a callback ACE */
};

enum access_reason {
    ACCESS_BY_ACE,        /* `ace` granted the last right that was missing, denied one, or has the
                             condition */
    ACCESS_BY_OWNER,      /* the owner may always read the descriptor and change the DACL */
    ACCESS_BY_NO_DACL,    /* not present, or NULL: everybody may do everything */
    ACCESS_BY_EMPTY_DACL, /* nobody may do anything */
    ACCESS_BY_END         /* no ACE grants it */
};

struct access_decision {
    enum access_verdict verdict;
    enum access_reason reason;
    size_t ace;       /* index into descriptor.aces; 0 unless by an ACE */
    uint32_t missing; /* rights of those asked for, generic ones mapped, that are not granted */
};

/* Decides whether the token has all rights of `mask` (generic ones are mapped), as AD does
 * (MS-ADTS 5.1.3.3, MS-DTYP 2.5.3.2): ACEs in stored order, each right by the first ACE that has
 * it; one right denied is all denied. An ACE with an object GUID applies only if that GUID is one
 * of `objects`: for a control access right or a validated write its GUID, for an attribute its
 * schemaIDGUID and the attributeSecurityGUID of its property set, for either of them, if known, the
 * schemaIDGUID of the object's class. Without `objects` such ACEs never apply. No right asked for
 * is denied.
 *
 * Known limits: privileges are not known, such as that to take ownership. SELF in an ACE is
 * compared like any SID: add it to the token of the object's own account. Conditions are not
 * evaluated: the verdict is conditional if they make a difference. The rules of the two documents
 * differ for the owner; this is MS-DTYP's and Windows': READ_CONTROL and WRITE_DAC, even with an
 * empty DACL, unless an ACE for OWNER RIGHTS replaces them. */
void access_decide(const struct descriptor *descriptor, const struct token *token, uint32_t mask,
                   const struct guid *objects, size_t object_count,
                   struct access_decision *decision);

/* True if groups of the account that are not in the token cannot turn the decision of
 * access_decide() on the same question: always with a complete token, never if it is conditional.
 * Otherwise no ACE before the one that decided may have the opposite effect on the same right and a
 * trustee that the token lacks. */
bool access_is_sure(const struct descriptor *descriptor, const struct token *token, uint32_t mask,
                    const struct guid *objects, size_t object_count,
                    const struct access_decision *decision);

/* access_decide() where only a clear yes counts. */
bool access_granted(const struct descriptor *descriptor, const struct token *token, uint32_t mask,
                    const struct guid *objects, size_t object_count);

/* The rights of ACEs that a generic right stands for on objects of a directory. */
uint32_t access_map_generic(uint32_t mask);

/* Appends one line without its end, such as "granted by ACE 3 of 9: allows CR (Enroll) to S-1-5-11
 * (Authenticated Users)". `trustee` is the name of the SID of that ACE if the caller knows it, or
 * NULL: then well-known names are used. */
void access_explain(const struct descriptor *descriptor, const struct access_decision *decision,
                    const char *trustee, struct buffer *line);

/* Appends rights as letters of SDDL: "RPWPCR"; those without letters as 0x200, none as "nothing".
 */
void access_add_rights(struct buffer *text, uint32_t mask);

#endif
