# The SCEP operations of mscep.dll.
# SPDX-License-Identifier: GPL-3.0-or-later
"""OPERATIONS maps an operation's name to a function (site, request) -> Response; a new operation is one more row."""
from . import faults
from .wire import Response

PKCS7_TYPE = "application/x-x509-ca-ra-cert"
DER_TYPE = "application/x-x509-ca-cert"


def iis(body, content_type, status=200, reason="OK"):
    headers = [("Content-Type", content_type)] if content_type else []
    return Response(status, reason, [*headers, ("Server", faults.IIS), ("X-Powered-By", "ASP.NET")], body)


def get_ca_caps(site, _request):
    return iis(site.settings.caps, site.settings.caps_type)


def whole(site):
    return PKCS7_TYPE, site.material.pkcs7


def single(site):
    return DER_TYPE, site.material.newest.der


def truncated(site):
    return PKCS7_TYPE, site.material.pkcs7[:700]


def garbage(_site):
    return PKCS7_TYPE, bytes(range(256)) * 4


def zeros(_site):
    return PKCS7_TYPE, bytes(4096)


def pem(site):
    return PKCS7_TYPE, site.material.newest.pem


CACERT_BODIES = {"pkcs7": whole, "der": single, "truncated": truncated, "garbage": garbage, "zeros": zeros, "pem": pem}


def get_ca_cert(site, _request):
    content_type, body = CACERT_BODIES[site.settings.cacert](site)
    return iis(body, site.settings.cacert_type or content_type)


def pki_operation(_site, _request):
    """Enrolment is not imitated yet."""
    return iis(b"PKIOperation is not part of this lab", "text/plain", 501, "Not Implemented")


def unknown(_site, _request):
    return iis(b"<html><body>The operation is not known.</body></html>", "text/html")


OPERATIONS = {"getcacaps": get_ca_caps, "getcacert": get_ca_cert, "pkioperation": pki_operation}
