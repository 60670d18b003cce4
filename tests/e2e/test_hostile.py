# Servers that misbehave: a right finding within the deadline, bounded memory, clean output.
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from lab import Lab
from lab.hostile import HEADERS, HOSTILES, HostileLab
from lab.scenario import worst
from proxy import Proxy
from running import NAMES, OK, PLUGINS, SLACK, VALGRIND, deadline_of, run_plugin

HEADER_CASES = [(row, plugin) for row in HEADERS for plugin in PLUGINS if plugin == "check_ndes_http" or row.racert]
# Header lines of a proxy that says yes to CONNECT: nobody reads them.
TUNNELS = {"blank": " X-More: yes", "tab": "\tX-More: yes", "empty": " ", "folded": "X-More: yes\r\n and more",
           "no-colon": "X-More"}


@pytest.mark.parametrize("plugin", PLUGINS)
@pytest.mark.parametrize("name", list(HOSTILES))
def test_hostile(name, plugin, record_property):
    with HostileLab(name) as lab:
        words = list(lab.arguments(plugin))
        run = run_plugin(plugin, *words, "--output=json")
    found = run.findings()
    record_property("matrix", (1000 + list(HOSTILES).index(name), name, plugin,
                               ", ".join(" ".join(pair) for pair in found) or "OK"))
    assert_expected(lab.row, plugin, run)
    assert VALGRIND or run.seconds < deadline_of(words) + SLACK, run


def assert_expected(row, plugin, run):
    assert not row.verdict(plugin, run.findings()), f"{row.about}\n{run}"
    assert NAMES[run.code] == worst(row.expected(plugin)), run


@pytest.mark.parametrize("row, plugin", HEADER_CASES, ids=lambda value: getattr(value, "name", value))
@pytest.mark.parametrize("way", ["tls", "tunnel", "proxy"])
def test_header_lines(row, plugin, way):
    """Over TLS, through a proxy that tunnels it, and as the answer of a proxy that asks the server itself."""
    with HostileLab(row.name, tls=way != "proxy") as lab, Proxy() as proxy:
        words = lab.arguments(plugin)
        if way == "tunnel":
            words += ["-x", proxy.url]
        if way == "proxy":
            words += ["-u", "http://ndes.example.test" + lab.path, "-x", f"http://127.0.0.1:{lab.port}"]
        assert_expected(row, plugin, run_plugin(plugin, *words, "--output=json"))
        assert bool(proxy.asked) == (way == "tunnel")


@pytest.mark.parametrize("name", TUNNELS)
def test_header_lines_of_a_tunnel(name):
    """A sign-in makes a second connection, and so a second tunnel."""
    with Proxy(established="HTTP/1.1 200 OK\r\n" + TUNNELS[name]) as proxy, HostileLab("folded-type2", tls=True) as lab:
        run = run_plugin("check_ndes_http", *lab.arguments("check_ndes_http"), "-x", proxy.url)
    assert run.code == OK and len(proxy.asked) == 2, f"{proxy.asked}\n{run}"


@pytest.mark.parametrize("plugin", PLUGINS)
@pytest.mark.parametrize("name", TUNNELS)
def test_header_lines_of_a_refused_tunnel(plugin, name):
    with Proxy("403 Forbidden\r\n" + TUNNELS[name]) as proxy, Lab(["healthy"], tls=True) as lab:
        run = run_plugin(plugin, *lab.arguments(plugin), "-x", proxy.url, "--output=json")
    assert run.findings() == [("ndes-net-proxy", "CRITICAL")], run


@pytest.mark.parametrize("name", ["reason-pipe", "reason-control", "server-header", "odd-status", "caps-strange"])
def test_foreign_text_is_no_perfdata(name):
    """What a server says must not become perfdata or break the lines."""
    with HostileLab(name) as lab:
        run = run_plugin("check_ndes_http", *lab.arguments("check_ndes_http"), "-vvv")
    assert run.first_line.startswith(f"NDES HTTP {NAMES[run.code]} - "), run
    assert run.out.count("|") == 1, run
    assert all(" " <= character or character == "\n" for character in run.out), run
