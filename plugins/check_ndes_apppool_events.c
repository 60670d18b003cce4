/* check_ndes_apppool_events.c - what WAS wrote about the pool into the System log.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/check_ndes_apppool.h"

#include <string.h>
#include <time.h>

#include "common/base/text.h"

enum { WQL_MAXIMUM = 2048 };

/* Events of Microsoft-Windows-WAS (Microsoft "IIS Application Pool Availability"). */
const int pool_event_ids[EVENT_COUNT] = {
    [EVENT_RAPID_FAIL] = 5002,        /* disabled due to a series of failures */
    [EVENT_CRASHED] = 5009,           /* a process terminated unexpectedly */
    [EVENT_NO_PING] = 5010,           /* a process failed to respond to a ping */
    [EVENT_BROKEN] = 5011,            /* a process suffered a fatal communication error */
    [EVENT_IDENTITY] = 5021,          /* the identity is invalid */
    [EVENT_IDENTITY_START] = 5022,    /* no process could be made with this identity */
    [EVENT_IDENTITY_DISABLED] = 5057, /* disabled as the identity is invalid */
    [EVENT_DISABLED] = 5059,          /* disabled */
};

static bool is_of_name(char character)
{
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z') || character == '_' || character == '-';
}

/* Whether a text holds the name as a word of its own: SCEP, but not SCEP2. */
static bool names(const char *text, const char *name)
{
    size_t length = strlen(name);
    const char *at = text;

    while ((at = text_find(at, strlen(at), name))) {
        if ((at == text || !is_of_name(at[-1])) && !is_of_name(at[length]))
            return true;
        at++;
    }
    return false;
}

/* The insertion strings tell the pool exactly; the message is for a server that sends none. */
static bool is_about(const struct cim_row *row, const char *pool)
{
    size_t count = cim_count(row, "InsertionStrings");

    for (size_t i = 0; i < count; i++) {
        const char *text = cim_element(row, "InsertionStrings", i);

        if (text && text_equal(text, pool))
            return true;
    }
    return !count && names(cim_text_or_empty(row, "Message"), pool);
}

static void read_event(const struct cim_row *row, struct check_facts *facts)
{
    int64_t id;
    int64_t time = 0;

    if (cim_number(row, "EventCode", &id) != CIM_VALUE)
        return;
    cim_time(row, "TimeGenerated", &time);
    for (size_t i = 0; i < EVENT_COUNT; i++) {
        if (pool_event_ids[i] != id)
            continue;
        facts->events[i].count++;
        if (time > facts->events[i].newest)
            facts->events[i].newest = time;
    }
}

/* Always with log, source and time: otherwise the server reads whole logs. */
static void make_query(int64_t start, struct buffer *query)
{
    time_t moment = (time_t)start;
    char dmtf[32] = "";
    struct tm utc;

    if (gmtime_r(&moment, &utc))
        strftime(dmtf, sizeof dmtf, "%Y%m%d%H%M%S.000000+000", &utc);
    buffer_addf(query,
                "SELECT EventCode,TimeGenerated,InsertionStrings,Message FROM Win32_NTLogEvent "
                "WHERE Logfile='System' AND SourceName='Microsoft-Windows-WAS' AND "
                "TimeGenerated>='%s' AND (",
                dmtf);
    for (size_t i = 0; i < EVENT_COUNT; i++)
        buffer_addf(query, "%sEventCode=%d", i ? " OR " : "", pool_event_ids[i]);
    buffer_add_text(query, ")");
}

void collect_events(const struct check_options *options, struct cim_session *session,
                    struct check_facts *facts)
{
    struct source_facts *about = &facts->sources[SOURCE_EVENTS];
    const struct cim_cost *cost = cim_cost(session);
    struct cim_rows rows = {0};
    struct buffer query;

    if (!options->event_window || cim_is_fatal(facts->fatal.trouble))
        return;
    buffer_init(&query, WQL_MAXIMUM);
    make_query(facts->now + (cost->has_clock ? cost->clock_ahead : 0) - options->event_window,
               &query);
    about->asked = true;
    cim_query(session, "root/cimv2", buffer_text(&query), &rows, &about->problem);
    if (cim_is_fatal(about->problem.trouble))
        facts->fatal = about->problem;
    about->rows = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        if (is_about(&rows.rows[i], options->pool))
            read_event(&rows.rows[i], facts);
    buffer_free(&query);
    cim_rows_free(&rows);
}
