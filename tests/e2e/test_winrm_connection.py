# Not reaching WinRM, or not as ourselves: each reason has its finding.
# SPDX-License-Identifier: GPL-3.0-or-later
import contextlib
import socket

import pytest

from lab.lab import UNRESOLVABLE
from lab.winrm.server import WinrmLab
from running import CRITICAL, OK, SLACK, UNKNOWN, WINRM_PLUGINS, run_plugin

EVERY_PLUGIN = pytest.mark.parametrize("plugin", WINRM_PLUGINS)
PASSWORD = ("--user", "LAB\\monitor", "--password-file", "/etc/hostname")


@contextlib.contextmanager
def closed_port():
    """A port that is held and where nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def assert_only(run, name, state):
    assert run.findings() == [(name, state)], run


@EVERY_PLUGIN
def test_name_that_does_not_resolve(plugin):
    """The network comes first: nobody is bothered for a ticket before the server answers."""
    run = run_plugin(plugin, "-H", UNRESOLVABLE, "--output=json")
    assert run.code == CRITICAL
    assert_only(run, "ndes-net-dns", "CRITICAL")


@EVERY_PLUGIN
@pytest.mark.parametrize("words", [(), PASSWORD, ("-S", "--auth=basic", *PASSWORD)], ids=" ".join)
def test_nobody_listens(plugin, words):
    with closed_port() as port:
        run = run_plugin(plugin, "-H", "127.0.0.1", "-p", port, *words, "--output=json")
    assert_only(run, "ndes-winrm-refused", "CRITICAL")


@EVERY_PLUGIN
def test_source_address_that_is_not_ours(plugin):
    run = run_plugin(plugin, "-H", "127.0.0.1", "--source-address", "192.0.2.1", "--output=json")
    assert_only(run, "ndes-winrm-settings", "UNKNOWN")


@EVERY_PLUGIN
@pytest.mark.parametrize("variant", ["expired", "wrong-name", "untrusted", "plain"])
def test_certificates(plugin, variant):
    with WinrmLab(tls=variant) as lab:
        run = run_plugin(plugin, *lab.arguments(), "--output=json")
    assert_only(run, "ndes-winrm-tls", "CRITICAL")


@EVERY_PLUGIN
def test_insecure_shows_no_password(plugin):
    """It would go to a server that has not proved who it is, and that could answer what it likes."""
    with WinrmLab(tls="wrong-name") as lab:
        run = run_plugin(plugin, *lab.arguments(), "--insecure")
        assert run.code == UNKNOWN and "--insecure" in run.out and "[ndes-" not in run.out, run
        assert lab.counters.as_dict()["connections"] == 0


@EVERY_PLUGIN
def test_without_ticket(plugin, tmp_path):
    """A server that offers Negotiate, and nothing to sign in with."""
    with WinrmLab() as lab:
        run = run_plugin(plugin, "-H", "localhost", "-p", lab.port, "-S", "--ca-cert", lab.ca_file, "--output=json",
                         env={"KRB5CCNAME": f"FILE:{tmp_path}/none", "KRB5_CONFIG": "/dev/null"})
    assert run.code == UNKNOWN
    assert_only(run, "ndes-winrm-ticket", "UNKNOWN")


@EVERY_PLUGIN
def test_states_and_timeout_result(plugin):
    with WinrmLab(delay=30) as lab:
        words = (*lab.arguments(), "-t", "1", "--output=json")
        assert_only(run_plugin(plugin, *words, "--timeout-result=unknown"), "ndes-winrm-timeout", "UNKNOWN")
        assert_only(run_plugin(plugin, *words, "--state=ndes-winrm-timeout=warning"), "ndes-winrm-timeout", "WARNING")


@EVERY_PLUGIN
def test_password_from_an_ini_section(plugin, tmp_path):
    ini = tmp_path / "plugins.ini"
    with WinrmLab() as lab:
        ini.write_text(f"[ndes]\nhostname = localhost\nport = {lab.port}\nssl\nca-cert = {lab.ca_file}\nauth = basic\n"
                       f"user = {lab.user}\npassword = {lab.password}\n", encoding="ascii")
        run = run_plugin(plugin, f"--extra-opts=ndes@{ini}", "-vvv")
    assert run.code == OK, run
    assert lab.password not in run.out


@EVERY_PLUGIN
def test_each_level_of_verbosity_shows_more(plugin):
    with WinrmLab() as lab:
        outputs = [run_plugin(plugin, *lab.arguments(), *words).out for words in ([], ["-v"], ["-vv"], ["-vvv"])]
    counts = [len(output.splitlines()) for output in outputs]
    assert counts[0] == 1 and counts == sorted(set(counts)), outputs
    assert "the server is Microsoft Corporation, OS: " in outputs[-1], outputs[-1]


@EVERY_PLUGIN
def test_kerberos_server_that_is_silent(plugin, tmp_path):
    """Kerberos knows no deadline of ours: the run ends all the same, and the line says what hangs."""
    config = tmp_path / "krb5.conf"
    with WinrmLab() as lab, socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        config.write_text(f"[libdefaults]\ndns_lookup_kdc = false\nudp_preference_limit = 1\n[realms]\nX.TEST = {{\n"
                          f" kdc = 127.0.0.1:{silent.getsockname()[1]}\n}}\n", encoding="ascii")
        run = run_plugin(plugin, "-H", "localhost", "-p", lab.port, "-S", "--ca-cert", lab.ca_file, "-t", "1", "--user",
                         "monitor@X.TEST", "--password-file", lab.password_file, env={"KRB5_CONFIG": str(config)})
    assert run.code == CRITICAL
    assert "not finished within" in run.out and "Kerberos server (KDC)" in run.out, run
    assert run.seconds < 1 + SLACK, run
