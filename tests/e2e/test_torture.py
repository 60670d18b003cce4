# Memory that cannot be had: one allocation after the other fails, and no state may be better than the truth for it.
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sample of so many allocations of each run; NDES_TORTURE_SAMPLE=100000 tries every one, which takes an hour."""
import os
import subprocess

import pytest

from lab import Lab
from lab.ldap import healthy as directory
from lab.ldap.healthy import QUESTIONS
from lab.ldap.server import LdapLab
from lab.winrm.healthy import healthy
from lab.winrm.server import WinrmLab
from running import CHECKS, CRITICAL, OK, SERVICES, TOP, UNKNOWN, environment, plugin_path

SAMPLE = int(os.environ.get("NDES_TORTURE_SAMPLE", "40"))
# {check: scenarios of the lab}: each another state, or another library that may run out.
SCEP = {"check_ndes_http": ("healthy", "admin-full", "http-503"), "check_ndes_racert": ("healthy", "crl-revoked", "ra-expired")}


@pytest.fixture(scope="module")
def preload(tmp_path_factory):
    library = tmp_path_factory.mktemp("torture") / "fail.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-o", library, TOP / "tests" / "torture" / "fail.c"], check=True)
    return library


def positions(count):
    return range(1, count + 1, max(1, count // SAMPLE))


def torture(plugin, words, preload, tmp_path, record_property):
    """Without a failure the truth; then one failure after the other, and for some all from there on."""
    count = tmp_path / "count"

    def run(**more):
        return subprocess.run([plugin_path(plugin), *map(str, words)], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              timeout=120, check=False, env=environment({"LD_PRELOAD": str(preload), **more}))
    truth = run(TORTURE_COUNT=str(count)).returncode
    crashes = 0
    for at in positions(int(count.read_text())):
        for more in ({}, {"TORTURE_MANY": "1"})[:1 + (at % 3 == 0)]:
            failed = run(TORTURE_AT=str(at), **more)
            said = f"allocation {at} {more}: exit {failed.returncode}\n{failed.stdout}{failed.stderr}"
            assert failed.returncode in (truth, UNKNOWN, *([CRITICAL] if truth == OK else [])), said
            crashed = "the check itself crashed" in failed.stdout
            assert failed.stdout.removeprefix("no olist").startswith(SERVICES[plugin]), said  # that is Cyrus SASL's
            assert failed.stderr == "" or crashed and failed.stderr.startswith("GNU MP: "), said
            crashes += crashed
    # OpenSSL does not survive each failure while it starts.
    assert plugin in QUESTIONS or crashes <= max(2, len(positions(int(count.read_text()))) // 20), f"{crashes} crashes"
    record_property("oracle", f"torture: {plugin} {words[-1]}: {len(positions(int(count.read_text())))} allocations, {crashes} "
                              "crashes in libraries")


@pytest.mark.parametrize("plugin, name", [(plugin, name) for plugin, names in SCEP.items() for name in names])
def test_scep(preload, tmp_path, record_property, plugin, name):
    with Lab([name], tls=name == "healthy") as lab:
        torture(plugin, lab.arguments(plugin), preload, tmp_path, record_property)


@pytest.mark.parametrize("plugin", [name for name, kind in CHECKS.items() if kind == "winrm"])
def test_winrm(preload, tmp_path, record_property, plugin):
    host = healthy()
    with WinrmLab(host) as lab:
        torture(plugin, lab.arguments(), preload, tmp_path, record_property)


@pytest.mark.parametrize("plugin", QUESTIONS)
def test_directory(preload, tmp_path, record_property, plugin):
    """Most of these allocations are GnuTLS's, which knows no allocator of ours, and does not survive each failure."""
    with LdapLab(directory.healthy()) as lab:
        torture(plugin, [*lab.arguments(), *QUESTIONS[plugin]], preload, tmp_path, record_property)
