# Security identifiers and descriptors as bytes.
# SPDX-License-Identifier: GPL-3.0-or-later
"""MS-DTYP 2.4: what a directory stores in objectSid and nTSecurityDescriptor."""
import struct
import uuid

ENROLL = "0e10c968-78fb-11d2-90d4-00c04f79dc55"
ALLOW, DENY, ALLOW_OBJECT, DENY_OBJECT, CALLBACK = 0, 1, 5, 6, 9
FULL, READ, CONTROL = 0xF01FF, 0x20094, 0x100
INHERIT_ONLY = 0x0B


def sid(text):
    _, revision, authority, *rest = text.split("-")
    return bytes([int(revision), len(rest)]) + int(authority).to_bytes(6, "big") + \
        b"".join(struct.pack("<I", int(one)) for one in rest)


def ace(kind, mask, who, right=None, flags=0):
    """right: the GUID of an object ACE."""
    body = struct.pack("<I", mask)
    if right:
        body += struct.pack("<I", 1) + uuid.UUID(right).bytes_le
    body += who if isinstance(who, bytes) else sid(who)
    return struct.pack("<BBH", kind, flags, len(body) + 4) + body


def acl(*aces, size=None, count=None):
    """size, count: lies."""
    body = b"".join(aces)
    return struct.pack("<BBHHH", 4, 0, size or len(body) + 8, len(aces) if count is None else count, 0) + body


def descriptor(owner, dacl):
    """Self-relative; dacl: bytes of acl()."""
    name = owner if isinstance(owner, bytes) else sid(owner)
    return struct.pack("<BBHIIII", 1, 0, 0x9404, 20, 0, 0, 20 + len(name)) + name + dacl
