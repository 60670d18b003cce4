# Search filters: does an entry match?
# SPDX-License-Identifier: GPL-3.0-or-later
"""RFC 4511 4.5.1.7, and the matching rules of Active Directory for bits and for chains of members."""
from .messages import Malformed, parts

BIT_AND, BIT_OR, IN_CHAIN = "1.2.840.113556.1.4.803", "1.2.840.113556.1.4.804", "1.2.840.113556.1.4.1941"


def matches(directory, entry, element):
    """directory: all entries, for chains; element: (tag, contents) of the filter."""
    tag, body = element
    if tag == 0xA0:
        return all(matches(directory, entry, one) for one in parts(body))
    if tag == 0xA1:
        return any(matches(directory, entry, one) for one in parts(body))
    if tag == 0xA2:
        return not matches(directory, entry, parts(body)[0])
    if tag == 0x87:
        return bool(entry.get(body.decode()))
    if tag == 0xA3:
        (_, name), (_, value) = parts(body)
        return _equal(entry.get(name.decode()), value)
    if tag == 0xA4:
        return _substrings(entry, body)
    if tag == 0xA9:
        return _extensible(directory, entry, body)
    if tag in (0xA5, 0xA6, 0xA8):
        return False
    raise Malformed(f"filter {tag:02x}")


def _equal(values, wanted):
    return any(value == wanted or value.lower() == wanted.lower() for value in values)


def _substrings(entry, body):
    (_, name), (_, pieces) = parts(body)
    for value in entry.get(name.decode()):
        at, good = 0, True
        for tag, piece in parts(pieces):
            found = value.lower().find(piece.lower(), at)
            good = good and found >= 0 and not (tag == 0x80 and found) and \
                not (tag == 0x82 and not value.lower().endswith(piece.lower()))
            at = max(found, 0) + len(piece)
        if good:
            return True
    return False


def _extensible(directory, entry, body):
    fields = {tag: value for tag, value in parts(body)}
    rule, name, value = fields.get(0x81, b"").decode(), fields.get(0x82, b"").decode(), fields[0x83]
    if rule == IN_CHAIN:
        return any(_in_chain(directory, one, value.lower(), set()) for one in entry.get(name))
    bits = [int(one) & int(value) for one in entry.get(name)]
    return any(bit == int(value) for bit in bits) if rule == BIT_AND else any(bits) if rule == BIT_OR else False


def _in_chain(directory, member, wanted, seen):
    """True if `wanted` is this member, or is in the group that this member is."""
    member = member.lower()
    if member == wanted:
        return True
    if member in seen:
        return False
    seen.add(member)
    group = directory.find(member.decode())
    return group is not None and any(_in_chain(directory, one, wanted, seen) for one in group.get("member"))
