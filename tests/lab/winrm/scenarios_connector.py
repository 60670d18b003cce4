# The scenarios of the Intune connector: every fault of it, every healthy variant, each part denied or hidden.
# SPDX-License-Identifier: GPL-3.0-or-later
"""CONNECTOR is the table. A change is a function of the healthy host; several are joined by every()."""
import datetime
import functools
import tempfile
from pathlib import Path

from .. import keys, pki
from . import ntlog
from .faults import Fault
from .healthy import connector_certificate
from .host import ADMIN_LOG, CIMV2, CONNECTOR_KEY, ERROR, INFORMATION, MY_STORE_KEY, OPERATIONAL_LOG, PRODUCT_KEY, \
    REG_BINARY, REG_DWORD, REG_QWORD, REG_SZ, STATUS_KEY, UNINSTALL_KEY, WARNING, Event, Table, filetime
from .scenario import WinrmScenario as S, critical, unknown, utc, warning
from .services import CONNECTOR_SERVICES, service_row

CORE, CREATE, CREATE_LEGACY, REVOKE = (name for name, _, _ in CONNECTOR_SERVICES)
PROGRAM = r"C:\Program Files\Microsoft Intune\PFXCertificateConnector\Microsoft.Intune.Connectors.exe"
LEGACY_LOG = "Microsoft Intune Connector"
SERVICES_KEY = r"SYSTEM\CurrentControlSet\Services"
SHIPPED = Path(__file__).resolve().parents[3] / "packaging" / "connector-releases"
_TABLES = tempfile.TemporaryDirectory()


def every(*changes):
    def change(host):
        for one in changes:
            one(host)
    return change


def releases(superseded_days):
    """--releases with a table in which 6.2406.0.1001 was superseded so many days ago."""
    path = Path(_TABLES.name) / str(superseded_days)
    day = datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=superseded_days)
    path.write_text(f"6.2301.1.0 2023-02-15\n6.2406.0.1001 2024-09-19 # strong mapping\n6.2406.0.2002 {day}\n",
                    encoding="ascii")
    return "--releases", str(path)


def no_releases():
    path = Path(_TABLES.name) / "none"
    path.write_text("# nothing\n", encoding="ascii")
    return "--releases", str(path)


def hidden_clock(host):
    host.hidden.add((CIMV2, "Win32_OperatingSystem"))


# Services

def stopped(name=CORE, code=0, **more):
    return lambda host: host.set_service(name, "Stopped", ExitCode=code, **more)


def in_state(name, state):
    return lambda host: host.set_service(name, state)


def disabled(name):
    return lambda host: host.set_service(name, "Stopped", "Disabled")


def manual(name):
    return lambda host: host.set_service(name, "Stopped", "Manual", ExitCode=1077)


def removed(*names):
    def change(host):
        for name in names:
            host.remove_service(name)
    return change


def hidden_services(*names):
    """They are there, but the account may not query their status."""
    def change(host):
        for name in names:
            host.remove_service(name)
            host.set_registry(rf"{SERVICES_KEY}\{name}", "Start", REG_DWORD, 2)
    return change


def feature(name, on):
    return lambda host: host.set_feature(name, on)


def no_feature(name):
    return lambda host: host.drop_registry(CONNECTOR_KEY, name)


def booted(minutes_ago):
    def change(host):
        host.table(CIMV2, "Win32_OperatingSystem")[0]["LastBootUpTime"] = \
            host.now() - datetime.timedelta(minutes=minutes_ago)
    return change


ALL_SERVICES = removed(CORE, CREATE, CREATE_LEGACY, REVOKE)


def no_connector(host):
    """A host where it never was."""
    ALL_SERVICES(host)
    host.drop_registry(CONNECTOR_KEY)
    host.drop_registry(PRODUCT_KEY)
    for log in (ADMIN_LOG, OPERATIONAL_LOG):
        del host.logs[log]


