# One running WinRM server on loopback.
# SPDX-License-Identifier: GPL-3.0-or-later
"""with WinrmLab(healthy(), tls=True) as lab: lab.url, lab.ca_file, lab.arguments(), lab.counters.actions"""
import email.utils
import pathlib
import shutil
import tempfile
import time

from ..tls import Tls
from ..wire import Counters, Response, Server, raise_all
from . import gate as gates
from .healthy import healthy
from .operations import PATH, Service, Switches

ANONYMOUS_PATH = "/wsman-anon/identify"
SERVER = "Microsoft-HTTPAPI/2.0"
NOT_FOUND = b'<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">\r\n' \
    b"<HTML><HEAD><TITLE>Not Found</TITLE></HEAD>\r\n<BODY><h2>Not Found</h2>\r\n<hr><p>HTTP Error 404. The " \
    b"requested resource is not found.</p>\r\n</BODY></HTML>\r\n"


class WinrmCounters(Counters):
    """actions: of all SOAP requests so far, in their order; 'Identify' for those without one."""

    def __init__(self, actions):
        super().__init__()
        self.actions = actions

    def as_dict(self):
        return super().as_dict() | {"actions": [action.rpartition("/")[2] for action in self.actions]}


class WinrmLab:
    """A WinRM server on 127.0.0.1.

    host            the model (default: a healthy one); may be changed while the server runs
    tls             True, or the name of a variant in tls.SERVERS ("client-1.2" demands a client certificate)
    gate            who may enter; default: Basic as user `monitor` over TLS, and then tls is on
    clock_ahead     seconds that the server's clock is ahead: Date, LocalDateTime, ages of events
    date_ahead      seconds that the header Date alone is ahead: somebody in between may change it
    delay           seconds before each answer
    unencrypted_refused   500 without a body once signed in, as for messages that are not encrypted
    further keywords      see operations.Switches

    url, port, ca_file, client_cert, client_key, password_file, counters (with actions), service, directory
    """

    def __init__(self, host=None, tls=False, gate=None, port=0, clock_ahead=0, date_ahead=0, delay=0.0, unencrypted_refused=False,
                 **switches):
        self.host = host or healthy()
        self.host.clock_ahead = clock_ahead or self.host.clock_ahead
        self._date_ahead = date_ahead
        self.gate = gate or gates.BasicGate()
        self.tls = tls or ("good" if gate is None else False)
        self.user, self.password = getattr(self.gate, "user", gates.USER), getattr(self.gate, "password",
                                                                                   gates.PASSWORD)
        self.switches = Switches(**switches)
        self._delay, self._unencrypted_refused, self._wanted_port = delay, unencrypted_refused, port
        self._tls = None

    def __enter__(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="winrm-lab-"))
        self._server = Server(self._wanted_port)
        self.service = Service(self.host, self.switches, f"{self._scheme}://{self.host.name}:{self.port}{PATH}")
        self._server.counters = WinrmCounters(self.service.actions)
        self._password_file().write_text(self.password + "\n")
        self._password_file().chmod(0o600)
        if self.tls:
            self._tls = Tls(self.directory, "good" if self.tls is True else self.tls)
        self._server.start(self, self._tls.context if self._tls else None)
        return self

    def __exit__(self, *_):
        self._server.stop()
        shutil.rmtree(self.directory, ignore_errors=True)
        raise_all(self._server.errors)

    @property
    def _scheme(self):
        return "https" if self.tls else "http"

    def _password_file(self):
        return self.directory / "password"

    @property
    def port(self):
        return self._server.port

    @property
    def url(self):
        return f"{self._scheme}://localhost:{self.port}{PATH}"

    @property
    def counters(self):
        return self._server.counters

    @property
    def ca_file(self):
        return str(self._tls.ca_file) if self._tls else None

    @property
    def client_cert(self):
        return str(self._tls.client_cert) if self._tls else None

    @property
    def client_key(self):
        return str(self._tls.client_key) if self._tls else None

    @property
    def password_file(self):
        return str(self._password_file())

    def facts(self):
        """What the runner prints."""
        return {"url": self.url, "port": self.port, "ca_file": self.ca_file, "user": self.user,
                "password_file": self.password_file, "arguments": self.arguments()}

    def arguments(self):
        """How a plugin finds and enters this server; host names of the gates with tickets are their own matter."""
        words = ["-H", "localhost", "-p", str(self.port)]
        if self.tls:
            words += ["-S", "--ca-cert", self.ca_file]
        own = getattr(self.gate, "arguments", None)
        if own:
            return words + own(self)
        if isinstance(self.gate, gates.CertificateGate):
            return words + ["--auth=certificate", "-J", self.client_cert, "-K", self.client_key]
        return words + ["--auth=basic", "--user", self.user, "--password-file", self.password_file]

    # The application of wire.Server

    def answer(self, request, connection):
        response = self._answer(request, connection)
        moment = time.time() + self.host.clock_ahead + self._date_ahead
        response.headers += [("Server", SERVER), ("Date", email.utils.formatdate(moment, usegmt=True))]
        return response

    def _answer(self, request, connection):
        path = request.path.rstrip("/")
        if path not in (PATH, ANONYMOUS_PATH):
            return Response(404, "Not Found", [("Content-Type", "text/html; charset=us-ascii")], NOT_FOUND)
        if request.method != "POST":
            return Response(405, "", [("Allow", "POST")])
        connection.wait(self._delay)
        if path == ANONYMOUS_PATH:
            status, xml = self.service.handle(request.body, connection.wait, only_identify=True)
            return gates.Gate.reply(self.gate, connection, status, xml)
        soap = self.gate.answer(request, connection)
        if isinstance(soap, Response):
            return soap
        if self._unencrypted_refused:
            return gates.refuse_plain()
        if not request.headers.get("content-type", "").lower().startswith(("application/soap+xml", "multipart/")):
            return Response(415, "", [])
        return self.respond(soap, connection)

    def respond(self, soap, connection):
        """The answer to SOAP from somebody who was let in."""
        status, xml = self.service.handle(soap, connection.wait)
        return self.gate.reply(connection, status, xml)
