# Subscriptions to event logs that are pulled.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subscription(host, call) checks an e:Subscribe; its take() gives what is new as items of a PullResponse."""
from . import soap, xpath
from .faults import Fault
from .soap import E, W, escape, escape_attribute

PULL_MODE = "http://schemas.dmtf.org/wbem/wsman/1/wsman/Pull"
EVENT_QUERY = "http://schemas.microsoft.com/win/2004/08/events/eventquery"
EARLIEST = "http://schemas.dmtf.org/wbem/wsman/1/wsman/bookmark/earliest"
EVENT_ACTION = "http://schemas.dmtf.org/wbem/wsman/1/wsman/Event"
EVENT_SCHEMA = "http://schemas.microsoft.com/win/2004/08/events/event"
LEVELS = {1: "Critical", 2: "Error", 3: "Warning", 4: "Information"}


def event_xml(host, channel, event, rendered):
    data = "".join(f"<Data>{escape(one)}</Data>" for one in event.data)
    rendering = (f'<RenderingInfo Culture="en-US"><Message>{escape(event.message)}</Message><Level>'
                 f"{LEVELS.get(event.level, '')}</Level><Task></Task><Opcode></Opcode><Channel></Channel><Provider>"
                 "</Provider><Keywords></Keywords></RenderingInfo>") if rendered else ""
    source = f' EventSourceName="{escape_attribute(event.source)}"' if event.source != event.provider else ""
    return (f'<Event xmlns="{EVENT_SCHEMA}"><System><Provider Name="{escape_attribute(event.provider)}"{source}/><EventID>'
            f"{event.id}</EventID><Version>0</Version><Level>{event.level}</Level><Task>0</Task><Opcode>0</Opcode>"
            f'<Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime="{soap.time_text(event.time)}"/>'
            f"<EventRecordID>{event.record}</EventRecordID><Correlation/><Execution ProcessID=\"4120\" "
            f'ThreadID="88"/><Channel>{escape(channel)}</Channel><Computer>{host.name}</Computer>'
            f"<Security/></System><EventData>{data}</EventData>{rendering}</Event>")


def selects(query_list):
    """(channel, filter function) of each Select."""
    if query_list is None or query_list.tag != "QueryList":
        raise Fault("invalid-event-query")
    found = []
    for query in query_list:
        for select in query:
            channel = select.get("Path") or query.get("Path")
            if query.tag != "Query" or select.tag != "Select" or not channel:
                raise Fault("invalid-event-query")
            try:
                found.append((channel, xpath.compile_filter((select.text or "").strip())))
            except xpath.BadFilter as complaint:
                raise Fault("invalid-event-query", str(complaint)) from None
    if not found:
        raise Fault("invalid-event-query")
    return found


class Subscription:
    def __init__(self, host, call, cdata=False):
        call.expect_body(E, "Subscribe")
        delivery, query = call.body.find(f"{{{E}}}Delivery"), call.body.find(f"{{{W}}}Filter")
        if delivery is None or delivery.get("Mode") != PULL_MODE:
            raise Fault("schema")
        if query is None or len(query) != 1:
            raise Fault("invalid-event-query")
        if query.get("Dialect") != EVENT_QUERY:
            raise Fault("dialect")
        self.expires = call.part(E, "Expires") or "PT600.000S"
        self.identifier = soap.new_id()
        self.host, self._cdata = host, cdata
        self._rendered = call.options.get("ContentFormat", "RenderedText") == "RenderedText"
        self._selects = [(self._channel(channel), matches) for channel, matches in selects(query[0])]
        self._seen = set()
        existing = call.part(W, "Bookmark") == EARLIEST or \
            call.options.get("ReadExistingEvents", "").lower() == "true"
        if not existing:
            self._seen.update(id(event) for channel, _ in self._selects for event in host.logs[channel])

    def _channel(self, name):
        if name.lower() in {one.lower() for one in self.host.denied_channels}:
            raise Fault("denied")
        if name not in self.host.logs:
            raise Fault("no-channel")
        return self.host.logs.written(name)

    def take(self):
        """Items for all events that match and were not taken yet, in the order of time."""
        now, found = self.host.now(), []
        for channel, matches in self._selects:
            for event in list(self.host.logs.get(channel, ())):
                if id(event) not in self._seen and matches(event, now):
                    self._seen.add(id(event))
                    found.append((event.time, channel, event))
        found.sort(key=lambda one: one[0])
        return [self._item(channel, event) for _, channel, event in found]

    def _item(self, channel, event):
        xml = event_xml(self.host, channel, event, self._rendered)
        content = f"<![CDATA[{xml}]]>" if self._cdata else xml
        return f'<w:Event Action="{EVENT_ACTION}">{content}</w:Event>'

    def response(self, address, context):
        """The body of the answer to Subscribe."""
        return (f"<e:SubscribeResponse><e:SubscriptionManager><a:Address>{address}</a:Address><a:ReferenceProperties>"
                f"<e:Identifier>{self.identifier}</e:Identifier></a:ReferenceProperties></e:SubscriptionManager>"
                f"<e:Expires>{escape(self.expires)}</e:Expires><n:EnumerationContext>{context}</n:EnumerationContext>"
                "</e:SubscribeResponse>")
