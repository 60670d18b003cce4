# Proves what the WinRM lab answers: WQL, rows, the registry, events, faults; on the parsed XML.
# SPDX-License-Identifier: GPL-3.0-or-later
import datetime
import hashlib
import struct
import time
import xml.etree.ElementTree as ElementTree

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lab.winrm import POOL_PASSWORD, healthy, messages, soap, wql, xpath
from lab.winrm.eventing import event_xml
from lab.winrm.host import ADMIN_LOG, CIMV2, CONNECTOR_KEY, MY_STORE_KEY, OPERATIONAL_LOG, REG_DWORD, REG_EXPAND_SZ, \
    REG_QWORD, STATUS_KEY, UNINSTALL_KEY, WAS_PROVIDER, Host
from lab.winrm.operations import Service, Switches

NAMES = {"s": soap.S, "a": soap.A, "n": soap.N, "w": soap.W, "e": soap.E, "cim": soap.CIM,
         "f": "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault",
         "v": "http://schemas.microsoft.com/win/2004/08/events/event"}
NIL, TYPE = f"{{{soap.XSI}}}nil", f"{{{soap.XSI}}}type"
HKLM = ("hDefKey", "2147483650")
HOUR = "TimeCreated[timediff(@SystemTime) <= 3600000]"


def service(host=None, **switches):
    return Service(host or healthy(), Switches(**switches))


def send(to, data, status=200):
    """The parsed answer."""
    found, xml = to.handle(data)
    assert found == status, xml
    return ElementTree.fromstring(xml)


def code(to, data):
    """The innermost code of the fault."""
    return int(send(to, data, 500).findall(".//f:WSManFault", NAMES)[-1].get("Code"))


def items(root):
    return [row for name in ("n", "w") for row in root.iterfind(f".//{name}:Items/*", NAMES)]


def query(wql_text, namespace=CIMV2, host=None, **switches):
    """All rows, over as many Pulls as it takes: (rows, number of answers)."""
    to = service(host, **switches)
    root = send(to, messages.enumerate_request(namespace, wql_text))
    rows, answers = items(root), 1
    while root.find(".//w:EndOfSequence", NAMES) is None and root.find(".//n:EndOfSequence", NAMES) is None:
        context = root.find(".//n:EnumerationContext", NAMES).text
        root = send(to, messages.pull_request(f"{soap.WMI}{namespace}/*", context))
        rows += items(root)
        answers += 1
    return rows, answers


def names(condition, host=None):
    return [row.find("Name").text for row in query(f"SELECT Name FROM Win32_Service WHERE {condition}", host=host)[0]]


# WQL

@pytest.mark.parametrize("condition, expected", [
    ("Name='W3SVC' OR Name='WAS' OR Name='EventLog'", ["EventLog", "W3SVC", "WAS"]),
    ("name = 'w3svc'", ["W3SVC"]),
    ("Name LIKE '%ConnectorSvc' AND DisplayName LIKE '%Revoke%'", ["PkiRevokeConnectorSvc"]),
    ("Name LIKE 'W_S'", ["WAS"]),
    ("Name LIKE '[d-e]hcp'", ["Dhcp"]),
    ("Name LIKE 'W%' AND NOT Name LIKE '_[^3a]%'", ["W32Time", "W3SVC", "WAS"]),
    ("Started = FALSE AND StartMode = 'Disabled'", ["RemoteAccess"]),
    ("ExitCode > 1076 AND (StartMode = \"Auto\" OR StartMode <> 'Manual')", ["RemoteAccess", "RemoteRegistry"]),
    ("InstallDate IS NOT NULL", []),
    ("InstallDate IS NULL AND Name != 'x' AND Name = 'WAS'", ["WAS"]),
    ("PathName = 'C:\\\\Windows\\\\System32\\\\msdtc.exe'", ["MSDTC"]),
    ("Name = 'it\\'s'", []),
])
def test_conditions(condition, expected):
    assert names(condition) == expected