def legacy_connector(host, events=()):
    """The old connector in place of the new one; events: (ID, minutes ago) in its classic log."""
    no_connector(host)
    host.table(CIMV2, "Win32_Service").append(
        service_row(host.name, "NDESConnectorSvc", "Intune Connector Service", "R", "Auto", "LocalSystem",
                    r'"C:\Program Files\Microsoft Intune\NDESConnectorSvc\NDESConnector.exe"', 4711))
    for value, data in (("DisplayName", "Microsoft Intune Connector"), ("DisplayVersion", "6.2008.60.607")):
        host.set_registry(PRODUCT_KEY, value, REG_SZ, data)
    rows = [ntlog.row(host, LEGACY_LOG, Event(number, ERROR, host.now() - datetime.timedelta(minutes=minutes),
                                              LEGACY_LOG, "It failed.", (), record))
            for record, (number, minutes) in enumerate(events, 1)]
    host.namespaces[CIMV2]["Win32_NTLogEvent"] = Table(rows, ntlog.COLUMNS, ("Logfile", "RecordNumber"))


# Version

def version(text):
    return lambda host: host.set_version(text)


def many_programs(host):
    """So many before the connector that the search gives up."""
    own = dict(host.registry[PRODUCT_KEY])
    host.drop_registry(UNINSTALL_KEY)
    for number in range(40):
        host.set_registry(rf"{UNINSTALL_KEY}\{{{number:08X}-0000-4000-8000-000000000000}}", "DisplayName", REG_SZ,
                          f"Program {number}")
    for name, (kind, data) in own.items():
        host.set_registry(PRODUCT_KEY, name, kind, data)


def speaking_key(host):
    """Its key below Uninstall is not a GUID, but a name."""
    own = dict(host.registry[PRODUCT_KEY])
    many_programs(host)
    host.drop_registry(PRODUCT_KEY)
    for name, (kind, data) in own.items():
        host.set_registry(rf"{UNINSTALL_KEY}\Certificate Connector for Microsoft Intune", name, kind, data)


def program_file(text):
    def change(host):
        rows = [{"Name": PROGRAM.lower(), "Version": text}] if text else []
        host.namespaces[CIMV2]["CIM_DataFile"] = Table(rows, ("Name", "Version", "FileSize"))
    return change


# Heartbeat

def last(hours_ago, form="invariant"):
    return lambda host: host.set_last_connection(hours_ago, form)


def last_text(pattern, hours_ago=1.0, zone_hours=0, key=STATUS_KEY):
    """LastConnectionTime in a form of strftime, in a time zone."""
    def change(host):
        when = host.now() - datetime.timedelta(hours=hours_ago - zone_hours)
        host.drop_registry(STATUS_KEY, "LastConnectionTime")
        host.set_registry(key, "LastConnectionTime", REG_SZ, when.strftime(pattern))
    return change


def last_qword(host):
    host.set_registry(STATUS_KEY, "LastConnectionTime", REG_QWORD,
                      filetime(host.now() - datetime.timedelta(hours=1)))


def no_last(host):
    host.drop_registry(STATUS_KEY, "LastConnectionTime")


def issue(text):
    return lambda host: host.set_registry(STATUS_KEY, "IssueDetails", REG_SZ, text)


# Certificate

def certificate(begin, end):
    return lambda host: host.set_connector_certificate(connector_certificate(host.now(), begin, end))


def server_certificate(host):
    authority = pki.issue(pki.name("Example CA"), keys.key("intune-ca"), pki.days(-900, 2700, host.now()),
                          [pki.basic_constraints()], number=11)
    return pki.issue(pki.name("web"), keys.key("intune-connector"), pki.days(-1, 300, host.now()),
                     [pki.extended_usage("1.3.6.1.5.5.7.3.1")], authority, 13).der


def no_thumbprint(host):
    host.drop_registry(CONNECTOR_KEY, "EncryptionCertThumbprint")


