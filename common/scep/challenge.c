/* challenge.c - the ledger that keeps challenge passwords from being asked for too often.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/scep/challenge.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/state/state_file.h"
#include "common/base/text.h"
#include "common/net/authority.h"

/* Another run holds the lock for its whole fetch; waiting for it ends at the deadline. */
enum { TARGET_MAXIMUM = 4096, PATIENCE = SECONDS_PER_HOUR };

/* Whose passwords are counted: the server by its name and path, and by its address. */
enum { BY_TARGET, BY_PEER, BOOKS };

struct book {
    char subject[512]; /* what the file is about */
    char path[STATE_PATH_SIZE];
    struct state_file state; /* its time is that of the fetch */
};

struct challenge_ledger {
    struct book books[BOOKS];
    int count;   /* of books: 1 if the address is not known */
    int written; /* the first ones, by this run */
    int64_t now; /* when the ledger was opened */
};

/* How a fetch that reached the server can end. */
static const struct {
    enum http_outcome outcome;
    const char *word;
} endings[] = {
    {HTTP_NOT_ASKED, "unfinished"}, {HTTP_ANSWERED, "answered"}, {HTTP_TIMEOUT, "timeout"},
    {HTTP_TOO_LARGE, "too-large"},  {HTTP_BROKEN, "broken"},
};

static const char *ending_word(enum http_outcome outcome)
{
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        if (endings[i].outcome == outcome)
            return endings[i].word;
    return "broken";
}

static bool ending_of_word(const char *word, enum http_outcome *outcome)
{
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        if (strcmp(endings[i].word, word) == 0) {
            *outcome = endings[i].outcome;
            return true;
        }
    }
    return false;
}

/* Takes the last segment off a path, for "..". */
static void drop_segment(struct buffer *path)
{
    while (path->length && path->data[path->length - 1] != '/')
        path->length--;
    if (path->length)
        path->length--;
}

/* Appends a path as IIS takes it: without percent signs, "." and "..", and empty segments. */
static void add_path(struct buffer *target, const char *path)
{
    struct buffer plain;
    struct buffer whole;
    struct slice rest;
    struct slice segment;

    buffer_init(&plain, TARGET_MAXIMUM);
    buffer_init(&whole, TARGET_MAXIMUM);
    for (; *path; path++) {
        int high = path[0] == '%' ? text_hex_digit(path[1]) : -1;
        int low = high >= 0 ? text_hex_digit(path[2]) : -1;
        char letter = low >= 0 ? (char)(high * 16 + low) : *path;

        path += low >= 0 ? 2 : 0;
        buffer_add(&plain, letter ? &letter : "%", 1);
    }
    for (rest = slice_of(buffer_text(&plain)); slice_next(&rest, "/", &segment);) {
        if (slice_is(segment, ".."))
            drop_segment(&whole);
        else if (segment.length && !slice_is(segment, "."))
            buffer_addf(&whole, "/%.*s", (int)segment.length, segment.text);
    }
    buffer_addf(target, "%s", buffer_text(&whole));
    target->overflowed |= plain.overflowed || whole.overflowed;
    buffer_free(&plain);
    buffer_free(&whole);
}

/* Appends what a URL names, whatever its spelling: the host without its final dot, and the path.
 * The port and TLS make no difference to NDES. */
static void add_target(struct buffer *target, const char *url)
{
    const char *host = strstr(url, "://");
    const char *slash;
    struct authority authority;
    size_t length;

    host = host ? host + 3 : url;
    slash = host + strcspn(host, "/");
    if (authority_parse((struct slice){host, (size_t)(slash - host)}, &authority))
        text_copy_bytes(authority.host, sizeof authority.host, host, (size_t)(slash - host));
    length = strlen(authority.host);
    if (length && authority.host[length - 1] == '.')
        authority.host[length - 1] = '\0';
    buffer_add_text(target, authority.host);
    add_path(target, slash);
}

/* Names the file of a book by a digest, as a URL may hold any character. Takes the subject, which
 * must not be cut: two that begin alike would share a file. */
