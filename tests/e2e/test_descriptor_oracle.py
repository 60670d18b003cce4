# Our reader of security descriptors against two others, and our evaluator against Samba's for files and services.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the others do not do what MS-DTYP says, the test says so:
- Samba 4.17 reads callback object ACEs (11, 12) as if they had no GUIDs, and type 8 as if it had; impacket knows no
  types beyond its table. Each is only asked about what it knows.
- Both read the list even if the header says that there is none.
- Neither checks revisions, that sizes are multiples of 4, that offsets are behind the header, or that an ACE ends
  inside its list; impacket does not check the end of anything. So they accept more than we do, never less."""
import random
import struct
import uuid
from collections import Counter

from impacket.ldap import ldaptypes
from oracle import ask, decide, read
from peers import descriptors
from samba import NTSTATUSError, security as samba_security
from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack

PLAIN = (descriptors.ALLOWED, descriptors.DENIED, descriptors.AUDIT)
UNDERSTOOD = {*PLAIN, *descriptors.OBJECTS, *descriptors.CALLBACKS, *descriptors.CALLBACK_OBJECTS}
SAMBA_KINDS = (*PLAIN, *descriptors.OBJECTS, *descriptors.CALLBACKS, *descriptors.OTHERS)
IMPACKET_KINDS = (*UNDERSTOOD, *(kind for kind in descriptors.OTHERS if kind in ldaptypes.ACE_TYPE_MAP))
DOMAIN = "S-1-5-21-3333-2222-1111"


def ace_text(kind, flags, mask, object_type, inherited, sid):
    if kind not in UNDERSTOOD:
        return f"{kind}:{flags}"
    return f"{kind}:{flags}:{mask}:{object_type or '-'}:{inherited or '-'}:{sid}"


def sid_text(data):
    """By MS-DTYP 2.4.2.1; Samba's own text leaves out a nought of some authorities."""
    authority = int.from_bytes(data[2:8], "big")
    parts = struct.unpack(f"<{data[1]}I", data[8:8 + 4 * data[1]])
    return "-".join(["S-1", str(authority) if authority < 2 ** 32 else f"0x{authority:012x}", *map(str, parts)])


def samba_sid(sid):
    return sid_text(ndr_pack(sid)) if sid else "none"


def impacket_sid(sid):
    return sid_text(sid.getData()) if sid else "none"


def samba_ace(ace):
    kind, flags = int(ace.type), int(ace.flags)
    given = ace.object.flags if kind in descriptors.OBJECTS else 0
    return ace_text(kind, flags, ace.access_mask, given & 1 and str(ace.object.type),
                    given & 2 and str(ace.object.inherited_type), samba_sid(ace.trustee))


def samba_reads(data):
    """Samba's view of it in the words of access_oracle."""
    found = ndr_unpack(security.descriptor, data, allow_remaining=True)
    state = "null" if found.dacl is None else "present"
    aces = [samba_ace(ace) for ace in found.dacl.aces] if found.dacl else []
    return " ".join([f"{int(found.type):04x}", samba_sid(found.owner_sid), samba_sid(found.group_sid), state,
                     *aces])


def impacket_ace(ace):
    kind, body = ace["AceType"], ace["Ace"]
    if kind not in UNDERSTOOD:
        return ace_text(kind, ace["AceFlags"], 0, None, None, None)
    given = body["Flags"] if kind in descriptors.OBJECTS + descriptors.CALLBACK_OBJECTS else 0
    return ace_text(kind, ace["AceFlags"], body["Mask"]["Mask"],
                    given & 1 and uuid.UUID(bytes_le=body["ObjectType"]),
                    given & 2 and uuid.UUID(bytes_le=body["InheritedObjectType"]), impacket_sid(body["Sid"]))


def impacket_reads(data):
    found = ldaptypes.SR_SECURITY_DESCRIPTOR(data=data)
    dacl = found["Dacl"]
    aces = [impacket_ace(ace) for ace in dacl.aces] if dacl else []
    return " ".join([f"{found['Control']:04x}", impacket_sid(found["OwnerSid"]), impacket_sid(found["GroupSid"]),
                     "present" if dacl else "null", *aces])


READERS = {"Samba": (samba_reads, SAMBA_KINDS), "impacket": (impacket_reads, IMPACKET_KINDS)}


def test_reader(record_property):
    """Valid descriptors are read alike."""
    rng = random.Random(20261125)
    for name, (reads, kinds) in READERS.items():
        data = [descriptors.descriptor_bytes(rng, kinds) for _ in range(1500)]
        for one, ours in zip(data, ask(map_read(data))):
            assert ours == reads(one), f"{name}: {one.hex()}"
        record_property("oracle", f"descriptors read as {name} does: {len(data)}")


