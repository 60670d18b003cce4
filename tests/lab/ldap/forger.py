# A directory server in the clear that forges its answers: it lets Kerberos in without having proved who it is.
# SPDX-License-Identifier: GPL-3.0-or-later
"""python3 -m lab.ldap.forger KEYTAB WORD...: one server for each word of WAYS. Prints {word: facts}; then, for each line
`NAME` on standard input, the counters of that server.

The directory that it shows is a healthy one. KEYTAB is used where the first tokens come from the real server, as they do
from somebody in between who passes them on: he does not get the session's keys by that."""
import contextlib
import json
import sys

import gssapi

from .. import der
from . import messages
from .server import LdapLab


def at_once(leg):
    """Success, before anything was proved."""
    return messages.SUCCESS, None


def empty_first(leg):
    """Goes on without a token, then success."""
    return (messages.IN_PROGRESS if leg.number == 1 else messages.SUCCESS), None


def empty_token(leg):
    """The same, with a token of no bytes."""
    return (messages.IN_PROGRESS, b"") if leg.number == 1 else (messages.SUCCESS, None)


def own_token(leg):
    """Sends the client's own token back, then success."""
    return (messages.IN_PROGRESS, leg.token) if leg.number == 1 else (messages.SUCCESS, None)


def passed_on(leg):
    """Passes the real server's proof on, and leaves out what would agree on a layer."""
    return (messages.IN_PROGRESS, leg.accept()) if leg.number == 1 else (messages.SUCCESS, None)


def passed_on_at_once(leg):
    """The same in one answer."""
    return messages.SUCCESS, leg.accept()


WAYS = {"at-once": at_once, "empty-first": empty_first, "empty-token": empty_token, "own-token": own_token,
        "passed-on": passed_on, "passed-on-at-once": passed_on_at_once}


class Leg:
    """One bind request: how many of them there were, and the client's token."""

    def __init__(self, number, token, keytab):
        self.number, self.token, self._keytab = number, token, keytab

    def accept(self):
        """What the real server answers."""
        credentials = gssapi.Credentials(usage="accept", store={"keytab": self._keytab})
        return gssapi.SecurityContext(creds=credentials, usage="accept").step(self.token) or b""


class Forger(LdapLab):
    def __init__(self, way, keytab):
        super().__init__(tls=None)
        self._way, self._keytab = way, keytab

    def respond(self, request, connection):
        if request.kind != "bind":
            return super().respond(request, connection)
        connection.legs = getattr(connection, "legs", 0) + 1
        code, token = self._way(Leg(connection.legs, request.token, self._keytab))
        connection.bound = True
        return [messages.result(request.number, messages.BIND_ANSWER, code,
                                more=b"" if token is None else der.tlv(0x87, token))]


def say(value):
    print(json.dumps(value), flush=True)


def main():
    keytab, *words = sys.argv[1:]
    with contextlib.ExitStack() as stack:
        labs = {word: stack.enter_context(Forger(WAYS[word], keytab)) for word in words}
        say({word: {"port": lab.port, "ca_file": None} for word, lab in labs.items()})
        for line in sys.stdin:
            say(labs[line.strip()].counters())


if __name__ == "__main__":
    main()
