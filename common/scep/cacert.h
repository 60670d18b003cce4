/* cacert.h - the answer to GetCACert: which certificate has which job.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_SCEP_CACERT_H
#define NDES_SCEP_CACERT_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/buffer.h"
#include "common/pki/bundle.h"

/* What an answer to GetCACert is. */
enum cacert_verdict { CACERT_GOOD, CACERT_BLANK, CACERT_HTML, CACERT_INVALID };

/* Reads the body: a single certificate, or a degenerate PKCS#7 (RFC 8894 section 4.2.1). The
 * content type is not asked for: servers get it wrong. On anything but CACERT_GOOD `bundle` is
 * empty and
 * `*problem` says why (static text). */
enum cacert_verdict cacert_read(const struct buffer *body, struct bundle *bundle,
                                const char **problem);

/* The RA certificates in use, as indices into the certificates; -1 if there is none. */
struct ra_pair {
    int signing;
    int encryption;
};

/* Picks the pair among several generations: for each job the certificates that are no CA and have
 * the key usage; of these one with the EKU Certificate Request Agent before one without, one that
 * is valid now before one that is not, then the one that began to be valid last. Order and
 * subject names mean nothing (RFC 8894 section 4.2.1.2 leaves the order open). */
struct ra_pair ra_pair_choose(const struct certificate *certificates, size_t count, int64_t now);

#endif
