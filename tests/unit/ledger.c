/* ledger.c - what the tests of the challenge ledger share: a directory, runs, and records.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/text.h"
#include "ledger.h"

char directory[64];

struct challenge_request request;

const char *login;

struct challenge_ledger *open_ledger(struct challenge *said)
{
    struct deadline deadline = deadline_in(5);

    memset(said, 0x55, sizeof *said);
    return challenge_open(&request, &deadline, said);
}

/* Begins a fetch and closes, as a run that crashes before it has its answer. */
struct challenge ask(void)
{
    struct challenge said;
    struct challenge_ledger *ledger = open_ledger(&said);

    if (said.permit == CHALLENGE_ASK)
        challenge_begin(ledger, login, &said);
    challenge_close(ledger);
    return said;
}

const char *ledger_path(void)
{
    static const char missing[] = "/nonexistent";
    static char path[512];
    struct challenge said;

    request.directory = missing;
    challenge_close(open_ledger(&said));
    request.directory = directory;
    text_format(path, sizeof path, "%s%s", directory, said.path + strlen(missing));
    return path;
}

struct challenge peek(void)
{
    struct challenge said;

    challenge_close(open_ledger(&said));
    return said;
}

struct challenge_verdict verdict_of(enum http_outcome outcome, int status, enum admin_page page)
{
    struct challenge_verdict verdict = {.outcome = outcome, .status = status, .page = page};

    text_copy(verdict.user, sizeof verdict.user, login);
    return verdict;
}

/* A whole fetch. */
void fetch(enum http_outcome outcome, int status, enum admin_page page)
{
    struct challenge said;
    struct challenge_ledger *ledger = open_ledger(&said);
    struct challenge_verdict verdict = verdict_of(outcome, status, page);

    assert_int_equal(said.permit, CHALLENGE_ASK);
    assert_true(challenge_record(ledger, &verdict, said.problem, sizeof said.problem));
    challenge_close(ledger);
}

void assert_permit(enum challenge_permit expected)
{
    struct challenge said = ask();

    if (said.permit != expected)
        fail_msg("permit %d (%s), expected %d", (int)said.permit, said.problem, (int)expected);
}

void assert_refused(const char *part)
{
    struct challenge said = ask();

    assert_int_equal(said.permit, CHALLENGE_REFUSE);
    if (!strstr(said.problem, part))
        fail_msg("no '%s' in '%s'", part, said.problem);
}

int make_directory(void **state)
{
    (void)state;
    text_copy(directory, sizeof directory, "/tmp/test_challenge.XXXXXX");
    login = USER;
    request = (struct challenge_request){
        .directory = directory, .url = URL, .peer = "", .interval = INTERVAL};
    return mkdtemp(directory) ? 0 : -1;
}

int remove_directory(void **state)
{
    DIR *open = opendir(directory);
    struct dirent *entry;
    char path[512];

    (void)state;
    while (open && (entry = readdir(open))) {
        text_format(path, sizeof path, "%s/%s", directory, entry->d_name);
        unlink(path);
    }
    closedir(open);
    return rmdir(directory);
}

/* The path of the only file whose name ends so. */
void find_file(const char *ending, char *path, size_t size)
{
    DIR *open = opendir(directory);
    struct dirent *entry;
    int found = 0;

    while ((entry = readdir(open))) {
        size_t length = strlen(entry->d_name);

        if (length < strlen(ending) || strcmp(entry->d_name + length - strlen(ending), ending) != 0)
            continue;
        found++;
        text_format(path, size, "%s/%s", directory, entry->d_name);
    }
    closedir(open);
    assert_int_equal(found, 1);
}

/* Puts the bytes where the file is looked for. */
void plant_bytes(const char *text, size_t length)
{
    FILE *file = fopen(ledger_path(), "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    fclose(file);
}

void plant_record(int64_t time, const char *record)
{
    char text[700];

    text_format(text, sizeof text,
                "{\"ndes-state\":1,\"kind\":\"challenge\",\"target\":\"%s\",\"time\":%lld,"
                "\"record\":%s}",
                TARGET, (long long)time, record);
    plant_bytes(text, strlen(text));
}

void plant_asked_at(int64_t asked_at, int status, const char *page)
{
    char record[300];

    text_format(
        record, sizeof record,
        "{\"target\":\"" TARGET
        "\",\"ending\":\"answered\",\"status\":%d,\"page\":\"%s\",\"user\":\"u\",\"refusal\":\"\"}",
        status, page);
    plant_record(asked_at, record);
}
