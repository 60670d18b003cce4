# Requests of WS-Management as text, for tests and for hands.
# SPDX-License-Identifier: GPL-3.0-or-later
"""enumerate_request(namespace, wql), pull_request(...): bytes to POST."""
import uuid

from . import soap
from .soap import A, E, N, P, S, W, X, escape

WQL = "http://schemas.microsoft.com/wbem/wsman/1/WQL"


def request(resource, action, body="", header="", timeout=5, envelope=512000, to="https://localhost:5986/wsman"):
    return (f'<s:Envelope xmlns:s="{S}" xmlns:a="{A}" xmlns:n="{N}" xmlns:w="{W}" xmlns:p="{P}" xmlns:e="{E}">'
            f'<s:Header><a:To>{to}</a:To><w:ResourceURI s:mustUnderstand="true">{resource}</w:ResourceURI><a:ReplyTo>'
            f'<a:Address s:mustUnderstand="true">{soap.ANONYMOUS}</a:Address></a:ReplyTo>'
            f'<a:Action s:mustUnderstand="true">{action}</a:Action>'
            f'<w:MaxEnvelopeSize s:mustUnderstand="true">{envelope}</w:MaxEnvelopeSize>'
            f"<a:MessageID>uuid:{uuid.uuid4()}</a:MessageID>"
            '<w:Locale xml:lang="en-US" s:mustUnderstand="false"/><p:DataLocale xml:lang="en-US" '
            f's:mustUnderstand="false"/><w:OperationTimeout>PT{timeout:.3f}S</w:OperationTimeout>{header}</s:Header>'
            f"<s:Body>{body}</s:Body></s:Envelope>").encode()


def identify_request():
    return (f'<s:Envelope xmlns:s="{S}" xmlns:wsmid="{soap.IDENTITY}"><s:Header/><s:Body><wsmid:Identify/></s:Body>'
            "</s:Envelope>").encode()


def enumerate_request(namespace, wql, elements=32000, **more):
    body = (f"<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>{elements}</w:MaxElements>"
            f'<w:Filter Dialect="{WQL}">{escape(wql)}</w:Filter></n:Enumerate>')
    return request(f"{soap.WMI}{namespace}/*", N + "/Enumerate", body, **more)


def pull_request(resource, context, elements=32000, **more):
    body = f"<n:Pull><n:EnumerationContext>{context}</n:EnumerationContext><n:MaxElements>{elements}</n:MaxElements>" \
        "</n:Pull>"
    return request(resource, N + "/Pull", body, **more)


def release_request(resource, context):
    return request(resource, N + "/Release", f"<n:Release><n:EnumerationContext>{context}</n:EnumerationContext>"
                   "</n:Release>")


def selector_set(**selectors):
    inner = "".join(f'<w:Selector Name="{name}">{escape(value)}</w:Selector>' for name, value in selectors.items())
    return f"<w:SelectorSet>{inner}</w:SelectorSet>" if inner else ""


def get_request(namespace, class_name, **selectors):
    return request(f"{soap.WMI}{namespace}/{class_name}", X + "/Get", "", selector_set(**selectors))


def invoke_request(namespace, class_name, method, arguments=(), **selectors):
    """arguments: (name, value) in the order of the schema."""
    uri = f"{soap.WMI}{namespace}/{class_name}"
    inner = "".join(f"<p:{name}>{escape(value)}</p:{name}>" for name, value in arguments)
    return request(uri, f"{uri}/{method}", f'<p:{method}_INPUT xmlns:p="{uri}">{inner}</p:{method}_INPUT>',
                   selector_set(**selectors))


def subscribe_request(selects, existing="bookmark"):
    """selects: (channel, XPath); existing: bookmark, option, or neither."""
    option = '<w:Option Name="ReadExistingEvents">true</w:Option>' if existing == "option" else ""
    bookmark = "<w:Bookmark>http://schemas.dmtf.org/wbem/wsman/1/wsman/bookmark/earliest</w:Bookmark>" \
        if existing == "bookmark" else ""
    inner = "".join(f'<Select Path="{soap.escape_attribute(channel)}">{escape(xpath)}</Select>'
                    for channel, xpath in selects)
    body = (f'<e:Subscribe><e:Delivery Mode="http://schemas.dmtf.org/wbem/wsman/1/wsman/Pull"/>'
            "<e:Expires>PT60.000S</e:Expires>"
            '<w:Filter Dialect="http://schemas.microsoft.com/win/2004/08/events/eventquery"><QueryList><Query Id="0">'
            f"{inner}</Query></QueryList></w:Filter>{bookmark}</e:Subscribe>")
    header = f'<w:OptionSet><w:Option Name="SubscriptionName">test</w:Option>{option}</w:OptionSet>'
    return request(soap.EVENT_LOG, E + "/Subscribe", body, header)


def unsubscribe_request(identifier):
    return request(soap.EVENT_LOG, E + "/Unsubscribe", "<e:Unsubscribe/>", f"<e:Identifier>{identifier}</e:Identifier>")
