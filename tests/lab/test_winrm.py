# Proves with clients that are not ours (curl, python3-winrm) that the WinRM lab does what it says.
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import email.utils
import json
import os
import pathlib
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

import pytest
from winrm.exceptions import InvalidCredentialsError, WinRMError, WinRMOperationTimeoutError
from winrm.protocol import Protocol

from lab.winrm import BasicGate, CertificateGate, OpenGate, WinrmLab, hostile, messages, soap
from lab.winrm.gate import MUTUAL, PASSWORD, USER
from lab.wire import Response

TESTS = pathlib.Path(__file__).resolve().parents[1]
SERVICES = "SELECT Name,State FROM Win32_Service WHERE Name='W3SVC' OR Name='WAS'"
NAMES = {"s": soap.S, "a": soap.A, "n": soap.N, "w": soap.W,
         "f": "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault", "wsmid": soap.IDENTITY}
# An envelope written by hand, as another program would send it.
HAND_MADE = """<?xml version="1.0" encoding="utf-8"?>
<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"
    xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing"
    xmlns:wsen="http://schemas.xmlsoap.org/ws/2004/09/enumeration"
    xmlns:wsman="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd">
  <env:Header>
    <wsa:To>http://somewhere:5986/wsman</wsa:To>
    <wsman:ResourceURI
      env:mustUnderstand="true">http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/*</wsman:ResourceURI>
    <wsa:ReplyTo>
      <wsa:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</wsa:Address></wsa:ReplyTo>
    <wsa:Action>http://schemas.xmlsoap.org/ws/2004/09/enumeration/%s</wsa:Action>
    <wsman:MaxEnvelopeSize>512000</wsman:MaxEnvelopeSize>
    <wsa:MessageID>uuid:6E7C2A6F-0000-4000-8000-000000000001</wsa:MessageID>
    <wsman:OperationTimeout>PT20S</wsman:OperationTimeout>
  </env:Header>
  <env:Body>%s</env:Body>
</env:Envelope>
"""
ENUMERATE = """<wsen:Enumerate><wsman:OptimizeEnumeration/><wsman:MaxElements>%d</wsman:MaxElements>
  <wsman:Filter Dialect="http://schemas.microsoft.com/wbem/wsman/1/WQL">%s</wsman:Filter></wsen:Enumerate>"""
PULL = """<wsen:Pull><wsen:EnumerationContext>%s</wsen:EnumerationContext>
  <wsen:MaxElements>100</wsen:MaxElements></wsen:Pull>"""


def curl(lab, data, *words, url=None, user=f"{USER}:{PASSWORD}"):
    """(status, headers with lower-case names, body) of one POST."""
    trust = ["--cacert", lab.ca_file] if lab.ca_file else []
    login = ["-u", user] if user else []
    done = subprocess.run(["curl", "-s", "-D", "/dev/stderr", "--max-time", "60", *trust, *login, "--data-binary", "@-",
                           "-H", "Content-Type: application/soap+xml;charset=UTF-8", *words, url or lab.url],
                          input=data if isinstance(data, bytes) else data.encode(), capture_output=True, check=False)
    lines = done.stderr.decode("latin-1").strip().split("\r\n")
    headers = [(key.lower(), value.strip()) for key, _, value in (line.partition(":") for line in lines[1:])]
    return int(lines[0].split(" ")[1]), headers, done.stdout


def header(headers, name):
    return [value for key, value in headers if key == name]


def protocol(lab, **more):
    return Protocol(lab.url, **{"transport": "ssl", "username": USER, "password": PASSWORD,
                                "ca_trust_path": lab.ca_file, "read_timeout_sec": 10, "operation_timeout_sec": 5,
                                "message_encryption": "never"} | more)


# curl

def test_curl_identify():
    with WinrmLab() as lab:
        status, headers, body = curl(lab, messages.identify_request())
        assert status == 200 and header(headers, "content-type") == ["application/soap+xml;charset=UTF-8"]
        assert header(headers, "server") == ["Microsoft-HTTPAPI/2.0"] and header(headers, "date")
        vendor = ElementTree.fromstring(body).find(".//wsmid:ProductVendor", NAMES)
        assert vendor.text == "Microsoft Corporation"
        assert lab.counters.actions == ["Identify"]