@pytest.mark.parametrize("text", [
    "", "SELECT", "SELECT FROM Win32_Service", "SELECT * Win32_Service", "SELECT * FROM Win32_Service WHERE",
    "SELECT * FROM Win32_Service WHERE Name", "SELECT * FROM Win32_Service WHERE Name = 'x", "SELECT Nothing FROM "
    "Win32_Service", "SELECT * FROM Win32_Service WHERE Nothing = 1", "SELECT * FROM Win32_Service WHERE (Name = 'x'",
    "SELECT * FROM Win32_Service; DROP", "SELECT * FROM Win32_NTLogEvent WHERE TimeGenerated > 'yesterday'",
    "SELECT * FROM Win32_Service WHERE " + "(" * 100 + "Name = 'x'" + ")" * 100,
])
def test_bad_queries(text):
    assert code(service(), messages.enumerate_request(CIMV2, text)) == 0x80041017


def test_times_and_numbers():
    noon = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.timezone.utc)
    columns = ("Number", "Time")
    for condition, expected in (("Time >= '20261122120000.000000+000'", True),
                                ("Time > '20261122130000.000000+060'", False),
                                ("Time < '20261122120000.000001+000'", True), ("Number = '7'", True),
                                ("Number >= 7.5", False)):
        selection = wql.parse(f"SELECT * FROM x WHERE {condition}").bind(columns)
        assert selection.matches({"Number": 7, "Time": noon}) is expected


# Rows

def test_row_of_everything():
    row, = query("SELECT * FROM Win32_Service WHERE Name='WAS'")[0]
    uri = soap.WMI + "root/cimv2/Win32_Service"
    assert row.tag == f"{{{uri}}}Win32_Service" and row.get(TYPE) == "p:Win32_Service_Type"
    assert [element.tag for element in row] == sorted((element.tag for element in row), key=str.lower)
    assert {element.tag.partition("}")[0] for element in row} == {"{" + uri}
    assert row.find(f"{{{uri}}}InstallDate").get(NIL) == "true"
    assert row.find(f"{{{uri}}}AcceptPause").text == "false"


def test_row_of_a_projection():
    row, = query("SELECT state,NAME,InstallDate FROM win32_service WHERE Name='was'")[0]
    assert row.tag == f"{{{soap.W}}}XmlFragment"
    assert [element.tag for element in row] == ["InstallDate", "Name", "State"]
    assert row.find("InstallDate").get(NIL) == "true"
    row, = query("SELECT State FROM Win32_Service WHERE Name='WAS'", fragments_off=True)[0]
    assert [element.tag for element in row] == [f"{{{soap.WMI}root/cimv2/Win32_Service}}State"]


def test_times_lists_absent_and_embedded():
    row, = query("SELECT LastBootUpTime,LocalDateTime,MUILanguages FROM Win32_OperatingSystem")[0]
    assert row.find("LastBootUpTime/Datetime").text.endswith(".5Z")
    row, = query("SELECT * FROM Win32_OperatingSystem")[0]
    assert row.find(f"{{{soap.WMI}root/cimv2/Win32_OperatingSystem}}LocalDateTime/cim:Datetime", NAMES) is not None
    host = healthy()
    host.service("WAS")["DisplayName"] = ["a", "b"]
    del host.service("WAS")["Description"]
    row, = query("SELECT Description,DisplayName FROM Win32_Service WHERE Name='WAS'", host=host)[0]
    assert [(element.tag, element.text) for element in row] == [("DisplayName", "a"), ("DisplayName", "b")]
    row, = query("SELECT ProcessModel FROM ApplicationPool WHERE Name='SCEP'", "root/WebAdministration")[0]
    assert row.find("ProcessModel/UserName").text == r"NDESTEST\svc-ndes"


def test_the_password_is_there_to_be_missed():
    for namespace, text in (("root/webadministration", "SELECT * FROM ApplicationPool"),
                            ("root/MicrosoftIISv2", "SELECT * FROM IIsApplicationPoolSetting")):
        assert POOL_PASSWORD in "".join(ElementTree.tostring(row, "unicode") for row in query(text, namespace)[0])


def test_special_characters_survive():
    host = healthy()
    host.service("WAS")["DisplayName"] = "a <b> & \"c\" ]]> ü\x07"
    row, = query("SELECT DisplayName FROM Win32_Service WHERE Name='WAS'", host=host)[0]
    assert row.find("DisplayName").text == "a <b> & \"c\" ]]> ü"


@pytest.mark.parametrize("switches, least", [({}, 1), ({"one_row_first": True}, 2), ({"small_envelopes": True}, 20),
                                             ({"pretty": True}, 1), ({"end_with_context": True}, 1)])
def test_ways_to_deliver(switches, least):
    rows, answers = query("SELECT * FROM Win32_Service", **switches)
    assert len(rows) == len(healthy().table(CIMV2, "Win32_Service")) and answers >= least


