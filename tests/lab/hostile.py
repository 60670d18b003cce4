# Servers that misbehave on the level of bytes: what a plugin must survive.
# SPDX-License-Identifier: GPL-3.0-or-later
"""ROWS is the table; with HostileLab("endless-body") as lab: lab.url, lab.arguments("check_ndes_http")

HostileLab(name, tls=True) does the same over TLS; the rows with `tls` misbehave before a handshake."""
import base64
import dataclasses
import pathlib
import shutil
import socket
import struct
import tempfile
import threading
from typing import Callable

from . import admin, auth, scep
from . import hostile_answers as answers
from . import hostile_headers as headers
from .material import Material
from .scenario import compare, critical, patience, short, unknown, warning
from .settings import DEFAULT_CAPS, Settings
from .tls import Tls
from .wire import is_disconnect, raise_all

EVERY = ("bare", "caps", "cacert", "admin", "type1", "type3")
LATER = ("caps", "crl")     # not the first requests of a session
CACERT = ("cacert",)
TOO_MUCH = critical("ndes-http-toolarge"),
BROKEN = critical("ndes-http-broken"),
TIMEOUT = critical("ndes-http-timeout"),
HANDSHAKE = critical("ndes-tls-handshake"),
INVALID = critical("ndes-cacert-invalid"),
LOGIN = ("--admin=challenge", "--user={user}", "--password-file={password_file}", "--state-dir={state_dir}")
CRL = ("--check-crl",)
FOLLOW = ("--follow-redirects",)
UNREACHABLE = warning("ndes-crl-unreachable"),


@dataclasses.dataclass(frozen=True)
class Hostile:
    """http, racert: the findings that must appear, and no others; empty: the plugin must be OK.
    on: the kinds of requests to misbehave at; none: at once, without reading."""
    name: str
    about: str
    answer: Callable
    http: tuple = ()
    racert: tuple = ()
    on: tuple = EVERY
    http_args: tuple = ()
    racert_args: tuple = ()
    tls: bool = False
    cdp: str = "both"           # where the certificates say their CRLs are

    def expected(self, plugin):
        return getattr(self, short(plugin))

    def arguments(self, plugin):
        words = getattr(self, f"{short(plugin)}_args")
        return words if "-t" in words else ("-t", patience(*self.expected(plugin)), *words)

    def verdict(self, plugin, findings):
        """Complaints about the (ID, STATE) pairs that the plugin reported; empty if right."""
        return compare(self.expected(plugin), findings)


def both(name, about, answer, expected, on=EVERY, **more):
    return Hostile(name, about, answer, expected, expected, on, **more)


def bundle(name, about, make, expected=INVALID):
    """A GetCACert answer with a length and the right type, and what make() builds."""
    return both(name, about, answers.sender(answers.PKCS7, make), expected, CACERT)


def later(name, about, change, http, racert):
    """Header lines of answers on a connection that is already in use."""
    return Hostile(name, about, answers.changed(change), http, racert, LATER, racert_args=CRL, cdp="two")


def login(name, about, kind, change, http=BROKEN):
    """Header lines within a sign-in by NTLM."""
    return Hostile(name, about, answers.changed(change), http, on=(kind,), http_args=LOGIN)


