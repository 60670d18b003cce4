/* state_directory.h - what the tests of common/state share: a directory with a state file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_TESTS_STATE_DIRECTORY_H
#define NDES_TESTS_STATE_DIRECTORY_H

#include <stdbool.h>
#include <sys/types.h>

#include "common/state/state_file.h"

#define HEADER "{\"ndes-state\":1,\"kind\":\"pool\",\"target\":\"SCEP at ndes\","

extern char directory[64];
extern char path[128];      /* of the state file */
extern char lock_path[128]; /* what may be beside it */
extern char new_path[128];
extern const struct state_subject subject;

/* Setup and teardown; the latter removes whatever is in the directory. */
int make_directory(void **state);
int remove_directory(void **state);

bool open_state(struct state_file *file);

/* Writes a file, in the state file's place or elsewhere. */
void write_content(const char *text);
void write_to(const char *name, const char *text);

/* The state file holds exactly this. */
void assert_content(const char *expected);

mode_t mode_of(const char *name);

#endif
