/* result.h - what the result codes of LDAP mean when Active Directory gives them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_LDAP_RESULT_H
#define NDES_LDAP_RESULT_H

#include "common/ldap/session.h"

/* What was being done when the result came. */
enum directory_step { DIRECTORY_STEP_TLS, DIRECTORY_STEP_BIND, DIRECTORY_STEP_SEARCH };

/* What a result means (RFC 4511 section 4.1.9, negative ones are libldap's own). `diagnostic` is
 * the server's message, "" for none: Active Directory says there why it refuses a bind (MS-ADTS
 * 3.1.1.3.1.9; "data 52e" is a Windows error in hex). */
enum problem_kind directory_problem_kind(int code, const char *diagnostic,
                                         enum directory_step step);

/* Writes it for people: "the user name or the password is wrong (LDAP result 49, data 52e)". */
void directory_result_text(int code, const char *name, const char *diagnostic, char *target,
                           size_t size);

#endif
