# What the hostile servers send: each function misbehaves once, on one connection.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each function gets a Peer: send(bytes), wait(seconds), reset(), lab. When it returns, the connection is closed."""
import functools
import gzip
import random

from . import der, pki
from . import hostile_headers as headers

PKCS7 = b"application/x-x509-ca-ra-cert"
MEGABYTE = 1 << 20


def head(size=None, content_type=b"text/html", status=b"200 OK", *fields):
    """A response head; without size the end of the connection is the end of the body."""
    lines = [b"HTTP/1.1 " + status, b"Server: Microsoft-IIS/10.0", b"Content-Type: " + content_type, *fields]
    if size is not None:
        lines.append(b"Content-Length: %d" % size)
    return b"\r\n".join(lines) + b"\r\n\r\n"


def sender(content_type, make):
    """A complete answer with the body that make(peer) returns."""
    def send(peer):
        body = make(peer)
        peer.send(head(len(body), content_type) + body)
        peer.keep()
    return send


def changed(change):
    """The right answer, changed by one of hostile_headers."""
    def send(peer):
        peer.send(change(peer.lab.good_answer(peer.kind)))
        peer.keep()
    return send


def forever(peer, data, pause=0.0):
    while True:
        peer.send(data)
        peer.wait(pause)


def endless_body(peer):
    peer.send(head())
    forever(peer, b"A" * 65536)


def endless_admin(peer):
    peer.send(head(None, b"text/html", b"401 Unauthorized", b"WWW-Authenticate: NTLM"))
    forever(peer, b"A" * 65536)


def endless_headers(peer):
    peer.send(b"HTTP/1.1 200 OK\r\n")
    forever(peer, b"X-More: and more\r\n" * 1000)


def endless_header_line(peer):
    peer.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    forever(peer, b"a" * 65536)


def drip_headers(peer):
    peer.send(b"HTTP/1.1 200 OK\r\n")
    forever(peer, b"X-More: and more\r\n", 0.3)


def drip_body(peer):
    peer.send(head(100000))
    forever(peer, b"a", 0.3)


def chunk_truncated(peer):
    peer.send(head(None, b"text/plain", b"200 OK", b"Transfer-Encoding: chunked") + b"1000\r\nPOSTPKIOperation\n")


def chunk_size_bad(peer):
    peer.send(head(None, b"text/plain", b"200 OK", b"Transfer-Encoding: chunked") + b"ZZZZ|=1\r\nPOST\r\n0\r\n\r\n")


def length_short(peer):
    peer.send(head(1000, b"text/plain") + b"POSTPKIOperation\n")


def length_huge(peer):
    peer.send(head(9_000_000_000_000_000_000, PKCS7) + b"0" * 4096)
    peer.wait(60)


def length_overflow(peer):
    peer.send(head(10 ** 40, PKCS7) + b"0" * 4096)
    peer.wait(60)


def length_negative(peer):
    peer.send(head(-5, PKCS7) + b"0" * 4096)


