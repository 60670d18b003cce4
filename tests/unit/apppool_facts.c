/* apppool_facts.c - the facts that the tests of check_ndes_apppool start from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "apppool_facts.h"
#include "common/base/text.h"
#include "judging.h"

struct apppool_options options;
struct apppool_facts facts;

void tell(enum source source, int64_t number)
{
    facts.sources[source] = (struct source_facts){.asked = true,
                                                  .rows = 1,
                                                  .control = true,
                                                  .has_pool = true,
                                                  .number = number,
                                                  .state = apppool_state_of(source, number)};
}

void fail_source(enum source source, enum problem_kind kind)
{
    facts.sources[source] =
        (struct source_facts){.asked = true, .problem = {.kind = kind, .detail = "0x8"}};
    if (source == SOURCE_COUNTERS)
        facts.counters = (struct counter_facts){-1, -1, -1, -1, -1};
    if (source == SOURCE_METABASE)
        facts.identity = (struct identity_facts){.type = IDENTITY_UNSEEN};
    if (source == SOURCE_POOLS)
        facts.pool_count = 0;
}

void hide(enum source source)
{
    fail_source(source, PROBLEM_NONE);
    facts.sources[source].problem.detail[0] = '\0';
}

void stop_pool(void)
{
    tell(SOURCE_COUNTERS, 5);
    tell(SOURCE_METABASE, 4);
    facts.counters.workers = facts.counters.uptime = 0;
}

void log_event(enum pool_event kind, int64_t ago)
{
    facts.sources[SOURCE_EVENTS].rows++;
    facts.events[kind] =
        (struct event_facts){.count = 1, .last_hour = ago <= SECONDS_PER_HOUR, .newest = NOW - ago};
}

static void map(const char *path, const char *pool)
{
    struct application_facts *application = &facts.applications[facts.application_count++];

    text_copy(application->path, sizeof application->path, path);
    text_copy(application->site, sizeof application->site, "Default Web Site");
    text_copy(application->pool, sizeof application->pool, pool);
}

static struct service_facts running(void)
{
    struct service_facts service = {.seen = true};

    text_copy(service.state, sizeof service.state, "Running");
    text_copy(service.start_mode, sizeof service.start_mode, "Auto");
    return service;
}

void set_healthy(void)
{
    options = (struct apppool_options){.winrm = {.connection = {.server = "ndes.example.com"},
                                                 .url = "http://ndes.example.com:5985/wsman"}};
    set_standards(apppool_options_groups, &options);
    facts = (struct apppool_facts){.now = NOW,
                                   .server_now = NOW,
                                   .was = running(),
                                   .w3svc = running(),
                                   .counters = {3 * 86400, 1, 0, 7, 2},
                                   .has_auto_start = true,
                                   .auto_start = true,
                                   .identity = {IDENTITY_SPECIFIC_USER, "NDESTEST\\svc-ndes"},
                                   .pools = {"DefaultAppPool", "SCEP"},
                                   .pool_count = 2,
                                   .statistics = {.seconds = 0.25, .requests = 8}};
    tell(SOURCE_COUNTERS, 3);
    tell(SOURCE_METABASE, 2);
    facts.sources[SOURCE_POOLS] =
        (struct source_facts){.asked = true, .rows = 2, .control = true, .has_pool = true};
    facts.sources[SOURCE_APPLICATIONS] =
        (struct source_facts){.asked = true, .rows = 3, .control = true};
    facts.sources[SOURCE_SERVICES] =
        (struct source_facts){.asked = true, .rows = 3, .control = true};
    facts.sources[SOURCE_EVENTS] = (struct source_facts){.asked = true};
    map("/CertSrv/mscep", "SCEP");
    map("/CertSrv/mscep_admin", "scep");
}

int start_healthy(void **state)
{
    set_healthy();
    return start_report(state);
}

void judge_anew(void)
{
    restart_report();
    apppool_judge(&options, &facts, &judged);
}
