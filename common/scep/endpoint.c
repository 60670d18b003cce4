/* endpoint.c - the URLs of a SCEP server.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/scep/endpoint.h"

#include <string.h>

#include "common/base/text.h"

bool scep_url(const char *base, const char *operation, char *url, size_t size)
{
    static const char parts[] = "?operation=&message=ca";

    if (strlen(base) + strlen(operation) + sizeof parts > size)
        return false;
    text_format(url, size, "%s?operation=%s&message=ca", base, operation);
    return true;
}

bool scep_long_url(const char *base, size_t length, char *url, size_t size)
{
    size_t used;

    if (length >= size || !scep_url(base, "GetCACaps", url, size))
        return false;
    used = strlen(url);
    if (used < length) {
        memset(url + used, 'A', length - used);
        url[length] = '\0';
    }
    return true;
}

bool scep_admin_url(const char *base, const char *path, char *url, size_t size)
{
    const char *host = strstr(base, "://");
    const char *slash = host ? strchr(host + 3, '/') : NULL;
    size_t origin = slash ? (size_t)(slash - base) : strlen(base);
    const char *last = strrchr(path, '/');
    bool is_directory = last && last[1] && !strchr(last, '.');

    if (!last || origin + strlen(path) + 2 > size)
        return false;
    text_format(url, size, "%.*s%s%s", (int)origin, base, path, is_directory ? "/" : "");
    return true;
}
