/* catalogue.c - everything that a plugin can find, each with its cause and remedy.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/findings/catalogue.h"

#include "common/base/text.h"

enum { FIXED = false, BY_LIMIT = true };

static const struct catalogue_row rows[] = {
#define FINDING(name, id, state, section, limit, headline, cause, remedy)                          \
    {id, STATE_##state, SECTION_##section, limit, headline, cause, remedy},
#include "common/findings/findings.def"
#undef FINDING
};

static const char *const titles[] = {
#define SECTION(name, title) title,
#include "common/findings/sections.def"
#undef SECTION
};

const struct catalogue_row *catalogue_row(enum finding_id id)
{
    return &rows[id];
}

bool catalogue_find(const char *text, enum finding_id *id)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (text_equal(text, rows[i].id)) {
            *id = (enum finding_id)i;
            return true;
        }
    }
    return false;
}

const char *section_title(enum section section)
{
    return titles[section];
}