def thumbprint(change_text):
    def change(host):
        _, text = host.registry[CONNECTOR_KEY]["EncryptionCertThumbprint"]
        host.set_registry(CONNECTOR_KEY, "EncryptionCertThumbprint", REG_SZ, change_text(text))
    return change


def spaced(text):
    """As people paste it: an invisible mark, lower case, blanks."""
    return "\u200e" + " ".join(text[at:at + 2] for at in range(0, len(text), 2)).lower()


def blob(data):
    def change(host):
        _, name = host.registry[CONNECTOR_KEY]["EncryptionCertThumbprint"]
        host.set_registry(rf"{MY_STORE_KEY}\{name}", "Blob", REG_BINARY, data)
    return change


# Events

def failures(count, number=4001, minutes_ago=12, log=ADMIN_LOG, text="The CA denied the request."):
    def change(host):
        for _ in range(count):
            host.log_event(log, number, ERROR, minutes_ago, text)
    return change


def health(number, minutes_ago, level=ERROR):
    return lambda host: host.log_event(OPERATIONAL_LOG, number, level, minutes_ago, "proxy: 407 authentication required")


def silence(host):
    """No health message any more."""
    host.logs[OPERATIONAL_LOG] = []


# Rights

def denied(key):
    return lambda host: host.registry_denied.add(key)


def fault(host):
    def answer(*_):
        raise Fault("invalid-event-query")
    host.methods[(CIMV2, "StdRegProv", "GetStringValue")] = answer


def hidden(host):
    host.hidden.add((CIMV2, "Win32_Service"))


def named(*names):
    return tuple(word for name in names for word in ("--service", name))


STOPPED = critical("ndes-conn-stopped")
DENIED = unknown("ndes-cim-denied")
RIGHTS = unknown("ndes-cim-rights")
DATA = unknown("ndes-conn-data")
OUTDATED = critical("ndes-conn-outdated")
NO_STRONG_MAPPING = warning("ndes-conn-sid")
ONLY_THIS = {"apppool": None}
# LastConnectionTime with day and month swapped is no date on the one, and another date on the other.
CLEAR_DAY, FIRST_DAY = utc(2026, 11, 22), utc(2026, 12, 1)
H = functools.partial(S, at=CLEAR_DAY)