def test_envelopes_keep_their_size():
    to = service()
    data = messages.enumerate_request(CIMV2, "SELECT * FROM Win32_Service", envelope=40000)
    assert 15000 < len(to.handle(data)[1]) <= 20000 and to.open_contexts == 1
    to.host.service("WAS")["Description"] = "x" * 30000
    assert code(to, messages.enumerate_request(CIMV2, "SELECT * FROM Win32_Service WHERE Name='WAS'",
                                               envelope=40000)) == 2150858868


# Who may see what

def test_what_is_missing_or_denied():
    host = healthy()
    host.denied_namespaces.add("ROOT/webadministration")
    host.hidden.add((CIMV2, "win32_ntlogevent"))
    host.drop_namespace("root/MicrosoftIISv2")
    to = service(host)
    assert code(to, messages.enumerate_request("root/webadministration", "SELECT * FROM Site")) == 0x80041003
    assert code(to, messages.enumerate_request("root/MicrosoftIISv2", "SELECT * FROM x")) == 0x8004100E
    assert code(to, messages.enumerate_request(CIMV2, "SELECT * FROM Win32_Nothing")) == 0x80041010
    assert query("SELECT * FROM Win32_NTLogEvent", host=host)[0] == []
    assert code(service(denied=True), messages.enumerate_request(CIMV2, "SELECT * FROM Win32_Service")) == 5


def test_changes_of_the_host():
    host = healthy()
    host.set_service("W3SVC", "Stopped")
    host.remove_service("WAS")
    host.stop_pool("SCEP")
    assert names("State='Stopped' AND Name='W3SVC'", host) == ["W3SVC"] and names("Name='WAS'", host) == []
    text = "SELECT CurrentApplicationPoolState FROM Win32_PerfFormattedData_APPPOOLCountersProvider_APPPOOLWAS " \
        "WHERE Name='SCEP' OR Name='_Total'"
    assert [row[0].text for row in query(text, host=host)[0]] == ["5", "0"]
    row, = query("SELECT AppPoolState FROM IIsApplicationPoolSetting WHERE Name='W3SVC/AppPools/SCEP'",
                 "root/MicrosoftIISv2", host)[0]
    assert row.find("AppPoolState").text == "4"
    host.remove_pool("SCEP")
    assert len(query("SELECT Name,AutoStart FROM ApplicationPool", "root/webadministration", host)[0]) == 1
    assert len(query("SELECT Path,SiteName,ApplicationPool FROM Application", "root/webadministration", host)[0]) == 3


def test_log_rows():
    host = healthy()
    host.log_event("System", 5002, 2, 30, "Application pool 'SCEP' is being automatically disabled.", ["SCEP"],
                   WAS_PROVIDER)
    since = (host.now() - datetime.timedelta(hours=1)).strftime("%Y%m%d%H%M%S.000000+000")

    def rows(source):
        return query("SELECT RecordNumber,SourceName,EventCode,EventType,InsertionStrings,Message FROM Win32_NTLogEvent "
                     f"WHERE Logfile='System' AND (SourceName='{source}') AND TimeGenerated>='{since}' AND "
                     "(EventCode=5002 OR EventCode=5057)", host=host)[0]

    row, = rows("WAS")
    assert [row.find(name).text for name in ("SourceName", "EventCode", "EventType", "InsertionStrings")] == [
        "WAS", "5002", "1", "SCEP"]
    assert rows(WAS_PROVIDER) == []
    host.classic_by_provider = True
    row, = rows(WAS_PROVIDER)
    assert row.find("SourceName").text == WAS_PROVIDER and rows("WAS") == []


def test_event_names_provider_and_source():
    """As in public event XML: `Provider Name="Microsoft-Windows-WAS" EventSourceName="WAS"`."""
    host = healthy()
    event = host.log_event("System", 5002, 2, 30, "", ["SCEP"], WAS_PROVIDER)
    assert '<Provider Name="Microsoft-Windows-WAS" EventSourceName="WAS"/>' in event_xml(host, "System", event, False)
    event = host.log_event("System", 7036, 4, 30, "", [], "Service Control Manager")
    assert '<Provider Name="Service Control Manager"/>' in event_xml(host, "System", event, False)


# Single instances and methods

