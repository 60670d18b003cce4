/* account_server.c - a domain controller that exists in a table.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "account_server.h"
#include "common/base/text.h"
#include "common/directory/dn.h"

struct directory_root server_root;
struct directory_statistics server_cost;
struct server_search server_searches[SERVER_SEARCHES_MAXIMUM];
size_t server_search_count;

static struct directory_entries objects;
static const char *hidden_name;
static size_t fails_at;
static struct problem failure;

void server_start(void)
{
    server_root = (struct directory_root){.domain = DOMAIN,
                                          .configuration = "CN=Configuration," DOMAIN,
                                          .host = "dc1.example.com",
                                          .now = SERVER_NOW,
                                          .has_clock = true};
    server_cost = (struct directory_statistics){.connections = 1,
                                                .searches = 1,
                                                .seconds = 0.25,
                                                .server = "dc1.example.com:389",
                                                .port = 389};
    server_search_count = fails_at = 0;
    hidden_name = NULL;
}

void server_end(void)
{
    directory_entries_free(&objects);
}

void server_object(const char *dn)
{
    assert_non_null(directory_entries_add(&objects, dn));
}

static struct directory_entry *last_object(void)
{
    assert_true(objects.count > 0);
    return &objects.entries[objects.count - 1];
}

void server_bytes(const char *attribute, const void *bytes, size_t length)
{
    struct directory_entry *entry = last_object();
    struct directory_attribute *found = directory_entry_add(&objects, entry, attribute);

    assert_non_null(found);
    assert_true(directory_attribute_add(&objects, found, bytes, length));
}

void server_value(const char *attribute, const char *text)
{
    server_bytes(attribute, text, strlen(text));
}

void server_sid(const char *attribute, const char *text)
{
    struct sid sid;

    assert_true(sid_parse(text, &sid));
    server_bytes(attribute, sid.bytes, sid.length);
}

/* An attribute that nobody asks for stays in its place. */
void server_hide(const char *attribute)
{
    struct directory_entry *entry = last_object();

    for (size_t i = 0; i < entry->count; i++)
        if (text_equal(entry->attributes[i].name, attribute))
            entry->attributes[i].name[0] = '-';
}

void server_hide_name(void)
{
    hidden_name = last_object()->dn;
}

void server_fail(size_t search, enum problem_kind kind)
{
    fails_at = search;
    problem_set(&failure, kind, "as the test wants it");
}

bool server_was_asked(const char *clause)
{
    for (size_t i = 0; i < server_search_count; i++)
        if (strstr(server_searches[i].filter, clause))
            return true;
    return false;
}

/* Whether an equality of the filter, which may be in binary, is true of this value. */
static bool has_clause(const char *filter, const char *attribute,
                       const struct directory_value *value)
{
    struct buffer clause;
    bool found;

    buffer_init(&clause, 4096);
    buffer_addf(&clause, "(%s=", attribute);
    if (text_equal(attribute, "objectSid"))
        directory_quote_bytes(&clause, value->bytes, value->length);
    else
        directory_quote(&clause, (const char *)value->bytes);
    buffer_add_char(&clause, ')');
    found = text_find(filter, strlen(filter), buffer_text(&clause)) != NULL;
    buffer_free(&clause);
    return found;
}

/* True if any equality is: enough for filters that are alternatives. */
static bool fits(const struct directory_entry *entry, const struct directory_query *query)
{
    size_t length = strlen(entry->dn);
    size_t base = strlen(query->base);
    struct directory_value dn = {(unsigned char *)entry->dn, length};

    if (query->scope == DIRECTORY_BASE)
        return dn_equal(entry->dn, query->base);
    if (base > length || !dn_equal(entry->dn + length - base, query->base))
        return false;
    if (entry->dn != hidden_name && has_clause(query->filter, "distinguishedName", &dn))
        return true;
    for (size_t i = 0; i < entry->count; i++)
        for (size_t n = 0; n < entry->attributes[i].count; n++)
            if (has_clause(query->filter, entry->attributes[i].name,
                           &entry->attributes[i].values[n]))
                return true;
    return false;
}

/* Constructed attributes are for searches of one object only. */
static bool is_wanted(const struct directory_query *query, const char *attribute)
{
    if (text_equal(attribute, "tokenGroups") && query->scope != DIRECTORY_BASE)
        return false;
    for (size_t i = 0; query->attributes[i]; i++)
        if (text_equal(query->attributes[i], attribute))
            return true;
    return false;
}

static void copy_object(const struct directory_query *query, const struct directory_entry *object,
                        struct directory_entries *entries)
{
    struct directory_entry *entry = directory_entries_add(entries, object->dn);

    assert_non_null(entry);
    for (size_t i = 0; i < object->count; i++) {
        const struct directory_attribute *from = &object->attributes[i];
        struct directory_attribute *to;

        if (!is_wanted(query, from->name))
            continue;
        to = directory_entry_add(entries, entry, from->name);
        assert_non_null(to);
        to->partial = from->partial;
        for (size_t n = 0; n < from->count; n++)
            assert_true(directory_attribute_add(entries, to, from->values[n].bytes,
                                                from->values[n].length));
    }
}

/* The room, as far as accounts need it. */

const struct directory_root *directory_root(const struct directory_session *session)
{
    (void)session;
    return &server_root;
}

const struct directory_statistics *directory_statistics(const struct directory_session *session)
{
    (void)session;
    return &server_cost;
}

bool directory_search(struct directory_session *session, const struct directory_query *query,
                      struct directory_entries *entries, struct problem *problem)
{
    struct server_search *search;

    (void)session;
    assert_true(server_search_count < SERVER_SEARCHES_MAXIMUM);
    assert_non_null(query->what);
    search = &server_searches[server_search_count++];
    server_cost.searches++;
    text_copy(search->base, sizeof search->base, query->base);
    text_copy(search->filter, sizeof search->filter, query->filter);
    search->scope = query->scope;
    if (fails_at == server_search_count ||
        (fails_at && fails_at < server_search_count && problem_is_fatal(failure.kind))) {
        *problem = failure;
        return false;
    }
    for (size_t i = 0; i < objects.count && !entries->truncated; i++) {
        if (!fits(&objects.entries[i], query))
            continue;
        entries->truncated = query->maximum && entries->count == query->maximum;
        if (!entries->truncated)
            copy_object(query, &objects.entries[i], entries);
    }
    return true;
}
