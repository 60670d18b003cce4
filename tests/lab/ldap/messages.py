# LDAP messages on the wire: requests taken apart, answers put together.
# SPDX-License-Identifier: GPL-3.0-or-later
"""RFC 4511; encoded by lab.der, decoded here."""
import dataclasses

from .. import der

BIND, UNBIND, SEARCH, ABANDON, EXTENDED = 0x60, 0x42, 0x63, 0x50, 0x77
NAMES = {BIND: "bind", UNBIND: "unbind", SEARCH: "search", ABANDON: "abandon", EXTENDED: "extended"}
BIND_ANSWER, ENTRY, DONE, REFERENCE, EXTENDED_ANSWER = 0x61, 0x64, 0x65, 0x73, 0x78
START_TLS = "1.3.6.1.4.1.1466.20037"
PAGED, DESCRIPTORS = "1.2.840.113556.1.4.319", "1.2.840.113556.1.4.801"
SUCCESS, OPERATIONS_ERROR, TIME_LIMIT, SIZE_LIMIT, STRONGER, REFERRAL, IN_PROGRESS = 0, 1, 3, 4, 8, 10, 14
ADMIN_LIMIT, CONFIDENTIALITY, NO_SUCH_OBJECT, CREDENTIALS, DENIED, BUSY, UNAVAILABLE, UNWILLING = 11, 13, 32, 49, 50, 51, 52, 53


class Malformed(Exception):
    """What came is no BER of the kind that LDAP uses."""


def take(data, at=0):
    """The element at a place: tag, contents, the place behind it."""
    try:
        tag, size, at = data[at], data[at + 1], at + 2
        if size & 0x80:
            digits = size & 0x7F
            size, at = int.from_bytes(data[at:at + digits], "big"), at + digits
    except IndexError:
        raise Malformed("cut short") from None
    if at + size > len(data):
        raise Malformed("cut short")
    return tag, data[at:at + size], at + size


def parts(data):
    """All elements of a constructed one: (tag, contents)."""
    found, at = [], 0
    while at < len(data):
        tag, body, at = take(data, at)
        found.append((tag, body))
    return found


def number(body):
    return int.from_bytes(body, "big", signed=True)


@dataclasses.dataclass
class Request:
    """kind: bind, search ...; of a bind: name, password (None: SASL), mechanism and its token; of a search: base, scope, filter (tag,
    body), attributes; of an extended request: name. page: size asked for, None without that control."""
    number: int
    kind: str
    name: str = ""
    password: bytes | None = None
    mechanism: str = ""
    token: bytes = b""
    base: str = ""
    scope: int = 0
    filter: tuple = ()
    attributes: tuple = ()
    page: int | None = None
    cookie: bytes = b""
    controls: tuple = ()

    @property
    def descriptors(self):
        """The control that asks for owner and DACL came with it."""
        return DESCRIPTORS in self.controls

    @property
    def is_root(self):
        return self.kind == "search" and self.base == "" and self.scope == 0


def parse(body):
    """A request, from the contents of an LDAPMessage."""
    rows = parts(body)
    if len(rows) < 2:
        raise Malformed("no operation")
    tag, operation = rows[1]
    request = Request(number(rows[0][1]), NAMES.get(tag, f"{tag:02x}"))
    if tag == BIND:
        _, (_, name), (method, secret) = parts(operation)[:3]
        request.name = name.decode(errors="replace")
        if method == 0x80:
            request.password = secret
        else:
            (_, mechanism), *token = parts(secret)
            request.mechanism, request.token = mechanism.decode(), token[0][1] if token else b""
    elif tag == SEARCH:
        fields = parts(operation)
        if len(fields) < 8:
            raise Malformed("a search without its filter")
        request.base, request.scope = fields[0][1].decode(errors="replace"), number(fields[1][1])
        request.filter = fields[6]
        request.attributes = tuple(name.decode() for _, name in parts(fields[7][1]))
    elif tag == EXTENDED:
        request.name = parts(operation)[0][1].decode()
    _controls(request, rows[2:])
    return request


def _controls(request, rows):
    for tag, body in rows:
        if tag != 0xA0:
            continue
        for _, control in parts(body):
            fields = parts(control)
            oid, value = fields[0][1].decode(), fields[-1][1] if fields[-1][0] == 0x04 else b""
            request.controls += (oid,)
            if oid == PAGED and len(fields) > 1:
                size, cookie = parts(take(value)[1])
                request.page, request.cookie = number(size[1]), cookie[1]


def message(identity, operation, controls=b""):
    return der.sequence(der.integer(identity), operation, der.tlv(0xA0, controls) if controls else b"")


def result(identity, tag, code=SUCCESS, text="", matched="", referrals=(), controls=b"", more=b""):
    """A bind, search or extended answer that carries a result."""
    links = der.tlv(0xA3, *(der.octets(link.encode()) for link in referrals)) if referrals else b""
    return message(identity, der.tlv(tag, der.tlv(0x0A, bytes([code])), der.octets(matched.encode()),
                                     der.octets(text.encode()), links, more), controls)


def attribute(name, values):
    return der.sequence(der.octets(name.encode()), der.set_of(*(der.octets(value) for value in values)))


def entry(identity, name, attributes):
    """attributes: {name: [bytes]}."""
    rows = (attribute(key, values) for key, values in attributes.items())
    return message(identity, der.tlv(ENTRY, der.octets(name if isinstance(name, bytes) else name.encode()),
                                     der.sequence(*rows)))


def reference(identity, *links):
    return message(identity, der.tlv(REFERENCE, *(der.octets(link.encode()) for link in links)))


def paged_control(cookie=b""):
    return der.sequence(der.octets(PAGED.encode()), der.octets(der.sequence(der.integer(0), der.octets(cookie))))
