/* classic_log.c - events of the classic Windows logs, by Win32_NTLogEvent.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <time.h>

#include "common/base/text.h"
#include "common/cim/cim.h"

enum { WQL_MAXIMUM = 4096, DATA_MAXIMUM = 2048 };

/* EventType of the class, which is not the level of modern events. */
static int level_of(int64_t type)
{
    return type >= 1 && type <= 3 ? (int)type + 1 : 0;
}

static void add_sources(const struct cim_log_query *query, struct buffer *wql)
{
    const char *word = " AND (";

    for (size_t i = 0; i < COUNT_OF(query->sources) && query->sources[i]; i++) {
        buffer_addf(wql, "%sSourceName=", word);
        cim_quote(wql, query->sources[i]);
        word = " OR ";
    }
    buffer_add_text(wql, query->sources[0] ? ")" : "");
}

/* Always with log and time: otherwise the server walks whole logs. The time is DMTF's. */
static void make_query(const struct cim_log_query *query, struct buffer *wql)
{
    time_t moment = (time_t)query->since;
    char since[32] = "";
    struct tm utc;

    if (gmtime_r(&moment, &utc))
        strftime(since, sizeof since, "%Y%m%d%H%M%S.000000+000", &utc);
    buffer_add_text(wql, "SELECT SourceName,EventCode,EventType,TimeGenerated,InsertionStrings,"
                         "Message FROM Win32_NTLogEvent WHERE Logfile=");
    cim_quote(wql, query->log);
    add_sources(query, wql);
    buffer_addf(wql, " AND TimeGenerated>='%s'", since);
    for (size_t i = 0; i < query->id_count; i++)
        buffer_addf(wql, "%sEventCode=%d", i ? " OR " : " AND (", query->ids[i]);
    buffer_add_text(wql, query->id_count ? ")" : "");
}

static void join_strings(const struct cim_row *row, struct buffer *data)
{
    size_t count = cim_count(row, "InsertionStrings");

    for (size_t i = 0; i < count; i++)
        if (!buffer_addf(data, "%s%s", i ? "\n" : "", cim_element(row, "InsertionStrings", i)))
            break;
}

static bool add_event(const struct cim_log_query *query, const struct cim_row *row,
                      struct cim_events *events)
{
    struct cim_event event = {.provider = (char *)cim_text_or_empty(row, "SourceName"),
                              .channel = (char *)query->log,
                              .message = (char *)cim_text_or_empty(row, "Message")};
    int64_t type = 0;
    struct buffer data;
    bool added;

    cim_number(row, "EventCode", &event.id);
    cim_number(row, "EventType", &type);
    cim_time(row, "TimeGenerated", &event.time);
    event.level = level_of(type);
    buffer_init(&data, DATA_MAXIMUM);
    join_strings(row, &data);
    event.data = (char *)buffer_text(&data);
    added = cim_events_add(events, &event) || events->truncated;
    buffer_free(&data);
    return added;
}

bool cim_log_events(struct cim_session *session, const struct cim_log_query *query,
                    struct cim_events *events, struct problem *problem)
{
    struct cim_rows rows = {0};
    struct buffer wql;
    bool fine;

    buffer_init(&wql, WQL_MAXIMUM);
    make_query(query, &wql);
    fine = wql.overflowed
               ? problem_set(problem, PROBLEM_FAULT, "the query of log %s is too long", query->log)
               : cim_query(session, "root/cimv2", buffer_text(&wql), &rows, problem);
    for (size_t i = 0; fine && i < rows.count; i++)
        if (!add_event(query, &rows.rows[i], events))
            fine = problem_set(problem, PROBLEM_TOO_LARGE, "out of memory");
    buffer_free(&wql);
    cim_rows_free(&rows);
    return fine;
}
