# Answers that do not come from NDES itself: HTTP.sys, IIS error pages, proxies and portals.
# SPDX-License-Identifier: GPL-3.0-or-later
"""FAULTS maps the setting `fault` to where it strikes and what it answers there."""
import dataclasses
from typing import Callable

from .wire import Response

IIS = "Microsoft-IIS/10.0"
HTTP_SYS = "Microsoft-HTTPAPI/2.0"
HTML = ("Content-Type", "text/html")


def html(status, reason, body, headers=(), close=False):
    return Response(status, reason, [HTML, *headers], body.encode(), close)


def iis_error(status, reason, text, headers=()):
    """The short page that IIS shows to remote clients."""
    title = f"{status} - {text}"
    return html(status, reason, "<!DOCTYPE html>\r\n<html><head><title>" + title + "</title></head>\r\n<body>"
                f'<div id="header"><h1>Server Error</h1></div><div id="content"><h2>{title}</h2></div></body></html>',
                [*headers, ("Server", IIS), ("X-Powered-By", "ASP.NET")])


def httpsys(status, reason, title, text):
    """HTTP.sys answers by itself, before IIS sees the request, and closes."""
    body = ('<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">\r\n'
            f"<HTML><HEAD><TITLE>{title.split(' - ')[0]}</TITLE>\r\n"
            '<META HTTP-EQUIV="Content-Type" Content="text/html; charset=us-ascii"></HEAD>\r\n'
            f"<BODY><h2>{title}</h2>\r\n<hr><p>HTTP Error {status}. {text}</p>\r\n</BODY></HTML>\r\n")
    response = html(status, reason, body, [("Server", HTTP_SYS)], close=True)
    response.headers[0] = ("Content-Type", "text/html; charset=us-ascii")
    return response


def httpsys_too_long():
    return httpsys(400, "Bad Request", "Bad Request - Request Too Long", "The size of the request headers is too long.")


def httpsys_url_too_long():
    return httpsys(414, "Request URI Too Long", "Request URL Too Long", "The request URL is too long.")


def service_unavailable():
    return httpsys(503, "Service Unavailable", "Service Unavailable", "The service is unavailable.")


def proxy_too_long():
    return html(414, "Request-URI Too Large", "<html><head><title>414 Request-URI Too Large</title></head>\r\n<body>"
                "<center><h1>414 Request-URI Too Large</h1></center><hr><center>nginx</center></body></html>\r\n",
                [("Server", "nginx")], close=True)


def firewall(status, reason):
    return html(status, reason, "<html><body>The request was blocked.</body></html>", [("Server", "Lab-WAF/2.1")],
                close=True)


PROXY_REFUSALS = {414: proxy_too_long, 403: lambda: firewall(403, "Forbidden"),
                  406: lambda: firewall(406, "Not Acceptable"), 501: lambda: firewall(501, "Not Implemented")}


def bad_gateway():
    return html(502, "Bad Gateway", "<html><body><h1>502 Bad Gateway</h1>The proxy got no valid answer.</body></html>",
                [("Server", "nginx")])


def app_proxy_timeout():
    return html(504, "Gateway Timeout", "<html><head><title>GatewayTimeout</title></head><body><h1>GatewayTimeout</h1>"
                "<p>This corporate app can't be accessed: the connector did not answer.</p></body></html>",
                [("x-ms-proxy-app-id", "00000000-0000-0000-0000-000000000000"),
                 ("x-ms-proxy-transaction-id", "11111111-1111-1111-1111-111111111111")])


def portal():
    return html(200, "OK", "<!DOCTYPE html><html><head><title>Guest network</title></head><body>"
                '<form action="/login" method="post">Please sign in to use this network.</form></body></html>')


def login_redirect():
    return html(302, "Found", "<html><body>Object moved</body></html>",
                [("Location", "https://login.example.test/common/oauth2/authorize?client_id=lab")])


def forbidden():
    return iis_error(403, "Forbidden", "Forbidden: Access is denied.")


def policy_forbidden():
    """What NDES with a policy module says to the bare URL."""
    return html(403, "Forbidden", "<!DOCTYPE html><html><head><title>IIS 10.0 Detailed Error - 403.0 - Forbidden"
                "</title></head><body><h3>HTTP Error 403.0 - Forbidden</h3><h4>You do not have permission to view "
                "this directory or page.</h4></body></html>", [("Server", IIS), ("X-Powered-By", "ASP.NET")])


def server_error():
    return iis_error(500, "Internal Server Error", "Internal server error.")


def not_found():
    return iis_error(404, "Not Found", "File or directory not found.")


def gone():
    return iis_error(410, "Gone", "This resource is gone.")


def blank():
    return Response(200, "OK", [("Server", IIS)])


@dataclasses.dataclass(frozen=True)
class Fault:
    """scope: site (everything), application (SCEP and admin), dll (the same, but behind authentication),
    mscep (SCEP only), or one operation's name."""
    scope: str
    answer: Callable


FAULTS = {
    "500": Fault("dll", server_error),
    "503": Fault("site", service_unavailable),
    "502": Fault("site", bad_gateway),
    "504": Fault("site", app_proxy_timeout),
    "404": Fault("application", not_found),
    "403": Fault("mscep", forbidden),
    "410": Fault("mscep", gone),
    "blank": Fault("mscep", blank),
    "portal": Fault("site", portal),
    "login": Fault("site", login_redirect),
    "caps-html": Fault("GetCACaps", portal),
    "caps-500": Fault("GetCACaps", server_error),
    "cacert-500": Fault("GetCACert", server_error),
    "cacert-blank": Fault("GetCACert", blank),
    "cacert-html": Fault("GetCACert", portal),
}
