# Header lines that libraries stumble over, as changes to an answer that is right.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each function takes a complete answer as bytes and returns another. The first header line of a response must not begin
with white space (RFC 9112 section 2.2); later ones may, as obsolete folding (section 5.2)."""


def split(answer):
    """Status line, header lines, body."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.split(b"\r\n")
    return status, lines, body


def join(status, lines, body):
    return b"\r\n".join([status, *lines]) + b"\r\n\r\n" + body


def begin_with(start):
    """The first header line begins with this."""
    def change(answer):
        status, lines, body = split(answer)
        return join(status, [start + lines[0], *lines[1:]], body)
    return change


blank_first = begin_with(b" ")
tab_first = begin_with(b"\t")
empty_first = begin_with(b" \r\n")


def interim(answer):
    """A 100 whose only header line begins with a blank, then the answer."""
    return b"HTTP/1.1 100 Continue\r\n X-More: yes\r\n\r\n" + answer


def after_interim(answer):
    """A 103 that is right, then an answer whose first header line begins with a blank."""
    return b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n" + blank_first(answer)


def folded(answer):
    """A header of several lines, the last of them empty but for a blank."""
    status, lines, body = split(answer)
    return join(status, [*lines, b"X-Folded: one", b" two", b"\t \tthree", b" "], body)


def many_folds(answer):
    """A header of a thousand lines."""
    status, lines, body = split(answer)
    return join(status, [*lines, b"X-Folded:"] + [b" a"] * 1000, body)


def no_colon(answer):
    status, lines, body = split(answer)
    return join(status, [b"X-Colon", *lines], body)


def nul(answer):
    status, lines, body = split(answer)
    return join(status, [b"X-Nul: \0 \0", *lines], body)


def chunked(trailer):
    """The body in one chunk, and then this trailer."""
    def change(answer):
        status, lines, body = split(answer)
        lines = [line for line in lines if not line.lower().startswith(b"content-length:")]
        return join(status, [*lines, b"Transfer-Encoding: chunked"],
                    b"%x\r\n%b\r\n0\r\n%b\r\n\r\n" % (len(body), body, trailer))
    return change


blank_trailer = chunked(b" X-Trailer: one")
folded_trailer = chunked(b"X-Trailer: one\r\n two")