SERVICES = (
    S("conn-stopped", "the core service ended", stopped(code=1067), connector=(STOPPED,), extra=1),
    S("conn-never-started", "never started since the boot", stopped(code=1077), connector=(STOPPED,), extra=1),
    S("conn-logon-failed", "its account cannot log on", stopped(code=1069), connector=(STOPPED,), extra=1),
    S("conn-own-error", "an exit code of its own", stopped(code=1066, ServiceSpecificExitCode=42), connector=(STOPPED,),
      extra=1),
    S("conn-stopped-feature", "the service of an active feature is stopped", stopped(REVOKE), connector=(STOPPED,),
      extra=2),
    S("conn-stopped-unset", "its switch is not there", every(stopped(REVOKE), no_feature("EnableRevocation")),
      connector=(STOPPED,), extra=2),
    S("conn-stop-pending", "it does not finish stopping", in_state(CORE, "Stop Pending"),
      connector=(warning("ndes-conn-stopped"),), extra=1),
    S("conn-paused", "it is paused", in_state(CORE, "Paused"), connector=(warning("ndes-conn-stopped"),), extra=1),
    S("conn-strange-state", "a state that Windows has not", in_state(CORE, "Confused"), connector=(DATA,), extra=1),
    S("conn-pending", "it does not finish starting", in_state(CORE, "Start Pending"),
      connector=(warning("ndes-conn-pending"),), extra=1),
    S("conn-disabled", "disabled, its feature is on", disabled(REVOKE), connector=(critical("ndes-conn-disabled"),),
      extra=1),
    S("conn-disabled-core", "the core service is disabled", disabled(CORE), connector=(critical("ndes-conn-disabled"),)),
    S("conn-disabled-unset", "disabled, its switch is not there", every(disabled(REVOKE), no_feature("EnableRevocation")),
      connector=(DATA,), extra=1),
    S("conn-disabled-denied", "disabled, its switch is denied", every(disabled(REVOKE), denied(CONNECTOR_KEY)),
      connector=(DATA, DENIED), extra=1),
    S("conn-manual-feature", "start type Manual, not running, its feature is on", manual(CREATE_LEGACY),
      connector=(STOPPED,), extra=2),
    S("conn-manual-core", "start type Manual, the core service does not run", manual(CORE), connector=(STOPPED,)),
    S("conn-missing-feature", "no service for an active feature", removed(REVOKE),
      connector=(critical("ndes-conn-missing"),), extra=4),
    S("conn-hidden-feature", "the service of an active feature is hidden", hidden_services(REVOKE),
      connector=(RIGHTS,), extra=2),
    S("conn-hidden-unsure", "the same, and its key is denied", every(hidden_services(REVOKE), denied(SERVICES_KEY)),
      connector=(RIGHTS,), extra=2),
    S("ok-hidden-off", "a hidden service of a feature that is off",
      every(hidden_services(REVOKE), feature("EnableRevocation", False)), extra=1),
    S("conn-none", "there is no connector", no_connector, connector=(unknown("ndes-conn-missing"),), extra=4),
    S("conn-hidden", "its services are hidden", hidden_services(CORE, CREATE, CREATE_LEGACY, REVOKE),
      connector=(RIGHTS,), extra=5),
    S("conn-hidden-keys", "its services are hidden, and so are their keys",
      every(hidden_services(CORE, CREATE, CREATE_LEGACY, REVOKE), denied(SERVICES_KEY)),
      connector=(unknown("ndes-conn-missing"),), extra=1),
    S("conn-all-hidden", "all services are hidden", hidden, connector=(unknown("ndes-cim-rights"),), **ONLY_THIS),
    S("conn-named-gone", "--service names one that is not there", connector=(critical("ndes-conn-missing"),),
      connector_args=named("Gone", CORE), extra=1),
    S("conn-named-hidden", "--service names one that is hidden", hidden_services(REVOKE), connector=(RIGHTS,),
      connector_args=named(REVOKE, CORE), extra=1),
    S("conn-named-unsure", "the same, and its key is denied", every(hidden_services(REVOKE), denied(SERVICES_KEY)),
      connector=(RIGHTS,), connector_args=named(REVOKE, CORE), extra=1),
    S("conn-named-stopped", "--service names one that is stopped", connector=(STOPPED,),
      connector_args=named("wuauserv")),
    S("conn-named-disabled", "--service names one that is disabled", every(disabled(REVOKE),
                                                                          feature("EnableRevocation", False)),
      connector=(critical("ndes-conn-disabled"),), connector_args=named(REVOKE)),
    S("ok-conn-named", "--service overrides discovery", stopped(), connector_args=named(CREATE, REVOKE)),
    S("ok-conn-pending-boot", "starting, soon after a boot", every(in_state(CORE, "Start Pending"), booted(5)),
      extra=1),
    S("ok-conn-delayed-boot", "not yet started, soon after a boot", every(stopped(code=1077), booted(5)), extra=1),
    S("conn-short-grace", "the same with a shorter grace", every(stopped(code=1077), booted(5)), connector=(STOPPED,),
      connector_args=("--start-grace", "4m"), extra=1),
    S("ok-svc-manual", "start type Manual, not running, its switch is not there",
      every(manual(REVOKE), no_feature("EnableRevocation")), extra=1),
    S("ok-svc-feature-stopped", "stopped, its features are off",
      every(stopped(CREATE), stopped(CREATE_LEGACY), feature("EnableSCEP", False), feature("EnablePFxCreate", False)),
      extra=3),
    S("ok-svc-feature-disabled", "disabled, its feature is off",
      every(disabled(REVOKE), feature("EnableRevocation", False)), extra=1),
    S("ok-svc-feature-absent", "absent, its feature is off",
      every(removed(REVOKE), feature("EnableRevocation", False)), extra=1),
    S("ok-svc-updater", "auto-update is stopped", stopped("AzureADConnectAgentUpdater")),
    S("ok-conn-other", "the connector for Active Directory beside it",
      lambda host: host.table(CIMV2, "Win32_Service").append(
          service_row(host.name, "ODJConnectorSvc", "Intune ODJConnector Service", "S", "Auto", "LocalSystem",
                      r"C:\odj.exe", 1))),
    S("conn-rows-one-by-one", "a server that gives rows one by one", stopped(), server={"one_row_first": True},
      connector=(STOPPED,)),
    S("conn-class-rows", "rows in the shape of the class", stopped(), server={"fragments_off": True},
      connector=(STOPPED,)),
    S("conn-slow", "slower than -w allows", server={"delay": 0.05}, connector=(warning("ndes-winrm-slow"),),
      connector_args=("-w", "0.1")),
)

