# Somebody between the client and a server that encrypts: he cannot read an answer, but put one of his own in its place.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Middle("timed-out").take(connection, answer): what goes out instead. On the n-th connection it is the n-th answer, so that
one run after the other meets it at each place. Answers that tell nothing, to Release and Unsubscribe, are let through."""
import threading

from . import soap
from .faults import KINDS, Fault, fault_action, fault_body
from ..wire import Response

SOAP_TYPE = "application/soap+xml;charset=UTF-8"
STATUSES = (200, 401, 403, 404, 405, 500, 503)
PASSED = (b"/Release</", b"/Unsubscribe</")
NO_ROWS = f"<n:EnumerateResponse><w:Items/><n:EnumerationContext/><w:EndOfSequence/></n:EnumerateResponse>"
NO_KEY = soap.output(soap.WMI + "root/default/StdRegProv", "GetStringValue", [("ReturnValue", 2), ("sValue", None)])


def _envelope(body, action=soap.N + "/EnumerateResponse"):
    """Nobody in between knows the request, so the answer names none."""
    return soap.envelope(action, "", body).encode()


def _fault(kind):
    fault = Fault(kind)
    return 500, _envelope(fault_body(fault, "NDES01", False, soap.escape), fault_action(fault))


ANSWERS = {kind: _fault(kind) for kind in KINDS} | \
          {f"status-{status}": (status, b"") for status in STATUSES} | \
          {"no-rows": (200, _envelope(NO_ROWS)), "no-key": (200, _envelope(NO_KEY))}


class Middle:
    """kind: a key of ANSWERS."""

    def __init__(self, kind):
        self._status, self._body = ANSWERS[kind]
        self._lock, self._connections, self.replaced = threading.Lock(), 0, 0

    def takes(self, login, message):
        """Whether the answer to this message is his."""
        with self._lock:
            if not login.place:
                self._connections += 1
                login.place = self._connections
            if any(word in message for word in PASSED):
                return False
            login.answers += 1
            mine = login.answers == login.place
            self.replaced += mine
        return mine

    def answer(self):
        kind = [("Content-Type", SOAP_TYPE)] if self._body else []
        return Response(self._status, "", kind, self._body)
