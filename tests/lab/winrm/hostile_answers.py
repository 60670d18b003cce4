# What the hostile WinRM servers send: each function misbehaves once.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each function gets a hostile.Answering; it returns the body of a 200 or a Response, or sends by itself and closes."""
from ..wire import Closed, Response
from . import soap
from .gate import SOAP_TYPE
from .soap import N

ROW = "<w:XmlFragment><Name>SCEP</Name><State>Running</State></w:XmlFragment>"
MEGABYTE = 1 << 20
HEAD = f"HTTP/1.1 200 \r\nContent-Type: {SOAP_TYPE}\r\nServer: Microsoft-HTTPAPI/2.0\r\n".encode()
EVENT = ('<w:Event Action="http://schemas.dmtf.org/wbem/wsman/1/wsman/Event"><Event xmlns="http://schemas.microsoft.'
         'com/win/2004/08/events/event"><System><Provider Name="Microsoft-Intune-CertificateConnectors"/><EventID>5000'
         '</EventID><Level>4</Level><TimeCreated SystemTime="{}"/><Channel>Microsoft-Intune-CertificateConnectors/'
         "Operational</Channel></System></Event></w:Event>")


def page(asked, items, context=None):
    """EnumerateResponse or PullResponse without an end."""
    name, prefix = ("EnumerateResponse", "w") if asked.action.endswith("/Enumerate") else ("PullResponse", "n")
    context = context or "uuid:" + soap.new_id()
    return asked.envelope(f"<n:{name}><n:EnumerationContext>{context}</n:EnumerationContext><{prefix}:Items>{items}"
                          f"</{prefix}:Items></n:{name}>")


def endless_pulls(asked):
    return page(asked, ROW)


def endless_rows(asked):
    return page(asked, ROW * 500)


def same_context(asked):
    return page(asked, "", "uuid:00000000-0000-0000-0000-000000000000")


def endless_events(asked):
    if not asked.action.startswith(N) or asked.resource != soap.EVENT_LOG:
        return asked.good()
    return page(asked, EVENT.format(soap.time_text(asked.lab.host.now())))


def endless_body(asked):
    asked.send(HEAD + b"Connection: close\r\n\r\n<s:Envelope")
    while True:
        asked.wait(0)
        asked.send(b" " * 65536)


def large_property(asked):
    return page(asked, f"<w:XmlFragment><Name>{'A' * 50 * MEGABYTE}</Name></w:XmlFragment>")


def large_registry(asked):
    values = "<p:uValue>48</p:uValue>" * 1_000_000
    return asked.envelope(f'<p:GetBinaryValue_OUTPUT xmlns:p="{asked.resource}">{values}<p:ReturnValue>0'
                          "</p:ReturnValue></p:GetBinaryValue_OUTPUT>")


def drip(asked):
    return Response(200, "", [("Content-Type", SOAP_TYPE)], asked.good(), drip=1.0)


def silent(asked):
    asked.wait(3600)
    raise Closed


def entity_bomb(asked):
    names = [f"e{number}" for number in range(10)]
    entities = '<!ENTITY e0 "lol">' + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">'
                                              for before, name in zip(names, names[1:]))
    return f"<!DOCTYPE s:Envelope [{entities}]>".encode() + \
        asked.good().replace(b"</s:Body>", b"<x>&e9;</x></s:Body>")


def external_entity(asked):
    return b'<!DOCTYPE s:Envelope [<!ENTITY file SYSTEM "file:///etc/passwd">]>' + \
        asked.good().replace(b"</s:Body>", b"<x>&file;</x></s:Body>")


def truncated(asked):
    good = asked.good()
    return good[:len(good) * 2 // 3]


def deep(asked):
    return asked.envelope("<a>" * 100_000 + "</a>" * 100_000)


def many_attributes(asked):
    attributes = "".join(f' a{number}=""' for number in range(50_000)).encode()
    return asked.good().replace(b"<s:Envelope", b"<s:Envelope" + attributes, 1)


def trailing(asked):
    return asked.good() + b"<?php echo 1; garbage"


def windows_1252(asked):
    return asked.good().replace(b"</s:Body>", b"<x>Universit\xe4t</x></s:Body>")


def utf_16(asked):
    xml = '<?xml version="1.0" encoding="UTF-16"?>' + asked.good().decode()
    return Response(200, "", [("Content-Type", "application/soap+xml;charset=UTF-16")], xml.encode("utf-16"))


def other_message(asked):
    return asked.good().replace(asked.relates_to.encode(), b"uuid:" + soap.new_id().encode())


def other_operation(asked):
    return asked.envelope("<x:GetResponse/>", action="http://schemas.xmlsoap.org/ws/2004/09/transfer/GetResponse")


def bare_fault(asked):
    return Response(500, "", [("Content-Type", SOAP_TYPE)], asked.envelope("<s:Fault/>"))


def old_envelope(asked):
    return asked.good().replace(soap.S.encode(), b"http://schemas.xmlsoap.org/soap/envelope/")


def no_body(asked):
    good = asked.good()
    return good[:good.index(b"<s:Body>")] + b"</s:Envelope>"


def empty(asked):
    return b""


def html(asked):
    return Response(200, "OK", [("Content-Type", "text/html")], b"<html><body>Welcome | to 'the' portal</body></html>")


def not_found(asked):
    return Response(404, "Not Found", [("Content-Type", "text/html")], b"<h2>Not Found</h2>")


def redirect(asked):
    return Response(302, "Found", [("Location", "http://127.0.0.1:9/wsman")])


def cut(asked):
    good = asked.good()
    asked.send(HEAD + b"Content-Length: %d\r\n\r\n" % (len(good) + 1000) + good)
    raise Closed


def close(asked):
    raise Closed


def refuse(asked):
    return asked.refuse()


def starting_with(start, asked):
    """The right answer, but its first header line begins with this."""
    return Response(200, "", [(start + "Content-Type", SOAP_TYPE)], asked.good())


def blank_first(asked):
    return starting_with(" ", asked)


def tab_first(asked):
    return starting_with("\t", asked)


def empty_first(asked):
    return starting_with(" \r\n", asked)


def blank_refusal(asked):
    return Response(401, "", [(" WWW-Authenticate", "Negotiate"), *asked.refuse().headers])


def blank_interim(asked):
    asked.send(b"HTTP/1.1 100 Continue\r\n X-More: yes\r\n\r\n")
    return asked.good()


def blank_after_interim(asked):
    asked.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")
    return blank_first(asked)


def folded(asked):
    return Response(200, "", [("Content-Type", SOAP_TYPE), ("X-Folded", "one\r\n two\r\n\tthree\r\n ")], asked.good())
