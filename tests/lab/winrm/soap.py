# The envelopes of WS-Management: reading requests, writing answers and rows.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Call(bytes) is a request, checked; envelope(), class_row() and fragment_row() write in Windows's style."""
import datetime
import re
import uuid
import xml.etree.ElementTree as ElementTree

from .faults import Fault
from .host import Embedded

S = "http://www.w3.org/2003/05/soap-envelope"
A = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
N = "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
X = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
E = "http://schemas.xmlsoap.org/ws/2004/08/eventing"
W = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
P = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"
CIM = "http://schemas.dmtf.org/wbem/wscim/1/common"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
IDENTITY = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"
WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/"
EVENT_LOG = "http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog"
ANONYMOUS = A + "/role/anonymous"
ENVELOPE_DEFAULT, ENVELOPE_LEAST = 512000, 8192
TIMEOUT_DEFAULT = 60.0

HEADERS = {f"{{{A}}}To", f"{{{A}}}Action", f"{{{A}}}MessageID", f"{{{A}}}ReplyTo", f"{{{A}}}From",
           f"{{{W}}}ResourceURI", f"{{{W}}}SelectorSet", f"{{{W}}}OptionSet", f"{{{W}}}MaxEnvelopeSize",
           f"{{{W}}}OperationTimeout", f"{{{W}}}Locale", f"{{{P}}}DataLocale",
           f"{{{P}}}OperationID", f"{{{P}}}SequenceId", f"{{{E}}}Identifier"}
