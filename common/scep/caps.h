/* caps.h - the answer to GetCACaps: a list of capability words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_SCEP_CAPS_H
#define NDES_SCEP_CAPS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/buffer.h"

enum { SCEP_CAPS_MAXIMUM = 32, SCEP_CAP_LENGTH = 40 };

enum scep_caps_verdict {
    CAPS_LISTED, /* at least one known word */
    CAPS_BLANK,  /* nothing but white space: old servers */
    CAPS_HTML,   /* a web page */
    CAPS_OTHER,  /* something else */
};

struct scep_caps {
    enum scep_caps_verdict verdict;
    char words[SCEP_CAPS_MAXIMUM][SCEP_CAP_LENGTH];
    size_t count;
};

/* Reads a list of words (RFC 8894 section 3.5.2) as leniently as servers write it: lines end in CR,
 * LF or both, the last perhaps in nothing; case and unknown words do not matter; a Content-Type is
 * not asked for. Words beyond the maximum and over-long ones are passed over. */
void scep_caps_parse(const char *bytes, size_t length, struct scep_caps *caps);

/* Whether a word is in the list, in any case. */
bool scep_caps_has(const struct scep_caps *caps, const char *word, size_t length);

/* Appends "POSTPKIOperation, Renewal, ...". */
void scep_caps_text(const struct scep_caps *caps, struct buffer *text);

/* True if the bytes are a web page: the first thing in them is a tag. */
bool scep_is_html(const char *bytes, size_t length);

#endif
