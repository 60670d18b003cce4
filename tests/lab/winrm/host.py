# The model of a Windows server: what WMI, the registry and the event logs of one host hold.
# SPDX-License-Identifier: GPL-3.0-or-later
"""Host is empty; healthy() gives a server with IIS, NDES and the Intune connector. Tests change it in place."""
import dataclasses
import datetime
import hashlib
import struct

from .names import Names

CIMV2 = "root/cimv2"
DEFAULT = "root/default"
WEB = "root/webadministration"
IIS6 = "root/MicrosoftIISv2"
APPPOOLWAS = "Win32_PerfFormattedData_APPPOOLCountersProvider_APPPOOLWAS"

REG_SZ, REG_EXPAND_SZ, REG_BINARY, REG_DWORD, REG_MULTI_SZ, REG_QWORD = 1, 2, 3, 4, 7, 11
CONNECTOR_KEY = r"SOFTWARE\Microsoft\MicrosoftIntune\PFXCertificateConnector"
STATUS_KEY = CONNECTOR_KEY + r"\ConnectionStatus"
UNINSTALL_KEY = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
PRODUCT_KEY = UNINSTALL_KEY + r"\{8C1F2B46-5E0D-4C0B-9C59-6C3A1E7D2A10}"
MY_STORE_KEY = r"SOFTWARE\Microsoft\SystemCertificates\MY\Certificates"
MSCEP_KEY = r"SOFTWARE\Microsoft\Cryptography\MSCEP"
ADMIN_LOG = "Microsoft-Intune-CertificateConnectors/Admin"
OPERATIONAL_LOG = "Microsoft-Intune-CertificateConnectors/Operational"
CLASSIC_LOGS = ("Application", "System")
WAS_PROVIDER = "Microsoft-Windows-WAS"
# EventSourceName of providers that have another name in the classic API.
SOURCES = {WAS_PROVIDER: "WAS"}

CRITICAL, ERROR, WARNING, INFORMATION = 1, 2, 3, 4
TIME_FORMS = {"invariant": "%m/%d/%Y %H:%M:%S", "german": "%d.%m.%Y %H:%M:%S", "us": "%m/%d/%Y %I:%M:%S %p"}
EPOCH_1601 = datetime.datetime(1601, 1, 1, tzinfo=datetime.timezone.utc)


class Table(list):
    """The rows of a class, dictionaries. columns: of the class (empty: those of the rows); keys: of an instance;
    make: a function that gives the rows when they are asked for."""

    def __init__(self, rows=(), columns=(), keys=("Name",), make=None):
        super().__init__(rows)
        self.columns, self.keys, self.make = tuple(columns), tuple(keys), make


@dataclasses.dataclass
class Embedded:
    """An embedded object as the value of a property."""
    class_name: str
    values: dict
    namespace: str = WEB


@dataclasses.dataclass
class Event:
    """An event of a log; level is one of CRITICAL, ERROR, WARNING, INFORMATION."""
    id: int
    level: int
    time: datetime.datetime
    provider: str
    message: str
    data: tuple = ()       # insertion strings
    record: int = 0

    @property
    def source(self):
        """The name in the classic API."""
        return SOURCES.get(self.provider, self.provider)


def filetime(when):
    """100 nanoseconds since 1601."""
    return (when - EPOCH_1601) // datetime.timedelta(microseconds=1) * 10


def stored_certificate(der):
    """The Blob value of a certificate store: records of property id, 1, length, data."""
    provider = "Microsoft Software Key Storage Provider".encode("utf-16-le") + b"\0\0"
    records = ((2, provider), (3, hashlib.sha1(der).digest()), (32, der))
    return b"".join(struct.pack("<III", number, 1, len(data)) + data for number, data in records)


