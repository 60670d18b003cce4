/* admin_page.h - what the mscep_admin page says, without keeping the password.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_SCEP_ADMIN_PAGE_H
#define NDES_SCEP_ADMIN_PAGE_H

#include <stdbool.h>
#include <stddef.h>

enum admin_page {
    ADMIN_PAGE_PASSWORD,    /* a one-time challenge password */
    ADMIN_PAGE_SINGLE,      /* the one password that does not expire (UseSinglePassword) */
    ADMIN_PAGE_NO_PASSWORD, /* thumbprint only: no password is needed (EnforcePassword=0) */
    ADMIN_PAGE_FULL,        /* the password cache is full */
    ADMIN_PAGE_DENIED,      /* no permission to enroll */
    ADMIN_PAGE_REFUSED,     /* NDES's frame, no password, no phrase that we know */
    ADMIN_PAGE_DEVICE,      /* the page of mscep.dll for devices */
    ADMIN_PAGE_BLANK,
    ADMIN_PAGE_OTHER, /* not an NDES page */
    ADMIN_PAGE_COUNT,
};

/* Classifies the page. UTF-16LE (with and without a byte order mark) and UTF-8 are told apart by
 * the bytes, whatever the headers and the page claim. Structure decides first (NDES's element IDs,
 * bold hex tokens: the 32 digits of the CA's MD5 thumbprint, then a password of 8 to 64 digits),
 * English phrases second. The decoded copy is wiped; nothing of the password is kept. */
enum admin_page admin_page_classify(const char *bytes, size_t length);

/* Whether the page may have used up a password: in doubt it did. */
bool admin_page_mints(enum admin_page page);

/* Whether it is NDES's page for administrators, whatever that says. */
bool admin_page_is_ours(enum admin_page page);

/* "a one-time challenge password", for messages. */
const char *admin_page_text(enum admin_page page);

/* A stable word for state files: "password", "cache-full" ... */
const char *admin_page_word(enum admin_page page);

/* The page of a word; ADMIN_PAGE_COUNT if there is none. */
enum admin_page admin_page_of_word(const char *word);

#endif
