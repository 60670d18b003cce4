/* trust.c - where the trusted CA certificates are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "common/http/trust.h"

#include <curl/curl.h>

#include "common/base/hashed_directory.h"

const char *trust_system_directory(void)
{
    const char *directory = curl_version_info(CURLVERSION_NOW)->capath;

    return directory && is_hashed_directory(directory) ? directory : NULL;
}
