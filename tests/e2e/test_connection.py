# How the checks connect: once, to the address asked for, verified, by no proxy that nobody asked for.
# SPDX-License-Identifier: GPL-3.0-or-later
import socket
import subprocess
import threading

import pytest

from lab import Lab, faults
from proxy import Proxy
from running import CRITICAL, OK, PLUGINS, UNKNOWN, run_plugin


def test_one_connection_one_handshake():
    with Lab(["healthy"], tls=True) as lab:
        run = run_plugin("check_ndes_http", *lab.arguments("check_ndes_http"))
        counters = lab.counters.as_dict()
    assert run.code == OK, run
    assert counters["connections"] == 1 and counters["handshakes"] == 1, counters
    assert sum(counters["requests"].values()) == 4, counters
    assert counters["minted"] == 0, counters


def test_default_run_never_mints():
    """Whatever mode but challenge: not one password is taken from the cache."""
    with Lab(["healthy"]) as lab:
        for mode in ("auto", "required", "forbidden", "off"):
            run_plugin("check_ndes_http", *lab.arguments("check_ndes_http"), f"--admin={mode}")
        assert lab.counters.as_dict()["minted"] == 0


@pytest.mark.parametrize("plugin", PLUGINS)
def test_connect_address_keeps_host_and_sni(plugin):
    with Lab(["healthy"], tls=True) as lab:
        run = run_plugin(plugin, "-H", f"ndes.example.test:{lab.port}", "-S", "-I", "127.0.0.1", "--ca-cert",
                         lab.ca_file)
        assert run.code == OK, run
        run = run_plugin(plugin, "-H", f"other.example.test:{lab.port}", "-S", "-I", "127.0.0.1", "--ca-cert",
                         lab.ca_file)
        assert run.code == CRITICAL and "[ndes-tls-name]" in run.first_line, run


def test_ports_and_paths():
    with Lab(["healthy"]) as lab:
        for words in (["-H", f"127.0.0.1:{lab.port}"], ["-H", "127.0.0.1", "-p", lab.port],
                      ["-H", "127.0.0.1", "-p", lab.port, "-u", "/certsrv/mscep/mscep.dll/pkiclient.exe"],
                      ["-H", "127.0.0.1", "-p", lab.port, "-4", "--source-address", "127.0.0.1"]):
            run = run_plugin("check_ndes_http", *words)
            assert run.code == OK, f"{words} {run}"


@pytest.mark.parametrize("plugin", PLUGINS)
def test_verified_by_default_and_not_with_insecure(plugin):
    with Lab(["healthy"], tls=True) as lab:
        run = run_plugin(plugin, "-u", lab.url)
        assert run.code == CRITICAL and "[ndes-tls-chain]" in run.first_line, run
        assert run_plugin(plugin, "-u", lab.url, "--insecure").code == OK


@pytest.mark.parametrize("passphrase, code", [("right", OK), ("wrong", UNKNOWN)])
def test_key_with_a_pass_phrase(tmp_path, passphrase, code):
    """The right one opens the key; a wrong one is named, nothing is asked, and neither of the two is printed."""
    with Lab(["tls-client-given"]) as lab:
        words = lab.arguments("check_ndes_racert")
        (given,) = [word for word in words if word.startswith("--private-key=")]
        key, phrase = tmp_path / "client.key", tmp_path / "phrase"
        subprocess.run(["openssl", "pkey", "-in", given.partition("=")[2], "-aes256", "-passout", "pass:phrase-right",
                        "-out", key], check=True)
        phrase.write_text(f"phrase-{passphrase}\n")
        words[words.index(given)] = f"--private-key={key}"
        run = run_plugin("check_ndes_racert", *words, f"--passphrase-file={phrase}", "-vvv")
    assert run.code == code and "phrase-" not in run.out, run
    assert code == OK or "[ndes-http-settings]" in run.first_line and not lab.counters.requests, run


def test_insecure_still_judges_the_days():
    with Lab(["tls-expired"]) as lab:
        run = run_plugin("check_ndes_http", *lab.arguments("check_ndes_http"), "--insecure")
    assert run.code == CRITICAL and "[ndes-tls-expired]" in run.first_line and "tls_days=-" in run.first_line, run


def test_expired_certificate_still_gives_its_days():
    with Lab(["tls-expired"]) as lab:
        run = run_plugin("check_ndes_http", *lab.arguments("check_ndes_http"))
    assert run.code == CRITICAL and "tls_days=-" in run.first_line, run


def test_environment_proxy_is_not_used():
    dead = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "ALL_PROXY": "http://127.0.0.1:9"}
    with Lab(["healthy"], tls=True) as lab:
        assert run_plugin("check_ndes_http", *lab.arguments("check_ndes_http"), env=dead).code == OK


def test_proxy_when_asked():
    with Proxy() as proxy, Lab(["healthy"], tls=True) as lab:
        run = run_plugin("check_ndes_http", *lab.arguments("check_ndes_http"), "-x", proxy.url)
    assert run.code == OK, run
    assert len(proxy.asked) == 1 and proxy.asked[0].startswith("CONNECT "), proxy.asked


def first_request(family, address, *words):
    """What arrives at a socket on `address` when check_ndes_racert is sent there."""
    seen = []
    listener = socket.create_server((address, 0), family=family)

    def serve():
        client, _ = listener.accept()
        with client:
            seen.append(client.recv(65536).decode())

    thread = threading.Thread(target=serve)
    thread.start()
    port = listener.getsockname()[1]
    run = run_plugin("check_ndes_racert", "-p", port, "-t", "5", *words)
    thread.join(10)
    listener.close()
    assert run.code == CRITICAL and "[ndes-http-broken]" in run.first_line, run
    return seen[0], port


@pytest.mark.parametrize("target, shown", [
    ("https://u:Passw0rd@elsewhere.test/x", "https://(not shown)@elsewhere.test/x"),
    ("//u:Passw0rd@elsewhere.test/x", "(not shown)@elsewhere.test/x"),
    ("https://u:" + "Passw0rd" * 100 + "@elsewhere.test/x", "https://(not shown)@elsewhere.test/x")])
def test_password_in_a_redirect_is_not_shown(monkeypatch, target, shown):
    monkeypatch.setitem(faults.FAULTS, "login", faults.Fault("site", lambda: faults.html(302, "Found", "", [("Location", target)])))
    with Lab(["login-redirect"]) as lab:
        for plugin in PLUGINS:
            run = run_plugin(plugin, *lab.arguments(plugin), "-vvv")
            assert f", to {shown}" in run.out and "Passw0rd" not in run.out, run


def test_own_user_agent_and_headers():
    request, _ = first_request(socket.AF_INET, "127.0.0.1", "-H", "127.0.0.1", "-k", "X-Probe: one")
    assert "User-Agent: ndes-monitoring-plugins/" in request and "X-Probe: one" in request, request
    request, _ = first_request(socket.AF_INET, "127.0.0.1", "-H", "127.0.0.1", "-A", "probe/1")
    assert "User-Agent: probe/1" in request, request


@pytest.mark.parametrize("words", [["-H", "::1"], ["-H", "[::1]"], ["-H", "::1", "-6"],
                                   ["-H", "ndes.example.test", "-I", "::1"]])
def test_ipv6(words):
    request, port = first_request(socket.AF_INET6, "::1", *words)
    host = "ndes.example.test" if "-I" in words else "[::1]"
    assert f"Host: {host}:{port}\r\n" in request, request
    assert request.startswith("GET /certsrv/mscep/mscep.dll?operation=GetCACert&message=ca HTTP/1.1"), request
