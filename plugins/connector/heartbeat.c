/* heartbeat.c - understands the time that the connector last checked in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/connector/heartbeat.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/base/text.h"

/* Seconds from 1601 to 1970. */
#define FILETIME_EPOCH INT64_C(11644473600)

enum { NUMBERS_MAXIMUM = 6, NUMBERS_NEEDED = 5 };

/* A time as text, taken apart. */
struct pieces {
    int numbers[NUMBERS_MAXIMUM]; /* date in any order, hour, minute, second */
    size_t count;
    bool year_first;
    bool am;
    bool pm;
    bool has_zone;
    int zone_minutes;
};

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

/* Reads a number of at most four digits; longer ones belong to no date. Returns how many digits. */
static size_t read_number(const char *text, int *number)
{
    size_t length = strspn(text, "0123456789");

    *number = 0;
    for (size_t i = 0; i < length && length <= 4; i++)
        *number = *number * 10 + (text[i] - '0');
    return length;
}

/* Words that may stand in a time; `length` gets the word's. */
static bool read_word(const char *text, struct pieces *pieces, size_t *length)
{
    static const struct {
        const char *word;
        char meaning;
    } words[] = {{"a.m.", 'a'}, {"p.m.", 'p'}, {"am", 'a'}, {"pm", 'p'},
                 {"gmt", 'z'},  {"utc", 'z'},  {"z", 'z'},  {"t", ' '}};

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (!text_starts(text, words[i].word))
            continue;
        *length = strlen(words[i].word);
        pieces->am = pieces->am || words[i].meaning == 'a';
        pieces->pm = pieces->pm || words[i].meaning == 'p';
        pieces->has_zone = pieces->has_zone || words[i].meaning == 'z';
        return true;
    }
    return false;
}

/* +hh:mm after the time, at the end of the text. */
static bool read_offset(const char *text, struct pieces *pieces)
{
    int hours, minutes;
    int sign = *text == '-' ? -1 : 1;

    if (pieces->count < NUMBERS_NEEDED || (*text != '+' && *text != '-') || strlen(text) != 6 ||
        read_number(text + 1, &hours) != 2 || text[3] != ':' ||
        read_number(text + 4, &minutes) != 2)
        return false;
    pieces->has_zone = true;
    pieces->zone_minutes = sign * (hours * 60 + minutes);
    return hours <= 14 && minutes <= 59;
}

/* Adds a number to the pieces; one of four digits can only be the year. */
static bool add_number(const char *text, struct pieces *pieces, size_t *length)
{
    int number;

    *length = read_number(text, &number);
    if (pieces->count == NUMBERS_MAXIMUM || *length > 4 || *length == 3 ||
        (*length == 4 && pieces->count != 0 && pieces->count != 2) ||
        (*length < 4 && pieces->count == 2 && !pieces->year_first))
        return false;
    if (*length == 4 && pieces->count == 0)
        pieces->year_first = true;
    else if (*length == 4 && pieces->year_first)
        return false;
    pieces->numbers[pieces->count++] = number;
    return true;
}

/* Takes a text apart. False if something in it can't belong to a time. */
static bool take_apart(const char *text, struct pieces *pieces)
{
    size_t length;

    *pieces = (struct pieces){0};
    for (; *text; text += length) {
        length = 1;
        if (read_offset(text, pieces))
            break;
        if (pieces->count == NUMBERS_MAXIMUM && *text == '.' && is_digit(text[1]))
            length = 1 + strspn(text + 1, "0123456789"); /* a fraction of a second */
        else if (is_digit(*text) ? !add_number(text, pieces, &length)
                                 : !strchr(" ./-:,", *text) && !read_word(text, pieces, &length))
            return false;
    }
    return pieces->count >= NUMBERS_NEEDED && !(pieces->am && pieces->pm);
}

/* One of the readings of a text: the better of those seen so far. */
struct reading {
    int64_t now;
    bool found;
    bool several; /* there are others */
    int64_t seconds;
};

static void offer(struct reading *best, int64_t seconds)
{
    bool future = seconds > best->now + HEARTBEAT_AHEAD_MAXIMUM;
    bool best_future = best->seconds > best->now + HEARTBEAT_AHEAD_MAXIMUM;
    bool better = future == best_future
                      ? (future ? seconds < best->seconds : seconds > best->seconds)
                      : best_future;

    if (best->found && seconds == best->seconds)
        return;
    best->several = best->found;
    if (!best->found || better)
        best->seconds = seconds;
    best->found = true;
}

/* Offers a date as UTC, or in its own zone, and as local to the server. */
static void offer_date(const struct pieces *pieces, int month, int day, const int *zone_minutes,
                       struct reading *best)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = pieces->numbers[pieces->year_first ? 0 : 2];
    int hour = pieces->numbers[3];
    int64_t seconds;

    if (month < 1 || month > 12 || day < 1 || day > days[month - 1] || year < 1970)
        return;
    if (pieces->am || pieces->pm)
        hour = hour % 12 + (pieces->pm ? 12 : 0);
    seconds = clock_from_utc(year, month, day, hour, pieces->numbers[4], pieces->numbers[5]);
    offer(best, seconds - pieces->zone_minutes * 60);
    if (!pieces->has_zone && zone_minutes)
        offer(best, seconds - *zone_minutes * 60);
}

static bool has_hours(const struct pieces *pieces)
{
    int hour = pieces->numbers[3];
    bool twelve = pieces->am || pieces->pm;

    return hour <= 23 && !(twelve && (hour < 1 || hour > 12)) && pieces->numbers[4] <= 59 &&
           pieces->numbers[5] <= 60;
}

bool connector_heartbeat_from_filetime(uint64_t filetime, int64_t *seconds)
{
    int64_t since_1970 = (int64_t)(filetime / 10000000) - FILETIME_EPOCH;

    if (since_1970 < 0)
        return false;
    *seconds = since_1970;
    return true;
}

/* Without blanks around it. */
static bool copy_trimmed(const char *text, char *target, size_t size)
{
    struct slice trimmed = slice_trim(slice_of(text));

    if (!trimmed.length || trimmed.length >= size)
        return false;
    text_copy_bytes(target, size, trimmed.text, trimmed.length);
    return true;
}

bool connector_heartbeat_wants_zone(const char *text)
{
    struct pieces pieces;
    char trimmed[128];

    return copy_trimmed(text, trimmed, sizeof trimmed) && take_apart(trimmed, &pieces) &&
           !pieces.has_zone;
}

bool connector_heartbeat_parse(const char *text, int64_t now, const int *zone_minutes,
                               int64_t *seconds, bool *guessed)
{
    struct pieces pieces;
    struct reading best = {.now = now};
    char trimmed[128];
    int64_t filetime;

    *guessed = false;
    if (!copy_trimmed(text, trimmed, sizeof trimmed))
        return false;
    if (text_integer(trimmed, 0, INT64_MAX, &filetime))
        return connector_heartbeat_from_filetime((uint64_t)filetime, seconds);
    if (!take_apart(trimmed, &pieces) || !has_hours(&pieces))
        return false;
    if (pieces.year_first) {
        offer_date(&pieces, pieces.numbers[1], pieces.numbers[2], zone_minutes, &best);
    } else {
        offer_date(&pieces, pieces.numbers[0], pieces.numbers[1], zone_minutes, &best);
        offer_date(&pieces, pieces.numbers[1], pieces.numbers[0], zone_minutes, &best);
    }
    *seconds = best.seconds;
    *guessed = best.several;
    return best.found;
}
