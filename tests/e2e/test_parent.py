# What a parent may do to a check: blocked signals, a full pipe, limits, a terminal. It ends in time, with an exit code 0 to 3.
# SPDX-License-Identifier: GPL-3.0-or-later
import fcntl
import os
import pty
import resource
import signal
import socket
import subprocess
import termios
import time

import pytest

from lab import Lab
from lab.ldap.healthy import QUESTIONS
from lab.ldap.server import LdapLab
from lab.winrm.healthy import healthy
from lab.winrm.server import WinrmLab
from running import (CHECKS, DIRECTORY_PLUGINS, EVERY, OK, PLUGINS, SERVICES, SLACK, UNKNOWN, WINRM_PLUGINS, environment,
                     plugin_path)

HTTP, RACERT = "check_ndes_http", "check_ndes_racert"


def start(plugin, *words, **more):
    return subprocess.Popen([plugin_path(plugin), *map(str, words)], env=environment({}), **more)


@pytest.mark.parametrize("plugin", DIRECTORY_PLUGINS + WINRM_PLUGINS)
def test_blocked_alarm(plugin, tmp_path):
    """The watchdog's signal, blocked as by a parent that uses sigwait(): a KDC that is stopped knows no deadline of ours."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as kdc, socket.create_server(("127.0.0.1", 0)) as listener:
        kdc.bind(("127.0.0.1", 0))
        (tmp_path / "krb5.conf").write_text(
            "[libdefaults]\ndefault_realm = LAB.TEST\ndns_lookup_kdc = false\nudp_preference_limit = 4000\n"
            f"[realms]\nLAB.TEST = {{\n kdc = 127.0.0.1:{kdc.getsockname()[1]}\n}}\n")
        (tmp_path / "password").write_text("Passw0rd\n")
        words = ("-H", "127.0.0.1", "-p", listener.getsockname()[1], "--user=u@LAB.TEST", "--password-file",
                 tmp_path / "password", "-t", "2", *QUESTIONS.get(plugin, ()))
        started = time.monotonic()
        with subprocess.Popen([plugin_path(plugin), *map(str, words)], stdout=subprocess.PIPE, text=True,
                              env=environment({"KRB5_CONFIG": str(tmp_path / "krb5.conf")}),
                              preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))) as process:
            out, _ = process.communicate(timeout=60)
    assert out.startswith(SERVICES[plugin]) and process.returncode in range(4), out
    assert 1.9 < time.monotonic() - started < 2 + 1 + SLACK


@pytest.mark.parametrize("plugin", PLUGINS)
def test_full_pipe(plugin):
    """Nobody reads what it says: it does not wait longer than --timeout."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETFL, os.O_NONBLOCK)
    with pytest.raises(BlockingIOError):
        while True:
            os.write(writer, b"x" * 4096)
    fcntl.fcntl(writer, fcntl.F_SETFL, 0)
    with Lab(["healthy"]) as lab, start(plugin, *lab.arguments(plugin), "-t", "1", stdout=writer) as process:
        started = time.monotonic()
        assert process.wait(timeout=60) == UNKNOWN
        assert time.monotonic() - started < 1 + 1 + SLACK
    os.close(reader)
    os.close(writer)


def limited(which, most):
    return lambda: resource.setrlimit(which, (most, most))


@pytest.mark.parametrize("plugin", PLUGINS)
def test_no_room_for_files(plugin, tmp_path):
    """`ulimit -f 0`: neither a state file nor the report can be written; SIGXFSZ does not kill."""
    with Lab(["admin-password"] if plugin == HTTP else ["healthy"]) as lab:
        run = subprocess.run([plugin_path(plugin), *lab.arguments(plugin)], stdout=subprocess.PIPE, text=True, check=False,
                             env=environment({}), preexec_fn=limited(resource.RLIMIT_FSIZE, 0))
        assert run.returncode == (UNKNOWN if plugin == HTTP else OK), run
        assert ("[ndes-admin-state]" in run.stdout) == (plugin == HTTP), run
        assert lab.counters.as_dict()["minted"] == 0
        with open(tmp_path / "report", "w", encoding="ascii") as report:
            code = subprocess.run([plugin_path(plugin), *lab.arguments(plugin)], stdout=report, check=False,
                                  env=environment({}), preexec_fn=limited(resource.RLIMIT_FSIZE, 0)).returncode
        assert code == UNKNOWN


def lab_of(plugin):
    return {"scep": lambda: Lab(["healthy"], tls=True), "ldap": LdapLab, "winrm": lambda: WinrmLab(healthy())}[CHECKS[plugin]]()


def words_of(plugin, lab):
    return [*(lab.arguments(plugin) if CHECKS[plugin] == "scep" else lab.arguments()), *QUESTIONS.get(plugin, ())]


@pytest.mark.parametrize("plugin", EVERY)
@pytest.mark.parametrize("most", (4, 5, 6, 8, 12, 20))
def test_few_descriptors(plugin, most):
    """`ulimit -n 5`: what is short here says nothing about the server. With less than 4 no program is loaded."""
    with lab_of(plugin) as lab:
        run = subprocess.run([plugin_path(plugin), *words_of(plugin, lab)], stdout=subprocess.PIPE, text=True, check=False,
                             env=environment({}), preexec_fn=limited(resource.RLIMIT_NOFILE, most))
    assert run.returncode == UNKNOWN
    assert run.stdout.startswith(f"{SERVICES[plugin]} UNKNOWN - fewer than 32 files may be open (ulimit -n)"), run.stdout


def test_soft_limit_of_descriptors_is_raised():
    with Lab(["healthy"], tls=True) as lab:
        run = subprocess.run([plugin_path(HTTP), *lab.arguments(HTTP)], stdout=subprocess.PIPE, text=True, check=False,
                             env=environment({}), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (5, 64)))
    assert run.returncode == OK, run


@pytest.mark.parametrize("plugin", EVERY)
def test_no_question_on_the_terminal(plugin, tmp_path):
    """A private key with a pass phrase that nobody gave: UNKNOWN at once, and the terminal stays empty."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-keyout", key, "-out", certificate, "-subj", "/CN=client",
                    "-passout", "pass:phrase-right"], check=True, capture_output=True)
    master, slave = pty.openpty()

    def take_terminal():
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

    words = ["-H", "127.0.0.1", "-S", "-J", certificate, "-K", key, "-t", "20", *QUESTIONS.get(plugin, ())]
    started = time.monotonic()
    with Lab(["healthy"], tls=True) as lab:
        run = subprocess.run([plugin_path(plugin), *map(str, words), "-p", str(lab.port)], stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=60,
                             env=environment({}), preexec_fn=take_terminal)
    assert time.monotonic() - started < 20
    os.set_blocking(master, False)
    with pytest.raises(OSError):
        assert os.read(master, 1000) == b""
    os.close(master)
    os.close(slave)
    assert run.returncode == UNKNOWN and run.stdout.startswith(f"{SERVICES[plugin]} UNKNOWN - "), run
