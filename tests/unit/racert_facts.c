/* racert_facts.c - the facts that the tests of check_ndes_racert's judge start from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/base/text.h"
#include "judging.h"
#include "racert_facts.h"

struct racert_options options;
struct racert_facts facts;

static struct certificate certificate_of(const char *name, unsigned usage, int64_t until)
{
    struct certificate certificate = {.validity.not_before = NOW - 100 * DAY,
                                      .validity.not_after = until,
                                      .key_type = KEY_RSA,
                                      .key_bits = 2048,
                                      .signature = "sha256WithRSAEncryption",
                                      .fingerprint = FINGERPRINT,
                                      .serial = "01",
                                      .is_ca = usage & KEY_USAGE_CERTIFICATE_SIGN,
                                      .has_key_usage = true,
                                      .key_usage = usage,
                                      .has_extended_key_usage = true,
                                      .request_agent = true,
                                      .issuer = "CN=Example CA"};

    text_copy(certificate.common_name, sizeof certificate.common_name, name);
    text_format(certificate.subject, sizeof certificate.subject, "CN=%s", name);
    return certificate;
}

void set_limits(const char *warning, const char *critical)
{
    assert_null(limit_parse(warning, &options.warning));
    assert_null(limit_parse(critical, &options.critical));
}

int start_healthy(void **state)
{
    options = (struct racert_options){.url = "http://ndes.example.com/certsrv/mscep/mscep.dll"};
    set_standards(racert_options_groups, &options);
    facts = (struct racert_facts){
        .now = NOW,
        .answer = {.outcome = HTTP_ANSWERED, .status = 200, .times = {.total = 0.25}},
        .count = 3,
        .newest_ca = CA,
        .jobs = {{.index = SIGNING, .issuer = CA}, {.index = ENCRYPTION, .issuer = CA}},
    };
    facts.certificates[CA] =
        certificate_of("Example CA", KEY_USAGE_CERTIFICATE_SIGN, NOW + 1000 * DAY);
    facts.certificates[CA].self_issued = true;
    facts.certificates[SIGNING] =
        certificate_of("NDES01-MSCEP-RA", KEY_USAGE_DIGITAL_SIGNATURE, NOW + 300 * DAY);
    facts.certificates[ENCRYPTION] =
        certificate_of("NDES01-MSCEP-RA", KEY_USAGE_KEY_ENCIPHERMENT, NOW + 400 * DAY);
    return start_report(state);
}

void judge_anew(void)
{
    restart_report();
    racert_judge(&options, &facts, &judged);
}
