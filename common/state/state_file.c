/* state_file.c - what a check keeps between runs: one file, locked, checked, and replaced in one
 * step. SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/state/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/base/text.h"

enum { LOCK_POLL_MS = 50, CLOCK_TOLERANCE = 60 };

static bool fail(struct state_file *state, const char *reason)
{
    text_format(state->problem, sizeof state->problem, "cannot use state file %s: %s", state->path,
                reason);
    return false;
}

/* Reads to the end of the file. Returns NULL, or what went wrong. */
static const char *read_all(int fd, struct buffer *text)
{
    char chunk[4096];
    ssize_t got;

    while ((got = read(fd, chunk, sizeof chunk)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return strerror(errno);
        if (!buffer_add(text, chunk, (size_t)got))
            return "it is too large";
    }
    return NULL;
}

/* Takes what the file holds, nothing if there is none. Returns false with a problem. */
static bool read_record(struct state_file *state)
{
    char reason[STATE_REASON_SIZE] = "";
    const char *problem;
    struct buffer text;
    int fd = state_directory_file(&state->home, state->home.name, O_RDONLY, reason);

    json_decref(state->record);
    state->record = NULL;
    if (fd < 0)
        return !reason[0] || fail(state, reason);
    buffer_init(&text, STATE_FILE_MAXIMUM);
    problem = read_all(fd, &text);
    close(fd);
    if (!problem)
        state->record =
            state_text_read(buffer_text(&text), text.length, &state->subject, &state->time, reason);
    buffer_free(&text);
    return state->record || fail(state, problem ? problem : reason);
}

/* Opens the lock file, making it if there is none. */
static int open_lock(const struct state_directory *home, const char *name, char *reason)
{
    char wrong[STATE_REASON_SIZE];
    int lock = state_directory_file(home, name, O_RDWR, wrong);

    if (lock < 0 && !wrong[0]) {
        lock = state_directory_create(home, name, reason);
        if (lock >= 0 || reason[0])
            return lock;
        lock = state_directory_file(home, name, O_RDWR, wrong); /* another run was faster */
    }
    if (lock < 0)
        text_format(reason, STATE_REASON_SIZE, "lock file %.200s: %.150s", name,
                    wrong[0] ? wrong : "it keeps appearing and disappearing");
    return lock;
}

/* Returns NULL once the lock is ours, or what went wrong. */
static const char *wait_for_lock(int lock, const struct deadline *deadline)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    struct timespec pause = {.tv_nsec = LOCK_POLL_MS * 1000000L};

    while (fcntl(lock, F_SETLK, &whole) < 0) {
        if (errno != EAGAIN && errno != EACCES && errno != EINTR)
            return strerror(errno);
        if (deadline_left_ms(deadline) <= LOCK_POLL_MS)
            return "another run holds its lock";
        nanosleep(&pause, NULL);
    }
    return NULL;
}

static bool lock_file(struct state_file *state, int64_t patience, const struct deadline *deadline)
{
    struct deadline wait = deadline_in(patience);
    char name[sizeof state->home.name + sizeof ".lock"];
    char reason[STATE_REASON_SIZE] = "";
    const char *problem;

    if (deadline->ends_ms < wait.ends_ms)
        wait = *deadline;
    text_format(name, sizeof name, "%s.lock", state->home.name);
    state->lock = open_lock(&state->home, name, reason);
    if (state->lock < 0)
        return fail(state, reason);
    problem = wait_for_lock(state->lock, &wait);
    return !problem || fail(state, problem);
}

/* Without a lock. */
static bool look(struct state_file *state, const char *path, const struct state_subject *subject)
{
    char reason[STATE_REASON_SIZE] = "";

    *state = (struct state_file){.subject = *subject, .home = {.fd = -1}, .lock = -1};
    text_copy(state->path, sizeof state->path, path);
    if (strlen(path) >= sizeof state->path)
        return fail(state, "the name is too long");
    if (!state_directory_open(&state->home, path, reason))
        return fail(state, reason);
    return read_record(state);
}

/* The first look spares somebody else's file a lock beside it. */
bool state_open(struct state_file *state, const char *path, const struct state_subject *subject,
                int64_t patience, const struct deadline *deadline)
{
    return look(state, path, subject) && lock_file(state, patience, deadline) && read_record(state);
}

bool state_is_ahead(struct state_file *state, int64_t now)
{
    char reason[STATE_REASON_SIZE];
    char span[32];

    if (!state->record || state->time <= now || state->time - now <= CLOCK_TOLERANCE)
        return false;
    clock_span(state->time - now, span, sizeof span);
    text_format(
        reason, sizeof reason,
        "it is dated %s in the future: the clock was set back, or was wrong then; its times "
        "count from now on",
        span);
    fail(state, reason);
    return true;
}

bool state_is_damaged(struct state_file *state)
{
    return fail(state, "it is damaged");
}

/* Writes all bytes and brings them to the disk. Returns false with errno. */
static bool write_all(int fd, const char *text, size_t length)
{
    while (length) {
        ssize_t written = write(fd, text, length);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text += written;
        length -= (size_t)written;
    }
    return fsync(fd) == 0;
}

/* A run that died while it wrote leaves its new file behind. We hold the lock, so nobody writes it
 * now; but only what is ours is removed. */
static bool remove_remains(const struct state_directory *home, const char *name, char *reason)
{
    char wrong[STATE_REASON_SIZE];
    int fd = state_directory_file(home, name, O_RDONLY, wrong);

    if (fd < 0 && wrong[0]) {
        text_format(reason, STATE_REASON_SIZE, "%.200s is in the way: %.150s", name, wrong);
        return false;
    }
    if (fd >= 0) {
        close(fd);
        unlinkat(home->fd, name, 0);
    }
    return true;
}

/* Writes a new file and puts it in the place of the old one. */
static bool replace(const struct state_directory *home, const char *text, char *reason)
{
    char name[sizeof home->name + sizeof "..ndes-new"];
    bool done;
    int fd;

    text_format(name, sizeof name, ".%s.ndes-new", home->name);
    if (!remove_remains(home, name, reason))
        return false;
    fd = state_directory_create(home, name, reason);
    if (fd < 0)
        return false;
    done = write_all(fd, text, strlen(text)) && renameat(home->fd, name, home->fd, home->name) == 0;
    if (!done) {
        text_format(reason, STATE_REASON_SIZE, "cannot write it: %s", strerror(errno));
        unlinkat(home->fd, name, 0);
    }
    close(fd);
    fsync(home->fd); /* not every file system can; the file itself is on the disk */
    return done;
}

bool state_write(struct state_file *state, int64_t time, json_t *record)
{
    char *text = record ? state_text_write(&state->subject, time, record) : NULL;
    char reason[STATE_REASON_SIZE] = "";
    bool written = false;

    if (!text)
        text_copy(reason, sizeof reason, "out of memory, or a name that is not UTF-8");
    else if (strlen(text) > STATE_FILE_MAXIMUM)
        text_copy(reason, sizeof reason, "it would be too large");
    else
        written = replace(&state->home, text, reason);
    free(text);
    json_decref(record);
    return written ||
           fail(state,
                reason[0] ? reason : "cannot create it: it keeps appearing and disappearing");
}

void state_remove(struct state_file *state)
{
    unlinkat(state->home.fd, state->home.name, 0);
}

void state_close(struct state_file *state)
{
    json_decref(state->record);
    state->record = NULL;
    if (state->lock >= 0)
        close(state->lock);
    state->lock = -1;
    state_directory_close(&state->home);
}