def map_read(data):
    return [read(one) for one in data]


def test_reader_of_packed(record_property):
    """What Samba packs is read alike by all three, and by us again after impacket has packed it."""
    rng = random.Random(1)
    scopes = ("", str(uuid.UUID(int=rng.getrandbits(128))))
    texts = [descriptors.descriptor_text(rng, ("DA", "SY"), ("AU", "WD", "DU", f"{DOMAIN}-1105"), scopes)
             for _ in range(500)]
    data = [ndr_pack(security.descriptor.from_sddl(text, security.dom_sid(DOMAIN))) for text in texts]
    again = [ldaptypes.SR_SECURITY_DESCRIPTOR(data=one).getData() for one in data]
    for text, one, ours, repacked in zip(texts, data, ask(map_read(data)), ask(map_read(again))):
        assert ours == repacked == samba_reads(one) == impacket_reads(one), text
    record_property("oracle", f"descriptors packed by Samba and by impacket: {len(data)}")


def comparable(data, answer, kinds):
    """Our answer is about something that the other reader defines. We look into no SACL, nor into an ACE of a type that
    decides nothing, nor at the reserved half of the number of ACEs; the others do, and complain."""
    words = answer.split()
    dacl = int.from_bytes(data[16:20], "little")
    return (words[3] != "absent" and data[12:16] == bytes(4) and (not dacl or data[dacl + 6:dacl + 8] == bytes(2)) and
            all(int(ace.split(":")[0]) in UNDERSTOOD.intersection(kinds) for ace in words[4:]))


def test_damaged(record_property):
    """What we accept of damaged ones the others accept, too, and read alike: so we reject all that they reject."""
    rng = random.Random(2)
    for name, (reads, kinds) in READERS.items():
        decisive = sorted(UNDERSTOOD.intersection(kinds))
        data = [descriptors.damaged(rng, descriptors.descriptor_bytes(rng, decisive)) for _ in range(3000)]
        tally = Counter()
        for one, ours in zip(data, ask(map_read(data))):
            if ours.startswith("broken: "):
                tally["rejected"] += 1
            elif comparable(one, ours, kinds):
                tally["read alike"] += 1
                assert ours == reads(one), f"{name}: {one.hex()}"
        assert tally["rejected"] > 500 and tally["read alike"] > 500, tally
        record_property("oracle", f"damaged descriptors, none read otherwise than by {name}: "
                                  f"{tally['read alike']} read alike, {tally['rejected']} rejected")


def random_simple(rng, sids):
    """SDDL without object ACEs, and with an ACE for OWNER RIGHTS now and then, which this part of Samba heeds."""
    trustees = (*sids, "DA", "AU") + (("S-1-3-4",) if rng.random() < 0.2 else ())
    text = descriptors.descriptor_text(rng, (sids[0], sids[1], "DA"), trustees, ("",),
                                       ("RP", "WP", "CR", "RPWP", "RC", "WD", "WO", "WDWO", "RCWD", "RPRC"))
    return text.replace("(OA;", "(A;").replace("(OD;", "(D;")


def samba_grants(descriptor, token, mask):
    try:
        samba_security.access_check(descriptor, token, mask)
    except NTSTATUSError:
        return False
    return True


def without_list(rng, descriptor):
    """Sometimes a NULL list."""
    if rng.random() < 0.02:
        descriptor.dacl = None
    return descriptor


def test_simple_access(record_property):
    """Samba's access check for masks of several rights; its token has no privileges."""
    rng = random.Random(3)
    sids = [f"{DOMAIN}-{number}" for number in (1105, 1106, 1107, 1108)]
    token = security.token()
    token.num_sids = 5
    token.sids = [security.dom_sid(sid) for sid in (*sids[:3], "S-1-5-11", "S-1-1-0")]
    token_sids = [str(sid) for sid in token.sids]
    texts = [random_simple(rng, sids) for _ in range(3000)]
    masks = [rng.choice((0x10, 0x20, 0x100, 0x30, 0x20010, 0x40000, 0x60000, 0xC0000, 0x130)) for _ in texts]
    found = [without_list(rng, security.descriptor.from_sddl(text, security.dom_sid(DOMAIN))) for text in texts]
    answers = ask([decide(ndr_pack(one), token_sids, mask, ()) for one, mask in zip(found, masks)])
    granted = 0
    for text, one, mask, ours in zip(texts, found, masks, answers):
        theirs = samba_grants(one, token, mask)
        assert (ours.split()[0] == "granted") == theirs, f"{text} {mask:#x}: {ours}, Samba: {theirs}"
        granted += theirs
    assert 500 < granted < 2500
    record_property("oracle", f"rights decided as by Samba's access check: {len(texts)}, {granted} of them granted")
