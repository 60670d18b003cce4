/* service.c - what Windows services tell of their end.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/cim/service.h"

#include <inttypes.h>

#include "common/base/text.h"

enum { ERROR_SERVICE_SPECIFIC_ERROR = 1066 };

static const struct {
    int64_t code;
    const char *text;
} known[] = {
    {1053, "it did not respond in time"},
    {1067, "it ended unexpectedly"},
    {1068, "a service that it needs did not start"},
    {1069, "its account could not log on"},
    {1077, "not started since the last boot"},
};

void service_exit_text(int64_t code, int64_t specific, char *target, size_t size)
{
    target[0] = '\0';
    if (code == ERROR_SERVICE_SPECIFIC_ERROR)
        text_format(target, size, ", service-specific error %" PRId64, specific);
    else if (code)
        text_format(target, size, ", exit code %" PRId64, code);
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (known[i].code == code)
            text_format(target, size, ", exit code %" PRId64 ": %s", code, known[i].text);
}
