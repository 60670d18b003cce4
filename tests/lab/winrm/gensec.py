# Signs clients in by Negotiate and Kerberos with Samba as the acceptor, and encrypts messages as WinRM does.
# SPDX-License-Identifier: GPL-3.0-or-later
"""NegotiateGate needs python3-samba, the smb.conf of a domain controller, and that controller running in the same
network. Samba's acceptor is Heimdal's Kerberos and Samba's own NTLM: nothing of it is in the plugins. It cannot check
channel bindings (Samba 4.17 has no binding for that in Python), so over TLS those are sent but not looked at."""
import base64
import binascii
import dataclasses
import struct

from samba import auth, gensec
from samba.credentials import Credentials
from samba.param import LoadParm

from ..wire import Closed, Response
from .gate import Gate, refuse_plain

PROTOCOLS = {"Negotiate": "application/HTTP-SPNEGO-session-encrypted",
             "Kerberos": "application/HTTP-Kerberos-session-encrypted"}
BINARY = b"\tContent-Type: application/octet-stream\r\n"
GARBAGE = base64.b64encode(b"this is no token at all").decode()
NTLM = b"NTLMSSP\0"
NTLM_HEADER, AES_HEADER = 16, 60
AES_TOKEN = b"\x05\x04"
# Windows takes header and data apart, so the signatures behind the data must have been rotated to the front.
AES_ROTATED = 28


@dataclasses.dataclass
class Login:
    """What a connection has come to."""
    context: object
    scheme: str
    done: bool = False
    headers: list = dataclasses.field(default_factory=list)   # of a last token that is still to be sent


class Malformed(Exception):
    """A message that no WinRM client sends: a fault of the plugin under test."""


def _check_header(header):
    """That it ends where Windows expects it to. Samba would not care."""
    if header[:2] != AES_TOKEN:
        if len(header) != NTLM_HEADER:
            raise Malformed(f"NTLM header of {len(header)} bytes")
    elif (len(header), int.from_bytes(header[6:8], "big")) != (AES_HEADER, AES_ROTATED):
        raise Malformed(f"AES header of {len(header)} bytes, rotated by {int.from_bytes(header[6:8], 'big')}")


