# Signing in to WinRM by Kerberos and NTLM: a Samba domain controller, and Samba as the server's acceptor.
# SPDX-License-Identifier: GPL-3.0-or-later

import subprocess

import pytest

from peers import samba_people as people
from peers.process import need
from peers.samba_dc import DOMAIN, REALM
from peers.secrecy import assert_secret
from running import OK, UNKNOWN, WINRM_PLUGINS, run_plugin

pytestmark = pytest.mark.usefixtures("whole_stacks")
APPPOOL = "check_ndes_apppool"
USER, PRINCIPAL = f"{DOMAIN}\\{people.MONITOR}", f"{people.MONITOR}@{REALM}"
LOUD = [(), ("-v",), ("-vv",), ("-vvv",), ("--output=json",)]

FAULTS = {  # fault of the server: the finding
    "drop-between-legs": "ndes-winrm-broken",
    "token-loop": "ndes-winrm-broken",
    "bad-base64": "ndes-winrm-broken",
    "blank-token": "ndes-winrm-broken",
    "no-final-token": "ndes-winrm-broken",
    "wrong-length": "ndes-winrm-broken",
    "wrong-header": "ndes-winrm-broken",
    "garbled": "ndes-winrm-broken",
    "plain-reply": "ndes-winrm-broken",
    "plain-error": "ndes-winrm-broken",
    "closes": "ndes-winrm-broken",
    "forgets": "ndes-winrm-logon",
    "empty-error": "ndes-winrm-broken",
    "too-large": "ndes-winrm-logon",
    "bare-401": "ndes-winrm-logon",
}
MEMBERS = {
    "plain": {},
    "tls": {"server": {"tls": True}},
    "kerberos-only": {"gate": {"offers": ["Kerberos"]}},
    "basic-only": {"gate": {"offers": ["Basic realm=\"WSMAN\""]}},
    "spaced": {"gate": {"fault": "spaced-boundary"}},
    "stopped": {"scenario": "pool-stopped"},
    "one-row-first": {"server": {"one_row_first": True}},
    **{fault: {"gate": {"fault": fault}} for fault in FAULTS},
}
KERBEROS, NTLM = "kerberos", "ntlm"
WAYS = (KERBEROS, NTLM)
IMPOSSIBLE = {("drop-between-legs", KERBEROS), ("no-final-token", NTLM)}  # one leg; no such token without SPNEGO


@pytest.fixture
def check(domain, fleet, ticket):
    """check(server, *words, way=KERBEROS): a run with the ticket, or with NTLM and the password."""
    def run(server, *words, way=None, plugin=APPPOOL, env=None, inside=()):
        credentials = {KERBEROS: (), NTLM: ("--user", USER, "--password-file", domain.password_file), None: ()}[way]
        environment = env or (ticket if way == KERBEROS else domain.env)
        return run_plugin(plugin, *fleet.arguments(server), *credentials, *words, env=environment,
                          inside=(*domain.inside, *inside))
    return run


@pytest.mark.parametrize("plugin", WINRM_PLUGINS)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("server, how", [("plain", "encrypted messages over HTTP"), ("tls", "HTTPS")])
def test_healthy(check, fleet, server, how, way, plugin):
    before = fleet.counters(server)["connections"]
    run = check(server, "-vv", way=way, plugin=plugin)
    assert run.code == OK, run
    name = {KERBEROS: "Kerberos", NTLM: "NTLM"}[way]
    assert f"{name}, {how}" in run.out and "1 connection," in run.out, run
    assert fleet.counters(server)["connections"] == before + 1


@pytest.mark.parametrize("plugin, soap", [("check_ndes_apppool", 7), ("check_ndes_connector", 13)])
@pytest.mark.parametrize("way, legs", [(KERBEROS, 1), (NTLM, 2)])
def test_requests(check, fleet, plugin, soap, way, legs):
    """One connection, and at most 1 + legs + 7 (apppool) or 13 (connector) requests."""
    before = fleet.counters("plain")
    run = check("plain", "--output=json", way=way, plugin=plugin)
    after = fleet.counters("plain")
    assert run.code == OK, run
    assert after["connections"] - before["connections"] == 1
    assert sum(after["requests"].values()) - sum(before["requests"].values()) <= 1 + legs + soap
    assert len(after["actions"]) - len(before["actions"]) <= soap


