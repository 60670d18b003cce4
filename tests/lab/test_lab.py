# Proves with clients that are not ours (curl, openssl) that the lab does what it says.
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import urllib.request

import pytest
from impacket import ntlm

from lab import SCENARIOS, HostileLab, Lab, hostile, scenarios
from lab.auth import PASSWORD
from lab.scenario import unknown, warning, worst
from lab.settings import Conflict

TESTS = pathlib.Path(__file__).resolve().parents[1]
PKI_ROWS = [row.name for row in scenarios.ROWS if row.layer == "pki" and row.name != "ra-subject-not-utf8"]


def curl(lab, url, *words):
    """(exit code, status, headers with lower-case names, body) of one curl call."""
    trust = ["--cacert", lab.ca_file] if lab.ca_file else []
    done = subprocess.run(["curl", "-s", "-D", "/dev/stderr", "--max-time", "60", *trust, *words, url],
                          capture_output=True, check=False)
    blocks = done.stderr.decode("latin-1").strip().split("\r\n\r\n")
    lines = blocks[-1].strip().split("\r\n")
    headers = [(key.lower(), value.strip()) for key, _, value in (line.partition(":") for line in lines[1:])]
    status = int(lines[0].split(" ")[1]) if lines[0].startswith("HTTP/") else 0
    return done.returncode, status, headers, done.stdout


def header(headers, name):
    return [value for key, value in headers if key == name]


def login(lab, *words, user=r"LAB\ndesadmin", password=PASSWORD, url=None):
    return curl(lab, url or lab.admin_url, "--ntlm", "-u", f"{user}:{password}", *words)


def admin_text(lab):
    _, status, _, body = login(lab)
    assert status == 200
    return body.decode("utf-16-le")


