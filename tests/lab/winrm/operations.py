# What the WinRM service does with a request: the operations of WS-Management.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service(host, switches).handle(soap bytes, wait) gives (HTTP status, answer as bytes)."""
import dataclasses
import threading
import time

from . import eventing, soap, stdregprov, wql
from .faults import Fault, fault_action, fault_body
from .soap import E, N, W, X

WQL_DIALECT = "http://schemas.microsoft.com/wbem/wsman/1/WQL"
PATH = "/wsman"
OVERHEAD = 1500           # characters of an answer that are not rows
SMALL_ENVELOPE = 4000     # characters, with the switch small_envelopes
POLL_SECONDS = 0.02
IDENTIFY = (f'<wsmid:IdentifyResponse xmlns:wsmid="{soap.IDENTITY}"><wsmid:ProtocolVersion>{soap.W}'
            "</wsmid:ProtocolVersion><wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor>"
            "<wsmid:ProductVersion>OS: 10.0.17763 SP: 0.0 Stack: 3.0</wsmid:ProductVersion></wsmid:IdentifyResponse>")


@dataclasses.dataclass
class Switches:
    """How the server departs from the plain course."""
    one_row_first: bool = False       # an optimised Enumerate gives one row and no end
    small_envelopes: bool = False     # only a few rows fit into an answer
    fragments_off: bool = False       # rows of a projection come as elements of the class
    german: bool = False              # texts of faults
    pretty: bool = False              # white space round every text node
    end_with_context: bool = False    # EndOfSequence beside a context
    quota: bool = False               # fault 2150859174 for everything
    denied: bool = False              # fault 5 for everything
    busy_first: bool = False          # the first Pull says w:TimedOut
    cdata_events: bool = False        # events as text
    hasty: bool = False               # says w:TimedOut at once where there are no events: saves tests the wait
    statuses: dict = dataclasses.field(default_factory=dict)   # {"Pull": 503}: HTTP status by last part of the action


@dataclasses.dataclass
class Enumeration:
    """What a context stands for: rows to come, or a subscription."""
    rows: list
    position: int = 0
    subscription: object = None


def static_method(host, namespace, class_name, method):
    """A function for a method of a class, or None."""
    key = (namespace.lower(), class_name.lower(), method.lower())
    for own, function in host.methods.items():
        if tuple(part.lower() for part in own) == key:
            return function
    if key[1] == "stdregprov":
        return stdregprov.METHODS.get(key[2])
    if key[1] in ("applicationpool", "site") and key[2] == "getstate":
        return lambda _, row, arguments: [("ReturnValue", row.get("State", 1))]
    return None


