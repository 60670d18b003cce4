# The request length limits of a proxy, of HTTP.sys and of IIS, told apart by their answers.
# SPDX-License-Identifier: GPL-3.0-or-later
"""refuse() gives the answer of the first layer that finds the request too long, or None."""
from . import faults


def refuse(request, settings):
    if settings.proxy_limit and request.head_size > settings.proxy_limit:
        return faults.PROXY_REFUSALS[settings.proxy_status]()
    if request.head_size > settings.httpsys_limit:
        return faults.httpsys_url_too_long() if settings.httpsys_style == "414" else faults.httpsys_too_long()
    if len(request.target.split("?", 1)[0]) > settings.path_limit or len(request.query) > settings.query_limit:
        return faults.iis_error(404, "Not Found", "File or directory not found.")
    return None