VERSIONS = (
    S("conn-outdated", "superseded for more than six months", version("6.2406.0.1001"),
      connector=(warning("ndes-conn-outdated"),), connector_args=releases(200)),
    S("conn-outdated-long", "superseded for more than 18 months", version("6.2406.0.1001"), connector=(OUTDATED,),
      connector_args=releases(600)),
    S("conn-sid", "a version without strong mapping", version("6.2301.1.0"), connector=(OUTDATED, NO_STRONG_MAPPING),
      connector_args=("--releases", str(SHIPPED))),
    S("conn-sid-no-table", "the same without a table of releases", version("6.2301.1.0"),
      connector=(NO_STRONG_MAPPING,), connector_args=no_releases()),
    S("conn-min-version", "older than the operator wants", connector=(warning("ndes-conn-outdated"),),
      connector_args=("--min-version", "6.2406.0.2003")),
    S("ok-version-scheme", "6.2406 is newer than 6.2301", version("6.2406.0.1001"),
      connector_args=("--min-version", "6.2301.1.0", *releases(100))),
    S("ok-version-newer", "newer than the table", version("6.2701.0.0"), connector_args=releases(100)),
    S("conn-version-strange", "no version", version("unknown"), connector=(DATA,)),
    S("ok-version-file", "many programs: the version comes from the file",
      every(many_programs, program_file("6.2406.0.2002")), extra=2),
    S("conn-version-file-old", "an old file", every(many_programs, program_file("6.2301.1.0")),
      connector=(OUTDATED, NO_STRONG_MAPPING), connector_args=("--releases", str(SHIPPED)), extra=2),
    S("conn-version-nowhere", "many programs, and the file is not visible", every(many_programs, program_file("")),
      connector=(DATA,), extra=2),
    S("conn-version-no-class", "many programs, and no class for files", many_programs, connector=(DATA,), extra=2),
    S("ok-version-named", "--service names another program first",
      every(many_programs, program_file("6.2406.0.2002")), connector_args=named("W3SVC", CORE), extra=2),
    S("ok-version-skip", "services are left out: the version still comes from the file",
      every(many_programs, program_file("6.2406.0.2002"), stopped()), connector_args=("--skip", "services"), extra=2),
    S("ok-version-key", "many programs, and --version-key", many_programs,
      connector_args=("--version-key", PRODUCT_KEY.rpartition("\\")[2])),
    S("conn-version-key-wrong", "--version-key names another", connector=(DATA,),
      connector_args=("--version-key", "{00}")),
    S("ok-version-name", "its key has a name", speaking_key),
    S("ok-version-denied", "the list of programs is denied, the file is not",
      every(denied(UNINSTALL_KEY), program_file("6.2406.0.2002"))),
    S("conn-version-denied", "the list of programs is denied", every(denied(UNINSTALL_KEY), program_file("")),
      connector=(DENIED,)),
)

