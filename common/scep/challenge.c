/* challenge.c - the ledger that keeps challenge passwords from being asked for too often.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/scep/challenge.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "common/state/state_file.h"
#include "common/base/text.h"

/* Another run holds the lock for its whole fetch; waiting for it ends at the deadline. */
enum { KEY_MAXIMUM = 4096, PATIENCE = SECONDS_PER_HOUR };

struct challenge_ledger {
    char path[STATE_PATH_SIZE];
    char target[512];        /* URL and address */
    struct state_file state; /* its time is that of the fetch */
    int64_t now;             /* when the ledger was opened */
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

/* One file per server: the cache is the server's, whoever asks. Named by a digest, as a URL may
 * hold any character; in lower case, as IIS and DNS do not tell cases apart. */
static bool name_file(struct challenge_ledger *ledger, const struct challenge_request *request)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length;
    char name[17];
    struct buffer key;
    bool hashed;

    buffer_init(&key, KEY_MAXIMUM);
    buffer_addf(&key, "%s%s%s", request->url, request->address ? " at " : "",
                request->address ? request->address : "");
    text_copy(ledger->target, sizeof ledger->target, buffer_text(&key));
    for (size_t i = 0; i < key.length; i++)
        if (key.data[i] >= 'A' && key.data[i] <= 'Z')
            key.data[i] = (char)(key.data[i] - 'A' + 'a');
    hashed = !key.overflowed &&
             EVP_Digest(buffer_text(&key), key.length, digest, &length, EVP_sha256(), NULL) == 1;
    buffer_free(&key);
    if (!hashed || strlen(request->directory) + 64 > sizeof ledger->path)
        return false;
    for (size_t i = 0; i < 8; i++)
        text_format(name + 2 * i, 3, "%02x", digest[i]);
    text_format(ledger->path, sizeof ledger->path, "%s/challenge-%s.json", request->directory,
                name);
    return true;
}

/* Reads the fields of a record. Returns false if it is damaged. */
static bool read_record(json_t *record, struct challenge_verdict *verdict)
{
    const char *ending = "";
    const char *page = "";
    const char *user = "";
    const char *refusal = "";
    int status = 0;
    bool good = json_unpack(record, "{s:s, s:i, s:s, s:s, s:s !}", "ending", &ending, "status",
                            &status, "page", &page, "user", &user, "refusal", &refusal) == 0 &&
                status >= 0 && status <= 999 && admin_page_of_word(page) != ADMIN_PAGE_COUNT;

    *verdict = (struct challenge_verdict){.status = status, .page = admin_page_of_word(page)};
    text_copy(verdict->user, sizeof verdict->user, user);
    text_copy(verdict->refusal, sizeof verdict->refusal, refusal);
    return good && ending_of_word(ending, &verdict->outcome);
}

bool challenge_record(struct challenge_ledger *ledger, const struct challenge_verdict *verdict,
                      char *problem, size_t problem_size)
{
    json_t *record = json_pack("{s:s, s:s, s:i, s:s, s:s}", "user", verdict->user, "ending",
                               ending_word(verdict->outcome), "status", verdict->status, "page",
                               admin_page_word(verdict->page), "refusal", verdict->refusal);
    bool written = state_write(&ledger->state, ledger->now, record);

    if (!written)
        text_copy(problem, problem_size, ledger->state.problem);
    return written;
}

/* A fetch costs nothing if NDES gives out one and the same password, or asks for none. */
static int64_t effective_interval(const struct challenge_verdict *last, int64_t interval)
{
    bool free = last->outcome == HTTP_ANSWERED && last->status == 200 &&
                (last->page == ADMIN_PAGE_SINGLE || last->page == ADMIN_PAGE_NO_PASSWORD);

    return free || interval > CHALLENGE_INTERVAL_MINIMUM ? interval : CHALLENGE_INTERVAL_MINIMUM;
}

/* Refuses, for the reason that the state file gives. */
static enum challenge_permit refuse(const struct challenge_ledger *ledger,
                                    struct challenge *challenge)
{
    text_copy(challenge->problem, sizeof challenge->problem, ledger->state.problem);
    return CHALLENGE_REFUSE;
}

