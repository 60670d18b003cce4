/* steps.c - the requests of a run by their names, for messages.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "plugins/http/http.h"

const char *const http_step_names[STEP_COUNT] = {
    [STEP_BARE] = "bare URL",       [STEP_CAPS] = "GetCACaps",
    [STEP_CACERT] = "GetCACert",    [STEP_ADMIN] = "admin page",
    [STEP_LONG] = "long GetCACaps", [STEP_CHALLENGE] = "admin page sign-in",
};

void http_note_answer(struct report *report, const struct http_facts *facts, enum step step,
                      const char *meaning)
{
    char text[320];

    answer_text(&facts->answers[step], text, sizeof text);
    report_note(report, 1, "[OK] %s: %s: %s", http_step_names[step], text, meaning);
}
