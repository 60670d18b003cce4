/* test_challenge.c - tests of common/scep/challenge.h: the ledger must never allow one fetch too
 * many. SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/base/file.h"
#include "common/base/text.h"
#include "ledger.h"

static void test_first_and_repeat(void **state)
{
    struct challenge said = ask();
    char path[512];

    (void)state;
    assert_int_equal(said.permit, CHALLENGE_ASK);
    assert_string_equal(said.problem, "");
    find_file(".json", path, sizeof path);
    assert_string_equal(said.path, path);
    unlink(path);
    fetch(HTTP_ANSWERED, 200, ADMIN_PAGE_FULL);
    said = ask();
    assert_int_equal(said.permit, CHALLENGE_REPEAT);
    assert_int_equal(said.last.outcome, HTTP_ANSWERED);
    assert_int_equal(said.last.status, 200);
    assert_int_equal(said.last.page, ADMIN_PAGE_FULL);
    assert_string_equal(said.last.user, USER);
    assert_string_equal(said.last.refusal, "");
    assert_in_range(said.age, 0, 5);
    assert_int_equal(said.age + said.wait, INTERVAL);
    assert_string_equal(said.path, path);
}

/* The cache is the server's, whoever asks and however the URL is written. */
static void test_same_server(void **state)
{
    static const char *const spellings[] = {
        "HTTP://NDES.example.com/CertSrv/mscep_admin/",
        "https://ndes.example.com:8443/certsrv/mscep_admin/",
        "http://ndes.example.com./certsrv/mscep_admin",
        "http://ndes.example.com/certsrv/./x/../mscep_admin/",
        "http://ndes.example.com//certsrv//mscep%5Fadmin/",
        "http://ndes.example.com/x/%2E%2e/%63ertsrv/mscep_admin/",
        "http://ndes.example.com/../certsrv/mscep_admin/",
    };
    struct challenge said;

    (void)state;
    fetch(HTTP_ANSWERED, 200, ADMIN_PAGE_PASSWORD);
    login = "EXAMPLE\\other";
    said = ask();
    assert_int_equal(said.permit, CHALLENGE_REPEAT);
    assert_string_equal(said.last.user, USER);
    for (size_t i = 0; i < COUNT_OF(spellings); i++) {
        request.url = spellings[i];
        assert_permit(CHALLENGE_REPEAT);
    }
    request.url = "http://ndes.example.com/certsrv2/mscep_admin/";
    assert_permit(CHALLENGE_ASK);
}

/* Two names of one address may be two servers: neither is asked, and no verdict is lent. */
static void test_same_address(void **state)
{
    struct challenge said;

    (void)state;
    request.peer = "192.0.2.1";
    fetch(HTTP_ANSWERED, 200, ADMIN_PAGE_PASSWORD);
    assert_permit(CHALLENGE_REPEAT);
    request.url = "http://alias.example.com/certsrv/mscep_admin/";
    said = ask();
    assert_int_equal(said.permit, CHALLENGE_OTHER);
    assert_string_equal(said.target, TARGET);
    assert_int_equal(said.age + said.wait, INTERVAL);
    request.peer = "192.0.2.2";
    assert_permit(CHALLENGE_ASK);
    request.url = URL; /* the name counts, whatever address it leads to */
    assert_permit(CHALLENGE_REPEAT);
    request.peer = "192.0.2.1";
    unlink(ledger_path()); /* by an operator who wants to know at once */
    assert_permit(CHALLENGE_ASK);
    assert_permit(CHALLENGE_REPEAT);
}

/* Each server behind the name has a cache of its own. */
static void test_other_server(void **state)
{
    (void)state;
    fetch(HTTP_ANSWERED, 200, ADMIN_PAGE_PASSWORD);
    request.address = "192.0.2.1";
    assert_permit(CHALLENGE_ASK);
    request.address = "2001:db8::a";
    assert_permit(CHALLENGE_ASK);
    request.address = "2001:DB8::A";
    assert_permit(CHALLENGE_REPEAT);
    request.url = "http://other.example.com/certsrv/mscep_admin/";
    assert_permit(CHALLENGE_ASK);
    request.address = NULL;
    assert_permit(CHALLENGE_ASK);
    request.url = URL;
    assert_permit(CHALLENGE_REPEAT);
}

static void test_interval(void **state)
{
    struct challenge said;

    (void)state;
    plant_asked_at(clock_now() - INTERVAL + 60, 200, "password");
    said = ask();
    assert_int_equal(said.permit, CHALLENGE_REPEAT);
    assert_in_range(said.age, INTERVAL - 60, INTERVAL - 1);
    assert_int_equal(said.age + said.wait, INTERVAL);
    assert_string_equal(said.last.user, "u");
    plant_asked_at(clock_now() - INTERVAL, 401, "other");
    said = ask();
    assert_int_equal(said.permit, CHALLENGE_ASK); /* a new fetch has no age and no verdict yet */
    assert_int_equal(said.last.status, 0);
    assert_int_equal(said.age, 0);
    assert_permit(CHALLENGE_REPEAT);
}

