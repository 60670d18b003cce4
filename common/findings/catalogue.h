/* catalogue.h - everything that a plugin can find, each with its cause and remedy.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_FINDINGS_CATALOGUE_H
#define NDES_FINDINGS_CATALOGUE_H

#include "common/findings/state.h"

/* The rows are in findings.def and sections.def; everything here is made from them. */

/* SECTION_NETWORK, SECTION_TLS ...: in the runbook's order. */
enum section {
#define SECTION(name, title) SECTION_##name,
#include "common/findings/sections.def"
#undef SECTION
    SECTION_COUNT
};

/* NDES_NET_DNS, NDES_NET_REFUSED ... */
enum finding_id {
#define FINDING(name, ...) name,
#include "common/findings/findings.def"
#undef FINDING
    FINDING_ID_COUNT
};

/* A row of the catalogue: what the operator and the runbook read. All text is ASCII. */
struct catalogue_row {
    const char *id; /* ndes-ra-expired: stable, also the runbook's anchor */
    enum state state;
    enum section section;
    bool by_limit; /* the state is that of the limit that was crossed, not `state` */
    const char *headline;
    const char *cause;
    const char *remedy;
};

/* Never NULL; the row lives as long as the program. */
const struct catalogue_row *catalogue_row(enum finding_id id);

/* Finds an ID by its text in any case. Returns false if there is none. */
bool catalogue_find(const char *text, enum finding_id *id);

/* The title of a section in the runbook. Never NULL. */
const char *section_title(enum section section);

#endif