def large_pkcs7(peer):
    """A bundle that announces 100 MB, and sends them."""
    size = 100 * MEGABYTE
    peer.send(head(size, PKCS7) + b"\x30\x84" + (size - 6).to_bytes(4, "big"))
    for _ in range(size // MEGABYTE):
        peer.send(bytes(MEGABYTE))


def deep(_peer):
    """50,000 sequences of indefinite length in each other."""
    return b"\x30\x80" * 50_000 + b"\0\0" * 50_000


def deep_definite(_peer):
    """5,000 sequences with honest lengths inside the certificate field of a PKCS#7."""
    data = der.null()
    for _ in range(5000):
        data = der.sequence(data)
    return pki.degenerate([data])


def nuls(_peer):
    return bytes(65536)


def outer_length_lies(peer):
    """The outermost length is a little more than what follows."""
    data = bytearray(peer.lab.material.pkcs7)
    data[2:4] = (len(data) + 100).to_bytes(2, "big")
    return bytes(data)


def inner_length_lies(peer):
    """The certificates' field claims 2 GB."""
    certificates = b"".join(one.der for one in peer.lab.material.answer)
    data = der.sequence(der.oid("1.2.840.113549.1.7.1"))
    body = der.integer(1) + der.set_of() + data + b"\xa0\x84\x7f\xff\xff\xff" + certificates
    return der.sequence(der.oid("1.2.840.113549.1.7.2"), der.context(0, der.sequence(body)))


def many_certificates(peer):
    return pki.degenerate([peer.lab.material.ras[0].der] * 10_000)


def large_certificate(peer):
    """An RA certificate with an extension of one megabyte, rightly signed."""
    lab = peer.lab
    extensions = [pki.key_usage("digitalSignature", "keyEncipherment"), pki.extended_usage(pki.REQUEST_AGENT),
                  pki.extension("1.3.6.1.4.1.311.21.99", der.octets(bytes(MEGABYTE)))]
    ra = pki.issue(pki.name("LARGE-MSCEP-RA"), lab.material.ras[0].key, pki.days(-10, 400), extensions,
                   lab.material.issuer, 50)
    return pki.degenerate([lab.material.newest.der, ra.der])


def bomb(peer):
    """100 MB of zeros, packed, whether the client asked for it or not."""
    body = packed_zeros()
    peer.send(head(len(body), PKCS7, b"200 OK", b"Content-Encoding: gzip") + body)
    peer.keep()


@functools.lru_cache(maxsize=None)
def packed_zeros():
    return gzip.compress(bytes(100 * MEGABYTE), 1)


def garbage(peer):
    peer.send(random.Random(7).randbytes(4096))


def zero_bytes(peer):
    peer.send(bytes(4096))


def odd_status(peer):
    peer.send(head(0, b"text/html", b"999 |x=1;2;3"))
    peer.keep()


def pipe_in_reason(peer):
    peer.send(head(0, b"text/html", b"500 Broken | days=1;2;3 'x'=5"))
    peer.keep()


def control_in_reason(peer):
    peer.send(head(0, b"text/html", b"500 \x1b[31mred\x07\x08\x7f\xff\xfe end"))
    peer.keep()


def strange_server(peer):
    """Right answers, but the Server header looks like perfdata and has control characters."""
    peer.send(peer.lab.good_answer(peer.kind, b"Evil | days=1;2;3 \x1b[31m\x07\xff"))
    peer.keep()


def strange_caps(_peer):
    return b"POSTPKIOperation\n|x=1;2;3\n\x1b[31mSHA-256\nSHA-\xff\xfe\nRenewal\0\nSHA-512\n" + b"A" * 3000 + b"\n"


def large_caps(_peer):
    return b"POSTPKIOperation\nSHA-256\n" * (10 * MEGABYTE // 25)


def reset(peer):
    peer.reset()


def close(_peer):
    pass


def silent(peer):
    peer.wait(60)


def redirect_loop(peer):
    peer.send(head(0, b"text/html", b"302 Found", b"Location: " + peer.target))
    peer.keep()


def redirect_elsewhere(peer):
    """To protocols that must never be followed."""
    peer.send(head(0, b"text/html", b"302 Found", b"Location: file:///etc/passwd"))
    peer.keep()


def redirect_to_blank(peer):
    """To the same place with one more letter, and there an answer whose first header line begins with a blank."""
    if b"&again" in peer.target:
        peer.send(headers.blank_first(peer.lab.good_answer(peer.kind)))
    else:
        again = b"&again" if b"?" in peer.target else b"?&again"
        peer.send(head(0, b"text/html", b"302 Found", b"Location: " + peer.target + again))
    peer.keep()


def continue_flood(peer):
    forever(peer, b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


def one_answer(peer):
    """A right answer, then the connection is closed without a word."""
    peer.send(peer.lab.good_answer(peer.kind))


def bad_type2(peer):
    """An NTLM challenge whose fields point far outside of it."""
    token = b"TlRMTVNTUAACAAAA/////////38FgomiAAAAAAAAAAAAAAAA/////////38="
    peer.send(head(0, b"text/html", b"401 Unauthorized", b"WWW-Authenticate: NTLM " + token))
    peer.keep()


def alert(peer):
    """Something that is no TLS record."""
    peer.send(b"\x15\x03\xff\xff\xff" + b"\xee" * 64)


def endless_crl(peer):
    peer.send(head(None, b"application/pkix-crl") + b"\x30\x84\x7f\xff\xff\xff")
    forever(peer, b"\0" * 65536)