def test_get():
    to = service()
    row = send(to, messages.get_request(CIMV2, "Win32_Service", Name="WAS")).find("s:Body", NAMES)[0]
    assert row.tag.endswith("}Win32_Service")
    assert code(to, messages.get_request(CIMV2, "Win32_Service", Name="x")) == 0x80041002
    assert code(to, messages.get_request(CIMV2, "Win32_Service", Nothing="x")) == 2150858843
    assert send(to, messages.get_request(CIMV2, "Win32_OperatingSystem")).find(".//s:Fault", NAMES) is None


def invoke(method, *arguments, host=None, namespace=CIMV2):
    """{name: [texts]} of what a method of StdRegProv gives."""
    root = send(service(host), messages.invoke_request(namespace, "StdRegProv", method, [HKLM, *arguments]))
    output, = root.find("s:Body", NAMES)
    uri = f"{soap.WMI}{namespace}/StdRegProv"
    assert output.tag == f"{{{uri}}}{method}_OUTPUT"
    found = {}
    for element in output:
        assert element.tag.startswith(f"{{{uri}}}")
        found.setdefault(element.tag.rpartition("}")[2], []).append(None if element.get(NIL) else element.text or "")
    return found


def value(method, key, name, **more):
    return invoke(method, ("sSubKeyName", key), ("sValueName", name), **more)


def test_registry_values():
    host = healthy()
    host.set_registry("SOFTWARE\\Test", "Path", REG_EXPAND_SZ, "C:\\Windows")
    host.set_registry("SOFTWARE\\Test", "Large", REG_QWORD, 2 ** 63)
    host.set_registry("SOFTWARE\\Test", "Small", REG_DWORD, 2 ** 32 - 1)
    assert value("GetStringValue", STATUS_KEY, "IssueDetails") == {"sValue": [""], "ReturnValue": ["0"]}
    assert value("GetExpandedStringValue", "software\\test", "path", host=host)["sValue"] == ["C:\\Windows"]
    assert value("GetQWORDValue", "SOFTWARE\\Test", "Large", host=host)["uValue"] == [str(2 ** 63)]
    assert value("GetDWORDValue", "SOFTWARE\\Test\\", "Small", host=host)["uValue"] == ["4294967295"]
    assert value("GetDWORDValue", CONNECTOR_KEY, "EnableSCEP", namespace="root/default")["uValue"] == ["1"]
    key = r"SOFTWARE\Microsoft\Cryptography\MSCEP\CACapabilitiesAlgorithms"
    assert value("GetMultiStringValue", key, "CACapabilitiesAlgorithms")["sValue"] == ["SHA-512", "SHA-256", "AES"]


def test_registry_refusals():
    host = healthy()
    host.registry_denied.add(CONNECTOR_KEY.lower())
    assert value("GetStringValue", CONNECTOR_KEY, "Nothing") == {"sValue": [None], "ReturnValue": ["1"]}
    assert value("GetDWORDValue", "SOFTWARE\\Nothing", "x")["ReturnValue"] == ["2"]
    assert value("GetStringValue", STATUS_KEY, "LastConnectionTime", host=host)["ReturnValue"] == ["5"]
    assert invoke("EnumKey", ("sSubKeyName", "SOFTWARE\\Nothing"))["ReturnValue"] == ["2"]
    assert code(service(), messages.invoke_request(CIMV2, "StdRegProv", "Nothing", [HKLM])) == 0x80041055


def test_registry_keys():
    assert len(invoke("EnumKey", ("sSubKeyName", UNINSTALL_KEY))["sNames"]) == 3
    found = invoke("EnumValues", ("sSubKeyName", STATUS_KEY))
    assert found["sNames"] == ["LastConnectionTime", "IssueDetails"] and found["Types"] == ["1", "1"]


def test_certificate_store():
    thumbprint, = value("GetStringValue", CONNECTOR_KEY, "EncryptionCertThumbprint")["sValue"]
    blob = bytes(int(one) for one in value("GetBinaryValue", f"{MY_STORE_KEY}\\{thumbprint}", "Blob")["uValue"])
    records, position = {}, 0
    while position < len(blob):
        number, one, size = struct.unpack_from("<III", blob, position)
        assert one == 1
        records[number], position = blob[position + 12:position + 12 + size], position + 12 + size
    assert list(records) == [2, 3, 32] and records[3].hex().upper() == thumbprint
    assert hashlib.sha1(records[32]).hexdigest().upper() == thumbprint
    certificate = x509.load_der_x509_certificate(records[32])
    assert certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == \
        "Microsoft Intune ImportPFX Connector CA"
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]


