# Windows authentication as IIS offers it: NTLM, and Negotiate with Kerberos or a bare NTLM message in it.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Login is the state of one connection: Windows authentication belongs to the connection, not to the request."""
import base64
import binascii
import os
import struct
import time

from impacket import ntlm

USER = "ndesadmin"
DOMAIN = "LAB"
DNS_DOMAIN = "lab.test"
PASSWORD = "Lab-Passw0rd-1"
HOST = "NDES01"
EPOCH_1601 = 11644473600


class Login:
    def __init__(self, offers):
        self.offers = offers
        self.user = None
        self._challenge = None
        self._kerberos = None

    def check(self, header):
        """(signed in, WWW-Authenticate values for the 401)"""
        if self.user:
            return True, []
        scheme, _, token = (header or "").partition(" ")
        scheme = scheme.lower()
        if scheme not in [offer.split(" ")[0].lower() for offer in self.offers]:
            return False, list(self.offers)
        try:
            data = base64.b64decode(token.strip(), validate=True)
        except (binascii.Error, ValueError):
            return False, list(self.offers)
        if scheme == "basic":
            self._basic(data)
            answer = None
        elif data.startswith(b"NTLMSSP\0"):
            answer = self._ntlm(data)
        else:
            answer = self._negotiate(data) if scheme == "negotiate" else None
        if answer and not self.user:
            name = "Negotiate" if scheme == "negotiate" else "NTLM"
            return False, [f"{name} {base64.b64encode(answer).decode()}"]
        return bool(self.user), list(self.offers)

    def _basic(self, data):
        if data.decode("utf-8", "replace") in (f"{USER}:{PASSWORD}", f"{DOMAIN}\\{USER}:{PASSWORD}"):
            self.user = USER

    def _ntlm(self, data):
        """The type 2 message for a type 1; None after a type 3, which signs in or does not."""
        kind = struct.unpack("<I", data[8:12])[0] if len(data) >= 12 else 0
        if kind == 1:
            self._challenge = os.urandom(8)
            return type2(self._challenge)
        if kind == 3 and self._challenge:
            self.user = verify_type3(data, self._challenge)
            self._challenge = None
        return None

    def _negotiate(self, data):
        """Kerberos, if KRB5_KTNAME names a key table for HTTP/<host>."""
        if not os.environ.get("KRB5_KTNAME"):
            return None
        import gssapi  # only where it is asked for
        try:
            if self._kerberos is None:
                self._kerberos = gssapi.SecurityContext(creds=gssapi.Credentials(usage="accept"), usage="accept")
            answer = self._kerberos.step(data)
            if self._kerberos.complete:
                self.user = str(self._kerberos.initiator_name)
            return answer
        except gssapi.exceptions.GSSError:
            self._kerberos = None
            return None


def type2(challenge):
    pairs = ntlm.AV_PAIRS()
    pairs[ntlm.NTLMSSP_AV_DOMAINNAME] = DOMAIN.encode("utf-16-le")
    pairs[ntlm.NTLMSSP_AV_HOSTNAME] = HOST.encode("utf-16-le")
    pairs[ntlm.NTLMSSP_AV_DNS_DOMAINNAME] = DNS_DOMAIN.encode("utf-16-le")
    pairs[ntlm.NTLMSSP_AV_DNS_HOSTNAME] = f"{HOST}.{DNS_DOMAIN}".lower().encode("utf-16-le")
    pairs[ntlm.NTLMSSP_AV_TIME] = struct.pack("<Q", int((time.time() + EPOCH_1601) * 10_000_000))
    message = ntlm.NTLMAuthChallenge()
    message["flags"] = (ntlm.NTLMSSP_NEGOTIATE_UNICODE | ntlm.NTLMSSP_NEGOTIATE_NTLM | ntlm.NTLMSSP_REQUEST_TARGET
                        | ntlm.NTLMSSP_TARGET_TYPE_DOMAIN | ntlm.NTLMSSP_NEGOTIATE_TARGET_INFO
                        | ntlm.NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY | ntlm.NTLMSSP_NEGOTIATE_VERSION
                        | ntlm.NTLMSSP_NEGOTIATE_128)
    message["challenge"] = challenge
    message["Version"] = struct.pack("<BBHBBBB", 10, 0, 20348, 0, 0, 0, 15)
    message["VersionLen"] = 8
    target, info = DOMAIN.encode("utf-16-le"), pairs.getData()
    message["domain_len"] = message["domain_max_len"] = len(target)
    message["domain_offset"] = 56
    message["domain_name"] = target
    message["TargetInfoFields_len"] = message["TargetInfoFields_max_len"] = len(info)
    message["TargetInfoFields"] = info
    message["TargetInfoFields_offset"] = 56 + len(target)
    return message.getData()


def field(data, position):
    size, _, offset = struct.unpack("<HHI", data[position:position + 8])
    return data[offset:offset + size]


def verify_type3(data, challenge):
    """The user's name if the NTLMv2 response is right, else None."""
    try:
        response, domain, user = (field(data, position) for position in (20, 28, 36))
        domain, user = domain.decode("utf-16-le"), user.decode("utf-16-le")
    except (struct.error, UnicodeDecodeError):
        return None
    account, _, suffix = user.partition("@")
    known = account.lower() == USER and (suffix or domain).lower() in ("", DOMAIN.lower(), DNS_DOMAIN)
    if not known or len(response) <= 16:
        return None
    key = ntlm.NTOWFv2(user, PASSWORD, domain)
    return USER if ntlm.hmac_md5(key, challenge + response[16:]) == response[:16] else None