def openssl(*words, data=None):
    done = subprocess.run(["openssl", *words], input=data, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr


def get_ca_cert(lab):
    return curl(lab, lab.url + "?operation=GetCACert&message=x")[3]


def certificates(bundle):
    """PEM of each certificate, as openssl reads the bundle."""
    code, out, _ = openssl("pkcs7", "-inform", "DER", "-print_certs", data=bundle)
    assert code == 0
    return re.findall(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", out, re.DOTALL)


def text_of(certificate):
    return openssl("x509", "-noout", "-text", data=certificate)[1].decode()


# The web server

def test_healthy_answers():
    with Lab() as lab:
        _, status, headers, body = curl(lab, lab.url + "?operation=GetCACaps&message=x")
        assert (status, body.split()) == (200, b"POSTPKIOperation Renewal SHA-512 SHA-256 SHA-1 DES3".split())
        assert header(headers, "server") == ["Microsoft-IIS/10.0"] and header(headers, "date")
        _, status, headers, body = curl(lab, lab.url + "?operation=GetCACert&message=x")
        assert header(headers, "content-type") == ["application/x-x509-ca-ra-cert"]
        assert body == lab.material.pkcs7
        _, status, _, body = curl(lab, lab.url)
        assert status == 200 and "This URL is used by network devices" in body.decode("utf-16-le")


@pytest.mark.parametrize("path", ["/CertSrv/MSCEP/mscep.dll", "/certsrv/mscep/",
                                  "/certsrv/mscep/mscep.dll/pkiclient.exe"])
def test_aliases(path):
    with Lab() as lab:
        assert curl(lab, lab.url_of(path) + "?operation=GetCACaps")[3] == lab.settings.caps


def test_unknown_operation_and_path():
    with Lab() as lab:
        assert curl(lab, lab.url + "?operation=GetCACerts")[1] == 200
        assert curl(lab, lab.url_of("/nothing"))[1] == 404
        _, status, headers, _ = curl(lab, lab.url_of("/certsrv/mscep"))
        assert status == 301 and header(headers, "location") == [lab.url_of("/certsrv/mscep/")]


def test_one_connection_for_many_requests():
    with Lab(tls=True) as lab:
        curl(lab, lab.url, "-o", "/dev/null", lab.url + "?operation=GetCACaps", "-o", "/dev/null", lab.admin_url)
        status = json.load(urllib.request.urlopen(lab.side_url + "/lab/status"))
    assert (status["connections"], status["handshakes"]) == (1, 1)
    assert status["requests"]["/certsrv/mscep/mscep.dll GetCACaps"] == 1


@pytest.mark.parametrize("name, status, server", [
    ("http-500", 500, "Microsoft-IIS/10.0"), ("http-503", 503, "Microsoft-HTTPAPI/2.0"), ("http-502", 502, "nginx"),
    ("http-504", 504, None), ("http-404", 404, "Microsoft-IIS/10.0"), ("http-403", 403, "Microsoft-IIS/10.0"),
    ("login-redirect", 302, None), ("portal", 200, None), ("policy", 403, "Microsoft-IIS/10.0")])
def test_faults(name, status, server):
    with Lab(name) as lab:
        _, found, headers, _ = curl(lab, lab.url)
        assert found == status
        assert header(headers, "server") == ([server] if server else [])


def test_drip_and_delay():
    with Lab("drip") as lab:
        assert curl(lab, lab.url, "--max-time", "0.3")[0] == 28
    with Lab("timeout") as lab:
        assert curl(lab, lab.url, "--max-time", "0.3")[0] == 28


@pytest.mark.parametrize("name, short, long, server", [
    ("healthy", 200, 200, "Microsoft-IIS/10.0"), ("limit-httpsys-400", 200, 400, "Microsoft-HTTPAPI/2.0"),
    ("limit-httpsys-414", 200, 414, "Microsoft-HTTPAPI/2.0"), ("limit-iis", 200, 404, "Microsoft-IIS/10.0"),
    ("limit-proxy", 200, 414, "nginx"),
    ("limit-waf-403", 200, 403, "Lab-WAF/2.1"), ("limit-waf-406", 200, 406, "Lab-WAF/2.1"),
    ("limit-waf-501", 200, 501, "Lab-WAF/2.1")])
def test_length_limits(name, short, long, server):
    with Lab(name) as lab:
        assert curl(lab, lab.url + "?operation=GetCACaps&message=" + "x" * 500)[1] == short
        _, status, headers, _ = curl(lab, lab.url + "?operation=GetCACaps&message=" + "x" * 17000)
        assert status == long and header(headers, "server") == [server]


def test_limit_counts_line_and_headers_together():
    with Lab("limit-httpsys-400") as lab:
        url = lab.url + "?operation=GetCACaps&message=" + "x" * 15000
        assert curl(lab, url)[1] == 200
        assert curl(lab, url, "-H", "X-More: " + "y" * 2000)[1] == 400


def test_largest_request_over_tls():
    with Lab(tls=True) as lab:
        assert curl(lab, lab.url + "?operation=GetCACaps&message=" + "x" * 65000)[1] == 200
        _, status, headers, _ = curl(lab, lab.url + "?operation=GetCACaps&message=" + "x" * 66000)
        assert status == 400 and header(headers, "server") == ["Microsoft-HTTPAPI/2.0"]


# The admin page

def test_anonymous_gets_both_offers():
    with Lab() as lab:
        _, status, headers, _ = curl(lab, lab.admin_url)
        assert status == 401 and header(headers, "www-authenticate") == ["Negotiate", "NTLM"]
        assert curl(lab, lab.admin_url, "--basic", "-u", f"ndesadmin:{PASSWORD}")[1] == 401
        assert lab.counters.minted == 0


def test_cache_fills_and_empties():
    with Lab() as lab:
        pages = [admin_text(lab) for _ in range(6)]
        passwords = {re.search(r"challenge password is: <B> ([0-9A-F]{16}) </B>", page)[1] for page in pages[:5]}
        assert len(passwords) == lab.counters.minted == 5
        assert "The password cache is full." in pages[5]
        lab.advance(minutes=59)
        assert "The password cache is full." in admin_text(lab)
        urllib.request.urlopen(lab.side_url + "/lab/advance?minutes=2").close()
        assert "challenge password is" in admin_text(lab)


def test_thumbprint_is_md5_of_the_ca():
    with Lab() as lab:
        found = re.search(r"CA certificate is: <B> ([0-9A-F ]+) </B>", admin_text(lab))[1]
        _, out, _ = openssl("x509", "-in", lab.scep_ca_file, "-noout", "-fingerprint", "-md5")
        assert found.replace(" ", "") == out.decode().strip().split("=")[1].replace(":", "")


@pytest.mark.parametrize("user, password, status", [
    (r"LAB\ndesadmin", PASSWORD, 200), ("ndesadmin", PASSWORD, 200), (r"lab.test\NDESADMIN", PASSWORD, 200),
    (r"LAB\ndesadmin", "wrong", 401), (r"LAB\nobody", PASSWORD, 401), (r"ELSEWHERE\ndesadmin", PASSWORD, 401)])
def test_ntlm(user, password, status):
    with Lab() as lab:
        assert login(lab, user=user, password=password)[1] == status


@pytest.mark.parametrize("scheme", ["NTLM", "Negotiate"])
@pytest.mark.parametrize("password, status", [(PASSWORD, 200), ("wrong", 401)])
def test_ntlm_by_impacket(scheme, password, status):
    """impacket's client side, once under each of the two names that IIS accepts for a bare NTLM message."""
    with Lab() as lab:
        connection = http.client.HTTPConnection("127.0.0.1", lab.port)

        def ask(message):
            token = base64.b64encode(message.getData()).decode()
            connection.request("GET", "/certsrv/mscep_admin/", headers={"Authorization": f"{scheme} {token}"})
            answer = connection.getresponse()
            answer.read()
            return answer

        first = ntlm.getNTLMSSPType1()
        challenge = ask(first).getheader("WWW-Authenticate")
        assert challenge.startswith(scheme + " ")
        third, _ = ntlm.getNTLMSSPType3(first, base64.b64decode(challenge.split(" ")[1]), "ndesadmin", password, "LAB")
        assert ask(third).status == status
        connection.close()


def test_slash_comes_after_the_login():
    with Lab(tls=True) as lab:
        folder = lab.url_of("/certsrv/mscep_admin")
        assert curl(lab, folder)[1] == 401
        _, status, headers, _ = login(lab, url=folder)
        assert status == 301 and header(headers, "location") == [lab.admin_url]
        assert lab.counters.minted == 0


@pytest.mark.parametrize("name, charset, words", [
    ("admin-bom", "utf-16", "challenge password is"), ("admin-utf8", "utf-8", "challenge password is"),
    ("admin-german", "utf-16-le", "Abfragekennwort f\u00fcr"), ("admin-single", "utf-16-le", "multiple times"),
    ("admin-denied", "utf-16-le", "SCEP.  Please"), ("admin-blank", "utf-16-le", ""),
    ("admin-full", "utf-16-le", "more than 5 passwords"), ("admin-nopassword", "utf-16-le", "CA certificate is"),
    ("admin-32", "utf-16-le", "challenge password is"), ("admin-refused", "utf-16-le", "new words")])
def test_admin_variants(name, charset, words):
    with Lab(name) as lab:
        _, status, _, body = login(lab)
        assert status == 200 and words in body.decode(charset)
        assert body.startswith(b"\xff\xfe") == (name == "admin-bom")


def test_open_admin_page():
    with Lab("admin-open") as lab:
        assert curl(lab, lab.admin_url)[1] == 200


@pytest.mark.parametrize("name, code, status", [("admin-cut", 52, 0), ("admin-forbidden-login", 0, 302)])
def test_blocked_admin_page(name, code, status):
    with Lab(name) as lab:
        assert curl(lab, lab.admin_url)[:2] == (code, status)
        assert curl(lab, lab.url)[1] == 200


def test_login_survives_faults_of_the_dll():
    with Lab("http-500") as lab:
        assert curl(lab, lab.admin_url)[1] == 401
        assert login(lab)[1] == 500
    with Lab("http-503") as lab:
        assert curl(lab, lab.admin_url)[1] == 503


# Certificates and revocation lists

@pytest.mark.parametrize("name", PKI_ROWS)
def test_bundle_parses(name):
    with Lab(name) as lab:
        assert len(certificates(get_ca_cert(lab))) == len(lab.material.answer)


def test_openssl_refuses_false_utf8():
    with Lab("ra-subject-not-utf8") as lab:
        code, _, err = openssl("pkcs7", "-inform", "DER", "-noout", data=get_ca_cert(lab))
        assert code == 1 and b"invalid utf8string" in err


def test_ra_certificates_look_like_those_of_ndes():
    with Lab() as lab:
        ca, sign, encrypt = [text_of(one) for one in certificates(get_ca_cert(lab))]
    assert "CA:TRUE" in ca
    assert "Digital Signature" in sign and "Key Encipherment" not in sign
    assert "Key Encipherment" in encrypt and "Digital Signature" not in encrypt
    for one in (sign, encrypt):
        assert "1.3.6.1.4.1.311.20.2.1" in one and "1.3.6.1.4.1.311.20.2:" in one and "/crl/ca.crl" in one


@pytest.mark.parametrize("name, words", [
    ("ra-pss", "rsassaPss"), ("ra-sha1", "sha1WithRSAEncryption"), ("ra-1024", "(1024 bit)"),
    ("ra-v2", "1.3.6.1.4.1.311.21.7"), ("ra-subject", "Werk 7")])
def test_certificate_variants(name, words):
    with Lab(name) as lab:
        done = openssl("x509", "-noout", "-text", "-nameopt", "utf8", data=certificates(get_ca_cert(lab))[-1])
        assert words in done[1].decode()


@pytest.mark.parametrize("name, words", [("ca-v1-ra-expired", "Version: 1 (0x0)"), ("ca-1024", "(1024 bit)")])
def test_ca_variants(name, words):
    with Lab(name) as lab:
        assert words in text_of(lab.material.newest.pem)


@pytest.mark.parametrize("name, verifies", [
    ("healthy", True), ("ra-combined", True), ("ra-pss", True), ("ca-renewed", True), ("ca-same-key", True),
    ("ra-oldca", False), ("ra-foreign", False), ("ra-expired", False), ("ra-notyet", False), ("ca-chain", True)])
def test_chain(name, verifies, tmp_path):
    with Lab(name) as lab:
        for number, ra in enumerate(lab.material.ras):
            file = tmp_path / f"{number}.pem"
            file.write_bytes(ra.pem)
            code, _, _ = openssl("verify", "-partial_chain", "-CAfile", lab.scep_ca_file, str(file))
            assert (code == 0) == verifies


@pytest.mark.parametrize("name, good", [
    ("crl-fresh", True), ("crl-expired", True), ("crl-revoked", True), ("crl-only-ca", True), ("crl-delta", True),
    ("crl-forged", False), ("crl-garbage", False), ("crl-huge", True)])
def test_revocation_lists(name, good):
    with Lab(name) as lab:
        data = urllib.request.urlopen(lab.side_url + "/crl/ca.crl").read()
        code, _, err = openssl("crl", "-inform", "DER", "-noout", "-CAfile", lab.scep_ca_file, data=data)
        assert (code == 0 and b"verify OK" in err) == good
        if name == "crl-revoked":
            text = openssl("crl", "-inform", "DER", "-noout", "-text", data=data)[1].decode()
            assert all(f"{ra.serial:X}" in text for ra in lab.material.ras)
        words = {"crl-only-ca": "Only CA Certificates", "crl-delta": "X509v3 Delta CRL Indicator"}.get(name, "")
        assert words in openssl("crl", "-inform", "DER", "-noout", "-text", data=data)[1].decode("latin-1")[:5000]
        assert name != "crl-huge" or len(data) > 10 << 20


# TLS and network

@pytest.mark.parametrize("name, code", [
    ("tls-good", 0), ("tls-1.2", 0), ("tls-intermediate", 0), ("tls-expired", 60), ("tls-notyet", 60),
    ("tls-name", 60), ("tls-untrusted", 60), ("tls-self-signed", 60), ("tls-no-intermediate", 60), ("tls-old", 35),
    ("tls-plain", 35), ("tls-client", 35), ("tls-client-1.3", 56), ("net-refused", 7), ("net-dns", 6)])
def test_network(name, code):
    with Lab(name) as lab:
        assert curl(lab, lab.url)[0] == code


def test_old_tls_works_for_old_clients():
    with Lab("tls-old") as lab:
        assert curl(lab, lab.url, "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0")[1] == 200


def test_client_certificate():
    with Lab("tls-client-given") as lab:
        facts = lab.facts()
        assert curl(lab, lab.url, "--cert", facts["client_cert"], "--key", facts["client_key"])[1] == 200


# The tables and the command line

def test_scenarios_are_complete():
    for row in (*scenarios.ROWS, *hostile.ROWS):
        for plugin in ("check_ndes_http", "check_ndes_racert"):
            assert not row.verdict(plugin, [*row.expected(plugin), ("ndes-note", "OK")])
            assert row.expected(plugin) == () or row.verdict(plugin, [])
            assert row.verdict(plugin, [*row.expected(plugin), ("ndes-nonsense", "WARNING")])


def test_verdict_wants_id_and_state():
    row = SCENARIOS["portal"]
    right = [("ndes-http-html", "CRITICAL"), ("ndes-admin-unknown", "WARNING")]
    assert row.verdict("check_ndes_http", right) == []
    assert row.verdict("check_ndes_http", [right[0], ("ndes-admin-unknown", "CRITICAL")]) == [
        "missing ndes-admin-unknown WARNING", "false alarm ndes-admin-unknown CRITICAL"]
    assert worst(row.http) == "CRITICAL" and worst(()) == "OK" and worst([unknown("x"), warning("y")]) == "WARNING"


def test_a_fault_of_the_lab_fails_the_test(monkeypatch):
    def fail(*_):
        raise KeyError("a fault of the lab")

    monkeypatch.setattr("lab.ndes.Site.answer", fail)
    with pytest.raises(ExceptionGroup, match="the lab failed"):
        with Lab() as lab:
            assert curl(lab, lab.url)[1] == 0
    monkeypatch.setattr("lab.hostile.Peer.run", fail)
    with pytest.raises(ExceptionGroup, match="the lab failed"):
        with HostileLab("garbage") as lab:
            subprocess.run(["curl", "-s", lab.url], capture_output=True, check=False)


def test_arguments_have_no_open_braces():
    for name in ("admin-password", "ra-fingerprint", "tls-client-given"):
        with Lab(name) as lab:
            for plugin in ("check_ndes_http", "check_ndes_racert"):
                assert "{" not in " ".join(lab.arguments(plugin))


def test_combining():
    with Lab(["ra-expiring-45", "ra-subject-pipe", "policy"]) as lab:
        assert lab.settings.sign_days == 45 and lab.settings.bare == "policy"
    with pytest.raises(Conflict):
        Lab(["ra-expired", "ra-expiring-45"])
    with pytest.raises(ValueError):
        Lab("no-such-thing")


@pytest.mark.parametrize("words", [["--scenario", "healthy", "--tls"], ["--scenario", "garbage"]])
@pytest.mark.parametrize("end", ["signal", "stdin"])
def test_command_line(words, end):
    environment = dict(os.environ, PYTHONPATH=str(TESTS))
    with subprocess.Popen([sys.executable, "-m", "lab", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          env=environment) as process:
        facts = json.loads(process.stdout.readline())
        assert facts["url"].startswith("https" if "--tls" in words else "http")
        if end == "signal":
            process.send_signal(signal.SIGTERM)
        else:
            process.stdin.close()
        assert process.wait(60) == 0
    assert not facts["ca_file"] or not os.path.exists(facts["ca_file"])


# Hostile servers: what curl makes of them

@pytest.mark.parametrize("name, code", [
    ("chunk-truncated", 18), ("length-short", 18), ("chunk-size-bad", 56), ("garbage", 1), ("close", 52),
    ("reset", 56), ("endless-headers", 56), ("tls-garbage", 35), ("reason-pipe", 0), ("server-header", 0)])
def test_hostile(name, code):
    with HostileLab(name) as lab:
        done = subprocess.run(["curl", "-s", "-k", "--max-time", "2", "-o", "/dev/null", lab.url], check=False)
        assert done.returncode == code


def test_names_are_unique():
    assert not set(SCENARIOS) & set(hostile.HOSTILES)
    assert len(hostile.ROWS) == len(hostile.HOSTILES)
