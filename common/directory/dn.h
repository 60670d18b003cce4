/* dn.h - distinguished names (RFC 4514), compared and taken apart.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_DIRECTORY_DN_H
#define NDES_DIRECTORY_DN_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/text.h"

/* True for what looks like one: it begins with a name of letters and digits, and `=`. */
bool is_dn(const char *text);

/* Compares in any case (of ASCII); blanks behind a comma do not count. Two ways of escaping the
 * same character are different names here. */
bool dn_equal(const char *a, const char *b);

/* The part that names the domain: "DC=example,DC=com" at the end; "" if there is none. Part of
 * `dn`. */
const char *dn_domain(const char *dn);

/* True if `dns`, such as example.com, is the DNS name of the domain DC=example,DC=com. */
bool dn_is_domain_of(const char *domain, const char *dns);

/* The value of the first part as it is written: "a\\, b" of "CN=a\\, b,DC=example", so that
 * several can stand in a list with commas. Part of `dn`. */
struct slice dn_first(const char *dn);

/* Copies the same without its escapes (a backslash before the character, or before its two hex
 * digits; RFC 4514 section 2.4): "a, b". What does not fit is cut off. */
void dn_first_name(const char *dn, char *target, size_t size);

#endif
