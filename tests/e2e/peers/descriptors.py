# Random security descriptors: bytes for the readers, SDDL for those who decide.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every function takes its random.Random, so that a run can be had again."""

import struct
import uuid

ALLOWED, DENIED, AUDIT = 0, 1, 2
OBJECTS = (5, 6, 7)
CALLBACKS = (9, 10)
CALLBACK_OBJECTS = (11, 12)
OTHERS = (3, 13, 17, 18, 19, 20, 99)  # are kept, and not read

FLAGS = ("", "", "", "", "CI", "ID", "CIID", "OICI", "CIIO", "CIIOID", "NP")
RIGHTS = ("WP", "WP", "RP", "RPWP", "CR", "WD", "WO", "WDWO", "RC", "SW", "GA", "GR", "GW", "GX")


def sid_bytes(rng):
    parts = rng.choice((1, 1, 2, 5, 5, 5, rng.randrange(16)))
    authority = rng.choice((5, 5, 5, 1, 3, rng.getrandbits(32), rng.getrandbits(48)))
    return struct.pack("<BB", 1, parts) + authority.to_bytes(6, "big") + rng.randbytes(4 * parts)


def _ace(rng, kind):
    flags = rng.choice((0, 0, 2, 8, 10, 0x10, rng.getrandbits(8)))
    body = struct.pack("<I", rng.choice((0x100, 0x20, 0xF01FF, rng.getrandbits(32))))
    if kind in OBJECTS + CALLBACK_OBJECTS:
        given = rng.randrange(4)
        body += struct.pack("<I", given) + rng.randbytes(16 * given.bit_count())
    body += sid_bytes(rng)
    if kind in CALLBACKS + CALLBACK_OBJECTS:
        body += b"artx" + rng.randbytes(4 * rng.randrange(4))
    return struct.pack("<BBH", kind, flags, 4 + len(body)) + body


def _acl(rng, kinds):
    aces = [_ace(rng, rng.choice(kinds)) for _ in range(rng.choice((0, 1, 2, 3, 5, 12)))]
    body = b"".join(aces) + bytes(rng.choice((0, 0, 0, 4, 20)))
    return struct.pack("<BBHHH", rng.choice((2, 4)), 0, 8 + len(body), len(aces), 0) + body


def descriptor_bytes(rng, kinds):
    """A valid one; its parts are in any order, with gaps, and may be missing."""
    parts = {"owner": sid_bytes(rng), "group": sid_bytes(rng), "dacl": _acl(rng, kinds)}
    if rng.random() < 0.3:
        parts["sacl"] = _acl(rng, (AUDIT,))
    for name in list(parts):
        if rng.random() < 0.05:
            del parts[name]
    offsets, body = {}, b""
    for name in rng.sample(sorted(parts), len(parts)):
        body += bytes(rng.choice((0, 0, 4, 12)))
        offsets[name] = 20 + len(body)
        body += parts[name]
    control = 0x8004 | rng.choice((0, 0x400, 0x1000, 0x1400)) | (0x10 if "sacl" in parts else 0)
    places = [offsets.get(name, 0) for name in ("owner", "group", "sacl", "dacl")]
    return struct.pack("<BBHIIII", 1, 0, control, *places) + body


def damaged(rng, data):
    """The same with some bytes changed, or cut."""
    result = bytearray(data)
    if rng.random() < 0.3:
        return bytes(result[:rng.randrange(len(result))])
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(result))
        result[at] = rng.choice((0, 1, 4, 8, 16, 0xFF, (result[at] + 4) & 0xFF, rng.getrandbits(8)))
    return bytes(result)


def _ace_text(rng, trustees, scopes, rights):
    right = rng.choice(rights) if rng.random() < 0.8 else "".join(rng.sample(("RP", "WP", "CR", "WD", "WO", "LC"), 3))
    flags, trustee = rng.choice(FLAGS), rng.choice(trustees)
    kind = rng.choice(("A", "A", "D", "OA", "OA", "OD"))
    scope = rng.choice(scopes) if kind[0] == "O" else ""
    inherited = str(uuid.UUID(int=rng.getrandbits(128))) if kind[0] == "O" and rng.random() < 0.1 else ""
    return f"({kind};{flags};{right};{scope};{inherited};{trustee})"


def descriptor_text(rng, owners, trustees, scopes, rights=RIGHTS):
    """SDDL with a protected list of 0 to 7 ACEs in any order; scopes are GUIDs, "" for none."""
    count = rng.choice((0, 1, 1, 2, 2, 3, 3, 4, 5, 7))
    aces = "".join(_ace_text(rng, trustees, scopes, rights) for _ in range(count))
    return f"O:{rng.choice(owners)}G:DAD:P{aces}"
