# Negotiate and Kerberos with encrypted messages; Samba's gensec is the other side of the login.
# SPDX-License-Identifier: GPL-3.0-or-later
"""with WinrmLab(gate=NegotiateGate(smb_conf)) as lab: ... - inside the network of a domain controller, as its account.

Heimdal's Kerberos and Samba's NTLM accept here, so nothing is shared with MIT Kerberos and gss-ntlmssp on the other
side. Channel bindings are not checked: gensec of Samba 4.17 has no way to tell an acceptor about the TLS channel. Over
TLS messages are not encrypted, as with Windows.
"""
import base64
import binascii
import dataclasses
import os

import samba
from samba import auth, gensec
from samba.credentials import Credentials
from samba.param import LoadParm

from ..wire import Closed, Response
from .gate import BasicGate, Gate, refuse_plain
from .sealing import PROTOCOLS, BadSeal, SealFaults, content_type, pack, unpack

NTLM = b"NTLMSSP\0"
GARBAGE = b"\x60\x82\x01\x00" + bytes(range(64))
# Bytes that a signature puts in front of the ciphertext; the second one is of AES with SHA-1.
NTLM_HEADER, AES_HEADER = 16, 60
AES_TOKEN = b"\x05\x04"
# Where the client does not send signatures behind the ciphertext, it says that they were rotated to the front.
AES_ROTATED = 28


@dataclasses.dataclass(frozen=True)
class LoginFaults:
    """What goes wrong before or after signing in."""
    drop_between_legs: bool = False        # closes behind the first 401 with a token
    reset_between_requests: bool = False   # closes behind the 200 that signs in
    no_final_token: bool = False           # signs in without the last token, which would prove the server
    token_loop: bool = False               # 401 with the same token for ever
    garbage_token: bool = False            # 401 with a token that means nothing
    invalid_base64: bool = False           # 401 with a token that is none
    plain_reply: bool = False              # answers an encrypted message with plain SOAP


class Domain:
    """The account of the domain controller, as which the server accepts logins."""

    def __init__(self, smb_conf):
        self._parameters = LoadParm()
        self._parameters.load(str(smb_conf))
        self._account = Credentials()
        self._account.guess(self._parameters)
        self._account.set_machine_account(self._parameters)
        self._accounts = auth.AuthContext(lp_ctx=self._parameters)

    def accept(self, mechanism):
        """A security context that waits for the client's first token."""
        settings = {"lp_ctx": self._parameters, "target_hostname": "localhost"}
        context = gensec.Security.start_server(settings=settings, auth_context=self._accounts)
        context.set_credentials(self._account)
        context.want_feature(gensec.FEATURE_SEAL)
        context.start_mech_by_name(mechanism)
        return context


class Login:
    """What one connection knows of its client; finished once somebody is signed in."""

    def __init__(self, domain, scheme, token):
        self.scheme, self.finished, self.last_token = scheme, False, b""
        self.ntlm = token.startswith(NTLM)
        if self.ntlm and scheme == "kerberos":
            raise ValueError("NTLM under the scheme Kerberos")
        plain = "ntlmssp" if self.ntlm else "gssapi_krb5"
        self._context = domain.accept("spnego" if scheme == "negotiate" and not self.ntlm else plain)

    def step(self, token):
        self.finished, self.last_token = self._context.update(token)

    @property
    def user(self):
        return self._context.session_info().info.account_name

    def unseal(self, request):
        header, ciphertext, length = unpack(request, self.scheme)
        _check_header(header)
        try:
            plain = self._context.unwrap(header + ciphertext)
        except samba.NTSTATUSError as error:
            raise BadSeal(f"unwrap: {error.args[1]}") from None
        if len(plain) != length:
            raise BadSeal(f"Length={length}, but {len(plain)} bytes came out")
        return plain

    def seal(self, xml, faults):
        return pack(self._context.wrap(xml), len(xml), self.scheme, faults)


def _check_header(header):
    """That it was cut off where Windows cuts it."""
    if header[:2] == AES_TOKEN:
        rotated = int.from_bytes(header[6:8], "big")
        if (len(header), rotated) != (AES_HEADER, AES_ROTATED):
            raise BadSeal(f"AES header of {len(header)} bytes, rotated by {rotated}")
    elif len(header) != NTLM_HEADER and header[:1] != b"\x60":
        raise BadSeal(f"NTLM header of {len(header)} bytes")