def test_pool_state():
    host = healthy()
    to = service(host)
    data = messages.invoke_request("root/webadministration", "ApplicationPool", "GetState", (), Name="scep")
    assert send(to, data).find(".//{*}ReturnValue").text == "1"
    host.stop_pool("SCEP")
    assert send(to, data).find(".//{*}ReturnValue").text == "3"
    assert code(to, messages.invoke_request("root/webadministration", "ApplicationPool", "GetState", (),
                                            Name="x")) == 0x80041002


# Events

@pytest.mark.parametrize("text, expected", [
    ("*", True), ("*[System[(EventID=4001 or EventID=5000)]]", True), ("*[System[EventID=1]]", False),
    (f"*[System[(EventID=5000) and {HOUR}]]", True), ("*[System[EventID=5000 and TimeCreated[timediff(@SystemTime) "
                                                       "<= 1000]]]", False),
    ("*[System[(EventID >= 4999 and EventID <= 5001)]]", True), ("*[System[(Level=1 or Level=2)]]", False),
    ("*[System[Level <= 4 and Provider[@Name='other' or @Name='Test']]]", True),
    ("*[System[Provider[@Name='other']]]", False),
])
def test_event_filters(text, expected):
    host = Host()
    event = host.log_event("Test/Admin", 5000, 4, 30, "x")
    assert xpath.compile_filter(text)(event, host.now()) is expected


@pytest.mark.parametrize("text", ["", "System", "*[System[EventID]]", "*[System[EventID=x]]", "*[System[EventID=1]",
                                  "*[EventData[Data='x']]", "*[System[" + "(" * 100 + "EventID=1" + ")" * 100 + "]]",
                                  "*[System[" + " or ".join(f"EventID={one}" for one in range(23)) + "]]"])
def test_bad_event_filters(text):
    assert code(service(), messages.subscribe_request([(ADMIN_LOG, text)])) == 15001


def pull(to, root, timeout=0.05, status=200):
    return send(to, messages.pull_request(soap.EVENT_LOG, root.find(".//n:EnumerationContext", NAMES).text,
                                          timeout=timeout), status)


@pytest.mark.parametrize("existing", ["bookmark", "option"])
def test_subscription(existing):
    to = service()
    root = send(to, messages.subscribe_request([(ADMIN_LOG, "*[System[EventID=4000]]"),
                                                (OPERATIONAL_LOG, f"*[System[EventID=5000 and {HOUR}]]")], existing))
    identifier = root.find(".//e:SubscriptionManager/a:ReferenceProperties/e:Identifier", NAMES).text
    root = pull(to, root)
    events = root.findall(".//n:Items/w:Event/v:Event", NAMES)
    times = [event.find("v:System/v:TimeCreated", NAMES).get("SystemTime") for event in events]
    assert len(events) == 7 and times == sorted(times)
    assert {event.find("v:System/v:Channel", NAMES).text for event in events} == {ADMIN_LOG, OPERATIONAL_LOG}
    assert events[0].find("v:RenderingInfo/v:Message", NAMES).text.startswith("ScrepRequestSuccess")
    begin = time.monotonic()
    fault = pull(to, root, 0.2, 500)
    assert 0.15 < time.monotonic() - begin < 20 and fault.find(".//f:WSManFault", NAMES).get("Code") == "2150858793"
    to.host.log_event(ADMIN_LOG, 4000, 4, 0, "one more")
    root = pull(to, root)
    assert [one.text for one in root.iterfind(".//v:Message", NAMES)] == ["one more"]
    send(to, messages.unsubscribe_request(identifier))
    assert to.open_contexts == 0
    pull(to, root, 0.1, 500)


def test_subscription_to_the_future_only():
    to = service()
    pull(to, send(to, messages.subscribe_request([(ADMIN_LOG, "*")], "")), 0.1, 500)


def test_channels_refuse():
    host = healthy()
    host.denied_channels.add(ADMIN_LOG.lower())
    assert code(service(host), messages.subscribe_request([(ADMIN_LOG, "*")])) == 5
    assert code(service(host), messages.subscribe_request([("Nothing/Admin", "*")])) == 15007


