# A directory server over TLS that insists on channel binding, as with LdapEnforceChannelBinding=2: MIT Kerberos as the acceptor.
# SPDX-License-Identifier: GPL-3.0-or-later
"""python3 -m lab.ldap.bound KEYTAB...: one server for each word `right` or `other` behind the key table. `other` expects
the binding to another certificate, as the server behind somebody who ends TLS in between would. Prints {word: facts}.

SASL's GSSAPI mechanism (RFC 4752) without a layer of its own. Samba 4.17 does not look at bindings."""
import contextlib
import json
import ssl
import sys

from .. import der
from ..binding import Acceptor
from . import messages
from .server import LdapLab

NO_LAYER = bytes([1, 0, 0, 0])
# What Windows says to a wrong or a missing binding.
BAD_BINDINGS = "80090346: LdapErr: DSID-0C09075A, comment: AcceptSecurityContext error, data 80090346, v4563"


class BoundLdap(LdapLab):
    def __init__(self, keytab):
        super().__init__(tls="controller")
        self.acceptor = Acceptor(keytab)

    def respond(self, request, connection):
        if request.kind != "bind" or request.mechanism != "GSSAPI":
            return super().respond(request, connection)
        code, token = self._leg(request.token, connection)
        return [messages.result(request.number, messages.BIND_ANSWER, code,
                                BAD_BINDINGS if code == messages.CREDENTIALS else "",
                                more=b"" if token is None else der.tlv(0x87, token))]

    def _leg(self, token, connection):
        """(result code, token to answer with or None)"""
        context = getattr(connection, "context", None)
        if context is None:
            return self._begin(token, connection)
        if not token:
            return messages.IN_PROGRESS, context.wrap(NO_LAYER, encrypt=False).message
        connection.bound = context.unwrap(token).message[:1] == NO_LAYER[:1]
        return (messages.SUCCESS if connection.bound else messages.CREDENTIALS), None

    def _begin(self, token, connection):
        accepted = self.acceptor.accept(token)
        if not accepted:
            return messages.CREDENTIALS, None
        connection.context, answer = accepted
        return messages.IN_PROGRESS, answer


def main():
    keytab, *words = sys.argv[1:]
    with contextlib.ExitStack() as stack:
        facts = {}
        for word in words:
            lab = stack.enter_context(BoundLdap(keytab))
            pem = ssl.get_server_certificate(("127.0.0.1", lab.port))
            lab.acceptor.bind_to(ssl.PEM_cert_to_DER_cert(pem) if word == "right" else b"another certificate")
            facts[word] = {"port": lab.port, "ca_file": lab.ca_file}
        print(json.dumps(facts), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