HEADERS = (
    both("blank-first", "the first header line begins with a blank", answers.changed(headers.blank_first), BROKEN),
    later("blank-later", "the same, but not on the first answer", headers.blank_first, BROKEN, UNREACHABLE),
    later("tab-later", "a tab instead of a blank", headers.tab_first, BROKEN, UNREACHABLE),
    later("empty-later", "the first header line is a blank", headers.empty_first, BROKEN, UNREACHABLE),
    later("blank-interim", "the only header line of a 100 begins with a blank", headers.interim, BROKEN, UNREACHABLE),
    later("blank-after-interim", "it does so in the answer after a 103", headers.after_interim, BROKEN, UNREACHABLE),
    later("blank-trailer", "the first trailer begins with a blank", headers.blank_trailer, (), UNREACHABLE),
    later("folded-trailer", "a trailer of two lines", headers.folded_trailer, (), UNREACHABLE),
    later("folded", "a header of four lines: old, but right", headers.folded, (), UNREACHABLE),
    later("many-folds", "a header of a thousand lines", headers.many_folds, (), UNREACHABLE),
    later("no-colon", "a header line without a colon", headers.no_colon, BROKEN, UNREACHABLE),
    later("nul-header", "zero bytes in a header line", headers.nul, BROKEN, UNREACHABLE),
    both("blank-redirect", "redirects to an answer whose first header line begins with a blank",
         answers.redirect_to_blank, BROKEN, http_args=FOLLOW, racert_args=FOLLOW),
    login("blank-type2", "it does so in the NTLM challenge", "type1", headers.blank_first),
    login("blank-login", "it does so in the answer to a sign-in", "type3", headers.blank_first),
    login("interim-login", "a 100 with such a line comes before the answer to a sign-in", "type3", headers.interim),
    login("folded-type2", "a header of four lines in the NTLM challenge", "type1", headers.folded, ()),
)
ROWS = (
    both("endless-body", "a body without end", answers.endless_body, TOO_MUCH),
    both("endless-headers", "header lines without end", answers.endless_headers, TOO_MUCH),
    both("endless-header-line", "one header line without end", answers.endless_header_line, TOO_MUCH),
    both("drip-headers", "three header lines per second", answers.drip_headers, TIMEOUT),
    both("drip-body", "three bytes of the body per second", answers.drip_body, TIMEOUT),
    both("chunk-truncated", "closes in the middle of a chunk", answers.chunk_truncated, BROKEN),
    both("chunk-size-bad", "the size of a chunk is no number", answers.chunk_size_bad, BROKEN),
    both("length-short", "closes before Content-Length is reached", answers.length_short, BROKEN),
    both("length-huge", "Content-Length of 9 exabytes, then nothing", answers.length_huge, TOO_MUCH),
    both("length-overflow", "Content-Length of 10^40", answers.length_overflow, TOO_MUCH),
    both("length-negative", "Content-Length of -5", answers.length_negative, BROKEN),
    both("garbage", "4096 random bytes instead of HTTP", answers.garbage, BROKEN),
    both("zero-bytes", "4096 zero bytes instead of HTTP", answers.zero_bytes, BROKEN),
    both("odd-status", "status 999 with perfdata as reason", answers.odd_status, (critical("ndes-http-status"),)),
    both("reason-pipe", "perfdata in the reason of a 500", answers.pipe_in_reason,
         (critical("ndes-http-500"),)),
    both("reason-control", "control characters in the reason of a 500", answers.control_in_reason,
         (critical("ndes-http-500"),)),
    both("server-header", "perfdata and control characters in the Server header", answers.strange_server, ()),
    both("reset", "resets at the first bytes", answers.reset, BROKEN, on=()),
    both("close", "closes instead of an answer", answers.close, BROKEN),
    both("silent", "accepts and says nothing", answers.silent, TIMEOUT, on=()),
    both("silent-reply", "reads the request and says nothing", answers.silent, TIMEOUT),
    both("continue-flood", "100 Continue for ever", answers.continue_flood, TOO_MUCH),
    both("redirect-loop", "redirects to itself", answers.redirect_loop, (warning("ndes-http-redirect"),),
         http_args=FOLLOW, racert_args=FOLLOW),
    both("redirect-file", "redirects to file:///etc/passwd", answers.redirect_elsewhere, BROKEN,
         http_args=FOLLOW, racert_args=FOLLOW),
    both("one-answer", "closes silently after each answer: a new connection is all it takes", answers.one_answer, ()),
    both("tls-stall", "accepts TLS and says nothing", answers.silent, TIMEOUT, on=(), tls=True),
    both("tls-garbage", "no TLS record", answers.alert, HANDSHAKE, on=(), tls=True),
    both("tls-reset", "resets instead of a handshake", answers.reset, HANDSHAKE, on=(), tls=True),
    both("large-pkcs7", "GetCACert of 100 MB", answers.large_pkcs7, TOO_MUCH, CACERT),
    both("gzip-bomb", "GetCACert: 100 MB of zeros, packed", answers.bomb, TOO_MUCH, CACERT),
    bundle("asn1-deep", "50,000 nested sequences of indefinite length", answers.deep),
    bundle("asn1-deep-definite", "5,000 nested sequences in place of a certificate", answers.deep_definite),
    bundle("asn1-nuls", "65,536 zero bytes", answers.nuls),
    bundle("asn1-outer-length", "the outer length is too large", answers.outer_length_lies),
    bundle("asn1-inner-length", "an inner length of 2 GB", answers.inner_length_lies),
    bundle("certs-10000", "10,000 certificates", answers.many_certificates, TOO_MUCH),
    bundle("cert-1mb", "a certificate of one megabyte", answers.large_certificate, TOO_MUCH),
    Hostile("caps-strange", "perfdata, control characters, NUL and a long word in GetCACaps",
            answers.sender(b"text/plain", answers.strange_caps), on=("caps",)),
    Hostile("caps-10mb", "GetCACaps of 10 MB", answers.sender(b"text/plain", answers.large_caps), TOO_MUCH,
            on=("caps",)),
    Hostile("admin-endless", "a 401 with a body without end", answers.endless_admin, TOO_MUCH, on=("admin",)),
    Hostile("ntlm-garbage", "an NTLM challenge that points outside of itself", answers.bad_type2,
            (unknown("ndes-admin-auth"),), on=("admin", "type1", "type3"), http_args=LOGIN),
    Hostile("crl-endless", "a CRL without end", answers.endless_crl,
            racert=UNREACHABLE, on=("crl",), racert_args=CRL),
    Hostile("crl-silent", "the CDP's server says nothing", answers.silent,
            racert=UNREACHABLE, on=("crl",), racert_args=CRL),
    *HEADERS,
)
HOSTILES = {row.name: row for row in ROWS}


# What a request asks for: by its target, or by the token of a sign-in.
WORDS = {b"getcacaps": "caps", b"getcacert": "cacert", b"mscep_admin": "admin", b"/crl/first": "first", b"/crl/": "crl"}
TOKENS = {b" TlRMTVNTUAABA": "type1", b" TlRMTVNTUAADA": "type3"}


