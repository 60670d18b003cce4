# One running directory server on loopback.
# SPDX-License-Identifier: GPL-3.0-or-later
"""with LdapLab() as lab: lab.port, lab.ca_file, lab.arguments(), lab.counters()"""
import collections
import contextlib
import pathlib
import shutil
import socket
import ssl
import tempfile
import threading

from ..tls import Tls
from . import messages
from .healthy import healthy

USER, PASSWORD = "monitor@lab.test", "Lab-Directory-Passw0rd"
MESSAGE_MAXIMUM = 1 << 20


class Gone(Exception):
    """The client went away, or the lab ends."""


class Connection:
    """A client's connection. send() and wait() end with Gone when the client or the lab does."""

    def __init__(self, stream, stopping):
        self.stream, self._stopping, self.bound, self.user = stream, stopping, False, ""

    def send(self, data):
        try:
            self.stream.sendall(data)
        except OSError:
            raise Gone from None

    def wait(self, seconds):
        if self._stopping.wait(seconds):
            raise Gone

    def take(self, size):
        data = b""
        while len(data) < size:
            try:
                piece = self.stream.recv(size - len(data))
            except OSError:
                raise Gone from None
            if not piece:
                raise Gone
            data += piece
        return data

    def receive(self):
        """The contents of the next LDAPMessage."""
        tag, size = self.take(2)
        if size & 0x80:
            size = int.from_bytes(self.take(size & 0x7F), "big")
        if tag != 0x30 or size > MESSAGE_MAXIMUM:
            raise messages.Malformed("no LDAP")
        return self.take(size)


