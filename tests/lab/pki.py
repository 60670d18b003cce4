# Makes certificates and certificate bundles as AD CS and NDES write them.
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pieces: names, extensions, issue() for one certificate, degenerate() for a PKCS#7 of several."""
import base64
import dataclasses
import datetime
import hashlib
import textwrap
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from . import der

UTF8_STRING = 0x0C
SHA256_WITH_RSA = "1.2.840.113549.1.1.11"
SHA1_WITH_RSA = "1.2.840.113549.1.1.5"
RSASSA_PSS = "1.2.840.113549.1.1.10"
REQUEST_AGENT = "1.3.6.1.4.1.311.20.2.1"
SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
TEMPLATE_NAME = "1.3.6.1.4.1.311.20.2"
TEMPLATE_V2 = "1.3.6.1.4.1.311.21.7"
CA_VERSION = "1.3.6.1.4.1.311.21.1"
KEY_USAGE_BITS = {"digitalSignature": 0, "nonRepudiation": 1, "keyEncipherment": 2, "dataEncipherment": 3,
                  "keyCertSign": 5, "cRLSign": 6}


@dataclasses.dataclass(frozen=True)
class Certificate:
    """A finished certificate with what is needed to issue more below it."""
    der: bytes
    subject: bytes
    serial: int
    key: Any

    @property
    def pem(self):
        return to_pem(self.der, "CERTIFICATE")

    @property
    def sha256(self):
        return hashlib.sha256(self.der).hexdigest()


def to_pem(data, label):
    lines = "\n".join(textwrap.wrap(base64.b64encode(data).decode(), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n".encode()


def name(common_name, *domain, tag=UTF8_STRING):
    """DC=test, DC=lab, CN=...: the order in which AD CS writes; the common name may be raw bytes of any string type."""
    value = common_name if isinstance(common_name, bytes) else common_name.encode()
    rows = [("0.9.2342.19200300.100.1.25", der.ia5(part)) for part in domain]
    rows.append(("2.5.4.3", der.tlv(tag, value)))
    return der.sequence(*(der.set_of(der.sequence(der.oid(kind), value)) for kind, value in rows))


def public_key(key):
    return key.public_key().public_bytes(serialization.Encoding.DER,
                                         serialization.PublicFormat.SubjectPublicKeyInfo)


def key_id(key):
    """SHA-1 of the bare RSA key, as everybody writes it into SKI and AKI."""
    bare = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
    return hashlib.sha1(bare).digest()


def algorithm(signature):
    if signature == "pss":
        sha256 = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"), der.null())
        mask = der.sequence(der.oid("1.2.840.113549.1.1.8"), sha256)
        parameters = der.sequence(der.context(0, sha256), der.context(1, mask), der.context(2, der.integer(32)))
        return der.sequence(der.oid(RSASSA_PSS), parameters)
    return der.sequence(der.oid({"sha256": SHA256_WITH_RSA, "sha1": SHA1_WITH_RSA}[signature]), der.null())


def sign(key, data, signature):
    if signature == "pss":
        return key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    return key.sign(data, padding.PKCS1v15(), {"sha256": hashes.SHA256, "sha1": hashes.SHA1}[signature]())


def signed(key, body, signature="sha256"):
    """What certificates and CRLs have in common: body, algorithm, signature."""
    return der.sequence(body, algorithm(signature), der.bits(sign(key, body, signature)))


def extension(kind, value, critical=False):
    return der.sequence(der.oid(kind), der.boolean(True) if critical else b"", der.octets(value))


def basic_constraints():
    return extension("2.5.29.19", der.sequence(der.boolean(True)), critical=True)


def key_usage(*words, critical=False):
    return extension("2.5.29.15", der.named_bits(*(KEY_USAGE_BITS[word] for word in words)), critical)


def extended_usage(*oids):
    return extension("2.5.29.37", der.sequence(*(der.oid(one) for one in oids)))


def subject_key_id(key):
    return extension("2.5.29.14", der.octets(key_id(key)))


def authority_key_id(key):
    return extension("2.5.29.35", der.sequence(der.context_primitive(0, key_id(key))))


def crl_points(*urls):
    """One distribution point with all its URLs, as AD CS writes it."""
    uris = b"".join(der.context_primitive(6, url.encode()) for url in urls)
    return extension("2.5.29.31", der.sequence(der.sequence(der.context(0, der.context(0, uris)))))


def issuer_url(url):
    access = der.sequence(der.oid("1.3.6.1.5.5.7.48.2"), der.context_primitive(6, url.encode()))
    return extension("1.3.6.1.5.5.7.1.1", der.sequence(access))


def template_v1(template):
    return extension(TEMPLATE_NAME, der.bmp(template))


def template_v2():
    number = der.oid("1.3.6.1.4.1.311.21.8.7638725.13898300.1985460.3383425.7519116.119.16408497.1716293")
    return extension(TEMPLATE_V2, der.sequence(number, der.integer(100), der.integer(4)))


def ca_version(number):
    return extension(CA_VERSION, der.integer(number))


def alternative_names(dns=(), addresses=()):
    parts = [der.context_primitive(2, one.encode()) for one in dns]
    parts += [der.context_primitive(7, bytes(int(part) for part in one.split("."))) for one in addresses]
    return extension("2.5.29.17", der.sequence(*parts))


def days(begin, end, now=None):
    """Validity from begin to end, in days from now; an hour more, so that whole days stay whole in a test."""
    now = (now or datetime.datetime.now(datetime.timezone.utc)).replace(microsecond=0)
    hour = datetime.timedelta(hours=1)
    return now + datetime.timedelta(days=begin) - hour, now + datetime.timedelta(days=end) + hour


def serial_number(number):
    """The shape of AD CS serials: 61, a counter, some noise, the counter again; the same in each run."""
    noise = hashlib.sha256(str(number).encode()).hexdigest()[:20]
    return int(f"61{number:08x}{noise}{number:08x}", 16)


def root_v1(subject, key, validity):
    """A self-signed certificate of version 1: no extensions, so nothing says that it is a CA."""
    body = der.sequence(
        der.integer(serial_number(1)), algorithm("sha256"), subject,
        der.sequence(der.time(validity[0]), der.time(validity[1])), subject, public_key(key))
    return Certificate(signed(key, body), subject, serial_number(1), key)


def issue(subject, key, validity, extensions, issuer=None, number=1, signature="sha256"):
    """Issue a certificate; without an issuer it is self-signed. Validity is a pair of datetimes."""
    serial = serial_number(number)
    issuer_name, issuer_key = (issuer.subject, issuer.key) if issuer else (subject, key)
    body = der.sequence(
        der.context(0, der.integer(2)), der.integer(serial), algorithm(signature), issuer_name,
        der.sequence(der.time(validity[0]), der.time(validity[1])), subject, public_key(key),
        der.context(3, der.sequence(subject_key_id(key), authority_key_id(issuer_key), *extensions)))
    return Certificate(signed(issuer_key, body, signature), subject, serial, key)


EMPTY_CONTENT = {"absent": b"", "empty": der.context(0, der.octets(b"")), "zero": der.context(0, der.octets(b"\0"))}


def degenerate(certificates, content="absent"):
    """A PKCS#7 that only carries certificates, in the given order; content as in EMPTY_CONTENT."""
    data = der.sequence(der.oid("1.2.840.113549.1.7.1"), EMPTY_CONTENT[content])
    body = der.sequence(der.integer(1), der.set_of(), data, der.context(0, *certificates), der.set_of())
    return der.sequence(der.oid("1.2.840.113549.1.7.2"), der.context(0, body))