HEARTBEATS = (
    H("conn-stale", "no check-in for six hours", last(6), connector=(warning("ndes-conn-stale"),), extra=2),
    H("conn-stale-long", "no check-in for 30 hours", every(last(30), issue("Proxy authentication required")),
      connector=(critical("ndes-conn-stale"),), extra=2),
    H("conn-stale-filetime", "the same as FILETIME", last(30, "filetime"), connector=(critical("ndes-conn-stale"),),
      extra=1),
    H("conn-stale-range", "older than the operator wants", connector=(warning("ndes-conn-stale"),),
      connector_args=("--heartbeat-warning", "0.5"), extra=2),
    H("ok-heartbeat-filetime", "FILETIME in digits", last(1, "filetime")),
    H("ok-heartbeat-qword", "FILETIME as a number", last_qword, extra=1),
    H("ok-heartbeat-german", "German text", last(1, "german")),
    H("ok-heartbeat-us", "American text", last(1, "us")),
    H("ok-heartbeat-british", "British text", last_text("%d/%m/%Y %H:%M:%S")),
    H("ok-heartbeat-swedish", "Swedish text", last_text("%Y-%m-%d %H:%M:%S")),
    H("ok-heartbeat-japanese", "Japanese text", last_text("%Y/%m/%d %H:%M:%S")),
    H("ok-heartbeat-finnish", "Finnish text", last_text("%d.%m.%Y %H.%M.%S")),
    H("ok-heartbeat-iso", "ISO 8601", last_text("%Y-%m-%dT%H:%M:%S.1234567Z")),
    H("ok-heartbeat-local", "local time of the server", last_text("%d.%m.%Y %H:%M:%S", 0.1, zone_hours=1), extra=1),
    H("ok-heartbeat-parent", "in the key above, as older versions have it",
      last_text("%m/%d/%Y %H:%M:%S", key=CONNECTOR_KEY), extra=2),
    H("ok-heartbeat-event", "no value, but an event 5000", no_last, extra=4),
    H("conn-heartbeat-event", "no value, and an event 5000 of six days ago",
      every(no_last, silence, health(5000, 6 * 24 * 60, INFORMATION)), connector=(critical("ndes-conn-stale"),),
      connector_args=("--event-window", "7d"), extra=4),
    H("conn-heartbeat-missing", "no value, no event", every(no_last, silence),
      connector=(DATA, warning("ndes-conn-stale")), extra=4),
    H("conn-heartbeat-strange", "no time", last_text("yesterday, at about %H"), connector=(DATA,), extra=1),
    H("conn-heartbeat-future", "five hours ahead", last(-5), connector=(DATA,), extra=2),
    # Day and month may be swapped. What the check says today: it takes the latest reading that is not in the future.
    S("ok-heartbeat-first", "on the first of a month", last(1), at=FIRST_DAY),
    S("ok-heartbeat-first-british", "the same in British text", last_text("%d/%m/%Y %H:%M:%S"), at=FIRST_DAY),
    S("ok-heartbeat-first-silence", "of 12 January, or of ten minutes ago", every(silence, last_text(
        "01/12/2026 11:50:00")), at=FIRST_DAY),
    S("conn-heartbeat-first-hours", "five hours ahead, or of 12 January", last(-5), at=FIRST_DAY,
      connector=(critical("ndes-conn-stale"),), extra=2),
    S("conn-heartbeat-first-days", "two days ahead, or of 12 March", last_text("12/03/2026 12:00:00"), at=FIRST_DAY,
      connector=(critical("ndes-conn-stale"),), extra=2),
    S("ok-heartbeat-clock", "a server whose clock is an hour ahead", last(1 / 60), server={"clock_ahead": 3600}),
)

