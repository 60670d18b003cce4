# Directory servers that misbehave: what a plugin must survive, and what it must say.
# SPDX-License-Identifier: GPL-3.0-or-later
"""ROWS is the table; with HostileLdap("endless-pages") as lab: lab.arguments(), lab.row.verdict(plugin, findings)"""
import dataclasses
from collections.abc import Callable

from ..scenario import compare, critical, patience, unknown
from . import hostile_answers as answers
from . import messages
from .server import LdapLab

TEMPLATE, ACCOUNT = "check_ndes_template", "check_ndes_account"
PLUGINS = (TEMPLATE, ACCOUNT)
TIMEOUT, TLS = (critical("ndes-ldap-timeout"),), (critical("ndes-ldap-tls"),)
BROKEN, TOO_MUCH = (unknown("ndes-ldap-broken"),), (unknown("ndes-ldap-toolarge"),)
MISSING, LOGON, LOCKED = (unknown("ndes-ldap-missing"),), (unknown("ndes-ldap-logon"),), (unknown("ndes-ldap-locked"),)
UNPROTECTED, LIMIT = (unknown("ndes-ldap-unprotected"),), (unknown("ndes-ldap-limit"),)
REFERRAL, FAULT, DENIED = (unknown("ndes-ldap-referral"),), (unknown("ndes-ldap-fault"),), (unknown("ndes-ldap-denied"),)
BASE, HIDDEN = (unknown("ndes-ldap-base"),), (unknown("ndes-ldap-hidden"),)
NONE_FOUND = {TEMPLATE: (unknown("ndes-acct-missing"), critical("ndes-tmpl-noca"), unknown("ndes-ldap-hidden")),
              ACCOUNT: (unknown("ndes-acct-missing"),)}
LINK = "ldap://elsewhere.lab.test/DC=lab,DC=test"


@dataclasses.dataclass(frozen=True)
class Hostile:
    """at: accept, root (the rootDSE), bind, or search (every other). expected: the findings of every plugin; by_plugin: of
    one that says something else; or_else: right as well, for libldap cannot tell noise from a length without bounds."""
    name: str
    about: str
    at: str
    answer: Callable
    expected: tuple = ()
    by_plugin: dict = dataclasses.field(default_factory=dict)
    or_else: tuple | None = None

    def findings(self, plugin):
        return self.by_plugin.get(plugin, self.expected)

    def verdict(self, plugin, findings):
        """Complaints about the (ID, STATE) pairs that the plugin reported; empty if right."""
        wrong = compare(self.findings(plugin), findings)
        return [] if wrong and self.or_else and not compare(self.or_else, findings) else wrong


def _searches():
    """Results that are errors: name, code, text, finding."""
    table = (
        ("no-such-object", messages.NO_SUCH_OBJECT, "0000208D: NameErr: problem 2001 (NO_OBJECT)", BASE),
        ("time-limit", messages.TIME_LIMIT, "", LIMIT), ("size-limit", messages.SIZE_LIMIT, "", LIMIT),
        ("admin-limit", messages.ADMIN_LIMIT, "", LIMIT), ("busy", messages.BUSY, "00002024: too busy", LIMIT),
        ("unavailable", messages.UNAVAILABLE, "0000200F: unavailable", LIMIT),
        ("unwilling", messages.UNWILLING, "00002035: LdapErr: unwilling", FAULT),
        ("denied", messages.DENIED, "00002098: SecErr: INSUFF_ACCESS_RIGHTS", DENIED),
        ("critical-extension", 12, "00002040: unavailable critical extension", FAULT),
        ("odd-result", 77, "what is that", FAULT))
    return tuple(Hostile(name, f"result {code} to every search", "search", answers.result(code, words), expected)
                 for name, code, words, expected in table)


