# Writes DER by hand: the lab needs orders, names and values that no library agrees to write.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each function returns the bytes of one DER element; nothing is sorted or checked."""
import datetime


def length(size):
    if size < 0x80:
        return bytes([size])
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(digits)]) + digits


def tlv(tag, *parts):
    body = b"".join(parts)
    return bytes([tag]) + length(len(body)) + body


def sequence(*parts):
    return tlv(0x30, *parts)


def set_of(*parts):
    """In the order given: a careful encoder would sort, real servers often do not."""
    return tlv(0x31, *parts)


def integer(value):
    size = value.bit_length() // 8 + 1
    return tlv(0x02, value.to_bytes(size, "big", signed=True))


def boolean(value):
    return tlv(0x01, b"\xff" if value else b"\x00")


def null():
    return tlv(0x05)


def octets(data):
    return tlv(0x04, data)


def bits(data, unused=0):
    return tlv(0x03, bytes([unused]), data)


def named_bits(*numbers):
    """A BIT STRING with these bits set, trailing zero bits cut as DER wants."""
    value, last = 0, max(numbers)
    size = last // 8 + 1
    for number in numbers:
        value |= 1 << (size * 8 - 1 - number)
    return bits(value.to_bytes(size, "big"), unused=size * 8 - 1 - last)


def oid(text):
    first, second, *rest = (int(part) for part in text.split("."))
    body = b""
    for arc in [first * 40 + second, *rest]:
        septets = [arc & 0x7F]
        while arc > 0x7F:
            arc >>= 7
            septets.insert(0, 0x80 | arc & 0x7F)
        body += bytes(septets)
    return tlv(0x06, body)


def ia5(text):
    return tlv(0x16, text.encode("ascii"))


def bmp(text):
    return tlv(0x1E, text.encode("utf-16-be"))


def context(number, *parts):
    """Context tag, constructed."""
    return tlv(0xA0 | number, *parts)


def context_primitive(number, data):
    return tlv(0x80 | number, data)


def time(moment):
    moment = moment.astimezone(datetime.timezone.utc)
    if moment.year < 2050:
        return tlv(0x17, moment.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(0x18, moment.strftime("%Y%m%d%H%M%SZ").encode())