class Service:
    def __init__(self, host, switches, address="http://localhost/wsman"):
        self.host, self.switches, self.address = host, switches, address
        self.actions = []
        self._contexts = {}
        self._lock = threading.Lock()
        self._was_busy = False
        self._table = {N + "/Enumerate": self.enumerate, N + "/Pull": self.pull, N + "/Release": self.release,
                       X + "/Get": self.get, E + "/Subscribe": self.subscribe, E + "/Unsubscribe": self.unsubscribe}

    def handle(self, data, wait=time.sleep, only_identify=False):
        """wait(seconds) sleeps; it may end the connection by an exception."""
        action, status, relates_to = "", 200, ""
        try:
            call = soap.Call(data)
            action, relates_to = call.action, call.message_id
            if call.is_identify:
                self.actions.append("Identify")
                xml = self._identify()
            elif only_identify:
                raise Fault("denied")
            else:
                self.actions.append(action)
                call.check(PATH)
                xml = soap.envelope(action + "Response", relates_to, self._body(call, wait), self._language)
        except Fault as fault:
            status = 500
            body = fault_body(fault, self.host.name, self.switches.german, soap.escape)
            xml = soap.envelope(fault_action(fault), relates_to, body, self._language)
        status = self.switches.statuses.get(action.rpartition("/")[2], status)
        return status, (soap.pretty(xml) if self.switches.pretty else xml).encode()

    @property
    def _language(self):
        return "de-DE" if self.switches.german else "en-US"

    def _identify(self):
        return f'<s:Envelope xml:lang="{self._language}" xmlns:s="{soap.S}"><s:Header/><s:Body>{IDENTIFY}</s:Body>' \
            "</s:Envelope>"

    def _body(self, call, wait):
        if self.switches.denied:
            raise Fault("denied")
        if self.switches.quota:
            raise Fault("quota")
        operation = self._table.get(call.action)
        if operation:
            return operation(call, wait)
        if call.resource.startswith(soap.WMI) and call.action.lower().startswith(call.resource.lower() + "/"):
            return self.invoke(call)
        raise Fault("action")

    # Contexts

    def _keep(self, enumeration):
        context = "uuid:" + soap.new_id()
        with self._lock:
            self._contexts[context] = enumeration
        return context

    def _last_context(self):
        """Beside an end marker: none, or one that is good for nothing any more."""
        return "uuid:" + soap.new_id() if self.switches.end_with_context else ""

    def _drop(self, context):
        with self._lock:
            enumeration = self._contexts.pop(context, None)
        if enumeration is None:
            raise Fault("context")
        return enumeration

    @property
    def open_contexts(self):
        """How many enumerations and subscriptions nobody ended."""
        return len(self._contexts)

    # WMI

    def _place(self, call):
        """Namespace and class of the resource URI, checked."""
        if not call.resource.startswith(soap.WMI):
            raise Fault("resource")
        namespace, _, class_name = call.resource[len(soap.WMI):].rpartition("/")
        if namespace not in self.host.namespaces:
            raise Fault("invalid-namespace", namespace, "ConnectServer")
        if self.host.is_denied(namespace):
            raise Fault("namespace-denied", namespace, "ConnectServer")
        return self.host.namespaces.written(namespace), class_name

    def _class(self, namespace, class_name):
        """The class as it is spelled, and its columns."""
        classes = self.host.namespaces[namespace]
        if class_name not in classes:
            raise Fault("invalid-class", class_name)
        table = classes[class_name]
        columns = getattr(table, "columns", ()) or {name: None for row in table for name in row}
        return classes.written(class_name), sorted(columns, key=str.lower)

    def _query(self, call):
        """The rows that an Enumerate asks for, as text."""
        namespace, class_name = self._place(call)
        query = call.body.find(f"{{{W}}}Filter")
        if query is None:
            if class_name == "*":
                raise Fault("resource")
            return self._select(namespace, wql.Query((), class_name, ()))
        if query.get("Dialect") != WQL_DIALECT:
            raise Fault("dialect")
        if class_name != "*":
            raise Fault("resource")
        text = (query.text or "").strip()
        try:
            return self._select(namespace, wql.parse(text))
        except wql.BadQuery:
            raise Fault("invalid-query", text) from None

    def _select(self, namespace, query):
        class_name, columns = self._class(namespace, query.class_name)
        selection = query.bind(columns)
        rows = [row for row in self.host.rows(namespace, class_name) if selection.matches(row)]
        if selection.columns and not self.switches.fragments_off:
            return [soap.fragment_row(row, selection.columns) for row in rows]
        uri = f"{soap.WMI}{namespace}/{class_name}"
        return [soap.class_row(uri, class_name, row, selection.columns or columns) for row in rows]

    # Enumeration

    def _fit(self, call, enumeration, elements):
        """The next rows that fit; Windows counts two bytes a character."""
        budget = (SMALL_ENVELOPE if self.switches.small_envelopes else call.envelope_size // 2) - OVERHEAD
        start = position = enumeration.position
        size = 0
        while position < len(enumeration.rows) and position - start < elements:
            size += len(enumeration.rows[position])
            if size > budget and (position > start or not self.switches.small_envelopes):
                break
            position += 1
        if position == start < len(enumeration.rows):
            raise Fault("too-large")
        enumeration.position = position
        return "".join(enumeration.rows[start:position])

    @staticmethod
    def _elements(call, namespace):
        text = call.part(namespace, "MaxElements")
        if text is None:
            return 1
        if not text.isascii() or not text.isdigit() or not int(text):
            raise Fault("schema")
        return int(text)

    def enumerate(self, call, wait):
        call.expect_body(N, "Enumerate")
        enumeration = Enumeration(self._query(call))
        if call.body.find(f"{{{W}}}OptimizeEnumeration") is None:
            return f"<n:EnumerateResponse><n:EnumerationContext>{self._keep(enumeration)}</n:EnumerationContext>" \
                "</n:EnumerateResponse>"
        items = self._fit(call, enumeration, 1 if self.switches.one_row_first else self._elements(call, W))
        ended = enumeration.position == len(enumeration.rows) and not self.switches.one_row_first
        context = self._last_context() if ended else self._keep(enumeration)
        end = "<w:EndOfSequence/>" if ended else ""
        return f"<n:EnumerateResponse><n:EnumerationContext>{context}</n:EnumerationContext><w:Items>{items}" \
            f"</w:Items>{end}</n:EnumerateResponse>"

    def pull(self, call, wait):
        call.expect_body(N, "Pull")
        elements, context = self._elements(call, N), call.part(N, "EnumerationContext")
        enumeration = self._drop(context)
        if self.switches.busy_first and not self._was_busy:
            self._was_busy = True
            self._contexts[context] = enumeration
            raise Fault("timed-out")
        if enumeration.subscription:
            return self._pull_events(call, wait, context, enumeration, elements)
        self._place(call)
        items = self._fit(call, enumeration, elements)
        return self._pulled(items, enumeration, enumeration.position == len(enumeration.rows))

    def _pulled(self, items, enumeration, ended):
        context = self._last_context() if ended else self._keep(enumeration)
        context = f"<n:EnumerationContext>{context}</n:EnumerationContext>" if context else ""
        end = "<n:EndOfSequence/>" if ended else ""
        return f"<n:PullResponse>{context}<n:Items>{items}</n:Items>{end}</n:PullResponse>"

    def release(self, call, wait):
        call.expect_body(N, "Release")
        self._drop(call.part(N, "EnumerationContext"))
        return ""

    # Single instances and methods

    def _instance(self, call, namespace, class_name):
        """The row that the selectors name."""
        table = self.host.table(namespace, class_name)
        selectors = {name.lower(): value.lower() for name, value in call.selectors.items()
                     if name.lower() != "__cimnamespace"}
        keys = {key.lower(): key for key in getattr(table, "keys", ("Name",))}
        rows = self.host.rows(namespace, class_name)
        if not selectors and len(rows) == 1:
            return rows[0]
        if set(selectors) != set(keys):
            raise Fault("selectors")
        for row in rows:
            if all(str(row.get(keys[name], "")).lower() == value for name, value in selectors.items()):
                return row
        raise Fault("no-instance", class_name, "GetObject")

    def get(self, call, wait):
        namespace, class_name = self._place(call)
        class_name, columns = self._class(namespace, class_name)
        if call.body is not None:
            raise Fault("schema")
        row = self._instance(call, namespace, class_name)
        text = soap.class_row(f"{soap.WMI}{namespace}/{class_name}", class_name, row, columns)
        if len(text) > call.envelope_size // 2 - OVERHEAD:
            raise Fault("too-large")
        return text

    def invoke(self, call):
        namespace, class_name = self._place(call)
        method = call.action[len(call.resource) + 1:]
        class_name, _ = self._class(namespace, class_name)
        function = static_method(self.host, namespace, class_name, method)
        if function is None:
            raise Fault("invalid-method", method, "ExecMethod")
        if call.body is None or call.body.tag.lower() != f"{{{call.resource}}}{method}_INPUT".lower():
            raise Fault("schema")
        arguments = {}
        for element in call.body:
            uri, _, name = element.tag.rpartition("}")
            if uri.lower() != "{" + call.resource.lower():
                raise Fault("schema")
            arguments[name] = element.text or ""
        is_static = class_name.lower() == "stdregprov"
        if is_static and call.selectors:
            raise Fault("selectors")
        row = None if is_static else self._instance(call, namespace, class_name)
        return soap.output(call.resource, method, function(self.host, row, arguments))

    # Events

    def subscribe(self, call, wait):
        if call.resource != soap.EVENT_LOG:
            raise Fault("resource")
        subscription = eventing.Subscription(self.host, call, self.switches.cdata_events)
        context = self._keep(Enumeration([], 0, subscription))
        return subscription.response(self.address, context)

    def _pull_events(self, call, wait, context, enumeration, elements):
        deadline = time.monotonic() + call.timeout
        try:
            if call.resource != soap.EVENT_LOG:
                raise Fault("resource")
            while enumeration.position == len(enumeration.rows):
                enumeration.rows, enumeration.position = enumeration.subscription.take(), 0
                if enumeration.rows:
                    break
                left = 0 if self.switches.hasty else deadline - time.monotonic()
                if left <= 0:
                    raise Fault("timed-out")
                wait(min(POLL_SECONDS, left))
            items = self._fit(call, enumeration, elements)
        except BaseException:
            self._contexts[context] = enumeration   # the same context serves the next Pull
            raise
        return self._pulled(items, enumeration, False)

    def unsubscribe(self, call, wait):
        call.expect_body(E, "Unsubscribe")
        wanted = call.header_text(E, "Identifier")
        with self._lock:
            found = [context for context, one in self._contexts.items()
                     if one.subscription and one.subscription.identifier == wanted]
            for context in found:
                del self._contexts[context]
        if not found:
            raise Fault("resource")
        return ""