static bool name_book(struct book *book, const char *directory, const struct buffer *subject)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length;
    char name[17];

    if (subject->overflowed || strlen(directory) + 64 > sizeof book->path ||
        EVP_Digest(buffer_text(subject), subject->length, digest, &length, EVP_sha256(), NULL) != 1)
        return false;
    for (size_t i = 0; i < 8; i++)
        text_format(name + 2 * i, 3, "%02x", digest[i]);
    text_copy(book->subject, sizeof book->subject, buffer_text(subject));
    text_format(book->path, sizeof book->path, "%s/challenge-%s.json", directory, name);
    return true;
}

/* The cache is the server's, whoever asks and by whatever name. */
static bool name_books(struct challenge_ledger *ledger, const struct challenge_request *request)
{
    struct buffer subject;
    bool named;

    buffer_init(&subject, sizeof ledger->books[0].subject - 1);
    add_target(&subject, request->url);
    if (request->address)
        buffer_addf(&subject, " at %s", request->address);
    for (size_t i = 0; i < subject.length; i++)
        subject.data[i] = text_lower(subject.data[i]);
    named = name_book(&ledger->books[BY_TARGET], request->directory, &subject);
    buffer_reset(&subject);
    if (named && request->peer[0]) {
        buffer_addf(&subject, "server %s", request->peer);
        named = name_book(&ledger->books[BY_PEER], request->directory, &subject);
    }
    buffer_free(&subject);
    ledger->count = request->peer[0] ? BOOKS : BY_PEER;
    for (int i = 0; i < ledger->count; i++) {
        ledger->books[i].state.lock = -1;
        ledger->books[i].state.home.fd = -1;
    }
    return named;
}

/* Reads the fields of a record. Returns false if it is damaged. */
static bool read_record(json_t *record, struct challenge_verdict *verdict, const char **target)
{
    const char *ending = "";
    const char *page = "";
    const char *user = "";
    const char *refusal = "";
    int status = 0;
    bool good =
        json_unpack(record, "{s:s, s:s, s:i, s:s, s:s, s:s !}", "target", target, "ending", &ending,
                    "status", &status, "page", &page, "user", &user, "refusal", &refusal) == 0 &&
        status >= 0 && status <= 999 && admin_page_of_word(page) != ADMIN_PAGE_COUNT;

    *verdict = (struct challenge_verdict){.status = status, .page = admin_page_of_word(page)};
    text_copy(verdict->user, sizeof verdict->user, user);
    text_copy(verdict->refusal, sizeof verdict->refusal, refusal);
    return good && ending_of_word(ending, &verdict->outcome);
}

/* Writes a fetch of `target` into a book, as of the moment of opening. */
static bool write_book(struct challenge_ledger *ledger, struct book *book, const char *target,
                       const struct challenge_verdict *verdict, char *problem, size_t problem_size)
{
    json_t *record =
        json_pack("{s:s, s:s, s:s, s:i, s:s, s:s}", "target", target, "user", verdict->user,
                  "ending", ending_word(verdict->outcome), "status", verdict->status, "page",
                  admin_page_word(verdict->page), "refusal", verdict->refusal);
    bool written = state_write(&book->state, ledger->now, record);

    if (!written)
        text_copy(problem, problem_size, book->state.problem);
    return written;
}

bool challenge_record(struct challenge_ledger *ledger, const struct challenge_verdict *verdict,
                      char *problem, size_t problem_size)
{
    for (ledger->written = 0; ledger->written < ledger->count; ledger->written++) {
        if (!write_book(ledger, &ledger->books[ledger->written], ledger->books[BY_TARGET].subject,
                        verdict, problem, problem_size))
            return false;
    }
    return true;
}

/* A fetch costs nothing if NDES gives out one and the same password, or asks for none. */
static int64_t effective_interval(const struct challenge_verdict *last, int64_t interval)
{
    bool free = last->outcome == HTTP_ANSWERED && last->status == 200 &&
                (last->page == ADMIN_PAGE_SINGLE || last->page == ADMIN_PAGE_NO_PASSWORD);

    return free || interval > CHALLENGE_INTERVAL_MINIMUM ? interval : CHALLENGE_INTERVAL_MINIMUM;
}

