/* fuzz_heartbeat.c - any text as the time of the connector's last check-in, or as a version.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/base/text.h"
#include "plugins/connector/heartbeat.h"
#include "plugins/connector/version.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct releases releases;
    const int zone = 60;
    char *text = text_duplicate_bytes((const char *)data, size);
    struct version version;
    int64_t seconds;
    bool guessed;

    if (!text)
        return 0;
    if (connector_heartbeat_wants_zone(text) &&
        connector_heartbeat_parse(text, INT64_C(1795392000), &zone, &seconds, &guessed) &&
        seconds < -86400)
        abort();
    if (connector_version_parse(text, &version) &&
        connector_version_compare(&version, &version) != 0)
        abort();
    if (connector_releases_parse(text, size, &releases) == 0 && releases.count > RELEASES_MAXIMUM)
        abort();
    free(text);
    return 0;
}
