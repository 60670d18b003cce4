# An NDES password page behind NTLM; messages and verification of the login are python3-impacket's.
# SPDX-License-Identifier: GPL-3.0-or-later
"""impacket's own servers only relay or speak SMB, so the HTTP around its SMB server's NTLMv2 verifier is here."""

import base64
import contextlib
import os
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .ndes_files import CAPS, make_ndes_files
from .process import PeerMissing, work_directory

DOMAIN = "LAB"
USER = "user1"
PASSWORD = "Passw0rd-ntlm"

_MSCEP = "/certsrv/mscep/mscep.dll"
_ADMIN = "/certsrv/mscep_admin/"


def _impacket():
    try:
        from impacket import ntlm, smbserver
    except ImportError as error:
        raise PeerMissing(f"impacket is missing ({error}): install the package 'python3-impacket'") from None
    return ntlm, smbserver


def _challenge(ntlm):
    """The type 2 message, with the target information that NTLMv2 needs."""
    pairs = ntlm.AV_PAIRS()
    pairs[ntlm.NTLMSSP_AV_HOSTNAME] = pairs[ntlm.NTLMSSP_AV_DNS_HOSTNAME] = "PEER01".encode("utf-16-le")
    pairs[ntlm.NTLMSSP_AV_DOMAINNAME] = pairs[ntlm.NTLMSSP_AV_DNS_DOMAINNAME] = DOMAIN.encode("utf-16-le")
    message = ntlm.NTLMAuthChallenge()
    message["flags"] = (ntlm.NTLMSSP_NEGOTIATE_UNICODE | ntlm.NTLMSSP_NEGOTIATE_NTLM | ntlm.NTLMSSP_NEGOTIATE_128
                        | ntlm.NTLMSSP_NEGOTIATE_TARGET_INFO | ntlm.NTLMSSP_NEGOTIATE_VERSION
                        | ntlm.NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY)
    target, info = DOMAIN.encode("utf-16-le"), pairs.getData()
    message["challenge"] = os.urandom(8)
    message["domain_len"] = message["domain_max_len"] = len(target)
    message["domain_offset"] = 40 + 16
    message["domain_name"] = target
    message["TargetInfoFields_len"] = message["TargetInfoFields_max_len"] = len(info)
    message["TargetInfoFields_offset"] = 40 + 16 + len(target)
    message["TargetInfoFields"] = info
    message["Version"] = b"\xff" * 8
    message["VersionLen"] = 8
    return message


class NtlmLogin:
    """The login of one connection."""

    def __init__(self):
        self.ntlm, self.smbserver = _impacket()
        self.negotiate = self.challenge = None
        self.user = self.domain = ""

    def step(self, token):
        """Takes a message of the client: returns (accepted, the answer or nothing)."""
        if token[:8] != b"NTLMSSP\0":
            return False, b""
        if token[8] == 1:
            self.negotiate = self.ntlm.NTLMAuthNegotiate()
            self.negotiate.fromString(token)
            self.challenge = _challenge(self.ntlm)
            return False, self.challenge.getData()
        return self._verify(token), b""

    def _verify(self, token):
        if self.challenge is None:
            return False
        answer = self.ntlm.NTLMAuthChallengeResponse()
        answer.fromString(token)
        self.user = answer["user_name"].decode("utf-16-le")
        self.domain = answer["domain_name"].decode("utf-16-le")
        status, _ = self.smbserver.computeNTLMv2(self.user, self.ntlm.compute_lmhash(PASSWORD),
                                                 self.ntlm.compute_nthash(PASSWORD), self.challenge["challenge"],
                                                 answer, self.challenge, self.negotiate)
        self.challenge = None
        return status == self.smbserver.STATUS_SUCCESS and self.user.lower() == USER


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet per answer
    server_version = "Peer"

    def setup(self):
        super().setup()
        self.login, self.accepted = NtlmLogin(), False

    def log_message(self, *words):
        """Quiet: the tests read the peer's own record."""

    def answer(self, status, body=b"", kind="text/html", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path == _ADMIN:
            return self.admin_page()
        operation = urllib.parse.parse_qs(query).get("operation", [""])[0]
        if path != _MSCEP:
            return self.answer(404)
        if operation == "GetCACaps":
            return self.answer(200, CAPS.encode(), "text/plain")
        if operation == "GetCACert":
            return self.answer(200, self.server.files.certificates.read_bytes(), "application/x-x509-ca-ra-cert")
        return self.answer(403, b"403 - Forbidden")

    def admin_page(self):
        scheme, _, text = self.headers.get("Authorization", "").partition(" ")
        if scheme in self.server.schemes:
            self.accepted, reply = self.login.step(base64.b64decode(text))
            if reply:
                token = f"{scheme} {base64.b64encode(reply).decode()}"
                return self.answer(401, headers=[("WWW-Authenticate", token)])
            if self.login.user:
                self.server.logins.append((self.login.domain, self.login.user, self.accepted))
        if not self.accepted:
            return self.answer(401, headers=[("WWW-Authenticate", name) for name in self.server.schemes])
        self.server.passwords_shown += 1
        return self.answer(200, self.server.files.page.read_bytes())


class NtlmServer(ThreadingHTTPServer):
    """Remembers each login as (domain, user, accepted) and counts the pages with a password."""

    daemon_threads = True

    def __init__(self, files, schemes):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files, self.schemes = files, schemes
        self.logins, self.passwords_shown = [], 0
        base = f"http://127.0.0.1:{self.server_address[1]}"
        self.url, self.admin_url = base + _MSCEP, base + _ADMIN


@contextlib.contextmanager
def ntlm_server(schemes=("NTLM",)):
    """Offers the schemes; behind Negotiate it takes plain NTLM messages only, as IIS does without Kerberos."""
    _impacket()
    with work_directory("ntlm") as directory, NtlmServer(make_ndes_files(directory), schemes) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