def test_curl_enumerates_and_pulls():
    with WinrmLab() as lab:
        status, _, body = curl(lab, HAND_MADE % ("Enumerate", ENUMERATE % (1, SERVICES)))
        root = ElementTree.fromstring(body)
        assert status == 200
        assert root.find(".//a:RelatesTo", NAMES).text == "uuid:6E7C2A6F-0000-4000-8000-000000000001"
        assert [row.find("Name").text for row in root.iterfind(".//w:Items/w:XmlFragment", NAMES)] == ["W3SVC"]
        assert root.find(".//w:EndOfSequence", NAMES) is None
        status, _, body = curl(lab, HAND_MADE % ("Pull", PULL % root.find(".//n:EnumerationContext", NAMES).text))
        root = ElementTree.fromstring(body)
        assert [row.find("Name").text for row in root.iterfind(".//n:Items/w:XmlFragment", NAMES)] == ["WAS"]
        assert root.find(".//n:EndOfSequence", NAMES) is not None
        assert root.find(".//n:EnumerationContext", NAMES) is None
        assert lab.service.open_contexts == 0


def test_curl_gets_a_fault():
    with WinrmLab() as lab:
        status, _, body = curl(lab, HAND_MADE % ("Enumerate", ENUMERATE % (1, "SELECT * FROM Win32_Nothing")))
        codes = [one.get("Code") for one in ElementTree.fromstring(body).iterfind(".//f:WSManFault", NAMES)]
        assert status == 500 and codes[-1] == str(0x80041010)


def test_wrong_password_and_other_paths():
    with WinrmLab() as lab:
        status, headers, body = curl(lab, messages.identify_request(), user=f"{USER}:wrong")
        assert (status, body) == (401, b"")
        assert header(headers, "www-authenticate") == ["Negotiate", "Kerberos", 'Basic realm="WSMAN"']
        assert curl(lab, b"", url=lab.url.replace("/wsman", "/"))[0] == 404
        anonymous = lab.url.replace("/wsman", "/wsman-anon/identify")
        assert curl(lab, messages.identify_request(), user=None, url=anonymous)[0] == 200
        assert curl(lab, messages.enumerate_request("root/cimv2", SERVICES), user=None, url=anonymous)[0] == 500


def test_basic_is_not_offered_without_tls():
    with WinrmLab(gate=BasicGate()) as lab:
        status, headers, _ = curl(lab, messages.identify_request())
        assert status == 401 and header(headers, "www-authenticate") == ["Negotiate", "Kerberos"]


def test_client_certificate():
    with WinrmLab(gate=CertificateGate(), tls="client-1.2") as lab:
        pair = ("--cert", lab.client_cert, "--key", lab.client_key)
        assert curl(lab, messages.identify_request(), *pair, "-H", f"Authorization: {MUTUAL}", user=None)[0] == 200
        status, headers, _ = curl(lab, messages.identify_request(), *pair, user=None)
        assert status == 401 and header(headers, "www-authenticate") == [MUTUAL]
        assert "--auth=certificate" in lab.arguments()


def test_a_gate_answers_and_seals():
    class Sealing(OpenGate):
        def reply(self, connection, status, xml):
            return Response(status, "", [("Content-Type", "application/x-sealed")], base64.b64encode(xml))

    with WinrmLab(gate=Sealing()) as lab:
        status, headers, body = curl(lab, messages.identify_request(), user=None)
        assert status == 200 and header(headers, "content-type") == ["application/x-sealed"]
        assert b"IdentifyResponse" in base64.b64decode(body)


# python3-winrm

def test_winrm_enumerates():
    with WinrmLab() as lab:
        answer = protocol(lab).send_message(messages.enumerate_request("root/cimv2", SERVICES))
        rows = ElementTree.fromstring(answer).findall(".//w:XmlFragment", NAMES)
        assert [row.find("State").text for row in rows] == ["Running", "Running"]


def test_winrm_reads_faults():
    with WinrmLab(quota=True) as lab, pytest.raises(WinRMError, match="2150859174"):
        protocol(lab).send_message(messages.enumerate_request("root/cimv2", SERVICES))
    with WinrmLab(busy_first=True) as lab:
        client = protocol(lab)
        answer = ElementTree.fromstring(client.send_message(
            messages.enumerate_request("root/cimv2", "SELECT Name FROM Win32_Service", 1)))
        pull = messages.pull_request(soap.WMI + "root/cimv2/*", answer.find(".//n:EnumerationContext", NAMES).text)
        with pytest.raises(WinRMOperationTimeoutError):
            client.send_message(pull)
        assert b"EndOfSequence" in client.send_message(pull)
        assert lab.counters.connections == 1


