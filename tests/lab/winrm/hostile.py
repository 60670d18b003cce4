# WinRM servers that misbehave: what a plugin must survive, and what it must say.
# SPDX-License-Identifier: GPL-3.0-or-later
"""ROWS is the table; with HostileWinrm("endless-pulls") as lab: lab.arguments(), lab.row.verdict(plugin, findings)"""
import dataclasses
from typing import Callable

from ..scenario import compare, critical, patience, unknown
from . import hostile_answers as answers
from . import soap
from .faults import Fault
from .server import WinrmLab

TOO_MUCH = (unknown("ndes-winrm-toolarge"),)
TIMEOUT = (critical("ndes-winrm-timeout"),)
MISSING = (unknown("ndes-winrm-missing"),)
FAULT = (unknown("ndes-winrm-fault"),)
BROKEN = (unknown("ndes-winrm-broken"),)
LOGON = (unknown("ndes-winrm-logon"),)
ENUMERATION = ("Enumerate", "Pull")
PLUGINS = ("check_ndes_apppool", "check_ndes_connector")


@dataclasses.dataclass(frozen=True)
class Hostile:
    """expected: the findings of every plugin that gets the answer; by_plugin: of one that says something else.
    on: last parts of the actions to misbehave at; empty: at all. after: so many right answers come first.
    plugins: those that ask such a thing."""
    name: str
    about: str
    answer: Callable          # gets an Answering; gives the body of a 200, or a Response
    expected: tuple = ()
    on: tuple = ()
    after: int = 0
    plugins: tuple = PLUGINS
    by_plugin: dict = dataclasses.field(default_factory=dict)

    def verdict(self, plugin, findings):
        """Complaints about the (ID, STATE) pairs that the plugin reported; empty if right."""
        return compare(self.by_plugin.get(plugin, self.expected), findings)


def later(name, about, answer):
    """Header lines of answers on a connection that is already in use."""
    return Hostile(name, about, answer, BROKEN, after=1)


ROWS = (
    # without end
    Hostile("endless-pulls", "every Pull gives one row and a new context", answers.endless_pulls, TOO_MUCH,
            ENUMERATION),
    Hostile("endless-rows", "every Pull gives 500 rows and a new context", answers.endless_rows, TOO_MUCH, ENUMERATION),
    Hostile("same-context", "no rows, no end, always the same context", answers.same_context, TOO_MUCH, ENUMERATION),
    Hostile("endless-body", "a body without end", answers.endless_body, TOO_MUCH),
    Hostile("large-property", "a property of 50 MB", answers.large_property, TOO_MUCH, ENUMERATION),
    Hostile("drip", "one byte per second", answers.drip, TIMEOUT),
    Hostile("silent", "reads the request and says nothing", answers.silent, TIMEOUT),
    Hostile("large-registry", "GetBinaryValue gives a million bytes, one per element", answers.large_registry, TOO_MUCH,
            ("GetBinaryValue",), plugins=("check_ndes_connector",)),
    Hostile("endless-events", "a subscription that always has another event", answers.endless_events, TOO_MUCH,
            ("Subscribe", "Pull"), plugins=("check_ndes_connector",)),
    # XML that is none, or dangerous
    Hostile("entity-bomb", "a DOCTYPE with nested entities", answers.entity_bomb, FAULT),
    Hostile("external-entity", "a DOCTYPE with file:///etc/passwd", answers.external_entity, FAULT),
    Hostile("truncated", "the XML ends in the middle, the length fits", answers.truncated, FAULT),
    Hostile("deep", "100,000 nested elements", answers.deep, FAULT),
    Hostile("attributes", "50,000 attributes on the envelope", answers.many_attributes, FAULT),
    Hostile("trailing", "garbage after the envelope", answers.trailing, FAULT),
    Hostile("windows-1252", "bytes that are no UTF-8", answers.windows_1252, FAULT),
    Hostile("utf-16", "UTF-16, which we do not ask for", answers.utf_16, FAULT),
    # SOAP that does not fit
    Hostile("other-message", "RelatesTo names another request", answers.other_message, FAULT),
    Hostile("other-operation", "the answer to another operation", answers.other_operation, FAULT),
    Hostile("bare-fault", "a fault without any code", answers.bare_fault, FAULT),
    Hostile("soap-1.1", "an envelope of SOAP 1.1", answers.old_envelope, FAULT),
    Hostile("no-body", "an envelope without a body", answers.no_body, FAULT),
    # HTTP
    Hostile("empty", "200 without a body", answers.empty, MISSING),
    Hostile("html", "200 with a web page", answers.html, MISSING),
    Hostile("not-found", "404 once signed in", answers.not_found, MISSING),
    Hostile("redirect", "302 to another host", answers.redirect, MISSING),
    Hostile("cut", "closes before Content-Length is reached", answers.cut, BROKEN),
    Hostile("close", "closes instead of an answer", answers.close, BROKEN),
    Hostile("refuse", "401 for ever", answers.refuse, LOGON),
    # header lines: the first of them must not begin with white space
    Hostile("blank-first", "the first header line begins with a blank", answers.blank_first, BROKEN),
    later("blank-later", "the same, but not on the first answer", answers.blank_first),
    later("tab-later", "a tab instead of a blank", answers.tab_first),
    later("empty-later", "the first header line is a blank", answers.empty_first),
    later("blank-refusal", "401 with such a line in the middle of the work", answers.blank_refusal),
    later("blank-interim", "a 100 with such a line", answers.blank_interim),
    later("blank-after-interim", "such a line after a 103", answers.blank_after_interim),
    Hostile("folded", "headers of three lines: old, but right", answers.folded),
)
HOSTILES = {row.name: row for row in ROWS}


class Answering:
    """One request to a hostile server, and the means to answer it."""

    def __init__(self, lab, data, connection):
        self.lab, self.data, self._connection = lab, data, connection
        call = soap.Call(data)
        self.action, self.relates_to, self.resource = call.action, call.message_id, call.resource

    def good(self):
        """What an honest server would say."""
        return self.lab.service.handle(self.data, self.wait)[1]

    def envelope(self, body, relates_to=None, action=None):
        return soap.envelope(action or self.action + "Response", relates_to or self.relates_to, body).encode()

    def wait(self, seconds):
        self._connection.wait(seconds)

    def send(self, data):
        """Raw bytes, HTTP and all."""
        self._connection.request.sendall(data)

    def refuse(self):
        return self.lab.gate.refuse(self._connection)


class HostileWinrm(WinrmLab):
    """Lets the client in as WinrmLab does, then misbehaves as the row says."""

    def __init__(self, name, **more):
        super().__init__(**more)
        self.row = HOSTILES[name]

    def respond(self, data, connection):
        try:
            asked = Answering(self, data, connection)
        except Fault:
            return super().respond(data, connection)
        right = len(self.counters.actions) < self.row.after
        if right or self.row.on and asked.action.rpartition("/")[2] not in self.row.on:
            return super().respond(data, connection)
        self.counters.actions.append(asked.action)
        answer = self.row.answer(asked)
        return self.gate.reply(connection, 200, answer) if isinstance(answer, bytes) else answer

    def arguments(self):
        expected = (self.row.expected, *self.row.by_plugin.values())
        return super().arguments() + ["-t", patience(*(one for each in expected for one in each))]