CERTIFICATES = (
    S("conn-cert-warning", "two weeks left", certificate(-350, 15), connector=(warning("ndes-conn-cert"),)),
    S("conn-cert-critical", "three days left", certificate(-362, 3), connector=(critical("ndes-conn-cert"),)),
    S("conn-cert-expired", "expired", certificate(-370, -5), connector=(critical("ndes-conn-cert"),)),
    S("conn-cert-future", "not yet valid", certificate(2, 300), connector=(critical("ndes-conn-cert"),)),
    S("conn-cert-percent", "limits in percent", connector=(warning("ndes-conn-cert"),),
      connector_args=("--cert-warning", "95%", "--cert-critical", "5%")),
    S("conn-cert-missing", "not in the store", thumbprint(lambda text: "A" * 40),
      connector=(critical("ndes-conn-cert"),)),
    S("conn-cert-usage", "not for client authentication",
      lambda host: host.set_connector_certificate(server_certificate(host)), connector=(warning("ndes-conn-cert"),)),
    S("conn-cert-cut", "a store element that is cut off", blob(b"\x20\0\0\0\1\0\0\0\xff\xff\0\0\x30"), connector=(DATA,)),
    S("conn-cert-garbage", "a store element without a certificate", blob(b"\x20\0\0\0\1\0\0\0\4\0\0\0\x30\x82\1\1"),
      connector=(DATA,)),
    S("conn-cert-no-blob", "a key in the store without the value", lambda host: host.registry[
        rf"{MY_STORE_KEY}\{host.registry[CONNECTOR_KEY]['EncryptionCertThumbprint'][1]}"].clear(), connector=(DATA,)),
    S("conn-cert-no-thumbprint", "a thumbprint that is none", thumbprint(lambda text: "not set"), connector=(DATA,)),
    S("ok-cert-spaced", "a thumbprint with blanks in lower case", thumbprint(spaced)),
    S("conn-cert-unnamed", "no thumbprint, though a feature needs one", no_thumbprint, connector=(DATA,)),
    S("ok-cert-unnamed", "no thumbprint, nor a feature that needs one",
      every(no_thumbprint, feature("EnablePFxImport", False), feature("EnablePFxCreate", False)), extra=1),
)

EVENTS = (
    S("conn-requests", "a request failed", failures(1), connector=(warning("ndes-conn-requests"),)),
    S("conn-requests-many", "many failed", every(failures(9), failures(4, 4007, 30, OPERATIONAL_LOG)),
      connector=(critical("ndes-conn-requests"),)),
    *(S(f"conn-requests-{number}", f"event {number}", failures(1, number, log=log),
        connector=(warning("ndes-conn-requests"),))
      for number, log in ((4002, ADMIN_LOG), (4005, OPERATIONAL_LOG), (4010, OPERATIONAL_LOG), (1001, ADMIN_LOG),
                          (1201, ADMIN_LOG), (2001, ADMIN_LOG), (3001, ADMIN_LOG))),
    S("conn-requests-cdata", "events come as text", failures(1), server={"cdata_events": True},
      connector=(warning("ndes-conn-requests"),)),
    S("conn-requests-hostile", "a message that would break the output", failures(
        1, text="x | y=1\n\x1b[31m" + "long " * 400), connector=(warning("ndes-conn-requests"),)),
    S("ok-requests-old", "failures before the window", failures(20, minutes_ago=300)),
    S("ok-requests-limit", "fewer than the operator minds", failures(3), connector_args=("--failures-warning", "3")),
    S("ok-event-1000", "component not installed, during an upgrade",
      failures(3, 1000, text="The component is not installed.")),
    S("conn-health", "health messages do not get through", every(health(5001, 9, WARNING), health(5002, 5)),
      connector=(warning("ndes-conn-stale"),)),
    S("ok-health-recovered", "one did not, later ones did",
      every(health(5002, 60), health(5000, 5, INFORMATION))),
    S("ok-silence", "no event 5000, but a fresh heartbeat", silence),
    S("conn-silence", "no event 5000, and the heartbeat is not looked at", silence,
      connector=(warning("ndes-conn-stale"),), connector_args=("--skip", "heartbeat")),
    S("ok-silence-short", "the window is too short to tell", silence,
      connector_args=("--skip", "heartbeat", "--event-window", "50m")),
    S("conn-events-denied", "the log is denied", lambda host: host.denied_channels.update((ADMIN_LOG, OPERATIONAL_LOG)),
      connector=(DENIED,)),
    S("conn-events-missing", "there is no such log", lambda host: host.logs.pop(ADMIN_LOG) and
      host.logs.pop(OPERATIONAL_LOG), connector=(unknown("ndes-cim-class"),)),
    S("ok-no-clock", "the account sees no Win32_OperatingSystem", hidden_clock),
    S("ok-skip-all", "all but one part left out", every(stopped(), last(99), failures(99), version("1.0")),
      connector_args=tuple(word for part in ("services", "version", "heartbeat", "events")
                           for word in ("--skip", part))),
)

