# Clients of WinRM that know nothing of the plugins: python3-winrm, and MIT's GSSAPI by python3-gssapi.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each runs as a program of its own, so that MIT Kerberos never meets the Heimdal that Samba brings along:

python3 -m peers.winrm_clients pywinrm URL USER | gssapi URL SCHEME [USER] < PASSWORD, NEWLINE, SOAP
"""

import base64
import http.client
import re
import struct
import subprocess
import sys
import urllib.parse
from pathlib import Path

from .process import PeerMissing

PYTHON = "/usr/bin/python3"
SPNEGO, NTLM_HEADER, AES_HEADER = "1.3.6.1.5.5.2", 16, 60
# pywinrm's NTLM wants MD4, which OpenSSL 3 keeps in its legacy provider.
OPENSSL_CONF = """\
openssl_conf = all
[all]
providers = providers
[providers]
default = on
legacy = on
[on]
activate = 1
"""


def _run(domain, env, *words, password="", soap=b""):
    """The ended process: SOAP on stdout, or a complaint on stderr and a code that isn't 0."""
    return subprocess.run([*domain.inside, PYTHON, "-m", "peers.winrm_clients", *words], env=env, timeout=30,
                          capture_output=True, cwd=Path(__file__).resolve().parents[1], check=False,
                          input=password.encode() + b"\n" + soap)


def pywinrm(domain, url, user, password, soap):
    """NTLM without SPNEGO, with encrypted messages."""
    env = {**domain.env, "OPENSSL_CONF": domain.file("openssl.cnf", OPENSSL_CONF), "NO_PROXY": "*"}
    return _run(domain, env, "pywinrm", url, user, password=password, soap=soap)


def gssapi_kerberos(domain, env, url, scheme, soap):
    """Kerberos with the ticket of env, under the scheme Negotiate or Kerberos."""
    return _run(domain, env, "gssapi", url, scheme, soap=soap)


def gssapi_ntlm(domain, url, user, password, soap):
    """NTLM within SPNEGO, by gss-ntlmssp."""
    return _run(domain, domain.env, "gssapi", url, "Negotiate", user, password=password, soap=soap)


def _main_pywinrm(password, soap, url, user):
    from winrm.protocol import Protocol
    protocol = Protocol(endpoint=url, transport="ntlm", username=user, password=password, message_encryption="always")
    answer = protocol.send_message(soap)
    return answer if isinstance(answer, bytes) else answer.encode()


class GssapiConnection:
    """One TCP connection, signed in."""

    def __init__(self, url, scheme, user=None, password=None):
        import gssapi
        self._gssapi, self._scheme, self._ntlm = gssapi, scheme, bool(user)
        parts = urllib.parse.urlsplit(url)
        self._http = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
        self._path = parts.path
        flags, mechanism = gssapi.RequirementFlag, gssapi.MechType.kerberos
        if scheme == "Negotiate":
            mechanism = gssapi.OID.from_int_seq(SPNEGO)
        credentials = None
        if user:
            name = gssapi.Name(user, gssapi.NameType.user)
            credentials = gssapi.raw.acquire_cred_with_password(name, password.encode(), mechs=[mechanism]).creds
        self._context = gssapi.SecurityContext(
            name=gssapi.Name(f"WSMAN@{parts.hostname}", gssapi.NameType.hostbased_service), mech=mechanism,
            creds=credentials, usage="initiate", flags=flags.mutual_authentication | flags.confidentiality |
            flags.integrity | flags.replay_detection | flags.out_of_sequence_detection)

    def post(self, body, **headers):
        self._http.request("POST", self._path, body, {name.replace("_", "-"): text for name, text in headers.items()})
        answer = self._http.getresponse()
        return answer, answer.read()

    def sign_in(self):
        token = self._context.step(None)
        while token:
            answer, _ = self.post(b"", Authorization=f"{self._scheme} {base64.b64encode(token).decode()}")
            values = answer.headers.get_all("WWW-Authenticate") or []
            found = [value.partition(" ")[2] for value in values if value.startswith(self._scheme + " ")]
            if answer.status == 401 and not found:
                sys.exit("401: the logon was refused")
            token = self._context.step(base64.b64decode(found[0], validate=True)) if found else None
        if answer.status != 200 or not self._context.complete:
            sys.exit(f"{answer.status}, complete: {self._context.complete}")

    def _wrap(self, plain):
        """(header, ciphertext); gss-ntlmssp has no gss_wrap_iov."""
        if self._ntlm:
            sealed = self._context.wrap(plain, True).message
            return sealed[:NTLM_HEADER], sealed[NTLM_HEADER:]
        raw = self._gssapi.raw
        buffers = raw.IOV(raw.IOVBufferType.header, plain, raw.IOVBufferType.padding, std_layout=False)
        raw.wrap_iov(self._context, buffers, confidential=True)
        header, ciphertext, padding = (bytes(buffer.value or b"") for buffer in buffers)
        assert len(header) == AES_HEADER and not padding
        return header, ciphertext

    def ask(self, soap):
        """The SOAP of the answer; the framing is read strictly, too."""
        kind = "SPNEGO" if self._scheme == "Negotiate" else "Kerberos"
        protocol = f"application/HTTP-{kind}-session-encrypted"
        header, ciphertext = self._wrap(soap)
        line = b"--Encrypted Boundary"
        body = (line + b"\r\n\tContent-Type: " + protocol.encode() +
                b"\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=" + str(len(soap)).encode() +
                b"\r\n" + line + b"\r\n\tContent-Type: application/octet-stream\r\n" +
                struct.pack("<I", len(header)) + header + ciphertext + line + b"--\r\n")
        answer, text = self.post(body, Content_Type=f'multipart/encrypted;protocol="{protocol}";'
                                 'boundary="Encrypted Boundary"')
        pattern = (rb"--Encrypted Boundary\r\n\tContent-Type: %s\r\n\tOriginalContent: type=application/soap\+xml;"
                   rb"charset=UTF-8;Length=(\d+)\r\n--Encrypted Boundary\r\n\tContent-Type: application/octet-stream"
                   rb"\r\n(.*)--Encrypted Boundary--\r\n" % re.escape(protocol.encode()))
        found = re.fullmatch(pattern, text, re.DOTALL)
        if not found:
            sys.exit(f"{answer.status} without an encrypted message: {text[:200]!r}")
        size, = struct.unpack("<I", found[2][:4])
        plain = self._context.unwrap(found[2][4:]).message
        assert size == (NTLM_HEADER if self._ntlm else AES_HEADER)
        assert len(plain) == int(found[1]) == len(found[2]) - 4 - size
        return plain


def _main_gssapi(password, soap, url, scheme, user=None):
    connection = GssapiConnection(url, scheme, user, password)
    connection.sign_in()
    first = connection.ask(soap)
    connection.ask(soap)  # the sequence numbers go on
    return first


def main(words):
    kind, *words = words
    password, _, soap = sys.stdin.buffer.read().partition(b"\n")
    program = {"pywinrm": _main_pywinrm, "gssapi": _main_gssapi}[kind]
    try:
        sys.stdout.buffer.write(program(password.decode(), soap, *words))
    except ImportError as error:
        raise PeerMissing(f"{error}: install the packages python3-winrm and python3-gssapi") from None


if __name__ == "__main__":
    main(sys.argv[1:])