class NegotiateGate(Gate):
    """Signs in by Negotiate (SPNEGO, bare NTLM, bare Kerberos) and by Kerberos.

    offers   any of Negotiate, Kerberos and Basic, the values of WWW-Authenticate; Basic enters over TLS only
    faults   the names of LoginFaults and SealFaults as keywords, each True or False

    users        accounts that signed in, in their order
    tokens       how many tokens came from clients
    refusals     how many of them did not lead to a login
    complaints   what was wrong with messages that should be encrypted; these get 400, plain SOAP gets an empty 500
    """

    def __init__(self, smb_conf, offers=("Negotiate", "Kerberos"), **faults):
        sealing = {field.name for field in dataclasses.fields(SealFaults)}
        self.seal_faults = SealFaults(**{name: on for name, on in faults.items() if name in sealing})
        self.faults = LoginFaults(**{name: on for name, on in faults.items() if name not in sealing})
        self.offers = ['Basic realm="WSMAN"' if offer == "Basic" else offer for offer in offers]
        self.users, self.tokens, self.refusals, self.complaints = [], 0, 0, []
        self._schemes = {offer.lower() for offer in offers} & set(PROTOCOLS)
        self._basic = BasicGate() if "Basic" in offers else None
        self._domain = Domain(smb_conf)

    @staticmethod
    def arguments(_lab):
        """Of a plugin whose environment has a ticket."""
        return ["--auth=kerberos"]

    def answer(self, request, connection):
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() in self._schemes:
            return self._leg(request, connection, scheme, text)
        if self._basic and isinstance(entered := self._basic.answer(request, connection), bytes):
            return entered
        if scheme or not (connection.login and connection.login.finished):
            return self.refuse(connection)
        return self._read(request, connection)

    def refuse(self, connection):
        connection.login = None
        return super().refuse(connection)

    def reply(self, connection, status, xml):
        login = connection.login
        if connection.server.tls or not login or self.faults.plain_reply:
            response = super().reply(connection, status, xml)
        else:
            body = login.seal(xml, self.seal_faults)
            response = Response(status, "", [("Content-Type", content_type(login.scheme))], body)
        if login and login.last_token:  # of a login that brought SOAP along
            response.headers.append(self._challenge(login.scheme, login.last_token))
            login.last_token = b""
        return response

    def _read(self, request, connection):
        """The SOAP of somebody who is signed in."""
        sealed = request.headers.get("content-type", "").lower().startswith("multipart/encrypted")
        if connection.server.tls and not sealed:
            return request.body
        if not sealed:
            return refuse_plain()
        try:
            if connection.server.tls:
                raise BadSeal("encrypted although there is TLS")
            return connection.login.unseal(request)
        except BadSeal as complaint:
            self.complaints.append(str(complaint))
            return Response(400, "", [])

    def _leg(self, request, connection, scheme, text):
        """A token of the client."""
        self.tokens += 1
        trick = self._trick(scheme)
        if trick:
            return trick
        try:
            token = base64.b64decode(text.strip(), validate=True)
            if connection.login is None or connection.login.finished:
                connection.login = Login(self._domain, scheme.lower(), token)
            connection.login.step(token)
        except (binascii.Error, ValueError, samba.NTSTATUSError):
            self.refusals += 1
            return self.refuse(connection)
        if not connection.login.finished:
            return self._ask_on(request, connection, scheme)
        return self._enter(request, connection, scheme)

    def _trick(self, scheme):
        """The 401 of a server that never means to let anybody in."""
        if self.faults.invalid_base64:
            return Response(401, "", [("WWW-Authenticate", f"{scheme} *no=base64*")])
        if self.faults.token_loop or self.faults.garbage_token:
            token = GARBAGE if self.faults.token_loop else os.urandom(64)
            return Response(401, "", [self._challenge(scheme, token)])
        return None

    def _ask_on(self, request, connection, scheme):
        response = Response(401, "", [self._challenge(scheme, connection.login.last_token)])
        if self.faults.drop_between_legs:
            connection.send(response, request)
            raise Closed
        return response

    def _enter(self, request, connection, scheme):
        login = connection.login
        self.users.append(login.user)
        if self.faults.no_final_token:
            login.last_token = b""
        if request.body:
            return self._read(request, connection)
        headers = [self._challenge(scheme, login.last_token)] if login.last_token else []
        login.last_token = b""
        response = Response(200, "", headers)
        if self.faults.reset_between_requests:
            connection.send(response, request)
            raise Closed
        return response

    @staticmethod
    def _challenge(scheme, token):
        return "WWW-Authenticate", f"{scheme} {base64.b64encode(token).decode()}"


def default_gate():
    """For `python3 -m lab.winrm --gate negotiate`: NDES_LAB_SMB_CONF names smb.conf of the domain controller."""
    if "NDES_LAB_SMB_CONF" not in os.environ:
        raise ValueError("the gate negotiate needs NDES_LAB_SMB_CONF, the smb.conf of a domain controller")
    return NegotiateGate(os.environ["NDES_LAB_SMB_CONF"])