OTHERS = (
    S("conn-registry-denied", "the connector's key is denied", denied(CONNECTOR_KEY), connector=(DENIED,)),
    S("conn-registry-denied-stopped", "the same, and a service is stopped", every(denied(CONNECTOR_KEY), stopped(REVOKE)),
      connector=(DENIED, STOPPED), extra=2),
    S("conn-store-denied", "the certificate store is denied", denied(MY_STORE_KEY), connector=(DENIED,)),
    S("conn-namespace-denied", "root/cimv2 is denied", lambda host: host.denied_namespaces.add(CIMV2),
      connector=(DENIED,), **ONLY_THIS),
    S("conn-no-namespace", "root/cimv2 is not there", lambda host: host.drop_namespace(CIMV2),
      connector=(unknown("ndes-cim-namespace"),), **ONLY_THIS),
    S("conn-no-class", "Win32_Service is not there", lambda host: host.drop_class(CIMV2, "Win32_Service"),
      connector=(unknown("ndes-cim-class"),), **ONLY_THIS),
    S("conn-fault", "the registry provider fails", fault, connector=(unknown("ndes-winrm-fault"),)),
    S("conn-legacy", "the old connector", legacy_connector, connector=(OUTDATED, NO_STRONG_MAPPING),
      connector_args=("--releases", str(SHIPPED)), extra=2),
    S("conn-legacy-failures", "the old connector, with failures",
      lambda host: legacy_connector(host, ((20102, 30), (20102, 20), (10102, 90), (10301, 10), (20602, 500))),
      connector=(OUTDATED, NO_STRONG_MAPPING, warning("ndes-conn-requests"), warning("ndes-conn-cert")),
      connector_args=("--releases", str(SHIPPED)), extra=2),
    S("conn-legacy-skip", "the old connector, with failures, services are left out",
      lambda host: legacy_connector(host, ((20102, 30),)),
      connector=(OUTDATED, NO_STRONG_MAPPING, warning("ndes-conn-requests")),
      connector_args=("--releases", str(SHIPPED), "--skip", "services"), extra=2),
    S("conn-none-skip", "there is no connector, services are left out", no_connector,
      connector=(unknown("ndes-conn-missing"),), connector_args=("--skip", "services"), extra=4),
    S("ok-hidden-skip", "its services are hidden, and left out",
      hidden_services(CORE, CREATE, CREATE_LEGACY, REVOKE), connector_args=("--skip", "services"), extra=1),
    S("conn-legacy-stopped", "the old connector is stopped", every(legacy_connector, stopped("NDESConnectorSvc")),
      connector=(STOPPED, OUTDATED, NO_STRONG_MAPPING), connector_args=("--releases", str(SHIPPED)), extra=3),
    S("conn-everything", "all at once", every(stopped(), version("6.2301.1.0"), last(50), certificate(-370, -5),
                                              failures(12)),
      connector=(STOPPED, OUTDATED, NO_STRONG_MAPPING, critical("ndes-conn-stale"), critical("ndes-conn-cert"),
                 critical("ndes-conn-requests")),
      connector_args=("--releases", str(SHIPPED)), extra=3, at=CLEAR_DAY),
)

CONNECTOR = (*SERVICES, *VERSIONS, *HEARTBEATS, *CERTIFICATES, *EVENTS, *OTHERS)