def test_events_as_text():
    to = service(cdata_events=True)
    root = pull(to, send(to, messages.subscribe_request([(ADMIN_LOG, "*")])))
    inner = ElementTree.fromstring(root.find(".//w:Event", NAMES).text)
    assert inner.find("v:System/v:EventID", NAMES).text == "4000"


# Strictness

@pytest.mark.parametrize("change, expected", [
    ((b"a:MessageID", b"a:From"), 2150858817),
    ((b"</s:Header>", b"<x:New xmlns:x='urn:x' s:mustUnderstand='true'/></s:Header>"), 2150858815),
    ((b"</s:Header>", b"<x:New xmlns:x='urn:x' s:mustUnderstand='false'/></s:Header>"), None),
    ((b"https://localhost:5986/wsman", b"https://localhost:5986/other"), 2150858764),
    ((b"/Enumerate</a:Action>", b"/Nothing</a:Action>"), 2150858754),
    ((b">PT5.000S<", b">5<"), 2150858817),
    ((b">512000<", b">many<"), 2150858817),
    ((b">32000<", b">0<"), 2150858817),
    ((b"uuid:", b"id:"), 2150858817),
    ((b"<n:Enumerate>", b"<n:Pull>"), 2150858817),
    ((b"<s:Envelope", b"<!DOCTYPE x><s:Envelope"), 2150858817),
    ((b"1/WQL", b"1/SQL"), 2150858760),
])
def test_malformed_requests(change, expected):
    data = messages.enumerate_request(CIMV2, "SELECT Name FROM Win32_Service").replace(*change)
    if expected:
        assert code(service(), data) == expected
    else:
        send(service(), data)


def test_contexts_end():
    to = service()
    root = send(to, messages.enumerate_request(CIMV2, "SELECT Name FROM Win32_Service", 1))
    context, uri = root.find(".//n:EnumerationContext", NAMES).text, f"{soap.WMI}{CIMV2}/*"
    send(to, messages.release_request(uri, context))
    assert code(to, messages.pull_request(uri, context)) == 2150858836 and to.open_contexts == 0


def test_faults_speak_german():
    to = service(german=True)
    root = send(to, messages.enumerate_request("root/x", "SELECT * FROM x"), 500)
    text = root.find(".//s:Reason/s:Text", NAMES)
    assert text.get("{http://www.w3.org/XML/1998/namespace}lang") == "de-DE" and text.text.startswith("Der WS-Verwaltungsdienst ")
    assert root.find(".//f:ProviderFault/f:WSManFault", NAMES).get("Code") == str(0x8004100E)
    assert root.find(".//f:ProviderFault/f:ExtendedError", NAMES) is not None


def test_speed():
    to = service()
    data = messages.enumerate_request(CIMV2, "SELECT Name,State FROM Win32_Service WHERE Name='W3SVC' OR Name='WAS'")
    to.handle(data)
    begin = time.perf_counter()
    for _ in range(100):
        to.handle(data)
    assert time.perf_counter() - begin < 0.5


def test_records_look_as_recorded():
    """The order and spelling that recordings of Windows have, by hand."""
    xml = service().handle(messages.enumerate_request(CIMV2, "SELECT Name FROM Win32_Service WHERE Name='WAS'"))[1]
    text = xml.decode()
    assert text.startswith('<s:Envelope xml:lang="en-US" xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="')
    places = [text.index(part) for part in (
        "<s:Header><a:Action>http://schemas.xmlsoap.org/ws/2004/09/enumeration/EnumerateResponse</a:Action>",
        "<a:MessageID>uuid:", "<a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To>",
        "<a:RelatesTo>uuid:", "</s:Header><s:Body><n:EnumerateResponse><n:EnumerationContext></n:EnumerationContext>",
        '<w:Items><w:XmlFragment xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:w="',
        "<Name>WAS</Name></w:XmlFragment></w:Items><w:EndOfSequence/></n:EnumerateResponse></s:Body></s:Envelope>")]
    assert places == sorted(places)


def test_connection_times():
    host = healthy()
    for form, sample in (("invariant", "/"), ("german", "."), ("us", "M")):
        host.set_last_connection(2, form)
        assert sample in value("GetStringValue", STATUS_KEY, "LastConnectionTime", host=host)["sValue"][0]
    host.set_last_connection(0, "filetime")
    number = int(value("GetStringValue", STATUS_KEY, "LastConnectionTime", host=host)["sValue"][0])
    assert abs(number / 10 ** 7 - 11644473600 - time.time()) < 60