ROWS = (
    # before LDAP
    Hostile("closes-at-once", "closes what it accepted", "accept", answers.closes, TLS),
    Hostile("silent", "accepts, and says nothing", "accept", answers.hangs, TIMEOUT),
    Hostile("no-tls", "bytes that are no TLS", "accept", answers.garbage, TLS),
    Hostile("web-server", "an answer of HTTP in the clear", "accept", answers.http, TLS),
    # the rootDSE
    Hostile("root-closes", "goes away at the first question", "root", answers.closes, BROKEN),
    Hostile("root-hangs", "does not answer the first question", "root", answers.hangs, TIMEOUT),
    Hostile("root-garbage", "bytes that are no LDAP", "root", answers.garbage, BROKEN, or_else=TOO_MUCH),
    Hostile("root-half", "hangs in the middle of the first answer", "root", answers.half, TIMEOUT),
    Hostile("root-drips", "two bytes per second", "root", answers.drip, TIMEOUT),
    Hostile("root-other-number", "answers what nobody asked", "root", answers.wrong_number, TIMEOUT),
    Hostile("root-nobody", "no rootDSE", "root", answers.nobody, MISSING),
    Hostile("root-openldap", "OpenLDAP answers", "root", answers.openldap, MISSING),
    Hostile("root-no-contexts", "no naming contexts", "root", answers.no_contexts, MISSING),
    Hostile("root-long-contexts", "naming contexts of 5000 letters", "root", answers.long_contexts, BASE),
    Hostile("root-odd-clock", "a time that is none: ours will do", "root", answers.odd_clock),
    Hostile("root-busy", "too busy for the first question", "root", answers.result(messages.BUSY), LIMIT),
    Hostile("root-endless", "a rootDSE without end", "root", answers.endless_entries, MISSING),
    Hostile("root-claims", "a length of 4 GB", "root", answers.claimed_4_gigabytes, TOO_MUCH),
    # the bind
    *(Hostile(f"bind-{data}", about, "bind", answers.bind_error(data), expected) for data, about, expected in (
        ("52e", "wrong password", LOGON), ("525", "no such user", LOGON), ("530", "not at this hour", LOCKED),
        ("531", "not at this workstation", LOCKED), ("532", "password expired", LOCKED), ("533", "disabled", LOCKED),
        ("701", "account expired", LOCKED), ("773", "must change the password", LOCKED), ("775", "locked", LOCKED),
        ("568", "a code that we do not know", LOGON), ("", "no code", LOGON))),
    Hostile("bind-bare", "result 49 without a text", "bind", answers.result(messages.CREDENTIALS), LOGON),
    Hostile("bind-stronger", "wants signing", "bind", answers.result(
        messages.STRONGER, "00002028: LdapErr: The server requires binds to turn on integrity checking"), UNPROTECTED),
    Hostile("bind-confidential", "wants TLS", "bind", answers.result(messages.CONFIDENTIALITY), UNPROTECTED),
    Hostile("bind-channel", "wants channel binding", "bind", answers.channel_binding, UNPROTECTED),
    Hostile("bind-busy", "too busy to sign us in", "bind", answers.result(messages.BUSY), LIMIT),
    Hostile("bind-referral", "sends us elsewhere", "bind", answers.result(messages.REFERRAL, referrals=(LINK,)), REFERRAL),
    Hostile("bind-unwilling", "does not want to, as for a layer in TLS", "bind", answers.result(messages.UNWILLING),
            UNPROTECTED),
    Hostile("bind-closes", "goes away at the bind", "bind", answers.closes, BROKEN),
    Hostile("bind-hangs", "does not answer the bind", "bind", answers.hangs, TIMEOUT),
    Hostile("bind-garbage", "bytes that are no LDAP after the bind", "bind", answers.garbage, BROKEN,
            or_else=TOO_MUCH),
    Hostile("bind-entries", "entries without end instead of the bind's result", "bind",
            answers.flood(answers.small_entry), BROKEN),
    Hostile("bind-intermediate", "intermediate answers without end to the bind", "bind",
            answers.flood(answers.intermediate), BROKEN),
    # results of searches
    *_searches(),
    Hostile("size-limit-late", "entries, and then the limit", "search", answers.entries_then(messages.SIZE_LIMIT), LIMIT),
    Hostile("forgets-the-bind", "a bind must be completed", "search", answers.must_bind, DENIED),
    Hostile("referral", "held by another server", "search", answers.result(messages.REFERRAL, referrals=(LINK,)), REFERRAL),
    Hostile("only-references", "references, and no entry", "search", answers.references, (), NONE_FOUND),
    Hostile("nobody", "success, and no entry", "search", answers.nobody, (), NONE_FOUND),
    Hostile("long-text", "a megabyte of reasons", "search", answers.long_text, TOO_MUCH),
    # bytes
    Hostile("search-closes", "goes away at a search", "search", answers.closes, BROKEN),
    Hostile("search-hangs", "does not answer a search", "search", answers.hangs, TIMEOUT),
    Hostile("search-half", "hangs in the middle of an answer", "search", answers.half, TIMEOUT),
    Hostile("search-cut", "goes away in the middle of an answer", "search", answers.cut, BROKEN),
    Hostile("search-drips", "two bytes per second", "search", answers.drip, TIMEOUT),
    Hostile("search-garbage", "bytes that are no LDAP", "search", answers.garbage, BROKEN, or_else=TOO_MUCH),
    Hostile("other-number", "answers what nobody asked", "search", answers.wrong_number, TIMEOUT),
    Hostile("notice", "a notice of disconnection", "search", answers.number_zero, BROKEN),
    Hostile("other-kind", "a bind's answer to a search", "search", answers.wrong_kind, BROKEN),
    Hostile("indefinite", "lengths without a length", "search", answers.indefinite, BROKEN, or_else=TOO_MUCH),
    Hostile("lying-lengths", "an attribute longer than its entry", "search", answers.lying_lengths, BROKEN),
    Hostile("deep", "20 000 sequences in one another", "search", answers.deep, BROKEN),
    # without end
    Hostile("endless-entries", "entries without end", "search", answers.endless_entries, TOO_MUCH),
    Hostile("endless-references", "references without end", "search", answers.endless_references, TOO_MUCH),
    Hostile("endless-pages", "empty pages without end", "search", answers.endless_pages, TOO_MUCH),
    Hostile("full-pages", "the same page without end", "search", answers.full_pages, TOO_MUCH),
    Hostile("value-of-100-mb", "a value of 100 MB", "search", answers.claimed, TOO_MUCH),
    Hostile("claims-100-mb", "a length of 100 MB and no more", "search", answers.claimed_only, TOO_MUCH),
    Hostile("claims-4-gb", "a length of 4 GB", "search", answers.claimed_4_gigabytes, TOO_MUCH),
    Hostile("many-values", "100 000 values", "search", answers.many_values, TOO_MUCH),
    Hostile("empty-values", "100 000 empty values", "search", answers.empty_values, TOO_MUCH),
    Hostile("many-attributes", "9 999 attributes", "search", answers.many_attributes, TOO_MUCH),
    Hostile("root-references", "references without end to the first question", "root", answers.endless_references, TOO_MUCH),
    # entries
    Hostile("no-attributes", "entries without what was asked for", "search", answers.without_attributes, HIDDEN),
    Hostile("odd-control", "a broken control of pages", "search", answers.odd_control, BROKEN),
)
HOSTILES = {row.name: row for row in ROWS}