class Host:
    """One Windows server.

    namespaces          {"root/cimv2": {"Win32_Service": [row, ...]}}; a row is {property: value}; values are str, int,
                        bool, None (NULL), list, datetime, Embedded, or a function that gives one when asked;
                        a property may be absent
    registry            {key below HKLM: {value name: (type, data)}}; registry_denied: keys that answer 5
    logs                {channel: [Event]}; the classic ones are Win32_NTLogEvent, too
    classic_by_provider Win32_NTLogEvent shows the name of the provider in place of the source's
    denied_namespaces   answer 0x80041003; denied_channels: answer 5 to a subscription
    hidden              pairs (namespace, class) whose rows vanish silently, as for a user without rights
    methods             {(namespace, class, method): function(host, row, arguments)}; before the built-in ones
    All names are compared without regard to case.
    """

    connector_key = CONNECTOR_KEY
    product_key = PRODUCT_KEY
    admin_log = ADMIN_LOG
    operational_log = OPERATIONAL_LOG

    def __init__(self, name="NDES01", at=None):
        """at: what its clock says at this moment, in UTC; ours by default."""
        self.name = name
        self.namespaces = Names()
        self.registry = Names()
        self.registry_denied = set()
        self.logs = Names()
        self.denied_namespaces = set()
        self.denied_channels = set()
        self.hidden = set()
        self.methods = {}
        self.classic_by_provider = False
        self.clock_ahead = 0    # seconds; also moves the Date header
        if at:
            self.clock_ahead = (at - self.now()).total_seconds()

    def now(self):
        return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=self.clock_ahead)

    # WMI

    def table(self, namespace, class_name):
        """The rows of a class, to be changed; KeyError if there is none."""
        return self.namespaces[namespace][class_name]

    def row(self, namespace, class_name, name):
        """The row with this Name, to be changed."""
        return next(row for row in self.table(namespace, class_name) if row["Name"].lower() == name.lower())

    def remove(self, namespace, class_name, name):
        self.table(namespace, class_name).remove(self.row(namespace, class_name, name))

    def rows(self, namespace, class_name):
        """What a query sees of a class."""
        table = self.table(namespace, class_name)
        if self.is_hidden(namespace, class_name):
            return []
        make = getattr(table, "make", None)
        return make() if make else table

    def is_hidden(self, namespace, class_name):
        return bool(self.hidden) and (namespace.lower(), class_name.lower()) in \
            {(space.lower(), name.lower()) for space, name in self.hidden}

    def is_denied(self, namespace):
        return namespace.lower() in {name.lower() for name in self.denied_namespaces}

    def service(self, name):
        return self.row(CIMV2, "Win32_Service", name)

    def set_service(self, name, state="Running", start_mode="Auto", **more):
        """Change state and what depends on it; further columns by name."""
        running = state != "Stopped"
        row = self.service(name)
        row.update(State=state, StartMode=start_mode, Started=running, ProcessId=(row["ProcessId"] or 4242) * running,
                   **more)

    def remove_service(self, name):
        self.remove(CIMV2, "Win32_Service", name)

    def pool(self, name):
        return self.row(WEB, "ApplicationPool", name)

    def application(self, path):
        return next(row for row in self.table(WEB, "Application") if row["Path"].lower() == path.lower())

    def iis6_pool(self, name):
        return self.row(IIS6, "IIsApplicationPoolSetting", f"W3SVC/AppPools/{name}")

    def pool_counters(self, name):
        return self.row(CIMV2, APPPOOLWAS, name)

    def set_pool_state(self, name, counters, state, iis6):
        """The state in the three encodings: APPPOOLWAS, GetState, AppPoolState."""
        self.pool_counters(name)["CurrentApplicationPoolState"] = counters
        self.pool(name)["State"] = state
        self.iis6_pool(name)["AppPoolState"] = iis6

    def stop_pool(self, name):
        self.set_pool_state(name, 5, 3, 4)
        self.pool_counters(name).update(CurrentWorkerProcesses=0, CurrentApplicationPoolUptime=0)

    def remove_pool(self, name):
        """From all three sources."""
        self.remove(CIMV2, APPPOOLWAS, name)
        self.remove(WEB, "ApplicationPool", name)
        self.remove(IIS6, "IIsApplicationPoolSetting", f"W3SVC/AppPools/{name}")

    def drop_namespace(self, name):
        del self.namespaces[name]

    def drop_class(self, namespace, class_name):
        del self.namespaces[namespace][class_name]

    # Registry

    def set_registry(self, key, name, kind, data):
        if key not in self.registry:
            self.registry[key] = {}
        self.registry[key][name] = (kind, data)

    def drop_registry(self, key, name=None):
        """A value, or a key with everything below."""
        if name is not None:
            del self.registry[key][name]
            return
        for path in list(self.registry):
            if path.lower() == key.lower() or path.lower().startswith(key.lower() + "\\"):
                del self.registry[path]

    def store_certificate(self, der):
        """Into LocalMachine\\My; returns the thumbprint."""
        thumbprint = hashlib.sha1(der).hexdigest().upper()
        self.set_registry(f"{MY_STORE_KEY}\\{thumbprint}", "Blob", REG_BINARY, stored_certificate(der))
        return thumbprint

    def set_connector_certificate(self, der):
        """Store it and name it as the connector's own."""
        self.set_registry(CONNECTOR_KEY, "EncryptionCertThumbprint", REG_SZ, self.store_certificate(der))

    def set_feature(self, name, on):
        """name: EnableSCEP, EnablePFxCreate, EnablePFxImport, EnableRevocation."""
        self.set_registry(CONNECTOR_KEY, name, REG_DWORD, int(on))

    def set_last_connection(self, hours_ago, form="invariant"):
        """form: invariant, german, us, or filetime."""
        when = self.now() - datetime.timedelta(hours=hours_ago)
        text = str(filetime(when)) if form == "filetime" else when.strftime(TIME_FORMS[form])
        self.set_registry(STATUS_KEY, "LastConnectionTime", REG_SZ, text)

    def set_version(self, version):
        self.set_registry(PRODUCT_KEY, "DisplayVersion", REG_SZ, version)

    # Event logs

    def log_event(self, channel, number, level, minutes_ago, message, data=(), provider=None):
        """Add an event; the log stays in the order of time."""
        log = self.logs.setdefault(channel, [])
        event = Event(number, level, self.now() - datetime.timedelta(minutes=minutes_ago),
                      provider or channel.partition("/")[0], message, tuple(data), len(log) + 1)
        log.append(event)
        log.sort(key=lambda one: one.time)
        return event