class Over(Exception):
    """The connection, or the lab, has ended."""


class Peer:
    """One connection to a client."""

    def __init__(self, lab, connection):
        self.lab, self._socket = lab, connection
        self.kind, self.target = None, b"/"
        self._kept = False

    def send(self, data):
        if self.lab.stopping.is_set():
            raise Over
        self._socket.sendall(data)

    def wait(self, seconds):
        if seconds and self.lab.stopping.wait(seconds):
            raise Over

    def keep(self):
        """The answer was complete: the connection may go on."""
        self._kept = True

    def reset(self):
        """Once the client has said something: until then it may still take it for a refused connection."""
        self._socket.recv(65536)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def read(self):
        """Read one request head and tell what it asks for."""
        data = b""
        while b"\r\n\r\n" not in data:
            part = self._socket.recv(65536)
            if not part or len(data) > 1 << 20:
                raise Over
            data += part
        self.target = (data.split(b" ", 2) + [b"/", b"/"])[1]
        text = self.target.lower()
        self.kind = next((kind for word, kind in WORDS.items() if word in text), "bare")
        self.kind = next((kind for token, kind in TOKENS.items() if token in data), self.kind)

    def run(self, row):
        """Serve until the row misbehaves in a way that ends the connection."""
        if not row.on:
            row.answer(self)
            return
        while True:
            self.read()
            self._kept = False
            if self.kind in row.on:
                row.answer(self)
                if not self._kept:
                    return
            else:
                self.send(self.lab.good_answer(self.kind))


class HostileLab:
    """One hostile server on 127.0.0.1; has the attributes of Lab that a test needs."""
    path = "/certsrv/mscep/mscep.dll"

    def __init__(self, name, port=0, tls=False):
        self.row = HOSTILES[name]
        self.ca_file = None
        self.scenarios = [self.row]
        self.stopping = threading.Event()
        self.connections = 0
        self.errors = []
        self.user = f"{auth.DOMAIN}\\{auth.USER}"
        self._wanted_port, self._uses_tls, self._tls = port, tls, None

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", self._wanted_port), backlog=64)
        self.port = self._listener.getsockname()[1]
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="ndes-lab-"))
        (self.directory / "password").write_text(auth.PASSWORD + "\n")
        (self.directory / "state").mkdir()
        self.material = Material(Settings(cdp=self.row.cdp), self._base, 1)
        if self._uses_tls:
            self._tls = Tls(self.directory, "good")
            self.ca_file = str(self._tls.ca_file)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        shutil.rmtree(self.directory, ignore_errors=True)
        raise_all(self.errors)

    def _accept(self):
        while not self.stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            connection.settimeout(60)
            try:
                if self._tls:
                    connection = self._tls.context.wrap_socket(connection, server_side=True)
                Peer(self, connection).run(self.row)
            except Over:
                pass
            except Exception as error:  # kept before the socket closes: the test may look at once
                if not is_disconnect(error):
                    self.errors.append(error)

    def good_answer(self, kind, server=b"Microsoft-IIS/10.0"):
        """What a healthy NDES would say, as bytes."""
        bodies = {"caps": (b"200 OK", b"text/plain", DEFAULT_CAPS),
                  "cacert": (b"200 OK", scep.PKCS7_TYPE.encode(), self.material.pkcs7),
                  "admin": (b"401 Unauthorized", b"text/html", b"401"),
                  "type1": (b"401 Unauthorized", b"text/html", b"401"),
                  "type3": (b"200 OK", b"text/html", admin.single_page(b"", "0" * 16).encode()),
                  "first": (b"404 Not Found", b"text/html", b"404"),
                  "crl": (b"404 Not Found", b"text/html", b"404"),
                  "bare": (b"403 Forbidden", b"text/html", b"HTTP Error 403.0 - Forbidden")}
        status, content_type, body = bodies[kind]
        offers = {"admin": b"WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\n",
                  "type1": b"WWW-Authenticate: NTLM " + base64.b64encode(auth.type2(bytes(8))) + b"\r\n"}.get(kind, b"")
        return (b"HTTP/1.1 " + status + b"\r\nServer: " + server + b"\r\nContent-Type: " + content_type + b"\r\n"
                + offers + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    @property
    def _base(self):
        return f"{'https' if self.row.tls or self._uses_tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def url(self):
        return self._base + self.path

    def facts(self):
        return {"url": self.url, "port": self.port, "ca_file": self.ca_file, "user": self.user,
                "password_file": str(self.directory / "password"), "state_dir": str(self.directory / "state")}

    def arguments(self, plugin):
        """The command line for a plugin, without its name."""
        facts = self.facts()
        trust = ["--ca-cert", self.ca_file] if self.ca_file else []
        words = ["-u", self.url, *trust] + [word.format(**facts) for word in self.row.arguments(plugin)]
        if plugin == "check_ndes_http" and not any(word.startswith(("--state-dir", "--admin=off")) for word in words):
            words.append(f"--state-dir={facts['state_dir']}")
        return words
