/* fuzz_reply.c - any bytes as an answer of WS-Management: as rows, output, subscription and events.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/cim/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

/* Reads all columns in every way. */
static void use_rows(const struct cim_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct cim_row *row = &rows->rows[i];

        for (size_t j = 0; j < row->count; j++) {
            const char *name = row->properties[j].name;
            const char *text;
            int64_t number;
            bool flag;

            require((cim_text(row, name, &text) == CIM_VALUE) == (cim_count(row, name) > 0) ||
                    !row->properties[j].text || cim_count(row, name) > 0);
            cim_number(row, name, &number);
            cim_boolean(row, name, &flag);
            cim_time(row, name, &number);
        }
    }
}

static void use_events(const struct cim_events *events)
{
    for (size_t i = 0; i < events->count; i++)
        require(events->events[i].message && events->events[i].provider &&
                events->events[i].channel && events->events[i].id >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct problem problem = {0};
    struct cim_rows rows = {0};
    struct cim_row output = {0};
    struct cim_events events = {0};
    struct reply_page page = {0};
    struct soap_reply reply;

    if (!reply_read((const char *)data, size, "uuid:1", &reply, &problem)) {
        require(problem.kind != PROBLEM_NONE &&
                memchr(problem.detail, '\0', sizeof problem.detail));
        return 0;
    }
    if (reply_rows(&reply, "PullResponse", &rows, &page, &problem) ||
        reply_rows(&reply, "EnumerateResponse", &rows, &page, &problem))
        require(page.ended || page.context[0]);
    use_rows(&rows);
    reply_output(&reply, "EnumKey", &output, &problem);
    reply_subscription(&reply, &page, &problem);
    reply_events(&reply, &events, &page, &problem);
    use_events(&events);
    cim_events_free(&events);
    cim_row_free(&output);
    cim_rows_free(&rows);
    reply_free(&reply);
    return 0;
}
