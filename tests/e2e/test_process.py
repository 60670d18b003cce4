# The check as a process and on its way to the server: streams, deadlines, proxies, and which phase it names.
# SPDX-License-Identifier: GPL-3.0-or-later
import contextlib
import dataclasses
import os
import signal
import socket
import subprocess
import time

import pytest

from lab import Lab, admin
from lab.hostile import HostileLab
from lab.ldap.healthy import QUESTIONS
from lab.ldap.hostile import HostileLdap
from lab.ldap.server import LdapLab
from proxy import Proxy
from running import (CRITICAL, DIRECTORY_PLUGINS, EVERY, PLUGINS, SERVICES, SLACK, UNKNOWN, environment, plugin_path,
                     run_plugin)

HTTP = "check_ndes_http"


def shell(line, *words):
    """Runs a shell line whose "$@" is the command; returns its standard output and exit code."""
    run = subprocess.run(["bash", "-c", f"set -o pipefail; {line}", "bash", *map(str, words)], capture_output=True,
                         text=True, timeout=60, env=environment({}))
    return run.stdout, run.returncode


@contextlib.contextmanager
def healthy(plugin, tls=True):
    """A server where all is well: the words that find it, and how often it was asked."""
    if plugin in DIRECTORY_PLUGINS:
        with LdapLab(tls="good" if tls else None) as lab:
            yield [*lab.arguments(), *QUESTIONS[plugin]], lambda: lab.counters()["search"]
    else:
        with Lab(["healthy"], tls=tls) as lab:
            yield lab.arguments(plugin), lambda: lab.counters.as_dict()["requests"]


@pytest.mark.parametrize("plugin", PLUGINS + DIRECTORY_PLUGINS)
@pytest.mark.parametrize("line", ['"$@" >&-', '"$@" <&- >&- 2>&-', '"$@" >/dev/full'])
def test_a_report_that_cannot_be_written_is_unknown(plugin, line):
    with healthy(plugin) as (words, asked):
        assert shell(line, plugin_path(plugin), *words) == ("", UNKNOWN)
        assert shell(line, plugin_path(plugin), *words, "--output=json") == ("", UNKNOWN)
        assert shell(line, plugin_path(plugin), "--describe") == ("", UNKNOWN)
        assert asked(), "it did look"


@pytest.mark.parametrize("plugin", PLUGINS + DIRECTORY_PLUGINS)
def test_closed_pipe_does_not_kill(plugin):
    with healthy(plugin, tls=False) as (words, _):
        _, code = shell('"$@" | true', plugin_path(plugin), *words)
    assert code in (0, UNKNOWN), "128 and more is a signal"


@pytest.mark.parametrize("plugin", EVERY)
@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS])
def test_a_crash_is_unknown_and_says_so(plugin, number):
    """While it waits for a server; tests/unit/test_last_resort.c has all the ways to crash."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)
        words = ("-H", "127.0.0.1", "-p", listener.getsockname()[1], *QUESTIONS.get(plugin, ()))
        with subprocess.Popen([plugin_path(plugin), *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True) as process:
            connection, _ = listener.accept()
            process.send_signal(number)
            out, err = process.communicate(timeout=60)
            connection.close()
    version = shell('"$@" --version', plugin_path(plugin))[0].split()[1]
    assert process.returncode == UNKNOWN
    assert out == (f"{SERVICES[plugin]} UNKNOWN - the check itself crashed, so nothing is known about the server: run it by "
                   f"hand with -vvv, and please report its output and version ({version})\n")
    assert err == ""


@pytest.mark.parametrize("plugin", (HTTP, *DIRECTORY_PLUGINS))
def test_options_that_never_come_end_in_time(plugin, tmp_path):
    """A password file that is a pipe nobody writes to: no --timeout is known yet."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = os.open(pipe, os.O_RDWR)
    started = time.monotonic()
    run = run_plugin(plugin, "-H", "127.0.0.1", "--password-file", pipe)
    os.close(writer)
    assert run.code == UNKNOWN and run.out == f"{SERVICES[plugin]} UNKNOWN - the options could not be read within 10 s\n", run
    assert 10 < time.monotonic() - started < 10 + SLACK


def test_the_guard_of_the_options_ends_with_them():
    """--timeout counts from where the options are read, and may be longer than the guard."""
    with HostileLab("silent") as lab:
        run = run_plugin(HTTP, "-u", lab.url, "--admin=off", "-t", "12")
    assert run.code == CRITICAL and "[ndes-http-timeout]" in run.first_line and run.seconds > 11.5, run


@pytest.mark.parametrize("plugin", DIRECTORY_PLUGINS)
@pytest.mark.parametrize("fault", ["silent", "root-hangs", "bind-hangs", "search-hangs", "search-half"])
def test_silence_of_a_directory_ends_in_time(plugin, fault):
    """--timeout is for all of it, wherever it hangs, and --timeout-result says what that is."""
    with HostileLdap(fault) as lab:
        run = run_plugin(plugin, *lab.arguments(), *QUESTIONS[plugin], "-t", "1", "--timeout-result=unknown")
    assert run.code == UNKNOWN and "[ndes-ldap-timeout]" in run.first_line and 0.9 < run.seconds < 1 + SLACK, run


@pytest.mark.parametrize("plugin", PLUGINS)
@pytest.mark.parametrize("refusal", ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway"])
def test_proxy_that_refuses(plugin, refusal):
    with Proxy(refusal) as proxy, Lab(["healthy"], tls=True) as lab:
        run = run_plugin(plugin, *lab.arguments(plugin), "-x", proxy.url)
    assert run.code == CRITICAL and "[ndes-net-proxy]" in run.first_line, run
    assert f"the proxy answered HTTP {refusal[:3]} to CONNECT" in run.out, run


def test_a_cut_page_is_not_asked_again_through_a_proxy(monkeypatch):
    """The answer to CONNECT is no answer of NDES: it must not make room for a second fetch."""
    fetches = []

    def cut(*_):
        fetches.append(1)
        raise ConnectionAbortedError("cut after NDES made the page")

    with Proxy() as proxy, Lab(["admin-password"], tls=True) as lab:
        monkeypatch.setitem(admin.PAGES, lab.settings.admin, cut)
        run = run_plugin(HTTP, *lab.arguments(HTTP), "-x", proxy.url)
    assert len(fetches) == 1, fetches
    assert run.code == CRITICAL and "[ndes-http-broken]" in run.first_line, run
    assert "not retried, as that could use up a second password" in run.out, run


@pytest.mark.parametrize("name, kinds, phase", [
    ("tls-stall", (), "in the TLS handshake"),
    ("silent", (), "after the request was sent"),
    ("silent-reply", ("caps",), "after the request was sent"),
    ("drip-body", ("caps",), "in the middle of the answer"),
])
def test_timeout_names_the_phase(name, kinds, phase):
    """`kinds` are the requests to be silent at: with caps it is the second one, on a kept connection."""
    with HostileLab(name) as lab:
        lab.row = dataclasses.replace(lab.row, on=kinds)
        run = run_plugin(HTTP, "-u", lab.url, "--admin=off", "-t", "2")
    assert run.code == CRITICAL and "[ndes-http-timeout]" in run.first_line, run
    assert f"127.0.0.1 stopped answering {phase}" in run.out, run