@pytest.mark.parametrize("words", [
    ("--user", PRINCIPAL, "--password-file", "PASSWORD"), ("--user", PRINCIPAL, "--keytab", "KEYTAB"),
    ("--ticket-cache", "CACHE"), ("--ticket-cache", "CACHE", "--user", PRINCIPAL), ("--service-name", "HOST"),
    ("--auth=kerberos", "--user", people.MONITOR, "--password-file", "PASSWORD"),
    ("--auth=ntlm", "--user", USER.lower(), "--password-file", "PASSWORD"),
    ("--user", people.MONITOR, "--password-file", "PASSWORD")], ids=" ".join)
def test_ways_to_sign_in(check, domain, ticket, words):
    places = {"PASSWORD": domain.password_file, "KEYTAB": domain.keytab(), "CACHE": ticket["KRB5CCNAME"]}
    usual = ("--service-name", "HOST")
    run = check("plain", *(places.get(word, word) for word in words), env=ticket if words == usual else domain.env)
    assert run.code == OK, run


def test_kerberos_scheme_and_its_framing(check):
    run = check("kerberos-only", "-vv", way=KERBEROS)
    assert run.code == OK and "Kerberos (bare), encrypted messages over HTTP" in run.out, run
    assert check("kerberos-only", "--output=json", way=NTLM).ids() == ["ndes-winrm-scheme"]


@pytest.mark.parametrize("way", WAYS)
def test_boundary_of_old_servers(check, way):
    assert check("spaced", way=way).code == OK


@pytest.mark.parametrize("way", WAYS)
def test_no_common_scheme(check, way):
    run = check("basic-only", "--output=json", way=way)
    assert run.findings() == [("ndes-winrm-scheme", "UNKNOWN")], run


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("server", ["stopped", "one-row-first"])
def test_what_is_seen_does_not_depend_on_the_way(check, server, way):
    run = check(server, "--output=json", way=way)
    assert run.ids() == (["ndes-pool-stopped"] if server == "stopped" else []), run


@pytest.mark.parametrize("fault, way", [(fault, way) for fault in FAULTS for way in WAYS
                                        if (fault, way) not in IMPOSSIBLE])
def test_faults_of_the_server(check, fleet, fault, way):
    before = fleet.counters(fault)["connections"]
    run = check(fault, "-t", "30", "--output=json", way=way)
    assert run.findings() == [(FAULTS[fault], "UNKNOWN")], run
    assert run.seconds < 30, "it was told at once"
    assert fleet.counters(fault)["connections"] - before == 1, "the connection changed under us"


@pytest.mark.parametrize("fault, said", [
    ("forgets", "has no right to use WinRM (group Remote Management Users)"), ("too-large", "MaxFieldLength and MaxRequestBytes"),
    ("plain-error", "unencrypted answer"), ("empty-error", "HTTP 500 with an empty body to an encrypted message")])
def test_what_is_said_of_faults(check, fault, said):
    assert said in check(fault, way=KERBEROS).out


def test_names_do_not_come_from_the_dns(check, domain):
    """Even where krb5.conf lets the DNS choose another name for the host."""
    text = (domain.directory / "krb5.conf").read_text().replace("dns_canonicalize_hostname = false", "")
    config = domain.file("dns.conf", text.replace("rdns = false", "rdns = true"))
    run = check("plain", "-vv", "--user", PRINCIPAL, "--password-file", domain.password_file, "--service-host=127.0.0.1",
                env={**domain.env, "KRB5_CONFIG": config})
    assert "[ndes-winrm-spn]" in run.first_line and "HOST/127.0.0.1: " in run.out, run


def test_wrong_password_counts_once(check, domain):
    for user, finding in ((PRINCIPAL, "ndes-winrm-logon"), (USER, "ndes-winrm-logon")):
        before = domain.bad_passwords()
        run = check("plain", "--user", user, "--password-file", domain.wrong_password_file, "--output=json")
        assert run.findings() == [(finding, "UNKNOWN")], run
        assert domain.bad_passwords() == before + 1, user
        assert check("plain", way=NTLM).code == OK  # which sets the counter back


