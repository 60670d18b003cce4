# What the hostile directory servers send: each function misbehaves once.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each function gets a hostile.Asked; it returns messages to be sent, or sends by itself."""
import itertools

from .. import der
from . import messages
from .healthy import Entry, text
from .server import MUST_BIND, Gone, refused

MEGABYTE = 1 << 20
GARBAGE = bytes(range(256)) * 4


def closes(asked):
    raise Gone


def hangs(asked):
    asked.wait(3600)
    raise Gone


def garbage(asked):
    asked.send(GARBAGE)
    raise Gone


def http(asked):
    asked.send(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
    raise Gone


def half(asked):
    """Hangs in the middle of an answer."""
    whole = b"".join(asked.good())
    asked.send(whole[:len(whole) // 2])
    hangs(asked)


def cut(asked):
    """The same, but goes away."""
    whole = b"".join(asked.good())
    asked.send(whole[:len(whole) // 2])
    raise Gone


def drip(asked):
    """A byte in half a second."""
    for byte in b"".join(asked.good()):
        asked.send(bytes([byte]))
        asked.wait(0.5)


def wrong_number(asked):
    """Answers to a request that nobody made."""
    asked.request.number += 1000
    return asked.good()


def number_zero(asked):
    """A notice of disconnection (RFC 4511 4.4.1)."""
    asked.send(messages.message(0, der.tlv(0x78, der.tlv(0x0A, b"\x34"), der.octets(b""), der.octets(b"shutting down"),
                                           der.tlv(0x8A, b"1.3.6.1.4.1.1466.20036"))))
    raise Gone


def wrong_kind(asked):
    return [messages.result(asked.request.number, messages.BIND_ANSWER)]


def flood(make):
    """Messages with the number of the request, 8 MB of them: libldap takes fifteen times that to keep them."""
    def answer(asked):
        piece = make(asked.request.number) * 1000
        for _ in range(8 * MEGABYTE // len(piece)):
            asked.send(piece)
        raise Gone
    return answer


def small_entry(number):
    return messages.entry(number, "", {"a": text("b")})


def intermediate(number):
    """RFC 4511 4.13."""
    return messages.message(number, der.tlv(0x79, der.tlv(0x80, b"1.3.6.1.4.1.1")))


def nobody(asked):
    """Success, and no entry."""
    return asked.result()


def openldap(asked):
    root = Entry("", {"objectClass": text("top", "OpenLDAProotDSE"), "structuralObjectClass": text("OpenLDAProotDSE"),
                      "namingContexts": text("dc=lab,dc=test"), "supportedLDAPVersion": text(3),
                      "supportedControl": text("1.2.840.113556.1.4.319"), "subschemaSubentry": text("cn=Subschema")})
    return [messages.entry(asked.request.number, "", root.shown(asked.request.attributes)), *asked.result()]


def no_contexts(asked):
    return [messages.entry(asked.request.number, "", {"currentTime": asked.lab.directory.root.get("currentTime")}),
            *asked.result()]


def odd_clock(asked):
    asked.lab.directory.root.attributes["currentTime"] = [b"yesterday | noon\n"]
    return asked.good()


def long_contexts(asked):
    name = b"DC=" + b"a" * 5000
    return [messages.entry(asked.request.number, "", {
        "defaultNamingContext": [name], "configurationNamingContext": [b"CN=Configuration," + name],
        "currentTime": asked.lab.directory.root.get("currentTime"),
        "supportedCapabilities": text("1.2.840.113556.1.4.800")}), *asked.result()]


def bind_error(data):
    return lambda asked: asked.result(messages.CREDENTIALS, refused(data))


def result(code, words="", **more):
    return lambda asked: asked.result(code, words, **more)


def must_bind(asked):
    return asked.result(messages.OPERATIONS_ERROR, MUST_BIND)


def channel_binding(asked):
    return asked.result(messages.CREDENTIALS, "80090346: LdapErr: DSID-0C0905F0, comment: AcceptSecurityContext error, data "
                                              "80090346, v4563")


def references(asked):
    return [messages.reference(asked.request.number, "ldap://elsewhere.lab.test/DC=lab,DC=test"), *asked.result()]


def entries_then(code, words=""):
    """What was found, and then the result."""
    return lambda asked: asked.good()[:-1] + asked.result(code, words)


def endless_entries(asked):
    for count in itertools.count():
        asked.send(messages.entry(asked.request.number, f"CN=e{count},DC=lab,DC=test", {"cn": text(f"e{count}")}))
        if count % 100 == 0:
            asked.wait(0)


def endless_references(asked):
    while True:
        asked.send(messages.reference(asked.request.number, "ldap://elsewhere.lab.test/DC=lab,DC=test") * 50)
        asked.wait(0)


def claimed(asked):
    """An entry whose only value has 100 MB; all of it is sent."""
    size = 100 * MEGABYTE
    value = b"\x04" + der.length(size)
    values = b"\x31" + der.length(size + len(value)) + value
    row = der.octets(b"cn") + values
    row_head = b"\x30" + der.length(size + len(row))
    rows_head = b"\x30" + der.length(size + len(row) + len(row_head))
    name = der.octets(b"CN=x,DC=lab,DC=test")
    inside = name + rows_head + row_head + row
    operation = b"\x64" + der.length(size + len(inside)) + inside
    identity = der.integer(asked.request.number)
    asked.send(b"\x30" + der.length(size + len(identity) + len(operation)) + identity + operation)
    while size > 0:
        asked.send(b"A" * MEGABYTE)
        size -= MEGABYTE
    return asked.result()


def claimed_only(asked):
    """A length of 100 MB, and then silence."""
    asked.send(b"\x30\x84\x06\x40\x00\x00")
    hangs(asked)


def claimed_4_gigabytes(asked):
    asked.send(b"\x30\x84\xff\xff\xff\xff")
    hangs(asked)


def indefinite(asked):
    """BER's length without a length, which LDAP forbids."""
    asked.send(b"\x30\x80" + der.integer(asked.request.number) + b"\x64\x80" + b"\0" * 64)
    raise Gone


def many_values(asked):
    """100 000 values."""
    found = asked.found()
    name = (asked.request.attributes or ("description",))[0]
    shown = found[0].shown(asked.request.attributes) if found else {}
    dn = found[0].dn if found else "CN=x,DC=lab,DC=test"
    return [messages.entry(asked.request.number, dn, shown | {name: [b"value %d" % one for one in range(100_000)]}),
            *asked.result()]


def empty_values(asked):
    """100 000 values that are empty: little to send, much to keep."""
    name = (asked.request.attributes or ("description",))[0]
    return [messages.entry(asked.request.number, "CN=x,DC=lab,DC=test", {name: [b""] * 100_000}), *asked.result()]


def many_attributes(asked):
    """An entry of 9 999 attributes that nobody asked for."""
    return [messages.entry(asked.request.number, "CN=x,DC=lab,DC=test", {f"a{one}": [b""] for one in range(9_999)}),
            *asked.result()]


def deep(asked):
    """Sequences in sequences, where an attribute should be."""
    nested = b""
    for _ in range(20_000):
        nested = der.sequence(nested)
    return [messages.message(asked.request.number, der.tlv(messages.ENTRY, der.octets(b"CN=x"), nested)), *asked.result()]


def lying_lengths(asked):
    """An attribute that is longer than its entry."""
    name = der.octets(b"CN=x,DC=lab,DC=test")
    rows = b"\x30\x10\x30\x7f" + der.octets(b"cn") + b"\x31\x7f\x04\x70x"
    return [messages.message(asked.request.number, der.tlv(messages.ENTRY, name, rows)), *asked.result()]


def without_attributes(asked):
    return [*(messages.entry(asked.request.number, one.dn, {}) for one in asked.found()), *asked.result()]


def long_text(asked):
    return asked.result(messages.UNWILLING, "no | way\n" + "A" * MEGABYTE)


def endless_pages(asked):
    """No entry, and always another page."""
    return asked.result(controls=messages.paged_control(b"more"))


def full_pages(asked):
    """The same entries, and always another page."""
    return asked.good()[:-1] + asked.result(controls=messages.paged_control(b"more"))


def odd_control(asked):
    """A control of pages whose value is none."""
    control = der.sequence(der.octets(messages.PAGED.encode()), der.octets(b"\x30\x7f\xff"))
    return asked.good()[:-1] + asked.result(controls=control)