class Asked:
    """A request that a hostile server answers."""

    def __init__(self, lab, request, connection):
        self.lab, self.request, self._connection = lab, request, connection

    def good(self):
        """What an honest server would say."""
        return LdapLab.respond(self.lab, self.request, self._connection)

    def found(self):
        """The entries of an honest answer."""
        if self.request.is_root:
            return [self.lab.directory.root]
        return self.lab.directory.search(self.request.base, self.request.scope, self.request.filter) or []

    def result(self, code=messages.SUCCESS, words="", **more):
        kind = {"bind": messages.BIND_ANSWER, "search": messages.DONE}.get(self.request.kind, messages.EXTENDED_ANSWER)
        return [messages.result(self.request.number, kind, code, words, **more)]

    def send(self, data):
        self._connection.send(data)

    def wait(self, seconds):
        self._connection.wait(seconds)


class HostileLdap(LdapLab):
    """Lets the client in as LdapLab does, then misbehaves as the row says."""

    def __init__(self, name, **more):
        super().__init__(**more)
        self.row = HOSTILES[name]

    def accepted(self, connection):
        if self.row.at == "accept":
            self.row.answer(Asked(self, None, connection))

    def respond(self, request, connection):
        at = "root" if request.is_root else request.kind
        if at != self.row.at:
            return super().respond(request, connection)
        return self.row.answer(Asked(self, request, connection))

    def arguments(self):
        expected = (self.row.expected, *self.row.by_plugin.values())
        return super().arguments() + ["-t", patience(*(one for each in expected for one in each))]
