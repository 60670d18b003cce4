/* challenge.c - the ledger that keeps challenge passwords from being asked for too often.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/scep/challenge.h"

#include <errno.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/file.h"
#include "common/state/state_file.h"
#include "common/base/text.h"

enum { LEDGER_MAXIMUM = 4096, CLOCK_TOLERANCE = 60 };

struct challenge_ledger {
    char path[1024];      /* the record */
    char lock_path[1040]; /* beside it; stays, so that everybody locks the same file */
    char target[512];     /* URL and address, for the operator who opens the file */
    int lock;
    int64_t asked_at;
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
static bool name_files(struct challenge_ledger *ledger, const struct challenge_request *request)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length;
    char name[17];
    struct buffer key;
    bool hashed;

    buffer_init(&key, LEDGER_MAXIMUM);
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
    text_format(ledger->lock_path, sizeof ledger->lock_path, "%s.lock", ledger->path);
    return true;
}

/* Reads the fields of a record. Returns false if it is not one of ours. */
static bool read_record(const struct buffer *text, int64_t *asked_at,
                        struct challenge_verdict *verdict)
{
    json_t *root = json_loadb(buffer_text(text), text->length, JSON_REJECT_DUPLICATES, NULL);
    const char *ending = "";
    const char *page = "";
    const char *user = "";
    json_int_t asked = 0;
    int status = 0;
    bool good = json_unpack(root, "{s:I, s:s, s:i, s:s, s:s}", "asked_at", &asked, "ending",
                            &ending, "status", &status, "page", &page, "user", &user) == 0 &&
                asked > 0 && status >= 0 && status <= 999 &&
                admin_page_of_word(page) != ADMIN_PAGE_COUNT;

    *verdict = (struct challenge_verdict){.status = status, .page = admin_page_of_word(page)};
    good = good && ending_of_word(ending, &verdict->outcome);
    *asked_at = asked;
    text_copy(verdict->user, sizeof verdict->user, user);
    json_decref(root);
    return good;
}

bool challenge_record(struct challenge_ledger *ledger, const struct challenge_verdict *verdict,
                      char *problem, size_t problem_size)
{
    json_t *root =
        json_pack("{s:s, s:s, s:I, s:s, s:i, s:s}", "target", ledger->target, "user", verdict->user,
                  "asked_at", (json_int_t)ledger->asked_at, "ending", ending_word(verdict->outcome),
                  "status", verdict->status, "page", admin_page_word(verdict->page));
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
    const char *reason = "out of memory, or a name that is not UTF-8";

    if (text)
        reason = state_file_replace(ledger->path, text, strlen(text));
    free(text);
    json_decref(root);
    if (reason)
        text_format(problem, problem_size, "cannot write %s: %s", ledger->path, reason);
    return !reason;
}

/* A fetch costs nothing if NDES gives out one and the same password, or asks for none. */
static int64_t effective_interval(const struct challenge_verdict *last, int64_t interval)
{
    bool free = last->outcome == HTTP_ANSWERED && last->status == 200 &&
                (last->page == ADMIN_PAGE_SINGLE || last->page == ADMIN_PAGE_NO_PASSWORD);

    return free || interval > CHALLENGE_INTERVAL_MINIMUM ? interval : CHALLENGE_INTERVAL_MINIMUM;
}

/* Decides by the record, if there is one. */
static enum challenge_permit consult(const struct challenge_ledger *ledger, int64_t interval,
                                     struct challenge *challenge)
{
    struct buffer text;
    struct challenge_verdict last;
    int64_t now = clock_now();
    int64_t asked_at = 0;
    bool readable;

    if (access(ledger->path, F_OK) < 0 && errno == ENOENT)
        return CHALLENGE_ASK;
    buffer_init(&text, LEDGER_MAXIMUM);
    if (!file_read(ledger->path, &text, challenge->problem, sizeof challenge->problem)) {
        buffer_free(&text);
        return CHALLENGE_REFUSE;
    }
    readable = read_record(&text, &asked_at, &last);
    buffer_free(&text);
    if (!readable || asked_at > now + CLOCK_TOLERANCE) {
        text_format(challenge->problem, sizeof challenge->problem, "%s %s", ledger->path,
                    readable ? "is from the future: the clock was set back"
                             : "is damaged: it is no record of this check");
        return CHALLENGE_REFUSE;
    }
    interval = effective_interval(&last, interval);
    if (now - asked_at >= interval)
        return CHALLENGE_ASK;
    challenge->last = last;
    challenge->age = now > asked_at ? now - asked_at : 0;
    challenge->wait = interval - challenge->age;
    return CHALLENGE_REPEAT;
}

/* Locks, decides, and writes the coming fetch down. */
static enum challenge_permit decide(struct challenge_ledger *ledger,
                                    const struct challenge_request *request,
                                    const struct deadline *deadline, struct challenge *challenge)
{
    struct challenge_verdict coming = {.outcome = HTTP_NOT_ASKED, .page = ADMIN_PAGE_OTHER};
    const char *reason;
    enum challenge_permit permit;

    ledger->lock = state_file_lock(ledger->lock_path, deadline, &reason);
    if (ledger->lock < 0) {
        text_format(challenge->problem, sizeof challenge->problem, "cannot lock %s: %s",
                    ledger->lock_path, reason);
        return CHALLENGE_REFUSE;
    }
    ledger->asked_at = clock_now();
    permit = consult(ledger, request->interval, challenge);
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
    if (ledger)
        ledger->lock = -1;
    if (!ledger || !name_files(ledger, request)) {
        text_format(challenge->problem, sizeof challenge->problem, "cannot name a state file in %s",
                    request->directory);
        return ledger;
    }
    text_copy(challenge->path, sizeof challenge->path, ledger->path);
    challenge->permit = decide(ledger, request, deadline, challenge);
    return ledger;
}

void challenge_peek(const struct challenge_request *request, struct challenge *challenge)
{
    struct challenge_ledger ledger = {.lock = -1};

    *challenge = (struct challenge){.permit = CHALLENGE_ASK};
    if (name_files(&ledger, request) &&
        consult(&ledger, request->interval, challenge) == CHALLENGE_REPEAT)
        challenge->permit = CHALLENGE_REPEAT;
    text_copy(challenge->path, sizeof challenge->path, ledger.path);
}

void challenge_withdraw(struct challenge_ledger *ledger)
{
    unlink(ledger->path);
}

void challenge_close(struct challenge_ledger *ledger)
{
    if (!ledger)
        return;
    if (ledger->lock >= 0)
        close(ledger->lock);
    free(ledger);
}