def test_accounts(check, domain):
    """Kerberos tells what is wrong with an account; NTLM says no more than 401."""
    domain.lock(people.LOCKED)
    for user in (people.LOCKED, people.DISABLED, people.STALE):
        run = check("plain", "--user", f"{user}@{REALM}", "--password-file", domain.password_file, "--output=json")
        assert run.findings() == [("ndes-winrm-locked", "UNKNOWN")], run
        run = check("plain", "--user", f"{DOMAIN}\\{user}", "--password-file", domain.password_file, "--output=json")
        assert run.findings() == [("ndes-winrm-logon", "UNKNOWN")], run
    run = check("plain", "--user", f"nobody@{REALM}", "--password-file", domain.password_file, "--output=json")
    assert run.ids() == ["ndes-winrm-logon"], run


def test_service_names(check, domain):
    """WSMAN, else HOST; an SPN on another account and one that nobody has are told apart from wrong passwords."""
    def fresh(*words):
        return check("plain", "--user", PRINCIPAL, "--password-file", domain.password_file, *words)

    with domain.service_name("WSMAN/localhost", "DC1$", None):
        run = fresh("-vv")
        assert run.code == OK, run
        run = fresh("--service-name=WSMAN", "--output=json")
        assert run.findings() == [("ndes-winrm-spn", "UNKNOWN")], run
    assert fresh("--service-host=elsewhere.ndes.test", "--output=json").ids() == ["ndes-winrm-spn"]
    with domain.service_name("HTTP/localhost", "DC1$", people.SERVICE):
        run = fresh("--service-name=HTTP", "--output=json")
        assert run.code == UNKNOWN and run.ids() in (["ndes-winrm-spn"], ["ndes-winrm-logon"]), run


def test_clock(check, domain, ticket):
    """A client whose clock is 20 minutes ahead, with a ticket from before."""
    shifted = ("env", "FAKETIME_DONT_FAKE_MONOTONIC=1", need("faketime", "faketime"), "-f", "+20m")
    run = check("plain", "--output=json", env=ticket, inside=shifted)
    assert run.findings() == [("ndes-winrm-clock", "UNKNOWN")], run


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("words", LOUD, ids=" ".join)
def test_passwords_stay_secret(check, tmp_path, words, way):
    assert_secret((people.PASSWORD,), check("plain", *words, way=way), tmp_path)


def test_channel_binding(domain, ticket):
    """A server that insists on it lets us in, unless somebody ends TLS in between; curl, which binds nothing, never."""
    with domain.bound() as servers:
        def run(name, *words):
            return run_plugin(APPPOOL, *servers.arguments(name), *words, env=ticket, inside=domain.inside)

        assert run("right").code == OK
        answer = run("other", "--output=json")
        assert answer.findings() == [("ndes-winrm-logon", "UNKNOWN")], answer
        assert run("right", "--insecure").code == OK
        answer = run("other", "--insecure", "--output=json")
        assert answer.findings() == [("ndes-winrm-logon", "UNKNOWN")], answer
        facts = servers.facts["right"]
        curl = subprocess.run([*domain.inside, need("curl", "curl"), "-s", "-o", "/dev/null", "-w", "%{http_code}",
                               "--cacert", facts["ca_file"], "--negotiate", "-u", ":", "-X", "POST", "-d", "",
                               facts["url"]], env=ticket, capture_output=True, text=True, timeout=30, check=False)
        assert curl.stdout == "401", curl


def test_no_ticket(check, domain):
    run = check("plain", "--output=json", env=domain.env)
    assert run.findings() == [("ndes-winrm-ticket", "UNKNOWN")], run
    run = check("plain", "--output=json", "--user", f"{people.MONITOR}@ELSEWHERE.TEST", "--password-file",
                domain.password_file)
    assert run.findings() == [("ndes-winrm-ticket", "UNKNOWN")], run