MUST = f"{{{S}}}mustUnderstand"
DURATION = re.compile(r"P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")
# XML 1.0 knows no control characters but TAB, LF and CR.
ESCAPES = {code: "" for code in range(32) if code not in (9, 10, 13)} | \
          {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", 13: "&#13;"}
QUOTED = ESCAPES | {ord('"'): "&quot;"}
START = (f'<s:Envelope xml:lang="%s" xmlns:s="{S}" xmlns:a="{A}" xmlns:n="{N}" xmlns:w="{W}" xmlns:e="{E}" '
         f'xmlns:x="{X}" xmlns:p="{P}"><s:Header><a:Action>%s</a:Action><a:MessageID>uuid:%s</a:MessageID>'
         f"<a:To>{ANONYMOUS}</a:To>")
TEXT_NODE = re.compile(r">([^<>]*)<")


def escape(text):
    return text.translate(ESCAPES)


def escape_attribute(text):
    return text.translate(QUOTED)


def new_id():
    return str(uuid.uuid4()).upper()


class Call:
    """One request. Fault if it is not what the schema wants, or demands what nobody understands."""

    def __init__(self, data):
        if b"<!DOCTYPE" in data:
            raise Fault("schema")
        try:
            root = ElementTree.fromstring(data)
        except (ElementTree.ParseError, ValueError, LookupError):  # the last two: strange encodings
            raise Fault("schema") from None
        header, body = root.find(f"{{{S}}}Header"), root.find(f"{{{S}}}Body")
        if root.tag != f"{{{S}}}Envelope" or header is None or body is None or len(body) > 1:
            raise Fault("schema")
        self.header = header
        self.body = body[0] if len(body) else None
        self.message_id = self.header_text(A, "MessageID")
        self.action = self.header_text(A, "Action")
        self.resource = self.header_text(W, "ResourceURI")
        self.is_identify = self.body is not None and self.body.tag == f"{{{IDENTITY}}}Identify"
        self.selectors = self._named("SelectorSet", "Selector")
        self.options = self._named("OptionSet", "Option")

    def header_text(self, namespace, name):
        element = self.header.find(f"{{{namespace}}}{name}")
        return "" if element is None else (element.text or "").strip()

    def _named(self, container, item):
        elements = self.header.findall(f"{{{W}}}{container}/{{{W}}}{item}")
        if any("Name" not in element.attrib for element in elements):
            raise Fault("schema")
        return {element.get("Name"): element.text or "" for element in elements}

    def check(self, path):
        """The rules for everything but Identify."""
        for element in self.header:
            if element.get(MUST, "").lower() in ("true", "1") and element.tag not in HEADERS:
                raise Fault("must-understand")
        if not self.message_id.startswith("uuid:") and not self.message_id.startswith("urn:uuid:"):
            raise Fault("schema")
        if self.header_text(A, "To").partition("://")[2].partition("/")[2].lower() != path.strip("/"):
            raise Fault("destination")
        reply_to = self.header.find(f"{{{A}}}ReplyTo/{{{A}}}Address")
        if reply_to is None or (reply_to.text or "").strip() != ANONYMOUS:
            raise Fault("schema")
        if not self.action or not self.resource:
            raise Fault("schema")
        self.envelope_size = self._number("MaxEnvelopeSize", ENVELOPE_DEFAULT, ENVELOPE_LEAST)
        self.timeout = self._duration()

    def _number(self, name, default, least):
        text = self.header_text(W, name)
        if not text:
            return default
        if not text.isascii() or not text.isdigit() or int(text) < least:
            raise Fault("schema")
        return int(text)

    def _duration(self):
        text = self.header_text(W, "OperationTimeout")
        match = DURATION.fullmatch(text)
        if text and (not match or not any(match.groups())):
            raise Fault("schema")
        return sum(float(part or 0) * factor for part, factor in zip(match.groups(), (86400, 3600, 60, 1))) \
            if text else TIMEOUT_DEFAULT

    def part(self, namespace, name, parent=None):
        """Text of a child of the body's element; None if absent."""
        element = (self.body if parent is None else parent).find(f"{{{namespace}}}{name}")
        return None if element is None else (element.text or "").strip()

    def expect_body(self, namespace, name):
        if self.body is None or self.body.tag != f"{{{namespace}}}{name}":
            raise Fault("schema")


def envelope(action, relates_to, body, language="en-US"):
    start = START % (language, action, new_id())
    relates = f"<a:RelatesTo>{escape(relates_to)}</a:RelatesTo>" if relates_to else ""
    return f"{start}{relates}</s:Header><s:Body>{body}</s:Body></s:Envelope>"


def pretty(xml):
    """White space round every text node, as some producers put it."""
    return TEXT_NODE.sub(lambda match: f">\n\t\t{match[1]}\n\t<" if match[1].strip() else ">\n\t<", xml)


def time_text(moment):
    """2013-04-15T20:26:12.701Z; without a fraction if it is 0."""
    fraction = f".{moment.microsecond:06}".rstrip("0") if moment.microsecond else ""
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S") + fraction + "Z"


def _text_of(value):
    if isinstance(value, str):
        return value.translate(ESCAPES)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _property(name, value, prefix, cim):
    """One property: prefix before its name, cim before Datetime."""
    if callable(value):
        value = value()
    if value is None:
        return f'<{prefix}{name} xsi:nil="true"/>'
    if isinstance(value, list):
        return "".join(_property(name, one, prefix, cim) for one in value)
    if isinstance(value, datetime.datetime):
        return f"<{prefix}{name}><{cim}Datetime>{time_text(value)}</{cim}Datetime></{prefix}{name}>"
    if isinstance(value, Embedded):
        return _embedded(name, value, prefix, cim)
    return f"<{prefix}{name}>{_text_of(value)}</{prefix}{name}>"


def _embedded(name, value, prefix, cim):
    """Its properties are in the namespace of its own class where there are namespaces."""
    own = "q:" if prefix else ""
    uri = f"{WMI}{value.namespace}/{value.class_name}"
    kind = f' xmlns:q="{uri}" xsi:type="q:{value.class_name}_Type"' if prefix else ""
    inner = "".join(_property(key, value.values[key], own, cim) for key in sorted(value.values))
    return f"<{prefix}{name}{kind}>{inner}</{prefix}{name}>"


def class_row(uri, class_name, row, columns=()):
    """The shape of SELECT *: an element of the class in its namespace."""
    names = columns or sorted(row, key=str.lower)
    inner = "".join([_property(name, row[name], "p:", "cim:") for name in names if name in row])
    return (f'<p:{class_name} xmlns:xsi="{XSI}" xmlns:p="{uri}" xmlns:cim="{CIM}" xsi:type="p:{class_name}_Type">'
            f"{inner}</p:{class_name}>")


def fragment_row(row, columns):
    """The shape of a projection: properties without namespace and without a class."""
    inner = "".join([_property(name, row[name], "", "") for name in columns if name in row])
    return f'<w:XmlFragment xmlns:xsi="{XSI}" xmlns:w="{W}">{inner}</w:XmlFragment>'


def output(uri, method, values):
    """The answer of a method; values: (name, value) in the order of the schema, lists as repeated elements."""
    inner = "".join(_property(name, value, "p:", "cim:") for name, value in values)
    return (f'<p:{method}_OUTPUT xmlns:xsi="{XSI}" xmlns:p="{uri}" xmlns:cim="{CIM}">{inner}</p:{method}_OUTPUT>')
