# The lab's HTTP plumbing: one thread per connection, keep-alive, TLS, counters.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Server(application) answers each request with application.answer(request, connection) -> Response."""
import collections
import dataclasses
import errno
import socket
import socketserver
import ssl
import sys
import threading
import urllib.parse

HEAD_MAX = 1 << 20
BODY_MAX = 30_000_000
IDLE_SECONDS = 60
NO_HTTP = (b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html; charset=us-ascii\r\nServer: Microsoft-HTTPAPI/2.0\r\n"
           b"Connection: close\r\nContent-Length: 35\r\n\r\n<h2>Bad Request - Invalid Verb</h2>")


@dataclasses.dataclass
class Request:
    method: str
    target: str
    headers: dict
    head_size: int
    body: bytes = b""

    @property
    def path(self):
        """Lower case, because IIS does not distinguish."""
        return urllib.parse.unquote(self.target.split("?", 1)[0], "latin-1").lower()

    @property
    def query(self):
        return self.target.partition("?")[2]

    def parameter(self, name):
        """A query parameter; names are compared without regard to case. None if absent."""
        pairs = urllib.parse.parse_qsl(self.query, keep_blank_values=True, encoding="latin-1")
        return next((value for key, value in pairs if key.lower() == name), None)


@dataclasses.dataclass
class Response:
    status: int
    reason: str
    headers: list
    body: bytes = b""
    close: bool = False
    drip: float = 0      # pause after each byte of the body


class Counters:
    """What the server saw; readable while it runs."""

    def __init__(self):
        self._lock = threading.Lock()
        self.connections = 0
        self.handshakes = 0
        self.minted = 0
        self.requests = collections.Counter()

    def add(self, field):
        with self._lock:
            setattr(self, field, getattr(self, field) + 1)

    def request(self, request):
        """Key: path, and the operation if there is one: '/certsrv/mscep/mscep.dll GetCACaps'."""
        operation = request.parameter("operation")
        with self._lock:
            self.requests[f"{request.path} {operation}" if operation else request.path] += 1

    def as_dict(self):
        with self._lock:
            return {"connections": self.connections, "handshakes": self.handshakes, "minted": self.minted,
                    "requests": dict(self.requests)}


class Closed(Exception):
    """The peer is gone, or there is nothing more to say to it."""


def is_disconnect(error):
    """Whether the peer just went away, or the lab is ending; anything else is a fault of the lab itself."""
    return isinstance(error, (ConnectionError, TimeoutError, ssl.SSLError)) or \
        isinstance(error, OSError) and error.errno in (errno.ENOTCONN, errno.EBADF)


def raise_all(errors):
    """What went wrong in the threads of a lab fails the test that uses it."""
    if errors:
        raise ExceptionGroup("the lab failed", errors)


class Connection(socketserver.BaseRequestHandler):
    """One TCP connection. `login` is free for the application's state that is bound to the connection."""

    def setup(self):
        self.server.counters.add("connections")
        self.login = None
        self.buffer = b""
        self.stopping = self.server.stopping
        self.request.settimeout(IDLE_SECONDS)
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def handle(self):
        try:
            if self.server.tls:
                self.handshake()
            while not self.stopping.is_set():
                request = self.read_request()
                self.server.counters.request(request)
                response = self.server.application.answer(request, self)
                self.send(response, request)
                if response.close or request.headers.get("connection", "").lower() == "close":
                    self.linger()
                    return
        except Closed:
            pass
        except Exception as error:  # kept before the socket closes: the test may look at once
            self.server.failed(error)

    def handshake(self):
        self.request = self.server.tls.wrap_socket(self.request, server_side=True, do_handshake_on_connect=False)
        try:
            self.request.do_handshake()
        except ssl.SSLError:
            self.linger()  # the client shall see the alert, not a reset
            raise
        self.server.counters.add("handshakes")

    def finish(self):
        try:
            self.request.close()
        except OSError:
            pass

    def receive(self):
        data = self.request.recv(65536)
        if not data:
            raise Closed
        self.buffer += data

    def read_request(self):
        while b"\r\n\r\n" not in self.buffer:
            if len(self.buffer) > HEAD_MAX:
                raise Closed
            self.receive()
            if not self.buffer[:1].isalpha():
                self.request.sendall(NO_HTTP)
                self.linger()
                raise Closed
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        line, *fields = head.decode("latin-1").split("\r\n")
        words = line.split(" ")
        if len(words) != 3:
            raise Closed
        headers = {}
        for field in fields:
            key, _, value = field.partition(":")
            headers[key.strip().lower()] = value.strip()
        request = Request(words[0], words[1], headers, len(head) + 4)
        request.body = self.read_body(headers)
        return request

    def read_body(self, headers):
        text = headers.get("content-length", "0")
        size = int(text) if text.isascii() and text.isdigit() else BODY_MAX + 1
        if size > BODY_MAX:
            raise Closed
        if headers.get("expect", "").lower() == "100-continue":
            self.request.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        while len(self.buffer) < size:
            self.receive()
        body, self.buffer = self.buffer[:size], self.buffer[size:]
        return body

    def send(self, response, request):
        lines = [f"HTTP/1.1 {response.status} {response.reason}"]
        lines += [f"{key}: {value}" for key, value in response.headers]
        lines.append(f"Content-Length: {len(response.body)}")
        if response.close:
            lines.append("Connection: close")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        body = b"" if request.method == "HEAD" else response.body
        if not response.drip:
            self.request.sendall(head + body)
            return
        self.request.sendall(head)
        for position in range(len(body)):
            if self.stopping.wait(response.drip):
                raise Closed
            self.request.sendall(body[position:position + 1])

    def wait(self, seconds):
        """Sleep, but not longer than the lab lives."""
        if seconds and self.stopping.wait(seconds):
            raise Closed

    def linger(self):
        """Let the peer read the last answer although it may still be sending: no reset."""
        self.request.shutdown(socket.SHUT_WR)
        self.request.settimeout(1)
        for _ in range(64):
            if not self.request.recv(65536):
                return


class Server(socketserver.ThreadingTCPServer):
    """Bound to 127.0.0.1 when made; serves between start() and stop()."""
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Connection)
        self.counters = Counters()
        self.stopping = threading.Event()
        self.application = None
        self.tls = None
        self.errors = []
        self._thread = None

    @property
    def port(self):
        return self.server_address[1]

    def start(self, application, tls=None):
        self.application, self.tls = application, tls
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self):
        self.stopping.set()
        if self._thread:
            self.shutdown()
            self._thread.join()
        self.server_close()

    def failed(self, error):
        """Keeps what went wrong in a thread."""
        if not is_disconnect(error):
            self.errors.append(error)

    def handle_error(self, request, client_address):
        self.failed(sys.exc_info()[1])

    def shutdown_request(self, request):
        """The connection closes itself: TLS may have replaced the socket."""
