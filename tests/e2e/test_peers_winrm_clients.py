# WinRM clients that others wrote, against the lab with Samba as its acceptor: what they accept, the plugins may.
# SPDX-License-Identifier: GPL-3.0-or-later

import subprocess
import sys

import pytest

from lab.winrm import messages
from peers import samba_people as people
from peers.namespace import NamespaceRefused
from peers.process import need
from peers.samba_dc import DOMAIN, samba_dc

# requests_ntlm wants MD4, which OpenSSL 3 keeps in its legacy provider.
LEGACY = """\
openssl_conf = init
[init]
providers = providers
[providers]
default = on
legacy = on
[on]
activate = 1
"""
SENDER = """\
import sys
from winrm.protocol import Protocol
url, user, password = sys.argv[1:]
protocol = Protocol(url, transport="ntlm", username=user, password=password, message_encryption="always")
sys.stdout.buffer.write(protocol.send_message(sys.stdin.read()))
"""
NAMES = "SELECT Name,State FROM Win32_Service WHERE Name='W3SVC'"


def message(url):
    return messages.enumerate_request("root/cimv2", NAMES, to=url).decode()


@pytest.fixture(scope="module")
def domain():
    try:
        with samba_dc() as running:
            yield running
    except NamespaceRefused as refusal:
        pytest.skip(f"needs root: {refusal}")


@pytest.fixture(scope="module")
def fleet(domain):
    with domain.fleet({"plain": {}, "tls": {"server": {"tls": True}}}) as servers:
        yield servers


def python_winrm(domain, url, password):
    """Sends one Enumerate by NTLM with encrypted messages."""
    env = {**domain.env, "OPENSSL_CONF": domain.file("legacy.cnf", LEGACY)}
    command = [*domain.inside, sys.executable, "-W", "ignore", "-c", SENDER, url, f"{DOMAIN}\\{people.MONITOR}", password]
    return subprocess.run(command, env=env, input=message(url), capture_output=True, text=True,
                          timeout=60, check=False)


def curl(domain, env, facts, *words):
    trust = ["--cacert", facts["ca_file"]] if facts["ca_file"] else []
    command = [*domain.inside, need("curl", "curl"), "--silent", "--noproxy", "*", *trust, "--write-out", "\n%{http_code}",
               *words, facts["url"]]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=30, check=False)
    body, _, status = done.stdout.rpartition("\n")
    return status, body


def test_python_winrm_with_encrypted_messages(domain, fleet):
    done = python_winrm(domain, fleet.facts["plain"]["url"], people.PASSWORD)
    assert done.returncode == 0, done.stderr
    assert "<Name>W3SVC</Name><State>Running</State>" in done.stdout, done.stdout


def test_python_winrm_is_refused_with_a_wrong_password(domain, fleet):
    done = python_winrm(domain, fleet.facts["plain"]["url"], "wrong")
    assert done.returncode != 0 and "InvalidCredentialsError" in done.stderr, done.stderr


def test_curl_with_a_ticket(domain, fleet):
    negotiate = ("--negotiate", "--user", ":", "--request", "POST", "--data", "")
    assert curl(domain, domain.login(), fleet.facts["plain"], *negotiate)[0] == "200"
    assert curl(domain, domain.env, fleet.facts["plain"], *negotiate)[0] == "401"


def test_curl_over_tls_reads_soap(domain, fleet):
    facts = fleet.facts["tls"]
    status, body = curl(domain, domain.login(), facts, "--negotiate", "--user", ":", "--header",
                        "Content-Type: application/soap+xml;charset=UTF-8", "--data-binary",
                        message(facts["url"]))
    assert status == "200" and "<Name>W3SVC</Name>" in body, body


def test_a_message_in_the_clear_is_refused(domain, fleet):
    """As with AllowUnencrypted=false: 500, and not a word why."""
    facts = fleet.facts["plain"]
    status, body = curl(domain, domain.login(), facts, "--negotiate", "--user", ":", "--header",
                        "Content-Type: application/soap+xml;charset=UTF-8", "--data-binary",
                        message(facts["url"]))
    assert (status, body) == ("500", "")