/* Decides by the record, if there is one. */
static enum challenge_permit consult(struct challenge_ledger *ledger, int64_t interval,
                                     struct challenge *challenge)
{
    struct challenge_verdict last;
    int64_t age = ledger->now - ledger->state.time;

    if (!ledger->state.record)
        return CHALLENGE_ASK;
    if (!read_record(ledger->state.record, &last)) {
        state_is_damaged(&ledger->state);
        return refuse(ledger, challenge);
    }
    interval = effective_interval(&last, interval);
    if (age >= interval)
        return CHALLENGE_ASK;
    challenge->last = last;
    challenge->age = age > 0 ? age : 0;
    challenge->wait = interval - challenge->age;
    return CHALLENGE_REPEAT;
}

/* When the fetch was that a record from the future tells of nobody knows: the interval begins anew.
 */
static enum challenge_permit restart_interval(struct challenge_ledger *ledger,
                                              struct challenge *challenge)
{
    refuse(ledger, challenge);
    challenge_record(ledger, &challenge->last, challenge->problem, sizeof challenge->problem);
    return CHALLENGE_REFUSE;
}

/* Locks, decides, and writes the coming fetch down. */
static enum challenge_permit decide(struct challenge_ledger *ledger,
                                    const struct challenge_request *request,
                                    const struct deadline *deadline, struct challenge *challenge)
{
    struct challenge_verdict coming = {.outcome = HTTP_NOT_ASKED, .page = ADMIN_PAGE_OTHER};
    const struct state_subject subject = {.kind = "challenge", .target = ledger->target};
    enum challenge_permit permit;

    if (!state_open(&ledger->state, ledger->path, &subject, PATIENCE, deadline))
        return refuse(ledger, challenge);
    ledger->now = clock_now();
    permit = consult(ledger, request->interval, challenge);
    if (permit == CHALLENGE_REPEAT && state_is_ahead(&ledger->state, ledger->now))
        return restart_interval(ledger, challenge);
    if (permit != CHALLENGE_ASK)
        return permit;
    text_copy(coming.user, sizeof coming.user, request->user);
    return challenge_record(ledger, &coming, challenge->problem, sizeof challenge->problem)
               ? CHALLENGE_ASK
               : CHALLENGE_REFUSE;
}

struct challenge_ledger *challenge_open(const struct challenge_request *request,
                                        const struct deadline *deadline,
                                        struct challenge *challenge)
{
    struct challenge_ledger *ledger = calloc(1, sizeof *ledger);

    *challenge = (struct challenge){.permit = CHALLENGE_REFUSE};
    if (!ledger || !name_file(ledger, request)) {
        text_format(challenge->problem, sizeof challenge->problem, "cannot name a state file in %s",
                    request->directory);
        free(ledger);
        return NULL;
    }
    text_copy(challenge->path, sizeof challenge->path, ledger->path);
    challenge->permit = decide(ledger, request, deadline, challenge);
    return ledger;
}

void challenge_peek(const struct challenge_request *request, struct challenge *challenge)
{
    struct challenge_ledger ledger = {.now = clock_now()};
    const struct state_subject subject = {.kind = "challenge", .target = ledger.target};

    *challenge = (struct challenge){.permit = CHALLENGE_ASK};
    if (!name_file(&ledger, request))
        return;
    text_copy(challenge->path, sizeof challenge->path, ledger.path);
    if (state_peek(&ledger.state, ledger.path, &subject) &&
        consult(&ledger, request->interval, challenge) == CHALLENGE_REPEAT &&
        !state_is_ahead(&ledger.state, ledger.now))
        challenge->permit = CHALLENGE_REPEAT;
    state_close(&ledger.state);
}

void challenge_withdraw(struct challenge_ledger *ledger)
{
    state_remove(&ledger->state);
}

void challenge_close(struct challenge_ledger *ledger)
{
    if (!ledger)
        return;
    state_close(&ledger->state);
    free(ledger);
}
