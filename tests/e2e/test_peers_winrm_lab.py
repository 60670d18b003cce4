# The WinRM lab in a Samba domain, believed by clients of others: python3-winrm, curl, MIT Kerberos, gss-ntlmssp.
# SPDX-License-Identifier: GPL-3.0-or-later
"""No plugin runs here: what these clients accept, and what they refuse, shows that the lab is right."""

import re
import subprocess

import pytest

from lab.winrm.messages import enumerate_request, identify_request
from peers import samba_people as people
from peers.process import need
from peers.samba_dc import DOMAIN
from peers.winrm_clients import gssapi_kerberos, gssapi_ntlm, pywinrm

USER = f"{DOMAIN}\\{people.MONITOR}"
QUERY = enumerate_request("root/cimv2", "SELECT Name, State FROM Win32_Service")
GONE = b"RemoteDisconnected|ConnectionReset|BrokenPipe"
UNSEALED = b"200 without an encrypted message"
FAULTS = {  # fault of the server: what the client by MIT Kerberos says
    "token-loop": b"GSSError|InvalidTokenError",
    "bad-base64": b"binascii.Error",
    "no-final-token": b"200, complete: False",
    "wrong-length": b"AssertionError",
    "wrong-header": b"AssertionError",
    "garbled": b"BadMICError",
    "plain-reply": UNSEALED,
    "spaced-boundary": UNSEALED,
    "closes": GONE + b"|" + UNSEALED,
}
MEMBERS = {
    "plain": {},
    "tls": {"server": {"tls": True}},
    "Negotiate": {"gate": {"offers": ["Negotiate"]}},
    "Kerberos": {"gate": {"offers": ["Kerberos"]}},
    **{fault: {"gate": {"fault": fault}} for fault in (*FAULTS, "drop-between-legs")},
}


@pytest.fixture
def urls(fleet):
    return {name: facts["url"] for name, facts in fleet.facts.items()}


@pytest.fixture
def curl(domain, fleet):
    """curl(server, env, *options): the last status, and all heads and bodies."""
    def run(server, env, *options, body="@/dev/null"):
        facts = fleet.facts[server]
        words = [need("curl", "curl"), "-si", "--noproxy", "*", "--max-time", "10", "--data-binary", body, *options,
                 facts["url"], *(["--cacert", facts["ca_file"]] if facts["ca_file"] else [])]
        done = subprocess.run([*domain.inside, *words], env=env, capture_output=True, timeout=20, check=False)
        text = done.stdout.decode()
        heads = [head for head in text.split("\r\n\r\n") if head.startswith("HTTP/")]
        return heads[-1].split(" ")[1] if heads else "", text
    return run


def assert_answered(answer, word=b"EnumerateResponse"):
    assert answer.returncode == 0 and word in answer.stdout, answer


def assert_refused(answer, words=b"401: the logon was refused"):
    assert answer.returncode and re.search(words, answer.stderr), answer


def test_both_schemes_are_offered(curl, domain):
    status, text = curl("plain", domain.env)
    assert status == "401"
    assert re.findall(r"WWW-Authenticate: (.*)\r\n", text) == ["Negotiate", "Kerberos"]


@pytest.mark.parametrize("server", ["plain", "tls"])
def test_curl_enters_with_a_ticket_only(curl, domain, ticket, server):
    assert curl(server, ticket, "--negotiate", "-u", ":")[0] == "200"
    assert curl(server, domain.env, "--negotiate", "-u", ":")[0] == "401"


def test_curl_asks_over_tls(curl, ticket, tmp_path):
    (tmp_path / "query").write_bytes(QUERY)
    status, text = curl("tls", ticket, "--negotiate", "-u", ":", "-H",
                        "Content-Type: application/soap+xml;charset=UTF-8", body=f"@{tmp_path}/query")
    assert status == "200" and "EnumerateResponse" in text, "SOAP may come along with the token"


def test_plain_messages_get_an_empty_500(curl, ticket):
    status, text = curl("plain", ticket, "--negotiate", "-u", ":", body="<soap/>")
    assert status == "500" and text.endswith("\r\n\r\n")


def test_curl_finds_no_bare_ntlm(curl, domain):
    assert curl("plain", domain.env, "--ntlm", "-u", f"{USER}:{people.PASSWORD}")[0] == "401"


@pytest.mark.parametrize("soap, word", [(identify_request(), b"IdentifyResponse"), (QUERY, b"EnumerateResponse")],
                         ids=["identify", "enumerate"])
def test_pywinrm_with_ntlm(domain, fleet, urls, soap, word):
    before = fleet.counters("plain")["connections"]
    assert_answered(pywinrm(domain, urls["plain"], USER, people.PASSWORD, soap), word)
    assert fleet.counters("plain")["connections"] == before + 1


def test_pywinrm_with_a_wrong_password(domain, urls):
    before = domain.bad_passwords()
    assert_refused(pywinrm(domain, urls["plain"], USER, "wrong", QUERY), b"credentials were rejected")
    assert domain.bad_passwords() == before + 1
    assert_answered(pywinrm(domain, urls["plain"], USER, people.PASSWORD, QUERY))  # which sets the counter back


@pytest.mark.parametrize("scheme", ["Negotiate", "Kerberos"])
def test_mit_kerberos(domain, fleet, urls, ticket, scheme):
    before = fleet.counters(scheme)
    assert_answered(gssapi_kerberos(domain, ticket, urls[scheme], scheme, QUERY))
    after = fleet.counters(scheme)
    assert after["connections"] - before["connections"] == 1
    assert after["requests"]["/wsman"] - before["requests"].get("/wsman", 0) == 3, "one leg, two messages"


@pytest.mark.parametrize("server, scheme", [("Negotiate", "Kerberos"), ("Kerberos", "Negotiate")])
def test_scheme_that_is_not_offered(domain, urls, ticket, server, scheme):
    assert_refused(gssapi_kerberos(domain, ticket, urls[server], scheme, QUERY))


def test_ntlm_within_spnego(domain, urls):
    assert_answered(gssapi_ntlm(domain, urls["plain"], USER, people.PASSWORD, QUERY))


@pytest.mark.parametrize("user", [people.DISABLED, people.STALE])
def test_accounts_that_cannot_sign_in(domain, urls, user):
    assert_refused(gssapi_ntlm(domain, urls["plain"], f"{DOMAIN}\\{user}", people.PASSWORD, QUERY))


@pytest.mark.parametrize("owner, words", [(people.SERVICE, b"401: the logon was refused"),
                                          (None, b"not found in Kerberos database")], ids=["other", "nobody"])
def test_service_name_of_somebody_else(domain, urls, owner, words):
    with domain.service_name("WSMAN/localhost", "DC1$", owner):
        env = domain.login()
        assert_refused(gssapi_kerberos(domain, env, urls["plain"], "Negotiate", QUERY), words)


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_noticed(domain, urls, ticket, fault):
    assert_refused(gssapi_kerberos(domain, ticket, urls[fault], "Negotiate", QUERY), FAULTS[fault])


def test_connection_that_ends_between_legs(domain, fleet, urls):
    answer = gssapi_ntlm(domain, urls["drop-between-legs"], USER, people.PASSWORD, QUERY)
    assert answer.returncode, answer
    assert fleet.counters("drop-between-legs")["connections"] == 2, "Python's client opens another one"
