# The WinRM lab in a Samba domain, believed by clients of others: python3-winrm, curl, MIT Kerberos, gss-ntlmssp.
# SPDX-License-Identifier: GPL-3.0-or-later

import subprocess

import pytest

from lab.winrm.messages import enumerate_request, identify_request
from peers.namespace import NamespaceRefused
from peers.process import PeerFailed, need
from peers.samba_dc import DOMAIN, PASSWORD, SERVICE_USER, TROUBLED, USER, samba_dc
from peers.winrm_clients import gssapi_client, gssapi_ntlm, pywinrm

NTLM_USER = f"{DOMAIN}\\{USER}"
QUERY = enumerate_request("root/cimv2", "SELECT Name, State FROM Win32_Service")


@pytest.fixture(scope="module")
def dc():
    """All tests of this file run in the network of the domain controller."""
    try:
        with samba_dc() as domain, domain.inside():
            yield domain
    except NamespaceRefused as refusal:
        pytest.skip(f"needs root: {refusal}")


@pytest.fixture(scope="module")
def ticket(dc):
    return dc.kinit()


@pytest.fixture
def lab_of(dc):
    """A function that makes a lab with a gate of this domain."""
    from lab.winrm.gensec import NegotiateGate
    from lab.winrm.server import WinrmLab

    def make(tls=False, **options):
        return WinrmLab(gate=NegotiateGate(dc.smb_conf, **options), tls=tls)
    return make


def curl(lab, env, *options, body="@/dev/null"):
    """(last status, all heads and bodies)"""
    words = [need("curl", "curl"), "-si", "--noproxy", "*", "--max-time", "10", "--data-binary", body, *options,
             lab.url]
    if lab.ca_file:
        words += ["--cacert", lab.ca_file]
    text = subprocess.run(words, env=env, capture_output=True, timeout=20, check=False).stdout.decode()
    heads = [head for head in text.split("\r\n\r\n") if head.startswith("HTTP/")]
    return heads[-1].split(" ")[1] if heads else "", text


def test_accounts_in_trouble_get_no_ticket(dc):
    for user, word in TROUBLED.items():
        with pytest.raises(PeerFailed, match=word):
            dc.kinit(user)


def test_wrong_passwords_are_counted(dc):
    before = dc.bad_passwords()
    with pytest.raises(PeerFailed):
        dc.kinit(USER, "wrong")
    assert dc.bad_passwords() == before + 1
    dc.forgive()
    assert dc.bad_passwords() == 0


def test_both_schemes_are_offered(lab_of, dc):
    with lab_of() as lab:
        status, head = curl(lab, dc.environment())
    assert status == "401" and lab.gate.tokens == 0
    assert head.index("WWW-Authenticate: Negotiate\r\n") < head.index("WWW-Authenticate: Kerberos\r\n")


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_curl_enters_with_a_ticket_only(lab_of, dc, ticket, tls):
    with lab_of(tls) as lab:
        assert curl(lab, ticket, "--negotiate", "-u", ":")[0] == "200"
        assert curl(lab, dc.environment(), "--negotiate", "-u", ":")[0] == "401"
    assert lab.gate.users == [USER]


def test_curl_asks_over_tls(lab_of, ticket, tmp_path):
    (tmp_path / "query").write_bytes(QUERY)
    with lab_of(tls=True) as lab:
        status, text = curl(lab, ticket, "--negotiate", "-u", ":", "-H",
                            "Content-Type: application/soap+xml;charset=UTF-8", body=f"@{tmp_path}/query")
    assert status == "200" and "EnumerateResponse" in text
    assert lab.gate.users == [USER]


def test_plain_messages_get_an_empty_500(lab_of, ticket):
    with lab_of() as lab:
        status, text = curl(lab, ticket, "--negotiate", "-u", ":", body="<soap/>")
    assert status == "500" and text.endswith("\r\n\r\n")


@pytest.mark.parametrize("name", ["", "wrong"])
def test_curl_with_ntlm(lab_of, dc, name):
    with lab_of() as lab:
        status, _ = curl(lab, dc.environment(), "--ntlm", "-u", f"{NTLM_USER}:{PASSWORD}{name}")
    assert status == "401" and lab.gate.tokens == 0, "NTLM is no scheme of WinRM"


@pytest.mark.parametrize("soap, word", [(identify_request(), b"IdentifyResponse"), (QUERY, b"EnumerateResponse")],
                         ids=["identify", "enumerate"])
def test_pywinrm_with_ntlm(lab_of, dc, soap, word):
    with lab_of() as lab:
        answer = pywinrm(dc, lab.url, NTLM_USER, PASSWORD, soap)
    assert answer.returncode == 0 and word in answer.stdout, answer
    assert (lab.gate.users, lab.gate.complaints, lab.counters.connections) == ([USER], [], 1)


