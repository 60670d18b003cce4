# Who may enter: the ways to sign in to the WinRM server.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gate is the interface; BasicGate and CertificateGate need nothing but TLS, OpenGate lets everybody in."""
import base64
import binascii

from ..wire import Response

SOAP_TYPE = "application/soap+xml;charset=UTF-8"
MUTUAL = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"
USER = "monitor"
PASSWORD = "Lab-M0nitor-Passw0rd"


class Gate:
    """Decides about each request before anybody reads its SOAP, and seals the answers.

    One gate serves all connections of a server, each in its own thread. What belongs to a connection goes into
    `connection.login`: None at first, free for the gate, gone with the connection. `connection.server.tls` is None on
    plain HTTP; `connection.request` is the socket. The server adds the headers Server and Date to each answer.
    """
    offers = ("Negotiate", "Kerberos")   # values of WWW-Authenticate in a 401

    def answer(self, request, connection):
        """A Response is sent as it is (a 401, a leg of signing in, an empty 500); bytes are the SOAP to handle."""
        raise NotImplementedError

    def reply(self, connection, status, xml):
        """The answer to SOAP that answer() let in; here a gate that encrypts wraps it."""
        return Response(status, "", [("Content-Type", SOAP_TYPE)], xml)

    def refuse(self, connection):
        """401 with the schemes on offer."""
        return Response(401, "", [("WWW-Authenticate", offer) for offer in self.offers])


def refuse_plain():
    """What Windows answers to a message that is not encrypted: 500 without a word."""
    return Response(500, "", [])


class OpenGate(Gate):
    """Lets everybody in, which Windows never does: for tests of the operations alone."""

    def answer(self, request, connection):
        return request.body


class BasicGate(Gate):
    """Basic over TLS. On plain HTTP it is not even offered, as with AllowUnencrypted=false."""

    def __init__(self, user=USER, password=PASSWORD):
        self.user, self.password = user, password

    def answer(self, request, connection):
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        if connection.server.tls and scheme.lower() == "basic" and self._knows(text):
            return request.body
        return self.refuse(connection)

    def refuse(self, connection):
        response = super().refuse(connection)
        if connection.server.tls:
            response.headers.append(("WWW-Authenticate", 'Basic realm="WSMAN"'))
        return response

    def _knows(self, text):
        try:
            user, _, password = base64.b64decode(text, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        return user.lower() == self.user.lower() and password == self.password


class CertificateGate(Gate):
    """A client certificate, taken by TLS, and the header that says it is meant as the login."""
    offers = (MUTUAL,)

    def answer(self, request, connection):
        if connection.server.tls and connection.request.getpeercert() and \
                request.headers.get("authorization", "") == MUTUAL:
            return request.body
        return self.refuse(connection)
