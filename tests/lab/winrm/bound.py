# A WinRM server over TLS that insists on channel binding, as with CbtHardeningLevel=Strict: MIT Kerberos as the acceptor.
# SPDX-License-Identifier: GPL-3.0-or-later
"""python3 -m lab.winrm.bound KEYTAB...: one server for each word `right` or `other` behind the key table. `other` expects
the binding to another certificate, as the server behind somebody who ends TLS in between would. Prints {word: facts}.

Samba's acceptor, which gensec.py uses, cannot check bindings; MIT's can, but must not share a process with it."""
import base64
import contextlib
import json
import ssl
import sys

from ..binding import Acceptor
from ..wire import Response
from .gate import Gate
from .server import WinrmLab

class BoundGate(Gate):
    def __init__(self, keytab):
        self.acceptor = Acceptor(keytab)

    def answer(self, request, connection):
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme == "Negotiate" and token:
            return self._leg(base64.b64decode(token), connection)
        return request.body if connection.login else self.refuse(connection)

    def _leg(self, token, connection):
        accepted = self.acceptor.accept(token)
        if not accepted:
            return self.refuse(connection)
        connection.login, answer = accepted
        return Response(200, "", [("WWW-Authenticate", f"Negotiate {base64.b64encode(answer).decode()}")])


def main():
    keytab, *words = sys.argv[1:]
    with contextlib.ExitStack() as stack:
        facts = {}
        for word in words:
            gate = BoundGate(keytab)
            lab = stack.enter_context(WinrmLab(gate=gate, tls=True))
            pem = ssl.get_server_certificate(("127.0.0.1", lab.port))
            gate.acceptor.bind_to(ssl.PEM_cert_to_DER_cert(pem) if word == "right" else b"another certificate")
            facts[word] = {"port": lab.port, "ca_file": lab.ca_file, "url": lab.url}
        print(json.dumps(facts), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