def test_pywinrm_with_a_wrong_password(lab_of, dc):
    dc.forgive()
    with lab_of() as lab:
        answer = pywinrm(dc, lab.url, NTLM_USER, "wrong", QUERY)
    assert answer.returncode == 1 and b"credentials were rejected" in answer.stderr, answer
    assert (lab.gate.users, lab.gate.refusals, dc.bad_passwords()) == ([], 1, 1)
    dc.forgive()


@pytest.mark.parametrize("scheme", ["Negotiate", "Kerberos"])
def test_mit_kerberos(lab_of, ticket, scheme):
    with lab_of() as lab:
        answer = gssapi_client(ticket, lab.url, scheme, QUERY)
    assert answer.returncode == 0 and b"EnumerateResponse" in answer.stdout, answer
    assert (lab.gate.users, lab.gate.complaints, lab.gate.tokens, lab.counters.connections) == ([USER], [], 1, 1)


@pytest.mark.parametrize("scheme", ["Negotiate", "Kerberos"])
def test_schemes_that_are_not_offered(lab_of, ticket, scheme):
    with lab_of(offers=[other for other in ("Negotiate", "Kerberos", "Basic") if other != scheme]) as lab:
        answer = gssapi_client(ticket, lab.url, scheme, QUERY)
    assert answer.returncode and b"refused" in answer.stderr, answer
    assert (lab.gate.users, lab.gate.tokens) == ([], 0)


def test_ntlm_within_spnego(lab_of, dc):
    with lab_of() as lab:
        answer = gssapi_ntlm(dc.environment(), lab.url, NTLM_USER, PASSWORD, QUERY)
    assert answer.returncode == 0 and b"EnumerateResponse" in answer.stdout, answer
    assert (lab.gate.users, lab.gate.complaints, lab.gate.tokens) == ([USER], [], 2)


@pytest.mark.parametrize("user", TROUBLED)
def test_ntlm_of_accounts_in_trouble(lab_of, dc, user):
    with lab_of() as lab:
        answer = gssapi_ntlm(dc.environment(), lab.url, f"{DOMAIN}\\{user}", PASSWORD, QUERY)
    assert answer.returncode and b"401: the logon was refused" in answer.stderr, answer
    assert (lab.gate.users, lab.gate.refusals) == ([], 1)


def test_service_name_at_another_account(lab_of, dc):
    with lab_of() as lab, dc.spn_at("WSMAN/localhost", SERVICE_USER):
        answer = gssapi_client(dc.kinit(cache="other"), lab.url, "Negotiate", QUERY)
    assert answer.returncode and b"401: the logon was refused" in answer.stderr, answer


def test_service_name_that_nobody_has(lab_of, dc):
    with lab_of() as lab, dc.spn_at("WSMAN/localhost"):
        answer = gssapi_client(dc.kinit(cache="other"), lab.url, "Kerberos", QUERY)
    assert answer.returncode and b"not found in Kerberos database" in answer.stderr, answer
    assert lab.gate.tokens == 0


# What the client for MIT Kerberos says to each fault.
FAULTS = {"drop_between_legs": (NTLM_USER, b"RemoteDisconnected|ConnectionReset|BrokenPipe"),
          "reset_between_requests": (None, b"RemoteDisconnected|ConnectionReset|BrokenPipe|without an encrypted"),
          "wrong_length": (None, b"AssertionError"), "wrong_header_length": (None, b"AssertionError"),
          "garbled": (None, b"BadMICError"), "plain_reply": (None, b"200 without an encrypted message"),
          "spaced_boundary": (None, b"200 without an encrypted message"),
          "no_final_token": (None, b"200, complete: False"), "token_loop": (None, b"Error"),
          "garbage_token": (None, b"Error"), "invalid_base64": (None, b"binascii.Error")}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_noticed(lab_of, dc, ticket, fault):
    import re
    user, words = FAULTS[fault]
    with lab_of(**{fault: True}) as lab:
        if user:
            answer = gssapi_ntlm(dc.environment(), lab.url, user, PASSWORD, QUERY)
        else:
            answer = gssapi_client(ticket, lab.url, "Negotiate", QUERY)
    assert answer.returncode and re.search(words, answer.stderr), answer


def test_faults_have_names(dc):
    from lab.winrm.gensec import NegotiateGate
    with pytest.raises(TypeError):
        NegotiateGate(dc.smb_conf, no_such_fault=True)


def test_the_runner_serves_inside(dc, ticket):
    """As a benchmark or a script would: a process of its own, started in the network of the domain controller."""
    import json
    import os
    env = {**os.environ, "NDES_LAB_SMB_CONF": str(dc.smb_conf)}
    command = dc.enter("/usr/bin/python3", "-m", "lab.winrm", "--gate", "negotiate")
    tests = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with subprocess.Popen(command, cwd=tests, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as runner:
        facts = json.loads(runner.stdout.readline())
        answer = gssapi_client(ticket, facts["url"], "Negotiate", QUERY)
        runner.stdin.close()
    assert answer.returncode == 0 and b"EnumerateResponse" in answer.stdout, answer
    assert runner.returncode == 0
