/* entry.h - what a search of the directory returns: entries of attributes with binary values.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_LDAP_ENTRY_H
#define NDES_LDAP_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DIRECTORY_ENTRIES_MAXIMUM = 5000,
    DIRECTORY_VALUES_MAXIMUM = 10000,          /* of one attribute */
    DIRECTORY_ATTRIBUTES_MAXIMUM = 64,         /* of one entry */
    DIRECTORY_BYTES_MAXIMUM = 2 * 1024 * 1024, /* of all entries of a search */
};

/* A NUL stands behind the bytes, which may hold others. */
struct directory_value {
    unsigned char *bytes;
    size_t length;
};

struct directory_attribute {
    char *name;   /* without options such as ;range= */
    bool partial; /* the server has more values than it gave (MS-ADTS 3.1.1.3.1.3.3) */
    struct directory_value *values;
    size_t count;
};

struct directory_entry {
    char *dn;
    struct directory_attribute *attributes;
    size_t count;
};

struct directory_entries {
    struct directory_entry *entries;
    size_t count;
    size_t bytes;   /* of memory that all of it takes, about */
    bool truncated; /* there were more than asked for */
};

void directory_entries_free(struct directory_entries *entries);

/* Appends an entry; an attribute to an entry, or finds it if it is there (a server may send both
 * `member` and `member;range=0-1499`); a copy of a value to an attribute. Each returns NULL, or
 * false, at its maximum or if memory ran out. What is returned is valid until the next call on
 * the same list. */
struct directory_entry *directory_entries_add(struct directory_entries *entries, const char *dn);
struct directory_attribute *directory_entry_add(struct directory_entries *entries,
                                                struct directory_entry *entry, const char *name);
bool directory_attribute_add(struct directory_entries *entries,
                             struct directory_attribute *attribute, const void *bytes,
                             size_t length);

/* The attribute of that name in any case; NULL if the entry has none, which may also mean that it
 * is hidden. */
const struct directory_attribute *entry_attribute(const struct directory_entry *entry,
                                                  const char *name);

/* The first value; NULL if there is none. */
const struct directory_value *entry_value(const struct directory_entry *entry, const char *name);

/* The first value as text, "" if there is none; from outside, so to be made printable. What stands
 * behind a NUL is not seen. Owned by the entry. */
const char *entry_text(const struct directory_entry *entry, const char *name);

/* True if one of the values is this text, in any case. */
bool entry_has_text(const struct directory_entry *entry, const char *name, const char *text);

/* The first value as a decimal integer. Returns false if there is none or it is no number. */
bool entry_integer(const struct directory_entry *entry, const char *name, int64_t *value);

/* The first value as 32 flags, which the directory writes as a signed number. Returns false, and
 * `*flags` is 0, if there is none or it is no number. */
bool entry_flags(const struct directory_entry *entry, const char *name, uint32_t *flags);

/* A FILETIME as decimal text: 100 ns since 1601-01-01 UTC. */
enum filetime { FILETIME_ABSENT, FILETIME_ZERO, FILETIME_NEVER, FILETIME_SET };

/* Reads one; for FILETIME_SET `*seconds` is since 1970. 0x7FFFFFFFFFFFFFFF is never; what lies
 * before 1601 or is no number counts as absent. */
enum filetime entry_filetime(const struct directory_entry *entry, const char *name,
                             int64_t *seconds);

/* Reads GeneralizedTime such as 20261125184756.0Z (X.680 46). Returns false if it is none. */
bool generalized_time(const char *text, int64_t *seconds);

#endif