class LdapLab:
    """A directory server on 127.0.0.1.

    directory   the model (default: a healthy one); may be changed while the server runs
    tls         a variant of lab.tls.SERVERS from the first byte on, or None: plain, with StartTLS
    plain_binds     simple binds without TLS are accepted, too
    """

    def __init__(self, directory=None, tls="good", port=0, plain_binds=False):
        self.directory = directory or healthy()
        self._variant, self._wanted_port, self._plain_binds = tls, port, plain_binds
        self._lock, self._stopping = threading.Lock(), threading.Event()
        self._idle = threading.Condition(self._lock)
        self._streams, self._threads, self.errors = set(), [], []
        self._counts = collections.Counter()
        self._searches = []

    def __enter__(self):
        self._files = pathlib.Path(tempfile.mkdtemp(prefix="ldap-lab-"))
        (self._files / "password").write_text(PASSWORD + "\n")
        (self._files / "password").chmod(0o600)
        self._tls = Tls(self._files, self._variant or "good")
        self._listener = socket.create_server(("127.0.0.1", self._wanted_port), backlog=64)
        self.port = self._listener.getsockname()[1]
        self._start(self._accept)
        return self

    def __exit__(self, *_):
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            streams = list(self._streams)
        for stream in streams:
            with contextlib.suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        shutil.rmtree(self._files, ignore_errors=True)
        if self.errors:
            raise self.errors[0]

    @property
    def ca_file(self):
        return str(self._tls.ca_file)

    @property
    def password_file(self):
        return str(self._files / "password")

    def settle(self, seconds=10):
        """Waits until no client is connected: an unbind gets no answer, so that its sender may end before it is counted."""
        with self._idle:
            if not self._idle.wait_for(lambda: not self._streams, seconds):
                raise TimeoutError("a client stays connected")

    def counters(self):
        """connections, handshakes, binds, unbinds, searches (rootDSE included), extended; bases: of the searches."""
        with self._lock:
            names = ("connections", "handshakes", "bind", "unbind", "search", "extended", "malformed")
            return {name: self._counts[name] for name in names} | {"bases": list(self._searches)}

    def facts(self):
        return {"port": self.port, "ca_file": self.ca_file, "user": USER, "password_file": self.password_file,
                "arguments": self.arguments()}

    def arguments(self):
        """How a plugin finds and enters this server."""
        return ["-H", "127.0.0.1", "-p", str(self.port), "-S" if self._variant else "-T", "--ca-cert", self.ca_file,
                "--auth=simple", "--user", USER, "--password-file", self.password_file]

    def count(self, name):
        with self._lock:
            self._counts[name] += 1

    def _start(self, function, *arguments):
        thread = threading.Thread(target=self._guarded, args=(function, *arguments), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _guarded(self, function, *arguments):
        try:
            function(*arguments)
        except Exception as error:  # shown by the test that made the lab
            self.errors.append(error)

    def _accept(self):
        while not self._stopping.is_set():
            try:
                stream, _ = self._listener.accept()
            except OSError:
                return
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.count("connections")
            with self._lock:
                self._streams.add(stream)
            self._start(self._serve, stream)

    def _serve(self, stream):
        connection = Connection(stream, self._stopping)
        try:
            self.accepted(connection)
            if self._variant and self._tls.context:
                self._encrypt(connection)
            while True:
                self._next(connection)
        except messages.Malformed:
            self.count("malformed")
        except Gone:
            pass
        finally:
            with self._idle:
                self._streams -= {stream, connection.stream}
                self._idle.notify_all()
            with contextlib.suppress(OSError):
                connection.stream.shutdown(socket.SHUT_RDWR)
            connection.stream.close()

    def _encrypt(self, connection):
        try:
            plain = connection.stream
            connection.stream = self._tls.context.wrap_socket(plain, server_side=True)
        except (OSError, ssl.SSLError):
            raise Gone from None
        with self._lock:
            self._streams.discard(plain)
            self._streams.add(connection.stream)
        self.count("handshakes")

    def _next(self, connection):
        request = messages.parse(connection.receive())
        self.count(request.kind)
        if request.kind == "search":
            with self._lock:
                self._searches.append(request.base)
        if request.kind == "unbind":
            raise Gone
        if request.kind == "abandon":
            return
        for answer in self.respond(request, connection):
            connection.send(answer)
        if request.kind == "extended" and request.name == messages.START_TLS:
            self._encrypt(connection)

    # What hostile servers replace

    def accepted(self, connection):
        """Called for each connection, before TLS."""

    def respond(self, request, connection):
        """The messages that answer a request."""
        if request.kind == "bind":
            return [self._bind(request, connection)]
        if request.kind == "search":
            return self._search(request, connection)
        if request.kind == "extended" and request.name == messages.START_TLS:
            return [messages.result(request.number, messages.EXTENDED_ANSWER)]
        return [messages.result(request.number, messages.EXTENDED_ANSWER, 2, "unsupported extended operation")]

    def _bind(self, request, connection):
        answer = messages.BIND_ANSWER
        if request.password is None:
            return messages.result(request.number, answer, 7, "no SASL here")
        if request.password == b"":
            connection.bound = False
            return messages.result(request.number, answer)
        if not self._plain_binds and not isinstance(connection.stream, ssl.SSLSocket):
            return messages.result(request.number, answer, messages.STRONGER,
                                   "00002028: LdapErr: DSID-0C090202, comment: The server requires binds to turn on "
                                   "integrity checking if SSL\\TLS are not already active on the connection, data 0, v4563")
        if (request.name.lower(), request.password) != (USER, PASSWORD.encode()):
            return messages.result(request.number, answer, messages.CREDENTIALS, refused("52e"))
        connection.bound, connection.user = True, request.name
        return messages.result(request.number, answer)

    def _search(self, request, connection):
        identity = request.number
        if request.is_root:
            return [messages.entry(identity, "", self.directory.root.shown(request.attributes)),
                    messages.result(identity, messages.DONE)]
        if not connection.bound:
            return [messages.result(identity, messages.DONE, messages.OPERATIONS_ERROR, MUST_BIND)]
        found = self.directory.search(request.base, request.scope, request.filter)
        if found is None:
            return [messages.result(identity, messages.DONE, messages.NO_SUCH_OBJECT,
                                    "0000208D: NameErr: DSID-0310028C, problem 2001 (NO_OBJECT), data 0, best match of:")]
        rows = [messages.entry(identity, one.dn, one.shown(request.attributes, request.descriptors)) for one in found]
        controls = messages.paged_control() if request.page is not None else b""
        return [*rows, messages.result(identity, messages.DONE, controls=controls)]


MUST_BIND = "000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind must be " \
    "completed on the connection., data 0, v4563"


def refused(data):
    """The text of result 49, as Windows writes it."""
    return f"80090308: LdapErr: DSID-0C09042A, comment: AcceptSecurityContext error, data {data}, v4563"
