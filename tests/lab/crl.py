# Certificate revocation lists: good, late, forged and oversized ones.
# SPDX-License-Identifier: GPL-3.0-or-later
"""CRLS maps each value of the setting `crl` to a function that makes the bytes served, or None for 404."""
import datetime
import struct

from . import der, pki
from .material import other_ca

HUGE_ENTRIES = 400_000


def revoked_entry(serial, moment):
    return der.sequence(der.integer(serial), der.time(moment))


def make(ca, hours_old, hours_left, entries=b"", key=None, extra=()):
    """A CRL in the name of ca; with another key it is a forgery."""
    now = datetime.datetime.now(datetime.timezone.utc)
    minutes = datetime.timedelta(minutes=5)
    extensions = der.sequence(pki.authority_key_id(ca.key), pki.ca_version(0),
                              pki.extension("2.5.29.20", der.integer(42)), *extra)
    body = der.sequence(
        der.integer(1), pki.algorithm("sha256"), ca.subject,
        der.time(now - datetime.timedelta(hours=hours_old)),
        der.time(now + datetime.timedelta(hours=hours_left) + minutes),
        der.sequence(entries) if entries else b"", der.context(0, extensions))
    return pki.signed(key or ca.key, body)


def fresh(material):
    return make(material.issuer, 24, 150)


def expired(material):
    return make(material.issuer, 200, -32)


def expiring(material):
    return make(material.issuer, 166, 2)


def revoked(material):
    now = datetime.datetime.now(datetime.timezone.utc)
    return make(material.issuer, 1, 167, b"".join(revoked_entry(ra.serial, now) for ra in material.ras))


def forged(material):
    return make(material.issuer, 24, 150, key=other_ca().key)


def only_ca(material):
    """Its issuing distribution point says: CA certificates only."""
    scope = der.sequence(der.context_primitive(2, b"\xff"))
    return make(material.issuer, 24, 150, extra=(pki.extension("2.5.29.28", scope, critical=True),))


def delta(material):
    """What has changed since list 41."""
    return make(material.issuer, 24, 150, extra=(pki.extension("2.5.29.27", der.integer(41), critical=True),))


def garbage(_material):
    return b"<html>this is not a revocation list</html>"


def huge(material):
    """A correct CRL of more than 10 MB."""
    time = der.time(datetime.datetime.now(datetime.timezone.utc))
    head, tail = der.sequence(der.tlv(2, b"\x61" + bytes(12)), time).split(bytes(12))
    numbers = (struct.pack(">QI", number, number) for number in range(HUGE_ENTRIES))
    return make(material.issuer, 24, 150, b"".join(head + number + tail for number in numbers))


def missing(_material):
    return None


CRLS = {"fresh": fresh, "expired": expired, "expiring": expiring, "revoked": revoked, "forged": forged,
        "only-ca": only_ca, "delta": delta, "garbage": garbage, "huge": huge, "missing": missing}
