/* fuzz_bundle.c - any bytes as a GetCACert answer: parsed, read, and asked for chains.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <openssl/err.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/pki/bundle.h"
#include "common/pki/chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

/* What the header promises of facts, whatever the certificate. */
static void check_facts(const struct certificate *facts)
{
    char key[16];

    require(memchr(facts->subject, '\0', sizeof(facts->subject)) != NULL);
    require(memchr(facts->serial, '\0', sizeof(facts->serial)) != NULL);
    require(strlen(facts->fingerprint) == 64);
    require(facts->crl_url_count >= 0 && facts->crl_url_count <= CERTIFICATE_CRL_URLS_MAXIMUM);
    for (int i = 0; i < facts->crl_url_count; i++)
        require(strlen(facts->crl_urls[i]) > strlen("http://"));
    require((certificate_role(facts) == ROLE_CA) == facts->is_ca);
    certificate_key_text(facts, key, sizeof(key));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bundle bundle;
    const char *wrong = bundle_parse(data, size, &bundle);
    int newest = chain_newest_ca(&bundle);

    require(!wrong || !bundle.count);
    require(bundle.count <= BUNDLE_MAXIMUM);
    require(newest < (int)bundle.count && (newest < 0 || bundle.facts[newest].is_ca));
    for (size_t i = 0; i < bundle.count; i++) {
        int issuer = chain_find_issuer(&bundle, bundle.x509[i]);

        require(issuer < (int)bundle.count);
        check_facts(&bundle.facts[i]);
        chain_verify(bundle.x509[i], &bundle, &bundle);
    }
    require(ERR_peek_error() == 0);
    bundle_free(&bundle);
    return 0;
}