class NegotiateGate(Gate):
    """fault: none, or one of

    drop-between-legs  closes the connection after the first token
    token-loop         the same garbage for ever, as a token
    bad-base64         a token that is no base64
    blank-token        the header line with the token is the first one, and begins with a blank
    no-final-token     200, but the token that proves the server is missing
    wrong-length       Length in the framing is too large
    wrong-header       the header of the ciphertext is said to be 4 GiB long
    garbled            a bit of the ciphertext is another one
    plain-reply        an encrypted request is answered in the clear
    spaced-boundary    `-- Encrypted Boundary`, as old servers write it
    plain-error        the same with status 500 in place of 200
    closes             closes the connection after signing in, before the first message
    forgets            401 to the first message, although the sign-in was taken
    empty-error        500 without a body to an encrypted message
    too-large          400 to any token, as HTTP.sys does beyond MaxFieldLength
    bare-401           401 without a word on schemes to a token
    """

    def __init__(self, smb_conf, offers=("Negotiate", "Kerberos"), fault=None):
        self.offers, self.fault = tuple(offers), fault
        self._settings = LoadParm()
        self._settings.load(str(smb_conf))
        directory = str(smb_conf).rpartition("/etc/")[0]
        self._settings.set("ncalrpc dir", f"{directory}/ncalrpc")
        self._settings.set("pid directory", f"{directory}/run")
        self._machine = Credentials()
        self._machine.guess(self._settings)
        self._machine.set_machine_account(self._settings)
        self._accounts = auth.AuthContext(lp_ctx=self._settings)

    def answer(self, request, connection):
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if token:
            return self._leg(scheme, token, request, connection)
        login = connection.login
        if not login or not login.done:
            return self.refuse(connection)
        if self.fault == "closes":
            raise Closed
        if self.fault == "forgets":
            return self.refuse(connection)
        if self.fault == "empty-error":
            return refuse_plain()
        return self._read(request, connection)

    def _read(self, request, connection):
        """The SOAP of somebody who is signed in."""
        if connection.server.tls:
            return request.body
        if not request.headers.get("content-type", "").startswith("multipart/encrypted"):
            return refuse_plain()
        sealed, length = self._unframe(request, connection.login)
        plain = connection.login.context.unwrap(sealed)
        if len(plain) != length:
            raise Malformed(f"Length {length}, but {len(plain)} bytes came out")
        return plain

    def reply(self, connection, status, xml):
        response = self._reply(connection, status, xml)
        response.headers += connection.login.headers
        connection.login.headers = []
        return response

    def _reply(self, connection, status, xml):
        if connection.server.tls or self.fault in ("plain-reply", "plain-error"):
            return super().reply(connection, 500 if self.fault == "plain-error" else status, xml)
        login = connection.login
        sealed = login.context.wrap(xml)
        header = len(sealed) - len(xml)
        if self.fault == "garbled":
            sealed = sealed[:-1] + bytes([sealed[-1] ^ 1])
        protocol = PROTOCOLS[login.scheme]
        return Response(status, "", [("Content-Type", f'multipart/encrypted;protocol="{protocol}";'
                                      'boundary="Encrypted Boundary"')],
                        self._frame(protocol, sealed, header, len(xml)))

    # Signing in

    def _leg(self, scheme, token, request, connection):
        if scheme not in self.offers or scheme not in PROTOCOLS:
            return self.refuse(connection)
        if self.fault == "token-loop":
            return Response(401, "", [("WWW-Authenticate", f"{scheme} {GARBAGE}")])
        if self.fault in ("too-large", "bare-401"):
            return Response(400 if self.fault == "too-large" else 401, "", [])
        if self.fault == "bad-base64":
            return Response(401, "", [("WWW-Authenticate", f"{scheme} !!!not=base64")])
        try:
            data = base64.b64decode(token, validate=True)
        except binascii.Error as error:
            raise Malformed(f"no base64: {token[:40]}") from error
        if scheme == "Kerberos" and data.startswith(NTLM):
            return self.refuse(connection)
        if connection.login is None or connection.login.done:
            connection.login = Login(self._accept(scheme, data, connection.server.tls), scheme)
        login = connection.login
        try:
            login.done, out = login.context.update(data)
        except Exception:  # NTSTATUS: whatever is wrong, Windows says 401 and no more
            connection.login = None
            return self.refuse(connection)
        name = " WWW-Authenticate" if self.fault == "blank-token" else "WWW-Authenticate"
        headers = [(name, f"{scheme} {base64.b64encode(out).decode()}")] if out else []
        if not login.done:
            return Response(401, "", headers, close=self.fault == "drop-between-legs")
        headers = [] if self.fault == "no-final-token" else headers
        if not request.body:
            return Response(200, "", headers)
        login.headers = headers  # a client may bring SOAP along with its last token
        return self._read(request, connection)

    def _accept(self, scheme, token, tls):
        """An acceptor with the machine account of the domain controller."""
        context = gensec.Security.start_server(
            settings={"lp_ctx": self._settings, "target_hostname": "localhost"}, auth_context=self._accounts)
        context.set_credentials(self._machine)
        if not tls:
            context.want_feature(gensec.FEATURE_SEAL)
        bare = "gssapi_krb5" if scheme == "Kerberos" else "spnego"
        context.start_mech_by_name("ntlmssp" if token.startswith(NTLM) else bare)
        return context

    # Framing (MS-WSMV 2.2.9.1)

    @staticmethod
    def _unframe(request, login):
        """Header with ciphertext, and Length, of a request, whose framing must be exact."""
        protocol = PROTOCOLS[login.scheme]
        kind = request.headers["content-type"].replace("; ", ";")
        if kind != f'multipart/encrypted;protocol="{protocol}";boundary="Encrypted Boundary"':
            raise Malformed(kind)
        head, mark, rest = request.body.partition(b"--Encrypted Boundary\r\n" + BINARY)
        start = f"--Encrypted Boundary\r\n\tContent-Type: {protocol}\r\n" \
            "\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length="
        text = head.decode("ascii", "replace")
        if not mark or not text.startswith(start) or not text.endswith("\r\n"):
            raise Malformed(text)
        length, header = int(text[len(start):]), struct.unpack("<I", rest[:4])[0]
        if rest[4 + header + length:] != b"--Encrypted Boundary--\r\n":
            raise Malformed(f"Length {length}, header {header}, {len(rest)} bytes")
        _check_header(rest[4:4 + header])
        return rest[4:4 + header + length], length

    def _frame(self, protocol, sealed, header, length):
        dashes = "-- " if self.fault == "spaced-boundary" else "--"
        length += 100 if self.fault == "wrong-length" else 0
        header = 0xffffffff if self.fault == "wrong-header" else header
        head = f"{dashes}Encrypted Boundary\r\n\tContent-Type: {protocol}\r\n" \
            f"\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length={length}\r\n" \
            f"{dashes}Encrypted Boundary\r\n"
        return head.encode() + BINARY + struct.pack("<I", header) + sealed + \
            f"{dashes}Encrypted Boundary--\r\n".encode()
