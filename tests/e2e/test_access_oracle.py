# Our evaluator of security descriptors against what a Samba domain controller really lets a user do.
# SPDX-License-Identifier: GPL-3.0-or-later
"""The user is in one group and by that in another. Descriptors are random, the same in each run; a disagreement shows
the SDDL. Stored ones are asked about as we wrote them, with generic rights, which Samba maps when it stores them.

Samba 4.17 departs from MS-ADTS 5.1.3.3.3 where attributes are read or written: an object ACE that allows, is for the
user, and has CR among its rights is taken to allow everything on what its GUID stands for, and without a GUID or with
that of the class everything on the object; `(OA;;CR;;;WD)` lets everybody write. Bench.as_samba_reads() rewrites such
ACEs if this Samba does so; with that, and only with that, all verdicts are the same. Passwords are reset by the rules:
there nothing is rewritten. OWNER RIGHTS, which the directory ignores, and conditions are not asked about."""
import random

import pytest
from oracle import CR, ENROLL, RP, WD, WO, WP, ask, decide, has_right, rewritten
from peers import descriptors
from peers.samba_access import ATTRIBUTES, FOREIGN, INNER, OUTER, RESET_PASSWORD, SD_DACL, SD_OWNER_GROUP, USER, Access

OBJECTS, ROUNDS = 250, 12
CONTROL_RIGHTS = ("CR", "CR", "CR", "GA", "RPWP", "GR", "GW")


class Bench:
    """The domain, and what every question needs."""

    def __init__(self, access):
        self.access = access
        me, inner, outer, foreign = (access.sid(name) for name in (USER, INNER, OUTER, FOREIGN))
        self.owners = ("DA", me, inner, foreign)
        self.trustees = (me, inner, outer, foreign, "AU", "WD", "DU", "PS", "DA")
        self.sids = [str(sid) for sid in access.token.sids]
        assert {me, inner, outer} < set(self.sids) and foreign not in self.sids
        self.scopes = {name: access.scopes(name) for name in ATTRIBUTES}
        self.contact = self.scopes["info"][-1]
        self.contacts = access.make("contact", OBJECTS, **dict.fromkeys(ATTRIBUTES, "x"))
        self._departs = self._writes_by_control_right()

    def _writes_by_control_right(self):
        name = self.contacts[0]
        self.store({name: "O:DAG:DAD:P(OA;;CR;;;WD)"})
        with self.access.attempts() as user:
            return user.writes(name, "info", "y")

    def as_samba_reads(self, text):
        """See above."""
        return rewritten(text, lambda kind, flags, rights, *rest: (
            kind, flags, "GA" if self._departs and kind == "OA" and has_right(rights, "CR") else rights, *rest))

    def texts(self, rng, names, scopes, rights=descriptors.RIGHTS):
        return {name: descriptors.descriptor_text(rng, self.owners, self.trustees, scopes, rights) for name in names}

    def attribute_scopes(self):
        known = sorted({guid for guids in self.scopes.values() for guid in guids})
        return ("", "", *known, ENROLL)

    def store(self, texts):
        return self.access.store({name: self.access.packed(text) for name, text in texts.items()})

    def question(self, text, mask, guids):
        return decide(self.access.packed(text), self.sids, mask, guids)


@pytest.fixture(scope="module")
def bench(domain):
    return Bench(Access(domain))


def compare(asked):
    """asked: (the SDDL, what was asked for, what Samba says, the question to us). Returns how often Samba granted."""
    answers = ask([question for *_, question in asked])
    for (text, what, theirs, _), ours in zip(asked, answers):
        assert (ours.split()[0] == "granted") == theirs, f"{text}\n{what}: we say {ours}, Samba says {theirs}"
    return sum(theirs for _, _, theirs, _ in asked)


def verdicts_on(bench, text, seen):
    """Every verdict that a search has shown."""
    writable, rights, readable = seen
    rule = bench.as_samba_reads(text)
    for name in ATTRIBUTES:
        yield text, f"write {name}", name in writable, bench.question(rule, WP, bench.scopes[name])
        yield text, f"read {name}", name in readable, bench.question(rule, RP, bench.scopes[name])
    yield text, "write DACL", bool(rights & SD_DACL), bench.question(rule, WD, [bench.contact])
    yield text, "write owner", rights & SD_OWNER_GROUP == SD_OWNER_GROUP, bench.question(rule, WO, [bench.contact])


def test_what_the_user_sees(bench, record_property):
    """By LDAP: attributes that are shown, allowedAttributesEffective, sDRightsEffective."""
    rng = random.Random(10)
    asked, texts = [], []
    for _ in range(ROUNDS):
        chosen = bench.texts(rng, bench.contacts, bench.attribute_scopes())
        bench.store(chosen)
        seen = bench.access.seen()
        assert seen.keys() == chosen.keys()
        for name, text in chosen.items():
            asked += verdicts_on(bench, text, seen[name])
        texts += chosen.values()
    granted = compare(asked)
    assert 0.15 < granted / len(asked) < 0.85
    departing = sum(bench.as_samba_reads(text) != text for text in texts)
    record_property("oracle", f"what a user sees by LDAP: {len(texts)} descriptors, {len(asked)} verdicts, {granted} "
                              f"granted; {departing} descriptors with what Samba decides by rules of its own")


def test_what_the_user_can_write(bench, record_property):
    """Attempts to write attributes and the DACL, on descriptors as the directory has stored them."""
    rng = random.Random(11)
    asked = []
    for _ in range(2):
        texts = bench.texts(rng, bench.contacts, bench.attribute_scopes())
        bench.store(texts)
        with bench.access.attempts() as user:
            for name, text in texts.items():
                rule = bench.as_samba_reads(text)
                attribute = rng.choice(ATTRIBUTES)
                asked.append((text, f"write {attribute}", user.writes(name, attribute, "y"),
                              bench.question(rule, WP, bench.scopes[attribute])))
                asked.append((text, "write DACL", user.writes_dacl(name), bench.question(rule, WD, [bench.contact])))
    granted = compare(asked)
    assert 0.15 < granted / len(asked) < 0.85
    record_property("oracle", f"attempts to write: {len(asked)}, {granted} granted")


def test_control_access_right(bench, record_property):
    """Attempts to reset a password: a right that is a GUID, as Enroll is."""
    rng = random.Random(12)
    users = bench.access.make("user", 200)
    texts = bench.texts(rng, users, ("", "", *[RESET_PASSWORD] * 3, ENROLL), CONTROL_RIGHTS)
    stored = bench.store(texts)
    with bench.access.attempts() as user:
        asked = [(text, "reset password", user.resets_password(name),
                  decide(stored[name], bench.sids, CR, [RESET_PASSWORD])) for name, text in texts.items()]
    granted = compare(asked)
    assert 50 < granted < 150
    record_property("oracle", f"attempts to reset a password: {len(asked)}, {granted} granted")
