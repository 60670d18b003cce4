/* last_resort.c - a line and an exit code for a check that crashes, and a limit to its memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700 /* for sigaltstack() */
#include "common/base/last_resort.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/base/printed.h"
#include "common/base/text.h"

#ifdef __SANITIZE_ADDRESS__ /* gcc */
#define SANITIZED true
#elif defined(__has_feature) /* clang */
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) ||                         \
    __has_feature(undefined_behavior_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

enum { EXIT_UNKNOWN = 3, STACK_BYTES = 64 * 1024 };

/* A signal handler is given nothing by argument, and nothing that it reads may depend on the memory
 * that the crash left behind: hence the only variables of this file, set before they are needed. */
static char crash_line[LAST_RESORT_LINE_MAXIMUM + 1];
static size_t crash_length;
static char crash_stack[STACK_BYTES]; /* the other one may be what ran out */

static void on_crash(int signal_number)
{
    ssize_t written = 0;

    (void)signal_number;
    if (printed_what() == PRINTED_NOTHING)
        written = write(STDOUT_FILENO, crash_line, crash_length);
    (void)written; /* nobody is left to hear of it */
    _exit(EXIT_UNKNOWN);
}

static void catch_crashes(void)
{
    static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
    const stack_t stack = {.ss_sp = crash_stack, .ss_size = sizeof crash_stack};
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK};

    sigfillset(&action.sa_mask);
    sigaltstack(&stack, NULL);
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        sigaction(signals[i], &action, NULL);
}

/* More than ten times what a check needs. The stack of a thread counts: libcurl's resolver has one,
 * as large as the limit for stacks. */
static void limit_memory(void)
{
    struct rlimit stack;
    struct rlimit data;
    rlim_t wanted = (rlim_t)LAST_RESORT_MEBIBYTES * 1024 * 1024;

    if (getrlimit(RLIMIT_STACK, &stack) || getrlimit(RLIMIT_DATA, &data))
        return;
    if (stack.rlim_cur != RLIM_INFINITY)
        wanted += stack.rlim_cur;
    if (data.rlim_cur > wanted) {
        data.rlim_cur = wanted;
        setrlimit(RLIMIT_DATA, &data);
    }
}

bool last_resort_arm(const char *line)
{
    if (SANITIZED)
        return false;
    text_copy(crash_line, sizeof crash_line, line);
    crash_length = strlen(crash_line);
    catch_crashes();
    limit_memory();
    return true;
}
