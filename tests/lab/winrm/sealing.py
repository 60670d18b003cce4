# Encrypted messages of WS-Management: multipart/encrypted, as in MS-WSMV 2.2.9.1.
# SPDX-License-Identifier: GPL-3.0-or-later
"""unpack() is as strict as a server may be; pack() also makes what a client must not trust."""
import dataclasses
import re
import struct

from .gate import SOAP_TYPE

PROTOCOLS = {"negotiate": "application/HTTP-SPNEGO-session-encrypted",
             "kerberos": "application/HTTP-Kerberos-session-encrypted"}
BOUNDARY = "Encrypted Boundary"
END = f"--{BOUNDARY}--\r\n".encode()
HEADER_MAXIMUM = 256


class BadSeal(ValueError):
    """The request is no encrypted message; the text says what is wrong with it."""


@dataclasses.dataclass(frozen=True)
class SealFaults:
    """What is wrong with the encrypted answers."""
    wrong_length: bool = False          # Length says more than there is
    wrong_header_length: bool = False   # the header claims 4 GB
    garbled: bool = False               # one bit of the ciphertext is another
    spaced_boundary: bool = False       # no fault: old servers put a space before the boundary


def content_type(scheme):
    return f'multipart/encrypted;protocol="{PROTOCOLS[scheme]}";boundary="{BOUNDARY}"'


def _check_type(text, scheme):
    kind, *parameters = [part.strip() for part in text.split(";")]
    if kind.lower() != "multipart/encrypted":
        raise BadSeal(f"Content-Type {text}")
    wanted = {f'protocol="{PROTOCOLS[scheme]}"', f'boundary="{BOUNDARY}"'}
    if len(parameters) != 2 or set(parameters) != wanted:
        raise BadSeal(f"parameters of Content-Type: {text}")


def _head(scheme):
    return re.compile(rb"--%(boundary)s\r\n\tContent-Type: %(protocol)s\r\n"
                      rb"\tOriginalContent: type=%(soap)s;Length=(0|[1-9][0-9]{0,8})\r\n--%(boundary)s\r\n"
                      rb"\tContent-Type: application/octet-stream\r\n"
                      % {b"boundary": re.escape(BOUNDARY.encode()), b"protocol": re.escape(PROTOCOLS[scheme].encode()),
                         b"soap": re.escape(SOAP_TYPE.encode())})


HEADS = {scheme: _head(scheme) for scheme in PROTOCOLS}


def unpack(request, scheme):
    """(header, ciphertext, length of the plain text) out of a request of somebody who signed in by that scheme."""
    _check_type(request.headers.get("content-type", ""), scheme)
    head = HEADS[scheme].match(request.body)
    if not head:
        raise BadSeal(f"head of the parts: {request.body[:300]!r}")
    if not request.body.endswith(END):
        raise BadSeal(f"last boundary: {request.body[-40:]!r}")
    payload, length = request.body[head.end():-len(END)], int(head[1])
    size = struct.unpack("<I", payload[:4])[0] if len(payload) >= 4 else 0
    if not 0 < size <= HEADER_MAXIMUM:
        raise BadSeal(f"header of {size} bytes")
    if len(payload) != 4 + size + length:
        raise BadSeal(f"Length={length} with a header of {size} bytes in a payload of {len(payload)}")
    return payload[4:4 + size], payload[4 + size:], length


def pack(sealed, length, scheme, faults=SealFaults()):
    """The body around header and ciphertext, which come in one piece; length is that of the plain text."""
    size = len(sealed) - length
    if faults.garbled:
        sealed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    claimed = length + 1000 if faults.wrong_length else length
    line = f"--{' ' if faults.spaced_boundary else ''}{BOUNDARY}"
    head = (f"{line}\r\n\tContent-Type: {PROTOCOLS[scheme]}\r\n\tOriginalContent: type={SOAP_TYPE};Length={claimed}\r\n"
            f"{line}\r\n\tContent-Type: application/octet-stream\r\n")
    prefix = struct.pack("<I", 0xffffffff if faults.wrong_header_length else size)
    return head.encode() + prefix + sealed + f"{line}--\r\n".encode()