/* Refuses, for the reason that the state file gives. Always false. */
static bool refuse(const struct book *book, struct challenge *challenge)
{
    challenge->permit = CHALLENGE_REFUSE;
    text_copy(challenge->path, sizeof challenge->path, book->path);
    text_copy(challenge->problem, sizeof challenge->problem, book->state.problem);
    return false;
}

/* Decides by the record of a book, if there is one; returns false if it forbids to ask. Our own
 * fetch in the book of the address counts in that of the target, where an operator may have removed
 * it. When the fetch was that a record from the future tells of nobody knows: the interval begins
 * anew. */
static bool consult(struct challenge_ledger *ledger, int which, int64_t interval,
                    struct challenge *challenge)
{
    struct book *book = &ledger->books[which];
    const char *target = "";
    struct challenge_verdict last;
    int64_t age = ledger->now - book->state.time;

    if (!book->state.record)
        return true;
    if (!read_record(book->state.record, &last, &target)) {
        state_is_damaged(&book->state);
        return refuse(book, challenge);
    }
    if (which == BY_PEER && text_equal(target, ledger->books[BY_TARGET].subject))
        return true;
    interval = effective_interval(&last, interval);
    if (age >= interval)
        return true;
    challenge->permit = which == BY_PEER ? CHALLENGE_OTHER : CHALLENGE_REPEAT;
    challenge->last = last;
    text_copy(challenge->target, sizeof challenge->target, target);
    text_copy(challenge->path, sizeof challenge->path, book->path);
    challenge->age = age > 0 ? age : 0;
    challenge->wait = interval - challenge->age;
    if (state_is_ahead(&book->state, ledger->now)) {
        refuse(book, challenge);
        write_book(ledger, book, challenge->target, &last, challenge->problem,
                   sizeof challenge->problem);
    }
    return false;
}

/* Locks the books, always in this order, and decides by both. */
static void decide(struct challenge_ledger *ledger, const struct challenge_request *request,
                   const struct deadline *deadline, struct challenge *challenge)
{
    for (int i = 0; i < ledger->count; i++) {
        struct book *book = &ledger->books[i];
        const struct state_subject subject = {.kind = "challenge", .target = book->subject};

        if (!state_open(&book->state, book->path, &subject, PATIENCE, deadline)) {
            refuse(book, challenge);
            return;
        }
    }
    ledger->now = clock_now();
    for (int i = 0; i < ledger->count; i++)
        if (!consult(ledger, i, request->interval, challenge))
            return;
    challenge->permit = CHALLENGE_ASK;
}

struct challenge_ledger *challenge_open(const struct challenge_request *request,
                                        const struct deadline *deadline,
                                        struct challenge *challenge)
{
    struct challenge_ledger *ledger = memory_zeroed(1, sizeof *ledger);

    *challenge = (struct challenge){.permit = CHALLENGE_REFUSE};
    if (!ledger || !name_books(ledger, request)) {
        text_format(challenge->problem, sizeof challenge->problem, "cannot name a state file in %s",
                    request->directory);
        free(ledger);
        return NULL;
    }
    text_copy(challenge->path, sizeof challenge->path, ledger->books[BY_TARGET].path);
    decide(ledger, request, deadline, challenge);
    return ledger;
}

bool challenge_begin(struct challenge_ledger *ledger, const char *user, struct challenge *challenge)
{
    struct challenge_verdict coming = {.outcome = HTTP_NOT_ASKED, .page = ADMIN_PAGE_OTHER};

    text_copy(coming.user, sizeof coming.user, user);
    if (!challenge_record(ledger, &coming, challenge->problem, sizeof challenge->problem)) {
        challenge_withdraw(ledger); /* the half that was written */
        challenge->permit = CHALLENGE_REFUSE;
    }
    return challenge->permit == CHALLENGE_ASK;
}

void challenge_withdraw(struct challenge_ledger *ledger)
{
    for (int i = 0; i < ledger->written; i++)
        state_remove(&ledger->books[i].state);
}

void challenge_close(struct challenge_ledger *ledger)
{
    if (!ledger)
        return;
    for (int i = 0; i < ledger->count; i++)
        state_close(&ledger->books[i].state);
    free(ledger);
}
