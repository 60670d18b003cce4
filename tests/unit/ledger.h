/* ledger.h - what the tests of the challenge ledger share: a directory, runs, and records.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NDES_TESTS_LEDGER_H
#define NDES_TESTS_LEDGER_H

#include "common/scep/challenge.h"

#define URL "http://ndes.example.com/certsrv/mscep_admin/"
#define TARGET "ndes.example.com/certsrv/mscep_admin" /* of that, in a state file */
#define USER "EXAMPLE\\monitor"

enum { INTERVAL = 1800 };

/* Of the running test; the request names them all. */
extern char directory[64];
extern struct challenge_request request;
extern const char *login;

/* Setup and teardown. */
int make_directory(void **state);
int remove_directory(void **state);

/* Opens the ledger, waiting 5 s for others. */
struct challenge_ledger *open_ledger(struct challenge *said);

/* Begins a fetch and closes, as a run that crashes before it has its answer. */
struct challenge ask(void);

/* Of the file about the request's URL. */
const char *ledger_path(void);

/* Opens and closes. */
struct challenge peek(void);

struct challenge_verdict verdict_of(enum http_outcome outcome, int status, enum admin_page page);

/* A whole fetch. */
void fetch(enum http_outcome outcome, int status, enum admin_page page);

void assert_permit(enum challenge_permit expected);
void assert_refused(const char *part);

/* The path of the only file whose name ends so. */
void find_file(const char *ending, char *path, size_t size);

/* Puts the bytes, or a state file with a record, where the file is looked for. */
void plant_bytes(const char *text, size_t length);
void plant_record(int64_t time, const char *record);
void plant_asked_at(int64_t asked_at, int status, const char *page);

#endif