/* Below 12 minutes only what the last page showed makes an interval safe. */
static void test_short_interval(void **state)
{
    static const struct {
        int status;
        const char *page;
        int64_t shortest;
    } cases[] = {
        {200, "single-password", 60}, {200, "no-password", 60},      {200, "password", 720},
        {200, "cache-full", 720},     {200, "denied", 720},          {200, "other", 720},
        {401, "other", 720},          {503, "single-password", 720},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t shortest = cases[i].shortest;
        struct challenge said;

        request.interval = 60;
        plant_asked_at(clock_now() - shortest + 50, cases[i].status, cases[i].page);
        said = ask();
        assert_int_equal(said.permit, CHALLENGE_REPEAT);
        assert_int_equal(said.age + said.wait, shortest);
        plant_asked_at(clock_now() - shortest, cases[i].status, cases[i].page);
        assert_permit(CHALLENGE_ASK);
        request.interval = INTERVAL; /* a longer one is kept, whatever the page */
        plant_asked_at(clock_now() - INTERVAL + 60, cases[i].status, cases[i].page);
        assert_permit(CHALLENGE_REPEAT);
    }
    request.interval = 60;
    ask(); /* not ended: nothing was shown */
    assert_int_equal(ask().wait + ask().age, CHALLENGE_INTERVAL_MINIMUM);
}

/* A crash between asking and recording counts as a fetch. */
static void test_crash(void **state)
{
    struct challenge said;

    (void)state;
    assert_permit(CHALLENGE_ASK);
    said = ask();
    assert_int_equal(said.permit, CHALLENGE_REPEAT);
    assert_int_equal(said.last.outcome, HTTP_NOT_ASKED);
    assert_int_equal(said.last.status, 0);
    assert_int_equal(said.last.page, ADMIN_PAGE_OTHER);
    assert_string_equal(said.last.user, USER);
}

