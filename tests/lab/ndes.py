# The NDES web site: which URL is answered by whom.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Site.answer(request, connection) is the whole server: IIS, HTTP.sys, and mscep.dll behind them."""
import email.utils
import json
import threading
import time

from . import admin, auth, crl, faults, limits, scep
from .wire import Closed, Response

SCEP_PATHS = ("/certsrv/mscep/mscep.dll", "/certsrv/mscep/", "/certsrv/mscep/mscep.dll/pkiclient.exe")
ADMIN_PATHS = ("/certsrv/mscep_admin/", "/certsrv/mscep_admin/mscep.dll")
FOLDERS = ("/certsrv/mscep", "/certsrv/mscep_admin")


class Site:
    def __init__(self, settings, material, counters):
        self.settings, self.material, self.counters = settings, material, counters
        self.clock = admin.Clock()
        self.cache = admin.PasswordCache(self.clock, settings.prefilled)
        self._fault = faults.FAULTS.get(settings.fault)
        self._lock = threading.Lock()
        self._crls = {}
        self._started = False

    def answer(self, request, connection):
        response = self._supporting(request) or self._site(request, connection)
        return self._dress(response)

    def _dress(self, response):
        """The headers that every answer of Windows has."""
        if self.settings.old_iis:
            response.headers = [(key, value.replace("IIS/10.0", "IIS/7.5")) for key, value in response.headers]
        if self.settings.date_sent:
            moment = time.time() + self.settings.date_skew
            response.headers.append(("Date", email.utils.formatdate(moment, usegmt=True)))
        return response

    def _site(self, request, connection):
        refused = limits.refuse(request, self.settings)
        if refused:
            return refused
        if self._strikes("site"):
            return self._fault.answer()
        path = request.path
        if path in SCEP_PATHS:
            return self._scep(request, connection)
        if path in ADMIN_PATHS or path.startswith(FOLDERS[1]):
            return self._admin(request, connection)
        if path == FOLDERS[0]:
            return faults.not_found() if self._strikes("application") else self._moved(request, connection)
        if path == "/":
            return scep.iis(b"<html><title>IIS Windows Server</title><body>Welcome</body></html>", "text/html")
        return faults.not_found()

    def _strikes(self, *scopes):
        return self._fault and self._fault.scope in scopes

    def _scep(self, request, connection):
        operation = request.parameter("operation")
        self._pause(connection)
        names = ("application", "dll", "mscep", operation) if operation else ("application", "dll", "mscep")
        if self._strikes(*names):
            response = self._fault.answer()
        elif operation is None:
            response = self._bare()
        else:
            response = scep.OPERATIONS.get(operation.lower(), scep.unknown)(self, request)
        response.drip = self.settings.drip
        return response

    def _pause(self, connection):
        """The DLL needs time: after a pool start, or always."""
        with self._lock:
            first, self._started = not self._started, True
        connection.wait(self.settings.first_delay if first and self.settings.first_delay else self.settings.delay)

    def _bare(self):
        if self.settings.bare == "policy":
            return faults.policy_forbidden()
        return scep.iis(admin.encode(admin.bare_page(), self.settings), self.settings.admin_type)

    def _admin(self, request, connection):
        if self.settings.admin_cut:
            raise Closed
        if self._strikes("application") or self.settings.admin_status == 404:
            return faults.not_found()
        if self.settings.admin_status == 302:
            return faults.login_redirect()
        if not self.settings.anonymous:
            if connection.login is None:
                connection.login = auth.Login(self.settings.offers)
            signed_in, challenges = connection.login.check(request.headers.get("authorization"))
            if not signed_in:
                return faults.iis_error(401, "Unauthorized", "Unauthorized: Access is denied due to invalid "
                                        "credentials.", [("WWW-Authenticate", one) for one in challenges])
        if request.path in FOLDERS:
            return self._moved(request, connection)
        if request.path not in ADMIN_PATHS:
            return faults.not_found()
        if self._strikes("dll") or self.settings.admin_status == 500:
            return faults.server_error()
        return self._admin_page()

    def _admin_page(self):
        with self._lock:
            text = admin.PAGES[self.settings.admin](self.material.newest.der, self.cache, self.settings,
                                                    self.counters)
        response = scep.iis(admin.encode(text, self.settings), self.settings.admin_type)
        response.headers.append(("Persistent-Auth", "true"))
        return response

    @staticmethod
    def _moved(request, connection):
        """A folder without its slash."""
        host = request.headers.get("host", "localhost")
        path, _, query = request.target.partition("?")
        scheme = "https" if connection.server.tls else "http"
        target = f"{scheme}://{host}{path}/" + ("?" + query if query else "")
        return faults.html(301, "Moved Permanently", f'<body>This document is <a href="{target}">here</a></body>',
                           [("Location", target), ("Server", faults.IIS), ("X-Powered-By", "ASP.NET")])

    def _supporting(self, request):
        """What is not NDES: revocation lists, the CA's certificate, and the lab's own control."""
        path = request.path
        if path == "/lab/status":
            return self._json(self.counters.as_dict())
        if path == "/lab/advance":
            self.clock.advance(float(request.parameter("minutes") or 0) * 60)
            return self._json({"now": self.clock.now()})
        if path in ("/crl/ca.crl", "/crl/root.crl"):
            data = self._crl(path)
            return scep.iis(data, "application/pkix-crl") if data is not None else faults.not_found()
        if path == "/aia/ca.crt":
            return scep.iis(self.material.issuer.der, scep.DER_TYPE)
        if path == "/aia/root.crt":
            return scep.iis(self.material.root.der, scep.DER_TYPE)
        return None

    def _crl(self, path):
        """Made when first asked for: some are large."""
        with self._lock:
            if path not in self._crls:
                if path == "/crl/root.crl":
                    self._crls[path] = crl.make(self.material.root, 24, 1000)
                else:
                    self._crls[path] = crl.CRLS[self.settings.crl](self.material)
            return self._crls[path]

    @staticmethod
    def _json(value):
        return Response(200, "OK", [("Content-Type", "application/json")], json.dumps(value).encode())
