# An acceptor of Kerberos sign-ins that insists on channel binding: MIT Kerberos.
# SPDX-License-Identifier: GPL-3.0-or-later
import hashlib

import gssapi
from gssapi.raw import ChannelBindings

CHANNEL_BOUND = 0x800  # GSS_C_CHANNEL_BOUND_FLAG: the client gave a binding, and it was right


class Acceptor:
    """With the keys of a key table. `binding` is what clients must be bound to."""

    def __init__(self, keytab):
        self._credentials = gssapi.Credentials(usage="accept", store={"keytab": keytab})
        self.binding = b""

    def bind_to(self, certificate):
        """RFC 5929 section 4.1, for a certificate that is signed with SHA-256."""
        self.binding = b"tls-server-end-point:" + hashlib.sha256(certificate).digest()

    def accept(self, token):
        """The context and the token to answer with; None if the binding is missing or wrong."""
        context = gssapi.SecurityContext(creds=self._credentials, usage="accept",
                                         channel_bindings=ChannelBindings(application_data=self.binding))
        try:
            answer = context.step(token)
            bound = context.complete and int(context.actual_flags) & CHANNEL_BOUND
        except gssapi.exceptions.GSSError:  # a wrong binding; it may show only when the flags are looked at
            bound = False
        return (context, answer or b"") if bound else None