/* Each end of a fetch is read as it was written. */
static void test_endings(void **state)
{
    static const struct {
        enum http_outcome outcome;
        enum http_outcome read;
        const char *word;
    } cases[] = {
        {HTTP_NOT_ASKED, HTTP_NOT_ASKED, "unfinished"},
        {HTTP_ANSWERED, HTTP_ANSWERED, "answered"},
        {HTTP_TIMEOUT, HTTP_TIMEOUT, "timeout"},
        {HTTP_TOO_LARGE, HTTP_TOO_LARGE, "too-large"},
        {HTTP_BROKEN, HTTP_BROKEN, "broken"},
        {HTTP_TLS_HANDSHAKE, HTTP_BROKEN, "broken"}, /* those that never reach NDES */
        {HTTP_NO_NAME, HTTP_BROKEN, "broken"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct challenge said;
        struct buffer text;
        char part[64];

        fetch(cases[i].outcome, 0, ADMIN_PAGE_OTHER);
        said = ask();
        assert_int_equal(said.permit, CHALLENGE_REPEAT);
        assert_int_equal(said.last.outcome, cases[i].read);
        buffer_init(&text, 4096);
        assert_true(file_read(said.path, &text, said.problem, sizeof said.problem));
        text_format(part, sizeof part, "\"ending\":\"%s\"", cases[i].word);
        assert_non_null(strstr(buffer_text(&text), part));
        buffer_free(&text);
        unlink(said.path);
    }
}

/* A clock that was set back: the interval begins anew, and what another name was told stays its
 * own. */
static void test_same_address_ahead(void **state)
{
    struct buffer text;
    struct challenge said;
    char *digit;
    FILE *file;

    (void)state;
    request.peer = "192.0.2.1";
    fetch(HTTP_ANSWERED, 200, ADMIN_PAGE_PASSWORD);
    request.url = "http://alias.example.com/certsrv/mscep_admin/";
    said = peek(); /* its path is that of the address */
    assert_int_equal(said.permit, CHALLENGE_OTHER);
    buffer_init(&text, 4096);
    assert_true(file_read(said.path, &text, said.problem, sizeof said.problem));
    digit = strstr(buffer_text(&text), "\"time\":") + strlen("\"time\":");
    *digit = '9'; /* some two hundred years ahead */
    file = fopen(said.path, "w");
    assert_non_null(file);
    assert_true(fputs(buffer_text(&text), file) >= 0);
    fclose(file);
    buffer_free(&text);
    assert_refused("in the future");
    said = ask();
    assert_int_equal(said.permit, CHALLENGE_OTHER);
    assert_string_equal(said.target, TARGET);
    request.url = URL;
    assert_permit(CHALLENGE_REPEAT);
}

/* Opening decides and writes nothing: only what begins a fetch does. */
static void test_open(void **state)
{
    struct challenge said = peek();

    (void)state;
    assert_int_equal(said.permit, CHALLENGE_ASK);
    assert_string_equal(said.problem, "");
    assert_string_equal(said.path, ledger_path());
    assert_int_equal(access(said.path, F_OK), -1);
    assert_int_equal(peek().permit, CHALLENGE_ASK);
    fetch(HTTP_ANSWERED, 200, ADMIN_PAGE_NO_PASSWORD);
    said = peek();
    assert_int_equal(said.permit, CHALLENGE_REPEAT);
    assert_int_equal(said.last.page, ADMIN_PAGE_NO_PASSWORD);
    assert_string_equal(said.last.user, USER);
    assert_int_equal(said.age + said.wait, INTERVAL);
    plant_asked_at(clock_now() - INTERVAL, 200, "password");
    assert_int_equal(peek().permit, CHALLENGE_ASK);
    assert_int_equal(peek().permit, CHALLENGE_ASK);
}

/* What never reached the server cost nothing. */
static void test_withdraw(void **state)
{
    struct challenge said;
    struct challenge_ledger *ledger;

    (void)state;
    plant_asked_at(clock_now() - INTERVAL, 200, "password");
    for (int i = 0; i < 3; i++) {
        ledger = open_ledger(&said);
        assert_int_equal(said.permit, CHALLENGE_ASK);
        assert_true(challenge_begin(ledger, login, &said));
        assert_int_equal(access(said.path, F_OK), 0);
        challenge_withdraw(ledger);
        assert_int_equal(access(said.path, F_OK), -1);
        challenge_close(ledger);
    }
    fetch(HTTP_ANSWERED, 200, ADMIN_PAGE_PASSWORD);
    assert_permit(CHALLENGE_REPEAT);
}

/* A child process that opens the ledger, waits a moment and records. Its exit code is the permit,
 * plus 10 if it saw the other's verdict. */
static pid_t start_run(void)
{
    pid_t child = fork();
    struct timespec moment = {.tv_nsec = 200000000};
    struct challenge_verdict verdict = verdict_of(HTTP_ANSWERED, 200, ADMIN_PAGE_SINGLE);
    struct challenge_ledger *ledger;
    struct challenge said;
    bool saw;

    if (child)
        return child;
    ledger = open_ledger(&said);
    saw = said.permit == CHALLENGE_REPEAT && said.last.page == ADMIN_PAGE_SINGLE;
    nanosleep(&moment, NULL);
    if (said.permit == CHALLENGE_ASK)
        challenge_record(ledger, &verdict, said.problem, sizeof said.problem);
    challenge_close(ledger);
    _exit((int)said.permit + (saw ? 10 : 0));
}

static int end_of(pid_t child)
{
    int status;

    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* Of runs at the same time one asks; the others wait for its verdict. */
static void test_two_at_once(void **state)
{
    pid_t runs[4];
    int asked = 0;
    int repeated = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(runs); i++)
        runs[i] = start_run();
    for (size_t i = 0; i < COUNT_OF(runs); i++) {
        int code = end_of(runs[i]);

        asked += code == CHALLENGE_ASK;
        repeated += code == CHALLENGE_REPEAT + 10;
    }
    assert_int_equal(asked, 1);
    assert_int_equal(repeated, (int)COUNT_OF(runs) - 1);
}

/* A run that is held up gives up at its deadline. */
static void test_held(void **state)
{
    struct deadline over = {0};
    struct challenge said;
    int ends[2];
    char byte;
    pid_t child;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        challenge_begin(open_ledger(&said), login, &said);
        if (write(ends[1], "x", 1) == 1)
            pause();
        _exit(1);
    }
    assert_int_equal(read(ends[0], &byte, 1), 1);
    challenge_close(challenge_open(&request, &over, &said));
    assert_int_equal(said.permit, CHALLENGE_REFUSE);
    assert_non_null(strstr(said.problem, "another run holds its lock"));
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    close(ends[0]);
    close(ends[1]);
    assert_permit(CHALLENGE_REPEAT); /* the killed one has asked */
}

/* For the operator who opens the file; nothing secret in it. */
static void test_content(void **state)
{
    struct buffer text;
    char error[256];

    (void)state;
    request.address = "192.0.2.1";
    fetch(HTTP_ANSWERED, 200, ADMIN_PAGE_PASSWORD);
    buffer_init(&text, 4096);
    assert_true(file_read(ledger_path(), &text, error, sizeof error));
    assert_true(text_starts(text.data,
                            "{\"ndes-state\":1,\"kind\":\"challenge\",\"target\":\"" TARGET
                            " at 192.0.2.1\",\"time\":"));
    assert_non_null(strstr(text.data, ",\"record\":{\"target\":\"" TARGET
                                      " at 192.0.2.1\",\"user\":\"EXAMPLE\\\\monitor\","
                                      "\"ending\":\"answered\",\"status\":200,"
                                      "\"page\":\"password\",\"refusal\":\"\"}}"));
    buffer_free(&text);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(test_first_and_repeat),
        IN_DIRECTORY(test_same_server),
        IN_DIRECTORY(test_other_server),
        IN_DIRECTORY(test_interval),
        IN_DIRECTORY(test_short_interval),
        IN_DIRECTORY(test_crash),
        IN_DIRECTORY(test_endings),
        IN_DIRECTORY(test_open),
        IN_DIRECTORY(test_same_address),
        IN_DIRECTORY(test_same_address_ahead),
        IN_DIRECTORY(test_withdraw),
        IN_DIRECTORY(test_two_at_once),
        IN_DIRECTORY(test_held),
        IN_DIRECTORY(test_content),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