def test_winrm_wrong_password():
    with WinrmLab() as lab, pytest.raises(InvalidCredentialsError):
        protocol(lab, password="wrong").send_message(messages.identify_request())


# Switches of the server

def test_clock_delay_and_refusal():
    with WinrmLab(clock_ahead=900, delay=0.2) as lab:
        begin = time.monotonic()
        _, headers, _ = curl(lab, messages.identify_request())
        assert time.monotonic() - begin > 0.2
        ahead = email.utils.parsedate_to_datetime(header(headers, "date")[0]).timestamp() - time.time()
        assert 840 < ahead < 960
    with WinrmLab(unencrypted_refused=True) as lab:
        assert curl(lab, messages.identify_request())[::2] == (500, b"")
    with WinrmLab(statuses={"Enumerate": 503}) as lab:
        assert curl(lab, messages.enumerate_request("root/cimv2", SERVICES))[0] == 503


def test_a_lab_that_fails_says_so():
    with pytest.raises(ExceptionGroup), WinrmLab() as lab:
        lab.host.methods[("root/cimv2", "StdRegProv", "Broken")] = lambda host, row, arguments: 1 // 0
        subprocess.run(["curl", "-s", "--cacert", lab.ca_file, "-u", f"{USER}:{PASSWORD}", "-H",
                        "Content-Type: application/soap+xml", "--data-binary", "@-", lab.url], capture_output=True,
                       input=messages.invoke_request("root/cimv2", "StdRegProv", "Broken"), check=False)


@pytest.mark.parametrize("row", hostile.ROWS, ids=lambda row: row.name)
def test_hostile_servers_misbehave(row):
    """What curl makes of the first message at which the server misbehaves."""
    requests = {"GetBinaryValue": messages.invoke_request("root/cimv2", "StdRegProv", "GetBinaryValue"),
                "Subscribe": messages.pull_request(soap.EVENT_LOG, "uuid:1")}
    data = requests.get(row.on[0] if row.on else "", messages.enumerate_request("root/cimv2", SERVICES))
    codes = {"endless-body": 28, "drip": 28, "silent": 28, "cut": 18, "close": 52, "large-property": 63,
             "large-registry": 63}
    code = codes.get(row.name, 0)
    seconds = "1" if code == 28 else "60"  # 28: curl's word for an answer that never ends
    with hostile.HostileWinrm(row.name) as lab:
        done = subprocess.run(["curl", "-s", "--max-time", seconds, "--max-filesize", "1000000", "-o", "/dev/null", "-w",
                               "%{http_code} %{size_download}", "--cacert", lab.ca_file, "-u", f"{USER}:{PASSWORD}",
                               "-H", "Content-Type: application/soap+xml", "--data-binary", "@-", lab.url],
                              input=data, capture_output=True, check=False)
        statuses = {"bare-fault": b"500", "not-found": b"404", "redirect": b"302", "refuse": b"401"}
        assert done.returncode == code or row.name == "blank-first" and done.returncode == 43
        if not done.returncode:
            assert done.stdout.startswith(statuses.get(row.name, b"200"))
    assert row.verdict("check_ndes_connector", row.expected) == []


# The runner

def test_runner():
    run = subprocess.Popen([sys.executable, "-m", "lab.winrm", "--switch", "german", "--switch", "denied"],
                           cwd=TESTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ)
    facts = json.loads(run.stdout.readline())
    assert facts["arguments"][:4] == ["-H", "localhost", "-p", str(facts["port"])]
    assert pathlib.Path(facts["password_file"]).read_text() == PASSWORD + "\n"
    done = subprocess.run(["curl", "-s", "--cacert", facts["ca_file"], "-u", f"{USER}:{PASSWORD}", "-H",
                           "Content-Type: application/soap+xml", "--data-binary", "@-", facts["url"]],
                          input=messages.enumerate_request("root/cimv2", SERVICES), capture_output=True, check=False)
    assert b'xml:lang="de-DE"' in done.stdout and b"Zugriff verweigert" in done.stdout
    run.stdin.close()
    assert run.wait(60) == 0
    run.stdout.close()
    assert not pathlib.Path(facts["password_file"]).exists()
