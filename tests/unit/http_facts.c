/* http_facts.c - the facts that the tests of check_ndes_http's judge start from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/text.h"
#include "http_facts.h"
#include "judging.h"

struct http_options options;
struct http_facts facts;

void set_answer(enum step step, int status)
{
    facts.answers[step] = (struct http_response){
        .outcome = HTTP_ANSWERED, .status = status, .times = {.total = 0.25}};
}

void set_server(enum step step, const char *server)
{
    text_copy(facts.answers[step].server, sizeof facts.answers[step].server, server);
}

int start_healthy(void **state)
{
    options = (struct http_options){
        .url = "http://ndes.example.com/certsrv/mscep/mscep.dll",
        .admin_url = "http://ndes.example.com/certsrv/mscep_admin/",
    };
    set_standards(http_options_groups, &options);
    facts = (struct http_facts){.now = NOW, .bare_page = ADMIN_PAGE_DEVICE, .certificates = 3};
    set_answer(STEP_BARE, 200);
    set_answer(STEP_CAPS, 200);
    set_answer(STEP_CACERT, 200);
    set_answer(STEP_ADMIN, 401);
    facts.answers[STEP_BARE].times =
        (struct http_times){.name = 0.125, .connect = 0.0625, .total = 0.25};
    facts.answers[STEP_CACERT].body.length = 3567;
    facts.answers[STEP_ADMIN].auth_offers = AUTH_NTLM | AUTH_NEGOTIATE;
    scep_caps_parse("POSTPKIOperation\nRenewal\nSHA-256", 32, &facts.caps);
    facts.connections = 1;
    return start_report(state);
}

void judge_anew(void)
{
    restart_report();
    http_judge(&options, &facts, &judged);
}
